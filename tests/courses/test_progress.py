"""Enrolling, gates, finishing, completing: one answer for everybody."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from courses import services
from courses.enums import EnrolmentStatus, StepState
from courses.models import Attempt, Enrolment, StepProgress
from courses.selectors import newest_for, where
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from tests.factories.courses import (
    complete_course,
    make_course,
    make_enrolment,
    take_test,
    training_of,
)
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def test_enrol_twice_is_one_enrolment() -> None:
    course, person = make_course(), make_person()
    assert make_enrolment(person, course) == make_enrolment(person, course)
    assert Enrolment.objects.count() == 1


def test_enrol_writes_for_the_canonical_person() -> None:
    course, person = make_course(), make_person()
    alias = make_person(canonical_person=person)
    assert make_enrolment(alias, course).person == person


def test_database_refuses_two_active_enrolments() -> None:
    course, person = make_course(), make_person()
    first = make_enrolment(person, course)
    with pytest.raises(DatabaseError, match="courses_enrolment_one_active"), transaction.atomic():
        Enrolment.objects.create(person=person, training=first.training, version=first.version)


def test_enrol_after_completing_returns_that_unless_taken_again() -> None:
    course, person = make_course(), make_person()
    done = complete_course(person, course)
    assert make_enrolment(person, course) == done
    again = make_enrolment(person, course, again=True)
    assert again != done
    assert again.status == EnrolmentStatus.ACTIVE


def test_enrol_in_an_unpublished_course_is_refused() -> None:
    course = make_course()
    course.unpublish()
    with pytest.raises(Refused, match="not open at the moment"):
        make_enrolment(make_person(), course)


def test_unpublished_course_goes_on_for_those_in_it() -> None:
    course, person = make_course(), make_person()
    make_enrolment(person, course)
    course.unpublish()
    assert complete_course(person, course).status == EnrolmentStatus.COMPLETED


def test_lesson_before_the_pre_test_is_refused_with_the_reason() -> None:
    enrolment = make_enrolment(make_person(), make_course())
    for act in (services.open_step, services.finish_lesson):
        with pytest.raises(Refused, match="First take the “Pre-test”"):
            act(enrolment=enrolment, step_key="lesson-1", actor=None)
    assert StepProgress.objects.count() == 0


def test_steps_open_one_after_the_other() -> None:
    enrolment = make_enrolment(make_person(), make_course())

    def states() -> list[StepState]:
        return [step.state for step in where(fresh(enrolment)).steps]

    done, opened, locked = StepState.DONE, StepState.OPEN, StepState.LOCKED
    assert states() == [opened, locked, locked, locked]
    take_test(enrolment, "pre-test", right=0)
    assert states() == [done, opened, locked, locked]
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=None)
    assert states() == [done, done, opened, locked]
    services.finish_lesson(enrolment=enrolment, step_key="lesson-2", actor=None)
    assert states() == [done, done, done, opened]
    take_test(enrolment, "post-test", right=0)
    assert states() == [done, done, done, opened]


def test_pre_test_cannot_be_failed() -> None:
    enrolment = make_enrolment(make_person(), make_course())
    attempt = take_test(enrolment, "pre-test", right=0)
    assert (attempt.passed, attempt.score_points) == (None, 0)


def test_optional_lesson_holds_up_nobody() -> None:
    course = make_course(pre_test=False, lessons=2, publish=False)
    course.outline[0].value["required"] = False
    course.save_revision().publish()
    enrolment = make_enrolment(make_person(), course)
    services.finish_lesson(enrolment=enrolment, step_key="lesson-2", actor=None)
    take_test(enrolment, "post-test")
    assert fresh(enrolment).status == EnrolmentStatus.COMPLETED


def test_where_says_how_long_it_still_takes() -> None:
    enrolment = make_enrolment(make_person(), make_course())
    assert where(fresh(enrolment)).minutes_left == 20
    take_test(enrolment, "pre-test")
    assert where(fresh(enrolment)).minutes_left == 15


def test_unknown_step_is_refused() -> None:
    enrolment = make_enrolment(make_person(), make_course())
    with pytest.raises(Refused, match="no such step"):
        services.open_step(enrolment=enrolment, step_key="nothing", actor=None)


def test_completing_records_the_completion_with_its_evidence() -> None:
    course, person = make_course(topics=["NY205-T1"], lessons=2, draw=3), make_person()
    enrolment = make_enrolment(person, course)
    # Two in the morning in London is still the evening before in New York.
    now = datetime(2027, 1, 15, 2, 0, tzinfo=UTC)
    Enrolment.objects.update(started_at=datetime(2027, 1, 14, tzinfo=UTC))
    take_test(enrolment, "pre-test", right=1)
    for key in ("lesson-1", "lesson-2"):
        services.finish_lesson(enrolment=enrolment, step_key=key, actor=person)
    attempt = services.start_attempt(enrolment=enrolment, step_key="post-test", actor=person)
    services.save_answers(attempt=attempt, answers={1: ["a"], 2: ["a"]}, actor=person)
    Attempt.objects.filter(pk=attempt.pk).update(started_at=now)
    services.hand_in(attempt=attempt, actor=person, now=now)
    completion = Completion.objects.get()
    assert fresh(enrolment).completion == completion
    assert (completion.source_kind, completion.source_key) == ("enrolment", str(enrolment.pk))
    assert (completion.occurred_on, completion.topics) == (date(2027, 1, 14), ["NY205-T1"])
    assert completion.evidence["why"] == (
        "Finished 2 lessons and passed the test with 2 of 3 on January 14, 2027."
    )
    assert completion.evidence["score"] == {"points": 2, "of": 3}
    assert [step["key"] for step in completion.evidence["steps"]] == [
        "pre-test",
        "lesson-1",
        "lesson-2",
        "post-test",
    ]


def test_evaluate_again_changes_nothing() -> None:
    enrolment = complete_course(make_person(), make_course())
    services.evaluate(enrolment=enrolment, actor=None)
    assert Completion.objects.count() == 1


def test_evaluate_too_early_changes_nothing() -> None:
    enrolment = make_enrolment(make_person(), make_course())
    services.evaluate(enrolment=enrolment, actor=None)
    assert fresh(enrolment).status == EnrolmentStatus.ACTIVE


def test_retake_leaves_the_first_completion() -> None:
    course, person = make_course(), make_person()
    complete_course(person, course)
    make_enrolment(person, course, again=True)
    complete_course(person, course)
    assert Completion.objects.filter(person=person).count() == 2


def test_withdraw_keeps_the_record_and_frees_the_place() -> None:
    course, person = make_course(), make_person()
    enrolment = make_enrolment(person, course)
    services.withdraw(enrolment=enrolment, actor=person)
    services.withdraw(enrolment=enrolment, actor=person)
    with pytest.raises(Refused, match="You left this course"):
        services.open_step(enrolment=fresh(enrolment), step_key="pre-test", actor=person)
    assert make_enrolment(person, course) != enrolment


def test_withdraw_from_a_completed_course_is_refused() -> None:
    enrolment = complete_course(make_person(), make_course())
    with pytest.raises(Refused, match="cannot leave"):
        services.withdraw(enrolment=enrolment, actor=None)


def test_enrolments_are_visible_to_their_person_and_her_other_row_only() -> None:
    course, person = make_course(), make_person()
    enrolment = make_enrolment(person, course)
    alias = make_person(canonical_person=person)
    for reader, seen in (
        (person, [enrolment]),
        (alias, [enrolment]),
        (make_person(), []),
        (make_person(is_superuser=True), []),
        (AnonymousUser(), []),
    ):
        assert list(Enrolment.objects.visible_to(reader)) == seen


@pytest.mark.parametrize("count", [1, 3])
def test_newest_for_many_trainings_costs_the_same(count: int) -> None:
    person = make_person()
    trainings = []
    for _index in range(count):
        course = make_course()
        complete_course(person, course)
        make_enrolment(person, course, again=True)
        trainings.append(training_of(course).pk)
    with CaptureQueriesContext(connection) as queries:
        found = newest_for(person.pk, trainings)
        outlines = [where(enrolment) for enrolment in found.values()]
    assert len(queries) == 3
    assert [outline.enrolment.status for outline in outlines] == ["active"] * count
