"""Notices: reminders, digests, preferences."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lms.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"
