"""Mail: rendered when the change happens, in the reader's language, delivered by the outbox."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from lms.core import outbox

KIND = "mail"


def send_mail_later(
    *,
    key: str,
    to: str,
    template: str,
    context: dict[str, Any],
    language: str = settings.LANGUAGE_CODE,
    calendar: tuple[str, str] | None = None,
    due_at: datetime | None = None,
    secret: bool = False,
) -> None:
    """Render templates/emails/<template>.txt (first line: the subject) and .html, and enqueue.

    `calendar` is (iTIP method, iCalendar text); it becomes the last alternative of the message
    (RFC 6047). `key` keeps the same news from being told twice. Call inside the transaction of the
    change that is told.
    """
    context = {"origin": settings.SITE_ORIGIN, "site_name": settings.WAGTAIL_SITE_NAME, **context}
    with translation.override(language):
        text = render_to_string(f"emails/{template}.txt", context)
        html = render_to_string(f"emails/{template}.html", context)
    subject, _separator, body = text.lstrip().partition("\n")
    enqueue_mail(
        key=key,
        to=to,
        subject=subject.strip(),
        text=body.lstrip("\n"),
        html=html,
        calendar=calendar,
        due_at=due_at,
        secret=secret,
    )


def enqueue_mail(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    calendar: tuple[str, str] | None = None,
    due_at: datetime | None = None,
    secret: bool = False,
) -> None:
    """Enqueue a mail whose texts are already there."""
    outbox.enqueue(
        kind=KIND,
        key=key,
        payload={
            "to": to,
            "subject": subject,
            "text": text,
            "html": html,
            "calendar": list(calendar) if calendar else None,
        },
        due_at=due_at,
        secret=secret,
    )


def deliver_mail(payload: dict[str, Any]) -> None:
    """The outbox's handler for mail: hand one message to the mail server."""
    message = EmailMultiAlternatives(
        subject=payload["subject"], body=payload["text"], to=[payload["to"]]
    )
    if payload["html"]:
        message.attach_alternative(payload["html"], "text/html")
    if payload["calendar"]:
        method, calendar = payload["calendar"]
        # No charset here: Django adds it, and two would break readers (TRIED).
        message.attach_alternative(calendar, f"text/calendar; method={method}")
    message.send()
