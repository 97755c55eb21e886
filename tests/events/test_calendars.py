"""Calendar messages as other people's programs read them: libical judges, ical.js reads."""

import email
import email.policy
import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from icalendar import Calendar

from events import calendars, services
from events.models import LiveTrainingPage, Registration, Session
from lms.core.time import NEW_YORK
from tests.events.test_series import make_series
from tests.factories.events import EARLIER, make_live_training, make_seat, make_session
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db

HERE = Path(__file__).parent
PROJECT = HERE.parents[1]
# One date in each quarter, and the weeks around both clock changes (10 am Eastern in UTC).
DATES = {
    date(2027, 1, 12): 15,
    date(2027, 3, 9): 15,
    date(2027, 3, 11): 15,
    date(2027, 3, 16): 14,
    date(2027, 4, 13): 14,
    date(2027, 7, 13): 14,
    date(2027, 10, 12): 14,
    date(2027, 11, 2): 14,
    date(2027, 11, 4): 14,
    date(2027, 11, 9): 15,
}


BINDINGS = "import gi; gi.require_version('ICalGLib', '3.0'); from gi.repository import ICalGLib"


@cache
def system_python() -> str:
    """The machine's own Python that has libical's bindings; "" where none has."""
    for path in ("/usr/bin/python3", shutil.which("python3") or ""):
        if path and subprocess.run([path, "-c", BINDINGS], check=False).returncode == 0:
            return path
    return ""


