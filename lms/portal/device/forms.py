"""What is typed on a shared device."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.people.devices.secrets import PIN_LENGTH


def _pin(label: Any, help_text: Any = "") -> forms.CharField:
    """Six digits, typed on a number pad and shown as dots; the browser is not to keep it."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=PIN_LENGTH,
        strip=True,
        widget=forms.PasswordInput(
            attrs={"inputmode": "numeric", "autocomplete": "off", "pattern": "[0-9]*"}
        ),
    )


def _plain(label: Any, help_text: Any = "", **attrs: str) -> forms.CharField:
    said = {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
    widget = forms.TextInput(attrs={**said, **attrs})
    return forms.CharField(label=label, help_text=help_text, max_length=60, widget=widget)


class RegisterForm(forms.Form):
    """The short code the manager sees."""

    code = _plain(_("Code"))


class SignInForm(forms.Form):
    """Employee number and PIN."""

    number = _plain(_("Employee number"))
    pin = _pin(_("PIN"), _("Six digits"))


class StartForm(forms.Form):
    """The start code from the slip, and a PIN of one's own."""

    number = _plain(_("Employee number"))
    start_code = _plain(_("Start code"), _("From the slip: eight letters and digits."))
    pin = _pin(_("Choose a PIN"), _("Six digits that only you know. You need it each time."))
    again = _pin(_("The same PIN again"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("pin") and cleaned.get("again") and cleaned["pin"] != cleaned["again"]:
            self.add_error("again", _("The two PINs are not the same."))
        return cleaned
