"""What editors see before learners do: a question, a whole test. Nothing here is written."""

import random
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.models import Page

from courses import player, scoring
from courses.enums import StepKind
from courses.kinds import kind_of
from courses.models import AttemptAnswer, CoursePage, Enrolment, QuestionVersion, StepPage
from courses.player import ShownQuestion
from courses.selectors import Step

TEMPLATE = "courses/test_preview.html"


def question(worded: QuestionVersion, rule: str, image_url: str) -> tuple[ShownQuestion, ...]:
    """The question as a learner sees it: before answering, and answered rightly."""
    item = scoring.frozen_item(worded, random.Random(worded.pk))  # noqa: S311 - no secret
    right = AttemptAnswer(response=scoring.right_response(worded), position=1)
    return tuple(
        player.shown_question(1, item, worded, answer, rule={"scoring": rule}, image_url=image_url)
        for answer in (None, right)
    )


def test_modes(course: CoursePage) -> list[tuple[str, str]]:
    """The previews of a course's tests: as each begins, and with its right answers."""
    tests = [step for step in course.steps() if StepKind(step.block_type).is_test]
    return [
        mode
        for step in tests
        for mode in (
            (f"test:{step.value['key']}", _("Test: %(title)s") % {"title": step.value["title"]}),
            (
                f"answers:{step.value['key']}",
                _("Test with the right answers: %(title)s") % {"title": step.value["title"]},
            ),
        )
    ]


def of_course(course: CoursePage, mode: str) -> dict[str, Any]:
    """The test that a mode of `test_modes` names, in the outline as it is in the editor."""
    what, _colon, key = mode.partition(":")
    found = next((step for step in course.steps() if step.value["key"] == key), None)
    intro = course.page_for(found.value) if found else None
    return _test(course, found, intro, answered=what == "answers")


def of_introduction(page: StepPage, *, answered: bool) -> dict[str, Any]:
    """The first test of the course's draft that has this page as its introduction."""
    parent = Page.objects.parent_of(page).specific().first() if page.path else None
    course = parent.get_latest_revision_as_object() if isinstance(parent, CoursePage) else None
    found = next(
        (
            step
            for step in (course.steps() if course else ())
            if StepKind(step.block_type).is_test
            and (chosen := step.value.get("page"))
            and chosen.translation_key == page.translation_key
        ),
        None,
    )
    return _test(course, found, page, answered=answered)


def _test(
    course: CoursePage | None,
    step: StreamValue.StreamChild | None,
    intro: StepPage | None,
    *,
    answered: bool,
) -> dict[str, Any]:
    """One draw of the test as a learner gets it, before answering or answered rightly."""
    if course is None or step is None:
        return {"step": None, "lesson": intro}
    kind, language = kind_of(step.block_type), course.locale.language_code
    frozen = {**step.value, **kind.freeze(course, step.value)}
    shown = Step(
        key=step.value["key"],
        kind=StepKind(step.block_type),
        title=step.value["title"],
        minutes=step.value["minutes"],
        required=step.value["required"],
        number=1,
        topics=(),
        **kind.facts(Enrolment(), frozen, None, []),
    )
    # The same draw each time, so that a preview beside the form stands still.
    chance = random.Random(shown.key)  # noqa: S311 - no secret
    items = _draw(frozen, chance)
    return {
        "step": shown,
        "lesson": intro,
        "rules": shown.timing.lines,
        "answered": answered,
        "total": scoring.max_points(item for item, _worded in items),
        "language": language,
        "direction": player.direction(language),
        "questions": [
            _shown(position, item, worded, shown.scoring, answered=answered)
            for position, (item, worded) in enumerate(items, start=1)
        ],
    }


def _draw(
    frozen: dict[str, Any], chance: random.Random
) -> list[tuple[dict[str, Any], QuestionVersion]]:
    """Questions of the pool as somebody's first try has them; reflections come last."""
    bank = QuestionVersion.objects.as_spelled().order_by("pk")
    pool = list(bank.filter(pk__in=frozen["pool"]))
    chance.shuffle(pool)
    drawn = [*pool[: frozen["draw"]], *bank.filter(pk__in=frozen.get("reflections", []))]
    return [(scoring.frozen_item(worded, chance), worded) for worded in drawn]


def _shown(
    position: int, item: dict[str, Any], worded: QuestionVersion, rule: str, *, answered: bool
) -> ShownQuestion:
    right = AttemptAnswer(response=scoring.right_response(worded), position=position)
    return player.shown_question(
        position,
        item,
        worded,
        right if answered and item["kind"] != "reflection" else None,
        rule={"scoring": rule},
        image_url=reverse(
            "wagtailsnippets_courses_question:picture", args=[worded.question_id, worded.number]
        ),
    )
