"""Courses' tasks: each calls one service and may run twice."""

import logging
from datetime import timedelta

from celery import shared_task

from courses import checking
from courses.checking import disagreements
from courses.models import Regrade
from courses.services import (
    document_news,
    plans,
    reminders,
    remove_forgotten,
    work_off,
    work_off_all,
)
from courses.services import hand_in_overdue as hand_in_all
from lms.completions.models import Completion

logger = logging.getLogger(__name__)

# The frequent sweep looks this far back; the one of every night at everything.
LATELY = timedelta(hours=2)


@shared_task(name="courses.remind_of_assignments")
def remind_of_assignments() -> None:
    """Remind people of what is due, and write liaisons their week."""
    reminders.remind_people()
    reminders.tell_liaisons()


@shared_task(name="courses.follow_plans")
def follow_plans(completion_id: str) -> None:
    """See what somebody's plans come to, after a completion was recorded or revoked."""
    completion = Completion.objects.select_related("person").filter(pk=completion_id).first()
    if completion:
        plans.follow_person(person=completion.person)


@shared_task(name="courses.follow_lately")
def follow_lately() -> None:
    """Make good lately lost doorbells."""
    plans.follow_all(within=LATELY)


@shared_task(name="courses.follow_all_plans")
def follow_all_plans() -> None:
    """The same for all time."""
    plans.follow_all()


@shared_task(name="courses.tell_new_versions")
def tell_new_versions() -> None:
    """Write to those who signed an older version of a document that has a new one."""
    document_news.tell_new_versions()


@shared_task(name="courses.hand_in_overdue")
def hand_in_overdue() -> None:
    """Hand in tests whose time has run out while nobody looked."""
    hand_in_all()


@shared_task(name="courses.work_off_regrade")
def work_off_regrade(regrade_id: int) -> None:
    """Count anew the tests that had a question decided on."""
    regrade = Regrade.objects.filter(pk=regrade_id).first()
    if regrade:
        work_off(regrade=regrade)


@shared_task(name="courses.work_off_regrades")
def work_off_regrades() -> None:
    """Go on with regrades that a lost worker left half done."""
    work_off_all()


@shared_task(name="courses.remove_forgotten_guests")
def remove_forgotten_guests() -> None:
    """Remove what was done without an account and never claimed."""
    remove_forgotten()


@shared_task(name="courses.check_enrolments")
def check_enrolments() -> None:
    """Report enrolments whose state and facts disagree, in the log and at the desk; ids only."""
    found = list(disagreements())
    checking.note(found)
    for row in found:
        logger.warning("enrolment %s of training %s: %s", row.enrolment, row.training, row.finding)
