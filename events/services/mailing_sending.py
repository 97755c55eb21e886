"""What an office writes to a mailing list: looked at, sent once, letter by letter.

A letter is written when it is delivered, not before: who stopped in between gets none, and a date
that was cancelled is not announced. Its key carries announcement and subscriber, so a worker that
dies half-way tells nobody twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from events.mailing_letters import letter
from events.mailing_models import Announcement, MailingList, Subscription
from lms.core import audit, outbox
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.mail import deliver_mail
from lms.core.models import OutboxMessage
from lms.people.models import Person

KIND = "events.announcement"
LETTER = "events.announcement_letter"
# The same words within this time are a double click, not a second announcement.
SAME_WITHIN = timedelta(hours=12)


@transaction.atomic
def write_to_list(
    *,
    mailing_list: MailingList,
    subject: str,
    body: str,
    sessions: Sequence[int] = (),
    actor: Person,
    now: datetime | None = None,
) -> Announcement:
    """Write to everybody on the list; the same words within twelve hours are sent once.

    Raises Refused "nobody" for an empty list, and "closed".
    """
    now = now or timezone.now()
    mailing_list = lock(mailing_list)
    if mailing_list.closed_at:
        raise Refused(_("Nothing is sent to this list any more."), code="closed")
    words = {"subject": " ".join(subject.split()), "body": body.strip()}
    known = mailing_list.announcements.filter(**words, sent_at__gt=now - SAME_WITHIN).first()
    if known:
        return known
    people = mailing_list.subscriptions.live().count()
    if not people:
        raise Refused(_("There is nobody to write to."), code="nobody")
    made = Announcement.objects.create(
        mailing_list=mailing_list,
        **words,
        sessions=sorted(sessions),
        people=people,
        sent_at=now,
        sent_by=actor,
    )
    outbox.enqueue(kind=KIND, key=f"{KIND}:{made.pk}", payload={"announcement": made.pk})
    audit.record("mailing_list.written_to", mailing_list, actor=actor, now=now, people=people)
    return made


def spread(payload: dict[str, Any]) -> None:
    """The outbox's handler: a letter for each who is on the list."""
    made = Announcement.objects.select_related("mailing_list").get(pk=payload["announcement"])
    live = made.mailing_list.subscriptions.live().filter(subscribed_at__lte=made.sent_at)
    with transaction.atomic():
        for there in live.order_by("pk").iterator(chunk_size=500):
            outbox.enqueue(
                kind=LETTER,
                key=f"{LETTER}:{made.pk}:{there.pk}",
                payload={
                    "announcement": made.pk,
                    "subscription": there.pk,
                    "to": there.email,
                    "subject": made.subject,
                },
            )


def deliver_letter(payload: dict[str, Any]) -> None:
    """The outbox's handler for one letter; nothing is sent to somebody who has stopped."""
    there = Subscription.objects.filter(pk=payload["subscription"]).first()
    if there is None or not there.is_subscribed:
        return
    made = Announcement.objects.select_related("mailing_list__office").get(
        pk=payload["announcement"]
    )
    deliver_mail(letter(made, there))


@dataclass(frozen=True)
class Progress:
    """How far an announcement is: `waiting` to be sent, `sent`, and not arrived."""

    waiting: int
    sent: int
    failed: int

    @property
    def done(self) -> int:
        """Sent, or found not to arrive."""
        return self.sent + self.failed

    @property
    def is_done(self) -> bool:
        return not self.waiting


def progress(announcement: Announcement) -> Progress:
    """Counted from the outbox, in one query."""
    rows = (
        OutboxMessage.objects.filter(key__startswith=f"{LETTER}:{announcement.pk}:")
        .values("state")
        .annotate(count=Count("pk"))
        .order_by()
    )
    counts = {row["state"]: row["count"] for row in rows}
    state = OutboxMessage.State
    sent = counts.get(state.DELIVERED, 0)
    failed = counts.get(state.FAILED, 0) + counts.get(state.HELD, 0)
    spread_out = sum(counts.values())
    waiting = counts.get(state.PENDING, 0) if spread_out else announcement.people
    return Progress(waiting, sent, failed)
