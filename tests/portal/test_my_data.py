"""What is kept about somebody, as a file for them alone; and who looked at their record."""

import io
import json
import time
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.test import Client
from django.utils import timezone

from lms.compliance.packet_models import InspectionPacket, LinkOpening, PacketLink
from lms.compliance.packets.services import note_download
from lms.compliance.review.access import note_opening, open_record
from lms.compliance.review_models import Ground, Look
from lms.compliance.rules import GBL_205
from lms.core import personal_data
from lms.core.models import AuditEntry
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.look_models import RecordLook
from lms.people.looks import KEPT, forget_looks, note_look
from lms.people.models import Organization, Person
from lms.people.services import grant_role
from lms.people.state_office import let_speak_for_state
from lms.portal.my import data
from tests.factories.completions import make_completion
from tests.factories.people import (
    become_guest,
    become_worker,
    make_employment,
    make_facility,
    make_office,
    make_organization,
    make_person,
    make_with_role,
)
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db
PAGE, FILE, AGAIN = "/my/data/", "/my/data.zip", "/my/data/again/"


@pytest.fixture
def person(client: Client) -> Person:
    person = make_person("ana@example.org", name="Ana Rivera")
    client.force_login(person)
    return person


def signed_in(client: Client, ago: timedelta) -> None:
    session = client.session
    at = time.time() - ago.total_seconds()
    session["account_authentication_methods"] = [{"method": "code", "at": at}]
    session["account_authentication_methods_user"] = session[SESSION_KEY]
    session.save()


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def unpack(response: Any) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(response.content)) as packed:
        return {name: packed.read(name).decode() for name in packed.namelist()}


# --- the file ------------------------------------------------------------------------------------


def test_the_file_holds_every_kind_and_a_page_to_read(client: Client, person: Person) -> None:
    make_completion(person, version=make_version(make_training(title="Seeing the signs")))
    make_completion(make_person(name="Somebody Else"))
    signed_in(client, timedelta(minutes=14))
    assert FILE in text(client.get(PAGE))
    response = client.get(FILE)
    assert response["Content-Disposition"].startswith('attachment; filename="my-data-')
    assert "no-store" in response["Cache-Control"]
    files = unpack(response)
    assert len(files) == len(personal_data.holdings()) + 1
    [done] = json.loads(files["completions.json"])
    assert done["training"] == "Seeing the signs"
    page = files["index.html"]
    assert "Everything that is kept about Ana Rivera" in page
    assert "Trainings you completed</a> (1)" in page
    assert "Seeing the signs" in page
    assert "Somebody Else" not in "".join(files.values())
    [noted] = AuditEntry.objects.filter(action="person.data_taken")
    assert noted.actor == person


