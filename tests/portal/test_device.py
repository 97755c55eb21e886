"""A shared device's pages: a narrow session, nothing of the person afterwards."""

import time
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from courses import scoring
from courses import services as course_services
from courses.models import Enrolment, QuestionVersion
from courses.selectors import where
from courses.services import enrol
from lms.completions.models import Completion
from lms.compliance.rules import get_rule
from lms.people.device_models import SharedDevice
from lms.people.devices import services, sessions
from lms.people.enums import Role
from lms.people.models import Employment, Organization, Person
from lms.people.services import grant_role
from tests.factories.compliance import make_completion
from tests.factories.courses import make_course
from tests.factories.people import (
    become_device,
    become_worker,
    give_pin,
    make_device,
    make_employment,
    make_facility,
    make_person,
    make_with_role,
)
from tests.portal.test_facilities import as_person, text

pytestmark = pytest.mark.django_db
PIN = "274059"


@pytest.fixture
def hotel() -> Organization:
    return make_facility(name="Hudson House", key="hudson")


@pytest.fixture
def rosa(hotel: Organization) -> Employment:
    person = make_person(None, name="Rosa Almonte")
    return give_pin(make_employment(hotel, person=person, number="1001"))


@pytest.fixture
def tablet(hotel: Organization, client: Client) -> Client:
    become_device(client, make_device(hotel)[1])
    return client


@pytest.fixture
def course() -> Any:
    return make_course(topics=sorted(get_rule().topic_codes), pre_test=False, lessons=1)


def sign_in(tablet: Client, number: str = "1001", pin: str = PIN) -> Any:
    return tablet.post("/device/", {"number": number, "pin": pin})


def test_who_was_trained_before_this_job_takes_the_course_again_on_the_tablet(
    tablet: Client, rosa: Employment, course: Any
) -> None:
    """What was taken elsewhere before the hire can be signed by nobody here."""
    training = course.training()
    before = rosa.started_on - timedelta(days=30)
    version = course.version_in_force
    make_completion(rosa.person, version, occurred_on=before)
    old = enrol(person=rosa.person, training=training, language="en", actor=rosa.person)
    Enrolment.objects.filter(pk=old.pk).update(status="completed", completed_at=timezone.now())
    sign_in(tablet)
    page = text(tablet.get("/device/"))
    assert "Your training is done." not in page
    assert "Go to the training" in page
    answer = tablet.post("/device/begin/")
    again = Enrolment.objects.exclude(pk=old.pk).get(person=rosa.person)
    assert answer["Location"].startswith(f"/learn/{again.pk}/")
    tablet.post("/device/begin/")
    assert Enrolment.objects.filter(person=rosa.person).count() == 2  # gone on with, not again
    manager = as_person(make_with_role(Role.MANAGER, rosa.organization))
    assert "Rosa Almonte" in text(manager.get("/facilities/hudson/today/"))


def test_from_code_to_device(hotel: Organization, client: Client) -> None:
    manager = as_person(make_with_role(Role.MANAGER, hotel))
    page = manager.post("/facilities/hudson/devices/", {"label": "Tablet"})
    code = page.context["code"]
    assert code in text(page)
    answer = client.post("/device/", {"code": code})
    assert answer.status_code == 302
    assert "Sign in for your training" in text(client.get("/device/"))
    assert "Hudson House" in text(client.get("/device/"))
    assert "Tablet" in text(manager.get("/facilities/hudson/devices/"))


def test_it_is_this_one_signs_the_manager_out(hotel: Organization) -> None:
    browser = as_person(make_with_role(Role.MANAGER, hotel))
    answer = browser.post("/facilities/hudson/devices/", {"label": "Tablet", "this_one": "1"})
    assert answer["Location"] == "/device/"
    assert browser.get("/facilities/hudson/").status_code == 302
    assert "Sign in for your training" in text(browser.get("/device/"))


def test_codes_cannot_be_tried_for_ever(client: Client) -> None:
    codes = [client.post("/device/", {"code": "ABCDEFGH"}).status_code for _try in range(11)]
    assert codes == [200] * 10 + [429]