def libical(*texts: str) -> list[dict[str, Any]]:
    python = system_python()
    if not python:
        # Skipped on a bare machine only: the gate installs them, and there a skip is a failure.
        pytest.skip("libical's bindings are missing: apt-get install gir1.2-ical-3.0 python3-gi")
    done = subprocess.run(
        [python, str(HERE / "libical_check.py")],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def icaljs(*texts: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [str(PROJECT / ".venv" / "bin" / "node"), str(HERE / "icaljs_check.mjs")],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def seat_on(day: date, **fields: Any) -> Registration:
    return make_seat(make_session(day=day, **fields))


KINDS: dict[str, Callable[[Registration], str]] = {
    "invitation": lambda seat: calendars.invitation(seat, now=EARLIER),
    "withdrawal": lambda seat: calendars.withdrawal(seat, now=EARLIER),
    "seat file": calendars.seat_file,
    "session file": lambda seat: calendars.session_file(seat.session),
    "personal feed": lambda seat: calendars.personal_feed([seat], uid="feed-1"),
    "training feed": lambda seat: calendars.training_feed(
        [seat.session], name="CTDB training", uid="feed-2"
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_libical_and_icaljs_agree_on_every_date(kind: str) -> None:
    training = make_live_training()
    seats = [make_seat(make_session(training, day=day)) for day in DATES]
    texts = [KINDS[kind](seat) for seat in seats]
    expected = [
        int(datetime(day.year, day.month, day.day, hour, tzinfo=UTC).timestamp())
        for day, hour in DATES.items()
    ]
    judged = libical(*texts)
    assert [verdict["errors"] for verdict in judged] == [[] for _ in DATES]
    assert {verdict["valid"] for verdict in judged} == {True}
    assert [verdict["starts"] for verdict in judged] == [[moment] for moment in expected]
    read = icaljs(*texts)
    assert [found["events"][0]["start"] for found in read] == expected
    assert {found["events"][0]["end"] - found["events"][0]["start"] for found in read} == {10800}


def feed_of_series(sessions: list[Session]) -> str:
    return reverse("calendars:series", args=[make_series(*sessions).slug])


def feed_of_training(sessions: list[Session]) -> str:
    key = sessions[0].training.key
    return reverse(
        "calendars:training", args=[LiveTrainingPage.objects.get(translation_key=key).slug]
    )


@pytest.mark.parametrize("address", [feed_of_series, feed_of_training])
def test_libical_and_icaljs_agree_on_public_feeds(
    client: Client, address: Callable[[list[Session]], str]
) -> None:
    training = make_live_training()
    sessions = [make_session(training, day=day) for day in DATES]
    expected = [int(session.starts_at.timestamp()) for session in sessions]
    services.cancel_session(session=sessions[-1], reason="Storm.", actor=None, now=EARLIER)
    text = client.get(address(sessions)).content.decode()
    assert libical(text) == [{"valid": True, "errors": [], "starts": expected}]
    events = icaljs(text)[0]["events"]
    assert [event["start"] for event in events] == expected
    assert {event["end"] - event["start"] for event in events} == {10800}
    assert text.count("STATUS:CANCELLED") == 1
    assert ("ATTENDEE" in text, "secret-room" in text) == (False, False)


def test_libical_objects_to_what_is_wrong() -> None:
    """The judge is awake: the mistakes of other systems do not pass."""
    good = calendars.invitation(make_seat(make_session()), now=EARLIER)
    lines = good.split("\r\n")

    def without(name: str) -> str:
        return "\r\n".join(line for line in lines if not line.startswith(name))

    public = good.replace("METHOD:REQUEST", "METHOD:PUBLISH")  # with an attendee
    wrong = [without("ATTENDEE"), without("ORGANIZER"), without("UID"), public]
    assert [verdict["valid"] for verdict in libical(good, *wrong)] == [True, *[False] * 4]


def test_icaljs_is_an_hour_off_with_the_librarys_own_zone() -> None:
    """Why our zone is a constant: the generated one is misread in summer."""
    text = calendars.session_file(make_session())
    calendar = Calendar.from_ical(text)
    calendar.subcomponents = [part for part in calendar.subcomponents if part.name != "VTIMEZONE"]
    calendar.add_missing_timezones()
    ours, generated = icaljs(text, calendar.to_ical().decode())
    assert generated["events"][0]["start"] - ours["events"][0]["start"] == 3600


def test_zone_we_ship_no_rules_for_is_written_as_utc() -> None:
    session = make_session(zone="America/Los_Angeles")
    text = calendars.session_file(session)
    assert "DTSTART:20260714T170000Z" in text
    assert "VTIMEZONE" not in text
    assert icaljs(text)[0]["events"][0]["start"] == int(session.starts_at.timestamp())


def calendar_parts(message: Any) -> list[EmailMessage]:
    parsed = email.message_from_bytes(
        message.message().as_bytes(linesep="\r\n"), policy=email.policy.default
    )
    assert parsed.get_content_type() == "multipart/alternative"
    assert isinstance(parsed, EmailMessage)
    return [part for part in parsed.iter_parts() if isinstance(part, EmailMessage)]


def sent_calendars() -> list[dict[str, Any]]:
    """Each mail's calendar as ical.js reads it, with its recipient."""
    texts = [calendar_parts(message)[-1].get_content() for message in mail.outbox]
    assert {verdict["valid"] for verdict in libical(*texts)} == {True}
    return [
        {"to": message.to[0], "method": read["method"], **read["events"][0]}
        for message, read in zip(mail.outbox, icaljs(*texts), strict=True)
    ]


def test_life_of_a_seat_in_calendars(django_capture_on_commit_callbacks: Any) -> None:
    """Registering, a move, giving back, registering again, the session's end: one UID, rising."""
    session = make_session()
    ana, ben = make_person("ana@example.org"), make_person("ben@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        seat = make_seat(session, ana)
        make_seat(session, ben)
    with django_capture_on_commit_callbacks(execute=True):
        services.reschedule_session(
            session=session, day=date(2026, 7, 16), start=time(9), end=time(12), actor=None,
            now=EARLIER,
        )  # fmt: skip
    session.refresh_from_db()
    seat = Registration.objects.select_related("session__training__owner").get(pk=seat.pk)
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel_registration(registration=seat, actor=ana, now=EARLIER)
    with django_capture_on_commit_callbacks(execute=True):
        make_seat(Session.objects.get(), ana)
    with django_capture_on_commit_callbacks(execute=True):
        services.cancel_session(session=session, reason="Snow.", actor=None, now=EARLIER)

    sent = sent_calendars()
    to_ana = [message for message in sent if message["to"] == "ana@example.org"]
    assert [(m["method"], m["sequence"], m["status"]) for m in to_ana] == [
        ("REQUEST", 0, "CONFIRMED"),
        ("REQUEST", 1, "CONFIRMED"),
        ("CANCEL", 2, "CANCELLED"),
        ("REQUEST", 3, "CONFIRMED"),
        ("CANCEL", 4, "CANCELLED"),
    ]
    assert {m["uid"] for m in to_ana} == {seat.uid}
    assert [m["start"] for m in to_ana][:2] == [
        int(datetime(2026, 7, 14, 14, tzinfo=UTC).timestamp()),
        int(datetime(2026, 7, 16, 13, tzinfo=UTC).timestamp()),
    ]
    to_ben = [message for message in sent if message["to"] == "ben@example.org"]
    assert [(m["method"], m["sequence"]) for m in to_ben] == [
        ("REQUEST", 0),
        ("REQUEST", 1),
        ("CANCEL", 2),
    ]
    assert {m["uid"] for m in to_ben} & {m["uid"] for m in to_ana} == set()


def test_mail_carries_the_calendar_as_its_last_alternative(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make_seat(make_session(), make_person("ana@example.org", name="Ana Núñez"))
    parts = calendar_parts(mail.outbox[0])
    assert [part.get_content_type() for part in parts] == [
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    part = parts[-1]
    assert dict(part["Content-Type"].params) == {"method": "REQUEST", "charset": "utf-8"}
    assert part["Content-Disposition"] is None
    raw = part.get_payload(decode=True)
    assert isinstance(raw, bytes)
    calendar = Calendar.from_ical(raw)
    assert calendar["METHOD"] == "REQUEST"
    (event,) = calendar.walk("VEVENT")
    assert "METHOD" not in event
    assert str(event["ATTENDEE"]) == "mailto:ana@example.org"
    assert event["ATTENDEE"].params["CN"] == "Ana Núñez"
    assert str(event["ORGANIZER"]) == "mailto:trainings@example.org"
    assert "declining" in str(event["DESCRIPTION"]).lower()


def test_organizer_is_never_invited_to_its_own_session(
    django_capture_on_commit_callbacks: Any,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        make_seat(make_session(), make_person("trainings@example.org"))
    types = [part.get_content_type() for part in calendar_parts(mail.outbox[0])]
    assert types == ["text/plain", "text/html"]


@pytest.mark.parametrize("title", ["Épreuve " * 12, "👩‍🏫 " * 30, "a;b,c\\d " * 20])
def test_lines_end_and_fold_as_the_standard_says(title: str) -> None:
    text = calendars.invitation(make_seat(make_session(title=title)), now=EARLIER)
    raw = text.encode()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 75
    for line in raw.split(b"\r\n"):
        line.decode()  # no sign is cut in two
    assert icaljs(text)[0]["events"][0]["summary"] == title.strip()


def test_control_characters_do_not_reach_calendars() -> None:
    title = "Signs\x1b[31m of\x9b trafficking\x00\x07"
    session = make_session(title="Signs of trafficking")
    session.title = title
    session.location = "Room\rATTENDEE:mailto:eve@example.org"
    text = calendars.session_file(session)
    assert "SUMMARY:Signs[31m of trafficking\r\n" in text
    assert "LOCATION:Room ATTENDEE:mailto:eve@example.org\r\n" in text
    assert [sign for sign in text if ord(sign) < 32 and sign not in "\r\n"] == []


def test_same_rows_give_the_same_bytes() -> None:
    seat = make_seat(make_session())
    for write in KINDS.values():
        assert write(seat) == write(seat)


def test_our_zone_is_new_yorks_until_the_laws_change() -> None:
    """The two rules against the time-zone database, every half hour of two years."""
    zone = Calendar.from_ical(calendars.session_file(make_session())).walk("VTIMEZONE")[0].to_tz()
    moment, end = datetime(2026, 1, 1), datetime(2028, 1, 1)
    wrong = []
    while moment < end:
        ours, theirs = moment.replace(tzinfo=zone), moment.replace(tzinfo=NEW_YORK)
        if ours.utcoffset() != theirs.utcoffset():
            wrong.append(moment)
        moment += timedelta(minutes=30)
    # The hour that does not exist is read one way by one library, another way by the other.
    assert [m for m in wrong if (m.month, m.hour) != (3, 2)] == []


def test_public_files_name_no_attendee() -> None:
    seat = make_seat(make_session())
    for kind in ("seat file", "session file", "personal feed", "training feed"):
        text = KINDS[kind](seat)
        assert "ATTENDEE" not in text
        assert str(seat.person.email) not in text
        assert "secret-room" not in text


def test_feed_says_how_often_to_look() -> None:
    text = calendars.personal_feed([], uid="feed-1")
    assert libical(text) == [{"valid": True, "errors": [], "starts": []}]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H\r\n" in text
    assert "X-PUBLISHED-TTL:PT1H\r\n" in text
    assert all(first != second for first, second in pairwise(text.split("\r\n")[:-1]))
