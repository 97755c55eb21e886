"""Forms of those who speak: what is said about them, and what they hand out."""

from django import forms
from django.utils.translation import gettext_lazy as later

from events.enums import MaterialShown


class AboutForm(forms.Form):
    """What the public would read, where it is allowed for a session."""

    display_name = forms.CharField(
        label=later("The name the public may read"),
        max_length=150,
        required=False,
        help_text=later(
            "It need not be your legal name. It is shown only in sessions for which you allow it."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    biography = forms.CharField(
        label=later("About you"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=later("A few sentences. Write only what you would tell a stranger."),
    )
    photo = forms.FileField(
        label=later("Photo"),
        required=False,
        help_text=later(
            "A PNG or JPEG file. We remove from it where and when it was taken. A new one takes the"
            " place of the old."
        ),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    photo_alt = forms.CharField(
        label=later("The photo in words"),
        max_length=200,
        required=False,
        help_text=later("For people who cannot see it, for example “A woman at a lectern”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class LabelForm(forms.Form):
    """What stands on the program instead of a name."""

    label = forms.CharField(
        label=later("In place of your name"),
        max_length=80,
        required=False,
        help_text=later(
            "For example “A survivor advocate”. Everybody can read it. Empty: the program says"
            " nothing about you."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ShownForm(forms.Form):
    """Who may have a file."""

    shown = forms.ChoiceField(
        label=later("When the people registered may have it"),
        choices=MaterialShown.choices,
        widget=forms.RadioSelect,
    )


class MaterialForm(ShownForm):
    """A file to hand out."""

    field_order = ["title", "file", "shown"]

    title = forms.CharField(label=later("Title"), max_length=150)
    file = forms.FileField(
        label=later("File"),
        help_text=later(
            "PDF, Word, PowerPoint, Excel, a picture or a ZIP file, up to 50 MB. We keep nothing of"
            " its name; but such files often carry their author's name inside. Save it without if"
            " you do not want to be known."
        ),
    )
