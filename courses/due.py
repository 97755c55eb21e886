"""When something is due, as people say it. Days are New York calendar days."""

from datetime import date, timedelta

from django.utils import formats
from django.utils.translation import gettext as _

from courses.enums import AssignmentState, ReminderStage
from lms.core.time import long_date, short_date

# From here on it is "soon": on the pages, and in the first reminder.
SOON = timedelta(days=7)


def due_words(due_on: date, today: date) -> str:
    """How far off the day is: "due Friday" within a week, else "due Dec. 4, 2026"."""
    days = (due_on - today).days
    if days < 0:
        return _("overdue since %(day)s") % {"day": short_date(due_on)}
    if days == 0:
        return _("due today")
    if days == 1:
        return _("due tomorrow")
    if days < 7:
        return _("due %(weekday)s") % {"weekday": formats.date_format(due_on, "l")}
    return _("due %(day)s") % {"day": short_date(due_on)}


def day_in_full(day: date) -> str:
    """A day for a letter, which is read later than it is written: "Friday, December 4, 2026"."""
    return _("%(weekday)s, %(day)s") % {
        "weekday": formats.date_format(day, "l"),
        "day": long_date(day),
    }


def state_on(due_on: date, today: date) -> AssignmentState:
    """Where something stands that is not done."""
    if due_on < today:
        return AssignmentState.OVERDUE
    return AssignmentState.DUE_SOON if due_on - today <= SOON else AssignmentState.DUE


def stage_on(due_on: date, today: date) -> ReminderStage | None:
    """Which reminder is the business of `today`; None while the day is more than a week off."""
    days = (due_on - today).days
    if days < 0:
        return ReminderStage.AFTER
    if days <= 1:
        return ReminderStage.DAY
    return ReminderStage.WEEK if due_on - today <= SOON else None
