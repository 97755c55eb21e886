"""Taking over a list: all of it, once, only as it was looked at; and undoing it within a day."""

from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.core.time import new_york_today
from lms.people import services as people
from lms.people.corrections import correct_employment
from lms.people.enums import Post, Role
from lms.people.models import Employment, Organization, Person
from lms.people.roster import services
from lms.people.roster.enums import RosterState
from lms.people.roster_models import RosterImport
from tests.factories.compliance import make_completion
from tests.factories.people import make_employment, make_facility, make_person, make_with_role
from tests.people.roster_help import hand_in, row, table, take_over, working

pytestmark = pytest.mark.django_db
TODAY = new_york_today()
THREE = table(
    ["1", "Almonte, Rosa", "", "Night auditor", "Y", "2024-05-06", ""],
    ["2", "Osei, Ben", "", "Security", "Y", "2024-05-06", str(TODAY)],
    ["3", "Ruiz, Nadia", "nadia@example.org", "Cook", "Y", "2026-01-05", ""],
)


@pytest.fixture
def hotel() -> Organization:
    """Rosa and Ben work here; the list makes Rosa night auditor, ends Ben, adds Nadia."""
    facility = make_facility(name="Harbor View Hotel", key="harbor-view")
    for name, number in (("Rosa Almonte", "1"), ("Ben Osei", "2")):
        make_employment(
            facility,
            person=make_person(None, name=name),
            number=number,
            started_on=date(2024, 5, 6),
            post=Post.SECURITY,
        )
    return facility


@pytest.fixture
def manager(hotel: Organization) -> Person:
    return make_with_role(Role.MANAGER, hotel)


def refused(code: str) -> Any:
    return pytest.raises(Refused, check=lambda error: error.code == code)


def test_a_list_is_taken_over_once(hotel: Organization, manager: Person) -> None:
    found = take_over(hand_in(hotel, THREE, actor=manager), actor=manager)
    assert found.state == RosterState.APPLIED
    assert [name for name, _number, _day in working(hotel)] == ["Rosa Almonte", "Nadia Ruiz"]
    rosa = Employment.objects.get(number="1")
    assert [period.post for period in rosa.periods.all()] == [Post.SECURITY, Post.NIGHT_AUDIT]
    nadia = Employment.objects.get(number="3")
    assert (nadia.person.email, nadia.person.has_usable_password()) == ("nadia@example.org", False)
    assert nadia.periods.get().post == Post.FOOD_AND_BEVERAGE
    assert Employment.objects.get(number="2").ended_on == TODAY
    assert AuditEntry.objects.filter(action="employment.started", object_id=nadia.pk).exists()
    before = AuditEntry.objects.count(), Employment.objects.count()
    services.work_on_roster({"roster": found.pk})
    services.confirm_roster(roster=found, seen=found.counts, actor=manager)
    assert (AuditEntry.objects.count(), Employment.objects.count()) == before
    again = hand_in(hotel, THREE, actor=manager)
    assert set(again.counts) == {"same"}
    with refused("nothing"):
        services.confirm_roster(roster=again, seen=again.counts, actor=manager)


