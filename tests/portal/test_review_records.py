"""Records with names: on a stated ground, for some days, every opening kept and told."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from lms.compliance.doubles.services import merge_facilities
from lms.compliance.review import access as services
from lms.compliance.review.access import DAYS, note_opening, open_record
from lms.compliance.review.selectors import openings_about
from lms.compliance.review_models import Ground, Look, RecordAccess, RecordOpening
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.core.personal_data import export
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from lms.people.services import end_employment, end_role
from lms.people.state_office import stop_speaking_for_state
from tests.factories.compliance import describe
from tests.factories.people import (
    make_facility,
    make_office,
    make_organization,
    make_person,
    make_state_office,
    make_with_role,
)
from tests.factories.review import drawn, make_scan, rosa
from tests.factories.worksheets import attested
from tests.portal.test_facilities import as_person, text
from tests.portal.test_review_samples import mails_to

pytestmark = pytest.mark.django_db
TODAY = new_york_today()
SAID = {"ground": "inspection", "words": "No. 4711"}


@pytest.fixture
def office() -> Organization:
    return make_state_office(name="State Office")


@pytest.fixture
def reviewer(office: Organization) -> Person:
    return make_with_role(Role.REVIEWER, office, name="Grace Oyelaran")


@pytest.fixture
def hotel() -> Organization:
    company = make_organization(OrganizationKind.COMPANY, name="Empire Lodging")
    facility = make_facility(name="Hudson House", key="hudson", parent=company)
    describe(facility)
    return facility


def opened(hotel: Organization, reviewer: Person, **said: Any) -> RecordAccess:
    given: dict[str, Any] = {"ground": Ground.INSPECTION, "words": "No. 4711", **said}
    return open_record(facility=hotel, actor=reviewer, **given)


def ago(days: int) -> Any:
    return timezone.now() - timedelta(days=days)


def test_a_record_opens_on_a_ground_and_every_opening_is_kept(
    hotel: Organization, reviewer: Person
) -> None:
    rosa(hotel)
    client = as_person(reviewer)
    assert "Hudson House" in text(client.get("/review/records/", {"q": "hudson"}))
    assert "No facility of this name" in text(client.get("/review/records/", {"q": "nowhere"}))
    page = text(client.get("/review/records/open/hudson/"))
    assert "Rosa" not in page
    assert "This field is required." in text(
        client.post("/review/records/open/hudson/", {**SAID, "words": " "})
    )
    assert "Choose the ground." in text(
        client.post("/review/records/open/hudson/", {"words": "No. 4711"})
    )
    assert not RecordAccess.objects.exists()
    page = text(client.post("/review/records/open/hudson/", SAID, follow=True))
    assert "Rosa Almonte" in page
    assert "Opened on the ground: Inspection (No. 4711)." in page
    access = RecordAccess.objects.get()
    assert (access.until - access.begun_at).days == DAYS
    client.get(f"/review/records/{access.pk}/", {"as_of": str(TODAY - timedelta(days=3))})
    client.head(f"/review/records/{access.pk}/")
    days = [row.as_of for row in RecordOpening.objects.order_by("pk")]
    assert days == [TODAY, TODAY - timedelta(days=3)]
    assert AuditEntry.objects.filter(action="record.opened").count() == 2
    assert "2 times" in text(client.get("/review/records/"))


def test_the_managers_are_told_at_once_and_see_every_opening(
    hotel: Organization, reviewer: Person
) -> None:
    manager = make_with_role(Role.MANAGER, hotel)
    company = make_with_role(Role.COMPANY_MANAGER, hotel.parent)  # type: ignore[arg-type]
    gone = make_with_role(Role.MANAGER, hotel)
    end_role(assignment=gone.roles.get(), actor=None)
    access = opened(hotel, reviewer)
    assert opened(hotel, reviewer) == access  # the same again is the same, and told once
    for person in (manager, company):
        [letter] = mails_to(person)
        assert "State Office opened your training record" in letter
        assert "The ground: Inspection (No. 4711)." in letter
        assert "/facilities/hudson/packets/#state" in letter
        assert "Grace" not in letter
    assert mails_to(gone) == []
    client = as_person(manager)
    assert "Not opened yet" in text(client.get("/facilities/hudson/packets/"))
    as_person(reviewer).get(f"/review/records/{access.pk}/")
    page = text(client.get("/facilities/hudson/packets/"))
    assert ": State Office opened this record" in page
    assert "On the ground: Inspection (No. 4711)." in page
    assert "Opened 1 time, last" in page
    assert OutboxMessage.objects.filter(key__startswith="record-access:").count() == 2


def test_after_its_days_it_is_closed(hotel: Organization, reviewer: Person) -> None:
    rosa(hotel)
    access = opened(hotel, reviewer, now=ago(DAYS))
    client = as_person(reviewer)
    page = client.get(f"/review/records/{access.pk}/", follow=True)
    assert page.redirect_chain == [("/review/records/open/hudson/", 302)]
    assert "The 7 days are over." in text(page)
    assert "Rosa" not in text(page)
    assert not RecordOpening.objects.exists()
    assert "Over" in text(client.get("/review/records/"))
    again = opened(hotel, reviewer)
    assert again != access
    assert "Rosa" in text(client.get(f"/review/records/{again.pk}/"))


def test_documents_with_names_open_under_it_too(hotel: Organization, reviewer: Person) -> None:
    scan = make_scan(hotel, name="Rosa Almonte.pdf")
    worksheet = attested(hotel, make_with_role(Role.MANAGER, hotel))
    other = make_scan(make_facility(), name="other.pdf")
    access = opened(hotel, reviewer)
    client, here = as_person(reviewer), f"/review/records/{access.pk}/"
    page = text(client.get(here))
    assert f'href="{here}scans/{scan.pk}/"' in page
    answer = client.get(f"{here}scans/{scan.pk}/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert "Rosa Almonte.pdf" in answer["Content-Disposition"]
    paper = client.get(f"{here}worksheets/{worksheet.pk}/")
    assert paper["Content-Type"] == "application/pdf"
    assert client.get(f"{here}scans/{other.pk}/").status_code == 404
    looks = [(row.look, row.proof_id, row.worksheet_id) for row in RecordOpening.objects.all()]
    assert looks == [
        (Look.WORKSHEET, None, worksheet.pk), (Look.SCAN, scan.pk, None), (Look.RECORD, None, None),
    ]  # fmt: skip
    with pytest.raises(Refused) as refusal:
        note_opening(access=access, look=Look.SCAN, proof=other, actor=reviewer)
    assert refusal.value.code == "not_theirs"


def test_the_service_asks_who_and_for_what(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    coordinator = make_with_role(Role.COORDINATOR, office)
    for actor in (make_person(is_superuser=True), coordinator):
        with pytest.raises(Refused) as refusal:
            opened(hotel, actor)
        assert refusal.value.code == "not_a_reviewer"
    for place, words, code in ((office, "x", "not_a_facility"), (hotel, "  ", "words")):
        with pytest.raises(Refused) as refusal:
            opened(place, reviewer, words=words)
        assert refusal.value.code == code
    access = opened(hotel, reviewer)
    colleague = make_with_role(Role.REVIEWER, office)
    for actor, day, code in (
        (colleague, TODAY, "not_yours"),
        (reviewer, TODAY + timedelta(days=1), "in_future"),
    ):
        with pytest.raises(Refused) as refusal:
            note_opening(access=access, look=Look.RECORD, as_of=day, actor=actor)
        assert refusal.value.code == code
    assert not RecordOpening.objects.exists()


def test_to_anybody_else_there_is_no_record(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    scan = make_scan(hotel)
    access = opened(hotel, reviewer)
    here = f"/review/records/{access.pk}/"
    pages = ["/review/records/", "/review/records/open/hudson/", here, f"{here}scans/{scan.pk}/",
             f"{here}worksheets/1/"]  # fmt: skip
    outsiders = [
        make_person(),
        make_person(is_superuser=True),
        make_with_role(Role.MANAGER, hotel),
        make_with_role(Role.COORDINATOR, office),
        make_with_role(Role.REVIEWER, make_office()),
    ]
    for page in pages:
        for outsider in outsiders:
            assert as_person(outsider).get(page).status_code == 404
            assert as_person(outsider).post(page, SAID).status_code in {404, 405}
        assert Client().get(page).status_code == 302
    for other in (office, make_state_office()):
        client = as_person(make_with_role(Role.REVIEWER, other))
        for page in pages[2:]:
            assert client.get(page).status_code == 404
    assert not RecordOpening.objects.exists()
    stop_speaking_for_state(office=office, actor=None)
    assert as_person(reviewer).get(here).status_code == 404
    assert RecordAccess.objects.count() == 1


def test_nothing_of_it_is_rewritten(hotel: Organization, reviewer: Person) -> None:
    access = opened(hotel, reviewer)
    opening = note_opening(access=access, look=Look.RECORD, as_of=TODAY, actor=reviewer)
    for row, change in ((access, {"words": "x"}), (opening, {"as_of": None})):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()


def test_everybody_named_can_see_who_looked(hotel: Organization, reviewer: Person) -> None:
    listed = rosa(hotel, days=300)
    scanned = rosa(hotel, "Ben Osei")
    left = rosa(hotel, "Mei Chen", days=900)
    end_employment(employment=left, ended_on=TODAY - timedelta(days=500), actor=None)
    elsewhere = rosa(make_facility(), "Omar Haddad")
    scan = make_scan(hotel, scanned)
    access = opened(hotel, reviewer)
    assert openings_about(listed.person) == []
    day = TODAY - timedelta(days=100)
    note_opening(access=access, look=Look.RECORD, as_of=day, actor=reviewer)
    note_opening(access=access, look=Look.SCAN, proof=scan, actor=reviewer)
    [row] = openings_about(listed.person)
    assert (row.office, row.facility, row.ground) == ("State Office", "Hudson House", "Inspection")
    assert (row.words, row.look, row.as_of) == ("No. 4711", "the record", day)
    assert [row.look for row in openings_about(scanned.person)] == ["a scan"]
    for nobody in (left.person, elsewhere.person, make_person()):
        assert openings_about(nobody) == []
    [exported] = export(listed.person)["what the state’s reviewers opened"]
    assert exported["as of"] == day.isoformat()


def test_what_was_opened_of_a_facility_that_turned_out_to_be_another_stays_with_it(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    twin = make_facility(name="Hudson Hotel", key="twin")
    listed = rosa(twin)
    scan = make_scan(twin, listed)
    before = opened(twin, reviewer)
    note_opening(access=before, look=Look.RECORD, as_of=TODAY, actor=reviewer)
    merge_facilities(
        into=hotel,
        duplicate=twin,
        reason="The same address.",
        actor=make_with_role(Role.COORDINATOR, office),
    )
    client = as_person(reviewer)
    page = text(client.get(f"/review/records/{before.pk}/"))
    assert "Training record of Hudson House" in page
    assert "Rosa Almonte" in page
    answer = client.get(f"/review/records/{before.pk}/scans/{scan.pk}/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert len(openings_about(listed.person)) == 3
    manager = as_person(make_with_role(Role.MANAGER, hotel))
    assert "Opened 3 times" in text(manager.get("/facilities/hudson/packets/"))
    item = drawn(office, reviewer).items.get()
    page = text(client.get(f"/review/samples/{item.sample_id}/1/"))
    assert "/review/records/open/hudson/?" in page


def test_a_sample_leads_to_the_ground(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    make_scan(hotel)
    sample = drawn(office, reviewer)
    client = as_person(reviewer)
    page = text(client.get(f"/review/samples/{sample.pk}/1/"))
    assert f"/review/records/open/hudson/?ground=sample&amp;words=Sample {sample.pk}" in page
    page = text(
        client.get("/review/records/open/hudson/", {"ground": "sample", "words": "Sample 5"})
    )
    assert 'value="Sample 5"' in page
    assert not RecordAccess.objects.exists()


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize("asked", [("/review/records/", 5), ("/review/records/{}/", 18)])
def test_pages_cost_the_same_for_many(
    many: int,
    asked: tuple[str, int],
    hotel: Organization,
    reviewer: Person,
    django_assert_num_queries: Any,
) -> None:
    for number in range(many):
        make_scan(hotel, rosa(hotel), on=TODAY - timedelta(days=number))
        access = opened(hotel, reviewer, words=f"No. {number}")
    client, (page, queries) = as_person(reviewer), asked
    assert services.DAYS == 7
    with django_assert_num_queries(queries):
        assert client.get(page.format(access.pk)).status_code == 200
