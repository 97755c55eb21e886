"""Other systems at the desk: a file from upload to undo, exports, and who finds nothing there."""

import csv
import io
from html import unescape
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from lms.completions import exporting
from lms.completions.enums import SourceKind
from lms.completions.export_models import CompletionExport
from lms.completions.import_models import CompletionImport
from lms.completions.importing import services
from lms.completions.importing.services import work
from lms.completions.models import Completion
from lms.completions.services import revoke_completion
from lms.core.exceptions import Refused
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.enums import TrainingKind
from tests.factories.completions import make_completion
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db

TABLE = b"""Full Name,Email,Course,Status,Completion Date,Hours
"Rivera, Ana",ana@example.org,Basics,Completed,5/4/2024,1.5
"Stone, Sam",,Basics,Completed,5/5/2024,
"Kim, Lee",lee@example.org,Elsewhere,Completed,5/6/2024,2
"Kim, Lee",lee@example.org,Basics,Completed,soon,2
"Kim, Lee",lee@example.org,Basics,In Progress,,2
"""


@pytest.fixture
def office() -> Organization:
    return make_office(key="city", name="City Office")


@pytest.fixture
def coordinator(office: Organization, client: Client) -> Person:
    person = make_with_role(Role.COORDINATOR, office)
    client.force_login(person)
    return person


def text(response: Any) -> str:
    return unescape(" ".join(response.content.decode().split()))


def send(client: Client, content: bytes = TABLE, name: str = "old.csv") -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post("/desk/records/import/", {"system": "Cornerstone", "file": file})


def settle_columns(client: Client) -> CompletionImport:
    """The columns as they were found, and a worker who looks at the rows."""
    batch = CompletionImport.objects.get()
    path = f"/desk/records/import/{batch.pk}/columns/"
    form = client.get(path).context["form"]
    client.post(path, {name: field.initial for name, field in form.fields.items()})
    return work.work(batch_id=batch.pk)


def test_from_the_file_to_the_record_and_back(
    client: Client, office: Organization, coordinator: Person
) -> None:
    ana = make_person("ana@example.org", name="Ana Rivera")
    make_training(title="Basics", owner=office)
    assert send(client)["Location"].endswith("/columns/")
    batch = settle_columns(client)
    path = f"/desk/records/import/{batch.pk}/"
    page = text(client.get(path))
    for part in [
        "1 row is ready",
        "1 row names a training we do not know",
        "1 row is about somebody we do not know",
        "1 row cannot be read",
        "Row 5",
        "“soon” is no day we can read.",
        "1 row is not a completion.",
    ]:
        assert part in page
    assert Completion.objects.count() == 0
    client.post(f"{path}titles/", {"key": "elsewhere", "action": "make"})
    page = text(client.get(f"{path}people/"))
    assert "Sam Stone" in page
    assert "Lee Kim" in page
    client.post(f"{path}people/", {"key": "name:sam stone", "action": "leave"})
    client.post(f"{path}people/", {"key": "email:lee@example.org", "action": "make"})
    assert "Everybody is settled" in text(client.get(f"{path}people/"))
    client.post(f"{path}start/")
    assert "0 of 2 rows" in text(client.get(path))
    assert client.get(path)["Refresh"] == "2"
    work.work(batch_id=batch.pk)
    assert "2 records were taken over." in text(client.get(path))
    client.force_login(ana)
    record = text(client.get("/my/transcript/"))
    assert "1.5 hours as reported - no continuing-education credit from us" in record
    assert "Taken over from Cornerstone, which reported 1.5 hours." in record
    client.force_login(coordinator)
    assert "2 records will say" in text(client.get(f"{path}undo/"))
    assert "This field is required." in text(client.post(f"{path}undo/", {"reason": ""}))
    client.post(f"{path}undo/", {"reason": "Wrong year"})
    work.work(batch_id=batch.pk)
    page = text(client.get(path))
    assert "This import was undone" in page
    assert "Wrong year" in page
    assert Completion.objects.standing().count() == 0


