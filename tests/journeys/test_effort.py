"""What a course costs its learner: clicks and page requests (DESIGN 6).

The course is the one the budget names: ten pages and a test of ten questions, from the list of
courses to the open certificate, by somebody who is signed in and may press each thing once.

A click is anything pressed or chosen, each answer of the test too. A page request is a page that
somebody waits for: a form and the redirect that answers it are one. What a server's log has, where
those are two lines, is asserted beside it, and so is what scripts send while nobody waits for a
page: the ten answers, each saved as it is chosen. How long somebody reads is reported by a script
now and then, as often as it takes, and not counted; styles, scripts and pictures are not either.
It is a wide screen: a phone shows the questions one at a time, which costs nine taps more.
"""

import re
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Request

from courses.models import Attempt
from tests.browser import Reader
from tests.factories.courses import make_course
from tests.factories.people import make_person

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]


def sign_in(reader: Reader, base: str) -> None:
    """Somebody new, signed in."""
    client = Client()
    client.force_login(make_person())
    session = client.cookies["sessionid"].value
    reader.page.context.add_cookies([{"name": "sessionid", "value": session, "url": base}])


@pytest.fixture
def course(demo: None) -> str:
    """Ten lessons and ten questions; of each, answer "a" is right."""
    make_course(
        title="Ten pages", lessons=10, questions=10, draw=10, pre_test=False, pass_percent=80
    )
    return "Ten pages"


def test_course_takes_24_clicks_and_15_page_requests_to_the_open_certificate(
    reader: Reader, course: str, live_server: Any
) -> None:
    sign_in(reader, live_server.url)
    pages: list[str] = []
    lines: list[str] = []
    saved: list[str] = []
    clicks = 0

    def count(request: Request) -> None:
        if request.is_navigation_request() and request.url.startswith(live_server.url):
            lines.append(request.url)
            if request.redirected_from is None:
                pages.append(request.url)
        elif request.url.endswith("/answers/"):
            saved.append(request.url)

    def press(name: str, leads_to: str) -> None:
        nonlocal clicks
        clicks += 1
        reader.press(name)
        reader.page.get_by_role("heading", level=1, name=leads_to).wait_for()

    reader.page.on("request", count)
    reader.page.goto("/trainings/")
    press(course, course)
    press("Start the course", "Lesson 1")
    for number in range(2, 11):
        press("Next: ", f"Lesson {number}")
    press("Next: ", "")
    reader.page.locator("[data-question]").first.wait_for()
    attempt = Attempt.objects.get(enrolment__training__title=course)
    for position, _item in enumerate(attempt.items, start=1):
        clicks += 1
        reader.page.locator(f"label[for='q-{position}-a']").click()
    reader.page.locator("[data-question][data-state='saved']").nth(9).wait_for()
    press("Hand in the test", "You passed")
    with reader.page.expect_response(re.compile(r"\.pdf$")) as certificate:
        clicks += 1
        reader.page.get_by_role("link", name="Open the certificate").click()
    assert (certificate.value.status, certificate.value.headers["content-type"]) == (
        200,
        "application/pdf",
    )
    # The list's course, its start, ten lessons read, ten answers, the handing in, the certificate.
    assert clicks == 24
    assert len(pages) == 15
    assert len(lines) == 28
    assert len(saved) == 10
