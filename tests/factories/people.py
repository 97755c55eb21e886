"""The cast: people, organizations and roles for tests, made by the real services."""

import itertools
import time
from datetime import date
from typing import Any

from django.conf import settings
from django.core import signing
from django.test import Client
from django.utils import timezone

from lms.people import guests, services
from lms.people.device_models import SharedDevice, WorkerPin
from lms.people.devices import secrets, sessions
from lms.people.devices import services as devices
from lms.people.enums import OrganizationKind, Post, Role
from lms.people.guest_services import make_guest
from lms.people.models import Employment, Organization, Person
from lms.people.state_office import let_speak_for_state

_numbers = itertools.count(1)


def make_person(email: str | None = "", *, name: str = "Ana Rivera", **fields: Any) -> Person:
    """A person; without an argument with an address of their own, with None without any."""
    first, _space, last = name.partition(" ")
    address = f"person{next(_numbers)}@example.org" if email == "" else email
    return Person.objects.create_user(address, first_name=first, last_name=last, **fields)


def become_guest(client: Client, guest: Person | None = None) -> Person:
    """The client's browser is a guest's from now on."""
    guest = guest or make_guest(language="en")
    session = client.session
    session[guests.GUEST] = guest.pk
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return guest


def make_device(facility: Organization) -> tuple[SharedDevice, str]:
    """A registered device of the facility, and the secret its browser holds."""
    manager = make_person()
    _device, code = devices.invite_device(facility=facility, label="Tablet", actor=manager)
    return devices.register_device(code=code)


def give_pin(employment: Employment, pin: str = "274059") -> Employment:
    """The worker has chosen this PIN."""
    WorkerPin.objects.update_or_create(
        employment=employment,
        defaults={
            "pin_hash": secrets.pin_hash(pin, employment.pk),
            "start_hash": "",
            "version": 1,
        },
    )
    employment.refresh_from_db()
    return employment


def become_device(client: Client, token: str) -> None:
    """The client's browser is the shared device with this secret."""
    client.cookies[sessions.COOKIE] = signing.dumps(token, salt=sessions.SALT)


def become_worker(client: Client, employment: Employment | None = None) -> Employment:
    """The client's browser is a shared device, and the worker is signed in on it."""
    if employment is None:
        facility = Organization.objects.get(key="hudson-house")
        employment = make_employment(facility, number=f"W-{next(_numbers)}")
    device, token = make_device(employment.organization)
    become_device(client, token)
    give_pin(employment)
    session = client.session
    session[sessions.WORKER] = {
        "device": device.pk,
        "employment": employment.pk,
        "version": 1,
        "seen": int(time.time()),
    }
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return employment


def make_organization(
    kind: OrganizationKind = OrganizationKind.OFFICE, **fields: Any
) -> Organization:
    """An organization of the kind."""
    number = next(_numbers)
    defaults: dict[str, Any] = {"key": f"organization-{number}", "name": f"Organization {number}"}
    return Organization.objects.create(kind=kind, **{**defaults, **fields})


def make_office(**fields: Any) -> Organization:
    """An office that owns trainings."""
    return make_organization(OrganizationKind.OFFICE, **fields)


def make_state_office(**fields: Any) -> Organization:
    """An office that speaks for the state."""
    return let_speak_for_state(office=make_office(**fields), actor=None)


def make_facility(**fields: Any) -> Organization:
    """A lodging facility."""
    return make_organization(OrganizationKind.FACILITY, **fields)


def make_with_role(role: Role, organization: Organization, **fields: Any) -> Person:
    """A person who holds the role for the organization."""
    person = make_person(**fields)
    services.grant_role(person=person, role=role, organization=organization, actor=None)
    return person


def make_employment(
    organization: Organization,
    *,
    person: Person | None = None,
    started_on: date | None = None,
    post: Post = Post.FRONT_DESK,
    **fields: Any,
) -> Employment:
    """An employment with its first post."""
    return services.employ(
        person=person or make_person(None),
        organization=organization,
        started_on=started_on or timezone.localdate(),
        post=post,
        actor=None,
        **fields,
    )
