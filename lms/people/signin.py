"""Signing in with a code sent by e-mail: the one road of sign-in, sign-up and registering."""

import time
from typing import Any
from urllib.parse import urlencode

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lms.core.exceptions import Refused
from lms.people import known_browser, services
from lms.people.models import Person
from lms.people.selectors import has_address, person_for_address

# What the session keeps between the form and the code: the address to offer again, and the name
# that whoever asked for the code typed.
ADDRESS = "sign_in_address"
NAME = "sign_in_name"


def begin_code_sign_in(
    request: HttpRequest, *, email: str, first_name: str, last_name: str, next_url: str
) -> HttpResponse:
    """Find or make the person with this address, mail a code to it, and go to the code page.

    After the code the browser lands on `next_url` (a path of this site; anything else is dropped).
    Whether the address was known shows nowhere. The name typed here waits in this browser's session
    until the code is typed, so that a stranger who knows an address names nobody. Somebody signed
    in already, with this address, goes to `next_url` at once.

    Raises Refused: "signed_in_as_other" for somebody signed in with another address,
    "too_many_codes" when too many codes were asked for.
    """
    address = email.strip().lower()
    if request.user.is_authenticated:
        if not has_address(request.user, address):
            raise Refused(
                _("You are signed in as %(person)s. Sign out first to use another address.")
                % {"person": request.user},
                code="signed_in_as_other",
            )
        return HttpResponseRedirect(safe_path(next_url) or reverse("account_login"))
    limit_codes(request, email=address, person=person_for_address(address))
    person = services.ensure_person(
        email=address,
        first_name="",
        last_name="",
        actor=None,
        language=get_language() or "en",
    )
    request.session[NAME] = [person.pk, first_name.strip(), last_name.strip()]
    return send_code(request, email=address, person=person, next_url=next_url)


def limit_codes(request: HttpRequest, *, email: str, person: Person | None) -> None:
    """Count one request for a code; raises Refused "too_many_codes" where it is one too many.

    Counted for each address and place together, so that a stranger elsewhere uses up nothing of
    the owner's; and for each address over all places, so that nobody's mailbox is flooded, except
    from a browser on which the owner signed in before.
    """
    place = get_adapter(request).get_client_ip(request)
    allowed = ratelimit.consume(request, action="request_login_code", key=f"{email} {place}")
    if allowed and not (person and known_browser.knows(request, person)):
        allowed = ratelimit.consume(request, action="login_code_mail", key=email)
    if not allowed:
        raise Refused(
            _(
                "Several codes were sent to this address a moment ago. Look for the newest mail,"
                " also among spam, or wait a few minutes and try again."
            ),
            code="too_many_codes",
        )


def send_code(
    request: HttpRequest, *, email: str, person: Person | None, next_url: str | None
) -> HttpResponse:
    """Mail a code (to an unknown address: how to make an account) and go to the code page."""
    request.session[ADDRESS] = email
    LoginCodeVerificationProcess.initiate(request=request, user=person, email=email)
    return HttpResponseRedirect(with_next(reverse("account_confirm_login_code"), next_url))


def why_no_code(request: HttpRequest) -> str:
    """Why no code can be typed in this browser now; an empty text if one can."""
    stage = LoginStageController.enter(request, LoginByCodeStage.key)
    if stage is None:
        return _(
            "No code is waiting in this browser: it was used already, or it was asked for on"
            " another device. We can send you a new one."
        )
    if time.time() - stage.state["at"] > app_settings.LOGIN_BY_CODE_TIMEOUT:
        clear_login(request)
        return _(
            "This code has expired; a code works for %(minutes)d minutes."
            " We can send you a new one."
        ) % {"minutes": app_settings.LOGIN_BY_CODE_TIMEOUT // 60}
    return ""


def code_typed(request: HttpRequest, *, person: Person, email: str) -> None:
    """The right code came back: the address is the person's, and so may be the name they typed."""
    request.session.pop(ADDRESS, None)
    first_name, last_name = "", ""
    typed: Any = request.session.pop(NAME, None)
    if typed and typed[0] == person.pk:
        _pk, first_name, last_name = typed
    services.confirm_address(person=person, email=email, first_name=first_name, last_name=last_name)


def safe_path(url: str | None) -> str | None:
    """The address if it leads to this site, else None."""
    return url if url and get_adapter().is_safe_url(url) else None


def with_next(path: str, url: str | None) -> str:
    """`path` carrying on where the reader wanted to go."""
    wanted = safe_path(url)
    return f"{path}?{urlencode({'next': wanted})}" if wanted else path
