"""Webex follows our sessions: what it should have is compared with what it was told, and sent.

A change only notes that there is one (`follow`), in its own transaction; a worker then settles it.
Settling is the same whatever changed and however often it runs: it looks at the session and its
seats as they are now. A call that failed, or a worker that died, is made good the next time; a
meeting whose creation was not heard back of is found by its tag.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from events.enums import WebexKind
from events.models import Session
from events.services.webex_people import settle_people
from events.webex import BusyError, GoneError, Webex, WebexError, connect, is_configured
from events.webex_models import WebexMeeting
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person

logger = logging.getLogger("events.webex")

CLAIM = timedelta(minutes=10)
_LONGEST_PAUSE = timedelta(minutes=30)


def is_hosted_there(session: Session) -> bool:
    """Whether a meeting is made by itself: it takes place on Webex and nobody gave a link."""
    return is_configured() and session.platform.strip().lower() == "webex" and not session.join_url


def follow(session: Session, *, now: datetime) -> None:
    """Note, in the transaction of a change, that Webex must follow; costs nothing without Webex."""
    if not is_configured():
        return
    # Not `now` alone: two changes at one instant must not look like one that was settled.
    noted = WebexMeeting.objects.filter(session=session).update(
        changed_at=F("changed_at") + timedelta(microseconds=1), try_at=now, tries=0
    )
    if noted:
        _ring(session.pk)


@transaction.atomic
def want_meeting(
    *,
    session: Session,
    kind: str = WebexKind.MEETING,
    actor: Person | None,
    now: datetime | None = None,
) -> WebexMeeting:
    """Have a meeting made at Webex for the session; wanting it twice is wanting it once.

    Raises Refused without Webex in the settings, for a webinar where the site has none, for a
    session that began or was cancelled, and for another kind than was made already.
    """
    now = now or timezone.now()
    if not is_configured() or (kind == WebexKind.WEBINAR and not settings.WEBEX["webinar_type"]):
        raise Refused(
            _("This site is not connected to Webex. Paste the join link instead."), code="no_webex"
        )
    session = lock(session)
    if session.is_cancelled or session.starts_at <= now:
        raise Refused(_("This session has begun or was cancelled."), code="started")
    meeting, made = WebexMeeting.objects.get_or_create(
        session=session,
        defaults={
            "kind": kind,
            "tag": f"session-{session.uid.partition('@')[0]}",
            "changed_at": now,
            "try_at": now,
        },
    )
    if meeting.meeting_id and meeting.kind != kind:
        raise Refused(
            _("Take the present meeting away first; then make one of the other kind."),
            code="other_kind",
        )
    if made or not meeting.wanted or meeting.kind != kind:
        meeting.wanted, meeting.kind = True, kind
        meeting.save(update_fields=["wanted", "kind"])
        audit.record("webex.wanted", session, actor=actor, now=now, kind=str(kind))
        follow(session, now=now)
    return meeting


@transaction.atomic
def drop_meeting(
    *, session: Session, actor: Person | None, now: datetime | None = None
) -> WebexMeeting:
    """Take the session's meeting away from Webex; its link goes too. Twice is once.

    Raises Refused once the session began.
    """
    now = now or timezone.now()
    session = lock(session)
    meeting = WebexMeeting.objects.get(session=session)
    if not meeting.wanted:
        return meeting
    if session.starts_at <= now:
        raise Refused(_("This session has begun; its meeting stays."), code="started")
    meeting.wanted = False
    meeting.save(update_fields=["wanted"])
    audit.record("webex.dropped", session, actor=actor, now=now)
    follow(session, now=now)
    return meeting


def try_again(*, session: Session, actor: Person | None, now: datetime | None = None) -> None:
    """Try at once what could not be sent, instead of when its turn comes."""
    now = now or timezone.now()
    with transaction.atomic():
        WebexMeeting.objects.filter(session=session).exclude(settled_at=F("changed_at")).update(
            try_at=now, tries=0
        )
        audit.record("webex.tried_again", session, actor=actor, now=now)
        _ring(session.pk)


def settle_due(*, now: datetime | None = None) -> int:
    """Settle every session whose turn it is; for the periodic job. Returns how many were tried."""
    if not is_configured():
        return 0
    now = now or timezone.now()
    due = list(
        WebexMeeting.objects.filter(try_at__lte=now)
        .exclude(settled_at=F("changed_at"))
        .order_by("try_at")
        .values_list("session", flat=True)
    )
    tried = 0
    for session in due:
        try:
            tried += settle(session, now=now)
        except Exception:
            # One that cannot even be looked at keeps none of the others waiting.
            logger.exception("Webex, session %s could not be settled", session)
    return tried


def settle(session_pk: int, *, now: datetime | None = None) -> bool:
    """Tell Webex what it does not have yet of a session; True if this worker was at it.

    A failure is kept with its reason, shown at the desk, and tried again after a growing pause, or
    after the one Webex asks for. So is a mistake of our own: it must not stop other sessions.
    """
    now = now or timezone.now()
    claimed = (
        WebexMeeting.objects.filter(Q(claimed_until__isnull=True) | Q(claimed_until__lt=now))
        .filter(session=session_pk, try_at__lte=now)
        .exclude(settled_at=F("changed_at"))
        .update(claimed_until=now + CLAIM)
    )
    if claimed != 1:
        return False
    meeting = WebexMeeting.objects.select_related("session__training").get(session=session_pk)
    session, seen = meeting.session, meeting.changed_at
    outcome: dict[str, Any] = {"claimed_until": None}
    if session.starts_at <= now and meeting.wanted and not session.is_cancelled:
        # Webex changes nothing of what has begun; what could not be sent stays to be read.
        WebexMeeting.objects.filter(pk=meeting.pk).update(try_at=None, **outcome)
        return True
    try:
        _send(meeting, connect(), now)
    except WebexError as error:
        logger.warning("Webex, session %s: %s", session_pk, error)
        busy = isinstance(error, BusyError)
        pause = (
            timedelta(seconds=error.retry_after)
            if isinstance(error, BusyError)
            else _pause(meeting.tries)
        )
        outcome |= {"error": str(error)[:600], "try_at": now + pause}
        outcome["tries"] = meeting.tries + (0 if busy else 1)
    except Exception as error:
        # Its text may hold an address; the log has it, the desk reads what kind it was.
        logger.exception("Webex, session %s: a mistake of ours", session_pk)
        reason = _("nothing; the mistake is this site's (%(kind)s), and its log tells more.")
        outcome |= {"error": reason % {"kind": type(error).__name__}}
        outcome |= {"try_at": now + _pause(meeting.tries), "tries": meeting.tries + 1}
    else:
        outcome |= {"error": "", "settled_at": seen, "tries": 0}
    finally:
        # Also when the worker is told to stop: the next sweep tries again.
        WebexMeeting.objects.filter(pk=meeting.pk).update(**outcome)
    WebexMeeting.objects.filter(pk=meeting.pk, settled_at=F("changed_at")).update(try_at=None)
    return True


def _pause(tries: int) -> timedelta:
    return min(timedelta(seconds=30 * 2 ** min(tries, 10)), _LONGEST_PAUSE)


def _send(meeting: WebexMeeting, webex: Webex, now: datetime) -> None:
    session = meeting.session
    if session.is_cancelled or not meeting.wanted:
        _remove(meeting, webex, now)
        return
    _schedule(meeting, webex, now)
    settle_people(meeting, webex, now, webinar=meeting.kind == WebexKind.WEBINAR)


def _remove(meeting: WebexMeeting, webex: Webex, now: datetime) -> None:
    if not meeting.meeting_id:
        # It may have been made without our hearing of it.
        found = webex.find_meeting(meeting.tag)
        meeting.meeting_id = str(found["id"]) if found else ""
    if meeting.meeting_id:
        webex.delete_meeting(meeting.meeting_id)
    _keep(meeting, now, meeting_id="", web_link="", sent={})


def _schedule(meeting: WebexMeeting, webex: Webex, now: datetime) -> None:
    """Make the meeting, or bring it to where the session is."""
    wanted = _facts(meeting.session)
    if not meeting.meeting_id:
        found = webex.find_meeting(meeting.tag)
        if found is None:
            found = webex.create_meeting({**wanted, **_for_creation(meeting)})
            _keep_found(meeting, found, wanted, now)
            return
        _keep_found(meeting, found, {}, now)
    if meeting.sent == wanted:
        return
    try:
        webex.change_meeting(meeting.meeting_id, wanted)
    except GoneError:
        # Somebody deleted it there; the session still takes place.
        _keep(meeting, now, meeting_id="", web_link="", sent={})
        found = webex.create_meeting({**wanted, **_for_creation(meeting)})
        _keep_found(meeting, found, wanted, now)
    else:
        _keep(meeting, now, sent=wanted)


def _facts(session: Session) -> dict[str, str]:
    """What Webex shows of a session: wall times with their zone, as they were agreed."""
    return {
        "title": session.name[:128],
        "start": f"{session.day}T{session.start_time:%H:%M:%S}",
        "end": f"{session.day}T{session.end_time:%H:%M:%S}",
        "timezone": session.zone,
    }


def _for_creation(meeting: WebexMeeting) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "integrationTags": [meeting.tag],
        "scheduledType": str(meeting.kind),
        # Our mail invites; a second one with another calendar entry would confuse.
        "sendEmail": False,
        "publicMeeting": False,
    }
    if meeting.kind == WebexKind.WEBINAR:
        facts["sessionTypeId"] = int(settings.WEBEX["webinar_type"])
        facts["registration"] = {
            "autoAcceptRequest": True,
            "requireFirstName": True,
            "requireLastName": True,
            "requireEmail": True,
        }
    return facts


def _keep_found(
    meeting: WebexMeeting, found: dict[str, Any], sent: dict[str, str], now: datetime
) -> None:
    _keep(
        meeting,
        now,
        meeting_id=str(found.get("id") or ""),
        web_link=str(found.get("webLink") or "")[:1000],
        sent=sent,
    )


@transaction.atomic
def _keep(meeting: WebexMeeting, now: datetime, **changes: Any) -> None:
    """Keep what Webex has now; its link is the session's unless a coordinator gave another."""
    former = {meeting.web_link, ""}
    for name, value in changes.items():
        setattr(meeting, name, value)
    meeting.save(update_fields=list(changes))
    if changes.get("meeting_id") == "":
        meeting.seats.all().delete()
    session = lock(meeting.session)
    if "web_link" in changes and session.join_url in former:
        session.join_url = meeting.web_link
        session.updated_at = now
        session.save(update_fields=["join_url", "updated_at"])
        audit.record(
            "session.webex_link", session, actor=None, now=now, there=bool(meeting.web_link)
        )


def _ring(session_pk: int) -> None:
    """Ask a worker once the change is there; the periodic job finds what was lost."""
    from events.tasks import settle_webex  # noqa: PLC0415 - tasks import this module

    def ring() -> None:
        try:
            settle_webex.delay(session_pk)
        except Exception:
            logger.exception("The doorbell for Webex did not ring; the sweep will do it")

    transaction.on_commit(ring, robust=True)
