"""Who is invited to a session's meeting at Webex, or registered for its webinar.

Those who left go first, so that their places are free. One whom Webex refuses stops nobody behind:
the others are told, and what was refused is summed up at the end. Names stay out of the summary,
which is kept and logged; the desk looks up who is missing (`webex_selectors`).
"""

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import ngettext

from events.models import Registration
from events.webex import UnreachableError, Webex, WebexError
from events.webex.client import MOST_INVITEES
from events.webex.errors import KnownError, UnauthorizedError
from events.webex_models import WebexMeeting, WebexSeat
from events.webex_selectors import missing

# Not about one person: nobody else would fare better now.
_ALL = (UnauthorizedError, UnreachableError)
_NOT_UNDERSTOOD = 400
_ADDRESS = re.compile(r"\S+@\S+")
_REASONS = 3


class RefusedPeopleError(WebexError):
    """Some people could not be put there; everybody else was."""

    def __init__(self, reasons: list[str]) -> None:
        said = list(dict.fromkeys(_ADDRESS.sub("…", reason) for reason in reasons))[:_REASONS]
        summary = ngettext(
            "%(count)s person was refused, everybody else is there: %(reasons)s",
            "%(count)s people were refused, everybody else is there: %(reasons)s",
            len(reasons),
        )
        super().__init__(summary % {"count": len(reasons), "reasons": "; ".join(said)})


def settle_people(meeting: WebexMeeting, webex: Webex, now: datetime, *, webinar: bool) -> None:
    """Take off who has no seat any more, then put everybody there who has one.

    What each call led to is kept at once, so that little is asked twice after a failure. Raises
    what concerns all at once, and RefusedPeopleError when it is done but for some.
    """
    refused: list[str] = []
    for gone in _gone(meeting):
        _one_by_one(refused, partial(_take_off, meeting, webex, gone, webinar=webinar))
    people = missing(meeting)
    if webinar:
        for seat in people:
            _one_by_one(refused, partial(_register, meeting, webex, seat, now))
    else:
        for start in range(0, len(people), MOST_INVITEES):
            _invite(meeting, webex, people[start : start + MOST_INVITEES], refused, now)
    if refused:
        raise RefusedPeopleError(refused)


def _one_by_one(refused: list[str], call: Callable[[], object]) -> None:
    """A call about one person: what Webex says against them is noted, and it goes on."""
    try:
        call()
    except _ALL:
        raise
    except WebexError as error:
        refused.append(str(error))


def _gone(meeting: WebexMeeting) -> list[WebexSeat]:
    seats = meeting.seats.select_related("registration")
    return [seat for seat in seats if not seat.registration.is_live]


def _take_off(meeting: WebexMeeting, webex: Webex, gone: WebexSeat, *, webinar: bool) -> None:
    if gone.remote_id and webinar:
        webex.remove_registrant(meeting.meeting_id, gone.remote_id)
    elif gone.remote_id:
        webex.uninvite(gone.remote_id)
    gone.delete()


def _register(meeting: WebexMeeting, webex: Webex, seat: Registration, now: datetime) -> None:
    """For a webinar, where each has a link of their own."""
    person = seat.person.canonical
    remote = webex.add_registrant(
        meeting.meeting_id,
        email=str(person.email),
        first=person.first_name,
        last=person.last_name,
    )
    WebexSeat.objects.create(meeting=meeting, registration=seat, remote_id=remote, at=now)


def _invite(
    meeting: WebexMeeting,
    webex: Webex,
    seats: list[Registration],
    refused: list[str],
    now: datetime,
) -> None:
    """Invite all at once; where Webex does not take the list, one by one."""
    try:
        answered = webex.invite(meeting.meeting_id, [_named(seat) for seat in seats])
    except KnownError:
        # Some are there already: all of a call that was not heard back of, or by hand.
        answered = webex.invitees(meeting.meeting_id)
        there = {str(each.get("email", "")).lower() for each in answered}
        known = [seat for seat in seats if str(seat.person.canonical.email) in there]
        _keep(meeting, known, answered, now)
        rest = [seat for seat in seats if str(seat.person.canonical.email) not in there]
        if rest and len(rest) == len(seats):
            # Known, and yet not in the list: asking for the same again would not end.
            _invite_each(meeting, webex, rest, refused, now)
        elif rest:
            _invite(meeting, webex, rest, refused, now)
    except _ALL:
        raise
    except WebexError as error:
        if error.http_status != _NOT_UNDERSTOOD:
            raise
        _invite_each(meeting, webex, seats, refused, now)
    else:
        _keep(meeting, seats, answered, now)


def _invite_each(
    meeting: WebexMeeting,
    webex: Webex,
    seats: list[Registration],
    refused: list[str],
    now: datetime,
) -> None:
    for seat in seats:
        _one_by_one(refused, partial(_invite_one, meeting, webex, seat, now))


def _invite_one(meeting: WebexMeeting, webex: Webex, seat: Registration, now: datetime) -> None:
    _keep(meeting, [seat], webex.invite(meeting.meeting_id, [_named(seat)]), now)


def _named(seat: Registration) -> tuple[str, str]:
    return str(seat.person.canonical.email), str(seat.person)


def _keep(
    meeting: WebexMeeting, seats: list[Registration], answered: list[dict[str, Any]], now: datetime
) -> None:
    ids = {str(each.get("email", "")).lower(): str(each.get("id", "")) for each in answered}
    WebexSeat.objects.bulk_create(
        [
            WebexSeat(
                meeting=meeting,
                registration=seat,
                remote_id=ids.get(str(seat.person.canonical.email), ""),
                at=now,
            )
            for seat in seats
        ],
        ignore_conflicts=True,
    )
