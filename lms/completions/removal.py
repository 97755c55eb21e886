"""Removing completions that nobody needs any more (DESIGN 4.8); called by the retention job alone.

Id, source, hash and reason stay in a tombstone. What hangs on a completion goes first: each room
registers how. Courses and registrations stay and name no completion any more.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from lms.completions.models import Completion, Revocation, StaffEntry, Tombstone
from lms.core import audit
from lms.core.ledger import maintaining


@dataclass(frozen=True)
class Hanging:
    """Rows of a room that cannot stand without their completion: which models, and how they go."""

    models: frozenset[str]
    remove: Callable[[Collection[UUID]], None]


_hanging: dict[str, Hanging] = {}


def register(room: str, hanging: Hanging) -> None:
    """Announce what of a room hangs on completions; called in AppConfig.ready()."""
    _hanging[room] = hanging


def hanging_models() -> set[str]:
    """The models whose rows go with their completion, as `app.Model`."""
    own = {Revocation._meta.label, StaffEntry._meta.label}  # noqa: SLF001 - Django's documented name
    return own.union(*(hanging.models for hanging in _hanging.values()))


@transaction.atomic
def remove_completions(
    *, completions: Collection[UUID], reason: str, now: datetime | None = None
) -> list[Tombstone]:
    """Remove completions with all that hangs on them, leaving a tombstone each: all, or none.

    Those that are gone are passed over. Whether anybody needs them is the caller's to know.
    """
    now = now or timezone.now()
    rows = list(Completion.objects.filter(pk__in=completions).order_by("pk"))
    ids = [row.pk for row in rows]
    tombstones = Tombstone.objects.bulk_create(
        Tombstone(
            completion_id=row.pk,
            source_kind=row.source_kind,
            source_key=row.source_key,
            evidence_hash=row.evidence_hash,
            reason=reason,
            removed_at=now,
        )
        for row in rows
    )
    for row in rows:
        audit.record("completion.removed", row, actor=None, now=now, reason=reason)
    for hanging in _hanging.values():
        hanging.remove(ids)
    with maintaining(Revocation._meta.db_table):  # noqa: SLF001 - Django's documented name
        Revocation.objects.filter(completion__in=ids).delete()
    StaffEntry.objects.filter(completion__in=ids).delete()
    with maintaining(Completion._meta.db_table):  # noqa: SLF001 - Django's documented name
        Completion.objects.filter(pk__in=ids).delete()
    return tombstones
