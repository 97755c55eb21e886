"""What a manager fills in about a list: the file, its columns, its job titles, a row's mistake."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from lms.core.exceptions import Refused
from lms.core.table_files import check_table_file
from lms.core.time import new_york_today
from lms.people.enums import Post
from lms.people.models import Organization
from lms.people.roster.columns import Column
from lms.people.roster.days import DAY_FIRST, MONTH_FIRST, read_day
from lms.people.roster_models import RosterImport, RosterRow

COMPLETE = [
    ("no", _("No, only some of them. Nobody leaves because of this list.")),
    ("yes", _("Yes, everybody who works here. Whoever is missing has left.")),
]


def _date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class UploadForm(forms.Form):
    """The list, and whether it is complete."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_("A spreadsheet (.xlsx) or table (.csv), as you keep it. At most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv"}),
    )
    is_complete = forms.ChoiceField(
        label=_("Is everybody in it?"), choices=COMPLETE, widget=forms.RadioSelect, initial="no"
    )
    left_on = forms.DateField(
        label=_("If so: last day of those who are missing"),
        help_text=_("You can change it for each of them before anything is recorded."),
        widget=_date_input(),
        required=False,
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        upload: UploadedFile[bytes] = self.cleaned_data["file"]
        start = upload.read(4096)
        upload.seek(0)
        try:
            check_table_file(upload.name or "", upload.size or 0, start)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return upload

    def clean_left_on(self) -> date:
        day: date | None = self.cleaned_data["left_on"]
        if day and day > new_york_today():
            raise forms.ValidationError(_("Record it on the last day or later."))
        return day or new_york_today()


class ColumnsForm(forms.Form):
    """What each column of the list holds."""

    mark_optional = False

    def __init__(
        self, data: Any = None, *, roster: RosterImport, samples: Sequence[list[str]]
    ) -> None:
        super().__init__(data)
        by_place = {place: name for name, place in roster.columns.items()}
        choices = [("", _("Not needed")), *Column.choices]
        for place, heading in enumerate(roster.header):
            seen = [row[place] for row in samples if place < len(row) and row[place]][:3]
            if not heading and not seen:
                continue
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading or _("Column %(number)s") % {"number": place + 1},
                help_text=", ".join(seen),
                choices=choices,
                required=False,
                initial=by_place.get(place, ""),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        said = [value for value in cleaned.values() if value]
        for value in sorted(set(said)):
            if said.count(value) > 1:
                raise forms.ValidationError(
                    _("Only one column can hold this: %(column)s.")
                    % {"column": Column(value).label}
                )
        return cleaned

    @property
    def columns(self) -> dict[str, int]:
        """The answer, as the service takes it."""
        return {
            value: int(name.removeprefix("column_"))
            for name, value in self.cleaned_data.items()
            if value
        }


class TitleForm(forms.Form):
    """Which post a job title is, and whether it meets guests."""

    post = forms.ChoiceField(label=_("Post"), choices=Post.choices)
    contact = forms.ChoiceField(
        label=_("Likely to meet guests?"),
        choices=[
            ("", _("As the list says; yes where it says nothing")),
            ("yes", _("Yes, all of them")),
            ("no", _("No")),
        ],
        required=False,
    )
    reason = forms.CharField(label=_("If not: why not?"), max_length=300, required=False)
    mark_optional = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("contact") == "no" and not cleaned.get("reason"):
            self.add_error("reason", _("Say why this post does not meet guests."))
        return cleaned

    @property
    def said(self) -> dict[str, Any]:
        """The answer, as the service takes it."""
        return {
            "post": self.cleaned_data["post"],
            "contact": {"yes": True, "no": False}.get(self.cleaned_data["contact"]),
            "reason": self.cleaned_data["reason"],
        }


class SettingsForm(forms.Form):
    """Answers for the whole list."""

    day_order = forms.ChoiceField(choices=[(MONTH_FIRST, ""), (DAY_FIRST, "")], required=False)
    is_complete = forms.ChoiceField(choices=COMPLETE, required=False)
    left_on = forms.DateField(required=False)


class RowForm(forms.Form):
    """One row: only what is wrong with it, or all of it."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    number = forms.CharField(label=_("Employee number"), max_length=40, required=False)
    email = forms.EmailField(label=_("E-mail address"), required=False)
    started_on = forms.CharField(label=_("Hired on"), widget=forms.DateInput({"type": "date"}))
    ended_on = forms.CharField(
        label=_("Left on"), widget=forms.DateInput({"type": "date"}), required=False
    )
    same_as = forms.ChoiceField(
        label=_("Is it the same person?"),
        choices=[("here", _("Yes, the same person")), ("other", _("No, another person"))],
        widget=forms.RadioSelect,
    )
    contact = forms.ChoiceField(
        label=_("Is this person likely to meet guests at work?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("If not: why not?"),
        help_text=_("About the post, not about the person. It is shown to inspectors."),
        max_length=300,
        required=False,
    )
    place = forms.ChoiceField(label=_("Facility"))
    mark_optional = False
    SHOWN = {
        "name": ["first_name", "last_name"],
        "number": ["number"],
        "email": ["email"],
        "started_on": ["started_on"],
        "ended_on": ["ended_on"],
        "same_as": ["same_as"],
        "contact": ["contact", "reason"],
        "place": ["place"],
        "skip": [],
    }

    def __init__(
        self, data: Any = None, *, row: RosterRow, facilities: Sequence[Organization]
    ) -> None:
        values = row.values
        initial = {name: values.get(name, "") for name in self.base_fields}
        initial["contact"] = ""
        super().__init__(data, initial=initial, prefix=f"row{row.pk}")
        asked = {problem["on"] for problem in row.problems}
        if any(problem["code"] == "number_taken" for problem in row.problems):
            asked.add("same_as")
            self.fields["same_as"].required = False
        if row.line is None:
            asked = {"ended_on"}
        elif not asked:
            asked = {"name", "number", "email", "started_on", "ended_on"}
        shown = {name for on in asked for name in self.SHOWN[on]}
        for name in list(self.fields):
            if name not in shown:
                del self.fields[name]
        if "place" in shown:
            self.fields["place"].choices = [  # type: ignore[attr-defined]
                ("", "---"), *((place.key, place.name) for place in facilities)
            ]  # fmt: skip

    def _day(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        found = read_day(text)
        if text and not found.day:
            raise forms.ValidationError(_("Type the day as 2026-11-30."))
        return text

    def clean_started_on(self) -> str:
        return self._day("started_on")

    def clean_ended_on(self) -> str:
        return self._day("ended_on")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("contact") == "no" and not cleaned.get("reason"):
            self.add_error("reason", _("Say why this post does not meet guests."))
        return cleaned

    @property
    def given(self) -> dict[str, Any]:
        """What was typed, as the service takes it."""
        typed = {name: value for name, value in self.cleaned_data.items() if value != "" or (
            name in {"number", "email", "ended_on"})}  # fmt: skip
        if "contact" in typed:
            typed["contact"] = typed["contact"] == "yes"
        return {**typed, "skip": False}
