"""What the player's pages show: steps with addresses, a lesson's content, a test's questions."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from math import ceil
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from courses import reads, scoring, wording
from courses.enums import AttemptStatus, QuestionKind, Review, Scoring, StepState
from courses.kinds import kind_of, points_in_words
from courses.leniency import Leniency, leniencies
from courses.models import (
    Attempt,
    AttemptAnswer,
    DocumentPage,
    Enrolment,
    QuestionVersion,
    StepPage,
)
from courses.requirements import minutes_so_far, statement
from courses.results import result_of
from courses.rulings import outage_in_words, outage_minutes
from courses.selectors import Outline, Step, step_content
from courses.services import Stamp, extra_minutes
from courses.services.active_time import seconds_in
from courses.shown import document_text
from courses.timing import moment, timing_of
from lms.core.time import new_york_date
from lms.pages.selectors import contacts_by_situation, figures_by_key
from lms.people.guests import last_day


def step_url(enrolment: Enrolment, step: Step) -> str:
    """Where the step is shown."""
    return reverse("courses:step", args=[enrolment.pk, step.key])


def outline_url(enrolment: Enrolment) -> str:
    """Where the person's course is shown as a whole."""
    return reverse("courses:outline", args=[enrolment.pk])


def ended(outline: Outline) -> dict[str, Any]:
    """What somebody still reads of a course that is no longer for them: nothing it contains."""
    enrolment = outline.enrolment
    completed = enrolment.completed_at
    return {
        "enrolment": enrolment,
        "outline": outline,
        "done_count": outline.done_count,
        "total_count": outline.total_count,
        "completed_on": new_york_date(completed) if completed else None,
        "nav": {"current": "my"},
    }


def time_note(enrolment: Enrolment) -> str:
    """How much of the minutes asked for is spent, for a page that is open; empty if none are."""
    if not enrolment.is_active:
        return _("You have completed this course.")
    rules = enrolment.version.spec.get("rules", {})
    if "min_active_minutes" not in rules:
        return ""
    return minutes_so_far(rules, seconds_in(enrolment))


def _guest(outline: Outline) -> dict[str, Any]:
    """Without an account: until when the work is kept, and whether a name is all that lacks."""
    person = outline.enrolment.person
    if not person.is_guest:
        return {}
    return {
        "kept_until": last_day(person),
        "waits_for_name": outline.enrolment.is_active and outline.is_finished,
    }


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


def direction(language: str) -> str:
    """Which way the language is written: "rtl" or "ltr"."""
    return "rtl" if language in settings.LANGUAGES_BIDI else "ltr"


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
        "again_titles": ", ".join(f"“{step.title}”" for step in outline.again),
        "time_left": wording.time_left(outline.minutes_left) if outline.minutes_left else "",
        "asks_again": [
            {
                "title": step.title,
                "url": step_url(outline.enrolment, step),
                "note": kind_of(step.kind).note(step),
                "label": kind_of(step.kind).asking(),
            }
            for step in outline.asks_again
        ],
        "learned": "" if outline.enrolment.is_active else wording.before_and_after(outline.steps),
        "direction": direction(outline.enrolment.language),
        **_guest(outline),
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
    """An answer to choose or a line to match or place, and what was done with it.

    `given` is the key or place chosen for a line, `right` whether it was right. `belongs` says
    what a line belongs with, or its place.
    """

    key: str
    text: str
    chosen: bool
    correct: bool
    feedback: str
    given: str = ""
    given_text: str = ""
    right: bool = False
    belongs: str = ""


