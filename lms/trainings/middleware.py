"""Addresses below /admin/ that name something closed to the reader answer 404, whatever they do;
former addresses of a hidden training lead nobody to it whom it is not for.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import ResolverMatch
from django.views.defaults import page_not_found
from wagtail.contrib.redirects.middleware import RedirectMiddleware
from wagtail.contrib.redirects.models import Redirect
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page
from wagtail_localize.models import Translation, TranslationSource

from lms.people.models import Person
from lms.trainings.access import is_shown
from lms.trainings.closed import are_closed, closed_files, closed_pages
from lms.trainings.models import TrainingPage

ROOT = "/admin/"
# How Wagtail's addresses call the number of a page, and of a file.
PAGE_NAMES = ("page_id", "parent_page_id", "page_to_move_id", "destination_id", "page_pk")
FILE_NAMES = {"image_id": get_image_model, "document_id": get_document_model}
# Reports that name any page; an office's history is at the desk.
OF_THE_WHOLE_SITE = {
    "wagtailadmin_reports:site_history",
    "wagtailadmin_reports:site_history_results",
    "wagtailadmin_reports:page_types_usage",
    "wagtailadmin_reports:page_types_usage_results",
}


class ClosedInEditorMiddleware:
    """Stands before the views of /admin/, after the middleware that knows who asks.

    Somebody signed out is asked to sign in by Wagtail, the same at every address. Of somebody
    signed in who is no editor, nothing below the front door is known (the door says who to ask).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Any, args: tuple[Any, ...], _kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answers 404 in place of the view, as for what is not there."""
        person, match = request.user, request.resolver_match
        if not request.path_info.startswith(ROOT) or not isinstance(person, Person) or not match:
            return None
        if not person.has_perm("wagtailadmin.access_admin"):
            if request.path_info == ROOT or match.func.__module__.startswith("lms.people"):
                return None
            raise Http404
        if person.is_superuser or not _is_closed(request, person, match, args):
            return None
        return page_not_found(request, Http404(), template_name="wagtailadmin/404.html")


def _is_closed(
    request: HttpRequest, person: Person, match: ResolverMatch, args: tuple[Any, ...]
) -> bool:
    if match.view_name in OF_THE_WHOLE_SITE:
        return True
    if are_closed(person, _pages(request, match, args)):
        return True
    if keys := list(_translated(match)):
        return closed_pages(person).filter(translation_key__in=keys).exists()
    return any(
        closed_files(person, model).filter(pk__in=numbers).exists()
        for model, numbers in _files(request, match)
    )


def _pages(request: HttpRequest, match: ResolverMatch, args: tuple[Any, ...]) -> Iterator[int]:
    """The ids of the pages that an address names."""
    yield from (match.kwargs[name] for name in PAGE_NAMES if name in match.kwargs)
    if match.view_name == "wagtailadmin_pages:revisions_compare":
        yield int(args[0])
    if match.view_name in {"courses_under_way", "wagtailadmin_api:pages:detail"}:
        yield match.kwargs["pk"]
    if _model(match) == "page" or match.view_name == "wagtailadmin_choose_page_chosen_multiple":
        yield from _numbers(request)
    if match.namespace == "wagtailadmin_editing_sessions" and "object_id" in match.kwargs:
        known = Page.objects.filter(pk=_number(match.kwargs["object_id"])).first()
        if known and known.specific_class._meta.model_name == match.kwargs["model_name"]:  # noqa: SLF001 - Django's documented name
            yield known.pk


def _files(request: HttpRequest, match: ResolverMatch) -> Iterator[tuple[Any, list[int]]]:
    """The pictures and documents that an address names, by their model."""
    for name, get_model in FILE_NAMES.items():
        if name in match.kwargs:
            yield get_model(), [match.kwargs[name]]
    models = {get_model()._meta.model_name: get_model() for get_model in FILE_NAMES.values()}  # noqa: SLF001 - as above
    if model := models.get(_model(match)):
        yield model, list(_numbers(request))
    for get_model in FILE_NAMES.values():
        label = f"{get_model()._meta.app_label}_chooser"  # noqa: SLF001 - as above
        if match.namespace == label:
            chosen = [_number(match.kwargs["pk"])] if "pk" in match.kwargs else []
            yield get_model(), [*chosen, *_numbers(request)]


def _translated(match: ResolverMatch) -> Iterator[Any]:
    """The translation keys of what an address of wagtail-localize names."""
    if "translation_id" in match.kwargs:
        rows = Translation.objects.filter(pk=match.kwargs["translation_id"])
        yield from rows.values_list("source__object_id", flat=True)
    for name in ("translation_source_id", "source_id"):
        if name in match.kwargs:
            sources = TranslationSource.objects.filter(pk=match.kwargs[name])
            yield from sources.values_list("object_id", flat=True)


def _model(match: ResolverMatch) -> str:
    """Of what a bulk action takes several."""
    return str(match.kwargs["model_name"]) if match.view_name == "wagtail_bulk_action" else ""


def _numbers(request: HttpRequest) -> Iterator[int]:
    yield from (_number(value) for value in request.GET.getlist("id"))


def _number(text: Any) -> int:
    """The number; 0, which nothing has, for anything else."""
    return int(text) if str(text).isascii() and str(text).isdigit() and len(str(text)) < 10 else 0


class RedirectsToWhatIsShown(RedirectMiddleware):
    """Wagtail's redirects from a page's former address; to a hidden training's for its own only.

    Else its former address would tell the new one, which is made of its title.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        led: HttpResponse = super().process_response(request, response)
        if led is response:
            return response
        former = Redirect.normalise_path(request.path)
        rows = Redirect.objects.filter(old_path=former, redirect_page__isnull=False)
        pages = Page.objects.filter(pk__in=rows.values("redirect_page"))
        for page in pages:
            above = TrainingPage.objects.ancestor_of(page, inclusive=True).last()
            training = above.training() if above else None
            if training and not is_shown(training, request.user):
                return response
        return led
