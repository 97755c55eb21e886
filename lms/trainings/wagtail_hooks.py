"""Guards: credit keeps its accreditors' rules, what people's records rest on is not deleted,
restricted files are not handed out.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.documents.models import AbstractDocument
from wagtail.models import Page

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
