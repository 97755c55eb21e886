"""An agency's people: the list, adding by list, one person, a leaving."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from courses.assignment_selectors import AssignmentStanding, of_agency, people_of
from courses.enums import AssignmentState
from lms.core.exceptions import Refused
from lms.core.time import long_date, new_york_today
from lms.people import people_list, services
from lms.people.fields import fold
from lms.people.looks import at_agency, note_look
from lms.people.models import Employment, Organization
from lms.people.people_list import Outcome
from lms.portal.agency.access import frame, own_agency, private, reader
from lms.portal.agency.forms import LeavingForm, PeopleListForm
from lms.portal.agency.tables import rows_for_page

PAGE_OF_PEOPLE = 100


@require_safe
@private
def people(request: HttpRequest, key: str) -> HttpResponse:
    """Everybody who works for the agency, with what is open for each."""
    agency, today = own_agency(request, key), new_york_today()
    words = request.GET.get("q", "").strip()
    everybody = list(people_of(agency, today))
    found = [row for row in everybody if _matches(row, words)]
    page = Paginator(found, PAGE_OF_PEOPLE).get_page(request.GET.get("page"))
    by_person: dict[int, list[AssignmentStanding]] = {}
    for line in of_agency(agency, today):
        by_person.setdefault(line.person.pk, []).append(line)
    rows = [
        {
            "employment": row,
            "person": row.person.canonical,
            **_counts(by_person.get(row.person.canonical.pk, [])),
        }
        for row in page
    ]
    context = frame(
        request, agency, rows=rows, page=page, words=words, total=len(everybody), today=today
    )
    return render(request, "agency/people.html", context)


def _matches(row: Employment, words: str) -> bool:
    """Whether name or address contain each of the words, accents and case aside."""
    text = f"{row.person.search_name} {row.person.email or ''}"
    return all(word in text for word in fold(words).split())


def _counts(lines: list[AssignmentStanding]) -> dict[str, int]:
    return {
        "open": sum(not line.is_done for line in lines),
        "overdue": sum(line.state == AssignmentState.OVERDUE for line in lines),
        "done": sum(line.is_done for line in lines),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@private
def add(request: HttpRequest, key: str) -> HttpResponse:
    """A list of people: first what would come of each line, then adding them."""
    agency = own_agency(request, key)
    form = PeopleListForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid() or request.POST.get("step") == "change":
        return render(request, "agency/add.html", frame(request, agency, form=form))
    adding = request.POST.get("step") == "add"
    lines = people_list.add(
        organization=agency,
        lines=form.cleaned_data["lines"],
        dry_run=not adding,
        actor=reader(request),
    )
    added = [line for line in lines if line.outcome == Outcome.ADDED]
    wrong = [line for line in lines if line.outcome == Outcome.WRONG]
    if adding and not wrong:
        words = ngettext(
            "%(count)s person was added and told by mail.",
            "%(count)s people were added and told by mail.",
            len(added),
        )
        messages.success(request, words % {"count": len(added)})
        return redirect("agency:people", key=key)
    context = frame(
        request,
        agency,
        lines=sorted(lines, key=lambda line: line.outcome != Outcome.WRONG),
        added=len(added),
        wrong=len(wrong),
        known=len(lines) - len(added) - len(wrong),
        text=form.cleaned_data["text"],
        was_added=adding,
    )
    return render(request, "agency/add_preview.html", context)


def _employment(agency: Organization, pk: int) -> Employment:
    """An employment with the agency; else a 404."""
    found: Employment = get_object_or_404(
        Employment.objects.select_related("person__canonical_person", "organization"),
        organization=agency,
        pk=pk,
    )
    return found


@require_safe
@private
def person(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """One person: what is asked of them and where it stands. Done and date, nothing else."""
    agency, today = own_agency(request, key), new_york_today()
    employment = _employment(agency, pk)
    mine = employment.person.canonical
    note_look(person=mine, viewer=reader(request), acting=at_agency(reader(request), agency))
    lines = [line for line in of_agency(agency, today) if line.person.pk == mine.pk]
    context = frame(
        request,
        agency,
        employment=employment,
        person=mine,
        rows=rows_for_page(lines),
        has_left=employment.ended_on is not None and employment.ended_on < today,
    )
    return render(request, "agency/person.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def leaving(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The last day of work: from then on nothing is asked of the person here."""
    agency = own_agency(request, key)
    employment = _employment(agency, pk)
    form = LeavingForm(request.POST or None, initial={"ended_on": new_york_today()})
    if request.method == "POST" and form.is_valid():
        try:
            services.end_employment(
                employment=employment, actor=reader(request), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error("ended_on", str(refusal))
        else:
            messages.success(
                request,
                _("Recorded: last day %(day)s. You can take it back on this page.")
                % {"day": long_date(form.cleaned_data["ended_on"])},
            )
            return redirect("agency:person", key=key, pk=pk)
    context = frame(request, agency, form=form, employment=employment)
    return render(request, "agency/leaving.html", context)


@require_POST
@private
def undo_leaving(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take back that somebody left; what was asked of them is asked again."""
    agency = own_agency(request, key)
    employment = _employment(agency, pk)
    try:
        services.undo_end_employment(employment=employment, actor=reader(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request,
            _("Taken back: %(name)s works here.") % {"name": employment.person.canonical},
        )
    return redirect("agency:person", key=key, pk=pk)
