"""A shared device: registered once, signed in by number and PIN, left by "Switch person"."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from courses.services import enrol
from lms.compliance.enums import StandingState
from lms.compliance.group_models import GroupListing
from lms.compliance.groups.selectors import open_listings
from lms.compliance.groups.services import confirm_by_pin
from lms.compliance.known import Known
from lms.compliance.rules import get_rule
from lms.compliance.selectors import facilities_for_employment, standings_from
from lms.core.exceptions import Refused
from lms.core.language import remember_language
from lms.core.ratelimit import Limit, too_many
from lms.core.time import new_york_today
from lms.people.devices import services, sessions
from lms.people.models import Employment
from lms.portal.device.forms import RegisterForm, SignInForm, StartForm
from lms.portal.facilities.course_link import page_for

CODES = Limit("device_code", tries=10, seconds=15 * 60)


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """What this device is: nobody's yet, waiting for somebody, or somebody's for the moment."""
    if worker := sessions.worker_of(request):
        return render(request, "device/worker.html", _about(worker))
    device = sessions.device_of(request)
    if device is None:
        return _register(request)
    form = SignInForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            employment = services.sign_in(device=device, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _let_in(request, device, employment)
    return render(request, "device/sign_in.html", _frame(device, form))


def _frame(device: Any, form: Any) -> dict[str, Any]:
    return {"device": device, "form": form, "languages": settings.LANGUAGES}


def _register(request: HttpRequest) -> HttpResponse:
    form = RegisterForm(request.POST or None, initial={"code": request.GET.get("code", "")})
    if request.method == "POST":
        if CODES.reached(request):
            return too_many(request, CODES)
        CODES.count(request)
    if request.method == "POST" and form.is_valid():
        try:
            device, token = services.register_device(code=form.cleaned_data["code"])
        except Refused as refusal:
            form.add_error("code", str(refusal))
        else:
            return registered(request, device, token)
    return render(request, "device/register.html", {"form": form})


def registered(request: HttpRequest, device: Any, token: str) -> HttpResponse:
    """Make this browser a shared device; whoever was signed in on it is out."""
    request.session.flush()
    response = redirect("device:home")
    sessions.keep_device(response, token)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _let_in(request: HttpRequest, device: Any, employment: Employment) -> HttpResponse:
    """The session begins; the language chosen on the device before stays for it."""
    sessions.begin(request, device=device, employment=employment)
    response = redirect("device:home")
    remember_language(request, response, translation.get_language() or "en")
    return response


@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Choose a PIN with the start code from the slip."""
    device = sessions.device_of(request)
    if device is None or sessions.worker_of(request):
        return redirect("device:home")
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            employment = services.choose_pin(
                device=device,
                number=given["number"],
                start_code=given["start_code"],
                pin=given["pin"],
            )
        except Refused as refusal:
            field = "pin" if refusal.code in ("too_simple", "not_six_digits") else None
            form.add_error(field, str(refusal))
        else:
            return _let_in(request, device, employment)
    return render(request, "device/start.html", _frame(device, form))


def _about(worker: sessions.Worker) -> dict[str, Any]:
    """The worker's own standing, results and course; nothing of another employer's."""
    rule, employment = get_rule(), worker.employment
    known = Known.load([employment], rule)
    [line] = standings_from(
        known,
        facilities=facilities_for_employment(employment),
        rule=rule,
        as_of=new_york_today(),
    )
    page = page_for(rule)
    standing = line.standing
    return {
        "worker": worker,
        "line": line,
        "results": list(reversed(known.trainings(employment))),
        "course": page,
        "to_confirm": open_listings(employment),
        "done": standing.state in StandingState.trained() and not standing.must_train_again,
    }


@never_cache
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin the course that is due, or go on with it; the session may open this one alone."""
    worker = sessions.worker_of(request)
    page = page_for(get_rule())
    training = page.training() if page else None
    if worker is None or training is None:
        return redirect("device:home")
    try:
        enrolment = enrol(
            person=worker.person,
            training=training,
            language=translation.get_language() or "en",
            # What was taken before this employment shows nothing here.
            again=_about(worker)["line"].standing.must_train_again,
            actor=worker.person,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("device:home")
    sessions.give_course(request, enrolment.pk)
    return redirect("courses:outline", pk=enrolment.pk)


@never_cache
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Yes or no to having been at a group training; each person for themselves."""
    worker = sessions.worker_of(request)
    if worker is None:
        return redirect("device:home")
    listing = get_object_or_404(
        GroupListing.objects.select_related("group", "employment__person"),
        pk=pk,
        employment=worker.employment,
    )
    said = request.POST.get("was_there")
    if said in ("yes", "no"):
        confirm_by_pin(
            listing=listing,
            was_there=said == "yes",
            device=worker.device,
            pin_reset_that_day=worker.pin_reset_today,
            actor=worker.person,
        )
        messages.success(request, _("Thank you. Your answer is recorded."))
    return redirect("device:home")


@never_cache
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Not you? Switch person: nothing of the one before stays on the device."""
    response = redirect("device:home")
    if sessions.device_of(request) and not request.user.is_authenticated:
        sessions.end(request, response)
        messages.success(request, _("Signed out. The next person can sign in."))
    return response
