"""What each kind of answer may be and is worth, down to the learner's page."""

import random
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError
from django.test import Client

from courses import player, scoring, services
from courses.enums import AttemptStatus, QuestionKind, Scoring, StepKind
from courses.models import Attempt, CoursePage, QuestionVersion
from lms.core.exceptions import Refused
from lms.people.models import Person
from tests.courses.reading import running, text
from tests.factories.courses import (
    make_course,
    make_enrolment,
    make_question,
    make_test_step,
    stream,
)
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db

PAIRS = [
    {"text": "Exploitation of a child", "match": "No force needed", "feedback": "Under 18."},
    {"text": "Labor trafficking", "match": "Work by force"},
    {"text": "Sex trafficking of an adult", "match": "Force, fraud or coercion"},
    {"text": "", "match": "A border is crossed"},
]
LINES = [{"text": words} for words in ("Make it safe", "Ask", "Write it down", "Call")]
FORMS = [
    {"text": "Café Society", "correct": True},
    {"text": "the café", "correct": True},
    {"text": "bar", "correct": False, "feedback": "Too general."},
]
TICKS = [{"text": f"Choice {n}", "correct": n < 3} for n in range(5)]


def course_of(*kinds: tuple[QuestionKind, list[dict[str, Any]]], **step: Any) -> CoursePage:
    """A course of one test with a question of each kind named, in one attempt."""
    course = make_course(questions=0, pre_test=False, lessons=0, publish=False)
    for number, (kind, choices) in enumerate(kinds):
        make_question(course, key=f"q{number}", kind=kind, choices=choices)
    rule = {"pass_percent": 50, **step}
    course.outline = stream(course, "outline", [make_test_step(StepKind.POST_TEST, **rule)])
    course.save_revision().publish()
    course.refresh_from_db()
    return course


def wording(kind: QuestionKind, choices: list[dict[str, Any]]) -> QuestionVersion:
    """A question of the kind, written as an editor would."""
    return make_question(make_course(publish=False), key="this", kind=kind, choices=choices)


def keys(worded: QuestionVersion) -> list[str]:
    return [choice["key"] for choice in worded.choices if choice["text"]]


@pytest.mark.parametrize(
    ("ticked", "nothing", "parts"),
    [
        ("abc", 1, "1"),
        ("ab", 0, "0.67"),
        ("a", 0, "0.33"),
        ("abcd", 0, "0.67"),
        ("abcde", 0, "0.33"),
        ("ad", 0, "0"),
        ("de", 0, "0"),
        ("", 0, "0"),
    ],
)
def test_multiple_gives_a_part_for_each_right_tick_and_takes_it_for_each_wrong_one(
    ticked: str, nothing: int, parts: str
) -> None:
    worded = wording(QuestionKind.MULTIPLE, TICKS)
    assert scoring.points(worded, list(ticked)) == nothing
    assert scoring.points(worded, list(ticked), Scoring.PARTIAL) == Decimal(parts)


def test_matching_counts_right_pairs() -> None:
    worded = wording(QuestionKind.MATCHING, PAIRS)
    right = scoring.right_response(worded)
    assert len(right) == 3
    assert scoring.points(worded, right) == 1
    other = worded.choices[3]["match_key"]
    two_right = [right[0], right[1], right[2].partition("=")[0] + "=" + other]
    assert scoring.points(worded, two_right) == 0
    assert scoring.points(worded, two_right, Scoring.PARTIAL) == Decimal("0.67")


def test_ordering_counts_lines_in_their_place() -> None:
    worded = wording(QuestionKind.ORDERING, LINES)
    first, second, third, last = keys(worded)
    assert scoring.points(worded, scoring.right_response(worded)) == 1
    swapped = [f"{first}=1", f"{second}=3", f"{third}=2", f"{last}=4"]
    assert scoring.points(worded, swapped) == 0
    assert scoring.points(worded, swapped, Scoring.PARTIAL) == Decimal("0.5")
    all_first = [f"{key}=1" for key in keys(worded)]
    assert scoring.points(worded, all_first, Scoring.PARTIAL) == Decimal("0.25")


