"""Somebody without an account takes the introduction on a phone, then claims it."""

import pytest

from courses.models import Attempt, Enrolment
from lms.certificates.models import Certificate
from lms.completions.models import Completion
from lms.people.models import Person
from tests.browser import Reader, code_from_mail
from tests.journeys.test_learner import answer_rightly

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]
COURSE = "Child sex trafficking: a first introduction"
PHONE = {"width": 360, "height": 740}


def read_the_lessons(reader: Reader) -> None:
    """From the catalogue to the test, without an account."""
    reader.go("/trainings/first-introduction/")
    reader.press("Start the course")
    reader.check()
    reader.press("Start without an account")
    for _module in range(3):
        reader.check()
        reader.press("Next: ")
    reader.check()


def take_the_course(reader: Reader) -> None:
    """From the catalogue to the result of the test."""
    read_the_lessons(reader)
    reader.press("All questions on one page")
    answer_rightly(reader)
    assert reader.sees("You passed")


def test_a_guest_finishes_claims_and_has_a_certificate(reader: Reader, demo: None) -> None:
    reader.page.set_viewport_size(PHONE)
    take_the_course(reader)
    assert reader.sees("Your work is kept on this device until")
    reader.check()
    assert Completion.objects.filter(training__title=COURSE).count() == 0

    reader.press("Get the certificate")
    reader.check()
    claim_by_code(reader, "noor@example.org")
    assert reader.sees("What you did without an account is in your record now.")
    assert reader.sees("You have completed this course")
    reader.check()
    completion = Completion.objects.get(training__title=COURSE)
    assert str(completion.person) == "Noor Haddad"
    certificate = Certificate.objects.get(completion=completion)
    document = reader.page.request.get(f"/my/certificates/{certificate.code}.pdf")
    assert (document.status, document.body()[:5]) == (200, b"%PDF-")
    assert Person.objects.guests().count() == 0


def claim_by_code(reader: Reader, email: str) -> None:
    """Say who one is, and type the code that comes."""
    reader.fill("First name", "Noor")
    reader.fill("Last name", "Haddad")
    reader.fill("E-mail address", email)
    reader.press("Send me a code")
    reader.fill("Code", code_from_mail(email))
    reader.press("Go on", exact=True)


def test_answers_that_wait_on_the_device_are_the_claimers(reader: Reader, demo: None) -> None:
    read_the_lessons(reader)
    address, page = reader.page.url, reader.page
    page.context.set_offline(True)
    page.locator("[data-question='1'] label").first.click()
    page.locator("[data-question='1'][data-state='unsaved']").wait_for()
    # The page is closed before the connection is back, so nothing is sent.
    page.close()
    page.context.set_offline(False)
    reader.page = page.context.new_page()
    reader.go("/learn/without-account/claim/")
    claim_by_code(reader, "noor@example.org")
    assert reader.sees("What you did without an account is in your record now.")
    attempt = Attempt.objects.get(enrolment__training__title=COURSE)
    assert attempt.answers.count() == 0
    with reader.page.expect_response("**/answers/"):
        reader.page.goto(address)
    reader.page.locator("[data-question='1'] input:checked").wait_for(state="attached")
    assert attempt.answers.get().position == 1
    assert attempt.enrolment.person.email == "noor@example.org"


def test_the_next_person_on_the_device_finds_nothing(reader: Reader, demo: None) -> None:
    reader.page.set_viewport_size(PHONE)
    take_the_course(reader)
    reader.go("/trainings/first-introduction/")
    reader.press("Start the course")
    reader.check()
    reader.page.evaluate("localStorage.setItem('answers/1/1/q/1', '{}')")
    reader.press("Not you? Start over")
    reader.check()
    reader.press("Yes, remove it")
    reader.page.wait_for_url("**/trainings/")
    assert reader.page.evaluate("Object.keys(localStorage)") == []
    assert Enrolment.objects.filter(training__title=COURSE).count() == 0
    assert Attempt.objects.filter(enrolment__training__title=COURSE).count() == 0
    reader.go("/trainings/first-introduction/")
    reader.press("Start the course")
    assert reader.sees("Start without an account")
