"""Which periods may be looked at: whole months, joined until nobody can be told by subtracting.

Two periods that differ by a day would tell of whoever began on that day. So periods begin and end
only where a span of months does, and a span has enough people, or none, of each part of the people
that the other filters tell apart.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from lms.core.time import NEW_YORK
from lms.portal.reports.figures import may_tell


@dataclass(frozen=True)
class Span:
    """Months that are looked at together, by the first day of the first and of the last of them."""

    first: date
    last: date

    @property
    def begins(self) -> datetime:
        """The first moment, in New York."""
        return _midnight(self.first)

    @property
    def ends(self) -> datetime:
        """The first moment after it, in New York."""
        return _midnight(_next(self.last))


def month_of(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def month_named(text: str) -> date | None:
    """The month that "2026-03" names; None for anything else."""
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def spans(began: Iterable[tuple[date, Hashable]]) -> list[Span]:
    """The spans of `began`: the month in which each person began, and the part they belong to.

    In order of time, without gaps; as short as they may be. None where nobody began.
    """
    months: dict[date, Counter[Hashable]] = {}
    for month, part in began:
        months.setdefault(month, Counter())[part] += 1
    return spans_of(months)


def spans_of(months: Mapping[date, Counter[Hashable]]) -> list[Span]:
    """The same, of how many of each part began in each month."""
    found: list[tuple[Span, Counter[Hashable]]] = []
    open_since: date | None = None
    people: Counter[Hashable] = Counter()
    for month in sorted(months):
        open_since = open_since or month
        people += months[month]
        if _enough(people):
            found.append((Span(open_since, month), people))
            open_since, people = None, Counter()
    if open_since:
        # The last months are too few people by themselves: they go with those before them.
        last = max(months)
        while found and not _enough(people):
            before, more = found.pop()
            open_since, people = before.first, people + more
        found.append((Span(open_since, last), people))
    return _without_gaps([span for span, _people in found])


def _enough(people: Counter[Hashable]) -> bool:
    return all(may_tell(count) for count in people.values())


def _without_gaps(found: list[Span]) -> list[Span]:
    """Months in which nobody began belong to the span before them."""
    return [Span(span.first, _before(after.first)) for span, after in pairwise(found)] + found[-1:]


def widened(found: list[Span], first: date | None, last: date | None) -> list[Span]:
    """The spans from `first` to `last`, those included that are begun or ended in between."""
    return [
        span
        for span in found
        if (first is None or span.last >= first) and (last is None or span.first <= last)
    ]


def _next(month: date) -> date:
    year, at = divmod(month.month, 12)
    return date(month.year + year, at + 1, 1)


def _before(month: date) -> date:
    return date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), NEW_YORK)
