"""Those who speak in a session, as its office sees them: invited, confirmed, what they allow."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from events import services, wall_time
from events.clashes import clashes
from events.enums import ConsentKind, PresentingStatus
from events.models import Session
from events.speaker_models import Presenting, SessionMaterial, SessionRecording
from events.speaker_selectors import office_rows, ruled
from events.speakers import missing_for_recording
from lms.core.exceptions import Refused
from lms.portal.desk.access import desk_view, frame, posted
from lms.portal.desk.sessions.forms_speakers import InviteForm, PartForm, RecordingForm
from lms.portal.desk.sessions.views import managed_session

KINDS = {
    PresentingStatus.INVITED: "soon",
    PresentingStatus.CONFIRMED: "ok",
}


@require_http_methods(["GET", "POST"])
@desk_view
def speakers(request: HttpRequest, pk: int) -> HttpResponse:
    """Everybody asked to speak, with what they allow; and one more."""
    found = managed_session(request, pk)
    form = InviteForm(posted(request))
    if form.is_valid():
        try:
            row = services.invite_speaker(session=found, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(
                request, _("%(name)s is invited by mail.") % {"name": row.speaker.name}
            )
            return redirect("desk_sessions:speakers", pk=pk)
    return _page(request, found, form, _recording_form(found))


def _page(
    request: HttpRequest, found: Session, form: InviteForm, recording_form: RecordingForm
) -> HttpResponse:
    over = found.ends_at <= timezone.now() and not found.is_cancelled
    kept = SessionRecording.objects.filter(session=found).first() if over else None
    missing = missing_for_recording([found.pk]).get(found.pk, []) if over else []
    context = {
        **frame("sessions"),
        "session": found,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "rows": [_row(*row) for row in office_rows(found)],
        "overlaps": [clash for clash in clashes(found) if clash.of_speakers] if not over else [],
        "form": form,
        "over": over,
        "recording": kept,
        "recording_form": recording_form,
        "recording_state": _recording_state(missing),
        "recording_open": bool(kept and not missing),
    }
    return render(request, "desk/sessions/speakers.html", context)


def _row(
    presenting: Presenting, granted: set[str], materials: list[SessionMaterial]
) -> dict[str, Any]:
    allows = [str(kind.label) for kind in ConsentKind if kind.value in granted]
    return {
        "row": presenting,
        "kind": KINDS.get(PresentingStatus(presenting.status), "neutral"),
        "allows": _allows(allows) if presenting.is_confirmed else "",
        "materials": materials,
        "to_say": _to_say(presenting),
    }


def _to_say(presenting: Presenting) -> bool:
    """Whether the office has to say if they spoke: they answered when it was over."""
    return presenting.is_confirmed and presenting.answered_late and ruled(presenting) is None


def _allows(labels: list[str]) -> str:
    """What may be shown, in a few words."""
    return ", ".join(labels) if labels else _("Nothing is shown")


def _recording_state(missing: list[Presenting]) -> str:
    if not missing:
        return _("Everybody who spoke allows it. People with a seat can watch it.")
    return ngettext(
        "Nobody can watch it: %(count)s person who spoke does not allow it.",
        "Nobody can watch it: %(count)s people who spoke do not allow it.",
        len(missing),
    ) % {"count": len(missing)}


def _recording_form(found: Session) -> RecordingForm:
    kept = SessionRecording.objects.filter(session=found).first()
    return RecordingForm(initial={"url": kept.url} if kept else None)


@require_http_methods(["GET", "POST"])
@desk_view
def speaker(request: HttpRequest, pk: int, presenting: int) -> HttpResponse:
    """One of them: their part and link, the invitation again, take back for them, or remove."""
    found = managed_session(request, pk)
    row = get_object_or_404(
        Presenting.objects.filter(session=found).select_related("speaker"), pk=presenting
    )
    row.session = found
    step = request.POST.get("step", "")
    form = PartForm(
        request.POST if step == "save" else None,
        initial={"role": row.role, "join_url": row.join_url},
    )
    if request.method == "POST" and _post_speaker(request, row, step, form):
        return redirect("desk_sessions:speakers", pk=pk)
    [(_same, granted, materials)] = [each for each in office_rows(found) if each[0].pk == row.pk]
    context = {
        **frame("sessions"),
        **_row(row, granted, materials),
        "session": found,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "granted": [kind for kind in ConsentKind if kind.value in granted],
        "form": form,
        "ruled": ruled(row),
        "to_rule": _may_rule(row),
        "removable": row.is_current and found.starts_at > timezone.now(),
    }
    return render(request, "desk/sessions/speaker.html", context)


def _may_rule(row: Presenting) -> bool:
    over = row.session.ends_at <= timezone.now() and not row.session.is_cancelled
    late = row.status == PresentingStatus.WITHDRAWN and (
        row.ended_at is not None and row.ended_at >= row.session.ends_at
    )
    return over and (row.is_current or late)


def _post_speaker(request: HttpRequest, row: Presenting, step: str, form: PartForm) -> bool:
    """Do what was pressed; whether it is done, or refused with words."""
    actor = request.user
    try:
        if step == "save":
            if not form.is_valid():
                return False
            services.change_presenting(presenting=row, actor=actor, **form.cleaned_data)
            messages.success(request, _("Saved."))
        elif step == "again":
            services.invite_again(presenting=row, actor=actor)
            messages.success(request, _("The invitation is sent again."))
        elif step == "remove":
            services.remove_speaker(presenting=row, actor=actor)
            messages.success(request, _("Removed. The person is told by mail."))
        elif step in ("spoke", "did_not_speak"):
            services.rule_spoke(presenting=row, spoke=step == "spoke", actor=actor)
            messages.success(request, _ruling_said(spoke=step == "spoke"))
        elif step in ConsentKind.values:
            services.take_back(presenting=row, kind=step, actor=actor)
            messages.success(request, _("Taken back. It is shown nowhere on this site."))
        else:
            return False
    except Refused as refusal:
        messages.error(request, str(refusal))
    return True


def _ruling_said(*, spoke: bool) -> str:
    if spoke:
        return _("Noted. Their proof of presenting is there as soon as they have answered.")
    return _("Noted. There is no proof of presenting for them; who had one is told.")


@require_POST
@desk_view
def recording(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the recording is; or that there is none any more."""
    found = managed_session(request, pk)
    if request.POST.get("step") == "remove":
        services.remove_recording(session=found, actor=request.user)
        messages.success(request, _("Nobody is led to the recording any more."))
        return redirect("desk_sessions:speakers", pk=pk)
    form = RecordingForm(request.POST)
    if not form.is_valid():
        return _page(request, found, InviteForm(), form)
    try:
        services.keep_recording(session=found, url=form.cleaned_data["url"], actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved. Who may watch it, you see here."))
    return redirect("desk_sessions:speakers", pk=pk)
