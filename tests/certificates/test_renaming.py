"""Certificates with another name: issued again under their code, in a worker, and told once."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lms.certificates.enums import RenameReason
from lms.certificates.models import Certificate, CertificateRevision
from lms.certificates.renaming import (
    ask_for_new_names,
    have_a_part_in_common,
    issue_again,
    old_names,
    under_way,
)
from lms.certificates.services import issue_certificate
from lms.completions.services import revoke_completion
from lms.core import outbox
from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.people.services import change_own_details
from tests.factories.completions import make_completion
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db
NAMES = "/my/certificates/names/"


@pytest.fixture
def office() -> Organization:
    return make_office(name="City office")


@pytest.fixture
def ana() -> Person:
    return make_person("ana@example.org", name="Ana Rivera")


def certify(person: Person, office: Organization, title: str = "Seeing the signs") -> Certificate:
    version = make_version(make_training(title=title, owner=office))
    return issue_certificate(completion=make_completion(person, version=version))


def rename(person: Person, first: str, last: str) -> None:
    change_own_details(person=person, first_name=first, last_name=last, language="en", actor=person)
    person.refresh_from_db()


def ask(person: Person, *certificates: Certificate, actor: Person | None = None) -> int:
    return ask_for_new_names(
        person=person,
        certificates={each.pk for each in certificates},
        reason=RenameReason.CHANGED,
        actor=actor or person,
    )


def deliver() -> None:
    for message in OutboxMessage.objects.filter(kind="certificates.rename", state="pending"):
        outbox.deliver(message.key)


def names(certificate: Certificate) -> list[str]:
    return [row.read_facts().name for row in certificate.revisions.order_by("number")]


def test_a_new_name_keeps_the_code_and_the_old_revision_is_replaced(
    client: Client, ana: Person, office: Organization
) -> None:
    certificate = certify(ana, office)
    rename(ana, "Ana", "Soto")
    assert ask(ana, certificate) == 1
    deliver()
    assert names(certificate) == ["Ana Rivera", "Ana Soto"]
    page = client.get(f"/verify/{certificate.code_in_groups}/").content.decode()
    assert ("Ana Soto" in page, "this replaced what was issued before" in page) == (True, True)
    assert ("Rivera" in page, "The name changed" in page) == (False, False)
    assert certificate.revisions.latest("number").reason == "The name changed"


def test_many_are_told_in_one_letter(ana: Person, office: Organization) -> None:
    chosen = [certify(ana, office, f"Training {number}") for number in range(3)]
    rename(ana, "Ana", "Soto")
    ask(ana, *chosen)
    before = OutboxMessage.objects.filter(kind="mail").count()
    deliver()
    [letter] = OutboxMessage.objects.filter(kind="mail").order_by("pk")[before:]
    assert "3 certificates were issued again" in letter.payload["text"]
    assert old_names(ana) == []


def test_a_worker_that_begins_anew_issues_none_twice(ana: Person, office: Organization) -> None:
    certificate = certify(ana, office)
    rename(ana, "Ana", "Soto")
    ask(ana, certificate)
    payload = OutboxMessage.objects.get(kind="certificates.rename").payload
    issue_again(payload)
    issue_again(payload)
    assert names(certificate) == ["Ana Rivera", "Ana Soto"]
    assert OutboxMessage.objects.filter(key=f"{payload['key']}:told").count() == 1


def test_progress_is_shown_and_nothing_is_asked_twice(
    client: Client, ana: Person, office: Organization
) -> None:
    one, other = certify(ana, office), certify(ana, office, "Another")
    rename(ana, "Ana", "Soto")
    ask(ana, one, other)
    progress = under_way(ana)
    assert progress is not None
    assert (progress.done, progress.total) == (0, 2)
    with pytest.raises(Refused) as refusal:
        ask(ana, one)
    assert refusal.value.code == "under_way"
    client.force_login(ana)
    response = client.get(NAMES)
    assert ("0 of 2 issued again" in response.content.decode(), response["Refresh"]) == (True, "3")
    deliver()
    assert "All your certificates carry" in client.get(NAMES).content.decode()


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("Ana Rivera", "Ana Soto", True),
        ("Ana Rivera", "Beatriz RIVERA-Soto", True),
        ("José Nuñez", "Jose Nunez", True),
        ("McDonald Li", "Mc Donald-Li", True),
        ("Ana Rivera", "Sam Stone", False),
        ("Ana Rivera", "", False),
    ],
)
def test_names_with_a_part_in_common(one: str, other: str, common: bool) -> None:
    assert have_a_part_in_common(one, other) is common


def test_another_name_altogether_is_the_offices_to_issue(ana: Person, office: Organization) -> None:
    certificate = certify(ana, office)
    rename(ana, "Sam", "Stone")
    with pytest.raises(Refused) as refusal:
        ask(ana, certificate)
    assert refusal.value.code == "ask_the_office"
    ask(ana, certificate, actor=make_with_role(Role.COORDINATOR, office))
    deliver()
    assert names(certificate) == ["Ana Rivera", "Sam Stone"]


def test_a_chain_of_small_changes_leads_to_no_other_name(ana: Person, office: Organization) -> None:
    certificate = certify(ana, office)
    rename(ana, "Ana", "Stone")
    ask(ana, certificate)
    deliver()
    rename(ana, "Sam", "Stone")
    with pytest.raises(Refused) as refusal:
        ask(ana, certificate)
    assert refusal.value.code == "ask_the_office"


def test_what_was_revoked_and_what_is_anothers_is_not_offered(
    ana: Person, office: Organization
) -> None:
    gone, anothers = certify(ana, office), certify(make_person(), office)
    rename(ana, "Ana", "Soto")
    revoke_completion(completion=gone.completion, reason="Entered by mistake", actor=None)
    assert old_names(ana) == []
    with pytest.raises(Refused) as refusal:
        ask(ana, gone, anothers)
    assert refusal.value.code == "nothing_chosen"


def test_the_person_chooses_on_their_page(
    client: Client, ana: Person, office: Organization
) -> None:
    one, other = certify(ana, office, "This one"), certify(ana, office, "Not that one")
    rename(ana, "Ana", "Soto")
    client.force_login(ana)
    page = client.get(NAMES).content.decode()
    assert ("This one" in page, "Printed for Ana Rivera" in page) == (True, True)
    client.post(NAMES, {"certificate": [one.pk]})
    assert not OutboxMessage.objects.filter(kind="certificates.rename").exists()
    client.post(NAMES, {"certificate": [one.pk], "reason": "changed"})
    deliver()
    assert (names(one)[-1], names(other)[-1]) == ("Ana Soto", "Ana Rivera")


def test_the_desk_issues_its_offices_certificates_alone(
    client: Client, ana: Person, office: Organization
) -> None:
    ours, theirs = certify(ana, office, "Ours"), certify(ana, make_office(), "Theirs")
    rename(ana, "Sam", "Stone")
    path = reverse("desk_people:names", args=[ana.pk])
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    assert client.get(path).status_code == 404
    client.force_login(make_with_role(Role.COORDINATOR, office))
    page = client.get(path).content.decode()
    assert ("Ours" in page, "Theirs" in page) == (True, False)
    client.post(path, {"certificate": [ours.pk, theirs.pk], "reason": "misspelled"})
    deliver()
    assert (names(ours)[-1], names(theirs)[-1]) == ("Sam Stone", "Ana Rivera")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many_there_are(
    client: Client, ana: Person, office: Organization, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        certify(ana, office, f"Training {number}")
    rename(ana, "Ana", "Soto")
    client.force_login(ana)
    client.get(NAMES)
    with django_assert_num_queries(5):
        client.get(NAMES)
    assert CertificateRevision.objects.count() == count
