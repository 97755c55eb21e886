"""The question bank: a change is a new wording, never another word in an old one."""

import hashlib
import string
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import QuestionKind
from courses.models import Question, QuestionVersion
from courses.scoring import MAX_LENGTH, fold
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person

MAX_CHOICES = len(string.ascii_lowercase)
CONTENT = ("kind", "text", "choices", "explanation", "uses", "image", "image_alt")


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
    topics: Iterable[str] | None = None,
    image: str = "",
    image_alt: str = "",
    actor: Person | None,
    now: datetime | None = None,
) -> QuestionVersion:
    """Make the question, or give it a new wording if anything in it changed.

    Published courses go on with the wordings they were published with; the next publication takes
    the new one. `image` names a file that courses.images has kept; `topics` left out stay as they
    are. Raises Refused when the answers do not fit the kind, or an image has no words for it.
    """
    now = now or timezone.now()
    content = content_of(
        kind=kind,
        text=text,
        choices=choices,
        explanation=explanation,
        uses=uses,
        image=image,
        image_alt=image_alt,
    )
    question, created = Question.objects.get_or_create(
        course_key=course_key, language=language, key=key, defaults={"objective": objective}
    )
    lock(question)
    if question.objective != objective:
        question.objective = objective
        question.save(update_fields=["objective"])
        audit.record("question.moved", question, actor=actor, now=now, objective=objective)
    if topics is not None and question.topics != sorted(set(topics)):
        question.topics = sorted(set(topics))
        question.save(update_fields=["topics"])
    last = None if created else question.versions.as_spelled().order_by("-number").first()
    if last and is_same(last, content):
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


def content_of(
    *,
    kind: QuestionKind,
    text: str,
    choices: Iterable[dict[str, Any]],
    explanation: str = "",
    uses: Iterable[str] = (),
    image: str = "",
    image_alt: str = "",
) -> dict[str, Any]:
    """What a wording keeps of what an editor wrote, by the fields of CONTENT.

    Raises Refused when the answers do not fit the kind, or an image has no words for it.
    """
    content: dict[str, Any] = {
        "kind": QuestionKind(kind).value,
        "text": text.strip(),
        "choices": with_keys(QuestionKind(kind), choices),
        "explanation": explanation.strip(),
        "uses": sorted(set(uses)),
        "image": image,
        "image_alt": image_alt.strip() if image else "",
    }
    if image and not content["image_alt"]:
        raise Refused(_("Say in words what the image shows."), code="no_alt")
    check_choices(QuestionKind(kind), content["choices"])
    return content


def is_same(wording: QuestionVersion, content: Mapping[str, Any]) -> bool:
    """Whether a wording, as spelled now, says just this; `content` has the fields of CONTENT."""
    kind = QuestionKind(wording.kind)
    # Keys made of words stay when these are respelled, so the words are compared.
    return with_keys(kind, wording.choices) == content["choices"] and all(
        getattr(wording, field) == content[field] for field in CONTENT if field != "choices"
    )


@transaction.atomic
def copy_bank(
    *,
    source_key: uuid.UUID,
    target_key: uuid.UUID,
    actor: Person | None,
    now: datetime | None = None,
) -> int:
    """Give another course its own copy of a bank as it is now; returns how many questions."""
    bank = QuestionVersion.objects.newest().filter(question__course_key=source_key)
    wordings = bank.as_spelled()
    copied = 0
    for wording in wordings.select_related("question"):
        _write_copy(wording, target_key, wording.question.language, actor, now)
        copied += 1
    return copied


@transaction.atomic
def copy_question(
    *,
    question: Question,
    target_key: uuid.UUID,
    language: str,
    actor: Person | None,
    now: datetime | None = None,
) -> QuestionVersion:
    """Give another course its own copy of a question as it is worded now; twice is once.

    Raises Refused where the other course has another question with this key.
    """
    wording = question.versions.as_spelled().order_by("-number")[0]
    there = (
        QuestionVersion.objects.newest()
        .as_spelled()
        .filter(
            question__course_key=target_key, question__language=language, question__key=question.key
        )
    )
    if any(has.text != wording.text for has in there):
        raise Refused(
            _("That course already has another question with the key “%(key)s”.")
            % {"key": question.key},
            code="key_taken",
        )
    return _write_copy(wording, target_key, language, actor, now)


def _write_copy(
    wording: QuestionVersion,
    target_key: uuid.UUID,
    language: str,
    actor: Person | None,
    now: datetime | None,
) -> QuestionVersion:
    return write_question(
        course_key=target_key,
        language=language,
        key=wording.question.key,
        objective=wording.question.objective,
        kind=QuestionKind(wording.kind),
        text=wording.text,
        choices=wording.choices,
        explanation=wording.explanation,
        uses=wording.uses,
        topics=wording.question.topics,
        image=wording.image.name or "",
        image_alt=wording.image_alt,
        actor=actor,
        now=now,
    )