@dataclass(frozen=True)
class ShownQuestion:
    """A question of somebody's attempt, in the order they see it.

    `targets` are what lines can be given: (key, text), or places. `words` is a short answer.
    """

    position: int
    kind: QuestionKind
    text: str
    hint: str
    choices: list[ShownChoice]
    targets: list[tuple[str, str]]
    words: str
    image_url: str
    image_alt: str
    explanation: str
    saved_at: datetime | None
    response: list[str]
    answered: bool
    points: Decimal
    lenient: Leniency = scoring.STRICT

    @property
    def name(self) -> str:
        """What its answer is called in the test's form."""
        return f"q-{self.position}"

    @property
    def several(self) -> bool:
        """Whether more than one answer may be ticked."""
        return self.kind == QuestionKind.MULTIPLE

    @property
    def is_radio(self) -> bool:
        """Whether one answer is chosen, which can be changed but not taken back."""
        return self.kind in (QuestionKind.SINGLE, QuestionKind.TRUE_FALSE)

    @property
    def has_lines(self) -> bool:
        """Whether each line gets something chosen from a list."""
        return self.kind in (QuestionKind.MATCHING, QuestionKind.ORDERING)

    @property
    def is_scored(self) -> bool:
        return self.kind.is_scored

    @property
    def right(self) -> bool:
        return self.points == 1

    @property
    def part(self) -> str:
        """What was earned, where it is a part of the point."""
        return number_format(scoring.trimmed(self.points)) if 0 < self.points < 1 else ""

    @property
    def was(self) -> str:
        """What was answered when the page was drawn, so that taking all of it back can be told."""
        return ",".join(self.response)


def questions(attempt: Attempt) -> list[ShownQuestion]:
    """The attempt's questions with the answers saved so far; one query for their wordings.

    One more for a test that is handed in: what was decided on its questions since. The answers
    are those read with the attempt (`reads.attempt_with_answers`).
    """
    shown = [item["version"] for item in attempt.items]
    wordings = {wording.pk: wording for wording in reads.wordings_as_spelled(pks=shown)}
    answers = {answer.position: answer for answer in attempt.answers.all()}
    lenient = leniencies(shown) if attempt.status == AttemptStatus.HANDED_IN else {}
    return [
        shown_question(
            position,
            item,
            wordings[item["version"]],
            answers.get(position),
            rule=attempt.rule,
            lenient=lenient.get(item["version"], scoring.STRICT),
            image_url=reverse(
                "courses:image", args=[attempt.enrolment_id, attempt.step_key, attempt.pk, position]
            ),
        )
        for position, item in enumerate(attempt.items, start=1)
    ]


def open_questions(attempt: Attempt) -> list[ShownQuestion]:
    """Those that have no answer yet, as it is saved now."""
    given = {answer.position: answer.response for answer in reads.answers_of(attempt=attempt.pk)}
    if all(
        scoring.is_answered(item, given.get(position, []))
        for position, item in enumerate(attempt.items, start=1)
    ):
        return []
    return [question for question in questions(attempt) if not question.answered]


def shown_question(
    position: int,
    item: dict[str, Any],
    worded: QuestionVersion,
    answer: AttemptAnswer | None,
    *,
    rule: dict[str, Any],
    image_url: str,
    lenient: Leniency = scoring.STRICT,
) -> ShownQuestion:
    """A question as it is shown, with its answer so far; `worded` is read as spelled."""
    kind = QuestionKind(worded.kind)
    response = answer.response if answer else []
    targets = _targets(item, worded, kind)
    return ShownQuestion(
        position=position,
        kind=kind,
        text=worded.text,
        hint=scoring.how_it_counts(kind, rule["scoring"]),
        choices=_choices(item, worded, response, dict(targets), lenient.also),
        targets=targets,
        words=response[0] if response and kind == QuestionKind.SHORT_ANSWER else "",
        image_url=image_url if worded.image else "",
        image_alt=worded.image_alt,
        explanation=worded.explanation,
        saved_at=answer.saved_at if answer and response else None,
        response=response,
        answered=scoring.is_answered(item, response),
        points=scoring.points(worded, response, rule["scoring"], lenient),
        lenient=lenient,
    )


def rules(enrolment: Enrolment, step: Step, attempt: Attempt | None, now: datetime) -> list[str]:
    """What the clock means for the person: for the running try as frozen, else as it would be."""
    if attempt and attempt.status == AttemptStatus.IN_PROGRESS:
        more = outage_minutes(attempt) if attempt.deadline_at else 0
        return [*timing_of(attempt.rule).lines, *([outage_in_words(more)] if more else [])]
    extra = extra_minutes(enrolment, step.timing.time_limit, now)
    return replace(step.timing, extra_minutes=extra).lines


