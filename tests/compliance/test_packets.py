"""Packets: what is in one, that anyone can check it, and what becomes of what was changed."""

import base64
import csv
import hashlib
import io
import json
import subprocess
import zipfile
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from pypdf import PdfReader

from lms.compliance.checks import packets_can_be_signed
from lms.compliance.holdings import export_packets
from lms.compliance.packet_models import InspectionPacket, LinkOpening, PacketKey, PacketState
from lms.compliance.packets import drawing, links, services, signing
from lms.compliance.packets.checking import Report, check
from lms.compliance.packets.drawing import INSTEAD
from lms.compliance.packets.manifest import read_manifest
from lms.compliance.packets.signing import Verdict
from lms.compliance.retention.services import end_hold, place_hold
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.people.models import Organization
from tests.compliance.test_record import DAY, TODAY, at, hired, train
from tests.factories.completions import make_completion
from tests.factories.compliance import gbl205, make_program
from tests.factories.packets import as_file, contents, make_link, make_packet, manifest_of, packed
from tests.factories.people import make_employment, make_facility, make_person

pytestmark = pytest.mark.django_db
OTHER_KEY = base64.b64encode(b"another key, of exactly 32 bytes").decode()


@pytest.fixture
def hotel() -> Organization:
    return make_facility(name="Hudson House", key="hudson")


@pytest.fixture
def packet(hotel: Organization) -> InspectionPacket:
    """As of a day in October; one line was corrected since."""
    train(hired(hotel, "Mei Chen", number="HH-1"), signed=TODAY)
    hired(hotel, "=Lucia Quispe", number="HH-2")
    return make_packet(hotel, as_of=DAY, now=at(TODAY))


def checked(content: bytes) -> Report:
    return check(io.BytesIO(content), size=len(content))


def otherwise(rows: list[Any]) -> dict[str, str]:
    return {row.name: str(row.outcome) for row in rows}


def text_of(paper: bytes) -> str:
    """The words of all pages, spaces folded."""
    pages = PdfReader(io.BytesIO(paper)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)


# --- what is in it --------------------------------------------------------------------------------


def test_a_packet_holds_the_record_as_paper_table_and_lines(packet: InspectionPacket) -> None:
    files = contents(packet)
    assert list(files) == [
        "README.txt", "record.csv", "records.jsonl", "rule-ny-gbl-205.yaml", "record.pdf",
        "manifest.json",
    ]  # fmt: skip
    paper = text_of(files["record.pdf"])
    for words in (
        "Training record of Hudson House", "As of October 15, 2026", "page 1 of 2", "page 2 of 2",
        "As known on that day: 1 of 2 trained. 1 of them is not yet proven. 1 overdue.",
        "Corrected after October 15, 2026 (1)", "Mei Chen", "SAMPLE",
    ):  # fmt: skip
        assert words in paper
    assert paper.index("Overdue (1)") < paper.index("Met: trained, with every point shown (1)")
    rows = list(csv.DictReader(io.StringIO(files["record.csv"].decode("utf-8-sig"))))
    assert [(row["name"], row["reading"]) for row in rows] == [
        ("'=Lucia Quispe", "as known then and now"),
        ("Mei Chen", "as known then"),
        ("Mei Chen", "as corrected since"),
    ]
    assert (packet.state, packet.counts["employees"], packet.counts["corrected"]) == ("ready", 2, 1)


def test_the_manifest_names_each_file_and_record_with_its_hash(packet: InspectionPacket) -> None:
    files = contents(packet)
    said = manifest_of(packet)["manifest"]
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    del hashes["manifest.json"]
    assert {file["name"]: file["sha256"] for file in said["files"]} == hashes
    lines = files["records.jsonl"].splitlines()
    assert [row["sha256"] for row in said["records"]] == [
        hashlib.sha256(line).hexdigest() for line in lines
    ]
    assert (said["as_of"], said["facility"]["name"]) == ("2026-10-15", "Hudson House")
    assert said["rule"]["sha256"] == hashes["rule-ny-gbl-205.yaml"]
    assert said["made_by"] == {"site": "http://testserver", "trial": True}


