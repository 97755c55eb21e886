"""Choosing one's reminders: signed in, or from the link in a reminder."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lms.notices import links, selectors, services
from lms.notices.forms import RemindersForm
from lms.people.models import Person


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def reminders(request: HttpRequest) -> HttpResponse:
    """One's own choice."""
    if not isinstance(request.user, Person):
        raise PermissionDenied
    return _choose(request, request.user)


@never_cache
@require_http_methods(["GET", "POST"])
def reminders_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """The choice of whoever got the reminder; reading it changes nothing, as scanners do."""
    people = Person.objects.filter(is_active=True)
    return _choose(request, get_object_or_404(people, pk=links.person_of_token(token)))


def _choose(request: HttpRequest, person: Person) -> HttpResponse:
    wanted, offered = selectors.wanted_by(person), selectors.offered_to(person)
    form = RemindersForm(
        request.POST if request.method == "POST" else None,
        initial={"wanted": [kind.value for kind in wanted]},
        offered=offered,
    )
    if form.is_valid():
        services.choose_reminders(
            person=person,
            # What is not offered today stays as it was chosen.
            wanted={*form.cleaned_data["wanted"], *(wanted - set(offered))},
            actor=request.user if isinstance(request.user, Person) else person,
        )
        messages.success(request, _("Saved. It counts from the next reminder on."))
        return redirect(request.path)
    return render(request, "notices/reminders.html", {"form": form})
