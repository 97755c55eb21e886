"""The pages of those who speak: their sessions, what is shown of them, what they hand out.

Each is for the person alone; to everybody else, the office included, it does not exist.
"""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events import services, speaker_letters, wall_time
from events.enums import ConsentKind, SurveyRule
from events.forms_speaking import AboutForm, LabelForm, MaterialForm, ShownForm
from events.models import Session
from events.speaker_models import Presenting, SessionMaterial, Speaker
from events.speaker_selectors import (
    consents_for,
    own_link,
    presentings_of,
    reaches,
    ruled,
    spoke,
    who_comes,
)
from events.surveys import summary
from events.views import signed_in
from lms.core.exceptions import Refused
from lms.core.pdf import NotDrawable, draw
from lms.core.time import new_york_today
from lms.people.selectors import has_address
from lms.people.signin import begin_code_sign_in


def _own(request: HttpRequest, pk: int) -> Presenting:
    """The reader's own place in a session; anybody else's does not exist."""
    rows = Presenting.objects.visible_to(signed_in(request))
    return get_object_or_404(
        rows.select_related("speaker__office", "session__training__owner"), pk=pk
    )


def _crumbs(row: Presenting | None = None) -> list[dict[str, str]]:
    """The way down to a page about one session, or to one below it."""
    crumbs = [
        {"label": _("My learning"), "url": "/my/"},
        {"label": _("Where you speak"), "url": reverse("events:speaking")},
    ]
    if row:
        address = reverse("events:speaking_session", args=[row.pk])
        crumbs.append({"label": row.session.name, "url": address})
    return crumbs


