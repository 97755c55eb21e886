"""Certificates: documents, public verification."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "lms.certificates"
    label = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lms.certificates import (  # noqa: PLC0415 - needs models
            free_texts,
            personal_data,
            receivers,
            removal,
            renaming,
        )
        from lms.core import outbox  # noqa: PLC0415
        from lms.core.personal_data import register  # noqa: PLC0415

        receivers.connect()
        free_texts.announce()
        removal.register_hanging()
        outbox.register_handler(renaming.KIND, renaming.issue_again)
        register(personal_data.HOLDING)
        register(personal_data.BATCHES)
