"""A facility changes hands: offered, answered through a mailed link, and what the giver keeps."""

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.compliance.handover_models import FacilityHandover, HandoverStatus
from lms.compliance.handovers import services
from lms.compliance.handovers.selectors import by_token, given_away_by, open_for, own_managers
from lms.compliance.packets.services import note_download
from lms.compliance.selectors import companies_for
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.models import Organization
from lms.people.selectors import has_address
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.owners.forms import AcceptForm, OfferForm


def _mine(request: HttpRequest, key: str) -> Organization:
    """A facility the reader may give away; else a 404."""
    place = managed(request, key)
    if not services.may_hand_over(reader(request), place):
        raise Http404
    return place


@require_http_methods(["GET", "HEAD", "POST"])
@private
def offer(request: HttpRequest, key: str) -> HttpResponse:
    """Give the facility to another company from a day on; or see that it is under way."""
    place = _mine(request, key)
    form = OfferForm(
        request.POST or None,
        in_company=place.parent_id is not None,
        initial={"day": new_york_today()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = services.offer_handover(
                facility=place,
                to_email=form.cleaned_data["to_email"],
                day=form.cleaned_data["day"],
                actor=reader(request),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _after(request, made)
    context = frame(place, form=form, handover=open_for(place))
    return render(request, "facilities/owners/handover.html", context)


def _after(request: HttpRequest, made: FacilityHandover) -> HttpResponse:
    if made.status == HandoverStatus.DONE:
        messages.success(request, _("Done. It stands by itself now."))
        return redirect("facilities:given_away")
    if made.to_email:
        messages.success(
            request, _("A link to accept it is on its way to %(to)s.") % {"to": made.to_email}
        )
    return redirect("facilities:handover", key=made.facility.key)


@require_POST
@private
def take_back(request: HttpRequest, key: str) -> HttpResponse:
    """Not after all."""
    under_way = open_for(_mine(request, key))
    if under_way is None:
        raise Http404
    try:
        services.take_back(handover=under_way, actor=reader(request))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. Nothing has changed."))
    return redirect("facilities:handover", key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """What the link opens: take the facility over, or say no. For the address it was sent to."""
    handover = by_token(token)
    if handover is None:
        raise Http404
    if not has_address(reader(request), handover.to_email):
        context = frame(handover=None)
        return render(request, "facilities/owners/answer.html", context, status=403)
    refusing = request.POST.get("action") == "refuse"
    form = AcceptForm(
        request.POST if request.method == "POST" and not refusing else None,
        companies=list(companies_for(reader(request)).exclude(pk=handover.from_company_id)),
        managers=list(own_managers(handover.facility)),
    )
    if refusing or form.is_valid():
        try:
            if refusing:
                services.refuse_handover(handover=handover, actor=reader(request))
                messages.success(request, _("You said no. Nothing has changed."))
                return redirect("facilities:home")
            accepted = services.accept_handover(
                handover=handover, actor=reader(request), **form.given()
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("facilities:handover_answer", token=token)
        else:
            if accepted.status == HandoverStatus.DONE:
                messages.success(request, _("It is yours now."))
                return redirect("facilities:facility", key=accepted.facility.key)
            return redirect("facilities:handover_answer", token=token)
    context = frame(handover=handover, form=form)
    return render(request, "facilities/owners/answer.html", context)


@require_safe
@private
def given_away(request: HttpRequest) -> HttpResponse:
    """The facilities the reader's companies handed over, with the record of the day before."""
    rows = given_away_by(reader(request))[:50]
    return render(request, "facilities/owners/given_away.html", frame(rows=rows))


@require_safe
@private
def last_packet(request: HttpRequest, pk: int) -> HttpResponse:
    """The packet of the last day before a facility changed hands, for who gave it."""
    handover = get_object_or_404(given_away_by(reader(request)), pk=pk)
    packet = handover.packet
    if packet is None or not packet.is_ready:
        return redirect("facilities:given_away")
    note_download(packet=packet, actor=reader(request))
    name = f"{handover.facility.key}-{packet.as_of.isoformat()}.zip"
    return FileResponse(packet.file.open("rb"), as_attachment=True, filename=name)
