"""The desk's proofs and documents: for the office that owns the course, and nobody else."""

from typing import Any

import pytest
from django.test import Client

from courses.models import DocumentEdition, Enrolment, OutsideProof
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.people.services import grant_role
from tests.courses.reading import text
from tests.factories.courses import make_enrolment, take_test
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.steps import (
    make_document_course,
    make_outside_course,
    new_edition,
    pdf,
    send_proof,
    sign,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path


def at_the_desk(client: Client, office: Organization) -> Person:
    person = make_with_role(Role.COORDINATOR, office)
    client.force_login(person)
    return person


def waiting() -> OutsideProof:
    enrolment = make_enrolment(make_person(), make_outside_course())
    return send_proof(enrolment, upload=pdf("proof.pdf"))


def test_coordinator_accepts_a_proof(client: Client) -> None:
    proof = waiting()
    at_the_desk(client, proof.enrolment.training.owner)
    assert "1 proof waits to be looked at" in text(client, "/desk/")
    assert f'href="/desk/proofs/{proof.pk}/"' in text(client, "/desk/proofs/")
    file = client.get(f"/desk/proofs/{proof.pk}/file/")
    assert b"".join(file.streaming_content).startswith(b"%PDF-")
    client.post(f"/desk/proofs/{proof.pk}/", {"action": "accept"})
    proof.refresh_from_db()
    assert proof.status == "accepted"
    assert "No proof waits" in text(client, "/desk/proofs/")


def test_coordinator_refuses_with_a_reason_only(client: Client) -> None:
    proof = waiting()
    at_the_desk(client, proof.enrolment.training.owner)
    path = f"/desk/proofs/{proof.pk}/"
    assert "Say why" in client.post(path, {"action": "refuse"}).content.decode()
    client.post(path, {"action": "refuse", "reason": "The name is cut off."})
    proof.refresh_from_db()
    assert (proof.status, proof.reason) == ("refused", "The name is cut off.")


def test_decision_made_meanwhile_is_said(client: Client) -> None:
    proof = waiting()
    at_the_desk(client, proof.enrolment.training.owner)
    path = f"/desk/proofs/{proof.pk}/"
    client.post(path, {"action": "refuse", "reason": "Not readable."})
    answer = client.post(path, {"action": "accept"}, follow=True)
    assert "decided on this proof meanwhile" in answer.content.decode()


@pytest.mark.parametrize("who", ["learner", "other office", "own proof"])
def test_proof_is_hidden_from_everybody_else(client: Client, who: str) -> None:
    proof = waiting()
    if who == "learner":
        client.force_login(proof.enrolment.person)
    elif who == "other office":
        at_the_desk(client, make_office())
    else:
        grant_role(
            person=proof.enrolment.person,
            role=Role.COORDINATOR,
            organization=proof.enrolment.training.owner,
            actor=None,
        )
        client.force_login(proof.enrolment.person)
    for path in (f"/desk/proofs/{proof.pk}/", f"/desk/proofs/{proof.pk}/file/"):
        assert client.get(path).status_code == 404
    assert client.post(f"/desk/proofs/{proof.pk}/", {"action": "accept"}).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_queue_costs_the_same(client: Client, count: int, django_assert_num_queries: Any) -> None:
    course = make_outside_course()
    for _number in range(count):
        send_proof(make_enrolment(make_person(), course))
    at_the_desk(client, course.office)
    with django_assert_num_queries(6):
        client.get("/desk/proofs/")


def signed(count: int) -> DocumentEdition:
    course = make_document_course()
    for number in range(count):
        enrolment: Enrolment = make_enrolment(make_person(), course)
        take_test(enrolment, "post-test")
        sign(enrolment, name=f"Person {number}")
    return DocumentEdition.objects.get()


def test_office_sees_who_signed_which_version(client: Client) -> None:
    first = signed(2)
    at_the_desk(client, first.training.owner)
    new_edition(number=2, changed="Section 4 is new.")
    sign(Enrolment.objects.earliest("pk"), name="Person 0")
    newest = DocumentEdition.objects.get(number=2)
    assert f'href="/desk/documents/{newest.pk}/"' in text(client, "/desk/documents/")
    page = text(client, f"/desk/documents/{newest.pk}/")
    assert "1 person has yet to sign the new version." in page
    assert page.index("Person 1") < page.index("Person 0")
    table = client.get(f"/desk/documents/{newest.pk}/signatures.csv").content.decode()
    lines = table.strip().splitlines()
    assert lines[1].startswith("Person 1,")
    assert lines[1].endswith("Asked for the new version")
    assert lines[2].endswith("Signed")


def test_documents_of_another_office_are_hidden(client: Client) -> None:
    edition = signed(1)
    at_the_desk(client, make_office())
    assert "No document to sign yet" in text(client, "/desk/documents/")
    for path in (f"/desk/documents/{edition.pk}/", f"/desk/documents/{edition.pk}/signatures.csv"):
        assert client.get(path).status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_signatures_cost_the_same(
    client: Client, count: int, django_assert_num_queries: Any
) -> None:
    edition = signed(count)
    at_the_desk(client, edition.training.owner)
    with django_assert_num_queries(9):
        client.get(f"/desk/documents/{edition.pk}/")
