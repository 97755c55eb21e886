"""What a coordinator fills in about somebody's test or their time."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from courses.enums import ExtraTimeReason
from courses.models.rulings import MAX_OUTAGE_MINUTES
from lms.core.time import new_york_today
from lms.people.models import Organization

READ_BY_PERSON = later(
    "The person reads this in a mail. Please write no names and no details of a case."
)


class ReasonForm(forms.Form):
    """Why something is decided; and that what follows was read, where much does."""

    reason = forms.CharField(
        label=later("Why"),
        help_text=READ_BY_PERSON,
        max_length=300,
        error_messages={"required": later("Say why, so that the person knows.")},
    )
    revoke = forms.BooleanField(
        label=later("Yes, take back the completion too"),
        error_messages={"required": later("Tick this to go on: the completion is taken back.")},
    )

    def __init__(self, *args: Any, revokes: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not revokes:
            del self.fields["revoke"]


class OutageForm(forms.Form):
    """How much later a running test ends; `key` makes sending it twice harmless."""

    minutes = forms.IntegerField(
        label=later("How many minutes more"),
        min_value=1,
        max_value=MAX_OUTAGE_MINUTES,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = ReasonForm.base_fields["reason"]
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid.uuid4


class ExtraTimeForm(forms.Form):
    """More time at the tests of an office's courses, between two days."""

    office = forms.ModelChoiceField(
        label=later("At the tests of"),
        queryset=Organization.objects.none(),
        empty_label=later("Choose an office"),
    )
    extra_percent = forms.IntegerField(
        label=later("How much more, in percent of the time limit"),
        help_text=later("50 makes 45 minutes of 30. It counts from the next try on."),
        min_value=1,
        max_value=300,
        initial=50,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    reason = forms.ChoiceField(
        label=later("Kind of arrangement"),
        help_text=later("Only your office sees this. Nothing about health is asked or kept."),
        choices=ExtraTimeReason.choices,
        widget=forms.RadioSelect,
    )
    valid_from = forms.DateField(
        label=later("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    valid_until = forms.DateField(
        label=later("Until"),
        help_text=later("Empty: until it is ended here."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, offices: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.only = offices[0] if len(offices) == 1 else None
        self.fields["valid_from"].initial = new_york_today
        field = self.fields["office"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - tells the type checker
        field.queryset = Organization.objects.filter(pk__in=[office.pk for office in offices])
        if self.only:
            del self.fields["office"]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if self.only:
            given["office"] = self.only
        first, last = given.get("valid_from"), given.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _("The last day is before the first."))
        return given
