"""What a liaison fills in: whom to ask for what by when, a list of people, a leaving."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from courses.assignment_selectors import assignable_trainings
from lms.core.exceptions import Refused
from lms.core.files import check_upload
from lms.core.time import new_york_today
from lms.people import people_list
from lms.people.models import Employment, Person
from lms.trainings.models import Training

EVERYBODY, SOME = "everybody", "some"
MAX_LIST_BYTES = 1024 * 1024


def _day() -> forms.DateInput:
    """A date the browser helps with; typed as 2026-11-30 where it does not."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TrainingChoice(forms.ModelChoiceField):
    """Trainings by title, with the kind, since a course and a session may be called the same."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.get_kind_display()})"


class AssignForm(forms.Form):
    """A training, a day, and all or some of the agency's people."""

    mark_optional = False
    training = TrainingChoice(
        label=later("Training"),
        queryset=Training.objects.none(),
        to_field_name="key",
        empty_label=later("Choose a training"),
    )
    due_on = forms.DateField(
        label=later("Due by"),
        widget=_day(),
        help_text=later("The last day on which it is in time."),
    )
    who = forms.ChoiceField(
        label=later("Who is to take it"),
        choices=[(EVERYBODY, later("Everybody")), (SOME, later("Only the people ticked below"))],
        widget=forms.RadioSelect,
    )
    people = forms.MultipleChoiceField(
        label=later("People"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self, *args: Any, employments: Sequence[Employment], reader: Person, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.employments = {str(row.pk): row for row in employments}
        trainings, people, who = (self.fields[name] for name in ("training", "people", "who"))
        assert isinstance(trainings, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        assert isinstance(people, forms.ChoiceField)  # noqa: S101
        assert isinstance(who, forms.ChoiceField)  # noqa: S101
        trainings.queryset = assignable_trainings(reader)
        people.choices = [(pk, str(row.person.canonical)) for pk, row in self.employments.items()]
        who.choices = [
            (EVERYBODY, _("Everybody (%(count)s people)") % {"count": len(self.employments)}),
            (SOME, _("Only the people ticked below")),
        ]

    def clean_due_on(self) -> date:
        day: date = self.cleaned_data["due_on"]
        today = new_york_today()
        if day < today:
            raise forms.ValidationError(_("Choose today or a later day."))
        if day > today + timedelta(days=3 * 366):
            raise forms.ValidationError(_("This is more than three years away. Is the year right?"))
        return day

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("who") == SOME and not cleaned.get("people") and "people" not in self.errors:
            self.add_error("people", _("Tick at least one person."))
        return cleaned

    def chosen(self) -> list[Employment]:
        """Whom it is for; ask a valid form."""
        if self.cleaned_data["who"] == EVERYBODY:
            return list(self.employments.values())
        return [self.employments[pk] for pk in self.cleaned_data["people"]]


class PeopleListForm(forms.Form):
    """People as a list: pasted, or a file."""

    mark_optional = False
    text = forms.CharField(
        label=later("Paste the list"),
        help_text=later(
            "One person a line: name, e-mail address, day of hire. For example: "
            "Ana Rivera, ana.rivera@example.org, 2026-11-30. Pasted from a spreadsheet is fine."
        ),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        required=False,
        max_length=200_000,
    )
    file = forms.FileField(
        label=later("Or choose a CSV file"),
        help_text=later("The same columns; a first line that names them is understood."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
        required=False,
    )

    def clean_file(self) -> "UploadedFile[bytes] | None":
        upload: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if upload is None:
            return None
        try:
            check_upload(upload)
        except Refused as refusal:
            raise forms.ValidationError(
                _("This is not a table as text. Save it as CSV, or copy it and paste it above.")
                if refusal.code == "not_what_it_says"
                else str(refusal)
            ) from refusal
        if (upload.size or 0) > MAX_LIST_BYTES:
            raise forms.ValidationError(_("The file is too large for a list of people."))
        if not (upload.name or "").lower().endswith((".csv", ".txt")):
            raise forms.ValidationError(_("Save the table as CSV, or copy it and paste it above."))
        return upload

    def clean(self) -> dict[str, Any]:
        """`text` is the list from wherever it came; `lines` what it says."""
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        upload = cleaned.get("file")
        if upload:
            cleaned["text"] = people_list.decode(upload.read())
        try:
            cleaned["lines"] = people_list.read(cleaned.get("text", ""))
        except Refused as refusal:
            self.add_error("text", str(refusal))
        return cleaned


class LeavingForm(forms.Form):
    """The last day of work."""

    ended_on = forms.DateField(label=later("Last day of work"), widget=_day())

    def clean_ended_on(self) -> date:
        day: date = self.cleaned_data["ended_on"]
        if day > new_york_today():
            raise forms.ValidationError(_("Record it on the last day or later."))
        return day
