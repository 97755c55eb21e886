"""Taking over a file: upload, columns, what it comes to, import, undo."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.completions.export_models import CompletionExport
from lms.completions.import_models import CompletionImport, ImportStatus, RowState
from lms.completions.importing import services
from lms.core.exceptions import Refused
from lms.core.tables import csv_response
from lms.core.time import new_york_date
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.people.reach import offices_of
from lms.portal.desk.records import rows
from lms.portal.desk.records.forms import ColumnsForm, UndoForm, UploadForm

# Seconds until the page of a file that is being worked on looks again.
ASK_AGAIN = 2


@require_safe
@desk_view
def overview(request: HttpRequest) -> HttpResponse:
    """The files taken over and sent, the newest first."""
    sent = CompletionExport.objects.filter(office__in=offices_of(request.user))
    context = {
        "imports": [
            {
                "batch": batch,
                "pill": rows.PILLS[ImportStatus(batch.status)],
                "day": new_york_date(batch.uploaded_at),
            }
            for batch in rows.imports_of(request.user)[:20]
        ],
        "exports": [
            {"export": export, "day": new_york_date(export.made_at)}
            for export in sent.select_related("office", "made_by")[:20]
        ],
        **frame("records"),
    }
    return render(request, "desk/records/overview.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def upload(request: HttpRequest) -> HttpResponse:
    """Choose a file; its columns come next, and nothing is imported."""
    form = UploadForm(posted(request), request.FILES or None, offices=offices_of(request.user))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            batch = services.upload(
                office=given["office"],
                system=given["system"],
                name=given["file"].name,
                content=given["file"].read(),
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("desk_records:columns", batch.pk)
    return render(request, "desk/records/upload.html", {"form": form, **frame("records")})


def found(request: HttpRequest, pk: int) -> CompletionImport:
    """The file, if it is one of the reader's offices'; else a 404."""
    return get_object_or_404(rows.imports_of(request.user), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Which column is what: as it was last time, or guessed; then every row is looked at."""
    batch = found(request, pk)
    form = ColumnsForm(posted(request), heading=batch.heading, mapping=batch.mapping)
    if request.method == "POST" and form.is_valid():
        try:
            services.choose_columns(batch=batch, mapping=form.mapping(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk_records:batch", pk)
    context = {"form": form, "batch": batch, **frame("records")}
    return render(request, "desk/records/columns.html", context)


@require_safe
@desk_view
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """What the file comes to: what is ready, what needs a hand, what is left out and why."""
    batch = found(request, pk)
    if batch.status == ImportStatus.UPLOADED:
        return redirect("desk_records:columns", pk)
    counts = rows.counts_of(batch)
    context: dict[str, Any] = {
        "batch": batch,
        "pill": rows.PILLS[ImportStatus(batch.status)],
        "counts": counts,
        "progress": rows.progress_in_words(batch),
        "troubled": rows.troubled(batch),
        "with_address": batch.rows.filter(state=RowState.NO_PERSON)
        .exclude(values__email="")
        .exists(),
        **frame("records"),
    }
    response = render(request, "desk/records/batch.html", context)
    if batch.is_working:
        response["Refresh"] = str(ASK_AGAIN)
    return response


def _do(request: HttpRequest, pk: int, act: Callable[[CompletionImport], Any]) -> HttpResponse:
    """Do it, or say why not; either way back to the file's page."""
    try:
        act(found(request, pk))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("desk_records:batch", pk)


@require_POST
@desk_view
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Import what is ready."""
    return _do(request, pk, lambda batch: services.start(batch=batch, actor=request.user))


@require_POST
@desk_view
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Look at all rows again; where asked, unknown people with an address get a record."""
    makes = request.POST.get("makes_people") == "yes"
    return _do(
        request,
        pk,
        lambda batch: services.check_again(batch=batch, makes_people=makes, actor=request.user),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask why, then take back all that the file brought."""
    batch = found(request, pk)
    form = UndoForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.undo(batch=batch, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk_records:batch", pk)
    imported = rows.counts_of(batch).imported
    context = {
        "form": form,
        "batch": batch,
        "what": ngettext(
            "%(count)d record will say that it no longer stands.",
            "%(count)d records will say that they no longer stand.",
            imported,
        )
        % {"count": imported},
        "back_url": reverse("desk_records:batch", args=[pk]),
        **frame("records"),
    }
    return render(request, "desk/records/undo.html", context)


@require_safe
@desk_view
def rows_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """Every row with what becomes of it and why, to mend the file by."""
    batch = found(request, pk)
    return csv_response(
        (rows.cells(row) for row in batch.rows.iterator(chunk_size=1000)),
        header=rows.header(),
        filename=f"{_('rows')}-{batch.pk}.csv",
    )
