"""Rule sets: a law or a house policy as a data file, judged by a schema, loaded and frozen.

Another state is a new file in `rulesets/`, not new code (DESIGN 4.13). `check_rule_sets` in
`checks.py` loads them all at start, so that a broken file stops the site with its file and line
instead of giving a wrong date to somebody.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from jsonschema import Draft202012Validator, FormatChecker

FOLDER = Path(__file__).parent / "rulesets"
GBL_205 = "ny-gbl-205"


class RuleSetError(Exception):
    """A rule set that cannot be used; says where and why in words."""


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


class _PlainLoader(yaml.SafeLoader):
    """YAML as JSON would have it: a day stays text, so that the schema can judge it."""


_PlainLoader.yaml_implicit_resolvers = {
    letter: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _read(text: str) -> Any:
    """What a document says, days as text."""
    return yaml.load(text, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader


def _line_of(node: yaml.Node | None, path: list[str | int]) -> int:
    """The line (from 1) of what `path` leads to in a document, or of its last known part."""
    line = 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = next((pair for pair in node.value if pair[0].value == step), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            node = node.value[step]
            line = node.start_mark.line + 1
    return line


def _problems(path: Path) -> Iterator[str]:
    """What is wrong with a file, a sentence each, with file and line."""
    text = path.read_text(encoding="utf-8")
    try:
        document = _read(text)
        tree = yaml.compose(text, Loader=_PlainLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        yield f"{path.name}, line {line}: {error.problem}"
        return
    schema = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    validator = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
    for found in validator.iter_errors(document):
        where = [step for step in found.absolute_path if isinstance(step, str | int)]
        named = ".".join(str(step) for step in where) or "the file"
        yield f"{path.name}, line {_line_of(tree, where)}: {named}: {found.message}"
    if isinstance(document, dict) and document.get("id") not in {None, path.stem}:
        line = _line_of(tree, ["id"])
        yield f"{path.name}, line {line}: id: the file is called {path.stem}, so must the rule be"


def load_rule(path: Path) -> Rule:
    """The rule in a file. Raises RuleSetError with every problem, each with file and line."""
    problems = list(_problems(path))
    if problems:
        raise RuleSetError("\n".join(problems))
    document: dict[str, Any] = _read(path.read_text(encoding="utf-8"))
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
    )


@cache
def load_rules(folder: Path = FOLDER) -> dict[str, Rule]:
    """All rules of a folder by id, read once per process. Raises RuleSetError as `load_rule`."""
    return {path.stem: load_rule(path) for path in sorted(folder.glob("*.yaml"))}


def get_rule(rule_id: str = GBL_205) -> Rule:
    """The rule with this id; KeyError where there is none."""
    return load_rules()[rule_id]
