"""A result is what courses.results says: nothing else reads what an attempt was worth at first."""

import ast
import re
from pathlib import Path

from tests.architecture.test_rooms import PROJECT, our_files

# Which keep the columns, and the service that writes them when a test is handed in.
MAY = {
    "courses/models/records.py",
    "courses/results.py",
    "courses/services/attempts.py",
}
COLUMNS = ("score_points", "passed")


def reads(source: str) -> set[str]:
    """The columns a module names: as an attribute, in a query's keyword, or in SQL."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute) and node.attr in COLUMNS:
            found.add(node.attr)
        elif isinstance(node, ast.keyword) and (node.arg or "").split("__")[-1] in COLUMNS:
            found.add(str(node.arg))
        elif (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and re.search(r"score_points|\b\w+\.passed\b", node.value)
        ):
            found.add(node.value)
    return found


def test_only_results_reads_what_an_attempt_was_worth() -> None:
    offenders = {
        str(path.relative_to(PROJECT)): found
        for path in our_files()
        if str(path.relative_to(PROJECT)) not in MAY and (found := reads(path.read_text()))
    }
    assert offenders == {}


def test_no_template_reads_it() -> None:
    offenders = [
        str(path.relative_to(PROJECT))
        for path in (PROJECT / "templates").rglob("*")
        if path.is_file() and re.search(r"\.passed\b|score_points", Path(path).read_text())
    ]
    assert offenders == []


def test_a_reader_would_be_found() -> None:
    assert reads("attempt.passed")
    assert reads("Attempt.objects.filter(enrolment__attempts__passed=True)")
    assert reads("SQL = 'SELECT a.score_points FROM courses_attempt a'")
    assert not reads("result.is_pass; passed = 1")
