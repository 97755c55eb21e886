"""Forms of those who speak, as the office fills them in."""

from django import forms
from django.utils.translation import gettext_lazy as later

from events.enums import PresentingRole


class PartForm(forms.Form):
    """What somebody does in the session, and their own link into it."""

    role = forms.ChoiceField(label=later("Part"), choices=PresentingRole.choices)
    join_url = forms.URLField(
        label=later("Presenter's link"),
        max_length=1000,
        required=False,
        assume_scheme="https",
        help_text=later("For this person alone. Empty: the link of the session."),
    )


class InviteForm(PartForm):
    """Somebody to ask."""

    field_order = ["name", "email", "role", "join_url"]

    name = forms.CharField(
        label=later("Name"),
        max_length=150,
        help_text=later("For your office only; the person chooses what the public reads."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=later("E-mail address"),
        help_text=later("The invitation goes there, and the code by which they sign in."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


class RecordingForm(forms.Form):
    """Where the recording is."""

    url = forms.URLField(
        label=later("Link to the recording"), max_length=1000, assume_scheme="https"
    )
    others_agree = forms.BooleanField(
        label=later("Everybody else who can be seen or heard in it has agreed"),
        help_text=later("People who asked questions, interpreters, the host."),
    )
