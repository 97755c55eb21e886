"""What an answer may be and what it is worth, for every kind of question; decided nowhere else.

A response is a list of strings. Chosen answers are named by their keys; matching is "left=right";
ordering is "key=place", places counted from 1, so that a half-finished order can be kept as it was
given; a short answer is its words. A reflection has no response: it never leaves the page.
"""

import random
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.enums import QuestionKind, Scoring
from courses.leniency import Leniency
from courses.models import QuestionVersion
from lms.core.exceptions import Refused

# The words of a short answer.
MAX_LENGTH = 200
_HUNDREDTH = Decimal("0.01")
STRICT = Leniency()
# What readers of these scripts may leave out: accents, Hebrew points, Arabic vowel marks. Other
# scripts' marks are letters (Bengali vowels), so they stay.
_MARKS = frozenset(
    chr(code)
    for start, end in ((0x0300, 0x036F), (0x05B0, 0x05C7), (0x064B, 0x0652))
    for code in range(start, end + 1)
)


def frozen_item(wording: QuestionVersion, chance: random.Random) -> dict[str, Any]:
    """The question as an attempt keeps it, with what is to choose from in the order shown.

    The answers to true or false keep their order; all others are shuffled.
    """
    kind = QuestionKind(wording.kind)
    item: dict[str, Any] = {
        "question": wording.question_id,
        "version": wording.pk,
        "kind": kind.value,
        "choices": [],
    }
    if kind in (QuestionKind.SHORT_ANSWER, QuestionKind.REFLECTION):
        return item
    item["choices"] = [choice["key"] for choice in wording.choices if choice["text"]]
    if kind != QuestionKind.TRUE_FALSE:
        chance.shuffle(item["choices"])
    if kind == QuestionKind.MATCHING:
        item["targets"] = list(targets(wording))
        chance.shuffle(item["targets"])
    return item


def targets(wording: QuestionVersion) -> dict[str, str]:
    """What the lines of a matching question may be matched with, by key."""
    return {choice["match_key"]: choice["match"] for choice in wording.choices}


def max_points(items: Iterable[Mapping[str, Any]]) -> int:
    """A point for each question; none for a reflection."""
    return sum(QuestionKind(item["kind"]).is_scored for item in items)


def checked(item: Mapping[str, Any], response: list[str]) -> list[str]:
    """The response in a settled order, if it can be one to this item; else Refused."""
    kind = QuestionKind(item["kind"])
    if kind == QuestionKind.REFLECTION:
        raise Refused(
            _("A reflection stays with you; nothing of it is sent or kept."), code="reflection"
        )
    if kind == QuestionKind.SHORT_ANSWER:
        return _checked_words(response)
    if kind in (QuestionKind.MATCHING, QuestionKind.ORDERING):
        return _checked_pairs(item, response)
    chosen = {key for key in item["choices"] if key in response}
    if chosen != set(response):
        raise _not_an_answer()
    if kind != QuestionKind.MULTIPLE and len(chosen) > 1:
        raise _one_only()
    return sorted(chosen)


def _checked_words(response: list[str]) -> list[str]:
    if len(response) > 1:
        raise _one_only()
    # Without control characters, which the database cannot keep.
    words = " ".join("".join(c if c.isprintable() else " " for c in "".join(response)).split())
    if len(words) > MAX_LENGTH:
        raise Refused(
            _("Keep the answer under %(count)s characters.") % {"count": MAX_LENGTH},
            code="too_long",
        )
    return [words] if words else []


def _checked_pairs(item: Mapping[str, Any], response: list[str]) -> list[str]:
    allowed = item.get("targets") or [str(n + 1) for n in range(len(item["choices"]))]
    given = [entry.partition("=") for entry in sorted(set(response))]
    if any(left not in item["choices"] or right not in allowed for left, _is, right in given):
        raise _not_an_answer()
    if len({left for left, _is, _right in given}) < len(given):
        raise _one_only()
    return [f"{left}={right}" for left, _is, right in given]


def _not_an_answer() -> Refused:
    return Refused(_("This answer does not belong to the question."), code="no_choice")


def _one_only() -> Refused:
    return Refused(_("Choose one answer to this question."), code="one_only")


def pairs(response: Iterable[str]) -> dict[str, str]:
    """What each line of a matching question was matched with, or the place each line was given."""
    return {left: right for left, _is, right in (entry.partition("=") for entry in response)}


def is_answered(item: Mapping[str, Any], response: list[str]) -> bool:
    """Whether nothing is left to do in the question; a reflection is never waited for."""
    kind = QuestionKind(item["kind"])
    if kind == QuestionKind.REFLECTION:
        return True
    if kind == QuestionKind.MATCHING:
        return len(response) == len(item["choices"])
    if kind == QuestionKind.ORDERING:
        return len(set(pairs(response).values())) == len(item["choices"])
    return bool(response)


def right_response(wording: QuestionVersion) -> list[str]:
    """A response that earns the whole point."""
    kind = QuestionKind(wording.kind)
    if kind == QuestionKind.MATCHING:
        return sorted(f"{c['key']}={c['match_key']}" for c in wording.choices if c["text"])
    if kind == QuestionKind.ORDERING:
        return sorted(f"{c['key']}={place}" for place, c in enumerate(wording.choices, start=1))
    right = [choice for choice in wording.choices if choice["correct"]]
    if kind == QuestionKind.SHORT_ANSWER:
        return [choice["text"] for choice in right[:1]]
    return sorted(choice["key"] for choice in right)