def test_a_link_by_address_and_by_a_suggested_name(
    client: Client, office: Organization, coordinator: Person
) -> None:
    version = make_version(make_training(title="Basics", owner=office))
    sam, lee = make_person(name="Sam Stone"), make_person("own@example.org", name="Lee Kim")
    make_completion(sam, version=version)
    send(client)
    batch = settle_columns(client)
    path = f"/desk/records/import/{batch.pk}/people/"
    page = text(client.get(path))
    assert "It is Sam Stone" in page
    answer = client.post(
        path, {"key": "name:sam stone", "action": "address", "address": "none@example.org"},
        follow=True,
    )  # fmt: skip
    assert "Nobody here has this address." in text(answer)
    stranger = {"key": "name:sam stone", "action": str(lee.pk)}
    assert "Nobody here has this address." in text(client.post(path, stranger, follow=True))
    client.post(path, {"key": "name:sam stone", "action": str(sam.pk)})
    assert batch.rows.get(person_key="name:sam stone").person == sam


def test_everybody_with_an_address_gets_a_record_at_one_click(
    client: Client, office: Organization, coordinator: Person
) -> None:
    make_training(title="Basics", owner=office)
    send(client)
    batch = settle_columns(client)
    path = f"/desk/records/import/{batch.pk}/"
    assert "Make a record for everybody with an address" in text(client.get(path))
    client.post(f"{path}again/", {"makes_people": "yes"})
    work.work(batch_id=batch.pk)
    assert "1 row is ready" in text(client.get(path))


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "old.csv", "The submitted file is empty."),
        (b"Name\n", "old.csv", "The file holds no rows below its heading."),
        (b"%PDF-1.7\x00", "old.pdf", "This is not a table. Upload the list as .xlsx or .csv."),
        (b"PK\x03\x04 broken", "old.xlsx", "The file is damaged."),
        (TABLE, "old.xlsm", "This spreadsheet may carry a program (macros)."),
    ],
)
def test_broken_files_are_refused_with_what_to_do(
    client: Client, coordinator: Person, content: bytes, name: str, sentence: str
) -> None:
    answer = send(client, content, name)
    assert answer.status_code == 200
    assert sentence in text(answer)
    assert "Cornerstone" in text(answer)
    assert CompletionImport.objects.count() == 0


def test_all_rows_as_a_table_file_with_why(
    client: Client, office: Organization, coordinator: Person
) -> None:
    make_training(title="Basics", owner=office)
    send(client, TABLE.replace(b'"Stone, Sam"', b'"=1+1"'))
    batch = settle_columns(client)
    answer = client.get(f"/desk/records/import/{batch.pk}/rows.csv")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) == 6
    assert rows[2][3] == "'=1+1"
    assert rows[4][1:3] == [
        "Cannot be read",
        "“soon” is no day we can read. Write it as month/day/year.",
    ]


@pytest.mark.parametrize("who", ["learner", "trainer", "other office"])
def test_outsiders_find_no_file(
    client: Client, office: Organization, coordinator: Person, who: str
) -> None:
    send(client)
    batch = CompletionImport.objects.get()
    make_completion(version=make_version(make_training(owner=office)))
    made = exporting.make_export(
        office=office, system="STARS", columns=["title"], form="csv", only_new=True,
        actor=coordinator,
    )  # fmt: skip
    people = {
        "learner": make_person(),
        "trainer": make_with_role(Role.TRAINER, office),
        "other office": make_with_role(Role.COORDINATOR, make_office()),
    }
    client.force_login(people[who])
    base = f"/desk/records/import/{batch.pk}/"
    for part in ("", "columns/", "undo/", "people/", "titles/", "rows.csv"):
        assert client.get(f"{base}{part}").status_code == 404
    for part in ("columns/", "start/", "again/", "undo/", "people/", "titles/"):
        assert client.post(f"{base}{part}", {"reason": "x"}).status_code == 404
    assert client.get(f"/desk/records/export/{made.pk}/").status_code == 404
    batch.refresh_from_db()
    assert batch.status == "uploaded"


@pytest.mark.parametrize("files", [1, 3])
def test_the_list_costs_the_same_for_more_files(
    client: Client,
    office: Organization,
    coordinator: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
    files: int,
) -> None:
    for _number in range(files):
        services.upload(office=office, system="S", name="a.csv", content=TABLE, actor=coordinator)
    client.get("/desk/records/")
    with django_assert_num_queries(QUERIES):
        client.get("/desk/records/")


