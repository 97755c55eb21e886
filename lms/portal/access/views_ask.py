"""Asking for access: the form, the code from the work address, the supervisor's word."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lms.core.exceptions import Refused
from lms.core.ratelimit import Limit, too_many
from lms.portal.access.forms import NO_FILES, AskForm
from lms.portal.access.views import outside, reader_of, shown_training
from lms.trainings.access_models import AccessRequest
from lms.trainings.services import requests

# Each request writes to an address somebody typed.
ASKED = Limit("access.ask", tries=10, seconds=60 * 60)


@require_POST
@never_cache
@login_required
def ask(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask the office; the proof is asked for at once. A file is refused and kept nowhere."""
    training = shown_training(request, key)
    form = AskForm(request.POST, request.FILES)
    if form.is_valid():
        if ASKED.reached(request):
            return too_many(request, ASKED)
        ASKED.count(request)
        try:
            requests.ask(
                person=reader_of(request),
                training=training,
                **form.cleaned_data,
                actor=reader_of(request),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("You asked for access. One step is left: the proof."))
            return redirect("access:door", key=key)
    return outside(request, training, form)


@require_POST
@never_cache
@login_required
def code(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The code from the work address; or another one, please."""
    asked = _open_request(request, key)
    if request.FILES:
        messages.error(request, str(NO_FILES))
        return redirect("access:door", key=key)
    try:
        if request.POST.get("action") == "again":
            requests.send_new_code(request=asked, actor=reader_of(request))
            messages.success(request, _("A new code is on its way. The old one works no longer."))
        else:
            requests.prove_by_code(
                request=asked, code=request.POST.get("code", ""), actor=reader_of(request)
            )
            messages.success(request, _("Your work address is proved. Now the office answers."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("access:door", key=key)


@require_POST
@never_cache
@login_required
def take_back(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask no longer; one may ask again."""
    requests.take_back(request=_open_request(request, key), actor=reader_of(request))
    messages.success(request, _("You took your request back. You can ask again."))
    return redirect("access:door", key=key)


def _open_request(request: HttpRequest, key: uuid.UUID) -> AccessRequest:
    training = shown_training(request, key)
    asked = AccessRequest.objects.of(reader_of(request)).open().filter(training=training).first()
    if asked is None:
        raise Http404
    return asked


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def word(request: HttpRequest, token: str) -> HttpResponse:
    """The supervisor's yes or no, without an account. A link that is only opened says nothing."""
    asked = requests.request_of_word(token)
    if asked is None:
        raise Http404
    answer = request.POST.get("answer")
    if request.method == "POST" and not request.FILES and answer in ("yes", "no"):
        requests.give_word(request=asked, yes=answer == "yes")
        return redirect("access:word", token=token)
    context = {"asked": asked, "sent_file": bool(request.FILES)}
    return render(request, "portal/access/word.html", context)
