"""Mailing lists: made, closed, subscribed to and stopped."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.enums import SubscriptionSource, SubscriptionStatus
from events.mailing_models import MailingList, Subscription, address_hash
from lms.core import audit
from lms.core.bounces import normal
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Organization, Person


@transaction.atomic
def make_list(
    *, office: Organization, name: str, about: str, actor: Person, now: datetime | None = None
) -> MailingList:
    """A list one can subscribe to; the same name of the same office is one list."""
    now = now or timezone.now()
    made, new = MailingList.objects.get_or_create(
        office=lock(office),
        name=" ".join(name.split()),
        closed_at=None,
        defaults={"about": " ".join(about.split()), "created_at": now, "created_by": actor},
    )
    if new:
        audit.record("mailing_list.made", made, actor=actor, now=now)
    return made


@transaction.atomic
def close_list(
    *, mailing_list: MailingList, actor: Person, now: datetime | None = None
) -> MailingList:
    """Nobody can subscribe and nothing is sent any more; who stopped stays known as stopped."""
    now = now or timezone.now()
    mailing_list = lock(mailing_list)
    if mailing_list.closed_at is None:
        mailing_list.closed_at = now
        mailing_list.save(update_fields=["closed_at"])
        audit.record("mailing_list.closed", mailing_list, actor=actor, now=now)
    return mailing_list


@transaction.atomic
def subscribe(
    *,
    mailing_list: MailingList,
    email: str,
    name: str = "",
    language: str = settings.LANGUAGE_CODE,
    actor: Person,
    now: datetime | None = None,
) -> Subscription:
    """Put the actor's own address, which they have proved, on the list; twice is once.

    It is the one way back for somebody who had stopped. Raises Refused for a closed list.
    """
    now = now or timezone.now()
    mailing_list = lock(mailing_list)
    if mailing_list.closed_at:
        raise Refused(_("Nothing is sent to this list any more."), code="closed")
    there, new = Subscription.objects.get_or_create(
        mailing_list=mailing_list,
        address_hash=address_hash(email),
        defaults={
            "email": normal(email),
            "name": name,
            "language": language,
            "source": SubscriptionSource.SELF,
            "subscribed_at": now,
        },
    )
    if not new and not there.is_subscribed:
        there.status, there.ended_at = SubscriptionStatus.SUBSCRIBED, None
        there.email, there.name, there.language = normal(email), name, language
        there.source, there.subscribed_at = SubscriptionSource.SELF, now
        there.save()
    elif not new:
        return there
    audit.record("subscription.begun", there, actor=actor, now=now)
    return there


@transaction.atomic
def unsubscribe(
    *, subscription: Subscription, actor: Person | None = None, now: datetime | None = None
) -> Subscription:
    """Write to this address no more, from now on: letters that wait are not sent. Twice is once."""
    now = now or timezone.now()
    subscription = lock(subscription)
    if subscription.is_subscribed:
        subscription.status, subscription.ended_at = SubscriptionStatus.STOPPED, now
        subscription.save(update_fields=["status", "ended_at"])
        audit.record("subscription.stopped", subscription, actor=actor, now=now)
    return subscription


@transaction.atomic
def choose_lists(
    *,
    email: str,
    wanted: Iterable[MailingList],
    shown: Iterable[MailingList],
    language: str,
    actor: Person,
    now: datetime | None = None,
) -> None:
    """Subscribe the actor's own address to those wanted, and stop the others that were shown."""
    chosen = {row.pk: row for row in wanted}
    for row in chosen.values():
        subscribe(
            mailing_list=row,
            email=email,
            name=actor.get_full_name(),
            language=language,
            actor=actor,
            now=now,
        )
    for there in Subscription.objects.live().filter(
        mailing_list__in=[row.pk for row in shown if row.pk not in chosen],
        address_hash=address_hash(email),
    ):
        unsubscribe(subscription=there, actor=actor, now=now)


@transaction.atomic
def forget_subscriptions(*, rows: Sequence[Subscription], now: datetime | None = None) -> int:
    """Take address and name away and stop; the hash of the address stays. Returns how many."""
    now = now or timezone.now()
    for row in rows:
        unsubscribe(subscription=row, now=now)
    return Subscription.objects.filter(pk__in=[row.pk for row in rows]).update(email="", name="")
