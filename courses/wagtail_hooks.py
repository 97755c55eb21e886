"""What courses add to the editors' pages: the question bank, and guards around publishing."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from wagtail import hooks
from wagtail.admin.widgets import Button
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from courses import selectors, services, views_files, views_under_way
from courses.bank_pages import QuestionViewSet
from courses.file_admin import LessonFileViewSet
from courses.models import CoursePage, LessonPage, PlanPage
from courses.services import plans
from courses.under_way import changes_for_people
from lms.people.models import Person


def _editor(request: HttpRequest) -> Person:
    """Who is at the editors' pages; nobody else comes here."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


register_snippet(QuestionViewSet)
register_snippet(LessonFileViewSet)


@hooks.register("register_admin_urls")
def serve_files_to_editors() -> list[URLPattern]:
    """Where editors look at lessons' files; Wagtail lets only editors in."""
    return [path("lesson-files/<int:file>/", views_files.editors_file, name="lesson_file")]


@hooks.register("before_publish_page")
def say_what_is_missing(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Name what keeps a course from being published, in the editor instead of an error."""
    if not isinstance(page.specific, CoursePage):
        return None
    problems = services.publication_problems(page.specific)
    if not problems:
        return _ask_about_people_under_way(page.specific)
    messages.error(
        request,
        gettext("Saved as a draft, not published. %(problems)s") % {"problems": " ".join(problems)},
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("after_publish_page")
def say_that_topics_wait(request: HttpRequest, page: Page) -> None:
    """A lesson's topics are frozen with the course: say so where they have changed."""
    lesson = page.specific
    if isinstance(lesson, LessonPage) and selectors.topics_wait(lesson):
        messages.warning(
            request,
            gettext(
                "The topics this lesson covers have changed. They count from the next time you "
                "publish the course itself."
            ),
        )


def _ask_about_people_under_way(page: CoursePage) -> HttpResponse | None:
    """Where the change concerns people who are in the middle of it, its editor chooses first.

    A publication planned for later asks nobody: everybody under way finishes what they began.
    """
    later = page.go_live_at and page.go_live_at > timezone.now()
    if later or not changes_for_people(page) or not services.under_way(page).exists():
        return None
    return redirect("courses_under_way", page.pk)


@hooks.register("register_admin_urls")
def addresses() -> list[Any]:
    """The editors' page about people under way."""
    return [
        path("courses/<int:pk>/under-way/", views_under_way.under_way, name="courses_under_way")
    ]


@hooks.register("register_page_header_buttons")
def link_to_people_under_way(
    page: Page, user: Person, next_url: str | None = None, view_name: str = ""
) -> Iterator[Button]:
    """From a published course to who is in the middle of it."""
    course = page.specific
    if isinstance(course, CoursePage) and course.version_in_force_id:
        yield Button(
            gettext("People under way"),
            reverse("courses_under_way", args=[page.pk]),
            icon_name="group",
            priority=60,
        )


@hooks.register("before_delete_page")
def keep_what_is_in_use(request: HttpRequest, page: Page) -> HttpResponse | None:
    """What learners were held to is not deleted; unpublishing takes it off the site."""
    if not selectors.in_use([page]):
        return None
    messages.error(request, _refusal(page))
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")
def keep_all_that_is_in_use(
    request: HttpRequest, action_type: str, objects: Iterable[Any], action: Any
) -> HttpResponse | None:
    """The same for several pages at once: none of them is deleted."""
    pages = [row for row in objects if isinstance(row, Page)]
    if action_type != "delete" or not selectors.in_use(pages):
        return None
    for page in pages:
        if selectors.in_use([page]):
            messages.error(request, _refusal(page))
    return redirect("wagtailadmin_explore", pages[0].get_parent().pk)


def _refusal(page: Page) -> str:
    return gettext(
        "“%(title)s” has been published as part of a course, and people's records rest on it. "
        "It cannot be deleted; unpublish it instead, and nobody new will see it."
    ) % {"title": page.title}


@hooks.register("after_copy_page")
def settle_a_copy(request: HttpRequest, page: Page, new_page: Page) -> None:
    """A course copied in the editor gets its own lessons and its own bank, a plan its own parts."""
    source, copied = page.specific, new_page.specific
    if isinstance(source, CoursePage) and isinstance(copied, CoursePage):
        services.settle_copy(source=source, copy=copied, actor=_editor(request))
    if isinstance(source, PlanPage) and isinstance(copied, PlanPage):
        plans.settle_plan_copy(source=source, copy=copied, actor=_editor(request))
