"""The facts of a certificate: what is written down when it is issued, and how it reads later.

They are kept as data and as the sentences that were printed. Whoever reads in the certificate's own
language sees the printed sentences; in another language the same data is said anew.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.people.models import Organization
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Topic
from lms.trainings.wording import credit_lines, length_sentence

ENTERED, PART_WAIVED, PART_ENTERED = "entered", "part_waived", "part_entered"


@dataclass(frozen=True)
class Facts:
    """What one revision says. `occurred_on` and `issued_on` are New York days (ISO dates)."""

    code: str
    name: str
    title: str
    kind: str
    version: int
    occurred_on: str
    issued_on: str
    minutes: int
    length: str
    credits: list[dict[str, Any]]
    credit_lines: list[str]
    topics: list[dict[str, str]]
    language: str
    office: str
    office_email: str
    trial: bool
    # How it came to be recorded, where that must be said; empty for all that the site saw itself.
    came_by: str = ""
    # What accreditors want stated besides the hours; a line each for those of `credits` with any.
    credit_papers: list[str] = field(default_factory=list)

    @classmethod
    def load(cls, facts: dict[str, Any]) -> "Facts":
        """The facts of a stored snapshot; a key that is not there any more is left out."""
        known = cls.__dataclass_fields__
        return cls(**{key: value for key, value in facts.items() if key in known})

    def dump(self) -> dict[str, Any]:
        """The snapshot to store."""
        return asdict(self)

    @property
    def occurred(self) -> date:
        """The day it happened."""
        return date.fromisoformat(self.occurred_on)

    @property
    def issued(self) -> date:
        """The day it was issued."""
        return date.fromisoformat(self.issued_on)

    @property
    def kind_label(self) -> str:
        """The kind of training in the reader's language."""
        return str(TrainingKind(self.kind).label)

    @property
    def length_shown(self) -> str:
        """The sentence on length (and on there being no credit) in the reader's language."""
        if self._printed_language():
            return self.length
        return length_sentence(self.minutes, self.credits)

    @property
    def credit_shown(self) -> list[str]:
        """The credit, one line per accreditor, in the reader's language."""
        return self.credit_lines if self._printed_language() else credit_lines(self.credits)

    @property
    def note(self) -> str:
        """What is said of how it was recorded, in the reader's language; mostly nothing."""
        if self.came_by == ENTERED:
            return _("Entered by the office.")
        if self.came_by == PART_WAIVED:
            return _("A part of the plan was waived by the office.")
        if self.came_by == PART_ENTERED:
            return _("A part of the plan was entered by the office.")
        return ""

    def _printed_language(self) -> bool:
        return translation.get_language() == self.language


def facts_of(
    completion: Completion,
    *,
    credit: Sequence[dict[str, Any]],
    papers: Sequence[str],
    code: str,
    name: str,
    issued_on: date,
) -> Facts:
    """The facts of a completion as they are issued on a day, said in the completion's language.

    `credit` is what the certificate states (`credit.given_credit`), `papers` what goes with it.
    """
    spec = completion.version.spec
    owner: Organization = completion.training.owner
    language = printable_language(completion.language)
    names = dict(Topic.objects.filter(code__in=completion.topics).values_list("code", "name"))
    with translation.override(language):
        return Facts(
            code=code,
            name=name,
            title=spec["title"],
            kind=completion.training.kind,
            version=completion.version.number,
            occurred_on=completion.occurred_on.isoformat(),
            issued_on=issued_on.isoformat(),
            minutes=completion.minutes,
            length=length_sentence(completion.minutes, credit),
            credits=list(credit),
            credit_lines=credit_lines(credit),
            credit_papers=list(papers),
            topics=[{"code": topic, "name": names.get(topic, "")} for topic in completion.topics],
            language=language,
            office=owner.name,
            office_email=owner.contact_email,
            trial=settings.TRIAL,
            came_by=_came_by(completion),
        )


def _came_by(completion: Completion) -> str:
    """Whether somebody entered it, or waived or entered a part of it; a waiver is said first."""
    if completion.source_kind == SourceKind.STAFF_ENTRY:
        return ENTERED
    parts = (
        completion.evidence.get("parts", []) if completion.source_kind == SourceKind.PLAN else []
    )
    if any(part.get("waived") for part in parts):
        return PART_WAIVED
    return PART_ENTERED if any(part.get("entered") for part in parts) else ""


def printable_language(language: str) -> str:
    """The language if the site speaks it, else the main one."""
    return language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def document_title(facts: Facts) -> str:
    """What the document is called in a reader's window and in a list of files."""
    return _("Certificate of completion - %(title)s - %(name)s") % {
        "title": facts.title,
        "name": facts.name,
    }
