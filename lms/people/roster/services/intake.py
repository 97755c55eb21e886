"""Taking in a roster: the file is kept, read by a worker, and every row is planned."""

import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lms.core import audit, outbox
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.table_files import check_table_file, read_table
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Post
from lms.people.fields import fold
from lms.people.models import Organization, Person
from lms.people.roster.columns import Column, find_header, guess, missing
from lms.people.roster.days import DAY_FIRST, MONTH_FIRST
from lms.people.roster.enums import RosterState, RowKind
from lms.people.roster.plan import Facts, Outcome, Planner
from lms.people.roster.rows import Read, Reading
from lms.people.roster.words import post_of, yes_or_no
from lms.people.roster_models import RosterImport, RosterLayout, RosterRow

logger = logging.getLogger("lms.roster")

KIND = "people.roster"
MAX_ROWS = 20_000
AT_ONCE = 1_000
# Undoing is for a day, and a list left lying is old after two weeks.
FORGET_APPLIED = timedelta(days=2)
FORGET_LYING = timedelta(days=14)
GIVEN = {"number", "first_name", "last_name", "email", "post", "contact", "reason", "started_on",
         "ended_on", "place", "same_as", "skip"}  # fmt: skip


@transaction.atomic
def import_roster(
    *,
    organization: Organization,
    content: bytes,
    name: str,
    is_complete: bool,
    left_on: date,
    past_since: date,
    language: str,
    actor: Person,
    now: datetime | None = None,
) -> RosterImport:
    """Keep an uploaded list and ask a worker to read it; nothing of the record changes.

    `is_complete` says that whoever is missing has left, on `left_on`; who left before `past_since`
    is not taken over. Raises Refused for a file that cannot be a list, and for an organization that
    is neither a facility nor a company.
    """
    if organization.kind not in (OrganizationKind.FACILITY, OrganizationKind.COMPANY):
        raise Refused(_("Only lodging facilities have rosters here."), code="not_a_facility")
    check_table_file(name, len(content), content[:4096])
    roster = RosterImport(
        organization=organization,
        uploaded_by=actor,
        uploaded_at=now or timezone.now(),
        name=name[-200:],
        language=language,
        is_complete=is_complete,
        left_on=left_on,
        past_since=past_since,
    )
    ending = name.lower().rpartition(".")[2]
    roster.file.save(f"{organization.key}.{ending}", ContentFile(content), save=False)
    roster.save()
    audit.record("roster.uploaded", roster, actor=actor, now=now, organization=organization.pk)
    outbox.enqueue(kind=KIND, key=f"roster:{roster.pk}:read", payload={"roster": roster.pk})
    return roster


def work_on_roster(payload: dict[str, Any]) -> None:
    """The outbox's handler: read a list that waits, or take over one that was confirmed."""
    from lms.people.roster.services.apply import apply_roster  # noqa: PLC0415 - it imports this

    roster = RosterImport.objects.select_related("organization").get(pk=payload["roster"])
    with translation.override(roster.language):
        if roster.state in (RosterState.WAITING, RosterState.READING):
            read_roster(roster=roster)
        elif roster.state == RosterState.APPLYING:
            apply_roster(roster=roster)


def read_roster(*, roster: RosterImport) -> RosterImport:
    """Read the file into rows and plan each. In several transactions, so that progress shows;
    begun again after a killed worker it starts anew. A file that cannot be read says why.
    """
    roster.rows.all().delete()
    roster.state, roster.rows_done, roster.said = RosterState.READING, 0, ""
    roster.save(update_fields=["state", "rows_done", "said"])
    try:
        with roster.file.open("rb") as file:
            table = read_table(file.read(), roster.name, max_rows=MAX_ROWS)
        place = find_header(table)
        layout = RosterLayout.objects.filter(organization=roster.organization).first()
        roster.header = table[place][1]
        roster.columns = guess(roster.header, layout.columns if layout else {})
        roster.day_order = layout.day_order if layout else ""
        roster.titles = dict(layout.titles) if layout else {}
        rows = table[place + 1 :]
        roster.rows_total = len(rows)
        roster.save(update_fields=["header", "columns", "day_order", "titles", "rows_total"])
        new = [RosterRow(roster=roster, line=number, cells=cells) for number, cells in rows]
        _learn_places(roster, layout, new)
        _plan_rows(roster, new)
        for start in range(0, len(new), AT_ONCE):
            RosterRow.objects.bulk_create(new[start : start + AT_ONCE])
            roster.rows_done = min(start + AT_ONCE, len(new))
            roster.save(update_fields=["rows_done"])
        plan_roster(roster=roster)
    except Refused as refusal:
        _failed(roster, str(refusal))
    except Exception:
        logger.exception("Roster %s could not be read", roster.pk)
        _failed(roster, _("The file could not be read. Save it as .csv and try again, please."))
    return roster


