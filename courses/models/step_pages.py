"""The pages below a course that its steps show: lessons, and what else a step may say."""

from typing import Any, ClassVar, NoReturn, Self

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.blocks import LessonBody
from courses.topics import LessonPageForm, TopicPlaceBlock
from lms.people.models import Person
from lms.trainings.ownership import OwnedByOffice
from lms.trainings.publication import FreezesOnPublication


class StepPage(FreezesOnPublication, OwnedByOffice, Page):
    """What a step shows. Readers meet it in the player only, with gate and pinned version.

    Previewed, scheduled and translated like any page; its structure (whether it is needed, after
    what it opens) is the course's. `shown_fields` are what a reader's revision brings along.
    """

    shown_fields: ClassVar[tuple[str, ...]] = ("body",)

    # Not indexed: no search may show what the player would not open.
    search_fields: list[Any] = []
    parent_page_types = ["courses.CoursePage"]
    subpage_types: list[str] = []
    show_in_menus_default = False

    class Meta:
        abstract = True

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> NoReturn:
        """Never by its own address, whoever asks; editors have the preview."""
        raise Http404

    def get_url_parts(self, *args: Any, **kwargs: Any) -> None:
        """It has no address, so nothing links to one."""
        return

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        return []

    def freeze_publication(self, *, actor: Person | None) -> None:
        """What is published is in force for the course's present version at once."""
        from courses.services import publishing  # noqa: PLC0415 - services import models

        publishing.put_step_in_force(page=self)

    @classmethod
    def as_published(cls, content: dict[str, Any]) -> Self:
        """An unsaved page with what a revision said: title and `shown_fields`, nothing else."""
        fields = {
            name: cls._meta.get_field(name).to_python(content[name])
            for name in cls.shown_fields
            if name in content
        }
        return cls(title=content["title"], **fields)


class LessonPage(StepPage):
    """A lesson's content."""

    body = StreamField(LessonBody(), verbose_name=_("content"), blank=True, default=list)
    topics = StreamField(
        [("topic", TopicPlaceBlock())],
        verbose_name=_("topics covered"),
        blank=True,
        default=list,
        help_text=_(
            "What this lesson covers of the lists that laws ask for, and where. It counts from "
            "the next time the course itself is published."
        ),
    )

    content_panels = [*Page.content_panels, FieldPanel("body"), FieldPanel("topics")]
    base_form_class = LessonPageForm
    template = "courses/lesson_page.html"

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")


class AssessmentPage(StepPage):
    """What is said before a test begins; its questions are the bank's, its rules the outline's."""

    body = StreamField(LessonBody(), verbose_name=_("introduction"), blank=True, default=list)

    content_panels = [*Page.content_panels, FieldPanel("body")]
    template = "courses/lesson_page.html"

    class Meta:
        verbose_name = _("introduction to a test")
        verbose_name_plural = _("introductions to tests")
