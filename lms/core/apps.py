"""Core: audit, outbox and delivery, locking, time, files, tables, checks."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "lms.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lms.core import checks, mail, outbox  # noqa: F401, PLC0415 - models are not there before

        outbox.register_handler(mail.KIND, mail.deliver_mail)
