"""A question as a file has it: what it becomes here, what is lost, or why it cannot be taken."""

import hashlib
import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.html import strip_tags
from django.utils.text import slugify
from django.utils.translation import gettext as _

from courses.enums import QuestionKind
from lms.core.exceptions import Refused

# More than a bank of thousands of questions; larger files are something else.
MAX_BYTES = 5 * 1024 * 1024
TRUE_FALSE = ("True", "False")


@dataclass
class Item:
    """One question of a file.

    `place` says where it stands (a line, or which question it is); `notes` what is not kept;
    `refusal` why it cannot be taken, empty where it can.
    """

    place: str
    name: str = ""
    text: str = ""
    kind: QuestionKind | None = None
    choices: list[dict[str, Any]] = field(default_factory=list)
    explanation: str = ""
    objective: str = ""
    notes: list[str] = field(default_factory=list)
    refusal: str = ""

    @property
    def key(self) -> str:
        """Under which the bank keeps it: its name, else its words; the same file, the same keys."""
        named = slugify(self.name)[:80].strip("-")
        return named or "q-" + hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def decode(data: bytes) -> str:
    """The text of a file in UTF-8 or, with its mark, UTF-16; Refused for anything else."""
    if len(data) > MAX_BYTES:
        raise Refused(
            _("The file is larger than 5 MB. Export fewer questions at a time."), code="too_large"
        )
    if not data.strip():
        raise Refused(_("The file is empty."), code="empty")
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused(
            _("The file is not in UTF-8. Save it again as UTF-8 and try again."), code="encoding"
        ) from error
    if "\x00" in text:
        raise Refused(_("The file is not a text file."), code="not_text")
    return text


def plain(html: str, item: Item) -> str:
    """Words without markup; says so where markup is lost."""
    if "<img" in html.lower() or "@@PLUGINFILE@@" in html:
        item.note(_("Its picture is not taken over; add it in the editor."))
    broken = re.sub(r"</(p|div|li)>|<br\s*/?>", "\n", html, flags=re.IGNORECASE)
    text = strip_tags(broken)
    if re.search(r"<(?!/?(p|br|div|span)\b)[a-z]", html, flags=re.IGNORECASE):
        item.note(_("Its formatting is not kept."))
    for name, letter in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"')):
        text = text.replace(name, letter)
    text = text.replace("&#39;", "'").replace("&amp;", "&")
    return re.sub(r"[ \t]*\n\s*", "\n", text).strip()


def settle_weights(item: Item, weights: list[Decimal]) -> None:
    """Kind and right answers from percentages, where each right answer weighs the same."""
    right = [weight for weight in weights if weight > 0]
    for choice, weight in zip(item.choices, weights, strict=True):
        choice["correct"] = weight > 0
    least, most = min(right, default=Decimal(0)), max(right, default=Decimal(0))
    shared = bool(right) and most - least < 1
    if right == [Decimal(100)]:
        item.kind = QuestionKind.SINGLE
    elif shared and (abs(sum(right, Decimal(-100))) < 1 or least == 100):
        item.kind = QuestionKind.MULTIPLE
    else:
        item.refusal = _(
            "Its answers weigh differently; here each right answer counts the same. "
            "Give them equal weights."
        )
    if any(weight < 0 for weight in weights):
        item.note(
            _("What a wrong tick takes away is said by the test's rule, not by the question.")
        )


def refuse_partial_forms(item: Item, weights: list[Decimal]) -> None:
    """Short answers are right or wrong, and have no wildcards."""
    if any(weight not in (0, 100) for weight in weights):
        item.refusal = _("A form earns a part of the point; here a form is right or wrong.")
    elif any("*" in choice["text"] for choice in item.choices):
        item.refusal = _("A form has the wildcard *; list each accepted form instead.")


def number(text: str) -> Decimal | None:
    """A percentage; None for something else."""
    return Decimal(text) if re.fullmatch(r"-?\d{1,3}(\.\d{1,6})?", text) else None
