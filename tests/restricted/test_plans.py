"""Plans that contain a training which was restricted, or hidden, after they were published."""

import pytest
from django.test import Client
from django.urls import reverse

from courses.models import CoursePage, PlanPage
from courses.services.plans import join_plan
from lms.people.models import Person
from lms.trainings.models import Training
from tests.courses.reading import text
from tests.factories.access import make_grant
from tests.factories.courses import complete_course, make_course
from tests.factories.people import make_person
from tests.factories.plans import make_plan, training_of_plan
from tests.restricted.reading import SECRET, signed_in

pytestmark = pytest.mark.django_db
NAMELESS = "A training for some people only"


@pytest.fixture
def part() -> CoursePage:
    return make_course(title=SECRET, slug="secret-part")


@pytest.fixture
def plan(part: CoursePage) -> PlanPage:
    return make_plan([part, make_course(title="Open to all")])


def close(part: CoursePage, *, hidden: bool) -> Training:
    Training.objects.filter(key=part.translation_key).update(access="approval", is_hidden=hidden)
    return Training.objects.get(key=part.translation_key)


def follower(plan: PlanPage) -> Person:
    person = make_person()
    join_plan(person=person, training=training_of_plan(plan), actor=person)
    return person


def own_page(plan: PlanPage, person: Person) -> str:
    path = reverse("courses:plan", args=[training_of_plan(plan).key])
    return text(signed_in(person), path) + text(signed_in(person), "/my/")


def test_public_page_does_not_name_what_is_hidden(plan: PlanPage, part: CoursePage) -> None:
    close(part, hidden=True)
    shown = text(Client(), plan.get_url())
    assert (SECRET in shown, "secret-part" in shown) == (False, False)
    assert (NAMELESS in shown, "It has been closed to the public" in shown) == (True, True)


def test_public_page_names_what_is_restricted_and_leads_to_its_page(
    plan: PlanPage, part: CoursePage
) -> None:
    close(part, hidden=False)
    shown = text(Client(), plan.get_url())
    assert (SECRET in shown, part.get_url() in shown) == (True, True)


def test_follower_outside_reads_no_title_and_whom_to_ask(plan: PlanPage, part: CoursePage) -> None:
    person = follower(plan)
    close(part, hidden=True)
    shown = own_page(plan, person)
    assert (SECRET in shown, "secret-part" in shown) == (False, False)
    assert "It has been closed to you since you joined" in shown
    assert reverse("courses:start", args=[part.translation_key]) not in shown


def test_follower_inside_goes_on(plan: PlanPage, part: CoursePage) -> None:
    person = follower(plan)
    make_grant(person, close(part, hidden=True))
    shown = own_page(plan, person)
    assert SECRET in shown
    assert reverse("courses:start", args=[part.translation_key]) in shown


def test_what_was_done_keeps_its_name(plan: PlanPage, part: CoursePage) -> None:
    person = follower(plan)
    complete_course(person, part)
    close(part, hidden=True)
    assert SECRET in own_page(plan, person)


def test_restricted_part_leads_to_the_page_with_its_door(plan: PlanPage, part: CoursePage) -> None:
    person = follower(plan)
    close(part, hidden=False)
    shown = own_page(plan, person)
    assert (SECRET in shown, part.get_url() in shown) == (True, True)
    assert reverse("courses:start", args=[part.translation_key]) not in shown
