"""Wagtail pages without a training, and what editors keep as dated data: whom to call, figures,
questions, resources. They hold content only; what moves is drawn by the portal.
"""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, TranslatableMixin
from wagtail.search import index

from lms.core.fields import ChoiceArrayField
from lms.pages.blocks import DoorBlock
from lms.pages.enums import Audience, QuestionAudience, ResourceKind, Situation
from lms.pages.guarding import OwnedByTheSite
from lms.pages.querysets import (
    STALE_AFTER,
    ContactQuerySet,
    FactQuerySet,
    FaqItemQuerySet,
    ResourceQuerySet,
)

CALL_FORM = r"^[0-9]+(-[0-9]+)*$"
SMS_FORM = r"^(Text [A-Z]+ to )?[0-9]+(-[0-9]+)*$"


class HomePage(OwnedByTheSite, Page):
    """The front page: three doors, what the offices offer, the next dates, help."""

    intro = models.CharField(_("introduction"), max_length=400, blank=True, default="")
    doors = StreamField(
        [("door", DoorBlock())], verbose_name=_("doors"), blank=True, default=list, max_num=3
    )
    body = RichTextField(_("text"), blank=True, features=["h2", "h3", "ul", "ol", "bold", "link"])

    content_panels = [
        *Page.content_panels,
        FieldPanel("intro"),
        FieldPanel("doors"),
        FieldPanel("body"),
    ]
    parent_page_types: list[str] = ["wagtailcore.Page"]

    class Meta:
        verbose_name = _("home page")


class CataloguePage(OwnedByTheSite, Page):
    """The list of trainings; every training's page lies below it."""

    intro = models.CharField(_("introduction"), max_length=400, blank=True, default="")

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types: list[str] = ["pages.HomePage"]
    max_count_per_parent = 1

    class Meta:
        verbose_name = _("catalogue")


class StandardPage(OwnedByTheSite, Page):
    """A page of text: about, accessibility, privacy."""

    intro = models.CharField(_("introduction"), max_length=400, blank=True, default="")
    body = RichTextField(
        _("text"),
        blank=True,
        features=["h2", "h3", "h4", "ul", "ol", "bold", "italic", "link", "document-link"],
    )

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("body")]

    class Meta:
        verbose_name = _("page of text")


