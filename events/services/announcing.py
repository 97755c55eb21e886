"""Showing sessions that were kept back: from then on everybody finds them and may register."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from events.models import Session
from events.series_models import SeriesItem, SeriesPage
from lms.core import audit
from lms.core.locking import lock
from lms.people.models import Person
from lms.people.permissions import edits_for


@transaction.atomic
def announce_sessions(
    *, sessions: Iterable[Session], actor: Person | None, now: datetime | None = None
) -> int:
    """Show each session on every public page, list and feed; returns how many were kept back.

    Those shown already, and cancelled ones, stay as they are. Nobody is written to.
    """
    now = now or timezone.now()
    shown = 0
    for session in sorted(sessions, key=lambda row: row.pk):
        row = lock(session)
        if row.announced_at or row.is_cancelled:
            continue
        row.announced_at = row.updated_at = now
        row.save(update_fields=["announced_at", "updated_at"])
        audit.record("session.announced", row, actor=actor, now=now)
        shown += 1
    return shown


def announce_program(*, page: SeriesPage, actor: Person | None, now: datetime | None = None) -> int:
    """Show the sessions of a series: those of its office, and of offices the actor edits for."""
    kept_back = Session.objects.kept_back().select_related("training")
    items = SeriesItem.objects.filter(page=page).values("session")
    return announce_sessions(
        sessions=[
            session
            for session in kept_back.filter(pk__in=items)
            if session.training.owner_id == page.office_id
            or (actor is not None and edits_for(actor, session.training.owner_id))
        ],
        actor=actor,
        now=now,
    )


def when_published(
    sender: type[SeriesPage], instance: SeriesPage, revision: Any = None, **_kwargs: Any
) -> None:
    """A series was published: with its program, its sessions are shown too."""
    if instance.live and instance.is_open:
        announce_program(page=instance, actor=revision.user if revision else None)
