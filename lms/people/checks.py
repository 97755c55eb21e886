"""What `manage.py check` asks about sign-in."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import DatabaseError

BACKEND = "lms.people.auth_backends.PersonBackend"


@register(Tags.security, deploy=True)
def staff_sign_in_is_guarded(
    app_configs: Sequence[AppConfig] | None, **_kwargs: Any
) -> list[CheckMessage]:
    """Outside the trial: our backend alone, which refuses the demo password; a second factor."""
    if settings.TRIAL:
        return [Error("The trial's settings are not for the public.", id="people.E001")]
    found: list[CheckMessage] = []
    if settings.AUTHENTICATION_BACKENDS != [BACKEND]:
        found.append(
            Error(
                "Another backend than PersonBackend may let the demo password in.", id="people.E002"
            )
        )
    if not settings.LMS_STAFF_SECOND_FACTOR:
        found.append(Caution("Staff sign in without a second factor.", id="people.W001"))
    if not settings.LMS_PIN_PEPPER:
        found.append(
            Caution(
                "PIN_PEPPER is not set: PINs of shared devices hang on SECRET_KEY, and stop "
                "working when it changes.",
                id="people.W002",
            )
        )
    return found


@register(Tags.database)
def no_demo_people_in_production(
    app_configs: Sequence[AppConfig] | None,
    databases: Sequence[str] | None = None,
    **_kwargs: Any,
) -> list[CheckMessage]:
    """Outside the trial nobody's password is the demo's (asked with `check --database default`)."""
    from lms.people.models import Person  # noqa: PLC0415 - checks are loaded before models

    if settings.TRIAL or not databases:
        return []
    try:
        demo_people = list(Person.objects.filter(email__endswith="@example.org"))
    except DatabaseError:  # before the first migration
        return []
    if not any(person.check_password(settings.DEMO_PASSWORD) for person in demo_people):
        return []
    return [
        Error(
            "Demo people are in this database, with the demo's password.",
            hint="Production refuses the password; but these people do not belong here.",
            id="people.E003",
        )
    ]
