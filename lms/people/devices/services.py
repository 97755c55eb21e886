"""Changes to devices and PINs. Each is one transaction with its audit row."""

import secrets as random
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import new_york_date
from lms.people.device_models import PinTries, SharedDevice, WorkerPin
from lms.people.devices import secrets
from lms.people.models import Employment, Organization, Person

CODE_VALID = timedelta(minutes=15)
START_CODE_VALID = timedelta(days=14)
# Three slips of the finger cost nothing; then each wrong try doubles the wait.
FREE_TRIES = 3
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(minutes=15)
FORGIVEN_AFTER = timedelta(hours=24)
# A tablet that forty housekeepers use sees a few slips an hour; a guesser sees the end of it.
DEVICE_TRIES = 30
DEVICE_WINDOW = timedelta(hours=1)


@transaction.atomic
def invite_device(
    *, facility: Organization, label: str, actor: Person, now: datetime | None = None
) -> tuple[SharedDevice, str]:
    """A short code to be typed on the device within 15 minutes; it is shown once."""
    now = now or timezone.now()
    code = secrets.new_code()
    device = SharedDevice.objects.create(
        organization=facility,
        label=label.strip()[:60],
        code_hash=secrets.code_hash(code),
        code_until=now + CODE_VALID,
        invited_by=actor,
        invited_at=now,
    )
    audit.record("device.invited", device, actor=actor, now=now, organization=facility.pk)
    return device, secrets.grouped(code)


@transaction.atomic
def register_device(*, code: str, now: datetime | None = None) -> tuple[SharedDevice, str]:
    """Make the browser that typed the code a shared device; returns the secret it is to keep.

    Raises Refused for a code that is unknown, used, or too old: always with the same words.
    """
    now = now or timezone.now()
    found = SharedDevice.objects.filter(
        code_hash=secrets.code_hash(code), registered_at__isnull=True, removed_at__isnull=True
    ).first()
    device = lock(found) if found else None
    if device is None or device.registered_at or (device.code_until or now) <= now:
        raise Refused(
            _("This code does not work. Codes are valid for 15 minutes; ask for a new one."),
            code="unknown_code",
        )
    token = random.token_urlsafe(32)
    device.token_hash, device.code_hash = secrets.token_hash(token), ""
    device.registered_at = now
    device.save(update_fields=["token_hash", "code_hash", "registered_at"])
    audit.record("device.registered", device, actor=device.invited_by, now=now)
    return device, token


@transaction.atomic
def remove_device(*, device: SharedDevice, actor: Person, now: datetime | None = None) -> None:
    """The device signs nobody in any more, and whoever is signed in on it is out; twice is once."""
    now = now or timezone.now()
    device = lock(device)
    if device.removed_at:
        return
    device.removed_at, device.code_hash = now, ""
    device.save(update_fields=["removed_at", "code_hash"])
    audit.record("device.removed", device, actor=actor, now=now)


@transaction.atomic
def give_start_code(*, employment: Employment, actor: Person, now: datetime | None = None) -> str:
    """A new one-time code with which the worker chooses a PIN; shown once, valid for 14 days.

    An old code and an old PIN stop working at once. Where there was a PIN this is a reset, and what
    is confirmed on that New York day is marked so. Raises Refused for somebody who has left or has
    no employee number.
    """
    now = now or timezone.now()
    employment = lock(employment)
    if employment.ended_on is not None and employment.ended_on < new_york_date(now):
        raise Refused(_("This person has left."), code="already_left")
    if not employment.number:
        raise Refused(
            _("Give this person an employee number first: it is what they sign in with."),
            code="no_number",
        )
    code = secrets.new_code()
    pin, _created = WorkerPin.objects.get_or_create(employment=employment)
    pin = lock(pin)
    was_chosen = bool(pin.pin_hash)
    pin.start_hash, pin.start_until = secrets.code_hash(code), now + START_CODE_VALID
    pin.pin_hash, pin.version = "", pin.version + 1
    pin.reset_at = now if was_chosen else pin.reset_at
    pin.save()
    audit.record("pin.reset" if was_chosen else "pin.code_given", employment, actor=actor, now=now)
    return secrets.grouped(code)


@dataclass(frozen=True)
class Try:
    """What came of a try: somebody, or the refusal to show. Written before it is raised."""

    employment: Employment | None = None
    refusal: Refused | None = None


def sign_in(
    *, device: SharedDevice, number: str, pin: str, now: datetime | None = None
) -> Employment:
    """Whose number and PIN these are, at the device's facility.

    Raises Refused "wrong" (the same for an unknown number and a wrong PIN), "wait" while the last
    wrong tries make the next one wait, "device_rests" after too many on the device. Wrong tries are
    counted although it raises; other devices are not concerned.
    """
    with transaction.atomic():
        found = _try(device, number, now or timezone.now(), pin=pin)
    if found.refusal:
        raise found.refusal
    assert found.employment is not None  # noqa: S101 - one or the other
    return found.employment


