"""Later words on a test: void, and time for an outage. The attempt itself stays as it was."""

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from courses import services
from courses.enums import AttemptStatus, EnrolmentStatus
from courses.models import Attempt, AttemptRuling, Enrolment, StepProgress
from courses.results import is_void, result_of
from courses.rulings import void_preview
from courses.selectors import Step, where
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.core.personal_data import export
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.reading import only_a_test
from tests.factories.courses import make_course, make_enrolment, take_test
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.steps import make_document_course, new_edition, sign

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def coordinator_of(enrolment: Enrolment) -> Person:
    return make_with_role(Role.COORDINATOR, enrolment.training.owner)


def stands(enrolment: Enrolment, now: datetime | None = None) -> Step:
    step = where(Enrolment.objects.get(pk=enrolment.pk), now=now).step("post-test")
    assert step is not None
    return step


def void(attempt: Attempt, actor: Person | None = None, **more: object) -> AttemptRuling:
    return services.void_attempt(
        attempt=attempt,
        reason="Somebody else answered.",
        actor=actor or coordinator_of(attempt.enrolment),
        **more,  # type: ignore[arg-type]
    )


@pytest.fixture
def failed() -> Attempt:
    """The first of two tries, not passed."""
    enrolment = make_enrolment(make_person(), only_a_test(attempts=2, rule={"cool_down": 5}))
    return take_test(enrolment, "post-test", right=0)


def test_void_try_counts_for_no_limit_and_no_waiting(failed: Attempt) -> None:
    assert "again from" in stands(failed.enrolment).reason
    assert stands(failed.enrolment).attempts_used == 1
    void(failed)
    step = stands(failed.enrolment)
    assert (step.attempts_used, step.last_attempt, step.reason) == (0, None, "")
    failed.refresh_from_db()
    assert failed.status == AttemptStatus.HANDED_IN
    assert result_of(failed) is None


def test_void_reason_is_mailed_and_in_the_persons_data(failed: Attempt) -> None:
    void(failed)
    person = failed.enrolment.person
    mail = OutboxMessage.objects.get(key__startswith="courses.ruling:")
    assert mail.payload["to"] == person.email
    assert "Somebody else answered." in mail.payload["text"]
    assert "You can take the test again." in mail.payload["text"]
    [kept] = export(person)["attempts"]
    assert (kept["points"], kept["later"][0]["why"]) == (None, "Somebody else answered.")


def test_void_twice_is_once(failed: Attempt) -> None:
    actor = coordinator_of(failed.enrolment)
    assert void(failed, actor) == void(failed, actor)
    assert AuditEntry.objects.filter(action="attempt.voided").count() == 1
    assert OutboxMessage.objects.filter(key__startswith="courses.ruling:").count() == 1


def test_void_is_the_offices_alone_and_needs_a_reason(failed: Attempt) -> None:
    other = make_with_role(Role.COORDINATOR, make_office())
    for actor in (make_person(), other, failed.enrolment.person):
        with pytest.raises(Refused) as refusal:
            void(failed, actor)
        assert refusal.value.code == "not_yours"
    services_office = failed.enrolment.training.owner
    with pytest.raises(Refused, match="Say why"):
        services.void_attempt(
            attempt=failed, reason=" ", actor=make_with_role(Role.COORDINATOR, services_office)
        )
    assert not AttemptRuling.objects.exists()


def test_nobody_rules_on_their_own_test() -> None:
    course = only_a_test()
    person = make_with_role(Role.COORDINATOR, course.office)
    attempt = take_test(make_enrolment(person, course), "post-test", right=0)
    with pytest.raises(Refused, match="your own test"):
        void(attempt, person)


def test_void_of_what_a_completion_rests_on_is_confirmed_and_revokes_it() -> None:
    enrolment = make_enrolment(make_person(), make_course(pre_test=False, lessons=1))
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=None)
    attempt = take_test(enrolment, "post-test")
    enrolment.refresh_from_db()
    first = enrolment.completion
    assert first is not None
    preview = void_preview(attempt, enrolment)
    assert preview.revokes
    assert "it is revoked" in " ".join(preview.lines)
    with pytest.raises(Refused, match="confirm it"):
        void(attempt)
    assert not AttemptRuling.objects.exists()
    void(attempt, revoke=True)
    enrolment.refresh_from_db()
    assert (enrolment.status, enrolment.completion) == (EnrolmentStatus.ACTIVE, None)
    assert Completion.objects.standing().count() == 0
    done = dict(StepProgress.objects.values_list("step_key", "done_at"))
    assert done["lesson-1"] is not None
    take_test(enrolment, "post-test")
    enrolment.refresh_from_db()
    assert enrolment.completion not in (None, first)
    [evidence] = enrolment.completion.evidence["attempts"]  # type: ignore[union-attr]
    assert evidence["number"] == 2


