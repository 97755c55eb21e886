"""What the sign-in library does our way: mails through the outbox, sentences fit for the tired."""

import uuid
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.core.ciphers import cipher
from lms.core.mail import enqueue_mail
from lms.people.models import Person
from lms.people.permissions import is_any_coordinator, is_any_manager
from lms.people.state_office import reviewing_office


class AccountAdapter(DefaultAccountAdapter):
    """The library's door for what a site does differently."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Ask your training office about it."),
        "email_password_mismatch": _(
            "The address or the password is not right. Not every account has a password;"
            " a code by e-mail always works."
        ),
        "incorrect_code": _(
            "This is not the code we sent. Look at the newest mail from us and type its digits."
        ),
        "too_many_login_attempts": _(
            "Too many tries. This way in is closed for five minutes; the others below are open."
        ),
        "rate_limited": _("That was too fast. Wait a moment and try again."),
        "email_taken": _("Another account uses this address. Sign in with it instead."),
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Where somebody's work is waiting: the desk, their hotel, else My learning."""
        person = request.user
        if not isinstance(person, Person):
            return str(settings.LOGIN_REDIRECT_URL)
        if is_any_coordinator(person):
            return "/desk/"
        if is_any_manager(person):
            return "/facilities/"
        if reviewing_office(person):
            return "/review/"
        return str(settings.LOGIN_REDIRECT_URL)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Enqueue one of the library's mails; its body is deleted once it is delivered."""
        request = allauth_context.request
        if "signup_url" in context:
            query = {"email": email}
            wanted = get_next_redirect_url(request)
            if wanted:
                query["next"] = wanted
            context = {**context, "signup_url": f"{context['signup_url']}?{urlencode(query)}"}
        message = self.render_mail(
            template_prefix,
            email,
            {
                "request": request,
                "email": email,
                "site_name": settings.WAGTAIL_SITE_NAME,
                "origin": settings.SITE_ORIGIN,
                "minutes": app_settings.LOGIN_BY_CODE_TIMEOUT // 60,
                **context,
            },
        )
        subject, text = str(message.subject), str(message.body)
        html = render_to_string(
            "account/email/message.html",
            {
                "subject": subject,
                "paragraphs": [part.strip() for part in text.split("\n\n") if part.strip()],
                "code": context.get("code", ""),
            },
        )
        enqueue_mail(
            key=f"{template_prefix.rpartition('/')[2]}:{uuid.uuid4()}",
            to=email,
            subject=subject,
            text=text,
            html=html,
            secret=True,
        )


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are kept encrypted, so that a copied database opens nothing.

    The key comes from SECRET_KEY; after a change SECRET_KEY_FALLBACKS still reads what is there.
    """

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _(
            "This is not the right code. An app changes its code every half minute: type the one"
            " it shows now. A recovery code works once."
        ),
    }

    def encrypt(self, text: str) -> str:
        """As it is written to the database."""
        return cipher("lms.people.second_factor").encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """As it was before; raises InvalidToken where no key of ours fits."""
        return cipher("lms.people.second_factor").decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:  # noqa: A002 - the library's name
        """What a passkey is called until its owner calls it something."""
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return gettext("Passkey %(number)d") % {"number": number}

    def _get_site_name(self) -> str:
        return settings.WAGTAIL_SITE_NAME
