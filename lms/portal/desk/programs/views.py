"""The outside programs that count: coordinators read the list, the state's office keeps it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance.enums import Basis
from lms.compliance.models import ProgramApproval
from lms.compliance.proofs import programs as services
from lms.compliance.proofs.selectors import ListedProgram, office_programs
from lms.compliance.rules import get_rule
from lms.core.exceptions import Refused
from lms.core.time import new_york_date, new_york_today
from lms.people.models import Organization
from lms.people.state_office import coordinated_state_offices
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.programs.forms import ABOUT, ProgramForm, WithdrawForm, filled_from


@require_safe
@desk_view
def programs(request: HttpRequest) -> HttpResponse:
    """All programs, withdrawn ones last; the state's office can add, change and withdraw."""
    rows = [_shown(row) for row in office_programs(Organization.objects.offices())]
    keeps = coordinated_state_offices(request.user).exists()
    context = {"rows": rows, "keeps": keeps, **frame("programs")}
    return render(request, "desk/programs/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def new(request: HttpRequest) -> HttpResponse:
    """Add a program; facilities can record scans of it at once."""
    offices = _offices(request)
    form = ProgramForm(
        posted(request), offices=offices, initial={"basis": Basis.STATE_LISTED, "languages": ["en"]}
    )

    def add() -> None:
        office = form.cleaned_data["office"] if "office" in form.fields else offices[0]
        services.add_program(office=office, said=form.said(), actor=request.user)

    if _done(form, add):
        messages.success(request, _("Added. Facilities can record scans of it now."))
        return redirect("desk_programs:list")
    return render(request, "desk/programs/new.html", {"form": form, **frame("programs")})


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def program(request: HttpRequest, pk: int) -> HttpResponse:
    """One program: what it says, what was said before, and saying something else."""
    found = _found(request, pk)
    form = ProgramForm(posted(request), initial=filled_from(found))

    def change() -> None:
        services.change_program(
            training=found.version.training, said=form.said(), actor=request.user
        )

    if _done(form, change):
        messages.success(request, _("Saved. Scans recorded before keep what was said then."))
        return redirect("desk_programs:program", pk=pk)
    context = {**_shown(found), "form": form, "history": _history(found), **frame("programs")}
    return render(request, "desk/programs/program.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask until when it counted and why no longer; then withdraw it."""
    found = _found(request, pk)
    initial = {
        "last_day": found.approval.last_day or new_york_today(),
        "reason": found.approval.ended_because,
    }
    form = WithdrawForm(posted(request), initial=initial)

    def take_back() -> None:
        services.withdraw_program(
            training=found.version.training, actor=request.user, **form.cleaned_data
        )

    if _done(form, take_back):
        messages.success(request, _("Withdrawn. Trainings through that day still count."))
        return redirect("desk_programs:program", pk=pk)
    context = {**_shown(found), "form": form, **frame("programs")}
    return render(request, "desk/programs/withdraw.html", context)


def _offices(request: HttpRequest) -> list[Organization]:
    """The offices that speak for the state and that the reader coordinates; a 404 without any."""
    found = list(coordinated_state_offices(request.user))
    if not found:
        raise Http404
    return found


def _found(request: HttpRequest, pk: int) -> ListedProgram:
    """The program, if the reader's office keeps it; else a 404.

    What an office entered that does not speak for the state, the state's office keeps too.
    """
    offices = _offices(request)
    for row in office_programs(Organization.objects.offices()):
        owner = row.version.training.owner
        if row.version.training_id == pk and (owner in offices or not owner.speaks_for_state):
            return row
    raise Http404


def _done(form: forms.Form, change: Callable[[], None]) -> bool:
    """Whether the form was posted, whole, and the change was made; else the form says why."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        change()
    except Refused as refusal:
        form.add_error(_field_of(form, refusal.code), str(refusal))
        return False
    return True


def _field_of(form: forms.Form, code: str) -> str | None:
    """The field a refusal is about; of two days the one that is still to come."""
    if code == "in_future":
        today = new_york_today()
        later = (name for name, said in form.cleaned_data.items() if name in _DAYS and said)
        return next((name for name in later if form.cleaned_data[name] > today), None)
    return ABOUT.get(code)


_DAYS = {"listed_on", "checked_on", "last_day"}


def _shown(row: ListedProgram) -> dict[str, Any]:
    """What templates show of a program."""
    names = dict(settings.ALL_LANGUAGES)
    topics = {topic.code: topic.name for topic in get_rule().topics}
    return {
        "program": row,
        "training": row.version.training,
        "basis": Basis(row.version.spec["approval"]["basis"]).label,
        "languages": ", ".join(names.get(code, code) for code in row.languages),
        "topics": [topics.get(code, code) for code in row.version.topics],
        "topic_codes": ", ".join(code.rpartition("-")[2] for code in row.version.topics),
        "is_whole": get_rule().topic_codes <= set(row.version.topics),
    }


def _history(row: ListedProgram) -> list[dict[str, Any]]:
    """What was said of it, the newest first: versions as they came into force, withdrawals."""
    training = row.version.training
    said: list[dict[str, Any]] = [
        {
            "at": kept.since,
            "number": kept.version.number,
            "who": kept.version.frozen_by,
            "reason": "",
        }
        for kept in training.in_force.select_related("version__frozen_by")
    ]
    said += [
        {
            "at": kept.recorded_at,
            "number": None,
            "who": kept.recorded_by,
            "reason": kept.reason,
            "last_day": kept.last_day,
            "words": kept.get_basis_display(),
        }
        for kept in ProgramApproval.objects.filter(training=training).select_related("recorded_by")
    ]
    said.sort(key=lambda kept: kept["at"], reverse=True)
    return [{**kept, "day": new_york_date(kept["at"])} for kept in said]
