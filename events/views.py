"""A session's page, taking a seat, giving it back, joining."""

import dataclasses

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events import letters, selectors, services, wall_time, wording
from events.forms import SaidForm, StrangerForm
from events.models import Registration, Session
from events.permissions import CODE_TAKEN, why_kept
from events.series import overlaps
from events.services import Said
from events.services.check_in import door_token
from events.speaker_selectors import materials_in
from events.speakers import recording_of, shown_in
from events.surveys import is_asked
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.people.selectors import has_address
from lms.people.signin import begin_code_sign_in
from lms.trainings.access import why_not

# What the browser's session keeps between the form and the code: [session id, address, what was
# said in the form].
PENDING = "pending_registration"


def signed_in(request: HttpRequest) -> Person:
    """The reader, in a view that asked for signing in."""
    assert isinstance(request.user, Person)  # noqa: S101 - login_required stands before
    return request.user


def _session(request: HttpRequest, pk: int) -> Session:
    """The session; one of a restricted training for those it is for, and those with a seat."""
    found = selectors.session_with_seats(pk)
    if found is None or not selectors.is_open_to(request.user, found):
        raise Http404
    return found


@require_safe
@never_cache
def session(request: HttpRequest, pk: int) -> HttpResponse:
    """When it is, whether there are seats, what is needed, whom to ask; and one's own seat."""
    now = timezone.now()
    found = _session(request, pk)
    facts = selectors.facts(found, now)
    seat = selectors.seat_of(request.user, found)
    has_seat = seat is not None and seat.is_live
    begun = found.starts_at <= now
    page = wording.page_facts(found.training)
    speakers = shown_in(found)
    context = {
        "session": found,
        "facts": facts,
        "trail": page["trail"],
        "about": wording.about_session(found, page, speakers.names),
        "speakers": speakers,
        "materials": materials_in(found, now) if has_seat else [],
        "recording": has_seat and found.ends_at <= now and recording_of(found),
        "seat": seat,
        "has_seat": has_seat,
        "queue_news": selectors.queue_news(seat) if seat else "",
        "kept": why_kept(found, now),
        "asks_more": bool(seat and not seat.is_cancelled and not begun),
        "arranged": selectors.arranged_for(seat) if seat else "",
        "door_code": own_code(seat) if seat and has_seat and found.location else "",
        "checked_in": bool(seat and has_seat and hasattr(seat, "check_in")),
        "can_join": has_seat and selectors.can_join(found, now),
        "join_opens_at": selectors.join_opens_at(found),
        "over": found.ends_at <= now,
        "takes_code": begun and now < found.ends_at + CODE_TAKEN,
        "survey_url": reverse("events:survey", args=[letters.seat_token(seat)])
        if seat and has_seat and found.ends_at <= now and is_asked(seat)
        else "",
        "begun": begun,
        "attendance": seat.attendances.last() if seat and has_seat and begun else None,
        "others": []
        if facts.open or has_seat
        else selectors.upcoming_of(found.training, now, without=found)[:5],
    }
    response = render(request, "events/session.html", context)
    if not speakers.indexed:
        response["X-Robots-Tag"] = "noindex"
    return response


def own_code(seat: Registration) -> str:
    """The picture of the code that somebody shows at the door, as a data address."""
    address = settings.SITE_ORIGIN + reverse("events:door", args=[door_token(seat)])
    picture: str = segno.make(address, error="m", micro=False).svg_data_uri(scale=4, border=2)
    return picture


@never_cache
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, pk: int) -> HttpResponse:
    """One look before taking a seat, or a place on the list; without an account, who it is for."""
    found = _session(request, pk)
    if not request.user.is_authenticated:
        return _register_stranger(request, found)
    facts = selectors.facts(found, timezone.now())
    seat = selectors.seat_of(request.user, found)
    form = SaidForm(request.POST if request.method == "POST" else None, session=found, seat=seat)
    if form.is_valid():
        return _take_seat(request, found, form.said())
    if request.method == "GET" and (
        (seat and not seat.is_cancelled) or not (facts.open or facts.can_wait)
    ):
        return redirect("events:session", pk=pk)
    context = {
        "session": found,
        "facts": facts,
        "form": form,
        "overlaps": overlaps([found], signed_in(request), timezone.now()),
    }
    return render(request, "events/register.html", context)


