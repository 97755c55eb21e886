"""Samples on the page: drawn, looked at without a name, and what managers hear of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from lms.compliance.review import outcomes
from lms.compliance.review.counting import count_standings
from lms.compliance.review_models import (
    Outcome,
    Remark,
    ReviewSample,
    SampledItem,
    SampleKind,
    SampleOutcome,
)
from lms.compliance.rules import get_rule
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization, Person
from tests.factories.compliance import describe
from tests.factories.people import (
    make_facility,
    make_office,
    make_organization,
    make_person,
    make_state_office,
    make_with_role,
)
from tests.factories.review import drawn, make_group, make_scan, rosa
from tests.factories.worksheets import attested
from tests.portal.test_facilities import as_person, text

pytestmark = pytest.mark.django_db
NAMES = ("Rosa", "Almonte", "Ravi", "Menon", "Lorraine", "Baptiste")


@pytest.fixture
def office() -> Organization:
    return make_state_office(name="State Office")


@pytest.fixture
def reviewer(office: Organization) -> Person:
    return make_with_role(Role.REVIEWER, office, name="Grace Oyelaran")


@pytest.fixture
def hotel() -> Organization:
    company = make_organization(OrganizationKind.COMPANY, name="Empire Lodging")
    facility = make_facility(name="Hudson House", key="hudson", county="New York", parent=company)
    describe(facility)
    return facility


def mails_to(person: Person) -> list[str]:
    rows = OutboxMessage.objects.filter(payload__to=person.email).order_by("pk")
    return [row.payload["text"] for row in rows]


def item_of(office: Organization, reviewer: Person, **said: Any) -> SampledItem:
    return drawn(office, reviewer, **said).items.get()


def address(item: SampledItem) -> str:
    return f"/review/samples/{item.sample_id}/{item.place}/"


def test_a_sample_is_drawn_shown_with_its_seed_and_drawn_again(
    hotel: Organization, reviewer: Person
) -> None:
    make_scan(hotel, name="Rosa Almonte.pdf")
    count_standings(rule=get_rule())
    client = as_person(reviewer)
    assert "No sample yet" in text(client.get("/review/samples/"))
    said = {"kind": "scans", "county": "New York", "basis": "scan", "size": "5", "reason": "Look"}
    answer = client.post("/review/samples/new/", said, follow=True)
    sample = ReviewSample.objects.get()
    page = text(answer)
    assert f'<code class="ltr">{sample.seed}</code>' in page
    assert "1 of 1, drawn at random." in page
    assert "Recognize the signs" in page
    again = client.post("/review/samples/new/", {**said, "seed": sample.seed}, follow=True)
    assert again.redirect_chain == [(f"/review/samples/{sample.pk}/", 302)]
    assert "0 of 1 looked at" in text(client.get("/review/samples/"))
    make_scan(hotel, on=new_york_today() - timedelta(days=2))
    page = text(client.post("/review/samples/new/", {**said, "seed": sample.seed}, follow=True))
    assert "among others: 1 then, 2 now" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"size": "51"}, "less than or equal to 50"),
        ({"reason": " "}, "This field is required."),
        ({"seed": "a b"}, "A seed has letters and digits only"),
        ({"county": "Nowhere"}, "Select a valid choice."),
        ({"kind": "groups"}, "There is nothing of this kind to draw from."),
    ],
)
def test_bad_input_is_said_in_words(
    hotel: Organization, reviewer: Person, change: dict[str, str], sentence: str
) -> None:
    make_scan(hotel)
    said = {"kind": "scans", "size": "5", "reason": "Look", **change}
    assert sentence in text(as_person(reviewer).post("/review/samples/new/", said))
    assert not ReviewSample.objects.exists()


def test_what_is_drawn_names_no_employee(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    make_scan(hotel, name="Rosa Almonte.pdf")
    make_group(hotel)
    manager = make_with_role(Role.MANAGER, hotel, name="Ravi Menon")
    attested(hotel, manager, provider="Sample training house")
    client = as_person(reviewer)
    for kind, words in (
        (SampleKind.SCANS, "The facility alone, on"),
        (SampleKind.GROUPS, "1 listed: 0 with their own PIN, 0 by signature"),
        (SampleKind.WORKSHEETS, "Where it covers the topics"),
        (SampleKind.FACILITIES, "What its record rests on"),
    ):
        item = item_of(office, reviewer, kind=kind)
        page = text(client.get(address(item)))
        assert words in page
        assert "Hudson House" in page
        page += text(client.get(f"/review/samples/{item.sample_id}/"))
        assert not [name for name in NAMES if name in page]
        assert "compliant" not in page.lower()


def test_the_material_of_a_worksheet_has_a_name_of_ours_and_is_noted(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    worksheet = attested(hotel, make_with_role(Role.MANAGER, hotel))
    item = item_of(office, reviewer, kind=SampleKind.WORKSHEETS)
    answer = as_person(reviewer).get(f"{address(item)}material/")
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    assert f'filename="material-{worksheet.pk}.pdf"' in answer["Content-Disposition"]
    assert AuditEntry.objects.filter(action="sample.material_opened").count() == 1
    make_scan(hotel)
    scan = item_of(office, reviewer)
    assert as_person(reviewer).get(f"{address(scan)}material/").status_code == 404


def test_a_note_goes_to_the_managers_and_stands_on_their_page(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    make_scan(hotel)
    company = make_with_role(Role.COMPANY_MANAGER, hotel.parent)  # type: ignore[arg-type]
    manager = make_with_role(Role.MANAGER, hotel)
    stranger = make_with_role(Role.MANAGER, make_facility())
    item = item_of(office, reviewer)
    client = as_person(reviewer)
    said = {"outcome": "note", "remarks": ["day", "unreadable"], "words": "Page 2 is cut off."}
    for _click in range(2):
        page = text(client.post(address(item), said, follow=True))
    assert "Note sent" in page
    assert SampleOutcome.objects.count() == 1
    for person in (manager, company):
        [letter] = mails_to(person)
        assert "State Office drew a random sample and looked at: the scan for" in letter
        assert "The file cannot be read in full." in letter
        assert "Page 2 is cut off." in letter
        assert "This is a note, no decision." in letter
        assert "/facilities/hudson/packets/#state" in letter
    assert mails_to(stranger) == []
    page = text(as_person(manager).get("/facilities/hudson/packets/"))
    assert "The file does not show the day of the training." in page
    assert "Page 2 is cut off." in page
    assert "Grace" not in page


def test_nothing_noted_is_no_praise_and_no_mail(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    make_scan(hotel)
    manager = make_with_role(Role.MANAGER, hotel)
    item = item_of(office, reviewer)
    said = {"outcome": "nothing", "remarks": ["day"], "words": "Fine."}
    page = text(as_person(reviewer).post(address(item), said, follow=True))
    assert "Nothing noted" in page
    row = SampleOutcome.objects.get()
    assert (row.remarks, row.words) == ([], "")
    assert mails_to(manager) == []
    page = text(as_person(manager).get("/facilities/hudson/packets/"))
    assert "Nothing was noted. That says nothing about whether the law is met." in page
    as_person(reviewer).post(address(item), {"outcome": "note", "remarks": ["day"]})
    page = text(as_person(manager).get("/facilities/hudson/packets/"))
    assert "Nothing was noted" not in page  # the newest counts
    assert SampleOutcome.objects.count() == 2


def test_a_company_hears_of_its_worksheet_and_its_facilities_read_it(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    assert hotel.parent
    company = make_with_role(Role.COMPANY_MANAGER, hotel.parent)
    manager = make_with_role(Role.MANAGER, hotel)
    attested(hotel.parent, company)
    before = len(mails_to(company))
    item = item_of(office, reviewer, kind=SampleKind.WORKSHEETS)
    assert "for all its facilities" in text(as_person(reviewer).get(address(item)))
    outcomes.say(item=item, outcome=Outcome.NOTE, remarks=[Remark.TOPICS], actor=reviewer)
    assert len(mails_to(company)) == before + 1
    page = text(as_person(manager).get("/facilities/hudson/packets/"))
    assert "does not show a topic at the place the worksheet names" in page


def test_a_note_says_something_and_only_reviewers_say_it(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    make_scan(hotel)
    item = item_of(office, reviewer)
    client = as_person(reviewer)
    assert "Tick at least one sentence." in text(client.post(address(item), {"outcome": "note"}))
    assert "Choose what came of it." in text(client.post(address(item), {}))
    for outsider in (make_person(), make_with_role(Role.REVIEWER, make_state_office())):
        with pytest.raises(Refused) as refusal:
            outcomes.say(item=item, outcome=Outcome.NOTHING, actor=outsider)
        assert refusal.value.code == "not_a_reviewer"
    assert not SampleOutcome.objects.exists()
    said = outcomes.say(item=item, outcome=Outcome.NOTHING, actor=reviewer)
    with pytest.raises(DatabaseError), transaction.atomic():
        SampleOutcome.objects.filter(pk=said.pk).update(outcome=Outcome.NOTE)


def test_to_anybody_else_there_is_no_sample(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    attested(hotel, make_with_role(Role.MANAGER, hotel))
    item = item_of(office, reviewer, kind=SampleKind.WORKSHEETS)
    tails = (
        "",
        "new/",
        f"{item.sample_id}/",
        f"{item.sample_id}/1/",
        f"{item.sample_id}/1/material/",
    )
    outsiders = [
        make_person(),
        make_person(is_superuser=True),
        make_with_role(Role.MANAGER, hotel),
        make_with_role(Role.COORDINATOR, office),
        make_with_role(Role.REVIEWER, make_office()),
    ]
    for tail in tails:
        page = f"/review/samples/{tail}"
        for outsider in outsiders:
            assert as_person(outsider).get(page).status_code == 404
            assert as_person(outsider).post(page, {}).status_code in {404, 405}
        assert Client().get(page).status_code == 302
    # A reviewer of another office that speaks for the state has samples of their own.
    other = as_person(make_with_role(Role.REVIEWER, make_state_office()))
    for tail in tails[2:]:
        assert other.get(f"/review/samples/{tail}").status_code == 404
    assert "No sample yet" in text(other.get("/review/samples/"))


def test_a_scan_that_is_gone_says_so(
    office: Organization, hotel: Organization, reviewer: Person
) -> None:
    make_scan(hotel)
    item = item_of(office, reviewer)
    with connection.cursor() as cursor:  # what the retention job does, without its rules
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM compliance_proofperson")
        cursor.execute("DELETE FROM compliance_facilityproof")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    client = as_person(reviewer)
    assert "This scan was removed" in text(client.get(address(item)))
    page = text(client.get(f"/review/samples/{item.sample_id}/"))
    assert "Removed: its time was over" in page


@pytest.mark.parametrize("many", [1, 3])
@pytest.mark.parametrize("asked", [("samples/", 6), ("samples/{}/", 8)])
def test_pages_cost_the_same_for_many(
    many: int,
    asked: tuple[str, int],
    office: Organization,
    reviewer: Person,
    django_assert_num_queries: Any,
) -> None:
    for number in range(many):
        place = make_facility(county="Erie")
        make_scan(place, rosa(place))
        sample = drawn(office, reviewer, size=3, seed=f"seed{number}")
        for item in sample.items.all():
            outcomes.say(item=item, outcome=Outcome.NOTHING, actor=reviewer)
    client, (page, queries) = as_person(reviewer), asked
    with django_assert_num_queries(queries):
        assert client.get(f"/review/{page.format(sample.pk)}").status_code == 200
