"""Core's tasks: each takes ids, calls one service, and may run twice."""

from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from lms.core import outbox, personal_data


@shared_task(name="core.deliver_message")
def deliver_message(key: str) -> None:
    """Deliver one outbox message."""
    outbox.deliver(key)


@shared_task(name="core.sweep_outbox")
def sweep_outbox() -> None:
    """Deliver what is due; makes a killed worker or a dead broker harmless."""
    outbox.sweep()


@shared_task(name="core.forget_by_age")
def forget_by_age() -> None:
    """Remove what is older than its room keeps it, and the sessions of browsers that have ended."""
    personal_data.forget_by_age(timezone.now())
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