def _take_seat(request: HttpRequest, found: Session, said: Said) -> HttpResponse:
    person = signed_in(request)
    try:
        services.register(session=found, person=person, actor=person, wait_if_full=True, said=said)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("events:session", pk=found.pk)
    return redirect("events:registered", pk=found.pk)


def _register_stranger(request: HttpRequest, found: Session) -> HttpResponse:
    """Ask name and address, then let the code prove the address; the seat follows the code."""
    facts = selectors.facts(found, timezone.now())
    if not (facts.open or facts.can_wait):
        return redirect("events:session", pk=found.pk)
    form = StrangerForm(request.POST if request.method == "POST" else None, session=found)
    if form.is_valid():
        said = dataclasses.asdict(form.said())
        said["answers"] = {str(pk): text for pk, text in said["answers"].items()}
        request.session[PENDING] = [found.pk, form.cleaned_data["email"], said]
        try:
            return begin_code_sign_in(
                request,
                **form.who(),
                next_url=reverse("events:after_code", args=[found.pk]),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"session": found, "facts": facts, "form": form}
    return render(request, "events/register_stranger.html", context)


@require_safe
@never_cache
@login_required
def register_after_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the code leads: take the seat that this browser's own form asked for, once.

    A link to here does nothing by itself: only the form, posted with its token, leaves what is
    taken from the session below, and only for the address whose code was typed.
    """
    pending = request.session.pop(PENDING, None)
    if pending and pending[0] == pk and has_address(signed_in(request), pending[1]):
        said = Said(**pending[2])
        answers = {int(number): text for number, text in said.answers.items()}
        said = dataclasses.replace(said, answers=answers)
        return _take_seat(request, _session(request, pk), said)
    return redirect("events:register", pk=pk)


@require_safe
@never_cache
@login_required
def registered(request: HttpRequest, pk: int) -> HttpResponse:
    """The seat is taken, or waited for: what happens next."""
    found = _session(request, pk)
    seat = selectors.seat_of(request.user, found)
    if seat is None or not (seat.is_live or seat.is_waiting or seat.is_pending):
        return redirect("events:session", pk=pk)
    context = {
        "session": found,
        "facts": selectors.facts(found, timezone.now()),
        "seat": seat,
        "queue_news": selectors.queue_news(seat),
        "join_opens_at": selectors.join_opens_at(found),
    }
    template = "events/registered.html" if seat.is_live else "events/waiting.html"
    template = "events/asked.html" if seat.is_pending else template
    return render(request, template, context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Give one's own seat back, after a question."""
    seat = selectors.seat_of(request.user, _session(request, pk))
    if seat is None:
        raise Http404
    return _give_back(request, seat)


@never_cache
@require_http_methods(["GET", "POST"])
def seat_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Give a seat back from the link in its mail, without signing in; it opens nothing else."""
    return _give_back(request, _seat_of_token(token))


def _seat_of_token(token: str) -> Registration:
    """The seat whose mail held the link."""
    seats = Registration.objects.select_related("session__training__owner", "person")
    return get_object_or_404(seats.with_position(), pk=letters.seat_of_token(token))


def _actor(request: HttpRequest, seat: Registration) -> Person:
    """Who acts: the reader, or whoever has the seat's mail."""
    return request.user if isinstance(request.user, Person) else seat.person


def _answered(request: HttpRequest, seat: Registration) -> HttpResponse:
    """After a seat's link did something: to the session, or back to the link, which says how it is.

    A restricted training's session opens to nobody who is signed out, whatever their link does.
    """
    if selectors.is_open_to(request.user, seat.session):
        return redirect("events:session", pk=seat.session_id)
    return redirect(request.path)


def _as_it_stands(request: HttpRequest, seat: Registration) -> HttpResponse:
    """Nothing to ask: the session's page, or how the seat is for whom that does not open."""
    found = seat.session
    if selectors.is_open_to(request.user, found):
        return redirect("events:session", pk=found.pk)
    context = {
        "session": found,
        "seat": seat,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "office": found.training.owner,
    }
    return render(request, "events/seat_stands.html", context)