def test_the_worker_is_called_by_the_outbox(
    hotel: Organization, manager: Person, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        found = services.import_roster(
            organization=hotel, content=THREE, name="a.csv", is_complete=False, left_on=TODAY,
            past_since=TODAY, language="en", actor=manager,
        )  # fmt: skip
    found.refresh_from_db()
    assert found.state == RosterState.READY
    with django_capture_on_commit_callbacks(execute=True):
        services.confirm_roster(roster=found, seen=found.counts, actor=manager)
    found.refresh_from_db()
    assert found.state == RosterState.APPLIED
    assert not found.file
    assert OutboxMessage.objects.filter(kind=services.KIND, state="delivered").count() == 2


def test_somebody_moved_since_it_was_looked_at(hotel: Organization, manager: Person) -> None:
    found = hand_in(hotel, THREE, actor=manager)
    services.confirm_roster(roster=found, seen=found.counts, actor=manager)
    rosa = Employment.objects.get(number="1")
    people.end_employment(employment=rosa, ended_on=TODAY, actor=manager)
    services.work_on_roster({"roster": found.pk})
    found.refresh_from_db()
    assert found.state == RosterState.READY
    assert "Nothing was taken over" in found.said
    assert not Employment.objects.filter(number="3").exists()  # nothing half done
    assert Employment.objects.get(number="2").ended_on is None


def test_what_was_confirmed_is_what_was_seen(hotel: Organization, manager: Person) -> None:
    found = hand_in(hotel, THREE, actor=manager)
    with refused("changed"):
        services.confirm_roster(roster=found, seen={"joiner": 3}, actor=manager)


def test_a_complete_list_wants_every_row_settled(hotel: Organization, manager: Person) -> None:
    content = table(["1", "Almonte, Rosa", "", "", "Y", "soon", ""])
    found = hand_in(hotel, content, actor=manager, is_complete=True)
    with refused("problems_left"):
        services.confirm_roster(roster=found, seen=found.counts, actor=manager)


def test_ending_half_of_the_house_is_asked_twice(hotel: Organization, manager: Person) -> None:
    for number in range(10, 17):
        make_employment(hotel, number=str(number), started_on=date(2024, 1, 1))
    content = table(["1", "Almonte, Rosa", "", "", "", "2024-05-06", ""])
    found = hand_in(hotel, content, actor=manager, is_complete=True)
    with refused("many_leavers"):
        services.confirm_roster(roster=found, seen=found.counts, actor=manager)
    done = take_over(found, actor=manager, leavers_checked=True)
    assert done.state == RosterState.APPLIED
    assert len(working(hotel)) == 1


# --- undo -----------------------------------------------------------------------------------------


@pytest.fixture
def taken(hotel: Organization, manager: Person) -> RosterImport:
    return take_over(hand_in(hotel, THREE, actor=manager), actor=manager)


def test_undoing_brings_back_what_was(
    hotel: Organization, manager: Person, taken: RosterImport
) -> None:
    services.undo_roster(roster=taken, actor=manager)
    assert [name for name, _number, _day in working(hotel)] == ["Rosa Almonte", "Ben Osei"]
    rosa = Employment.objects.get(number="1")
    assert [(p.post, p.ends_on) for p in rosa.periods.all()] == [(Post.SECURITY, None)]
    assert not Person.objects.filter(email="nadia@example.org").exists()
    count = AuditEntry.objects.count()
    services.undo_roster(roster=taken, actor=manager)
    assert AuditEntry.objects.count() == count


def test_after_a_day_it_is_too_late(manager: Person, taken: RosterImport) -> None:
    late = timezone.now() + timedelta(days=1, minutes=1)
    with refused("too_late"):
        services.undo_roster(roster=taken, actor=manager, now=late)


def _trained(nadia: Employment, manager: Person) -> None:
    make_completion(nadia.person, occurred_on=TODAY)


def _signed_in(nadia: Employment, manager: Person) -> None:
    EmailAddress.objects.create(user=nadia.person, email="nadia@example.org", verified=True)


def _left(nadia: Employment, manager: Person) -> None:
    people.end_employment(employment=nadia, ended_on=TODAY, actor=manager)


def _given_another_post(nadia: Employment, manager: Person) -> None:
    people.change_post(
        employment=nadia, post=Post.BELL, guest_contact=True, starts_on=TODAY, actor=manager
    )


def _corrected(nadia: Employment, manager: Person) -> None:
    correct_employment(
        employment=nadia, first_name=nadia.person.first_name, last_name=nadia.person.last_name,
        number=nadia.number, started_on=date(2026, 1, 6), sent_by="", reason="Contract.",
        actor=manager,
    )  # fmt: skip


@pytest.mark.parametrize("happened", [_trained, _signed_in, _left, _given_another_post, _corrected])
def test_what_happened_since_keeps_the_list(
    happened: Any, hotel: Organization, manager: Person, taken: RosterImport
) -> None:
    happened(Employment.objects.get(number="3"), manager)
    with refused("touched"):
        services.undo_roster(roster=taken, actor=manager)
    taken.refresh_from_db()
    assert taken.state == RosterState.APPLIED
    assert Employment.objects.get(number="2").ended_on == TODAY  # nothing half undone


def test_a_number_a_list_brings_and_takes_back_is_told_as_corrected(
    hotel: Organization, manager: Person
) -> None:
    email = "rosa@example.org"
    Person.objects.filter(first_name="Rosa").update(email=email)
    content = table(["31", "Almonte, Rosa", email, "", "Y", "2024-05-06", ""])
    taken = take_over(hand_in(hotel, content, actor=manager), actor=manager)
    rosa = Employment.objects.get(number="31")
    services.undo_roster(roster=taken, actor=manager)
    told = [(fixed.was, fixed.became, fixed.reason) for fixed in rosa.corrections.all()]
    assert told == [
        ({"number": "1"}, {"number": "31"}, "From the list staff.csv"),
        ({"number": "31"}, {"number": "1"}, "The list staff.csv was undone"),
    ]


# --- what is kept ---------------------------------------------------------------------------------


def test_rows_are_forgotten_and_told_until_then(manager: Person, taken: RosterImport) -> None:
    nadia = Employment.objects.get(number="3").person
    [told] = personal_data.export(nadia)["rows of rosters"]
    assert told["came_to"] == "joiner"
    assert services.forget_rosters(now=timezone.now() + timedelta(days=1)) == 0
    assert services.forget_rosters(now=timezone.now() + timedelta(days=3)) == 1
    assert not taken.rows.exists()
    assert personal_data.export(nadia)["rows of rosters"] == []
    assert row_count(taken) == {"joiner": 1, "leaver": 1, "change": 1}


def row_count(roster: RosterImport) -> dict[str, int]:
    roster.refresh_from_db()
    return dict(roster.counts)


def test_a_list_left_lying_is_set_aside(hotel: Organization, manager: Person) -> None:
    found = hand_in(hotel, THREE, actor=manager)
    assert row(found, 2).values
    services.forget_rosters(now=timezone.now() + timedelta(days=15))
    found.refresh_from_db()
    assert (found.state, found.rows.exists(), bool(found.file)) == ("dropped", False, False)
    with refused("not_ready"):
        services.answer_questions(roster=found, day_order="mdy", actor=manager)
