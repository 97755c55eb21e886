"""A training's lasting identity and its frozen versions."""

import uuid
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page, Revision
from wagtail.search import index

from lms.core.prepared import Prepared, given
from lms.core.time import new_york_today
from lms.people.models import Organization
from lms.trainings.blocks import CreditBlock
from lms.trainings.enums import Access, Audience, TrainingKind
from lms.trainings.ownership import OwnedByOffice
from lms.trainings.page_forms import ChoiceArrayField, TrainingPageForm
from lms.trainings.publication import FreezesOnPublication
from lms.trainings.querysets import TrainingPageManager, TrainingQuerySet

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lms.trainings.credit_rules import CreditFacts


class Topic(models.Model):
    """Something a training covers, by the code rule sets ask for (NY205-T1: its nature)."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Training(models.Model):
    """What stays the same while its content changes: one per course, live or outside training.

    `key` is the page's translation_key where there is a page: translations share it, copies do not.
    Who may take it is said by the page in the main language when that is published, and holds for
    all translations; `access.may_take` answers for a person.
    """

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=TrainingKind.choices)
    title = models.CharField(_("title"), max_length=255)
    owner = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="trainings")
    access = models.CharField(max_length=12, choices=Access.choices, default=Access.OPEN)
    is_hidden = models.BooleanField(default=False)
    without_account = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    objects = TrainingQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=TrainingKind.values), name="trainings_training_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(access__in=Access.values), name="trainings_training_access_known"
            ),
            models.CheckConstraint(
                condition=Q(is_hidden=False) | ~Q(access=Access.OPEN),
                name="trainings_training_open_is_not_hidden",
            ),
            models.CheckConstraint(
                condition=Q(without_account=False) | Q(access=Access.OPEN),
                name="trainings_training_without_account_is_open",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_restricted(self) -> bool:
        """Whether it is for some people only."""
        return self.access != Access.OPEN


# What versions say, by hash: what a hash stands for never changes. Read, never written to.
_SPECS: dict[str, dict[str, Any]] = {}
MANY_SPECS = 500


class TrainingVersion(models.Model):
    """A training as it was when published: outline, gates, rules, pool, minutes, topics, credits.

    Append-only: a trigger refuses changes. `spec` is canonical JSON; a new hash is a new version.
    Pages that show many versions leave it out (`defer`) and have it from this process by its hash.
    `spec` always has: title, kind, minutes (int), topics (list of codes), credits (list of
    {accreditor, type, hours}, older ones with a name as somebody typed it), language, approval
    (who made or approved the program: {basis, by, link, checked_on}). Rooms add their own keys.
    """

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    spec = models.JSONField()
    spec_hash = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(default=timezone.now)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["training", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["training", "number"], name="trainings_version_number_once"
            ),
            models.UniqueConstraint(
                fields=["training", "spec_hash"], name="trainings_version_spec_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.training} v{self.number}"

    def refresh_from_db(
        self,
        using: str | None = None,
        fields: "Iterable[str] | None" = None,
        from_queryset: "QuerySet[TrainingVersion] | None" = None,
    ) -> None:
        """Django's; a `spec` that a query left out is parsed once in a process, by its hash."""
        if fields is None or list(fields) != ["spec"]:
            super().refresh_from_db(using, fields, from_queryset)
            return
        if self.spec_hash not in _SPECS:
            super().refresh_from_db(using, fields, from_queryset)
            if len(_SPECS) >= MANY_SPECS:
                _SPECS.clear()
            _SPECS[self.spec_hash] = self.spec
        self.spec = _SPECS[self.spec_hash]

    @property
    def topics(self) -> list[str]:
        """The topic codes this version covers."""
        return list(self.spec.get("topics", []))


