"""Moodle's XML for questions: reading it with reasons, and writing it.

Format: docs.moodle.org/en/Moodle_XML_format. A file with a document type is refused: it could name
other files or grow without end.
"""

from collections.abc import Iterable
from decimal import Decimal
from xml.etree import ElementTree as ET

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from django.utils.html import escape
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
from lms.core.exceptions import Refused


def read(text: str) -> list[Item]:
    """The questions of a file in their order; Refused for what is no Moodle XML."""
    # What the first line says of its encoding is settled: the text is decoded.
    body = text.strip()
    if body.startswith("<?xml"):
        body = body.partition("?>")[2].strip()
    try:
        quiz = fromstring(body, forbid_dtd=True)
    except DefusedXmlException as error:
        raise Refused(
            _("The file has a document type or entities of its own, which are not read."),
            code="doctype",
        ) from error
    except ET.ParseError as error:
        raise Refused(
            _("The file is no proper XML: %(error)s.") % {"error": error}, code="malformed"
        ) from error
    if quiz.tag != "quiz":
        raise Refused(_("The file is XML, but no question bank of Moodle's."), code="no_quiz")
    items: list[Item] = []
    objective = ""
    for node in quiz.iter("question"):
        if node.get("type") == "category":
            objective = _text(node, "category").split("/")[-1].strip()
            continue
        items.append(_item(node, len(items) + 1, objective))
    return items


def _text(node: ET.Element, path: str) -> str:
    return (node.findtext(f"{path}/text") or "").strip()


def _words(node: ET.Element, path: str, item: Item) -> str:
    """The text of a part, without markup where it is HTML."""
    part = node if path == "." else node.find(path)
    if part is None:
        return ""
    text = (part.findtext("text") or "").strip()
    marked = part.get("format", "html") == "html"
    return plain(text, item) if marked else text


def _item(node: ET.Element, place: int, objective: str) -> Item:
    item = Item(place=_("Question %(number)s") % {"number": place}, objective=objective)
    item.name = (node.findtext("idnumber") or "").strip() or _text(node, "name")
    item.text = _words(node, "questiontext", item)
    item.explanation = _words(node, "generalfeedback", item)
    if node.find("questiontext/file") is not None:
        item.note(_("Its picture is not taken over; add it in the editor."))
    kind = node.get("type", "")
    if kind not in _READ:
        item.refusal = _("“%(kind)s” is no kind of question here.") % {"kind": kind or "?"}
    elif not item.text:
        item.refusal = _("It has no words that ask anything.")
    else:
        _READ[kind](node, item)
    return item


def _answered(node: ET.Element, item: Item) -> list[Decimal]:
    """The answers with their weights; none where a weight cannot be read."""
    weights = []
    for answer in node.findall("answer"):
        weight = number(answer.get("fraction", ""))
        if weight is None:
            item.refusal = _("One of its weights is no number.")
            return []
        item.choices.append(
            {"text": _words(answer, ".", item), "feedback": _words(answer, "feedback", item)}
        )
        weights.append(weight)
    return weights


def _multichoice(node: ET.Element, item: Item) -> None:
    weights = _answered(node, item)
    if item.refusal:
        return
    settle_weights(item, weights)
    if (node.findtext("single") or "").strip() in ("false", "0") and not item.refusal:
        item.kind = QuestionKind.MULTIPLE


def _truefalse(node: ET.Element, item: Item) -> None:
    weights = _answered(node, item)
    if item.refusal:
        return
    said = {
        choice["text"].casefold(): (weight == 100, choice["feedback"])
        for choice, weight in zip(item.choices, weights, strict=True)
    }
    item.kind = QuestionKind.TRUE_FALSE
    item.choices = [
        {"text": text, "correct": right, "feedback": feedback}
        for text in TRUE_FALSE
        for right, feedback in [said.get(text.casefold(), (False, ""))]
    ]


