"""Completions: the append-only ledger."""

from django.apps import AppConfig


class CompletionsConfig(AppConfig):
    name = "lms.completions"
    label = "completions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lms.completions import free_texts  # noqa: PLC0415 - needs models
        from lms.completions.personal_data import register_holdings  # noqa: PLC0415 - needs models

        register_holdings()
        free_texts.announce()
