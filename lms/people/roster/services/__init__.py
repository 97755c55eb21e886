"""What happens to rosters: taken in, read, looked at, taken over, undone, forgotten."""

from lms.people.roster.services.apply import apply_roster, confirm_roster
from lms.people.roster.services.intake import (
    KIND,
    answer_questions,
    drop_roster,
    fix_row,
    forget_rosters,
    import_roster,
    plan_roster,
    work_on_roster,
)
from lms.people.roster.services.undo import UNDO_WITHIN, undo_roster

__all__ = [
    "KIND",
    "UNDO_WITHIN",
    "answer_questions",
    "apply_roster",
    "confirm_roster",
    "drop_roster",
    "fix_row",
    "forget_rosters",
    "import_roster",
    "plan_roster",
    "undo_roster",
    "work_on_roster",
]