def test_other_programs_can_verify_it(packet: InspectionPacket, tmp_path: Path) -> None:
    """As the page about keys says, with openssl and without our code."""
    document = manifest_of(packet)
    key, said, signature = (tmp_path / name for name in ("key.pem", "signed.json", "sig.bin"))
    key.write_text(signing.pem(PacketKey.objects.get()))
    said.write_text(
        json.dumps(document["manifest"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    )
    signature.write_bytes(base64.b64decode(document["signature"]))
    command = [
        "openssl", "pkeyutl", "-verify", "-pubin", "-inkey", str(key), "-rawin",
        "-in", str(said), "-sigfile", str(signature),
    ]  # fmt: skip
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    said.write_text(said.read_text().replace("Hudson House", "Hudson Hotel"))
    assert subprocess.run(command, check=False, capture_output=True).returncode != 0


def test_certificates_come_along_where_asked_for(
    hotel: Organization, django_capture_on_commit_callbacks: Any
) -> None:
    employment = hired(hotel, "Mei Chen", number="HH-1")
    version = make_program()
    with django_capture_on_commit_callbacks(execute=True):
        make_completion(employment.person, version=version, occurred_on=TODAY, now=at(TODAY))
    found = make_packet(hotel, as_of=TODAY, with_certificates=True, now=at(TODAY))
    (name,) = (name for name in contents(found) if name.startswith("certificates/"))
    assert name.startswith("certificates/hh-1-")
    assert contents(found)[name].startswith(b"%PDF-")
    assert found.counts["certificates"] == 1
    assert checked(packed(contents(found))).all_agrees


def test_a_name_the_paper_cannot_print_stands_in_the_table(hotel: Organization) -> None:
    hired(hotel, "देवी शर्मा", number="HH-1")
    hired(hotel, "Ana ☃ Rivera", number="HH-2")
    files = contents(make_packet(hotel, as_of=TODAY, now=at(TODAY)))
    paper = text_of(files["record.pdf"])
    assert paper.count(INSTEAD) == 2
    assert "HH-1" in paper
    assert "देवी शर्मा" in files["record.csv"].decode()


def test_a_long_record_is_drawn_in_pieces_and_numbered_through(
    hotel: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As of 500 people, with fewer: a piece is laid out by itself."""
    monkeypatch.setattr(drawing, "ROWS_AT_ONCE", 2)
    for name in ("Ana One", "Ana Two", "Ana Three", "Ana Four", "Ana Five"):
        hired(hotel, name)
    paper = text_of(contents(make_packet(hotel, as_of=TODAY, now=at(TODAY)))["record.pdf"])
    assert paper.count("Overdue (5)") == 3
    assert paper.count("Overdue (5), continued") == 2
    assert [paper.count(f"Ana {name}") for name in ("One", "Three", "Five")] == [1, 1, 1]
    assert "page 1 of 3" in paper
    assert "page 3 of 3" in paper
    assert paper.count("SHA-256 of the facts") == 1


def test_a_packet_stays_as_it_was_made(packet: InspectionPacket, hotel: Organization) -> None:
    before = contents(packet)
    train(hired(hotel, "Imran Qureshi"))
    again = services.make_packet(packet_id=str(packet.pk), now=at(TODAY + timedelta(days=1)))
    assert contents(again) == before


# --- making it ------------------------------------------------------------------------------------


def test_asking_twice_makes_one_packet(hotel: Organization) -> None:
    def ask(**fields: Any) -> InspectionPacket:
        return services.request_packet(
            facility=hotel, rule=gbl205(), as_of=DAY, actor=make_person(), now=at(TODAY), **fields
        )

    first, second = ask(), ask()
    assert first == second
    assert ask(with_certificates=True) != first
    assert OutboxMessage.objects.filter(kind=services.KIND).count() == 2
    services.make_packet(packet_id=str(first.pk))
    assert ask() != first


def test_a_day_to_come_has_no_packet(hotel: Organization) -> None:
    with pytest.raises(Refused, match="Choose today or an earlier day"):
        make_packet(hotel, as_of=TODAY + timedelta(days=1), now=at(TODAY))


def test_what_goes_wrong_is_said_and_nothing_is_half_made(
    hotel: Organization, settings: Any
) -> None:
    packet = services.request_packet(
        facility=hotel, rule=gbl205(), as_of=DAY, actor=make_person(), now=at(TODAY)
    )
    settings.LMS_PACKET_KEY = "not a key"
    services.work_on_packet({"packet": str(packet.pk)})
    packet.refresh_from_db()
    assert (packet.state, bool(packet.file)) == (PacketState.FAILED, False)
    assert "Try again" in packet.said


def test_people_are_told_in_which_packets_they_are(hotel: Organization) -> None:
    mei = hired(hotel, "Mei Chen")
    later = make_employment(hotel, started_on=TODAY, now=at(TODAY))
    packet = make_packet(hotel, as_of=DAY, now=at(TODAY))
    link, _token = make_link(packet)
    links.note_opening(link=link, what=LinkOpening.What.PAGE)
    assert export_packets(mei.person) == [
        {
            "facility": "Hudson House",
            "as of": "2026-10-15",
            "made at": at(TODAY).astimezone(UTC).isoformat(),
            "opened by link": 1,
        }
    ]
    assert export_packets(later.person) == []


def test_old_packets_are_removed_and_what_they_were_stays(packet: InspectionPacket) -> None:
    storage, name = packet.file.storage, packet.file.name
    assert services.remove_old_packets(now=at(TODAY) + services.KEPT) == 0
    assert services.remove_old_packets(now=at(TODAY, 10) + services.KEPT) == 1
    packet.refresh_from_db()
    assert (packet.state, packet.file.name) == (PacketState.REMOVED, "")
    assert len(packet.manifest_hash) == 64
    assert storage.exists(name)  # until the transaction ends
    assert services.remove_old_packets(now=at(TODAY, 11) + services.KEPT) == 0


def test_old_packets_of_a_held_facility_stay_until_the_hold_ends(
    packet: InspectionPacket, hotel: Organization
) -> None:
    hold = place_hold(facility=hotel, reason="A case in court.", since=TODAY, actor=make_person())
    assert services.remove_old_packets(now=at(TODAY, 10) + services.KEPT) == 0
    end_hold(hold=hold, reason="Settled.", actor=make_person())
    assert services.remove_old_packets(now=at(TODAY, 10) + services.KEPT) == 1


def test_old_packets_stay_while_somebody_who_works_there_is_held(
    packet: InspectionPacket, hotel: Organization
) -> None:
    place_hold(employment=hired(hotel), reason="A case in court.", since=TODAY, actor=make_person())
    assert services.remove_old_packets(now=at(TODAY, 10) + services.KEPT) == 0


@pytest.mark.parametrize("people", [1, 3])
def test_a_packet_costs_the_same_however_many_employees(
    hotel: Organization, people: int, django_assert_num_queries: Any
) -> None:
    for _one in range(people):
        train(hired(hotel), signed=TODAY)
    packet = services.request_packet(
        facility=hotel, rule=gbl205(), as_of=DAY, actor=make_person(), now=at(TODAY)
    )
    with django_assert_num_queries(21):
        services.make_packet(packet_id=str(packet.pk), now=at(TODAY))


# --- keys -----------------------------------------------------------------------------------------


def test_after_a_change_of_keys_old_packets_still_verify(
    packet: InspectionPacket, hotel: Organization, settings: Any
) -> None:
    settings.LMS_PACKET_KEY = OTHER_KEY
    newer = make_packet(hotel, as_of=DAY, now=at(TODAY, 10))
    assert newer.key_id != packet.key_id
    assert [checked(packed(contents(one))).verdict for one in (packet, newer)] == [
        Verdict.SIGNED,
        Verdict.SIGNED,
    ]
    assert [key.key_id for key in signing.all_keys()] == [newer.key_id, packet.key_id]


def test_public_keys_are_never_changed_or_removed(packet: InspectionPacket) -> None:
    for change in (
        "DELETE FROM compliance_packetkey",
        "UPDATE compliance_packetkey SET public_key = 'x'",
    ):
        with pytest.raises(DatabaseError, match="keeps facts"), transaction.atomic():
            connection.cursor().execute(change)


@pytest.mark.parametrize("key", ["", "short", "not base64!", base64.b64encode(b"x" * 31).decode()])
def test_production_wants_a_key(settings: Any, key: str) -> None:
    assert packets_can_be_signed(None) == []
    settings.LMS_PACKET_KEY = key
    assert [error.id for error in packets_can_be_signed(None)] == ["compliance.E002"]


# --- checking -------------------------------------------------------------------------------------


def test_an_unchanged_packet_agrees(packet: InspectionPacket) -> None:
    report = checked(packed(contents(packet)))
    assert report.all_agrees
    assert (report.files_agreeing, report.records_agreeing) == (5, 2)
    assert checked(contents(packet)["manifest.json"]).all_agrees


def test_a_manifest_saved_again_by_an_editor_still_agrees(packet: InspectionPacket) -> None:
    pretty = json.dumps(manifest_of(packet), indent=4)
    assert checked(b"\xef\xbb\xbf" + pretty.encode()).all_agrees


def test_changed_missing_and_added_files_are_named(packet: InspectionPacket) -> None:
    files = contents(packet)
    files["record.pdf"] += b"\n"
    del files["record.csv"]
    files["letter.txt"] = b"Dear inspector"
    report = checked(packed(files))
    assert report.is_signed
    assert not report.all_agrees
    assert otherwise(report.files_otherwise) == {
        "record.csv": "missing", "record.pdf": "differs", "letter.txt": "extra",
    }  # fmt: skip
    assert report.records_otherwise == []


def test_changed_missing_and_added_records_are_named(packet: InspectionPacket) -> None:
    files = contents(packet)
    first, second = files["records.jsonl"].decode().splitlines()
    entry = json.loads(first)
    entry["now"]["standing"] = "met_on_time"
    extra = json.dumps({**json.loads(second), "id": "employment-0"})
    files["records.jsonl"] = f"{json.dumps(entry)}\n{extra}\nnonsense\n".encode()
    report = checked(packed(files))
    missing = json.loads(second)["id"]
    assert otherwise(report.records_otherwise) == {
        "HH-2 =Lucia Quispe": "differs", missing: "missing", "HH-1 Mei Chen": "extra",
        "nonsense": "extra",
    }  # fmt: skip


def test_records_saved_again_with_other_spaces_agree(packet: InspectionPacket) -> None:
    files = contents(packet)
    lines = [json.dumps(json.loads(line)) for line in files["records.jsonl"].splitlines()]
    files["records.jsonl"] = "\r\n".join(lines).encode()
    report = checked(packed(files))
    assert report.records_agreeing == 2
    assert otherwise(report.files_otherwise) == {"records.jsonl": "differs"}


def test_a_changed_manifest_is_compared_with_what_was_signed(packet: InspectionPacket) -> None:
    document = manifest_of(packet)
    document["manifest"]["counts"]["overdue"] = 0
    files = {**contents(packet), "manifest.json": as_file(document)}
    files["record.pdf"] = b"%PDF-another"
    wanted = hashlib.sha256(files["record.pdf"]).hexdigest()
    for file in document["manifest"]["files"]:
        if file["name"] == "record.pdf":
            file["sha256"] = wanted  # so that it agrees with its own manifest
    files["manifest.json"] = as_file(document)
    report = checked(packed(files))
    assert report.verdict == Verdict.DIFFERS
    assert report.facts
    assert report.facts["counts"]["overdue"] == 1
    assert otherwise(report.files_otherwise) == {"record.pdf": "differs"}


def test_a_manifest_signed_elsewhere_is_not_ours(packet: InspectionPacket, settings: Any) -> None:
    said = manifest_of(packet)["manifest"]
    settings.LMS_PACKET_KEY = OTHER_KEY
    said["key"] = signing.all_keys()[0].key_id
    said["packet"] = "00000000-0000-4000-8000-000000000000"
    forged = {"manifest": said, "signature": signing.sign(as_file(said))}
    settings.LMS_PACKET_KEY = ""
    report = checked(as_file(forged))
    assert (report.verdict, report.facts, report.all_agrees) == (Verdict.UNKNOWN_KEY, None, False)


def test_a_signature_of_ours_over_something_else_does_not_help(packet: InspectionPacket) -> None:
    document = manifest_of(packet)
    document["manifest"]["packet"] = "00000000-0000-4000-8000-000000000000"
    report = checked(as_file(document))
    assert (report.verdict, report.facts) == (Verdict.DIFFERS, None)


def deep() -> bytes:
    return b"[" * 100_000


def without(name: str) -> Any:
    def change(files: dict[str, bytes]) -> bytes:
        return packed({key: content for key, content in files.items() if key != name})

    return change


def twice(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("record.pdf", b"another")
    return out.getvalue()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda _files: b"hello", "not_json"),
        (lambda _files: b"", "not_json"),
        (lambda _files: b"\xff\xfe\x00", "not_json"),
        (lambda _files: deep(), "not_json"),
        (lambda _files: b'{"manifest": NaN, "signature": ""}', "not_json"),
        (lambda _files: b'{"manifest": "\\ud800", "signature": ""}', "not_json"),
        (lambda _files: b"[]", "not_a_manifest"),
        (lambda _files: b'{"manifest": {}, "signature": "x"}', "not_a_manifest"),
        (lambda _files: b"%PDF-1.7", "not_json"),
        (lambda files: packed(files)[:-60], "damaged"),
        (lambda _files: b"PK\x03\x04nothing", "damaged"),
        (without("manifest.json"), "no_manifest"),
        (twice, "twice"),
        (packed, "not_a_manifest"),
    ],
)
def test_what_is_no_packet_is_said_in_words(change: Any, code: str) -> None:
    files = {"record.pdf": b"%PDF-1.7", "record.csv": b"name", "manifest.json": b"{}"}
    with pytest.raises(Refused) as refused:
        checked(change(files))
    assert refused.value.code == code


def test_what_unpacks_too_large_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        zeros = bytes(1024 * 1024)
        with archive.open("manifest.json", "w") as member:
            for _chunk in range(301):
                member.write(zeros)
    with pytest.raises(Refused) as refused:
        checked(out.getvalue())
    assert refused.value.code == "unpacks_too_large"


def test_a_broken_signature_differs(packet: InspectionPacket) -> None:
    for signature in ("", "é", "AAAA", "*" * 88):
        document = {**manifest_of(packet), "signature": signature}
        assert read_manifest(as_file(document)).verdict() == Verdict.DIFFERS


# --- links ----------------------------------------------------------------------------------------


def test_a_link_opens_until_it_expires_or_is_ended(packet: InspectionPacket) -> None:
    link, token = make_link(packet, days=7, now=at(TODAY))
    assert token not in str(link.__dict__)
    week = at(TODAY) + timedelta(days=7)
    assert links.open_link(token, now=week - timedelta(seconds=1)) == link
    assert links.open_link(token, now=week) is None
    assert links.open_link(token[:-1], now=at(TODAY)) is None
    links.end_link(link=link, actor=make_person(), now=at(TODAY, 10))
    links.end_link(link=link, actor=make_person(), now=at(TODAY, 11))
    assert links.open_link(token, now=at(TODAY, 12)) is None
    ended = AuditEntry.objects.get(action="packet_link.ended")
    assert ended.at == at(TODAY, 10)
    assert "County" not in str(AuditEntry.objects.get(action="packet_link.made").data)


def test_a_form_sent_twice_makes_one_link(packet: InspectionPacket) -> None:
    link, _token = make_link(packet, label="Inspector")
    with pytest.raises(Refused, match="Its address was shown once"):
        make_link(packet, label=" Inspector ")
    links.end_link(link=link, actor=make_person())
    make_link(packet, label="Inspector")


@pytest.mark.parametrize(
    ("fields", "code"), [({"label": " "}, "label_missing"), ({"days": 365}, "days")]
)
def test_a_link_without_name_or_end_is_refused(
    packet: InspectionPacket, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refused:
        make_link(packet, **fields)
    assert refused.value.code == code


def test_a_removed_packet_is_opened_by_no_link(packet: InspectionPacket) -> None:
    _link, token = make_link(packet)
    services.remove_old_packets(now=at(TODAY, 10) + services.KEPT)
    assert links.open_link(token) is None
    with pytest.raises(Refused, match="Make the packet first"):
        make_link(InspectionPacket.objects.get(pk=packet.pk), label="Another")
