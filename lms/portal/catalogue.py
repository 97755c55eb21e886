"""The catalogue: every published training, one row each, filtered by what a visitor asks for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.paginator import Page as PageOfRows
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from courses.plan_outside import approving_in_plans
from courses.shown import approving_providers
from courses.wording import approval_notice
from events.models import Session
from events.wall_time import when
from lms.core.time import new_york_today
from lms.portal.catalogue_credit import credit_choices, with_credit
from lms.trainings.accreditation import credit_of_pages
from lms.trainings.enums import Access, Audience, TrainingKind
from lms.trainings.models import TrainingPage
from lms.trainings.wording import credit_in_short, length_in_words

PER_PAGE = 12
# Kinds a visitor can take part in here; the others come into being elsewhere.
LISTED_KINDS = [TrainingKind.COURSE, TrainingKind.LIVE, TrainingKind.CONFERENCE, TrainingKind.PLAN]


class CatalogueFilter(forms.Form):
    """What a visitor may ask for; anything unknown in the address is ignored, never an error."""

    mark_optional = False

    q = forms.CharField(label=later("Search"), required=False, max_length=100)
    kind = forms.MultipleChoiceField(
        label=later("Kind"),
        required=False,
        choices=[(kind.value, kind.label) for kind in LISTED_KINDS],
        widget=forms.CheckboxSelectMultiple,
    )
    audience = forms.MultipleChoiceField(
        label=later("Who it is for"),
        required=False,
        choices=Audience.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=later("Language"), required=False)
    credit = forms.ChoiceField(label=later("Credit"), required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        language, credit = self.fields["language"], self.fields["credit"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101 - tells the type checker
        assert isinstance(credit, forms.ChoiceField)  # noqa: S101 - tells the type checker
        credit.choices = credit_choices()
        language.choices = [("", later("Any")), *settings.LANGUAGES]

    def chosen(self) -> dict[str, object]:
        """The answers that make sense; the others are as if not given."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    def without_nonsense(self) -> "CatalogueFilter":
        """The form as it is shown: with the answers that make sense and no reproach."""
        return CatalogueFilter(self.data) if self.is_valid() else CatalogueFilter(QueryDict())


@dataclass(frozen=True)
class Card:
    """A training as the catalogue shows it: ready sentences, nothing about the reader."""

    title: str
    url: str
    kind: str
    text: str
    length: str
    languages: str
    credit: str
    office: str
    next_date: str = ""
    notice: str = ""


def find_trainings(asked: dict[str, object]) -> "list[int]":
    """The ids of the pages to list: one a training, in the reader's language if there is one.

    Sorted by title. A training without a translation is listed in English.
    """
    here = get_language() or settings.LANGUAGE_CODE
    pages = TrainingPage.objects.listed()
    if asked.get("language"):
        translated = pages.filter(locale__language_code=asked["language"])
        pages = pages.filter(translation_key__in=translated.values("translation_key"))
    if asked.get("kind"):
        pages = pages.filter(training_kind__in=asked["kind"])
    if asked.get("audience"):
        pages = pages.filter(audiences__overlap=asked["audience"])
    if asked.get("credit"):
        pages = with_credit(pages, str(asked["credit"]))
    for word in str(asked.get("q", "")).split()[:8]:
        pages = pages.filter(Q(title__icontains=word) | Q(summary__icontains=word))
    order = Case(
        When(locale__language_code=here, then=Value(0)),
        When(locale__language_code=settings.LANGUAGE_CODE, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    one_each = pages.order_by("translation_key", order, "pk").distinct("translation_key")
    rows = one_each.values_list("pk", "title")
    return [pk for pk, title in sorted(rows, key=lambda row: row[1].casefold())]


def catalogue_page(asked: dict[str, object], number: str | None) -> PageOfRows[int]:
    """One page of the catalogue; its object list becomes cards by `cards`."""
    return Paginator(find_trainings(asked), PER_PAGE).get_page(number)


def cards(ids: Sequence[int]) -> list[Card]:
    """The cards of these pages, in this order, in a constant number of queries."""
    pages = TrainingPage.objects.select_related("office", "locale").in_bulk(ids)
    keys = [page.translation_key for page in pages.values()]
    spoken: dict[object, set[str]] = {}
    for key, code in (
        TrainingPage.objects.live()
        .filter(translation_key__in=keys)
        .values_list("translation_key", "locale__language_code")
    ):
        spoken.setdefault(key, set()).add(code)
    dates = next_dates(keys)
    plans = [pk for pk, page in pages.items() if page.training_kind == TrainingKind.PLAN]
    approving = approving_providers(ids) | (approving_in_plans(plans) if plans else {})
    credit = credit_of_pages(pages.values(), day=new_york_today())
    return [
        _card(
            page,
            spoken[page.translation_key],
            dates.get(page.translation_key, ""),
            approval_notice(approving.get(page.pk, [])),
            credit[page.pk],
        )
        for page in (pages[pk] for pk in ids if pk in pages)
    ]


def next_dates(keys: Iterable[UUID]) -> dict[UUID, str]:
    """The next date of each of these trainings that has one, ready to show."""
    now = timezone.now()
    sessions = (
        Session.objects.upcoming(now)
        .announced()
        .filter(starts_at__gt=now, training__key__in=keys, training__access=Access.OPEN)
        .select_related("training")
        .order_by("training_id", "starts_at")
        .distinct("training_id")
    )
    return {
        session.training.key: when(session.starts_at, session.ends_at, session.zone_info)
        for session in sessions
    }


def _credit(page: TrainingPage, credit: list[dict[str, Any]]) -> str:
    """In short; a plan gives none of its own, which must not read as if its trainings gave none."""
    if page.training_kind == TrainingKind.PLAN:
        return _("Credit, if any, comes with its trainings")
    return credit_in_short(credit)


def _card(
    page: TrainingPage,
    codes: set[str],
    next_date: str,
    notice: str,
    credit: list[dict[str, Any]],
) -> Card:
    return Card(
        title=page.title,
        url=page.get_url() or "",
        kind=str(TrainingKind(page.training_kind).label),
        text=page.summary,
        length=length_in_words(page.minutes),
        languages=", ".join(name for code, name in settings.ALL_LANGUAGES if code in codes),
        credit=_credit(page, credit),
        office=page.office.label,
        next_date=next_date,
        notice=notice,
    )
