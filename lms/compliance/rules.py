"""Rule sets: a law or a house policy as a data file, judged by a schema, loaded and frozen.

Another state is a new file in `rulesets/`, not new code (DESIGN 4.13). `check_rule_sets` in
`checks.py` loads them all at start, so that a broken file stops the site with its file and line
instead of giving a wrong date to somebody.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core.data_files import SCHEMA, DataFileError, line_of, load
from lms.core.time import years_on

FOLDER = Path(__file__).parent / "rulesets"
GBL_205 = "ny-gbl-205"
LL_104 = "nyc-ll104"
# What a rule may leave to the one in accordance with which it asks for training.
TAKEN_OVER = ("topics", "conditions", "retention", "worksheets")


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
    """By when, on the calendar in New York: so many days, or months, from a day.

    That day is the hire date or, where `from_post`, the day on which the post began that the rule
    is for.
    """

    days: int
    soon_days: int
    existing_staff: ExistingStaff | None
    months: int = 0
    from_post: bool = False


@dataclass(frozen=True)
class Renewal:
    """To be taken again, at the latest so many months after the last time."""

    months: int
    soon_days: int


@dataclass(frozen=True)
class Conditions:
    """What must be shown besides the topics."""

    approved_program: bool
    on_premises: bool
    paid_time: bool
    min_minutes: int = 0


@dataclass(frozen=True)
class Where:
    """The state a rule is for, and the counties where it is not for all of it."""

    state: str
    counties: tuple[str, ...] = ()

    def holds(self, state: str, county: str) -> bool | None:
        """Whether a place in this county is meant; None where nobody has said its county."""
        if state and state != self.state:
            return False
        if not self.counties:
            return True
        if not county.strip():
            return None
        return _county(county) in {_county(name) for name in self.counties}


@dataclass(frozen=True)
class Penalty:
    """What the law says about money, as a fact with its source."""

    words: str
    url: str


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
    where: Where
    authority: Authority
    effective_from: date
    effective_to: date | None
    sources: tuple[Source, ...]
    not_a_dwelling: bool
    owner_occupied_rooms_over: int | None
    rooms_at_least: int | None
    guest_contact: bool
    posts: frozenset[str] | None
    who_words: str
    deadline: Deadline
    topics: tuple[RuleTopic, ...]
    conditions: Conditions
    renewal: Renewal | None
    retention_years: int
    retention_from_training: bool
    limits: tuple[str, ...]
    penalty: Penalty | None = None
    in_accordance_with: str = ""
    only_again: bool = False  # asks for what was done to be done again, never for a first time
    worksheets: Worksheets = Worksheets()

    @property
    def is_law(self) -> bool:
        """A house policy is never shown as law."""
        return self.kind == "law"

    @property
    def topic_codes(self) -> frozenset[str]:
        """The codes a training must cover."""
        return frozenset(topic.code for topic in self.topics)

    def covers(self, *, post: str, guest_contact: bool) -> bool:
        """Whether the rule is for somebody in this post."""
        return (guest_contact or not self.guest_contact) and (
            self.posts is None or post in self.posts
        )

    def kept_until(self, ended_on: date, trained_on: date | None = None) -> date:
        """The last day on which the record must be kept of somebody who left on `ended_on`.

        Some laws count from the training (`trained_on`, the last one), and the record is kept
        through the last day of work in any case; without that day the count is from the leaving.
        """
        if self.retention_from_training and trained_on:
            return max(ended_on, years_on(trained_on, self.retention_years))
        return years_on(ended_on, self.retention_years)

    def kept_since(self, as_of: date) -> date:
        """The earliest last day of work whose record must still be kept on `as_of`."""
        return years_on(as_of, -self.retention_years)

    def applies_to(
        self,
        *,
        rooms: int | None,
        owner_lives_there: bool | None,
        is_dwelling: bool | None,
        state: str = "",
        county: str = "",
    ) -> Applicability:
        """Whether the rule is for a facility described like this, with the reason.

        Both halves of the small-house exception are needed: few rooms and the owner living there.
        What is not known counts as "the rule applies": that is the safe side for the facility.
        """
        place = Place(rooms, owner_lives_there, is_dwelling, self.where.holds(state, county))
        if why := self._not_for(place):
            return Applicability(applies=False, why=why)
        if why := self._open_question(place):
            return Applicability(applies=None, why=why)
        if self.where.counties:
            return Applicability(
                applies=True,
                why=_("%(law)s is for hotels in %(where)s, as this one is.")
                % {"law": self.short_title, "where": self.jurisdiction},
            )
        return Applicability(
            applies=True,
            why=_("%(law)s is for places that take transient guests, as this one does.")
            % {"law": self.short_title},
        )

    def _not_for(self, place: "Place") -> str:
        """Why the rule is not for the place; empty where it may be."""
        law = {"law": self.short_title, "where": self.jurisdiction}
        if place.is_here is False:
            return _("%(law)s is for %(where)s, and this place is elsewhere.") % law
        if self.not_a_dwelling and place.is_dwelling:
            return _("%(law)s is not for a place that counts as a dwelling.") % law
        least, limit, rooms = self.rooms_at_least, self.owner_occupied_rooms_over, place.rooms
        if least and rooms and rooms < least:
            return ngettext(
                "%(law)s is for places with at least %(least)s room for hire.",
                "%(law)s is for places with at least %(least)s rooms for hire.",
                least,
            ) % {**law, "least": least}
        if limit and rooms and rooms <= limit and place.owner_lives_there:
            return ngettext(
                "%(law)s is not for a house with at most %(limit)s room for hire in which the "
                "owner lives.",
                "%(law)s is not for a house with at most %(limit)s rooms for hire in which the "
                "owner lives.",
                limit,
            ) % {**law, "limit": limit}
        return ""

    def _open_question(self, place: "Place") -> str:
        """What nobody has said yet and could keep the rule from being for the place; or empty."""
        law = {"law": self.short_title, "where": self.jurisdiction}
        limit, rooms = self.owner_occupied_rooms_over, place.rooms
        if place.is_here is None:
            return (
                _("%(law)s is for %(where)s. Say in which county this place is, to be sure.") % law
            )
        small = limit is not None and (rooms is None or rooms <= limit)
        unknown = rooms is None or place.owner_lives_there is None
        if small and unknown and place.owner_lives_there is not False:
            return (
                _(
                    "We take it that %(law)s applies. Say how many rooms there are for hire and "
                    "whether the owner lives there, to be sure."
                )
                % law
            )
        if self.rooms_at_least and rooms is None:
            return (
                _(
                    "We take it that %(law)s applies. Say how many rooms there are for hire, to be "
                    "sure."
                )
                % law
            )
        return ""


@dataclass(frozen=True)
class Place:
    """What decides whether a rule is for a facility; None means that nobody has said it."""

    rooms: int | None
    owner_lives_there: bool | None
    is_dwelling: bool | None
    is_here: bool | None


def _county(name: str) -> str:
    """A county's name as it is compared: "Kings County" is "kings"."""
    return name.strip().casefold().removesuffix(" county")


