"""Calendar files: invitations, cancellations, downloads and feeds (RFC 5545, 5546, 6047, 7986).

A seat has one UID wherever it appears; SEQUENCE and DTSTAMP come from the rows, so the same rows
give the same bytes. Invitations name one attendee, the recipient, and never the others. The join
link is in none of them: calendars are shared and forwarded, so they lead to the session's page,
where it opens for those who are registered.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vCalAddress
from icalendar.enums import CUTYPE, PARTSTAT, ROLE, STATUS, TRANSP

from events.models import Registration, Session
from lms.core.time import NEW_YORK

# The library generates a list of dates for each zone, which Outlook and ical.js misread by an hour
# in summer; these two rules are read rightly by every calendar tried.
EASTERN = """\
BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:DAYLIGHT
DTSTART:20070311T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZNAME:EDT
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZNAME:EST
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
END:VTIMEZONE
"""
REFRESH = timedelta(hours=1)


@dataclass(frozen=True)
class Entry:
    """One event to write: the session, under a UID and SEQUENCE of its own."""

    session: Session
    uid: str
    sequence: int
    changed_at: datetime
    cancelled: bool
    attendee: vCalAddress | None = None


def invitation(registration: Registration, *, now: datetime) -> str:
    """METHOD:REQUEST to the registered person: a new seat, a revived one, or a moved session."""
    return _write([_seat_for_mail(registration, now)], method="REQUEST")


def withdrawal(registration: Registration, *, now: datetime) -> str:
    """METHOD:CANCEL to the person whose seat is no more."""
    return _write([_seat_for_mail(registration, now, cancelled=True)], method="CANCEL")


def seat_file(registration: Registration) -> str:
    """A file to open in a calendar, under the same UID as the invitation."""
    return _write([_seat(registration)], method="PUBLISH")


def session_file(session: Session) -> str:
    """A file to open in a calendar, for anyone."""
    return _write([_session(session)], method="PUBLISH")


def personal_feed(registrations: Iterable[Registration], *, uid: str) -> str:
    """Somebody's seats; those given back stay as cancelled, so that calendars follow."""
    entries = [_seat(registration) for registration in registrations]
    return _write(entries, name=_("My trainings"), uid=uid)


def training_feed(sessions: Iterable[Session], *, name: str, uid: str) -> str:
    """A training's dates, for anyone."""
    return _write([_session(session) for session in sessions], name=name, uid=uid)


def organizer_address() -> str:
    """The mailbox invitations come from, which is also the one that may receive answers."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def session_address(session: Session) -> str:
    """The session's page, in full."""
    return settings.SITE_ORIGIN + reverse("events:session", args=[session.pk])


def _seat(registration: Registration) -> Entry:
    session = registration.session
    return Entry(
        session=session,
        uid=registration.uid,
        sequence=registration.sequence,
        changed_at=max(registration.updated_at, session.updated_at),
        cancelled=session.is_cancelled or not registration.is_live,
    )


def _seat_for_mail(registration: Registration, now: datetime, *, cancelled: bool = False) -> Entry:
    person = registration.person.canonical
    attendee = vCalAddress.new(
        person.email,
        cn=_plain(str(person)),
        cutype=CUTYPE.INDIVIDUAL,
        role=ROLE.REQ_PARTICIPANT,
        # Asked for an answer, calendars show the entry with its buttons; a withdrawal asks nothing.
        partstat=None if cancelled else PARTSTAT.NEEDS_ACTION,
        rsvp=None if cancelled else True,
    )
    return Entry(
        session=registration.session,
        uid=registration.uid,
        sequence=registration.sequence,
        changed_at=now,
        cancelled=cancelled,
        attendee=attendee,
    )


def _session(session: Session) -> Entry:
    return Entry(
        session=session,
        uid=session.uid,
        sequence=session.sequence,
        changed_at=session.updated_at,
        cancelled=session.is_cancelled,
    )


def _write(
    entries: list[Entry], *, method: str | None = None, name: str | None = None, uid: str = ""
) -> str:
    """The calendar's text: CRLF, folded at 75 octets, and nothing in it that changes by itself."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{_host()}//{_plain(settings.WAGTAIL_SITE_NAME)}//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    if method:
        calendar.add("method", method)
    if name:
        calendar.add("uid", uid)
        calendar.add("name", _plain(name))
        calendar.add("x-wr-calname", _plain(name))
        # VALUE=DURATION is mandatory (RFC 7986 5.7), and the library's own way leaves it out.
        calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
        if entries:
            calendar.add("last-modified", max(entry.changed_at for entry in entries))
    for entry in entries:
        calendar.add_component(_event(entry))
    text: str = calendar.to_ical().decode()
    # A calendar has at least one component (RFC 5545 3.6), so an empty feed has its zone.
    if name or any(_in_eastern(entry.session) for entry in entries):
        # As text: the library would read and write the same lines for every mail and feed.
        begin = "\r\nBEGIN:VEVENT\r\n" if entries else "\r\nEND:VCALENDAR\r\n"
        before, _begin, after = text.partition(begin)
        text = before + "\r\n" + EASTERN.replace("\n", "\r\n") + begin.lstrip() + after
    return text


def _event(entry: Entry) -> Event:
    session = entry.session
    eastern = _in_eastern(session)
    # A zone we ship no rules for is written as UTC: right in every calendar, with or without them.
    zone = NEW_YORK if eastern else UTC
    organizer = vCalAddress.new(organizer_address(), cn=_plain(settings.WAGTAIL_SITE_NAME))
    return Event.new(
        uid=entry.uid,
        sequence=entry.sequence,
        stamp=entry.changed_at,
        created=session.created_at,
        last_modified=entry.changed_at,
        start=session.starts_at.astimezone(zone),
        end=session.ends_at.astimezone(zone),
        summary=_plain(session.name),
        location=_plain(session.location or session.platform) or None,
        description=_description(session),
        url=session_address(session),
        organizer=organizer,
        attendees=[entry.attendee] if entry.attendee else None,
        status=STATUS.CANCELLED if entry.cancelled else STATUS.CONFIRMED,
        transparency=TRANSP.TRANSPARENT if entry.cancelled else TRANSP.OPAQUE,
    )


def _description(session: Session) -> str:
    """What a reader needs even where the mail's own text is hidden behind the invitation."""
    return "\n".join(
        [
            _("Join, see what you need, or give your seat back:"),
            session_address(session),
            _("Declining here does not free your seat: give it back on that page."),
        ]
    )


def _in_eastern(session: Session) -> bool:
    return session.zone == NEW_YORK.key


def _host() -> str:
    return settings.SITE_ORIGIN.partition("//")[2]


def _plain(text: str) -> str:
    """One line without control characters, which calendars refuse or, worse, obey."""
    spaced = " ".join(text.split())
    return "".join(sign for sign in spaced if unicodedata.category(sign) != "Cc")
