"""Hearing of new dates by mail: subscribing with a code, and stopping with one click."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from events import mailing_letters, services
from events.forms_mailing import ListsForm
from events.mailing_models import MailingList, Subscription, address_hash
from events.views import signed_in
from lms.core.exceptions import Refused
from lms.people.models import Person
from lms.people.selectors import has_address
from lms.people.signin import begin_code_sign_in

# What the browser's session keeps between the form and the code: [ids of lists, address].
PENDING = "pending_subscription"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def by_mail(request: HttpRequest) -> HttpResponse:
    """The lists of all offices. Signed in, one's own ticks; else an address, proved by a code."""
    lists = list(MailingList.objects.open().select_related("office"))
    person = request.user if isinstance(request.user, Person) and request.user.email else None
    asked = request.GET.get("list", "")
    initial = [int(asked)] if asked.isascii() and asked.isdigit() else []
    if person:
        initial += _lists_of(person)
    form = ListsForm(
        request.POST if request.method == "POST" else None,
        lists=lists,
        asks_address=person is None,
        initial={"lists": initial},
    )
    if form.is_valid():
        if person:
            services.choose_lists(
                email=str(person.email),
                wanted=form.chosen(),
                shown=lists,
                language=get_language() or "en",
                actor=person,
            )
            messages.success(request, _("Saved. It counts from the next mail on."))
            return redirect("events:by_mail")
        try:
            return _ask_for_code(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "lists": lists, "person": person, "nav": {"current": "trainings"}}
    return render(request, "events/mailing/by_mail.html", context)


def _lists_of(person: Person) -> list[int]:
    live = Subscription.objects.live().filter(address_hash=address_hash(str(person.email)))
    return list(live.values_list("mailing_list", flat=True))


def _ask_for_code(request: HttpRequest, form: ListsForm) -> HttpResponse:
    given = form.cleaned_data
    email = given["email"]
    request.session[PENDING] = [[row.pk for row in form.chosen()], email]
    return begin_code_sign_in(
        request,
        email=email,
        first_name=given["first_name"],
        last_name=given["last_name"],
        next_url=reverse("events:by_mail_after_code"),
    )


@require_safe
@never_cache
@login_required
def after_code(request: HttpRequest) -> HttpResponse:
    """Where the code leads: subscribe what this browser's own form asked for, once.

    A link to here does nothing by itself, and only for the address whose code was typed.
    """
    person = signed_in(request)
    pending = request.session.pop(PENDING, None)
    if pending and has_address(person, pending[1]):
        for row in MailingList.objects.open().filter(pk__in=pending[0]):
            services.subscribe(
                mailing_list=row,
                email=pending[1],
                name=person.get_full_name(),
                language=get_language() or "en",
                actor=person,
            )
        messages.success(
            request, _("You are subscribed. Each mail has a link to stop it with one click.")
        )
    return redirect("events:by_mail")


@csrf_exempt  # a mail program posts here by itself (RFC 8058); the signed link is all it may do
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails of one list, without signing in; reading it changes nothing."""
    rows = Subscription.objects.select_related("mailing_list__office")
    there = get_object_or_404(rows, pk=mailing_letters.subscription_of_token(token))
    if request.method == "POST":
        services.unsubscribe(subscription=there)
        there.refresh_from_db()
    context = {"subscription": there, "nav": {"current": "trainings"}}
    return render(request, "events/mailing/stop.html", context)
