"""The bank in the editors' pages: its list, a question with its history, and what is done to it."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, ObjectList
from wagtail.admin.ui.tables import Column
from wagtail.admin.widgets.button import Button
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.views.snippets import IndexView, InspectView, SnippetViewSet

from courses import bank_exchange, player, previews, selectors, services
from courses.enums import QuestionKind, QuestionUse, Scoring
from courses.models import CoursePage, Question, QuestionVersion
from courses.outline import topic_choices
from courses.own_snippets import (
    OwnChooserViewSet,
    OwnEditView,
    OwnHistoryView,
    OwnUsageView,
    editor,
)
from courses.page_forms import QuestionForm
from courses.views_images import send
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.people.permissions import is_coordinator_for
from lms.trainings.models import Training


def drawn_for(question: Any) -> str:
    """The tests a listed question may be drawn for."""
    uses = ", ".join(str(QuestionUse(use).label) for use in question.uses)
    return uses or gettext("Nothing: it rests")


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
    """By course, kind, topic, objective, language and the tests it is drawn for."""

    course = django_filters.ChoiceFilter(
        label=_("Course"), field_name="course_key", choices=[], widget=forms.Select
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=QuestionKind.choices, widget=forms.Select
    )
    topic = django_filters.ChoiceFilter(
        label=_("Topic"), method="with_topic", choices=topic_choices, widget=forms.Select
    )
    use = django_filters.ChoiceFilter(
        label=_("Drawn for"),
        method="with_use",
        choices=QuestionUse.choices,
        null_label=_("Nothing: it rests"),
        widget=forms.Select,
    )
    objective = django_filters.ChoiceFilter(label=_("Objective"), choices=[], widget=forms.Select)

    class Meta:
        model = Question
        fields = ["course", "kind", "topic", "objective", "use", "language"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = Question.objects.editable_by(editor(self.request))
        self.filters["objective"].extra["choices"] = [
            (name, name)
            for name in mine.order_by("objective").values_list("objective", flat=True).distinct()
        ]
        courses = CoursePage.objects.editable_by(editor(self.request)).order_by("title")
        self.filters["course"].extra["choices"] = list(
            dict(courses.values_list("translation_key", "title")).items()
        )

    def with_topic(
        self, questions: QuerySet[Question], _name: str, topic: str
    ) -> QuerySet[Question]:
        return questions.filter(topics__contains=[topic])

    def with_use(self, questions: QuerySet[Question], _name: str, use: str) -> QuerySet[Question]:
        """Drawn for this kind of test now; "null" for those that rest."""
        if use == "null":
            return questions.filter(uses=[])  # type: ignore[misc]  # annotated: with_newest()
        return questions.filter(uses__contains=[use])  # type: ignore[misc]  # annotated


def _mine(request: HttpRequest, pk: int) -> Question:
    """A question of a course the reader edits; 404 for all others."""
    return get_object_or_404(Question.objects.editable_by(editor(request)), pk=pk)


class QuestionListView(IndexView):
    """The list, with the way to import and export beside it."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        way = reverse("wagtailsnippets_courses_question:exchange")
        label = gettext("Import and export")
        return [*super().header_more_buttons, Button(label, url=way, icon_name="download")]


class QuestionLookView(InspectView):
    """A question: how learners see it, what it was before and who changed it, where it is used."""

    template_name = "courses/bank/question.html"

    def get_object(self, queryset: QuerySet[Question] | None = None) -> Question:
        return _mine(self.request, self.pk)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question: Question = self.object
        bank = question.versions.as_spelled().select_related("author")
        versions = list(bank.prefetch_related("spellings__author").order_by("-number"))
        person = editor(self.request)
        training = Training.objects.filter(key=question.course_key).select_related("owner").first()
        others = CoursePage.objects.editable_by(person).exclude(
            translation_key=question.course_key, locale__language_code=question.language
        )
        return {
            **super().get_context_data(**kwargs),
            "question": question,
            "newest": versions[0],
            "versions": [
                {
                    "row": row,
                    "changed": selectors.changed_fields(row, before),
                    "preview": reverse(
                        "wagtailsnippets_courses_question:preview", args=[question.pk, row.number]
                    ),
                }
                for row, before in zip(versions, [*versions[1:], None], strict=True)
            ],
            "places": selectors.where_used(question),
            "decides_on": training
            if training and is_coordinator_for(person, training.owner)
            else None,
            "others": others.select_related("locale").order_by("title"),
        }


