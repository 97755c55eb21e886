"""One scan for many people: accepted by the facility, shown as such, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.compliance.proof_models import FacilityProof, ProofPerson
from lms.compliance.proofs import services
from lms.compliance.proofs.selectors import listed_programs
from lms.compliance.rules import get_rule
from lms.compliance.services import approve_program
from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Employment, Organization, Person
from lms.trainings.enums import TrainingKind
from lms.trainings.models import TrainingVersion
from tests.compliance.test_worksheets import standing
from tests.factories.compliance import describe, make_program
from tests.factories.people import make_employment, make_facility, make_person, make_with_role
from tests.factories.trainings import make_training
from tests.factories.worksheets import pdf, upload
from tests.portal.test_facilities import as_person, text

pytestmark = pytest.mark.django_db
TODAY = new_york_today()
HOME = "/facilities/hudson/proofs/"
LISTED = {
    "basis": "state_listed",
    "by": "",
    "link": "https://www.example.org/list",
    "checked_on": "2026-11-02",
}


@pytest.fixture
def hotel() -> Organization:
    facility = make_facility(name="Hudson House", key="hudson")
    describe(facility)
    return facility


@pytest.fixture
def manager(hotel: Organization) -> Person:
    return make_with_role(Role.MANAGER, hotel, name="Ravi Menon")


@pytest.fixture
def program() -> TrainingVersion:
    training = make_training(kind=TrainingKind.OUTSIDE, title="Recognize the signs")
    return make_program(training=training, title="Recognize the signs", approval=LISTED)


def worker(hotel: Organization, name: str, **fields: Any) -> Employment:
    given = {"started_on": TODAY - timedelta(days=20), **fields}
    return make_employment(hotel, person=make_person(None, name=name), **given)


@pytest.fixture
def rosa(hotel: Organization) -> Employment:
    return worker(hotel, "Rosa Almonte")


@pytest.fixture
def ben(hotel: Organization) -> Employment:
    return worker(hotel, "Ben Osei")


def accept(
    hotel: Organization, manager: Person, *people: Employment, **fields: Any
) -> FacilityProof:
    given: dict[str, Any] = {
        "program": listed_programs(get_rule())[0],
        "held_on": TODAY,
        "place": "Break room",
        "on_premises": True,
        "paid_time": True,
        "language": "es",
        "upload": upload("list.pdf"),
        **fields,
    }
    return services.accept_proof(facility=hotel, employments=people, actor=manager, **given)


def test_one_scan_for_two_people(
    hotel: Organization,
    manager: Person,
    program: TrainingVersion,
    rosa: Employment,
    ben: Employment,
) -> None:
    client = as_person(manager)
    page = text(client.get(HOME))
    assert "No scan yet" in page
    assert "On the state&#x27;s list of programs (checked Nov. 2, 2026)" in page
    assert 'href="https://www.example.org/list"' in page
    said = {
        "program": program.pk,
        "held_on": str(TODAY),
        "place": "Break room",
        "on_premises": "yes",
        "paid_time": "yes",
        "language": "es",
        "who": [rosa.pk, ben.pk],
    }
    page = client.post(f"{HOME}new/", {**said, "file": upload("list.pdf")})
    assert "Tick that you have looked at the file and accept it." in text(page)
    assert not FacilityProof.objects.exists()
    client.post(f"{HOME}new/", {**said, "file": upload("list.pdf"), "seen": "on"})
    proof = FacilityProof.objects.get()
    assert "as proof that 2 people took “Recognize the signs”" in proof.words
    assert {row.source_kind for row in Completion.objects.all()} == {SourceKind.OUTSIDE_PROOF}
    for employment in (rosa, ben):
        found = standing(employment)
        assert found.is_met
        [training] = found.trainings
        assert training.approval
        assert training.approval.words == (
            "On the state's list of programs (checked Nov. 2, 2026); "
            "accepted by Ravi Menon for Hudson House"
        )
    shown = client.get(f"/facilities/hudson/people/{rosa.pk}/")
    assert "accepted by Ravi Menon for Hudson House" in text(shown)
    assert "accepted by Ravi Menon for Hudson House" in text(
        client.get("/facilities/hudson/record/")
    )
    assert "Rosa Almonte" in text(client.get(f"{HOME}{proof.pk}/"))
    file = client.get(f"{HOME}{proof.pk}/file/")
    assert file["Content-Disposition"] == 'attachment; filename="list.pdf"'
    assert file.getvalue().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"Rosa was there", "inside it is none of these kinds of file"),
        (pdf(script="app.alert(1)"), "carries a script"),
        (pdf(password="x"), "locked with a password"),
        (b"%PDF-1.7 broken", "We cannot read list.pdf"),
    ],
)
@pytest.mark.usefixtures("program")
def test_bad_files_are_refused_in_words_and_nothing_is_lost(
    manager: Person, rosa: Employment, content: bytes, words: str
) -> None:
    said = {
        "program": listed_programs(get_rule())[0].version.pk,
        "held_on": str(TODAY),
        "place": "Break room",
        "on_premises": "yes",
        "paid_time": "no",
        "language": "en",
        "who": [rosa.pk],
        "seen": "on",
        "file": upload("list.pdf", content),
    }
    page = as_person(manager).post(f"{HOME}new/", said)
    assert words in text(page)
    assert 'value="Break room"' in page.content.decode()
    assert f'value="{rosa.pk}" id="who_{rosa.pk}" checked' in page.content.decode()
    assert not Completion.objects.exists()


def test_all_or_none(
    hotel: Organization, manager: Person, program: TrainingVersion, rosa: Employment
) -> None:
    late = worker(hotel, "New Hand", started_on=TODAY)
    stranger = make_employment(make_facility(), started_on=TODAY - timedelta(days=30))
    for people, day, code in (
        ((), TODAY, "nobody"),
        ((rosa,), TODAY + timedelta(days=1), "in_future"),
        ((rosa, late), TODAY - timedelta(days=1), "not_here"),
        ((rosa, stranger), TODAY, "not_here"),
    ):
        with pytest.raises(Refused) as refusal:
            accept(hotel, manager, *people, held_on=day)
        assert refusal.value.code == code
    assert not FacilityProof.objects.exists()
    assert not Completion.objects.exists()


def test_twice_is_refused_and_a_wrong_name_taken_out(
    hotel: Organization,
    manager: Person,
    program: TrainingVersion,
    rosa: Employment,
    ben: Employment,
) -> None:
    proof = accept(hotel, manager, rosa)
    with pytest.raises(Refused) as refusal:
        accept(hotel, manager, rosa, ben)
    assert refusal.value.code == "recorded"
    client = as_person(manager)
    row = ProofPerson.objects.get()
    here = f"{HOME}{proof.pk}/{row.pk}/out/"
    assert "Say why." in text(client.post(here, {"reason": " "}, follow=True))
    assert standing(rosa).is_met
    page = client.post(here, {"reason": "It is another Rosa."}, follow=True)
    assert "Taken out: It is another Rosa." in text(page)
    assert not standing(rosa).is_met
    accept(hotel, manager, rosa, ben)  # now it can be recorded
    [first, second] = personal_data.export(rosa.person)["proofs of outside programs"]
    assert (first["taken out"], second["taken out"]) == (True, False)


def test_only_programs_that_count_are_offered(
    hotel: Organization, manager: Person, program: TrainingVersion
) -> None:
    bare = make_training(kind=TrainingKind.OUTSIDE, title="Just some film")
    make_program(training=bare, title="Just some film", approval={})
    make_program(title="A course")  # taken here, it needs no scan
    assert [row.title for row in listed_programs(get_rule())] == ["Recognize the signs"]
    approve_program(training=program.training, basis="withdrawn", actor=None)  # type: ignore[arg-type]
    assert listed_programs(get_rule()) == []
    assert "None listed here yet" in text(as_person(manager).get(HOME))


def test_to_anybody_else_there_is_no_proof(
    hotel: Organization, manager: Person, program: TrainingVersion, rosa: Employment
) -> None:
    proof = accept(hotel, manager, rosa)
    row = ProofPerson.objects.get()
    other = make_facility(key="other")
    stranger = as_person(make_with_role(Role.MANAGER, other))
    for tail in ("", "new/", f"{proof.pk}/", f"{proof.pk}/file/"):
        assert stranger.get(f"{HOME}{tail}").status_code == 404
        assert Client().get(f"{HOME}{tail}").status_code == 302  # to sign in
    assert stranger.get(f"/facilities/other/proofs/{proof.pk}/file/").status_code == 404
    for path in (HOME, "/facilities/other/proofs/"):
        answer = stranger.post(f"{path}{proof.pk}/{row.pk}/out/", {"reason": "x"})
        assert answer.status_code == 404
    assert standing(rosa).is_met


def test_what_was_accepted_is_not_rewritten(
    hotel: Organization, manager: Person, program: TrainingVersion, rosa: Employment
) -> None:
    accept(hotel, manager, rosa)
    for model in (FacilityProof, ProofPerson):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all()._raw_delete("default")


@pytest.mark.usefixtures("program")
def test_the_list_costs_the_same_for_many(
    hotel: Organization, manager: Person, django_assert_num_queries: Any
) -> None:
    client = as_person(manager)
    for employment in (worker(hotel, "Rosa Almonte"), worker(hotel, "Ben Osei")):
        accept(hotel, manager, employment)
        with django_assert_num_queries(6):
            client.get(HOME)
