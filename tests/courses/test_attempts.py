"""Tests are drawn and frozen, saved as they go, scored once."""

import random
import threading
from collections import Counter

import pytest
from django.db import DatabaseError, connection, transaction

from courses import services
from courses.enums import AttemptStatus, QuestionKind
from courses.models import Attempt, AttemptAnswer, Enrolment, QuestionVersion
from courses.selectors import where
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from tests.factories.courses import make_course, make_enrolment, make_question, take_test
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt() -> Attempt:
    """A post-test just started: three of four questions."""
    course = make_course(pre_test=False, lessons=0, draw=3, pass_percent=60)
    return start(make_enrolment(make_person(), course))


def start(enrolment: Enrolment, step_key: str = "post-test") -> Attempt:
    return services.start_attempt(enrolment=enrolment, step_key=step_key, actor=enrolment.person)


def save(attempt: Attempt, answers: dict[int, list[str]]) -> None:
    services.save_answers(attempt=attempt, answers=answers, actor=attempt.enrolment.person)


def test_start_freezes_questions_order_and_rule(attempt: Attempt) -> None:
    assert [set(item) for item in attempt.items] == [{"question", "version", "kind", "choices"}] * 3
    assert attempt.rule == {
        "draw": 3,
        "pass_percent": 60,
        "attempts": None,
        "scoring": "all_or_nothing",
    }


def test_start_twice_is_the_one_in_progress(attempt: Attempt) -> None:
    assert start(attempt.enrolment) == attempt
    assert Attempt.objects.count() == 1
    assert AuditEntry.objects.filter(action="attempt.started").count() == 1


def test_database_refuses_a_second_try_in_progress(attempt: Attempt) -> None:
    attempt.pk, attempt.number = None, 2
    with pytest.raises(DatabaseError, match="courses_attempt_one_in_progress"):
        attempt.save(force_insert=True)


def test_start_draws_unseen_questions_first_then_the_least_seen() -> None:
    course = make_course(pre_test=False, lessons=0, questions=5, draw=2)
    enrolment = make_enrolment(make_person(), course)
    seen: Counter[int] = Counter()
    for spread in ({1: 2}, {1: 4}, {1: 4, 2: 1}, {2: 3, 1: 2}):
        attempt = take_test(enrolment, "post-test", right=0)
        seen.update(item["question"] for item in attempt.items)
        assert Counter(seen.values()) == spread


def test_start_shuffles_answers_but_not_true_or_false() -> None:
    course = make_course(questions=0, publish=False, pre_test=False, lessons=0, draw=1)
    choices = [{"text": word, "correct": word == "True"} for word in ("True", "False")]
    make_question(course, key="tf", kind=QuestionKind.TRUE_FALSE, choices=choices)
    course.save_revision().publish()
    orders = set()
    for seed in range(6):
        attempt = services.start_attempt(
            enrolment=make_enrolment(make_person(), course),
            step_key="post-test",
            actor=None,
            chance=random.Random(seed),  # noqa: S311 - a known order for the test
        )
        orders.add(tuple(attempt.items[0]["choices"]))
    assert orders == {("a", "b")}


def test_start_without_a_try_left_says_whom_to_ask() -> None:
    course = make_course(pre_test=False, lessons=0, attempts=1)
    enrolment = make_enrolment(make_person(), course)
    take_test(enrolment, "post-test", right=0)
    with pytest.raises(Refused, match=f"only try.*ask {course.office}"):
        start(enrolment)


def test_start_after_passing_is_refused() -> None:
    enrolment = make_enrolment(make_person(), make_course(lessons=1, pre_test=False))
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=None)
    take_test(enrolment, "post-test")
    with pytest.raises(Refused, match="done this test already"):
        start(enrolment)


