"""What a coordinator fills in to add many dates at once: a list or a pattern, then row by row."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from events import wall_time
from events.selectors import schedulable_trainings
from events.services import DateRow, PlannedDate
from events.services.sessions import settle
from events.written_dates import MOST, Written, by_pattern, read
from lms.core.exceptions import Refused
from lms.core.time import NEW_YORK, time_range
from lms.people.models import Person
from lms.portal.desk.sessions.forms import (
    ClockField,
    DetailsForm,
    KeptBackForm,
    NewSessionForm,
    TimeForm,
)
from lms.trainings.models import Training

WEEKDAYS = [
    (0, later("Monday")),
    (1, later("Tuesday")),
    (2, later("Wednesday")),
    (3, later("Thursday")),
    (4, later("Friday")),
    (5, later("Saturday")),
    (6, later("Sunday")),
]
EVERY = [
    ("week", later("Every week")),
    ("other", later("Every second week")),
    ("1", later("The first of each month")),
    ("2", later("The second of each month")),
    ("3", later("The third of each month")),
    ("4", later("The fourth of each month")),
    ("last", later("The last of each month")),
]


class ManyForm(DetailsForm, TimeForm, KeptBackForm):
    """What all the dates have in common; the dates themselves are said in two ways below."""

    # One moment cannot be right for many dates; each session has its own afterwards.
    registration_opens_at = None  # type: ignore[assignment]  # Django's way to drop a field
    registration_closes_at = None  # type: ignore[assignment]
    cancellation_closes_at = None  # type: ignore[assignment]
    day = None  # type: ignore[assignment]

    training = forms.ModelChoiceField(
        label=later("Training"), queryset=NewSessionForm.base_fields["training"].queryset,  # type: ignore[attr-defined]
        empty_label=None,
    )  # fmt: skip

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["training"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = schedulable_trainings(person)

    def details(self, training: Training) -> dict[str, Any]:
        """What all dates have in common, as schedule_session knows it."""
        return {**super().details(training), "announced": not self.cleaned_data["kept_back"]}

    def written(self, today: date) -> list[Written]:
        """The dates, each with its times as far as they are known."""
        raise NotImplementedError


class PasteForm(ManyForm):
    """A list of dates as somebody wrote it."""

    field_order = ["training", "dates", "start", "end", "zone", "capacity", "join_url"]

    dates = forms.CharField(
        label=later("Dates"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}),
        help_text=later(
            "One on each line, as in “Tues Feb 28” or “April 6-8, 10 am to 1 pm EST”. A line with"
            " only a time counts for all dates below it. Without a year it is the next such day."
        ),
    )
    start = ClockField(
        label=later("Starts"),
        required=False,
        help_text=later("Where the list says no time. For example 10 am or 13:30."),
    )
    end = ClockField(label=later("Ends"), required=False)

    def written(self, today: date) -> list[Written]:
        rows = read(self.cleaned_data["dates"], today=today)
        return [self._with_common_time(row) for row in rows]

    def _with_common_time(self, row: Written) -> Written:
        given = self.cleaned_data
        return replace(
            row,
            start=row.start or given["start"] or None,
            end=row.end or given["end"] or None,
            zone=row.zone or given["zone"],
        )


class PatternForm(ManyForm):
    """Dates that follow a pattern."""

    field_order = [
        *("training", "weekdays", "every", "first", "last", "without"),
        *("start", "end", "zone", "capacity", "join_url"),
    ]

    weekdays = forms.TypedMultipleChoiceField(
        label=later("On"), choices=WEEKDAYS, coerce=int, widget=forms.CheckboxSelectMultiple
    )
    every = forms.ChoiceField(label=later("How often"), choices=EVERY, initial="week")
    first = forms.DateField(label=later("From"), widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label=later("To"), widget=forms.DateInput(attrs={"type": "date"}))
    without = forms.CharField(
        label=later("Without these days"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=later("Holidays and the like, one on each line: “Nov 25”, “Dec 24-31”."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first"), cleaned.get("last")
        if not first or not last:
            return cleaned
        if last < first or (last - first).days > 2 * 366:
            self.add_error("last", _("Choose a day after the first, within two years of it."))
            return cleaned
        # The next such day from the first one on, so that "Nov 25" is the one in between.
        days = read(cleaned.get("without") or "", today=first)
        for row in days:
            if row.problem:
                self.add_error("without", f"“{row.text}”: {row.problem}")
        self.left_out = [row.day for row in days if row.day]
        return cleaned

    def written(self, today: date) -> list[Written]:
        given = self.cleaned_data
        days = by_pattern(
            weekdays=given["weekdays"],
            every=given["every"],
            first=given["first"],
            last=given["last"],
            without=self.left_out,
        )
        return [
            Written(number, "", day, given["start"], given["end"], given["zone"])
            for number, day in enumerate(days, start=1)
        ]


class RowForm(forms.Form):
    """One date: to be taken or left out, and corrected in place."""

    take = forms.BooleanField(required=False)
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    start = ClockField(required=False)
    end = ClockField(required=False)
    zone = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    text = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    # What was to be looked at, for the day it was said of; a corrected day leaves it behind.
    note = forms.CharField(required=False, max_length=1000, widget=forms.HiddenInput)
    read_as = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(self, data: QueryDict, *, number: int) -> None:
        self.number = number
        self.row: DateRow | None = None
        super().__init__(data, prefix=f"row{number}")
        name = data.get(f"row{number}-text") or str(number)
        for field, label in (
            ("take", _("Take %(row)s")),
            ("day", _("Date of %(row)s")),
            ("start", _("Start of %(row)s")),
            ("end", _("End of %(row)s")),
        ):
            self.fields[field].widget.attrs["aria-label"] = label % {"row": name}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("take"):
            return cleaned
        zones = {cleaned.get("zone") or NEW_YORK.key}
        for name, missing in (
            ("day", _("Which day?")),
            ("start", _("When does it start?")),
            ("end", _("When does it end?")),
        ):
            value = cleaned.get(name)
            if not value and name not in self.errors:
                self.add_error(name, missing)
            elif isinstance(value, tuple):
                cleaned[name], zone = value
                zones = {zone.key} if zone else zones
        cleaned["zone"] = zones.pop()
        return cleaned

    @property
    def taken(self) -> bool:
        """Whether it is ticked; what cannot be read is ticked too, and says so."""
        return bool(self["take"].value())

    @property
    def when(self) -> str:
        """Weekday, date and time; of another zone, Eastern time as well. Empty while unknown."""
        given = self.planned
        if given is None:
            return ""
        try:
            settled = settle(**given.__dict__)
        except Refused:
            return ""
        zone = wall_time.parse_zone(settled.zone)
        said = wall_time.when(settled.starts_at, settled.ends_at, zone)
        if zone.key == NEW_YORK.key:
            return said
        return f"{said} = {time_range(settled.starts_at, settled.ends_at)}"

    @property
    def planned(self) -> PlannedDate | None:
        """The date as services know it, once it is ticked and whole."""
        if not self.is_valid() or not self.taken:
            return None
        return PlannedDate(*(self.cleaned_data[name] for name in ("day", "start", "end", "zone")))

    @property
    def notes(self) -> list[str]:
        """What to look at: what the list said otherwise, and a night when the clocks change."""
        day = str(self["day"].value() or "")
        said = str(self["note"].value() or "")
        notes = said.split("\n") if said and day == self["read_as"].value() else []
        given = self.planned
        changed = (
            wall_time.clock_change(given.day, wall_time.parse_zone(given.zone)) if given else ""
        )
        return [*notes, changed] if changed else notes

    @property
    def mistakes(self) -> list[str]:
        return [str(error) for errors in self.errors.values() for error in errors]


class DatesSheet:
    """All rows, as one form. The data of the first look comes from what was read."""

    def __init__(self, data: QueryDict) -> None:
        count = data.get("rows", "0")
        number = min(int(count), MOST + 1) if count.isdigit() else 0
        self.rows = [RowForm(data, number=row) for row in range(1, number + 1)]

    @classmethod
    def of(cls, written: Iterable[Written]) -> "DatesSheet":
        """What was read, ticked where nothing has to be looked at."""
        data = QueryDict(mutable=True)
        for number, row in enumerate(written, start=1):
            data["rows"] = str(number)
            day = row.day.isoformat() if row.day else ""
            given = {
                "take": "" if row.doubtful or row.problem else "on",
                "day": day,
                "read_as": day,
                "start": f"{row.start:%H:%M}" if row.start else "",
                "end": f"{row.end:%H:%M}" if row.end else "",
                "zone": row.zone or "",
                "text": row.text,
                "note": "\n".join([row.problem] if row.problem else row.notes),
            }
            for name, value in given.items():
                data[f"row{number}-{name}"] = value
        return cls(data)

    def is_valid(self) -> bool:
        """Whether every ticked row is whole."""
        return all(row.is_valid() for row in self.rows)

    @property
    def ready(self) -> list[RowForm]:
        """The rows that are ticked and whole."""
        return [row for row in self.rows if row.planned]

    @property
    def taken(self) -> int:
        return sum(row.taken for row in self.rows)
