"""What is typed about a legal hold."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.core.time import new_york_today
from lms.portal.facilities.forms import day_input


class HoldForm(forms.Form):
    """Why records must be kept, and since when."""

    since = forms.DateField(label=_("Since"), widget=day_input())
    reason = forms.CharField(
        label=_("Why must they be kept?"),
        help_text=_("For example: a claim was announced, file 12/2026."),
        max_length=300,
    )

    def clean_since(self) -> date:
        day: date = self.cleaned_data["since"]
        if day > new_york_today():
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return day


class EndHoldForm(forms.Form):
    """Why the hold ends."""

    reason = forms.CharField(label=_("Why does the hold end?"), max_length=300)
