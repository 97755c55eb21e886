"""Certificates: documents, public verification."""

from django.apps import AppConfig


class CertificatesConfig(AppConfig):
    name = "lms.certificates"
    label = "certificates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lms.certificates import personal_data, receivers, removal  # noqa: PLC0415 - needs models
        from lms.core.personal_data import register  # noqa: PLC0415

        receivers.connect()
        removal.register_hanging()
        register(personal_data.HOLDING)
