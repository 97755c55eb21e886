"""What is asked of somebody who begins: the place, what kind it is, who they are there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lms.compliance.claim_models import ClaimWay
from lms.people.counties import COUNTIES, county_label
from lms.people.places import postcode_key, street_key
from lms.portal.facilities.forms import YES_NO, YES_NO_UNKNOWN, _word, _yes


class PlaceForm(forms.Form):
    """Name and address."""

    name = forms.CharField(
        label=_("Name of the place"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    street = forms.CharField(
        label=_("Street and number"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
    )
    city = forms.CharField(
        label=_("City, town or village"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    county = forms.ChoiceField(
        label=_("County"),
        choices=[("", _("Choose")), *((name, county_label(name)) for name in COUNTIES)],
    )
    postcode = forms.CharField(
        label=_("ZIP code"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code", "inputmode": "numeric"}),
    )

    def clean_street(self) -> str:
        street: str = self.cleaned_data["street"]
        if not any(character.isdigit() for character in street) or not street_key(street):
            raise forms.ValidationError(_("Give the house number, too."))
        return street

    def clean_postcode(self) -> str:
        code: str = self.cleaned_data["postcode"]
        if len(postcode_key(code)) != 5:
            raise forms.ValidationError(_("A ZIP code has five digits, like 12207."))
        return code


class KindForm(forms.Form):
    """What decides whether the law is for the place. "I do not know yet" is an answer."""

    rooms_for_hire = forms.IntegerField(
        label=_("How many rooms are for hire?"),
        help_text=_("Count guest rooms and suites. Leave it empty if you do not know yet."),
        min_value=1,
        max_value=20_000,
        required=False,
    )
    owner_lives_there = forms.TypedChoiceField(
        label=_("Does the owner live in the building?"),
        choices=YES_NO_UNKNOWN,
        widget=forms.RadioSelect,
        coerce=_yes,
        empty_value=None,
        required=False,
    )
    is_dwelling = forms.TypedChoiceField(
        label=_("Does it count as a dwelling under state or local law?"),
        help_text=_("An apartment house, for example. An ordinary hotel does not."),
        choices=YES_NO_UNKNOWN,
        widget=forms.RadioSelect,
        coerce=_yes,
        empty_value=None,
        required=False,
    )
    mark_optional = False

    @staticmethod
    def typed_before(said: dict[str, Any] | None) -> dict[str, Any]:
        """What the form shows to somebody who comes back to it."""
        if said is None:
            return {}
        return {
            "rooms_for_hire": said.get("rooms_for_hire"),
            "owner_lives_there": _word(said.get("owner_lives_there")),
            "is_dwelling": _word(said.get("is_dwelling")),
        }


class JoinForm(forms.Form):
    """Who somebody is at a place that is here already; its managers read it."""

    position = forms.CharField(
        label=_("What do you do there?"),
        help_text=_("For example: general manager, owner, human resources."),
        max_length=80,
    )


class WayForm(forms.Form):
    """How somebody shows that they may speak for the place."""

    way = forms.ChoiceField(
        label=_("How can we see that you run this place?"),
        choices=[
            (
                ClaimWay.LETTER,
                _("Send a letter with a code to the place. It takes some days; no papers needed."),
            ),
            (
                ClaimWay.LICENCE,
                _("I have its license: the number, a photo or a PDF."),
            ),
            (
                ClaimWay.OFFICE,
                _("Let the office find out. They may call the place."),
            ),
        ],
        widget=forms.RadioSelect,
    )
    licence_number = forms.CharField(
        label=_("License number"),
        help_text=_("Only if you chose the license. For example the hotel license of the City."),
        max_length=60,
        required=False,
    )
    file = forms.FileField(
        label=_("Photo or PDF of the license"),
        help_text=_(
            "PDF, PNG or JPEG; a PDF up to 50 MB, a picture up to 15 MB. The office alone sees it, "
            "and we remove it 90 days after the answer."
        ),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        is_licence = cleaned.get("way") == ClaimWay.LICENCE
        if is_licence and not (cleaned.get("licence_number") or cleaned.get("file")):
            self.add_error(
                "licence_number",
                _("Give the number of the license, or a photo or PDF of it."),
            )
        return cleaned


class ClaimForm(WayForm):
    """A claim to be the first manager of a place."""

    position = JoinForm.base_fields["position"]
    field_order = ["position", "way", "licence_number", "file"]


class CodeForm(forms.Form):
    """The code of the letter."""

    code = forms.CharField(
        label=_("Code from the letter"),
        help_text=_("Eight letters and digits, like ABCD-EFGH."),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )


class AnswerForm(forms.Form):
    """A manager's answer to somebody who asks to be one more."""

    answer = forms.ChoiceField(
        label=_("May this person manage your facility?"), choices=YES_NO, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=_("If not: why not?"),
        help_text=_("The person reads this. Please write no names and no details of a case."),
        max_length=400,
        required=False,
    )
