"""Adjectives for sessions and seats."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, When
from django.db.models.functions import Coalesce

from events.enums import RegistrationStatus, SessionStatus, WishState
from lms.people.enums import Role
from lms.people.models import Person, RoleAssignment

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from events.models import Registration, Session  # noqa: F401
    from events.wish_models import TrainingWish  # noqa: F401

# How long sessions that are over can still be put into a program.
PROGRAM_KEEPS = timedelta(days=90)


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions; whoever may visit the site may read when they are, never their join link."""

    def standing(self) -> "SessionQuerySet":
        """Not cancelled."""
        return self.filter(status__in=SessionStatus.STANDING)

    def announced(self) -> "SessionQuerySet":
        """Not kept back by the office: what lists, pages and feeds show to everybody."""
        return self.filter(announced_at__isnull=False)

    def kept_back(self) -> "SessionQuerySet":
        """Standing, and shown to nobody before the office says so."""
        return self.standing().filter(announced_at__isnull=True)

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

    def for_program(
        self, offices: Collection[int] | None, *, chosen: Collection[int], now: datetime
    ) -> "SessionQuerySet":
        """What somebody who edits for `offices` (None: all) may put into a series' program.

        Standing, of these offices, coming or over for three months at most, so that the list does
        not grow with the years; and what is `chosen` already.
        """
        theirs = Q(status__in=SessionStatus.STANDING, ends_at__gt=now - PROGRAM_KEEPS)
        if offices is not None:
            theirs &= Q(training__owner__in=offices)
        return self.filter(theirs | Q(pk__in=chosen))

    def with_seats_taken(self) -> "SessionQuerySet":
        """Each with `taken`: how many seats are taken, or held for somebody who was offered one."""
        return self.annotate(taken=self._seats(status__in=RegistrationStatus.HOLDING))

    def with_people_waiting(self) -> "SessionQuerySet":
        """Each with `waiting`: how many people wait for a seat and were offered none."""
        waiting = self._seats(status=RegistrationStatus.WAITING, place__isnull=False)
        return self.annotate(waiting=waiting)

    def with_people_asking(self) -> "SessionQuerySet":
        """Each with `asking`: how many requests the office has not answered."""
        return self.annotate(asking=self._seats(status=RegistrationStatus.PENDING))

    def with_seats_unmarked(self) -> "SessionQuerySet":
        """Each with `unmarked`: how many people's attendance nobody has noted."""
        unmarked = self._seats(status=RegistrationStatus.REGISTERED, attendances__isnull=True)
        return self.annotate(unmarked=unmarked)

    def _seats(self, **conditions: Any) -> Coalesce:
        """How many of a session's seats meet the conditions.

        A subquery for each row, on an index: joining and grouping would sort every column.
        """
        seats = self.model._meta.get_field("registrations").related_model._base_manager  # noqa: SLF001
        counted = (
            seats.filter(session=OuterRef("pk"), **conditions)
            .order_by()
            .values("session")
            .annotate(count=Count("pk"))
            .values("count")
        )
        return Coalesce(Subquery(counted), 0)


class RegistrationQuerySet(models.QuerySet["Registration"]):
    """People's seats."""

    def live(self) -> "RegistrationQuerySet":
        """Seats that are taken."""
        return self.filter(status=RegistrationStatus.REGISTERED)

    def with_address(self) -> "RegistrationQuerySet":
        """Of people mail can reach: by the address of the record theirs was merged into, if any."""
        return self.filter(
            Q(person__canonical_person=None, person__email__isnull=False)
            | Q(person__canonical_person__email__isnull=False)
        )

    def holding(self) -> "RegistrationQuerySet":
        """What keeps a seat from others: taken, or held by an offer."""
        return self.filter(status__in=RegistrationStatus.HOLDING)

    def waiting(self) -> "RegistrationQuerySet":
        """On the waiting list without an offer, the next one first."""
        return self.filter(status=RegistrationStatus.WAITING, place__isnull=False).order_by("place")

    def queued(self) -> "RegistrationQuerySet":
        """Waiting or offered a seat, in the list's order."""
        return self.filter(status__in=RegistrationStatus.QUEUED, place__isnull=False).order_by(
            "place"
        )

    def pending(self) -> "RegistrationQuerySet":
        """Asked for, and not yet answered by the office; the longest first."""
        return self.filter(status=RegistrationStatus.PENDING).order_by("updated_at", "pk")

    def spoken_for(self) -> "RegistrationQuerySet":
        """What a newcomer cannot have: taken, held, or next for those who wait. Not asked for."""
        return self.exclude(status__in=[RegistrationStatus.CANCELLED, RegistrationStatus.PENDING])

    def current(self) -> "RegistrationQuerySet":
        """A seat, an offer, a place on the list or a request; not given back."""
        return self.exclude(status=RegistrationStatus.CANCELLED)

    def current_first(self) -> "RegistrationQuerySet":
        """What is given back comes last: a person with merged records may have both."""
        return self.order_by(
            Case(When(status=RegistrationStatus.CANCELLED, then=1), default=0), "pk"
        )

    def ever_seated(self) -> "RegistrationQuerySet":
        """A seat now or once: what calendars know of."""
        return self.filter(registered_at__isnull=False)

    def counted(self) -> "models.QuerySet[Registration, int]":
        """How many there are, a number for each session: counting that `Prepared` can do."""
        by_session = self.order_by().values("session").annotate(counted=Count("pk"))
        return by_session.values_list("counted", flat=True)

    def with_position(self) -> "RegistrationQuerySet":
        """Each with `position`: of somebody who waits, how many are served up to and with them."""
        before = (
            self.model._base_manager.filter(  # noqa: SLF001 - Django's documented name
                session=OuterRef("session"),
                status=RegistrationStatus.WAITING,
                place__lte=OuterRef("place"),
            )
            .order_by()
            .values("session")
            .annotate(count=Count("pk"))
            .values("count")
        )
        return self.annotate(position=Coalesce(Subquery(before), 0))

    def of(self, person: "Person") -> "RegistrationQuerySet":
        """The person's seats, whichever of their merged rows holds them."""
        return self.filter(person__in=Person.objects.one_with(person))


class TrainingWishQuerySet(models.QuerySet["TrainingWish"]):
    """Trainings people asked for."""

    def managed_by(self, person: "Person") -> "TrainingWishQuerySet":
        """Those asked of an office `person` coordinates; the administrator has all."""
        if person.is_superuser:
            return self
        held = RoleAssignment.objects.current().filter(person=person, role=Role.COORDINATOR)
        return self.filter(office__in=held.values("organization"))

    def waiting(self) -> "TrainingWishQuerySet":
        """Without an answer, the longest waiting first."""
        return self.filter(state=WishState.NEW).order_by("created_at", "pk")

    def answered(self) -> "TrainingWishQuerySet":
        """Scheduled or declined, the newest answer first."""
        return self.exclude(state=WishState.NEW).order_by("-decided_at", "-pk")
