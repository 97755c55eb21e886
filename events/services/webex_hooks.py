"""What Webex tells by itself: a meeting ended, or was deleted there.

Deliveries carry no number and may come twice, late, or never; so they only say earlier what the
periodic jobs would find. Webex switches a webhook off after failures and never on again: a periodic
job looks (`keep_hooks`).
"""

import hashlib
import hmac
import logging
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from events.models import Session
from events.services.webex import follow
from events.services.webex_attendance import fetch_attendance, note_error
from events.webex import WebexError, connect, is_configured
from events.webex_models import WebexMeeting
from lms.core import outbox
from lms.core.exceptions import Refused

logger = logging.getLogger("events.webex")

KIND = "events.webex_ended"
# What Webex knows of a meeting is in step ten minutes after its end, but for one in two hundred.
_IN_STEP = timedelta(minutes=10)
_WANTED = (("meetings", "ended"), ("meetings", "deleted"))


def is_signed(content: bytes, signature: str) -> bool:
    """Whether Webex sent exactly these bytes: HMAC-SHA1, in hex, with the secret we share."""
    secret = settings.WEBEX["hook_secret"]
    if not secret:
        return False
    expected = hmac.new(secret.encode(), content, hashlib.sha1).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.strip().lower().encode())


@transaction.atomic
def take_delivery(delivery: dict[str, Any], *, now: datetime | None = None) -> bool:
    """Note what a signed delivery says; the work is a worker's. True if it concerns us."""
    now = now or timezone.now()
    data = delivery.get("data")
    told = str(data.get("id") or "") if isinstance(data, dict) else ""
    meeting = (
        WebexMeeting.objects.filter(meeting_id=told.partition("_")[0])
        .exclude(meeting_id="")
        .select_related("session")
        .first()
    )
    happened = (delivery.get("resource"), delivery.get("event"))
    if meeting is None or happened not in _WANTED:
        return False
    if happened == ("meetings", "ended"):
        outbox.enqueue(
            kind=KIND,
            key=f"{KIND}:{told[:150]}",
            payload={"session": meeting.session_id},
            due_at=now + _IN_STEP,
        )
    elif told == meeting.meeting_id:
        # Nothing is sure to be there any more; if the session stands, the meeting is made anew.
        WebexMeeting.objects.filter(pk=meeting.pk).update(sent={})
        follow(meeting.session, now=now)
    return True


def fetch_ended(payload: dict[str, Any]) -> None:
    """The outbox's handler: ask who was there. What cannot be had now, the periodic job asks."""
    session = Session.objects.select_related("training").get(pk=payload["session"])
    try:
        fetch_attendance(session=session, actor=None)
    except Refused as refusal:
        if refusal.code != "not_over":
            note_error(session, refusal)


def keep_hooks() -> list[str]:
    """Make the webhooks we need, switch on what Webex switched off; what was done, in words."""
    if not (is_configured() and settings.WEBEX["hook_secret"]):
        return []
    address = f"{settings.SITE_ORIGIN}{reverse('calendars:webex_hook')}"
    webex, done = connect(), []
    try:
        ours = {
            (hook.get("resource"), hook.get("event")): hook
            for hook in webex.webhooks()
            if hook.get("targetUrl") == address
        }
        for resource, event in _WANTED:
            hook = ours.get((resource, event))
            if hook is None:
                webex.create_webhook(
                    name=f"lms {resource} {event}",
                    address=address,
                    resource=resource,
                    event=event,
                    secret=settings.WEBEX["hook_secret"],
                )
                done.append(f"made {resource} {event}")
            elif hook.get("status") != "active":
                webex.switch_on(hook)
                done.append(f"switched on {resource} {event}")
    except WebexError as error:
        logger.warning("Webex's webhooks could not be looked after: %s", error)
    for each in done:
        logger.warning("Webex webhook: %s", each)
    return done
