"""What somebody fills in to ask for access. There is no field for a file, on purpose."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.core.pictures import AddressField, WordsField
from lms.trainings.enums import Proof

NO_FILES = _(
    "We did not keep the file you sent. We take no pictures of badges or papers: they show more of"
    " you than we need to know, and anybody can copy one. Choose a code sent to your work address,"
    " or your supervisor's word."
)


class AskForm(forms.Form):
    """Where somebody works, and who can say so."""

    workplace = WordsField(
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
    proof_address = AddressField(
        label=_("That work address"),
        help_text=_(
            "Your own at your agency, or your supervisor's, as you chose above. We write to it now."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean(self) -> dict[str, Any]:
        """A file comes from no page of ours: said in words, and what was typed stays."""
        if self.files:
            self.add_error(None, str(NO_FILES))
        return super().clean() or self.cleaned_data
