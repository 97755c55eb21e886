"""The approval as people see it: who asks, the supervisor, the office."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lms.core.models import OutboxMessage
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.access_models import AccessGrant, AccessInvitation, AccessRequest
from lms.trainings.models import Training
from tests.courses.reading import costs, text
from tests.factories.courses import make_course, training_of
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def office() -> Organization:
    return make_office(name="City office", contact_email="desk@example.org")


@pytest.fixture
def training(office: Organization) -> Training:
    return training_of(make_course(title="Casework", access="approval", office=office))


@pytest.fixture
def desk(office: Organization) -> Client:
    return signed_in(make_with_role(Role.COORDINATOR, office))


def path(name: str, training: Training) -> str:
    return reverse(f"access:{name}", args=[training.key])


def ask(client: Client, training: Training, **given: Any) -> Any:
    form = {"workplace": "Agency", "proof": "agency_email", "proof_address": "a@agency.ny.gov"}
    return client.post(path("ask", training), {**form, **given}, follow=True)


def sent(key: str, pattern: str) -> str:
    last = OutboxMessage.objects.filter(key__startswith=key).latest("pk")
    found = re.search(pattern, last.payload["text"])
    assert found
    return found.group(1)


def test_from_asking_to_the_course(training: Training, desk: Client) -> None:
    person = make_person(name="Ana Rivera")
    client = signed_in(person)
    page = text(client, path("door", training))
    assert "The office answers within 2 working days." in page
    assert "send no pictures of badges" in page
    assert 'type="file"' not in page
    ask(client, training)
    assert "An answer is due by" in text(client, path("door", training))
    assert "An answer is due by" in text(client, "/my/")
    client.post(path("code", training), {"code": sent("access-code:", r"(\d{4}-\d{4})")})
    assert "typed the code sent there" in text(client, path("door", training))
    assert "1 person asks for access" in text(desk, "/desk/")
    assert "Ana Rivera" in text(desk, reverse("desk_access:queue"))
    answer = reverse("desk_access:request", args=[AccessRequest.objects.get().pk])
    assert "typed the code sent there" in text(desk, answer)
    until = (timezone.localdate() + timedelta(days=90)).isoformat()
    desk.post(answer, {"action": "grant", "expires_on": until})
    assert AccessGrant.objects.get().person == person
    assert "Go to the course" in text(client, path("door", training))
    assert "The office let you in. You can start." in text(client, "/my/")
    assert client.post(reverse("courses:start", args=[training.key])).status_code == 302
    assert "The office let you in" not in text(client, "/my/")


def test_refusal_shows_its_reason_and_the_way_to_ask_again(
    training: Training, desk: Client
) -> None:
    client = signed_in(make_person())
    ask(client, training)
    answer = reverse("desk_access:request", args=[AccessRequest.objects.get().pk])
    assert "Nothing is proved yet" in text(desk, answer)
    desk.post(answer, {"action": "refuse", "reason": "Type your work address."})
    for page in (text(client, path("door", training)), text(client, "/my/")):
        assert "The office said: Type your work address." in page
    assert "Ask again" in text(client, path("door", training))
    ask(client, training)
    assert AccessRequest.objects.open().count() == 1


def test_supervisor_answers_without_an_account_and_looking_says_nothing(
    training: Training,
) -> None:
    ask(signed_in(make_person()), training, proof="supervisor", proof_address="b@agency.ny.gov")
    link = sent("access-word:", r"http://[^/]+(/access/word/\S+)")
    assert "work with you?" in text(Client(), link)
    assert AccessRequest.objects.get().supervisor_said is None
    response = Client().post(link, {"answer": "yes"}, follow=True)
    assert "Your answer is noted" in response.content.decode()
    assert AccessRequest.objects.get().supervisor_said is True
    assert Client().get(reverse("access:word", args=["MQ:forged:x"])).status_code == 404


def test_a_picture_that_is_sent_anyway_is_kept_nowhere(training: Training) -> None:
    picture = SimpleUploadedFile("badge.png", b"\x89PNG", content_type="image/png")
    ask(signed_in(make_person()), training, badge=picture)
    assert "badge" not in str(AccessRequest.objects.get().__dict__)


def test_outsiders_of_the_queue(training: Training) -> None:
    ask(signed_in(make_person()), training)
    answer = reverse("desk_access:request", args=[AccessRequest.objects.get().pk])
    other = signed_in(make_with_role(Role.COORDINATOR, make_office()))
    assert (other.get(answer).status_code, other.post(answer).status_code) == (404, 404)
    assert other.get(reverse("desk_access:training", args=[training.pk])).status_code == 404
    assert "Nobody waits" in text(other, reverse("desk_access:queue"))
    assert signed_in(make_person()).get(reverse("desk_access:queue")).status_code == 404


def test_hidden_trainings_door_takes_no_request(training: Training) -> None:
    Training.objects.filter(pk=training.pk).update(is_hidden=True)
    client = signed_in(make_person())
    for name in ("ask", "code", "take_back"):
        assert client.post(path(name, training)).status_code == 404


def test_asking_again_and_again_from_one_place_is_stopped(training: Training) -> None:
    client = signed_in(make_person())
    for _time in range(10):
        ask(client, training)
        client.post(path("take_back", training))
    assert ask(client, training).status_code == 429


def test_desk_keeps_who_may_take_it(training: Training, desk: Client) -> None:
    page = reverse("desk_access:training", args=[training.pk])
    desk.post(page, {"action": "invite", "addresses": "ana@agency.gov, bo@agency.gov"})
    row = AccessInvitation.objects.open().earliest("pk")
    desk.post(page, {"action": "withdraw", "row": row.pk})
    assert AccessInvitation.objects.open().count() == 1
    desk.post(page, {"action": "rule", "target_days": 3, "deputy": "", "grant_days": 30})
    training.refresh_from_db()
    assert training.access_rule.target_days == 3
    wrong = desk.post(page, {"action": "invite", "addresses": "nonsense"})
    assert "These are not e-mail addresses: nonsense" in wrong.content.decode()
    assert desk.post(page, {"action": "anything"}).status_code == 404


def test_queue_costs_the_same_with_one_and_three_rows(training: Training, desk: Client) -> None:
    counts = []
    for _time in range(3):
        ask(signed_in(make_person()), training)
        counts.append(costs(lambda: desk.get(reverse("desk_access:queue"))))
    assert counts[0] == counts[2]