def _when(session: Session) -> str:
    return wall_time.when(session.starts_at, session.ends_at, session.zone_info)


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the invitation leads: to a code sent to the invited address, then to the session.

    Whoever else has the link reads which office invites, and no more.
    """
    rows = Presenting.objects.select_related("speaker__office")
    found = get_object_or_404(rows, pk=speaker_letters.presenting_of_token(token))
    address = found.speaker.email
    target = reverse("events:speaking_session", args=[found.pk])
    if request.user.is_authenticated and address and has_address(signed_in(request), address):
        return redirect(target)
    problem = ""
    if request.method == "POST" and address:
        # By which the office knows them, unless their record has a name already.
        first_name, _space, last_name = found.speaker.name.partition(" ")
        try:
            return begin_code_sign_in(
                request,
                email=address,
                first_name=first_name,
                last_name=last_name,
                next_url=target,
            )
        except Refused as refusal:
            problem = str(refusal)
    context = {"office": found.speaker.office, "over": not found.is_current, "problem": problem}
    return render(request, "events/speaking/invitation.html", context)


@require_safe
@never_cache
@login_required
def speaking(request: HttpRequest) -> HttpResponse:
    """All sessions in which the reader speaks: first those that come."""
    now = timezone.now()
    rows = [
        {"row": row, "when": _when(row.session), "over": row.session.ends_at <= now}
        for row in presentings_of(signed_in(request))
    ]
    context = {
        "coming": [row for row in rows if not row["over"]],
        "past": [row for row in reversed(rows) if row["over"]],
        "profiles": Speaker.objects.of(signed_in(request)).select_related("office"),
        "nav": {"current": "my"},
    }
    return render(request, "events/speaking/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """One session: answer, who comes, what is shown of oneself, what one hands out."""
    found, now = _own(request, pk), timezone.now()
    step = request.POST.get("step", "")
    label_form = LabelForm(
        request.POST if step == "label" else None, initial={"label": found.label}
    )
    material_form = MaterialForm(
        *((request.POST, request.FILES) if step == "material" else ()),
    )
    if request.method == "POST" and _post_session(request, found, step, label_form, material_form):
        return redirect("events:speaking_session", pk=pk)
    context = {
        "row": found,
        "crumbs": _crumbs(),
        "session": found.session,
        "when": _when(found.session),
        "over": found.session.ends_at <= now,
        "link": own_link(found),
        "who_comes": who_comes(found.session) if found.is_current else [],
        "consents": consents_for(found) if found.is_confirmed else [],
        "label_form": label_form,
        "material_form": material_form,
        "materials": list(found.materials.all()),
        "spoke": spoke(found, now),
        "ruled": ruled(found),
        "survey": summary(found.session)
        if spoke(found, now) and found.session.survey != SurveyRule.NONE
        else None,
        "recording": getattr(found.session, "recording", None) if found.is_confirmed else None,
        "nav": {"current": "my"},
    }
    return render(request, "events/speaking/session.html", context)


def _post_session(
    request: HttpRequest, found: Presenting, step: str, label: LabelForm, material: MaterialForm
) -> bool:
    """Do what was pressed; whether it is done, with words to say so."""
    person = signed_in(request)
    try:
        if step == "confirm":
            services.confirm_presenting(presenting=found, actor=person)
            messages.success(
                request, _("Thank you, the office is told. Nothing about you is public yet.")
            )
        elif step == "label" and label.is_valid() and found.is_confirmed:
            services.change_label(presenting=found, actor=person, **label.cleaned_data)
            messages.success(request, _("Saved."))
        elif step == "material" and material.is_valid():
            given = material.cleaned_data
            services.add_material(
                presenting=found,
                title=given["title"],
                upload=given["file"],
                shown=given["shown"],
                actor=person,
            )
            messages.success(request, _("The file is there."))
        else:
            return False
    except Refused as refusal:
        if step == "material":
            material.add_error("file", str(refusal))
            return False
        messages.error(request, str(refusal))
    return True


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Decline or withdraw, after a question."""
    found = _own(request, pk)
    if request.method == "POST":
        confirmed = found.is_confirmed
        services.leave_presenting(presenting=found, actor=signed_in(request))
        withdrew = _("You have withdrawn. Nothing about you is shown in this session any more.")
        declined = _("Thank you for your answer. The office is told.")
        messages.success(request, withdrew if confirmed else declined)
        return redirect("events:speaking")
    if not found.is_current:
        return redirect("events:speaking_session", pk=pk)
    context = {"row": found, "session": found.session, "when": _when(found.session)}
    return render(request, "events/speaking/leave.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def consent(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Allow one thing for one session, or take it back: what it reaches, and one press."""
    found = _own(request, pk)
    if kind not in ConsentKind.values or not found.is_confirmed:
        raise Http404
    stands = next(row for row in consents_for(found) if row.kind == kind)
    if request.method == "POST":
        person = signed_in(request)
        try:
            if request.POST.get("step") == "take_back":
                services.take_back(presenting=found, kind=kind, actor=person)
                messages.success(request, _("Taken back. It is shown nowhere on this site."))
            else:
                services.allow(presenting=found, kind=kind, actor=person)
                messages.success(request, _("Allowed, for this session only."))
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("events:speaking_session", pk=pk)
    context = {
        "row": found,
        "session": found.session,
        "when": _when(found.session),
        "stands": stands,
        "reaches": reaches(kind),
        "is_name": kind == ConsentKind.NAME,
        "is_recording": kind == ConsentKind.RECORDING,
    }
    return render(request, "events/speaking/consent.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def about(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, biography and photo, as one office's sessions may show them."""
    person = signed_in(request)
    found = get_object_or_404(Speaker.objects.of(person).select_related("office"), pk=pk)
    initial = {
        "display_name": found.display_name,
        "biography": found.biography,
        "photo_alt": found.photo_alt,
    }
    form = AboutForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and request.POST.get("step") == "remove_photo":
        services.remove_photo(speaker=found, actor=person)
        messages.success(request, _("The photo is removed."))
        return redirect("events:speaking_about", pk=pk)
    if request.method == "POST" and form.is_valid() and _save_about(request, found, form):
        messages.success(request, _("Saved. What is shown where, you choose in each session."))
        return redirect("events:speaking")
    context = {"speaker": found, "crumbs": _crumbs(), "form": form, "preview": _preview(found)}
    return render(request, "events/speaking/about.html", context)


def _save_about(request: HttpRequest, speaker: Speaker, form: AboutForm) -> bool:
    """Save it all; a photo that cannot be taken says so beside its field, and the rest is kept."""
    person, given = signed_in(request), form.cleaned_data
    services.change_about(
        speaker=speaker,
        display_name=given["display_name"],
        biography=given["biography"],
        actor=person,
    )
    try:
        if given["photo"]:
            services.keep_photo(
                speaker=speaker, upload=given["photo"], alt=given["photo_alt"], actor=person
            )
        else:
            services.change_photo_words(speaker=speaker, alt=given["photo_alt"], actor=person)
    except Refused as refusal:
        form.add_error("photo_alt" if refusal.code == "no_words" else "photo", str(refusal))
        return False
    return True


def _preview(speaker: Speaker) -> str:
    """Where the speaker sees their own photo; empty without one."""
    return reverse("events:speaking_photo", args=[speaker.pk]) if speaker.photo else ""


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def material(request: HttpRequest, pk: int, material: int) -> HttpResponse:
    """One's own file: who may have it, or remove it."""
    found, person = _own(request, pk), signed_in(request)
    kept = get_object_or_404(SessionMaterial, presenting=found, pk=material)
    changes = request.POST.get("step") != "remove"
    form = ShownForm(
        request.POST if request.method == "POST" and changes else None,
        initial={"shown": kept.shown},
    )
    if request.method == "POST" and not changes:
        services.remove_material(material=kept, actor=person)
        messages.success(request, _("The file is removed."))
        return redirect("events:speaking_session", pk=pk)
    if form.is_valid():
        try:
            services.change_material(material=kept, actor=person, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("events:speaking_session", pk=pk)
    context = {"crumbs": _crumbs(found), "material": kept, "form": form}
    return render(request, "events/speaking/material.html", context)


@require_safe
@never_cache
@login_required
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """A paper that says they presented, once the session took place; for them alone."""
    found = _own(request, pk)
    if ruled(found) is False:
        messages.error(
            request, _("The office says that you did not speak; this proof is taken back.")
        )
        return redirect("events:speaking_session", pk=pk)
    if not spoke(found, timezone.now()):
        raise Http404
    person = signed_in(request).canonical
    context = {
        "name": person.get_full_name() or found.speaker.name,
        "row": found,
        "session": found.session,
        "when": _when(found.session),
        "minutes": found.session.planned_minutes,
        "office": found.session.training.owner,
        "today": new_york_today(),
    }
    try:
        paper = draw(
            "events/speaking/proof_paper.html",
            context,
            language=translation.get_language(),
            watermark="SAMPLE" if settings.TRIAL else "",
        )
    except NotDrawable:
        messages.error(request, _("The PDF lacks letters that it needs. Please ask the office."))
        return redirect("events:speaking_session", pk=pk)
    response = HttpResponse(paper, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="proof-of-presenting.pdf"'
    return response
