"""The question bank: a change is a new wording, never another word in an old one."""

import string
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import QuestionKind
from courses.models import Question, QuestionVersion
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person

CONTENT = ("kind", "text", "choices", "explanation", "uses")


@transaction.atomic
def write_question(
    *,
    course_key: uuid.UUID,
    language: str,
    key: str,
    objective: str,
    kind: QuestionKind,
    text: str,
    choices: Iterable[dict[str, Any]],
    explanation: str = "",
    uses: Iterable[str] = (),
    actor: Person | None,
    now: datetime | None = None,
) -> QuestionVersion:
    """Make the question, or give it a new wording if anything in it changed.

    Published courses go on with the wordings they were published with; the next publication takes
    the new one. Raises Refused when the answers do not fit the kind.
    """
    now = now or timezone.now()
    content: dict[str, Any] = {
        "kind": QuestionKind(kind).value,
        "text": text.strip(),
        "choices": _with_keys(choices),
        "explanation": explanation.strip(),
        "uses": sorted(set(uses)),
    }
    check_choices(QuestionKind(kind), content["choices"])
    question, created = Question.objects.get_or_create(
        course_key=course_key, language=language, key=key, defaults={"objective": objective}
    )
    lock(question)
    if question.objective != objective:
        question.objective = objective
        question.save(update_fields=["objective"])
        audit.record("question.moved", question, actor=actor, now=now, objective=objective)
    last = None if created else question.versions.order_by("-number").first()
    if last and all(getattr(last, field) == content[field] for field in CONTENT):
        return last
    version = QuestionVersion.objects.create(
        question=question,
        number=last.number + 1 if last else 1,
        recorded_at=now,
        author=actor,
        **content,
    )
    audit.record("question.written", question, actor=actor, now=now, number=version.number)
    return version


@transaction.atomic
def copy_bank(
    *,
    source_key: uuid.UUID,
    target_key: uuid.UUID,
    actor: Person | None,
    now: datetime | None = None,
) -> int:
    """Give another course its own copy of a bank as it is now; returns how many questions."""
    wordings = QuestionVersion.objects.newest().filter(question__course_key=source_key)
    copied = 0
    for wording in wordings.select_related("question"):
        write_question(
            course_key=target_key,
            language=wording.question.language,
            key=wording.question.key,
            objective=wording.question.objective,
            kind=QuestionKind(wording.kind),
            text=wording.text,
            choices=wording.choices,
            explanation=wording.explanation,
            uses=wording.uses,
            actor=actor,
            now=now,
        )
        copied += 1
    return copied


def _with_keys(choices: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The choices with a key each: the one they had, or the next free letter."""
    given = list(choices)
    taken = {choice.get("key") for choice in given}
    free = (letter for letter in string.ascii_lowercase if letter not in taken)
    return [
        {
            "key": choice.get("key") or next(free),
            "text": choice["text"].strip(),
            "correct": bool(choice.get("correct")),
            "feedback": choice.get("feedback", "").strip(),
        }
        for choice in given
    ]


def check_choices(kind: QuestionKind, choices: list[dict[str, Any]]) -> None:
    """Refuse answers that do not fit the kind of question; each has {key, text, correct}."""
    right = sum(choice["correct"] for choice in choices)
    keys = {choice.get("key") or index for index, choice in enumerate(choices)}
    if len(choices) < 2 or len(choices) > len(string.ascii_lowercase):
        raise Refused(_("A question needs at least two answers to choose from."), code="choices")
    if len(keys) != len(choices):
        raise Refused(_("Two answers have the same key."), code="keys")
    if any(not choice["text"] for choice in choices):
        raise Refused(_("An answer has no text."), code="empty")
    if kind == QuestionKind.TRUE_FALSE and len(choices) != 2:
        raise Refused(_("A true-or-false question has exactly two answers."), code="two_choices")
    if kind == QuestionKind.MULTIPLE and right < 1:
        raise Refused(_("Mark at least one answer as right."), code="none_right")
    if kind != QuestionKind.MULTIPLE and right != 1:
        raise Refused(_("Mark exactly one answer as right."), code="one_right")
