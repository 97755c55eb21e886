"""Guests: browsers that take a course without an account, until somebody claims what was done.

A guest is never `request.user`: to every view of the site the browser is signed out. Only views
under `learner_required` know a guest, so whatever is written later is closed to guests by itself.
docs/decisions/0018 says why.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import wraps
from typing import TypeVar

from allauth.core import ratelimit
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lms.core.exceptions import Refused
from lms.core.time import new_york_date
from lms.people import guest_services
from lms.people.devices.sessions import worker_of
from lms.people.guest_services import KEPT_DAYS
from lms.people.models import Person

# What the browser's session keeps: the guest's id.
GUEST = "guest"
# Whose work was claimed in this session: answers that still wait on the device are its claimer's.
CLAIMED = "claimed_guest"
View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def guest_of(request: HttpRequest) -> Person | None:
    """The guest this browser is, if any; asked once a request."""
    known: Person | None = getattr(request, "guest", None)
    if known is None and (pk := request.session.get(GUEST)):
        known = Person.objects.guests().filter(pk=pk).first()
        request.guest = known  # type: ignore[attr-defined]
    return known


def begin(request: HttpRequest, now: datetime | None = None) -> Person:
    """The guest this browser is, made if it is none yet.

    Raises Refused "too_many_guests" where too many were made from one place.
    """
    known = guest_of(request)
    if known:
        return known
    if not ratelimit.consume(request, action="begin_as_guest"):
        raise Refused(
            _(
                "Many people began without an account from this network a moment ago. Wait a few"
                " minutes and try again, or sign in with your e-mail address."
            ),
            code="too_many_guests",
        )
    guest = guest_services.make_guest(language=translation.get_language() or "en", now=now)
    # A session that was here before, say from a link somebody sent, must not open this one.
    request.session.cycle_key()
    request.session[GUEST] = guest.pk
    request.guest = guest  # type: ignore[attr-defined]
    return guest


def forget(request: HttpRequest, *, claimed: bool = False) -> None:
    """Make this browser nobody's; of somebody signed out, nothing at all is left in the session."""
    if request.user.is_authenticated:
        guest = request.session.pop(GUEST, None)
        if claimed:
            request.session[CLAIMED] = guest
    else:
        request.session.flush()
    request.guest = None  # type: ignore[attr-defined]


def last_day(guest: Person) -> date:
    """The last New York day on which the guest's work is here, if nothing more is done."""
    assert guest.guest_seen_on is not None  # noqa: S101 - the database says so of every guest
    return guest.guest_seen_on + timedelta(days=KEPT_DAYS - 1)


def learner_of(request: HttpRequest) -> Person | None:
    """Who learns in this browser: who is signed in, else the worker at a shared device, else the
    guest it is, else nobody.

    A guest that does something is kept on from today, and so is the browser's session.
    """
    if isinstance(request.user, Person):
        return request.user
    if worker := worker_of(request):
        return worker.person
    guest = guest_of(request)
    if guest and guest.guest_seen_on != (today := new_york_date(timezone.now())):
        guest_services.note_seen(guest=guest, day=today)
        request.session.modified = True
    return guest


def learner_required(view: View) -> View:
    """For the player's views: open to who is signed in and to guests, each to their own.

    Everybody else is asked to sign in. `request.learner` is who learns.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        learner = learner_of(request)
        if learner is None:
            return redirect_to_login(request.get_full_path())
        request.learner = learner  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return inner  # type: ignore[return-value]
