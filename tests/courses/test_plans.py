"""Learning plans: what counts, when they are done, what a revoked part does."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from courses.models import PlanEnrolment, PlanPage
from courses.plan_selectors import months_before, plan_standing
from courses.services import plans
from lms.certificates.selectors import awaiting_certificate
from lms.certificates.services import issue_certificate
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.completions.services import revoke_completion
from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.time import new_york_today, short_date
from lms.people.models import Person
from lms.portal.my.selectors import my_learning
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training, TrainingPage
from lms.trainings.selectors import version_in_force
from tests.factories.completions import make_completion
from tests.factories.courses import make_course
from tests.factories.events import make_live_page
from tests.factories.people import make_person
from tests.factories.plans import make_plan, training_of_plan
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db

TODAY = new_york_today()


@pytest.fixture
def person() -> Person:
    return make_person(name="Ana Rivera")


def do(person: Person, part: TrainingPage | Training, **more: Any) -> Completion:
    """The part is in the person's record."""
    training = part if isinstance(part, Training) else part.training()
    assert training is not None
    version = version_in_force(training)
    return make_completion(person, version=version or make_version(training), **more)


def join(person: Person, plan: PlanPage, **more: Any) -> PlanEnrolment:
    return plans.join_plan(person=person, training=training_of_plan(plan), actor=person, **more)


