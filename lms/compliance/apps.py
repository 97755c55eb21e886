"""Compliance: rule sets as data, facilities' duties, standing with reasons."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "lms.compliance"
    label = "compliance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lms.compliance import checks, holdings  # noqa: F401, PLC0415 - needs the models

        holdings.register_holdings()
