"""Rule sets: a law or a house policy as a data file, judged by a schema, loaded and frozen.

Another state is a new file in `rulesets/`, not new code (DESIGN 4.13). `check_rule_sets` in
`checks.py` loads them all at start, so that a broken file stops the site with its file and line
instead of giving a wrong date to somebody.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.data_files import SCHEMA, DataFileError, load

FOLDER = Path(__file__).parent / "rulesets"
GBL_205 = "ny-gbl-205"


# A rule set that cannot be used; says where and why in words.
RuleSetError = DataFileError


@dataclass(frozen=True)
class Authority:
    """Who says so, and when somebody last looked."""

    law: str
    url: str
    as_of: date
    checked_on: date
    reviewed_by: str


@dataclass(frozen=True)
class Source:
    """Where a part of the rule can be read."""

    title: str
    url: str
    says: str


@dataclass(frozen=True)
class RuleTopic:
    """Something the training must cover."""

    code: str
    name: str


@dataclass(frozen=True)
class ExistingStaff:
    """The date for those who were there before the law was."""

    hired_before: date
    due_on: date


@dataclass(frozen=True)
class Deadline:
    """By when, in calendar days in New York counted from the hire date."""

    days: int
    soon_days: int
    existing_staff: ExistingStaff | None


@dataclass(frozen=True)
class Conditions:
    """What must be shown besides the topics."""

    approved_program: bool
    on_premises: bool
    paid_time: bool


@dataclass(frozen=True)
class Applicability:
    """Whether a rule is for a facility: True, False, or None where we lack what we need to say."""

    applies: bool | None
    why: str


@dataclass(frozen=True)
class Worksheets:
    """For how long a worksheet on a facility's own program counts, and its link works.

    No law says so; where a rule set is silent, this is our choice (docs/decisions/0026).
    """

    valid_months: int = 12
    link_days: int = 30


@dataclass(frozen=True)
class Rule:
    """One rule set, as of its `authority.checked_on`."""

    id: str
    title: str
    short_title: str
    kind: str
    jurisdiction: str
    authority: Authority
    effective_from: date
    sources: tuple[Source, ...]
    not_a_dwelling: bool
    owner_occupied_rooms_over: int | None
    guest_contact: bool
    who_words: str
    deadline: Deadline
    topics: tuple[RuleTopic, ...]
    conditions: Conditions
    retention_years: int
    limits: tuple[str, ...]
    worksheets: Worksheets = Worksheets()

    @property
    def is_law(self) -> bool:
        """A house policy is never shown as law."""
        return self.kind == "law"

    @property
    def topic_codes(self) -> frozenset[str]:
        """The codes a training must cover."""
        return frozenset(topic.code for topic in self.topics)

    def kept_until(self, ended_on: date) -> date:
        """The last day on which the record must be kept of somebody who left on `ended_on`."""
        return _years_on(ended_on, self.retention_years)

    def kept_since(self, as_of: date) -> date:
        """The earliest last day of work whose record must still be kept on `as_of`."""
        return _years_on(as_of, -self.retention_years)

    def applies_to(
        self, *, rooms: int | None, owner_lives_there: bool | None, is_dwelling: bool | None
    ) -> Applicability:
        """Whether the rule is for a facility described like this, with the reason.

        Both halves of the small-house exception are needed: few rooms and the owner living there.
        What is not known counts as "the rule applies": that is the safe side for the facility.
        """
        if self.not_a_dwelling and is_dwelling:
            return Applicability(
                applies=False,
                why=_("%(law)s is not for a place that counts as a dwelling.")
                % {"law": self.short_title},
            )
        limit = self.owner_occupied_rooms_over
        if limit is None or owner_lives_there is False or (rooms is not None and rooms > limit):
            return Applicability(
                applies=True,
                why=_("%(law)s is for places that take transient guests, as this one does.")
                % {"law": self.short_title},
            )
        if rooms is None or owner_lives_there is None:
            return Applicability(
                applies=None,
                why=_(
                    "We take it that %(law)s applies. Say how many rooms there are for hire and "
                    "whether the owner lives there, to be sure."
                )
                % {"law": self.short_title},
            )
        return Applicability(
            applies=False,
            why=ngettext(
                "%(law)s is not for a house with at most %(limit)s room for hire in which the "
                "owner lives.",
                "%(law)s is not for a house with at most %(limit)s rooms for hire in which the "
                "owner lives.",
                limit,
            )
            % {"law": self.short_title, "limit": limit},
        )


def _years_on(day: date, years: int) -> date:
    """The same day `years` later (or earlier); February 29 moves to the side that keeps longer."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1) if years > 0 else date(day.year + years, 2, 28)


def load_rule(path: Path) -> Rule:
    """The rule in a file. Raises RuleSetError with every problem, each with file and line."""
    document = load(path, FOLDER / SCHEMA, named="rule")
    authority, deadline = document["authority"], document["deadline"]
    existing = deadline["existing_staff"]
    return Rule(
        id=document["id"],
        title=document["title"],
        short_title=document["short_title"],
        kind=document["kind"],
        jurisdiction=document["jurisdiction"],
        authority=Authority(
            law=authority["law"],
            url=authority["url"],
            as_of=date.fromisoformat(authority["as_of"]),
            checked_on=date.fromisoformat(authority["checked_on"]),
            reviewed_by=authority["reviewed_by"],
        ),
        effective_from=date.fromisoformat(document["effective_from"]),
        sources=tuple(Source(**source) for source in document["sources"]),
        not_a_dwelling=document["applies_if"]["not_a_dwelling"],
        owner_occupied_rooms_over=document["applies_if"]["owner_occupied_rooms_over"],
        guest_contact=document["who"]["guest_contact"],
        who_words=document["who"]["words"],
        deadline=Deadline(
            days=deadline["days"],
            soon_days=deadline["soon_days"],
            existing_staff=ExistingStaff(
                hired_before=date.fromisoformat(existing["hired_before"]),
                due_on=date.fromisoformat(existing["due_on"]),
            )
            if existing
            else None,
        ),
        topics=tuple(RuleTopic(**topic) for topic in document["topics"]),
        conditions=Conditions(**document["conditions"]),
        retention_years=document["retention"]["years"],
        limits=tuple(document["limits"]),
        worksheets=Worksheets(**document.get("worksheets", {})),
    )


@cache
def load_rules(folder: Path = FOLDER) -> dict[str, Rule]:
    """All rules of a folder by id, read once per process. Raises RuleSetError as `load_rule`."""
    return {path.stem: load_rule(path) for path in sorted(folder.glob("*.yaml"))}


def get_rule(rule_id: str = GBL_205) -> Rule:
    """The rule with this id; KeyError where there is none."""
    return load_rules()[rule_id]
