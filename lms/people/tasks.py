"""People's tasks: each calls one service and may run twice."""

from celery import shared_task

from lms.people.roster import services as rosters


@shared_task(name="people.forget_rosters")
def forget_rosters() -> None:
    """Forget the rows of employees' lists that are done with, or were left lying."""
    rosters.forget_rosters()