def test_from_slip_to_the_course(tablet: Client, hotel: Organization, course: Any) -> None:
    employment = make_employment(
        hotel, person=make_person(None, name="Fatou Diallo"), number="1002"
    )
    code = services.give_start_code(employment=employment, actor=make_person())
    typed = {"number": "1002", "start_code": code, "pin": PIN, "again": "274058"}
    assert "The two PINs are not the same." in text(tablet.post("/device/start/", typed))
    answer = tablet.post("/device/start/", {**typed, "again": PIN})
    assert answer.status_code == 302
    home = text(tablet.get("/device/"))
    assert "Hello, Fatou Diallo" in home
    assert "Your training is due by" in home
    assert course.title in home
    begun = tablet.post("/device/begin/")
    enrolment = Enrolment.objects.get()
    assert begun["Location"] == f"/learn/{enrolment.pk}/"
    page = tablet.get(begun["Location"])
    assert page.status_code == 200
    assert "Not you? Switch person" in text(page)
    assert "no-store" in page["Cache-Control"]


def test_wrong_numbers_and_pins_say_the_same(tablet: Client, rosa: Employment) -> None:
    for number, pin in (("1001", "555444"), ("9999", PIN)):
        assert "Number and PIN do not match." in text(sign_in(tablet, number, pin))


def test_the_session_opens_one_course_and_nothing_else(
    tablet: Client, rosa: Employment, course: Any
) -> None:
    """Even of somebody who manages another hotel, has an account and other courses."""
    elsewhere = make_facility(key="elsewhere")
    grant_role(person=rosa.person, role=Role.MANAGER, organization=elsewhere, actor=None)
    other = enrol(person=rosa.person, training=make_course().training(), language="en", actor=None)
    sign_in(tablet)
    tablet.post("/device/begin/")
    mine = Enrolment.objects.exclude(pk=other.pk).get()
    assert tablet.get(f"/learn/{mine.pk}/").status_code == 200
    for path in (
        f"/learn/{other.pk}/", f"/learn/start/{other.training.key}/", "/my/", "/my/transcript/",
        "/my/transcript.csv", "/facilities/", "/facilities/elsewhere/", "/desk/", "/admin/",
        "/accounts/login/", "/accounts/email/", "/accounts/profile/", "/", "/trainings/",
        "/dev/mail/", "/device/start/",
    ):  # fmt: skip
        answer = tablet.get(path)
        assert (answer.status_code, answer.headers.get("Location")) in {
            (302, "/device/"), (404, None)
        }, path  # fmt: skip
    assert tablet.get("/help/").status_code == 200


def finish_on(tablet: Client, enrolment: Enrolment) -> None:
    """All but the last click by services, that one on the tablet."""
    while (step := where(Enrolment.objects.get(pk=enrolment.pk)).next_step) is not None:
        course_services.open_step(enrolment=enrolment, step_key=step.key, actor=enrolment.person)
        address = f"/learn/{enrolment.pk}/{step.key}/"
        if not step.is_test:
            tablet.post(address, {"action": "next"})
            continue
        tablet.post(address, {"action": "start"})
        attempt = enrolment.attempts.get(status="in_progress")
        wordings = QuestionVersion.objects.in_bulk([item["version"] for item in attempt.items])
        right = {
            position: scoring.right_response(wordings[item["version"]])
            for position, item in enumerate(attempt.items, start=1)
        }
        course_services.save_answers(attempt=attempt, answers=right, actor=enrolment.person)
        said = {f"q-{position}": choices for position, choices in right.items()}
        tablet.post(address, {"action": "hand_in_anyway", "attempt": attempt.pk, **said})


def test_what_is_completed_says_shared_device(
    tablet: Client, rosa: Employment, course: Any, hotel: Organization
) -> None:
    sign_in(tablet)
    tablet.post("/device/begin/")
    finish_on(tablet, Enrolment.objects.get())
    completion = Completion.objects.get()
    device = SharedDevice.objects.get()
    assert completion.evidence["shared_device"] == {
        "device": device.pk,
        "facility": hotel.pk,
        "pin_reset_that_day": False,
    }
    assert "Your training is done." in text(tablet.get("/device/"))
    manager = as_person(make_with_role(Role.MANAGER, hotel))
    page = text(manager.get(f"/facilities/hudson/people/{rosa.pk}/"))
    assert "On a shared device, with the person’s own PIN." in page


