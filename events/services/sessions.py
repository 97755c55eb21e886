"""A session's life: scheduled, changed, cancelled."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from events import wall_time
from events.attendance_report.rule import minutes_of
from events.enums import (
    FreedSeats,
    RegistrationMove,
    RegistrationStatus,
    SessionStatus,
    SurveyRule,
)
from events.models import Attendance, Registration, RegistrationEvent, Session
from events.services import news, seats, waiting, webex
from events.services.check_in import void_check_ins
from events.windows import shifted
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person
from lms.trainings.models import Training


@dataclass(frozen=True)
class When:
    """A day and its wall times in a zone, with the instants they mean."""

    day: date
    start_time: time
    end_time: time
    zone: str
    starts_at: datetime
    ends_at: datetime


# What was said of attendance before the session, and holds after it.
_RULE = {"min_minutes", "min_percent", "grace_minutes", "code_asked"}


def settle(*, day: date, start: time, end: time, zone: str) -> When:
    """Compute the instants of a session within one day.

    Raises Refused for a zone nobody knows, an end before the start, or a time that a clock change
    skips.
    """
    try:
        place = wall_time.parse_zone(zone)
    except ValueError as error:
        raise Refused(str(error), code="unknown_zone") from error
    if end <= start:
        raise Refused(_("A session ends after it starts, on the same day."), code="ends_too_early")
    starts_at = wall_time.instant(day, start, place)
    ends_at = wall_time.instant(day, end, place)
    if ends_at <= starts_at:
        raise Refused(
            _("The clocks are set back within this session. Choose another time."),
            code="no_such_time",
        )
    return When(day, start, end, place.key, starts_at, ends_at)


def planned_session(
    *,
    training: Training,
    day: date,
    start: time,
    end: time,
    zone: str = "America/New_York",
    title: str = "",
    registration_opens_at: datetime | None = None,
    registration_closes_at: datetime | None = None,
    announced: bool = True,
    actor: Person | None,
    now: datetime,
    **details: Any,
) -> Session:
    """The session as it would be, without a query; see schedule_session for what is refused."""
    settled = settle(day=day, start=start, end=end, zone=zone)
    if settled.starts_at <= now:
        raise Refused(_("This date is already past. Check the year."), code="past")
    _check_window(registration_opens_at, registration_closes_at)
    session = Session(
        training=training,
        title="" if title.strip() == training.title else title.strip(),
        **settled.__dict__,
        registration_opens_at=registration_opens_at,
        registration_closes_at=registration_closes_at,
        announced_at=now if announced else None,
        created_by=actor,
        created_at=now,
        updated_at=now,
        **{
            name: value.strip() if isinstance(value, str) else value
            for name, value in details.items()
        },
    )
    _follow_percent(session)
    _check_numbers(session)
    return session


def refuse_unpublished(training: Training) -> None:
    """A training that was never published has no dates."""
    if not training.versions.exists():
        raise Refused(
            _("Publish the training's page first; then it can have dates."), code="not_published"
        )


def as_known(session: Session, known: Session) -> Session:
    """The session of that title that the training has then already, if this is the same one."""
    if (known.ends_at, known.capacity) == (session.ends_at, session.capacity):
        return known
    raise Refused(
        _("This training has a session at that time already. Give this one its own title."),
        code="already_scheduled",
    )


@transaction.atomic
def schedule_session(
    *,
    training: Training,
    day: date,
    start: time,
    end: time,
    zone: str = "America/New_York",
    capacity: int,
    title: str = "",
    platform: str = "",
    location: str = "",
    join_url: str = "",
    speakers: str = "",
    min_minutes: int = 0,
    min_percent: int | None = None,
    grace_minutes: int | None = None,
    registration_opens_at: datetime | None = None,
    registration_closes_at: datetime | None = None,
    cancellation_closes_at: datetime | None = None,
    freed_seats: str = FreedSeats.OFFER,
    reminders: bool = True,
    approval: bool = False,
    check_in_code: str = "",
    code_asked: bool = False,
    survey: str = SurveyRule.NONE,
    announced: bool = True,
    actor: Person | None,
    now: datetime | None = None,
) -> Session:
    """Add a date to a live training. The same date posted twice is one session.

    `day`, `start` and `end` are wall time in `zone` (an IANA name, or "EST" as people say it).
    Raises Refused for a date in the past, no seats, a rule longer than the session, a window that
    closes before it opens, a date this training has already, and a training never published.
    A `min_percent` of the length gives `min_minutes`, also when the session is moved.
    On Webex, without a link, a meeting is made there where the site is connected to it.
    Not `announced`, it is kept back from everybody until `announce_sessions`.
    """
    now = now or timezone.now()
    session = planned_session(
        training=training,
        now=now,
        actor=actor,
        day=day,
        start=start,
        end=end,
        zone=zone,
        capacity=capacity,
        title=title,
        platform=platform,
        location=location,
        join_url=join_url,
        speakers=speakers,
        min_minutes=min_minutes,
        min_percent=min_percent,
        grace_minutes=grace_minutes,
        registration_opens_at=registration_opens_at,
        registration_closes_at=registration_closes_at,
        cancellation_closes_at=cancellation_closes_at,
        freed_seats=freed_seats,
        reminders=reminders,
        approval=approval,
        check_in_code=check_in_code,
        code_asked=code_asked,
        survey=survey,
        announced=announced,
    )
    refuse_unpublished(training)
    session.training = lock(training)
    known = _same_date(session)
    if known:
        return as_known(session, known)
    session.save()
    audit.record("session.scheduled", session, actor=actor, now=now)
    if webex.is_hosted_there(session):
        webex.want_meeting(session=session, actor=actor, now=now)
    return session


@transaction.atomic
def reschedule_session(
    *,
    session: Session,
    day: date,
    start: time,
    end: time,
    zone: str = "America/New_York",
    actor: Person | None,
    now: datetime | None = None,
) -> Session:
    """Move a session; everybody registered is told, with an update for their calendars.

    Its windows move by as many days, and on another day nobody is checked in yet. The same time
    again changes nothing. Raises Refused once the session began or was cancelled, for
    a time in the past, and for a time its training has already.
    """
    now = now or timezone.now()
    settled = settle(day=day, start=start, end=end, zone=zone)
    session = _lock_unbegun(session, now)
    previous = (session.starts_at, session.ends_at, session.zone)
    if previous == (settled.starts_at, settled.ends_at, settled.zone):
        return session
    if settled.starts_at <= now:
        raise Refused(_("This date is already past. Check the year."), code="past")
    another_day = settled.day != session.day
    changes = {**settled.__dict__, **shifted(session, settled.day - session.day)}
    for name, value in changes.items():
        setattr(session, name, value)
    changes |= _follow_percent(session)
    _check_numbers(session)
    if _same_date(session):
        raise Refused(
            _("This training already has a session at that time."), code="already_scheduled"
        )
    if another_day:
        void_check_ins(session, actor=actor, now=now)
    _publish_change(session, fields=list(changes), previous=previous, actor=actor, now=now)
    audit.record(
        "session.rescheduled",
        session,
        actor=actor,
        now=now,
        was=previous[0].isoformat(),
        now_is=session.starts_at.isoformat(),
    )
    return session


@transaction.atomic
def change_details(
    *, session: Session, actor: Person | None, now: datetime | None = None, **changes: Any
) -> Session:
    """Change a session but for its time: title, seats, place, speakers, rule, windows, list.

    A new title or place is told to everybody registered, since their calendars show it; the rest is
    not. More seats reach those who wait at once. Raises Refused for fewer seats than are taken or
    on offer, and for a rule changed after the beginning.
    """
    now = now or timezone.now()
    known = {
        "title",
        "capacity",
        "platform",
        "location",
        "join_url",
        "speakers",
        "min_minutes",
        "min_percent",
        "grace_minutes",
        "registration_opens_at",
        "registration_closes_at",
        "cancellation_closes_at",
        "freed_seats",
        "reminders",
        "approval",
        "check_in_code",
        "code_asked",
        "survey",
    }
    if not changes.keys() <= known:
        message = f"Not a detail of a session: {sorted(changes.keys() - known)}"
        raise ValueError(message)
    session = seats.lock_session(session)
    if session.is_cancelled:
        raise Refused(_("This session was cancelled."), code="cancelled")
    if changes.get("min_percent", session.min_percent) is not None:
        changes.pop("min_minutes", None)  # they follow the percent
    changed = {name for name, value in changes.items() if getattr(session, name) != value}
    if not changed:
        return session
    rule = changed & {"min_minutes", "min_percent", "grace_minutes", "code_asked"}
    made_rule = "survey" in changed and SurveyRule.RULE in (session.survey, changes["survey"])
    if (rule or made_rule) and session.starts_at <= now:
        raise Refused(
            _("The rule for attendance was shown before the session and stays as it was."),
            code="started",
        )
    for name in changed:
        setattr(session, name, changes[name])
    changed |= _follow_percent(session).keys()
    _check_numbers(session)
    _check_window(session.registration_opens_at, session.registration_closes_at)
    taken = session.registrations.holding().count()
    if session.capacity < taken:
        raise Refused(
            _("%(taken)s seats are taken or on offer; there cannot be fewer than that.")
            % {"taken": taken},
            code="fewer_seats_than_people",
        )
    if changed & {"title", "location"} and session.ends_at > now:
        previous = (session.starts_at, session.ends_at, session.zone)
        _publish_change(session, fields=sorted(changed), previous=previous, actor=actor, now=now)
    else:
        session.updated_at = now
        session.save(update_fields=[*sorted(changed), "updated_at"])
    audit.record("session.changed", session, actor=actor, now=now, fields=sorted(changed))
    waiting.fill(session, actor=None, now=now)
    return session


@transaction.atomic
def cancel_session(
    *, session: Session, reason: str, actor: Person | None, now: datetime | None = None
) -> Session:
    """Cancel a session: seats and waiting list end, everybody is told why, calendars drop it.

    Cancelling twice changes nothing. Raises Refused without a reason, once it is over, and once
    attendance was taken.
    """
    now = now or timezone.now()
    reason = " ".join(reason.split())
    session = lock(session)
    if session.is_cancelled:
        return session
    if not reason:
        raise Refused(_("Say why, in words that everybody registered may read."), code="no_reason")
    if session.ends_at <= now:
        raise Refused(_("This session is over and cannot be cancelled."), code="over")
    if Attendance.objects.filter(registration__session=session).exists():
        raise Refused(
            _("Attendance was already taken, so this session took place."), code="attendance_taken"
        )
    session.status = SessionStatus.CANCELLED
    session.cancelled_at = session.updated_at = now
    session.cancel_reason = reason[:300]
    session.sequence += 1
    session.save(
        update_fields=["status", "cancelled_at", "updated_at", "cancel_reason", "sequence"]
    )
    taken = list(session.registrations.live().values_list("pk", flat=True))
    queued = list(
        session.registrations.current().exclude(pk__in=taken).values_list("pk", flat=True)
    )
    gone = {"status": RegistrationStatus.CANCELLED, "cancelled_at": now, "updated_at": now}
    Registration.objects.filter(pk__in=taken).update(**gone, sequence=F("sequence") + 1)
    Registration.objects.filter(pk__in=queued).update(**gone, place=None, offered_until=None)
    _note([*taken, *queued], RegistrationMove.SESSION_CANCELLED, actor=actor, now=now)
    audit.record("session.cancelled", session, actor=actor, now=now, seats=len(taken))
    news.announce(session, news=news.CANCELLED)
    webex.follow(session, now=now)
    return session


def _publish_change(
    session: Session,
    *,
    fields: list[str],
    previous: tuple[datetime, datetime, str],
    actor: Person | None,
    now: datetime,
) -> None:
    """Save what calendars show, raise every SEQUENCE, and have everybody told."""
    session.sequence += 1
    session.updated_at = now
    session.save(update_fields=[*fields, "sequence", "updated_at"])
    session.registrations.live().update(sequence=F("sequence") + 1, updated_at=now)
    # No offer holds a seat beyond the beginning, wherever that is now.
    session.registrations.filter(offered_until__gt=session.starts_at).update(
        offered_until=session.starts_at
    )
    concerned = list(session.registrations.current().values_list("pk", flat=True))
    _note(concerned, RegistrationMove.SESSION_MOVED, actor=actor, now=now)
    news.announce(session, news=news.CHANGED, previous=previous)
    webex.follow(session, now=now)


def _note(
    rows_of: list[int], move: RegistrationMove, *, actor: Person | None, now: datetime
) -> None:
    """A history row for each seat, with the sequence it now has."""
    rows = Registration.objects.filter(pk__in=rows_of).values_list("pk", "sequence")
    RegistrationEvent.objects.bulk_create(
        RegistrationEvent(registration_id=pk, move=move, sequence=sequence, at=now, actor=actor)
        for pk, sequence in rows
    )


def _lock_unbegun(session: Session, now: datetime) -> Session:
    locked = lock(session)
    if locked.is_cancelled:
        raise Refused(_("This session was cancelled."), code="cancelled")
    if locked.starts_at <= now:
        raise Refused(_("This session has begun and cannot be moved."), code="started")
    return locked


def _same_date(session: Session) -> Session | None:
    """Another standing session of the training at the same instant under the same title."""
    return (
        Session.objects.standing()
        .filter(training=session.training, starts_at=session.starts_at, title=session.title)
        .exclude(pk=session.pk)
        .first()
    )


def _follow_percent(session: Session) -> dict[str, int]:
    """The minutes that the percent comes to at this length; what of it is new."""
    if session.min_percent is None:
        return {}
    minutes = minutes_of(session.min_percent, session.planned_minutes)
    if minutes == session.min_minutes:
        return {}
    session.min_minutes = minutes
    return {"min_minutes": minutes}


def _check_numbers(session: Session) -> None:
    if session.capacity < 1:
        raise Refused(_("A session has at least one seat."), code="no_seats")
    if session.min_minutes > session.planned_minutes:
        raise Refused(
            _("The rule asks for %(rule)s minutes, but the session lasts %(planned)s.")
            % {"rule": session.min_minutes, "planned": session.planned_minutes},
            code="rule_too_long",
        )
    if session.code_asked and not session.check_in_code:
        raise Refused(
            _("Attendance can only ask for a code that there is. Write the check-in code."),
            code="no_code",
        )


def _check_window(opens: datetime | None, closes: datetime | None) -> None:
    if opens and closes and closes <= opens:
        raise Refused(_("Registration closes after it opens."), code="window_reversed")
