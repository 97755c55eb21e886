"""What the player's pages show: steps with addresses, a lesson's content, a test's questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from courses import wording
from courses.enums import QuestionKind, StepState
from courses.kinds import kind_of, points_in_words
from courses.models import (
    Attempt,
    AttemptAnswer,
    DocumentPage,
    Enrolment,
    QuestionVersion,
    StepPage,
)
from courses.requirements import minutes_so_far, statement
from courses.selectors import Outline, Step, document_text, step_content
from courses.services import Stamp
from courses.services.active_time import seconds_in
from lms.pages.selectors import contacts_by_situation, figures_by_key


def step_url(enrolment: Enrolment, step: Step) -> str:
    """Where the step is shown."""
    return reverse("courses:step", args=[enrolment.pk, step.key])


def outline_url(enrolment: Enrolment) -> str:
    """Where the person's course is shown as a whole."""
    return reverse("courses:outline", args=[enrolment.pk])


def time_note(enrolment: Enrolment) -> str:
    """How much of the minutes asked for is spent, for a page that is open; empty if none are."""
    if not enrolment.is_active:
        return _("You have completed this course.")
    rules = enrolment.version.spec.get("rules", {})
    if "min_active_minutes" not in rules:
        return ""
    return minutes_so_far(rules, seconds_in(enrolment))


def _asked(outline: Outline) -> list[dict[str, Any]]:
    """What is asked for besides the steps, as a further group of the outline's lines."""
    url = outline_url(outline.enrolment)
    lines = [
        {
            "number": len(outline.steps) + index,
            "title": asked.title,
            "url": f"{url}#{asked.kind.value}" if asked == outline.next_requirement else "",
            "state": asked.state.value,
            "note": asked.reason,
        }
        for index, asked in enumerate(outline.requirements, start=1)
    ]
    return [{"title": _("Also needed"), "summary": "", "steps": lines}] if lines else []


def frame(outline: Outline, current: Step | None = None) -> dict[str, Any]:
    """What every page of the player shows: the outline with how far one is, the way back."""
    steps = [
        {
            "number": step.number,
            "title": step.title,
            "url": "" if step.is_locked else step_url(outline.enrolment, step),
            "state": "current" if current and step.key == current.key else step.state.value,
            "note": note,
        }
        for step, note in zip(outline.steps, wording.step_notes(outline.steps), strict=True)
    ]
    context: dict[str, Any] = {
        "enrolment": outline.enrolment,
        "outline": outline,
        "outline_url": outline_url(outline.enrolment),
        "groups": [*_groups(outline.steps, steps), *_asked(outline)],
        "done_count": outline.done_count,
        "step_count": len(steps),
        "total_count": outline.total_count,
        "asked": outline.next_requirement,
        "time_note": minutes_so_far(outline.rules, outline.active_seconds)
        if outline.enrolment.is_active
        else "",
        "statement": statement(),
        "time_left": wording.time_left(outline.minutes_left) if outline.minutes_left else "",
        "asks_again": [
            {
                "title": step.title,
                "url": step_url(outline.enrolment, step),
                "note": kind_of(step.kind).note(step),
            }
            for step in outline.asks_again
        ],
        "learned": "" if outline.enrolment.is_active else wording.before_and_after(outline.steps),
        "direction": "rtl" if outline.enrolment.language in settings.LANGUAGES_BIDI else "ltr",
        "nav": {"current": "my"},
    }
    if current is None:
        return context
    before, after = outline.before(current), outline.after(current)
    return {
        **context,
        "step": current,
        "step_url": step_url(outline.enrolment, current),
        "previous": before,
        "previous_url": step_url(outline.enrolment, before) if before else context["outline_url"],
        "next": after,
        "next_url": step_url(outline.enrolment, after)
        if after and not after.is_locked
        else context["outline_url"],
    }