def _shortanswer(node: ET.Element, item: Item) -> None:
    weights = _answered(node, item)
    if item.refusal:
        return
    item.kind = QuestionKind.SHORT_ANSWER
    for choice, weight in zip(item.choices, weights, strict=True):
        choice["correct"] = weight > 0
    refuse_partial_forms(item, weights)
    if (node.findtext("usecase") or "").strip() == "1":
        item.note(_("Capital letters counted there; here they do not."))


def _matching(node: ET.Element, item: Item) -> None:
    item.kind = QuestionKind.MATCHING
    item.choices = [
        {
            "text": _words(pair, ".", item),
            "match": _text(pair, "answer"),
            "feedback": _words(pair, "feedback", item),
        }
        for pair in node.findall("subquestion")
    ]


def _ordering(node: ET.Element, item: Item) -> None:
    item.kind = QuestionKind.ORDERING
    item.choices = [
        {
            "text": _words(answer, ".", item),
            "correct": True,
            "feedback": _words(answer, "feedback", item),
        }
        for answer in node.findall("answer")
    ]


def _essay(node: ET.Element, item: Item) -> None:
    item.kind = QuestionKind.REFLECTION
    item.note(_("An essay becomes a reflection: it is never scored or sent."))


_READ = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
}
_NAMES = {
    QuestionKind.SINGLE: "multichoice",
    QuestionKind.MULTIPLE: "multichoice",
    QuestionKind.TRUE_FALSE: "truefalse",
    QuestionKind.SHORT_ANSWER: "shortanswer",
    QuestionKind.MATCHING: "matching",
    QuestionKind.ORDERING: "ordering",
    QuestionKind.REFLECTION: "essay",
}


def write(wordings: Iterable[QuestionVersion]) -> str:
    """The wordings as a file; pictures and topics stay here. Objectives become categories."""
    quiz = ET.Element("quiz")
    objective = None
    for wording in sorted(wordings, key=lambda row: (row.question.objective, row.question.key)):
        if wording.question.objective != objective:
            objective = wording.question.objective
            category = ET.SubElement(quiz, "question", type="category")
            _put(category, "category", f"$course$/top/{objective}", form="")
        _write(quiz, wording)
    ET.indent(quiz)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(quiz, encoding="unicode") + "\n"


def _put(node: ET.Element, name: str, text: str, *, form: str = "html") -> ET.Element:
    part = ET.SubElement(node, name, {"format": form} if form else {})
    ET.SubElement(part, "text").text = (
        str(escape(text)).replace("\n", "<br>") if form == "html" else text
    )
    return part


def _write(quiz: ET.Element, wording: QuestionVersion) -> None:
    kind = QuestionKind(wording.kind)
    name = _NAMES[kind]
    if kind == QuestionKind.TRUE_FALSE and tuple(c["text"] for c in wording.choices) != TRUE_FALSE:
        name = "multichoice"
    node = ET.SubElement(quiz, "question", type=name)
    _put(node, "name", wording.question.key, form="")
    _put(node, "questiontext", wording.text)
    _put(node, "generalfeedback", wording.explanation)
    ET.SubElement(node, "idnumber").text = wording.question.key
    if name == "multichoice":
        ET.SubElement(node, "single").text = str(kind != QuestionKind.MULTIPLE).lower()
    if kind == QuestionKind.SHORT_ANSWER:
        ET.SubElement(node, "usecase").text = "0"
    right = sum(choice["correct"] for choice in wording.choices) or 1
    share = 100 if kind != QuestionKind.MULTIPLE else round(100 / right, 5)
    for choice in wording.choices:
        # Words of lines and forms are plain in Moodle, those of choices are HTML.
        form = "moodle_auto_format" if kind == QuestionKind.SHORT_ANSWER else "html"
        if kind == QuestionKind.MATCHING:
            part = _put(node, "subquestion", choice["text"])
            _put(part, "answer", choice["match"], form="")
        else:
            part = _put(node, "answer", choice["text"], form=form)
            part.set("fraction", f"{share if choice['correct'] else 0:g}")
        if choice["feedback"]:
            _put(part, "feedback", choice["feedback"])
