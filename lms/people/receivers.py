"""What the sign-in library tells us."""

from typing import Any

from allauth.account.signals import authentication_step_completed, user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse

from lms.people import known_browser, signin
from lms.people.models import Person


@receiver(authentication_step_completed)
def note_code(
    request: HttpRequest, user: Person, method: str, email: str | None = None, **_kwargs: Any
) -> None:
    """A code sent to an address was typed: before the library asks whether it is verified."""
    if method == "code" and email:
        signin.code_typed(request, person=user, email=email)


@receiver(user_logged_in)
def note_browser(
    request: HttpRequest, response: HttpResponse, user: Person, **_kwargs: Any
) -> None:
    """Somebody is in: this browser is theirs from now on as far as limits go."""
    known_browser.remember(request, response, user)
