"""A person's record: every completion with its length, credit, reason and certificate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from lms.certificates.credit import Line, credit_of, with_certified
from lms.certificates.selectors import deserves_certificate
from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.core.prepared import Prepared, given_person
from lms.core.time import long_date, new_york_date
from lms.people.models import Person
from lms.trainings.wording import credit_lines, length_sentence, reported_hours

# How many My learning shows.
NEWEST = 5


@dataclass(frozen=True)
class RecordRow:
    """One completion as its person reads it. `code` is empty where there is no certificate yet."""

    completion: Completion
    title: str
    kind: str
    office: str
    occurred_on: date
    length: str
    credit: list[str]
    credit_given: list[Line]
    why: str
    code: str
    document_url: str
    public_url: str
    revoked_on: date | None

    @property
    def standing(self) -> str:
        """Empty for what stands."""
        if self.revoked_on is None:
            return ""
        return _("No longer stands since %(day)s") % {"day": long_date(self.revoked_on)}


def _completions(person: Person) -> "QuerySet[Completion]":
    return with_certified(Completion.objects.of(person)).select_related(
        "training__owner", "version", "revocation", "certificate"
    )


def rows(person: Person) -> list[RecordRow]:
    """The whole record, newest first, what no longer stands after all that does; one query."""
    return sorted(_rows(_completions(person)), key=lambda row: row.revoked_on is not None)


def parts(rows: Iterable[RecordRow]) -> tuple[list[RecordRow], list[RecordRow]]:
    """What stands, and what is no longer counted, each in the order it came."""
    rows = list(rows)
    return [row for row in rows if not row.standing], [row for row in rows if row.standing]


_newest = Prepared(
    lambda: _completions(given_person("person")).defer("version__spec")[: NEWEST + 1]
)


def newest_rows(person: Person) -> tuple[list[RecordRow], bool]:
    """The newest completions, and whether there are more; one query."""
    found = _rows(_newest(person=person))
    return found[:NEWEST], len(found) > NEWEST


def _rows(completions: Iterable[Completion]) -> list[RecordRow]:
    completions = list(completions)
    credit = credit_of(completions)
    return [_row(completion, credit[completion.pk]) for completion in completions]


def _row(completion: Completion, credit: list[Line]) -> RecordRow:
    revocation = getattr(completion, "revocation", None)
    certificate = getattr(completion, "certificate", None)
    document_url = public_url = ""
    if certificate:
        public_url = reverse("certificates:verified", args=[certificate.code_in_groups])
        if not revocation:
            document_url = reverse("certificates:document", args=[certificate.code_in_groups])
    elif deserves_certificate(completion):
        document_url = reverse("certificates:document_of_completion", args=[completion.pk])
    return RecordRow(
        completion=completion,
        title=completion.version.spec["title"],
        kind=_kind(completion),
        office=completion.training.owner.name,
        occurred_on=completion.occurred_on,
        length=_length(completion, credit),
        credit=credit_lines(credit),
        credit_given=credit,
        # The evidence of what was taken back is asserted nowhere any more.
        why="" if revocation else completion.evidence.get("why", ""),
        code=certificate.code_in_groups if certificate else "",
        document_url=document_url,
        public_url=public_url,
        revoked_on=new_york_date(revocation.revoked_at) if revocation else None,
    )


def _length(completion: Completion, credit: list[Line]) -> str:
    """How long it took; of what another system kept, what that reported."""
    if completion.source_kind == SourceKind.WAIVER:
        return ""
    reported = completion.evidence.get("reported")
    if reported is not None:
        return reported_hours(reported.get("hours", ""))
    return length_sentence(completion.minutes, credit)


def _kind(completion: Completion) -> str:
    """What it was; of records that came from elsewhere, that they did."""
    if completion.source_kind == SourceKind.IMPORT:
        return _("Imported record, hours as reported")
    if completion.source_kind == SourceKind.WAIVER:
        return _("Waived by the office: it need not be taken")
    if completion.source_kind == SourceKind.STAFF_ENTRY:
        return _("%(kind)s, entered by the office") % {
            "kind": completion.training.get_kind_display()
        }
    return completion.training.get_kind_display()


# The record as a table: the same columns on the page, on paper and in the file.
def header() -> list[str]:
    """The columns' names."""
    return [
        _("Training"),
        _("Kind"),
        _("Whose training"),
        _("Completed on"),
        _("Length"),
        _("Credit"),
        _("What it rests on"),
        _("Certificate"),
        _("Standing"),
    ]


def cells(row: RecordRow) -> list[str]:
    """A row of the file; the day as other programs sort it."""
    return [
        row.title,
        row.kind,
        row.office,
        row.occurred_on.isoformat(),
        row.length,
        "; ".join(row.credit),
        row.why or row.standing,
        row.code,
        row.standing,
    ]
