"""Compliance's tasks: each calls one service and may run twice."""

from celery import shared_task

from lms.compliance.packets import services as packets
from lms.compliance.retention import removal


@shared_task(name="compliance.remove_old_packets")
def remove_old_packets() -> None:
    """Remove packets for inspectors that nobody needs any more."""
    packets.remove_old_packets()


@shared_task(name="compliance.remove_unneeded_completions")
def remove_unneeded_completions() -> None:
    """Remove completions that nobody needs any more, if an operator has switched it on."""
    removal.remove_unneeded()