def standing(person: Person, plan: PlanPage) -> Any:
    version = version_in_force(training_of_plan(plan))
    assert version is not None
    return plan_standing(person, version, TODAY)


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 22), 12, date(2025, 11, 22)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 2, 29), 12, date(2027, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
    ],
)
def test_months_are_the_calendars(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before


def test_progress_says_what_is_done_and_what_comes_next(person: Person) -> None:
    course, live = make_course(title="A course"), make_live_page(title="A session")
    plan = make_plan([course, live])
    join(person, plan)
    assert (standing(person, plan).progress, standing(person, plan).next_text) == (
        "0 of 2 done",
        "Next: A course.",
    )
    do(person, course)
    assert (standing(person, plan).progress, standing(person, plan).next_text) == (
        "1 of 2 done",
        "Next: A session.",
    )


def test_plan_is_completed_once_when_all_that_is_required_is_done(person: Person) -> None:
    course, live = make_course(title="A course"), make_live_page(title="A session")
    outside = make_training(TrainingKind.OUTSIDE)
    plan = make_plan([course, live, outside], optional=(2,))
    enrolment = join(person, plan)
    do(person, course, occurred_on=TODAY - timedelta(days=2))
    plans.follow_person(person=person)
    assert PlanEnrolment.objects.active().get() == enrolment
    do(person, live)
    for _twice in range(2):
        plans.follow_person(person=person)
    enrolment.refresh_from_db()
    completion = Completion.objects.get(source_kind=SourceKind.PLAN)
    assert enrolment.completion == completion
    assert (completion.occurred_on, completion.topics, completion.minutes) == (TODAY, [], 90)
    assert completion.evidence["why"].startswith("Completed the 2 trainings of the plan: A course")
    assert [part["waived"] for part in completion.evidence["parts"]] == [False, False]
    assert completion in awaiting_certificate()


def test_what_was_done_before_joining_counts_from_the_day_of_joining(person: Person) -> None:
    course, live = make_course(), make_live_page()
    plan = make_plan([course, live])
    for part in (course, live):
        do(person, part, occurred_on=date(2024, 1, 5))
    enrolment = join(person, plan)
    assert enrolment.completion is not None
    assert enrolment.completion.occurred_on == TODAY


def test_what_is_too_long_ago_does_not_count(person: Person) -> None:
    course, live = make_course(), make_live_page()
    plan = make_plan([course, live], valid_months=12)
    do(person, course, occurred_on=months_before(TODAY, 12) - timedelta(days=1))
    do(person, live, occurred_on=months_before(TODAY, 12))
    assert join(person, plan).is_active
    old, counted = standing(person, plan).parts
    assert (old.is_done, counted.is_done) == (False, True)
    assert "too long ago" in old.note


def test_waived_part_counts_and_says_so(person: Person) -> None:
    course, live = make_course(title="A course"), make_live_page(title="A session")
    plan = make_plan([course, live])
    do(person, course)
    do(person, live, source_kind=SourceKind.WAIVER)
    completion = join(person, plan).completion
    assert completion is not None
    assert "A session (waived by the office)" in completion.evidence["why"]
    assert standing(person, plan).parts[1].note == "Waived by the office"


def test_part_the_office_entered_counts_and_says_so(client: Client, person: Person) -> None:
    course, live = make_course(title="A course"), make_live_page(title="A session")
    plan = make_plan([course, live])
    do(person, course)
    do(person, live, source_kind=SourceKind.STAFF_ENTRY)
    completion = join(person, plan).completion
    assert completion is not None
    day = short_date(TODAY)
    assert (
        f"A course ({day}), A session ({day}, entered by the office)."
        in (completion.evidence["why"])
    )
    assert [part["entered"] for part in completion.evidence["parts"]] == [False, True]
    certificate = issue_certificate(completion=completion)
    client.force_login(person)
    page = text(client.get(f"/learn/plan/{plan.translation_key}/"))
    assert page.count("Entered by the office") == 1
    assert "A part of the plan was entered by the office." in (
        text(client.get(f"/verify/{certificate.code}/", follow=True))
    )


def test_revoked_part_takes_the_plan_back_and_the_way_goes_on(person: Person) -> None:
    course, live = make_course(), make_live_page()
    plan = make_plan([course, live])
    do(person, course)
    part = do(person, live)
    first = join(person, plan)
    revoke_completion(completion=part, reason="Wrong person", actor=None)
    plans.follow_person(person=person)
    plans.follow_person(person=person)
    assert Completion.objects.standing().filter(source_kind=SourceKind.PLAN).count() == 0
    second = PlanEnrolment.objects.active().get()
    assert second.version == first.version
    assert "taken back" in standing(person, plan).parts[1].note
    do(person, live)
    plans.follow_person(person=person)
    second.refresh_from_db()
    assert second.completion is not None
    assert second.completion in Completion.objects.standing()


def test_plan_stands_where_another_completion_of_the_part_does(person: Person) -> None:
    course, live = make_course(), make_live_page()
    plan = make_plan([course, live])
    do(person, course)
    part = do(person, live)
    enrolment = join(person, plan)
    do(person, live)
    revoke_completion(completion=part, reason="Recorded twice", actor=None)
    plans.follow_person(person=person)
    assert enrolment.completion in Completion.objects.standing()
    assert PlanEnrolment.objects.count() == 1


def test_sweep_finds_what_a_lost_doorbell_left(person: Person) -> None:
    course, live = make_course(), make_live_page()
    enrolment = join(person, make_plan([course, live]))
    do(person, course)
    do(person, live)
    assert plans.follow_all(within=timedelta(hours=1)) == 1
    enrolment.refresh_from_db()
    assert enrolment.completion is not None
    later = timezone.now() + timedelta(hours=3)
    assert plans.follow_all(within=timedelta(hours=1), now=later) == 0


def test_ringing_completes_the_plan(
    person: Person, django_capture_on_commit_callbacks: Any
) -> None:
    course, live = make_course(), make_live_page()
    enrolment = join(person, make_plan([course, live]))
    with django_capture_on_commit_callbacks(execute=True):
        do(person, course)
        do(person, live)
    enrolment.refresh_from_db()
    assert enrolment.completion is not None


def test_joining_leaving_and_joining_again(person: Person) -> None:
    plan = make_plan([make_course(), make_live_page()])
    first = join(person, plan)
    assert join(person, plan) == first
    plans.leave_plan(enrolment=first, actor=person)
    plans.leave_plan(enrolment=first, actor=person)
    assert join(person, plan).pk != first.pk


def test_plan_off_the_site_cannot_be_joined(person: Person) -> None:
    plan = make_plan([make_course(), make_live_page()])
    training = training_of_plan(plan)
    plan.unpublish()
    with pytest.raises(Refused) as refused:
        plans.join_plan(person=person, training=training, actor=person)
    assert refused.value.code == "not_open"


def test_whoever_joined_keeps_the_version(person: Person) -> None:
    course, live, more = make_course(), make_live_page(), make_course(title="One more")
    plan = make_plan([course, live])
    enrolment = join(person, plan)
    raw = [
        {"type": "training", "value": {"page": part.pk, "required": True}}
        for part in (course, live, more)
    ]
    plan.items = PlanPage._meta.get_field("items").to_python(raw)
    plan.save_revision().publish()
    do(person, course)
    do(person, live)
    plans.follow_person(person=person)
    enrolment.refresh_from_db()
    assert enrolment.completion is not None
    assert enrolment.version != version_in_force(training_of_plan(plan))


@pytest.mark.parametrize("problem", ["one", "twice", "nested", "unpublished", "restricted"])
def test_plans_that_make_no_sense_are_not_published(problem: str) -> None:
    course, live = make_course(), make_live_page()
    parts: dict[str, list[TrainingPage | Training]] = {
        "one": [course],
        "twice": [course, course],
        "nested": [course, make_plan([course, live])],
        "restricted": [make_course(access="invitation"), live],
        "unpublished": [course, make_course(publish=False)],
    }
    with pytest.raises(Refused) as refused:
        make_plan(parts[problem])
    assert refused.value.code == "not_publishable"


def test_database_keeps_a_waiver_bare(person: Person) -> None:
    waiver = make_completion(person, source_kind=SourceKind.WAIVER)
    assert (waiver.minutes, waiver.topics, waiver.credits) == (0, [], [])
    waiver.pk, waiver.source_key, waiver.topics = None, "another", ["NY205-T1"]
    with pytest.raises(IntegrityError), transaction.atomic():
        waiver.save(force_insert=True)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_public_page_shows_the_parts_in_order(client: Client) -> None:
    outside = make_training(TrainingKind.OUTSIDE, title="Elsewhere")
    course, live = make_course(title="A course"), make_live_page(title="A session")
    plan = make_plan([course, live, outside], optional=(2,), title="The plan")
    page = text(client.get(plan.url))
    assert page.index("A course") < page.index("A session") < page.index("Elsewhere")
    assert "Part 3, optional" in page
    assert "The plan" in text(client.get("/trainings/?kind=plan"))


def test_page_of_ones_plan(client: Client, person: Person) -> None:
    course, live = make_course(title="A course"), make_live_page(title="A session")
    plan = make_plan([course, live])
    path = f"/learn/plan/{plan.translation_key}/"
    assert client.get(path)["Location"].startswith("/accounts/login/")
    client.force_login(person)
    do(person, course)
    assert "What you did before counts: 1 of 2 done already." in text(client.get(path))
    assert PlanEnrolment.objects.count() == 0
    page = text(client.post(path, {"action": "join"}, follow=True))
    assert "Next in your plan" in page
    learning = my_learning(person, timezone.now())
    assert [(row.title, row.progress, row.next_text) for row in learning.plans] == [
        (plan.title, "1 of 2 done", "Next: A session.")
    ]
    assert plan.title in text(client.get("/my/"))
    do(person, live)
    plans.follow_person(person=person)
    assert "You completed this plan" in text(client.get(path))
    other = make_person()
    client.force_login(other)
    assert "0 of 2 done" in text(client.get(path))
    assert client.get(f"/learn/plan/{course.translation_key}/").status_code == 404


def test_leaving_on_the_page(client: Client, person: Person) -> None:
    plan = make_plan([make_course(), make_live_page()])
    path = f"/learn/plan/{plan.translation_key}/"
    client.force_login(person)
    client.post(path, {"action": "join"})
    assert "You left the plan." in text(client.post(path, {"action": "leave"}, follow=True))
    assert PlanEnrolment.objects.active().count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_plan_costs_the_same_however_long(
    client: Client, person: Person, django_assert_num_queries: Any, count: int
) -> None:
    plan = make_plan([make_live_page(), *(make_course() for _n in range(count))])
    client.force_login(person)
    path = f"/learn/plan/{plan.translation_key}/"
    client.post(path, {"action": "join"})
    client.get(path)
    with django_assert_num_queries(9):
        client.get(path)


def test_person_can_have_what_is_kept(person: Person) -> None:
    plan = make_plan([make_course(), make_live_page()])
    enrolment = join(person, plan, now=datetime.fromisoformat("2026-11-02T10:00:00-05:00"))
    [row] = personal_data.export(person)["plans"]
    assert (row["plan"], row["started_at"]) == (plan.title, enrolment.started_at)
