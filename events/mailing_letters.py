"""What goes to a mailing list: each letter with the way to stop it, in one click (RFC 8058)."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils import timezone, translation

from events.mailing_models import Announcement, Subscription
from events.models import Session
from events.selectors import SessionFacts, facts
from lms.core.mail import compose
from lms.trainings.enums import Access

_SALT = "events.mailing"


def stop_token(subscription: Subscription) -> str:
    """What the link in a letter carries: the same in each; it stops this one subscription."""
    return signing.Signer(salt=_SALT).sign(str(subscription.pk))


def subscription_of_token(token: str) -> int | None:
    """The subscription's id a token stops, or None for one we did not sign."""
    try:
        return int(signing.Signer(salt=_SALT).unsign(token))
    except signing.BadSignature:
        return None


def stop_address(subscription: Subscription) -> str:
    """The address for the letter and its List-Unsubscribe."""
    path = reverse("events:mailing_stop", args=[stop_token(subscription)])
    return settings.SITE_ORIGIN + path


def dates_of(announcement: Announcement) -> list[SessionFacts]:
    """The dates it names that are still to come and open to everybody, as they are now."""
    now = timezone.now()
    sessions = (
        Session.objects.announced()
        .standing()
        .filter(pk__in=announcement.sessions, starts_at__gt=now, training__access=Access.OPEN)
        .select_related("training__owner")
        .with_seats_taken()
        .order_by("starts_at", "pk")
    )
    return [facts(session, now) for session in sessions]


def letter(announcement: Announcement, subscription: Subscription) -> dict[str, object]:
    """The mail to one subscriber, as `core.mail.deliver_mail` takes it."""
    wanted = subscription.language
    language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    stop = stop_address(subscription)
    with translation.override(language):
        dates = dates_of(announcement)
    mail = compose(
        "announcement",
        {
            "subject": announcement.subject,
            "paragraphs": [p.strip() for p in announcement.body.split("\n\n") if p.strip()],
            "dates": dates,
            "name": subscription.name,
            "list": announcement.mailing_list,
            "office": announcement.mailing_list.office,
            "stop_url": stop,
        },
        language=language,
    )
    return {
        "to": subscription.email,
        **mail,
        "calendar": None,
        "headers": {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        },
    }
