"""What agencies ask of their people: who may be asked, what counts as done, who is told when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from courses import services
from courses.assignment_selectors import of_agency, open_for, summaries, withdrawn_of
from courses.due import day_in_full, due_words
from courses.enums import AssignmentEnd, AssignmentState
from courses.models import Assignment
from courses.services.reminders import remind_people, tell_liaisons
from lms.completions.services import revoke_completion
from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.core.time import NEW_YORK
from lms.people.models import Organization, Person
from lms.people.services import end_employment
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training
from tests.factories.agencies import make_agency, make_assignment, make_liaison, make_member
from tests.factories.completions import make_completion
from tests.factories.people import make_employment, make_person
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db

# A Monday morning in New York.
NOW = datetime(2026, 11, 30, 9, tzinfo=NEW_YORK)
TODAY = date(2026, 11, 30)
FRIDAY = date(2026, 12, 4)


@pytest.fixture
def agency() -> Organization:
    return make_agency(name="Harbor")


@pytest.fixture
def training() -> Training:
    return make_training(title="Seeing the signs")


@pytest.fixture
def member(agency: Organization) -> Person:
    person = make_person("ana@example.org", name="Ana Rivera")
    make_employment(agency, person=person, started_on=date(2026, 1, 5))
    return person


def ask(person: Person, training: Training, agency: Organization, **more: object) -> Assignment:
    return services.assign(
        person=person,
        training=training,
        organization=agency,
        **{"due_on": FRIDAY, "actor": None, "now": NOW, **more},  # type: ignore[arg-type]
    )


def keys(start: str) -> list[str]:
    found = OutboxMessage.objects.filter(key__startswith=start).order_by("id")
    return list(found.values_list("key", flat=True))


def done(person: Person, training: Training, day: date) -> object:
    return make_completion(person, version=make_version(training), occurred_on=day)


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2026, 11, 28), "overdue since Nov. 28, 2026"),
        (TODAY, "due today"),
        (date(2026, 12, 1), "due tomorrow"),
        (FRIDAY, "due Friday"),
        (date(2026, 12, 6), "due Sunday"),
        (date(2026, 12, 7), "due Dec. 7, 2026"),
    ],
)
def test_due_day_is_said_as_people_say_it(due_on: date, words: str) -> None:
    assert due_words(due_on, TODAY) == words


def test_letters_name_the_day_in_full() -> None:
    assert day_in_full(FRIDAY) == "Friday, December 4, 2026"


def test_assigning_tells_the_person_once(
    member: Person, training: Training, agency: Organization
) -> None:
    first = ask(member, training, agency)
    again = ask(member, training, agency)
    assert first == again
    [told] = OutboxMessage.objects.filter(key__startswith="courses.assigned:")
    assert told.payload["to"] == "ana@example.org"
    assert "Friday, December 4, 2026" in told.payload["text"]
    assert "Nobody there sees your answers" in told.payload["text"]


def test_letter_is_in_the_persons_language(
    member: Person, training: Training, agency: Organization
) -> None:
    Person.objects.filter(pk=member.pk).update(preferred_language="es")
    member.refresh_from_db()
    ask(member, training, agency)
    [told] = OutboxMessage.objects.filter(key__startswith="courses.assigned:")
    with translation.override("es"):
        assert day_in_full(FRIDAY) in told.payload["text"]


def test_another_day_replaces_the_old_one(
    member: Person, training: Training, agency: Organization
) -> None:
    first = ask(member, training, agency)
    second = ask(member, training, agency, due_on=date(2026, 12, 11))
    first.refresh_from_db()
    assert (first.ended_how, first.ended_at) == (AssignmentEnd.REPLACED, NOW)
    assert list(Assignment.objects.live()) == [second]
    assert len(keys("courses.assigned:")) == 2


def test_only_own_people_are_asked(training: Training, agency: Organization) -> None:
    stranger = make_member(make_agency())
    with pytest.raises(Refused) as refused:
        ask(stranger, training, agency)
    assert refused.value.code == "not_ours"


def test_somebody_who_left_is_not_asked(
    member: Person, training: Training, agency: Organization
) -> None:
    end_employment(
        employment=member.employments.get(), ended_on=date(2026, 11, 27), actor=None, now=NOW
    )
    with pytest.raises(Refused) as refused:
        ask(member, training, agency)
    assert refused.value.code == "not_ours"


@pytest.mark.parametrize(
    ("more", "code"),
    [({"due_on": date(2026, 11, 29)}, "past"), ({"training": "facility"}, "not_assignable")],
)
def test_impossible_assignments_are_refused(
    member: Person, training: Training, agency: Organization, more: dict[str, object], code: str
) -> None:
    if "training" in more:
        training, more = make_training(TrainingKind.FACILITY), {}
    with pytest.raises(Refused) as refused:
        ask(member, training, agency, **more)
    assert refused.value.code == code
    assert Assignment.objects.count() == 0


def test_due_day_is_new_yorks_not_greenwichs(
    member: Person, training: Training, agency: Organization
) -> None:
    late = datetime(2026, 12, 1, 3, tzinfo=UTC)  # still 30 November in New York
    assert ask(member, training, agency, due_on=TODAY, now=late).due_on == TODAY


def test_what_was_done_before_counts_and_nobody_is_told(
    member: Person, training: Training, agency: Organization
) -> None:
    done(member, training, date(2026, 3, 2))
    ask(member, training, agency)
    [line] = of_agency(agency, TODAY)
    assert (line.state, line.done and line.done.on) == (AssignmentState.DONE, date(2026, 3, 2))
    assert keys("courses.assigned:") == []


def test_taking_it_again_counts_from_today(
    member: Person, training: Training, agency: Organization
) -> None:
    done(member, training, date(2026, 3, 2))
    ask(member, training, agency, again=True)
    assert [line.state for line in of_agency(agency, TODAY)] == [AssignmentState.DUE_SOON]
    assert len(keys("courses.assigned:")) == 1
    ask(member, training, agency, due_on=date(2026, 12, 11))
    assert [line.state for line in of_agency(agency, TODAY)] == [AssignmentState.DUE]
    done(member, training, TODAY)
    assert [line.state for line in of_agency(agency, TODAY)] == [AssignmentState.DONE]


def test_what_no_longer_stands_is_open_again(
    member: Person, training: Training, agency: Organization
) -> None:
    completion = make_completion(
        member, version=make_version(training), occurred_on=date(2026, 3, 2)
    )
    ask(member, training, agency)
    revoke_completion(completion=completion, reason="Wrong person", actor=None)
    assert [line.state for line in of_agency(agency, TODAY)] == [AssignmentState.DUE_SOON]


def test_merged_person_counts_by_what_either_row_did(
    member: Person, training: Training, agency: Organization
) -> None:
    other = make_person()
    done(other, training, date(2026, 3, 2))
    ask(member, training, agency)
    Person.objects.filter(pk=other.pk).update(canonical_person=member)
    assert [line.state for line in of_agency(agency, TODAY)] == [AssignmentState.DONE]


def test_agency_sees_its_present_people_only(
    member: Person, training: Training, agency: Organization
) -> None:
    ask(member, training, agency)
    end_employment(employment=member.employments.get(), ended_on=TODAY, actor=None, now=NOW)
    assert len(of_agency(agency, TODAY)) == 1
    assert of_agency(agency, TODAY + timedelta(days=1)) == []
    assert open_for(member, TODAY + timedelta(days=1)) == []


def test_two_agencies_asking_for_the_same_show_once_by_the_earlier_day(
    member: Person, training: Training, agency: Organization
) -> None:
    other = make_agency()
    make_employment(other, person=member, started_on=date(2026, 1, 5))
    ask(member, training, agency, due_on=date(2026, 12, 20))
    ask(member, training, other)
    assert [line.assignment.due_on for line in open_for(member, TODAY)] == [FRIDAY]


def test_withdrawing_can_be_taken_back(
    member: Person, training: Training, agency: Organization
) -> None:
    assignment = ask(member, training, agency)
    services.withdraw_assignment(assignment=assignment, actor=None, now=NOW)
    services.withdraw_assignment(assignment=assignment, actor=None, now=NOW)
    assert of_agency(agency, TODAY) == []
    assert list(withdrawn_of(agency, training)) == [assignment]
    services.ask_again(assignment=assignment, actor=None, now=NOW)
    assert len(of_agency(agency, TODAY)) == 1
    assert len(keys("courses.assigned:")) == 1


def test_withdrawal_is_not_taken_back_over_a_newer_assignment(
    member: Person, training: Training, agency: Organization
) -> None:
    old = ask(member, training, agency)
    services.withdraw_assignment(assignment=old, actor=None, now=NOW)
    ask(member, training, agency, due_on=date(2026, 12, 11))
    old.refresh_from_db()
    assert list(withdrawn_of(agency, training)) == []
    with pytest.raises(Refused) as refused:
        services.ask_again(assignment=old, actor=None, now=NOW)
    assert refused.value.code == "assigned_since"


def test_many_are_assigned_and_a_refusal_stops_nobody(
    member: Person, training: Training, agency: Organization
) -> None:
    stranger = make_person(name="Olga Other")
    second = make_member(agency)
    result = services.assign_many(
        people=[stranger, member, second],
        training=training,
        organization=agency,
        due_on=FRIDAY,
        actor=None,
        now=max(NOW, timezone.now()),
    )
    assert result.done == [member, second]
    assert [person for person, _reason in result.refused] == [stranger]


def test_database_refuses_a_second_live_assignment(
    member: Person, training: Training, agency: Organization
) -> None:
    row = ask(member, training, agency)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_database_refuses_an_end_without_how(
    member: Person, training: Training, agency: Organization
) -> None:
    row = ask(member, training, agency)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.filter(pk=row.pk).update(ended_at=NOW)


def test_reminders_come_a_week_a_day_and_once_after(
    member: Person, training: Training, agency: Organization
) -> None:
    ask(member, training, agency, due_on=date(2026, 12, 14))
    days = [
        day
        for day in (TODAY + timedelta(days=n) for n in range(30))
        for _twice in range(2)
        if remind_people(now=datetime.combine(day, NOW.timetz()))
    ]
    assert days == [date(2026, 12, 7), date(2026, 12, 13), date(2026, 12, 15)]
    told = OutboxMessage.objects.filter(key__startswith="courses.assignments_due").order_by("id")
    assert [message.payload["subject"] for message in told] == [
        "A training is due soon",
        "A training is due soon",
        "A training is past its date",
    ]


def test_reminder_of_a_missed_day_is_made_good(
    member: Person, training: Training, agency: Organization
) -> None:
    ask(member, training, agency, due_on=date(2026, 12, 14))
    assert remind_people(now=NOW + timedelta(days=10)) == 1  # nothing ran on the 7th


def test_nobody_is_reminded_who_has_done_it_or_was_just_told(
    member: Person, training: Training, agency: Organization
) -> None:
    ask(member, training, agency)  # within the week: the letter said so
    assert remind_people(now=NOW) == 0
    done(member, training, TODAY)
    assert remind_people(now=NOW + timedelta(days=3)) == 0
    assert remind_people(now=NOW + timedelta(days=20)) == 0


def test_one_letter_says_everything_that_is_open(member: Person, agency: Organization) -> None:
    for title in ("First training", "Second training"):
        ask(member, make_training(title=title), agency, due_on=date(2026, 12, 14))
    assert remind_people(now=NOW + timedelta(days=8)) == 1
    [told] = OutboxMessage.objects.filter(key__startswith="courses.assignments_due")
    assert "First training" in told.payload["text"]
    assert "Second training" in told.payload["text"]


def test_liaison_gets_one_letter_a_week_without_names(
    member: Person, training: Training, agency: Organization
) -> None:
    make_liaison(agency, email="liaison@agency.example")
    make_liaison(make_agency(), email="other@agency.example")
    ask(member, training, agency)
    for days in (0, 1, 4):
        tell_liaisons(now=NOW + timedelta(days=days))
    tell_liaisons(now=NOW + timedelta(days=7))
    told = OutboxMessage.objects.filter(key__startswith="courses.agency_week").order_by("id")
    assert [message.payload["to"] for message in told] == ["liaison@agency.example"] * 2
    assert [message.payload["subject"] for message in told] == [
        "This week's trainings: 0 overdue, 1 due soon",
        "This week's trainings: 1 overdue, 0 due soon",
    ]
    assert "Rivera" not in told[0].payload["text"] + told[0].payload["html"]


def test_liaison_hears_nothing_while_nothing_is_open(
    member: Person, training: Training, agency: Organization
) -> None:
    make_liaison(agency)
    ask(member, training, agency)
    done(member, training, TODAY)
    assert tell_liaisons(now=NOW) == 0
    assert mail.outbox == []


def test_summaries_put_the_worst_first(member: Person, agency: Organization) -> None:
    calm, late = make_training(title="A calm one"), make_training(title="Z late one")
    ask(member, calm, agency)
    ask(member, late, agency, due_on=TODAY)
    rows = summaries(of_agency(agency, TODAY + timedelta(days=1)))
    assert [(row.training.title, row.overdue, row.done, row.total) for row in rows] == [
        ("Z late one", 1, 0, 1),
        ("A calm one", 0, 0, 1),
    ]


def test_person_can_have_all_that_is_kept(
    member: Person, training: Training, agency: Organization
) -> None:
    make_assignment(member, training, agency)
    [row] = personal_data.export(member)["assignments"]
    assert (row["training"], row["agency"]) == ("Seeing the signs", "Harbor")
    other = make_member(agency)
    make_assignment(other, training, agency)
    [holding] = [held for held in personal_data.holdings() if held.name == "assignments"]
    assert holding.collisions is not None
    assert [both.what for both in holding.collisions(member, other)] == ["Seeing the signs"]
