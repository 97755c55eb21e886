"""Subscribers from a table: the file, its columns with what each row comes to, then taken over."""

from collections import Counter

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from events import services
from events.mailing_models import MailingImport
from events.services import mailing_imports
from events.services.mailing_imports import ImportedRow, RowOutcome
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.mailing.forms import ColumnsForm, TableForm
from lms.portal.desk.mailing.views import managed_list

SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the file; nobody is subscribed by it yet."""
    found = managed_list(request, pk)
    form = TableForm(posted(request), request.FILES or None)
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            imported = services.begin_import(
                mailing_list=found, content=file.read(), name=file.name, actor=request.user
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect("desk_mailing:import_look", pk=pk, imported=imported.pk)
    context = {**frame("mailing"), "list": found, "form": form}
    return render(request, "desk/mailing/import.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def look(request: HttpRequest, pk: int, imported: int) -> HttpResponse:
    """Which column is what, what comes of each row, and taking it over."""
    found = managed_list(request, pk)
    file = get_object_or_404(found.imports.exclude(rows=[]), pk=imported)
    heading = file.rows[0][1]
    chosen = {name: str(place) for name, place in file.columns.items()}
    form = ColumnsForm(posted(request), heading=heading, initial=chosen)
    if form.is_valid():
        try:
            services.choose_columns(imported=file, columns=form.columns())
            if request.POST.get("step") == "save":
                return _save(request, pk, file)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("desk_mailing:import_look", pk=pk, imported=imported)
    rows = mailing_imports.look(file) if "email" in file.columns else []
    counts = Counter(row.outcome for row in rows)
    # What somebody has to look at comes first.
    first = sorted(rows, key=lambda row: row.outcome == RowOutcome.NEW and not row.note)
    context = {
        **frame("mailing"),
        "list": found,
        "file": file,
        "form": form,
        "rows": [(row, _kind(row)) for row in first[:SHOWN]],
        "more": max(0, len(rows) - SHOWN),
        "counts": [(outcome.label, counts[outcome]) for outcome in RowOutcome if counts[outcome]],
        "able": counts[RowOutcome.NEW],
    }
    return render(request, "desk/mailing/import_look.html", context)


def _kind(row: ImportedRow) -> str:
    return {RowOutcome.NEW: "ok", RowOutcome.WRONG: "overdue"}.get(row.outcome, "neutral")


def _save(request: HttpRequest, pk: int, file: MailingImport) -> HttpResponse:
    counts = services.finish_import(imported=file, actor=request.user)  # type: ignore[arg-type]
    new = counts[RowOutcome.NEW]
    said = ngettext("%(count)s address was added.", "%(count)s addresses were added.", new) % {
        "count": new
    }
    left = sum(counts.values()) - new
    if left:
        said += " " + ngettext(
            "%(count)s row was left out.", "%(count)s rows were left out.", left
        ) % {"count": left}
    messages.success(request, said if new else _("Everything was there already; nothing changed."))
    return redirect("desk_mailing:list", pk=pk)
