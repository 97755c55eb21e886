"""Adjectives for mailing lists and who is on them."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Count, Q

from events.enums import SubscriptionStatus
from lms.people.enums import Role
from lms.people.models import Person, RoleAssignment

if TYPE_CHECKING:
    # Named in strings below, which the linter does not read.
    from events.mailing_models import MailingList, Subscription  # noqa: F401


class MailingListQuerySet(models.QuerySet["MailingList"]):
    """Lists; that they are there is public, who is on them is their office's."""

    def open(self) -> "MailingListQuerySet":
        """Those one can subscribe to."""
        return self.filter(closed_at__isnull=True)

    def managed_by(self, person: Person) -> "MailingListQuerySet":
        """Lists of an office `person` coordinates; the administrator has all."""
        if person.is_superuser:
            return self
        held = RoleAssignment.objects.current().filter(person=person, role=Role.COORDINATOR)
        return self.filter(office__in=held.values("organization"))

    def with_people(self) -> "MailingListQuerySet":
        """Each with `people`: how many are subscribed."""
        live = Q(subscriptions__status=SubscriptionStatus.SUBSCRIBED)
        return self.annotate(people=Count("subscriptions", filter=live))


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    """Addresses on lists, and those that stopped."""

    def live(self) -> "SubscriptionQuerySet":
        """Those who are written to."""
        return self.filter(status=SubscriptionStatus.SUBSCRIBED)
