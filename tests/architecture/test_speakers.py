"""A speaker's name reaches the public through one file: `events/speakers.py`."""

import ast
import re
from pathlib import Path

from tests.architecture.test_rooms import PROJECT, our_files

# What says who somebody is. `speaker_names` and `speakers` of a session are typed by the office.
TELLING = {"display_name", "biography", "photo_alt", "speaker_names", "other_names"}
MAY_READ = {
    "events/speakers.py": "decides what is shown",
    "events/speaker_selectors.py": "says to the speaker what is lacking",
    "events/speaker_personal_data.py": "gives the speaker what is kept",
    "events/services/speakers.py": "refuses to allow what is not there",
    "events/services/speaker_files.py": "keeps what the speaker writes",
    "events/views_speaking.py": "the speaker's own page",
    "events/clashes.py": "tells the office of two sessions with one speaker",
}
# Templates that may go from a row to the person: the speaker's own pages and the office's.
PRIVATE = ("templates/events/speaking/", "templates/desk/sessions/speaker")


def test_nothing_else_reads_who_speaks() -> None:
    readers = {
        str(path.relative_to(PROJECT))
        for path in our_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in TELLING
    }
    assert readers == set(MAY_READ)


def test_typed_names_are_read_and_copied_nowhere_else() -> None:
    """`session.speakers` is the raw field; `row.speakers` and the like are what is shown of it."""
    readers = {
        str(path.relative_to(PROJECT))
        for path in our_files()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute)
        and node.attr == "speakers"
        and isinstance(node.value, ast.Name)
        and node.value.id in {"session", "self", "found", "old", "other"}
    }
    assert readers == {"events/models.py"}


def test_no_public_template_goes_from_a_row_to_the_person() -> None:
    telling = re.compile(r"\.speaker\b|speaker_names|session\.speakers|display_name|presenting\.")
    wrong = [
        str(path.relative_to(PROJECT))
        for path in sorted((PROJECT / "templates").rglob("*"))
        if path.is_file()
        and not str(path.relative_to(PROJECT)).startswith(PRIVATE)
        and telling.search(path.read_text("utf-8"))
    ]
    assert wrong == []


def test_calendars_and_mails_know_nothing_of_speakers() -> None:
    """A copy of them lies where nobody can take it back."""
    for name in ("calendars.py", "feeds.py", "letters.py"):
        assert "speaker" not in Path(PROJECT / "events" / name).read_text().replace(
            "speaker_letters", ""
        )
