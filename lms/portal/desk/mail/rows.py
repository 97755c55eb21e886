"""What of the undelivered mail a coordinator may see: that of people of their offices."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from events.mailing_models import MailingList, Subscription
from lms.completions import exporting
from lms.core.models import Bounce, OutboxMessage
from lms.people.models import Person
from lms.portal.desk.hand import Hand
from lms.portal.desk.people.reach import offices_of, people_in_reach

# What failed longer ago is looked up, not waited for.
LOOKED_BACK = timedelta(days=30)
MOST = 2000


def addresses_in_reach(actor: Person, addresses: Iterable[str]) -> set[str]:
    """Those of the addresses that belong to people or mailing lists of the actor's offices."""
    asked = {address for address in addresses if address}
    if actor.is_superuser or not asked:
        return asked
    lists = Subscription.objects.filter(
        email__in=asked, mailing_list__in=MailingList.objects.managed_by(actor)
    )
    subscribed = set(lists.values_list("email", flat=True))
    # By number first, so that few addresses never mean looking at everybody.
    people = list(Person.objects.filter(email__in=asked).values_list("pk", flat=True))
    found = people_in_reach(actor).filter(pk__in=people) if people else Person.objects.none()
    return subscribed | {address for address in found.values_list("email", flat=True) if address}


def bounces_of(actor: Person) -> "QuerySet[Bounce]":
    """Addresses of the actor's people that take no mail now, the newest first."""
    standing = Bounce.objects.filter(cleared_at__isnull=True)
    if actor.is_superuser:
        return standing
    addresses = addresses_in_reach(actor, standing.values_list("address", flat=True)[:MOST])
    return standing.filter(address__in=addresses)


def undelivered_of(actor: Person, *, since: datetime | None = None) -> "QuerySet[OutboxMessage]":
    """Messages to the actor's people that failed or are held, the newest first."""
    states = [OutboxMessage.State.FAILED, OutboxMessage.State.HELD]
    found = OutboxMessage.objects.filter(state__in=states).order_by("-created_at", "-id")
    if since:
        found = found.filter(created_at__gte=since)
    if actor.is_superuser:
        return found
    addresses = addresses_in_reach(actor, found.values_list("payload__to", flat=True)[:MOST])
    return found.filter(payload__to__in=sorted(addresses))


def mail_hands(actor: Person, now: datetime) -> list[Hand]:
    """Addresses that bounced, and messages that did not arrive."""
    found = []
    bounced = bounces_of(actor).count()
    if bounced:
        found.append(
            Hand(
                title=ngettext(
                    "%(count)d address takes no mail", "%(count)d addresses take no mail", bounced
                )
                % {"count": bounced},
                text=_("Nothing is sent there until the person confirms it anew."),
                url=reverse("desk_mail:bounces"),
                label=_("Look at them"),
            )
        )
    failed = undelivered_of(actor, since=now - LOOKED_BACK).count()
    if failed:
        found.append(
            Hand(
                title=ngettext(
                    "%(count)d message could not be delivered",
                    "%(count)d messages could not be delivered",
                    failed,
                )
                % {"count": failed},
                text=_("In the last 30 days. The reasons are with the messages."),
                url=reverse("desk:undelivered"),
                label=_("Look at them"),
            )
        )
    return found


def unsent_hands(actor: Person) -> list[Hand]:
    """Completions that another system was not sent yet; only systems that were sent some."""
    return [
        Hand(
            title=ngettext(
                "%(count)d completion was not sent to %(system)s yet",
                "%(count)d completions were not sent to %(system)s yet",
                unsent.count,
            )
            % {"count": unsent.count, "system": unsent.system},
            text=unsent.office.label,
            url=reverse("desk_records:export"),
            label=_("Send them"),
        )
        for unsent in exporting.unsent(offices_of(actor))
    ]