class Contact(ClusterableModel):
    """Whom to call, as dated data with a source (DOMAIN 67): nothing here is written into a page.

    Numbers stand once, whatever the language: only the words about them are translated
    (ContactTranslation), so that a number corrected here is corrected everywhere.
    """

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    who_for = models.CharField(_("who it is for"), max_length=400, blank=True)
    call = models.CharField(
        _("telephone"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(CALL_FORM, _("Digits and hyphens, such as 888-373-7888"))],
    )
    sms = models.CharField(
        _("text message"),
        max_length=60,
        blank=True,
        validators=[RegexValidator(SMS_FORM, _("A number, or: Text HELP to 233733"))],
        help_text=_("A number, or: Text HELP to 233733"),
    )
    url = models.URLField(_("web page"), max_length=300, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    situation = models.CharField(_("situation"), max_length=20, choices=Situation.choices)
    for_public = models.BooleanField(
        _("for everyone"),
        default=True,
        help_text=_("Otherwise it stands in the part for professionals."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Who says that this is the right number.")
    )
    checked_on = models.DateField(_("checked on"))
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = ContactQuerySet.as_manager()

    panels = [
        MultiFieldPanel([FieldPanel("name"), FieldPanel("who_for"), FieldPanel("note")]),
        FieldRowPanel([FieldPanel("call"), FieldPanel("sms")]),
        FieldRowPanel([FieldPanel("url"), FieldPanel("email")]),
        FieldRowPanel([FieldPanel("situation"), FieldPanel("for_public"), FieldPanel("order")]),
        FieldRowPanel([FieldPanel("source"), FieldPanel("checked_on")]),
        InlinePanel("translations", label=_("In another language")),
        FieldPanel("key"),
    ]

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["order", "key"]
        constraints = [
            models.CheckConstraint(
                condition=Q(situation__in=Situation.values), name="pages_contact_situation_known"
            ),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(name=""), name="pages_contact_has_name_and_source"
            ),
            models.CheckConstraint(
                condition=Q(call="") | Q(call__regex=CALL_FORM), name="pages_contact_call_form"
            ),
            models.CheckConstraint(
                condition=Q(sms="") | Q(sms__regex=SMS_FORM), name="pages_contact_sms_form"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def is_stale(self, today: date) -> bool:
        """Whether nobody has checked it for 180 days before `today` (a day in New York)."""
        return self.checked_on < today - STALE_AFTER


class ContactTranslation(models.Model):
    """The words about a contact in another language."""

    contact = ParentalKey(Contact, on_delete=models.CASCADE, related_name="translations")
    language = models.CharField(_("language"), max_length=10, choices=settings.ALL_LANGUAGES)
    name = models.CharField(_("name"), max_length=200)
    who_for = models.CharField(_("who it is for"), max_length=400, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    panels = [
        FieldPanel("language"),
        FieldPanel("name"),
        FieldPanel("who_for"),
        FieldPanel("note"),
    ]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "language"],
                name="pages_contacttranslation_language_once",
                violation_error_message=_("This language is there already."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="pages_contacttranslation_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.language}: {self.name}"


class Fact(TranslatableMixin):
    """A figure with the year it describes and who counted (DOMAIN 69: figures differ by year)."""

    key = models.SlugField(_("key"), max_length=60)
    statement = models.CharField(_("statement"), max_length=400)
    value = models.CharField(_("figure"), max_length=60)
    year = models.PositiveSmallIntegerField(_("year"), help_text=_("The year it describes."))
    source = models.CharField(_("source"), max_length=200)
    source_detail = models.CharField(_("where it says so, and what was counted"), max_length=400)
    review_on = models.DateField(
        _("look again on"), help_text=_("The day on which to look for a newer figure.")
    )

    objects = FactQuerySet.as_manager()

    panels = [
        FieldPanel("statement"),
        FieldRowPanel([FieldPanel("value"), FieldPanel("year")]),
        FieldPanel("source"),
        FieldPanel("source_detail"),
        FieldPanel("review_on"),
        FieldPanel("key"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["-year", "key"]
        constraints = [
            models.UniqueConstraint(fields=["key", "locale"], name="pages_fact_key_once"),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(statement=""),
                name="pages_fact_has_statement_and_source",
                violation_error_message=_("A figure without its source is not shown here."),
            ),
            models.CheckConstraint(
                condition=Q(year__gte=1990, year__lte=2100), name="pages_fact_year_likely"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} ({self.year}, {self.source})"

    def is_stale(self, today: date) -> bool:
        """Whether it is time to look for a newer figure on `today` (a day in New York)."""
        return self.review_on <= today


class FaqItem(TranslatableMixin):
    """A question people ask, with its answer and whose definition or rule it is."""

    key = models.SlugField(_("key"), max_length=100)
    question = models.CharField(_("question"), max_length=200)
    answer = RichTextField(_("answer"), features=["h3", "h4", "ul", "ol", "bold", "italic", "link"])
    audience = models.CharField(
        _("who asks"), max_length=12, choices=QuestionAudience.choices, default="public"
    )
    authority = models.CharField(
        _("whose definition or rule it is"),
        max_length=300,
        help_text=_("Offices differ, so say whose it is."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    objects = FaqItemQuerySet.as_manager()

    panels = [
        FieldPanel("question"),
        FieldPanel("answer"),
        FieldPanel("authority"),
        FieldRowPanel([FieldPanel("audience"), FieldPanel("order")]),
        FieldPanel("key"),
    ]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["order", "key"]
        constraints = [
            models.UniqueConstraint(fields=["key", "locale"], name="pages_faqitem_key_once"),
            models.CheckConstraint(
                condition=Q(audience__in=QuestionAudience.values),
                name="pages_faqitem_audience_known",
            ),
            models.CheckConstraint(
                condition=~Q(authority="") & ~Q(question=""),
                name="pages_faqitem_has_question_and_authority",
            ),
        ]

    def __str__(self) -> str:
        return self.question


class Resource(models.Model):
    """A guide, poster, card, form, outside training or law, with whose it is and where it is.

    Where our sources give no address both `url` and `document` are empty, and the page says so.
    """

    key = models.SlugField(_("key"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=ResourceKind.choices)
    summary = models.CharField(_("summary"), max_length=600)
    provider = models.CharField(_("provider"), max_length=200)
    url = models.URLField(_("web address"), max_length=500, blank=True)
    document = models.ForeignKey(
        "wagtaildocs.Document",
        verbose_name=_("document"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    languages = ChoiceArrayField(
        models.CharField(max_length=10, choices=settings.ALL_LANGUAGES),
        verbose_name=_("languages"),
        default=list,
    )
    audiences = ChoiceArrayField(
        models.CharField(max_length=20, choices=Audience.choices),
        verbose_name=_("who it is for"),
        default=list,
    )
    source = models.CharField(_("source"), max_length=300)
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    objects = ResourceQuerySet.as_manager()

    panels = [
        FieldPanel("title"),
        FieldPanel("kind"),
        FieldPanel("summary"),
        FieldRowPanel([FieldPanel("provider"), FieldPanel("source")]),
        FieldRowPanel([FieldPanel("url"), FieldPanel("document")]),
        FieldRowPanel([FieldPanel("audiences"), FieldPanel("languages")]),
        FieldRowPanel([FieldPanel("key"), FieldPanel("order")]),
    ]

    class Meta:
        verbose_name = _("resource")
        verbose_name_plural = _("resources")
        ordering = ["order", "title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ResourceKind.values), name="pages_resource_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(audiences__contained_by=Audience.values) & ~Q(audiences=[]),
                name="pages_resource_audiences_known",
            ),
            models.CheckConstraint(condition=~Q(languages=[]), name="pages_resource_has_language"),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(provider="") & ~Q(title=""),
                name="pages_resource_has_title_provider_source",
            ),
            models.CheckConstraint(
                condition=Q(url="") | Q(document__isnull=True),
                name="pages_resource_one_place",
                violation_error_message=_("Give a web address or a document, not both."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def place(self) -> str:
        """Where it is; "" where we know no address."""
        return self.url or (self.document.url if self.document else "")

    @property
    def site(self) -> str:
        """The site its address leads to, as it is read."""
        return urlsplit(self.url).hostname or ""

    @property
    def language_names(self) -> list[str]:
        """Its languages, each by its own name."""
        return [name for code, name in settings.ALL_LANGUAGES if code in self.languages]

    @property
    def audience_names(self) -> list[str]:
        """Whom it is for, in words."""
        return [str(Audience(value).label) for value in self.audiences]
