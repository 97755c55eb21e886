"""Adjectives for people's extra time."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from lms.people.enums import Role
from lms.people.models import Organization, Person

if TYPE_CHECKING:
    from courses.models import Accommodation  # noqa: F401 - named in a string below


class AccommodationQuerySet(models.QuerySet["Accommodation"]):
    """Extra time, by day and by who may see it."""

    def visible_to(self, person: Person) -> "AccommodationQuerySet":
        """Those of the offices the person coordinates; the administrator has all."""
        if person.is_superuser:
            return self.all()
        return self.filter(office__in=Organization.objects.with_role(person, Role.COORDINATOR))

    def standing(self) -> "AccommodationQuerySet":
        return self.filter(withdrawn_at__isnull=True)

    def on(self, day: date) -> "AccommodationQuerySet":
        """In force on a New York day."""
        return self.standing().filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day), valid_from__lte=day
        )
