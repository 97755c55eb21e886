"""What a coordinator fills in about somebody's record."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lms.completions.enums import StaffBasis
from lms.core.time import new_york_today
from lms.people.enums import MergeReason
from lms.trainings.models import Training

DONE, WAIVED = "done", "waived"
NO_NAMES = later(
    "A few words for the office's file. Please write no names and no details of a case."
)


class EnterForm(forms.Form):
    """A completion or a waiver, what it rests on, and why it is entered by hand."""

    what = forms.ChoiceField(
        label=later("What do you enter?"),
        choices=[
            (DONE, later("The person completed the training")),
            (WAIVED, later("The person need not take it (no certificate, no credit)")),
        ],
        widget=forms.RadioSelect,
        initial=DONE,
    )
    training = forms.ModelChoiceField(
        label=later("Training"),
        queryset=Training.objects.none(),
        to_field_name="key",
        empty_label=later("Choose a training"),
    )
    occurred_on = forms.DateField(
        label=later("Day"),
        help_text=later("When it was completed; of a waiver, from when it holds."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    basis = forms.ChoiceField(
        label=later("What it rests on"),
        help_text=later("This is shown to the person, and wherever the record counts."),
        choices=StaffBasis.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=later("Why it is entered by hand"), help_text=NO_NAMES, max_length=300
    )

    def __init__(self, *args: Any, trainings: "QuerySet[Training]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["training"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = trainings

    def clean_occurred_on(self) -> date:
        day: date = self.cleaned_data["occurred_on"]
        if day > new_york_today():
            raise forms.ValidationError(_("Choose today or an earlier day."))
        if day.year < 1990:
            raise forms.ValidationError(_("Is the year right?"))
        return day


class TakeBackForm(forms.Form):
    """Why an entry is taken back."""

    reason = forms.CharField(
        label=later("Why it is taken back"), help_text=NO_NAMES, max_length=300
    )


class MergeForm(forms.Form):
    """How it is known that two records are one person. There is nothing to type."""

    reason = forms.ChoiceField(
        label=later("How do you know?"),
        choices=[row for row in MergeReason.choices if row[0] != MergeReason.PROVED],
        widget=forms.RadioSelect,
    )


class HoldForm(forms.Form):
    """Why everything recorded of a person must be kept, and since when."""

    since = forms.DateField(
        label=later("Since"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(
        label=later("Why must it be kept?"), help_text=NO_NAMES, max_length=300
    )

    def clean_since(self) -> date:
        day: date = self.cleaned_data["since"]
        if day > new_york_today():
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return day


class EndHoldForm(forms.Form):
    """Why the hold ends."""

    reason = forms.CharField(
        label=later("Why does the hold end?"), help_text=NO_NAMES, max_length=300
    )
