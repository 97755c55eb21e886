"""A list of employees: handed in, looked at, taken over, undone."""

import json
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.compliance.rules import get_rule
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.models import Organization
from lms.people.roster import services
from lms.people.roster.columns import missing
from lms.people.roster.days import DAY_FIRST, MONTH_FIRST, order_shown, read_day
from lms.people.roster.enums import RosterState, RowKind
from lms.people.roster.rows import day_texts
from lms.people.roster.services.apply import ends_many
from lms.people.roster.services.intake import facilities_of
from lms.people.roster_models import RosterImport, RosterRow
from lms.portal.facilities.access import private, reader
from lms.portal.facilities.roster import sentences
from lms.portal.facilities.roster.access import page, roster_of, scope, url
from lms.portal.facilities.roster.forms import RowForm, UploadForm

PAGE_OF_ROWS = 50
PROBLEMS_SHOWN = 15
EARLIER_SHOWN = 10
LOOK_AGAIN_SECONDS = "2"


@require_http_methods(["GET", "HEAD", "POST"])
@private
def upload(request: HttpRequest, key: str, *, company: bool) -> HttpResponse:
    """Hand in a list; nothing is recorded by it. Below, the lists handed in before."""
    place = scope(request, key, company=company)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            found = services.import_roster(
                organization=place,
                content=file.read(),
                name=file.name,
                is_complete=form.cleaned_data["is_complete"] == "yes",
                left_on=form.cleaned_data["left_on"],
                past_since=get_rule().kept_since(new_york_today()),
                language=get_language() or "en",
                actor=reader(request),
            )
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            return redirect(url(place, "roster_list", found.pk))
    earlier = RosterImport.objects.filter(organization=place).select_related("uploaded_by")
    rows = [
        {"roster": found, "url": url(place, "roster_list", found.pk), "pill": _pill(found.state)}
        for found in earlier[:EARLIER_SHOWN]
    ]
    return render(request, "facilities/roster/upload.html", page(place, form=form, earlier=rows))


def _pill(state: str) -> str:
    looks = {RosterState.APPLIED: "ok", RosterState.READY: "soon", RosterState.FAILED: "overdue"}
    return looks.get(RosterState(state), "neutral")


@require_safe
@private
def roster(request: HttpRequest, key: str, pk: int, *, company: bool) -> HttpResponse:
    """What the list comes to, before and after it is taken over."""
    place = scope(request, key, company=company)
    found = roster_of(place, pk)
    if found.is_working:
        response = render(request, "facilities/roster/working.html", page(place, found))
        response["Refresh"] = LOOK_AGAIN_SECONDS
        return response
    if found.state == RosterState.READY:
        return render(request, "facilities/roster/look.html", _looked_at(request, place, found))
    undo_until = found.applied_at + services.UNDO_WITHIN if found.applied_at else None
    context = page(
        place,
        found,
        numbers=_numbers(found),
        undo_until=undo_until,
        can_undo=found.state == RosterState.APPLIED
        and undo_until is not None
        and timezone.now() < undo_until,
        left_out=found.counts.get(RowKind.PROBLEM, 0),
    )
    return render(request, "facilities/roster/done.html", context)


def _looked_at(request: HttpRequest, place: Organization, found: RosterImport) -> dict[str, Any]:
    facilities = {facility.pk: facility for facility in facilities_of(place)}
    problems = [row for row in found.rows.filter(kind=RowKind.PROBLEM) if _asks_itself(row)]
    lacking = missing(found.columns)
    doing = sum(found.counts.get(kind, 0) for kind in RowKind.doing())
    shown = request.GET.get("show", "")
    kinds = [kind for kind in _TABS if found.counts.get(kind)]
    kind = RowKind(shown) if shown in kinds else (kinds[0] if kinds else None)
    rows = found.rows.filter(kind=kind) if kind else found.rows.none()
    listed = Paginator(rows, PAGE_OF_ROWS).get_page(request.GET.get("page"))
    return page(
        place,
        found,
        lacking=[column.label for column in lacking],
        numbers=_numbers(found),
        problem_count=found.counts.get(RowKind.PROBLEM, 0),
        problems=[] if lacking else [
            _problem(row, place, list(facilities.values()))
            for row in problems[:PROBLEMS_SHOWN]
        ],
        problems_shown=PROBLEMS_SHOWN,
        problems_alone=len(problems),
        waiting=found.counts.get(RowKind.PROBLEM, 0) - len(problems),
        days=_day_question(found),
        title_questions=sum(1 for said in found.titles.values() if _unanswered(said)),
        unsure_reasons=_count_reasons(found),
        doing=doing,
        tabs=[
            {"label": name.label, "url": f"?show={name.value}#rows", "current": name == kind,
             "count": found.counts[name]}
            for name in kinds
        ],
        kind=kind,
        listed=listed,
        rows=[_line(row, place, facilities) for row in listed],
        seen=json.dumps(found.counts, sort_keys=True),
        many_leavers=ends_many(found),
        blocked=found.is_complete and found.counts.get(RowKind.PROBLEM, 0),
        today=new_york_today(),
    )  # fmt: skip


