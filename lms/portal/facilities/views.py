"""Where a manager lands, a facility's table, a company's table, and what a visitor reads."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance import services
from lms.compliance.beside import rules_beside, standings_beside
from lms.compliance.claims.selectors import claims_of
from lms.compliance.duties.house import house_rules
from lms.compliance.duties.licenses import ending_words, license_of
from lms.compliance.enums import StandingState
from lms.compliance.rules import LL_104, get_rule
from lms.compliance.selectors import (
    EmployeeStanding,
    Scope,
    applicability,
    companies_for,
    facilities_for,
    facility_summaries,
    known_about,
    standings_from,
    summarize,
    trainings_to_sign,
    urgency,
)
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.fields import fold
from lms.people.models import Organization, Person
from lms.people.selectors import offices_to_ask
from lms.portal.facilities.access import company_of, frame, managed, private, reader
from lms.portal.facilities.forms import FacilityForm
from lms.portal.facilities.standing_bar import standing_bar

PAGE_OF_EMPLOYEES = 100
PAGE_OF_FACILITIES = 25


@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """One facility or one company: straight there. Several: the list. None: what this is about."""
    if not request.user.is_authenticated:
        return _for_visitors(request)
    companies = list(companies_for(reader(request))[:2])
    facilities = facilities_for(reader(request)).order_by("search_name", "pk")
    page = Paginator(facilities, PAGE_OF_FACILITIES).get_page(request.GET.get("page"))
    if not companies and not page.paginator.count:
        return _for_visitors(request)
    if not companies and page.paginator.count == 1:
        return redirect("facilities:facility", key=page.object_list[0].key)
    if len(companies) == 1 and all(place.parent_id == companies[0].pk for place in page):
        return redirect("facilities:company", key=companies[0].key)
    context = frame(
        companies=companies_for(reader(request))[:PAGE_OF_FACILITIES],
        rows=facility_summaries(list(page), get_rule(), new_york_today()),
        page=page,
    )
    return render(request, "facilities/home.html", context)


def _for_visitors(request: HttpRequest) -> HttpResponse:
    claims = claims_of(reader(request))[:5] if request.user.is_authenticated else []
    context = frame(rule=get_rule(), offices=offices_to_ask(), claims=claims)
    return render(request, "facilities/visitor.html", context)


@require_safe
@private
def facility(request: HttpRequest, key: str) -> HttpResponse:
    """The facility's employees with where each stands and why; filters work without a script."""
    place, rule, today = managed(request, key), get_rule(), new_york_today()
    tab = request.GET.get("show", "")
    scope = Scope.ALL if tab == "left" else Scope.CURRENT
    known = known_about(facilities=[place], rule=rule, as_of=today, scope=scope)
    everyone = standings_from(known, facilities=[place], rule=rule, as_of=today)
    everyone.sort(key=urgency)
    here = [line for line in everyone if not line.left_before(today)]
    gone = [line for line in everyone if line.left_before(today)]
    summary = summarize(here)
    words = request.GET.get("q", "").strip()
    chosen = [line for line in _shown(tab, here, gone) if _matches(line, words)]
    left = len(gone) if tab == "left" else None
    others = standings_beside(known, place, [*rules_beside(place), *house_rules(place)], today)
    in_city = any(one.rule.id == LL_104 and one.applicability.applies for one in others)
    context = frame(
        place,
        rule=rule,
        today=today,
        company=company_of(request, place),
        applicability=applicability(place, rule),
        others=others,
        in_city=in_city,
        license_words=ending_words(license_of(place), today) if in_city else "",
        summary=summary,
        bar=standing_bar(summary),
        to_sign=len(trainings_to_sign(here)),
        page=Paginator(chosen, PAGE_OF_EMPLOYEES).get_page(request.GET.get("page")),
        people=len(here),
        tabs=_tabs(tab, [(len(here), ""), (summary.needing_action, "action"),
                         (summary.overdue, "overdue"), (left, "left")]),
        tab=tab,
        words=words,
    )  # fmt: skip
    return render(request, "facilities/facility.html", context)


def _shown(
    tab: str, here: list[EmployeeStanding], gone: list[EmployeeStanding]
) -> list[EmployeeStanding]:
    """The lines of a tab; a tab we do not know shows everybody who works here."""
    if tab == "left":
        return gone
    if tab == "action":
        return [line for line in here if line.standing.needs_action]
    if tab == "overdue":
        return [line for line in here if line.standing.state == StandingState.OVERDUE]
    return here


def _matches(line: EmployeeStanding, words: str) -> bool:
    """Whether name or employee number contain each of the words, accents and case aside."""
    text = f"{line.person.search_name} {fold(line.employment.number)}"
    return all(word in text for word in fold(words).split())


def _tabs(current: str, counts: list[tuple[int | None, str]]) -> list[dict[str, Any]]:
    labels = {
        "": _("Working here"),
        "action": _("Needs action"),
        "overdue": _("Overdue"),
        "left": _("Left"),
    }
    current = current if current in labels else ""
    return [
        {
            "label": labels[name],
            "url": f"?show={name}" if name else "?",
            "current": name == current,
            "count": count,
        }
        for count, name in counts
    ]


@transaction.atomic
def _describe(place: Organization, actor: Person, *, county: str, **said: Any) -> None:
    """What the form says, all of it or nothing; a county left open stays as it was."""
    services.describe_facility(facility=place, actor=actor, **said)
    if county:
        services.place_in_county(facility=place, county=county, actor=actor)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def about(request: HttpRequest, key: str) -> HttpResponse:
    """What decides whether the law is for this facility, and what follows from it."""
    place, rule = managed(request, key), get_rule()
    said = FacilityForm.said_by(place, getattr(place, "facility_profile", None))
    form = FacilityForm(request.POST or None, initial=said)
    if request.method == "POST" and form.is_valid():
        try:
            _describe(place, reader(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("facilities:about", key=key)
    beside = rules_beside(place)
    context = frame(
        place,
        rule=rule,
        form=form,
        applicability=applicability(place, rule),
        beside=beside,
        license=license_of(place) if beside else None,
    )
    return render(request, "facilities/about.html", context)