def running(attempt: Attempt, now: datetime) -> dict[str, Any]:
    """A test in progress, from where its script counts the answers, and how long it still runs."""
    left = attempt.deadline_at - now if attempt.deadline_at else None
    given = [answer.sequence for answer in attempt.answers.all() if answer.turn == attempt.turn]
    return {
        "attempt": attempt,
        "questions": questions(attempt),
        "sequence": max(given, default=0),
        "seconds_left": ceil(left.total_seconds()) if left else None,
        "hand_in_by": moment(attempt.deadline_at) if attempt.deadline_at else "",
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


def _targets(
    item: dict[str, Any], worded: QuestionVersion, kind: QuestionKind
) -> list[tuple[str, str]]:
    if kind == QuestionKind.MATCHING:
        texts = scoring.targets(worded)
        return [(key, texts[key]) for key in item["targets"]]
    if kind == QuestionKind.ORDERING:
        return [(place, place) for place in map(str, range(1, len(worded.choices) + 1))]
    return []


def _choices(
    item: dict[str, Any],
    worded: QuestionVersion,
    response: list[str],
    targets: dict[str, str],
    also: frozenset[str],
) -> list[ShownChoice]:
    """The choices in the order of the attempt; of a short answer, the listed form given."""
    by_key = {choice["key"]: choice for choice in worded.choices}
    given = scoring.pairs(response) if targets else {}
    right = scoring.pairs(scoring.right_response(worded)) if targets else {}
    keys = item["choices"]
    if worded.kind == QuestionKind.SHORT_ANSWER:
        said = scoring.known_form(worded, response[0]) if response else None
        first = next(c["key"] for c in worded.choices if c["correct"])
        keys, response = list(dict.fromkeys([said, first] if said else [first])), [said or ""]
    return [
        ShownChoice(
            key=key,
            text=by_key[key]["text"],
            chosen=key in response or key in given,
            correct=by_key[key]["correct"] or key in also,
            feedback=by_key[key]["feedback"],
            given=given.get(key, ""),
            given_text=targets.get(given.get(key, ""), ""),
            right=bool(given) and given.get(key) == right[key],
            belongs=targets.get(right.get(key, ""), ""),
        )
        for key in keys
    ]


def answers_in(form: QueryDict, attempt: Attempt) -> dict[int, list[str]]:
    """The answers a posted test brings, by position.

    What is not in the form stays as it was saved: another window may have answered it. Only where
    the form says that something was answered when it was drawn (`was-3`) and nothing is now, it is
    taken back.
    """
    answers: dict[int, list[str]] = {}
    for position in range(1, len(attempt.items) + 1):
        # Lists from which nothing is chosen, and an empty line, come as empty words.
        given = [value for value in form.getlist(f"q-{position}") if value.strip()]
        if given or form.get(f"was-{position}"):
            answers[position] = given
    return answers


def result(attempt: Attempt, step: Step) -> Mapping[str, Any]:
    """A handed-in test: how it went, question by question."""
    shown = questions(attempt)
    counts = result_of(attempt)
    assert counts is not None  # noqa: S101 - what does not count is shown to nobody
    review = timing_of(attempt.rule).review
    everything = review == Review.EVERYTHING or (
        review == Review.AFTER_PASSING and counts.is_pass is not False
    )
    return {
        "attempt": attempt,
        "is_pass": counts.is_pass,
        "lenient": sum(question.lenient != scoring.STRICT for question in shown),
        "marks_only": not everything,
        "marks": everything or review == Review.RIGHT_OR_WRONG,
        "later": review == Review.AFTER_PASSING and not everything,
        "questions": shown,
        "points": points_in_words(
            counts.points,
            counts.of,
            partial=attempt.rule["scoring"] == Scoring.PARTIAL,
        ),
        "needed": step.pass_percent,
        "can_retry": counts.is_pass is False and step.state == StepState.OPEN,
        "tries_left": step.attempts_allowed - step.attempts_used
        if step.attempts_allowed is not None
        else None,
    }
