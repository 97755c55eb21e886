"""Where a liaison lands, one training's people, and both as table files."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from courses.assignment_selectors import (
    AssignmentStanding,
    of_agency,
    people_of,
    summaries,
    withdrawn_of,
)
from courses.enums import AssignmentState
from lms.core.time import new_york_today
from lms.portal.agency.access import agencies_for, frame, own_agency, private, reader, training_with
from lms.portal.agency.tables import rows_for_page, table_response
from lms.trainings.enums import TrainingKind
from lms.trainings.models import TrainingPage

PAGE_OF_PEOPLE = 100
MOST_URGENT = 8


@require_safe
@private
def home(request: HttpRequest) -> HttpResponse:
    """One agency: straight there. Several: the list. None: the page does not exist."""
    agencies = list(agencies_for(reader(request))[:100])
    if not agencies:
        raise Http404
    if len(agencies) == 1:
        return redirect("agency:overview", key=agencies[0].key)
    return render(request, "agency/home.html", frame(request, agencies=agencies))


@require_safe
@private
def overview(request: HttpRequest, key: str) -> HttpResponse:
    """How the agency stands: the sentence, each training, and whoever is overdue, worst first."""
    agency, today = own_agency(request, key), new_york_today()
    lines = of_agency(agency, today)
    overdue = [line for line in lines if line.state == AssignmentState.OVERDUE]
    context = frame(
        request,
        agency,
        people=people_of(agency, today).count(),
        summaries=summaries(lines),
        urgent=rows_for_page(overdue[:MOST_URGENT]),
        more=len(overdue) - MOST_URGENT,
        sentence=sentence(lines),
        can_switch=agencies_for(reader(request)).count() > 1,
    )
    return render(request, "agency/overview.html", context)


def sentence(lines: list[AssignmentStanding]) -> str:
    """What the page's reader came for, in a sentence."""
    if not lines:
        return _("Nothing is assigned yet.")
    counted = {state: sum(line.state == state for line in lines) for state in AssignmentState}
    open_ones = len(lines) - counted[AssignmentState.DONE]
    if not open_ones:
        return _("Everything that was assigned is done.")
    parts = [
        ngettext("%(count)s training to do", "%(count)s trainings to do", open_ones)
        % {"count": open_ones}
    ]
    if counted[AssignmentState.OVERDUE]:
        parts.append(_("%(count)s overdue") % {"count": counted[AssignmentState.OVERDUE]})
    if counted[AssignmentState.DUE_SOON]:
        parts.append(
            _("%(count)s due within a week") % {"count": counted[AssignmentState.DUE_SOON]}
        )
    return ", ".join(parts) + "."


@require_safe
@private
def everything(request: HttpRequest, key: str, ending: str) -> HttpResponse:
    """Everything assigned at the agency, as a table file."""
    agency, today = own_agency(request, key), new_york_today()
    name = f"{agency.key}-trainings-{today}"
    return table_response(of_agency(agency, today), ending=ending, filename=name)


@require_safe
@private
def table(request: HttpRequest, key: str, training: UUID, ending: str) -> HttpResponse:
    """One training's people, as a table file."""
    agency, found, today = own_agency(request, key), training_with(training), new_york_today()
    name = f"{agency.key}-{slugify(found.title)[:60] or 'training'}-{today}"
    lines = of_agency(agency, today, training=found)
    return table_response(lines, ending=ending, filename=name)


@require_safe
@private
def training(request: HttpRequest, key: str, training: UUID) -> HttpResponse:
    """One training: who has done it, who has not, by when; the most urgent first."""
    agency, found, today = own_agency(request, key), training_with(training), new_york_today()
    lines = of_agency(agency, today, training=found)
    withdrawn = list(withdrawn_of(agency, found)[:PAGE_OF_PEOPLE])
    if not lines and not withdrawn:
        raise Http404
    tab = request.GET.get("show", "")
    chosen = [line for line in lines if _belongs(line, tab)]
    page = Paginator(chosen, PAGE_OF_PEOPLE).get_page(request.GET.get("page"))
    context = frame(
        request,
        agency,
        training=found,
        page=page,
        rows=rows_for_page(page.object_list),
        sentence=sentence(lines),
        tabs=_tabs(lines, tab),
        tab=tab,
        withdrawn=withdrawn,
        open_count=sum(not line.is_done for line in lines),
        is_live=found.kind in (TrainingKind.LIVE, TrainingKind.CONFERENCE),
        is_course=found.kind == TrainingKind.COURSE,
        page_url=_page_url(found.key),
    )
    return render(request, "agency/training.html", context)


def _belongs(line: AssignmentStanding, tab: str) -> bool:
    """Whether a line stands in the tab; one we do not know shows everybody."""
    if tab == "overdue":
        return line.state == AssignmentState.OVERDUE
    if tab == "open":
        return not line.is_done
    if tab == "done":
        return line.is_done
    return True


def _tabs(lines: list[AssignmentStanding], current: str) -> list[dict[str, Any]]:
    labels = {"": _("All"), "overdue": _("Overdue"), "open": _("Not done"), "done": _("Done")}
    return [
        {
            "label": label,
            "url": f"?show={name}" if name else "?",
            "current": name == (current if current in labels else ""),
            "count": sum(_belongs(line, name) for line in lines),
        }
        for name, label in labels.items()
    ]


def _page_url(key: UUID) -> str:
    page = TrainingPage.objects.live().filter(translation_key=key).order_by("pk").first()
    return (page.get_url() or "") if page else ""
