"""How long, and how much credit, in words: a length must never read as credit.

Credit is "contact hours" of an accreditor, live or self-study. Nothing else says it in words.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.trainings.accrediting import find
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
    """One line per accreditor, whose credit it is: "1.5 contact hours, NYSED social work (live)".

    Where New York's board does not take the accreditor's approval, the line says so: it must not
    read as New York license credit (DOMAIN 52).
    """
    return [_credit_line(line) for line in credit]


def credit_in_short(credit: Iterable[dict[str, Any]]) -> str:
    """The same for a card, shorter; that there is none where there is none."""
    found = [
        _("%(line)s - not New York license credit") % {"line": _amount(line)}
        if _is_refused(line)
        else _amount(line)
        for line in credit
    ]
    return "; ".join(found) or _("No continuing-education credit")


def credit_notes(credit: Iterable[dict[str, Any]]) -> list[str]:
    """What else one should know of it: how much of an accreditor's hours may be self-study."""
    found = []
    for line in credit:
        accreditor = find(str(line["accreditor"]))
        most = accreditor.self_study_most if accreditor else None
        if accreditor and most and line.get("type") == CreditType.SELF_STUDY:
            found.append(
                _(
                    "%(accreditor)s: of %(of)s hours in %(years)s years, at most %(hours)s may be "
                    "self-study."
                )
                % {
                    "accreditor": accreditor.short_name,
                    "of": most.of_hours,
                    "years": most.years,
                    "hours": most.hours,
                }
            )
    return list(dict.fromkeys(found))


def hours_in_words(hours: object) -> str:
    """A number of hours without needless zeros: "1.5"."""
    return formats.number_format(f"{Decimal(str(hours)).normalize():f}")


def contact_hours(hours: object) -> str:
    """So many contact hours: "1 contact hour", "1.5 contact hours"."""
    # 1.5 and 0.5 are "hours" in English; others say by the number.
    count = 1 if Decimal(str(hours)) == 1 else 2
    return ngettext("%(hours)s contact hour", "%(hours)s contact hours", count) % {
        "hours": hours_in_words(hours)
    }


def reported_hours(hours: str) -> str:
    """Hours that another system reported: they are neither a length nor credit of ours."""
    if not hours:
        return _("No hours reported")
    return _("%(hours)s hours as reported - no continuing-education credit from us") % {
        "hours": hours_in_words(hours)
    }


def accreditor_in_words(named: str) -> str:
    """How an accreditor is called; one that is not known, as it was typed."""
    accreditor = find(named)
    return accreditor.short_name if accreditor else named


def type_in_words(kind: str) -> str:
    """Live or self-study; nothing for a kind that is not known."""
    return str(CreditType(kind).label) if kind in CreditType.values else ""


def _is_refused(line: dict[str, Any]) -> bool:
    accreditor = find(str(line["accreditor"]))
    return accreditor is not None and accreditor.refused_in_new_york


def _amount(line: dict[str, Any]) -> str:
    said = {
        "amount": contact_hours(line["hours"]),
        "accreditor": accreditor_in_words(str(line["accreditor"])),
        "type": type_in_words(line.get("type", "")),
    }
    if said["type"]:
        return _("%(amount)s, %(accreditor)s (%(type)s)") % said
    return _("%(amount)s, %(accreditor)s") % said


def _credit_line(line: dict[str, Any]) -> str:
    if not _is_refused(line):
        return _amount(line)
    return _("%(line)s - %(caveat)s") % {
        "line": _amount(line),
        "caveat": not_in_new_york(str(line["accreditor"])),
    }


def not_in_new_york(named: str) -> str:
    """Why an accreditor's hours are no New York hours; continues a sentence."""
    return _(
        "New York's board does not recognize %(accreditor)s's national approval, so by itself this "
        "is not New York license credit"
    ) % {"accreditor": accreditor_in_words(named)}


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
