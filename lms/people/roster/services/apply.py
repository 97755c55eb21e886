"""Taking over a roster: all of it in one transaction, once, and only as it was looked at."""

from datetime import date, datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core import audit, outbox
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.models import AuditEntry
from lms.core.time import new_york_today
from lms.people import services as people
from lms.people.corrections import Changed, note_corrections
from lms.people.enums import Corrected, Post
from lms.people.models import Employment, EmploymentPeriod, Person
from lms.people.roster.columns import missing
from lms.people.roster.enums import RosterState, RowKind
from lms.people.roster.services.intake import (
    KIND,
    facilities_of,
    plan_roster,
    refuse_unless_ready,
)
from lms.people.roster_models import RosterImport, RosterRow

BATCH = 500
NEW = (RowKind.JOINER, RowKind.REHIRE, RowKind.PAST)


@transaction.atomic
def confirm_roster(
    *,
    roster: RosterImport,
    seen: dict[str, int],
    leavers_checked: bool = False,
    actor: Person,
    now: datetime | None = None,
) -> RosterImport:
    """Say yes to what the page showed, `seen` (rows by kind); a worker takes it over.

    Confirming again changes nothing. Raises Refused when the list comes to something else by now,
    has nothing to take over, or would end more than half of the employments unchecked.
    """
    roster = lock(roster)
    if roster.state in (RosterState.APPLYING, RosterState.APPLIED):
        return roster
    refuse_unless_ready(roster)
    if seen != roster.counts:
        raise Refused(_("The list has changed since you looked. Look again."), code="changed")
    if missing(roster.columns) or not any(roster.counts.get(kind) for kind in RowKind.doing()):
        raise Refused(_("There is nothing to take over."), code="nothing")
    if roster.is_complete and roster.counts.get(RowKind.PROBLEM):
        raise Refused(
            _(
                "Settle the rows that need a look first, or leave them out: in a complete list "
                "nobody may be missing by mistake."
            ),
            code="problems_left",
        )
    if ends_many(roster) and not leavers_checked:
        raise Refused(
            _("This list ends more than half of the employments. Tick that you have checked it."),
            code="many_leavers",
        )
    roster.state, roster.applied_by, roster.said = RosterState.APPLYING, actor, ""
    roster.save(update_fields=["state", "applied_by", "said"])
    audit.record("roster.confirmed", roster, actor=actor, now=now)
    tries = AuditEntry.objects.filter(
        action="roster.confirmed", object_type="people.rosterimport", object_id=str(roster.pk)
    ).count()
    outbox.enqueue(
        kind=KIND, key=f"roster:{roster.pk}:apply:{tries}", payload={"roster": roster.pk}
    )
    return roster


def ends_many(roster: RosterImport) -> bool:
    """Whether more than half of those who work there would be gone: a sign of a wrong file."""
    leaving = roster.counts.get(RowKind.LEAVER, 0)
    if leaving < 5:
        return False
    working = Employment.objects.filter(
        organization__in=facilities_of(roster.organization), ended_on__isnull=True
    ).count()
    return leaving * 2 > working


def apply_roster(*, roster: RosterImport, now: datetime | None = None) -> RosterImport:
    """Take over a confirmed list, all or nothing; a second time changes nothing.

    Where the record has changed since the list was looked at, nothing is done and the list waits
    to be looked at again, with a sentence that says so.
    """
    try:
        with transaction.atomic():
            return _apply(lock(roster), now or timezone.now())
    except Refused as refusal:
        words = str(refusal)
    except IntegrityError:
        words = _("Somebody else changed these employees just now. Nothing was taken over.")
    with transaction.atomic():
        roster = lock(roster)
        if roster.state == RosterState.APPLYING:
            plan_roster(roster=roster, now=now)
            roster.said, roster.applied_by = words, None
            roster.save(update_fields=["said", "applied_by"])
    return roster


def _apply(roster: RosterImport, now: datetime) -> RosterImport:
    if roster.state != RosterState.APPLYING:
        return roster
    actor = roster.applied_by
    for facility in sorted(facilities_of(roster.organization), key=lambda place: place.pk):
        lock(facility)
    if changed := plan_roster(roster=roster, now=now):
        raise Refused(
            _(
                "The record has changed since you looked: %(count)s rows come to something else. "
                "Nothing was taken over. Look again, then confirm."
            )
            % {"count": changed},
            code="changed",
        )
    rows = list(
        roster.rows.filter(kind__in=RowKind.doing()).select_related(
            "employment__person__canonical_person"
        )
    )
    _bring_in([row for row in rows if row.kind in NEW], actor=actor, now=now)
    for row in rows:
        if row.kind == RowKind.LEAVER:
            _end(row, actor=actor, now=now)
        elif row.kind == RowKind.CHANGE:
            _change(row, actor=actor, now=now)
    RosterRow.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=["person", "employment", "before"],
        batch_size=BATCH,
    )
    roster.state, roster.applied_at = RosterState.APPLIED, now
    roster.save(update_fields=["state", "applied_at"])
    audit.record("roster.applied", roster, actor=actor, now=now, rows=roster.counts)
    if roster.file:
        file, roster.file = roster.file, ""
        roster.save(update_fields=["file"])
        transaction.on_commit(lambda: file.storage.delete(file.name or ""))
    return roster


