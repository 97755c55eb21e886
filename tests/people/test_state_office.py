"""Which office speaks for the state: said by an operator, kept by the database."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people.enums import Role
from lms.people.models import Organization
from lms.people.state_office import (
    let_speak_for_state,
    reviewing_office,
    stop_speaking_for_state,
)
from tests.factories.people import make_facility, make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db


def said(*arguments: str) -> str:
    out = StringIO()
    call_command("state_office", *arguments, stdout=out)
    return out.getvalue()


def test_an_operator_says_which_office_speaks_and_takes_it_back() -> None:
    make_office(key="state", name="State Office")
    assert "No office speaks for the state." in said()
    assert "state: State Office, since" in said("state")
    said("state")
    assert AuditEntry.objects.get().action == "office.speaks_for_state"
    assert "No office" in said("state", "--end")
    said("state", "--end")
    assert AuditEntry.objects.count() == 2
    with pytest.raises(CommandError, match="no organization"):
        said("nobody")
    make_facility(key="hotel")
    with pytest.raises(CommandError, match="Only an office"):
        said("hotel")


def test_the_database_lets_only_offices_speak() -> None:
    hotel = make_facility()
    with pytest.raises(Refused):
        let_speak_for_state(office=hotel, actor=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organization.objects.filter(pk=hotel.pk).update(speaks_for_state_since=timezone.now())


def test_reviewers_look_for_an_office_that_speaks_and_no_other() -> None:
    office = make_office()
    reviewer = make_with_role(Role.REVIEWER, office)
    assert reviewing_office(reviewer) is None
    let_speak_for_state(office=office, actor=None)
    assert reviewing_office(reviewer) == office
    assert reviewing_office(make_with_role(Role.COORDINATOR, office)) is None
    assert reviewing_office(make_person(is_superuser=True)) is None
    stop_speaking_for_state(office=office, actor=None)
    assert reviewing_office(reviewer) is None
