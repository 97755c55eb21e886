"""Adjectives for what an office decided about tests."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from courses.enums import RulingKind
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.models import Training

if TYPE_CHECKING:
    from courses.models import AttemptRuling, Regrade  # noqa: F401 - named in strings below


class RulingQuerySet(models.QuerySet["AttemptRuling"]):
    """Rulings on attempts."""

    def visible_to(self, person: Person) -> "RulingQuerySet":
        """Those on the person's own attempts, and those of the offices they coordinate."""
        if not person.is_authenticated:
            return self.none()
        if person.is_superuser:
            return self.all()
        offices = Organization.objects.offices().with_role(person, Role.COORDINATOR)
        return self.filter(
            Q(attempt__enrolment__person__in=Person.objects.one_with(person))
            | Q(attempt__enrolment__training__owner__in=offices)
        )

    def voiding(self) -> "RulingQuerySet":
        """Because of which an attempt does not count."""
        return self.filter(
            Q(kind=RulingKind.VOID) | Q(kind=RulingKind.OUTAGE, minutes__isnull=True)
        )

    def excusing(self) -> "RulingQuerySet":
        """Because of which an attempt that an outage ended does not count."""
        return self.voiding().filter(kind=RulingKind.OUTAGE)

    def regrading(self) -> "RulingQuerySet":
        """New points, the newest first."""
        return self.filter(kind=RulingKind.REGRADE).order_by("-pk")


class RegradeQuerySet(models.QuerySet["Regrade"]):
    """Decisions on questions."""

    def visible_to(self, person: Person) -> "RegradeQuerySet":
        """Those on questions of the offices' courses the person coordinates."""
        if not person.is_authenticated:
            return self.none()
        if person.is_superuser:
            return self.all()
        offices = Organization.objects.offices().with_role(person, Role.COORDINATOR)
        mine = Training.objects.filter(owner__in=offices)
        return self.filter(wording__question__course_key__in=mine.values("key"))
