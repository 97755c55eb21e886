"""Notices: reminders, digests, preferences."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "lms.notices"
    label = "notices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lms.notices import personal_data  # noqa: PLC0415 - needs models

        personal_data.announce()
