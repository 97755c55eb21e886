"""Going through a file in the background: in steps, each a transaction that can be repeated."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lms.completions.enums import SourceKind
from lms.completions.import_models import CompletionImport, ImportRow, ImportStatus, RowState
from lms.completions.importing.reading import read_transcript
from lms.completions.importing.services.matching import judge
from lms.completions.importing.values import read_row
from lms.completions.models import Completion
from lms.completions.services import record_completion, revoke_completion
from lms.core import audit
from lms.core.canonical import digest
from lms.core.locking import lock
from lms.core.time import new_york_date
from lms.people.models import Person
from lms.people.services import ensure_person
from lms.trainings.models import Training, TrainingVersion
from lms.trainings.selectors import version_in_force
from lms.trainings.services.outside import bare_version

STEP = 200
# Facts are written in smaller steps, so that progress shows and nobody waits long for a person.
FEW = 50
# A worker that has said nothing for so long is gone; another goes on.
SILENCE = timedelta(minutes=2)


def work(*, batch_id: int, now: datetime | None = None) -> CompletionImport:
    """Work a file off until nothing is left of what was asked for. Safe to run twice.

    Not atomic on purpose: each step is, and what is done stays done.
    """
    batch = CompletionImport.objects.get(pk=batch_id)
    while batch.is_working:
        with translation.override(settings.LANGUAGE_CODE):
            batch = _step(batch_id, now or timezone.now())
    return batch


def abandoned(now: datetime) -> list[int]:
    """Files that a worker began and has left, or that no worker was told of."""
    waiting = CompletionImport.objects.filter(
        status__in=ImportStatus.working(), touched_at__lt=now - SILENCE
    )
    return list(waiting.values_list("pk", flat=True))


@transaction.atomic
def _step(batch_id: int, now: datetime) -> CompletionImport:
    batch = lock(CompletionImport.objects.get(pk=batch_id))
    if batch.status == ImportStatus.CHECKING:
        _check(batch, now)
    elif batch.status == ImportStatus.IMPORTING:
        _import(batch, now)
    elif batch.status == ImportStatus.UNDOING:
        _undo(batch, now)
    batch.touched_at = now
    batch.save(update_fields=["status", "total", "done", "touched_at"])
    return batch


def _check(batch: CompletionImport, now: datetime) -> None:
    if batch.done == 0:
        _read(batch, now)
    rows = list(batch.rows.select_related("person", "training")[batch.done : batch.done + STEP])
    judge(batch, rows)
    batch.done += len(rows)
    if batch.done >= batch.total:
        batch.status = ImportStatus.CHECKED


def _read(batch: CompletionImport, now: datetime) -> None:
    """The file's rows, read anew by the columns now chosen; what is imported stays."""
    with batch.file.open("rb") as file:
        table = read_transcript(file.read(), batch.name)
    kept = set(batch.rows.filter(state=RowState.IMPORTED).values_list("number", flat=True))
    batch.rows.exclude(state=RowState.IMPORTED).delete()
    today = new_york_date(now)
    rows = []
    for number, cells in table.rows:
        if number in kept:
            continue
        read = read_row(cells, batch.mapping, today=today)
        rows.append(
            ImportRow(
                batch=batch,
                number=number,
                values=read.values,
                person_key=read.person_key,
                title_key=read.title_key,
                state=read.state,
                note=read.note[:300],
            )
        )
    ImportRow.objects.bulk_create(rows, batch_size=1000)
    batch.total = batch.rows.count()


def _import(batch: CompletionImport, now: datetime) -> None:
    ready = batch.rows.filter(state=RowState.READY)
    rows = list(ready.select_related("training", "person__canonical_person")[:FEW])
    versions: dict[int, TrainingVersion] = {}
    for row in rows:
        _import_row(batch, row, versions, now)
    batch.done += len(rows)
    if len(rows) < FEW:
        batch.status = ImportStatus.IMPORTED
        imported = batch.rows.filter(state=RowState.IMPORTED).count()
        audit.record("completions.imported", batch, actor=batch.actor, now=now, rows=imported)


def _import_row(
    batch: CompletionImport, row: ImportRow, versions: dict[int, TrainingVersion], now: datetime
) -> None:
    """One fact, unless it is in the record by now."""
    assert row.training is not None  # noqa: S101 - a row that is ready has one
    values = row.values
    person = row.person.canonical if row.person else _person(batch, values, now)
    lock(person)
    day = date.fromisoformat(values["day"])
    row.person = person
    mine = Completion.objects.of(person).standing()
    if mine.filter(training=row.training, occurred_on=day).exists():
        row.state = RowState.KNOWN
        row.save(update_fields=["state", "person"])
        return
    hours = values["hours"]
    row.completion = record_completion(
        person=person,
        version=_version(batch, row.training, versions, now),
        source_kind=SourceKind.IMPORT,
        source_key=_source_key(batch, row),
        occurred_on=day,
        evidence={
            "why": _why(batch.system, hours),
            "system": batch.system,
            "import": batch.pk,
            "row": row.number,
            "reported": {
                key: values[key] for key in ("title", "kind", "score", "hours", "provider")
            },
        },
        reported_minutes=int(Decimal(hours) * 60) if hours else 0,
        actor=batch.actor,
        now=now,
    )
    row.state = RowState.IMPORTED
    row.save(update_fields=["state", "person", "completion"])


def _version(
    batch: CompletionImport,
    training: Training,
    versions: dict[int, TrainingVersion],
    now: datetime,
) -> TrainingVersion:
    """What the training says now, asked once a step; a record copies nothing of it but its name."""
    if training.pk not in versions:
        versions[training.pk] = version_in_force(training) or bare_version(
            training=training, actor=batch.actor, now=now
        )
    return versions[training.pk]


def _person(batch: CompletionImport, values: dict[str, Any], now: datetime) -> Person:
    return ensure_person(
        email=values["email"],
        first_name=values["first_name"],
        last_name=values["last_name"],
        actor=batch.actor,
        now=now,
    )


def _source_key(batch: CompletionImport, row: ImportRow) -> str:
    """The same for the same thing in any file of the office; anew once it was taken back."""
    said = digest([row.person_key, row.title_key, row.values["day"]])[:40]
    base = f"{batch.office_id}:{said}:"
    before = Completion.objects.filter(
        source_kind=SourceKind.IMPORT, source_key__startswith=base, revocation__isnull=False
    )
    return f"{base}{before.count()}"


def _why(system: str, hours: str) -> str:
    if hours:
        return _("Taken over from %(system)s, which reported %(hours)s hours.") % {
            "system": system,
            "hours": hours,
        }
    return _("Taken over from %(system)s, which reported no hours.") % {"system": system}


def _undo(batch: CompletionImport, now: datetime) -> None:
    standing = batch.rows.filter(
        state=RowState.IMPORTED, completion__revocation__isnull=True
    ).select_related("completion")
    rows = list(standing[:STEP])
    for row in rows:
        assert row.completion is not None  # noqa: S101 - by constraint
        revoke_completion(
            completion=row.completion, reason=batch.undo_reason, actor=batch.actor, now=now
        )
    batch.done += len(rows)
    if len(rows) < STEP:
        batch.status = ImportStatus.UNDONE
        audit.record("completions.import_undone", batch, actor=batch.actor, now=now)
