"""The outbox: telling people is part of the transaction (DESIGN 4.11).

`enqueue` writes a row with the change. On commit a task is called as a doorbell; if it gets lost,
the sweep that beat runs every half minute finds the row. `deliver` claims a row by compare-and-set,
so two workers never send the same message at the same time.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lms.core.models import OutboxMessage

logger = logging.getLogger("lms.outbox")

CLAIM = timedelta(minutes=5)
MAX_ATTEMPTS = 10


class UndeliverableError(Exception):
    """Trying again is of no use; `held`: not even tried, until the address is confirmed anew."""

    def __init__(self, reason: str, *, held: bool = False) -> None:
        super().__init__(reason)
        self.held = held


Handler = Callable[[dict[str, Any]], None]
_handlers: dict[str, Handler] = {}


def register_handler(kind: str, handler: Handler) -> None:
    """Say which function delivers messages of `kind`; called in AppConfig.ready()."""
    _handlers[kind] = handler


def enqueue(
    *,
    kind: str,
    key: str,
    payload: dict[str, Any],
    due_at: datetime | None = None,
    secret: bool = False,
) -> None:
    """Write a message to deliver at `due_at` (default: at once); the same key is written once.

    With `secret` the payload is deleted after delivery (sign-in codes).
    """
    message = OutboxMessage(
        kind=kind, key=key, payload=payload, secret=secret, due_at=due_at or timezone.now()
    )
    OutboxMessage.objects.bulk_create([message], ignore_conflicts=True)
    if due_at is None:
        transaction.on_commit(lambda: ring(key), robust=True)


def ring(key: str) -> None:
    """Ask a worker to deliver the message now; a dead broker is logged and costs only time."""
    from lms.core.tasks import deliver_message  # noqa: PLC0415 - tasks import this module

    try:
        deliver_message.delay(key)
    except Exception:
        logger.exception("The doorbell for %s did not ring; the sweep will deliver it", key)


def deliver(key: str, *, now: datetime | None = None) -> bool:
    """Deliver the message if it is due and nobody else is at it; True if it was delivered now.

    A failure is kept with its text and tried again after a growing pause; after MAX_ATTEMPTS the
    message is FAILED and shows at the desk. One that can never arrive fails at once, and one to an
    address that bounced is HELD.
    """
    now = now or timezone.now()
    claimed = (
        OutboxMessage.objects.filter(
            Q(claimed_until__isnull=True) | Q(claimed_until__lt=now),
            key=key,
            state=OutboxMessage.State.PENDING,
            due_at__lte=now,
        )
    ).update(claimed_until=now + CLAIM)
    if claimed != 1:
        return False
    message = OutboxMessage.objects.get(key=key)
    try:
        _handlers[message.kind](message.payload)
    except UndeliverableError as error:
        message.attempts += 1
        message.state = OutboxMessage.State.HELD if error.held else OutboxMessage.State.FAILED
        message.last_error = str(error)[:2000]
        message.claimed_until = None
        message.save(update_fields=["attempts", "state", "last_error", "claimed_until"])
        return False
    except Exception as error:
        logger.exception("Delivering %s failed", key)
        message.attempts += 1
        failed = message.attempts >= MAX_ATTEMPTS
        message.state = OutboxMessage.State.FAILED if failed else OutboxMessage.State.PENDING
        message.last_error = f"{type(error).__name__}: {error}"[:2000]
        message.due_at = now + timedelta(seconds=15 * 2**message.attempts)
        message.claimed_until = None
        message.save(update_fields=["attempts", "state", "last_error", "due_at", "claimed_until"])
        return False
    message.attempts += 1
    message.state = OutboxMessage.State.DELIVERED
    message.delivered_at = timezone.now()
    changed = ["attempts", "state", "delivered_at"]
    if message.secret:
        message.payload = {}
        changed.append("payload")
    message.save(update_fields=changed)
    return True


def sweep(*, now: datetime | None = None, limit: int = 500) -> int:
    """Deliver what is due and was not delivered; returns how many went out."""
    now = now or timezone.now()
    keys = list(
        OutboxMessage.objects.filter(state=OutboxMessage.State.PENDING, due_at__lte=now)
        .order_by("due_at", "id")
        .values_list("key", flat=True)[:limit]
    )
    return sum(deliver(key, now=now) for key in keys)
