"""Adjectives for trainings, their pages, and who may take them."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from wagtail.models import PageManager, PageQuerySet

from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.enums import Access, RequestStatus

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from lms.trainings.access_models import (  # noqa: F401
        AccessGrant,
        AccessInvitation,
        AccessRequest,
    )
    from lms.trainings.models import Training, TrainingPage  # noqa: F401


class TrainingQuerySet(models.QuerySet["Training"]):
    """Trainings, by whom they are for."""

    def for_everybody(self) -> "TrainingQuerySet":
        """Those anybody may take."""
        return self.filter(access=Access.OPEN)

    def restricted(self) -> "TrainingQuerySet":
        """Those for some people only."""
        return self.exclude(access=Access.OPEN)

    def managed_by(self, person: Person) -> "TrainingQuerySet":
        """Those of the offices the person coordinates; the administrator has all."""
        if person.is_superuser:
            return self.all()
        offices = Organization.objects.offices().with_role(person, Role.COORDINATOR)
        return self.filter(owner__in=offices)


class TrainingPageQuerySet(PageQuerySet):
    """Trainings' pages."""

    def listed(self) -> "TrainingPageQuerySet":
        """Those that lists show to anybody: live, public, and not hidden."""
        from lms.trainings.models import Training  # noqa: PLC0415 - models import this module

        hidden = Training.objects.filter(is_hidden=True)
        found: TrainingPageQuerySet = self.live().public()
        return found.exclude(translation_key__in=hidden.values("key"))


TrainingPageManager = PageManager.from_queryset(TrainingPageQuerySet)


class AccessGrantQuerySet(models.QuerySet["AccessGrant"]):
    """Grants of access."""

    def of(self, person: Person) -> "AccessGrantQuerySet":
        """The person's, whichever of their merged rows holds them."""
        return self.filter(person__in=Person.objects.one_with(person))

    def current(self, day: date) -> "AccessGrantQuerySet":
        """Not ended, and good on `day` (a New York calendar day), the last day included."""
        return self.filter(
            Q(expires_on__isnull=True) | Q(expires_on__gte=day), ended_at__isnull=True
        )


class AccessInvitationQuerySet(models.QuerySet["AccessInvitation"]):
    """Invitations by address."""

    def open(self) -> "AccessInvitationQuerySet":
        """Neither claimed nor taken back."""
        return self.filter(claimed_at__isnull=True, withdrawn_at__isnull=True)


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    """Requests for access."""

    def of(self, person: Person) -> "AccessRequestQuerySet":
        """The person's own."""
        return self.filter(person__in=Person.objects.one_with(person))

    def open(self) -> "AccessRequestQuerySet":
        """Waiting for an answer."""
        return self.filter(status=RequestStatus.OPEN)

    def managed_by(self, person: Person) -> "AccessRequestQuerySet":
        """For trainings of the offices the person coordinates; the administrator has all."""
        if person.is_superuser:
            return self.all()
        offices = Organization.objects.offices().with_role(person, Role.COORDINATOR)
        return self.filter(training__owner__in=offices)
