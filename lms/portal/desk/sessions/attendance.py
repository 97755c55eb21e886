"""Marking the attendance of many people on one page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from events.check_in_models import CheckIn
from events.enums import Outcome
from events.models import Attendance, Registration, Session
from events.services import Mark
from lms.completions.models import Completion

# Of those left open: who checked in attended, who did not was not there.
CHECKED_IN = "checked_in"


class SeatForm(forms.Form):
    """One person's row. Minutes without an outcome are held against the rule."""

    outcome = forms.ChoiceField(
        required=False, choices=[("", later("Not noted")), *Outcome.choices]
    )
    minutes = forms.IntegerField(required=False, min_value=0)

    def __init__(self, data: QueryDict | None, *, seat: Registration, session: Session) -> None:
        self.seat, self.session = seat, session
        newest = seat.newest[0] if seat.newest else None  # type: ignore[attr-defined]  # prefetched
        self.newest = newest
        self.checked_in: CheckIn | None = getattr(seat, "check_in", None)
        initial = {"outcome": newest.outcome, "minutes": newest.minutes} if newest else None
        super().__init__(data, prefix=f"seat{seat.pk}", initial=initial)
        minutes = self.fields["minutes"]
        minutes.widget.attrs |= {
            "aria-label": _("Minutes of %(person)s") % {"person": seat.person},
            "max": session.planned_minutes,
        }
        outcome = self.fields["outcome"]
        outcome.widget.attrs["aria-label"] = _("Outcome of %(person)s") % {"person": seat.person}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        minutes, outcome = cleaned.get("minutes"), cleaned.get("outcome")
        if minutes is None:
            return cleaned
        if minutes > self.session.planned_minutes:
            self.add_error(
                "minutes",
                _("The session lasted %(planned)s minutes.")
                % {"planned": self.session.planned_minutes},
            )
        if not outcome:
            cleaned["outcome"] = self._by_the_rule(minutes)
        elif outcome == Outcome.ATTENDED and minutes < self.session.min_minutes:
            self.add_error(
                "minutes",
                _("“Attended” asks for %(rule)s minutes.") % {"rule": self.session.min_minutes},
            )
        elif outcome == Outcome.ATTENDED and self.session.code_asked and not self.checked_in:
            self.add_error(
                "minutes",
                _("The check-in code is missing. If you saw them, check them in at the door."),
            )
        elif outcome == Outcome.NO_SHOW and minutes > 0:
            self.add_error("minutes", _("Somebody who did not come has no minutes."))
        return cleaned

    def _by_the_rule(self, minutes: int) -> Outcome:
        if not minutes:
            return Outcome.NO_SHOW
        is_met = self.session.rule.is_met(minutes, has_code=self.checked_in is not None)
        return Outcome.ATTENDED if is_met else Outcome.PARTIAL


class RestForm(forms.Form):
    """What the people are whose row was left as it was."""

    mark_optional = False
    rest = forms.ChoiceField(
        label=later("Everybody not noted yet"),
        required=False,
        choices=[
            ("", later("Leave open")),
            (CHECKED_IN, later("Attended who checked in, the others did not come")),
            (Outcome.ATTENDED, Outcome.ATTENDED.label),
            (Outcome.NO_SHOW, Outcome.NO_SHOW.label),
        ],
    )


@dataclass(frozen=True)
class Mistake:
    """One thing that keeps the sheet from being saved; `anchor` is the id of its field."""

    name: str
    text: str
    anchor: str


class AttendanceSheet:
    """All rows of the page, as one form."""

    def __init__(
        self, session: Session, seats: Iterable[Registration], data: QueryDict | None = None
    ) -> None:
        self.rest = RestForm(data)
        self.rows = [SeatForm(data, seat=seat, session=session) for seat in seats]

    def is_valid(self) -> bool:
        """Whether every row makes sense; each is asked, so that each shows what is wrong."""
        return all([self.rest.is_valid(), *[row.is_valid() for row in self.rows]])

    @property
    def mistakes(self) -> list[Mistake]:
        """What is wrong, by the name of the row, in the page's order; empty before posting."""
        named: list[tuple[forms.Form, str]] = [(row, str(row.seat.person)) for row in self.rows]
        return [
            Mistake(name or str(field.label), str(error), field.id_for_label)
            for form, name in [*named, (self.rest, "")]
            for field in form
            for error in field.errors
        ]

    def marks(self) -> list[Mark]:
        """What was decided, and what `rest` says of those left open."""
        rest = self.rest.cleaned_data["rest"]
        marks = []
        for row in self.rows:
            outcome = row.cleaned_data["outcome"] or ("" if row.newest else rest)
            if outcome == CHECKED_IN:
                outcome = Outcome.ATTENDED if row.checked_in else Outcome.NO_SHOW
            if outcome:
                marks.append(Mark(row.seat, Outcome(outcome), row.cleaned_data["minutes"]))
        return marks

    def standing(self) -> set[UUID]:
        """The completions that the seats had when the page was read and that stand now."""
        held = [row.seat.completion_id for row in self.rows if row.seat.completion_id]
        return set(Completion.objects.standing().filter(pk__in=held).values_list("pk", flat=True))

    def changed(self, marked: Iterable[Attendance]) -> int:
        """How many of what was saved differ from what was noted before."""
        before = {row.newest.pk for row in self.rows if row.newest}
        return sum(attendance.pk not in before for attendance in marked)
