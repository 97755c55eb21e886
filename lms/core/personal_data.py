"""The personal-data registry: each room says how its rows about a person are exported and erased,
what collides when two people turn out to be one, and what goes by its age. Compliance decides when;
this does it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lms.people.models import Person


@dataclass(frozen=True)
class Holding:
    """One kind of rows a room keeps about people.

    `forget` removes those older than the room keeps them, at a moment, and returns how many; people
    were told so where they gave them. A daily job calls it.
    """

    name: str
    export: "Callable[[Person], list[dict[str, Any]]]"
    erase: "Callable[[Person], int] | None" = None
    collisions: "Callable[[Person, Person], list[str]] | None" = None
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
