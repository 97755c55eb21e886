"""Whoever asks for a person's rows asks for those of the records merged into theirs too."""

import ast

from tests.architecture.test_rooms import PROJECT, our_files

ASKING = {"filter", "exclude", "get", "get_or_create", "update_or_create", "get_object_or_404", "Q"}
# Places where one row alone is meant, and why.
ONE_ROW = {
    # A guest is never merged.
    "courses/services/guests.py": 4,
    "courses/views_guests.py": 2,
    "courses/querysets.py": 2,
    # Ways to sign in are not carried over by a merge; neither are roles, which are passed over.
    "lms/people/adapter.py": 1,
    # Adding, changing, joining and parting one record's own addresses and roles; an import undone.
    "lms/people/services.py": 3,
    "lms/people/demo.py": 1,
    "lms/people/roster/services/undo.py": 1,
    "lms/people/merging/services.py": 7,
    # What the database lets one row have once, written for the row that stays.
    "courses/services/enrolments.py": 1,
    "courses/services/extra_time.py": 1,
    "courses/services/merging.py": 2,
    "courses/services/plans.py": 1,
    "events/services/calendar_tokens.py": 2,
    "lms/notices/services.py": 1,
    # What is open already for the row that stays.
    "lms/compliance/claims/services.py": 1,
    "lms/compliance/retention/services.py": 1,
    # What is the row's own alone: a clock, a choice; erasing goes row by row.
    "courses/personal_data.py": 1,
    "lms/notices/personal_data.py": 1,
    "courses/selectors.py": 2,
    # Beside its alias, in the same question.
    "courses/services/assignments.py": 1,
    # Not people: entries of an attendance report, speakers nobody is known for.
    "events/services/report_people.py": 5,
    "events/speaker_selectors.py": 1,
}


def asked_for_one_row(tree: ast.AST) -> int:
    """How often rows are asked for by exactly one person or user."""
    found = 0
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
        if name in ASKING and "RoleAssignment" not in ast.unparse(call.func):
            found += sum(
                key.arg in ("person", "user") or (key.arg or "").endswith(("__person", "__user"))
                for key in call.keywords
            )
    return found


def test_rows_of_a_person_are_asked_for_with_their_aliases() -> None:
    found = {
        str(path.relative_to(PROJECT)): asked_for_one_row(ast.parse(path.read_text()))
        for path in our_files()
        if "demo" not in path.parts
    }
    assert {path: count for path, count in found.items() if count} == ONE_ROW
