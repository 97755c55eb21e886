"""The learning-management system; importing it wires Celery, so that tasks find their app."""

from lms.celery import app as celery_app

__all__ = ["celery_app"]
