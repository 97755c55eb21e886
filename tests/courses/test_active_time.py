"""Time counts by the server's clock, once however many windows are open, and never while away."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client

from courses import services
from courses.models import CoursePage, Enrolment, LearningClock, StepProgress
from courses.selectors import where
from courses.services.active_time import seconds_in
from lms.completions.models import Completion
from lms.people.models import Person
from tests.courses.reading import costs, text
from tests.factories.courses import make_course, make_enrolment, take_test
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, 15, 0, tzinfo=UTC)


def begun(**fields: object) -> Enrolment:
    """Somebody in the middle of a course that began at START, at its first lesson since then."""
    course = make_course(pre_test=False, minutes=60, **fields)  # type: ignore[arg-type]
    enrolment = make_enrolment(make_person(), course)
    Enrolment.objects.update(started_at=START)
    visit(enrolment, "lesson-1", 0)
    return fresh(enrolment)


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def visit(enrolment: Enrolment, step: str, seconds: float) -> None:
    """A page of the step is asked for, so many seconds after START."""
    services.open_step(
        enrolment=fresh(enrolment),
        step_key=step,
        actor=None,
        now=START + timedelta(seconds=seconds),
    )


def sign(enrolment: Enrolment, step: str, seconds: float, *, back: bool = False) -> None:
    """The page's script says that somebody is here."""
    services.keep_time(
        enrolment=fresh(enrolment),
        step_key=step,
        back=back,
        actor=None,
        now=START + timedelta(seconds=seconds),
    )


def times(enrolment: Enrolment) -> dict[str, int]:
    rows = StepProgress.objects.filter(enrolment=enrolment)
    return dict(rows.values_list("step_key", "active_seconds"))


def test_signs_add_up_to_the_time_between_them() -> None:
    enrolment = begun()
    for seconds in (30, 60, 90):
        sign(enrolment, "lesson-1", seconds)
    assert times(enrolment) == {"lesson-1": 90}


def test_parts_of_a_second_are_not_lost() -> None:
    enrolment = begun()
    for tenth in range(1, 51):
        sign(enrolment, "lesson-1", tenth / 10)
    assert times(enrolment) == {"lesson-1": 5}


def test_replayed_sign_counts_nothing() -> None:
    enrolment = begun()
    for _again in range(3):
        sign(enrolment, "lesson-1", 30)
    assert times(enrolment) == {"lesson-1": 30}


def test_two_windows_count_once() -> None:
    enrolment = begun()
    visit(enrolment, "lesson-1", 0)
    services.finish_lesson(enrolment=fresh(enrolment), step_key="lesson-1", actor=None)
    visit(enrolment, "lesson-2", 1)
    for seconds in range(15, 136, 30):
        sign(enrolment, "lesson-1", seconds)
        sign(enrolment, "lesson-2", seconds + 15)
    assert sum(times(enrolment).values()) == 150


def test_two_courses_side_by_side_count_once() -> None:
    one = begun()
    other = make_enrolment(one.person, make_course(pre_test=False))
    visit(other, "lesson-1", 10)
    for seconds in (30, 60, 90):
        sign(one, "lesson-1", seconds)
        sign(other, "lesson-1", seconds)
    assert seconds_in(one) + seconds_in(other) == 90


def test_two_signs_at_the_same_moment_count_once() -> None:
    enrolment = begun()
    # Both have read the clock before either moves it.
    one, other = (Enrolment.objects.select_related("person__learning_clock").get() for _ in "12")
    for copy in (one, other):
        services.keep_time(
            enrolment=copy, step_key="lesson-1", actor=None, now=START + timedelta(seconds=30)
        )
    assert times(enrolment) == {"lesson-1": 30}


def test_silence_counts_at_most_a_minute() -> None:
    enrolment = begun()
    sign(enrolment, "lesson-1", 30)
    sign(enrolment, "lesson-1", 3630)
    assert times(enrolment) == {"lesson-1": 90}


def test_coming_back_starts_the_clock_anew() -> None:
    enrolment = begun()
    sign(enrolment, "lesson-1", 30)
    sign(enrolment, "lesson-1", 75, back=True)
    sign(enrolment, "lesson-1", 105)
    assert times(enrolment) == {"lesson-1": 60}


