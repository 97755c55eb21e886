"""The pages below a course that its steps show: lessons, and what else a step may say."""

from typing import Any, ClassVar, NoReturn, Self

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
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

        publishing.put_step_in_force(page=self, actor=actor)

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
    template = "courses/test_preview.html"
    preview_modes = [
        ("test", _("The whole test")),
        ("answers", _("The whole test, with the right answers")),
    ]

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        """The test it introduces, as learners get it."""
        from courses import previews  # noqa: PLC0415 - it reads models

        context: dict[str, Any] = super().get_preview_context(request, mode_name)
        return {**context, **previews.of_introduction(self, answered=mode_name == "answers")}

    class Meta:
        verbose_name = _("introduction to a test")
        verbose_name_plural = _("introductions to tests")


class DocumentPage(StepPage):
    """A document to read and sign, such as a policy. A higher version asks everybody again."""

    shown_fields = ("body", "statement")

    body = StreamField(LessonBody(), verbose_name=_("the document"), blank=True, default=list)
    number = models.PositiveIntegerField(
        _("version"),
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Raise it by one when people have to read and sign again, those who have completed "
            "the course too. A corrected spelling needs no new version."
        ),
    )
    what_changed = models.CharField(
        _("what is new in this version"),
        max_length=400,
        blank=True,
        default="",
        help_text=_("Shown to those who signed an earlier version."),
    )
    statement = models.CharField(
        _("what is signed"),
        max_length=300,
        default="I have read this document and I will follow it.",
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("body"),
        FieldPanel("number"),
        FieldPanel("what_changed"),
        FieldPanel("statement"),
    ]
    template = "courses/document_page.html"

    class Meta:
        verbose_name = _("document to read and sign")
        verbose_name_plural = _("documents to read and sign")

    def clean(self) -> None:
        """A version that people signed keeps its number: the next one is higher."""
        from courses.models.step_records import DocumentEdition  # noqa: PLC0415 - it knows the page

        super().clean()
        known = DocumentEdition.objects.filter(document=self.translation_key)
        newest = known.order_by("-number").values_list("number", flat=True).first() or 0
        if self.number < newest:
            raise ValidationError(
                {"number": _("Version %(number)s is published already.") % {"number": newest}}
            )


class OutsideCoursePage(StepPage):
    """A course that somebody else gives: where it is, and what proof of it the office needs."""

    shown_fields = ("body", "provider", "address", "proof", "provider_approves", "approval_note")

    body = StreamField(LessonBody(), verbose_name=_("introduction"), blank=True, default=list)
    provider = models.CharField(_("who gives the course"), max_length=200)
    address = models.URLField(_("address of the course"), max_length=500)
    proof = models.CharField(
        _("what proves it"),
        max_length=300,
        default="The certificate of completion, as a PDF or a picture.",
    )
    provider_approves = models.BooleanField(
        _("the provider approves registrations separately"),
        default=False,
        help_text=_("Said in the catalogue and on the course's page, from its next publication."),
    )
    approval_note = models.CharField(
        _("how that goes, and how long it takes"), max_length=300, blank=True, default=""
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("provider"),
        FieldPanel("address"),
        FieldPanel("body"),
        FieldPanel("proof"),
        MultiFieldPanel(
            [FieldPanel("provider_approves"), FieldPanel("approval_note")],
            heading=_("Approval by the provider"),
        ),
    ]
    template = "courses/outside_page.html"

    class Meta:
        verbose_name = _("course taken elsewhere")
        verbose_name_plural = _("courses taken elsewhere")
