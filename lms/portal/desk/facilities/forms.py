"""What the desk says about a claim."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.core.time import new_york_today


class ApprovalForm(forms.Form):
    """Why the office vouches for somebody."""

    reason = forms.CharField(
        label=_("What shows that they run the place"),
        help_text=_(
            "For example: license seen and number found with the City; called the hotel’s public "
            "number. Please write no names and no details of a case."
        ),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say what shows that they run the place.")},
    )


class RefusalForm(forms.Form):
    """Why not."""

    reason = forms.CharField(
        label=_("Why not"),
        help_text=_(
            "The person reads this sentence in a mail. Say what to send instead. Please write no "
            "names and no details of a case."
        ),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Say why, so that the person knows what to do.")},
    )


class SentForm(forms.Form):
    """The day a letter went out."""

    sent_on = forms.DateField(
        label=_("Sent on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean_sent_on(self) -> date:
        day: date = self.cleaned_data["sent_on"]
        if day > new_york_today():
            raise forms.ValidationError(_("Choose today or an earlier day."))
        return day