def test_without_a_script_the_time_to_the_next_page_counts_up_to_five_minutes() -> None:
    enrolment = begun()
    visit(enrolment, "lesson-1", 120)
    assert times(enrolment) == {"lesson-1": 120}
    visit(enrolment, "lesson-1", 7200)
    assert times(enrolment) == {"lesson-1": 420}


def test_time_before_the_next_page_belongs_to_the_page_left() -> None:
    enrolment = begun()
    services.finish_lesson(enrolment=enrolment, step_key="lesson-1", actor=None)
    visit(enrolment, "lesson-2", 100)
    assert times(enrolment) == {"lesson-1": 100, "lesson-2": 0}


def test_after_a_sign_of_the_script_the_next_page_counts_a_minute_at_most() -> None:
    enrolment = begun()
    sign(enrolment, "lesson-1", 30)
    visit(enrolment, "lesson-1", 3600)
    assert times(enrolment) == {"lesson-1": 90}


def test_clock_set_back_on_the_server_counts_nothing() -> None:
    enrolment = begun()
    sign(enrolment, "lesson-1", 30)
    sign(enrolment, "lesson-1", -600)
    sign(enrolment, "lesson-1", 30)
    assert times(enrolment) == {"lesson-1": 30}


def test_step_that_was_never_opened_counts_nothing() -> None:
    enrolment = begun()
    sign(enrolment, "post-test", 30)
    sign(enrolment, "nothing", 60)
    assert times(enrolment) == {"lesson-1": 0}


def test_course_that_is_over_counts_nothing() -> None:
    enrolment = begun()
    services.withdraw(enrolment=enrolment, actor=None)
    sign(enrolment, "lesson-1", 30)
    assert times(enrolment) == {"lesson-1": 0}


