"""Accreditors at the desk: what is missing is seen, confirmed by name, taken back with a reason."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.trainings.accreditor_models import AccreditorConfirmation
from tests.factories.courses import make_course
from tests.factories.credit import NASW, NYSED, confirm_whole, credit_line, make_confirmation
from tests.factories.events import make_live_page
from tests.factories.people import make_office, make_person, make_with_role

pytestmark = pytest.mark.django_db

TODAY = new_york_today()
THREE = "<ul><li>One</li><li>Two</li><li>Three</li></ul>"
GOOD = {
    "number": "SW-0123",
    "valid_from": TODAY.isoformat(),
    "checked_against": "the letter of March 3",
    "signed_name": "Kim Lee",
    "checked": "on",
}


@pytest.fixture
def office() -> Organization:
    return make_office(key="city", name="City Office")


@pytest.fixture
def coordinator(office: Organization, client: Client) -> Person:
    person = make_with_role(Role.COORDINATOR, office)
    client.force_login(person)
    return person


def lines(*credit: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "credit", "value": line} for line in credit]


def text(response: Any) -> str:
    return unescape(" ".join(response.content.decode().split()))


def test_confirming_turns_credit_on_where_learners_look(
    client: Client, office: Organization, coordinator: Person
) -> None:
    page = make_live_page(office=office, credit_lines=lines(credit_line(NYSED, "live", "2")))
    shown = "2 contact hours, NYSED social work (live)"
    before = text(client.get(page.url))
    assert "Credit not yet confirmed by the office" in before
    assert "The provider number of NYSED social work is not confirmed." in before
    assert shown not in before
    assert "1 training plans credit that is not confirmed" in text(client.get("/desk/"))
    answer = client.post(f"/desk/credit/city/{NYSED}/", GOOD, follow=True)
    assert "Confirmed. Certificates issued from now on state it" in text(answer)
    assert "Confirmed until " in text(answer)
    row = AccreditorConfirmation.objects.get()
    assert (row.number, row.signed_name, row.actor) == ("SW-0123", "Kim Lee", coordinator)
    assert row.expires_on is not None
    assert row.expires_on > TODAY + timedelta(days=1000)
    after = text(client.get(page.url))
    assert shown in after
    assert "not yet confirmed" not in after


@pytest.mark.parametrize("who", ["visitor", "learner", "other office"])
def test_others_see_neither_the_credit_nor_that_it_is_planned(client: Client, who: str) -> None:
    page = make_live_page(office=make_office(), credit_lines=lines(credit_line(NYSED, "live", "2")))
    if who == "learner":
        client.force_login(make_person())
    if who == "other office":
        client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    seen = text(client.get(page.url))
    assert "NYSED" not in seen
    assert "not yet confirmed" not in seen


def test_a_page_with_planned_credit_asks_no_visitor_who_they_are(client: Client) -> None:
    page = make_live_page(office=make_office(), credit_lines=lines(credit_line(NYSED, "live", "2")))
    response = client.get(page.url)
    assert "cookie" not in response.get("Vary", "").lower()
    assert not response.cookies


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"checked": ""}, "Check them first, then tick this box."),
        ({"number": ""}, "This field is required."),
        ({"signed_name": ""}, "This field is required."),
        ({"expires_on": "2020-01-01"}, "The approval cannot end before it begins."),
        (
            {"expires_on": (TODAY + timedelta(days=2000)).isoformat()},
            "An approval by NYSED social work lasts 36 months. Check both days.",
        ),
    ],
)
def test_bad_input_keeps_what_was_typed(
    client: Client, coordinator: Person, change: dict[str, str], sentence: str
) -> None:
    answer = client.post(f"/desk/credit/city/{NYSED}/", {**GOOD, **change})
    assert sentence in text(answer)
    assert "the letter of March 3" in text(answer)
    assert AccreditorConfirmation.objects.count() == 0


def test_a_training_s_approval_asks_for_its_presenter(
    client: Client, office: Organization, coordinator: Person
) -> None:
    page = make_live_page(office=office, credit_lines=lines(credit_line(NASW, "live")), learn=THREE)
    make_confirmation(office, NASW)
    path = f"/desk/credit/city/{NASW}/{page.translation_key}/"
    assert path in text(client.get("/desk/credit/"))
    said = {**GOOD, "number": "886"}
    assert "This field is required." in text(client.post(path, said))
    client.post(path, {**said, "presenter": "Sam Stone, LCSW"})
    row = AccreditorConfirmation.objects.get(training__isnull=False)
    assert (row.number, row.presenter) == ("886", "Sam Stone, LCSW")
    shown = text(client.get(page.url))
    assert "1 contact hour, NASW (live) - New York's board does not recognize" in shown


def test_taking_back_asks_why_and_turns_it_off(
    client: Client, office: Organization, coordinator: Person
) -> None:
    make_confirmation(office)
    path = f"/desk/credit/city/{NYSED}/back/"
    assert "This field is required." in text(client.post(path, {"reason": ""}))
    assert "Taken back." in text(client.post(path, {"reason": "Typed wrong"}, follow=True))
    assert "“Typed wrong”" in text(client.get(f"/desk/credit/city/{NYSED}/"))
    assert client.get(path).status_code == 404


def test_the_desk_says_when_an_approval_ends(
    client: Client, office: Organization, coordinator: Person
) -> None:
    ends = TODAY + timedelta(days=40)
    make_confirmation(office, valid_from=TODAY - timedelta(days=500), expires_on=ends)
    seen = text(client.get("/desk/"))
    assert "An approval by NYSED social work ends soon" in seen
    assert "Ends on " in text(client.get("/desk/credit/"))


@pytest.mark.parametrize("who", ["learner", "trainer", "other office"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_outsiders_find_nothing(
    client: Client, office: Organization, who: str, method: str
) -> None:
    page = make_live_page(office=office, credit_lines=lines(credit_line(NASW, "live")), learn=THREE)
    training = page.training()
    assert training is not None
    confirm_whole(training)
    people = {
        "learner": make_person(),
        "trainer": make_with_role(Role.TRAINER, office),
        "other office": make_with_role(Role.COORDINATOR, make_office(key="other")),
    }
    client.force_login(people[who])
    for path in (
        f"{NASW}/",
        f"{NASW}/back/",
        f"{NASW}/{training.key}/",
        f"{NASW}/{training.key}/back/",
    ):
        answer = getattr(client, method)(f"/desk/credit/city/{path}", {**GOOD, "reason": "x"})
        assert answer.status_code == 404
    assert AccreditorConfirmation.objects.count() == 2


@pytest.mark.parametrize(
    "path", ["nobody", f"{NYSED}/00000000-0000-0000-0000-000000000000", "nasw/back"]
)
def test_what_is_not_there_is_not_found(client: Client, coordinator: Person, path: str) -> None:
    assert client.get(f"/desk/credit/city/{path}/").status_code == 404


@pytest.mark.parametrize("trainings", [1, 3])
def test_the_list_costs_the_same_for_more_trainings(
    client: Client,
    office: Organization,
    coordinator: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
    trainings: int,
) -> None:
    for _number in range(trainings):
        make_course(office=office, credit_lines=lines(credit_line(NYSED)), minutes=60)
    client.get("/desk/credit/")
    with django_assert_num_queries(QUERIES):
        client.get("/desk/credit/")


# Session, person, roles, offices; confirmations; trainings that plan credit.
QUERIES = 6
