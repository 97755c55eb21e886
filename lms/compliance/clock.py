"""By when somebody is due, and how that was counted: the calendar's part of a standing."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.compliance.facts import PeriodFact
from lms.compliance.rules import Rule
from lms.core.time import months_on, short_date, years_on


@dataclass(frozen=True)
class Clock:
    """By when, by the stricter count and by the other, and how that was counted."""

    due_on: date
    last_day: date
    hired_on: date
    days: int
    law_day: date | None = None  # set for staff from before the law
    contact_from: date | None = None  # set where that day decides
    months: int = 0  # set where months are counted, not days
    by_post: bool = False  # with contact_from: the post itself decides, not whom it meets
    post_from: date | None = None  # set where the count begins with the post
    renews: date | None = None  # set where a training of that day is to be taken again

    @property
    def words(self) -> str:
        """How it was counted: "Hired Jan. 5, 2026; March 5, 2026 is day 60, ..."."""
        words = {
            "hired": short_date(self.post_from or self.hired_on),
            "due": short_date(self.due_on),
            "contact": short_date(self.contact_from) if self.contact_from else "",
            "law_day": short_date(self.law_day) if self.law_day else "",
            "trained": short_date(self.renews) if self.renews else "",
            "days": self.days,
            "months": self.months,
        }
        return self._sentence() % words

    def _sentence(self) -> str:
        found = _("Hired %(hired)s; %(due)s is day %(days)s, counting the day of hire.")
        if self.renews:
            found = ngettext(
                "Trained %(trained)s; to be taken again within %(months)s month: renew by %(due)s.",
                "Trained %(trained)s; to be taken again within %(months)s months: renew by "
                "%(due)s.",
                self.months,
            )
        elif self.contact_from and self.by_post:
            found = _(
                "In a post that the rule names since %(contact)s. The rule counts from the hire "
                "date and gives no further days for a new post, so we count that day."
            )
        elif self.contact_from:
            found = _(
                "The post meets guests since %(contact)s. The law counts from the hire date and "
                "gives no further days for a new post, so we count that day."
            )
        elif self.law_day:
            found = _("Hired before %(law_day)s: the law gave until %(due)s.")
        elif self.months:
            found = ngettext(
                "Counted from %(hired)s; %(due)s is the last day of the first month.",
                "Counted from %(hired)s; %(due)s is the last day of the first %(months)s months.",
                self.months,
            )
        elif self.post_from:
            found = _(
                "In this post since %(hired)s; %(due)s is day %(days)s, counting the first day."
            )
        return found


def clock_for(rule: Rule, hired_on: date, covered_from: date) -> Clock:
    """By when somebody is due who was hired on a day and whom the rule is for since a day."""
    deadline, existing = rule.deadline, rule.deadline.existing_staff
    begins = max(hired_on, covered_from) if deadline.from_post else hired_on
    post_from = begins if begins != hired_on else None
    if existing and begins < existing.hired_before:
        due = existing.due_on
        clock = Clock(due, due, hired_on, deadline.days, law_day=existing.hired_before)
    elif deadline.months:
        last = months_on(begins, deadline.months)
        due = last - timedelta(days=1)
        clock = Clock(
            due, last, hired_on, deadline.days, months=deadline.months, post_from=post_from
        )
    else:
        due = begins + timedelta(days=deadline.days - 1)
        clock = Clock(due, due + timedelta(days=1), hired_on, deadline.days, post_from=post_from)
    if covered_from <= clock.due_on:
        return clock
    return Clock(
        covered_from,
        max(covered_from, clock.last_day),
        hired_on,
        deadline.days,
        contact_from=covered_from,
        by_post=rule.posts is not None,
    )


def renewal_clock(rule: Rule, months: int, hired_on: date, since: date) -> Clock:
    """By when a training of the day `since` is to be taken again, never before the rule's day.

    A year after February 29 is February 28 by the stricter count, March 1 by the other.
    """
    due = months_on(since, months)
    last = years_on(since, months // 12) if months % 12 == 0 else due
    due, last = max(due, rule.effective_from), max(last, rule.effective_from)
    return Clock(due, last, hired_on, 0, months=months, renews=since)


def covered_since(rule: Rule, periods: tuple[PeriodFact, ...], day: date) -> date | None:
    """Since when the rule is for somebody without a break, as of `day`; None if not on that day."""
    since = None
    for period in sorted(periods, key=lambda held: held.starts_on):
        if period.starts_on > day:
            break
        if not rule.covers(post=period.post, guest_contact=period.guest_contact):
            since = None
        elif since is None:
            since = period.starts_on
    return since