def test_save_keeps_the_newest_answer(attempt: Attempt) -> None:
    first, second = attempt.items[0]["choices"][:2]
    for choice in (first, second, second):
        save(attempt, {1: [choice]})
    assert AttemptAnswer.objects.get().response == [second]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({4: ["a"]}, "not_shown"),
        ({0: ["a"]}, "not_shown"),
        ({1: ["z"]}, "no_choice"),
        ({1: ["a", "b"]}, "one_only"),
        ({1: ["a"], 2: ["z"]}, "no_choice"),
    ],
)
def test_save_refuses_what_was_not_asked(
    attempt: Attempt, answers: dict[int, list[str]], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        save(attempt, answers)
    assert refusal.value.code == code
    assert AttemptAnswer.objects.count() == 0


def test_save_after_handing_in_is_refused_though_the_tab_knows_nothing(attempt: Attempt) -> None:
    services.hand_in(attempt=attempt, actor=None)
    assert attempt.status == AttemptStatus.IN_PROGRESS  # what the other tab still believes
    with pytest.raises(Refused, match="has been handed in"):
        save(attempt, {1: ["a"]})
    assert AttemptAnswer.objects.count() == 0


def test_hand_in_scores_right_answers_only(attempt: Attempt) -> None:
    save(attempt, {1: ["a"], 2: ["b"]})
    result = services.hand_in(attempt=attempt, actor=None)
    assert (result.score_points, result.max_points, result.passed) == (1, 3, False)


def test_hand_in_multiple_needs_all_right_and_no_wrong_answer() -> None:
    course = make_course(questions=0, publish=False, pre_test=False, lessons=0, draw=1)
    choices = [{"text": f"Choice {n}", "correct": n < 2} for n in range(3)]
    make_question(course, key="multi", kind=QuestionKind.MULTIPLE, choices=choices)
    course.save_revision().publish()
    for response, points in ((["a"], 0), (["a", "b", "c"], 0), (["b", "a"], 1)):
        attempt = start(make_enrolment(make_person(), course))
        save(attempt, {1: response})
        assert services.hand_in(attempt=attempt, actor=None).score_points == points


def test_hand_in_replayed_is_the_same_result(attempt: Attempt) -> None:
    save(attempt, {1: ["a"], 2: ["a"], 3: ["a"]})
    first = services.hand_in(attempt=attempt, actor=None)
    second = services.hand_in(attempt=attempt, actor=None)
    assert (first.handed_in_at, first.score_points) == (second.handed_in_at, second.score_points)
    assert AuditEntry.objects.filter(action="attempt.handed_in").count() == 1
    assert AuditEntry.objects.filter(action="completion.recorded").count() == 1


def test_hand_in_uses_the_wording_that_was_shown(attempt: Attempt) -> None:
    wording = QuestionVersion.objects.get(pk=attempt.items[0]["version"])
    services.write_question(
        course_key=wording.question.course_key,
        language="en",
        key=wording.question.key,
        objective="basics",
        kind=QuestionKind.SINGLE,
        text=wording.text,
        choices=[{**c, "correct": c["key"] == "b"} for c in wording.choices],
        uses=wording.uses,
        actor=None,
    )
    save(attempt, {1: ["a"]})
    assert services.hand_in(attempt=attempt, actor=None).score_points == 1


def test_failed_test_can_be_tried_again() -> None:
    enrolment = make_enrolment(make_person(), make_course(pre_test=False, lessons=0))
    assert take_test(enrolment, "post-test", right=0).passed is False
    again = start(enrolment)
    assert again.number == 2
    step = where(Enrolment.objects.get(pk=enrolment.pk)).step("post-test")
    assert step is not None
    assert step.attempt_in_progress == again.pk


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE courses_attempt SET score_points = 3",
        "DELETE FROM courses_attempt",
        "UPDATE courses_attemptanswer SET response = '[]'",
        "DELETE FROM courses_attemptanswer",
        "UPDATE courses_questionversion SET text = 'x'",
        "TRUNCATE courses_attempt CASCADE",
    ],
)
def test_database_refuses_second_thoughts(attempt: Attempt, statement: str) -> None:
    save(attempt, {1: ["a"]})
    services.hand_in(attempt=attempt, actor=None)
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        connection.cursor().execute(statement)


@pytest.mark.django_db(transaction=True)
def test_answer_during_handing_in_is_scored_or_refused() -> None:
    """Two windows at once: what the database keeps is what was scored."""
    course = make_course(pre_test=False, lessons=0, questions=1, draw=1, pass_percent=100)
    for _round in range(5):
        attempt = start(make_enrolment(make_person(), course))
        ready = threading.Barrier(2)

        def answer(attempt: Attempt = attempt, ready: threading.Barrier = ready) -> None:
            ready.wait()
            try:
                save(attempt, {1: ["a"]})
            except Refused:
                pass
            finally:
                connection.close()

        other = threading.Thread(target=answer)
        other.start()
        ready.wait()
        result = services.hand_in(attempt=attempt, actor=None)
        other.join()
        assert AttemptAnswer.objects.filter(attempt=attempt).count() == result.score_points


@pytest.mark.django_db(transaction=True)
def test_start_in_two_windows_is_one_try() -> None:
    enrolment = make_enrolment(make_person(), make_course(pre_test=False, lessons=0))
    ready, found = threading.Barrier(3), []

    def begin() -> None:
        ready.wait()
        try:
            found.append(start(Enrolment.objects.get(pk=enrolment.pk)).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len(set(found)) == 1
