"""Mail: rendered when the change happens, in the reader's language, delivered by the outbox."""

from datetime import datetime
from smtplib import SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from lms.core import bounces, outbox
from lms.core.models import Bounce

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
    enqueue_mail(
        key=key,
        to=to,
        **compose(template, context, language=language),
        calendar=calendar,
        due_at=due_at,
        secret=secret,
    )


def compose(
    template: str, context: dict[str, Any], *, language: str = settings.LANGUAGE_CODE
) -> dict[str, str]:
    """A mail's subject, text and html."""
    context = {"origin": settings.SITE_ORIGIN, "site_name": settings.WAGTAIL_SITE_NAME, **context}
    with translation.override(language):
        text = render_to_string(f"emails/{template}.txt", context)
        html = render_to_string(f"emails/{template}.html", context)
    subject, _separator, body = text.lstrip().partition("\n")
    return {"subject": subject.strip(), "text": body.lstrip("\n"), "html": html}


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
            # A code is sent to an address that bounced, since typing it proves the address.
            "always": secret,
        },
        due_at=due_at,
        secret=secret,
    )


def deliver_mail(payload: dict[str, Any]) -> None:
    """The outbox's handler for mail: hand one message to the mail server.

    Raises UndeliverableError where the address bounced before, and where the server refuses it for
    good now, which is noted.
    """
    bounce = None if payload.get("always") else bounces.bounce_of(payload["to"])
    if bounce:
        why = bounce.reason or bounce.get_source_display()
        raise outbox.UndeliverableError(f"Held, since this address takes no mail: {why}", held=True)
    message = EmailMultiAlternatives(
        subject=payload["subject"],
        body=payload["text"],
        to=[payload["to"]],
        headers=payload.get("headers"),
    )
    if payload["html"]:
        message.attach_alternative(payload["html"], "text/html")
    if payload["calendar"]:
        method, calendar = payload["calendar"]
        # No charset here: Django adds it, and two would break readers (TRIED).
        message.attach_alternative(calendar, f"text/calendar; method={method}")
    try:
        message.send()
    except SMTPRecipientsRefused as refused:
        code, said = next(iter(refused.recipients.values()))
        if not 500 <= code < 600:
            raise
        reason = f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
        bounces.note_bounce(address=payload["to"], source=Bounce.Source.SERVER, reason=reason)
        raise outbox.UndeliverableError(reason) from refused
