"""Taking a file's questions into a bank: first what would happen, then the same for good."""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from courses.enums import QuestionKind
from courses.interchange import gift, moodle_xml
from courses.interchange.items import Item, decode
from courses.models import CoursePage, QuestionVersion
from courses.services.bank import check_choices, write_question
from lms.core import audit
from lms.core.exceptions import Refused
from lms.people.models import Person

# Where a file names no category.
OBJECTIVE = "imported"
_COMPARED = ("text", "match", "correct", "feedback")


@dataclass(frozen=True)
class Planned:
    """What becomes of one question of the file: "new", "changed", "same" or "refused"."""

    item: Item
    becomes: str
    reason: str = ""

    @property
    def kind_label(self) -> str:
        return str(self.item.kind.label) if self.item.kind else ""


def read_bank(data: bytes) -> list[Item]:
    """The questions of an uploaded file, GIFT or Moodle XML by what it begins with.

    Raises Refused for a file that is too large, in another encoding, or not one of the two.
    """
    text = decode(data)
    found = moodle_xml.read(text) if text.lstrip().startswith("<") else gift.read(text)
    if not found:
        raise Refused(_("The file has no questions."), code="no_questions")
    return found


def plan_bank(*, items: Iterable[Item], course_key: uuid.UUID, language: str) -> list[Planned]:
    """What taking the items would do; changes nothing."""
    items = list(items)
    versions = QuestionVersion.objects.newest().filter(
        question__course_key=course_key, question__language=language
    )
    versions = versions.as_spelled()
    there = {version.question.key: version for version in versions.select_related("question")}
    keys = Counter(item.key for item in items)
    seen: set[str] = set()
    planned = []
    for item in items:
        reason = item.refusal or _problem(item)
        if not reason and keys[item.key] > 1 and item.key in seen:
            reason = _("Another question of the file has the same name.")
        seen.add(item.key)
        if reason:
            planned.append(Planned(item, "refused", reason))
        elif item.key not in there:
            planned.append(Planned(item, "new"))
        else:
            same = _is_same(item, there[item.key])
            planned.append(Planned(item, "same" if same else "changed"))
    return planned


def _problem(item: Item) -> str:
    """Why the bank would not take the answers, if so."""
    if item.kind is None:
        return _("Its kind is not known here.")
    try:
        check_choices(item.kind, [{"feedback": "", **choice} for choice in item.choices])
    except Refused as refusal:
        return str(refusal)
    return ""


def _plain(choices: Iterable[Any]) -> list[list[Any]]:
    return [
        [choice.get(name) or ("" if name != "correct" else False) for name in _COMPARED]
        for choice in choices
    ]


def _is_same(item: Item, there: QuestionVersion) -> bool:
    asked = (there.kind, there.text, there.explanation)
    ours = _plain(there.choices)
    theirs = _plain(item.choices)
    if item.kind in (QuestionKind.MATCHING, QuestionKind.ORDERING):
        # Which of their lines is "right" is settled by the kind.
        for row in (*ours, *theirs):
            row[2] = True
    return asked == (item.kind, item.text, item.explanation) and ours == theirs


@transaction.atomic
def take_bank(
    *,
    items: Iterable[Item],
    course: CoursePage,
    uses: Iterable[str],
    actor: Person | None,
    now: datetime | None = None,
) -> list[Planned]:
    """Write all items that can be taken, as `plan_bank` says; the same file twice changes nothing.

    A question that is there keeps its topics, its picture and what it is drawn for; new ones are
    drawn for `uses`.
    """
    language = course.locale.language_code
    planned = plan_bank(items=items, course_key=course.translation_key, language=language)
    bank = QuestionVersion.objects.newest().filter(
        question__course_key=course.translation_key, question__language=language
    )
    bank = bank.as_spelled()
    there = {version.question.key: version for version in bank.select_related("question")}
    uses = list(uses)
    for item in (row.item for row in planned if row.becomes in ("new", "changed")):
        last = there.get(item.key)
        known = {choice["text"]: choice["key"] for choice in last.choices} if last else {}
        was = last.question.objective if last else OBJECTIVE
        assert item.kind is not None  # noqa: S101 - planned as one that can be taken
        write_question(
            course_key=course.translation_key,
            language=language,
            key=item.key,
            objective=slugify(item.objective)[:80] or was,
            kind=item.kind,
            text=item.text,
            choices=[{**choice, "key": known.get(choice["text"], "")} for choice in item.choices],
            explanation=item.explanation,
            uses=last.uses if last else uses,
            image=str(last.image.name or "") if last else "",
            image_alt=last.image_alt if last else "",
            actor=actor,
            now=now,
        )
    counts = Counter(row.becomes for row in planned)
    audit.record("bank.imported", course, actor=actor, now=now, **counts)
    return planned
