"""What the sign-in library does our way: mails through the outbox, sentences fit for the tired."""

import uuid
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import get_next_redirect_url
from allauth.core import context as allauth_context
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from lms.core.mail import enqueue_mail


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
            "Too many tries. Wait five minutes, or sign in with a code by e-mail now."
        ),
        "rate_limited": _("That was too fast. Wait a moment and try again."),
        "email_taken": _("Another account uses this address. Sign in with it instead."),
    }

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