def _bring_in(rows: list[RosterRow], *, actor: Person | None, now: datetime) -> None:
    """New people and employments, as `services.hire` makes them, many at once."""
    no_password = make_password(None)
    people_by_key: dict[Any, Person] = {}
    for row in rows:
        if row.person_id:
            continue
        key = _person_key(row)
        if key not in people_by_key:
            values = row.values
            people_by_key[key] = Person(
                email=values["email"] or None,
                first_name=values["first_name"],
                last_name=values["last_name"],
                preferred_language=values["language"] or "en",
                password=no_password,
                date_joined=now,
            )
    created = list(people_by_key.values())
    Person.objects.bulk_create(created, batch_size=BATCH)
    employments = []
    for row in rows:
        is_new = row.person_id is None
        if is_new:
            row.person = people_by_key[_person_key(row)]
        assert row.person_id and row.facility_id  # noqa: S101, PT018 - planned so
        values = row.values
        employment = Employment(
            person_id=row.person_id,
            organization_id=row.facility_id,
            number=values["number"],
            started_on=date.fromisoformat(values["started_on"]),
            ended_on=date.fromisoformat(values["ended_on"]) if values["ended_on"] else None,
            sent_by=values["sent_by"],
            recorded_at=now,
        )
        row.before = {"new_person": is_new}
        employments.append(employment)
    Employment.objects.bulk_create(employments, batch_size=BATCH)
    periods = []
    for row, employment in zip(rows, employments, strict=True):
        row.employment = employment
        values = row.values
        periods.append(
            EmploymentPeriod(
                employment=employment,
                post=values["post"],
                guest_contact=values["contact"],
                no_contact_reason="" if values["contact"] else values["reason"],
                starts_on=employment.started_on,
                ends_on=employment.ended_on,
                recorded_at=now,
            )
        )
    EmploymentPeriod.objects.bulk_create(periods, batch_size=BATCH)
    entries = [_entry("person.created", person, actor, now) for person in created]
    for employment, period in zip(employments, periods, strict=True):
        entries.append(
            _entry("employment.started", employment, actor, now, post=period.post, via="roster")
        )
        if employment.ended_on:
            entries.append(
                _entry(
                    "employment.ended", employment, actor, now, ended_on=str(employment.ended_on)
                )
            )
    AuditEntry.objects.bulk_create(entries, batch_size=BATCH)


def _entry(action: str, row: Any, actor: Person | None, now: datetime, **data: Any) -> AuditEntry:
    """As `audit.record`, for many at once."""
    return AuditEntry(
        at=now,
        actor=actor,
        action=action,
        object_type=row._meta.label_lower,  # noqa: SLF001 - Django's documented name
        object_id=str(row.pk),
        data=data,
    )


def _person_key(row: RosterRow) -> Any:
    """Rows with one address are one person; without one, those with one number and name."""
    values = row.values
    if values["email"]:
        return values["email"]
    name = (values["first_name"].casefold(), values["last_name"].casefold())
    return (name, values["number"]) if values["number"] else (name, row.pk)


def _end(row: RosterRow, *, actor: Person | None, now: datetime) -> None:
    assert row.employment is not None  # noqa: S101 - planned so
    row.before = {"ended_on": None}
    people.end_employment(
        employment=row.employment,
        ended_on=date.fromisoformat(row.changes["ended_on"]),
        actor=actor,
        now=now,
    )


def _change(row: RosterRow, *, actor: Person | None, now: datetime) -> None:
    employment, changes, before = row.employment, row.changes, {}
    assert employment is not None  # noqa: S101 - planned so
    if post := changes.get("post"):
        period = people.change_post(
            employment=employment,
            post=Post(post["post"]),
            guest_contact=post["contact"],
            no_contact_reason=post["reason"],
            starts_on=new_york_today(now),
            actor=actor,
            now=now,
        )
        before["period"] = period.pk
    before |= _correct(row, actor=actor, now=now)
    if email := changes.get("email"):
        person = employment.person.canonical
        person.email = email
        person.save(update_fields=["email"])
        before["email"] = email
        audit.record("person.changed", person, actor=actor, now=now, fields=["email"])
    row.before = before


def _correct(row: RosterRow, *, actor: Person | None, now: datetime) -> dict[str, Any]:
    """Take over number and agency, with a row that says what they were; what they were before."""
    employment = row.employment
    changed: Changed = {}
    assert employment is not None  # noqa: S101 - planned so
    for kind in (Corrected.NUMBER, Corrected.SENT_BY):
        if new := row.changes.get(kind):
            changed[kind] = ({str(kind): getattr(employment, kind)}, {str(kind): new[kind]})
            setattr(employment, kind, new[kind])
    if changed:
        employment.save(update_fields=[str(kind) for kind in changed])
        note_corrections(
            employment=employment,
            changed=changed,
            reason=_("From the list %(file)s") % {"file": row.roster.name},
            actor=actor,
            now=now,
        )
    return {str(kind): was[kind] for kind, (was, _became) in changed.items()}
