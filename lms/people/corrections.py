"""Putting right what was recorded wrongly about an employment. Each is one transaction.

The employment and its posts hold what is true as corrected; an append-only row says what was known
before, who corrected it and why. Taking a correction back is another correction.
"""

from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import long_date
from lms.people.correction_models import EmploymentCorrection
from lms.people.enums import Corrected, Post
from lms.people.models import Employment, EmploymentPeriod, Person
from lms.people.overlaps import refuse_overlap

# By what changes: the facts before, and after.
Changed = dict[Corrected, tuple[dict[str, Any], dict[str, Any]]]


@transaction.atomic
def correct_employment(
    *,
    employment: Employment,
    first_name: str,
    last_name: str,
    number: str,
    started_on: date,
    sent_by: str,
    reason: str,
    actor: Person | None,
    now: datetime | None = None,
) -> list[EmploymentCorrection]:
    """Put right who somebody is here and since when; one row for each fact that changes.

    `started_on` is a New York calendar day; the first post begins with it. The same values change
    nothing. Raises Refused without a reason ("reason_missing"), for a name that is not the
    facility's to correct ("own_name"), a number somebody else has here ("number_taken"), and a hire
    date after the last day, after a later post began, or within another employment ("overlaps").
    """
    now = now or timezone.now()
    employment = lock(employment)
    person = lock(employment.person.canonical)
    facts: list[tuple[Corrected, dict[str, Any], dict[str, Any]]] = [
        (
            Corrected.NAME,
            {"first_name": person.first_name, "last_name": person.last_name},
            {"first_name": first_name.strip(), "last_name": last_name.strip()},
        ),
        (Corrected.NUMBER, {"number": employment.number}, {"number": number.strip()}),
        (
            Corrected.HIRED,
            {"started_on": employment.started_on.isoformat()},
            {"started_on": started_on.isoformat()},
        ),
        (Corrected.SENT_BY, {"sent_by": employment.sent_by}, {"sent_by": sent_by.strip()}),
    ]
    changed = {kind: (was, became) for kind, was, became in facts if was != became}
    if not changed:
        return []
    _ask_for(reason)
    if Corrected.NAME in changed:
        _name(person, employment, **changed[Corrected.NAME][1])
    if Corrected.NUMBER in changed:
        refuse_taken_number(employment, number.strip())
        employment.number = number.strip()
    if Corrected.HIRED in changed:
        _begin_on(employment, started_on)
    employment.sent_by = sent_by.strip()
    employment.save(update_fields=["number", "started_on", "sent_by"])
    return note_corrections(
        employment=employment, changed=changed, reason=reason, actor=actor, now=now
    )


def refuse_taken_number(employment: Employment, number: str) -> None:
    """Raise Refused ("number_taken") where somebody else who works here has the number."""
    others = Employment.objects.filter(
        organization=employment.organization_id, number=number, ended_on__isnull=True
    ).exclude(pk=employment.pk)
    if number and employment.ended_on is None and others.exists():
        raise Refused(
            _("Employee number %(number)s is already used by somebody who works here.")
            % {"number": number},
            code="number_taken",
        )


def keeps_own_name(person: Person, employment: Employment) -> bool:
    """Whether the name is not for this employer alone to correct.

    So it is with whoever signs in by themselves, holds a role, or is employed elsewhere too.
    """
    rows = Person.objects.one_with(person)
    return (
        person.last_login is not None
        or EmailAddress.objects.filter(user__in=rows, verified=True).exists()
        or person.roles.exists()
        or Employment.objects.filter(person__in=rows)
        .exclude(organization=employment.organization_id)
        .exists()
    )


def _name(person: Person, employment: Employment, *, first_name: str, last_name: str) -> None:
    if not first_name or not last_name:
        raise Refused(_("Type the first and the last name."), code="name_missing")
    if keeps_own_name(person, employment):
        raise Refused(
            _(
                "This name is not only yours to correct. The person can change it in their "
                "profile, or ask the office."
            ),
            code="own_name",
        )
    person.first_name, person.last_name = first_name, last_name
    person.save(update_fields=["first_name", "last_name", "sort_name", "search_name"])


