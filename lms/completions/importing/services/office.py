"""What a coordinator does with a file of completions. Each act is one transaction."""

import logging
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.completions.import_models import (
    CompletionImport,
    ImportRow,
    ImportStatus,
    PersonLink,
    RowState,
    TitleLink,
)
from lms.completions.importing.columns import Column, by_name, by_place, guess, heading_key
from lms.completions.importing.reading import read_transcript
from lms.completions.importing.services.matching import judge
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Organization, Person
from lms.people.permissions import is_coordinator_for
from lms.people.services import ensure_person
from lms.trainings.models import Training
from lms.trainings.services.outside import make_outside

logger = logging.getLogger("lms.completions")

WHO = {Column.FULL_NAME, Column.LAST_NAME, Column.EMAIL, Column.USER_ID}


@transaction.atomic
def upload(
    *,
    office: Organization,
    system: str,
    name: str,
    content: bytes,
    actor: Person,
    now: datetime | None = None,
) -> CompletionImport:
    """Keep a file and find out what its columns mean; nothing is imported yet.

    The columns are those this office chose last for the same heading, else guessed from their
    names. Raises Refused "not_yours", "system_missing", and as `read_table`.
    """
    now = now or timezone.now()
    _check_right(office, actor)
    system = " ".join(system.split())[:80]
    if not system:
        raise Refused(_("Say which system the file comes from."), code="system_missing")
    table = read_transcript(content, name)
    key = heading_key(table.heading)
    before = (
        CompletionImport.objects.filter(office=office, heading_key=key).exclude(mapping={}).first()
    )
    mapping = guess(table.heading)
    if before:
        mapping = by_place(table.heading, by_name(before.heading, before.mapping))
    batch = CompletionImport.objects.create(
        office=office,
        system=system,
        file=ContentFile(content, name=f"imports/{office.pk}/{now:%Y%m%d%H%M%S}.table"),
        name=name[:200],
        heading=table.heading,
        heading_key=key,
        mapping=mapping,
        total=len(table.rows),
        touched_at=now,
        uploaded_at=now,
        uploaded_by=actor,
        actor=actor,
    )
    audit.record("completions.uploaded", batch, actor=actor, now=now, rows=len(table.rows))
    return batch


@transaction.atomic
def choose_columns(
    *,
    batch: CompletionImport,
    mapping: dict[str, int],
    actor: Person,
    now: datetime | None = None,
) -> CompletionImport:
    """Say which column is what, and have every row looked at; nothing is imported.

    Raises Refused "not_yours", "busy", "undone", "title_missing", "day_missing", "who_missing",
    "column_twice".
    """
    batch = _open(batch, actor)
    places = [place for key, place in mapping.items() if key in Column.values]
    if len(set(places)) < len(places):
        raise Refused(_("Each column can be only one thing."), code="column_twice")
    if Column.TITLE not in mapping:
        raise Refused(_("Say which column names the training."), code="title_missing")
    if Column.DAY not in mapping:
        raise Refused(_("Say which column has the day of completion."), code="day_missing")
    if not WHO & set(mapping):
        raise Refused(
            _("Say which column names the person: a name, an address or a number."),
            code="who_missing",
        )
    batch.mapping = {key: place for key, place in mapping.items() if place < len(batch.heading)}
    return _ask(batch, ImportStatus.CHECKING, actor=actor, now=now)


@transaction.atomic
def check_again(
    *, batch: CompletionImport, makes_people: bool, actor: Person, now: datetime | None = None
) -> CompletionImport:
    """Look at every row again; with `makes_people` unknown people with an address get a record.

    Those records are made when the rows are imported. Raises Refused "not_yours", "busy", "undone".
    """
    batch = _open(batch, actor)
    batch.makes_people = makes_people
    return _ask(batch, ImportStatus.CHECKING, actor=actor, now=now)


@transaction.atomic
def start(
    *, batch: CompletionImport, actor: Person, now: datetime | None = None
) -> CompletionImport:
    """Import all rows that are ready. Raises Refused "not_yours", "busy", "undone", "not_ready"."""
    batch = _open(batch, actor)
    ready = batch.rows.filter(state=RowState.READY).count()
    if not ready:
        raise Refused(_("No row is ready to import."), code="not_ready")
    return _ask(batch, ImportStatus.IMPORTING, total=ready, actor=actor, now=now)


@transaction.atomic
def undo(
    *, batch: CompletionImport, reason: str, actor: Person, now: datetime | None = None
) -> CompletionImport:
    """Take back all that the file brought; each record says it no longer stands.

    Raises Refused "not_yours", "busy", "undone", "reason_missing", "nothing_imported".
    """
    batch = _open(batch, actor)
    if not reason.strip():
        raise Refused(_("Say in a few words why you undo it."), code="reason_missing")
    imported = batch.rows.filter(state=RowState.IMPORTED).count()
    if not imported:
        raise Refused(_("Nothing of this file was imported."), code="nothing_imported")
    batch.undo_reason = reason.strip()[:300]
    return _ask(batch, ImportStatus.UNDOING, total=imported, actor=actor, now=now)


