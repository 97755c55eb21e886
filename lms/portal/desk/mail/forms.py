"""Saying that an address takes no mail: by hand, or from the mail server's own report."""

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as later


class MarkForm(forms.Form):
    """An address that somebody knows to be dead."""

    address = forms.EmailField(
        label=later("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )
    reason = forms.CharField(
        label=later("What you heard"),
        max_length=200,
        required=False,
        help_text=later("For example “left the agency”. Please write no names."),
    )


class ReportForm(forms.Form):
    """The mail that says that something could not be delivered."""

    report: "forms.FileField" = forms.FileField(
        label=later("The mail server's report"),
        help_text=later("Save the mail that came back as a file (.eml), and choose it here."),
        widget=forms.FileInput(attrs={"accept": ".eml,message/rfc822"}),
    )

    def content(self) -> bytes:
        """What was uploaded."""
        upload: UploadedFile[bytes] = self.cleaned_data["report"]
        return upload.read()
