"""A question that was not fair: full marks, or one more right answer; nobody ever loses by it."""

import threading
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from courses import scoring, services
from courses.enums import AttemptStatus, EnrolmentStatus, QuestionKind, RegradeKind
from courses.leniency import Leniency
from courses.models import (
    Attempt,
    AttemptRuling,
    CoursePage,
    Enrolment,
    QuestionVersion,
    Regrade,
    RegradeRun,
)
from courses.results import Result, result_of
from courses.services import regrades
from courses.tasks import work_off_regrade, work_off_regrades
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.reading import only_a_test, text
from tests.factories.courses import make_enrolment, make_question, take_test
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> CoursePage:
    """Two questions, both needed."""
    return only_a_test(questions=2, draw=2, pass_percent=100)


@pytest.fixture
def wording(course: CoursePage) -> QuestionVersion:
    return QuestionVersion.objects.get(question__key="question-1")


def answer(course: CoursePage, *answers: str, person: Person | None = None) -> Attempt:
    """A test handed in: of the questions in the order of their keys, these answers."""
    enrolment = make_enrolment(person or make_person(), course)
    attempt = services.start_attempt(enrolment=enrolment, step_key="post-test", actor=None)
    given = dict(zip(sorted(item["version"] for item in attempt.items), answers, strict=True))
    services.save_answers(
        attempt=attempt,
        answers={
            position: [given[item["version"]]] if given[item["version"]] else []
            for position, item in enumerate(attempt.items, start=1)
        },
        actor=None,
    )
    return services.hand_in(attempt=attempt, actor=None)


def decide(
    wording: QuestionVersion,
    kind: RegradeKind = RegradeKind.FULL_MARKS,
    choice: str = "",
    actor: Person | None = None,
) -> Regrade:
    office = CoursePage.objects.get(translation_key=wording.question.course_key).office
    return services.decide_regrade(
        wording=wording,
        kind=kind,
        choice=choice,
        reason="Two answers fit.",
        actor=actor or make_with_role(Role.COORDINATOR, office),
    )


def regrade(*args: object, **more: object) -> RegradeRun:
    return services.work_off(regrade=decide(*args, **more))  # type: ignore[arg-type]


def counts(attempt: Attempt) -> Result | None:
    return result_of(Attempt.objects.get(pk=attempt.pk))


def test_full_marks_complete_a_course_and_the_person_is_told(
    course: CoursePage, wording: QuestionVersion
) -> None:
    attempt = answer(course, "b", "a")
    blank = answer(course, "", "a")
    run = regrade(wording)
    assert (run.looked_at, run.changed, run.now_passed, run.now_completed) == (2, 2, 2, 2)
    for one in (attempt, blank):
        assert counts(one) == Result(Decimal(2), 2, is_pass=True)
        one.enrolment.refresh_from_db()
        assert one.enrolment.status == EnrolmentStatus.COMPLETED
    completion = Completion.objects.get(person=attempt.enrolment.person)
    assert completion.evidence["score"] == {"points": 2, "of": 2}
    attempt.refresh_from_db()
    assert (attempt.score_points, attempt.passed) == (1, False)
    mail = OutboxMessage.objects.get(
        key__startswith="courses.ruling:", payload__to=attempt.enrolment.person.email
    )
    assert "You have passed it. With that you have completed the course." in mail.payload["text"]


def test_whose_outcome_stays_is_told_nothing(course: CoursePage, wording: QuestionVersion) -> None:
    both_wrong, fine = answer(course, "b", "b"), answer(course, "a", "a")
    run = regrade(wording)
    assert (run.changed, run.now_passed) == (1, 0)
    assert counts(both_wrong) == Result(Decimal(1), 2, is_pass=False)
    assert counts(fine) == Result(Decimal(2), 2, is_pass=True)
    assert not OutboxMessage.objects.filter(key__startswith="courses.ruling:").exists()


def test_one_more_answer_counts_for_those_who_gave_it(
    course: CoursePage, wording: QuestionVersion
) -> None:
    attempts = [answer(course, given, "a") for given in ("a", "b", "c", "")]
    run = regrade(wording, RegradeKind.ALSO_RIGHT, "b")
    assert run.changed == 1
    points = [result.points for attempt in attempts if (result := counts(attempt))]
    assert points == [2, 2, 1, 1]


