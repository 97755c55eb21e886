"""Which language a page speaks, and the door through which a reader changes it.

Pages of Wagtail say their language in the address (/es/...; English has no prefix), and so do the
few views that are the same for everybody (`speaks_its_address`). All other pages follow the reader:
the language chosen here (a cookie), else the browser's.
"""

import logging
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, TypeVar

from django.conf import settings
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from wagtail.models import Locale, Page

PAGES = "wagtail_serve"
logger = logging.getLogger(__name__)
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def speaks_its_address(view: View) -> View:
    """Marks a view whose language is said by its address alone: /help/ English, /es/help/ Spanish.

    Such a page is the same for everybody, so it can be kept in caches and handed on as a link. The
    outermost decorator of the view; its address stands within i18n_patterns.
    """
    view.speaks_its_address = True  # type: ignore[attr-defined]
    return view


class LanguageMiddleware(LocaleMiddleware):
    """Django's, which speaks English on every address without a prefix, mended for our views."""

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponseBase],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
    ) -> None:
        """Follow the reader where the address says no language."""
        if request.resolver_match is None or request.resolver_match.url_name == PAGES:
            return
        if getattr(view, "speaks_its_address", False):
            return
        translation.activate(translation.get_language_from_request(request))
        request.LANGUAGE_CODE = translation.get_language()
        request.follows_reader = True  # type: ignore[attr-defined]

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if getattr(request, "follows_reader", False):
            patch_vary_headers(response, ("Cookie",))
        return super().process_response(request, response)


@never_cache
def choose_language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language and lead back, to the page's translation where there is one."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    asked = request.GET.get("next", "/")
    safe = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    response = redirect(translated_path(request, asked if safe else "/", code))
    remember_language(request, response, code)
    return response


def remember_language(request: HttpRequest, response: HttpResponse, code: str) -> None:
    """Let the reader's browser ask for this language from now on."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=365 * 24 * 60 * 60,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )


def translated_path(request: HttpRequest, path: str, code: str) -> str:
    """The same page in another language. Where it has no translation: the page itself."""
    bare = path.split("?", maxsplit=1)[0]
    current = translation.get_language_from_path(bare) or settings.LANGUAGE_CODE
    with translation.override(current):
        try:
            match = resolve(bare)
        except Resolver404:
            return path
        if match.url_name != PAGES:
            return _view_in(bare, code, current) or path
        page = Page.find_for_request(request, match.args[0] if match.args else "")
    locale = Locale.objects.filter(language_code=code).first()
    found = page.get_translation_or_none(locale) if page and locale else None
    if found is None or not found.live:
        return path
    return found.get_url(request) or path


def door_in(path: str, language: str) -> str:
    """The English path in the language, where that page is translated; else the path itself."""
    return _view_in(path, language, settings.LANGUAGE_CODE) or doors(language).get(path, path)


@lru_cache(maxsize=256)
def _view_in(path: str, language: str, current: str) -> str:
    """The address in the language of a view that speaks its address; "" for all other paths."""
    with translation.override(current):
        try:
            match = resolve(path)
        except Resolver404:
            return ""
    if not getattr(match.func, "speaks_its_address", False):
        return ""
    with translation.override(language):
        return reverse(match.view_name, args=match.args, kwargs=match.kwargs)


def doors(language: str) -> dict[str, str]:
    """The pages right under the home page: their English path, and their path in the language.

    Kept for a minute, so that a link in every header costs nothing; English needs no list. A
    database or cache that does not answer fails no page: then the links are the English ones.
    """
    if language == settings.LANGUAGE_CODE:
        return {}
    try:
        return _known_doors(language)
    except Exception:
        logger.exception("The translated pages could not be read; links lead to the English ones")
        return {}


def _known_doors(language: str) -> dict[str, str]:
    key = f"core.doors.{language}"
    found: dict[str, str] | None = cache.get(key)
    if found is None:
        pages = Page.objects.live().filter(depth__in=(2, 3))
        rows = pages.filter(locale__language_code__in=(settings.LANGUAGE_CODE, language))
        found = _pair(
            rows.values_list("translation_key", "locale__language_code", "depth", "slug"), language
        )
        cache.set(key, found, 60)
    return found


def _pair(rows: Iterable[tuple[Any, str, int, str]], language: str) -> dict[str, str]:
    """Pages and their translations, matched by what Wagtail says they share."""
    known: dict[Any, dict[str, str]] = {}
    for shared, code, depth, slug in rows:
        path = "/" if depth == 2 else f"/{slug}/"
        known.setdefault(shared, {})[code] = path if code != language else f"/{language}{path}"
    return {
        pair[settings.LANGUAGE_CODE]: pair[language]
        for pair in known.values()
        if language in pair and settings.LANGUAGE_CODE in pair
    }
