"""Compliance's tasks: each calls one service and may run twice."""

from celery import shared_task

from lms.compliance.packets import services as packets


@shared_task(name="compliance.remove_old_packets")
def remove_old_packets() -> None:
    """Remove packets for inspectors that nobody needs any more."""
    packets.remove_old_packets()
