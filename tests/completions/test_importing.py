"""Importing completions: nothing before it was shown, nothing twice, nothing without a way back."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from lms.completions.enums import SourceKind
from lms.completions.import_models import CompletionImport, PersonLink, RowState
from lms.completions.importing import services
from lms.completions.importing.services import work
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.personal_data import export
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.enums import TrainingKind
from lms.trainings.models import Training
from tests.factories.completions import make_completion
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db

LEGACY = Path(__file__).parents[1] / "data" / "completions" / "legacy-completions.csv"
HEADING = "User Full Name,User ID,User Email,Training Title,Transcript Status,Date Completed,Hours"


@pytest.fixture
def office() -> Organization:
    return make_office(name="City Office")


@pytest.fixture
def actor(office: Organization) -> Person:
    return make_with_role(Role.COORDINATOR, office)


def table(*rows: str, heading: str = HEADING) -> bytes:
    return "\n".join([heading, *rows]).encode()


def uploaded(
    actor: Person, office: Organization, content: bytes, name: str = "file.csv"
) -> CompletionImport:
    return services.upload(
        office=office, system="Cornerstone", name=name, content=content, actor=actor
    )


def checked(
    actor: Person, office: Organization, content: bytes, name: str = "file.csv"
) -> CompletionImport:
    """Uploaded, with the columns as they were found, and looked at by a worker."""
    batch = uploaded(actor, office, content, name)
    services.choose_columns(batch=batch, mapping=batch.mapping, actor=actor)
    return work.work(batch_id=batch.pk)


def imported(actor: Person, office: Organization, content: bytes) -> CompletionImport:
    batch = checked(actor, office, content)
    services.start(batch=batch, actor=actor)
    return work.work(batch_id=batch.pk)


def states(batch: CompletionImport) -> list[str]:
    return list(batch.rows.values_list("state", flat=True))


def notes(batch: CompletionImport) -> list[str]:
    return list(batch.rows.values_list("note", flat=True))


ANA = '"Rivera, Ana",U1,ana@example.org,Basics,Completed,5/4/2024 12:00 AM,1.5'


def test_a_row_becomes_a_fact_with_its_hours_as_reported(
    office: Organization, actor: Person
) -> None:
    ana = make_person("ana@example.org")
    training = make_version(
        make_training(title="Basics", owner=office), minutes=60, topics=["X-1"], credits=[]
    ).training
    batch = imported(actor, office, table(ANA))
    fact = Completion.objects.get()
    assert (fact.person, fact.training, fact.occurred_on) == (ana, training, date(2024, 5, 4))
    assert (fact.source_kind, fact.minutes, fact.topics, fact.credits) == ("import", 90, [], [])
    assert fact.evidence["why"] == "Taken over from Cornerstone, which reported 1.5 hours."
    assert fact.evidence["reported"]["hours"] == "1.5"
    assert (batch.status, batch.done, batch.total) == ("imported", 1, 1)
    assert not hasattr(fact, "certificate")


def test_checking_imports_nothing(office: Organization, actor: Person) -> None:
    make_person("ana@example.org")
    make_training(title="basics", owner=office)
    assert states(checked(actor, office, table(ANA))) == [RowState.READY]
    assert Completion.objects.count() == 0


def test_the_same_file_twice_changes_nothing(office: Organization, actor: Person) -> None:
    make_person("ana@example.org")
    make_training(title="Basics", owner=office)
    imported(actor, office, table(ANA))
    again = checked(actor, office, table(ANA))
    assert states(again) == [RowState.KNOWN]
    with pytest.raises(Refused) as refusal:
        services.start(batch=again, actor=actor)
    assert refusal.value.code == "not_ready"
    assert Completion.objects.count() == 1


def test_the_same_row_twice_in_a_file_is_one_fact(office: Organization, actor: Person) -> None:
    make_person("ana@example.org")
    make_training(title="Basics", owner=office)
    batch = imported(actor, office, table(ANA, ANA))
    assert states(batch) == [RowState.IMPORTED, RowState.KNOWN]
    assert notes(batch)[1] == "The same as a row above."
    assert Completion.objects.count() == 1


def test_what_the_site_recorded_itself_is_not_recorded_again(
    office: Organization, actor: Person
) -> None:
    alias = make_person()
    ana = make_person("ana@example.org")
    Person.objects.filter(pk=alias.pk).update(canonical_person=ana)
    version = make_version(make_training(title="Basics", owner=office))
    make_completion(alias, version=version, occurred_on=date(2024, 5, 4))
    assert states(checked(actor, office, table(ANA))) == [RowState.KNOWN]


def test_two_people_who_import_the_same_file_make_one_fact(
    office: Organization, actor: Person
) -> None:
    make_person("ana@example.org")
    make_training(title="Basics", owner=office)
    first, second = (checked(actor, office, table(ANA)) for _twice in range(2))
    for batch in (first, second):
        services.start(batch=batch, actor=actor)
        work.work(batch_id=batch.pk)
    assert (states(first), states(second)) == ([RowState.IMPORTED], [RowState.KNOWN])


def test_undone_it_no_longer_stands_and_can_come_again(office: Organization, actor: Person) -> None:
    make_person("ana@example.org")
    make_training(title="Basics", owner=office)
    batch = imported(actor, office, table(ANA))
    services.undo(batch=batch, reason="Wrong file", actor=actor)
    batch = work.work(batch_id=batch.pk)
    fact = Completion.objects.get()
    assert (batch.status, fact.revocation.reason) == ("undone", "Wrong file")
    with pytest.raises(Refused, match="was undone"):
        services.start(batch=batch, actor=actor)
    imported(actor, office, table(ANA))
    assert Completion.objects.standing().count() == 1
    assert Completion.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "state", "note"),
    [
        (
            '"R, A",U1,,Basics,In Progress,,1',
            RowState.NOT_DONE,
            "“In Progress” is not a completion.",
        ),
        ('"R, A",U1,,Basics,,5/4/2024,1', RowState.NOT_DONE, "The status is empty."),
        ('"R, A",U1,,Basics,Completed,,1', RowState.PROBLEM, "The day of completion is empty."),
        (
            '"R, A",U1,,Basics,Completed,31/12/2024,1',
            RowState.PROBLEM,
            "“31/12/2024” is no day we can read. Write it as month/day/year.",
        ),
        (
            '"R, A",U1,,Basics,Completed,5/4/2094,1',
            RowState.PROBLEM,
            "The day 2094-05-04 has not come yet.",
        ),
        (
            '"R, A",U1,,Basics,Completed,5/4/2024,many',
            RowState.PROBLEM,
            "“many” is no number of hours.",
        ),
        ('"R, A",U1,,Basics,Completed,5/4/2024,-1', RowState.PROBLEM, "-1 hours cannot be right."),
        ('"R, A",U1,,,Completed,5/4/2024,1', RowState.PROBLEM, "The training is empty."),
        (
            ",,,Basics,Completed,5/4/2024,1",
            RowState.PROBLEM,
            "Nobody is named: no name, address or number.",
        ),
        ('"R, A",U1,,Basics,Completed,5/4/2024,1', RowState.NO_PERSON, ""),
        ('"R, A",U1,,Other,Completed,5/4/2024,1', RowState.NO_TRAINING, ""),
    ],
)
def test_each_row_that_cannot_be_taken_says_why(
    office: Organization, actor: Person, row: str, state: RowState, note: str
) -> None:
    make_training(title="Basics", owner=office)
    batch = checked(actor, office, table(row))
    assert (states(batch), notes(batch)) == ([state], [note])


@pytest.mark.parametrize(
    "day",
    ["5/4/2024", "05/04/24", "2024-05-04", "5/4/2024 12:00 AM", "May 4, 2024", "4-May-2024"],
)
def test_days_as_systems_write_them(office: Organization, actor: Person, day: str) -> None:
    make_training(title="Basics", owner=office)
    row = f'"R, A",U1,,Basics,Completed,"{day}",1'
    assert checked(actor, office, table(row)).rows.get().values["day"] == "2024-05-04"


def test_a_person_is_settled_once_and_remembered(office: Organization, actor: Person) -> None:
    make_training(title="Basics", owner=office)
    ana = make_person()
    row = '"Rivera, Ana",U1,,Basics,Completed,5/4/2024,1'
    batch = checked(actor, office, table(row, row.replace("5/4", "5/5")))
    assert len(services.unmatched_people(batch)) == 1
    services.settle_person(batch=batch, key="id:u1", person=ana, actor=actor)
    assert states(batch) == [RowState.READY, RowState.READY]
    later = checked(actor, office, table(row.replace("5/4", "6/6")))
    assert later.rows.get().person == ana
    other = make_office()
    make_training(title="Basics", owner=other)
    theirs = checked(make_with_role(Role.COORDINATOR, other), other, table(row))
    assert states(theirs) == [RowState.NO_PERSON]


def test_a_person_can_be_made_or_left_out(office: Organization, actor: Person) -> None:
    make_training(title="Basics", owner=office)
    rows = [
        '"Rivera, Ana",U1,ana.new@example.org,Basics,Completed,5/4/2024,1',
        '"Stone, Sam",U2,,Basics,Completed,5/4/2024,1',
    ]
    batch = checked(actor, office, table(*rows))
    services.settle_person(batch=batch, key="id:u1", make=True, actor=actor)
    services.settle_person(batch=batch, key="id:u2", actor=actor)
    assert states(batch) == [RowState.READY, RowState.LEFT_OUT]
    ana = Person.objects.get(email="ana.new@example.org")
    assert (ana.first_name, ana.last_name, ana.has_usable_password()) == ("Ana", "Rivera", False)
    assert states(checked(actor, office, table(*rows)))[1] == RowState.LEFT_OUT


def test_all_unknown_people_with_an_address_get_a_record_when_it_is_imported(
    office: Organization, actor: Person
) -> None:
    make_training(title="Basics", owner=office)
    rows = [ANA, '"Stone, Sam",U2,,Basics,Completed,5/4/2024,1']
    batch = checked(actor, office, table(*rows))
    services.check_again(batch=batch, makes_people=True, actor=actor)
    batch = work.work(batch_id=batch.pk)
    assert states(batch) == [RowState.READY, RowState.NO_PERSON]
    assert not Person.objects.filter(email="ana@example.org").exists()
    services.start(batch=batch, actor=actor)
    work.work(batch_id=batch.pk)
    assert Completion.objects.get().person.email == "ana@example.org"


def test_a_title_is_settled_as_a_training_a_new_one_or_none(
    office: Organization, actor: Person
) -> None:
    make_person("ana@example.org")
    own = make_training(owner=office)
    rows = [ANA.replace("Basics", title) for title in ("One", "Two", "Three")]
    batch = checked(actor, office, table(*rows))
    services.settle_title(batch=batch, key="one", training=own, actor=actor)
    services.settle_title(batch=batch, key="two", make=True, actor=actor)
    services.settle_title(batch=batch, key="three", actor=actor)
    assert states(batch) == [RowState.READY, RowState.READY, RowState.LEFT_OUT]
    made = Training.objects.get(title="Two")
    assert (made.kind, made.owner) == (TrainingKind.OUTSIDE, office)
    assert states(checked(actor, office, table(*rows))) == states(batch)
    with pytest.raises(Refused) as refusal:
        services.settle_title(batch=batch, key="one", training=make_training(), actor=actor)
    assert refusal.value.code == "not_yours"


def test_columns_are_found_and_the_choice_is_remembered(
    office: Organization, actor: Person
) -> None:
    batch = uploaded(actor, office, table(ANA))
    assert batch.mapping == {
        "full_name": 0, "user_id": 1, "email": 2, "title": 3, "status": 4, "day": 5, "hours": 6
    }  # fmt: skip
    chosen = {key: place for key, place in batch.mapping.items() if key != "hours"}
    services.choose_columns(batch=batch, mapping=chosen, actor=actor)
    columns = HEADING.split(",")
    turned = ",".join(reversed(columns))
    again = uploaded(
        actor, office, table("1,5/4/2024,Completed,B,a@example.org,U1,A B", heading=turned)
    )
    assert again.mapping == {key: 6 - place for key, place in chosen.items()}
    other = make_office()
    theirs = uploaded(make_with_role(Role.COORDINATOR, other), other, table(ANA))
    assert "hours" in theirs.mapping


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"title": 3, "day": 5}, "who_missing"),
        ({"full_name": 0, "day": 5}, "title_missing"),
        ({"full_name": 0, "title": 3}, "day_missing"),
        ({"full_name": 0, "title": 3, "day": 3}, "column_twice"),
    ],
)
def test_columns_that_cannot_be_used_are_refused(
    office: Organization, actor: Person, mapping: dict[str, int], code: str
) -> None:
    batch = uploaded(actor, office, table(ANA))
    with pytest.raises(Refused) as refusal:
        services.choose_columns(batch=batch, mapping=mapping, actor=actor)
    assert refusal.value.code == code


def test_a_legacy_transcript_with_its_dirt(office: Organization, actor: Person) -> None:
    batch = checked(actor, office, LEGACY.read_bytes())
    for row in services.unmatched_titles(batch):
        services.settle_title(batch=batch, key=row.title_key, make=True, actor=actor)
    services.check_again(batch=batch, makes_people=True, actor=actor)
    batch = work.work(batch_id=batch.pk)
    found: dict[str, int] = {}
    for state in states(batch):
        found[state] = found.get(state, 0) + 1
    with_address = batch.rows.filter(state=RowState.READY).exclude(values__email="").count()
    assert found[RowState.READY] == with_address
    assert sum(found.values()) == 40
    assert set(found) == {RowState.READY, RowState.NOT_DONE, RowState.NO_PERSON}
    services.start(batch=batch, actor=actor)
    work.work(batch_id=batch.pk)
    assert Completion.objects.filter(source_kind=SourceKind.IMPORT).count() == with_address


def test_a_spreadsheet_s_own_file_is_read_too(office: Organization, actor: Person) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (
        ["Transcripts of 2024"],
        HEADING.split(","),
        ["Ana Rivera", 7, "ana@example.org", "Basics", "Completed", date(2024, 5, 4), 2],
    ):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    row = checked(actor, office, out.getvalue(), name="file.xlsx").rows.get()
    assert (row.number, row.values["day"], row.values["hours"]) == (3, "2024-05-04", "2")
    assert (row.values["first_name"], row.values["user_id"]) == ("Ana", "7")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "file.csv", "empty"),
        (b"\xef\xbb\xbf\r\n", "file.csv", "no_rows"),
        (b"Name,Title\n", "file.csv", "no_rows"),
        (b"Transcripts\nName,Title\n", "file.csv", "no_rows"),
        (b"PK\x03\x04 no zip at all", "file.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0 old", "file.xls", "old_workbook"),
        (b"%PDF-1.7\x00\x01\x02\x00", "file.pdf", "not_a_table"),
    ],
)
def test_broken_files_are_refused_in_words(
    office: Organization, actor: Person, content: bytes, name: str, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        uploaded(actor, office, content, name)
    assert refusal.value.code == code
    assert CompletionImport.objects.count() == 0


def test_only_the_office_s_coordinators_import(office: Organization, actor: Person) -> None:
    batch = checked(actor, office, table(ANA))
    acts: list[Any] = [
        lambda who: uploaded(who, office, table(ANA)),
        lambda who: services.choose_columns(batch=batch, mapping=batch.mapping, actor=who),
        lambda who: services.check_again(batch=batch, makes_people=True, actor=who),
        lambda who: services.start(batch=batch, actor=who),
        lambda who: services.undo(batch=batch, reason="No", actor=who),
        lambda who: services.settle_person(batch=batch, key="id:u1", actor=who),
        lambda who: services.settle_title(batch=batch, key="basics", actor=who),
    ]
    outsiders = [
        make_person(),
        make_with_role(Role.TRAINER, office),
        make_with_role(Role.COORDINATOR, make_office()),
    ]
    for act in acts:
        for outsider in outsiders:
            with pytest.raises(Refused) as refusal:
                act(outsider)
            assert refusal.value.code == "not_yours"
    assert PersonLink.objects.count() == 0


def test_while_a_worker_is_at_it_nothing_else_is_begun(office: Organization, actor: Person) -> None:
    batch = uploaded(actor, office, table(ANA))
    services.choose_columns(batch=batch, mapping=batch.mapping, actor=actor)
    with pytest.raises(Refused) as refusal:
        services.start(batch=batch, actor=actor)
    assert refusal.value.code == "busy"


def test_a_killed_worker_s_file_is_gone_on_with(office: Organization, actor: Person) -> None:
    make_person("ana@example.org")
    make_training(title="Basics", owner=office)
    batch = checked(
        actor, office, table(*(ANA.replace("5/4/2024", f"5/{d}/2024") for d in range(1, 29)))
    )
    services.start(batch=batch, actor=actor)
    batch.refresh_from_db()
    now = batch.touched_at
    assert work.abandoned(now + work.SILENCE) == []
    assert work.abandoned(now + 2 * work.SILENCE) == [batch.pk]
    for _twice in range(2):
        work.work(batch_id=batch.pk)
    assert Completion.objects.count() == 28
    assert work.abandoned(now + 2 * work.SILENCE) == []


def test_somebody_gets_what_a_file_said_of_them(office: Organization, actor: Person) -> None:
    ana = make_person("ana@example.org")
    make_training(title="Basics", owner=office)
    imported(actor, office, table(ANA))
    [row] = export(ana)["completion_imports"]
    assert (row["title"], row["row"]) == ("Basics", 2)
