"""Core's tasks: each takes ids, calls one service, and may run twice."""

from celery import shared_task

from lms.core import outbox


@shared_task(name="core.deliver_message")
def deliver_message(key: str) -> None:
    """Deliver one outbox message."""
    outbox.deliver(key)


@shared_task(name="core.sweep_outbox")
def sweep_outbox() -> None:
    """Deliver what is due; makes a killed worker or a dead broker harmless."""
    outbox.sweep()
