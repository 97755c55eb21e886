"""What managers type about the duties besides training."""

from django import forms
from django.utils.translation import gettext_lazy as _


def day_input() -> forms.DateInput:
    """A date the browser helps with; typed as 2026-11-30 where it does not."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LicenseForm(forms.Form):
    """The city's hotel license."""

    number = forms.CharField(label=_("License number"), max_length=40)
    ends_on = forms.DateField(
        label=_("Last day"),
        help_text=_("It is on the license. The city gives it for two years."),
        widget=day_input(),
    )
