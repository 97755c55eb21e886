"""Questions one asks of contacts, figures, questions and resources."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from lms.pages.models import Contact, Fact, FaqItem, Resource  # noqa: F401

# A number that nobody has checked for half a year may lead nowhere.
STALE_AFTER = timedelta(days=180)


class ContactQuerySet(models.QuerySet["Contact"]):
    """Contacts, in the order of the help page."""

    def stale(self, today: date) -> "ContactQuerySet":
        """Checked more than 180 days before `today` (a day in New York)."""
        return self.filter(checked_on__lt=today - STALE_AFTER)


class FactQuerySet(models.QuerySet["Fact"]):
    """Figures, each with its year and source."""

    def stale(self, today: date) -> "FactQuerySet":
        """Those for which an editor should look for a newer figure by `today`."""
        return self.filter(review_on__lte=today)

    def current(self, today: date) -> "FactQuerySet":
        """Those not yet due for a second look on `today`."""
        return self.filter(review_on__gt=today)

    def for_language(self, language: str) -> "FactQuerySet":
        """Rows in the language and in the site's own, which stands in where there is none."""
        return self.filter(locale__language_code__in={language, settings.LANGUAGE_CODE})


class FaqItemQuerySet(models.QuerySet["FaqItem"]):
    """Questions, in their order."""

    def for_language(self, language: str) -> "FaqItemQuerySet":
        """Rows in the language and in the site's own, which stands in where there is none."""
        return self.filter(locale__language_code__in={language, settings.LANGUAGE_CODE})


class ResourceQuerySet(models.QuerySet["Resource"]):
    """Guides, posters, cards, forms, outside trainings and laws."""

    def matching(
        self, *, kind: str = "", audience: str = "", language: str = ""
    ) -> "ResourceQuerySet":
        """Those of the kind, for the audience (or for everyone), in the language; "" means any."""
        found = self.all()
        if kind:
            found = found.filter(kind=kind)
        if audience:
            found = found.filter(
                Q(audiences__contains=[audience]) | Q(audiences__contains=["public"])
            )
        if language:
            found = found.filter(languages__contains=[language])
        return found
