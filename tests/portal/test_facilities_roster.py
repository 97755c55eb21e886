"""The pages of a list of employees: who gets in, what each state shows, mending a row in place."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lms.people.enums import OrganizationKind, Role
from lms.people.models import Employment, Organization, Person
from lms.people.roster import services
from lms.people.roster_models import RosterImport
from tests.factories.people import make_facility, make_organization, make_with_role
from tests.people.roster_help import hand_in, row, table
from tests.portal.test_facilities import as_person, text

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).parents[1] / "data" / "rosters" / "hotel-roster-as-kept.xlsx"
HOME = "/facilities/hudson/roster/"


@pytest.fixture
def hotel() -> Organization:
    return make_facility(name="Hudson House", key="hudson")


@pytest.fixture
def manager(hotel: Organization) -> Person:
    return make_with_role(Role.MANAGER, hotel, name="Ravi Menon")


def upload(client: Client, content: bytes, name: str = "staff.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(HOME, {"file": file, "is_complete": "no"})


TAILS = ["", "columns/", "titles/", "answers/", "confirm/", "undo/", "drop/"]


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COMPANY_MANAGER, Role.REVIEWER, None])
def test_to_anybody_else_there_is_no_list(
    hotel: Organization, manager: Person, role: Role | None
) -> None:
    found = hand_in(hotel, table(["1", "Ruiz, Ana", "", "", "", "2025-01-05", ""]), actor=manager)
    kind = OrganizationKind.COMPANY if role == Role.COMPANY_MANAGER else OrganizationKind.FACILITY
    other = make_organization(kind)
    outsider = make_with_role(role or Role.TRAINER, other)
    client = as_person(outsider)
    addresses = [HOME, *(f"{HOME}{found.pk}/{tail}" for tail in TAILS)]
    addresses.append(f"{HOME}{found.pk}/rows/{row(found, 2).pk}/")
    for address in addresses:
        get = address.endswith(f"/{found.pk}/")
        answer = client.get(address) if get else client.post(address)
        assert answer.status_code == 404, address
    # A list of another place is not found under one's own address either.
    if role == Role.MANAGER:
        assert client.get(f"/facilities/{other.key}/roster/{found.pk}/").status_code == 404


def test_from_upload_to_record(
    hotel: Organization, manager: Person, django_capture_on_commit_callbacks: Any
) -> None:
    client = as_person(manager)
    with django_capture_on_commit_callbacks():
        answer = upload(client, KEPT.read_bytes(), KEPT.name)
    working = client.get(answer["Location"])
    assert working["Refresh"]
    assert "You can leave this page" in text(working)
    found = RosterImport.objects.get()
    services.work_on_roster({"roster": found.pk})
    page = text(client.get(answer["Location"]))
    assert "Which day is “11/1/25”?" in page
    assert "Other days in this list can only have the month first." in page
    assert "Answer by job title" in page
    assert "Number 1003 is also in row 7, of Aisha Silva." in page
    here = f"{HOME}{found.pk}/"
    client.post(f"{here}answers/", {"day_order": "mdy"})
    found.refresh_from_db()
    last = row(found, 45)
    client.post(f"{here}rows/{last.pk}/", {"leave_out": "1"})
    titles = client.get(f"{here}titles/")
    assert "Line cook" in text(titles)
    forms = [item["form"] for item in titles.context["rows"]]
    said = {f"{form.prefix}-{name}": form.initial[name] for form in forms for name in form.fields}
    said |= {f"{form.prefix}-reason": "Never on guest floors" for form in forms}
    assert client.post(f"{here}titles/", said).status_code == 302
    page = client.get(here)
    found.refresh_from_db()
    doing = sum(found.counts.get(kind, 0) for kind in ("joiner", "past"))
    assert doing + found.counts["skipped"] == 42
    assert f"{doing} people are ready to be taken over" in text(page)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(f"{here}confirm/", {"seen": page.context["seen"]})
    assert "The list is taken over" in text(client.get(here))
    assert Employment.objects.filter(organization=hotel).count() == doing
    client.post(f"{here}undo/")
    assert "The list was undone" in text(client.get(here))
    assert Employment.objects.filter(organization=hotel).count() == 0


def test_a_row_is_mended_in_place_and_nothing_typed_is_lost(
    hotel: Organization, manager: Person
) -> None:
    client = as_person(manager)
    found = hand_in(hotel, table(["1", "Ana", "", "", "", "soon", ""]), actor=manager)
    here = f"{HOME}{found.pk}/"
    page = text(client.get(here))
    assert "First and last name are not both there: “Ana”." in page
    assert "“soon” is not a day we can read." in page
    broken = row(found, 2)
    typed = {"first_name": "Ana", "last_name": "Ruiz", "started_on": "later"}
    data = {f"row{broken.pk}-{name}": value for name, value in typed.items()}
    answer = client.post(f"{here}rows/{broken.pk}/", data)
    assert "Type the day as 2026-11-30." in text(answer)
    assert 'value="Ruiz"' in text(answer)
    data[f"row{broken.pk}-started_on"] = "2025-01-05"
    assert client.post(f"{here}rows/{broken.pk}/", data).status_code == 302
    assert row(found, 2).kind == "joiner"


def test_what_is_no_list_is_refused_on_the_form(manager: Person) -> None:
    client = as_person(manager)
    page = text(upload(client, b"%PDF-1.7 staff", "staff.pdf"))
    assert "This is not a table. Upload the list as .xlsx or .csv." in page
    assert not RosterImport.objects.exists()


def test_names_are_never_markup(hotel: Organization, manager: Person) -> None:
    content = table(["1", "<script>alert(1)</script>, Ana", "", "", "", "2025-01-05", ""])
    found = hand_in(hotel, content, actor=manager)
    page = text(as_person(manager).get(f"{HOME}{found.pk}/"))
    assert "does not look like a name" in page
    assert "<script>alert" not in page


def test_columns_can_be_corrected(hotel: Organization, manager: Person) -> None:
    content = table(["x", "Ana Ruiz", "2025-01-05"], header=["A", "Person", "Since"])
    found = hand_in(hotel, content, actor=manager)
    client = as_person(manager)
    here = f"{HOME}{found.pk}/"
    assert "We could not find every column we need." in text(client.get(here))
    both = {"column_1": "name", "column_2": "name"}
    assert "Only one column can hold this" in text(client.post(f"{here}columns/", both))
    client.post(f"{here}columns/", {"column_1": "name", "column_2": "started_on"})
    assert "1 person is ready to be taken over" in text(client.get(here))


def test_a_companys_list_has_its_own_door() -> None:
    company = make_organization(OrganizationKind.COMPANY, key="empire")
    make_facility(parent=company, name="Hudson House")
    boss = make_with_role(Role.COMPANY_MANAGER, company)
    header = ["Emp #", "Name", "Hire date", "Property"]
    counts = []
    for number in (1, 3):
        rows = [[str(n), f"Ana Ruiz{n}", "2025-01-05", "Hudson House"] for n in range(number)]
        found = hand_in(company, table(*rows, header=header), actor=boss)
        client = as_person(boss)
        address = f"/facilities/company/empire/roster/{found.pk}/"

        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]
