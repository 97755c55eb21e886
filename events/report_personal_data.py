"""What attendance reports keep about a person (see lms.core.personal_data)."""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from events.report_models import KnownAddress, ReportRow
from lms.core.personal_data import Holding, register
from lms.people.models import Person


def announce() -> None:
    """Tell the registry; called when the room is ready."""
    register(
        Holding("events.known_addresses", export=_known_addresses, erase=_erase_known_addresses)
    )
    register(Holding("events.attendance_reports", export=_rows, forget=_forget))


def _forget(now: datetime) -> int:
    from events.services.report_forgetting import forget_strangers  # noqa: PLC0415 - needs services

    return forget_strangers(now)


def _known(person: Person) -> QuerySet[KnownAddress]:
    return KnownAddress.objects.filter(person__in=Person.objects.one_with(person))


def _known_addresses(person: Person) -> list[dict[str, Any]]:
    return [
        {
            "email": row.email,
            "learned_at": row.learned_at.isoformat(),
            "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        }
        for row in _known(person)
    ]


def _erase_known_addresses(person: Person) -> int:
    return int(_known(person).delete()[0])


def _rows(person: Person) -> list[dict[str, Any]]:
    """The rows that are theirs by address or by somebody's decision, shared screens included."""
    same = Person.objects.one_with(person)
    linked = Q(person__links__registration__person__in=same)
    addresses = [
        *same.filter(email__isnull=False).values_list("email", flat=True),
        *_known(person).filter(ended_at__isnull=True).values_list("email", flat=True),
    ]
    rows = (
        ReportRow.objects.filter(linked | Q(email__in=addresses))
        .select_related("report__session__training")
        .order_by("report", "number")
        .distinct()
    )
    return [
        {
            "session": row.report.session.name,
            "name": row.name,
            "email": row.email,
            "joined_at": row.joined_at.isoformat() if row.joined_at else None,
            "left_at": row.left_at.isoformat() if row.left_at else None,
        }
        for row in rows
    ]
