"""The cast: people, organizations and roles for tests, made by the real services."""

import itertools
from datetime import date
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from lms.people import guests, services
from lms.people.enums import OrganizationKind, Post, Role
from lms.people.guest_services import make_guest
from lms.people.models import Employment, Organization, Person

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