def _failed(roster: RosterImport, words: str) -> None:
    roster.rows.all().delete()
    roster.file.delete(save=False)
    roster.state, roster.said, roster.file = RosterState.FAILED, words, ""
    roster.save(update_fields=["state", "said", "file"])


def _learn_places(roster: RosterImport, layout: RosterLayout | None, rows: list[RosterRow]) -> None:
    """How the list calls the facilities: by name, short name or key, or as was said before."""
    known = dict(layout.places) if layout else {}
    for facility in facilities_of(roster.organization):
        for name in (facility.name, facility.short_name, facility.key):
            if name:
                known[fold(name)] = facility.pk
    if roster.organization.kind == OrganizationKind.FACILITY:
        place = roster.columns.get(Column.PLACE)
        texts = {
            fold(row.cells[place]) for row in rows
            if place is not None and place < len(row.cells)
        }  # fmt: skip
        # A column that never names this facility speaks another language than we do.
        known = known if texts & set(known) else {}
    roster.places = known
    roster.save(update_fields=["places"])


def facilities_of(organization: Organization) -> list[Organization]:
    """The facility itself, or those of the company."""
    if organization.kind == OrganizationKind.FACILITY:
        return [organization]
    return list(Organization.objects.facilities().filter(parent=organization))


@transaction.atomic
def plan_roster(*, roster: RosterImport, now: datetime | None = None) -> int:
    """Work out anew what each row comes to; returns how many rows come to something else."""
    rows = list(roster.rows.filter(line__isnull=False).order_by("line"))
    planner, changed = _plan_rows(roster, rows, now)
    _write(changed)
    count = len(changed)
    if not missing(roster.columns):
        count += _plan_missing(roster, planner)
    roster.counts = dict(Counter(roster.rows.values_list("kind", flat=True)))
    roster.state = RosterState.READY
    roster.save(update_fields=["counts", "state", "titles"])
    return count


def _plan_rows(
    roster: RosterImport, rows: list[RosterRow], now: datetime | None = None
) -> tuple[Planner, list[RosterRow]]:
    """Plan the rows and say which of them changed; writes nothing."""
    today = new_york_today(now)
    reading = Reading(
        columns=roster.columns, day_order=roster.day_order, titles=roster.titles, today=today
    )
    _learn_titles(roster, [row for row in rows if row.given or not reading.is_nobody(row.cells)])
    reading = replace(reading, titles=roster.titles)
    reads = [reading.read(row.cells, row.given) for row in rows]
    is_facility = roster.organization.kind == OrganizationKind.FACILITY
    planner = Planner(
        Facts.load(
            facilities_of(roster.organization),
            {read.email for read in reads if read and read.email},
        ),
        facility=roster.organization if is_facility else None,
        places=roster.places,
        today=today,
        past_since=roster.past_since,
    )
    changed = [
        row
        for row, read in zip(rows, reads, strict=True)
        if _take(row, read, planner.look(row.line or 0, read))
    ]
    return planner, changed


def _write(rows: list[RosterRow]) -> None:
    """Update what was computed, many rows at once: bulk_update takes minutes for 10,000."""
    RosterRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=_COMPUTED, batch_size=500
    )


_COMPUTED = ["values", "kind", "problems", "notes", "changes", "facility", "person", "employment"]