class VersionInForce(models.Model):
    """From `since` on this version is what the training's publications say. Append-only.

    The highest number does not tell: publishing what an older version said brings that one back.
    The row written last counts; `version_in_force` answers for a moment. Each language of a course
    freezes versions of its own, so a course's page also remembers which one is its own.
    """

    training = models.ForeignKey(Training, on_delete=models.PROTECT, related_name="in_force")
    version = models.ForeignKey(TrainingVersion, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["training", "-id"], name="trainings_version_in_force")]

    def __str__(self) -> str:
        return f"{self.version} since {self.since}"


class StepContent(models.Model):
    """Which revision of a step's page is in force for a version and a language.

    A spelling fix adds a row and the version stays; the newest row counts.
    """

    version = models.ForeignKey(TrainingVersion, on_delete=models.PROTECT, related_name="contents")
    step_key = models.CharField(max_length=80)
    locale = models.CharField(max_length=10)
    page_id = models.PositiveBigIntegerField()
    # Protected: cleaning up old revisions must not take away what people are pinned to.
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [
            models.Index(
                fields=["version", "step_key", "locale", "-id"], name="trainings_content_in_force"
            )
        ]

    def __str__(self) -> str:
        return f"{self.version} {self.step_key} {self.locale}"


class TrainingPage(FreezesOnPublication, OwnedByOffice, Page):
    """What every training's page says, whatever its kind; the catalogue lists these.

    Never made itself: `courses.CoursePage` and `events.LiveTrainingPage` are its kinds, and set
    `training_kind`. A page never knows its reader; what a reader sees of himself is drawn by the
    portal's template tags.
    """

    training_kind = models.CharField(max_length=12, choices=TrainingKind.choices, editable=False)
    office = models.ForeignKey(
        Organization,
        verbose_name=_("owning office"),
        on_delete=models.PROTECT,
        limit_choices_to={"kind": "office"},
        related_name="+",
    )
    summary = models.CharField(_("summary"), max_length=400)
    audiences = ChoiceArrayField(
        models.CharField(max_length=20, choices=Audience.choices),
        verbose_name=_("who it is for"),
        default=list,
    )
    minutes = models.PositiveIntegerField(_("length in minutes"))
    learn = RichTextField(_("what you will learn"), blank=True, features=["ul", "bold", "link"])
    before = models.CharField(
        _("what is needed before"),
        max_length=400,
        blank=True,
        default="",
        help_text=_("Empty: nothing."),
    )
    credit_lines = StreamField(
        [("credit", CreditBlock())], verbose_name=_("credit"), blank=True, default=list
    )
    credit_note = models.CharField(_("note on credit"), max_length=400, blank=True, default="")
    contact_email = models.EmailField(_("whom to ask"), blank=True, default="")
    is_sample = models.BooleanField(
        _("sample content"),
        default=False,
        help_text=_("Says on the page that the office has yet to replace or approve the content."),
    )
    access = models.CharField(
        _("who may take it"),
        max_length=12,
        choices=Access.choices,
        default=Access.OPEN,
        help_text=_(
            "Holds for all languages once the page in the main language is published."
            " Organizations, invitations and requests are looked after at the desk."
        ),
    )
    is_hidden = models.BooleanField(
        _("hidden"),
        default=False,
        help_text=_("Nobody else even finds the page. Not for trainings that everybody may take."),
    )
    without_account = models.BooleanField(
        _("may be taken without an account"),
        default=False,
        help_text=_(
            "For online courses that everybody may take: name and address are asked at the end."
            " Such a course has lessons, tests and surveys only."
        ),
    )

    objects = TrainingPageManager()

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel(
            [
                FieldPanel("office"),
                FieldPanel("audiences"),
                FieldPanel("minutes"),
                FieldPanel("before"),
                FieldPanel("contact_email"),
                FieldPanel("is_sample"),
            ],
            heading=_("About the training"),
        ),
        MultiFieldPanel(
            [FieldPanel("access"), FieldPanel("is_hidden")],
            heading=_("Access"),
        ),
        FieldPanel("learn"),
        MultiFieldPanel(
            [FieldPanel("credit_lines"), FieldPanel("credit_note")], heading=_("Credit")
        ),
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("summary"),
        index.SearchField("learn"),
        index.FilterField("training_kind"),
    ]
    base_form_class = TrainingPageForm
    is_creatable = False
    parent_page_types: list[str] = ["pages.CataloguePage"]

    class Meta:
        verbose_name = _("training page")

    def clean(self) -> None:
        """Access, hiding and taking it without an account fit together."""
        super().clean()
        if self.access == Access.OPEN and self.is_hidden:
            raise ValidationError(
                {"is_hidden": _("Say who may take it before you hide it from everybody else.")}
            )
        if self.without_account and self.training_kind != TrainingKind.COURSE:
            raise ValidationError(
                {"without_account": _("Only an online course can be taken without an account.")}
            )
        if self.access != Access.OPEN and self.without_account:
            raise ValidationError(
                {"without_account": _("Only what everybody may take needs no account.")}
            )

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; a hidden training's for those who may take it, and in no cache."""
        from lms.trainings.access import is_shown  # noqa: PLC0415 - it reads these models

        training = self.door
        if training and training.is_hidden:
            if not is_shown(training, request.user):
                raise Http404
            response: HttpResponse = super().serve(request, *args, **kwargs)
            add_never_cache_headers(response)
            return response
        public: HttpResponse = super().serve(request, *args, **kwargs)
        return public

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Nothing for a hidden training."""
        if self.door and self.door.is_hidden:
            return []
        urls: list[dict[str, Any]] = super().get_sitemap_urls(request)
        return urls

    @property
    def gives_credit(self) -> bool:
        """Whether any accreditor gives contact hours for it."""
        return len(self.credit_lines) > 0

    def common_spec(self) -> dict[str, object]:
        """The part of a version's spec that every kind has (see TrainingVersion)."""
        from lms.trainings.accreditation import planned_credit  # noqa: PLC0415 - as above

        return {
            "title": self.title,
            "kind": self.training_kind,
            "minutes": self.minutes,
            "language": self.locale.language_code,
            "credits": planned_credit(self),
        }

    def credit_facts(self) -> "CreditFacts":
        """What accreditors' rules look at; kinds with tests and surveys add theirs."""
        from lms.trainings.credit_rules import (  # noqa: PLC0415 - it reads these models
            CreditFacts,
            objectives_in,
        )

        return CreditFacts(
            kind=self.training_kind, minutes=self.minutes, objectives=objectives_in(self.learn)
        )

    def credit_problems(self) -> list[str]:
        """What breaks the rules of those who are to give credit, a sentence each for the editor."""
        from lms.trainings.accreditation import (  # noqa: PLC0415 - they read these models
            planned_credit,
            read_book,
        )
        from lms.trainings.credit_rules import credit_problems  # noqa: PLC0415

        planned = planned_credit(self)
        if not planned:
            return []
        return credit_problems(
            planned,
            self.credit_facts(),
            book=read_book([self.office_id]),
            office=self.office_id,
            training=self.translation_key,
            today=new_york_today(),
        )

    @cached_property
    def door(self) -> Training | None:
        """The training, asked once for a page that is shown: who may take it, and whose it is."""
        found = self.training()
        if found and found.owner_id == self.office_id:
            self.office = found.owner
        return found

    def training(self) -> Training | None:
        """The lasting identity, which exists from the first publication on."""
        return _training.first(key=self.translation_key)


_training = Prepared(
    lambda: Training.objects.filter(key=given("key")).select_related("owner").order_by()
)


# The rest of this room's models; here, so that Django finds them.
from lms.trainings.access_models import (  # noqa: E402, F401
    AccessGrant,
    AccessInvitation,
    AccessOrganization,
    AccessRequest,
    AccessRule,
)
from lms.trainings.accreditor_models import AccreditorConfirmation  # noqa: E402, F401
