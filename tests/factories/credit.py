"""Accreditors that an office has confirmed, through the real service."""

from datetime import date, timedelta
from typing import Any

from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.accreditor_models import AccreditorConfirmation
from lms.trainings.models import Training
from lms.trainings.services.accreditation import confirm, usual_end
from tests.factories.people import make_with_role

NASW = "nasw"
NYSED = "nysed-social-work"


def credit_line(accreditor: str = NASW, kind: str = "self_study", hours: str = "1") -> Any:
    """A line as a version keeps it."""
    return {"accreditor": accreditor, "type": kind, "hours": hours}


def make_confirmation(
    office: Organization,
    accreditor: str = NYSED,
    *,
    training: Training | None = None,
    actor: Person | None = None,
    **said: Any,
) -> AccreditorConfirmation:
    """The office's provider number, or a training's approval, in force since a month ago."""
    valid_from: date = said.pop("valid_from", new_york_today() - timedelta(days=30))
    defaults: dict[str, Any] = {
        "number": f"A-{training.pk}" if training else "SW-0000",
        "presenter": "Sam Stone, LCSW" if training else "",
        "checked_against": "the approval letter",
        "signed_name": "Kim Coordinator",
    }
    if "expires_on" not in said:
        said["expires_on"] = usual_end(accreditor, valid_from)
    return confirm(
        office=office,
        accreditor=accreditor,
        training=training,
        valid_from=valid_from,
        actor=actor or make_with_role(Role.COORDINATOR, office),
        **{**defaults, **said},
    )


def confirm_whole(training: Training, accreditor: str = NASW, **said: Any) -> None:
    """All that the accreditor's credit for the training needs."""
    make_confirmation(training.owner, accreditor, **said)
    if accreditor == NASW:
        make_confirmation(training.owner, accreditor, training=training, **said)
