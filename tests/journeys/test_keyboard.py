"""A test with every kind of question, taken with the keyboard alone; what is thought stays here."""

from typing import Any

import pytest

from courses import scoring
from courses.enums import AttemptStatus, QuestionKind
from courses.models import Attempt, QuestionVersion
from lms.people.models import Person
from tests.browser import Reader, sign_in
from tests.courses.reading import running
from tests.courses.test_scoring import FORMS, LINES, PAIRS, course_of
from tests.factories.courses import make_enrolment
from tests.factories.people import make_person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

THOUGHT = "Quinces: for nobody else"
TABS = 40


@pytest.fixture
def person(db: None) -> Person:
    return make_person()


@pytest.fixture
def attempt(person: Person) -> Attempt:
    """Matching, putting in order, a short answer, and something to think about."""
    course = course_of(
        (QuestionKind.MATCHING, PAIRS),
        (QuestionKind.ORDERING, LINES),
        (QuestionKind.SHORT_ANSWER, FORMS),
        (QuestionKind.REFLECTION, []),
    )
    return running(make_enrolment(person, course))


def tab_to(page: Any, selector: str) -> None:
    """Press Tab until what the selector names has the focus, as somebody without a mouse does."""
    for _tab in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the keyboard does not reach {selector}")


def choose_by_typing(page: Any, words: str) -> None:
    """In the list that has the focus: type how the line begins."""
    page.keyboard.type(words)
    chosen = "document.activeElement.selectedOptions[0].label"
    assert page.evaluate(chosen) == words


def shown(item: dict[str, Any]) -> list[tuple[str, str]]:
    """The lines of a question as the page shows them, each with the words that belong to it."""
    wording = QuestionVersion.objects.get(pk=item["version"])
    right = dict(pair.split("=") for pair in scoring.right_response(wording))
    words = {choice.get("match_key"): choice.get("match") for choice in wording.choices}
    return [(key, words.get(right[key]) or right[key]) for key in item["choices"]]


def test_every_kind_by_keyboard_and_the_reflection_is_never_sent(
    reader: Reader, live_server: Any, person: Person, attempt: Attempt
) -> None:
    page = reader.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    sign_in(reader, person, live_server.url)
    reader.go(f"/learn/{attempt.enrolment_id}/post-test/")
    for position, item in enumerate(attempt.items, start=1):
        if item["kind"] in (QuestionKind.MATCHING, QuestionKind.ORDERING):
            for key, words in shown(item):
                tab_to(page, f"#q-{position}-{key}")
                choose_by_typing(page, words)
        elif item["kind"] == QuestionKind.SHORT_ANSWER:
            tab_to(page, f"[name=q-{position}]")
            # Saved at a pause in typing already: the focus is still in the field.
            page.keyboard.type("cafe society")
        else:
            tab_to(page, "textarea")
            page.keyboard.type(THOUGHT)
            continue
        page.locator(f"[data-question='{position}'][data-state='saved']").wait_for()
    reader.check()
    tab_to(page, "[name=action][value=hand_in]")
    page.keyboard.press("Enter")
    assert reader.sees("3 of 3 right")
    reader.check()
    attempt.refresh_from_db()
    assert attempt.status == AttemptStatus.HANDED_IN
    assert any("choice=" in line for line in sent), "the answers were sent"
    assert not any("uinces" in line for line in sent)
    assert THOUGHT not in page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")


def test_one_question_at_a_time_by_keyboard(
    phone: Reader, live_server: Any, person: Person, attempt: Attempt
) -> None:
    page = phone.page
    sign_in(phone, person, live_server.url)
    phone.go(f"/learn/{attempt.enrolment_id}/post-test/")
    for position in range(1, len(attempt.items)):
        assert page.locator("[data-question]:visible").count() == 1
        tab_to(page, "[data-turns] .usa-button--primary")
        page.keyboard.press("Enter")
        here = "document.activeElement.closest('[data-question]').dataset.question"
        assert page.evaluate(here) == str(position + 1)
        phone.check()