@transaction.atomic
def settle_person(
    *,
    batch: CompletionImport,
    key: str,
    person: Person | None = None,
    make: bool = False,
    actor: Person,
    now: datetime | None = None,
) -> PersonLink:
    """Say who somebody in the file is: `person`, a new record (`make`), or nobody to take over.

    It is remembered for the office's files to come. Raises Refused "not_yours", "busy", "undone",
    "unknown_key", "name_missing".
    """
    now = now or timezone.now()
    batch = _open(batch, actor)
    rows = list(batch.rows.filter(person_key=key).exclude(state=RowState.IMPORTED))
    if not rows or not key:
        raise Refused(_("Nobody in this file is called that."), code="unknown_key")
    if make:
        values = rows[0].values
        if not (values["first_name"] or values["last_name"]):
            raise Refused(_("The file has no name for this person."), code="name_missing")
        person = ensure_person(
            email=values["email"],
            first_name=values["first_name"],
            last_name=values["last_name"],
            actor=actor,
            now=now,
        )
    link, _created = PersonLink.objects.update_or_create(
        office=batch.office,
        key=key,
        defaults={
            "person": person.canonical if person else None,
            "linked_by": actor,
            "linked_at": now,
        },
    )
    said = "linked" if person else "left_out"
    audit.record(f"completions.person_{said}", link, actor=actor, now=now)
    judge(batch, rows)
    return link


@transaction.atomic
def settle_title(
    *,
    batch: CompletionImport,
    key: str,
    training: Training | None = None,
    make: bool = False,
    actor: Person,
    now: datetime | None = None,
) -> TitleLink:
    """Say which training a title is: `training`, a new outside one (`make`), or none to take over.

    It is remembered for the office's files to come. Raises Refused "not_yours", "busy", "undone",
    "unknown_key".
    """
    now = now or timezone.now()
    batch = _open(batch, actor)
    rows = list(batch.rows.filter(title_key=key).exclude(state=RowState.IMPORTED))
    if not rows or not key:
        raise Refused(_("No training in this file is called that."), code="unknown_key")
    if training is not None and training.owner_id != batch.office_id:
        raise Refused(_("Choose a training of your office."), code="not_yours")
    if make:
        training = make_outside(
            office=batch.office, title=rows[0].values["title"], actor=actor, now=now
        )
    link, _created = TitleLink.objects.update_or_create(
        office=batch.office,
        key=key,
        defaults={"training": training, "linked_by": actor, "linked_at": now},
    )
    said = "linked" if training else "left_out"
    audit.record(f"completions.title_{said}", link, actor=actor, now=now)
    for first in range(0, len(rows), 500):
        judge(batch, rows[first : first + 500])
    return link


def _check_right(office: Organization, actor: Person) -> None:
    if not is_coordinator_for(actor, office):
        raise Refused(
            _("Only %(office)s takes over its records.") % {"office": office.label},
            code="not_yours",
        )


def _open(batch: CompletionImport, actor: Person) -> CompletionImport:
    """The file, locked, if it can be changed now."""
    _check_right(batch.office, actor)
    batch = lock(batch)
    if batch.is_working:
        raise Refused(_("The file is being worked on. Wait until that is done."), code="busy")
    if batch.status == ImportStatus.UNDONE:
        raise Refused(_("This import was undone. Upload the file again."), code="undone")
    return batch


def _ask(
    batch: CompletionImport,
    status: ImportStatus,
    *,
    total: int | None = None,
    actor: Person,
    now: datetime | None,
) -> CompletionImport:
    """Ask a worker; a dead broker costs only time, since the sweep finds what waits."""
    batch.status, batch.done, batch.actor = status, 0, actor
    batch.total = batch.total if total is None else total
    batch.touched_at = now or timezone.now()
    batch.save()
    transaction.on_commit(lambda: _ring(batch.pk), robust=True)
    return batch


def _ring(batch_id: int) -> None:
    from lms.completions.tasks import work_import  # noqa: PLC0415 - tasks import services

    try:
        work_import.delay(batch_id)
    except Exception:
        logger.exception("The doorbell for import %s did not ring", batch_id)


def unmatched_people(batch: CompletionImport) -> list[ImportRow]:
    """One row for each person of the file whom nobody knows yet, in the file's order."""
    rows = batch.rows.filter(state=RowState.NO_PERSON).order_by("person_key", "number")
    return sorted(rows.distinct("person_key"), key=lambda row: row.number)


def unmatched_titles(batch: CompletionImport) -> list[ImportRow]:
    """One row for each title of the file that is no training yet."""
    rows = batch.rows.filter(state=RowState.NO_TRAINING).order_by("title_key", "number")
    return sorted(rows.distinct("title_key"), key=lambda row: row.number)
