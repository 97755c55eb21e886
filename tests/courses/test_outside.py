"""Courses taken elsewhere: a proof is sent, somebody of the office looks at it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from courses import services
from courses.enums import EnrolmentStatus, ProofStatus
from courses.models import Enrolment, OutsideProof
from courses.selectors import where
from lms.completions.models import Completion
from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.core.personal_data import export
from lms.people.models import Person
from tests.courses.reading import text
from tests.factories.courses import make_enrolment, take_test
from tests.factories.people import make_person
from tests.factories.steps import make_outside_course, pdf, send_proof

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def private_files(settings: Any, tmp_path: Any) -> None:
    settings.PRIVATE_ROOT = tmp_path


def fresh(enrolment: Enrolment) -> Enrolment:
    return Enrolment.objects.get(pk=enrolment.pk)


def begun(person: Person | None = None) -> Enrolment:
    enrolment = make_enrolment(person or make_person(), make_outside_course())
    take_test(enrolment, "post-test")
    return enrolment


def mails() -> list[str]:
    return [row.payload["subject"] for row in OutboxMessage.objects.order_by("pk")]


def test_accepted_proof_completes_the_course_and_says_by_whom() -> None:
    enrolment, reviewer = begun(), make_person(name="Cora Diaz")
    proof = send_proof(enrolment)
    assert fresh(enrolment).status == EnrolmentStatus.ACTIVE
    OutboxMessage.objects.all().delete()
    services.accept_proof(proof=proof, actor=reviewer)
    assert fresh(enrolment).status == EnrolmentStatus.COMPLETED
    evidence = Completion.objects.get().evidence
    assert evidence["why"].startswith(
        "Proved “Basics elsewhere” of November 1, 2026 (accepted by Cora Diaz) "
        "and passed the test with 3 of 3 on "
    )
    kept = next(step for step in evidence["steps"] if step["key"] == "elsewhere")["proof"]
    assert (kept["sha256"], kept["accepted_by"]) == (proof.sha256, reviewer.pk)
    assert any(subject.startswith("Your proof is accepted:") for subject in mails())


def test_accepting_twice_is_accepting_once() -> None:
    proof = send_proof(begun())
    for _time in range(2):
        services.accept_proof(proof=proof, actor=make_person())
    assert Completion.objects.count() == 1


def test_refused_proof_says_why_and_another_can_be_sent() -> None:
    enrolment = begun()
    proof = send_proof(enrolment)
    services.refuse_proof(proof=proof, reason="The name is cut off.", actor=make_person())
    body = OutboxMessage.objects.latest("pk").payload["text"]
    assert "The name is cut off." in body
    step = where(fresh(enrolment)).step("elsewhere")
    assert step is not None
    assert step.proof is not None
    assert step.proof.reason == "The name is cut off."
    services.accept_proof(proof=send_proof(enrolment), actor=make_person())
    assert fresh(enrolment).status == EnrolmentStatus.COMPLETED


def test_refusing_needs_a_reason() -> None:
    proof = send_proof(begun())
    with pytest.raises(Refused, match="Say why"):
        services.refuse_proof(proof=proof, reason=" ", actor=make_person())
    proof.refresh_from_db()
    assert proof.status == ProofStatus.WAITING


def test_decided_proof_stays_decided() -> None:
    proof = send_proof(begun())
    services.refuse_proof(proof=proof, reason="Not readable.", actor=make_person())
    with pytest.raises(Refused, match="decided on this proof meanwhile"):
        services.accept_proof(proof=proof, actor=make_person())


def test_nobody_decides_on_their_own_proof() -> None:
    person = make_person()
    proof = send_proof(begun(person))
    alias = make_person(canonical_person=person)
    for actor in (person, alias):
        with pytest.raises(Refused, match="Somebody else"):
            services.accept_proof(proof=proof, actor=actor)
        with pytest.raises(Refused, match="Somebody else"):
            services.refuse_proof(proof=proof, reason="No.", actor=actor)


def test_same_file_sent_again_is_the_same_proof() -> None:
    enrolment = begun()
    first = send_proof(enrolment, upload=pdf(content=b"same"))
    assert send_proof(enrolment, upload=pdf(content=b"same")) == first


def test_another_file_takes_the_place_of_the_waiting_one() -> None:
    enrolment = begun()
    first, second = send_proof(enrolment), send_proof(enrolment)
    first.refresh_from_db()
    assert (first.status, second.status) == (ProofStatus.TAKEN_BACK, ProofStatus.WAITING)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("proof.pdf", b"<html>", "not what its name says"),
        ("proof.png", b"%PDF-1.7", "not what its name says"),
        ("proof.docx", b"PK\x03\x04", "Choose a PDF or a picture"),
        ("proof", b"%PDF-1.7", "Choose a PDF or a picture"),
        ("proof.pdf", b"", "is empty"),
    ],
)
def test_file_that_is_no_proof_is_refused(name: str, content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says):
        send_proof(begun(), upload=SimpleUploadedFile(name, content))
    assert OutsideProof.objects.count() == 0


def test_large_file_is_refused_before_it_is_read() -> None:
    upload = pdf()
    upload.size = 200 * 1024 * 1024
    with pytest.raises(Refused, match="larger than 15 MB"):
        send_proof(begun(), upload=upload)


def test_day_ahead_is_refused() -> None:
    ahead = timezone.now().date() + timedelta(days=3)
    with pytest.raises(Refused, match="lies ahead"):
        send_proof(begun(), finished_on=ahead)


def test_database_keeps_what_was_decided() -> None:
    proof = send_proof(begun())
    services.accept_proof(proof=proof, actor=make_person())
    with pytest.raises(DatabaseError, match="keeps facts"), transaction.atomic():
        OutsideProof.objects.update(finished_on=date(2020, 1, 1))
    with pytest.raises(DatabaseError, match="keeps facts"), transaction.atomic():
        OutsideProof.objects.all().delete()


def test_database_refuses_a_refusal_without_a_reason() -> None:
    proof = send_proof(begun())
    decided = {"status": ProofStatus.REFUSED, "decided_at": timezone.now()}
    with pytest.raises(DatabaseError, match="reason_iff_refused"), transaction.atomic():
        OutsideProof.objects.filter(pk=proof.pk).update(**decided)


def test_waiting_proof_lets_other_steps_come_first() -> None:
    enrolment = make_enrolment(make_person(), make_outside_course())
    send_proof(enrolment)
    following = where(fresh(enrolment)).next_step
    assert following is not None
    assert following.key == "post-test"


def test_player_launches_in_a_new_tab_and_takes_the_proof(client: Client, learner: Person) -> None:
    enrolment = begun(learner)
    path = f"/learn/{enrolment.pk}/elsewhere/"
    page = text(client, path)
    assert 'href="https://example.org/course" target="_blank" rel="noopener noreferrer"' in page
    wrong = client.post(path, {"finished_on": "2026-11-01", "proof": pdf("proof.exe")})
    assert "Choose a PDF or a picture" in wrong.content.decode()
    answer = client.post(path, {"finished_on": "2026-11-01", "proof": pdf()}, follow=True)
    assert "Your proof waits for the office" in answer.content.decode()
    proof = OutsideProof.objects.get()
    response = client.get(f"/learn/proofs/{proof.pk}/")
    assert response.headers["Content-Disposition"] == 'attachment; filename="proof.pdf"'
    assert b"".join(response.streaming_content).startswith(b"%PDF-")
    services.refuse_proof(proof=proof, reason="The name is cut off.", actor=make_person())
    assert "The name is cut off." in text(client, path)


def test_outsider_meets_neither_step_nor_file(client: Client, learner: Person) -> None:
    proof = send_proof(begun())
    assert client.get(f"/learn/{proof.enrolment_id}/elsewhere/").status_code == 404
    assert client.get(f"/learn/proofs/{proof.pk}/").status_code == 404


def test_provider_that_approves_separately_is_named(client: Client) -> None:
    course = make_outside_course(provider_approves=True, approval_note="It takes two days.")
    sentence = "The State approves registrations separately."
    assert f"{sentence} It takes two days." in text(client, course.url)
    assert sentence in text(client, "/trainings/")


def test_provider_that_does_not_approve_is_not_mentioned(client: Client) -> None:
    course = make_outside_course()
    assert "approves registrations" not in text(client, course.url)
    assert "approves registrations" not in text(client, "/trainings/")


def test_proofs_are_in_the_export() -> None:
    person = make_person()
    send_proof(begun(person))
    assert [row["status"] for row in export(person)["outside proofs"]] == ["waiting"]
