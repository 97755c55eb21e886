"""Deciding on a question at the desk: look first, with numbers; once; by the office alone."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from courses import services
from courses.enums import RegradeKind
from courses.models import AttemptRuling, CoursePage, QuestionVersion, Regrade, RegradeRun
from courses.regrade_preview import regrade_preview
from lms.completions.models import Completion
from lms.core.models import OutboxMessage
from lms.people.enums import Role
from lms.people.models import Person
from lms.portal.reports import views_question
from tests.courses.reading import costs, only_a_test, text
from tests.factories.courses import make_enrolment, make_question, training_of
from tests.factories.people import make_office, make_organization, make_person, make_with_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def course() -> CoursePage:
    """Two questions, both needed."""
    return only_a_test(questions=2, draw=2, pass_percent=100, title="Our course")


@pytest.fixture
def wording(course: CoursePage) -> QuestionVersion:
    return QuestionVersion.objects.get(question__key="question-1")


@pytest.fixture
def coordinator(client: Client, course: CoursePage) -> Person:
    person = make_with_role(Role.COORDINATOR, course.office)
    client.force_login(person)
    return person


def answer(course: CoursePage, first: str, second: str) -> None:
    enrolment = make_enrolment(make_person(), course)
    attempt = services.start_attempt(enrolment=enrolment, step_key="post-test", actor=None)
    given = dict(zip(sorted(i["version"] for i in attempt.items), (first, second), strict=True))
    answers = {n: [given[item["version"]]] for n, item in enumerate(attempt.items, start=1)}
    services.save_answers(attempt=attempt, answers=answers, actor=None)
    services.hand_in(attempt=attempt, actor=None)


@pytest.fixture
def answered(course: CoursePage) -> Iterator[None]:
    """Six tests: three fail by the first question alone, one fails both, two pass."""
    for first, second in (("b", "a"), ("b", "a"), ("c", "a"), ("b", "b"), ("a", "a"), ("a", "a")):
        answer(course, first, second)
    return


def address(course: CoursePage, wording: QuestionVersion) -> str:
    return reverse("desk_reports:question", args=[training_of(course).pk, wording.pk])


def squeezed(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


FORM = {"what": "full_marks", "reason": "Two answers fit."}


@pytest.mark.usefixtures("answered")
def test_numbers_are_shown_before_and_nothing_is_done(
    client: Client, coordinator: Person, course: CoursePage, wording: QuestionVersion
) -> None:
    page = squeezed(client.post(address(course, wording), {**FORM, "action": "look"}))
    for said in (
        "6 tests had it.",
        "4 results change.",
        "3 tests are passed by it.",
        "3 courses are completed by it.",
    ):
        assert said in page
    assert not Regrade.objects.exists()
    also = {**FORM, "what": "also_right:b", "action": "look"}
    page = squeezed(client.post(address(course, wording), also))
    assert "3 results change." in page
    assert "2 tests are passed by it." in page


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize(("kind", "choice"), [("full_marks", ""), ("also_right", "b")])
def test_what_was_shown_is_what_is_done(
    course: CoursePage, wording: QuestionVersion, kind: str, choice: str
) -> None:
    before = Completion.objects.count()
    shown = regrade_preview(wording, RegradeKind(kind), choice)
    run = services.work_off(
        regrade=services.decide_regrade(
            wording=wording,
            kind=RegradeKind(kind),
            choice=choice,
            reason="x",
            actor=make_with_role(Role.COORDINATOR, course.office),
        )
    )
    assert (shown.changed, shown.now_passed, shown.now_completed) == (
        run.changed,
        run.now_passed,
        run.now_completed,
    )
    assert Completion.objects.count() == before + shown.now_completed
    assert regrade_preview(wording, RegradeKind(kind), choice).changed == 0


@pytest.mark.usefixtures("answered")
def test_decided_once_though_posted_twice(
    client: Client, coordinator: Person, course: CoursePage, wording: QuestionVersion
) -> None:
    path = address(course, wording)
    for _twice in range(2):
        page = squeezed(client.post(path, {**FORM, "action": "decide"}, follow=True))
    assert "This was decided already" in page
    assert "Results that changed: 4. Tests passed by it: 3." in page
    assert "See what follows" not in page
    assert (Regrade.objects.count(), AttemptRuling.objects.count()) == (1, 4)
    assert OutboxMessage.objects.filter(key__startswith="courses.ruling:").count() == 3


def test_numbers_of_fewer_than_five_people_are_not_shown(
    client: Client, coordinator: Person, course: CoursePage, wording: QuestionVersion
) -> None:
    for _n in range(4):
        answer(course, "b", "a")
    path = address(course, wording)
    page = squeezed(client.post(path, {**FORM, "action": "look"}))
    assert "fewer than 5 people" in page
    assert "results change" not in page
    page = squeezed(client.post(path, {**FORM, "action": "decide"}, follow=True))
    assert "Results that changed" not in page
    assert AttemptRuling.objects.count() == 4


@pytest.mark.usefixtures("coordinator", "answered")
def test_many_tests_are_a_workers_and_the_page_says_how_far(
    client: Client,
    course: CoursePage,
    wording: QuestionVersion,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[int] = []
    monkeypatch.setattr(views_question, "SMALL", 3)
    monkeypatch.setattr(views_question.work_off_regrade, "delay", told.append)
    path = address(course, wording)
    page = squeezed(client.post(path, {**FORM, "action": "decide"}, follow=True))
    assert "0 of 6 tests counted anew" in page
    assert told == [Regrade.objects.get().pk]
    assert RegradeRun.objects.get().finished_at is None
    services.work_off_all()
    assert "Results that changed: 4." in text(client, path)


@pytest.mark.usefixtures("coordinator")
@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"what": "", "reason": "x"}, "Choose what is done."),
        ({"what": "full_marks", "reason": ""}, "Say why"),
        ({"what": "also_right:a", "reason": "x"}, "Select a valid choice"),
    ],
)
def test_form_says_what_is_wrong(
    client: Client,
    course: CoursePage,
    wording: QuestionVersion,
    form: dict[str, str],
    said: str,
) -> None:
    for action in ("look", "decide"):
        page = squeezed(client.post(address(course, wording), {**form, "action": action}))
        assert said in page
    assert not Regrade.objects.exists()


def test_reflection_has_nothing_to_decide(
    client: Client, coordinator: Person, course: CoursePage
) -> None:
    made = make_question(course, key="r", kind="reflection", choices=[])  # type: ignore[arg-type]
    assert "gives no point" in text(client, address(course, made))
    client.post(address(course, made), {**FORM, "action": "decide"})
    assert not Regrade.objects.exists()


@pytest.mark.parametrize("role", [Role.MANAGER, Role.LIAISON, Role.EDITOR, Role.REVIEWER, None])
def test_questions_are_for_coordinators_of_the_owning_office(
    client: Client, course: CoursePage, wording: QuestionVersion, role: Role | None
) -> None:
    training = training_of(course)
    paths = [
        reverse("desk_reports:questions", args=[training.pk]),
        address(course, wording),
    ]
    office = make_office()
    other, theirs = make_with_role(Role.COORDINATOR, office), only_a_test(office=office)
    person = make_person()
    if role:
        place = course.office if role.held_for == "office" else make_organization(role.held_for)
        person = make_with_role(role, place)
    for outsider in (person, other):
        client.force_login(outsider)
        assert [client.get(path).status_code for path in paths] == [404, 404]
        answer = client.post(paths[1], {**FORM, "action": "decide"})
        assert answer.status_code == 404
    # Another office's wording is no question of one's own course.
    smuggled = reverse("desk_reports:question", args=[training_of(theirs).pk, wording.pk])
    assert client.post(smuggled, {**FORM, "action": "decide"}).status_code == 404
    assert not Regrade.objects.exists()


@pytest.mark.usefixtures("answered")
def test_questions_page_lists_all_and_costs_the_same(
    client: Client, coordinator: Person, course: CoursePage, wording: QuestionVersion
) -> None:
    path = reverse("desk_reports:questions", args=[training_of(course).pk])
    page = text(client, path)
    assert page.index("What is question-1?") < page.index("What is question-2?")
    assert "33 percent right" in page
    before = costs(lambda: client.get(path))
    for _n in range(3):
        answer(course, "a", "a")
    assert costs(lambda: client.get(path)) == before
