"""Signing for premises and paid time: choose, look again, sign. One training or many at once."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lms.compliance import services
from lms.compliance.rules import get_rule
from lms.compliance.selectors import (
    Scope,
    signable,
    standings,
    trainings_to_sign,
)
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.portal.facilities.access import frame, managed, private, reader
from lms.portal.facilities.forms import SignatureForm


@require_safe
@private
def choose(request: HttpRequest, key: str) -> HttpResponse:
    """The trainings that wait for the facility's signature, to tick; those who left too."""
    place, rule = managed(request, key), get_rule()
    lines = standings(facilities=[place], rule=rule, as_of=new_york_today(), scope=Scope.ALL)
    rows = [
        {"line": line, "value": f"{line.employment.pk}:{training.completion_id}",
         "training": training}
        for line, completion_id in trainings_to_sign(lines)
        for training in line.standing.trainings
        if training.completion_id == completion_id
    ]  # fmt: skip
    return render(request, "facilities/sign.html", frame(place, rule=rule, rows=rows))


@require_http_methods(["GET", "HEAD", "POST"])
@private
def confirm(request: HttpRequest, key: str) -> HttpResponse:
    """What will be signed for whom; signing happens on POST, for all or for none."""
    place = managed(request, key)
    values = (request.POST if request.method == "POST" else request.GET).getlist("training")
    if not values:
        messages.error(request, _("Tick at least one training."))
        return redirect("facilities:sign", key=key)
    chosen = signable(place, get_rule(), _pairs(values))
    if len(chosen) != len(set(values)):
        raise Http404
    form = SignatureForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            signed = services.attest_many(
                trainings=chosen, actor=reader(request), **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = ngettext(
                "Signed for %(n)s training.", "Signed for %(n)s trainings.", len(signed)
            )
            messages.success(request, words % {"n": len(signed)})
            return _back(key, [pair[0].pk for pair in chosen])
    context = frame(
        place,
        form=form,
        chosen=chosen,
        hidden=[{"name": "training", "value": value} for value in values],
    )
    return render(request, "facilities/sign_confirm.html", context)


def _pairs(values: list[str]) -> list[tuple[int, UUID]]:
    """The employments and completions named by "12:<uuid>"; anything else is a 404."""
    try:
        halves = [value.split(":", maxsplit=1) for value in values]
        return [(int(employment), UUID(completion)) for employment, completion in halves]
    except ValueError as error:
        raise Http404 from error


def _back(key: str, employments: list[int]) -> HttpResponse:
    """After one training to the employee, after many to the facility."""
    if len(employments) == 1:
        return redirect("facilities:employee", key=key, pk=employments[0])
    return redirect("facilities:facility", key=key)