@pytest.mark.parametrize(
    ("response", "rule", "strict", "kindly"),
    [
        (["a", "b"], "all_or_nothing", 1, 1),
        (["a", "b", "c"], "all_or_nothing", 0, 1),
        (["a", "b", "d"], "all_or_nothing", 0, 0),
        (["a", "c"], "partial", 0, Decimal("0.5")),
        (["a", "b", "c"], "partial", Decimal("0.5"), 1),
        (["c"], "partial", 0, 0),
        ([], "partial", 0, 0),
    ],
)
def test_of_several_ticks_the_one_that_counts_too_harms_nobody(
    course: CoursePage, response: list[str], rule: str, strict: Decimal, kindly: Decimal
) -> None:
    choices = [{"text": f"Choice {n}", "correct": n < 2} for n in range(4)]
    made = make_question(course, key="ticks", kind=QuestionKind.MULTIPLE, choices=choices)
    assert scoring.points(made, response, rule) == strict
    also = Leniency(also=frozenset({"c"}))
    assert scoring.points(made, response, rule, also) == kindly


def test_listed_wrong_form_of_a_short_answer_can_count(course: CoursePage) -> None:
    choices = [{"text": "hotline", "correct": True}, {"text": "phone", "correct": False}]
    made = make_question(course, key="word", kind=QuestionKind.SHORT_ANSWER, choices=choices)
    assert scoring.may_count_too(made) == {"b": "phone"}
    also = Leniency(also=frozenset({"b"}))
    assert [scoring.points(made, [word], "x", also) for word in ("Phone", "hotline", "no")] == [
        1, 1, 0,
    ]  # fmt: skip


def test_two_decisions_add_up_whatever_their_order(course: CoursePage) -> None:
    attempt = answer(course, "b", "b")
    for key in ("question-2", "question-1"):
        regrade(QuestionVersion.objects.get(question__key=key))
    assert counts(attempt) == Result(Decimal(2), 2, is_pass=True)
    assert AttemptRuling.objects.count() == 2


def test_what_is_handed_in_later_counts_with_the_decision(
    course: CoursePage, wording: QuestionVersion
) -> None:
    enrolment = make_enrolment(make_person(), course)
    running = services.start_attempt(enrolment=enrolment, step_key="post-test", actor=None)
    run = regrade(wording)
    assert (run.looked_at, run.changed) == (1, 0)
    services.hand_in(attempt=running, actor=None)
    assert counts(running) == Result(Decimal(1), 2, is_pass=False)
    assert not AttemptRuling.objects.exists()


def test_decided_and_worked_off_twice_is_once(course: CoursePage, wording: QuestionVersion) -> None:
    answer(course, "b", "a")
    first = decide(wording)
    assert decide(wording) == first
    for _twice in range(2):
        services.work_off(regrade=first)
        work_off_regrade(first.pk)
        work_off_regrades()
    assert AttemptRuling.objects.count() == 1
    assert AuditEntry.objects.filter(action="question.regraded").count() == 1
    assert OutboxMessage.objects.filter(key__startswith="courses.ruling:").count() == 1


