"""Likely duplicates at the desk: suggested, compared, merged, set aside, parted again."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from lms.people.enums import Role
from lms.people.merge_models import PersonMerge
from lms.people.merging.duplicates import pairs_among
from lms.people.models import Organization, Person
from lms.trainings.models import TrainingVersion
from tests.factories.completions import make_completion
from tests.factories.courses import make_course, make_enrolment
from tests.factories.people import (
    make_employment,
    make_facility,
    make_office,
    make_person,
    make_with_role,
)
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db
DUPLICATES = "/desk/people/duplicates/"


@pytest.fixture
def office() -> Organization:
    return make_office(name="City office")


@pytest.fixture
def coordinator(client: Client, office: Organization) -> Person:
    person = make_with_role(Role.COORDINATOR, office, name="Cora Cole")
    client.force_login(person)
    return person


@pytest.fixture
def version(office: Organization) -> TrainingVersion:
    return make_version(make_training(title="Seeing the signs", owner=office))


def took_part(version: TrainingVersion, email: str | None, name: str = "Ana Rivera") -> Person:
    person = make_person(email, name=name)
    make_completion(person, version=version)
    return person


def text(client: Client, path: str) -> str:
    response = client.get(path, follow=True)
    return " ".join(response.content.decode().split())


def pair(one: Person, other: Person) -> str:
    return reverse("desk_people:pair", args=[one.pk, other.pk])


def found() -> set[tuple[str | None, str | None]]:
    pairs = pairs_among(Person.objects.canonical(), limit=50)
    return {(each.one.email, each.other.email) for each in pairs}


def test_what_is_alike() -> None:
    hotel = make_facility()
    for email, name in [
        ("ana.rivera@example.org", "Ana Rivera"),
        ("anarivera+work@example.org", "Somebody Else"),
        ("m.lopez@example.org", "María López"),
        ("m.lopez@elsewhere.example", "Maria Lopez"),
        ("one@example.org", "Kim Lee"),
        ("two@example.org", "Kim Lee"),
        (None, "Jo Stone"),
        ("jo@example.org", "Jo Stone"),
        ("here@example.org", "Sam Park"),
        ("there@example.org", "Sam Park"),
    ]:
        person = make_person(email, name=name)
        if name == "Sam Park":
            make_employment(hotel, person=person)
    assert found() == {
        ("ana.rivera@example.org", "anarivera+work@example.org"),
        ("m.lopez@example.org", "m.lopez@elsewhere.example"),
        (None, "jo@example.org"),
        ("here@example.org", "there@example.org"),
    }


def test_people_without_a_name_or_an_address_are_like_nobody() -> None:
    for _number in range(2):
        make_person(None, name="")
    assert found() == set()


def test_only_people_in_reach_are_suggested_and_compared(
    client: Client, coordinator: Person, version: TrainingVersion
) -> None:
    near = took_part(version, None)
    far = took_part(make_version(make_training(title="Another office's")), "far@example.org")
    assert "No likely duplicates" in text(client, DUPLICATES)
    assert client.get(pair(near, far)).status_code == 404
    client.post(pair(near, far), {"reason": "told"})
    assert not PersonMerge.objects.exists()


def test_two_are_compared_merged_and_parted(
    client: Client, coordinator: Person, version: TrainingVersion
) -> None:
    imported, signed_in = took_part(version, None), took_part(version, "ana@example.org")
    EmailAddress.objects.create(
        user=signed_in, email="ana@example.org", verified=True, primary=True
    )
    assert f'href="{pair(imported, signed_in)}"' in text(client, DUPLICATES)
    page = text(client, pair(imported, signed_in))
    assert '<td data-label="Stays"><span>ana@example.org</span></td>' in page
    assert '<td data-label="Is merged into it"><span>None</span></td>' in page
    assert "Mails go to ana@example.org." in page
    answer = client.post(pair(imported, signed_in), {"keep": signed_in.pk, "reason": "twice"})
    assert answer["Location"] == reverse("desk_people:person", args=[signed_in.pk])
    merge = PersonMerge.objects.get()
    assert (merge.duplicate, merge.into, merge.actor) == (imported, signed_in, coordinator)
    person_page = text(client, answer["Location"])
    part = reverse("desk_people:part", args=[merge.pk])
    assert (person_page.count("Seeing the signs") >= 2, f'href="{part}"' in person_page) == (
        True,
        True,
    )
    assert "No likely duplicates" in text(client, DUPLICATES)
    assert "Make two records of it again?" in text(client, part)
    client.post(part)
    imported.refresh_from_db()
    assert imported.canonical_person is None
    assert client.post(part).status_code == 404


def test_the_other_record_can_be_kept_instead(
    client: Client, coordinator: Person, version: TrainingVersion
) -> None:
    imported, signed_in = took_part(version, None), took_part(version, "ana@example.org")
    client.post(pair(imported, signed_in), {"keep": imported.pk, "reason": "told"})
    imported.refresh_from_db()
    assert PersonMerge.objects.get().into == imported
    assert imported.email == "ana@example.org"


def test_two_people_are_set_aside_and_suggested_again(
    client: Client, coordinator: Person, version: TrainingVersion
) -> None:
    one, other = took_part(version, None), took_part(version, "ana@example.org")
    client.post(pair(one, other), {"different": "1"})
    assert "No likely duplicates" in text(client, DUPLICATES)
    assert "ana@example.org" in text(client, f"{DUPLICATES}?show=different")
    assert "Cora Cole said on" in text(client, pair(one, other))
    client.post(reverse("desk_people:ask_again", args=[one.pk, other.pk]))
    assert "ana@example.org" in text(client, DUPLICATES)


def test_collisions_are_named_to_who_may_know_them(
    client: Client, coordinator: Person, version: TrainingVersion, office: Organization
) -> None:
    hotel = make_facility(name="Hudson House")
    one, other = took_part(version, None), took_part(version, "ana@example.org")
    theirs, elsewhere = make_course(title="Our course"), make_course(title="Their course")
    theirs.training().owner  # noqa: B018 - made before its office is changed
    type(version.training).objects.filter(pk=theirs.training().pk).update(owner=office)
    for person in (one, other):
        make_employment(hotel, person=person)
    page = text(client, pair(one, other))
    assert "Both work at one place now." in page
    assert "Hudson House" not in page
    answer = client.post(pair(one, other), {"reason": "told"})
    assert "Hudson House" not in answer.content.decode()
    assert not PersonMerge.objects.exists()
    client.force_login(make_person(is_superuser=True))
    assert "Both work at Hudson House now." in text(client, pair(one, other))
    for person in (one, other):
        person.employments.update(ended_on=person.employments.get().started_on)
        make_enrolment(person, theirs)
        make_enrolment(person, elsewhere)
    client.force_login(coordinator)
    page = text(client, pair(one, other))
    assert "Both are in the middle of Our course." in page
    assert "Both are in the middle of one course." in page
    assert "Their course" not in page


def test_a_record_out_of_reach_is_compared_by_its_exact_address(
    client: Client, coordinator: Person, version: TrainingVersion
) -> None:
    near, far = took_part(version, "near@example.org"), make_person("far@example.org")
    same = reverse("desk_people:same", args=[near.pk])
    assert "There is no other record" in text(client, f"{same}?with=nobody@example.org")
    assert "There is no other record" in text(client, f"{same}?with=near@example.org")
    response = client.get(same, {"with": "far@example.org"})
    assert response["Location"] == f"{pair(near, far)}?email=far%40example.org"
    assert "Merge the two?" in text(client, response["Location"])
    client.post(response["Location"], {"keep": near.pk, "reason": "told"})
    assert PersonMerge.objects.get().duplicate == far


@pytest.mark.parametrize("path", ["duplicates", "pair", "same", "part", "ask_again"])
def test_nobody_else_gets_in(
    client: Client, coordinator: Person, version: TrainingVersion, path: str
) -> None:
    one, other = took_part(version, None), took_part(version, "ana@example.org")
    args: list[Any] = {
        "duplicates": [],
        "same": [one.pk],
        "part": [0],
    }.get(path, [one.pk, other.pk])
    if path == "part":
        client.post(pair(one, other), {"keep": one.pk, "reason": "told"})
        args = [PersonMerge.objects.get().pk]
    url = reverse(f"desk_people:{path}", args=args)
    outsiders = [make_person(), make_with_role(Role.COORDINATOR, make_office())]
    outsiders.append(make_with_role(Role.MANAGER, make_facility()))
    for outsider in outsiders if path != "duplicates" else [outsiders[0], outsiders[2]]:
        client.force_login(outsider)
        answers = {client.get(url).status_code, client.post(url).status_code}
        assert answers <= {404, 405}


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_however_long_it_is(
    client: Client,
    coordinator: Person,
    version: TrainingVersion,
    django_assert_num_queries: Any,
    count: int,
) -> None:
    for number in range(count):
        took_part(version, None, f"Ana Number{number}")
        took_part(version, f"ana{number}@example.org", f"Ana Number{number}")
    client.get(DUPLICATES)
    with django_assert_num_queries(5):
        client.get(DUPLICATES)