def test_void_of_a_try_that_another_one_makes_good_leaves_the_completion() -> None:
    enrolment = make_enrolment(make_person(), only_a_test())
    failed = take_test(enrolment, "post-test", right=0)
    take_test(enrolment, "post-test")
    enrolment.refresh_from_db()
    assert not void_preview(failed, enrolment).revokes
    void(failed)
    assert Completion.objects.standing().count() == 1


def test_documents_new_version_changes_nothing_of_what_a_completion_rests_on() -> None:
    enrolment = make_enrolment(make_person(), make_document_course())
    failed = take_test(enrolment, "post-test", right=0)
    passed = take_test(enrolment, "post-test")
    sign(enrolment)
    new_edition(number=2)
    enrolment.refresh_from_db()
    assert not where(enrolment).is_finished
    assert not void_preview(failed, enrolment).revokes
    void(failed)
    assert Completion.objects.standing().count() == 1
    assert void_preview(passed, enrolment).revokes
    with pytest.raises(Refused, match="confirm it"):
        void(passed)
    void(passed, revoke=True)
    assert Completion.objects.standing().count() == 0


def test_whoever_began_the_course_anew_goes_on_there() -> None:
    course, person = only_a_test(), make_person()
    enrolment = make_enrolment(person, course)
    attempt = take_test(enrolment, "post-test")
    again = make_enrolment(person, course, again=True)
    void(attempt, revoke=True)
    enrolment.refresh_from_db()
    again.refresh_from_db()
    assert (enrolment.status, again.status) == (EnrolmentStatus.WITHDRAWN, EnrolmentStatus.ACTIVE)


def test_running_try_is_closed_and_another_can_begin() -> None:
    enrolment = make_enrolment(make_person(), only_a_test(attempts=1))
    running = services.start_attempt(enrolment=enrolment, step_key="post-test", actor=None)
    services.save_answers(attempt=running, answers={1: ["a"]}, actor=None)
    void(running)
    running.refresh_from_db()
    assert running.status == AttemptStatus.VOID
    assert running.answers.count() == 1
    with pytest.raises(Refused, match="does not count any more"):
        services.hand_in(attempt=running, actor=None)
    again = services.start_attempt(enrolment=enrolment, step_key="post-test", actor=None)
    assert (again.number, is_void(running)) == (2, True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE courses_attemptruling SET reason = 'x'",
        "DELETE FROM courses_attemptruling",
        "TRUNCATE courses_attemptruling CASCADE",
    ],
)
def test_database_refuses_second_thoughts(failed: Attempt, statement: str) -> None:
    void(failed)
    connection.check_constraints()
    with pytest.raises(DatabaseError, match="refused"), transaction.atomic():
        connection.cursor().execute(statement)


def test_database_refuses_a_void_with_points(failed: Attempt) -> None:
    with pytest.raises(DatabaseError, match="courses_attemptruling_shape"):
        AttemptRuling.objects.create(attempt=failed, kind="void", reason="x", points=1)


@pytest.mark.django_db(transaction=True)
def test_two_of_the_office_at_once_void_once() -> None:
    attempt = take_test(make_enrolment(make_person(), only_a_test()), "post-test")
    staff = [coordinator_of(attempt.enrolment) for _n in range(2)]
    ready, found = threading.Barrier(2), []

    def decide(actor: Person) -> None:
        ready.wait()
        try:
            found.append(void(Attempt.objects.get(pk=attempt.pk), actor, revoke=True).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=[actor]) for actor in staff]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2
    assert len(set(found)) == 1
    assert Completion.objects.filter(revocation__isnull=False).count() == 1


