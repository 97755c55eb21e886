"""People at the desk: found within the office's reach, entered by hand, taken back."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from lms.completions.models import Completion
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.models import Training
from tests.factories.completions import make_completion
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Organization:
    return make_office(name="City office")


@pytest.fixture
def coordinator(client: Client, office: Organization) -> Person:
    person = make_with_role(Role.COORDINATOR, office)
    client.force_login(person)
    return person


@pytest.fixture
def training(office: Organization) -> Training:
    training = make_training(title="Seeing the signs", owner=office)
    make_version(training)
    return training


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def form(training: Training, **more: str) -> dict[str, str]:
    return {
        "what": "done",
        "training": str(training.key),
        "occurred_on": new_york_today().isoformat(),
        "basis": "paper_list",
        "reason": "The list lay in a drawer.",
        **more,
    }


def test_names_are_searched_within_reach_and_others_by_exact_address(
    client: Client, coordinator: Person, training: Training
) -> None:
    near = make_person("near@example.org", name="Ana Near")
    make_completion(near, version=training.versions.get())
    make_person("far@example.org", name="Ana Far")
    page = text(client.get("/desk/people/", {"q": "ana"}))
    assert "Ana Near" in page
    assert "Ana Far" not in page
    assert "Ana Far" not in text(client.get("/desk/people/", {"q": "far@example"}))
    assert "Ana Far" in text(client.get("/desk/people/", {"q": "Far@example.org"}))


def test_somebody_out_of_reach_opens_by_their_address_alone(
    client: Client, coordinator: Person
) -> None:
    far = make_person("far@example.org", name="Ana Far")
    make_completion(far, version=make_version(make_training(title="Another office's")))
    path = reverse("desk_people:person", args=[far.pk])
    assert client.get(path).status_code == 404
    assert client.get(path, {"email": "other@example.org"}).status_code == 404
    page = text(client.get(path, {"email": "far@example.org"}))
    assert "Ana Far" in page
    assert "Another office's" not in page


def test_outsiders_find_no_desk(client: Client, training: Training) -> None:
    person = make_person()
    completion = make_completion(person, version=training.versions.get())
    client.force_login(person)
    paths = [
        "/desk/people/",
        reverse("desk_people:person", args=[person.pk]),
        reverse("desk_people:enter", args=[person.pk]),
        reverse("desk_people:take_back", args=[person.pk, completion.pk]),
    ]
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert client.post(paths[2], form(training)).status_code == 404


def test_entering_and_taking_back(client: Client, coordinator: Person, training: Training) -> None:
    far = make_person("far@example.org", name="Ana Far")
    path = reverse("desk_people:enter", args=[far.pk]) + "?email=far%40example.org"
    page = text(client.post(path, form(training), follow=True))
    assert "Entered, and it says so." in page
    assert "The list lay in a drawer." in page
    completion = Completion.objects.get()
    path = reverse("desk_people:take_back", args=[far.pk, completion.pk])
    assert "no longer stands" in text(client.get(path))
    page = text(client.post(path, {"reason": "Another person"}, follow=True))
    assert "Taken back" in page
    assert Completion.objects.standing().count() == 0


def test_trainings_of_other_offices_cannot_be_entered(
    client: Client, coordinator: Person, training: Training
) -> None:
    near = make_person()
    make_completion(near, version=training.versions.get())
    other = make_version(make_training()).training
    path = reverse("desk_people:enter", args=[near.pk])
    page = text(client.post(path, form(other)))
    assert "Please check this before going on" in page
    assert Completion.objects.count() == 1


def test_form_says_what_is_wrong(client: Client, coordinator: Person, training: Training) -> None:
    near = make_person()
    make_completion(near, version=training.versions.get())
    path = reverse("desk_people:enter", args=[near.pk])
    page = text(client.post(path, form(training, occurred_on="2126-01-01", reason="")))
    assert "Choose today or an earlier day." in page
    page = text(client.post(path, form(training)))
    assert "This is in the person&#x27;s record already." in page


@pytest.mark.parametrize("count", [1, 3])
def test_record_costs_the_same_however_long(
    client: Client,
    coordinator: Person,
    training: Training,
    count: int,
    django_assert_num_queries: Any,
) -> None:
    near = make_person()
    for _n in range(count):
        make_completion(near, version=training.versions.get())
    path = reverse("desk_people:person", args=[near.pk])
    client.get(path)
    with django_assert_num_queries(9):
        client.get(path)
