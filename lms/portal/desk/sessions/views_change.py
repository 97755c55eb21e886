"""Adding, moving, changing and cancelling a session; each shown before it is done."""

from collections.abc import Callable

from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from events import services, wall_time
from events.check_in_models import CheckIn
from events.clashes import clashes
from events.models import Session
from events.selectors import schedulable_trainings
from events.speaker_models import Presenting
from events.windows import windows
from events.wish_models import TrainingWish
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.sessions.forms import (
    CancelForm,
    DetailsForm,
    NewSessionForm,
    TimeForm,
    copy_of,
    details_of,
    filled_in,
    time_of,
)
from lms.portal.desk.sessions.views import managed_session

# The button of a preview that does it; the other one goes back to the form with all that was typed.
SAVE = "save"


@require_http_methods(["GET", "POST"])
@desk_view
def new(request: HttpRequest) -> HttpResponse:
    """Add a date: the form, then weekday and Eastern time to look at, then the session.

    `?copy=` names a session whose details are filled in but for date, link and windows. `?wish=`
    names what somebody asked for: it is filled in, and they are told of the session.
    """
    number = request.GET.get("wish", "")
    asked = (
        TrainingWish.objects.managed_by(request.user).waiting().filter(pk=number).first()
        if number.isdigit()
        else None
    )
    initial = filled_in(asked) if asked else {"training": request.GET.get("training")}
    copied = request.GET.get("copy", "")
    if copied.isdigit():
        initial = copy_of(managed_session(request, int(copied)))
    form = NewSessionForm(posted(request), person=request.user, initial=initial)

    def schedule() -> Session:
        session = services.schedule_session(**form.arguments(), actor=request.user)
        if asked:
            services.grant_wish(wish=asked, session=session, actor=request.user)
        return session

    step = _step(request, form, schedule)
    if isinstance(step, Session) and request.POST.get("step") == SAVE:
        messages.success(
            request,
            _("The session is open for registration.")
            if step.announced_at
            else _("The session is added and kept back: nobody outside the office sees it yet."),
        )
        return redirect("desk_sessions:session", pk=step.pk)
    context = {**frame("sessions"), "form": form, "wish": asked}
    if isinstance(step, Session):
        preview = {"session": step, "when": _when(step), "overlaps": clashes(step)}
        return render(request, "desk/sessions/new_preview.html", {**context, **preview})
    context["has_trainings"] = schedulable_trainings(request.user).exists()
    return render(request, "desk/sessions/new.html", context)


@require_http_methods(["GET", "POST"])
@desk_view
def time(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a session: the form, then what changes and who will be told, then it is moved."""
    found = managed_session(request, pk)
    form = TimeForm(posted(request), initial=time_of(found))
    step = _step(
        request,
        form,
        lambda: services.reschedule_session(session=found, **form.when(), actor=request.user),
    )
    if isinstance(step, Session) and request.POST.get("step") == SAVE:
        messages.success(request, _("The session was moved, and everybody registered is told."))
        return redirect("desk_sessions:session", pk=pk)
    context = {**frame("sessions"), "session": found, "when": _when(found), "form": form}
    if isinstance(step, Session):
        preview = {
            "new_when": _when(step),
            "overlaps": clashes(step),
            "told": _told(found),
            "windows": windows(step, before=found),
            "checked_in": step.day != found.day
            and CheckIn.objects.filter(registration__session=found).count(),
        }
        return render(request, "desk/sessions/time_preview.html", {**context, **preview})
    return render(request, "desk/sessions/time.html", context)


@require_http_methods(["GET", "POST"])
@desk_view
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """Change seats, join link, place or rule."""
    found = managed_session(request, pk)
    form = DetailsForm(posted(request), initial=details_of(found))
    if form.is_valid():
        try:
            services.change_details(
                session=found, **form.details(found.training), actor=request.user
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_sessions:session", pk=pk)
    context = {**frame("sessions"), "session": found, "when": _when(found), "form": form}
    return render(request, "desk/sessions/details.html", context)


@require_http_methods(["GET", "POST"])
@desk_view
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a session, with the reason everybody will read."""
    found = managed_session(request, pk)
    form = CancelForm(posted(request))
    if form.is_valid():
        try:
            services.cancel_session(session=found, **form.cleaned_data, actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The session is cancelled, and everybody is told."))
            return redirect("desk_sessions:session", pk=pk)
    context = {
        **frame("sessions"),
        "session": found,
        "when": _when(found),
        "told": _told(found),
        "form": form,
    }
    return render(request, "desk/sessions/cancel.html", context)


def _step(request: HttpRequest, form: Form, change: Callable[[], Session]) -> Session | None:
    """The session as it is (step "save") or would be (else) after the change; None: show the form.

    A preview makes the change and takes it back, so that it can promise nothing the change itself
    would refuse.
    """
    if request.POST.get("step") == "change" or not form.is_valid():
        return None
    try:
        with transaction.atomic():
            session = change()
            if request.POST.get("step") != SAVE:
                transaction.set_rollback(True)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    return session


def _when(session: Session) -> str:
    return wall_time.when(session.starts_at, session.ends_at, session.zone_info)


def _told(session: Session) -> str:
    """Who will be told: who has a seat, waits or has asked for one, and who speaks."""
    people: int = session.taken + session.waiting  # type: ignore[attr-defined]  # annotated
    people += session.registrations.pending().count()
    people += Presenting.objects.filter(session=session).current().count()
    if not people:
        return _("Nobody is registered, so nobody will be told.")
    return ngettext(
        "%(count)s person has a seat, waits for one or speaks, and will be told.",
        "%(count)s people have a seat, wait for one or speak, and will be told.",
        people,
    ) % {"count": people}
