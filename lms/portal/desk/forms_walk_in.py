"""What is typed of somebody who came without a seat: at the door, or found in a report."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from events.services import OtherPersonsAddress


class WalkInForm(forms.Form):
    """Their name as the certificate is to say it, and an address if they have one of their own."""

    first_name = forms.CharField(
        label=later("First name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    last_name = forms.CharField(
        label=later("Last name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=later("E-mail address"),
        required=False,
        help_text=later(
            "Their own, not one that several people share. By it they find their certificate;"
            " without it the certificate waits at the desk."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    # The number of the person whom the address belongs to, ticked to say that this is they; of
    # another address it says nothing.
    is_person = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def ask_whose(self, refusal: OtherPersonsAddress) -> None:
        """The address is somebody's with another name: ask for a tick before it is theirs."""
        self.add_error("email", str(refusal))
        self._bound_fields_cache.pop("is_person", None)
        self.fields["is_person"] = forms.BooleanField(
            label=_("Yes, this is %(person)s") % {"person": refusal.person},
            required=False,
            widget=forms.CheckboxInput(
                attrs={"value": str(refusal.person.pk)}, check_test=_never_ticked
            ),
        )


def _never_ticked(_value: Any) -> bool:
    return False
