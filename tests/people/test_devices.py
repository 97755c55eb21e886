"""Shared devices and PINs: codes used once, guessing that gets slower, resets that end sessions."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.core.time import new_york_today
from lms.people.device_models import PinTries, SharedDevice, WorkerPin
from lms.people.devices import secrets, services, sessions
from lms.people.enums import Role
from lms.people.models import Employment, Organization, Person
from lms.people.services import end_employment
from tests.factories.people import (
    give_pin,
    make_device,
    make_employment,
    make_facility,
    make_person,
    make_with_role,
)

pytestmark = pytest.mark.django_db
PIN = "274059"
NOW = timezone.now()


@pytest.fixture
def hotel() -> Organization:
    return make_facility()


@pytest.fixture
def manager(hotel: Organization) -> Person:
    return make_with_role(Role.MANAGER, hotel)


@pytest.fixture
def device(hotel: Organization) -> SharedDevice:
    return make_device(hotel)[0]


@pytest.fixture
def rosa(hotel: Organization) -> Employment:
    return make_employment(hotel, person=make_person(None, name="Rosa Almonte"), number="1001")


def refused(code: str) -> Any:
    return pytest.raises(Refused, check=lambda error: error.code == code)


def test_a_devices_code_works_once_and_for_minutes(hotel: Organization, manager: Person) -> None:
    _device, code = services.invite_device(facility=hotel, label="Tablet", actor=manager)
    with refused("unknown_code"):
        services.register_device(code="ABCD-EFGH")
    with refused("unknown_code"):
        services.register_device(code=code, now=timezone.now() + timedelta(minutes=16))
    device, token = services.register_device(code=code.lower().replace("-", " "))
    assert device.token_hash == secrets.token_hash(token) != token
    with refused("unknown_code"):
        services.register_device(code=code)


def test_a_start_code_is_used_up_by_choosing(
    device: SharedDevice, rosa: Employment, manager: Person
) -> None:
    code = services.give_start_code(employment=rosa, actor=manager)
    with refused("wrong"):
        services.choose_pin(device=device, number="1001", start_code="ABCDEFGH", pin=PIN)
    chosen = services.choose_pin(device=device, number="1001", start_code=code, pin=PIN)
    assert chosen == rosa
    assert services.sign_in(device=device, number="1001", pin=PIN) == rosa
    with refused("wrong"):
        services.choose_pin(device=device, number="1001", start_code=code, pin="906142")
    row = WorkerPin.objects.get()
    assert PIN not in row.pin_hash
    assert code.replace("-", "") not in row.start_hash


def test_a_start_code_grows_old(device: SharedDevice, rosa: Employment, manager: Person) -> None:
    code = services.give_start_code(employment=rosa, actor=manager)
    late = NOW + timedelta(days=15)
    with refused("wrong"):
        services.choose_pin(device=device, number="1001", start_code=code, pin=PIN, now=late)


@pytest.mark.parametrize("pin", ["111111", "123456", "987654", "121212", "123123", "001001"])
def test_what_anybody_would_try_first_is_no_pin(
    pin: str, device: SharedDevice, rosa: Employment, manager: Person
) -> None:
    code = services.give_start_code(employment=rosa, actor=manager)
    with refused("too_simple"):
        services.choose_pin(device=device, number="1001", start_code=code, pin=pin)
    assert services.choose_pin(device=device, number="1001", start_code=code, pin=PIN) == rosa


def test_only_the_pepper_makes_a_pin_fit(settings: Any, rosa: Employment) -> None:
    settings.LMS_PIN_PEPPER = "one"
    hashed = secrets.pin_hash(PIN, rosa.pk)
    assert secrets.pin_fits(PIN, rosa.pk, hashed)
    assert not secrets.pin_fits(PIN, rosa.pk + 1, hashed)  # of one employment only
    settings.LMS_PIN_PEPPER = "two"
    assert not secrets.pin_fits(PIN, rosa.pk, hashed)


def guess(device: SharedDevice, number: str = "1001", at: timedelta = timedelta(0)) -> str:
    try:
        services.sign_in(device=device, number=number, pin="555444", now=NOW + at)
    except Refused as refusal:
        return refusal.code
    return "in"


def test_guessing_gets_slower_and_locks_nobody_out(
    hotel: Organization, device: SharedDevice, rosa: Employment
) -> None:
    give_pin(rosa)
    assert [guess(device) for _try in range(5)] == ["wrong"] * 4 + ["wait"]
    with refused("wait"):  # the right PIN waits too, or the wait would say which one is right
        services.sign_in(device=device, number="1001", pin=PIN, now=NOW)
    assert guess(device, at=timedelta(seconds=11)) == "wrong"
    assert guess(device, at=timedelta(seconds=25)) == "wait"
    other, _token = make_device(hotel)
    assert services.sign_in(device=other, number="1001", pin=PIN, now=NOW) == rosa
    later = NOW + timedelta(minutes=16)
    assert services.sign_in(device=device, number="1001", pin=PIN, now=later) == rosa
    assert not PinTries.objects.exists()


def test_a_device_rests_after_many_wrong_tries(device: SharedDevice, rosa: Employment) -> None:
    give_pin(rosa)
    for number in range(services.DEVICE_TRIES):
        assert guess(device, number=f"unknown-{number}") == "wrong"
    assert guess(device) == "device_rests"
    assert guess(device, at=timedelta(minutes=61)) == "wrong"


def test_an_unknown_number_and_a_wrong_pin_are_told_alike(
    device: SharedDevice, rosa: Employment
) -> None:
    give_pin(rosa)
    said = []
    for number in ("1001", "9999"):
        with pytest.raises(Refused) as refusal:
            services.sign_in(device=device, number=number, pin="555444")
        said.append(str(refusal.value))
    assert said[0] == said[1]


def test_a_pin_opens_its_own_facility_only(rosa: Employment) -> None:
    give_pin(rosa)
    elsewhere, _token = make_device(make_facility())
    with refused("wrong"):
        services.sign_in(device=elsewhere, number="1001", pin=PIN)


def test_who_left_signs_in_no_more(device: SharedDevice, rosa: Employment, manager: Person) -> None:
    give_pin(rosa)
    end_employment(employment=rosa, ended_on=new_york_today(), actor=None)
    assert services.sign_in(device=device, number="1001", pin=PIN) == rosa  # the last day
    tomorrow = NOW + timedelta(days=1)
    with refused("wrong"):
        services.sign_in(device=device, number="1001", pin=PIN, now=tomorrow)
    with refused("already_left"):
        services.give_start_code(employment=rosa, actor=manager, now=tomorrow)


def test_a_reset_ends_the_old_pin_and_is_noted(
    device: SharedDevice, rosa: Employment, manager: Person
) -> None:
    services.give_start_code(employment=rosa, actor=manager)
    assert WorkerPin.objects.get().reset_at is None  # the first code is no reset
    give_pin(rosa)
    services.give_start_code(employment=rosa, actor=manager)
    row = WorkerPin.objects.get()
    assert (row.pin_hash, row.version) == ("", 2)
    assert row.reset_at is not None
    assert AuditEntry.objects.filter(action="pin.reset").count() == 1
    with refused("wrong"):
        services.sign_in(device=device, number="1001", pin=PIN)
    [told] = personal_data.export(rosa.person)["sign_in_on_shared_devices"]
    assert set(told) == {"organization", "chosen_at", "reset_at"}


def test_day_on_which_a_managers_code_was_used_is_marked_like_the_reset(
    device: SharedDevice, rosa: Employment, manager: Person
) -> None:
    worker = sessions.Worker(give_pin(rosa), device)
    assert not worker.pin_reset_today
    code = services.give_start_code(employment=rosa, actor=manager, now=NOW - timedelta(days=2))
    assert not sessions.Worker(Employment.objects.get(pk=rosa.pk), device).pin_reset_today
    services.choose_pin(device=device, number="1001", start_code=code, pin="385160")
    assert sessions.Worker(Employment.objects.get(pk=rosa.pk), device).pin_reset_today
