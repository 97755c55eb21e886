"""A session that moves takes its windows along, and leaves the check-ins of the old day behind."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from events import services
from events.check_in_models import CheckIn
from events.enums import Outcome
from events.models import Registration, Session
from events.wall_time import moment
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from tests.factories.events import EARLIER, make_seat, make_session
from tests.factories.people import make_person
from tests.portal.test_desk_sessions import Desk, path, words

pytestmark = pytest.mark.django_db

CLOSES = datetime(2026, 7, 12, 4, tzinfo=UTC)  # midnight in New York
LAST_BACK = datetime(2026, 7, 10, 21, 30, tzinfo=UTC)


def move(
    session: Session, day: date, *, start: time = time(10), now: datetime = EARLIER
) -> Session:
    return services.reschedule_session(
        session=session, day=day, start=start, end=time(13), actor=make_person(), now=now
    )


def test_windows_move_by_as_many_days_on_local_clocks() -> None:
    session = make_session(
        registration_opens_at=CLOSES - timedelta(days=30),
        registration_closes_at=CLOSES,
        cancellation_closes_at=LAST_BACK,
    )
    moved = Session.objects.get(pk=move(session, date(2026, 8, 20)).pk)
    shift = timedelta(days=37)
    assert moved.registration_opens_at == CLOSES - timedelta(days=30) + shift
    assert moved.registration_closes_at == CLOSES + shift
    assert moved.cancellation_closes_at == LAST_BACK + shift
    # Into winter: midnight stays midnight, which is an hour later in UTC.
    winter = Session.objects.get(pk=move(moved, date(2026, 12, 8)).pk)
    assert winter.registration_closes_at == datetime(2026, 12, 6, 5, tzinfo=UTC)
    # And back, to the very same moments; another hour of the same day moves nothing.
    back = Session.objects.get(pk=move(winter, date(2026, 7, 14), start=time(9)).pk)
    assert (back.registration_closes_at, back.cancellation_closes_at) == (CLOSES, LAST_BACK)


def test_people_register_and_give_back_by_the_new_day() -> None:
    session = make_session(registration_closes_at=CLOSES, cancellation_closes_at=LAST_BACK)
    seat = make_seat(session)
    moved = move(session, date(2026, 8, 20))
    late = datetime(2026, 7, 20, tzinfo=UTC)
    make_seat(moved, now=late)
    fresh = Registration.objects.select_related("session__training__owner").get(pk=seat.pk)
    given = services.cancel_registration(registration=fresh, actor=seat.person, now=late)
    assert given.is_cancelled


def test_check_ins_of_the_old_day_are_void_and_audited() -> None:
    session = make_session(check_in_code="BLUE", code_asked=True, min_minutes=60)
    seat = make_seat(session)
    near = datetime(2026, 7, 14, 13, 30, tzinfo=UTC)
    services.check_in(registration=seat, actor=None, code="BLUE", now=near)
    later = move(session, date(2026, 7, 14), start=time(11), now=near)
    assert CheckIn.objects.filter(registration=seat).exists()  # the same day: they are there
    move(later, date(2026, 8, 20), now=near)
    assert not CheckIn.objects.filter(registration=seat).exists()
    row = AuditEntry.objects.get(action="registration.check_in_voided")
    assert row.object_id == str(seat.pk)
    # Nobody is certified by a code typed on the wrong day.
    after = datetime(2026, 8, 20, 18, tzinfo=UTC)
    fresh = Registration.objects.select_related("session__training__owner").get(pk=seat.pk)
    mark = services.Mark(registration=fresh, outcome=Outcome.ATTENDED, minutes=120)
    with pytest.raises(Refused, match="code"):
        services.mark_many(session=fresh.session, marks=[mark], actor=make_person(), now=after)


def test_preview_lists_old_and_new_moments() -> None:
    desk = Desk()
    session = desk.session()
    closes = session.starts_at - timedelta(days=2)
    Session.objects.filter(pk=session.pk).update(registration_closes_at=closes)
    CheckIn.objects.create(registration=make_seat(session, now=datetime.now(UTC)))
    day = session.day + timedelta(days=7)
    data = {"day": str(day), "start": "10 am", "end": "1 pm", "zone": "", "step": "look"}
    text = words(desk.client.post(path("time", session), data))
    assert f"Registration closes {moment(closes + timedelta(days=7))}" in text
    assert f"Until now: {moment(closes)}" in text
    assert "1 person has checked in already." in text
    assert CheckIn.objects.count() == 1
    desk.client.post(path("time", session), {**data, "step": "save"})
    assert CheckIn.objects.count() == 0
