"""Mailing lists a person is on (see lms.core.personal_data)."""

from typing import Any

from events.mailing_models import MailingImport, Subscription, address_hash
from events.services.mailing import forget_subscriptions
from events.services.mailing_imports import forget_rows
from lms.core.bounces import normal
from lms.core.personal_data import Holding, register
from lms.people.models import Person
from lms.trainings.access import verified_addresses


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    register(Holding("events.subscriptions", export=_subscriptions, erase=_erase))
    register(Holding("events.mailing_imports", export=_imports, forget=forget_rows))


def _addresses(person: Person) -> set[str]:
    own = Person.objects.one_with(person).values_list("email", flat=True)
    return {normal(address) for address in [*verified_addresses(person), *own] if address}


def _rows(person: Person) -> list[Subscription]:
    hashes = [address_hash(address) for address in _addresses(person)]
    found = Subscription.objects.filter(address_hash__in=hashes).order_by("pk")
    return list(found.select_related("mailing_list__office"))


def _subscriptions(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "list": str(row.mailing_list),
            "office": row.mailing_list.office.name,
            "address": row.email,
            "name": row.name,
            "how": row.source,
            "since": row.subscribed_at,
            "stopped_at": row.ended_at,
        }
        for row in _rows(person)
    ]


def _erase(person: Person) -> int:
    """Address and name go; that this address wants no mail stays, as a hash."""
    return forget_subscriptions(rows=_rows(person))


def _imports(person: Person) -> list[dict[str, Any]]:
    """Rows of files that wait to be looked at, for a day at most."""
    addresses = _addresses(person)
    return [
        {"file": imported.name, "row": cells}
        for imported in MailingImport.objects.exclude(rows=[]).order_by("pk")
        for _number, cells in imported.rows
        if addresses & {normal(cell) for cell in cells}
    ]
