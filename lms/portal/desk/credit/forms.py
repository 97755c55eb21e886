"""What a coordinator fills in to confirm an accreditor's number, and to take that back."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lms.portal.desk.people.forms import NO_NAMES
from lms.trainings.accrediting import Accreditor
from lms.trainings.services.accreditation import usual_end


def _day(label: Any, **said: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, widget=widget, **said)


class ConfirmForm(forms.Form):
    """A number, its days, what it was compared with, and who says so."""

    number = forms.CharField(label=later("Provider number"), max_length=60)
    presenter = forms.CharField(
        label=later("Presenter, with credentials"),
        max_length=200,
        help_text=later("As the accreditor has it. It is printed on every certificate."),
    )
    valid_from = _day(later("Approved from"))
    expires_on = _day(later("Approved until"), required=False)
    checked_against = forms.CharField(
        label=later("What you compared these with"),
        max_length=200,
        help_text=later("For example: the approval letter of March 3, 2026."),
    )
    signed_name = forms.CharField(label=later("Your name"), max_length=150)
    checked = forms.BooleanField(
        label=later("I have checked the number and the days against what I named above."),
        error_messages={"required": later("Check them first, then tick this box.")},
    )

    def __init__(
        self, *args: Any, accreditor: Accreditor, of_training: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.accreditor = accreditor
        number = self.fields["number"]
        if of_training:
            number.label = _("Approval number of this training")
        elif accreditor.approval.number_example:
            number.help_text = _("It looks like %(example)s.") % {
                "example": accreditor.approval.number_example
            }
        if not (of_training and accreditor.approval.presenter):
            del self.fields["presenter"]
        self.fields["expires_on"].help_text = _(
            "The last day. Empty: %(months)s months after it began, as %(accreditor)s approves."
        ) % {"months": accreditor.approval.months, "accreditor": accreditor.short_name}

    def clean(self) -> dict[str, Any]:
        """The last day where none is said."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("valid_from") and "expires_on" in cleaned and not cleaned["expires_on"]:
            cleaned["expires_on"] = usual_end(self.accreditor.id, cleaned["valid_from"])
        return cleaned


class BackForm(forms.Form):
    """Why a confirmation is taken back."""

    reason = forms.CharField(
        label=later("Why it is taken back"), help_text=NO_NAMES, max_length=300
    )
