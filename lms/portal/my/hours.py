"""A person's contact hours by year, accreditor and type: each sum stands for itself."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from lms.portal.my.record import RecordRow
from lms.trainings.accrediting import find
from lms.trainings.wording import (
    accreditor_in_words,
    contact_hours,
    credit_notes,
    not_in_new_york,
    type_in_words,
)


@dataclass(frozen=True)
class Hours:
    """One accreditor's hours of one type in one year of completion (New York days)."""

    year: int
    accreditor: str
    named: str
    kind: str
    type: str
    hours: Decimal

    @property
    def amount(self) -> str:
        """In words, for the page and the paper."""
        return contact_hours(self.hours)


def hours_by_year(rows: Iterable[RecordRow]) -> list[Hours]:
    """The sums, the newest year first; what no longer stands counts for nothing.

    A name as it was once typed is the accreditor it names; one that is not known keeps its own sum.
    """
    sums: dict[tuple[int, str, str], Decimal] = defaultdict(Decimal)
    for row in rows:
        if row.standing:
            continue
        for line in row.credit_given:
            accreditor = find(str(line["accreditor"]))
            key = accreditor.id if accreditor else str(line["accreditor"])
            place = (row.occurred_on.year, key, str(line.get("type", "")))
            sums[place] += Decimal(str(line["hours"]))
    found = [
        Hours(
            year=year,
            accreditor=key,
            named=accreditor_in_words(key),
            kind=kind,
            type=type_in_words(kind),
            hours=hours,
        )
        for (year, key, kind), hours in sums.items()
    ]
    return sorted(found, key=lambda row: (-row.year, row.named.casefold(), row.kind))


def notes(sums: Iterable[Hours]) -> list[str]:
    """What one should know of these hours: whose New York does not take, limits of self-study."""
    sums = list(sums)
    refused = dict.fromkeys(row.accreditor for row in sums if _is_refused(row.accreditor))
    lines = [{"accreditor": row.accreditor, "type": row.kind, "hours": row.hours} for row in sums]
    return [
        *(f"{accreditor_in_words(key)}: {not_in_new_york(key)}." for key in refused),
        *credit_notes(lines),
    ]


def _is_refused(named: str) -> bool:
    accreditor = find(named)
    return accreditor is not None and accreditor.refused_in_new_york


def header() -> list[str]:
    """The columns of the sums as a table file."""
    return [_("Year"), _("Accreditor"), _("Type"), _("Contact hours")]


def cells(row: Hours) -> list[str]:
    """A row of that file; the hours as other programs read them."""
    return [str(row.year), row.named, row.type, f"{row.hours.normalize():f}"]
