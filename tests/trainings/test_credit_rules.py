"""Each rule of an accreditor has its sentence, and publishing says it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from wagtail.test.utils.form_data import querydict_from_html

from courses.enums import QuestionKind
from courses.models import CoursePage
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.trainings.accreditation import Book
from lms.trainings.credit_rules import CreditFacts, PostTestFacts, credit_problems
from tests.factories.courses import make_course, make_question
from tests.factories.credit import NASW, NYSED, credit_line, make_confirmation
from tests.factories.events import make_live_page
from tests.factories.people import make_office, make_with_role
from tests.factories.steps import make_survey_course

GOOD_TEST = PostTestFacts(pass_percent=80, items=10, least_multiple_choice=10, most_true_false=0)
GOOD = CreditFacts(kind="course", minutes=60, objectives=3, has_survey=True, tests=GOOD_TEST)
THREE = "<ul><li>One</li><li>Two</li><li>Three</li></ul>"


def found(
    *lines: dict[str, Any], kind: str = "course", test: dict[str, Any] | None = None, **facts: Any
) -> list[str]:
    """The sentences for lines of credit and a training that is good but for what is said."""
    tests = PostTestFacts(**{**GOOD_TEST.__dict__, **(test or {})})
    said = {**GOOD.__dict__, "kind": kind, "tests": tests, **facts}
    return credit_problems(
        list(lines or [credit_line()]),
        CreditFacts(**said),
        book=Book({}),
        office=1,
        training=None,  # type: ignore[arg-type]  # nobody is asked about it
        today=date(2026, 11, 1),
    )


def test_what_keeps_all_rules_has_no_problem() -> None:
    assert found() == []
    assert found(credit_line(NYSED, hours="1.2")) == []


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"test": {"pass_percent": 70}},
            "NASW asks for a pass mark of at least 80%; the post-test has 70%.",
        ),
        (
            {"test": {"pass_percent": None}},
            "NASW asks for a pass mark of at least 80%; the post-test has none.",
        ),
        (
            {"test": {"least_multiple_choice": 9}},
            (
                "NASW asks for 10 multiple-choice questions for 1 contact hour; the post-test is "
                "sure to ask only 9."
            ),
        ),
        (
            {"test": {"items": 20, "most_true_false": 3, "least_multiple_choice": 17}},
            "NASW allows at most 10% true-or-false questions; the post-test can have 3 of 20.",
        ),
        (
            {"tests": None},
            "NASW asks for a post-test that one passes with 80%. Add one.",
        ),
        (
            {"has_survey": False},
            "NASW asks for an evaluation. Add a survey to the course.",
        ),
        (
            {"objectives": 2},
            "NASW asks for at least 3 learning objectives; “what you will learn” lists 2.",
        ),
        (
            {"minutes": 49},
            "1 contact hour of NASW need at least 50 minutes; the training takes 49 minutes.",
        ),
    ],
)
def test_each_rule_broken_is_one_sentence(facts: dict[str, Any], sentence: str) -> None:
    assert found(**facts) == [sentence]


@pytest.mark.parametrize("true_false", [0, 1, 2])
def test_a_tenth_of_true_or_false_is_allowed(true_false: int) -> None:
    assert (
        found(test={"items": 20, "most_true_false": true_false, "least_multiple_choice": 18}) == []
    )


@pytest.mark.parametrize(
    ("line", "kind", "sentence"),
    [
        (
            credit_line(hours="0.5"),
            "course",
            "NASW gives credit from 1 contact hour on; here it is 0.5.",
        ),
        (
            credit_line(hours="1.1"),
            "course",
            "NASW counts contact hours in steps of 0.5; 1.1 is none.",
        ),
        (
            credit_line(kind="live"),
            "course",
            (
                "An online course that one takes alone is self-study, not live: change the type of "
                "the NASW line."
            ),
        ),
        (
            credit_line(NYSED),
            "live",
            (
                "A live training is live, not self-study: change the type of the NYSED social work "
                "line."
            ),
        ),
        (
            credit_line("Somebody"),
            "course",
            "“Somebody” is no accreditor this site knows. Choose one from the list.",
        ),
    ],
)
def test_lines_of_credit(line: dict[str, Any], kind: str, sentence: str) -> None:
    items = {"items": 20, "least_multiple_choice": 20}
    assert found(line, kind=kind, test=items, minutes=60) == [sentence]


def test_more_hours_ask_for_more_questions_and_more_time() -> None:
    assert found(credit_line(hours="2")) == [
        "2 contact hours of NASW need at least 1 hour 40 minutes; the training takes 1 hour.",
        (
            "NASW asks for 15 multiple-choice questions for 2 contact hours; the post-test is sure "
            "to ask only 10."
        ),
    ]


def test_two_lines_of_one_accreditor_and_type() -> None:
    assert found(credit_line(NYSED), credit_line(NYSED)) == [
        "NYSED social work (self-study) has two lines. Make one of them."
    ]


def test_live_credit_asks_for_no_post_test() -> None:
    assert found(credit_line(kind="live"), kind="live", tests=None, has_survey=None) == []


def stream(*lines: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "credit", "value": line} for line in lines]


def make_good_course(**fields: Any) -> CoursePage:
    """A course as NASW wants it, not yet published with credit."""
    course = make_survey_course()
    for index in range(6):
        make_question(course, key=f"more-{index}")
    for step in course.steps():
        if step.block_type == "post_test":
            step.value["pass_percent"], step.value["draw"] = 80, 10
    course.minutes, course.learn = 60, THREE
    course.credit_lines = course._meta.get_field("credit_lines").to_python(stream(credit_line()))
    for name, value in fields.items():
        setattr(course, name, value)
    course.save()
    return course


@pytest.mark.django_db
def test_a_good_course_is_published_with_its_credit() -> None:
    course = make_good_course()
    course.save_revision().publish()
    version = CoursePage.objects.get().version_in_force
    assert version is not None
    assert version.spec["credits"] == [credit_line()]


@pytest.mark.django_db
def test_a_chance_draw_counts_as_its_worst() -> None:
    course = make_good_course()
    for key in ("true-or-false", "true-or-false-2"):
        yes, no = {"text": "True", "correct": True}, {"text": "False", "correct": False}
        make_question(course, key=key, kind=QuestionKind.TRUE_FALSE, choices=[yes, no])
    with pytest.raises(Refused) as refusal:
        course.save_revision().publish()
    assert "the post-test is sure to ask only 8." in str(refusal.value)
    assert "the post-test can have 2 of 10." in str(refusal.value)


@pytest.mark.django_db
def test_an_approval_that_has_ended_stops_publishing() -> None:
    course = make_good_course()
    today = new_york_today()
    make_confirmation(course.office, NASW, valid_from=today - timedelta(days=300), expires_on=today)
    assert course.credit_problems() == []
    training = course.training()
    assert training is not None
    ended = today - timedelta(days=1)
    make_confirmation(
        course.office,
        NASW,
        training=training,
        valid_from=today - timedelta(days=300),
        expires_on=ended,
    )
    [sentence] = course.credit_problems()
    assert sentence.startswith("The approval by NASW ended on ")
    make_confirmation(course.office, NASW, training=training, number="Next")
    assert course.credit_problems() == []


@pytest.mark.django_db
def test_a_live_training_that_breaks_a_rule_is_not_published() -> None:
    page = make_live_page(office=make_office())
    page.credit_lines = page._meta.get_field("credit_lines").to_python(
        stream(credit_line(NYSED, "self_study"))
    )
    with pytest.raises(Refused, match="A live training is live"):
        page.save_revision().publish()


@pytest.mark.django_db
def test_the_editor_reads_the_sentences_and_keeps_the_draft(client: Client) -> None:
    office = make_office()
    page = make_live_page(office=office)
    page.credit_lines = page._meta.get_field("credit_lines").to_python(
        stream(credit_line(NYSED, "self_study"))
    )
    page.save_revision()
    client.force_login(make_with_role(Role.COORDINATOR, office))
    editor = f"/admin/pages/{page.pk}/edit/"
    data = querydict_from_html(client.get(editor).content.decode(), form_id="page-edit-form")
    drawn = {
        "learn": '{"blocks": [], "entityMap": {}}',
        "credit_lines-count": "1",
        "credit_lines-0-type": "credit",
        "credit_lines-0-order": "0",
        "credit_lines-0-deleted": "",
        "credit_lines-0-id": "",
        "credit_lines-0-value-accreditor": NYSED,
        "credit_lines-0-value-type": "self_study",
        "credit_lines-0-value-hours": "1",
        "action-publish": "action-publish",
    }
    answer = client.post(editor, {**data.dict(), **drawn}, follow=True)
    assert "Saved as a draft, not published. A live training is live" in answer.content.decode()
    page.refresh_from_db()
    assert len(page.credit_lines) == 0


@pytest.mark.django_db
def test_a_name_once_typed_means_the_accreditor() -> None:
    page = make_course(publish=False)
    page.credit_lines = page._meta.get_field("credit_lines").to_python(
        stream({"accreditor": "NASW", "type": "self_study", "hours": "1"})
    )
    page.save()
    assert CoursePage.objects.get().credit_lines[0].value["accreditor"] == NASW
