"""The session of a worker on a shared device: bound to device, employment and PIN, and short."""

import time
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from lms.core.time import new_york_date, new_york_today
from lms.people.device_models import SharedDevice
from lms.people.devices.secrets import token_hash
from lms.people.models import Employment, Person

# What the browser keeps: which device it is. Nothing of any person.
COOKIE = "shared_device"
SALT = "lms.people.devices"
AGE = timedelta(days=400)
# What the session keeps.
WORKER = "worker"
IDLE_SECONDS = 10 * 60


@dataclass(frozen=True)
class Worker:
    """Who is signed in on which device."""

    employment: Employment
    device: SharedDevice

    @property
    def person(self) -> Person:
        """The row that services write for."""
        return self.employment.person.canonical

    @property
    def facts(self) -> dict[str, object]:
        """What a fact recorded here says about the device: ids and states."""
        return {
            "device": self.device.pk,
            "facility": self.device.organization_id,
            "pin_reset_that_day": self.pin_reset_today,
        }

    @property
    def pin_reset_today(self) -> bool:
        """Whether a manager replaced the PIN on this New York day, and so could have known it.

        The code they give works for days; the day on which it was used is such a day too.
        """
        pin, today = self.employment.pin, new_york_today()
        if pin.reset_at is None:
            return False
        chosen = pin.chosen_at and pin.chosen_at >= pin.reset_at and new_york_date(pin.chosen_at)
        return today in {new_york_date(pin.reset_at), chosen}


def keep_device(response: HttpResponse, token: str) -> None:
    """Have the browser remember that it is a shared device."""
    response.set_cookie(
        COOKIE,
        signing.dumps(token, salt=SALT),
        max_age=AGE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def device_of(request: HttpRequest) -> SharedDevice | None:
    """The registered device this browser is; asked once a request, nothing asked of others."""
    if not hasattr(request, "_shared_device"):
        request._shared_device = _device(request)  # type: ignore[attr-defined]  # noqa: SLF001 - a cache on the request's own object
    found: SharedDevice | None = request._shared_device  # type: ignore[attr-defined]  # noqa: SLF001
    return found


def _device(request: HttpRequest) -> SharedDevice | None:
    kept = request.COOKIES.get(COOKIE)
    if not kept:
        return None
    try:
        token = signing.loads(kept, salt=SALT)
    except signing.BadSignature:
        return None
    return (
        SharedDevice.objects.filter(
            token_hash=token_hash(str(token)), registered_at__isnull=False, removed_at__isnull=True
        )
        .select_related("organization")
        .first()
    )


def begin(request: HttpRequest, *, device: SharedDevice, employment: Employment) -> None:
    """Sign a worker in: whatever the session held before is gone, its key too."""
    request.session.flush()
    request.session[WORKER] = {
        "device": device.pk,
        "employment": employment.pk,
        "version": employment.pin.version,
        "seen": int(time.time()),
    }
    request.session.set_expiry(0)


def worker_of(request: HttpRequest) -> Worker | None:
    """Who works in this browser; None for everybody else, and when anything no longer fits.

    The device removed, the employment ended, the PIN reset: the session is over at once.
    """
    if COOKIE not in request.COOKIES:
        return None
    if not hasattr(request, "worker"):
        request.worker = _worker(request)  # type: ignore[attr-defined]
    found: Worker | None = request.worker  # type: ignore[attr-defined]
    return found


def _worker(request: HttpRequest) -> Worker | None:
    held = request.session.get(WORKER)
    device = device_of(request) if held else None
    if not held or device is None or device.pk != held["device"] or is_idle(request):
        return None
    employment = (
        Employment.objects.filter(pk=held["employment"], organization=device.organization_id)
        .select_related("person__canonical_person", "organization", "pin")
        .first()
    )
    if (
        employment is None
        or (employment.ended_on is not None and employment.ended_on < new_york_today())
        or getattr(employment, "pin", None) is None
        or not employment.pin.pin_hash
        or employment.pin.version != held["version"]
    ):
        return None
    return Worker(employment, device)


def is_idle(request: HttpRequest) -> bool:
    """Whether nothing was done for too long."""
    held = request.session.get(WORKER) or {}
    return bool(held) and time.time() - held.get("seen", 0) > IDLE_SECONDS


def note_seen(request: HttpRequest) -> None:
    """Something was done: the idle time begins anew; written once a half minute."""
    held = request.session[WORKER]
    if time.time() - held["seen"] > 30:
        request.session[WORKER] = {**held, "seen": int(time.time())}


def give_course(request: HttpRequest, enrolment: int) -> None:
    """The one course this session may open."""
    request.session[WORKER] = {**request.session[WORKER], "enrolment": enrolment}


def course_given(request: HttpRequest) -> int | None:
    """The one course this session may open, if it was begun."""
    held = request.session.get(WORKER) or {}
    found: int | None = held.get("enrolment")
    return found


def end(request: HttpRequest, response: HttpResponse) -> None:
    """Switch person: the session is gone here and in the database, and the browser keeps nothing.

    The device's own cookie stays; the language was a person's choice, so it goes.
    """
    request.session.flush()
    request.worker = None  # type: ignore[attr-defined]
    response["Clear-Site-Data"] = '"cache", "storage"'
    response["Cache-Control"] = "no-store"
    for name in (settings.LANGUAGE_COOKIE_NAME, settings.CSRF_COOKIE_NAME, "messages"):
        response.delete_cookie(name, samesite="Lax")
