"""What a manager says about a scan; who is in it is ticked below."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from lms.compliance.proofs.selectors import ListedProgram
from lms.core.time import new_york_today
from lms.portal.facilities.forms import YES_NO


class ProofForm(forms.Form):
    """A scan of a listed outside program."""

    program = forms.ChoiceField(label=_("Program"))
    held_on = forms.DateField(
        label=_("Day of the training"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    file = forms.FileField(
        label=_("The scan"),
        help_text=_(
            "The attendance list or the certificates in one file: PDF, PNG or JPEG. A PDF up to "
            "50 MB, a picture up to 15 MB."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    place = forms.CharField(
        label=_("Where"), help_text=_("For example: break room, first floor."), max_length=120
    )
    on_premises = forms.TypedChoiceField(
        label=_("Was that on the premises of this facility?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    paid_time = forms.TypedChoiceField(
        label=_("Was the time paid as working time?"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.ALL_LANGUAGES, initial="en")

    def __init__(
        self, *args: Any, programs: Sequence[ListedProgram], initial: dict[str, Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, initial=initial, **kwargs)
        self.programs = {str(row.version.pk): row for row in programs}
        choices = self.fields["program"]
        assert isinstance(choices, forms.ChoiceField)  # noqa: S101
        choices.choices = [
            (key, f"{', '.join(filter(None, [row.title, row.provider]))} ({row.approval.words})")
            for key, row in self.programs.items()
        ]

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if day > new_york_today():
            raise forms.ValidationError(_("Record a training on its day or later."))
        return day

    def given(self) -> dict[str, Any]:
        """The arguments of `accept_proof`."""
        given = dict(self.cleaned_data)
        given["program"] = self.programs[given["program"]]
        given["upload"] = given.pop("file")
        return given