def choose_pin(
    *,
    device: SharedDevice,
    number: str,
    start_code: str,
    pin: str,
    now: datetime | None = None,
) -> Employment:
    """Choose a PIN with the one-time start code, which is used up by it.

    Raises Refused as `sign_in` does, and "too_simple" for a PIN that anybody would try first.
    """
    if len(pin) != secrets.PIN_LENGTH or not pin.isascii() or not pin.isdigit():
        raise Refused(_("A PIN is six digits."), code="not_six_digits")
    if secrets.is_too_simple(pin, number):
        raise Refused(
            _("This PIN is too easy to guess. Mix more digits, and not your employee number."),
            code="too_simple",
        )
    now = now or timezone.now()
    with transaction.atomic():
        found = _try(device, number, now, start_code=start_code)
        if found.employment:
            row = lock(found.employment.pin)
            row.pin_hash = secrets.pin_hash(pin, found.employment.pk)
            row.start_hash, row.start_until = "", None
            row.chosen_at, row.version = now, row.version + 1
            row.save()
            found.employment.pin = row
            audit.record(
                "pin.chosen", found.employment, actor=found.employment.person.canonical, now=now,
                device=device.pk,
            )  # fmt: skip
    if found.refusal:
        raise found.refusal
    assert found.employment is not None  # noqa: S101 - one or the other
    return found.employment


def _try(
    device: SharedDevice, number: str, now: datetime, *, pin: str = "", start_code: str = ""
) -> Try:
    """One try under the device's lock, so that many at once are counted one by one."""
    device = lock(device)
    if waiting := _device_wait(device, now):
        return Try(refusal=_wait_words(waiting, "device_rests"))
    employment = _by_number(device, number, now)
    tries = PinTries.objects.filter(employment=employment, device=device).first()
    if tries and (left := tries.last_at + _wait(tries.failures) - now) > timedelta(0):
        return Try(refusal=_wait_words(left, "wait"))
    if employment and _fits(employment, pin, start_code, now):
        if tries:
            tries.delete()
        return Try(employment)
    if not employment and pin:
        secrets.pin_fits(pin, 0, "")
    _count(device, employment, tries, now)
    words = (
        _("Number and PIN do not match. If you forgot your PIN, ask your manager for a new code.")
        if pin
        else _("Number and start code do not match, or the code was used or is too old.")
    )
    return Try(refusal=Refused(words, code="wrong"))


def _by_number(device: SharedDevice, number: str, now: datetime) -> Employment | None:
    if not number.strip():
        return None
    today = new_york_date(now)
    rows = Employment.objects.filter(organization_id=device.organization_id)
    rows = rows.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=today))
    found = rows.filter(number__iexact=number.strip()).select_related(
        "person__canonical_person", "organization", "pin"
    )
    return found.order_by("-pk").first()


def _fits(employment: Employment, pin: str, start_code: str, now: datetime) -> bool:
    row: WorkerPin | None = getattr(employment, "pin", None)
    if pin:
        return secrets.pin_fits(pin, employment.pk, row.pin_hash if row else "")
    return bool(
        row
        and row.start_hash
        and row.start_until
        and row.start_until > now
        and random.compare_digest(row.start_hash, secrets.code_hash(start_code))
    )


def _wait(failures: int) -> timedelta:
    """How long after so many wrong tries the next one waits."""
    if failures <= FREE_TRIES:
        return timedelta(0)
    return min(FIRST_WAIT * 2 ** min(failures - FREE_TRIES - 1, 10), LONGEST_WAIT)


def _device_wait(device: SharedDevice, now: datetime) -> timedelta | None:
    since = device.failures_since
    if since and device.failures >= DEVICE_TRIES and now < since + DEVICE_WINDOW:
        return since + DEVICE_WINDOW - now
    return None


def _count(
    device: SharedDevice, employment: Employment | None, tries: PinTries | None, now: datetime
) -> None:
    if device.failures_since is None or now >= device.failures_since + DEVICE_WINDOW:
        device.failures, device.failures_since = 0, now
    device.failures += 1
    device.save(update_fields=["failures", "failures_since"])
    if employment:
        old = tries is None or now - tries.last_at > FORGIVEN_AFTER
        PinTries.objects.update_or_create(
            employment=employment,
            device=device,
            defaults={"failures": 1 if old or not tries else tries.failures + 1, "last_at": now},
        )


def _wait_words(left: timedelta, code: str) -> Refused:
    seconds = max(1, round(left.total_seconds()))
    if seconds < 90:
        text = ngettext(
            "Too many wrong tries. Wait %(count)s second and try again.",
            "Too many wrong tries. Wait %(count)s seconds and try again.",
            seconds,
        ) % {"count": seconds}
    else:
        minutes = -(-seconds // 60)
        text = ngettext(
            "Too many wrong tries. Wait %(count)s minute, or use another device.",
            "Too many wrong tries. Wait %(count)s minutes, or use another device.",
            minutes,
        ) % {"count": minutes}
    return Refused(text, code=code)
