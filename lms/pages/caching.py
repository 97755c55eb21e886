"""Public pages are drawn once a minute for everybody who is not signed in.

Only what says its language by its address and asks nobody who is reading is kept: Wagtail's pages
and views marked `speaks_its_address`. Such a page has no cookie in its answer and does not vary by
one. Whoever is signed in, editors above all, always gets a page drawn anew.

What is kept is forgotten when content changes (`forget`), and after a minute whatever happened:
dates pass, and a bulk update in the database rings no bell.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from wagtail.models import Locale, Page, Site

from lms.core.language import PAGES

logger = logging.getLogger(__name__)
GENERATION = "pages.generation"
# Rooms whose rows public pages show; Wagtail's own are named one by one.
SHOWN_ROOMS = frozenset({"pages", "trainings", "events", "wagtailimages", "wagtaildocs"})
SHOWN_MODELS = (Page, Site, Locale)
# Rows of those rooms that come with every seat taken and change no public page at once.
UNSHOWN = frozenset(
    {
        "events.registrationevent",
        "events.attendance",
        "events.calendartoken",
        "events.registrationanswer",
        "events.arrangement",
        "events.checkin",
        "events.sessionmessage",
        "events.trainingwish",
        "trainings.accessgrant",
        "trainings.accessinvitation",
        "trainings.accessrequest",
    }
)

Kept = tuple[dict[str, str], bytes]


class PublicPagesMiddleware:
    """Answers for a public page from what was kept. Stands before the session's middleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _may_keep(request):
            return self.get_response(request)
        try:
            key = f"pages.{cache.get(GENERATION, 0)}.{request.get_host()}.{request.get_full_path()}"
            kept: Kept | None = cache.get(key)
        except Exception:
            # A cache that is away fails no page, least of all the one with the hotline.
            logger.exception("The cache of public pages does not answer")
            return self.get_response(request)
        if kept is not None:
            headers, body = kept
            return HttpResponse(body, headers=headers)
        response = self.get_response(request)
        if _is_for_everybody(request, response):
            _keep(key, response)
        return response


def _may_keep(request: HttpRequest) -> bool:
    """Reading, by nobody known, at an address without questions."""
    return (
        settings.LMS_PUBLIC_PAGES_SECONDS > 0
        and request.method == "GET"
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and not request.META.get("QUERY_STRING")
    )


def _is_for_everybody(request: HttpRequest, response: Any) -> bool:
    match = request.resolver_match
    if match is None or response.status_code != 200 or response.streaming or response.cookies:
        return False
    if "cookie" in response.get("Vary", "").lower():
        return False
    return match.url_name == PAGES or getattr(match.func, "speaks_its_address", False)


def _keep(key: str, response: HttpResponse) -> None:
    try:
        cache.set(
            key, (dict(response.items()), response.content), settings.LMS_PUBLIC_PAGES_SECONDS
        )
    except Exception:
        logger.exception("A public page could not be kept")


def forget() -> None:
    """Draw all public pages anew from the end of this transaction on."""

    def next_generation() -> None:
        try:
            if not cache.add(GENERATION, 1, None):
                cache.incr(GENERATION)
        except Exception:
            logger.exception("Public pages stay as they are until they are too old to be kept")

    transaction.on_commit(next_generation, robust=True)


def forget_when_shown(sender: Any, **_kwargs: Any) -> None:
    """A row was saved or removed: forget the pages if any of them may show it."""
    label = sender._meta.label_lower  # noqa: SLF001 - Django's public name for it
    if label in UNSHOWN:
        return
    if sender._meta.app_label in SHOWN_ROOMS or issubclass(sender, SHOWN_MODELS):  # noqa: SLF001
        forget()