def load_rule(path: Path) -> Rule:
    """The rule in a file. Raises RuleSetError with every problem, each with file and line."""
    document = load(path, FOLDER / SCHEMA, named="rule")
    base_id = document.get("in_accordance_with")
    if base_id:
        document = {**_taken_over(path, base_id), **document}
    applies, who = document["applies_if"], document["who"]
    until = document.get("effective_to")
    return Rule(
        id=document["id"],
        title=document["title"],
        short_title=document["short_title"],
        kind=document["kind"],
        jurisdiction=document["jurisdiction"],
        where=Where(applies["state"], tuple(applies.get("counties") or ())),
        authority=authority_in(document),
        effective_from=date.fromisoformat(document["effective_from"]),
        effective_to=date.fromisoformat(until) if until else None,
        sources=sources_in(document),
        not_a_dwelling=applies["not_a_dwelling"],
        owner_occupied_rooms_over=applies["owner_occupied_rooms_over"],
        rooms_at_least=applies.get("rooms_at_least"),
        guest_contact=who["guest_contact"],
        posts=frozenset(who["posts"]) if who.get("posts") else None,
        who_words=who["words"],
        deadline=_deadline(document["deadline"]),
        topics=tuple(RuleTopic(**topic) for topic in document["topics"]),
        conditions=Conditions(**document["conditions"]),
        renewal=Renewal(**document["renewal"]) if document["renewal"] else None,
        retention_years=document["retention"]["years"],
        retention_from_training=document["retention"]["from"] == "training",
        limits=tuple(document["limits"]),
        penalty=Penalty(**document["penalty"]) if document.get("penalty") else None,
        in_accordance_with=base_id or "",
        worksheets=Worksheets(**document.get("worksheets", {})),
    )


def authority_in(document: dict[str, Any]) -> Authority:
    """Who says so, by a data file's part of that name."""
    said = document["authority"]
    return Authority(
        law=said["law"],
        url=said["url"],
        as_of=date.fromisoformat(said["as_of"]),
        checked_on=date.fromisoformat(said["checked_on"]),
        reviewed_by=said["reviewed_by"],
    )


def sources_in(document: dict[str, Any]) -> tuple[Source, ...]:
    """Where it can be read, by a data file's part of that name."""
    return tuple(Source(**source) for source in document["sources"])


def _deadline(said: dict[str, Any]) -> Deadline:
    existing = said["existing_staff"]
    return Deadline(
        days=said.get("days", 0),
        soon_days=said["soon_days"],
        existing_staff=ExistingStaff(
            hired_before=date.fromisoformat(existing["hired_before"]),
            due_on=date.fromisoformat(existing["due_on"]),
        )
        if existing
        else None,
        months=said.get("months", 0),
        from_post=said["from"] == "post",
    )


def _taken_over(path: Path, base_id: str) -> dict[str, Any]:
    """What a rule does not say itself, from the rule in accordance with which it asks for it."""
    base = path.with_name(f"{base_id}.yaml")
    if base_id == path.stem or not base.exists():
        line = line_of(path, ["in_accordance_with"])
        raise RuleSetError(
            f"{path.name}, line {line}: in_accordance_with: there is no file {base_id}.yaml"
        )
    document = load(base, FOLDER / SCHEMA, named="rule")
    return {name: document[name] for name in TAKEN_OVER if name in document}


@cache
def load_rules(folder: Path = FOLDER) -> dict[str, Rule]:
    """All rules of a folder by id, read once per process. Raises RuleSetError as `load_rule`."""
    return {path.stem: load_rule(path) for path in sorted(folder.glob("*.yaml"))}


def get_rule(rule_id: str = GBL_205) -> Rule:
    """The rule with this id; KeyError where there is none."""
    return load_rules()[rule_id]
