"""A typo mended in a question: the same question, in other words, for everybody at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from courses import player, services
from courses.enums import QuestionKind
from courses.models import CoursePage, QuestionSpelling, QuestionVersion
from courses.services.publishing import build_spec
from courses.under_way import changes_for_people
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people.enums import Role
from lms.people.models import Person
from lms.trainings.models import TrainingVersion
from tests.courses.reading import running, text
from tests.factories.courses import (
    make_course,
    make_enrolment,
    make_question,
    republish,
    take_test,
)
from tests.factories.people import make_with_role

pytestmark = pytest.mark.django_db

BANK = "/admin/snippets/courses/question/"
TYPOS = [
    {"text": "The hotlin", "correct": True, "feedback": "Yess."},
    {"text": "A neighbor", "correct": False, "feedback": "No."},
    {"text": "Nobdy", "correct": False, "feedback": ""},
]


@pytest.fixture
def course() -> CoursePage:
    """A published course whose test asks one question, with typos."""
    page = make_course(questions=0, draw=1, pre_test=False, lessons=0, publish=False)
    make_question(page, key="whom", text="Whom do you cal?", choices=TYPOS, explanation="Becaus.")
    return republish(page)


def mended(course: CoursePage, **changes: Any) -> QuestionVersion:
    """The newest wording after a spelling fix of all its words, and of `changes`."""
    wording = QuestionVersion.objects.newest().get(question__course_key=course.translation_key)
    whole = {
        "objective": "basics",
        "kind": QuestionKind.SINGLE,
        "text": "Whom do you call?",
        "choices": answers("The hotline", "A neighbor", "Nobody"),
        "explanation": "Because.",
        "uses": wording.uses,
    }
    return services.mend_spelling(question=wording.question, actor=None, **{**whole, **changes})


def answers(*texts: str, right: int = 0) -> list[dict[str, Any]]:
    return [
        {"text": words, "correct": index == right, "feedback": "Yes."}
        for index, words in enumerate(texts)
    ]


def test_who_is_in_the_middle_of_a_test_reads_the_mended_words_and_keeps_the_answer(
    client: Client, learner: Person, course: CoursePage
) -> None:
    attempt = running(make_enrolment(learner, course))
    services.save_answers(attempt=attempt, answers={1: ["a"]}, actor=learner)
    mended(course)
    page = text(client, f"/learn/{attempt.enrolment_id}/post-test/")
    assert "Whom do you call?" in page
    assert "The hotline" in page
    assert "hotlin<" not in page
    assert 'value="a" checked' in page
    services.hand_in(attempt=attempt, actor=learner)
    page = text(client, f"/learn/{attempt.enrolment_id}/post-test/")
    assert "You passed" in page
    assert "Because." in page


def test_a_handed_in_test_keeps_its_result_and_is_read_in_the_mended_words(
    learner: Person, course: CoursePage
) -> None:
    attempt = take_test(make_enrolment(learner, course), "post-test")
    wording = mended(course)
    (question,) = player.questions(attempt)
    assert (question.text, question.right) == ("Whom do you call?", True)
    assert attempt.items[0]["version"] == wording.pk


def test_a_spelling_fix_is_no_new_wording_no_new_version_and_no_question_to_the_editor(
    learner: Person, course: CoursePage
) -> None:
    make_enrolment(learner, course)
    spec = build_spec(course)
    first = QuestionVersion.objects.values().get()
    mended(course)
    assert QuestionVersion.objects.values().get() == first
    assert build_spec(course) == spec
    assert changes_for_people(course) == []
    assert republish(course).version_in_force == course.version_in_force
    assert TrainingVersion.objects.count() == 1
    assert AuditEntry.objects.filter(action="question.respelled").count() == 1


def test_the_newest_fix_counts_and_the_same_again_is_none(course: CoursePage) -> None:
    mended(course)
    mended(course)
    assert QuestionSpelling.objects.count() == 1
    assert mended(course, text="Whom do you call first?").text == "Whom do you call first?"
    assert QuestionSpelling.objects.count() == 2


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"choices": answers("The hotline", "A neighbor", "Nobody", right=2)}, "are right"),
        ({"choices": answers("The hotline", "A neighbor")}, "the number of answers"),
        ({"choices": answers("The hotlin", "Nobdy", "A neighbor")}, "the order of the answers"),
        ({"kind": QuestionKind.MULTIPLE}, "the kind"),
        ({"uses": []}, "the tests it is drawn for"),
        ({"objective": "other"}, "the objective"),
        ({"topics": ["a"]}, "the topics"),
    ],
)
def test_more_than_words_is_no_spelling_fix(
    course: CoursePage, changes: dict[str, Any], what: str
) -> None:
    with pytest.raises(Refused, match=f"changes words only, .*{what}") as refused:
        mended(course, **changes)
    assert refused.value.code == "more_than_spelling"
    assert not QuestionSpelling.objects.exists()


@pytest.mark.parametrize(
    ("kind", "old", "fixed", "broken"),
    [
        (
            QuestionKind.SHORT_ANSWER,
            [{"text": "hot line", "correct": True, "feedback": "Yess."}],
            [{"text": "Hot Line", "correct": True, "feedback": "Yes."}],
            [{"text": "hotline", "correct": True}],
        ),
        (
            QuestionKind.MATCHING,
            [{"text": "Lock", "match": "Dor"}, {"text": "Key", "match": "Dor"},
             {"text": "", "match": "Rof"}],
            [{"text": "Lock", "match": "Door"}, {"text": "Key", "match": "Door"},
             {"text": "", "match": "Roof"}],
            [{"text": "Lock", "match": "Door"}, {"text": "Key", "match": "Dor"},
             {"text": "", "match": "Rof"}],
        ),
        (
            QuestionKind.ORDERING,
            [{"text": "Luk"}, {"text": "Call"}],
            [{"text": "Look"}, {"text": "Call"}],
            [{"text": "Call"}, {"text": "Luk"}],
        ),
    ],
)  # fmt: skip
def test_each_kind_keeps_what_earns_its_point(
    learner: Person,
    kind: QuestionKind,
    old: list[dict[str, Any]],
    fixed: list[dict[str, Any]],
    broken: list[dict[str, Any]],
) -> None:
    page = make_course(questions=0, draw=1, pre_test=False, lessons=0, publish=False)
    wording = make_question(page, key="kinds", kind=kind, choices=old)
    attempt = take_test(make_enrolment(learner, republish(page)), "post-test")
    with pytest.raises(Refused, match="changes words only"):
        mended(page, kind=kind, choices=broken)
    mended(page, kind=kind, choices=fixed)
    (question,) = player.questions(attempt)
    assert question.right
    # Saved again as it reads now, it is the wording it was; resting, it rests in mended words.
    again = make_question(
        page, key="kinds", kind=kind, choices=fixed, text="Whom do you call?",
        explanation="Because.",
    )  # fmt: skip
    assert again.pk == wording.pk
    rested = services.retire_question(question=wording.question, actor=None)
    assert (rested.number, rested.text) == (2, "Whom do you call?")
    assert [choice["text"] for choice in rested.choices] == [row["text"] for row in fixed]


def test_the_database_keeps_spelling_fixes(course: CoursePage) -> None:
    mended(course)
    with pytest.raises(DatabaseError, match="courses_questionspelling"):
        QuestionSpelling.objects.update(text="Another")


# --- in the editors' pages --------------------------------------------------------------------


@pytest.fixture
def edit(client: Client, course: CoursePage) -> Callable[..., Any]:
    """Posts the bank's form with a spelling fix and `changes`, as the course's coordinator."""
    client.force_login(make_with_role(Role.COORDINATOR, course.office))
    wording = QuestionVersion.objects.get()

    def post(**changes: Any) -> Any:
        fields = {
            "objective": "basics",
            "kind": "single",
            "text": "Whom do you call?",
            "explanation": "Because.",
            "uses": wording.uses,
            "only_spelling": "on",
            "answers-count": "3",
        }
        for index, words in enumerate(["The hotline", "A neighbor", "Nobody"]):
            fields |= {
                f"answers-{index}-deleted": "",
                f"answers-{index}-order": str(index),
                f"answers-{index}-type": "answer",
                f"answers-{index}-id": "",
                f"answers-{index}-value-text": words,
                f"answers-{index}-value-match": "",
                f"answers-{index}-value-feedback": "",
            }
        fields["answers-0-value-correct"] = "on"
        return client.post(f"{BANK}edit/{wording.question_id}/", {**fields, **changes})

    return post


def test_editor_says_that_it_is_a_spelling_fix(
    client: Client, course: CoursePage, edit: Callable[..., Any]
) -> None:
    wording = QuestionVersion.objects.get()
    form = text(client, f"{BANK}edit/{wording.question_id}/")
    assert "This is a spelling fix only" in form
    assert "This is a spelling fix only" not in text(client, f"{BANK}add/")
    assert edit(text="Whom do you call first?").status_code == 302
    assert QuestionVersion.objects.get() == wording
    # The form, the list, the history, the preview and the export show the mended words.
    pk = wording.question_id
    for path in (
        f"edit/{pk}/",
        "?q=first",
        f"inspect/{pk}/",
        f"preview/{pk}/1/",
        f"exchange/export/{course.pk}/gift/",
    ):
        assert "Whom do you call first?" in text(client, f"{BANK}{path}"), path
    assert "Spelling mended" in text(client, f"{BANK}inspect/{pk}/")


def test_editor_is_told_what_is_more_than_a_spelling_fix(edit: Callable[..., Any]) -> None:
    page = edit(**{"answers-0-value-correct": "", "answers-1-value-correct": "on"})
    assert page.status_code == 200
    assert "which answers are right" in page.content.decode()
    assert not QuestionSpelling.objects.exists()
    assert QuestionVersion.objects.count() == 1
