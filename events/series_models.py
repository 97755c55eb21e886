"""A series or conference: a page that groups sessions into a program.

The program is part of the page, so that Wagtail's draft and publish carry it; dates, rooms and
speakers are the sessions' own, so that a moved session is right on every program at once.
"""

import calendar
import datetime as dt
import re
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page, PagePermissionTester

from events.enums import ProgramState
from events.series_forms import ProgramPanel
from lms.core.time import new_york_today
from lms.people.models import Organization, Person
from lms.people.permissions import edits_for
from lms.trainings.ownership import OfficePagePermissionTester
from lms.trainings.page_forms import TrainingPageForm


class SeriesPermissionTester(OfficePagePermissionTester):
    """Another office's series cannot be touched."""

    def __init__(self, user: Person, page: "SeriesPage") -> None:
        super().__init__(user, page)
        self.ours = user.is_active and (user.is_superuser or edits_for(user, page.office))


class SeriesPage(Page):
    """A conference or a series of sessions. `state` says whether its program is there yet."""

    office = models.ForeignKey(
        Organization,
        verbose_name=_("owning office"),
        on_delete=models.PROTECT,
        limit_choices_to={"kind": "office"},
        related_name="+",
    )
    summary = models.CharField(_("summary"), max_length=400)
    state = models.CharField(
        _("program"), max_length=10, choices=ProgramState.choices, default=ProgramState.ANNOUNCED
    )
    expected = models.CharField(
        _("when the program will be there"),
        max_length=80,
        blank=True,
        help_text=_("For example “at the beginning of March”. Shown while there is no program."),
    )
    expected_on = models.DateField(
        _("remind the office from this day on"),
        null=True,
        blank=True,
        help_text=_(
            "If the program is not there by then, its editor is reminded once by mail, and it"
            " stands on the desk's first page. Left empty, it is read from the words above."
        ),
    )
    takes_place = models.CharField(
        _("when it takes place"),
        max_length=80,
        blank=True,
        help_text=_("For example “April 2027”. Shown while there is no program."),
    )
    body = RichTextField(_("about it"), blank=True, features=["ul", "ol", "bold", "link"])
    contact_email = models.EmailField(_("whom to ask"), blank=True, default="")

    content_panels = [
        *Page.content_panels,
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("office"), FieldPanel("contact_email")], heading=_("About it")),
        MultiFieldPanel(
            [
                FieldPanel("state"),
                FieldPanel("expected"),
                FieldPanel("expected_on"),
                FieldPanel("takes_place"),
            ],
            heading=_("Program"),
        ),
        FieldPanel("body"),
        ProgramPanel("program", heading=_("Sessions"), label=_("Session")),
        InlinePanel("papers", heading=_("Documents"), label=_("Document")),
    ]
    base_form_class = TrainingPageForm
    parent_page_types: list[str] = ["pages.CataloguePage"]
    subpage_types: list[str] = []
    template = "events/series_page.html"

    class Meta:
        verbose_name = _("series or conference")
        verbose_name_plural = _("series and conferences")

    def clean(self) -> None:
        """While there is no program, the page says when there will be; a month named is a date."""
        super().clean()
        if self.state == ProgramState.ANNOUNCED and not self.expected:
            raise ValidationError({"expected": _("Say when the program will be there.")})
        if self.state == ProgramState.ANNOUNCED and self.expected_on is None:
            self.expected_on = month_named(self.expected, new_york_today())

    @property
    def is_open(self) -> bool:
        """Whether its program is public."""
        return self.state == ProgramState.OPEN

    def permissions_for_user(self, user: Any) -> PagePermissionTester:
        """What `user` may do with this page: it is its office's."""
        return SeriesPermissionTester(user, self)

    def get_context(self, request: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Which front door the page lies behind; nothing about the reader."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        return {**context, "nav": {"current": "trainings"}}


def month_named(words: str, today: dt.date) -> dt.date | None:
    """The first day of the next such month that the words name ("at the end of March"), if any."""
    year = re.search(r"\b20\d\d\b", words)
    for month in range(1, 13):
        # "may" alone is a word of its own.
        if re.search(rf"\b{calendar.month_name[month]}\b", words):
            passed = month < today.month or (month == today.month and today.day > 1)
            return dt.date(int(year[0]) if year else today.year + passed, month, 1)
    return None


class SeriesItem(Orderable):
    """A session in a program, with its track; the order is that of the dates."""

    page = ParentalKey(SeriesPage, on_delete=models.CASCADE, related_name="program")
    session = models.ForeignKey(
        "events.Session",
        verbose_name=_("session"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    track = models.CharField(_("track"), max_length=80, blank=True)
    note = models.CharField(_("what it is about"), max_length=400, blank=True)

    panels = [FieldPanel("session"), FieldPanel("track"), FieldPanel("note")]

    class Meta(Orderable.Meta):
        constraints = [
            models.UniqueConstraint(fields=["page", "session"], name="events_series_session_once")
        ]

    def __str__(self) -> str:
        return f"session {self.session_id} in {self.page_id}"


class SeriesPaper(Orderable):
    """A document of the series: a flyer, a reader."""

    page = ParentalKey(SeriesPage, on_delete=models.CASCADE, related_name="papers")
    title = models.CharField(_("title"), max_length=150)
    document = models.ForeignKey(
        "wagtaildocs.Document", verbose_name=_("document"), on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip

    panels = [FieldPanel("title"), FieldPanel("document")]

    def __str__(self) -> str:
        return self.title
