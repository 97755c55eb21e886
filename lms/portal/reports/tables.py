"""Each table of a course's report: on the page, as CSV and as a spreadsheet, from one place."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.portal.reports.figures import (
    MIN_GROUP,
    CourseReport,
    StepFigures,
    Told,
    may_tell,
    too_few,
)

# So many questions are on the course's page; all are on their own.
MOST_MISSED = 5


@dataclass(frozen=True)
class Table:
    """A plot and the table below it. `bars` are drawn by components/bars.html.

    The first `words` columns are words, the others numbers. The page shows the first `page_columns`
    and `page_rows`, all without; files have everything.
    """

    key: str
    title: str
    note: str
    header: list[str]
    rows: list[list[Any]]
    bars: list[dict[str, Any]]
    words: int = 1
    page_columns: int | None = None
    page_rows: int | None = None

    @property
    def columns(self) -> list[dict[str, Any]]:
        """The page's headings for components/data_table.html."""
        shown = self.header[: self.page_columns]
        return [{"label": label, "number": n >= self.words} for n, label in enumerate(shown)]

    @property
    def cells(self) -> list[list[dict[str, Any]]]:
        """The page's rows; a dash where there is no number to show."""
        return [
            [
                {"text": str(cell) or "–", "number": isinstance(cell, int | float)}
                for cell in row[: self.page_columns]
            ]
            for row in self.rows[: self.page_rows]
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
            [gain.objective, report.told.text(gain.people), gain.before, gain.after, gain.gain]
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
                item.text, item.test, item.objective, report.told.text(item.people), item.facility,
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
                "label": f"{item.text} ({item.test})",
                "bars": [
                    {
                        "kind": "ok",
                        "value": item.facility,
                        "text": _("%(percent)s %% right") % {"percent": item.facility},
                    }
                ],
            }
            for item in report.items[:MOST_MISSED]
            if item.shown
        ],
        words=3,
        page_columns=6,
        page_rows=MOST_MISSED,
    )  # fmt: skip


def steps(report: CourseReport) -> Table:
    """Where people stop."""
    most = max([report.told.number(step.opened) for step in report.steps] or [0])
    return Table(
        key="steps",
        title=_("Where people stop"),
        note=_(
            "How many opened each step and finished it; the rest stopped there, or still go on."
        ),
        header=[_("Step"), _("Opened"), _("Finished"), _("Not finished")],
        rows=[
            [step.title, report.told.text(step.opened), *_parts(step, report.told)]
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
                        "value": round(
                            100
                            * report.told.number(step.done if step.parts_shown else step.opened)
                            / most
                        ),
                        "text": _finished(step, report.told),
                    }
                ],
            }
            for step in report.steps
            if step.opened >= MIN_GROUP
        ],
    )


def _parts(step: StepFigures, told: Told) -> list[int | str]:
    """The cells of who finished the step and who did not; empty where one would tell the other."""
    if not step.parts_shown:
        return ["" if may_tell(part) else too_few() for part in (step.done, step.stopped)]
    left = told.number(step.opened) - told.number(step.done)
    if left == step.stopped:
        return [told.text(step.done), left]
    return [told.text(step.done), _("about %(count)s") % {"count": left} if left else too_few()]


def _finished(step: StepFigures, told: Told) -> str:
    opened = told.text(step.opened)
    if step.parts_shown:
        numbers = {"done": told.text(step.done), "opened": opened}
        return _("%(done)s of %(opened)s finished") % numbers
    return _("%(opened)s opened it") % {"opened": opened}


def began(people: int) -> str:
    """How many began a course, in a sentence; of too few no number."""
    if not people:
        return _("Nobody began it yet")
    if not may_tell(people):
        return _("Begun by %(few)s") % {"few": too_few()}
    return _("%(people)s people began it") % {"people": people}


def completed(report: CourseReport) -> str:
    """How many began and how many of them completed the course, in a sentence."""
    numbers = {"people": report.people, "completed": report.completed, "few": too_few()}
    if not may_tell(report.completed):
        return _("%(people)s people began this course, %(few)s completed it.") % numbers
    if not may_tell(report.people - report.completed):
        return _("%(people)s people began this course; %(few)s have not completed it.") % numbers
    return _("%(people)s people began this course, %(completed)s completed it.") % numbers


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
            [
                step.title, step.planned, report.told.text(step.timed), step.low, step.middle,
                step.high,
            ]
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
