"""Taking a course without an account: the door, giving a name, taking work along, starting over."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from courses import player, selectors, services, wording
from courses.forms import ClaimForm
from courses.models import Enrolment
from lms.core.exceptions import Refused
from lms.core.language import door_in
from lms.core.time import long_date, new_york_date
from lms.people import guests, known_browser
from lms.people.guest_services import KEPT_DAYS
from lms.people.models import Person
from lms.people.selectors import has_address
from lms.people.signin import begin_code_sign_in, safe_path
from lms.trainings.models import Training

# What the browser's session keeps between the form and the code: [guest's id, address].
CLAIM = "guest_claims"
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def for_learners(view: View) -> View:
    """For a view of one's own course, by its `pk`: for who is signed in, and for guests.

    A guest whose course needs an account by now is led to where one gives a name.
    """

    @guests.learner_required
    @wraps(view)
    def inner(request: HttpRequest, pk: int, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, pk, *args, **kwargs)
        except Http404:
            guest = guests.guest_of(request)
            if guest and Enrolment.objects.filter(pk=pk, person=guest).exists():
                still = Enrolment.objects.visible_to(guest).filter(pk=pk)
                if not still.exists():
                    return redirect("courses:claim")
            raise

    return inner  # type: ignore[return-value]


def door(request: HttpRequest, training: Training) -> HttpResponse:
    """Begin without an account, or go on with what this browser began; signing in is offered."""
    guest = guests.guest_of(request)
    mine = guest and Enrolment.objects.visible_to(guest).filter(training=training).first()
    page = selectors.open_page(training, request.LANGUAGE_CODE)
    if page is None or page.version_in_force is None:
        raise Http404
    refusal = None
    if request.method == "POST":
        try:
            return _begin(request, training)
        except Refused as refused:
            refusal = refused
    context = {
        "page": page,
        "training": training,
        "what": wording.what_will_happen(page.version_in_force.spec),
        "how_long": wording.how_long(page.minutes),
        "kept_days": KEPT_DAYS,
        "mine": mine,
        "begun_on": new_york_date(mine.started_at) if mine else None,
        "refusal": refusal,
        "here": request.path,
        "nav": {"current": "trainings"},
    }
    return render(request, "courses/guests/door.html", context, status=429 if refusal else 200)


def _begin(request: HttpRequest, training: Training) -> HttpResponse:
    guest = guests.begin(request)
    enrolment = services.enrol(
        person=guest, training=training, language=request.LANGUAGE_CODE, actor=guest
    )
    step = selectors.where(enrolment).next_step
    return redirect(player.step_url(enrolment, step) if step else player.outline_url(enrolment))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Give a name and an address; after the code sent to it the work is that person's."""
    if request.user.is_authenticated:
        return redirect("courses:take_along")
    guest = guests.guest_of(request)
    if guest is None:
        return render(request, "courses/guests/nothing.html", status=404)
    form = ClaimForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        request.session[CLAIM] = [guest.pk, form.cleaned_data["email"]]
        try:
            return begin_code_sign_in(
                request, **form.cleaned_data, next_url=reverse("courses:take_along")
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "rows": _rows(guest), "kept_until": guests.last_day(guest)}
    return render(request, "courses/guests/claim.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_along(request: HttpRequest) -> HttpResponse:
    """Make a guest's work one's own: at once after the form for it, else after a question."""
    wanted = safe_path(request.POST.get("next") or request.GET.get("next"))
    guest = guests.guest_of(request)
    person: Person = request.user  # type: ignore[assignment]  # login_required lets nobody else in
    if guest is None:
        return redirect(wanted or settings.LOGIN_REDIRECT_URL)
    asked_for = request.session.pop(CLAIM, None)
    if asked_for and asked_for[0] == guest.pk and has_address(person, asked_for[1]):
        return _claim(request, guest, person, wanted)
    if request.method == "POST" and request.POST.get("action") == "take":
        return _claim(request, guest, person, wanted)
    if request.method == "POST" and request.POST.get("action") == "remove":
        services.remove_work(guest=guest, reason="started_over")
        guests.forget(request)
        messages.success(request, _("It is removed from this device."))
        return redirect(wanted or settings.LOGIN_REDIRECT_URL)
    context = {"rows": _rows(guest), "wanted": wanted}
    return render(request, "courses/guests/take_along.html", context)


def _claim(request: HttpRequest, guest: Person, person: Person, wanted: str | None) -> HttpResponse:
    claimed = services.claim(guest=guest, person=person, actor=person)
    guests.forget(request, claimed=True)
    if claimed.enrolments:
        messages.success(request, _("What you did without an account is in your record now."))
    for sentence in _news(claimed):
        messages.info(request, sentence)
    shown = [enrolment for enrolment in claimed.enrolments if enrolment not in claimed.closed]
    if wanted:
        return redirect(wanted)
    if len(shown) == 1:
        return redirect(player.outline_url(shown[0]))
    return redirect(settings.LOGIN_REDIRECT_URL)


def _news(claimed: services.Claimed) -> list[str]:
    """What else was there of the same courses, and what became of it."""
    begun = {enrolment.pk for enrolment in claimed.enrolments}
    news = []
    for closed in claimed.closed:
        sentence = (
            _(
                "You had begun “%(title)s” before and were further on, so it goes on there. What"
                " you did on this device is kept too."
            )
            if closed.pk in begun
            else _(
                "You had begun “%(title)s” before. What you did on this device is further on, so"
                " it counts; what you did before is kept too."
            )
        )
        news.append(sentence % {"title": closed.training.title})
    news += [
        _(
            "You had completed “%(title)s” on %(day)s already. That record stays, and this is a"
            " second one."
        )
        % {
            "title": before.training.title,
            "day": long_date(new_york_date(before.completed_at)),
        }
        for before in claimed.again
        if before.completed_at
    ]
    return news


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def start_over(request: HttpRequest) -> HttpResponse:
    """On a shared device: remove what was done here, so that nothing of it is left; asks first."""
    guest = guests.guest_of(request)
    trainings = door_in("/trainings/", request.LANGUAGE_CODE)
    if guest is None:
        return redirect(trainings)
    if request.method == "POST":
        services.remove_work(guest=guest, reason="started_over")
        guests.forget(request)
        response = redirect(trainings)
        known_browser.keep_nothing(response)
        return response
    context = {"rows": _rows(guest)}
    return render(request, "courses/guests/start_over.html", context)


def _rows(guest: Person) -> list[dict[str, object]]:
    """The guest's courses with how far each is, the newest first."""
    mine = Enrolment.objects.filter(person=guest).with_standing()
    rows = []
    for enrolment in selectors.prepare(mine):
        stands = selectors.where(enrolment)
        rows.append(
            {
                "title": stands.title,
                "url": player.outline_url(enrolment) if enrolment.training.without_account else "",
                "finished": stands.is_finished,
                "done": stands.done_count,
                "total": stands.total_count,
                "begun_on": new_york_date(enrolment.started_at),
            }
        )
    return rows
