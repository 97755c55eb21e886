"""Walks 3 and 7: a code by e-mail, a course from pre-test to certificate, and its verification."""

import re

import pytest
from django.core import mail

from courses.models import Attempt
from lms.certificates.models import Certificate
from lms.completions.models import Completion
from tests.browser import Reader, code_from_mail

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]
LEARNER = "learner@example.org"


def sign_in(reader: Reader, address: str) -> None:
    """With the code from the mail."""
    reader.fill("E-mail", address)
    reader.press("Send me a code")
    reader.check()
    reader.fill("Code", code_from_mail(address))
    reader.press("Go on", exact=True)


def answer_rightly(reader: Reader) -> None:
    """Choose every right answer of the running test and hand it in."""
    attempt = Attempt.objects.get(status="in_progress")
    for position, item in enumerate(attempt.items, start=1):
        right = right_choices(item)
        for key in right:
            reader.page.locator(f"label[for='q-{position}-{key}']").click()
    saved = reader.page.locator("[data-question][data-state='saved']")
    saved.nth(len(attempt.items) - 1).wait_for()
    reader.press("Hand in the test")


def right_choices(item: dict[str, object]) -> list[str]:
    from courses.models import QuestionVersion

    version = QuestionVersion.objects.get(pk=item["version"])
    return [choice["key"] for choice in version.choices if choice["correct"]]


def test_from_the_catalogue_to_a_certificate_anyone_can_check(reader: Reader, demo: None) -> None:
    reader.go("/trainings/")
    reader.press("CTDB e-learning")
    reader.check()
    reader.press("Start the course")
    reader.check()
    sign_in(reader, LEARNER)
    reader.check()
    reader.press("Begin now")
    reader.check()

    # A lesson's address before the pre-test: refused, with the reason and the way on.
    here = reader.page.url
    lesson = lesson_address(here)
    reader.go(lesson)
    assert reader.sees("pre-test")

    reader.go(here)
    reader.press("Start the test")
    reader.check()
    answer_rightly(reader)
    assert reader.sees("Your answers show where you start")
    reader.check()

    # Six lessons; the post-test begins after the last.
    reader.press("Next: ")
    for _lesson in range(6):
        reader.check()
        reader.press("Next: ")
    reader.check()
    answer_rightly(reader)
    assert reader.sees("You passed")
    reader.check()

    completion = Completion.objects.get(person__email=LEARNER, training__title="CTDB e-learning")
    certificate = Certificate.objects.get(completion=completion)
    assert any("certificate" in message.subject.lower() for message in mail.outbox)

    reader.go("/my/")
    assert reader.sees("CTDB e-learning")
    reader.go("/my/transcript/")
    assert reader.sees("CTDB e-learning")
    document = reader.page.request.get(f"/my/certificates/{certificate.code}.pdf")
    assert (document.status, document.body()[:5]) == (200, b"%PDF-")

    # Walk 7: anyone, without an account.
    reader.page.context.clear_cookies()
    reader.go("/verify/")
    reader.fill("Certificate code", certificate.code)
    reader.press("Check", exact=True)
    reader.check()
    assert reader.sees(completion.person.get_full_name())
    assert reader.sees("no continuing-education credit")


def lesson_address(url: str) -> str:
    """The address of the first lesson of the enrolment whose page this is."""
    from courses.models import Enrolment
    from courses.selectors import where

    found = re.search(r"/learn/(\d+)/", url)
    assert found
    enrolment = Enrolment.objects.get(pk=found.group(1))
    lesson = next(step for step in where(enrolment).steps if not step.is_test)
    return f"/learn/{enrolment.pk}/{lesson.key}/"
