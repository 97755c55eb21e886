"""One employee: where they stand and why, and the changes a manager records."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.compliance.beside import rules_beside, standings_beside
from lms.compliance.duties.house import house_rules
from lms.compliance.known import Known
from lms.compliance.rules import get_rule
from lms.compliance.selectors import standings_from
from lms.core.exceptions import Refused
from lms.core.time import long_date, new_york_today
from lms.people import services
from lms.people.looks import at_facility, note_look
from lms.people.models import Employment, Organization
from lms.people.selectors import left_here_by_name, works_here_by_name
from lms.portal.facilities.access import employee_of, frame, managed, private, reader
from lms.portal.facilities.corrected import corrections_of
from lms.portal.facilities.course_link import course_for, is_to_train
from lms.portal.facilities.forms import AddForm, ChangePostForm, LeavingForm
from lms.portal.facilities.history import history
from lms.portal.facilities.views_changes import move_targets


@require_safe
@private
def employee(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Where an employee stands, each training with its ticks, and what happened.

    Done, date and program only: never pages, answers or pauses (DESIGN 4.19).
    """
    place, rule, today = managed(request, key), get_rule(), new_york_today()
    employment = employee_of(place, pk)
    viewer = reader(request)
    note_look(person=employment.person, viewer=viewer, acting=at_facility(viewer, place))
    known = Known.load([employment], rule)
    [line] = standings_from(known, facilities=[place], rule=rule, as_of=today)
    used = {training.completion_id for training in line.standing.trainings}
    context = frame(
        place,
        rule=rule,
        line=line,
        still_here=employment.ended_on is not None and employment.ended_on >= today,
        trainings=[
            {"training": training, "counts": training.completion_id in used}
            for training in reversed(known.trainings(employment))
        ],
        topics={topic.code: topic.name for topic in rule.topics},
        history=history(known, line, rule),
        posts=known.posts(employment),
        corrected=corrections_of(employment),
        can_move=employment.ended_on is None and move_targets(request, place).exists(),
        others=standings_beside(known, place, [*rules_beside(place), *house_rules(place)], today),
        course=course_for(rule) if is_to_train(line.standing) else None,
    )
    return render(request, "facilities/employee.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def add(request: HttpRequest, key: str) -> HttpResponse:
    """A new employee; a second one of the same name only after a question."""
    place = managed(request, key)
    form, came_back = AddForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        given = dict(form.cleaned_data)
        known_as_other = given.pop("same_name")
        name = (given["first_name"], given["last_name"])
        if not known_as_other and works_here_by_name(place, *name):
            form.ask_about_same_name()
        elif not known_as_other and (came_back := left_here_by_name(place, *name)):
            form.ask_about_return()
        elif employment := _hire(request, place, form, given):
            messages.success(request, _("%(name)s was added.") % {"name": employment.person})
            return redirect("facilities:employee", key=key, pk=employment.pk)
    return render(request, "facilities/add.html", frame(place, form=form, came_back=came_back))


def _hire(
    request: HttpRequest, place: Organization, form: AddForm, given: dict[str, object]
) -> Employment | None:
    """The new employment; None when it was refused, and then the form says why."""
    try:
        return services.hire(organization=place, actor=reader(request), **given)  # type: ignore[arg-type]
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None


@require_http_methods(["GET", "HEAD", "POST"])
@private
def post(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Another post from a day on; the old one stays in the record."""
    place = managed(request, key)
    employment = employee_of(place, pk)
    current = employment.periods.last()
    initial = {"post": current.post if current else "", "starts_on": new_york_today()}
    form = ChangePostForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_post(employment=employment, actor=reader(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The new post is recorded."))
            return redirect("facilities:employee", key=key, pk=pk)
    context = frame(place, form=form, employment=employment, current=current)
    return render(request, "facilities/post.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def leaving(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The last day of work; the record stays, and the page says until when."""
    place = managed(request, key)
    employment = employee_of(place, pk)
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
                _(
                    "Recorded. Last day %(day)s; counted as working here until then. "
                    "You can take it back on this page."
                )
                % {"day": long_date(form.cleaned_data["ended_on"])},
            )
            return redirect("facilities:employee", key=key, pk=pk)
    context = frame(place, form=form, employment=employment, rule=get_rule())
    return render(request, "facilities/leaving.html", context)


@require_POST
@private
def undo_leaving(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Take back that somebody left."""
    place = managed(request, key)
    employment = employee_of(place, pk)
    try:
        services.undo_end_employment(employment=employment, actor=reader(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("Taken back: %(name)s works here.") % {"name": employment.person}
        )
    return redirect("facilities:employee", key=key, pk=pk)
