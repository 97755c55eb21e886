"""The state's totals as tables and plots: on the page and as CSV, from one place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lms.compliance.count_models import ShownBy
from lms.compliance.review.counting import DUE, MET, NOT_PROVEN, OVERDUE
from lms.portal.review.telling import County, Group, Told

NAMES = {
    MET: later("Met"),
    NOT_PROVEN: later("Trained, not yet proven"),
    DUE: later("Due"),
    OVERDUE: later("Overdue"),
}
_KINDS = {MET: "ok", NOT_PROVEN: "half", DUE: "soon", OVERDUE: "overdue"}


@dataclass(frozen=True)
class Table:
    """A table of the page and of its file; the first `words` columns are words."""

    key: str
    title: str
    header: list[str]
    rows: list[list[Any]]
    bars: list[dict[str, Any]]
    words: int = 1

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The headings for components/data_table.html."""
        return [{"label": label, "number": n >= self.words} for n, label in enumerate(self.header)]

    @property
    def cells(self) -> list[list[dict[str, Any]]]:
        """The rows for components/data_table.html."""
        return [
            [{"text": f"{cell:,}" if isinstance(cell, int) else cell, "number": n >= self.words}
             for n, cell in enumerate(row)]
            for row in self.rows
        ]  # fmt: skip


def column_name(group: Group) -> str:
    """What a column counts: "Met", or joined "Due, or overdue"."""
    names = [str(NAMES[column]) for column in group]
    return _or(names)


def _or(names: list[str]) -> str:
    """Several names as one: the first as it is, the others go on from it."""
    return _(", or ").join([names[0], *(name[:1].lower() + name[1:] for name in names[1:])])


def basis_name(bases: Group) -> str:
    """What trainings rest on, in words."""
    return _or([str(ShownBy(basis).label) for basis in bases])


def hidden() -> str:
    """What stands for a number that is not shown."""
    return _("hidden")


def by_county(found: Told) -> Table:
    """Each county: its facilities, its employees, and where they stand."""
    rows = [[*_line(row, len(found.columns))] for row in found.counties]
    shown = [row for row in found.counties if row.parts and row.covered]
    return Table(
        key="counties",
        title=_("By county"),
        header=[_("County"), _("Facilities"), _("Employees"), *map(column_name, found.columns)],
        rows=rows,
        bars=[
            {
                "label": county_name(row.name),
                "bars": [
                    {
                        "kind": _KINDS[group[0]],
                        "value": round(100 * people / (row.covered or 1)),
                        "text": f"{column_name(group)}: {round(100 * people / (row.covered or 1))} %",  # noqa: E501
                    }
                    for group, people in zip(found.columns, row.parts or (), strict=True)
                ],
            }
            for row in shown
        ],
    )


def county_name(name: str) -> str:
    return name or _("No county recorded")


def _line(row: County, columns: int) -> list[Any]:
    covered = hidden() if row.covered is None else row.covered
    return [county_name(row.name), row.facilities, covered, *(row.parts or [hidden()] * columns)]


def by_basis(found: Told) -> Table:
    """What the trainings rest on, of those who met the law and of those not yet proven."""
    most = max([row.people for row in found.rests] or [0]) or 1
    return Table(
        key="basis",
        title=_("What the trainings rest on"),
        header=[_("Standing"), _("Rests on"), _("Employees")],
        rows=[
            [column_name((row.column,)), basis_name(row.bases), row.people] for row in found.rests
        ],
        bars=[
            {
                "label": f"{column_name((row.column,))}: {basis_name(row.bases)}",
                "bars": [
                    {
                        "kind": _KINDS[row.column],
                        "value": round(100 * row.people / most),
                        "text": f"{row.people:,}",
                    }
                ],
            }
            for row in found.rests
        ],
        words=2,
    )


def bar(found: Told) -> dict[str, Any]:
    """Arguments of components/stacked_bar.html: the whole state at a glance."""
    segments, start = [], 0
    for group, people in zip(found.columns, found.totals, strict=True):
        if people:
            segments.append({
                "kind": _KINDS[group[0]], "count": people, "shown": f"{people:,}",
                "label": column_name(group), "url": "", "start": start,
            })  # fmt: skip
        start += people
    return {
        "segments": segments,
        "total": found.covered,
        "covered": f"{found.covered:,}",
        "facilities": f"{found.facilities:,}",
    }


TABLES: dict[str, Callable[[Told], Table]] = {"basis": by_basis, "counties": by_county}
