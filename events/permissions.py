"""Who may take a seat: predicates that answer with the reason."""

from datetime import datetime

from django.utils import formats
from django.utils.translation import gettext as _

from events.models import Session
from lms.core.exceptions import Refused
from lms.core.time import zone_label


def why_closed(session: Session, now: datetime) -> Refused | None:
    """Why nobody can register for the session now, seats aside; None when they can."""
    if session.is_cancelled:
        return Refused(
            _("This session was cancelled. Please choose another date."), code="cancelled"
        )
    if session.starts_at <= now:
        return Refused(
            _("This session has already begun. Please choose another date."), code="started"
        )
    if session.registration_opens_at and now < session.registration_opens_at:
        return Refused(
            _("Registration opens on %(moment)s.") % {"moment": _moment(session, opens=True)},
            code="not_open",
        )
    if session.registration_closes_at and now >= session.registration_closes_at:
        return Refused(
            _("Registration closed on %(moment)s. Please choose another date.")
            % {"moment": _moment(session, opens=False)},
            code="closed",
        )
    return None


def why_full(session: Session, taken: int) -> Refused | None:
    """Why there is no seat when `taken` are; None while there is one."""
    if taken < session.capacity:
        return None
    return Refused(
        _("All seats are taken. Please choose another date, or look here again: seats get free."),
        code="full",
    )


def _moment(session: Session, *, opens: bool) -> str:
    moment = session.registration_opens_at if opens else session.registration_closes_at
    assert moment is not None  # noqa: S101 - both callers asked before
    local = moment.astimezone(session.zone_info)
    return _("%(day)s at %(time)s %(zone)s") % {
        "day": formats.date_format(local, "DATE_FORMAT"),
        "time": formats.time_format(local.time(), "TIME_FORMAT"),
        "zone": zone_label(moment, session.zone_info),
    }