_TABS = [RowKind.JOINER, RowKind.REHIRE, RowKind.CHANGE, RowKind.LEAVER, RowKind.PAST,
         RowKind.SAME, RowKind.SKIPPED]  # fmt: skip


def _numbers(found: RosterImport) -> list[dict[str, Any]]:
    counts = found.counts
    labels = [
        (RowKind.JOINER, _("new"), ""),
        (RowKind.REHIRE, _("back again"), ""),
        (RowKind.CHANGE, _("changed"), ""),
        (RowKind.LEAVER, _("left"), ""),
        (RowKind.PAST, _("left within the last year"), ""),
        (RowKind.SAME, _("unchanged"), "neutral"),
        (RowKind.SKIPPED, _("not taken over"), "neutral"),
        (RowKind.PROBLEM, _("need a look"), "soon"),
    ]
    return [
        {"number": counts[kind], "label": label, "kind": look}
        for kind, label, look in labels
        if counts.get(kind)
    ]


def _unanswered(said: dict[str, Any]) -> bool:
    return bool(said["ask"]) and said["contact"] is None and not said["reason"]


def _count_reasons(found: RosterImport) -> int:
    """How many rows lack the reason why somebody does not meet guests."""
    return found.rows.filter(problems__contains=[{"code": "no_reason"}]).count()


def _day_question(found: RosterImport) -> dict[str, Any] | None:
    """Whether 03/04 is in March or April: asked once, with what the list itself shows."""
    doubtful = found.rows.filter(problems__contains=[{"code": "day_ambiguous"}])
    count = doubtful.count()
    if not count:
        return None
    first = next(
        problem["text"]
        for row in doubtful[:1]
        for problem in row.problems
        if problem["code"] == "day_ambiguous"
    )
    shown = order_shown(day_texts(found.columns, list(found.rows.values_list("cells", flat=True))))
    hint = ""
    if shown == {MONTH_FIRST}:
        hint = _("Other days in this list can only have the month first.")
    elif shown == {DAY_FIRST}:
        hint = _("Other days in this list can only have the day first.")
    elif shown:
        hint = _("Other days in this list are written in both ways, so look closely.")
    return {"count": count, "text": first, "hint": hint, "options": _options(first)}


def _options(text: str) -> list[dict[str, str]]:
    return [
        {"value": order, "label": sentences.day(str(read_day(text, order).day))}
        for order in (MONTH_FIRST, DAY_FIRST)
    ]


def _asks_itself(row: RosterRow) -> bool:
    """Whether a row asks something that no answer for the whole list settles."""
    return any(problem["code"] not in _ASKED_ONCE for problem in row.problems)


_ASKED_ONCE = {"day_ambiguous", "no_reason"}


def _problem(row: RosterRow, place: Organization, facilities: list[Organization]) -> dict[str, Any]:
    form = RowForm(row=row, facilities=facilities)
    return {
        "row": row,
        "name": _name(row),
        "line": sentences.line_of(row.values, {}, None),
        "sentences": [sentences.problem(problem) for problem in row.problems],
        "form": form,
        "url": url(place, "roster_row", row.roster_id, row.pk),
    }


def _name(row: RosterRow) -> str:
    values = row.values
    name = f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
    return name or next((cell for cell in row.cells if cell), "")


def _line(row: RosterRow, place: Organization, facilities: dict[int, Any]) -> dict[str, Any]:
    return {
        "row": row,
        "name": _name(row),
        "number": row.values.get("number", ""),
        "line": sentences.line_of(row.values, facilities, row.facility_id),
        "changes": sentences.changes(row.changes),
        "notes": [sentences.note(note) for note in row.notes],
        "url": url(place, "roster_row", row.roster_id, row.pk),
    }


@require_POST
@private
def confirm(request: HttpRequest, key: str, pk: int, *, company: bool) -> HttpResponse:
    """Take over what the page showed; a worker does it."""
    place = scope(request, key, company=company)
    found = roster_of(place, pk)
    try:
        services.confirm_roster(
            roster=found,
            seen=_seen(request.POST.get("seen", "")),
            leavers_checked=request.POST.get("leavers_checked") == "on",
            actor=reader(request),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(url(place, "roster_list", pk))


def _seen(text: str) -> dict[str, int]:
    try:
        seen = json.loads(text)
    except ValueError:
        return {}
    return seen if isinstance(seen, dict) else {}


@require_POST
@private
def undo(request: HttpRequest, key: str, pk: int, *, company: bool) -> HttpResponse:
    """Take back a whole list within a day."""
    place = scope(request, key, company=company)
    try:
        services.undo_roster(roster=roster_of(place, pk), actor=reader(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Undone: the employees are as they were before the list."))
    return redirect(url(place, "roster_list", pk))


@require_POST
@private
def drop(request: HttpRequest, key: str, pk: int, *, company: bool) -> HttpResponse:
    """Set a list aside; its rows are forgotten."""
    place = scope(request, key, company=company)
    services.drop_roster(roster=roster_of(place, pk), actor=reader(request))
    messages.success(request, _("Set aside. Nothing was recorded, and its rows are forgotten."))
    return redirect(url(place, "roster"))
