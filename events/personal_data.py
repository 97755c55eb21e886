"""What this room keeps about a person (see lms.core.personal_data)."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.asking_models import Arrangement, RegistrationAnswer
from events.calendar_models import CalendarToken
from events.check_in_models import CheckIn
from events.enums import SessionStatus
from events.models import Registration
from events.services.asking import forget_needs
from events.survey_models import SessionSurveyGiven
from events.wish_models import TrainingWish
from lms.core.personal_data import Both, Holding, register
from lms.people.models import Person
from lms.trainings.access import verified_addresses


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    register(
        Holding(
            "events.registrations",
            export=_registrations,
            collisions=_both_registered,
            said=_("Both have a place in %(what)s. Give one of the two back first."),
            unnamed=_("one session"),
        )
    )
    register(
        Holding(
            "events.arrangements",
            export=_arrangements,
            erase=_erase_arrangements,
            forget=forget_needs,
        )
    )
    register(Holding("events.surveys_given", export=_surveys_given))
    register(Holding("events.answers", export=_answers, erase=_erase_answers))
    register(Holding("events.check_ins", export=_check_ins))
    register(Holding("events.wishes", export=_wishes, erase=_erase_wishes))
    register(Holding("events.calendar", export=_calendar, erase=_erase_calendar))


def _registrations(person: Person) -> list[dict[str, Any]]:
    seats = (
        Registration.objects.of(person)
        .select_related("session__training")
        .prefetch_related("events", "attendances")
    )
    return [
        {
            "session": seat.session.name,
            "starts_at": seat.session.starts_at.isoformat(),
            "status": seat.status,
            "registered_at": seat.registered_at.isoformat() if seat.registered_at else None,
            "place_on_the_waiting_list": seat.place,
            "history": [
                {"move": event.move, "at": event.at.isoformat(), "note": event.note}
                for event in seat.events.all()
            ],
            "attendance": [
                {"outcome": row.outcome, "note": row.note, "at": row.decided_at.isoformat()}
                for row in seat.attendances.all()
            ],
        }
        for seat in seats
    ]


def _check_ins(person: Person) -> list[dict[str, Any]]:
    rows = CheckIn.objects.filter(registration__in=Registration.objects.of(person))
    return [
        {"session": row.registration.session_id, "at": row.at.isoformat()}
        for row in rows.select_related("registration")
    ]


def _answers(person: Person) -> list[dict[str, Any]]:
    rows = RegistrationAnswer.objects.filter(registration__in=Registration.objects.of(person))
    return [
        {"question": row.question.text, "answer": row.text, "at": row.updated_at.isoformat()}
        for row in rows.select_related("question")
    ]


def _erase_answers(person: Person) -> int:
    rows = RegistrationAnswer.objects.filter(registration__in=Registration.objects.of(person))
    return rows.delete()[0]


def _arrangements(person: Person) -> list[dict[str, Any]]:
    rows = Arrangement.objects.filter(registration__in=Registration.objects.of(person))
    return [
        {"needs": row.needs, "language": row.language, "note": row.note,
         "at": row.updated_at.isoformat()}
        for row in rows
    ]  # fmt: skip


def _erase_arrangements(person: Person) -> int:
    rows = Arrangement.objects.filter(registration__in=Registration.objects.of(person))
    return rows.delete()[0]


def _wishes_of(person: Person) -> "QuerySet[TrainingWish]":
    """What was asked for from an address that is the person's."""
    return TrainingWish.objects.filter(email__in=verified_addresses(person))


def _wishes(person: Person) -> list[dict[str, Any]]:
    return [
        {"asked_for": row.subject, "organization": row.organization, "wanted": row.wanted,
         "note": row.note, "state": row.state, "at": row.created_at.isoformat()}
        for row in _wishes_of(person)
    ]  # fmt: skip


def _erase_wishes(person: Person) -> int:
    return _wishes_of(person).delete()[0]


def _both_registered(first: Person, second: Person) -> list[Both]:
    """Sessions to come in which both hold a seat or wait; of those that were, both rows stay."""
    coming = Registration.objects.current().filter(
        session__ends_at__gt=timezone.now(), session__status__in=SessionStatus.STANDING
    )
    shared = coming.of(first).values("session")
    both = coming.of(second).filter(session__in=shared)
    return [
        Both(str(seat.session), seat.session.training.owner_id)
        for seat in both.select_related("session__training")
    ]


def _calendar(person: Person) -> list[dict[str, Any]]:
    tokens = CalendarToken.objects.filter(person__in=Person.objects.one_with(person))
    return [{"made_at": token.created_at.isoformat()} for token in tokens]


def _erase_calendar(person: Person) -> int:
    mine = Person.objects.one_with(person)
    return CalendarToken.objects.filter(person__in=mine).delete()[0]


def _surveys_given(person: Person) -> list[dict[str, Any]]:
    """That the person said how sessions were; what they said is kept without their name."""
    rows = SessionSurveyGiven.objects.filter(registration__in=Registration.objects.of(person))
    return [
        {"session": row.registration.session.name, "on": row.given_on}
        for row in rows.select_related("registration__session__training").order_by("pk")
    ]
