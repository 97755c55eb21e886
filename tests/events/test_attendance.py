"""From attendance to completion, and back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from events import services
from events.enums import Outcome, SessionStatus
from events.models import Attendance, Registration
from events.services import Mark
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.trainings.services import freeze
from tests.factories.events import EARLIER, make_live_page, make_seat, make_session
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def refusal(call: Callable[..., Any], **arguments: Any) -> str:
    with pytest.raises(Refused) as caught, transaction.atomic():
        call(**arguments)
    return caught.value.code


def mark(
    seat: Registration, outcome: Outcome = Outcome.ATTENDED, minutes: int | None = 175
) -> Attendance:
    seat.refresh_from_db()
    return services.mark_attendance(
        registration=seat,
        outcome=outcome,
        minutes=minutes,
        actor=None,
        now=seat.session.ends_at + timedelta(hours=1),
    )


def test_attended_becomes_a_completion_that_says_why() -> None:
    seat = make_seat(make_session())
    attendance = mark(seat)
    seat.refresh_from_db()
    completion = Completion.objects.get()
    assert seat.completion == completion
    assert (completion.person, completion.occurred_on, completion.minutes) == (
        seat.person,
        date(2026, 7, 14),
        180,
    )
    assert completion.source_key == str(seat.pk)
    assert completion.evidence["why"] == "Attended 175 of 180 minutes; the rule asks for 160."
    assert attendance.note == completion.evidence["why"]


@pytest.mark.parametrize(
    ("outcome", "minutes"),
    [(Outcome.PARTIAL, 142), (Outcome.NO_SHOW, None), (Outcome.EXCUSED, None)],
)
def test_other_outcomes_complete_nothing(outcome: Outcome, minutes: int | None) -> None:
    mark(make_seat(make_session()), outcome, minutes)
    assert Completion.objects.count() == 0


def test_boundary_of_the_rule_is_exact() -> None:
    session = make_session()
    assert mark(make_seat(session), Outcome.ATTENDED, 160).outcome == Outcome.ATTENDED
    below = make_seat(session)
    assert refusal(mark, seat=below, outcome=Outcome.ATTENDED, minutes=159) == "below_the_rule"


def test_database_knows_the_rule_too() -> None:
    seat = make_seat(make_session())
    with pytest.raises(IntegrityError, match="meets_the_rule"), transaction.atomic():
        Attendance.objects.create(
            registration=seat,
            outcome=Outcome.ATTENDED,
            minutes=10,
            planned_minutes=180,
            min_minutes=160,
            note="x",
        )


def test_marking_the_same_twice_adds_nothing() -> None:
    seat = make_seat(make_session())
    assert mark(seat) == mark(seat)
    assert (Attendance.objects.count(), Completion.objects.count()) == (1, 1)


def test_correction_revokes_and_giving_it_again_records_anew() -> None:
    seat = make_seat(make_session())
    mark(seat)
    first = Completion.objects.get()
    mark(seat, Outcome.PARTIAL, 120)
    assert list(Completion.objects.standing()) == []
    assert first.revocation.reason == (
        "Attendance was corrected. Attended 120 of 180 minutes; the rule asks for 160."
    )
    mark(seat, Outcome.ATTENDED, 165)
    second = Completion.objects.standing().get()
    seat.refresh_from_db()
    assert seat.completion == second
    assert second.source_key == f"{seat.pk}-{seat.attendances.last().pk}"
    assert seat.attendances.count() == 3


def test_another_count_of_minutes_leaves_the_completion_standing() -> None:
    seat = make_seat(make_session())
    mark(seat, minutes=175)
    mark(seat, minutes=178)
    assert Completion.objects.standing().count() == 1


def mark_as_loaded(seat: Registration, outcome: Outcome, minutes: int | None = None) -> Attendance:
    """Mark from a sheet loaded earlier: the seat is not read again."""
    return services.mark_attendance(
        registration=seat,
        outcome=outcome,
        minutes=minutes,
        actor=None,
        now=seat.session.ends_at + timedelta(hours=1),
    )


def two_sheets() -> tuple[Registration, Registration]:
    """The same seat as two coordinators loaded it before either marked."""
    seat = make_seat(make_session())
    return Registration.objects.get(pk=seat.pk), Registration.objects.get(pk=seat.pk)


def test_correction_from_an_older_sheet_takes_the_completion_back() -> None:
    first, second = two_sheets()
    mark_as_loaded(first, Outcome.ATTENDED, 175)
    mark_as_loaded(second, Outcome.NO_SHOW)
    assert (Completion.objects.count(), Completion.objects.standing().count()) == (1, 0)


def test_attended_from_an_older_sheet_after_no_show_completes() -> None:
    first, second = two_sheets()
    mark_as_loaded(first, Outcome.NO_SHOW)
    mark_as_loaded(second, Outcome.ATTENDED, 175)
    standing = Completion.objects.standing().get()
    assert Registration.objects.get(pk=second.pk).completion == standing


def test_attended_from_an_older_sheet_after_a_revocation_completes_anew() -> None:
    first, second = two_sheets()
    mark_as_loaded(first, Outcome.ATTENDED, 175)
    mark_as_loaded(first, Outcome.PARTIAL, 120)
    mark_as_loaded(second, Outcome.ATTENDED, 175)
    standing = Completion.objects.standing().get()
    assert Completion.objects.count() == 2
    assert Registration.objects.get(pk=second.pk).completion == standing


def test_attendance_refuses_a_seat_given_back_since_the_sheet_was_loaded() -> None:
    first, second = two_sheets()
    services.cancel_registration(registration=first, actor=None, now=EARLIER)
    code = refusal(mark_as_loaded, seat=second, outcome=Outcome.ATTENDED, minutes=175)
    assert code == "not_registered"


def test_attendance_waits_for_the_session_to_begin() -> None:
    seat = make_seat(make_session())
    call = services.mark_attendance
    arguments: dict[str, Any] = {"registration": seat, "outcome": Outcome.ATTENDED, "actor": None}
    early = seat.session.starts_at - timedelta(seconds=1)
    assert refusal(call, **arguments, now=early) == "not_started"
    assert refusal(call, **arguments, minutes=181, now=seat.session.ends_at) == "too_many_minutes"


def test_attendance_refuses_a_seat_given_back_or_of_another_session() -> None:
    session = make_session()
    gone = make_seat(session)
    services.cancel_registration(registration=gone, actor=None, now=EARLIER)
    assert refusal(mark, seat=gone) == "not_registered"
    elsewhere = make_seat(make_session())
    marks = [Mark(elsewhere, Outcome.ATTENDED)]
    call = services.mark_many
    assert (
        refusal(call, session=session, marks=marks, actor=None, now=session.ends_at)
        == "not_registered"
    )


def test_marking_many_is_all_or_nothing() -> None:
    session = make_session()
    good, bad = make_seat(session), make_seat(session)
    marks = [Mark(good, Outcome.ATTENDED, 170), Mark(bad, Outcome.NO_SHOW, 30)]
    code = refusal(
        services.mark_many, session=session, marks=marks, actor=None, now=session.ends_at
    )
    assert code == "minutes_without_coming"
    assert (Attendance.objects.count(), Completion.objects.count()) == (0, 0)


def test_session_is_pinned_to_the_version_in_force_when_it_began() -> None:
    page = make_live_page()
    training = page.training()
    assert training is not None
    session = make_session(training)
    seat = make_seat(session)
    # Both versions were frozen after the test's session began: the first one is the best there is.
    page.minutes = 200
    page.save_revision().publish()
    mark(seat)
    session.refresh_from_db()
    assert session.status == SessionStatus.HELD
    assert session.version is not None
    assert session.version.number == 1
    assert Completion.objects.get().minutes == 180


def test_begun_session_takes_the_newest_version_before_its_start() -> None:
    page = make_live_page()
    training = page.training()
    assert training is not None
    page.minutes = 200
    page.save_revision().publish()
    session = make_session(training, day=date(2099, 7, 14))
    begun = services.begin_session(session=session, actor=None, now=session.starts_at)
    assert begun.version is not None
    assert begun.version.number == 2
    again = services.begin_session(session=session, actor=None, now=session.ends_at)
    assert again.version == begun.version


def test_session_takes_an_older_version_that_came_back_before_its_start() -> None:
    training = make_live_page().training()
    assert training is not None
    first = training.versions.get()
    for spec, month in ((first.spec | {"minutes": 200}, 2), (first.spec, 6)):
        freeze(training=training, spec=spec, actor=None, now=datetime(2098, month, 1, tzinfo=UTC))
    pinned = []
    for month in (4, 7):
        session = make_session(training, day=date(2098, month, 14))
        begun = services.begin_session(session=session, actor=None, now=session.starts_at)
        assert begun.version is not None
        pinned.append(begun.version.number)
    assert pinned == [2, 1]


def test_sessions_begin_by_themselves_when_their_time_has_come() -> None:
    due, later = make_session(), make_session(day=date(2026, 7, 15))
    cancelled = make_session(title="Second room")
    services.cancel_session(session=cancelled, reason="x", actor=None, now=EARLIER)
    assert services.begin_due_sessions(now=due.starts_at) == 1
    assert services.begin_due_sessions(now=due.starts_at) == 0
    for session in (due, later, cancelled):
        session.refresh_from_db()
    assert [s.status for s in (due, later, cancelled)] == ["held", "scheduled", "cancelled"]


def test_cancelled_session_cannot_begin_and_held_one_with_attendance_not_be_cancelled() -> None:
    cancelled = make_session()
    services.cancel_session(session=cancelled, reason="x", actor=None, now=EARLIER)
    begin = services.begin_session
    now = cancelled.starts_at
    assert refusal(begin, session=cancelled, actor=None, now=now) == "cancelled"
    held = make_session()
    seat = make_seat(held)
    services.mark_attendance(
        registration=seat, outcome=Outcome.NO_SHOW, actor=None, now=held.starts_at
    )
    code = refusal(
        services.cancel_session, session=held, reason="x", actor=None, now=held.starts_at
    )
    assert code == "attendance_taken"


def test_decisions_about_attendance_are_not_rewritten() -> None:
    mark(make_seat(make_session(), make_person()))
    with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
        Attendance.objects.update(minutes=1)
