"""The approval as people see it: who asks, the supervisor, the office."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from lms.core.models import OutboxMessage
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.access import may_take
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


def picture(size: int = 200) -> SimpleUploadedFile:
    return SimpleUploadedFile("badge.png", b"\x89PNG" + b"0" * size, content_type="image/png")


@pytest.mark.parametrize("size", [200, 3_000_000])
def test_picture_of_a_badge_is_refused_in_words_and_kept_nowhere(
    training: Training, settings: Any, tmp_path: Path, size: int
) -> None:
    settings.MEDIA_ROOT, settings.PRIVATE_ROOT = tmp_path / "media", tmp_path / "private"
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    response = ask(signed_in(make_person()), training, badge=picture(size), workplace="Unit 7")
    page = " ".join(response.content.decode().split())
    assert "We did not keep the file you sent. We take no pictures of badges or papers" in page
    assert "Choose a code sent to your work address" in page
    assert 'value="Unit 7"' in page
    assert 'value="a@agency.ny.gov"' in page
    assert AccessRequest.objects.count() == 0
    response.close()
    assert [found for found in tmp_path.rglob("*") if found.is_file()] == []


@pytest.mark.parametrize(
    "pasted",
    [
        "data:image/png;base64," + "iVBORw0KGgo" * 40,
        "iVBORw0KGgoAAAANSUhEUg",
        "my badge: https://example.org/me/badge.JPG?big=1",
        "badge.heic",
        '<img src="https://example.org/1">',
    ],
)
@pytest.mark.parametrize("field", ["workplace", "proof_address"])
def test_pasted_picture_is_refused_in_words(training: Training, field: str, pasted: str) -> None:
    page = ask(signed_in(make_person()), training, **{field: pasted}).content.decode()
    assert "This looks like a picture, or a link to one." in page
    assert "at most 150" not in page
    assert escape(pasted) in page
    assert AccessRequest.objects.count() == 0


@pytest.mark.parametrize(
    "workplace",
    [
        "ACS, www.agency.gov/units/7",
        "J. Peg & Sons, unit 3.5",
        "Tiff. Lane shelter",
        "png@agency.gov",
        "data: image archive",
    ],
)
def test_words_about_a_workplace_are_no_picture(training: Training, workplace: str) -> None:
    ask(signed_in(make_person()), training, workplace=workplace)
    assert AccessRequest.objects.get().workplace == workplace


def test_picture_in_the_place_of_the_code_is_refused(training: Training) -> None:
    client = signed_in(make_person())
    ask(client, training)
    response = client.post(
        path("code", training),
        {"code": sent("access-code:", r"(\d{4}-\d{4})"), "badge": picture()},
        follow=True,
    )
    assert "We did not keep the file you sent" in response.content.decode()
    assert AccessRequest.objects.get().proved_at is None


def test_paper_in_the_place_of_the_supervisors_word_is_refused(training: Training) -> None:
    ask(signed_in(make_person()), training, proof="supervisor", proof_address="b@agency.ny.gov")
    link = sent("access-word:", r"http://[^/]+(/access/word/\S+)")
    page = Client().post(link, {"answer": "yes", "paper": picture()}).content.decode()
    assert "We did not keep the file you sent" in page
    assert AccessRequest.objects.get().supervisor_said is None


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
    assert (training.access_rule.target_days, training.access_rule.every_day) == (3, False)
    every_day = {"target_days": 1, "every_day": "on", "deputy": "", "grant_days": 30}
    desk.post(page, {"action": "rule", **every_day})
    asking = text(signed_in(make_person()), path("door", training))
    assert "The office answers within 1 day, weekends included." in asking
    wrong = desk.post(page, {"action": "invite", "addresses": "nonsense"})
    assert "These are not e-mail addresses: nonsense" in wrong.content.decode()
    assert desk.post(page, {"action": "anything"}).status_code == 404


def test_queue_costs_the_same_with_one_and_three_rows(training: Training, desk: Client) -> None:
    counts = []
    for _time in range(3):
        ask(signed_in(make_person()), training)
        counts.append(costs(lambda: desk.get(reverse("desk_access:queue"))))
    assert counts[0] == counts[2]


# --- letting one person in by hand ------------------------------------------------------------


def let_in(desk: Client, training: Training, **given: Any) -> Any:
    until = (timezone.localdate() + timedelta(days=30)).isoformat()
    form = {
        "action": "let_in",
        "email": "bea@example.org",
        "reason": "Teaches it next month.",
        "expires_on": until,
    }
    return desk.post(reverse("desk_access:training", args=[training.pk]), {**form, **given})


def test_coordinator_lets_one_person_in_until_a_day(desk: Client, training: Training) -> None:
    person = make_person("bea@example.org", name="Bea Stone")
    assert let_in(desk, training).status_code == 302
    grant = AccessGrant.objects.get()
    assert (grant.person, grant.basis) == (person, "by_hand")
    assert grant.expires_on == timezone.localdate() + timedelta(days=30)
    assert may_take(person, training)
    assert OutboxMessage.objects.filter(key=f"access-granted:{grant.pk}").count() == 1
    page = text(desk, reverse("desk_access:training", args=[training.pk]))
    assert "Bea Stone" in page
    assert "Teaches it next month." in page
    desk.post(
        reverse("desk_access:training", args=[training.pk]), {"action": "end", "row": grant.pk}
    )
    assert not may_take(person, training)


def test_letting_in_twice_is_once(desk: Client, training: Training) -> None:
    make_person("bea@example.org")
    let_in(desk, training)
    assert let_in(desk, training).status_code == 302
    assert AccessGrant.objects.count() == 1
    assert OutboxMessage.objects.filter(key__startswith="access-granted").count() == 1


def test_longer_access_takes_the_place_of_shorter(desk: Client, training: Training) -> None:
    person = make_person("bea@example.org")
    let_in(desk, training)
    later = timezone.localdate() + timedelta(days=60)
    let_in(desk, training, expires_on=later.isoformat())
    assert AccessGrant.objects.get(person=person, ended_at=None).expires_on == later


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"email": "nobody@example.org"}, "Nobody signs in with this address yet"),
        ({"expires_on": "2020-01-01"}, "Choose a day that is not over"),
        ({"reason": ""}, "This field is required"),
        ({"email": "no address"}, "Enter a valid email address"),
    ],
)
def test_letting_in_says_what_is_wrong_and_keeps_what_was_typed(
    desk: Client, training: Training, given: dict[str, str], sentence: str
) -> None:
    make_person("bea@example.org")
    response = let_in(desk, training, **given)
    assert response.status_code == 200
    page = response.content.decode()
    assert sentence in page
    assert given.get("email", "bea@example.org") in page
    assert AccessGrant.objects.count() == 0


def test_whoever_asked_gets_an_answer_instead(desk: Client, training: Training) -> None:
    person = make_person("bea@example.org")
    ask(signed_in(person), training)
    assert "Answer the request instead" in let_in(desk, training).content.decode()


def test_nobody_lets_themselves_in(training: Training, office: Organization) -> None:
    person = make_with_role(Role.COORDINATOR, office, email="bea@example.org")
    assert "Another coordinator" in let_in(signed_in(person), training).content.decode()


def test_letting_in_is_for_the_office_alone(training: Training) -> None:
    other = signed_in(make_with_role(Role.COORDINATOR, make_office()))
    make_person("bea@example.org")
    assert [let_in(client, training).status_code for client in (other, Client())] == [404, 302]
    assert AccessGrant.objects.count() == 0