def _take(row: RosterRow, read: Read | None, outcome: Outcome) -> bool:
    """Write what a row comes to on it; whether that is something else than before."""
    after = {
        "values": read.stored() if read else {},
        "kind": outcome.kind.value,
        "problems": outcome.problems,
        "notes": outcome.notes,
        "changes": outcome.changes,
        "facility_id": outcome.facility,
        "person_id": outcome.person,
        "employment_id": outcome.employment,
    }
    different = {name: value for name, value in after.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def _plan_missing(roster: RosterImport, planner: Planner) -> int:
    """In a complete list, whoever is in no row has left; each can be kept by hand."""
    there = {row.employment_id: row for row in roster.rows.filter(line__isnull=True)}
    absent = {row.pk: row for row in planner.absent()} if roster.is_complete else {}
    gone = [row.pk for key, row in there.items() if key not in absent]
    RosterRow.objects.filter(pk__in=gone).delete()
    new: list[RosterRow] = []
    changed: list[RosterRow] = []
    for key, employment in absent.items():
        row = there.get(key) or RosterRow(roster=roster, employment=employment)
        day = str(row.given.get("ended_on") or max(roster.left_on, employment.started_on))
        outcome = Outcome(
            kind=RowKind.LEAVER,
            changes={"ended_on": day},
            facility=employment.organization_id,
            person=employment.person_id,
            employment=key,
            notes=[{"code": "missing"}],
        )
        if row.given.get("skip"):
            outcome.kind, outcome.changes = RowKind.SKIPPED, {}
            outcome.notes = [{"code": "kept"}]
        read = Read(
            number=employment.number,
            first_name=employment.person.first_name,
            last_name=employment.person.last_name,
            started_on=employment.started_on.isoformat(),
            ended_on=day,
        )
        if _take(row, read, outcome):
            (changed if row.pk else new).append(row)
    RosterRow.objects.bulk_create(new)
    _write(changed)
    return len(gone) + len(new) + len(changed)


def _learn_titles(roster: RosterImport, rows: list[RosterRow]) -> None:
    """The list's job titles with the post each most likely means, and whether one must be asked."""
    title, contact = roster.columns.get(Column.TITLE), roster.columns.get(Column.CONTACT)
    counts: Counter[str] = Counter()
    asks: set[str] = set()
    labels: dict[str, str] = {}
    for row in rows:
        text = row.cells[title] if title is not None and title < len(row.cells) else ""
        key = fold(text)
        counts[key] += 1
        labels.setdefault(key, text)
        said = row.cells[contact] if contact is not None and contact < len(row.cells) else ""
        if yes_or_no(said) is not True and "contact" not in row.given:
            asks.add(key)
    titles: dict[str, Any] = {}
    for key, count in counts.most_common():
        known = roster.titles.get(key, {})
        titles[key] = {
            "label": labels[key],
            "post": known.get("post") or post_of(labels[key]).value,
            "contact": known.get("contact"),
            "reason": known.get("reason", ""),
            "count": count,
            "ask": key in asks,
        }
    roster.titles = titles


def refuse_unless_ready(roster: RosterImport) -> None:
    """Only a list that was read and not yet taken over can be worked on."""
    if roster.state != RosterState.READY:
        raise Refused(
            _("This list is not open for changes now: %(state)s. Look at it again.")
            % {"state": RosterState(roster.state).label},
            code="not_ready",
        )


@transaction.atomic
def fix_row(
    *, row: RosterRow, given: Mapping[str, Any], actor: Person, now: datetime | None = None
) -> RosterRow:
    """Type for a row what the file should have said, or leave it out; all rows are planned anew."""
    roster = lock(row.roster)
    refuse_unless_ready(roster)
    row.given = {**row.given, **{name: given[name] for name in given if name in GIVEN}}
    row.save(update_fields=["given"])
    audit.record("roster.row_fixed", roster, actor=actor, now=now, line=row.line)
    plan_roster(roster=roster, now=now)
    row.refresh_from_db()
    return row


@transaction.atomic
def answer_questions(
    *,
    roster: RosterImport,
    columns: Mapping[str, int] | None = None,
    day_order: str | None = None,
    titles: Mapping[str, Mapping[str, Any]] | None = None,
    places: Mapping[str, int] | None = None,
    is_complete: bool | None = None,
    left_on: date | None = None,
    actor: Person,
    now: datetime | None = None,
) -> RosterImport:
    """Answer what is asked once for the whole list; what is not given stays. Plans all rows anew.

    Answers are remembered for the organization's next list. Raises Refused where the columns lack
    a name or the day of hire, or a title without guest contact has no reason.
    """
    roster = lock(roster)
    refuse_unless_ready(roster)
    if columns is not None:
        if lacking := missing(columns):
            raise Refused(
                _("Say which column holds this: %(columns)s.")
                % {"columns": ", ".join(str(column.label) for column in lacking)},
                code="columns_missing",
            )
        roster.columns = dict(columns)
    if day_order in (MONTH_FIRST, DAY_FIRST):
        roster.day_order = day_order
    for key, said in (titles or {}).items():
        if key in roster.titles:
            roster.titles[key] = {**roster.titles[key], **_title(said)}
    known = {facility.pk for facility in facilities_of(roster.organization)}
    roster.places = {
        **roster.places, **{key: pk for key, pk in (places or {}).items() if pk in known}
    }  # fmt: skip
    roster.is_complete = roster.is_complete if is_complete is None else is_complete
    roster.left_on = left_on or roster.left_on
    roster.save(
        update_fields=["columns", "day_order", "titles", "places", "is_complete", "left_on"]
    )
    _remember(roster)
    audit.record("roster.answered", roster, actor=actor, now=now)
    plan_roster(roster=roster, now=now)
    return roster


def _title(said: Mapping[str, Any]) -> dict[str, Any]:
    contact, reason = said.get("contact"), str(said.get("reason", "")).strip()[:300]
    if contact is False and not reason:
        raise Refused(_("Say why this post does not meet guests."), code="reason_missing")
    post = said.get("post")
    return {
        **({"post": post} if post in Post.values else {}),
        "contact": contact,
        "reason": reason,
    }


def _remember(roster: RosterImport) -> None:
    """Headings, order of days, titles and places, for the next list of the same hands."""
    columns = {
        fold(roster.header[place]): name
        for name, place in roster.columns.items()
        if place < len(roster.header)
    }
    RosterLayout.objects.update_or_create(
        organization=roster.organization,
        defaults={
            "columns": columns,
            "day_order": roster.day_order,
            "titles": {
                key: {name: said[name] for name in ("post", "contact", "reason")}
                for key, said in roster.titles.items()
            },
            "places": roster.places,
        },
    )


@transaction.atomic
def drop_roster(*, roster: RosterImport, actor: Person, now: datetime | None = None) -> None:
    """Set a list aside without taking it over; its rows and file are forgotten at once."""
    roster = lock(roster)
    if roster.state not in (RosterState.READY, RosterState.FAILED):
        return
    _forget(roster)
    roster.state = RosterState.DROPPED
    roster.save(update_fields=["state"])
    audit.record("roster.dropped", roster, actor=actor, now=now)


@transaction.atomic
def forget_rosters(*, now: datetime | None = None) -> int:
    """Forget the rows of lists that were taken over two days ago or left lying for two weeks."""
    now = now or timezone.now()
    done = RosterImport.objects.filter(applied_at__lt=now - FORGET_APPLIED)
    lying = RosterImport.objects.filter(
        uploaded_at__lt=now - FORGET_LYING, state__in=[RosterState.READY, RosterState.FAILED]
    )
    count = 0
    for roster in [*done.filter(rows__isnull=False).distinct(), *lying]:
        _forget(roster)
        if roster.state in (RosterState.READY, RosterState.FAILED):
            roster.state = RosterState.DROPPED
            roster.save(update_fields=["state"])
        audit.record("roster.forgotten", roster, actor=None, now=now)
        count += 1
    return count


def _forget(roster: RosterImport) -> None:
    roster.rows.all().delete()
    if roster.file:
        roster.file.delete(save=False)
        roster.file = ""
        roster.save(update_fields=["file"])