def points(
    wording: QuestionVersion,
    response: list[str],
    scoring: str = Scoring.ALL_OR_NOTHING,
    lenient: Leniency = STRICT,
) -> Decimal:
    """What the response earns: between 0 and 1, in hundredths, by the rule the attempt runs under.

    With what was decided on the wording since; that never makes it less.

    Parts (`Scoring.PARTIAL`) are given where a question has several things to get right: each right
    tick earns a part and each wrong one takes it away, never below nothing; each right pair, each
    line in its right place earns a part.
    """
    kind = QuestionKind(wording.kind)
    if lenient.full and kind.is_scored:
        return Decimal(1)
    if lenient.also:
        read_kindly = _without(wording, response, lenient.also)
        return max(points(wording, given, scoring) for given in (response, read_kindly))
    if not kind.is_scored or not response:
        return Decimal(0)
    if kind == QuestionKind.SHORT_ANSWER:
        return Decimal(known_form(wording, response[0]) in _right_forms(wording))
    right, given = set(right_response(wording)), set(response)
    if scoring != Scoring.PARTIAL or not kind.has_parts:
        return Decimal(given == right)
    parts = len(given & right)
    if kind == QuestionKind.MULTIPLE:
        parts = max(0, parts - len(given - right))
    return (Decimal(parts) / len(right)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def _without(wording: QuestionVersion, response: list[str], also: frozenset[str]) -> list[str]:
    """The response as if what counts as right too had been answered rightly.

    Where one answer is chosen it stands for the right one; of several ticks it is left out.
    """
    kind = QuestionKind(wording.kind)
    if kind == QuestionKind.SHORT_ANSWER:
        known = known_form(wording, response[0]) if response else None
        return right_response(wording) if known in also else response
    if kind == QuestionKind.MULTIPLE:
        return [key for key in response if key not in also]
    return right_response(wording) if set(response) & also else response


def may_count_too(wording: QuestionVersion) -> dict[str, str]:
    """The answers that could be counted as right too, by key: the wrong ones one can give."""
    kinds = (QuestionKind.SINGLE, QuestionKind.TRUE_FALSE, QuestionKind.MULTIPLE)
    if QuestionKind(wording.kind) not in (*kinds, QuestionKind.SHORT_ANSWER):
        return {}
    return {c["key"]: c["text"] for c in wording.choices if c["text"] and not c["correct"]}


def is_right(wording: QuestionVersion, response: list[str]) -> bool:
    """Whether the response earns the whole point."""
    return points(wording, response) == 1


def _right_forms(wording: QuestionVersion) -> set[str]:
    return {choice["key"] for choice in wording.choices if choice["correct"]}


def known_form(wording: QuestionVersion, words: str) -> str | None:
    """The key of the listed form that the words are, whatever their case, spaces and accents."""
    folded = fold(words)
    return next((c["key"] for c in wording.choices if fold(c["text"]) == folded), None)


def fold(words: str) -> str:
    """The words as they are compared: no case, no accents, single spaces, bare ends.

    Accents are folded where they can be left out in writing; see _MARKS.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", words) if c not in _MARKS)
    plain = plain.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").casefold()
    return " ".join(plain.split()).strip(" .,;:!?\"'")


def trimmed(number: Decimal) -> Decimal:
    """Points as people write them: 9, not 9.00; 7.5, not 7.50."""
    whole = number.to_integral_value()
    return whole.quantize(Decimal(1)) if number == whole else number.normalize()


def as_json(number: Decimal) -> int | float:
    """Points for frozen evidence."""
    return int(number) if number == int(number) else float(number)


def how_it_counts(kind: QuestionKind, rule: str) -> str:
    """What the learner is told before answering: what to do, and what earns the point."""
    if rule == Scoring.PARTIAL and kind.has_parts:
        return str(_IN_PARTS[kind])
    return str(_AS_A_WHOLE.get(kind, ""))


_AS_A_WHOLE = {
    QuestionKind.MULTIPLE: gettext_lazy(
        "More than one answer can be right. "
        "It counts when all right ones are chosen and no wrong one."
    ),
    QuestionKind.MATCHING: gettext_lazy(
        "Choose what belongs to each line. It counts when all are right."
    ),
    QuestionKind.ORDERING: gettext_lazy(
        "Give each line its place; 1 is the first. It counts when all are in their right place."
    ),
    QuestionKind.SHORT_ANSWER: gettext_lazy(
        "A few words are enough. Capital letters, accents and extra spaces do not matter. "
        "No names or case details."
    ),
    QuestionKind.REFLECTION: gettext_lazy(
        "For yourself alone: it is not scored and not sent. What you write stays on this "
        "page and is gone when you leave it. Still: no names or case details."
    ),
}
_IN_PARTS = {
    QuestionKind.MULTIPLE: gettext_lazy(
        "More than one answer can be right. Each right tick earns a part of the point, "
        "each wrong one takes it away; never less than nothing."
    ),
    QuestionKind.MATCHING: gettext_lazy(
        "Choose what belongs to each line. Each right one earns a part of the point."
    ),
    QuestionKind.ORDERING: gettext_lazy(
        "Give each line its place; 1 is the first. "
        "Each line in its right place earns a part of the point."
    ),
}
