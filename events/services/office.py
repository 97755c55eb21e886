"""People whom the office registers: after registration closed, one by one or from a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import models, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as later

from events.models import Registration, Session
from events.permissions import why_full
from events.services import seats
from events.services.registrations import register
from lms.core import audit
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.people.people_list import Line
from lms.people.services import ensure_person


class GroupOutcome(models.TextChoices):
    """What comes of a line of the list."""

    SEAT = "seat", later("Registered")
    WAITING = "waiting", later("On the waiting list")
    KNOWN = "known", later("Was there already")
    WRONG = "wrong", later("Not registered")


@dataclass(frozen=True)
class GroupRow:
    """A line with what came of it; `reason` says why nothing did."""

    line: Line
    outcome: GroupOutcome
    reason: str = ""


@transaction.atomic
def register_group(
    *,
    session: Session,
    lines: Sequence[Line],
    add_seats: bool,
    actor: Person | None,
    dry_run: bool = False,
    now: datetime | None = None,
) -> list[GroupRow]:
    """Give a seat to everybody on the list, or a place on the waiting list when there is none.

    People are found by their address, or made; each is told by mail as if they had registered. The
    registration window is for people themselves and does not bind the office. With `add_seats` the
    session gets as many seats as it lacks. A line that cannot be read or done is left out with its
    reason. With `dry_run` everything is found out and taken back. Raises Refused once the session
    began or was cancelled.
    """
    now = now or timezone.now()
    locked = seats.lock_session(session)
    seats.refuse_once_begun(locked, now)
    rows = [
        GroupRow(line, GroupOutcome.WRONG, line.problem)
        if line.problem
        else _row(locked, line, add_seats=add_seats, actor=actor, now=now)
        for line in lines
    ]
    if dry_run:
        transaction.set_rollback(True)
    return rows


def _row(
    session: Session, line: Line, *, add_seats: bool, actor: Person | None, now: datetime
) -> GroupRow:
    try:
        with transaction.atomic():
            person = ensure_person(
                email=line.email,
                first_name=line.first_name,
                last_name=line.last_name,
                actor=actor,
                now=now,
            )
            known = seats.seat_of(session, person.canonical)
            if known and (known.is_live or known.is_waiting):
                return GroupRow(line, GroupOutcome.KNOWN)
            if add_seats and not (known and known.is_offered):
                _make_room(session, actor=actor, now=now)
            seat = register(
                session=session,
                person=person,
                actor=actor,
                wait_if_full=True,
                by_office=True,
                own_seat=add_seats,
                now=now,
            )
    except Refused as refusal:
        return GroupRow(line, GroupOutcome.WRONG, str(refusal))
    return GroupRow(line, _outcome(seat))


def _outcome(seat: Registration) -> GroupOutcome:
    return GroupOutcome.SEAT if seat.is_live else GroupOutcome.WAITING


def _make_room(session: Session, *, actor: Person | None, now: datetime) -> None:
    """One seat more where all are taken or on offer; those who wait lose nothing by it."""
    if why_full(session, session.registrations.holding().count()) is None:
        return
    session.capacity = F("capacity") + 1
    session.updated_at = now
    session.save(update_fields=["capacity", "updated_at"])
    session.refresh_from_db(fields=["capacity"])
    audit.record("session.changed", session, actor=actor, now=now, fields=["capacity"])
