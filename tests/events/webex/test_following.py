"""Webex follows a session: its time, its title, its people, its end."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from events import services
from events.models import Session
from events.services import webex as service
from events.webex_models import WebexMeeting
from lms.core.exceptions import Refused
from tests.factories.events import EARLIER, make_live_training, make_session
from tests.factories.people import make_person
from tests.webex_server import Failure, State

pytestmark = pytest.mark.django_db


def make_webex_session(**fields: Any) -> Session:
    return make_session(**{"join_url": "", **fields})


def settle(session: Session, now: datetime = EARLIER) -> WebexMeeting:
    """Let the worker at it; what stands at Webex afterwards, as we have it."""
    service.settle(session.pk, now=now)
    session.refresh_from_db()
    return WebexMeeting.objects.get(session=session)


def only(state: State) -> dict[str, Any]:
    [meeting] = state.meetings.values()
    return meeting


def test_a_session_on_webex_has_its_meeting_made(webex: State) -> None:
    session = make_webex_session(title="Screening for trafficking")
    meeting = settle(session)
    made = only(webex)
    assert (made["title"], made["start"], made["timezone"]) == (
        "Screening for trafficking",
        "2026-07-14T10:00:00",
        "America/New_York",
    )
    assert made["end"] == "2026-07-14T13:00:00"
    assert session.join_url == made["webLink"]
    assert meeting.is_settled


@pytest.mark.parametrize(
    "fields", [{"join_url": "https://example.org/own"}, {"platform": "Borough Hall"}]
)
def test_no_meeting_is_made_for_a_session_that_has_a_place(
    webex: State, fields: dict[str, str]
) -> None:
    session = make_webex_session(**fields)
    assert not WebexMeeting.objects.exists()
    assert service.settle(session.pk, now=EARLIER) is False
    assert webex.calls == []


def test_without_webex_in_the_settings_a_link_is_pasted_as_before() -> None:
    session = make_webex_session()
    assert not WebexMeeting.objects.exists()
    with pytest.raises(Refused, match="Paste the join link"):
        services.want_webex_meeting(session=session, actor=None, now=EARLIER)


def test_a_session_that_moves_takes_its_meeting_along(webex: State) -> None:
    session = make_webex_session()
    settle(session)
    services.reschedule_session(
        session=session, day=date(2026, 11, 3), start=time(9), end=time(12), actor=None, now=EARLIER
    )
    meeting = settle(session)
    assert only(webex)["start"] == "2026-11-03T09:00:00"
    assert meeting.is_settled
    assert len(webex.called("POST", "/meetings")) == 1


def test_settling_again_calls_nobody(webex: State) -> None:
    session = make_webex_session()
    settle(session)
    called = len(webex.calls)
    assert service.settle(session.pk, now=EARLIER) is False
    assert service.settle_due(now=EARLIER + timedelta(days=1)) == 0
    assert len(webex.calls) == called


def test_a_cancelled_session_has_its_meeting_deleted(webex: State) -> None:
    session = make_webex_session()
    settle(session)
    services.cancel_session(session=session, reason="Snow", actor=None, now=EARLIER)
    meeting = settle(session)
    assert webex.meetings == {}
    assert session.join_url == ""
    assert meeting.is_settled


def test_a_meeting_deleted_there_by_somebody_is_made_anew(webex: State) -> None:
    session = make_webex_session()
    settle(session)
    first = session.join_url
    webex.meetings.clear()
    services.change_details(session=session, title="New title", actor=None, now=EARLIER)
    settle(session)
    assert only(webex)["title"] == "New title"
    assert session.join_url == only(webex)["webLink"] != first


def test_a_creation_nobody_heard_back_of_is_not_repeated(webex: State) -> None:
    """The worker dies, or the line drops, after Webex has made the meeting."""
    session = make_webex_session()
    service.connect().invitees("warm-up-the-token")
    # The search for it passes, the creation does and then fails.
    webex.failures.extend([None, Failure(502, after=True)])
    meeting = settle(session)
    assert meeting.error
    assert len(webex.meetings) == 1
    meeting = settle(session, EARLIER + timedelta(hours=1))
    assert len(webex.meetings) == 1
    assert session.join_url == only(webex)["webLink"]
    assert meeting.is_settled


def test_people_are_invited_when_they_register_and_taken_off_when_they_leave(
    webex: State,
) -> None:
    session = make_webex_session()
    settle(session)
    ana, ben = make_person(email="ana@example.org"), make_person(email="ben@example.org")
    seat = services.register(session=session, person=ana, actor=ana, now=EARLIER)
    services.register(session=session, person=ben, actor=ben, now=EARLIER)
    settle(session)
    assert {each["email"] for each in webex.invitees.values()} == {ana.email, ben.email}
    services.cancel_registration(registration=seat, actor=ana, now=EARLIER)
    settle(session)
    assert {each["email"] for each in webex.invitees.values()} == {ben.email}
    services.register(session=session, person=ana, actor=ana, now=EARLIER)
    settle(session)
    assert {each["email"] for each in webex.invitees.values()} == {ana.email, ben.email}


def test_who_waits_for_a_seat_is_not_invited(webex: State) -> None:
    session = make_webex_session(capacity=1)
    for name in ("ana", "ben"):
        person = make_person(email=f"{name}@example.org")
        services.register(
            session=session, person=person, actor=person, wait_if_full=True, now=EARLIER
        )
    settle(session)
    assert [each["email"] for each in webex.invitees.values()] == ["ana@example.org"]


def test_an_invitation_nobody_heard_back_of_is_found_again(webex: State) -> None:
    session = make_webex_session()
    meeting = settle(session)
    for name in ("ana", "ben"):
        person = make_person(email=f"{name}@example.org")
        services.register(session=session, person=person, actor=person, now=EARLIER)
    # Ana was invited by hand, or in a call that was cut off.
    service.connect().invite(meeting.meeting_id, [("Ana@example.org", "Ana")])
    settle(session)
    assert len(webex.invitees) == 2
    assert meeting.seats.exclude(remote_id="").count() == 2


def test_a_hundred_and_one_people_are_invited_in_two_calls(webex: State) -> None:
    session = make_webex_session(capacity=200)
    for number in range(101):
        person = make_person(email=f"p{number}@example.org")
        services.register(session=session, person=person, actor=person, now=EARLIER)
    settle(session)
    assert len(webex.invitees) == 101
    assert len(webex.called("POST", "/meetingInvitees/bulkInsert")) == 2


def test_webex_down_delays_and_loses_nothing(webex: State) -> None:
    session = make_webex_session()
    webex.failures.extend([Failure(503)] * 2)
    meeting = settle(session)
    assert "Told to fail" in meeting.error
    assert not meeting.is_settled
    # Not before its pause is over.
    assert service.settle(session.pk, now=EARLIER + timedelta(seconds=1)) is False
    assert service.settle_due(now=EARLIER + timedelta(minutes=5)) == 1
    meeting = settle(session, EARLIER + timedelta(hours=2))
    assert (meeting.error, meeting.is_settled) == ("", True)
    assert len(webex.meetings) == 1


def test_a_busy_webex_is_asked_again_when_it_said(webex: State) -> None:
    session = make_webex_session()
    service.connect().invitees("warm-up-the-token")
    webex.failures.append(Failure(429, {"Retry-After": "120"}))
    meeting = settle(session)
    assert meeting.try_at == EARLIER + timedelta(seconds=120)
    assert meeting.tries == 0


def test_a_change_while_webex_is_being_told_is_not_lost(webex: State) -> None:
    """Settled is what was seen when the calls began."""
    session = make_webex_session()
    meeting = WebexMeeting.objects.get(session=session)
    WebexMeeting.objects.filter(pk=meeting.pk).update(claimed_until=EARLIER + timedelta(minutes=9))
    assert service.settle(session.pk, now=EARLIER) is False
    # The worker that held it died: its claim runs out.
    assert service.settle(session.pk, now=EARLIER + timedelta(minutes=10)) is True
    assert len(webex.meetings) == 1


def test_what_a_coordinator_pasted_stays(webex: State) -> None:
    session = make_webex_session()
    settle(session)
    own = "https://example.org/another-room"
    services.change_details(session=session, join_url=own, actor=None, now=EARLIER)
    services.change_details(session=session, title="New title", actor=None, now=EARLIER)
    settle(session)
    assert session.join_url == own


def test_a_meeting_can_be_taken_away_and_made_a_webinar(webex: State) -> None:
    session = make_webex_session()
    settle(session)
    with pytest.raises(Refused, match="Take the present meeting away"):
        services.want_webex_meeting(session=session, kind="webinar", actor=None, now=EARLIER)
    services.drop_webex_meeting(session=session, actor=None, now=EARLIER)
    settle(session)
    assert webex.meetings == {}
    services.want_webex_meeting(session=session, kind="webinar", actor=None, now=EARLIER)
    ana = make_person(email="ana@example.org", name="Ana Diaz")
    seat = services.register(session=session, person=ana, actor=ana, now=EARLIER)
    settle(session)
    assert only(webex)["scheduledType"] == "webinar"
    [registrant] = webex.registrants.values()
    assert (registrant["firstName"], registrant["sendEmail"]) == ("Ana", True)
    services.cancel_registration(registration=seat, actor=ana, now=EARLIER)
    settle(session)
    assert webex.registrants == {}


def test_nothing_is_changed_at_webex_once_a_session_began(webex: State) -> None:
    session = make_webex_session()
    begun = datetime(2026, 7, 14, 14, 30, tzinfo=UTC)
    meeting = settle(session, begun)
    assert webex.meetings == {}
    assert meeting.try_at is None


def test_joining_leads_straight_in_under_ones_own_name(webex: State) -> None:
    session = make_webex_session()
    settle(session)
    ana = make_person(email="ana@example.org")
    assert "for=ana%40example.org" in services.own_link(session, ana)
    webex.failures.append(Failure(503))
    assert services.own_link(session, ana) == ""


def test_following_costs_nothing_without_webex(django_assert_num_queries: Any) -> None:
    session = make_session(make_live_training())
    with django_assert_num_queries(0):
        service.follow(session, now=EARLIER)
