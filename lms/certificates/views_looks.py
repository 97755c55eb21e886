"""The editors' pages on how their office's certificates look, with a sample before it is chosen."""

import base64
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lms.certificates import codes
from lms.certificates.drawing import SAMPLE, draw_sheet
from lms.certificates.facts import Facts, printable_language
from lms.certificates.look_forms import DesignForm, LookForm
from lms.certificates.look_models import CertificateLook
from lms.certificates.look_services import choose_design, choose_look, picture_of
from lms.certificates.looks import Look, designs_of_trainings, look_of_office
from lms.certificates.models import Certificate
from lms.core.exceptions import Refused
from lms.core.pdf import NotDrawable
from lms.core.time import new_york_date, new_york_today
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training
from lms.trainings.wording import length_sentence

EARLIER_SHOWN = 10


def _editor(request: HttpRequest) -> Person:
    """Who is at the editors' pages; nobody else comes here."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return request.user


def offices_edited_by(person: Person) -> Any:
    """The offices whose content is the person's to edit."""
    offices = Organization.objects.offices()
    return offices if person.is_superuser else offices.with_role(person, *Role.editing())


def _office(request: HttpRequest, key: str) -> Organization:
    office: Organization = get_object_or_404(offices_edited_by(_editor(request)), key=key)
    return office


@require_safe
@never_cache
def looks(request: HttpRequest) -> HttpResponse:
    """The offices whose certificates the reader may dress; with one there is nothing to choose."""
    offices = list(offices_edited_by(_editor(request)).order_by("name"))
    if not offices:
        raise Http404
    if len(offices) == 1:
        return redirect("certificate_looks:office", offices[0].key)
    return render(request, "certificates/admin/looks.html", {"offices": offices})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def office_look(request: HttpRequest, office: str) -> HttpResponse:
    """The look in force, to be changed; the sample is the same form sent to another address."""
    own = _office(request, office)
    form = _form(request, own)
    if request.method == "POST" and form.is_valid():
        before = look_of_office(own).pk
        try:
            look = choose_look(
                look=form.wanted(),
                logo=form.cleaned_data["new_logo"],
                signature=form.cleaned_data["new_signature"],
                actor=_editor(request),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            if look.pk == before:
                messages.info(request, _("Nothing was changed."))
            else:
                messages.success(
                    request,
                    _("Certificates issued from now on look like this. Earlier ones stay."),
                )
            return redirect("certificate_looks:office", own.key)
    return render(request, "certificates/admin/look.html", _context(own, form))


def _form(request: HttpRequest, office: Organization) -> LookForm:
    return LookForm(request.POST or None, request.FILES or None, instance=look_of_office(office))


def _context(office: Organization, form: LookForm) -> dict[str, Any]:
    in_force = look_of_office(office)
    own = designs_of_trainings(office)
    trainings = (
        Training.objects.filter(owner=office)
        .exclude(kind__in=[TrainingKind.OUTSIDE, TrainingKind.FACILITY])
        .order_by("title")
    )
    earlier = CertificateLook.objects.filter(office=office, training=None).select_related("actor")
    return {
        "office": office,
        "form": form,
        "logo": Look.load(in_force.as_snapshot()).logo_data,
        "signature": Look.load(in_force.as_snapshot()).signature_data,
        "trainings": [
            {
                "training": row,
                "form": DesignForm(
                    initial={"design": own.get(row.pk, "")}, auto_id=f"d{row.pk}_%s"
                ),
            }
            for row in trainings
        ],
        "earlier": [
            {"look": row, "day": new_york_date(row.created_at)} for row in earlier[:EARLIER_SHOWN]
        ],
    }


@require_POST
@never_cache
def preview(request: HttpRequest, office: str) -> HttpResponse:
    """A sample of what is filled in, as PDF; nothing is saved, no picture is kept."""
    own = _office(request, office)
    form = _form(request, own)
    if not form.is_valid():
        return render(request, "certificates/admin/look.html", _context(own, form), status=422)
    look = Look.load(
        form.wanted().as_snapshot()
        | {
            field: name
            for field in ("logo", "signature")
            if (name := _unsaved(form.cleaned_data[f"new_{field}"]))
        }
    )
    try:
        document = _sample(own, look)
    except NotDrawable as problem:
        form.add_error(None, str(problem))
        return render(request, "certificates/admin/look.html", _context(own, form), status=422)
    response = HttpResponse(document, content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="sample.pdf"'
    return response


def _unsaved(upload: Any) -> str:
    """A picture that is only looked at, as a data address."""
    if not upload:
        return ""
    return "data:image/png;base64," + base64.b64encode(picture_of(upload)).decode()


def _sample(office: Organization, look: Look) -> bytes:
    """The newest training of the office, completed today by nobody."""
    training = Training.objects.filter(owner=office).order_by("-created_at").first()
    language = printable_language("en")
    today = new_york_today()
    certificate = Certificate(code=codes.SAMPLE)
    facts = Facts(
        code=certificate.code,
        name=_("Name of a person"),
        title=training.title if training else _("Title of a training"),
        kind=training.kind if training else TrainingKind.COURSE,
        version=1,
        occurred_on=(today - timedelta(days=1)).isoformat(),
        issued_on=today.isoformat(),
        minutes=60,
        length=length_sentence(60, []),
        credits=[],
        credit_lines=[],
        topics=[],
        language=language,
        office=office.name,
        office_email=office.contact_email,
        trial=False,
    )
    return draw_sheet(facts, look, certificate, watermark=SAMPLE)


@require_POST
@never_cache
def training_design(request: HttpRequest, office: str, training: UUID) -> HttpResponse:
    """Let one training use another design."""
    own = _office(request, office)
    row = get_object_or_404(Training, owner=own, key=training)
    form = DesignForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a design from the list."))
        return redirect("certificate_looks:office", own.key)
    choose_design(training=row, design=form.cleaned_data["design"], actor=_editor(request))
    messages.success(
        request,
        _("Certificates of “%(title)s” issued from now on use this design.") % {"title": row.title},
    )
    return redirect("certificate_looks:office", own.key)
