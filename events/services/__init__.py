"""How sessions and seats move: one function for each verb of the business.

Each is one transaction with its audit row and its letters; doing it twice changes nothing more; a
refusal is a `Refused` with a sentence fit to show.
"""

from events.services.attendance import (
    Mark,
    begin_due_sessions,
    begin_session,
    mark_attendance,
    mark_many,
)
from events.services.calendar_tokens import calendar_token, renew_calendar_token
from events.services.news import tell_everyone
from events.services.registrations import cancel_registration, register
from events.services.sessions import (
    cancel_session,
    change_details,
    reschedule_session,
    schedule_session,
)

__all__ = [
    "Mark",
    "begin_due_sessions",
    "begin_session",
    "calendar_token",
    "cancel_registration",
    "cancel_session",
    "change_details",
    "mark_attendance",
    "mark_many",
    "register",
    "renew_calendar_token",
    "reschedule_session",
    "schedule_session",
    "tell_everyone",
]
