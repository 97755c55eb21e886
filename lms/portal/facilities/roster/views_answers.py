"""What is asked about a list: its columns, its job titles, its days, and single rows."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.core.exceptions import Refused
from lms.people.fields import fold
from lms.people.roster import services
from lms.people.roster.enums import RosterState
from lms.people.roster.services.intake import facilities_of
from lms.people.roster_models import RosterRow
from lms.portal.facilities.access import private, reader
from lms.portal.facilities.roster import sentences
from lms.portal.facilities.roster.access import page, roster_of, scope, url
from lms.portal.facilities.roster.forms import ColumnsForm, RowForm, SettingsForm, TitleForm

SAMPLES = 30


@require_http_methods(["GET", "HEAD", "POST"])
@private
def columns(request: HttpRequest, key: str, pk: int, *, company: bool) -> HttpResponse:
    """Which column holds what, with the first cells of each."""
    place = scope(request, key, company=company)
    found = roster_of(place, pk)
    if found.state != RosterState.READY:
        return redirect(url(place, "roster_list", pk))
    samples = list(found.rows.filter(line__isnull=False).values_list("cells", flat=True)[:SAMPLES])
    form = ColumnsForm(request.POST or None, roster=found, samples=samples)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_questions(roster=found, columns=form.columns, actor=reader(request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The columns are read anew, and remembered."))
            return redirect(url(place, "roster_list", pk))
    return render(request, "facilities/roster/columns.html", page(place, found, form=form))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def titles(request: HttpRequest, key: str, pk: int, *, company: bool) -> HttpResponse:
    """Which post each job title is, and why one does not meet guests; once for all its people."""
    place = scope(request, key, company=company)
    found = roster_of(place, pk)
    if found.state != RosterState.READY:
        return redirect(url(place, "roster_list", pk))
    said = sorted(found.titles.items(), key=lambda item: (not item[1]["ask"], -item[1]["count"]))
    forms = [
        (
            title,
            TitleForm(
                request.POST or None,
                prefix=f"title{place_in_list}",
                initial={
                    "post": answer["post"],
                    "contact": {True: "yes", False: "no"}.get(answer["contact"], ""),
                    "reason": answer["reason"],
                },
            ),
            answer,
        )
        for place_in_list, (title, answer) in enumerate(said)
    ]
    # A list, so that each form is asked and shows its own mistakes.
    valid = [form.is_valid() for _title, form, _answer in forms]
    if request.method == "POST" and all(valid):
        try:
            services.answer_questions(
                roster=found,
                titles={title: form.said for title, form, _answer in forms},
                actor=reader(request),
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved for all of them, and remembered."))
            return redirect(url(place, "roster_list", pk))
    rows = [{"label": answer["label"], "count": answer["count"], "ask": answer["ask"],
             "form": form} for _title, form, answer in forms]  # fmt: skip
    return render(
        request,
        "facilities/roster/titles.html",
        page(place, found, rows=rows, errors=any(form.errors for _title, form, _answer in forms)),
    )


@require_POST
@private
def answers(request: HttpRequest, key: str, pk: int, *, company: bool) -> HttpResponse:
    """The order of days, and whether the list is complete."""
    place = scope(request, key, company=company)
    form = SettingsForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        complete = {"yes": True, "no": False}.get(said["is_complete"])
        try:
            services.answer_questions(
                roster=roster_of(place, pk),
                day_order=said["day_order"] or None,
                is_complete=complete,
                left_on=said["left_on"],
                actor=reader(request),
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Saved. This is what the list comes to now."))
    else:
        messages.error(request, _("Choose one of the answers."))
    return redirect(url(place, "roster_list", pk))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def row(request: HttpRequest, key: str, pk: int, row: int, *, company: bool) -> HttpResponse:
    """Mend one row, or leave it out."""
    place = scope(request, key, company=company)
    found = roster_of(place, pk)
    line = get_object_or_404(RosterRow.objects.select_related("roster"), roster=found, pk=row)
    back = url(place, "roster_list", pk)
    if found.state != RosterState.READY:
        return redirect(back)
    facilities = facilities_of(place)
    form = RowForm(request.POST or None, row=line, facilities=facilities)
    leave_out = request.POST.get("leave_out")
    if request.method == "POST" and (leave_out or form.is_valid()):
        given = {"skip": True} if leave_out else form.given
        if "place" in given:
            given["place"] = fold(given["place"])
        try:
            mended = services.fix_row(row=line, given=given, actor=reader(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(back)
        if mended.problems:
            messages.warning(request, _("Saved, but: ") + sentences.problem(mended.problems[0]))
        else:
            messages.success(request, _("Left out.") if leave_out else _("Saved."))
        return redirect(f"{back}#problems" if found.counts.get("problem") else back)
    context = page(
        place,
        found,
        form=form,
        line=line,
        name=f"{line.values.get('first_name', '')} {line.values.get('last_name', '')}".strip(),
        problems=[sentences.problem(problem) for problem in line.problems],
        cells=[cell for cell in line.cells if cell],
        skipped=line.given.get("skip", False),
    )
    return render(request, "facilities/roster/row.html", context)
