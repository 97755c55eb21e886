"""A pre-test with a pass mark has to be passed; without one, taking it is enough."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from courses.enums import StepState
from courses.models import Attempt, Enrolment
from courses.selectors import Outline, where
from lms.people.enums import Role
from lms.people.models import Person
from tests.courses.reading import text
from tests.factories.courses import make_course, make_enrolment, take_test
from tests.factories.people import make_with_role

pytestmark = pytest.mark.django_db

LOCK = "First pass “Pre-test” with 80 percent right: this opens right after it."
NOT_YET = "Not yet: 0 of 4 steps are done; next, pass “Pre-test” with 80 percent right."


def begun(learner: Person, **rule: Any) -> Enrolment:
    """A course whose pre-test, of two questions, is to be passed with 80 percent."""
    course = make_course(pre_test_rule={"pass_percent": 80, **rule})
    return make_enrolment(learner, course)


def stands(enrolment: Enrolment) -> Outline:
    return where(Enrolment.objects.get(pk=enrolment.pk))


def test_failed_pre_test_says_so_and_can_be_tried_again(client: Client, learner: Person) -> None:
    enrolment = begun(learner)
    path = f"/learn/{enrolment.pk}/pre-test/"
    page = text(client, path)
    assert "You pass with 80 percent right." in page
    assert "you cannot fail it" not in page
    take_test(enrolment, "pre-test", right=1)
    page = text(client, path)
    for words in ("Not passed this time", "1 of 2 right", "You pass with 80 percent", "Try again"):
        assert words in page, words
    assert "do not count for passing" not in page
    client.post(path, {"action": "start"})
    assert "Question 1 of 2" in text(client, path)
    assert Attempt.objects.count() == 2


def test_what_follows_opens_when_the_pre_test_is_passed(client: Client, learner: Person) -> None:
    enrolment = begun(learner)
    take_test(enrolment, "pre-test", right=1)
    assert LOCK in text(client, f"/learn/{enrolment.pk}/lesson-1/", status=409)
    take_test(enrolment, "pre-test")
    assert "You passed" in text(client, f"/learn/{enrolment.pk}/pre-test/")
    assert [step.state for step in stands(enrolment).steps][:2] == [StepState.DONE, StepState.OPEN]
    assert "Words to read." in text(client, f"/learn/{enrolment.pk}/lesson-1/")


def test_learner_and_office_read_the_same_of_what_is_missing(
    client: Client, learner: Person
) -> None:
    enrolment = begun(learner)
    take_test(enrolment, "pre-test", right=1)
    assert stands(enrolment).not_yet == NOT_YET
    assert NOT_YET in text(client, f"/learn/{enrolment.pk}/")
    client.force_login(make_with_role(Role.COORDINATOR, enrolment.training.owner))
    page = reverse("desk_learning:course", args=[enrolment.person_id, enrolment.pk])
    assert NOT_YET in text(client, page)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"attempts": 1}, "You have used the only try at “Pre-test”"),
        ({"cool_down": 5}, "You can try “Pre-test” again from"),
    ],
)
def test_tries_and_waiting_hold_for_the_pre_test_too(
    client: Client, learner: Person, rule: dict[str, int], said: str
) -> None:
    enrolment = begun(learner, **rule)
    take_test(enrolment, "pre-test", right=1)
    assert stands(enrolment).not_yet.startswith(said)
    assert said in text(client, f"/learn/{enrolment.pk}/pre-test/", status=409)
    assert said in text(client, "/my/")


def test_lock_names_the_mark_whichever_rule_locks_the_step(learner: Person) -> None:
    course = make_course(lessons=1, publish=False, pre_test_rule={"pass_percent": 80})
    course.outline[1].value["gate"] = "previous"
    course.save_revision().publish()
    enrolment = make_enrolment(learner, course)
    assert stands(enrolment).steps[1].reason == LOCK
    with translation.override("es"):
        assert "con 80 por ciento" in stands(enrolment).steps[1].reason


def test_without_a_mark_taking_it_is_enough(client: Client, learner: Person) -> None:
    enrolment = make_enrolment(learner, make_course())
    taken = "First take the “Pre-test”: this opens as soon as you hand it in."
    assert stands(enrolment).steps[1].reason == taken
    assert "you cannot fail it" in text(client, f"/learn/{enrolment.pk}/pre-test/")
    take_test(enrolment, "pre-test", right=0)
    page = text(client, f"/learn/{enrolment.pk}/pre-test/")
    assert "They do not count for passing." in page
    assert "Try again" not in page
    assert stands(enrolment).steps[1].state == StepState.OPEN
