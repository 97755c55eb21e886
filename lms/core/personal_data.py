"""The personal-data registry: each room says how its rows about a person are exported and erased,
what collides when two people turn out to be one, and what goes by its age. Compliance decides when;
this does it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

if TYPE_CHECKING:
    from lms.people.models import Person


@dataclass(frozen=True)
class Both:
    """Something that two people have both, which joining their records must settle.

    `owner` is the organization that may be told what it is; None: nobody but an administrator and
    the person.
    """

    what: str
    owner: int | None = None


@dataclass(frozen=True)
class Settling:
    """What a room settles by itself when two records are joined, and takes back when they part.

    `both` finds it; `settle` does it and returns the ids that `undo` needs. The record that is
    merged comes first, then the one that stays.
    """

    both: "Callable[[Person, Person], list[Both]]"
    settle: "Callable[[Person, Person, Person, datetime], list[int]]"
    undo: "Callable[[list[int], Person, datetime], None]"


@dataclass(frozen=True)
class Holding:
    """One kind of rows a room keeps about people.

    `collisions` finds what keeps two people's records from being joined, their merged rows
    included, and `settling` what does not. `said` is the sentence about one of either: what becomes
    of it, or what to do; %(what)s is its name, or `unnamed` for who may not know it.
    `forget` removes those older than the room keeps them, at a moment, and returns how many; people
    were told so where they gave them. A daily job calls it.
    """

    name: str
    export: "Callable[[Person], list[dict[str, Any]]]"
    erase: "Callable[[Person], int] | None" = None
    collisions: "Callable[[Person, Person], list[Both]] | None" = None
    settling: Settling | None = None
    said: str | Promise = "%(what)s"
    unnamed: str | Promise = ""
    forget: Callable[[datetime], int] | None = None


_holdings: dict[str, Holding] = {}


def register(holding: Holding) -> None:
    """Announce a kind of rows; called in AppConfig.ready(). A name is announced once."""
    _holdings[holding.name] = holding


def holdings() -> list[Holding]:
    """All kinds of rows about people, by name."""
    return [_holdings[name] for name in sorted(_holdings)]


def forget_by_age(now: datetime) -> dict[str, int]:
    """Remove what is older than its room keeps it; how many rows of each kind went."""
    return {holding.name: holding.forget(now) for holding in holdings() if holding.forget}


def export(person: "Person") -> dict[str, list[dict[str, Any]]]:
    """Everything the site keeps about `person`, by kind."""
    return {holding.name: holding.export(person) for holding in holdings()}


def collisions(one: "Person", other: "Person", *, offices: set[int] | None = None) -> list[str]:
    """What keeps these two records from being joined, each a sentence that says what to do.

    Without names of what belongs to other organizations than `offices`; None: all are named.
    """
    return [
        _say(holding, both, offices)
        for holding in holdings()
        if holding.collisions
        for both in holding.collisions(one, other)
    ]


def settled_by_merging(
    duplicate: "Person", into: "Person", *, offices: set[int] | None = None
) -> list[str]:
    """What joining the two settles by itself, in sentences; named as in `collisions`."""
    return [
        _say(holding, both, offices)
        for holding in holdings()
        if holding.settling
        for both in holding.settling.both(duplicate, into)
    ]


def _say(holding: Holding, both: Both, offices: set[int] | None) -> str:
    named = offices is None or both.owner in offices
    return str(holding.said) % {"what": both.what if named else str(holding.unnamed)}


def settle(
    duplicate: "Person", into: "Person", *, actor: "Person", now: datetime
) -> dict[str, list[int]]:
    """Have every room settle what two joined records have twice; what `unsettle` needs of it."""
    done = {
        holding.name: holding.settling.settle(duplicate, into, actor, now)
        for holding in holdings()
        if holding.settling
    }
    return {name: ids for name, ids in done.items() if ids}


def unsettle(settled: dict[str, list[int]], *, actor: "Person", now: datetime) -> None:
    """The two records part again: take back what was settled, where it still is so."""
    for holding in holdings():
        if holding.settling and settled.get(holding.name):
            holding.settling.undo(settled[holding.name], actor, now)
