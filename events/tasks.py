"""Events' tasks: each calls one service and may run twice."""

from celery import shared_task
from django.utils import timezone

from events import services


@shared_task(name="events.begin_due_sessions")
def begin_due_sessions() -> None:
    """Pin the sessions that have begun to their training's version."""
    services.begin_due_sessions()


@shared_task(name="events.send_due_reminders")
def send_due_reminders() -> None:
    """Remind of the sessions that are a week, a day or an hour away."""
    services.send_due_reminders()


@shared_task(name="events.remind_of_programs")
def remind_of_programs() -> None:
    """Remind the editors of programs that were promised for today or before."""
    services.remind_of_programs()


@shared_task(name="events.ask_for_surveys")
def ask_for_surveys() -> None:
    """Ask the people of sessions that ended how it was."""
    services.ask_for_surveys()


@shared_task(name="events.tend_waiting_lists")
def tend_waiting_lists() -> None:
    """End offers whose time is over, serve the next, close lists of sessions that began."""
    services.tend_waiting_lists()


@shared_task(name="events.settle_webex")
def settle_webex(session: int) -> None:
    """Tell Webex what it does not have yet of one session."""
    services.settle_webex(session)


@shared_task(name="events.settle_all_webex")
def settle_all_webex() -> None:
    """Tell Webex what could not be told before."""
    services.settle_due_webex()


@shared_task(name="events.fetch_webex_attendance")
def fetch_webex_attendance() -> None:
    """Ask Webex who was in the sessions that ended lately."""
    services.fetch_due_webex_attendance()


@shared_task(name="events.answer_webex_attendance")
def answer_webex_attendance(session: int) -> None:
    """Ask Webex who was in one session, since somebody wants to know now."""
    services.answer_webex_attendance(session_id=session)


@shared_task(name="events.keep_webex_hooks")
def keep_webex_hooks() -> None:
    """Make the webhooks we need and switch on again what Webex switched off."""
    services.keep_webex_hooks()


@shared_task(name="events.read_report")
def read_report(report: int) -> None:
    """Read one attendance report."""
    services.work_report(report_id=report)


@shared_task(name="events.note_attendance")
def note_attendance(noting: int) -> None:
    """Note what a session's reports come to."""
    services.work_noting(noting_id=noting)


@shared_task(name="events.work_abandoned_attendance")
def work_abandoned_attendance() -> None:
    """Go on where a worker is gone, or where no worker was told."""
    now = timezone.now()
    for report in services.abandoned_reports(now):
        read_report.delay(report)
    for noting in services.abandoned_notings(now):
        note_attendance.delay(noting)
