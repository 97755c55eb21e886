"""What was corrected about an employee, in words: what it was, until when, who did it and why."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from lms.core.time import new_york_date, short_date
from lms.people.correction_models import EmploymentCorrection
from lms.people.enums import Corrected, Post
from lms.people.models import Employment


@dataclass(frozen=True)
class CorrectedFact:
    """One correction as its page tells it."""

    label: str
    was: str
    became: str
    on: date
    by: str
    reason: str


def corrections_of(employment: Employment) -> list[CorrectedFact]:
    """What was corrected, new to old; one query."""
    rows = EmploymentCorrection.objects.filter(employment=employment)
    return [
        CorrectedFact(
            label=str(Corrected(row.kind).label),
            was=_words(row, row.was),
            became=_words(row, row.became),
            on=new_york_date(row.corrected_at),
            by=str(row.corrected_by or ""),
            reason=row.reason,
        )
        for row in rows.select_related("corrected_by").order_by("-id")
    ]


def _words(row: EmploymentCorrection, facts: dict[str, str]) -> str:
    """The fact, fit to show."""
    if row.kind == Corrected.HIRED:
        return short_date(date.fromisoformat(facts["started_on"]))
    if row.kind == Corrected.POST:
        words = _("%(post)s since %(day)s") % {
            "post": Post(facts["post"]).label,
            "day": short_date(date.fromisoformat(facts["starts_on"])),
        }
        if facts["guest_contact"]:
            return words
        return _("%(post)s, does not meet guests: %(reason)s") % {
            "post": words,
            "reason": facts["no_contact_reason"],
        }
    if row.kind == Corrected.NAME:
        return f"{facts['first_name']} {facts['last_name']}".strip() or "–"
    return facts[row.kind] or _("not recorded")
