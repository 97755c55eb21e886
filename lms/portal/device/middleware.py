"""What a worker's session on a shared device may reach: by name, and nothing else (DESIGN 4.5)."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _

from lms.core.channel import through_shared_device
from lms.people.devices import sessions

# The device's own pages, help, and choosing a language.
OPEN = frozenset(
    {"device:home", "device:start", "device:begin", "device:switch", "device:confirm",
     "language", "help"}
)  # fmt: skip
# The player, and only for the course that the session was given.
COURSE = frozenset(
    {"courses:outline", "courses:step", "courses:answers", "courses:time", "courses:own_word",
     "courses:file", "courses:image"}
)  # fmt: skip
SCRIPTS = frozenset({"courses:answers", "courses:time"})


class SharedDeviceMiddleware:
    """Default-deny for workers' sessions; a view written later is closed to them by itself.

    Asks the session nothing unless the browser says that it is a shared device, so that public
    pages stay the same for everybody.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if sessions.COOKIE not in request.COOKIES or not request.session.get(sessions.WORKER):
            return self.get_response(request)
        worker = sessions.worker_of(request)
        if worker is None:
            return self.get_response(request)
        sessions.note_seen(request)
        with through_shared_device(worker.facts):
            response = self.get_response(request)
        add_never_cache_headers(response)
        return response

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> HttpResponseBase | None:
        """Let the allowed through; a session that is over ends here, in words."""
        if sessions.COOKIE not in request.COOKIES or not request.session.get(sessions.WORKER):
            return None
        name = request.resolver_match.view_name if request.resolver_match else ""
        if sessions.worker_of(request) is None:
            return None if name == "help" else self._over(request, name)
        if name in OPEN or request.path.startswith(settings.MEDIA_URL):
            return None
        if name in COURSE and kwargs.get("pk") == sessions.course_given(request):
            return None
        return redirect("device:home")

    @staticmethod
    def _over(request: HttpRequest, name: str) -> HttpResponseBase:
        words = _("You were signed out. What you did is kept: sign in again to go on.")
        if name in SCRIPTS:
            return JsonResponse({"error": words}, status=401)
        response = redirect("device:home")
        sessions.end(request, response)
        messages.info(request, words)
        return response
