"""What an editor fills in to say how certificates look."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.certificates.designs import DESIGNS, LEAST_CONTRAST, SHEETS, contrast_with_white
from lms.certificates.look_models import COLOUR, CertificateLook
from lms.core.exceptions import Refused
from lms.core.file_contents import JPEG, PNG, look_into


class LookForm(forms.ModelForm[CertificateLook]):
    """An office's look. Pictures are looked into here, and kept only when it is chosen."""

    design = forms.ChoiceField(
        label=_("Design"),
        choices=lambda: [(one.id, f"{one.label} - {one.about}") for one in DESIGNS.values()],
        widget=forms.RadioSelect,
    )
    sheet = forms.ChoiceField(
        label=_("Paper"),
        choices=lambda: [(one.id, one.label) for one in SHEETS.values()],
        widget=forms.RadioSelect,
    )
    new_logo = forms.FileField(
        label=_("New logo"),
        required=False,
        help_text=_("PNG or JPEG, on white. Without one, the logo stays as it is."),
    )
    no_logo = forms.BooleanField(label=_("Without a logo"), required=False)
    new_signature = forms.FileField(
        label=_("New picture of the signature"),
        required=False,
        help_text=_("PNG or JPEG, dark on white. It is printed above the name."),
    )
    no_signature = forms.BooleanField(label=_("Without a picture of the signature"), required=False)

    class Meta:
        model = CertificateLook
        fields = ["design", "sheet", "colour", "signatory_name", "signatory_title", "wording"]
        labels = {"colour": _("Color")}
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}
        help_texts = {
            "colour": _("Of headings and of the colored parts. It must be readable on white."),
            "signatory_name": _("Printed at the foot. Leave it empty if nobody signs."),
            "wording": _(
                "For example who pays for the training. It is printed as you write it, "
                "and shown to whoever checks the certificate."
            ),
        }

    field_order = [
        "design", "sheet", "colour", "new_logo", "no_logo", "signatory_name", "signatory_title",
        "new_signature", "no_signature", "wording",
    ]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kept in ("logo", "signature"):
            if not getattr(self.instance, kept):
                del self.fields[f"no_{kept}"]

    def clean_colour(self) -> str:
        """A colour that can be read on white."""
        colour = str(self.cleaned_data["colour"]).lower()
        if not re.match(COLOUR, colour):
            raise forms.ValidationError(_("Write a color like #0f4a4a."))
        if contrast_with_white(colour) < LEAST_CONTRAST:
            raise forms.ValidationError(
                _("This color is too pale: it could not be read on white. Choose a darker one.")
            )
        return colour

    def clean_new_logo(self) -> Any:
        """A picture."""
        return self._picture("new_logo")

    def clean_new_signature(self) -> Any:
        """A picture."""
        return self._picture("new_signature")

    def _picture(self, field: str) -> Any:
        upload = self.cleaned_data.get(field)
        if upload:
            try:
                look_into(upload, kinds=(PNG, JPEG))
            except Refused as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return upload

    def clean(self) -> dict[str, Any]:
        """A signature belongs to a name."""
        cleaned: dict[str, Any] = super().clean() or {}
        signs = cleaned.get("new_signature") or self.instance.signature
        if signs and not cleaned.get("no_signature") and not cleaned.get("signatory_name"):
            self.add_error("signatory_name", _("Say whose signature it is."))
        return cleaned

    def wanted(self) -> CertificateLook:
        """The look as filled in, not saved, with the pictures it had."""
        look: CertificateLook = self.instance
        for kept in ("logo", "signature"):
            if self.cleaned_data.get(f"no_{kept}") and not self.cleaned_data[f"new_{kept}"]:
                setattr(look, kept, "")
        return look


class DesignForm(forms.Form):
    """A training's own design, or its office's."""

    design = forms.ChoiceField(
        label=_("Design"),
        required=False,
        choices=lambda: [
            ("", _("As the office's certificates")),
            *((one.id, one.label) for one in DESIGNS.values()),
        ],
    )
