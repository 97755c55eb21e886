"""Requests for seats, what is asked at registration, and what people need to take part."""

from itertools import groupby
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from events import services, wall_time
from events.asking_models import Arrangement, RegistrationAnswer, RegistrationQuestion
from events.enums import Need, QuestionKind
from events.models import Registration, Session
from events.permissions import arranges
from events.selectors import managed_sessions, questions_of
from events.services.asking import NEEDS_KEPT_DAYS
from lms.core import audit
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.sessions.forms_asking import DecisionForm, QuestionForm
from lms.portal.desk.sessions.views import managed_session


@require_http_methods(["GET", "POST"])
@desk_view
def requests(request: HttpRequest) -> HttpResponse:
    """Everybody who asked for a seat, by session, the longest first; answered in bulk."""
    waiting = list(
        Registration.objects.pending()
        .filter(session__in=managed_sessions(request.user).values("pk"))
        .select_related("session__training__owner", "person")
        .prefetch_related(
            Prefetch("answers", RegistrationAnswer.objects.select_related("question"))
        )
        .order_by("session__starts_at", "session", "updated_at", "pk")
    )
    form = DecisionForm(posted(request))
    ticked = set(request.POST.getlist("seat"))
    if request.method == "POST" and form.is_valid():
        chosen = [seat for seat in waiting if str(seat.pk) in ticked]
        problem = _decide(request, form, chosen)
        if problem is None:
            return redirect("desk_sessions:requests")
        form.add_error(None, problem)
    groups = [
        {"session": session, "when": _when(session), "seats": list(seats)}
        for session, seats in groupby(waiting, key=lambda seat: seat.session)
    ]
    context = {**frame("sessions"), "groups": groups, "form": form, "ticked": ticked}
    return render(request, "desk/sessions/requests.html", context)


def _decide(request: HttpRequest, form: DecisionForm, chosen: list[Registration]) -> str | None:
    """Approve or refuse; returns what is wrong, or None when it is done and said."""
    if not chosen:
        return _("Tick at least one person.")
    approve = request.POST.get("step") == "approve"
    decided: list[Registration] = []
    try:
        for session, seats in groupby(chosen, key=lambda seat: seat.session):
            if approve:
                decided += services.approve(
                    session=session, registrations=seats, actor=request.user
                )
            else:
                decided += services.refuse(
                    session=session,
                    registrations=seats,
                    reason=form.cleaned_data["reason"],
                    actor=request.user,
                )
    except Refused as refusal:
        return str(refusal)
    waiting = sum(seat.is_waiting for seat in decided)
    said = ngettext(
        "%(count)s request is answered, and the person is told by mail.",
        "%(count)s requests are answered, and everybody is told by mail.",
        len(decided),
    ) % {"count": len(decided)}
    if waiting:
        said += " " + ngettext(
            "%(count)s is on the waiting list, since all seats are taken.",
            "%(count)s are on the waiting list, since all seats are taken.",
            waiting,
        ) % {"count": waiting}
    messages.success(request, said)
    return None


@require_http_methods(["GET", "POST"])
@desk_view
def questions(request: HttpRequest, pk: int) -> HttpResponse:
    """What is asked of everybody who registers: the list, and one more."""
    found = managed_session(request, pk)
    form = QuestionForm(posted(request))
    if form.is_valid():
        try:
            services.add_question(**form.arguments(found), actor=request.user)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Everybody who registers from now on is asked."))
            return redirect("desk_sessions:questions", pk=pk)
    context = {
        **frame("sessions"),
        "session": found,
        "when": _when(found),
        "questions": questions_of(found),
        "form": form,
    }
    return render(request, "desk/sessions/questions.html", context)


@require_POST
@desk_view
def retire(request: HttpRequest, pk: int, question: int) -> HttpResponse:
    """Stop asking a question; the answers stay."""
    found = managed_session(request, pk)
    asked = get_object_or_404(questions_of(found), pk=question)
    services.retire_question(question=asked, actor=request.user)
    messages.success(request, _("It is not asked any more. The answers given stay."))
    return redirect("desk_sessions:questions", pk=pk)


@require_safe
@desk_view
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Who answered what; how often each answer was given stands above."""
    found = managed_session(request, pk)
    given = list(
        RegistrationAnswer.objects.filter(registration__in=found.registrations.current())
        .select_related("question", "registration__person")
        .order_by("question", "registration__person__sort_name", "pk")
    )
    groups = []
    for question, rows in groupby(given, key=lambda answer: answer.question):
        listed = list(rows)
        groups.append({"question": question, "rows": listed, "counts": _counts(question, listed)})
    context = {**frame("sessions"), "session": found, "when": _when(found), "groups": groups}
    return render(request, "desk/sessions/answers.html", context)


def _counts(question: RegistrationQuestion, rows: list[RegistrationAnswer]) -> list[str]:
    if question.kind == QuestionKind.TEXT:
        return []
    labels = {"yes": _("Yes"), "no": _("No")} if question.kind == QuestionKind.YES_NO else {}
    offered = question.choices or ["yes", "no"]
    return [
        f"{labels.get(choice, choice)}: {sum(row.text == choice for row in rows)}"
        for choice in offered
    ]


@require_http_methods(["GET", "POST"])
@desk_view
def needs(request: HttpRequest, pk: int) -> HttpResponse:
    """What people need to take part, for those who arrange it alone; each look is noted."""
    found = managed_session(request, pk)
    if not arranges(request.user, found):
        raise Http404
    rows = Arrangement.objects.filter(registration__in=found.registrations.current())
    if request.method == "POST":
        number = request.POST.get("arrangement", "")
        there = get_object_or_404(
            rows.select_related("registration__session__training"),
            pk=number if number.isdigit() else None,
        )
        services.arrange(arrangement=there, actor=request.user)
        messages.success(request, _("Noted. The person reads it on the session's page."))
        return redirect("desk_sessions:needs", pk=pk)
    listed = rows.select_related("registration__person").order_by("arranged_at", "updated_at")
    shown = [_need(row) for row in listed]
    if shown:
        audit.record("arrangements.read", found, actor=request.user)
    context = {
        **frame("sessions"),
        "session": found,
        "when": _when(found),
        "rows": shown,
        "days": NEEDS_KEPT_DAYS,
    }
    return render(request, "desk/sessions/needs.html", context)


def _need(row: Arrangement) -> dict[str, Any]:
    wanted = [str(Need(code).label) for code in row.needs]
    if row.language:
        wanted.append(_("Interpreter: %(language)s") % {"language": row.language})
    return {"row": row, "seat": row.registration, "wanted": [*wanted, *filter(None, [row.note])]}


def _when(session: Session) -> str:
    return wall_time.when(session.starts_at, session.ends_at, session.zone_info)
