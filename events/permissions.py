"""Who may take a seat: predicates that answer with the reason."""

from datetime import datetime, timedelta

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from events import wall_time
from events.models import Session
from lms.core.exceptions import Refused
from lms.people.enums import Role
from lms.people.models import Person
from lms.people.permissions import roles_of

# How long before a session people are let in and checked in.
DOOR_OPENS = timedelta(hours=1)
# A code shown on the last slide is typed when the session is over; so long it is still taken.
CODE_TAKEN = timedelta(minutes=15)


def arranges(person: Person | AnonymousUser, session: Session) -> bool:
    """Whether the person sees to what people need in the session, and so may read it.

    The coordinators of its office; not the administrator, who arranges nothing, nor speakers,
    liaisons or employers.
    """
    if not isinstance(person, Person):
        return False
    return (Role.COORDINATOR, session.training.owner_id) in roles_of(person)


def why_closed(session: Session, now: datetime, *, by_office: bool = False) -> Refused | None:
    """Why nobody can register for the session now, seats aside; None when they can.

    The window binds people themselves; the office may register somebody outside of it.
    """
    if session.is_cancelled:
        return Refused(
            _("This session was cancelled. Please choose another date."), code="cancelled"
        )
    if session.starts_at <= now:
        return Refused(
            _("This session has already begun. Please choose another date."), code="started"
        )
    return None if by_office else _outside_window(session, now)


def _outside_window(session: Session, now: datetime) -> Refused | None:
    if session.announced_at is None:
        return Refused(_("Registration is not open yet."), code="not_announced")
    if session.registration_opens_at and now < session.registration_opens_at:
        return Refused(
            _("Registration opens on %(moment)s.")
            % {"moment": wall_time.moment(session.registration_opens_at, session.zone_info)},
            code="not_open",
        )
    if session.registration_closes_at and now >= session.registration_closes_at:
        return Refused(
            _("Registration closed on %(moment)s. Please choose another date.")
            % {"moment": wall_time.moment(session.registration_closes_at, session.zone_info)},
            code="closed",
        )
    return None


def why_kept(session: Session, now: datetime) -> Refused | None:
    """Why somebody cannot give their seat back by themselves any more; None while they can."""
    if session.starts_at <= now:
        return Refused(
            _("The session has begun, so your seat can no longer be given back."), code="started"
        )
    closed = session.cancellation_closes_at
    if closed and now >= closed:
        return Refused(
            _(
                "Seats could be given back until %(moment)s. If you can't come, please write to"
                " %(who)s."
            )
            % {
                "moment": wall_time.moment(closed, session.zone_info),
                "who": session.training.owner.contact_email or session.training.owner.name,
            },
            code="too_late",
        )
    return None


def why_full(session: Session, taken: int) -> Refused | None:
    """Why there is no seat when `taken` are spoken for; None while there is one."""
    if taken < session.capacity:
        return None
    return Refused(
        _("All seats are taken. Please choose another date, or join the waiting list."),
        code="full",
    )
