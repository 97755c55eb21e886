"""The site was down: everybody who was in a test gets back what they lost, each minute once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError

from courses import services
from courses.enums import EnrolmentStatus, OutageEffect
from courses.models import Attempt, AttemptRuling, CoursePage, Enrolment, Outage
from courses.outages import gets, in_a_test
from courses.results import is_void, result_of
from courses.selectors import Step, where
from courses.services import Declared
from courses.timing import timing_of
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.reading import costs, only_a_test
from tests.factories.courses import make_enrolment, training_of
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db

DOWN = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def course() -> CoursePage:
    """One test of forty minutes."""
    return only_a_test(attempts=1, rule={"time_limit": 40})


@pytest.fixture
def coordinator(course: CoursePage) -> Person:
    return make_with_role(Role.COORDINATOR, course.office)


def begun(course: CoursePage, minutes: int, person: Person | None = None) -> Attempt:
    """A try begun so many minutes after the site went down; negative: before."""
    enrolment = make_enrolment(person or make_person(), course)
    Enrolment.objects.filter(pk=enrolment.pk).update(started_at=DOWN - timedelta(days=3))
    return services.start_attempt(
        enrolment=enrolment, step_key="post-test", actor=None, now=DOWN + minutes * MINUTE
    )


def declare(
    actor: Person, course: CoursePage, first: int = 0, last: int = 10, now: int = 12
) -> Declared:
    """Down from `first` to `last`, said at `now`: minutes after DOWN."""
    return services.declare_outage(
        began_at=DOWN + first * MINUTE,
        ended_at=DOWN + last * MINUTE,
        trainings=[training_of(course)],
        reason="The site was down.",
        actor=actor,
        now=DOWN + now * MINUTE,
    )


def longer(attempt: Attempt) -> float:
    """How many minutes later the try ends than its limit says."""
    attempt.refresh_from_db()
    assert attempt.deadline_at
    return (attempt.deadline_at - attempt.started_at) / MINUTE - 40


def test_everybody_in_a_test_gets_what_they_lost(course: CoursePage, coordinator: Person) -> None:
    whole, part, later = begun(course, -5), begun(course, 4), begun(course, 11)
    assert declare(coordinator, course) == Declared(more_time=2, again=0)
    assert [longer(attempt) for attempt in (whole, part, later)] == [10, 6, 0]
    outage = Outage.objects.get()
    assert {row.outage for row in AttemptRuling.objects.all()} == {outage}
    assert AuditEntry.objects.filter(action="attempt.outage", actor=coordinator).count() == 2
    assert AuditEntry.objects.get(action="outage.declared").data == {"more_time": 2, "again": 0}
    assert OutboxMessage.objects.filter(key__startswith="courses.ruling:").count() == 2


def test_same_outage_again_gives_nothing(course: CoursePage, coordinator: Person) -> None:
    attempt = begun(course, -5)
    declare(coordinator, course)
    assert declare(coordinator, course, now=14) == Declared(more_time=0, again=0)
    assert longer(attempt) == 10
    assert (Outage.objects.count(), AttemptRuling.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("spans", "given"),
    [
        ([(0, 10), (5, 15)], 15),
        ([(5, 15), (0, 10)], 15),
        ([(0, 4), (8, 12), (2, 10)], 12),
        ([(0, 10), (2, 8)], 10),
        ([(0, 4), (8, 12)], 8),
    ],
)
def test_overlapping_outages_add_up_once(
    course: CoursePage, coordinator: Person, spans: list[tuple[int, int]], given: int
) -> None:
    attempt = begun(course, -5)
    for first, last in spans:
        declare(coordinator, course, first, last, now=16)
    assert longer(attempt) == given


def test_minutes_given_by_hand_since_it_began_count(
    course: CoursePage, coordinator: Person
) -> None:
    attempt = begun(course, -5)
    services.grant_outage_time(
        attempt=attempt,
        minutes=6,
        reason="Called us.",
        key="6f0cc2f0-5f5c-4f37-a1f5-6f2a4b1f9d11",  # type: ignore[arg-type]
        actor=coordinator,
        now=DOWN + 11 * MINUTE,
    )
    declare(coordinator, course)
    assert longer(attempt) == 10


def test_try_that_ran_out_does_not_count_and_can_be_taken_again(
    course: CoursePage, coordinator: Person
) -> None:
    attempt = begun(course, -35)
    assert declare(coordinator, course, now=30) == Declared(more_time=0, again=1)
    assert is_void(Attempt.objects.get(pk=attempt.pk))
    step = where(Enrolment.objects.get(pk=attempt.enrolment_id), now=DOWN + 31 * MINUTE).steps[0]
    assert (step.attempts_used, step.is_locked) == (0, False)
    assert declare(coordinator, course, now=32) == Declared(more_time=0, again=0)


def leaves(attempt: Attempt) -> None:
    services.withdraw(enrolment=attempt.enrolment, actor=attempt.enrolment.person)


def completes(attempt: Attempt) -> None:
    """As where the test is optional and was left open."""
    Enrolment.objects.filter(pk=attempt.enrolment_id).update(
        status=EnrolmentStatus.COMPLETED, completed_at=DOWN
    )


@pytest.mark.parametrize("ends", [leaves, completes])
@pytest.mark.parametrize(("now", "given"), [(12, (1, 0)), (60, (0, 1))])
def test_who_is_through_with_the_course_holds_up_nobody(
    course: CoursePage,
    coordinator: Person,
    ends: Callable[[Attempt], None],
    now: int,
    given: tuple[int, int],
) -> None:
    ends(begun(course, -5))
    stays = begun(course, -5)
    assert len(effects(course, coordinator, now=now)) == 1
    assert declare(coordinator, course, now=now) == Declared(*given)
    assert AttemptRuling.objects.get().attempt == stays


def declared(attempt: Attempt, course: CoursePage, actor: Person) -> None:
    assert declare(actor, course, now=60) == Declared(more_time=0, again=1)


def excused(attempt: Attempt, course: CoursePage, actor: Person) -> None:
    services.excuse_outage(
        attempt=attempt, reason="The site was down.", actor=actor, now=DOWN + 60 * MINUTE
    )


@pytest.mark.parametrize("gives", [declared, excused])
@pytest.mark.parametrize(
    ("rule", "runs"),
    [
        ({"hard_end": 20, "time_limit": 40}, 40),
        ({"last_start": 20, "time_limit": 40}, 40),
        # As long as the try that ran into the end: 25 minutes.
        ({"hard_end": 20}, 25),
        ({"last_start": 10, "hard_end": 20}, 25),
    ],
)
def test_end_for_everybody_does_not_take_the_new_try_away(
    gives: Callable[[Attempt, CoursePage, Person], None], rule: dict[str, int], runs: int
) -> None:
    course = only_a_test(
        attempts=2,
        rule={
            key: value if key == "time_limit" else (DOWN + value * MINUTE).isoformat()
            for key, value in rule.items()
        },
    )
    attempt, later = begun(course, -5), DOWN + 61 * MINUTE
    gives(attempt, course, make_with_role(Role.COORDINATOR, course.office))

    def stands(now: datetime) -> Step:
        return where(Enrolment.objects.get(pk=attempt.enrolment_id), now=now).steps[0]

    letter = OutboxMessage.objects.get(key__startswith="courses.ruling:")
    assert "You can take the test again." in letter.payload["text"]
    assert not stands(later).is_locked
    assert not [line for line in stands(later).timing.lines if "everybody" in line]
    new = services.start_attempt(
        enrolment=attempt.enrolment, step_key="post-test", actor=None, now=later
    )
    assert new.deadline_at == later + runs * MINUTE
    assert not timing_of(new.rule).start_by
    # The new try is taken: from here the end holds again.
    services.hand_in(attempt=new, actor=None, now=later + MINUTE)
    assert "could be started until" in stands(later + 2 * MINUTE).reason


def test_try_voided_for_another_reason_opens_no_test_that_has_ended() -> None:
    course = only_a_test(rule={"hard_end": (DOWN + 20 * MINUTE).isoformat()})
    attempt, later = begun(course, -5), DOWN + 60 * MINUTE
    services.void_attempt(
        attempt=attempt,
        reason="A mistake.",
        actor=make_with_role(Role.COORDINATOR, course.office),
        now=later,
    )
    step = where(Enrolment.objects.get(pk=attempt.enrolment_id), now=later).steps[0]
    assert "could be started until" in step.reason


def test_long_test_without_a_limit_is_given_a_day_at_most() -> None:
    course = only_a_test(rule={"hard_end": (DOWN + 20 * MINUTE).isoformat()})
    attempt, later = begun(course, -3000), DOWN + 61 * MINUTE
    excused(attempt, course, make_with_role(Role.COORDINATOR, course.office))
    new = services.start_attempt(
        enrolment=attempt.enrolment, step_key="post-test", actor=None, now=later
    )
    assert new.deadline_at == later + timedelta(days=1)


def test_what_was_handed_in_or_passed_stays(course: CoursePage, coordinator: Person) -> None:
    handed_in, passed = begun(course, -5), begun(course, -35)
    services.hand_in(attempt=handed_in, actor=None, now=DOWN + 11 * MINUTE)
    for position, item in enumerate(passed.items, start=1):
        assert "a" in item["choices"]
        services.save_answers(
            attempt=passed, answers={position: ["a"]}, actor=None, now=DOWN - MINUTE
        )
    assert declare(coordinator, course, now=30) == Declared(more_time=0, again=0)
    result = result_of(Attempt.objects.get(pk=passed.pk))
    assert result is not None
    assert result.is_pass
    assert effects(course, coordinator, now=30) == [OutageEffect.HANDED_IN, OutageEffect.PASSED]
    assert not AttemptRuling.objects.exists()


def effects(course: CoursePage, actor: Person, now: int = 12) -> list[OutageEffect]:
    span = (DOWN, DOWN + 10 * MINUTE)
    found = in_a_test([training_of(course)], "", *span)
    return [gets(row, *span, actor=actor, now=DOWN + now * MINUTE).effect for row in found]


def test_own_test_is_somebody_elses_to_decide(course: CoursePage, coordinator: Person) -> None:
    own = begun(course, -5, coordinator)
    assert effects(course, coordinator) == [OutageEffect.OWN]
    assert declare(coordinator, course) == Declared(more_time=0, again=0)
    assert longer(own) == 0


def test_only_the_tests_named_are_concerned(course: CoursePage, coordinator: Person) -> None:
    other = only_a_test(rule={"time_limit": 40})
    here, there = begun(course, -5), begun(other, -5)
    assert not in_a_test([training_of(course)], "pre-test", DOWN, DOWN + MINUTE).exists()
    declare(coordinator, course)
    assert (longer(here), longer(there)) == (10, 0)


@pytest.mark.parametrize(
    ("span", "said"),
    [
        ((10, 10), "not after the beginning"),
        ((0, 13), "Wait until the site is up"),
        ((-1500, 10), "longer than a day"),
    ],
)
def test_what_is_no_outage_is_refused(
    course: CoursePage, coordinator: Person, span: tuple[int, int], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        declare(coordinator, course, *span)


def test_only_the_office_declares(course: CoursePage) -> None:
    attempt = begun(course, -5)
    with pytest.raises(Refused, match="decides on its courses' tests"):
        declare(make_with_role(Role.COORDINATOR, make_office()), course)
    assert longer(attempt) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_looking_costs_the_same_however_many(
    course: CoursePage, coordinator: Person, count: int
) -> None:
    for _number in range(count):
        begun(course, -5)
    assert costs(lambda: effects(course, coordinator)) == 3


def test_database_keeps_outages(course: CoursePage, coordinator: Person) -> None:
    begun(course, -5)
    declare(coordinator, course)
    with pytest.raises(DatabaseError, match="courses_outage"):
        Outage.objects.update(reason="Another")
