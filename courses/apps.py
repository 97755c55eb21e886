"""Courses: self-paced courses, lessons, assessments, enrolments, attempts, the player."""

from django.apps import AppConfig


class CoursesConfig(AppConfig):
    name = "courses"
    label = "courses"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from courses import (  # noqa: PLC0415 - they need the models
            assignment_personal_data,
            free_texts,
            plan_personal_data,
            receivers,
            replay,
        )
        from courses.personal_data import register_holdings  # noqa: PLC0415

        register_holdings()
        free_texts.announce()
        assignment_personal_data.register_holdings()
        plan_personal_data.register_holdings()
        receivers.connect()
        replay.announce()
