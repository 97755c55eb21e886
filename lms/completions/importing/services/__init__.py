"""Changes to imports: what a coordinator does (here), and a worker going through a file (work)."""

from lms.completions.importing.services.office import (
    check_again,
    choose_columns,
    settle_person,
    settle_title,
    start,
    undo,
    unmatched_people,
    unmatched_titles,
    upload,
)

__all__ = [
    "check_again",
    "choose_columns",
    "settle_person",
    "settle_title",
    "start",
    "undo",
    "unmatched_people",
    "unmatched_titles",
    "upload",
]
