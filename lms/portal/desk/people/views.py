"""Find a person, see their record with the office, enter a completion or a waiver, take it back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from courses.enums import EnrolmentStatus
from courses.models import Enrolment
from courses.selectors import prepare, where
from lms.completions import staff
from lms.completions.enums import SourceKind, StaffBasis
from lms.completions.models import Completion
from lms.core.bounces import bounce_of
from lms.core.exceptions import Refused
from lms.core.time import new_york_date, short_date
from lms.people.looks import at_the_desk, note_look
from lms.people.models import Person
from lms.people.redaction import is_privacy_officer
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.people.forms import WAIVED, EnterForm, TakeBackForm
from lms.portal.desk.people.joining import joined_into
from lms.portal.desk.people.reach import courses_of, find, may_see, record_of, trainings_to_enter


@require_safe
@desk_view
def search(request: HttpRequest) -> HttpResponse:
    """Somebody by name or address."""
    words = request.GET.get("q", "").strip()[:200]
    rows = [
        {"person": person, "url": url_about("person", person, _address(words))}
        for person in (find(request.user, words) if words else [])
    ]
    context = {
        **frame("people"),
        "words": words,
        "rows": rows,
        "redacts": is_privacy_officer(request.user),
    }
    return render(request, "desk/people/search.html", context)


def _address(words: str) -> str:
    return words if "@" in words else ""


def url_about(name: str, person: Person, address: str) -> str:
    """A page about the person, with the address they were found by."""
    path = reverse(f"desk_people:{name}", args=[person.pk])
    return f"{path}?{urlencode({'email': address})}" if address else path


def found_by(request: HttpRequest, pk: int) -> tuple[Person, str]:
    """The person, if the reader may see them, and the address they were found by; else a 404."""
    found = get_object_or_404(Person.objects.canonical(), pk=pk)
    address = request.GET.get("email", "").strip()
    if not may_see(request.user, found, address):
        raise Http404
    return found, address


@require_safe
@desk_view
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's record with the reader's offices, newest first."""
    found, address = found_by(request, pk)
    note_look(person=found, viewer=request.user, acting=at_the_desk(request.user))
    context = {
        **frame("people"),
        "person": found,
        "holds_url": url_about("holds", found, address),
        "bounce": bounce_of(found.email) if found.email else None,
        "rows": [_row(row) for row in record_of(request.user, found)],
        "courses": [_course(row) for row in prepare(courses_of(request.user, found))],
        "enter_url": url_about("enter", found, address),
        "joined": joined_into(found),
        "address": address,
        "names_url": url_about("names", found, address),
        "extra_time_url": reverse("desk_learning:extra_time", args=[pk])
        + (f"?{urlencode({'email': address})}" if address else ""),
    }
    return render(request, "desk/people/person.html", context)


def _course(enrolment: Enrolment) -> dict[str, Any]:
    """An online course: how the person stands with it, in the sentence they read themselves."""
    outline = where(enrolment)
    return {
        "enrolment": enrolment,
        "title": outline.title,
        "began": short_date(new_york_date(enrolment.started_at)),
        "standing": outline.not_yet or _("Completed"),
        "done": enrolment.status == EnrolmentStatus.COMPLETED,
    }


def _row(completion: Completion) -> dict[str, Any]:
    """A line of the record; of what was entered by hand also why, and the way to take it back."""
    entry = getattr(completion, "staff_entry", None)
    revocation = getattr(completion, "revocation", None)
    return {
        "completion": completion,
        "title": completion.training.title,
        "source": SourceKind(completion.source_kind).label,
        "day": short_date(completion.occurred_on),
        "entry": entry,
        "revocation": revocation,
        "may_take_back": revocation is None and completion.source_kind in staff.BY_HAND,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a completion or a waiver; it can be taken back on the person's page."""
    found, address = found_by(request, pk)
    form = EnterForm(posted(request), trainings=trainings_to_enter(request.user))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            staff.enter(
                person=found,
                training=given["training"],
                occurred_on=given["occurred_on"],
                basis=StaffBasis(given["basis"]),
                reason=given["reason"],
                waiver=given["what"] == WAIVED,
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("Entered, and it says so. You can take it back on this page.")
            )
            return redirect("desk_people:person", pk=pk)
    context = {
        **frame("people"),
        "person": found,
        "form": form,
        "back_url": url_about("person", found, address),
    }
    return render(request, "desk/people/enter.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view
def take_back(request: HttpRequest, pk: int, completion: UUID) -> HttpResponse:
    """Ask why, then take an entry back; it stays in the record as no longer counted."""
    found, _given = found_by(request, pk)
    row = get_object_or_404(
        record_of(request.user, found).filter(source_kind__in=staff.BY_HAND), pk=completion
    )
    form = TakeBackForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            staff.take_back(completion=row, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Taken back. It stays in the record as no longer counted."))
            return redirect("desk_people:person", pk=pk)
    context = {**frame("people"), "person": found, "form": form, "row": _row(row)}
    return render(request, "desk/people/take_back.html", context)
