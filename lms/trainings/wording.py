"""How long, and how much credit, in words: a length must never read as credit (DOMAIN 48, 52)."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.trainings.enums import Access, CreditType
from lms.trainings.models import Training


def length_in_words(minutes: int) -> str:
    """The length as people say it: "45 minutes", "1 hour", "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours})
    if rest or not hours:
        parts.append(ngettext("%(count)d minute", "%(count)d minutes", rest) % {"count": rest})
    return " ".join(parts)


def length_sentence(minutes: int, credit: Sequence[dict[str, Any]]) -> str:
    """What is said of the length: "Length 1 hour - no continuing-education credit".

    Credit, where there is any, has lines of its own and the length stands alone, so that nobody
    takes it for contact hours.
    """
    length = length_in_words(minutes)
    if credit:
        return _("Length %(length)s") % {"length": length}
    return _("Length %(length)s - no continuing-education credit") % {"length": length}


def credit_lines(credit: Iterable[dict[str, Any]]) -> list[str]:
    """One line per accreditor, whose credit it is: "1.5 contact hours, NASW (self-study)"."""
    return [_credit_line(line) for line in credit]


def _credit_line(line: dict[str, Any]) -> str:
    hours = Decimal(str(line["hours"])).normalize()
    count = 1 if hours == 1 else 2  # 1.5 and 0.5 are "hours" in English; others say by the number
    amount = ngettext("%(hours)s contact hour", "%(hours)s contact hours", count) % {
        "hours": formats.number_format(f"{hours:f}")
    }
    kind = line.get("type", "")
    if kind in CreditType.values:
        return _("%(amount)s, %(accreditor)s (%(type)s)") % {
            "amount": amount,
            "accreditor": line["accreditor"],
            "type": CreditType(kind).label,
        }
    return _("%(amount)s, %(accreditor)s") % {
        "amount": amount,
        "accreditor": line["accreditor"],
    }


def whom_it_is_for(training: Training) -> str:
    """One sentence on who may take a restricted training; nothing for one open to everybody."""
    office = str(training.owner)
    if training.access == Access.ORGANIZATION:
        rows = training.access_organizations.select_related("organization")
        names = ", ".join(row.organization.label for row in rows)
        if names:
            return _("It is for people who work at: %(names)s.") % {"names": names}
        return _("It is for people of certain organizations. Ask %(office)s which.") % {
            "office": office
        }
    if training.access == Access.INVITATION:
        return _("It is for people invited by %(office)s.") % {"office": office}
    if training.access == Access.APPROVAL:
        return _("It is for professionals whom %(office)s lets in. You can ask for access.") % {
            "office": office
        }
    return ""
