"""Packets and links on the facility's pages, what an inspector opens, and the check of a packet."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lms.compliance.packet_models import InspectionPacket, LinkOpening, PacketLink
from lms.compliance.packets import links, services, signing
from lms.core.models import AuditEntry
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization
from lms.portal.inspection.views import WRONG_LINKS
from lms.portal.inspection.views_check import CHECKS
from tests.factories.compliance import make_program, train
from tests.factories.packets import as_file, contents, make_link, make_packet, manifest_of, packed
from tests.factories.people import (
    make_employment,
    make_facility,
    make_office,
    make_organization,
    make_person,
    make_with_role,
)
from tests.portal.test_facilities import ago, as_person, staff, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def hotel() -> Organization:
    return make_facility(name="Hudson House", key="hudson")


@pytest.fixture
def manager(hotel: Organization) -> Client:
    return as_person(make_with_role(Role.MANAGER, hotel, name="Ravi Menon"))


@pytest.fixture
def packet(hotel: Organization) -> InspectionPacket:
    train(staff(hotel, 200, name="Mei Chen", number="HH-1"), on=ago(180))
    staff(hotel, 100, name="Lucia Quispe", number="HH-2")
    return make_packet(hotel)


def page_of(packet: InspectionPacket) -> str:
    return f"/facilities/hudson/packets/{packet.pk}/"


def make(manager: Client, **asked: Any) -> Any:
    return manager.post("/facilities/hudson/packets/", {"as_of": ago(30).isoformat(), **asked})


# --- the facility's side --------------------------------------------------------------------------


def test_from_the_record_to_the_packet(hotel: Organization, manager: Client) -> None:
    staff(hotel, 100, name="Lucia Quispe")
    found = text(manager.get("/facilities/hudson/record/", {"as_of": ago(30).isoformat()}))
    assert f'name="as_of" value="{ago(30)}"' in found
    answer = make(manager, with_certificates="on")
    packet = InspectionPacket.objects.get()
    assert answer["Location"] == page_of(packet)
    assert (packet.as_of, packet.with_certificates) == (ago(30), True)
    waiting = manager.get(page_of(packet))
    assert waiting["Refresh"] == "2"
    assert "0 of 3 steps" in text(waiting)
    assert manager.get(f"{page_of(packet)[:-1]}.zip")["Location"] == page_of(packet)
    services.make_packet(packet_id=str(packet.pk))
    ready = manager.get(page_of(packet))
    assert "Refresh" not in ready
    assert "0 trained, not yet proven; 1 overdue; 0 due; 0 met." in text(ready)
    file = manager.get(f"{page_of(packet)[:-1]}.zip")
    assert file["Content-Disposition"] == f'attachment; filename="hudson-{ago(30)}.zip"'
    assert "no-store" in file["Cache-Control"]
    assert file.getvalue() == packet_bytes(packet)
    assert AuditEntry.objects.filter(action="packet.downloaded").count() == 1


def packet_bytes(packet: InspectionPacket) -> bytes:
    packet.refresh_from_db()
    with packet.file.open("rb") as file:
        return bytes(file.read())


@pytest.mark.parametrize("as_of", ["2999-01-01", "nonsense"])
def test_an_impossible_day_makes_no_packet(
    hotel: Organization, manager: Client, as_of: str
) -> None:
    answer = make(manager, as_of=as_of)
    assert answer["Location"] == "/facilities/hudson/record/"
    assert InspectionPacket.objects.count() == 0


def test_without_a_key_the_manager_is_told(
    hotel: Organization, manager: Client, settings: Any
) -> None:
    settings.LMS_PACKET_KEY = ""
    make(manager)
    assert "the operator of this site must set" in text(manager.get("/facilities/hudson/record/"))


def test_a_link_is_shown_once_watched_and_ended(
    packet: InspectionPacket, manager: Client, client: Client
) -> None:
    made = text(manager.post(page_of(packet), {"label": "County inspector", "days": "7"}))
    address = made.partition('id="link-address">')[2].partition("<")[0]
    path = address.removeprefix("http://testserver")
    assert path.startswith("/inspect/")
    link = PacketLink.objects.get()
    assert link.expires_at - link.made_at == timedelta(days=7)
    assert path not in text(manager.get(page_of(packet)))
    assert "Not opened yet." in text(manager.get(page_of(packet)))
    assert client.get(path).status_code == 200
    client.get(path)
    assert client.get(f"{path}packet.zip").getvalue().startswith(b"PK")
    client.head(path)
    found = text(manager.get(page_of(packet)))
    assert "Opened 2 times, packet taken 1 time" in found
    manager.post(f"/facilities/hudson/packets/links/{link.pk}/end/")
    assert client.get(path).status_code == 404
    assert "Ended" in text(manager.get("/facilities/hudson/packets/"))
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"packet_link.made", "packet_link.ended"} <= actions


def test_a_link_for_nobody_or_for_ever_is_not_made(
    packet: InspectionPacket, manager: Client
) -> None:
    for said in ({"label": "", "days": "7"}, {"label": "Inspector", "days": "365"}):
        manager.post(page_of(packet), said)
    assert PacketLink.objects.count() == 0


# --- who gets in ----------------------------------------------------------------------------------


def test_to_anybody_else_packets_do_not_exist(packet: InspectionPacket) -> None:
    link, _token = make_link(packet)
    outsiders = [
        make_with_role(Role.MANAGER, make_facility()),
        make_with_role(Role.COMPANY_MANAGER, make_organization(OrganizationKind.COMPANY)),
        make_with_role(Role.REVIEWER, make_office()),
        make_with_role(Role.COORDINATOR, make_office()),
        make_employment(packet.facility, person=make_person(), started_on=ago(20)).person,
    ]
    for person in outsiders:
        client = as_person(person)
        for address in (
            "/facilities/hudson/packets/", page_of(packet), f"{page_of(packet)[:-1]}.zip",
        ):  # fmt: skip
            assert client.get(address).status_code == 404
        ending = f"/facilities/hudson/packets/links/{link.pk}/end/"
        for address in ("/facilities/hudson/packets/", page_of(packet), ending):
            asked = {"as_of": ago(30), "label": "Me", "days": "7"}
            assert client.post(address, asked).status_code == 404
    assert PacketLink.objects.filter(ended_at__isnull=True).count() == 1
    assert InspectionPacket.objects.count() == 1


def test_another_facilitys_packet_is_not_found_under_ones_own_address(
    packet: InspectionPacket,
) -> None:
    own = make_facility(key="lakeside")
    client = as_person(make_with_role(Role.MANAGER, own))
    link, _token = make_link(packet)
    assert client.get(f"/facilities/lakeside/packets/{packet.pk}/").status_code == 404
    assert client.get(f"/facilities/lakeside/packets/{packet.pk}.zip").status_code == 404
    assert client.post(f"/facilities/lakeside/packets/links/{link.pk}/end/").status_code == 404
    assert "Hudson" not in text(client.get("/facilities/lakeside/packets/"))


def test_the_companys_manager_makes_packets_too(packet: InspectionPacket) -> None:
    company = make_organization(OrganizationKind.COMPANY)
    Organization.objects.filter(pk=packet.facility_id).update(parent=company)
    client = as_person(make_with_role(Role.COMPANY_MANAGER, company))
    assert client.get(page_of(packet)).status_code == 200


# --- the inspector's side -------------------------------------------------------------------------


def test_an_inspector_reads_what_the_packet_holds(packet: InspectionPacket, client: Client) -> None:
    _link, token = make_link(packet)
    staff(packet.facility, 100, name="Imran Qureshi")  # after the packet was made
    answer, file = client.get(f"/inspect/{token}/"), client.get(f"/inspect/{token}/packet.zip")
    found = text(answer)
    assert file.getvalue() == packet_bytes(packet)
    assert "0 trained, not yet proven; 1 overdue; 0 due; 1 met." in found
    assert found.index("Lucia Quispe") < found.index("Mei Chen")
    assert "Imran Qureshi" not in found
    assert "complian" not in found.lower()
    for name, value in {
        "Cache-Control": "private, no-store",
        "X-Robots-Tag": "noindex, nofollow",
        "Referrer-Policy": "no-referrer",
    }.items():
        assert answer[name] == value
        assert file[name] == value
    assert not client.cookies


def test_expired_ended_and_unknown_links_answer_alike(
    packet: InspectionPacket, client: Client
) -> None:
    _expired, first = make_link(packet, label="A", now=timezone.now() - timedelta(days=14))
    ended, second = make_link(packet, label="B")
    links.end_link(link=ended, actor=make_person())
    answers = [
        client.get(f"/inspect/{token}/{tail}")
        for token in (first, second, "unknown", "x" * 300)
        for tail in ("", "packet.zip")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert len({text(answer) for answer in answers}) == 1
    assert "Its time is up, it was ended, or the address is not quite right." in text(answers[0])
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}
    assert LinkOpening.objects.count() == 0


def test_who_tries_many_addresses_waits(packet: InspectionPacket, client: Client) -> None:
    _link, token = make_link(packet)
    for number in range(WRONG_LINKS.tries):
        assert client.get(f"/inspect/guess-{number}/").status_code == 404
    assert client.get(f"/inspect/{token}/").status_code == 429


def test_no_address_of_the_reader_is_kept() -> None:
    assert {field.name for field in LinkOpening._meta.get_fields()} == {
        "id", "link", "what", "opened_at",
    }  # fmt: skip


@pytest.mark.parametrize("people", [1, 3])
@pytest.mark.parametrize("asked", [("packets", 7), ("packet", 5), ("link", 2)])
def test_pages_cost_the_same_however_many(
    hotel: Organization,
    manager: Client,
    people: int,
    asked: tuple[str, int],
    django_assert_num_queries: Any,
) -> None:
    name, queries = asked
    version = make_program()
    for _one in range(people):
        train(staff(hotel, 200), on=ago(180), version=version)
    packet = make_packet(hotel)
    for number in range(people):
        _link, token = make_link(packet, label=f"Inspector {number}")
        links.note_opening(link=_link, what=LinkOpening.What.PAGE)
        make_packet(hotel, as_of=ago(number + 1))
    address, client = {
        "packets": ("/facilities/hudson/packets/", manager),
        "packet": (page_of(packet), manager),
        "link": (f"/inspect/{token}/", Client()),
    }[name]
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


# --- the check ------------------------------------------------------------------------------------


def check(client: Client, content: bytes, name: str = "packet.zip") -> Any:
    return client.post("/verify/packet/", {"packet": SimpleUploadedFile(name, content)})


def test_a_packet_as_it_was_made_agrees(packet: InspectionPacket, client: Client) -> None:
    found = text(check(client, packed(contents(packet))))
    assert "It agrees" in found
    assert "All 5 files and all 2 records agree with it." in found
    assert "Hudson House" in found
    alone = text(check(client, contents(packet)["manifest.json"], "manifest.json"))
    assert "To compare the files as well, upload the whole packet." in alone
    for words in (found, alone):
        assert "forged" not in words.lower()


def test_what_differs_is_named_with_the_facts_that_were_signed(
    packet: InspectionPacket, client: Client
) -> None:
    files = contents(packet)
    files["record.pdf"] = b"%PDF-1.7 saved again"
    found = text(check(client, packed(files)))
    assert "Not everything agrees" in found
    assert "record.pdf</bdi>: differs; it may have been saved again" in found
    assert "4 files agree." in found
    document = manifest_of(packet)
    document["manifest"]["counts"]["overdue"] = 0
    changed = text(check(client, as_file(document)))
    assert "The manifest differs" in changed
    assert "0 trained, not yet proven; 1 overdue; 0 due; 1 met." in changed


def test_a_manifest_from_elsewhere_is_answered_clearly(
    packet: InspectionPacket, client: Client, settings: Any
) -> None:
    said = manifest_of(packet)["manifest"]
    said["packet"] = "00000000-0000-4000-8000-000000000000"
    settings.LMS_PACKET_KEY = "YW5vdGhlciBrZXksIG9mIGV4YWN0bHkgMzIgYnl0ZXM="
    said["key"] = signing.all_keys()[0].key_id
    forged = as_file({"manifest": said, "signature": signing.sign(as_file(said))})
    settings.LMS_PACKET_KEY = ""
    found = text(check(client, forged))
    assert "We cannot say that this was made here" in found
    assert "names a key that this site never used" in found
    assert "Hudson House" not in found


def test_what_a_person_uploads_is_shown_as_text(packet: InspectionPacket, client: Client) -> None:
    entry = {"id": "x", "now": {"number": "", "name": "<script>alert(1)</script>"}}
    files = {**contents(packet), "records.jsonl": json.dumps(entry).encode()}
    files["<img src=x>.pdf"] = b"x"
    found = text(check(client, packed(files)))
    assert "<script>alert" not in found
    assert "<img src=x>" not in found
    assert "&lt;script&gt;" in found


def test_no_upload_and_what_is_no_packet_are_said(client: Client) -> None:
    empty = client.post("/verify/packet/")
    assert empty.status_code == 400
    assert "Choose the packet (a ZIP file) or its manifest.json." in text(empty)
    assert "This file is no manifest: it cannot be read." in text(check(client, b"hello"))


def test_nothing_uploaded_is_kept(packet: InspectionPacket, client: Client) -> None:
    answer = check(client, packed(contents(packet)))
    assert answer["Cache-Control"] == "private, no-store"
    storage = packet.file.storage
    assert storage.listdir("packets")[1].count(f"{packet.pk}.zip") == 1
    assert AuditEntry.objects.filter(action__startswith="packet.").count() == 2  # asked for, made


def test_who_checks_very_many_waits(client: Client) -> None:
    for _one in range(CHECKS.tries):
        check(client, b"hello")
    assert check(client, b"hello").status_code == 429


def test_keys_are_published_with_how_to_use_them(packet: InspectionPacket, client: Client) -> None:
    found = text(client.get("/verify/key/"))
    assert f"/verify/key/{packet.key_id}.pem" in found
    assert "openssl pkeyutl -verify" in found
    answer = client.get(f"/verify/key/{packet.key_id}.pem")
    assert answer.content.startswith(b"-----BEGIN PUBLIC KEY-----")
    assert client.get("/verify/key/0000000000000000.pem").status_code == 404


def test_certificates_are_still_found_by_their_code(client: Client) -> None:
    assert reverse("certificates:verified", args=["7K3M"]) == "/verify/7K3M/"
    assert "Check a certificate" in text(client.get("/verify/7K3M/"))
