"""What somebody fills in to ask for access. There is no field for a file, on purpose."""

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.trainings.enums import Proof


class AskForm(forms.Form):
    """Where somebody works, and who can say so."""

    workplace = forms.CharField(
        label=_("Where you work"),
        max_length=150,
        help_text=_("Agency and unit. No names and no details of a case."),
    )
    proof = forms.ChoiceField(
        label=_("How we can be sure"),
        choices=Proof.choices,
        widget=forms.RadioSelect,
        initial=Proof.AGENCY_EMAIL,
    )
    proof_address = forms.EmailField(
        label=_("That work address"),
        help_text=_(
            "Your own at your agency, or your supervisor's, as you chose above. We write to it now."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