@pytest.mark.parametrize(
    ("words", "right"),
    [
        ("Café Society", 1),
        ("  cafe   SOCIETY. ", 1),
        ("cafe\u0301 society", 1),
        ("THE CAFE", 1),
        ("bar", 0),
        ("a café", 0),
        ("cafésociety", 0),
    ],
)
def test_short_answer_folds_case_spaces_and_accents(words: str, right: int) -> None:
    assert scoring.points(wording(QuestionKind.SHORT_ANSWER, FORMS), [words]) == right


def test_short_answer_keeps_the_vowels_of_scripts_that_need_them() -> None:
    assert scoring.fold("কি") != scoring.fold("ক")
    assert scoring.fold("مُساعدة") == scoring.fold("مساعدة")


@pytest.mark.parametrize("kind", [QuestionKind.MATCHING, QuestionKind.ORDERING])
def test_page_s_source_does_not_tell_what_belongs_where(kind: QuestionKind) -> None:
    worded = wording(kind, PAIRS if kind == QuestionKind.MATCHING else LINES)
    assert keys(worded) != sorted(keys(worded)) or len(keys(worded)[0]) == 8
    assert not set(keys(worded)) & set(map(str, range(9)))
    if kind == QuestionKind.MATCHING:
        assert not set(keys(worded)) & set(scoring.targets(worded))


def test_matching_and_ordering_are_shuffled() -> None:
    worded = wording(QuestionKind.MATCHING, PAIRS)
    items = [scoring.frozen_item(worded, random.Random(seed)) for seed in range(12)]  # noqa: S311 - a known order
    assert len({tuple(item["choices"]) for item in items}) > 2
    assert len({tuple(item["targets"]) for item in items}) > 2
    assert all(len(item["choices"]) == 3 and len(item["targets"]) == 4 for item in items)


def matching_attempt() -> tuple[Attempt, QuestionVersion]:
    """A try at a test of one matching question."""
    course = course_of((QuestionKind.MATCHING, PAIRS))
    return running(make_enrolment(make_person(), course)), QuestionVersion.objects.get()


def save(attempt: Attempt, response: list[str], position: int = 1) -> None:
    services.save_answers(attempt=attempt, answers={position: response}, actor=None)


def test_pairs_are_kept_as_given_though_not_all_are_there() -> None:
    attempt, worded = matching_attempt()
    one = scoring.right_response(worded)[:1]
    save(attempt, one)
    shown = player.questions(attempt)[0]
    assert (shown.response, shown.answered) == (one, False)


@pytest.mark.parametrize("what", ["line", "target", "twice", "nonsense", "bare"])
def test_pairs_that_were_not_offered_are_refused(what: str) -> None:
    attempt, worded = matching_attempt()
    right = scoring.right_response(worded)
    line, _is, target = right[0].partition("=")
    response = {
        "line": [f"zzz={target}"],
        "target": [f"{line}=zzz"],
        "twice": [right[0], f"{line}={right[1].partition('=')[2]}"],
        "nonsense": ["="],
        "bare": [line],
    }[what]
    with pytest.raises(Refused):
        save(attempt, response)


def test_place_that_does_not_exist_is_refused() -> None:
    attempt = running(make_enrolment(make_person(), course_of((QuestionKind.ORDERING, LINES))))
    line = attempt.items[0]["choices"][0]
    for place in ("0", "5", "-1", "x", ""):
        with pytest.raises(Refused):
            save(attempt, [f"{line}={place}"])


def test_two_lines_in_one_place_are_kept_but_not_an_answer_yet() -> None:
    attempt = running(make_enrolment(make_person(), course_of((QuestionKind.ORDERING, LINES))))
    save(attempt, [f"{key}=1" for key in attempt.items[0]["choices"]])
    assert player.questions(attempt)[0].answered is False


def test_short_answer_too_long_is_refused_and_odd_letters_are_taken_out() -> None:
    attempt = running(make_enrolment(make_person(), course_of((QuestionKind.SHORT_ANSWER, FORMS))))
    with pytest.raises(Refused, match="under 200"):
        save(attempt, ["x" * 201])
    save(attempt, ["the\x00 café\n"])
    assert attempt.answers.get().response == ["the café"]
    save(attempt, ["   "])
    assert attempt.answers.get().response == []


