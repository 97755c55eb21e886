"""The catalogue: every published training, one row each, filtered by what a visitor asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django import forms
from django.conf import settings
from django.core.paginator import Page as PageOfRows
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Q, Value, When
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale

from lms.trainings.enums import Audience, TrainingKind
from lms.trainings.models import TrainingPage

PER_PAGE = 12
# Kinds a visitor can take part in here; the others come into being elsewhere.
LISTED_KINDS = [TrainingKind.COURSE, TrainingKind.LIVE, TrainingKind.CONFERENCE]


class CatalogueFilter(forms.Form):
    """What a visitor may ask for; anything unknown in the address is ignored, never an error."""

    q = forms.CharField(label=_("Search"), required=False, max_length=100)
    kind = forms.MultipleChoiceField(
        label=_("Kind"),
        required=False,
        choices=[(kind.value, kind.label) for kind in LISTED_KINDS],
        widget=forms.CheckboxSelectMultiple,
    )
    audience = forms.MultipleChoiceField(
        label=_("Who it is for"),
        required=False,
        choices=Audience.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    language = forms.ChoiceField(label=_("Language"), required=False)
    credit = forms.ChoiceField(
        label=_("Credit"),
        required=False,
        choices=[
            ("", _("Any")),
            ("yes", _("Gives continuing-education credit")),
            ("no", _("Gives none")),
        ],
    )

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)  # noqa: S101 - tells the type checker
        language.choices = [("", _("Any")), *settings.LANGUAGES]

    def chosen(self) -> dict[str, object]:
        """The answers that make sense; the others are as if not given."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


@dataclass(frozen=True)
class Card:
    """A training as the catalogue shows it."""

    page: TrainingPage
    languages: Sequence[str] = field(default=())


def find_trainings(asked: dict[str, object]) -> "list[int]":
    """The ids of the pages to list: one a training, in the reader's language if there is one.

    Sorted by title. A training without a translation is listed in English.
    """
    here = get_language() or settings.LANGUAGE_CODE
    pages = TrainingPage.objects.live().public()
    if asked.get("language"):
        translated = pages.filter(locale__language_code=asked["language"])
        pages = pages.filter(translation_key__in=translated.values("translation_key"))
    if asked.get("kind"):
        pages = pages.filter(training_kind__in=asked["kind"])
    if asked.get("audience"):
        pages = pages.filter(audiences__overlap=asked["audience"])
    if asked.get("credit") == "yes":
        pages = pages.exclude(credit_lines=[])
    if asked.get("credit") == "no":
        pages = pages.filter(credit_lines=[])
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
    names = dict(settings.ALL_LANGUAGES)
    return [
        Card(
            page=pages[pk],
            languages=[names[code] for code in names if code in spoken[pages[pk].translation_key]],
        )
        for pk in ids
        if pk in pages
    ]


def languages_of(page: TrainingPage) -> list[str]:
    """The languages a training is published in, each by its own name."""
    codes = set(
        Locale.objects.filter(
            pk__in=TrainingPage.objects.live()
            .filter(translation_key=page.translation_key)
            .values("locale")
        ).values_list("language_code", flat=True)
    )
    return [name for code, name in settings.ALL_LANGUAGES if code in codes]
