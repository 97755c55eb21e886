"""Adjectives for assignments."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from lms.people.models import Employment, Person

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from courses.models import Assignment  # noqa: F401


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments; reads follow a merged person's aliases (DESIGN 4.9)."""

    def of(self, person: Person) -> "AssignmentQuerySet":
        """The person's own, whichever of their merged rows holds them."""
        return self.filter(person__in=Person.objects.one_with(person).values("pk"))

    def live(self) -> "AssignmentQuerySet":
        """Neither withdrawn nor replaced; done or not."""
        return self.filter(ended_at__isnull=True)

    def while_employed(self, today: date) -> "AssignmentQuerySet":
        """Of people the organization still employs: whoever left is asked for nothing more."""
        here = Employment.objects.annotate(
            whose=Coalesce("person__canonical_person", "person")
        ).filter(
            Q(ended_on__isnull=True) | Q(ended_on__gte=today),
            organization=OuterRef("organization"),
            whose=OuterRef("whose"),
        )
        return self.annotate(whose=Coalesce("person__canonical_person", "person")).filter(
            Exists(here)
        )
