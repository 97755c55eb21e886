"""The trainer's link: signed, for one worksheet and one answer, until a moment.

Only the newest link of a worksheet opens it; whoever has the link has the trainer's mailbox, or
had it handed on by them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.compliance.worksheet_models import Worksheet
from lms.core.time import long_date, new_york_date

_SALT = "lms.compliance.worksheets.link"


@dataclass(frozen=True)
class Opened:
    """What a link leads to: the worksheet, and in words why it can no longer be answered, if so."""

    worksheet: Worksheet
    closed: str = ""
    answered: bool = False


def token_of(worksheet: Worksheet) -> str:
    """What the newest link carries."""
    return signing.dumps([worksheet.pk, worksheet.links_made], salt=_SALT)


def path_of(worksheet: Worksheet) -> str:
    """The newest link, without the site's address."""
    return reverse("facilities:attest", args=[token_of(worksheet)])


def open_link(token: str, now: datetime | None = None) -> Opened | None:
    """The worksheet a link is for; None for a link we did not sign, or whose draft was dropped."""
    now = now or timezone.now()
    try:
        pk, number = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    rows = Worksheet.objects.select_related("organization", "created_by", "answer")
    worksheet = rows.filter(pk=pk).first()
    if worksheet is None:
        return None
    return Opened(
        worksheet,
        closed=_closed(worksheet, number, now),
        answered=worksheet.is_answered and number == worksheet.links_made,
    )


def _closed(worksheet: Worksheet, number: int, now: datetime) -> str:
    """Why the link answers nothing any more; empty while it does."""
    if number != worksheet.links_made:
        return _("%(place)s has sent a newer link since. Look for it in your mail.") % {
            "place": worksheet.organization.name
        }
    if worksheet.is_answered:
        return _("This link was used on %(day)s. A link takes one answer.") % {
            "day": long_date(new_york_date(worksheet.answer.answered_at))
        }
    if worksheet.is_draft:
        return _("%(place)s has taken this worksheet back. You need not do anything.") % {
            "place": worksheet.organization.name
        }
    if worksheet.link_is_over(now) and worksheet.link_until:
        return _("This link worked until %(day)s. Ask %(person)s for a new one.") % {
            "day": long_date(new_york_date(worksheet.link_until)),
            "person": worksheet.created_by,
        }
    return ""
