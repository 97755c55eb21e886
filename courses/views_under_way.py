"""The editors' page about people in the middle of a course: publish with a choice, move, undo."""

import uuid
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from courses import services
from courses.models import CoursePage
from courses.services.moving import Moved
from courses.under_way import changes_for_people, groups, late_moves
from lms.core.exceptions import Refused
from lms.people.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
def under_way(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is under way, by version and step; and what may be decided for them."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    page = get_object_or_404(CoursePage.objects.select_related("locale", "version_in_force"), pk=pk)
    if not page.permissions_for_user(request.user).can_publish() or not page.version_in_force:
        raise Http404
    if request.method == "POST":
        return _decide(request, page, request.user)
    return render(request, "courses/admin/under_way.html", _context(page))


def _context(page: CoursePage) -> dict[str, Any]:
    draft = page.get_latest_revision_as_object()
    waits = page.has_unpublished_changes
    problems = services.publication_problems(draft) if waits else []
    now = timezone.now()
    shown = groups(page)
    return {
        "page": page,
        "waits": waits,
        "problems": problems,
        "changes": changes_for_people(draft) if waits and not problems else [],
        "takes_along": draft.takes_people_along,
        "planned": _planned(page, now),
        "groups": shown,
        "people": sum(group.people for group in shown),
        "older": sum(group.people for group in shown if not group.is_in_force),
        "moves": late_moves(page, now),
    }


def _planned(page: CoursePage, now: datetime) -> CoursePage | None:
    """The draft that goes live by itself on a set day, if there is one."""
    draft = page.get_scheduled_revision_as_object()
    return draft if draft and draft.go_live_at and draft.go_live_at > now else None


def _decide(request: HttpRequest, page: CoursePage, actor: Person) -> HttpResponse:
    """Publish with the choice made, move those in older versions, or undo a move."""
    here = redirect("courses_under_way", page.pk)
    action = request.POST.get("action")
    try:
        if action == "publish":
            return _publish(request, page, actor)
        if action == "move":
            _say_moved(request, services.move_under_way(page=page, actor=actor))
        elif action == "undo":
            batch = uuid.UUID(request.POST.get("batch", ""))
            back = services.undo_move(page=page, batch=batch, actor=actor)
            _say_undone(request, back)
    except Refused as refusal:
        messages.error(request, str(refusal))
    except ValueError:
        messages.error(request, _("There is no such move to undo."))
    return here


def _publish(request: HttpRequest, page: CoursePage, actor: Person) -> HttpResponse:
    """Publish the draft; both it and the move happen, or neither."""
    choice = request.POST.get("people")
    if choice not in {"finish", "take"}:
        messages.error(request, _("Choose what the people under way do."))
        return redirect("courses_under_way", page.pk)
    with transaction.atomic():
        _revision_without_choice(page, actor).publish(user=actor)
        fresh = CoursePage.objects.select_related("locale", "version_in_force").get(pk=page.pk)
        moved = services.move_under_way(page=fresh, actor=actor) if choice == "take" else None
    messages.success(request, _("“%(title)s” is published.") % {"title": fresh.title})
    if moved:
        _say_moved(request, moved)
        return redirect("courses_under_way", page.pk)
    return redirect("wagtailadmin_pages:edit", page.pk)


def _revision_without_choice(page: CoursePage, actor: Person) -> Any:
    """The draft to publish; what is chosen now counts, not what was chosen in it."""
    draft = page.get_latest_revision_as_object()
    if not draft.takes_people_along:
        return page.get_latest_revision()
    draft.takes_along_from = None
    return draft.save_revision(user=actor)


def _say_moved(request: HttpRequest, moved: Moved) -> None:
    messages.success(
        request,
        ngettext(
            "%(count)s person goes on in the new version; you can undo this for a day.",
            "%(count)s people go on in the new version; you can undo this for a day.",
            moved.moved,
        )
        % {"count": moved.moved},
    )
    if moved.stayed:
        messages.warning(
            request,
            ngettext(
                "%(count)s person is in the middle of a test and finishes the old version.",
                "%(count)s people are in the middle of a test and finish the old version.",
                moved.stayed,
            )
            % {"count": moved.stayed},
        )


def _say_undone(request: HttpRequest, back: Moved) -> None:
    messages.success(
        request,
        ngettext(
            "%(count)s person is back in the version they came from.",
            "%(count)s people are back in the version they came from.",
            back.moved,
        )
        % {"count": back.moved},
    )
    if back.stayed:
        messages.warning(
            request,
            ngettext(
                "%(count)s person has gone on since and stays in the new version.",
                "%(count)s people have gone on since and stay in the new version.",
                back.stayed,
            )
            % {"count": back.stayed},
        )