def test_database_keeps_one_clock_a_person_and_no_time_unseen() -> None:
    enrolment = begun()
    with pytest.raises(IntegrityError), transaction.atomic():
        LearningClock.objects.create(person=enrolment.person, enrolment=enrolment, step_key="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        StepProgress.objects.create(enrolment=enrolment, step_key="x", active_seconds=1)


# --- what a course asks for -------------------------------------------------------------------


def all_steps(enrolment: Enrolment) -> None:
    """Every step done, at the same moment."""
    for key in ("lesson-1", "lesson-2"):
        services.finish_lesson(enrolment=enrolment, step_key=key, actor=None)
    take_test(enrolment, "post-test")


def test_too_few_minutes_say_how_many_are_missing() -> None:
    enrolment = begun(min_active_minutes=45)
    StepProgress.objects.update(active_seconds=31 * 60 + 20)
    all_steps(enrolment)
    stands = where(fresh(enrolment))
    assert not stands.is_finished
    assert stands.not_yet == (
        "Not yet: 31 of the 45 minutes; stay with the lessons for about 14 more minutes."
    )
    assert stands.minutes_left == 14
    assert Completion.objects.count() == 0


def test_sign_that_reaches_the_minutes_completes_the_course() -> None:
    enrolment = begun(min_active_minutes=1)
    all_steps(enrolment)
    sign(enrolment, "lesson-1", 30)
    assert fresh(enrolment).is_active
    sign(enrolment, "lesson-1", 60)
    evidence = Completion.objects.get().evidence
    assert evidence["active_seconds"] == 60
    assert evidence["rules"] == {"min_active_minutes": 1}
    assert [step["active_seconds"] for step in evidence["steps"]] == [60, 0, 0]


def test_page_that_reaches_the_minutes_completes_the_course() -> None:
    enrolment = begun(min_active_minutes=2)
    all_steps(enrolment)
    visit(enrolment, "lesson-1", 125)
    assert not fresh(enrolment).is_active
    assert Completion.objects.get().evidence["active_seconds"] == 125


def test_page_of_another_course_completes_the_one_left() -> None:
    enrolment = begun(min_active_minutes=2)
    all_steps(enrolment)
    other = make_enrolment(enrolment.person, make_course(pre_test=False))
    visit(other, "lesson-1", 130)
    assert not fresh(enrolment).is_active


def test_minutes_reached_before_the_steps_wait_for_them() -> None:
    enrolment = begun(min_active_minutes=1)
    sign(enrolment, "lesson-1", 60)
    assert fresh(enrolment).is_active
    all_steps(enrolment)
    assert not fresh(enrolment).is_active


def test_course_without_such_rules_keeps_its_hash() -> None:
    assert "rules" not in make_course().version_in_force.spec
    course = make_course(min_active_minutes=20, asks_own_word=True)
    assert course.version_in_force.spec["rules"] == {"min_active_minutes": 20, "attestation": True}


def test_more_minutes_than_the_course_takes_are_not_published() -> None:
    course = make_course(publish=False, minutes=20)
    course.min_active_minutes = 21
    assert services.publication_problems(course) == [
        "The course asks for at least 21 minutes but says that it takes 20: change one of them."
    ]


# --- over the web -----------------------------------------------------------------------------


@pytest.fixture
def course() -> CoursePage:
    return make_course(pre_test=False, minutes=60, min_active_minutes=45)


def test_sign_from_a_page_says_how_far_one_is_and_reads_no_seconds(
    client: Client, learner: Person, course: CoursePage
) -> None:
    enrolment = make_enrolment(learner, course)
    page = text(client, f"/learn/{enrolment.pk}/lesson-1/")
    assert f'data-active-time="/learn/{enrolment.pk}/lesson-1/time/"' in page
    assert "0 of 45 needed minutes" in page
    LearningClock.objects.update(seen_at=F("seen_at") - timedelta(seconds=59))
    forged = {"seconds": "9999", "now": "2099-01-01", "step": "post-test"}
    response = client.post(f"/learn/{enrolment.pk}/lesson-1/time/", forged)
    assert response.json() == {"note": "0 of 45 needed minutes"}
    assert 59 <= seconds_in(enrolment) <= 60


def test_sign_of_a_stranger_or_an_outsider_is_refused(client: Client, course: CoursePage) -> None:
    path = f"/learn/{make_enrolment(make_person(), course).pk}/lesson-1/time/"
    assert client.post(path).status_code == 401
    client.force_login(make_person())
    assert client.post(path).status_code == 404
    assert client.get(path).status_code == 405
    assert LearningClock.objects.count() == 0


def test_sign_costs_two_queries_besides_who_and_which(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(learner, make_course(pre_test=False))
    path = f"/learn/{enrolment.pk}/lesson-1/"
    client.get(path)
    client.post(f"{path}time/")
    assert costs(lambda: client.post(f"{path}time/")) == 3 + 2


def test_outline_lists_the_minutes_and_what_to_do(
    client: Client, learner: Person, course: CoursePage
) -> None:
    enrolment = make_enrolment(learner, course)
    page = text(client, f"/learn/{enrolment.pk}/")
    assert "45 minutes with the course" in page
    assert "0 of 4 done" in page
    all_steps(enrolment)
    page = text(client, f"/learn/{enrolment.pk}/")
    assert "Not yet: 0 of the 45 minutes; stay with the lessons for about 45 more minutes." in page
    assert "Read the lessons again" in page


# --- where one goes on -------------------------------------------------------------------------


def test_one_goes_on_where_one_was() -> None:
    course = make_course(pre_test=False, lessons=3, publish=False)
    for step in course.outline:
        step.value["gate"] = "none"
    course.save_revision().publish()
    enrolment = make_enrolment(make_person(), course)
    visit(enrolment, "lesson-1", 0)
    visit(enrolment, "lesson-3", 60)
    visit(enrolment, "lesson-2", 90)
    assert next_key(enrolment) == "lesson-2"
    services.finish_lesson(enrolment=fresh(enrolment), step_key="lesson-2", actor=None)
    assert next_key(enrolment) == "lesson-3"
    visit(enrolment, "lesson-1", 120)
    assert next_key(enrolment) == "lesson-1"


def next_key(enrolment: Enrolment) -> str:
    following = where(fresh(enrolment)).next_step
    assert following is not None
    return following.key
