"""What courses add to the editors' pages: the question bank, and guards around publishing."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.models import Page
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import EditView, SnippetViewSet

from courses import selectors, services, views_files
from courses.file_admin import LessonFileViewSet
from courses.models import CoursePage, LessonPage, Question
from courses.page_forms import QuestionForm
from lms.people.models import Person


def _editor(request: HttpRequest) -> Person:
    """Who is at the editors' pages; nobody else comes here."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


class QuestionPolicy(ModelPermissionPolicy):
    """A question is edited by those who edit its course, and deleted by nobody: it may rest."""

    def user_has_permission(self, user: Person, action: str) -> bool:
        return action != "delete" and bool(super().user_has_permission(user, action))

    def user_has_any_permission(self, user: Person, actions: Iterable[str]) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def user_has_permission_for_instance(
        self, user: Person, action: str, instance: Question
    ) -> bool:
        return (
            self.user_has_permission(user, action)
            and Question.objects.editable_by(user).filter(pk=instance.pk).exists()
        )

    def user_has_any_permission_for_instance(
        self, user: Person, actions: Iterable[str], instance: Question
    ) -> bool:
        return any(self.user_has_permission_for_instance(user, act, instance) for act in actions)


class QuestionFilters(WagtailFilterSet):
    class Meta:
        model = Question
        fields = ["objective", "language"]


class QuestionEditView(EditView):
    """Wagtail asks only whether one may edit questions; we ask whether one may edit this one."""

    def get_object(self, queryset: QuerySet[Question] | None = None) -> Question:
        found: Question = super().get_object(queryset)
        if not self.user_has_permission_for_instance("change", found):
            raise PermissionDenied
        return found


class QuestionViewSet(SnippetViewSet):
    """The bank. A change makes a new wording, which the course's next publication takes up."""

    model = Question
    icon = "clipboard-list"
    menu_label = _("Question bank")
    menu_name = "question-bank"
    add_to_admin_menu = True
    list_display = [
        "key",
        Column("text", label=_("Question")),
        Column("course_title", label=_("Course"), sort_key="course_title"),
        Column("objective", label=_("Objective"), sort_key="objective"),
    ]
    filterset_class = QuestionFilters
    search_fields = ["key", "objective", "versions__text"]
    ordering = ["course_title", "objective", "key"]
    list_per_page = 50
    copy_view_enabled = False
    edit_view_class = QuestionEditView
    permission_policy = QuestionPolicy(Question)
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("course"), FieldPanel("objective")], heading=_("Where")),
            FieldRowPanel([FieldPanel("key"), FieldPanel("kind")], heading=_("What it is")),
            FieldPanel("text"),
            FieldPanel("answers"),
            FieldPanel("explanation"),
            MultiFieldPanel([FieldPanel("uses")], heading=_("Drawn for")),
        ],
        base_form_class=QuestionForm,
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """The questions of one's own office's courses."""
        return Question.objects.editable_by(_editor(request)).with_newest().distinct()


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
        return None
    messages.error(
        request,
        _now("Saved as a draft, not published. %(problems)s") % {"problems": " ".join(problems)},
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("after_publish_page")
def say_that_topics_wait(request: HttpRequest, page: Page) -> None:
    """A lesson's topics are frozen with the course: say so where they have changed."""
    lesson = page.specific
    if isinstance(lesson, LessonPage) and selectors.topics_wait(lesson):
        messages.warning(
            request,
            _now(
                "The topics this lesson covers have changed. They count from the next time you "
                "publish the course itself."
            ),
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
    return _now(
        "“%(title)s” has been published as part of a course, and people's records rest on it. "
        "It cannot be deleted; unpublish it instead, and nobody new will see it."
    ) % {"title": page.title}


@hooks.register("after_copy_page")
def settle_a_copy(request: HttpRequest, page: Page, new_page: Page) -> None:
    """A course copied in the editor gets its own lessons in its outline and its own bank."""
    source, copied = page.specific, new_page.specific
    if isinstance(source, CoursePage) and isinstance(copied, CoursePage):
        services.settle_copy(source=source, copy=copied, actor=_editor(request))
