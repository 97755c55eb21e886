"""A packet read by link: no account, nothing to change, every opening noted."""

from typing import TypeVar

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lms.compliance.packet_models import LinkOpening, PacketLink
from lms.compliance.packets.entries import LEFT, in_parts
from lms.compliance.packets.links import note_opening, open_link
from lms.compliance.packets.opened import read_packet
from lms.compliance.rules import get_rule
from lms.core.ratelimit import Limit, too_many
from lms.portal.facilities.views_packet import download

Response = TypeVar("Response", HttpResponse, FileResponse)

# Only wrong addresses count: an inspector may open theirs as often as they like.
WRONG_LINKS = Limit("inspection", tries=20, seconds=10 * 60)


@require_safe
def link(request: HttpRequest, token: str) -> HttpResponse:
    """The record as it was when the packet was made, as of its day."""
    found, refusal = _open(request, token, LinkOpening.What.PAGE)
    if found is None:
        return refusal
    packet = found.packet
    opened = read_packet(packet)
    context = {
        "link": found,
        "token": token,
        "packet": packet,
        "facility": packet.facility,
        "said": opened.said,
        "rule": get_rule(packet.rule),
        "parts": in_parts(opened.entries),
        "left": sum(1 for entry in opened.entries if entry["part"] == LEFT),
        "corrected": opened.corrected,
    }
    return unseen(render(request, "inspection/link.html", context))


@require_safe
def link_packet(request: HttpRequest, token: str) -> HttpResponse | FileResponse:
    """The packet itself."""
    found, refusal = _open(request, token, LinkOpening.What.PACKET)
    return unseen(download(found.packet)) if found else refusal


def _open(
    request: HttpRequest, token: str, what: LinkOpening.What
) -> tuple[PacketLink | None, HttpResponse]:
    """The link, its opening noted; else the one page for whatever keeps it from being opened."""
    if WRONG_LINKS.reached(request):
        return None, unseen(too_many(request, WRONG_LINKS))
    found = open_link(token)
    if found is None:
        WRONG_LINKS.count(request)
        return None, unseen(render(request, "inspection/gone.html", status=404))
    if request.method == "GET":
        note_opening(link=found, what=what)
    return found, HttpResponse()


def unseen(response: Response) -> Response:
    """Kept by no cache, found by no search engine, told to no other site."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    return response
