"""The packet for an inspector: asked for, watched, taken; and links that show it for some days."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.compliance.packet_models import InspectionPacket, PacketLink
from lms.compliance.packets import links, services
from lms.compliance.review.selectors import accesses_to, outcomes_for
from lms.compliance.review.wording import item_title
from lms.compliance.rules import get_rule
from lms.core.exceptions import Refused
from lms.people.models import Organization
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.forms import AsOfForm

SHOWN = 20
LOOK_AGAIN_SECONDS = "2"


class LinkForm(forms.Form):
    """For whom a link is, and for how long."""

    label = forms.CharField(
        label=later("For whom is it?"),
        help_text=later("For example: county inspector, November. You see it in the list below."),
        max_length=120,
    )
    days = forms.TypedChoiceField(
        label=later("For how long?"),
        choices=lambda: [(days, _("%(days)s days") % {"days": days}) for days in links.DAYS],
        initial=14,
        coerce=int,
        widget=forms.RadioSelect,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@private
def packets(request: HttpRequest, key: str) -> HttpResponse:
    """Packets made so far, links to them, the state's looks; a POST asks for a day's packet."""
    place = managed(request, key)
    if request.method == "POST":
        return _ask(request, place)
    context = frame(
        place,
        rows=InspectionPacket.objects.filter(
            facility__in=Organization.objects.one_place(place)
        ).select_related("requested_by")[:SHOWN],
        links=_links(links.links_of(place)[:SHOWN]),
        form=AsOfForm(),
        looks=accesses_to(place)[:SHOWN],
        outcomes=[
            {"said": said, "what": item_title(said.item)} for said in outcomes_for(place)[:SHOWN]
        ],
    )
    return render(request, "facilities/packets.html", context)


def _ask(request: HttpRequest, place: Organization) -> HttpResponse:
    """Ask for the packet of the day that was chosen, and lead to it."""
    form = AsOfForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["as_of"]))
        return redirect("facilities:record", key=place.key)
    try:
        found = services.request_packet(
            facility=place,
            rule=get_rule(),
            as_of=form.cleaned_data["as_of"],
            with_certificates=request.POST.get("with_certificates") == "on",
            actor=reader(request),
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("facilities:record", key=place.key)
    return redirect("facilities:packet", key=place.key, packet=found.pk)


def _packet_of(place: Organization, packet: UUID) -> InspectionPacket:
    """A packet of this facility; else a 404."""
    rows = InspectionPacket.objects.select_related("requested_by")
    found: InspectionPacket = get_object_or_404(
        rows, facility__in=Organization.objects.one_place(place), pk=packet
    )
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@private
def packet(request: HttpRequest, key: str, packet: UUID) -> HttpResponse:
    """How far the packet is; once it is ready, to take it and to make links to it.

    A new link's address is shown in the answer to its form, and never again.
    """
    place = managed(request, key)
    found = _packet_of(place, packet)
    form = LinkForm(request.POST or None)
    address, made = "", None
    if request.method == "POST" and form.is_valid():
        try:
            made, token = links.make_link(packet=found, actor=reader(request), **form.cleaned_data)
        except Refused as refusal:
            form.add_error("label" if refusal.code == "exists" else None, str(refusal))
        else:
            address = f"{settings.SITE_ORIGIN}{reverse('inspection:link', args=[token])}"
            form = LinkForm()
    context = frame(
        place,
        packet=found,
        form=form,
        address=address,
        made=made,
        links=_links(links.links_of(place).filter(packet=found)),
    )
    response = render(request, "facilities/packet.html", context)
    if found.is_under_way:
        response["Refresh"] = LOOK_AGAIN_SECONDS
    return response


def _links(rows: Any) -> list[dict[str, Any]]:
    """Each link with whether it is open, in a word and a look."""
    now = timezone.now()
    looks = []
    for link in rows:
        if link.ended_at:
            state = {"kind": "neutral", "label": _("Ended")}
        elif link.expires_at <= now:
            state = {"kind": "neutral", "label": _("Its time is up")}
        else:
            state = {"kind": "ok", "label": _("Open")}
        looks.append({"link": link, "pill": state, "is_open": state["kind"] == "ok"})
    return looks


@require_safe
@private
def packet_file(request: HttpRequest, key: str, packet: UUID) -> HttpResponse | FileResponse:
    """The packet as a file; that it was taken is noted."""
    place = managed(request, key)
    found = _packet_of(place, packet)
    if not found.is_ready:
        return redirect("facilities:packet", key=key, packet=packet)
    services.note_download(packet=found, actor=reader(request))
    return download(found)


def download(found: InspectionPacket) -> FileResponse:
    """The packet to save; nobody's cache keeps it."""
    name = f"{found.facility.key}-{found.as_of}.zip"
    response = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=name, content_type="application/zip"
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@private
def link_end(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The link shows nothing any more."""
    place = managed(request, key)
    link = get_object_or_404(
        PacketLink, packet__facility__in=Organization.objects.one_place(place), pk=pk
    )
    links.end_link(link=link, actor=reader(request))
    messages.success(request, _("Ended. Whoever has the address finds nothing there any more."))
    return redirect("facilities:packet", key=key, packet=link.packet_id)
