"""Telling everybody in a session: one outbox row with the change, spread into letters by a worker.

Those who speak in it are told too. A session may hold thousands; the coordinator's request writes
one row, and the worker one letter a person. A letter's key carries the seat's sequence, so a worker
that dies half-way and starts again tells nobody twice.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from events import letters, speaker_letters
from events.enums import RegistrationMove
from events.models import Registration, Session
from events.speaker_models import Presenting
from lms.core import outbox

KIND = "events.session_news"
CHANGED = "changed"
CANCELLED = "cancelled"


def announce(
    session: Session, *, news: str, previous: tuple[datetime, datetime, str] | None = None
) -> None:
    """Write down, in the transaction of the change, that everybody in the session must be told."""
    outbox.enqueue(
        kind=KIND,
        key=f"{KIND}:{session.pk}:{session.sequence}",
        payload={
            "session": session.pk,
            "news": news,
            "previous": [previous[0].isoformat(), previous[1].isoformat(), previous[2]]
            if previous
            else None,
        },
    )


def tell_everyone(payload: dict[str, Any]) -> None:
    """The outbox's handler: enqueue a letter for each person the news concerns."""
    now = timezone.now()
    session = Session.objects.select_related("training__owner").get(pk=payload["session"])
    seats = Registration.objects.filter(session=session).select_related("person").order_by("pk")
    speak = Presenting.objects.filter(session=session).current()
    with transaction.atomic():
        if payload["news"] == CANCELLED:
            told = seats.filter(events__move=RegistrationMove.SESSION_CANCELLED).distinct()
            for registration in told.iterator(chunk_size=500):
                registration.session = session
                letters.tell_session_cancelled(registration, now=now)
            for presenting in speak.select_related("speaker__person__canonical_person"):
                presenting.session = session
                speaker_letters.tell_session_cancelled(presenting)
            return
        start, end, zone = payload["previous"]
        previous = (datetime.fromisoformat(start), datetime.fromisoformat(end), zone)
        # Whoever left since then has no seat that could move; a cancellation tells for itself.
        # Those who wait are told too, without a calendar entry.
        for registration in seats.current().iterator(chunk_size=500):
            registration.session = session
            letters.tell_session_changed(registration, previous=previous, now=now)
        for presenting in speak.select_related("speaker__person__canonical_person"):
            presenting.session = session
            speaker_letters.tell_session_changed(presenting, previous[:2])
