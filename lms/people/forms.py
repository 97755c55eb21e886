"""What people type to sign in, and to change what is kept about them."""

from typing import Any

from allauth.account.forms import (
    BaseConfirmCodeForm,
    ConfirmEmailVerificationCodeForm,
    ConfirmLoginCodeForm,
    LoginForm,
    SignupForm,
)
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from lms.core.exceptions import Refused
from lms.people import signin
from lms.people.models import Person
from lms.people.selectors import person_for_address


class SignInForm(LoginForm):
    """The address a code is sent to; says nothing about whether we know it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["login"].widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms.Form.clean(self) or {}
        if "login" in cleaned:
            self.user = person_for_address(cleaned["login"])
            try:
                signin.limit_codes(self.request, email=cleaned["login"], person=self.user)
            except Refused as refusal:
                self.add_error("login", str(refusal))
        return cleaned

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        """Send the code."""
        return signin.send_code(
            request, email=self.cleaned_data["login"], person=self.user, next_url=redirect_url
        )


class PasswordSignInForm(LoginForm):
    """Address and password, for those who chose one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        self.fields["password"].help_text = ""
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)

    def _setup_password_field(self) -> None:
        """The library drops the password where signing up asks for none; here it is wanted."""


class SignUpForm(SignupForm):
    """Name and address. Who signs up with an address we know is signed in by the same code."""

    field_order = ["first_name", "last_name", "email"]

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        help_text=_("Your name is printed like this on your certificates."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail address")
        self.fields["email"].widget.attrs.pop("placeholder", None)

    def try_save(self, request: HttpRequest) -> tuple[None, HttpResponse]:
        """Make or find the person, send the code; the library need not log anybody in."""
        return None, signin.begin_code_sign_in(
            request,
            email=self.cleaned_data["email"],
            first_name=self.cleaned_data["first_name"],
            last_name=self.cleaned_data["last_name"],
            next_url=get_next_redirect_url(request) or "",
        )


class WhoForm(forms.Form):
    """Who somebody without an account is; a code sent to the address proves it is theirs."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()


class SignInCodeForm(ConfirmLoginCodeForm):
    """The code from the mail, with or without its dash."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code from the mail")
        attrs = self.fields["code"].widget.attrs
        attrs.pop("placeholder", None)
        attrs.update(
            {"class": "is-code", "inputmode": "numeric", "autofocus": True, "spellcheck": "false"}
        )


class AddressCodeForm(ConfirmEmailVerificationCodeForm):
    """The code sent to a further address.

    `belongs_to_other`: the code is right, and another record of the reader's has the address.
    """

    belongs_to_other = False

    def clean_code(self) -> str:
        code: str = BaseConfirmCodeForm.clean_code(self)
        owner = person_for_address(self.email) if self.user else None
        if owner and owner.pk != self.user.pk:
            self.belongs_to_other = True
        elif owner is None:
            super().clean_code()
        return code


class PasskeyForm(AddWebAuthnForm):
    """A passkey: this device, a telephone, or a security key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("What you call it")
        self.fields["name"].help_text = _("So that you know it again: my telephone, blue key.")
        self.fields["passwordless"].label = _("Sign in with it alone, without a code by e-mail")
        self.fields["passwordless"].initial = True
        self.fields["passwordless"].help_text = _(
            "The device then asks for your finger, your face or its own PIN."
        )


class AppCodeForm(ActivateTOTPForm):
    """The code an app shows while it is set up."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code the app shows now")
        self.fields["code"].widget.attrs.pop("placeholder", None)


class ProfileForm(forms.Form):
    """A person's own name and language."""

    first_name = forms.CharField(
        label=_("First name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    last_name = forms.CharField(
        label=_("Last name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
        help_text=_(
            "New certificates are printed with the name you have then."
            " Certificates you already have keep the old name."
        ),
    )
    language = forms.ChoiceField(
        label=_("Language of this site and of its mails"), widget=forms.RadioSelect
    )

    def __init__(self, data: Any = None, *, person: Person) -> None:
        now = {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "language": person.preferred_language,
        }
        super().__init__(data, initial=now)
        language: Any = self.fields["language"]
        kept = (
            []
            if person.preferred_language in dict(settings.LANGUAGES)
            else [
                (person.preferred_language, dict(settings.ALL_LANGUAGES)[person.preferred_language])
            ]
        )
        language.choices = [*settings.LANGUAGES, *kept]
