"""Asking an office for a training: a public form, no account."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from events import services
from events.forms_wishes import WishForm
from lms.core.exceptions import Refused
from lms.core.ratelimit import Limit, too_many
from lms.people.models import Person

LIMIT = Limit("training-wish", tries=10, seconds=3600)


@never_cache
@require_http_methods(["GET", "POST"])
def wish(request: HttpRequest) -> HttpResponse:
    """What, for whom, when; then a page that says what happens next."""
    person = request.user if isinstance(request.user, Person) else None
    initial = {"wanted_training": f"t{request.GET.get('training', '')}"}
    if person:
        initial |= {"name": person.get_full_name(), "email": person.email or ""}
    form = WishForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and LIMIT.reached(request):
        return too_many(request, LIMIT)
    if form.is_valid():
        LIMIT.count(request)
        try:
            services.wish(**form.arguments(), actor=person)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("events:wished")
    return render(request, "events/wish.html", {"form": form, "nav": {"current": "trainings"}})


@require_safe
@never_cache
def wished(request: HttpRequest) -> HttpResponse:
    """The request is on its way."""
    return render(request, "events/wished.html", {"nav": {"current": "trainings"}})
