"""Spelling fixes: other words for a question, the same question for everybody and everything.

A fix adds a row to the wording; the wording's own row, and so the course's version, stay. Who is in
the middle of a test reads the mended words at once, and keeps their answers.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from courses.enums import QuestionKind
from courses.models import Question, QuestionSpelling, QuestionVersion
from courses.scoring import fold
from courses.services.bank import content_of, is_same
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.models import Person


@transaction.atomic
def mend_spelling(
    *,
    question: Question,
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
    """Put these words in force for the question's newest wording, which stays what it is.

    Takes the whole question, as `write_question` does, and adds one row, or none where nothing has
    changed. Audited. Raises Refused ("more_than_spelling") where anything but words differs from
    the wording: that is a new one.
    """
    now = now or timezone.now()
    locked = lock(question)
    wording = locked.versions.as_spelled().order_by("-number")[0]
    content = content_of(
        kind=kind,
        text=text,
        choices=choices,
        explanation=explanation,
        uses=uses,
        image=image,
        image_alt=image_alt,
    )
    others: dict[str, Any] = {"objective": objective}
    if topics is not None:
        others["topics"] = sorted(set(topics))
    demand_spelling_only(wording, content, others)
    if is_same(wording, content):
        return wording
    QuestionSpelling.objects.create(
        wording=wording,
        text=content["text"],
        answers={
            old["key"]: {name: new[name] for name in ("text", "feedback", "match") if name in new}
            for old, new in zip(wording.choices, content["choices"], strict=True)
        },
        explanation=content["explanation"],
        image_alt=content["image_alt"],
        recorded_at=now,
        author=actor,
    )
    audit.record("question.respelled", locked, actor=actor, now=now, number=wording.number)
    return locked.versions.as_spelled().get(pk=wording.pk)


def demand_spelling_only(
    wording: QuestionVersion, content: Mapping[str, Any], others: Mapping[str, Any]
) -> None:
    """Refuse what changes more than words; `wording` comes with its question, as spelled now.

    `content` are the fields of the wording, its choices in their order; `others` the question's.
    """
    question = wording.question
    found = [
        name
        for name, differs in (
            (_("the kind"), content["kind"] != wording.kind),
            (_("the tests it is drawn for"), content["uses"] != wording.uses),
            (_("the picture"), content["image"] != (wording.image.name or "")),
            (_("the objective"), others["objective"] != question.objective),
            (_("the topics"), others.get("topics", question.topics) != question.topics),
        )
        if differs
    ]
    if content["kind"] == wording.kind:
        found += _of_answers(QuestionKind(wording.kind), wording.choices, content["choices"])
    if found:
        raise Refused(
            _(
                "A spelling fix changes words only, and here this changes too: %(what)s. Undo that,"
                " or take this tick away: then it is a new wording, for those who begin later."
            )
            % {"what": ", ".join(found)},
            code="more_than_spelling",
        )


def _of_answers(kind: QuestionKind, old: list[Any], new: list[Any]) -> list[str]:
    """What differs in the answers besides their words."""
    if len(old) != len(new):
        return [_("the number of answers")]
    if [row["correct"] for row in old] != [row["correct"] for row in new]:
        return [_("which answers are right")]
    if kind == QuestionKind.SHORT_ANSWER and _folded(old) != _folded(new):
        return [_("which words are accepted")]
    if any(
        _has_moved([row.get(name) for row in old], [row.get(name) for row in new])
        for name in ("text", "match")
    ):
        return [_("the order of the answers")]
    if kind == QuestionKind.MATCHING and _belonging(old) != _belonging(new):
        return [_("what belongs together")]
    return []


def _folded(forms: list[Any]) -> list[str]:
    return [fold(form["text"]) for form in forms]


def _has_moved(old: list[str], new: list[str]) -> bool:
    """Whether words that stood at one place stand at another now; the same words may be twice."""
    gone, come = Counter(old) - Counter(new), Counter(new) - Counter(old)
    kept = [was == now for was, now in zip(old, new, strict=True)]
    changed = len(kept) - sum(kept)
    return changed != gone.total() or changed != come.total()


def _belonging(lines: list[Any]) -> list[int]:
    """For each line the first that has the same beside it: alike as long as none is told apart."""
    beside = [line["match"] for line in lines]
    return [beside.index(match) for match in beside]
