"""What courses tell the registry of personal data."""

import pytest

from courses.personal_data import both_in_progress
from lms.core.personal_data import export
from tests.factories.courses import complete_course, make_course, make_enrolment
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def test_export_has_courses_steps_and_answers_of_nobody_else() -> None:
    course, person = make_course(), make_person()
    complete_course(person, course)
    complete_course(make_person(), course)
    exported = export(person)
    (enrolment,) = exported["enrolments"]
    assert [step["step"] for step in enrolment["steps"]] == [
        "pre-test",
        "lesson-1",
        "lesson-2",
        "post-test",
    ]
    assert [attempt["answers"] for attempt in exported["attempts"]] == [
        {1: ["a"], 2: ["a"]},
        {1: ["a"], 2: ["a"], 3: ["a"]},
    ]


def test_merging_two_who_are_in_the_same_course_names_it() -> None:
    course, one, other = make_course(title="Same course"), make_person(), make_person()
    make_enrolment(one, course)
    assert both_in_progress(one, other) == []
    make_enrolment(other, course)
    assert both_in_progress(one, other) == ["Same course"]
