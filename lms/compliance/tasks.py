"""Compliance's tasks: each calls one service and may run twice."""

from celery import shared_task

from lms.compliance.duties import sources
from lms.compliance.handovers import services as handovers
from lms.compliance.packets import services as packets
from lms.compliance.reminders import services as reminders
from lms.compliance.retention import removal
from lms.compliance.review.counting import count_standings as count
from lms.compliance.rules import get_rule

# Somewhat less than the time until beat calls again.
COUNTING_SECONDS = 480.0


@shared_task(name="compliance.remove_old_packets")
def remove_old_packets() -> None:
    """Remove packets for inspectors that nobody needs any more."""
    packets.remove_old_packets()


@shared_task(name="compliance.remove_unneeded_completions")
def remove_unneeded_completions() -> None:
    """Remove completions that nobody needs any more, if an operator has switched it on."""
    removal.remove_unneeded()


@shared_task(name="compliance.count_standings")
def count_standings() -> None:
    """Count where everybody stands today, or go on with it."""
    count(rule=get_rule(), seconds=COUNTING_SECONDS)


@shared_task(name="compliance.carry_out_handovers")
def carry_out_handovers() -> None:
    """Hand facilities over whose day has come."""
    handovers.carry_out_due()


@shared_task(name="compliance.remind_of_duties")
def remind_of_duties() -> None:
    """Remind of trainings that are due soon or overdue; the week's letters first."""
    reminders.tell_week()
    reminders.remind_of_duties()


@shared_task(name="compliance.tell_of_old_sources")
def tell_of_old_sources() -> None:
    """Remind the state's office of sources that nobody has looked at for a year."""
    sources.tell_of_old_sources()