# Session, person, roles; files taken over; files sent.
QUERIES = 5


def exported(client: Client, **said: Any) -> Any:
    given = {
        "system": "STARS",
        "columns": ["last_name", "title", "standing"],
        "only_new": "new",
        "form": "csv",
    }
    return client.post("/desk/records/export/", {**given, **said}, follow=True)


def sent(client: Client) -> list[list[str]]:
    """The rows of the newest export."""
    newest = CompletionExport.objects.latest("pk")
    content = client.get(f"/desk/records/export/{newest.pk}/").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content)))[1:]


def test_only_what_is_new_or_was_taken_back_goes_out_again(
    client: Client, office: Organization, coordinator: Person
) -> None:
    version = make_version(make_training(title="Basics", owner=office))
    first = make_completion(make_person(name="Ana Rivera"), version=version)
    make_completion()  # another office's
    assert "1 record is ready for STARS" in text(exported(client))
    assert sent(client) == [["Rivera", "Basics", "Completed"]]
    assert "There is nothing new for STARS." in text(exported(client))
    make_completion(make_person(name="Lee Kim"), version=version)
    revoke_completion(completion=first, reason="Mistake", actor=None)
    exported(client)
    assert sorted(sent(client)) == [
        ["Kim", "Basics", "Completed"],
        ["Rivera", "Basics", "Taken back"],
    ]
    assert "There is nothing new for STARS." in text(exported(client))
    assert "2 records are ready for Cornerstone" not in text(exported(client, system="Cornerstone"))
    assert sent(client) == [["Kim", "Basics", "Completed"]]
    exported(client, only_new="all")
    assert len(sent(client)) == 2


def test_what_a_system_reported_does_not_go_back_to_it(
    client: Client, office: Organization, coordinator: Person
) -> None:
    version = make_version(make_training(title="Basics", owner=office))
    make_completion(version=version, source_kind=SourceKind.IMPORT, system="STARS")
    assert "There is nothing new for STARS." in text(exported(client))
    assert "1 record is ready for Cornerstone" in text(exported(client, system="Cornerstone"))


def test_an_export_as_a_spreadsheet_never_runs_a_formula(
    client: Client, office: Organization, coordinator: Person
) -> None:
    version = make_version(make_training(title="=1+1", owner=office))
    make_completion(version=version)
    exported(client, form="xlsx", columns=["title", "day", "hours"])
    made = CompletionExport.objects.get()
    book = load_workbook(io.BytesIO(client.get(f"/desk/records/export/{made.pk}/").content))
    assert book.active is not None
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_a_plans_hours_are_those_of_its_trainings_and_go_out_once(
    client: Client, office: Organization, coordinator: Person
) -> None:
    person = make_person()
    for kind, source in (("course", SourceKind.ENROLMENT), ("plan", SourceKind.PLAN)):
        training = make_training(TrainingKind(kind), title=f"The {kind}", owner=office)
        make_completion(person, version=make_version(training, minutes=90), source_kind=source)
    exported(client, columns=["title", "hours"])
    assert sorted(sent(client)) == [["The course", "1.5"], ["The plan", "0.0"]]


def test_an_earlier_export_stays_what_it_was(
    client: Client, office: Organization, coordinator: Person
) -> None:
    version = make_version(make_training(title="Basics", owner=office))
    completion = make_completion(make_person(name="Ana Rivera"), version=version)
    exported(client)
    revoke_completion(completion=completion, reason="Mistake", actor=None)
    assert sent(client) == [["Rivera", "Basics", "Completed"]]


def test_only_the_office_s_coordinators_send(office: Organization) -> None:
    make_completion(version=make_version(make_training(owner=office)))
    for outsider in (make_person(), make_with_role(Role.COORDINATOR, make_office())):
        with pytest.raises(Refused) as refusal:
            exporting.make_export(
                office=office, system="S", columns=["title"], form="csv", only_new=True,
                actor=outsider,
            )  # fmt: skip
        assert refusal.value.code == "not_yours"
