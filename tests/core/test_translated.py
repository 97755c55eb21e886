"""What a learner reads in a course is there in Spanish too, and texts are marked to be found."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parents[2]
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_noop": None,
    "gettext_lazy": None,
    "later": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# What a learner walks through: the player with its tests, documents, proofs and surveys, plans, My
# learning with who looked, and asking for access. A preview is an editor's.
LEARNERS = (
    "templates/courses/*.html",
    "templates/courses/partials/*.html",
    "templates/courses/blocks/*.html",
    "templates/courses/guests/*.html",
    "templates/device/*.html",
    "templates/portal/my/**/*.html",
    "templates/emails/duty_due.*",
    "templates/emails/proof_decided.*",
    "templates/emails/records_*",
    "templates/emails/certificates_renamed.*",
    "templates/certificates/partials/names.html",
    "templates/completions/partials/why.html",
    "templates/portal/access/*.html",
    "templates/trainings/partials/restricted.html",
    "courses/player.py",
    "courses/views_steps.py",
    "courses/views_progress.py",
    "courses/views_plans.py",
    "courses/views_guests.py",
    "courses/views.py",
    "courses/requirements.py",
    "courses/scoring.py",
    "courses/locks.py",
    "courses/selectors.py",
    "courses/timing.py",
    "courses/wording.py",
    "courses/forms.py",
    "courses/kinds/outside.py",
    "courses/plan_outside.py",
    "courses/plan_selectors.py",
    "courses/plan_wording.py",
    "courses/services/answers.py",
    "courses/services/attempts.py",
    "courses/services/document_news.py",
    "courses/services/outside.py",
    "courses/services/own_word.py",
    "courses/services/signatures.py",
    "courses/services/steps.py",
    "courses/services/surveys.py",
    "lms/core/pictures.py",
    "lms/certificates/renaming.py",
    "lms/completions/replay.py",
    "lms/compliance/review_models.py",
    "lms/compliance/review/letters.py",
    "lms/compliance/review/wording.py",
    "courses/replay.py",
    "events/replay.py",
    "lms/people/merging/own.py",
    "lms/portal/access/*.py",
    "lms/portal/device/*.py",
    "lms/portal/my/*.py",
    "lms/trainings/access_selectors.py",
    "lms/trainings/services/requests.py",
)
PREVIEWS = {
    "document_page.html",
    "lesson_page.html",
    "outside_page.html",
    "survey_page.html",
    "test_preview.html",
}
Text = str | tuple[str, ...]


def files() -> Iterator[Path]:
    for pattern in LEARNERS:
        found = [path for path in ROOT.glob(pattern) if path.name not in PREVIEWS]
        assert found, pattern
        yield from found


def texts(path: Path) -> Iterator[Text]:
    """The msgids of a file: a string each, or the forms of a plural."""
    source = path.read_text("utf-8")
    if path.suffix == ".html":
        # Without indentation, which means nothing in a template and something in Python.
        lines = templatize(source, origin=str(path)).splitlines()
        source = "\n".join(line.lstrip() for line in lines)
    for _line, message, _comments, _context in extract(
        "python", io.BytesIO(source.encode()), KEYWORDS
    ):
        if message:
            yield message


def known(language: str) -> dict[Text, bool]:
    """Each msgid of the catalogue, and whether all of it is translated."""
    with (ROOT / "lms/locale" / language / "LC_MESSAGES/django.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    found: dict[Text, bool] = {}
    for message in catalogue:
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        done = not message.fuzzy and all(strings)
        found[message.id] = done
        # gettext finds a plural's first form for the same words said alone.
        if not isinstance(message.id, str):
            found[message.id[0]] = done
    return found


def test_what_a_learner_reads_is_there_in_spanish() -> None:
    translated = known("es")
    missing = {
        f"{path.relative_to(ROOT)}: {message}"
        for path in files()
        for message in texts(path)
        if not translated.get(message)
    }
    assert missing == set()


@pytest.mark.parametrize("language", ["es", "ar"])
def test_translations_keep_their_placeholders(language: str) -> None:
    with (ROOT / "lms/locale" / language / "LC_MESSAGES/django.po").open("rb") as source:
        catalogue = read_po(source, locale=language)
    held = re.compile(r"%\(\w+\)[sd]|#")
    wrong = []
    for message in catalogue:
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        strings = [message.string] if isinstance(message.string, str) else list(message.string)
        if not message.id or not all(strings):
            continue
        allowed = {held_here for form in ids for held_here in held.findall(form)}
        # A language's form for one may say "one" in words; none may hold what is not there.
        needed = set(held.findall(ids[-1])) if len(ids) == 1 else set()
        for string in strings:
            found = set(held.findall(string))
            if not needed <= found <= allowed:
                wrong.append((ids[0], string))
    assert wrong == []


def test_texts_are_marked_under_names_that_makemessages_knows() -> None:
    other_name = re.compile(r"import .*\bn?gettext(?:_lazy)? as (?!(?:_|later)\b)\w+")
    unmarked = [
        str(path.relative_to(ROOT))
        for room in ("lms", "courses", "events")
        for path in (ROOT / room).rglob("*.py")
        if other_name.search(path.read_text("utf-8"))
    ]
    assert unmarked == []