def _begin_on(employment: Employment, day: date) -> None:
    """Move the hire date, and the first post with it."""
    if employment.ended_on and day > employment.ended_on:
        raise Refused(
            _("The hire date cannot be after the last day of work, %(day)s.")
            % {"day": long_date(employment.ended_on)},
            code="ends_before_start",
        )
    posts = list(employment.periods.all())
    if len(posts) > 1 and day >= posts[1].starts_on:
        raise Refused(
            _("The post since %(day)s began before that. Correct that post first.")
            % {"day": long_date(posts[1].starts_on)},
            code="overlaps",
        )
    refuse_overlap(
        person=employment.person,
        organization=employment.organization,
        started_on=day,
        ended_on=employment.ended_on,
        besides=employment,
    )
    employment.started_on = day
    if posts:
        EmploymentPeriod.objects.filter(pk=posts[0].pk).update(starts_on=day)


@transaction.atomic
def correct_post(
    *,
    period: EmploymentPeriod,
    post: Post,
    guest_contact: bool,
    no_contact_reason: str,
    starts_on: date,
    reason: str,
    actor: Person | None,
    now: datetime | None = None,
) -> EmploymentCorrection | None:
    """Put right a post that was recorded wrongly, or the day it began; None if nothing changes.

    The post before it then ends the day before. Raises Refused without a reason
    ("reason_missing"), without saying why a post does not meet guests ("contact_reason_missing"),
    and for a first day that would leave another post without a day ("overlaps"); the first post
    begins with the hire date ("first_post").
    """
    employment = lock(period.employment)
    posts = list(employment.periods.all())
    place = next(place for place, held in enumerate(posts) if held.pk == period.pk)
    period = posts[place]
    no_contact_reason = "" if guest_contact else no_contact_reason.strip()
    became = _facts(post, guest_contact, no_contact_reason, starts_on)
    was = _facts(period.post, period.guest_contact, period.no_contact_reason, period.starts_on)
    if was == became:
        return None
    _ask_for(reason)
    if not guest_contact and not no_contact_reason:
        raise Refused(_("Say why this post does not meet guests."), code="contact_reason_missing")
    if starts_on != period.starts_on:
        _move_post(posts, place, starts_on)
    EmploymentPeriod.objects.filter(pk=period.pk).update(
        post=post,
        guest_contact=guest_contact,
        no_contact_reason=no_contact_reason,
        starts_on=starts_on,
    )
    [row] = note_corrections(
        employment=employment,
        changed={Corrected.POST: (was, became)},
        period=period,
        reason=reason,
        actor=actor,
        now=now or timezone.now(),
    )
    return row


def _facts(post: str, guest_contact: bool, reason: str, starts_on: date) -> dict[str, Any]:
    return {
        "post": str(post),
        "guest_contact": guest_contact,
        "no_contact_reason": reason,
        "starts_on": starts_on.isoformat(),
    }


def _move_post(posts: list[EmploymentPeriod], place: int, day: date) -> None:
    """Let a post begin on another day; the one before it ends the day before."""
    if place == 0:
        raise Refused(
            _("The first post begins with the hire date. Correct the hire date instead."),
            code="first_post",
        )
    before, period = posts[place - 1], posts[place]
    if day <= before.starts_on:
        raise Refused(
            _("The post before it began on %(day)s, so this one must begin later.")
            % {"day": long_date(before.starts_on)},
            code="overlaps",
        )
    if period.ends_on and day > period.ends_on:
        raise Refused(
            _("This post ended on %(day)s, so it must begin by then.")
            % {"day": long_date(period.ends_on)},
            code="overlaps",
        )
    EmploymentPeriod.objects.filter(pk=before.pk).update(ends_on=day - timedelta(days=1))


def _ask_for(reason: str) -> None:
    if not reason.strip():
        raise Refused(_("Say in a few words why you correct this."), code="reason_missing")


def note_corrections(
    *,
    employment: Employment,
    changed: Changed,
    reason: str,
    actor: Person | None,
    now: datetime,
    period: EmploymentPeriod | None = None,
) -> list[EmploymentCorrection]:
    """Write the rows that say what was known before, within the caller's transaction."""
    rows = EmploymentCorrection.objects.bulk_create(
        EmploymentCorrection(
            employment=employment,
            period=period,
            kind=kind,
            was=was,
            became=became,
            reason=reason.strip(),
            corrected_by=actor,
            corrected_at=now,
        )
        for kind, (was, became) in changed.items()
    )
    audit.record(
        "employment.corrected",
        employment,
        actor=actor,
        now=now,
        fields=[str(kind) for kind in changed],
    )
    return rows