def test_reflection_earns_nothing_and_nothing_of_it_is_taken() -> None:
    course = course_of((QuestionKind.SINGLE, TICKS[2:4]), (QuestionKind.REFLECTION, []), draw=1)
    attempt = running(make_enrolment(make_person(), course))
    assert [item["kind"] for item in attempt.items] == ["single", "reflection"]
    assert attempt.max_points == 1
    with pytest.raises(Refused, match="nothing of it is sent"):
        save(attempt, ["What I feel"], position=2)
    save(attempt, ["a"])
    result = services.hand_in(attempt=attempt, actor=None)
    assert (result.score_points, result.passed) == (1, True)


def test_reflection_has_no_name_on_the_page(client: Client, learner: Person) -> None:
    course = course_of((QuestionKind.SINGLE, TICKS[2:4]), (QuestionKind.REFLECTION, []))
    attempt = running(make_enrolment(learner, course))
    page = text(client, f"/learn/{attempt.enrolment_id}/post-test/")
    assert "it is not scored and not sent" in page
    area = page[page.index("<textarea") : page.index("</textarea>")]
    assert "name=" not in area
    assert 'name="q-2"' not in page
    assert 'name="was-2"' not in page


def test_parts_add_up_and_decide_passing(client: Client, learner: Person) -> None:
    kinds = ((QuestionKind.MULTIPLE, TICKS), (QuestionKind.MULTIPLE, TICKS))
    attempt = running(make_enrolment(learner, course_of(*kinds, scoring="partial")))
    assert attempt.rule["scoring"] == "partial"
    page = text(client, f"/learn/{attempt.enrolment_id}/post-test/")
    assert page.count("each wrong one takes it away; never less than nothing") == 2
    save(attempt, ["a", "b"])
    save(attempt, ["a"], position=2)
    result = services.hand_in(attempt=attempt, actor=None)
    assert (result.score_points, result.passed) == (Decimal("1.00"), True)
    page = text(client, f"/learn/{attempt.enrolment_id}/post-test/")
    assert "1 of 2 points" in page
    assert "Partly right: 0.67 of 1 point" in page


def test_rule_a_course_was_published_with_holds_for_its_learners() -> None:
    course = course_of((QuestionKind.MULTIPLE, TICKS))
    assert course.version_in_force is not None
    assert "scoring" not in course.version_in_force.spec["outline"][0]
    enrolment = make_enrolment(make_person(), course)
    course.outline = stream(
        course, "outline", [make_test_step(StepKind.POST_TEST, pass_percent=50, scoring="partial")]
    )
    course.save_revision().publish()
    attempt = running(enrolment)
    assert attempt.rule["scoring"] == "all_or_nothing"
    save(attempt, ["a", "b"])
    assert services.hand_in(attempt=attempt, actor=None).score_points == 0


def test_every_kind_works_as_one_form_without_script(client: Client, learner: Person) -> None:
    course = course_of(
        (QuestionKind.MATCHING, PAIRS),
        (QuestionKind.ORDERING, LINES),
        (QuestionKind.SHORT_ANSWER, FORMS),
        (QuestionKind.MULTIPLE, TICKS),
    )
    attempt = running(make_enrolment(learner, course))
    path = f"/learn/{attempt.enrolment_id}/post-test/"
    wordings = QuestionVersion.objects.in_bulk([item["version"] for item in attempt.items])
    right = [scoring.right_response(wordings[item["version"]]) for item in attempt.items]
    page = text(client, path)
    for response in right:
        for entry in response:
            assert f'value="{entry}"' in page or "café" in entry.lower()
    # Lists from which nothing was chosen come along empty.
    form = {f"q-{n}": ["", *response] for n, response in enumerate(right, start=1)}
    client.post(path, {"action": "pause", **form})
    page = text(client, path)
    assert page.count(" selected>") == 7
    assert 'value="Café Society"' in page
    page = client.post(path, {"action": "hand_in"}, follow=True).content.decode()
    assert "4 of 4 right" in page


def test_saving_one_answer_without_script_keeps_the_place(client: Client, learner: Person) -> None:
    course = course_of((QuestionKind.MULTIPLE, TICKS), (QuestionKind.SHORT_ANSWER, FORMS))
    attempt = running(make_enrolment(learner, course))
    path = f"/learn/{attempt.enrolment_id}/post-test/"
    place = 1 + [item["kind"] for item in attempt.items].index(QuestionKind.SHORT_ANSWER)
    assert f'name="save" value="{place}"' in text(client, path)
    answer = client.post(path, {"save": str(place), f"q-{place}": "bar"})
    assert answer["Location"] == f"{path}#question-{place}"
    assert attempt.answers.get().response == ["bar"]
    attempt.refresh_from_db()
    assert attempt.status == AttemptStatus.IN_PROGRESS


