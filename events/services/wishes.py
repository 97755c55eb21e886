"""Asking an office for a training, and what comes of it. The asker is told each time."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from events import wall_time
from events.enums import WishState
from events.models import Session
from events.wish_models import TrainingWish
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.mail import send_mail_later
from lms.people.models import Organization, Person
from lms.trainings.models import Training

# From one address in a day: the form writes to an address nobody has proved.
MOST_A_DAY = 3


@transaction.atomic
def wish(
    *,
    office: Organization,
    training: Training | None = None,
    email: str,
    actor: Person | None = None,
    now: datetime | None = None,
    **asked: Any,
) -> TrainingWish:
    """Write down what is asked for; the asker gets a copy, the office sees it in its queue.

    The same wish again on that day is one. Raises Refused "too_many" for a fourth in a day from one
    address.
    """
    now = now or timezone.now()
    email = email.strip().lower()
    lock(office)
    recent = TrainingWish.objects.filter(email=email, created_at__gt=now - timedelta(days=1))
    same = recent.filter(office=office, training=training, **asked).first()
    if same:
        return same
    if recent.count() >= MOST_A_DAY:
        raise Refused(
            _("You have asked three times today. The office answers as soon as it can."),
            code="too_many",
        )
    row = TrainingWish.objects.create(
        office=office, training=training, email=email, created_at=now, **asked
    )
    audit.record("training_wish.made", row, actor=actor, now=now)
    _tell(
        row,
        "received",
        subject=_("You asked for a training: %(subject)s"),
        paragraphs=[
            _("Your request has arrived at %(office)s. Nothing is planned yet."),
            _("For %(people)s people, %(wanted)s."),
            _("The office writes to you when a date is set, or when it cannot give the training."),
        ],
    )
    return row


@transaction.atomic
def grant_wish(
    *, wish: TrainingWish, session: Session, actor: Person, now: datetime | None = None
) -> TrainingWish:
    """Note the session that came of it, and tell the asker when it is and where to register.

    Doing it twice changes nothing. Raises Refused "decided" for a wish that was declined,
    "not_announced" for a session that is kept back, and "other_office" for another office's.
    """
    now = now or timezone.now()
    wish = lock(wish)
    if wish.session_id == session.pk:
        return wish
    _refuse_decided(wish)
    if session.announced_at is None:
        message = _("The person who asked is told at once, so this session cannot be kept back.")
        raise Refused(message, code="not_announced")
    if session.training.owner_id != wish.office_id:
        raise Refused(_("This session is another office's."), code="other_office")
    wish.session = session
    _decide(wish, WishState.SCHEDULED, actor=actor, now=now)
    when = wall_time.when(session.starts_at, session.ends_at, session.zone_info)
    _tell(
        wish,
        "scheduled",
        subject=_("A date for your training: %(subject)s"),
        paragraphs=[
            f"{session.name}\n{when}",
            _("Everybody who takes part registers on the session's page. Please pass it on."),
        ],
        url=settings.SITE_ORIGIN + reverse("events:session", args=[session.pk]),
    )
    return wish


@transaction.atomic
def decline_wish(
    *, wish: TrainingWish, reason: str, actor: Person, now: datetime | None = None
) -> TrainingWish:
    """Say no, with a reason the asker reads. Doing it twice changes nothing."""
    now = now or timezone.now()
    reason = " ".join(reason.split())[:300]
    wish = lock(wish)
    if wish.state == WishState.DECLINED:
        return wish
    _refuse_decided(wish)
    if not reason:
        raise Refused(_("Say why; the person who asked reads it."), code="no_reason")
    wish.reason = reason
    _decide(wish, WishState.DECLINED, actor=actor, now=now)
    _tell(
        wish,
        "declined",
        subject=_("Your request for a training: %(subject)s"),
        paragraphs=[
            _("%(office)s cannot give this training as you asked."),
            _("The reason: %(reason)s"),
            _("Trainings that everybody can take are on the site."),
        ],
        url=settings.SITE_ORIGIN + "/trainings/",
    )
    return wish


def _refuse_decided(wish: TrainingWish) -> None:
    if not wish.is_new:
        raise Refused(_("This request was answered already."), code="decided")


def _decide(wish: TrainingWish, state: WishState, *, actor: Person, now: datetime) -> None:
    wish.state = state
    wish.decided_at = now
    wish.decided_by = actor
    wish.save(update_fields=["state", "session", "reason", "decided_at", "decided_by"])
    audit.record(f"training_wish.{state}", wish, actor=actor, now=now)


def _tell(
    wish: TrainingWish, step: str, *, subject: str, paragraphs: list[str], url: str = ""
) -> None:
    facts = {
        "subject": wish.subject,
        "office": wish.office.name,
        "people": wish.people,
        "wanted": wish.wanted,
        "reason": wish.reason,
    }
    send_mail_later(
        key=f"events.wish:{wish.pk}:{step}",
        to=wish.email,
        template="note",
        language=translation.get_language() or settings.LANGUAGE_CODE,
        context={
            "subject": " ".join((subject % facts).split()),
            "paragraphs": [text % facts if "%(" in text else text for text in paragraphs],
            "url": url,
            "office": wish.office,
        },
    )
