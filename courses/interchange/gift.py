"""GIFT, Moodle's format for questions as text: reading it with reasons, and writing it.

Format: docs.moodle.org/en/GIFT_format. Questions are apart by empty
lines; one is "::name:: words {answers}".
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from django.utils.translation import gettext as _

from courses.enums import QuestionKind
from courses.interchange.items import (
    TRUE_FALSE,
    Item,
    number,
    plain,
    refuse_partial_forms,
    settle_weights,
)
from courses.models import QuestionVersion

# An escaped letter is held as one of the private area while the line is taken apart.
_SPECIAL = "~=#{}:\\"
_HIDE = {letter: chr(0xE000 + place) for place, letter in enumerate(_SPECIAL)}
_SHOW = {hidden: letter for letter, hidden in _HIDE.items()}


def read(text: str) -> list[Item]:
    """The questions of a file in their order; each that cannot be taken says why."""
    items: list[Item] = []
    objective = ""
    for line, block in _blocks(text):
        category = re.match(r"\$CATEGORY:\s*(.*)", block)
        if category:
            objective = category[1].split("/")[-1].strip()
        words = block[category.end() :].strip() if category else block
        if words:
            items.append(_item(line, words, objective))
    return items


def _blocks(text: str) -> Iterable[tuple[int, str]]:
    """Runs of lines without an empty one between them, comments left out, with their first line.

    An empty line inside braces belongs to the question, as in Moodle.
    """
    kept: list[str] = []
    first = depth = 0
    for place, raw in enumerate([*text.splitlines(), ""], start=1):
        line = "" if raw.lstrip().startswith("//") else raw
        hidden = _hide(line)
        if not line.strip() and (depth <= 0 or place > len(text.splitlines())):
            if kept and not raw.strip():
                yield first, "\n".join(kept).strip()
                kept, depth = [], 0
            continue
        if not kept:
            first = place
        kept.append(line)
        depth += hidden.count("{") - hidden.count("}")


def _hide(text: str) -> str:
    return re.sub(r"\\([~=#{}:\\])", lambda found: _HIDE[found[1]], text).replace("\\n", "\n")


def _show(text: str) -> str:
    return "".join(_SHOW.get(letter, letter) for letter in text).strip()


def _item(line: int, block: str, objective: str) -> Item:
    item = Item(place=_("Line %(line)s") % {"line": line}, objective=objective)
    rest = _hide(block)
    named = re.match(r"\s*::(.*?)::", rest, re.DOTALL)
    if named:
        item.name, rest = _show(named[1]), rest[named.end() :]
    markup = re.match(r"\s*\[(html|markdown|plain|moodle)\]", rest)
    html = bool(markup and markup[1] == "html")
    rest = rest[markup.end() :] if markup else rest
    before, opened, inner = rest.partition("{")
    body, closed, after = inner.rpartition("}")
    words = before.rstrip() + (" _____ " + after.strip() if after.strip() else "")
    item.text = plain(_show(words), item) if html else _show(words)
    if not opened:
        item.refusal = _("It has no answers in braces: it is an information text.")
    elif not closed or "{" in body:
        item.refusal = _("Its braces do not close where they should; look for { and }.")
    elif not item.text:
        item.refusal = _("It has no words that ask anything.")
    else:
        _answers(item, body.strip(), html=html)
    return item


def _answers(item: Item, body: str, *, html: bool) -> None:
    body, _mark, explanation = body.partition("####")
    item.explanation, body = _show(explanation), body.strip()
    truth = re.fullmatch(r"(T|TRUE|F|FALSE)(#[^#]*)?(#.*)?", body, re.IGNORECASE | re.DOTALL)
    if not body:
        item.kind = QuestionKind.REFLECTION
        item.note(_("An essay becomes a reflection: it is never scored or sent."))
    elif truth:
        _true_false(item, is_true=body[0].upper() == "T", wrong=truth[2], right=truth[3])
    elif body.startswith("#"):
        item.refusal = _("It asks for a number, which is no kind of question here.")
    elif body.startswith(">"):
        item.kind = QuestionKind.ORDERING
        lines = [_show(text) for text in body[1:].splitlines()[1:] if text.strip()]
        item.choices = [{"text": text, "correct": True} for text in lines]
    else:
        _listed(item, body, html=html)


def _true_false(item: Item, *, is_true: bool, wrong: str | None, right: str | None) -> None:
    item.kind = QuestionKind.TRUE_FALSE
    said = {True: _show((right or "#")[1:]), False: _show((wrong or "#")[1:])}
    item.choices = [
        {"text": text, "correct": is_true == truth, "feedback": said[is_true == truth]}
        for text, truth in zip(TRUE_FALSE, (True, False), strict=True)
    ]


def _listed(item: Item, body: str, *, html: bool) -> None:
    """Answers that begin with = or ~: choices, pairs or accepted forms."""
    found = re.findall(r"([=~])([^=~]*)", body)
    if not found or not body.startswith(("=", "~")):
        item.refusal = _("Its answers begin neither with = nor with ~.")
        return
    if all("->" in words for _mark, words in found):
        item.kind = QuestionKind.MATCHING
        item.choices = [_pair(words) for _mark, words in found]
        return
    weights: list[Decimal] = []
    for mark, words in found:
        weighed = re.match(r"\s*%(.*?)%", words)
        weight = number(weighed[1]) if weighed else Decimal(100 if mark == "=" else 0)
        if weight is None:
            item.refusal = _("One of its percentages is no number.")
            return
        text, _hash, feedback = words[weighed.end() if weighed else 0 :].partition("#")
        shown = plain(_show(text), item) if html else _show(text)
        item.choices.append({"text": shown, "feedback": _show(feedback)})
        weights.append(weight)
    if all(mark == "=" for mark, _words in found):
        item.kind = QuestionKind.SHORT_ANSWER
        for choice, weight in zip(item.choices, weights, strict=True):
            choice["correct"] = weight > 0
        refuse_partial_forms(item, weights)
    else:
        settle_weights(item, weights)


def _pair(words: str) -> dict[str, str]:
    pair, _hash, feedback = words.partition("#")
    left, _arrow, right = pair.partition("->")
    return {"text": _show(left), "match": _show(right), "feedback": _show(feedback)}


def write(wordings: Iterable[QuestionVersion]) -> str:
    """The wordings as a file; pictures and topics stay here. Objectives become categories."""
    parts: list[str] = []
    objective = None
    for wording in sorted(wordings, key=lambda row: (row.question.objective, row.question.key)):
        if wording.question.objective != objective:
            objective = wording.question.objective
            parts.append(f"$CATEGORY: {objective}")
        explanation = f"\n####{_escape(wording.explanation)}" if wording.explanation else ""
        inner = _written(wording)
        parts.append(
            f"::{wording.question.key}:: {_escape(wording.text)} {{{inner}{explanation}\n}}"
        )
    return "\n\n".join(parts) + "\n"


def _escape(text: str) -> str:
    escaped = re.sub(r"([~=#{}:\\])", r"\\\1", text)
    return escaped.replace("\r", "").replace("\n", "\\n")


def _written(wording: QuestionVersion) -> str:
    choices = wording.choices
    kind = QuestionKind(wording.kind)
    if kind == QuestionKind.REFLECTION:
        return ""
    if kind == QuestionKind.ORDERING:
        return ">ALL\n" + "\n".join(_escape(choice["text"]) for choice in choices)
    if kind == QuestionKind.TRUE_FALSE and tuple(c["text"] for c in choices) == TRUE_FALSE:
        said = {choice["correct"]: _escape(choice["feedback"]) for choice in choices}
        return f"{'TRUE' if choices[0]['correct'] else 'FALSE'}#{said[False]}#{said[True]}"
    right = sum(choice["correct"] for choice in choices)
    lines = []
    for choice in choices:
        text = _escape(choice["text"])
        if kind == QuestionKind.MATCHING:
            start = f"={text} -> {_escape(choice['match'])}"
        elif kind == QuestionKind.SHORT_ANSWER:
            start = f"={text}" if choice["correct"] else f"=%0%{text}"
        elif kind == QuestionKind.MULTIPLE:
            weight = round(100 / right, 5) if choice["correct"] else 0
            start = f"~%{weight:g}%{text}" if choice["correct"] else f"~{text}"
        else:
            start = f"={text}" if choice["correct"] else f"~{text}"
        lines.append(start + (f"#{_escape(choice['feedback'])}" if choice["feedback"] else ""))
    return "\n" + "\n".join(lines)
