"""Claims to manage a facility: who may become its first manager, and who never does."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from lms.compliance.claim_models import ClaimStatus, ClaimWay, FacilityClaim
from lms.compliance.claims import services
from lms.compliance.claims.permissions import looks_after_facilities
from lms.compliance.models import FacilityProfile
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.core.personal_data import export
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person, RoleAssignment
from lms.people.permissions import manages_facility
from lms.people.places import Place, alike, name_key, same_address, street_key
from lms.people.services import grant_role
from tests.factories.claims import ELM, letter_code, make_claim
from tests.factories.people import (
    make_facility,
    make_office,
    make_organization,
    make_person,
    make_state_office,
    make_with_role,
)
from tests.factories.worksheets import pdf

pytestmark = pytest.mark.django_db


def fresh(person: Person) -> Person:
    """Without what was remembered of their roles."""
    return Person.objects.get(pk=person.pk)


def mails_to(person: Person) -> list[str]:
    rows = OutboxMessage.objects.filter(payload__to=person.email).order_by("pk")
    return [row.payload["subject"] for row in rows]


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12 North Elm Street", "12 N. Elm St."),
        ("12 North Elm Street, Suite 4", "12 north elm street"),
        ("350 Fifth Avenue", "350 5th Ave"),
        ("350 Fifth Avenue #200", "350 5th Av"),
        ("8 Saint Marks Place", "8 St. Marks Pl"),
    ],
)
def test_one_address_written_two_ways_is_one(one: str, other: str) -> None:
    assert street_key(one) == street_key(other)


def test_another_number_street_or_postcode_is_another_address() -> None:
    place = Place(**ELM)
    assert same_address(place, Place(**{**ELM, "postcode": "12207-1234", "name": "Other"}))
    assert not same_address(place, Place(**{**ELM, "street": "14 North Elm Street"}))
    assert not same_address(place, Place(**{**ELM, "postcode": "12208"}))
    assert not same_address(Place(**{**ELM, "street": ""}), Place(**{**ELM, "street": ""}))


def test_names_very_like_in_one_postcode_may_be_one_place() -> None:
    assert name_key("The Hudson House Hotel & Suites") == name_key("Hudson House")
    there = {**ELM, "street": "99 Other Road"}
    assert alike(Place(**ELM), Place(**{**there, "name": "Elm Court Inn"}))
    assert not alike(Place(**ELM), Place(**{**there, "name": "Quiet Harbor Motel"}))
    assert not alike(Place(**ELM), Place(**{**there, "name": "Elm Court", "postcode": "10001"}))


# --- by letter ------------------------------------------------------------------------------------


def test_the_letters_code_opens_the_facility_to_its_first_manager() -> None:
    claim = make_claim()
    assert not RoleAssignment.objects.filter(person=claim.person).exists()
    code = letter_code(claim)
    sent = services.note_letter_sent(
        claim=claim, sent_on=new_york_today(), actor=make_person("desk@example.org")
    )
    assert sent.code_until

    typed = code.lower().replace("-", " ")
    verified = services.verify_by_code(claim=claim, typed=typed, actor=claim.person)

    facility = verified.facility
    assert facility
    assert (facility.kind, facility.name, facility.key) == (
        OrganizationKind.FACILITY,
        "Elm Court Hotel",
        "elm-court-hotel-albany",
    )
    assert (facility.street, facility.county, facility.postcode) == (
        "12 North Elm Street",
        "Albany",
        "12207",
    )
    assert manages_facility(fresh(claim.person), facility)
    profile = FacilityProfile.objects.get(organization=facility)
    assert profile.rooms_for_hire == 40
    assert profile.first_manager_verified_at
    assert AuditEntry.objects.filter(action="facility.first_manager").count() == 1
    assert mails_to(claim.person) == [
        "You asked to manage Elm Court Hotel",
        "A letter is on its way to Elm Court Hotel",
        "You manage Elm Court Hotel now",
    ]
    # The same again changes nothing.
    services.verify_by_code(claim=claim, typed=typed, actor=claim.person)
    assert Organization.objects.facilities().count() == 1


def test_a_code_is_kept_as_a_hash_without_look_alikes() -> None:
    claim = make_claim()
    code = letter_code(claim)
    claim.refresh_from_db()
    assert not set(code) & set("O0I1L")
    assert code.replace("-", "") not in claim.code_hash
    assert len(claim.code_hash) == 64


def test_a_wrong_code_is_counted_and_after_ten_a_new_letter_is_needed() -> None:
    claim = make_claim()
    code = letter_code(claim)
    for _number in range(services.CODE_TRIES):
        with pytest.raises(Refused) as refusal:
            services.verify_by_code(claim=claim, typed="AAAA-AAAA", actor=claim.person)
        assert refusal.value.code == "wrong"
    with pytest.raises(Refused) as refusal:
        services.verify_by_code(claim=claim, typed=code, actor=claim.person)
    assert refusal.value.code == "no_code"
    newer = letter_code(claim)
    assert services.verify_by_code(claim=claim, typed=newer, actor=claim.person).is_verified


def test_a_newer_letter_ends_the_one_before_and_a_code_runs_out() -> None:
    claim = make_claim()
    older, newer = letter_code(claim), letter_code(claim)
    with pytest.raises(Refused) as refusal:
        services.verify_by_code(claim=claim, typed=older, actor=claim.person)
    assert refusal.value.code == "wrong"
    late = timezone.now() + services.CODE_VALID + timedelta(minutes=1)
    with pytest.raises(Refused) as refusal:
        services.verify_by_code(claim=claim, typed=newer, actor=claim.person, now=late)
    assert refusal.value.code == "no_code"


def test_one_persons_code_opens_nothing_for_another() -> None:
    claim, other = make_claim(), make_claim(make_person())
    code = letter_code(claim)
    letter_code(other)
    with pytest.raises(Refused):
        services.verify_by_code(claim=other, typed=code, actor=other.person)


def test_a_letter_goes_to_the_address_we_have_not_to_one_that_was_typed() -> None:
    here = make_facility(name="Elm Court", street="1 Real Road", city="Albany", postcode="12207")
    claim = make_claim(facility=here, place={"street": "99 Thief Lane"})
    assert claim.letter_place.street == "1 Real Road"
    assert make_claim(make_person()).letter_place.street == ELM["street"]


def test_a_letter_is_sent_today_or_earlier_and_not_before_it_is_printed() -> None:
    claim, today = make_claim(), new_york_today()
    with pytest.raises(Refused):
        services.note_letter_sent(claim=claim, sent_on=today, actor=claim.person)
    letter_code(claim)
    with pytest.raises(Refused):
        services.note_letter_sent(
            claim=claim, sent_on=today + timedelta(days=1), actor=claim.person
        )


# --- by license, by the office --------------------------------------------------------------------


def test_a_license_is_a_number_or_a_picture_and_no_script() -> None:
    with pytest.raises(Refused) as refusal:
        make_claim(way=ClaimWay.LICENCE)
    assert refusal.value.code == "no_licence"
    with pytest.raises(Refused):
        make_claim(way=ClaimWay.LICENCE, upload=SimpleUploadedFile("l.pdf", b"<script>no</script>"))
    claim = make_claim(way=ClaimWay.LICENCE, licence_number=" H-1234 ")
    assert claim.licence_number == "H-1234"
    assert FacilityClaim.objects.count() == 1


def test_a_picture_of_a_license_goes_ninety_days_after_the_answer(
    django_capture_on_commit_callbacks: Any,
) -> None:
    upload = SimpleUploadedFile("license.pdf", pdf())
    claim = make_claim(way=ClaimWay.LICENCE, upload=upload)
    name, storage = claim.file.name, claim.file.storage
    late = timezone.now() + services.LICENCE_KEPT + timedelta(days=1)
    assert services.forget_licences(late) == 0  # nobody has answered
    services.verify_at_desk(claim=claim, reason="License seen.", actor=make_person())
    assert services.forget_licences(timezone.now()) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert services.forget_licences(late) == 1
    assert not storage.exists(name)
    claim.refresh_from_db()
    assert (claim.file_name, claim.file_kind) == ("", "pdf")
    assert services.forget_licences(late) == 0


def test_the_office_vouches_with_a_reason_and_refuses_with_one() -> None:
    desk = make_with_role(Role.COORDINATOR, make_office())
    claim = make_claim(way=ClaimWay.OFFICE)
    with pytest.raises(Refused) as refusal:
        services.verify_at_desk(claim=claim, reason="  ", actor=desk)
    assert refusal.value.code == "reason_missing"
    verified = services.verify_at_desk(claim=claim, reason="Called the hotel.", actor=desk)
    assert verified.is_verified
    assert (verified.decided_by, verified.reason) == (desk, "Called the hotel.")

    other = make_claim(make_person(), place={"street": "77 Oak Road"}, way=ClaimWay.OFFICE)
    with pytest.raises(Refused):
        services.refuse(claim=other, reason="", actor=desk)
    services.refuse(claim=other, reason="The number is not in service.", actor=desk)
    assert not RoleAssignment.objects.filter(person=other.person).exists()
    [message] = OutboxMessage.objects.filter(key=f"facility-claim:{other.pk}:refused")
    assert "The number is not in service." in message.payload["text"]
    with pytest.raises(Refused):
        services.verify_at_desk(claim=other, reason="Changed my mind.", actor=desk)


def test_only_the_states_office_looks_after_facilities() -> None:
    of_state = make_with_role(Role.COORDINATOR, make_state_office())
    of_city = make_with_role(Role.COORDINATOR, make_office())
    reviewer = make_with_role(Role.REVIEWER, make_state_office())
    manager = make_with_role(Role.MANAGER, make_facility())
    assert looks_after_facilities(of_state)
    assert [looks_after_facilities(person) for person in (of_city, reviewer, manager)] == [
        False,
        False,
        False,
    ]


# --- one place, one manager at first --------------------------------------------------------------


def test_of_two_who_claim_one_place_the_second_finds_it_taken() -> None:
    first = make_claim()
    second = make_claim(make_person(), place={"street": "12 N Elm St", "name": "Elm Court"})
    services.verify_at_desk(claim=first, reason="License seen.", actor=make_person())
    with pytest.raises(Refused) as refusal:
        services.verify_at_desk(claim=second, reason="License seen.", actor=make_person())
    assert refusal.value.code == "taken"
    assert Organization.objects.facilities().count() == 1
    assert not RoleAssignment.objects.filter(person=second.person).exists()


def test_a_place_that_has_nobody_is_taken_over_with_its_record() -> None:
    here = make_facility(name="Elm Court", street="12 N Elm St", city="Albany", postcode="12207")
    claim = make_claim(facility=here)
    verified = services.verify_by_code(claim=claim, typed=letter_code(claim), actor=claim.person)
    assert verified.facility == here
    here.refresh_from_db()
    assert here.name == "Elm Court"
    assert Organization.objects.facilities().count() == 1


def test_two_places_at_one_address_get_two_pages() -> None:
    first = make_claim()
    services.verify_at_desk(claim=first, reason="License seen.", actor=make_person())
    second = make_claim(make_person(), is_another=True)
    services.verify_at_desk(claim=second, reason="Two brands, one house.", actor=make_person())
    keys = Organization.objects.facilities().values_list("key", flat=True)
    assert set(keys) == {"elm-court-hotel-albany", "elm-court-hotel-albany-2"}


def test_the_managers_of_a_place_say_who_else_may() -> None:
    hotel = make_facility(name="Elm Court", street="12 N Elm St", postcode="12207")
    manager = make_with_role(Role.MANAGER, hotel)
    with pytest.raises(Refused) as refusal:
        make_claim(facility=hotel)
    assert refusal.value.code == "managers_changed"
    claim = make_claim(facility=hotel, way=ClaimWay.MANAGERS)
    assert mails_to(manager) == ["Nora Whitfield asks to manage Elm Court Hotel"]

    for stranger in (claim.person, make_with_role(Role.MANAGER, make_facility())):
        with pytest.raises(Refused) as refusal:
            services.grant_by_manager(claim=claim, actor=stranger)
        assert refusal.value.code == "not_yours"
    with pytest.raises(Refused):
        services.verify_at_desk(claim=claim, reason="Why not.", actor=make_person())

    services.grant_by_manager(claim=claim, actor=manager)
    assert manages_facility(fresh(claim.person), hotel)


def test_a_new_place_of_a_company_is_its_own() -> None:
    company = make_organization(OrganizationKind.COMPANY)
    boss = make_with_role(Role.COMPANY_MANAGER, company)
    with pytest.raises(Refused) as refusal:
        make_claim(make_person(), company=company)
    assert refusal.value.code == "not_your_company"
    claim = make_claim(boss, company=company)
    verified = services.verify_by_code(claim=claim, typed=letter_code(claim), actor=boss)
    assert verified.facility
    assert verified.facility.parent == company


def test_asking_twice_is_asking_once_and_may_be_taken_back() -> None:
    person = make_person()
    claim = make_claim(person)
    assert make_claim(person) == claim
    with pytest.raises(IntegrityError), transaction.atomic():
        FacilityClaim.objects.create(
            person=person, name="X", street="1 A", city="B", postcode="12207",
            address_key=claim.address_key, position="Owner", way=ClaimWay.LETTER,
        )  # fmt: skip
    code = letter_code(claim)
    services.withdraw(claim=claim, actor=person)
    assert services.withdraw(claim=claim, actor=person).status == ClaimStatus.WITHDRAWN
    with pytest.raises(Refused):
        services.verify_by_code(claim=claim, typed=code, actor=person)
    assert make_claim(person) != claim


def test_who_manages_it_already_need_not_ask() -> None:
    hotel = make_facility()
    manager = make_with_role(Role.MANAGER, hotel)
    grant_role(person=make_person(), role=Role.MANAGER, organization=hotel, actor=None)
    with pytest.raises(Refused) as refusal:
        make_claim(manager, facility=hotel, way=ClaimWay.MANAGERS)
    assert refusal.value.code == "manages_it"


def test_what_is_kept_about_a_claim_is_the_persons_to_read() -> None:
    claim = make_claim(way=ClaimWay.LICENCE, licence_number="H-77")
    [row] = export(claim.person)["facilities asked to manage"]
    assert row["license"] == "H-77"
    assert row["place"] == "Elm Court Hotel"


@pytest.mark.django_db(transaction=True)
def test_verified_at_the_very_same_moment_one_place_gets_one_page() -> None:
    desk = make_person()
    claims = [make_claim(make_person()) for _number in range(4)]
    gate = threading.Barrier(len(claims))
    answers: list[str] = []

    def verify(claim: FacilityClaim) -> None:
        gate.wait()
        try:
            services.verify_at_desk(claim=claim, reason="License seen.", actor=desk)
            answers.append("verified")
        except Refused as refusal:
            answers.append(refusal.code)
        finally:
            connection.close()

    workers = [threading.Thread(target=verify, args=[claim]) for claim in claims]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(answers) == ["taken", "taken", "taken", "verified"]
    assert Organization.objects.facilities().count() == 1
