"""A plan completed by those whom it concerns: a learner on a phone, a coordinator at the desk.

A short course, a live session and a training that others give; partial progress on the way, one
certificate at the end. Nothing is finished behind the browser's back; only time is made to pass.
"""

import re
from datetime import timedelta
from typing import Any

import pytest

from courses.models import PlanPage
from events.models import Session
from lms.certificates.models import Certificate
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Organization, Person
from tests.browser import Reader, sign_in
from tests.factories.courses import make_course
from tests.factories.events import make_coming_session, make_live_page
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.plans import make_plan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PLAN, COURSE, LIVE, BASICS = "The first steps", "A short course", "An evening", "Basics elsewhere"


@pytest.fixture
def office(db: None) -> Organization:
    return make_office(name="City office", contact_email="desk@example.org")


@pytest.fixture
def session(office: Organization) -> Session:
    live = make_live_page(title=LIVE, office=office).training()
    return make_coming_session(live)


@pytest.fixture
def plan(office: Organization, session: Session) -> PlanPage:
    course = make_course(
        title=COURSE, office=office, lessons=1, questions=2, draw=2, pre_test=False
    )
    elsewhere = {
        "title": BASICS,
        "text": "An hour on the basics.",
        "provider_approves": True,
        "approval_note": "It takes two days.",
    }
    return make_plan([course, live_page_of(session), elsewhere], title=PLAN, office=office)


def live_page_of(session: Session) -> Any:
    from events.models import LiveTrainingPage

    return LiveTrainingPage.objects.get(translation_key=session.training.key)


def fits(phone: Reader) -> None:
    """Nothing wrong with the page, nothing to push sideways."""
    phone.check()
    assert phone.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def back_to_plan(phone: Reader, progress: str) -> None:
    """By My learning, which says how far the plan is."""
    phone.go("/my/")
    assert phone.sees(progress)
    phone.press("See the plan")
    assert phone.sees(progress)
    fits(phone)


def take_course(phone: Reader) -> None:
    phone.press(COURSE)
    phone.press("Begin now")
    phone.press("Next: ")
    # A phone shows one question at a time.
    phone.page.locator("label[for='q-1-a']").click()
    phone.press("Next question")
    phone.page.locator("label[for='q-2-a']").click()
    phone.page.locator("[data-question][data-state='saved']").nth(1).wait_for()
    phone.press("Hand in the test")
    assert phone.sees("You passed")


def register(phone: Reader, session: Session) -> None:
    phone.press(LIVE)
    phone.page.locator(f"a[href$='/events/sessions/{session.pk}/']").first.click()
    phone.press("Register")
    phone.press("Yes, register me")
    assert phone.sees("You are registered")
    fits(phone)


def send_proof(phone: Reader, name: str) -> None:
    phone.fill("The day you completed the course", new_york_today().isoformat())
    file = {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.7 " + name.encode()}
    phone.page.set_input_files("input[type=file]", file)
    phone.press("Send", exact=True)
    assert phone.sees("Your proof waits for the office")
    fits(phone)


def open_proof(desk: Reader) -> None:
    desk.go("/desk/")
    desk.press("1 proof waits to be looked at")
    desk.press("Ana Rivera")
    desk.check()
    assert desk.sees(BASICS)


def a_month_goes_by(session: Session) -> None:
    """The session has taken place."""
    month = timedelta(days=31)
    Session.objects.filter(pk=session.pk).update(
        day=session.day - month,
        starts_at=session.starts_at - month,
        ends_at=session.ends_at - month,
    )


def test_plan_from_joining_to_its_one_certificate(
    *, phone: Reader, reader: Reader, live_server: Any, plan: PlanPage, session: Session
) -> None:
    person: Person = make_person(name="Ana Rivera")
    coordinator = make_with_role(Role.COORDINATOR, session.training.owner, name="Kim Lee")
    sign_in(phone, person, live_server.url)
    sign_in(reader, coordinator, live_server.url)
    phone.go(plan.get_url())
    assert phone.sees("Given by The State. The State approves registrations separately.")
    fits(phone)
    phone.press("Join the plan")
    phone.press("Join the plan")
    assert phone.sees("0 of 3 done")
    fits(phone)
    take_course(phone)
    back_to_plan(phone, "1 of 3 done")
    register(phone, session)

    # Elsewhere: sent, refused with a reason, sent anew, accepted.
    back_to_plan(phone, "1 of 3 done")
    phone.press(BASICS)
    fits(phone)
    launch = phone.page.get_by_role("link", name=re.compile("Open the course at The State"))
    assert launch.get_attribute("target") == "_blank"
    send_proof(phone, "first.pdf")
    open_proof(reader)
    reader.fill("Why it cannot be accepted", "The name is cut off.")
    reader.press("Refuse with this reason")
    phone.page.reload()
    assert phone.sees("The office says: “The name is cut off.” Send another one below.")
    fits(phone)
    send_proof(phone, "second.pdf")
    open_proof(reader)
    reader.press("Accept", exact=True)
    back_to_plan(phone, "2 of 3 done")

    # The session takes place, and the coordinator notes who came.
    a_month_goes_by(session)
    reader.go(f"/desk/sessions/{session.pk}/")
    reader.page.get_by_label("Everybody not noted yet").select_option(label="Attended")
    reader.press("Save attendance")
    reader.check()
    phone.page.reload()
    assert phone.sees("You completed this plan")
    assert phone.sees("3 of 3 done")
    fits(phone)

    phone.press("Go to My learning")
    completion = Completion.objects.get(person=person, source_kind=SourceKind.PLAN)
    certificate = Certificate.objects.get(completion=completion)
    with phone.page.expect_response(re.compile(r"\.pdf$")) as opened:
        phone.page.get_by_role("link", name=f"Certificate (PDF) {PLAN}").click()
    assert opened.value.status == 200
    reader.go(f"/verify/{certificate.code}/")
    assert reader.sees(PLAN)
