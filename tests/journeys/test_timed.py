"""A test with a time limit: counted by the server's clock, with extra time, until it runs out."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from courses import services
from courses.enums import AttemptStatus, ExtraTimeReason
from courses.models import Attempt, Enrolment
from courses.timing import moment
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Person
from tests.browser import Reader, sign_in
from tests.courses.reading import only_a_test
from tests.factories.courses import make_enrolment
from tests.factories.people import make_person, make_with_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# A device whose clock is wrong by this many hours.
WRONG = """hours => {
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...given) { super(...(given.length ? given : [Right.now() + hours * 3600e3])); }
    static now() { return Right.now() + hours * 3600e3; }
  };
}"""


@pytest.fixture
def person(db: None) -> Person:
    return make_person()


@pytest.fixture
def enrolment(person: Person) -> Enrolment:
    return make_enrolment(person, only_a_test(rule={"time_limit": 30}))


def path(enrolment: Enrolment) -> str:
    return f"/learn/{enrolment.pk}/post-test/"


def minutes_left(reader: Reader) -> int:
    """What the countdown says."""
    said = reader.page.locator("[data-countdown]")
    said.filter(has_text=re.compile(r"Minutes left: \d")).wait_for()
    return int(str(said.text_content()).rpartition(" ")[2])


def save_an_answer(reader: Reader) -> None:
    reader.page.locator("label[for='q-1-a']").click()
    reader.page.locator("[data-question='1'][data-state='saved']").wait_for()


def test_extra_time_is_said_as_such_and_counted(
    phone: Reader, live_server: Any, person: Person, enrolment: Enrolment
) -> None:
    office = enrolment.training.owner
    services.grant_extra_time(
        person=person,
        office=office,
        extra_percent=50,
        reason=ExtraTimeReason.AGREED,
        valid_from=new_york_today(),
        actor=make_with_role(Role.COORDINATOR, office),
    )
    sign_in(phone, person, live_server.url)
    phone.go(path(enrolment))
    assert phone.sees("You have 30 minutes + 15 extra for you.")
    assert phone.sees("The time runs on when you close the page, and stops for nothing.")
    phone.press("Start the test")
    phone.check()
    attempt = Attempt.objects.get()
    assert attempt.deadline_at is not None
    assert phone.sees(f"Hand in before {moment(attempt.deadline_at)}.")
    assert minutes_left(phone) in {44, 45}


@pytest.mark.parametrize("hours", [-7, 5])
def test_wrong_clock_of_the_device_changes_nothing(
    phone: Reader, live_server: Any, person: Person, enrolment: Enrolment, hours: int
) -> None:
    phone.page.add_init_script(f"({WRONG})({hours})")
    sign_in(phone, person, live_server.url)
    phone.page.goto(path(enrolment))
    off = phone.page.evaluate("Date.now()") / 1000 - timezone.now().timestamp()
    assert abs(off - hours * 3600) < 60
    phone.press("Start the test")
    phone.check()
    assert minutes_left(phone) in {29, 30}
    save_an_answer(phone)
    attempt = Attempt.objects.get()
    assert (attempt.status, attempt.answers.count()) == (AttemptStatus.IN_PROGRESS, 1)
    assert minutes_left(phone) in {29, 30}


def test_time_that_runs_out_hands_in_what_was_saved(
    phone: Reader, live_server: Any, person: Person, enrolment: Enrolment
) -> None:
    # Begun so long ago that a few seconds are left.
    began = timezone.now() - timedelta(minutes=30) + timedelta(seconds=8)
    attempt = services.start_attempt(
        enrolment=enrolment, step_key="post-test", actor=person, now=began
    )
    sign_in(phone, person, live_server.url)
    phone.page.goto(path(enrolment))
    assert phone.sees("Less than a minute left. Your answers are saved.")
    save_an_answer(phone)
    # Nobody touches anything: the page turns by itself.
    phone.page.get_by_text("Your time was over").first.wait_for(timeout=20_000)
    phone.check()
    phone.page.locator("main >> text=1 of 3 right >> visible=true").first.wait_for()
    attempt.refresh_from_db()
    assert (attempt.status, attempt.handed_in_at) == (AttemptStatus.HANDED_IN, attempt.deadline_at)
