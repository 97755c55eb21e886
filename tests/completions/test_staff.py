"""What an office enters by hand: it says so wherever it counts, and it can be taken back."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from courses.assignment_selectors import of_agency
from lms.certificates.facts import facts_of
from lms.certificates.selectors import deserves_certificate
from lms.completions import staff
from lms.completions.enums import SourceKind, StaffBasis
from lms.completions.models import Completion, StaffEntry
from lms.compliance.known import Known
from lms.compliance.rules import get_rule
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Person
from lms.portal.agency.tables import note
from lms.portal.my.record import rows
from lms.trainings.models import Training
from tests.factories.agencies import make_agency, make_assignment, make_member
from tests.factories.completions import make_completion
from tests.factories.people import (
    make_employment,
    make_facility,
    make_office,
    make_person,
    make_with_role,
)
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 2)


@pytest.fixture
def person() -> Person:
    return make_person(name="Ana Rivera")


@pytest.fixture
def training() -> Training:
    topics = sorted(get_rule().topic_codes)
    training = make_training(title="Seeing the signs", owner=make_office(name="City office"))
    make_version(training, topics=topics)
    return training


@pytest.fixture
def coordinator(training: Training) -> Person:
    return make_with_role(Role.COORDINATOR, training.owner)


def enter(person: Person, training: Training, actor: Person, **more: Any) -> Completion:
    given: dict[str, Any] = {
        "occurred_on": DAY,
        "basis": StaffBasis.PAPER_LIST,
        "reason": "The list lay in a drawer.",
    }
    return staff.enter(person=person, training=training, actor=actor, **{**given, **more})


def test_entry_says_so_in_the_record_and_on_the_certificate(
    person: Person, training: Training, coordinator: Person
) -> None:
    completion = enter(person, training, coordinator)
    why = "Entered by the office. What it rests on: a signed attendance list on paper."
    assert completion.evidence["why"] == why
    assert "drawer" not in str(completion.evidence)
    assert completion.staff_entry.reason == "The list lay in a drawer."
    [row] = rows(person)
    assert (row.kind, row.why) == ("Online course, entered by the office", why)
    assert deserves_certificate(completion)
    printed: dict[str, Any] = {
        "credit": [],
        "papers": [],
        "code": "X",
        "name": "Ana Rivera",
        "issued_on": DAY,
    }
    assert facts_of(completion, **printed).note == "Entered by the office."
    ordinary = make_completion(person, version=completion.version)
    assert facts_of(ordinary, **printed).note == ""


def test_waiver_gives_nothing_but_the_waiver(
    person: Person, training: Training, coordinator: Person
) -> None:
    waiver = enter(person, training, coordinator, waiver=True, basis=StaffBasis.EQUAL)
    assert not deserves_certificate(waiver)
    assert (waiver.minutes, waiver.topics, waiver.credits) == (0, [], [])
    [row] = rows(person)
    assert (row.kind, row.length, row.document_url) == (
        "Waived by the office: it need not be taken",
        "",
        "",
    )


def test_law_hears_of_an_entry_and_never_of_a_waiver(
    person: Person, training: Training, coordinator: Person
) -> None:
    employment = make_employment(make_facility(), person=person, started_on=date(2026, 1, 5))
    enter(person, training, coordinator, waiver=True)
    assert Known.load([employment], get_rule()).trainings(employment) == ()
    enter(person, training, coordinator)
    [known] = Known.load([employment], get_rule()).trainings(employment)
    assert known.program == "Seeing the signs (entered by the office)"


@pytest.mark.parametrize(
    ("waiver", "words"),
    [(False, "Entered by the office"), (True, "Waived by the office: need not take it")],
)
def test_agency_reads_where_it_comes_from(
    person: Person, training: Training, coordinator: Person, waiver: bool, words: str
) -> None:
    agency = make_agency()
    make_member(agency, person)
    make_assignment(person, training, agency)
    enter(person, training, coordinator, waiver=waiver)
    [line] = of_agency(agency, new_york_today())
    assert line.is_done
    assert note(line.done) == words


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"occurred_on": new_york_today() + timedelta(days=1)}, "in_future"),
        ({"reason": "  "}, "reason_missing"),
    ],
)
def test_nonsense_is_refused(
    person: Person, training: Training, coordinator: Person, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        enter(person, training, coordinator, **more)
    assert refused.value.code == code
    assert Completion.objects.count() == 0


def test_only_the_owning_office_enters_and_takes_back(
    person: Person, training: Training, coordinator: Person
) -> None:
    stranger = make_with_role(Role.COORDINATOR, make_office())
    with pytest.raises(Refused) as refused:
        enter(person, training, stranger)
    assert refused.value.code == "not_yours"
    completion = enter(person, training, coordinator)
    with pytest.raises(Refused) as refused:
        staff.take_back(completion=completion, reason="No", actor=stranger)
    assert refused.value.code == "not_yours"


def test_the_same_is_entered_once_and_anew_after_it_was_taken_back(
    person: Person, training: Training, coordinator: Person
) -> None:
    first = enter(person, training, coordinator)
    with pytest.raises(Refused) as refused:
        enter(person, training, coordinator)
    assert refused.value.code == "known"
    for _twice in range(2):
        staff.take_back(completion=first, reason="Another person", actor=coordinator)
    assert Completion.objects.standing().count() == 0
    second = enter(person, training, coordinator)
    assert second.pk != first.pk
    assert list(Completion.objects.standing()) == [second]


def test_what_the_site_recorded_is_not_taken_back_here(
    person: Person, training: Training, coordinator: Person
) -> None:
    completion = make_completion(person, version=training.versions.get())
    with pytest.raises(Refused) as refused:
        staff.take_back(completion=completion, reason="No", actor=coordinator)
    assert refused.value.code == "not_by_hand"


def test_version_is_the_one_of_that_day(
    person: Person, training: Training, coordinator: Person
) -> None:
    make_version(training, minutes=90)
    completion = enter(person, training, coordinator, occurred_on=date(2020, 1, 5))
    assert completion.version.number == 2  # before there was any: what it says now
    assert completion.source_kind == SourceKind.STAFF_ENTRY


def test_database_asks_for_a_reason(
    person: Person, training: Training, coordinator: Person
) -> None:
    completion = enter(person, training, coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        StaffEntry.objects.filter(completion=completion).update(reason="")
