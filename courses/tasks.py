"""Courses' tasks: each calls one service and may run twice."""

from celery import shared_task

from courses.services import reminders


@shared_task(name="courses.remind_of_assignments")
def remind_of_assignments() -> None:
    """Remind people of what is due, and write liaisons their week."""
    reminders.remind_people()
    reminders.tell_liaisons()
