"""The trial's mail server: a table whose rows are read at /dev/mail/."""

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from lms.core.models import TrialMail


class TrialMailBackend(BaseEmailBackend):
    """Keeps each message, with its alternatives and its source, instead of sending it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            alternatives = (
                {kind.split(";")[0]: str(content) for content, kind in message.alternatives}
                if isinstance(message, EmailMultiAlternatives)
                else {}
            )
            for recipient in message.to:
                TrialMail.objects.create(
                    to=recipient,
                    subject=str(message.subject),
                    text=str(message.body),
                    html=alternatives.get("text/html", ""),
                    calendar=alternatives.get("text/calendar", ""),
                    source=message.message().as_string(),
                )
        return len(email_messages)
