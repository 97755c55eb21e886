"""That no two numbers of a report, and no two periods, tell of a few when one is subtracted."""

from datetime import date

import pytest

from lms.portal.reports.figures import Told
from lms.portal.reports.periods import spans
from lms.portal.reports.tables import TABLES
from tests.factories.courses import make_course
from tests.portal.test_reports import learn, report_of


def month(number: int) -> date:
    return date(2026, number, 1)


@pytest.mark.parametrize(
    ("began", "expected"),
    [
        ({}, []),
        ({(1, "a"): 3}, [(1, 1)]),
        ({(1, "a"): 5, (2, "a"): 5}, [(1, 1), (2, 2)]),
        ({(1, "a"): 3, (2, "a"): 2, (3, "a"): 9}, [(1, 2), (3, 3)]),
        # Too few at the end go with those before them; months of nobody belong to the span before.
        ({(1, "a"): 5, (3, "a"): 5, (4, "a"): 1}, [(1, 2), (3, 4)]),
        # Each part counts: in February one is of the other part.
        ({(1, "a"): 5, (2, "a"): 5, (2, "b"): 1, (3, "b"): 4}, [(1, 1), (2, 3)]),
        ({(1, "a"): 5, (2, "a"): 5, (2, "b"): 1}, [(1, 2)]),
        ({(1, "b"): 1, (2, "a"): 5, (12, "a"): 5}, [(1, 12)]),
    ],
)  # fmt: skip
def test_spans_have_enough_people_of_each_part(
    began: dict[tuple[int, str], int], expected: list[tuple[int, int]]
) -> None:
    people = [(month(at), part) for (at, part), count in began.items() for _one in range(count)]
    assert [(span.first.month, span.last.month) for span in spans(people)] == expected


def test_numbers_of_people_differ_by_none_or_by_enough() -> None:
    told = Told(first=[20, 12], more=[18, 20, 12, 7, 13, 5, 3, 0])
    assert [told.text(count) for count in (20, 12, 7)] == [20, 12, 7]
    assert told.text(18) == "about 20"
    assert told.text(13) == "about 12"
    assert told.text(5) == "about 7"
    assert told.text(3) == "fewer than 5 people"
    assert told.text(0) == 0


@pytest.mark.django_db
def test_a_question_that_two_were_not_asked_does_not_tell_so() -> None:
    course = make_course(title="Our course", questions=4, draw=4, pass_percent=25)
    for _person in range(7):
        learn(course, before=1, after=4)
    for _person in range(2):
        learn(course, before=1, after=None)
    report = report_of(course)
    # Nine began, seven came to the post-test: that two did not is told by no number of any table.
    steps = {tuple(row[1:]) for row in TABLES["steps"](report).rows}
    assert steps == {(9, 9, 0), (9, "", "fewer than 5 people"), ("about 9", "about 9", 0)}
    asked = {row[3] for row in TABLES["questions"](report).rows}
    assert "about 9" in asked
    assert {number for number in asked if isinstance(number, int)} <= {9}
    assert {row[1] for row in TABLES["gain"](report).rows} == {"about 9"}
