"""Trainings: lasting identity, frozen versions, topics, credits, owning office."""

from django.apps import AppConfig


class TrainingsConfig(AppConfig):
    name = "lms.trainings"
    label = "trainings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lms.trainings import checks, free_texts  # noqa: F401, PLC0415 - announces itself
        from lms.trainings.editors_policy import install  # noqa: PLC0415 - needs models
        from lms.trainings.personal_data import register_holdings  # noqa: PLC0415 - needs models

        register_holdings()
        free_texts.announce()
        install()
