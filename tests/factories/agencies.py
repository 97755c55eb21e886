"""An agency with a liaison and people, for tests."""

from datetime import date
from typing import Any

from courses import services
from courses.models import Assignment
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from lms.trainings.models import Training
from tests.factories.people import make_employment, make_organization, make_person, make_with_role


def make_agency(**fields: Any) -> Organization:
    """An agency."""
    return make_organization(OrganizationKind.AGENCY, **fields)


def make_liaison(agency: Organization, **fields: Any) -> Person:
    """Its training liaison, who is not among its people."""
    return make_with_role(Role.LIAISON, agency, **fields)


def make_member(agency: Organization, person: Person | None = None, **fields: Any) -> Person:
    """Somebody who works for the agency."""
    person = person or make_person(**fields)
    make_employment(agency, person=person)
    return person


def make_assignment(
    person: Person,
    training: Training,
    agency: Organization,
    due_on: date | None = None,
    **more: Any,
) -> Assignment:
    """The agency asks the person for the training."""
    return services.assign(
        person=person,
        training=training,
        organization=agency,
        due_on=due_on or new_york_today(),
        **{"actor": None, **more},
    )
