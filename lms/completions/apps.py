"""Completions: the append-only ledger."""

from django.apps import AppConfig


class CompletionsConfig(AppConfig):
    name = "lms.completions"
    label = "completions"
    default_auto_field = "django.db.models.BigAutoField"
