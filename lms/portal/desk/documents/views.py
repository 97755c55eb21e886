"""An office's documents, their versions, and whose newest signature is under which one."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Max, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from courses.models import DocumentEdition, DocumentSignature
from lms.core.tables import csv_response
from lms.core.time import long_date, new_york_date
from lms.people.models import Person
from lms.portal.desk.access import desk_view, frame
from lms.portal.desk.overview import offices_of

PER_PAGE = 100


@dataclass(frozen=True)
class Signed:
    """Somebody's newest signature under a document."""

    name: str
    email: str
    number: int
    signed_on: date
    asked_again: bool

    @property
    def standing(self) -> str:
        """In words: signed, or asked for the newer version."""
        if self.asked_again:
            return _("Asked for the new version")
        return _("Signed")


def _editions(request: HttpRequest) -> "QuerySet[DocumentEdition]":
    """The newest version of each document of the reader's offices."""
    mine = DocumentEdition.objects.of_offices(offices_of(request.user))
    return mine.newest().select_related("training__owner")


def _newest_signatures(edition: DocumentEdition) -> "QuerySet[DocumentSignature]":
    """One a person: the newest one, those who are asked again first; one query."""
    everybody = DocumentSignature.objects.filter(
        edition__training=edition.training_id, edition__document=edition.document
    )
    back = Window(
        RowNumber(),
        partition_by=[Coalesce("enrolment__person__canonical_person", "enrolment__person")],
        order_by=[F("edition__number").desc(), F("id").desc()],
    )
    last = everybody.annotate(back=back).filter(back=1).values("pk")
    return (
        everybody.filter(pk__in=last)
        .select_related("edition", "enrolment__person__canonical_person")
        .order_by("edition__number", F("signed_at").desc())
    )


def _signed(signature: DocumentSignature, edition: DocumentEdition) -> Signed:
    person: Person = signature.enrolment.person.canonical
    return Signed(
        name=signature.name,
        email=person.email or "",
        number=signature.edition.number,
        signed_on=new_york_date(signature.signed_at),
        asked_again=signature.edition.number < edition.number,
    )


@require_safe
@desk_view
def documents(request: HttpRequest) -> HttpResponse:
    """Each document with how many have signed its newest version."""
    editions = list(
        _editions(request)
        .annotate(people=Count("signatures__enrolment__person", distinct=True))
        .order_by("title")
    )
    context = {"editions": editions, **frame("documents")}
    return render(request, "desk/documents/list.html", context)


@require_safe
@desk_view
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A document's versions, and who has signed which."""
    edition = get_object_or_404(_editions(request), pk=pk)
    versions = (
        DocumentEdition.objects.filter(training=edition.training, document=edition.document)
        .annotate(
            people=Count("signatures__enrolment__person", distinct=True),
            last=Max("signatures__signed_at"),
        )
        .order_by("-number")
    )
    signatures = _newest_signatures(edition)
    page = Paginator(signatures, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "edition": edition,
        "versions": versions,
        "page": page,
        "params": request.GET,
        "rows": [_signed(signature, edition) for signature in page],
        "waiting": signatures.filter(edition__number__lt=edition.number).count(),
        **frame("documents"),
    }
    return render(request, "desk/documents/document.html", context)


@require_safe
@desk_view
def signatures_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a table file."""
    edition = get_object_or_404(_editions(request), pk=pk)
    rows: list[list[Any]] = []
    for signature in _newest_signatures(edition):
        row = _signed(signature, edition)
        rows.append([row.name, row.email, row.number, long_date(row.signed_on), row.standing])
    header = [_("Name"), _("E-mail"), _("Version"), _("Signed on"), _("Standing")]
    return csv_response(rows, header=header, filename=f"signatures-{edition.pk}.csv")
