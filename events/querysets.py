"""Adjectives for sessions and seats."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q

from events.enums import RegistrationStatus, SessionStatus
from lms.people.enums import Role
from lms.people.models import RoleAssignment

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from events.models import Registration, Session  # noqa: F401
    from lms.people.models import Person


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions; whoever may visit the site may read when they are, never their join link."""

    def standing(self) -> "SessionQuerySet":
        """Not cancelled."""
        return self.filter(status__in=SessionStatus.STANDING)

    def upcoming(self, now: datetime) -> "SessionQuerySet":
        """Standing, and not over at `now`; soonest first."""
        return self.standing().filter(ends_at__gt=now).order_by("starts_at", "pk")

    def past(self, now: datetime) -> "SessionQuerySet":
        """Over at `now`, or cancelled; the latest first."""
        return self.filter(Q(ends_at__lte=now) | Q(status=SessionStatus.CANCELLED)).order_by(
            "-starts_at", "-pk"
        )

    def managed_by(self, person: "Person") -> "SessionQuerySet":
        """Of trainings whose office `person` coordinates; the administrator has all."""
        if person.is_superuser:
            return self
        held = RoleAssignment.objects.current().filter(person=person, role=Role.COORDINATOR)
        return self.filter(training__owner__in=held.values("organization"))

    def with_seats_taken(self) -> "SessionQuerySet":
        """Each with `taken`: how many seats are taken."""
        taken = Q(registrations__status=RegistrationStatus.REGISTERED)
        return self.annotate(taken=Count("registrations", filter=taken, distinct=True))

    def with_seats_unmarked(self) -> "SessionQuerySet":
        """Each with `unmarked`: how many people's attendance nobody has noted."""
        unmarked = Q(
            registrations__status=RegistrationStatus.REGISTERED,
            registrations__attendances__isnull=True,
        )
        return self.annotate(unmarked=Count("registrations", filter=unmarked, distinct=True))


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """People's seats."""

    def live(self) -> "RegistrationQuerySet":
        """Seats that are taken."""
        return self.filter(status=RegistrationStatus.REGISTERED)

    def of(self, person: "Person") -> "RegistrationQuerySet":
        """The person's seats, whichever of their merged rows holds them."""
        canonical = person.canonical_person_id or person.pk
        return self.filter(Q(person=canonical) | Q(person__canonical_person=canonical))
