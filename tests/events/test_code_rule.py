"""The code shown during a session as a part of its rule: said before, and held to afterwards."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from events import services
from events.attendance_report import Rule
from events.enums import MatchedBy, Outcome
from events.models import Attendance, Registration, Session
from events.report_selectors import Effect, results
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from tests.factories.events import EARLIER, make_coming_session, make_seat, make_session
from tests.factories.people import make_person
from tests.factories.webex import line, note, report_of, take_in

pytestmark = pytest.mark.django_db


def with_code(**fields: object) -> Session:
    return make_session(check_in_code="LANTERN", code_asked=True, **fields)  # type: ignore[arg-type]


def seat_in(session: Session, email: str = "ana@example.org") -> Registration:
    return make_seat(session, make_person(email, name="Ana Rivera"))


def type_in(seat: Registration, code: str = "lantern") -> None:
    during = seat.session.starts_at + timedelta(minutes=30)
    services.check_in(registration=seat, code=code, actor=seat.person, now=during)


def newest(seat: Registration) -> Attendance:
    attendance = seat.attendances.last()
    assert attendance is not None
    return attendance


@pytest.mark.parametrize(
    ("minutes", "code", "said"),
    [
        (160, True, "160, which was given."),
        (160, False, "160. Missing: the code."),
        (159, True, "160. Missing: 1 minute."),
        (140, False, "160. Missing: 20 minutes and the code."),
    ],
)
def test_sentence_says_which_part_is_missing(minutes: int, code: bool, said: str) -> None:
    rule = Rule(160, asks_code=True)
    words = rule.in_words(minutes, has_code=code)
    assert words == f"; the rule asks for {said}".replace("160", "160 and the check-in code")
    assert rule.is_met(minutes, has_code=code) == (minutes == 160 and code)


def test_rule_of_the_code_alone() -> None:
    rule = Rule(0, asks_code=True)
    assert (rule.is_met(0, has_code=True), rule.is_met(180, has_code=False)) == (True, False)
    assert rule.in_words(5, has_code=False) == (
        "; the rule asks for the check-in code. Missing: the code."
    )


def test_rule_is_said_before_anybody_registers(client: Client) -> None:
    session = make_coming_session(check_in_code="LANTERN", code_asked=True)
    address = reverse("events:session", args=[session.pk])
    page = client.get(address).content.decode()
    assert (
        "Be there for at least 160 minutes, and type the code that is shown during the session"
        " into this page" in page
    )
    assert "LANTERN" not in page
    services.change_details(session=session, min_minutes=0, actor=None)
    page = client.get(address).content.decode()
    assert "Type the code that is shown during the session into this page" in page


def test_rule_that_was_shown_stays_and_needs_its_code() -> None:
    session = with_code()
    for changes, now, code in (
        ({"code_asked": False}, session.starts_at, "started"),
        ({"check_in_code": ""}, EARLIER, "no_code"),
    ):
        with pytest.raises(Refused) as refusal, transaction.atomic():
            services.change_details(session=session, actor=None, now=now, **changes)  # type: ignore[arg-type]
        assert refusal.value.code == code
    with pytest.raises(IntegrityError, match="code_it_has"), transaction.atomic():
        Session.objects.update(check_in_code="")


def test_minutes_without_the_code_are_a_part_until_somebody_saw_them() -> None:
    session = with_code()
    typed, untyped = seat_in(session), seat_in(session, "ben@example.org")
    type_in(typed)
    there = [("Ana", seat.person.email or "", "10:00:00", "13:00:00") for seat in (typed, untyped)]
    take_in(session, report_of(*there))
    note(session)
    assert newest(typed).outcome == Outcome.ATTENDED
    assert newest(typed).note == (
        "Joined 10:00 am, left 1:00 pm: 180 of 180 minutes; the rule asks for 160 and the check-in "
        "code, which was given."
    )
    assert Completion.objects.get().evidence["code_given"] is True
    assert newest(untyped).outcome == Outcome.PARTIAL
    assert newest(untyped).note.endswith("160 and the check-in code. Missing: the code.")
    # The office saw them: the same report comes to something else now.
    after = session.ends_at + timedelta(minutes=5)
    services.check_in(registration=untyped, actor=None, now=after)
    assert {seat.effect for seat in results(session).seats} == {Effect.SAME, Effect.CHANGED}
    assert note(session).outcomes == {Outcome.ATTENDED: 1}
    assert (newest(untyped).code_given, Completion.objects.count()) == (True, 2)
    # And taken back again, it takes the completion along.
    services.undo_check_in(registration=untyped, actor=typed.person)
    note(session)
    assert (newest(untyped).outcome, Completion.objects.standing().count()) == ("partial", 1)


def test_wrong_code_is_none() -> None:
    session = with_code()
    seat = seat_in(session)
    with pytest.raises(Refused):
        type_in(seat, "lamp")
    take_in(session, report_of(("Ana", "ana@example.org", "10:00:00", "13:00:00")))
    note(session)
    assert newest(seat).outcome == Outcome.PARTIAL


def test_who_checked_in_and_is_in_no_report_is_not_absent() -> None:
    """In the room of a session that others joined from afar, or under a name nobody found."""
    session = make_session()
    there, away = seat_in(session), seat_in(session, "ben@example.org")
    services.check_in(registration=there, actor=None, now=session.starts_at)
    take_in(session, report_of(("Luz", "luz@example.org", "10:00:00", "13:00:00")))
    noting = note(session)
    assert (noting.outcomes, noting.left_open) == ({Outcome.NO_SHOW: 1}, 1)
    assert (there.attendances.count(), newest(away).outcome) == (0, Outcome.NO_SHOW)


def test_marked_by_hand_minutes_are_held_to_the_whole_rule() -> None:
    session = with_code()
    seat = seat_in(session)
    after = session.ends_at
    with pytest.raises(Refused) as refusal:
        services.mark_attendance(
            registration=seat, outcome=Outcome.ATTENDED, minutes=180, actor=None, now=after
        )
    assert refusal.value.code == "code_missing"
    services.mark_attendance(
        registration=seat, outcome=Outcome.PARTIAL, minutes=180, actor=None, now=after
    )
    assert newest(seat).note == (
        "Attended 180 of 180 minutes; the rule asks for 160 and the check-in code. Missing: the"
        " code."
    )
    # Without minutes it is the office's own judgement, and says so.
    services.mark_attendance(registration=seat, outcome=Outcome.ATTENDED, actor=None, now=after)
    assert newest(seat).note.startswith("Attended, as noted by the office")


def test_database_knows_this_part_of_the_rule_too() -> None:
    seat = seat_in(with_code())
    with pytest.raises(IntegrityError, match="has_the_code"), transaction.atomic():
        Attendance.objects.create(
            registration=seat,
            outcome=Outcome.ATTENDED,
            minutes=180,
            planned_minutes=180,
            min_minutes=160,
            code_asked=True,
            note="x",
        )


def test_longest_sentence_fits_its_column() -> None:
    session = with_code(min_minutes=180)
    seat = seat_in(session)
    day = "2026-07-14 "
    rows = [
        line(("Ana", "ana@example.org", f"{day}{hour}:10:00", f"{day}{hour}:40:00"))
        for hour in (9, 10, 11, 12)
    ]
    take_in(session, report_of(*rows))
    found = next(iter(results(session).people))
    beside = seat_in(session, "ben@example.org")
    services.link_person(person=found.person, registration=beside, how=MatchedBy.SHARED, actor=None)
    note(session)
    assert 250 < len(newest(beside).note) <= 300
    assert newest(seat).outcome == Outcome.PARTIAL


def test_code_that_comes_late_changes_the_sentence_where_minutes_are_missing_too() -> None:
    session = with_code()
    seat = seat_in(session)
    take_in(session, report_of(("Ana", "ana@example.org", "10:00:00", "12:00:00")))
    note(session)
    assert newest(seat).note.endswith("Missing: 40 minutes and the code.")
    services.check_in(registration=seat, actor=None, now=session.ends_at)
    note(session)
    assert newest(seat).note.endswith("Missing: 40 minutes.")
