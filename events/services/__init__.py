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
from events.services.attendance_reports import (
    Applied,
    Imported,
    apply_reports,
    import_report,
    read_again,
    set_aside_report,
)
from events.services.calendar_tokens import calendar_token, renew_calendar_token
from events.services.news import tell_everyone
from events.services.office import GroupOutcome, GroupRow, register_group
from events.services.registrations import cancel_registration, register
from events.services.reminders import send_due_reminders
from events.services.report_people import (
    link_person,
    link_walk_in,
    set_aside_person,
    take_person_back,
    unlink_person,
)
from events.services.sessions import (
    cancel_session,
    change_details,
    reschedule_session,
    schedule_session,
)
from events.services.waiting import accept_offer, offer_out_of_order
from events.services.waiting import tend as tend_waiting_lists
from events.services.walk_ins import add_walk_in

__all__ = [
    "Applied",
    "GroupOutcome",
    "GroupRow",
    "Imported",
    "Mark",
    "accept_offer",
    "add_walk_in",
    "apply_reports",
    "begin_due_sessions",
    "begin_session",
    "calendar_token",
    "cancel_registration",
    "cancel_session",
    "change_details",
    "import_report",
    "link_person",
    "link_walk_in",
    "mark_attendance",
    "mark_many",
    "offer_out_of_order",
    "read_again",
    "register",
    "register_group",
    "renew_calendar_token",
    "reschedule_session",
    "schedule_session",
    "send_due_reminders",
    "set_aside_person",
    "set_aside_report",
    "take_person_back",
    "tell_everyone",
    "tend_waiting_lists",
    "unlink_person",
]