@transaction.atomic
def retire_question(
    *, question: Question, actor: Person | None, now: datetime | None = None
) -> QuestionVersion:
    """Let the question rest: the next publication draws it for no test. Editing brings it back."""
    wording = question.versions.as_spelled().order_by("-number")[0]
    return write_question(
        course_key=question.course_key,
        language=question.language,
        key=question.key,
        objective=question.objective,
        kind=QuestionKind(wording.kind),
        text=wording.text,
        choices=wording.choices,
        explanation=wording.explanation,
        uses=(),
        image=wording.image.name or "",
        image_alt=wording.image_alt,
        actor=actor,
        now=now,
    )


def with_keys(kind: QuestionKind, choices: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The choices with a key each: the one they had, else the next free letter.

    Lines to match or to put in order get one made of their words instead: a letter would tell
    whoever looks at the page's source which belongs where.
    """
    given = list(choices)
    taken = {choice.get("key") for choice in given}
    free = (letter for letter in string.ascii_lowercase if letter not in taken)
    kept = []
    for choice in given:
        text, match = choice.get("text", "").strip(), choice.get("match", "").strip()
        row: dict[str, Any] = {
            "key": choice.get("key") or "",
            "text": text,
            "correct": bool(choice.get("correct")),
            "feedback": choice.get("feedback", "").strip(),
        }
        if kind in (QuestionKind.MATCHING, QuestionKind.ORDERING):
            row["key"] = _opaque("line", text) if text else _opaque("extra", match)
            row["correct"] = bool(text)
        if kind == QuestionKind.MATCHING:
            row |= {"match": match, "match_key": _opaque("match", match)}
        kept.append({**row, "key": row["key"] or next(free, "")})
    return kept


def _opaque(what: str, words: str) -> str:
    return hashlib.sha256(f"{what} {words}".encode()).hexdigest()[:8]


def check_choices(kind: QuestionKind, choices: list[dict[str, Any]]) -> None:
    """Refuse answers that do not fit the kind of question; each has {key, text, correct, match}."""
    if kind == QuestionKind.REFLECTION:
        if choices:
            raise Refused(_("A reflection has no answers: remove them."), code="no_choices")
        return
    _check_count(kind, choices)
    right = sum(bool(choice.get("correct")) for choice in choices)
    if kind == QuestionKind.MATCHING:
        _check_matching(choices)
    elif any(not choice["text"] for choice in choices):
        raise Refused(_("An answer has no text."), code="empty")
    elif kind == QuestionKind.SHORT_ANSWER:
        _check_forms(choices)
    elif kind == QuestionKind.MULTIPLE and right < 1:
        raise Refused(_("Mark at least one answer as right."), code="none_right")
    elif kind in (QuestionKind.SINGLE, QuestionKind.TRUE_FALSE) and right != 1:
        raise Refused(_("Mark exactly one answer as right."), code="one_right")


def _check_count(kind: QuestionKind, choices: list[dict[str, Any]]) -> None:
    lines = {choice.get("key") or index for index, choice in enumerate(choices)}
    if kind == QuestionKind.TRUE_FALSE and len(choices) != 2:
        raise Refused(_("A true-or-false question has exactly two answers."), code="two_choices")
    if len(choices) > MAX_CHOICES:
        raise Refused(
            _("A question has at most %(count)s answers.") % {"count": MAX_CHOICES}, code="too_many"
        )
    if kind == QuestionKind.SHORT_ANSWER:
        if not choices:
            raise Refused(_("List at least one form of the right answer."), code="choices")
    elif len(choices) < 2:
        raise Refused(_("A question needs at least two answers to choose from."), code="choices")
    texts = [choice["text"].strip() for choice in choices if choice["text"].strip()]
    if len(lines) < len(choices) or (
        kind in (QuestionKind.MATCHING, QuestionKind.ORDERING) and len(set(texts)) < len(texts)
    ):
        raise Refused(_("Two answers say the same."), code="keys")


def _check_matching(choices: list[dict[str, Any]]) -> None:
    if any(not choice.get("match") for choice in choices):
        raise Refused(_("Say of each line what belongs with it."), code="no_match")
    if sum(bool(choice["text"]) for choice in choices) < 2:
        raise Refused(_("Matching needs at least two lines to match."), code="choices")
    if len({choice["match"] for choice in choices}) < 2:
        raise Refused(_("Matching needs at least two things to choose from."), code="one_match")


def _check_forms(choices: list[dict[str, Any]]) -> None:
    forms = [(fold(choice["text"]), bool(choice.get("correct"))) for choice in choices]
    if not all(form for form, _right in forms) or any(
        len(choice["text"]) > MAX_LENGTH for choice in choices
    ):
        raise Refused(
            _("An accepted form needs a letter or a digit, and has at most %(count)s characters.")
            % {"count": MAX_LENGTH},
            code="empty",
        )
    if not any(right for _form, right in forms):
        raise Refused(_("Mark at least one form as right."), code="none_right")
    if len({form for form, _right in forms}) < len(forms):
        raise Refused(
            _("Two forms are the same answer: case, accents and spaces do not count."), code="keys"
        )
