"""All that changes courses' records: publishing, the bank, enrolling, steps, attempts."""

from courses.services.active_time import arrive, keep_place, keep_time
from courses.services.answers import OVER, Saved, Stamp, save_answer, save_answers, time_over
from courses.services.assignments import (
    Bulk,
    ask_again,
    assign,
    assign_many,
    withdraw_assignment,
)
from courses.services.attempts import hand_in, hand_in_overdue, start_attempt
from courses.services.bank import (
    check_choices,
    content_of,
    copy_bank,
    copy_question,
    retire_question,
    write_question,
)
from courses.services.enrolments import enrol, evaluate, withdraw
from courses.services.extra_time import extra_minutes, grant_extra_time, withdraw_extra_time
from courses.services.files import keep_lesson_file
from courses.services.guests import Claimed, claim, remove_forgotten, remove_work
from courses.services.interchange import plan_bank, read_bank, take_bank
from courses.services.moving import move_under_way, under_way, undo_move
from courses.services.outages import Declared, declare_outage, demand_span
from courses.services.outside import (
    accept_proof,
    check_proof,
    refuse_proof,
    send_part_proof,
    send_proof,
)
from courses.services.own_word import give_own_word
from courses.services.publishing import (
    freeze_course,
    publication_problems,
    put_step_in_force,
    settle_copy,
)
from courses.services.regrades import decide_regrade, work_off, work_off_all
from courses.services.rulings import excuse_outage, grant_outage_time, void_attempt
from courses.services.signatures import record_edition, sign_document
from courses.services.spelling import demand_spelling_only, mend_spelling
from courses.services.steps import finish_lesson, open_step
from courses.services.surveys import give_survey, remove_comment

__all__ = [
    "OVER",
    "Bulk",
    "Claimed",
    "Declared",
    "Saved",
    "Stamp",
    "accept_proof",
    "arrive",
    "ask_again",
    "assign",
    "assign_many",
    "check_choices",
    "check_proof",
    "claim",
    "content_of",
    "copy_bank",
    "copy_question",
    "decide_regrade",
    "declare_outage",
    "demand_span",
    "demand_spelling_only",
    "enrol",
    "evaluate",
    "excuse_outage",
    "extra_minutes",
    "finish_lesson",
    "freeze_course",
    "give_own_word",
    "give_survey",
    "grant_extra_time",
    "grant_outage_time",
    "hand_in",
    "hand_in_overdue",
    "keep_lesson_file",
    "keep_place",
    "keep_time",
    "mend_spelling",
    "move_under_way",
    "open_step",
    "plan_bank",
    "publication_problems",
    "put_step_in_force",
    "read_bank",
    "record_edition",
    "refuse_proof",
    "remove_comment",
    "remove_forgotten",
    "remove_work",
    "retire_question",
    "save_answer",
    "save_answers",
    "send_part_proof",
    "send_proof",
    "settle_copy",
    "sign_document",
    "start_attempt",
    "take_bank",
    "time_over",
    "under_way",
    "undo_move",
    "void_attempt",
    "withdraw",
    "withdraw_assignment",
    "withdraw_extra_time",
    "work_off",
    "work_off_all",
    "write_question",
]
