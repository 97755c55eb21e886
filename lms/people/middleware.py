"""Staff prove twice who they are (DESIGN 4.4); account pages stay out of every cache."""

from collections.abc import Callable

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from lms.people import known_browser
from lms.people.models import Person
from lms.people.permissions import is_staff_member

# Where the reader wanted to go; the pages that set up a second factor lead there when it is done.
WANTED = "second_factor_next"


class PrivateAccountPagesMiddleware:
    """What somebody signed in sees of their account is kept by no cache and no shared browser."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Elsewhere nobody may ask: a public page that asked who reads it could not be cached.
        if not _without_language(request.path_info).startswith("/accounts/"):
            return self.get_response(request)
        # Asked before and after: signing in and signing out both count.
        signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if signed_in or request.user.is_authenticated:
            add_never_cache_headers(response)
        if signed_in and not request.user.is_authenticated:
            known_browser.keep_nothing(response)
        return response


class StaffSecondFactorMiddleware:
    """Where LMS_STAFF_SECOND_FACTOR is set, staff without a second factor set one up first.

    Who has one was asked for it at sign-in, by the library; a session from before it was set up
    is let through, since its owner set it up there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.LMS_STAFF_SECOND_FACTOR and self._lacks_one(request):
            if request.method in ("GET", "HEAD"):
                request.session[WANTED] = request.get_full_path()
            return redirect("mfa_index")
        return self.get_response(request)

    @staticmethod
    def _lacks_one(request: HttpRequest) -> bool:
        if not _without_language(request.path_info).startswith(settings.LMS_STAFF_PATHS):
            return False
        person = request.user
        return (
            isinstance(person, Person)
            and is_staff_member(person)
            and not is_mfa_enabled(person, [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN])
        )


def _without_language(path: str) -> str:
    """/es/desk/ is the desk too."""
    language = translation.get_language_from_path(path)
    return path.removeprefix(f"/{language}") if language else path
