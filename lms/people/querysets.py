"""Adjectives for people's rows."""

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from lms.people.models import (  # noqa: F401
        Employment,
        Organization,
        Person,
        RoleAssignment,
    )


class PersonQuerySet(models.QuerySet["Person"]):
    """People; `canonical()` leaves out rows that were merged into another, and guests."""

    def canonical(self) -> "PersonQuerySet":
        return self.filter(canonical_person__isnull=True, guest_since__isnull=True)

    def guests(self) -> "PersonQuerySet":
        """Browsers that take a course without an account."""
        return self.filter(guest_since__isnull=False)

    def one_with(self, person: "Person") -> "PersonQuerySet":
        """The person's own row and those merged into it (DESIGN 4.9).

        For `filter(person__in=...)`: an "or" across the join would read every row there ever was.
        """
        canonical = person.canonical_person_id or person.pk
        return self.filter(Q(pk=canonical) | Q(canonical_person=canonical))

    def matching(self, words: str) -> "PersonQuerySet":
        """People whose name or address contains each of the words, accents and case aside."""
        from lms.people.fields import fold  # noqa: PLC0415 - fields import nothing of ours

        found = self
        for word in fold(words).split():
            found = found.filter(Q(search_name__contains=word) | Q(email__contains=word))
        return found


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations, by kind and by who may see them."""

    def facilities(self) -> "OrganizationQuerySet":
        """Facilities, without those that turned out to be another one."""
        return self.filter(kind="facility", canonical_organization__isnull=True)

    def one_place(self, facility: "Organization | int") -> "OrganizationQuerySet":
        """The facility and those that turned out to be it: for facts that are never rewritten."""
        pk = facility if isinstance(facility, int) else facility.pk
        return self.filter(Q(pk=pk) | Q(canonical_organization=pk))

    def offices(self) -> "OrganizationQuerySet":
        return self.filter(kind="office")

    def speaking_for_state(self) -> "OrganizationQuerySet":
        """The offices that speak for the state: as a rule one."""
        return self.filter(speaks_for_state_since__isnull=False)

    def with_role(self, person: "Person", *roles: str) -> "OrganizationQuerySet":
        """Where `person` holds one of `roles` today; a company's manager has its facilities too."""
        from lms.people.models import RoleAssignment  # noqa: PLC0415 - models import this module

        held = RoleAssignment.objects.current().filter(person=person, role__in=roles)
        return self.filter(
            Q(pk__in=held.values("organization")) | Q(parent__in=held.values("organization"))
        )


class RoleAssignmentQuerySet(models.QuerySet["RoleAssignment"]):
    """Roles people hold."""

    def current(self) -> "RoleAssignmentQuerySet":
        return self.filter(ended_at__isnull=True)


class EmploymentQuerySet(models.QuerySet["Employment"]):
    """Employments as dated facts."""

    def of(self, person: "Person") -> "EmploymentQuerySet":
        """The person's, whichever of their merged rows holds them."""
        from lms.people.models import Person  # noqa: PLC0415 - models import this module

        return self.filter(person__in=Person.objects.one_with(person))

    def on(self, day: date) -> "EmploymentQuerySet":
        """Employed on `day` (a New York calendar day)."""
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=day), started_on__lte=day)

    def kept(self) -> "EmploymentQuerySet":
        """Those whose employer still keeps its record of them."""
        return self.filter(released_at__isnull=True)

    def ended_before(self, day: date) -> "EmploymentQuerySet":
        return self.filter(ended_on__lt=day)
