"""Compliance: rule sets as data, facilities' duties, standing with reasons."""

from django.apps import AppConfig


class ComplianceConfig(AppConfig):
    name = "lms.compliance"
    label = "compliance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lms.compliance import checks, free_texts, holdings  # noqa: F401, PLC0415 - needs the models
        from lms.compliance.packets import services as packets  # noqa: PLC0415
        from lms.compliance.retention import removal  # noqa: PLC0415
        from lms.core import outbox  # noqa: PLC0415

        holdings.register_holdings()
        free_texts.announce()
        removal.register_hanging()
        outbox.register_handler(packets.KIND, packets.work_on_packet)
