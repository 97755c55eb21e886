"""Each table of a course's report: on the page, as CSV and as a spreadsheet, from one place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.portal.reports.figures import MIN_GROUP, CourseReport, too_few


@dataclass(frozen=True)
class Table:
    """A plot and the table below it. `bars` are drawn by components/bars.html."""

    key: str
    title: str
    note: str
    header: list[str]
    rows: list[list[Any]]
    bars: list[dict[str, Any]]

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The headings for components/data_table.html; all but the first stand over numbers."""
        return [{"label": label, "number": bool(n)} for n, label in enumerate(self.header)]

    @property
    def cells(self) -> list[list[dict[str, Any]]]:
        return [
            [{"text": str(cell), "number": isinstance(cell, int | float)} for cell in row]
            for row in self.rows
        ]


def gains(report: CourseReport) -> Table:
    """What people knew before and after, by objective."""
    return Table(
        key="gain",
        title=_("What people learned"),
        note=_(
            "Right answers in percent, before and after, of the people who took both tests. "
            "First tries only."
        ),
        header=[_("Objective"), _("People"), _("Before"), _("After"), _("Gain")],
        rows=[
            [gain.objective, gain.people, gain.before, gain.after, gain.gain]
            if gain.shown
            else [gain.objective, too_few(), "", "", ""]
            for gain in report.gains
        ],
        bars=[
            {
                "label": gain.objective,
                "bars": [
                    {
                        "kind": "half",
                        "value": gain.before,
                        "text": _("before") + f" {gain.before} %",
                    },
                    {"kind": "ok", "value": gain.after, "text": _("after") + f" {gain.after} %"},
                ],
            }
            for gain in report.gains
            if gain.shown
        ],
    )


def items(report: CourseReport) -> Table:
    """The questions, those most missed first."""
    return Table(
        key="questions",
        title=_("Questions most missed"),
        note=_(
            "How many answered rightly, in percent. Discrimination tells whether those who do well "
            "in the rest of the test also answer this one: below 0.2 the question deserves a look."
        ),
        header=[
            _("Question"), _("Test"), _("Objective"), _("People"), _("Right, percent"),
            _("Discrimination"), _("Answers chosen"),
        ],
        rows=[
            [
                item.text, item.test, item.objective, item.people, item.facility,
                "" if item.discrimination is None else item.discrimination,
                "; ".join(
                    f"{choice.text}{' ✓' if choice.right else ''} {choice.percent} %"
                    for choice in item.choices
                ),
            ]
            if item.shown
            else [item.text, item.test, item.objective, too_few(), "", "", ""]
            for item in report.items
        ],
        bars=[
            {
                "label": item.text,
                "bars": [{"kind": "ok", "value": item.facility, "text": f"{item.facility} %"}],
            }
            for item in [item for item in report.items if item.shown][:8]
        ],
    )  # fmt: skip


def steps(report: CourseReport) -> Table:
    """Where people stop."""
    most = max([step.opened for step in report.steps] or [0])
    return Table(
        key="steps",
        title=_("Where people stop"),
        note=_(
            "How many opened each step and finished it; the rest stopped there, or still go on."
        ),
        header=[_("Step"), _("Opened"), _("Finished"), _("Not finished")],
        rows=[
            [step.title, step.opened, step.done, step.stopped]
            if step.opened >= MIN_GROUP
            else [step.title, too_few(), "", ""]
            for step in report.steps
        ],
        bars=[
            {
                "label": step.title,
                "bars": [
                    {
                        "kind": "ok",
                        "value": round(100 * step.done / most),
                        "text": _("%(done)s of %(opened)s finished")
                        % {"done": step.done, "opened": step.opened},
                    }
                ],
            }
            for step in report.steps
            if step.opened >= MIN_GROUP
        ],
    )


def times(report: CourseReport) -> Table:
    """Minutes in each step."""
    most = max([step.high for step in report.steps if step.timed_enough] or [0]) or 1
    return Table(
        key="time",
        title=_("Time in each step"),
        note=_("Active minutes: half of the people took less than the middle, half took more."),
        header=[
            _("Step"), _("Planned"), _("People"), _("A quarter took less"), _("Middle"),
            _("A quarter took more"),
        ],
        rows=[
            [step.title, step.planned, step.timed, step.low, step.middle, step.high]
            if step.timed_enough
            else [step.title, step.planned, too_few(), "", "", ""]
            for step in report.steps
        ],
        bars=[
            {
                "label": step.title,
                "bars": [
                    {
                        "kind": "half",
                        "value": round(100 * step.middle / most),
                        "text": _("%(minutes)s min") % {"minutes": step.middle},
                    }
                ],
            }
            for step in report.steps
            if step.timed_enough
        ],
    )  # fmt: skip


TABLES: dict[str, Callable[[CourseReport], Table]] = {
    "gain": gains,
    "questions": items,
    "steps": steps,
    "time": times,
}
KEPT_FROM_EMPLOYERS = gettext_lazy(
    "Nobody is named here, groups of fewer than five people are not shown, and no employer sees it."
)
