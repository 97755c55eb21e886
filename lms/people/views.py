"""Signing in, and doors that are not ours leading to ours."""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account.forms import BaseConfirmCodeForm
from allauth.account.internal.flows.logout import logout
from allauth.account.stages import LoginStage
from allauth.account.views import ConfirmLoginCodeView, LoginView, SignupView
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django.views.generic.edit import FormView

from lms.core.exceptions import Refused
from lms.core.language import remember_language
from lms.people import known_browser, services, signin
from lms.people.forms import PasswordSignInForm, ProfileForm
from lms.people.models import Organization, Person


def to_sign_in(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Send whoever comes to a library's own sign-in or password page to the one we guard."""
    wanted = request.GET.get("next", "/admin/")
    if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        wanted = "/admin/"
    return redirect(f"{reverse('account_login')}?{urlencode({'next': wanted})}")


class SignInView(LoginView):
    """Sign in: the address, to which a code is sent."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and self._wants_admin_in_vain():
            # Going back there would only lead here again.
            message = _(
                "You are signed in as %(person)s. This account does not open the editors' pages;"
                " ask your training office if it should."
            ) % {"person": request.user}
            return render(request, "refused.html", {"message": message}, status=403)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response

    def _wants_admin_in_vain(self) -> bool:
        wanted = self.get_next_url() or ""
        return wanted.startswith(reverse("wagtailadmin_home")) and not self.request.user.has_perm(
            "wagtailadmin.access_admin"
        )

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "login": self.request.session.get(signin.ADDRESS, "")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        other_ways = {
            "password_url": self.passthrough_next_url(reverse("account_login_password")),
            "passkey_url": self.passthrough_next_url(reverse("account_login_passkey")),
        }
        return super().get_context_data(**kwargs) | other_ways

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> None:
        """Somebody with a code on its way may start again, say after a typing error."""


class PasswordSignInView(SignInView):
    """Sign in with the password some people chose; the code stays one press away."""

    template_name = "account/login_password.html"

    def get_form_class(self) -> type[PasswordSignInForm]:
        return PasswordSignInForm


class PasskeySignInView(SignInView):
    """Sign in with a passkey: a press on the button, then the device asks."""

    template_name = "account/login_passkey.html"
    http_method_names = ["get", "head"]


@require_http_methods(["GET", "POST"])
def sign_out_of_admin(request: HttpRequest) -> HttpResponse:
    """The admin's own sign-out button signs out; a link to it asks first."""
    if request.method == "POST":
        logout(request)
        response = redirect("/")
        known_browser.keep_nothing(response)
        return response
    return redirect("account_logout")


class SignUpView(SignupView):
    """Make an account: name, address, and a code sent to it."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().form_valid(form)
        except Refused as refusal:
            form.add_error("email", str(refusal))
            return self.form_invalid(form)
        return response

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: LoginStage) -> None:
        """As for signing in."""


class SignInCodeView(ConfirmLoginCodeView):
    """Type the code: wrong, used and expired ones each get their sentence and a way on."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            reason = signin.why_no_code(request)
            if reason:
                return self._start_again(reason)
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        if isinstance(request.user, Person) and not request.user.get_full_name():
            # Somebody else typed the address here before, so the record is there without a name.
            wanted = response.get("Location", "")
            return HttpResponseRedirect(signin.with_next(reverse("account_profile"), wanted))
        return response

    def form_invalid(self, form: BaseConfirmCodeForm) -> HttpResponse:
        if not self._process.record_invalid_attempt():
            return self._start_again(
                _("That was one wrong code too many, so it works no longer. We can send a new one.")
            )
        return FormView.form_invalid(self, form)

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        """A new code lives as long as the first, and may be mistyped as often."""
        email = self._process.state["email"]
        try:
            signin.limit_codes(self.request, email=email, person=self._process.user)
        except Refused as refusal:
            messages.error(self.request, str(refusal))
        else:
            self._process.state.update({"at": time.time(), "failed_attempts": 0})
            self._process.resend()
            messages.success(
                self.request, _("A new mail is on its way. The code before it works no longer.")
            )
        return HttpResponseRedirect(
            self.passthrough_next_url(reverse("account_confirm_login_code"))
        )

    def _start_again(self, reason: str) -> HttpResponse:
        messages.error(self.request, reason)
        return HttpResponseRedirect(signin.with_next(reverse("account_login"), self.get_next_url()))


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """One's own name and language, and the ways to everything else about the account."""
    person: Any = request.user
    wanted = request.POST.get("next", request.GET.get("next", ""))
    form = ProfileForm(request.POST or None, person=person)
    if request.method == "POST" and form.is_valid():
        services.change_own_details(person=person, actor=person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        response = redirect(signin.safe_path(wanted) or "account_profile")
        remember_language(request, response, form.cleaned_data["language"])
        return response
    offices = Organization.objects.offices().exclude(contact_email="")
    context = {"form": form, "offices": offices, "wanted": wanted}
    return render(request, "people/profile.html", context)