def _groups(steps: Iterable[Step], shown: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The steps under the headings of their modules; without modules one group with no title."""
    groups: list[dict[str, Any]] = []
    last = None
    for step, row in zip(steps, shown, strict=True):
        module = {"title": "", "summary": "", **(step.module or {})}
        if module != last:
            last = module
            groups.append({**module, "steps": []})
        groups[-1]["steps"].append(row)
    return groups


def lesson(enrolment: Enrolment, step: Step) -> dict[str, Any]:
    """The lesson as the enrolment is pinned to it, with the figures and contacts it names."""
    content = step_content(enrolment, step.key)
    return {"lesson": content, **_named(content, enrolment.language)}


def document(enrolment: Enrolment, step: Step) -> dict[str, Any]:
    """The document as it is in force for all; its language, where that is not the enrolment's."""
    text = document_text(enrolment, step)
    page = DocumentPage.as_published(text.revision.content) if text else None
    language = text.locale if text and text.locale != enrolment.language else ""
    return {"lesson": page, "language": language, **_named(page, enrolment.language)}


def _named(content: StepPage | None, language: str) -> dict[str, Any]:
    blocks = list(getattr(content, "body", ()))
    return {
        "figures": figures_by_key(
            (block.value["key"] for block in blocks if block.block_type == "fact"), language
        ),
        "contacts_by_situation": contacts_by_situation(
            (block.value["situation"] for block in blocks if block.block_type == "contacts"),
            language,
        ),
    }


@dataclass(frozen=True)
class ShownChoice:
    """An answer to choose, and after handing in what it was worth."""

    key: str
    text: str
    chosen: bool
    correct: bool
    feedback: str


@dataclass(frozen=True)
class ShownQuestion:
    """A question of somebody's attempt, in the order they see it."""

    position: int
    kind: QuestionKind
    text: str
    choices: list[ShownChoice]
    explanation: str
    saved_at: datetime | None
    right: bool

    @property
    def several(self) -> bool:
        """Whether more than one answer may be ticked."""
        return self.kind == QuestionKind.MULTIPLE

    @property
    def answered(self) -> bool:
        return any(choice.chosen for choice in self.choices)

    @property
    def chosen_keys(self) -> str:
        """What was ticked when the page was drawn, so that unticking all of it can be told."""
        return ",".join(choice.key for choice in self.choices if choice.chosen)


def questions(attempt: Attempt) -> list[ShownQuestion]:
    """The attempt's questions with the answers saved so far; two queries."""
    wordings = QuestionVersion.objects.in_bulk([item["version"] for item in attempt.items])
    answers = {answer.position: answer for answer in attempt.answers.all()}
    return [
        _question(position, wordings[item["version"]], item["choices"], answers.get(position))
        for position, item in enumerate(attempt.items, start=1)
    ]


def _question(
    position: int, worded: QuestionVersion, order: list[str], answer: AttemptAnswer | None
) -> ShownQuestion:
    by_key = {choice["key"]: choice for choice in worded.choices}
    response = answer.response if answer else []
    return ShownQuestion(
        position=position,
        kind=QuestionKind(worded.kind),
        text=worded.text,
        choices=[
            ShownChoice(
                key=key,
                text=by_key[key]["text"],
                chosen=key in response,
                correct=by_key[key]["correct"],
                feedback=by_key[key]["feedback"],
            )
            for key in order
        ],
        explanation=worded.explanation,
        saved_at=answer.saved_at if answer and response else None,
        right=worded.is_right(response),
    )


def running(attempt: Attempt) -> dict[str, Any]:
    """A test in progress, and from where its script counts the answers."""
    given = [answer.sequence for answer in attempt.answers.all() if answer.turn == attempt.turn]
    return {
        "attempt": attempt,
        "questions": questions(attempt),
        "sequence": max(given, default=0),
    }


def number(text: Any) -> int:
    """A number from a form; 0, which nothing has, for anything else."""
    return int(text) if str(text).isascii() and str(text).isdigit() and len(text) < 10 else 0


def stamp_in(form: QueryDict) -> Stamp:
    """When the answer that a script sends was given, as its device counts."""
    return Stamp(
        device=form.get("device", "")[:40],
        turn=number(form.get("turn")),
        given_in=number(form.get("given_in")),
        sequence=number(form.get("sequence")),
    )


def answers_in(form: QueryDict, attempt: Attempt) -> dict[int, list[str]]:
    """The answers a posted test brings, by position.

    What is not in the form stays as it was saved: another window may have answered it. Only where
    the form says that answers were ticked when it was drawn (`was-3`) and none is now, they are
    taken back.
    """
    answers: dict[int, list[str]] = {}
    for position in range(1, len(attempt.items) + 1):
        chosen = form.getlist(f"q-{position}")
        if chosen or form.get(f"was-{position}"):
            answers[position] = chosen
    return answers


def result(attempt: Attempt, step: Step) -> Mapping[str, Any]:
    """A handed-in test: how it went, question by question."""
    shown = questions(attempt)
    return {
        "attempt": attempt,
        "questions": shown,
        "points": points_in_words(attempt.score_points or 0, attempt.max_points),
        "needed": step.pass_percent,
        "can_retry": attempt.passed is False and step.state == StepState.OPEN,
        "tries_left": step.attempts_allowed - step.attempts_used
        if step.attempts_allowed is not None
        else None,
    }
