"""How sessions and seats move: one function for each verb of the business.

Each is one transaction with its audit row and its letters; doing it twice changes nothing more; a
refusal is a `Refused` with a sentence fit to show.
"""

from events.services.announcing import announce_program, announce_sessions
from events.services.approvals import approve, refuse
from events.services.asking import Said, add_question, arrange, retire_question, say
from events.services.attendance import (
    Mark,
    begin_due_sessions,
    begin_session,
    mark_attendance,
    mark_many,
)
from events.services.attendance_noting import abandoned_notings, note_reports, work_noting
from events.services.attendance_reports import (
    abandoned_reports,
    read_again,
    set_aside_report,
    take_in_report,
    take_in_reports,
    work_report,
)
from events.services.calendar_tokens import calendar_token, renew_calendar_token
from events.services.check_in import check_in, undo_check_in
from events.services.mailing import (
    choose_lists,
    close_list,
    make_list,
    subscribe,
    unsubscribe,
)
from events.services.mailing_imports import begin_import, choose_columns, finish_import
from events.services.mailing_sending import write_to_list
from events.services.many import DateOutcome, DateRow, PlannedDate, schedule_many
from events.services.messages import send_message
from events.services.news import tell_everyone
from events.services.office import GroupOutcome, GroupRow, register_group
from events.services.program_reminders import remind_of_programs
from events.services.registrations import cancel_registration, register
from events.services.reminders import send_due_reminders
from events.services.report_people import (
    link_person,
    link_walk_in,
    set_aside_person,
    take_person_back,
    unlink_person,
)
from events.services.series import Moved, SeatResult, copy_series, register_several
from events.services.sessions import (
    cancel_session,
    change_details,
    reschedule_session,
    schedule_session,
)
from events.services.speaker_files import (
    add_material,
    change_about,
    change_material,
    change_photo_words,
    keep_photo,
    keep_recording,
    remove_material,
    remove_photo,
    remove_recording,
)
from events.services.speakers import (
    allow,
    change_label,
    change_presenting,
    confirm_presenting,
    invite_again,
    invite_speaker,
    leave_presenting,
    remove_speaker,
    rule_spoke,
    take_back,
)
from events.services.surveys import answer_survey, ask_for_surveys
from events.services.waiting import accept_offer, offer_out_of_order
from events.services.waiting import tend as tend_waiting_lists
from events.services.walk_ins import OtherPersonsAddress, add_walk_in
from events.services.webex import drop_meeting as drop_webex_meeting
from events.services.webex import settle as settle_webex
from events.services.webex import settle_due as settle_due_webex
from events.services.webex import try_again as try_webex_again
from events.services.webex import want_meeting as want_webex_meeting
from events.services.webex_attendance import answer_attendance as answer_webex_attendance
from events.services.webex_attendance import ask_attendance as ask_webex_attendance
from events.services.webex_attendance import fetch_attendance as fetch_webex_attendance
from events.services.webex_attendance import fetch_due as fetch_due_webex_attendance
from events.services.webex_hooks import is_signed as is_signed_by_webex
from events.services.webex_hooks import keep_hooks as keep_webex_hooks
from events.services.webex_hooks import take_delivery as take_webex_delivery
from events.services.webex_join import own_link
from events.services.wishes import decline_wish, grant_wish, wish

__all__ = [
    "DateOutcome",
    "DateRow",
    "GroupOutcome",
    "GroupRow",
    "Mark",
    "Moved",
    "OtherPersonsAddress",
    "PlannedDate",
    "Said",
    "SeatResult",
    "abandoned_notings",
    "abandoned_reports",
    "accept_offer",
    "add_material",
    "add_question",
    "add_walk_in",
    "allow",
    "announce_program",
    "announce_sessions",
    "answer_survey",
    "answer_webex_attendance",
    "approve",
    "arrange",
    "ask_for_surveys",
    "ask_webex_attendance",
    "begin_due_sessions",
    "begin_import",
    "begin_session",
    "calendar_token",
    "cancel_registration",
    "cancel_session",
    "change_about",
    "change_details",
    "change_label",
    "change_material",
    "change_photo_words",
    "change_presenting",
    "check_in",
    "choose_columns",
    "choose_lists",
    "close_list",
    "confirm_presenting",
    "copy_series",
    "decline_wish",
    "drop_webex_meeting",
    "fetch_due_webex_attendance",
    "fetch_webex_attendance",
    "finish_import",
    "grant_wish",
    "invite_again",
    "invite_speaker",
    "is_signed_by_webex",
    "keep_photo",
    "keep_recording",
    "keep_webex_hooks",
    "leave_presenting",
    "link_person",
    "link_walk_in",
    "make_list",
    "mark_attendance",
    "mark_many",
    "note_reports",
    "offer_out_of_order",
    "own_link",
    "read_again",
    "refuse",
    "register",
    "register_group",
    "register_several",
    "remind_of_programs",
    "remove_material",
    "remove_photo",
    "remove_recording",
    "remove_speaker",
    "renew_calendar_token",
    "reschedule_session",
    "retire_question",
    "rule_spoke",
    "say",
    "schedule_many",
    "schedule_session",
    "send_due_reminders",
    "send_message",
    "set_aside_person",
    "set_aside_report",
    "settle_due_webex",
    "settle_webex",
    "subscribe",
    "take_back",
    "take_in_report",
    "take_in_reports",
    "take_person_back",
    "take_webex_delivery",
    "tell_everyone",
    "tend_waiting_lists",
    "try_webex_again",
    "undo_check_in",
    "unlink_person",
    "unsubscribe",
    "want_webex_meeting",
    "wish",
    "work_noting",
    "work_report",
    "write_to_list",
]
