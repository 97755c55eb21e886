"""Guards: credit keeps its accreditors' rules, what people's records rest on is not deleted,
restricted files are not handed out, other offices' restricted trainings are not met.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.api.v2.router import WagtailAPIRouter
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page

from lms.people.models import Person
from lms.trainings import editors_views
from lms.trainings.closed import closed_pages
from lms.trainings.documents import may_open
from lms.trainings.models import TrainingPage
from lms.trainings.selectors import is_held_to

# After the guards of the rooms, which know better what exactly is in use.
LAST = 10


@hooks.register("before_publish_page", order=LAST)
def say_what_accreditors_lack(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Name the accreditors' rules that the training breaks, in the editor instead of an error."""
    training = page.specific
    problems = training.credit_problems() if isinstance(training, TrainingPage) else []
    if not problems:
        return None
    messages.error(
        request,
        _("Saved as a draft, not published. %(problems)s") % {"problems": " ".join(problems)},
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_delete_page", order=LAST)
def keep_published_trainings(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A training that was published keeps its page; unpublishing takes it off the site."""
    if not is_held_to(page):
        return None
    messages.error(request, _refusal(page))
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action", order=LAST)
def keep_all_published_trainings(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for several pages at once: none of them is deleted."""
    if action_type != "delete":
        return None
    kept = [row for row in objects if isinstance(row, Page) and is_held_to(row)]
    if not kept:
        return None
    for page in kept:
        messages.error(request, _refusal(page))
    return redirect("wagtailadmin_explore", kept[0].get_parent().pk)


def _refusal(page: Page) -> str:
    return _(
        "“%(title)s” is, or holds, a training that has been published, and people's seats and "
        "records rest on it. It cannot be deleted; unpublish it instead."
    ) % {"title": page.title}


@hooks.register("before_serve_document")
def keep_restricted_files(document: AbstractDocument, request: HttpRequest) -> None:
    """A file of a restricted training is for those the training is for."""
    if not may_open(request.user, document):
        raise Http404


@hooks.register("construct_page_chooser_queryset")
def choose_from_open_pages(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Choosers ask no policy, so they leave out here what is closed to the editor."""
    return pages.exclude(pk__in=closed_pages(_editor(request)).values("pk"))


@hooks.register("construct_homepage_panels")
def show_open_pages_on_the_dashboard(request: HttpRequest, panels: list[Any]) -> None:
    """The dashboard's lists of pages, each without what is closed."""
    panels[:] = [
        editors_views.PANELS[type(panel)]() if type(panel) in editors_views.PANELS else panel
        for panel in panels
    ]


@hooks.register("construct_reports_menu")
def leave_reports_of_the_whole_site_to_administrators(
    request: HttpRequest, items: list[Any]
) -> None:
    """These answer 404 to everybody else (`middleware`)."""
    if not _editor(request).is_superuser:
        items[:] = [item for item in items if item.name not in ("site-history", "page-types-usage")]


# After Wagtail's own, whose place they take.
for action in editors_views.BULK_ACTIONS:
    hooks.register("register_bulk_action", action, order=LAST)


@hooks.register("construct_admin_api", order=LAST)
def answer_scripts_without_what_is_closed(router: WagtailAPIRouter) -> None:
    """The addresses that Wagtail's scripts ask."""
    router.register_endpoint("pages", editors_views.OpenPages)
    router.register_endpoint("images", editors_views.OpenImages)
    router.register_endpoint("documents", editors_views.OpenDocuments)


def _editor(request: HttpRequest) -> Person:
    """Who is at the editors' pages; nobody else comes here."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user