def test_what_people_wrote_is_no_markup_in_the_page(client: Client, person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(last_name="<script>alert(1)</script>")
    signed_in(client, timedelta())
    page = unpack(client.get(FILE))["index.html"]
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("minutes", [None, 16])
def test_who_did_not_sign_in_lately_does_so_first(
    client: Client, person: Person, minutes: int | None
) -> None:
    if minutes:
        signed_in(client, timedelta(minutes=minutes))
    found = text(client.get(FILE, follow=True))
    assert "Sign in once more, then save the file." in found
    assert f'href="{FILE}"' not in found
    answer = client.post(AGAIN)
    assert answer["Location"] == "/accounts/login/?next=%2Fmy%2Fdata%2F"
    assert SESSION_KEY not in client.session
    assert not AuditEntry.objects.filter(action="person.data_taken").exists()


def test_the_page_and_the_file_are_there_in_spanish(client: Client, person: Person) -> None:
    signed_in(client, timedelta())
    client.cookies["django_language"] = "es"
    found = text(client.get(PAGE))
    assert "Guardar mis datos" in found
    assert "Nadie ha abierto su historial todavía" in found
    assert "Capacitaciones que completó" in unpack(client.get(FILE))["index.html"]


def test_titles_are_of_kinds_there_are() -> None:
    assert data.titles().keys() <= {holding.name for holding in personal_data.holdings()}


@pytest.mark.parametrize("path", [PAGE, FILE])
def test_nobody_else_gets_in(client: Client, path: str) -> None:
    assert client.get(path).status_code == 302
    become_guest(client)
    assert client.get(path)["Location"].startswith("/accounts/login/")
    worker = Client()
    become_worker(worker, make_employment(make_facility(), number="1"))
    assert worker.get(path).status_code in {302, 403, 404}
    assert b"PK" not in worker.get(path).content[:2]


# --- who looked ----------------------------------------------------------------------------------


@pytest.fixture
def hotel() -> Organization:
    company = make_organization(OrganizationKind.COMPANY, name="Empire Lodging")
    return make_facility(name="Hudson House", key="hudson", parent=company)


def looks(person: Person) -> list[tuple[str, str]]:
    return [(look.who, look.organization) for look in data.who_looked(person)]


def opened(viewer: Person, path: str) -> int:
    client = Client()
    client.force_login(viewer)
    return client.get(path).status_code


def test_a_managers_look_is_told_once_a_day_without_a_name(
    client: Client, person: Person, hotel: Organization
) -> None:
    employment = make_employment(hotel, person=person)
    manager = make_with_role(Role.MANAGER, hotel, name="Ravi Menon")
    for _time in "ab":
        assert opened(manager, f"/facilities/hudson/people/{employment.pk}/") == 200
    assert looks(person) == [("Facility manager", "Hudson House")]
    found = text(client.get(PAGE))
    assert "Facility manager" in found
    assert "Hudson House" in found
    assert "Menon" not in found
    [row] = personal_data.export(person)["who looked"]
    assert "Menon" not in str(row)


def test_each_role_is_told_for_its_organization(person: Person, hotel: Organization) -> None:
    employment = make_employment(hotel, person=person)
    office = make_office(name="City office")
    make_completion(person, version=make_version(make_training(owner=office)))
    path = f"/facilities/hudson/people/{employment.pk}/"
    assert hotel.parent
    assert opened(make_with_role(Role.COMPANY_MANAGER, hotel.parent), path) == 200
    assert opened(make_with_role(Role.COORDINATOR, office), f"/desk/people/{person.pk}/") == 200
    agency = make_organization(OrganizationKind.AGENCY, name="Harbor Family", key="harbor")
    there = make_employment(agency, person=person)
    liaison = make_with_role(Role.LIAISON, agency)
    assert opened(liaison, f"/agency/harbor/people/{there.pk}/") == 200
    assert opened(make_person(is_superuser=True), path) == 200
    assert sorted(looks(person)) == [
        ("Administrator of this site", ""),
        ("Company manager", "Empire Lodging"),
        ("Training coordinator", "City office"),
        ("Training liaison", "Harbor Family"),
    ]


def test_a_coordinator_of_two_offices_is_named_for_none(person: Person) -> None:
    office = make_office()
    make_completion(person, version=make_version(make_training(owner=office)))
    viewer = make_with_role(Role.COORDINATOR, office)
    grant_role(person=viewer, role=Role.COORDINATOR, organization=make_office(), actor=None)
    assert opened(viewer, f"/desk/people/{person.pk}/") == 200
    assert looks(person) == [("Training coordinator", "")]


def test_who_is_kept_out_and_who_reads_their_own_leave_no_trace(hotel: Organization) -> None:
    manager = make_with_role(Role.MANAGER, hotel)
    own = make_employment(hotel, person=manager)
    path = f"/facilities/hudson/people/{own.pk}/"
    assert opened(make_with_role(Role.MANAGER, make_facility()), path) == 404
    assert opened(manager, path) == 200
    assert RecordLook.objects.count() == 0


def test_a_look_at_a_merged_record_is_told_to_the_person(hotel: Organization) -> None:
    person = make_person()
    merged = make_person(canonical_person=person)
    viewer = make_with_role(Role.MANAGER, hotel)
    note_look(person=merged, viewer=viewer, acting=lambda: (Role.MANAGER, hotel.pk))
    assert looks(person) == [("Facility manager", "Hudson House")]


def test_packets_and_links_that_name_the_person_are_told(
    person: Person, hotel: Organization
) -> None:
    employment = make_employment(hotel, person=person, started_on=date(2026, 1, 5))
    manager = make_with_role(Role.MANAGER, hotel)
    other = make_employment(hotel, person=make_person(), started_on=date(2026, 6, 1)).person
    now = timezone.now()
    packet = InspectionPacket.objects.create(
        facility=hotel, rule=GBL_205, as_of=date(2026, 2, 1), requested_by=manager, made_at=now
    )
    link = PacketLink.objects.create(
        packet=packet, label="Inspector", token_hash="x", made_by=manager,
        expires_at=now + timedelta(days=1),
    )  # fmt: skip
    LinkOpening.objects.create(link=link, what="page")
    LinkOpening.objects.create(link=link, what="packet")
    note_download(packet=packet, actor=manager)
    assert sorted(looks(person)) == [
        ("Facility manager, a whole packet", "Hudson House"),
        ("Inspector with a link", "Hudson House"),
    ]
    assert looks(other) == []  # hired after the packet's day
    assert employment.person == person


def test_a_reviewers_opening_is_told_with_its_ground(person: Person, hotel: Organization) -> None:
    make_employment(hotel, person=person, started_on=date(2026, 1, 5))
    office = let_speak_for_state(office=make_office(name="State office"), actor=None)
    reviewer = make_with_role(Role.REVIEWER, office)
    access = open_record(
        facility=hotel, ground=Ground.INSPECTION, words="Inspection 12.", actor=reviewer
    )
    note_opening(access=access, look=Look.RECORD, as_of=new_york_today(), actor=reviewer)
    found = looks(person)
    assert [organization for _who, organization in found] == ["State office"]
    assert found[0][0].startswith("State reviewer, because: ")


def test_looks_go_after_three_years() -> None:
    person, viewer = make_person(), make_person()
    long_ago = timezone.now() - KEPT - timedelta(days=2)
    for now in (long_ago, timezone.now()):
        note_look(person=person, viewer=viewer, acting=lambda: (Role.MANAGER, None), now=now)
    assert forget_looks() == 1
    assert RecordLook.objects.get().day == new_york_today()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_looked(
    client: Client,
    person: Person,
    hotel: Organization,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    for _one in range(count):
        make_employment(make_facility(), person=person)
        viewer = make_with_role(Role.MANAGER, hotel)
        note_look(person=person, viewer=viewer, acting=lambda: (Role.MANAGER, hotel.pk))
    with django_assert_num_queries(8):
        assert "Hudson House" in text(client.get(PAGE))