def test_work_goes_on_where_a_lost_worker_left_it(
    course: CoursePage, wording: QuestionVersion, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _n in range(5):
        answer(course, "b", "a")
    monkeypatch.setattr(regrades, "BATCH", 2)
    run = RegradeRun.objects.get(regrade=decide(wording))
    regrades._work_off_batch(run=run, now=timezone.now())
    run.refresh_from_db()
    assert (run.looked_at, run.changed, run.finished_at) == (2, 2, None)
    work_off_regrades()
    run.refresh_from_db()
    assert (run.looked_at, run.changed, run.total) == (5, 5, 5)
    assert run.finished_at


def test_void_tries_stay_void(course: CoursePage, wording: QuestionVersion) -> None:
    attempt = answer(course, "b", "a")
    actor = make_with_role(Role.COORDINATOR, course.office)
    services.void_attempt(attempt=attempt, reason="x", actor=actor)
    assert regrade(wording).changed == 0
    assert counts(attempt) is None


def test_another_try_under_way_is_not_needed_any_more(
    course: CoursePage, wording: QuestionVersion
) -> None:
    attempt = answer(course, "b", "a")
    running = services.start_attempt(enrolment=attempt.enrolment, step_key="post-test", actor=None)
    regrade(wording)
    running.refresh_from_db()
    attempt.enrolment.refresh_from_db()
    assert running.status == AttemptStatus.VOID
    assert attempt.enrolment.status == EnrolmentStatus.COMPLETED


def test_decision_is_the_offices_alone(course: CoursePage, wording: QuestionVersion) -> None:
    for actor in (make_person(), make_with_role(Role.COORDINATOR, make_office())):
        with pytest.raises(Refused) as refusal:
            decide(wording, actor=actor)
        assert refusal.value.code == "not_yours"


@pytest.mark.parametrize("choice", ["a", "z", ""])
def test_only_a_wrong_answer_can_count_too(wording: QuestionVersion, choice: str) -> None:
    with pytest.raises(Refused, match="Choose the answer"):
        decide(wording, RegradeKind.ALSO_RIGHT, choice)


def test_nothing_is_left_to_decide_after_full_marks(wording: QuestionVersion) -> None:
    decide(wording)
    with pytest.raises(Refused, match="full marks for this question already"):
        decide(wording, RegradeKind.ALSO_RIGHT, "b")


def test_database_keeps_a_decision_as_it_was_made(wording: QuestionVersion) -> None:
    decide(wording)
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        connection.cursor().execute("UPDATE courses_regrade SET reason = 'x'")


def test_learner_sees_what_was_decided(client: Client) -> None:
    course = only_a_test(questions=2, draw=2, pass_percent=100)
    person = make_person()
    attempt = answer(course, "b", "a", person=person)
    client.force_login(person)
    path = f"/learn/{attempt.enrolment_id}/post-test/"
    assert "Not passed this time" in text(client, path)
    regrade(QuestionVersion.objects.get(question__key="question-1"))
    page = text(client, path)
    assert "You passed" in page
    assert "The office found that a question was not fair." in page
    assert "Full marks for everybody" in page


@pytest.mark.django_db(transaction=True)
def test_two_of_the_office_at_once_decide_once() -> None:
    course = only_a_test(questions=2, draw=2)
    wording = QuestionVersion.objects.get(question__key="question-1")
    staff = [make_with_role(Role.COORDINATOR, course.office) for _n in range(2)]
    ready, found = threading.Barrier(2), []

    def work(actor: Person) -> None:
        ready.wait()
        try:
            found.append(decide(wording, actor=actor).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[actor]) for actor in staff]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1
    assert RegradeRun.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_count_once() -> None:
    course = only_a_test(questions=2, draw=2, pass_percent=100)
    for _n in range(4):
        answer(course, "b", "a")
    made = decide(QuestionVersion.objects.get(question__key="question-1"))
    ready = threading.Barrier(2)

    def work() -> None:
        ready.wait()
        try:
            services.work_off(regrade=made)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AttemptRuling.objects.count() == 4
    assert RegradeRun.objects.get().changed == 4
    assert Completion.objects.count() == 4


@pytest.mark.django_db(transaction=True)
def test_test_handed_in_while_it_is_decided_counts_with_the_decision() -> None:
    """Handed in before the decision was there, committed after it was looked for."""
    course = only_a_test(questions=2, draw=2, pass_percent=50)
    wording = QuestionVersion.objects.get(question__key="question-1")
    actor = make_with_role(Role.COORDINATOR, course.office)
    running = services.start_attempt(
        enrolment=make_enrolment(make_person(), course), step_key="post-test", actor=None
    )
    handed_in, decided = threading.Event(), threading.Event()

    def hand_in() -> None:
        try:
            with transaction.atomic():
                services.hand_in(attempt=running, actor=None)
                handed_in.set()
                decided.wait(20)
        finally:
            connection.close()

    def work() -> None:
        try:
            services.work_off(regrade=made)
        finally:
            connection.close()

    slow = threading.Thread(target=hand_in)
    slow.start()
    assert handed_in.wait(20)
    made = decide(wording, actor=actor)
    worker = threading.Thread(target=work)
    worker.start()
    # The worker waits for the enrolment; or it is through, and has seen nothing.
    while worker.is_alive() and not _somebody_waits():
        worker.join(0.05)
    decided.set()
    slow.join()
    worker.join()
    assert counts(running) == Result(Decimal(1), 2, is_pass=True)
    assert Enrolment.objects.get().status == EnrolmentStatus.COMPLETED


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone()[0])


def test_mass_of_what_did_not_see_the_question_is_left_alone(
    course: CoursePage, wording: QuestionVersion
) -> None:
    other = take_test(make_enrolment(make_person(), only_a_test()), "post-test", right=0)
    assert regrade(wording).total == 0
    assert counts(other) == Result(Decimal(0), 3, is_pass=False)
