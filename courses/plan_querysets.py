"""Adjectives for people's plans."""

from typing import TYPE_CHECKING

from django.db import models

from courses.enums import EnrolmentStatus
from lms.people.models import Person

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from courses.models import PlanEnrolment  # noqa: F401


class PlanEnrolmentQuerySet(models.QuerySet["PlanEnrolment"]):
    """Plans people follow; reads follow a merged person's aliases (DESIGN 4.9)."""

    def visible_to(self, person: Person) -> "PlanEnrolmentQuerySet":
        """The person's own, nobody else's, whatever their role."""
        if not person.is_authenticated:
            return self.none()
        return self.filter(person__in=Person.objects.one_with(person).values("pk"))

    def active(self) -> "PlanEnrolmentQuerySet":
        return self.filter(status=EnrolmentStatus.ACTIVE)

    def completed(self) -> "PlanEnrolmentQuerySet":
        return self.filter(status=EnrolmentStatus.COMPLETED)
