"""A message to the people of a session: one outbox row, spread into letters by a worker.

A letter's key carries message and seat, so a worker that dies half-way tells nobody twice.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events import letters
from events.enums import MessageTo
from events.message_models import SessionMessage
from events.models import Session
from events.querysets import RegistrationQuerySet
from lms.core import audit, outbox
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person

KIND = "events.session_message"
# The same words within this time are a double click, not a second message.
SAME_WITHIN = timedelta(hours=1)


def recipients(session: Session, to: str) -> RegistrationQuerySet:
    """Whose seats are of that kind now; those without an address are left out."""
    seats = session.registrations.all()
    kinds = {
        MessageTo.REGISTERED: seats.live(),
        MessageTo.WAITING: seats.queued(),
        MessageTo.ASKING: seats.pending(),
        MessageTo.CAME: seats.live().filter(check_in__isnull=False),
    }
    chosen = kinds[MessageTo(to)]
    return (
        chosen.with_address()
        .select_related("person__canonical_person")
        .order_by("person__sort_name", "pk")
    )


@transaction.atomic
def send_message(
    *,
    session: Session,
    to: str,
    subject: str,
    body: str,
    actor: Person,
    now: datetime | None = None,
) -> SessionMessage:
    """Write to everybody of that kind; the same within an hour is sent once.

    Raises Refused "nobody" when there is no one to write to.
    """
    now = now or timezone.now()
    session = lock(session)
    words = {"to": to, "subject": " ".join(subject.split()), "body": body.strip()}
    known = session.messages.filter(**words, sent_at__gt=now - SAME_WITHIN).first()
    if known:
        return known
    people = recipients(session, to).count()
    if not people:
        raise Refused(_("There is nobody to write to."), code="nobody")
    message = SessionMessage.objects.create(
        session=session, **words, people=people, sent_at=now, sent_by=actor
    )
    outbox.enqueue(kind=KIND, key=f"{KIND}:{message.pk}", payload={"message": message.pk})
    audit.record("session.message_sent", session, actor=actor, now=now, to=to, people=people)
    return message


def spread(payload: dict[str, Any]) -> None:
    """The outbox's handler: a letter for each person."""
    message = SessionMessage.objects.select_related("session__training__owner").get(
        pk=payload["message"]
    )
    with transaction.atomic():
        for registration in recipients(message.session, message.to).iterator(chunk_size=500):
            registration.session = message.session
            letters.tell_message(registration, message, now=message.sent_at)
