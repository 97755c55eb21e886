"""What managers type about one employee's facts: putting them right, coming back, moving."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.core.time import new_york_today
from lms.people.models import Employment, EmploymentPeriod, Organization
from lms.people.querysets import OrganizationQuerySet
from lms.portal.facilities.forms import PostForm, day_input

# How far ahead a move or a return can be recorded.
AHEAD = timedelta(days=90)


def _reason() -> forms.CharField:
    return forms.CharField(
        label=_("Why is it corrected?"),
        help_text=_("For example: typing mistake, or the contract says otherwise."),
        max_length=300,
    )


class CorrectForm(forms.Form):
    """Who somebody is here and since when, as it should read."""

    first_name = forms.CharField(label=_("First name"), max_length=150)
    last_name = forms.CharField(label=_("Last name"), max_length=150)
    started_on = forms.DateField(label=_("Hired on"), widget=day_input())
    number = forms.CharField(label=_("Employee number"), max_length=40, required=False)
    sent_by = forms.CharField(label=_("Sent by an agency"), max_length=120, required=False)
    reason = _reason()

    def leave_the_name(self) -> None:
        """Show the name, and take no other: it is the person's own."""
        for name in ("first_name", "last_name"):
            self.fields[name].disabled = True

    @staticmethod
    def said_of(employment: Employment) -> dict[str, Any]:
        """What the form shows at first: what is recorded now."""
        person = employment.person.canonical
        return {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "started_on": employment.started_on,
            "number": employment.number,
            "sent_by": employment.sent_by,
        }


class CorrectPostForm(PostForm):
    """A post as it should read."""

    starts_on = forms.DateField(label=_("First day in this post"), widget=day_input())
    reason = _reason()
    field_order = ["post", "starts_on", "guest_contact", "no_contact_reason", "reason"]

    @staticmethod
    def said_of(period: EmploymentPeriod) -> dict[str, Any]:
        """What the form shows at first: what is recorded now."""
        return {
            "post": period.post,
            "starts_on": period.starts_on,
            "guest_contact": "yes" if period.guest_contact else "no",
            "no_contact_reason": period.no_contact_reason,
        }


def _not_far_ahead(day: date) -> date:
    if day > new_york_today() + AHEAD:
        raise forms.ValidationError(_("Give a day within the next 90 days, or earlier."))
    return day


class AgainForm(PostForm):
    """Somebody who left comes back."""

    started_on = forms.DateField(label=_("Hired again on"), widget=day_input())
    number = forms.CharField(label=_("Employee number"), max_length=40, required=False)
    sent_by = forms.CharField(label=_("Sent by an agency"), max_length=120, required=False)
    field_order = ["started_on", "number", "sent_by", "post", "guest_contact", "no_contact_reason"]

    def clean_started_on(self) -> date:
        return _not_far_ahead(self.cleaned_data["started_on"])


class MoveForm(PostForm):
    """Somebody goes on in another facility of the company."""

    to = forms.ModelChoiceField(
        label=_("To"), queryset=Organization.objects.none(), empty_label=None
    )
    first_day = forms.DateField(
        label=_("First day there"),
        help_text=_("The day before is the last one here."),
        widget=day_input(),
    )
    number = forms.CharField(label=_("Employee number there"), max_length=40, required=False)
    field_order = ["to", "first_day", "number", "post", "guest_contact", "no_contact_reason"]

    def __init__(
        self, data: Any = None, *, targets: OrganizationQuerySet, initial: Any = None
    ) -> None:
        super().__init__(data, initial=initial)
        self.fields["to"].queryset = targets  # type: ignore[attr-defined]

    def clean_first_day(self) -> date:
        return _not_far_ahead(self.cleaned_data["first_day"])