def test_result_shows_what_belongs_where(client: Client, learner: Person) -> None:
    attempt = running(make_enrolment(learner, course_of((QuestionKind.MATCHING, PAIRS))))
    worded = QuestionVersion.objects.get()
    line, other = worded.choices[0]["key"], worded.choices[3]["match_key"]
    save(attempt, [f"{line}={other}"])
    services.hand_in(attempt=attempt, actor=None)
    page = text(client, f"/learn/{attempt.enrolment_id}/post-test/")
    assert "Your answer: A border is crossed" in page
    assert "Right answer: No force needed" in page
    assert "Under 18." in page


def test_short_answer_that_is_listed_as_wrong_says_why(client: Client, learner: Person) -> None:
    attempt = running(make_enrolment(learner, course_of((QuestionKind.SHORT_ANSWER, FORMS))))
    save(attempt, ["Bar"])
    services.hand_in(attempt=attempt, actor=None)
    page = text(client, f"/learn/{attempt.enrolment_id}/post-test/")
    for words in ("Too general.", "Bar", "Café Society", "Not right"):
        assert words in page, words


@pytest.mark.parametrize("points", ["-0.01", "1.01"])
def test_database_refuses_points_beyond_what_can_be_earned(points: str) -> None:
    attempt, _worded = matching_attempt()
    with pytest.raises(DatabaseError, match="courses_attempt_score_within_max"):
        Attempt.objects.filter(pk=attempt.pk).update(
            status="handed_in", handed_in_at=attempt.started_at, score_points=Decimal(points)
        )


def test_points_are_written_as_people_write_them() -> None:
    written = [str(scoring.trimmed(Decimal(n))) for n in ("10.00", "7.50", "0.33", "0")]
    assert written == ["10", "7.5", "0.33", "0"]


@pytest.mark.parametrize(
    ("kind", "choices", "code"),
    [
        (QuestionKind.MATCHING, [{"text": "A", "match": "1"}, {"text": "B"}], "no_match"),
        (
            QuestionKind.MATCHING,
            [{"text": t, "match": "1" + t} for t in ("A", "")],
            "choices",
        ),
        (QuestionKind.MATCHING, [{"text": t, "match": "1"} for t in "AB"], "one_match"),
        (QuestionKind.MATCHING, [{"text": "A", "match": m} for m in "12"], "keys"),
        (QuestionKind.ORDERING, [{"text": "A"}], "choices"),
        (QuestionKind.ORDERING, [{"text": "A"}, {"text": "A "}], "keys"),
        (QuestionKind.SHORT_ANSWER, [], "choices"),
        (QuestionKind.SHORT_ANSWER, [{"text": "?!", "correct": True}], "empty"),
        (QuestionKind.SHORT_ANSWER, [{"text": "a", "correct": False}], "none_right"),
        (QuestionKind.SHORT_ANSWER, [{"text": t, "correct": True} for t in ("É", "e")], "keys"),
        (QuestionKind.REFLECTION, [{"text": "A"}], "no_choices"),
        (QuestionKind.MULTIPLE, [{"text": str(n), "correct": True} for n in range(27)], "too_many"),
    ],
)
def test_bank_refuses_answers_that_do_not_fit_the_kind(
    kind: QuestionKind, choices: list[dict[str, Any]], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        wording(kind, choices)
    assert refusal.value.code == code


def test_bank_written_twice_is_one_wording_of_every_kind() -> None:
    course = make_course(publish=False)
    for kind, choices in (
        (QuestionKind.MATCHING, PAIRS),
        (QuestionKind.ORDERING, LINES),
        (QuestionKind.SHORT_ANSWER, FORMS),
        (QuestionKind.REFLECTION, []),
    ):
        first = make_question(course, key=kind.value.replace("_", "-"), kind=kind, choices=choices)
        again = make_question(course, key=kind.value.replace("_", "-"), kind=kind, choices=choices)
        assert first == again