def timed(now: datetime = NOW) -> Attempt:
    enrolment = make_enrolment(
        make_person(),
        only_a_test(attempts=1, rule={"time_limit": 30}),
        now=now - timedelta(days=1),
    )
    return services.start_attempt(
        enrolment=enrolment, step_key="post-test", actor=enrolment.person, now=now
    )


def give(attempt: Attempt, *, minutes: int = 10, now: datetime, **more: object) -> AttemptRuling:
    given: dict[str, object] = {
        "reason": "The site was down.",
        "key": uuid.uuid4(),
        "actor": coordinator_of(attempt.enrolment),
        **more,
    }
    return services.grant_outage_time(attempt=attempt, minutes=minutes, now=now, **given)  # type: ignore[arg-type]


def test_outage_moves_the_deadline_of_a_running_try() -> None:
    attempt = timed()
    give(attempt, now=NOW + 20 * MINUTE)
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + 40 * MINUTE
    services.save_answers(attempt=attempt, answers={1: ["a"]}, actor=None, now=NOW + 39 * MINUTE)
    assert services.hand_in_overdue(now=NOW + 39 * MINUTE) == 0
    assert services.hand_in_overdue(now=NOW + 41 * MINUTE) == 1


def test_outage_form_sent_twice_gives_time_once() -> None:
    attempt, key = timed(), uuid.uuid4()
    actor = coordinator_of(attempt.enrolment)
    first = give(attempt, now=NOW, key=key, actor=actor)
    assert give(attempt, now=NOW, key=key, actor=actor) == first
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + 40 * MINUTE
    give(attempt, now=NOW, actor=actor)
    attempt.refresh_from_db()
    assert attempt.deadline_at == NOW + 50 * MINUTE


@pytest.mark.parametrize(
    ("minutes", "later", "code"), [(0, 1, "minutes"), (241, 1, "minutes"), (10, 31, "over")]
)
def test_outage_time_is_refused(minutes: int, later: int, code: str) -> None:
    attempt = timed()
    with pytest.raises(Refused) as refusal:
        give(attempt, minutes=minutes, now=NOW + later * MINUTE)
    assert refusal.value.code == code
    assert not AttemptRuling.objects.exists()


def test_outage_time_is_the_offices_alone() -> None:
    with pytest.raises(Refused, match="Only Organization"):
        give(timed(), now=NOW, actor=make_with_role(Role.COORDINATOR, make_office()))


def test_try_that_ran_out_because_of_an_outage_does_not_count() -> None:
    attempt = timed()
    services.hand_in_overdue(now=NOW + 31 * MINUTE)
    assert "used the only try" in stands(attempt.enrolment).reason
    attempt.refresh_from_db()
    actor = coordinator_of(attempt.enrolment)
    for _twice in range(2):
        services.excuse_outage(attempt=attempt, reason="The site was down.", actor=actor)
    assert stands(attempt.enrolment).reason == ""
    assert AttemptRuling.objects.count() == 1


def test_outage_excuses_no_try_that_was_handed_in_or_passed() -> None:
    attempt = timed()
    actor = coordinator_of(attempt.enrolment)
    with pytest.raises(Refused, match="still runs"):
        services.excuse_outage(attempt=attempt, reason="x", actor=actor, now=NOW)
    services.hand_in(attempt=attempt, actor=None, now=NOW + MINUTE)
    with pytest.raises(Refused, match="before its time was over"):
        services.excuse_outage(attempt=attempt, reason="x", actor=actor, now=NOW + 2 * MINUTE)
    passed = timed()
    answers = {position: ["a"] for position in (1, 2, 3)}
    services.save_answers(attempt=passed, answers=answers, actor=None, now=NOW)
    services.hand_in_overdue(now=NOW + 31 * MINUTE)
    with pytest.raises(Refused, match="is passed"):
        services.excuse_outage(
            attempt=Attempt.objects.get(pk=passed.pk),
            reason="x",
            actor=coordinator_of(passed.enrolment),
        )


def test_rulings_are_seen_by_person_and_office(failed: Attempt) -> None:
    ruling = void(failed)
    assert ruling.ruled_by is not None
    outsider = make_with_role(Role.COORDINATOR, make_office())
    seen = [
        AttemptRuling.objects.visible_to(person).count()
        for person in (failed.enrolment.person, ruling.ruled_by, outsider, make_person())
    ]
    assert seen == [1, 1, 0, 0]
