"""Writing the audit: one row per change, in the change's own transaction."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from lms.core.models import AuditEntry

if TYPE_CHECKING:
    from lms.people.models import Person


def record(
    action: str,
    target: models.Model,
    *,
    actor: "Person | None",
    now: datetime | None = None,
    **data: Any,
) -> AuditEntry:
    """Note that `actor` (None: the system) did `action` to `target`.

    `data` holds ids, states and reasons' codes; names, addresses and free text do not belong here.
    What a guest did has no actor but `guest`, an id that stays when the guest's row goes.
    """
    if actor is not None and actor.is_guest:
        data["guest"], actor = actor.pk, None
    return AuditEntry.objects.create(
        at=now or timezone.now(),
        actor=actor,
        action=action,
        object_type=target._meta.label_lower,  # noqa: SLF001 - Django's documented name
        object_id=str(target.pk),
        data=data,
    )
