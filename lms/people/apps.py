"""People: persons, organizations, employments, roles, sign-in."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lms.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from lms.core import outbox  # noqa: PLC0415
        from lms.people import (  # noqa: PLC0415 - models are not there before
            checks,  # noqa: F401
            free_texts,
            personal_data,
            receivers,  # noqa: F401
        )
        from lms.people.roster import services as rosters  # noqa: PLC0415

        personal_data.register_holdings()
        free_texts.announce()
        outbox.register_handler(rosters.KIND, rosters.work_on_roster)
