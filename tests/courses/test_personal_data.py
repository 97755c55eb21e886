"""What courses tell the registry of personal data."""

import pytest

from lms.core.personal_data import export
from tests.factories.courses import complete_course, make_course
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
