"""The help page must not know who reads it, and must work whatever else is broken."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

HELP_PATH = re.compile(r"/(?:[a-z]{2,3}(?:-[a-z]+)?/)?help/")


class HelpWithoutReaderMiddleware:
    """Takes the cookies off a request for the help page before anybody looks, and off its answer.

    So nothing behind it can ask who is there: no session is read (the page stands when the database
    does not), none is set, and a shared cache may keep the page for everyone. It stands before the
    session's middleware.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not HELP_PATH.fullmatch(request.path_info):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        request.COOKIES.clear()
        response = self.get_response(request)
        response.cookies.clear()
        varies = [name.strip() for name in response.get("Vary", "").split(",")]
        kept = [name for name in varies if name and name.lower() != "cookie"]
        if kept:
            response["Vary"] = ", ".join(kept)
        elif response.has_header("Vary"):
            del response["Vary"]
        return response
