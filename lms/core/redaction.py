"""The registry of free text: where people type words, so that what should never have been typed can
be found and wiped out by a named officer (DESIGN 4.18). Each room announces its own in
AppConfig.ready(); lms.people.redaction decides who may.

What is wiped is gone: in the row, and in the evidence that rests on it. Nothing here keeps it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model, Q, QuerySet
from django.utils.functional import Promise

from lms.core.ledger import redacting

REDACTED = "[redacted]"
# At most so many rows of one place in an answer.
FEW = 20


@dataclass(frozen=True)
class FreeText:
    """One column people type into.

    `model` is a label ("events.Arrangement"); `offices` are paths from it to the office that is
    responsible, the first that leads to one; without any it is the state's, as what facilities and
    their managers write. `evidence` is the path to a completion whose evidence may repeat the
    words. A `nested` column is JSON: its texts are wiped one by one, and it is found by its
    reference alone.
    """

    place: str
    label: str | Promise
    model: str
    field: str
    offices: tuple[str, ...] = ()
    evidence: str = ""
    nested: bool = False

    @property
    def rows(self) -> "QuerySet[Any]":
        """All rows."""
        model: Any = apps.get_model(self.model)
        found: QuerySet[Any] = model._base_manager.all()  # noqa: SLF001 - Django's documented name
        return found

    def within(self, offices: Iterable[int], *, state: bool) -> "QuerySet[Any]":
        """The rows that are these offices' business; `state`: what belongs to no office too."""
        if not self.offices:
            return self.rows if state else self.rows.none()
        ids = list(offices)
        wanted = Q()
        for path in self.offices:
            wanted |= Q(**{f"{path}__in": ids})
        return self.rows.filter(wanted)


_texts: dict[str, FreeText] = {}


def register(*texts: FreeText) -> None:
    """Announce columns; called in AppConfig.ready(). A place is announced once."""
    for text in texts:
        _texts[text.place] = text


def free_texts() -> list[FreeText]:
    """All columns people type into, by place."""
    return [_texts[place] for place in sorted(_texts)]


def free_text(place: str) -> FreeText | None:
    """The column with this name."""
    return _texts.get(place)


def leaves(value: Any, path: str = "") -> dict[str, str]:
    """The texts in a JSON value by where they stand: {"why": "...", "rows.0.name": "..."}."""
    if isinstance(value, str):
        return {path: value} if value and value != REDACTED else {}
    items: Iterable[tuple[Any, Any]] = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    found: dict[str, str] = {}
    for key, inner in items:
        found |= leaves(inner, f"{path}.{key}" if path else str(key))
    return found


def without(value: Any, wiped: set[str], path: str = "") -> Any:
    """The JSON value with the texts at these places wiped out."""
    if isinstance(value, str):
        return REDACTED if path in wiped else value
    if isinstance(value, dict):
        return {
            key: without(inner, wiped, f"{path}.{key}" if path else str(key))
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [
            without(inner, wiped, f"{path}.{place}" if path else str(place))
            for place, inner in enumerate(value)
        ]
    return value


def wipe(text: FreeText, row: Model, value: Any) -> None:
    """Write `value`, in which words are wiped out, over the row's; facts let only this by."""
    table = row._meta.db_table  # noqa: SLF001 - Django's documented name
    column = str(row._meta.get_field(text.field).column)  # type: ignore[union-attr]  # noqa: SLF001
    with redacting(table, column):
        text.rows.filter(pk=row.pk).update(**{text.field: value})
