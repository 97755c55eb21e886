"""Which of the state's numbers are shown, so that no hidden one can be found by subtracting.

Every number shown is a sum of groups of MIN_GROUP employees or more, or of none:

- Columns (met, overdue ...) that are few in the whole state are joined (`joined`).
- A county with a few in a column shows how many it has in all, and no column. All such counties
  together have enough, or none, in each column; otherwise another county keeps its columns back.
- What trainings rest on, and periods of hiring, are told of the whole state only, in parts that
  are enough people each (`lms.portal.reports.periods`).

docs/decisions/0030 says why this is enough.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias, TypeVar

from lms.compliance.count_models import ShownBy
from lms.compliance.review.counting import DUE, MET, NOT_PROVEN, OVERDUE
from lms.portal.reports.figures import MIN_GROUP, may_tell
from lms.portal.reports.periods import Span, month_named, spans_of, widened

Key = TypeVar("Key", bound=Hashable)
# States, or bases, that are counted together.
Group: TypeAlias = tuple[str, ...]

# What is less than this part of all is joined where periods are told, or a handful of people would
# make one period of many years.
RARE = 200
COLUMNS = (MET, NOT_PROVEN, DUE, OVERDUE)
RESTS = (MET, NOT_PROVEN)


def joined(sizes: Mapping[Key, int], least: int = MIN_GROUP) -> list[tuple[Key, ...]]:
    """The keys, in their order, those of fewer than `least` joined until they are enough together.

    Of fewer than `least` in all, all are one. With a larger `least` the same are joined, and more.
    """
    few = [key for key, size in sizes.items() if 0 < size < least]
    others = sorted((key for key in sizes if key not in few and sizes[key]), key=sizes.__getitem__)
    while sum(sizes[key] for key in few) < least and few and others:
        few.append(others.pop(0))
    if not few:
        return [(key,) for key in sizes]
    pool = tuple(key for key in sizes if key in few)
    found: list[tuple[Key, ...]] = []
    for key in sizes:
        if key == pool[0]:
            found.append(pool)
        elif key not in pool:
            found.append((key,))
    return found


@dataclass(frozen=True)
class County:
    """A line of the table by county; None stands for a number that is not shown."""

    name: str
    facilities: int
    covered: int | None
    parts: tuple[int, ...] | None


@dataclass(frozen=True)
class Rest:
    """How many of a column rest on these bases."""

    column: str
    bases: Group
    people: int


@dataclass(frozen=True)
class Told:
    """What is shown of a count, of all employees or of those hired in a period."""

    facilities: int
    covered: int
    columns: tuple[Group, ...]
    totals: tuple[int, ...]
    counties: list[County]
    rests: list[Rest]
    spans: list[Span]
    chosen: list[Span]

    @property
    def shown(self) -> bool:
        """Whether there are enough people to say anything."""
        return self.covered >= MIN_GROUP

    @property
    def of_period(self) -> bool:
        """Whether a period was chosen: then nothing is told by county."""
        return bool(self.chosen)


def told(totals: Mapping[str, Any], *, first: str = "", last: str = "") -> Told:
    """What is shown of `totals` (compliance.review.counting), hired in months like "2026-03".

    A span of months that is begun or ended in between is shown as a whole.
    """
    hired = {month: Counter(parts) for month, parts in totals.get("hired", {}).items()}
    everybody: Counter[str] = sum(hired.values(), Counter())
    columns, rests = _groups(everybody, MIN_GROUP)
    in_periods = _groups(everybody, max(MIN_GROUP, everybody.total() // RARE))
    part_of = _parts(*in_periods)
    months = {_day(month): _in_parts(parts, part_of) for month, parts in hired.items()}
    found = spans_of(months) if everybody.total() >= MIN_GROUP else []
    chosen = _chosen(found, first, last)
    if chosen:
        columns, rests = in_periods
        begins, ends = chosen[0].first, chosen[-1].last
        inside = [parts for month, parts in hired.items() if begins <= _day(month) <= ends]
        everybody = sum(inside, Counter())
    # PostgreSQL keeps no order of keys.
    counties = dict(sorted(totals.get("counties", {}).items()))
    return Told(
        facilities=sum(row["facilities"] for row in counties.values()),
        covered=everybody.total(),
        columns=columns,
        totals=tuple(sum(_of_column(everybody, column) for column in group) for group in columns),
        counties=[] if chosen else by_county(counties, columns),
        rests=[
            Rest(column, bases, sum(everybody[f"{column} {basis}"] for basis in bases))
            for column, bases in rests
        ],
        spans=found,
        chosen=chosen,
    )


def _groups(
    everybody: Counter[str], least: int
) -> tuple[tuple[Group, ...], list[tuple[str, Group]]]:
    """The columns, and the bases of those of trained people that stand alone, as they are told."""
    columns = tuple(joined({column: _of_column(everybody, column) for column in COLUMNS}, least))
    rests = []
    for column in RESTS:
        if (column,) in columns:
            sizes = {str(basis): everybody[f"{column} {basis}"] for basis in ShownBy}
            some = {basis: size for basis, size in sizes.items() if size}
            rests += [(column, bases) for bases in joined(some, least)]
    return columns, rests


def _of_column(parts: Mapping[str, int], column: str) -> int:
    """All of a column, whatever it rests on."""
    return sum(people for key, people in parts.items() if key.partition(" ")[0] == column)


def _parts(columns: Iterable[Group], rests: list[tuple[str, Group]]) -> dict[str, Hashable]:
    """Which part of what is told each number belongs to, by its key in the totals."""
    part: dict[str, Hashable] = {}
    for group in columns:
        for column in group:
            part[column] = group
            for basis in ShownBy:
                part[f"{column} {basis}"] = group
    for column, bases in rests:
        for known in bases:
            part[f"{column} {known}"] = (column, bases)
    return part


def _in_parts(parts: Mapping[str, int], part_of: Mapping[str, Hashable]) -> Counter[Hashable]:
    found: Counter[Hashable] = Counter()
    for key, people in parts.items():
        found[part_of[key]] += people
    return found


def _chosen(found: list[Span], first: str, last: str) -> list[Span]:
    """The spans from one month to another; none where that is everybody or nobody."""
    begins, ends = month_named(first), month_named(last)
    inside = widened(found, begins, ends) if begins or ends else []
    return [] if len(inside) == len(found) else inside


def _day(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def by_county(counties: Mapping[str, Any], columns: tuple[Group, ...]) -> list[County]:
    """The lines of the table by county, in the order given; what is too few is not shown."""
    parts = {
        name: tuple(sum(row["people"].get(column, 0) for column in group) for group in columns)
        for name, row in counties.items()
    }
    covered = {name: sum(found) for name, found in parts.items()}
    nameless = {name for name, people in covered.items() if not may_tell(people)}
    by_size = sorted((name for name in covered if covered[name]), key=covered.__getitem__)
    for name in by_size:
        if may_tell(sum(covered[few] for few in nameless)):
            break
        nameless.add(name)
    hidden = nameless | {
        name for name, found in parts.items() if not all(may_tell(people) for people in found)
    }
    for place in range(len(columns)):
        for name in by_size:
            if may_tell(sum(parts[few][place] for few in hidden)):
                break
            if parts[name][place]:
                hidden.add(name)
    return [
        County(
            name=name,
            facilities=row["facilities"],
            covered=None if name in nameless else covered[name],
            parts=None if name in hidden else parts[name],
        )
        for name, row in counties.items()
    ]