def _give_back(request: HttpRequest, seat: Registration) -> HttpResponse:
    found = seat.session
    if request.method == "POST":
        had_seat, had_asked = seat.is_live, seat.is_pending
        try:
            services.cancel_registration(registration=seat, actor=_actor(request, seat))
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            gave = _("You gave your seat back. Changed your mind? Register again.")
            left = _("You are not on the waiting list any more. Nothing will be offered to you.")
            asked = _("Your request is taken back.")
            messages.success(request, gave if had_seat else asked if had_asked else left)
        return _answered(request, seat)
    if seat.is_cancelled:
        return _as_it_stands(request, seat)
    context = {
        "session": found,
        "seat": seat,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "kept": why_kept(found, timezone.now()),
        "opens": selectors.is_open_to(request.user, found),
    }
    return render(request, "events/cancel.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def offer(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the seat one was offered, or pass it on."""
    seat = selectors.seat_of(request.user, _session(request, pk))
    if seat is None:
        raise Http404
    return _answer_offer(request, seat)


@never_cache
@require_http_methods(["GET", "POST"])
def seat_offer(request: HttpRequest, token: str) -> HttpResponse:
    """The same from the link in the offer's mail, without signing in; it opens nothing else."""
    return _answer_offer(request, _seat_of_token(token))


def _answer_offer(request: HttpRequest, seat: Registration) -> HttpResponse:
    found = seat.session
    if request.method == "POST":
        take = request.POST.get("answer") == "take"
        answer = services.accept_offer if take else services.cancel_registration
        try:
            answer(registration=seat, actor=_actor(request, seat))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return _answered(request, seat)
        if take and selectors.seat_of(request.user, found):
            return redirect("events:registered", pk=found.pk)
        taken = _("The seat is yours. A confirmation with an invitation is on its way to you.")
        passed = _("Thank you. The seat goes to the next person.")
        messages.success(request, taken if take else passed)
        return _answered(request, seat)
    if not seat.is_offered:
        return _as_it_stands(request, seat)
    context = {
        "session": found,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "queue_news": selectors.queue_news(seat),
    }
    return render(request, "events/offer.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """What one answered and what one needs, to be changed until the session begins."""
    found = _session(request, pk)
    seat = selectors.seat_of(request.user, found)
    if seat is None or seat.is_cancelled or found.starts_at <= timezone.now():
        raise Http404
    form = SaidForm(request.POST if request.method == "POST" else None, session=found, seat=seat)
    if form.is_valid():
        try:
            services.say(registration=seat, said=form.said(), actor=signed_in(request))
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("events:session", pk=pk)
    context = {
        "session": found,
        "when": wall_time.when(found.starts_at, found.ends_at, found.zone_info),
        "form": form,
    }
    return render(request, "events/answers.html", context)


@require_safe
@never_cache
def join(request: HttpRequest, pk: int) -> HttpResponse:
    """Into the session, for those with a seat, from half an hour before until its end.

    Anyone else reads how to get a seat; the link itself is on no page and in no mail. Where Webex
    gives no link of one's own, one tries again, or goes in by the session's (`?common`).
    """
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    found, now = _session(request, pk), timezone.now()
    seat = selectors.seat_of(request.user, found)
    has_seat = seat is not None and seat.is_live
    outside = why_not(signed_in(request), found.training, now)
    if has_seat and outside:
        raise outside
    if has_seat and selectors.can_join(found, now):
        common = "common" in request.GET
        link = found.join_url if common else services.own_link(found, signed_in(request))
        if link:
            return HttpResponseRedirect(link)
        return render(request, "events/join_again.html", {"session": found})
    context = {
        "session": found,
        "facts": selectors.facts(found, now),
        "has_seat": has_seat,
        "over": found.ends_at <= now,
        "join_opens_at": selectors.join_opens_at(found),
    }
    return render(request, "events/join.html", context, status=200 if has_seat else 403)
