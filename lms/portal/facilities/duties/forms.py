"""What managers type about the duties besides training."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.compliance.checklist import Checklist
from lms.compliance.duties.cards import Look
from lms.core.time import new_york_today

EVERY = [(12, _("Every 12 months")), (24, _("Every 24 months"))]
SEEN = [("yes", _("A card is there")), ("no", _("It is missing")), ("", _("I did not look"))]


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


class CardsForm(forms.Form):
    """A walk through the places of a checklist: what was seen in each, perhaps with a photo."""

    checked_on = forms.DateField(label=_("Day"), widget=day_input())
    mark_optional = False

    def __init__(self, *args: Any, checklist: Checklist, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.checklist = checklist
        for key, name in checklist.places.items():
            self.fields[f"{key}-seen"] = forms.TypedChoiceField(
                label=name,
                choices=SEEN,
                widget=forms.RadioSelect,
                coerce=lambda value: value == "yes",
                empty_value=None,
                required=False,
                initial="",
            )
            self.fields[f"{key}-photo"] = forms.FileField(
                label=_("Photo, if you like: %(place)s") % {"place": name},
                help_text=_(
                    "PNG or JPEG, up to 15 MB. The card only: nobody in it, no guest’s things."
                ),
                widget=forms.FileInput(attrs={"accept": ".png,.jpg,.jpeg"}),
                required=False,
            )
        self.fields["made_by"] = forms.ChoiceField(
            label=_("Who made the cards?"),
            help_text=_("It is printed on them."),
            choices=[("", _("Choose")), *checklist.made_by.items()],
            required=False,
        )

    def clean_checked_on(self) -> Any:
        day = self.cleaned_data["checked_on"]
        if day > new_york_today():
            raise forms.ValidationError(_("Record a check on its day or later."))
        return day

    def looks(self) -> dict[str, Look]:
        """What was seen, by the place's key; a place nobody looked at is left out."""
        return {
            key: Look(seen, self.cleaned_data[f"{key}-photo"])
            for key in self.checklist.places
            if (seen := self.cleaned_data[f"{key}-seen"]) is not None
        }


class HouseForm(forms.Form):
    """A house rule: how often, and from when."""

    months = forms.TypedChoiceField(
        label=_("How often?"), choices=EVERY, widget=forms.RadioSelect, coerce=int
    )
    starts_on = forms.DateField(
        label=_("From"),
        help_text=_("The first day on which somebody can be asked to take it again."),
        widget=day_input(),
    )