def test_switching_person_leaves_nothing(tablet: Client, rosa: Employment, course: Any) -> None:
    tablet.get("/language/es/?next=/device/")
    sign_in(tablet)
    tablet.post("/device/begin/")
    key = tablet.cookies[settings.SESSION_COOKIE_NAME].value
    answer = tablet.post("/device/switch/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_key=key).exists()
    left = {name for name, cookie in tablet.cookies.items() if cookie.value}
    assert left <= {sessions.COOKIE, "messages"}
    page = tablet.get("/device/")
    assert "Rosa" not in text(page)
    assert page.wsgi_request.LANGUAGE_CODE == "en"


def test_away_too_long_is_out_and_keeps_the_course(
    tablet: Client, rosa: Employment, course: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(tablet)
    begun = tablet.post("/device/begin/")["Location"]
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + sessions.IDLE_SECONDS + 60)
    assert tablet.get(begun)["Location"] == "/device/"
    assert "What you did is kept" in text(tablet.get("/device/"))
    sign_in(tablet)
    assert tablet.post("/device/begin/")["Location"] == begun


def _removed(rosa: Employment, device: SharedDevice, manager: Person) -> None:
    services.remove_device(device=device, actor=manager)


def _reset(rosa: Employment, device: SharedDevice, manager: Person) -> None:
    services.give_start_code(employment=rosa, actor=manager)


@pytest.mark.parametrize("happened", [_removed, _reset])
def test_the_session_ends_with_what_it_is_bound_to(
    happened: Any, tablet: Client, rosa: Employment
) -> None:
    sign_in(tablet)
    assert "Hello, Rosa Almonte" in text(tablet.get("/device/"))
    happened(rosa, SharedDevice.objects.get(), make_person())
    tablet.get("/device/")
    assert "Rosa" not in text(tablet.get("/device/"))


def test_a_session_does_not_work_in_another_browser(rosa: Employment, client: Client) -> None:
    become_worker(client, rosa)
    stolen = Client()
    stolen.cookies[settings.SESSION_COOKIE_NAME] = client.cookies[settings.SESSION_COOKIE_NAME]
    assert "Rosa" not in text(stolen.get("/device/"))
    stolen.cookies[sessions.COOKIE] = "forged"
    assert "Rosa" not in text(stolen.get("/device/"))


def test_slips_are_one_document(hotel: Organization, rosa: Employment) -> None:
    for number, (name, language) in enumerate([("李 伟", "zh-hans"), ("ليلى حداد", "ar"),
                                               ("Ana Ruiz", "es")]):  # fmt: skip
        person = make_person(None, name=name, preferred_language=language)
        make_employment(hotel, person=person, number=f"20{number}")
    manager = as_person(make_with_role(Role.MANAGER, hotel))
    page = manager.get("/facilities/hudson/start-codes/")
    who = [row.pk for row in page.context["rows"]]
    answer = manager.post("/facilities/hudson/start-codes/", {"who": who})
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert "no-store" in answer["Cache-Control"]
    assert not Employment.objects.filter(number__startswith="20", pin__start_hash="").exists()


def test_only_ones_own_facilitys_people_get_codes(hotel: Organization) -> None:
    manager = as_person(make_with_role(Role.MANAGER, hotel))
    theirs = make_employment(make_facility(key="other"), number="7")
    assert manager.post(f"/facilities/hudson/people/{theirs.pk}/start-code/").status_code == 404
    assert manager.get("/facilities/other/devices/").status_code == 404
    assert manager.get("/facilities/other/start-codes/").status_code == 404
    foreign, _token = make_device(theirs.organization)
    address = f"/facilities/hudson/devices/{foreign.pk}/remove/"
    assert manager.post(address).status_code == 404
