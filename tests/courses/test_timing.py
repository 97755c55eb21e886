"""Time at tests: limits, extra time, waiting, last start and hard end; the server's clock alone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone

from courses import services
from courses.enums import AttemptStatus, ExtraTimeReason
from courses.models import Accommodation, Attempt, AttemptAnswer, Enrolment
from courses.selectors import where
from courses.tasks import hand_in_overdue
from courses.timing import GRACE
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.reading import only_a_test, text
from tests.factories.courses import make_enrolment
from tests.factories.people import make_person, make_with_role

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def enrolled(learner: Person, **rule: object) -> Enrolment:
    return make_enrolment(learner, only_a_test(rule=rule), now=NOW - timedelta(days=1))


def start(enrolment: Enrolment, now: datetime = NOW) -> Attempt:
    return services.start_attempt(
        enrolment=enrolment, step_key="post-test", actor=enrolment.person, now=now
    )


def save(attempt: Attempt, now: datetime, answer: str = "a") -> None:
    fresh = Attempt.objects.get(pk=attempt.pk)
    services.save_answers(attempt=fresh, answers={1: [answer]}, actor=None, now=now)


def reason(enrolment: Enrolment, now: datetime) -> str:
    step = where(Enrolment.objects.get(pk=enrolment.pk), now=now).step("post-test")
    assert step is not None
    return step.reason


def test_without_limits_nothing_is_frozen_and_nothing_ends(learner: Person) -> None:
    enrolment = enrolled(learner)
    frozen = enrolment.version.spec["outline"][0]
    assert not {"time_limit", "cool_down", "last_start", "hard_end", "review"} & set(frozen)
    attempt = start(enrolment)
    assert attempt.deadline_at is None
    save(attempt, NOW + timedelta(days=400))
    assert AttemptAnswer.objects.count() == 1


def test_answer_counts_until_the_deadline_and_a_moment_for_the_way(learner: Person) -> None:
    attempt = start(enrolled(learner, time_limit=30))
    assert attempt.deadline_at == NOW + 30 * MINUTE
    save(attempt, NOW + 30 * MINUTE + GRACE - SECOND)
    with pytest.raises(Refused, match=r"Your time was over on Nov. 22, 2026, 10:30 a.m. Eastern"):
        save(attempt, NOW + 30 * MINUTE + GRACE, answer="b")
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score_points) == (AttemptStatus.HANDED_IN, 1)
    assert attempt.handed_in_at == attempt.deadline_at


def test_answer_of_a_script_after_the_deadline_is_told_that_it_is_over(
    client: Client, learner: Person
) -> None:
    attempt = start(enrolled(learner, time_limit=30), now=timezone.now() - 31 * MINUTE)
    body = {"attempt": attempt.pk, "position": 1, "choice": "a", "device": "d", "sequence": 1}
    answer = client.post(f"/learn/{attempt.enrolment_id}/post-test/answers/", body)
    assert (answer.status_code, answer.json()["over"]) == (409, True)
    assert "handed in with what was saved" in answer.json()["error"]


def test_overdue_test_is_handed_in_by_whoever_looks(client: Client, learner: Person) -> None:
    attempt = start(enrolled(learner, time_limit=30), now=timezone.now() - 31 * MINUTE)
    path = f"/learn/{attempt.enrolment_id}/post-test/"
    page = client.get(path, follow=True).content.decode()
    assert "Your time was over" in page
    assert "Not passed this time" in page


def test_overdue_tests_are_handed_in_by_the_periodic_job_once(learner: Person) -> None:
    over = start(enrolled(learner, time_limit=30), now=timezone.now() - 31 * MINUTE)
    runs = start(enrolled(make_person(), time_limit=30), now=timezone.now() - 29 * MINUTE)
    hand_in_overdue()
    hand_in_overdue()
    for attempt in (over, runs):
        attempt.refresh_from_db()
    assert over.handed_in_at == over.deadline_at
    assert runs.status == AttemptStatus.IN_PROGRESS


def test_page_counts_from_what_the_server_says(client: Client, learner: Person) -> None:
    attempt = start(enrolled(learner, time_limit=30), now=timezone.now() - 10 * MINUTE)
    page = text(client, f"/learn/{attempt.enrolment_id}/post-test/")
    assert "Hand in before" in page
    assert 1190 <= int(page.partition('data-left="')[2].partition('"')[0]) <= 1200


def test_timed_test_is_never_begun_by_going_on(client: Client, learner: Person) -> None:
    enrolment = enrolled(learner, time_limit=30)
    page = text(client, f"/learn/{enrolment.pk}/post-test/")
    assert "You have 30 minutes." in page
    assert Attempt.objects.count() == 0


def arrange(person: Person, enrolment: Enrolment, **fields: object) -> Accommodation:
    office = enrolment.training.owner
    coordinator = make_with_role(Role.COORDINATOR, office)
    given: dict[str, object] = {
        "extra_percent": 50,
        "valid_from": new_york_today(),
        "reason": ExtraTimeReason.AGREED,
        **fields,
    }
    return services.grant_extra_time(person=person, office=office, actor=coordinator, **given)  # type: ignore[arg-type]


def test_extra_time_is_shown_as_such_and_frozen_at_the_start(
    client: Client, learner: Person
) -> None:
    enrolment = enrolled(learner, time_limit=30)
    arranged = arrange(learner, enrolment)
    path = f"/learn/{enrolment.pk}/post-test/"
    assert "You have 30 minutes + 15 extra for you." in text(client, path)
    now = timezone.now()
    attempt = start(enrolment, now=now)
    assert attempt.deadline_at == now + 45 * MINUTE
    services.withdraw_extra_time(
        accommodation=arranged, actor=Person.objects.get(pk=arranged.recorded_by_id)
    )
    assert "30 minutes + 15 extra for you." in text(client, path)


@pytest.mark.parametrize(
    "fields",
    [
        {"valid_from": new_york_today() + timedelta(days=1)},
        {
            "valid_from": new_york_today() - timedelta(days=9),
            "valid_until": new_york_today() - timedelta(days=1),
        },
    ],
)
def test_extra_time_counts_on_its_days_only(learner: Person, fields: dict[str, object]) -> None:
    enrolment = enrolled(learner, time_limit=30)
    arrange(learner, enrolment, **fields)
    assert services.extra_minutes(enrolment, 30, timezone.now()) == 0


def test_extra_time_is_arranged_and_seen_by_the_office_alone(learner: Person) -> None:
    enrolment = enrolled(learner, time_limit=30)
    arranged = arrange(learner, enrolment)
    with pytest.raises(Refused, match="Only this office"):
        services.withdraw_extra_time(accommodation=arranged, actor=make_person())
    other = make_with_role(Role.COORDINATOR, enrolled(learner).training.owner)
    for person, sees in ((learner, 0), (other, 0), (arranged.recorded_by, 1)):
        assert person is not None
        assert Accommodation.objects.visible_to(person).count() == sees


def test_database_refuses_extra_time_beyond_reason(learner: Person) -> None:
    arranged = arrange(learner, enrolled(learner))
    with pytest.raises(DatabaseError, match="courses_accommodation_percent_sane"):
        Accommodation.objects.filter(pk=arranged.pk).update(extra_percent=301)


def test_waiting_counts_from_when_the_try_should_have_ended(learner: Person) -> None:
    enrolment = enrolled(learner, time_limit=30, cool_down=2)
    attempt = start(enrolment)
    services.hand_in(attempt=attempt, actor=None, now=NOW + 5 * MINUTE)
    free = NOW + 30 * MINUTE + timedelta(hours=2)
    said = "You can try “Post-test” again from Nov. 22, 2026, 12:30 p.m. Eastern (EST)."
    assert reason(enrolment, free - SECOND) == said
    with pytest.raises(Refused, match="again from"):
        start(enrolment, now=free - SECOND)
    assert start(enrolment, now=free).number == 2


def test_waiting_without_a_limit_counts_from_handing_in(learner: Person) -> None:
    enrolment = enrolled(learner, cool_down=2)
    services.hand_in(attempt=start(enrolment), actor=None, now=NOW + 5 * MINUTE)
    assert reason(enrolment, NOW + timedelta(hours=2, minutes=4))
    assert not reason(enrolment, NOW + timedelta(hours=2, minutes=5))


def test_last_start_is_apart_from_the_hard_end(learner: Person) -> None:
    rule = {
        "last_start": (NOW + 10 * MINUTE).isoformat(),
        "hard_end": (NOW + 20 * MINUTE).isoformat(),
        "time_limit": 30,
    }
    attempt = start(enrolled(learner, **rule), now=NOW + 9 * MINUTE)
    assert attempt.deadline_at == NOW + 20 * MINUTE
    save(attempt, NOW + 19 * MINUTE)
    late = enrolled(make_person(), **rule)
    with pytest.raises(
        Refused, match=r"could be started until Nov\. 22, 2026, 10:10 a\.m\. Eastern \(EST\); ask"
    ):
        start(late, now=NOW + 10 * MINUTE)


def test_extra_time_moves_the_hard_end_too(learner: Person) -> None:
    now = timezone.now()
    enrolment = enrolled(learner, hard_end=(now + 20 * MINUTE).isoformat(), time_limit=20)
    arrange(learner, enrolment)
    attempt = start(enrolment, now=now + 5 * MINUTE)
    assert attempt.deadline_at is not None
    assert abs(attempt.deadline_at - (now + 30 * MINUTE)) < SECOND


@pytest.mark.parametrize(
    ("review", "shown", "hidden"),
    [
        ("everything", ["So it is.", "Right answer"], []),
        ("right_or_wrong", ["Not right", "What is question"], ["So it is.", "Right answer"]),
        ("score", ["0 of 3 right"], ["What is question", "So it is."]),
        ("after_passing", ["once you have passed"], ["What is question", "So it is."]),
    ],
)
def test_review_shows_what_the_rule_says(
    client: Client, learner: Person, review: str, shown: list[str], hidden: list[str]
) -> None:
    attempt = start(enrolled(learner, review=review), now=timezone.now())
    services.save_answers(attempt=attempt, answers={1: ["b"], 2: ["b"], 3: ["c"]}, actor=None)
    services.hand_in(attempt=attempt, actor=None)
    page = text(client, f"/learn/{attempt.enrolment_id}/post-test/")
    assert [words for words in shown if words not in page] == []
    assert [words for words in hidden if words in page] == []
