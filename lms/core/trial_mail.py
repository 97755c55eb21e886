"""The trial's mail server: a table whose rows are read at /dev/mail/."""

from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

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


@dataclass(frozen=True)
class Link:
    """A link of a mail: where it leads and what it is called there."""

    url: str
    label: str


def links_of(html: str) -> list[Link]:
    """The links of a mail's HTML part, in their order; only those that lead to a web page.

    A mail's HTML is not drawn on our pages: it has styles of its own, which the site's policy
    forbids, and it is text from outside. Its links are what a reader of the trial needs.
    """
    parser = _LinkParser()
    parser.feed(html)
    parser.close()
    return parser.links


class _LinkParser(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[Link] = []
        self._url = ""
        self._words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, Any]]) -> None:
        if tag == "a":
            self._url = str(dict(attrs).get("href") or "")
            self._words = []

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._url.startswith(("http://", "https://")):
            label = " ".join("".join(self._words).split())
            self.links.append(Link(self._url, label or self._url))
