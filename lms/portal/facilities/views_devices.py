"""A facility's shared devices, and start codes for those who sign in on them."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lms.certificates.drawing import qr_code
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.device_models import SharedDevice
from lms.people.devices import services
from lms.people.models import Employment, Organization
from lms.portal.device.views import registered
from lms.portal.facilities.access import employee_of, frame, managed, private, reader
from lms.portal.facilities.forms import DeviceForm
from lms.portal.facilities.slips import AT_ONCE, Slip, slips_pdf


@require_http_methods(["GET", "HEAD", "POST"])
@private
def devices(request: HttpRequest, key: str) -> HttpResponse:
    """The devices, and a new one: this very one, or another by a short code."""
    place = managed(request, key)
    form = DeviceForm(request.POST or None)
    code = qr = ""
    if request.method == "POST" and form.is_valid():
        _device, code = services.invite_device(
            facility=place, label=form.cleaned_data["label"], actor=reader(request)
        )
        if request.POST.get("this_one"):
            found, token = services.register_device(code=code)
            return registered(request, found, token)
        address = f"{settings.SITE_ORIGIN}{reverse('device:home')}"
        qr = qr_code(f"{address}?code={code}").svg_inline(
            scale=4, border=4, dark="#000", light="#fff", svgclass=None, lineclass=None
        )
        form = DeviceForm()
    rows = SharedDevice.objects.filter(
        organization=place, registered_at__isnull=False, removed_at__isnull=True
    ).select_related("invited_by")
    address = f"{settings.SITE_ORIGIN}{reverse('device:home')}"
    context = frame(place, form=form, rows=rows, code=code, qr=qr, address=address)
    return render(request, "facilities/devices.html", context)


@require_POST
@private
def remove_device(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """The device signs nobody in any more."""
    place = managed(request, key)
    device = get_object_or_404(SharedDevice, organization=place, pk=pk)
    services.remove_device(device=device, actor=reader(request))
    messages.success(request, _("Removed. Nobody can sign in on it until it is added again."))
    return redirect("facilities:devices", key=key)


@require_http_methods(["GET", "HEAD", "POST"])
@private
def start_codes(request: HttpRequest, key: str) -> HttpResponse:
    """Slips with start codes for many, as one document to print and cut."""
    place = managed(request, key)
    rows = _without_address(place)
    if request.method == "POST":
        wanted = {int(pk) for pk in request.POST.getlist("who") if pk.isdigit()}
        chosen = [row for row in rows if row.pk in wanted][:AT_ONCE]
        if chosen:
            return _slips(request, place, chosen)
        messages.error(request, _("Tick at least one person."))
    context = frame(place, rows=rows, at_once=AT_ONCE)
    return render(request, "facilities/start_codes.html", context)


def _without_address(place: Organization) -> list[Employment]:
    """Who works here, has a number and no e-mail address; those without a PIN first."""
    found = Employment.objects.filter(
        organization=place, ended_on__isnull=True, person__email__isnull=True
    ).exclude(number="")
    rows = list(found.select_related("person", "organization", "pin").order_by("person__sort_name"))
    return sorted(rows, key=lambda row: bool(getattr(row, "pin", None) and row.pin.pin_hash))


def _slips(request: HttpRequest, place: Organization, chosen: list[Employment]) -> HttpResponse:
    slips = [
        Slip(row, services.give_start_code(employment=row, actor=reader(request))) for row in chosen
    ]
    response = HttpResponse(slips_pdf(place, slips), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="start-codes-{place.key}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@private
def start_code(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """A start code for one person, on the screen; an old PIN stops working."""
    place = managed(request, key)
    employment = employee_of(place, pk)
    code = ""
    if request.method == "POST":
        try:
            code = services.give_start_code(employment=employment, actor=reader(request))
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("facilities:employee", key=key, pk=pk)
    context: dict[str, Any] = frame(
        place,
        employment=employment,
        code=code,
        pin=getattr(employment, "pin", None),
        today=new_york_today(),
        address=f"{settings.SITE_ORIGIN}{reverse('device:home')}",
    )
    return render(request, "facilities/start_code.html", context)
