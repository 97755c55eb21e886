"""Mailing lists of an office: who asked to hear of new dates, and what was sent to them.

Who stopped stays on the list as stopped, so that no import ever writes to them again; when their
data are erased, the hash of the address is what remains of them (docs/decisions/0033).
"""

import hashlib

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from events.enums import SubscriptionSource, SubscriptionStatus
from events.mailing_querysets import MailingListQuerySet, SubscriptionQuerySet
from lms.core.bounces import normal
from lms.people.models import Organization


def address_hash(address: str) -> str:
    """What an address is known by, also when the address itself is gone."""
    return hashlib.sha256(normal(address).encode()).hexdigest()


class MailingList(models.Model):
    """What one can subscribe to: an office's new dates about something."""

    office = models.ForeignKey(
        Organization, verbose_name=_("office"), on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("what it is about"), max_length=100)
    about = models.CharField(
        _("what people get, and how often"),
        max_length=300,
        help_text=_("Everybody who subscribes reads it before."),
    )
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = MailingListQuerySet.as_manager()

    class Meta:
        ordering = ["office__name", "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["office", "name"],
                condition=Q(closed_at__isnull=True),
                name="events_mailing_list_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Subscription(models.Model):
    """An address on a list, or one that stopped. `email` is empty once erased."""

    mailing_list = models.ForeignKey(
        MailingList, on_delete=models.PROTECT, related_name="subscriptions"
    )
    address_hash = models.CharField(max_length=64)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    status = models.CharField(
        max_length=12, choices=SubscriptionStatus.choices, default=SubscriptionStatus.SUBSCRIBED
    )
    source = models.CharField(max_length=8, choices=SubscriptionSource.choices)
    subscribed_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["email", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["mailing_list", "address_hash"], name="events_subscription_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=SubscriptionStatus.values),
                name="events_subscription_status_known",
            ),
            models.CheckConstraint(
                condition=Q(source__in=SubscriptionSource.values),
                name="events_subscription_source_known",
            ),
            models.CheckConstraint(
                condition=Q(status=SubscriptionStatus.STOPPED, ended_at__isnull=False)
                | (Q(status=SubscriptionStatus.SUBSCRIBED, ended_at__isnull=True) & ~Q(email="")),
                name="events_subscription_ended_at_iff_stopped",
            ),
        ]
        indexes = [models.Index(fields=["address_hash"], name="events_subscription_address")]

    def __str__(self) -> str:
        return f"subscription {self.pk}"

    @property
    def is_subscribed(self) -> bool:
        return self.status == SubscriptionStatus.SUBSCRIBED


class MailingImport(models.Model):
    """A table of subscribers being looked at. Its rows go when it is done, or after a day."""

    mailing_list = models.ForeignKey(MailingList, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField(max_length=200)
    # [[number in the file, [cell, ...]], ...]; the first one is the heading.
    rows = models.JSONField(default=list)
    columns = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.name


class Announcement(models.Model):
    """What was sent to a list, as it was sent. Never changed. `sessions`: the dates it names."""

    mailing_list = models.ForeignKey(
        MailingList, on_delete=models.PROTECT, related_name="announcements"
    )
    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(_("text"), max_length=3000)
    sessions = ArrayField(models.BigIntegerField(), default=list, blank=True)
    people = models.PositiveIntegerField(_("people"))
    sent_at = models.DateTimeField(default=timezone.now)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["-sent_at", "-id"]

    def __str__(self) -> str:
        return self.subject
