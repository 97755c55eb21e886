"""Accreditors of continuing education: their rules as data files, loaded and frozen.

Another accreditor is a new file in `accreditors/`, not new code. `checks.check_accreditors` loads
them all at start, so that a broken file stops the site with its file and line.
"""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal
from functools import cache
from pathlib import Path

from lms.core.data_files import SCHEMA, load

FOLDER = Path(__file__).parent / "accreditors"
NEW_YORK = "US-NY"


@dataclass(frozen=True)
class SelfStudyMost:
    """Of `of_hours` contact hours in `years`, at most `hours` may be self-study."""

    hours: int
    of_hours: int
    years: int


@dataclass(frozen=True)
class PostTestRule:
    """What the test after a course must be, for credit of these types."""

    types: tuple[str, ...]
    pass_percent: int
    first_hour_items: int
    further_hour_items: int
    most_true_false_percent: int

    def items_for(self, hours: Decimal) -> int:
        """How many multiple-choice questions so many contact hours ask for; a begun hour whole."""
        further = max(0, int(hours.to_integral_value(ROUND_CEILING)) - 1)
        return self.first_hour_items + self.further_hour_items * further


@dataclass(frozen=True)
class ApprovalRule:
    """How an accreditor approves: whom or what, for how long, and what it wants to be told."""

    months: int
    remind_days_before: int
    per_training: bool
    presenter: bool
    number_example: str


@dataclass(frozen=True)
class Source:
    """Where a part of the rules can be read."""

    title: str
    url: str
    says: str


@dataclass(frozen=True)
class Accreditor:
    """Who gives contact hours, and by which rules, as of `checked_on`.

    `least_hours` and `hours_step` are None where we found none stated. `counts_in` and
    `not_counted_in` are the ISO codes of places whose licensing board takes its credit, or
    expressly does not.
    """

    id: str
    name: str
    short_name: str
    counts_in: tuple[str, ...]
    not_counted_in: tuple[str, ...]
    types: tuple[str, ...]
    least_hours: Decimal | None
    hours_step: Decimal | None
    minutes_of_hour: int
    self_study_most: SelfStudyMost | None
    test: PostTestRule | None
    evaluation: bool
    objectives: int
    approval: ApprovalRule
    certificate_fields: tuple[str, ...]
    statement: str
    sources: tuple[Source, ...]
    checked_on: date
    reviewed_by: str
    limits: tuple[str, ...]

    @property
    def counts_in_new_york(self) -> bool:
        """Whether its hours are hours for a New York license."""
        return NEW_YORK in self.counts_in

    @property
    def refused_in_new_york(self) -> bool:
        """Whether New York's board expressly does not take its approval."""
        return NEW_YORK in self.not_counted_in


def load_accreditor(path: Path) -> Accreditor:
    """The accreditor in a file. Raises DataFileError with every problem, with file and line."""
    said = load(path, FOLDER / SCHEMA, named="accreditor")
    hours, test, most = said["hours"], said["test"], said["self_study_most"]
    return Accreditor(
        id=said["id"],
        name=said["name"],
        short_name=said["short_name"],
        counts_in=tuple(said["counts_in"]),
        not_counted_in=tuple(said["not_counted_in"]),
        types=tuple(said["types"]),
        least_hours=_number(hours["least"]),
        hours_step=_number(hours["step"]),
        minutes_of_hour=hours["minutes"],
        self_study_most=SelfStudyMost(**most) if most else None,
        test=PostTestRule(**{**test, "types": tuple(test["types"])}) if test else None,
        evaluation=said["evaluation"],
        objectives=said["objectives"],
        approval=ApprovalRule(**said["approval"]),
        certificate_fields=tuple(said["certificate"]["fields"]),
        statement=said["certificate"]["statement"],
        sources=tuple(Source(**source) for source in said["sources"]),
        checked_on=date.fromisoformat(said["checked_on"]),
        reviewed_by=said["reviewed_by"],
        limits=tuple(said["limits"]),
    )


def _number(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


@cache
def load_accreditors(folder: Path = FOLDER) -> dict[str, Accreditor]:
    """All accreditors of a folder by id, read once per process. Raises as `load_accreditor`."""
    return {path.stem: load_accreditor(path) for path in sorted(folder.glob("*.yaml"))}


def find(named: str) -> Accreditor | None:
    """The accreditor of an id, or of a name as editors once typed it; None for one unknown."""
    known = load_accreditors()
    if named in known:
        return known[named]
    typed = named.strip().casefold()
    return next(
        (row for row in known.values() if typed in (row.short_name.casefold(), row.id)), None
    )


def choices() -> list[tuple[str, str]]:
    """The accreditors an editor chooses from, asked when a form is drawn."""
    return [(row.id, row.short_name) for row in load_accreditors().values()]
