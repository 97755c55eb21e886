"""The credit a certificate states: what was planned, as far as the office has confirmed it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from lms.certificates.models import CertificateRevision
from lms.completions.models import Completion
from lms.trainings.accreditation import Book, read_book, statement
from lms.trainings.accrediting import find
from lms.trainings.models import Training
from lms.trainings.wording import credit_lines

Line = dict[str, Any]


def given_credit(completion: Completion, *, book: Book | None = None) -> list[Line]:
    """What a certificate issued now states; asks nothing where no credit was planned."""
    if not completion.credits:
        return []
    office = completion.training.owner_id
    return (book or read_book([office])).given(
        completion.credits,
        office=office,
        training=completion.training.key,
        day=completion.occurred_on,
    )


def with_kept(given: Sequence[Line], kept: Iterable[Line]) -> list[Line]:
    """What is given now, and what an earlier revision already stated and nothing replaces."""
    settled = {_place(line) for line in given}
    return [*given, *(line for line in kept if _place(line) not in settled)]


def _place(line: Line) -> tuple[str, str]:
    accreditor = find(str(line["accreditor"]))
    return accreditor.id if accreditor else str(line["accreditor"]), line.get("type", "")


def credit_papers(credit: Iterable[Line], *, office: str) -> list[str]:
    """What accreditors want stated besides the hours: their statement, numbers, the presenter.

    The statement is the accreditor's, in its own language.
    """
    found = []
    for line in credit:
        accreditor = find(str(line["accreditor"]))
        if accreditor is None or not line.get("provider_number"):
            continue
        said = {
            "statement": statement(line, office=office),
            "provider_number": _("Provider number %(number)s.")
            % {"number": line["provider_number"]},
            "approval_number": _("Approval number %(number)s.")
            % {"number": line.get("approval_number", "")},
            "presenter": _("Presented by %(presenter)s.")
            % {"presenter": line.get("presenter", "")},
        }
        found.append(
            " ".join(
                said[field]
                for field in ("statement", "provider_number", "approval_number", "presenter")
                if field in accreditor.certificate_fields
            )
        )
    return found


@dataclass(frozen=True)
class Change:
    """A certificate that would state other credit if it were issued again now."""

    completion: Completion
    name: str
    before: list[str]
    after: list[str]


def credit_changes(training: Training) -> list[Change]:
    """Whose certificates of `training` would state more or other credit if issued again; by name.

    Two queries. Revoked ones are left out, and credit that was stated stays stated.
    """
    newest = CertificateRevision.objects.filter(certificate__completion=OuterRef("pk"))
    rows = (
        with_certified(Completion.objects.standing().filter(training=training))
        .exclude(credits=[])
        .exclude(certified=None)  # type: ignore[misc]  # annotated
        .annotate(printed=Subquery(newest.order_by("-number").values("facts__name")[:1]))
        .select_related("training")
    )
    book = read_book([training.owner_id])
    found = []
    for row in rows:
        before = _certified(row) or []
        after = with_kept(given_credit(row, book=book), before)
        if after != before:
            said = credit_lines(before), credit_lines(after)
            found.append(Change(row, row.printed, *said))
    return sorted(found, key=lambda change: change.name.casefold())


def with_certified(completions: "QuerySet[Completion]") -> "QuerySet[Completion]":
    """Completions with the credit their certificate states, as `certified` (None without one)."""
    newest = CertificateRevision.objects.filter(certificate__completion=OuterRef("pk"))
    return completions.annotate(
        certified=Subquery(newest.order_by("-number").values("facts__credits")[:1])
    )


def credit_of(completions: Sequence[Completion]) -> dict[Any, list[Line]]:
    """By completion (of `with_certified`) the credit it gives: what its certificate states.

    Before the certificate is there, what it will state; at most one query.
    """
    waiting = [row for row in completions if _certified(row) is None and row.credits]
    book = read_book({row.training.owner_id for row in waiting}) if waiting else Book({})
    return {
        row.pk: given_credit(row, book=book) if _certified(row) is None else _certified(row) or []
        for row in completions
    }


def _certified(completion: Completion) -> list[Line] | None:
    return completion.certified  # type: ignore[attr-defined]  # annotated by with_certified