@require_safe
def preview(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A wording as learners see it, before and after answering; nothing is kept."""
    bank = QuestionVersion.objects.as_spelled()
    wording = get_object_or_404(bank, question=_mine(request, pk), number=number)
    rule = Scoring.PARTIAL if request.GET.get("scoring") == "partial" else Scoring.ALL_OR_NOTHING
    picture_url = reverse("wagtailsnippets_courses_question:picture", args=[pk, number])
    asked, answered = previews.question(wording, rule, picture_url)
    context = {
        "wording": wording,
        "asked": asked,
        "answered": answered,
        "language": wording.question.language,
        "direction": player.direction(wording.question.language),
        "partial": rule == Scoring.PARTIAL,
        "has_parts": QuestionKind(wording.kind).has_parts,
    }
    return render(request, "courses/bank/preview.html", context)


@require_safe
def picture(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """A wording's picture, to those who edit the question."""
    return send(get_object_or_404(QuestionVersion, question=_mine(request, pk), number=number))


@require_POST
def rest(request: HttpRequest, pk: int) -> HttpResponse:
    """Draw the question for no test any more."""
    question = _mine(request, pk)
    services.retire_question(question=question, actor=editor(request))
    messages.success(
        request,
        gettext(
            "The question rests from the course's next publication on. To bring it back, edit it "
            "and tick what it is drawn for."
        ),
    )
    return redirect("wagtailsnippets_courses_question:inspect", pk)


@require_POST
def copy_to(request: HttpRequest, pk: int) -> HttpResponse:
    """Copy the question into another course of one's own office."""
    question = _mine(request, pk)
    target = request.POST.get("course", "")
    courses = CoursePage.objects.editable_by(editor(request)).select_related("locale")
    course = courses.filter(pk=target).first() if target.isascii() and target.isdigit() else None
    if course is None:
        raise Http404
    try:
        made = services.copy_question(
            question=question,
            target_key=course.translation_key,
            language=course.locale.language_code,
            actor=editor(request),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("wagtailsnippets_courses_question:inspect", pk)
    messages.success(request, gettext("Copied to “%(course)s”.") % {"course": course.title})
    return redirect("wagtailsnippets_courses_question:edit", made.question_id)


class QuestionViewSet(SnippetViewSet):
    """The bank. A change makes a new wording, which the course's next publication takes up.

    A spelling fix does not: it is in force at once.
    """

    model = Question
    icon = "clipboard-list"
    menu_label = _("Question bank")
    menu_name = "question-bank"
    add_to_admin_menu = True
    list_display = [
        "key",
        Column("text", label=_("Question")),
        Column("kind", label=_("Kind"), accessor=lambda row: QuestionKind(row.kind).label),
        Column("course_title", label=_("Course"), sort_key="course_title"),
        Column("objective", label=_("Objective"), sort_key="objective"),
        Column("uses", label=_("Drawn for"), accessor=drawn_for),
    ]
    filterset_class = QuestionFilters
    search_fields = ["key", "objective", "versions__text", "versions__spellings__text"]
    ordering = ["course_title", "objective", "key"]
    list_per_page = 50
    copy_view_enabled = False
    index_view_class = QuestionListView
    inspect_view_enabled = True
    inspect_view_class = QuestionLookView
    edit_view_class = OwnEditView
    usage_view_class = OwnUsageView
    history_view_class = OwnHistoryView
    chooser_viewset_class = OwnChooserViewSet
    permission_policy = QuestionPolicy(Question)
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("course"), FieldPanel("objective")], heading=_("Where")),
            FieldRowPanel([FieldPanel("key"), FieldPanel("kind")], heading=_("What it is")),
            FieldPanel("text"),
            MultiFieldPanel(
                [FieldPanel("image"), FieldPanel("image_alt"), FieldPanel("remove_image")],
                heading=_("Picture"),
            ),
            FieldPanel("answers"),
            FieldPanel("explanation"),
            FieldPanel("topics"),
            MultiFieldPanel([FieldPanel("uses")], heading=_("Drawn for")),
            MultiFieldPanel([FieldPanel("only_spelling")], heading=_("What kind of change it is")),
        ],
        base_form_class=QuestionForm,
    )

    def get_urlpatterns(self) -> list[URLPattern]:
        """Besides Wagtail's: a question as learners see it, its picture, resting, copying."""
        return [
            *super().get_urlpatterns(),
            *bank_exchange.urlpatterns,
            path("preview/<int:pk>/<int:number>/", preview, name="preview"),
            path("picture/<int:pk>/<int:number>/", picture, name="picture"),
            path("rest/<int:pk>/", rest, name="rest"),
            path("copy-to/<int:pk>/", copy_to, name="copy_to"),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Question]:
        """The questions of one's own office's courses."""
        return Question.objects.editable_by(editor(request)).with_newest().distinct()
