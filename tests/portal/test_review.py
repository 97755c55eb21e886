"""The state in numbers: who sees it, what it says, how old it is, what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from lms.compliance.review.counting import count_standings
from lms.compliance.rules import get_rule
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Organization, Person
from lms.people.state_office import stop_speaking_for_state
from tests.factories.compliance import describe, train
from tests.factories.people import (
    make_employment,
    make_facility,
    make_office,
    make_person,
    make_state_office,
    make_with_role,
)
from tests.portal.test_facilities import as_person, text

pytestmark = pytest.mark.django_db
RULE = get_rule()
TODAY = new_york_today()
PAGES = ("/review/", "/review/counties.csv", "/review/basis.csv")


@pytest.fixture
def office() -> Organization:
    return make_state_office(name="State Office")


@pytest.fixture
def reviewer(office: Organization) -> Person:
    return make_with_role(Role.REVIEWER, office, name="Grace Oyelaran")


def hotel(county: str, *, met: int, overdue: int = 0, **fields: Any) -> Organization:
    """A facility where so many are trained and so many should long have been."""
    place = make_facility(county=county, **fields)
    describe(place)
    hired = TODAY - timedelta(days=200)
    for _person in range(met):
        train(make_employment(place, started_on=hired), on=hired + timedelta(days=3))
    for _person in range(overdue):
        make_employment(place, started_on=hired)
    return place


def counted(**when: Any) -> None:
    count_standings(rule=RULE, now=timezone.now() - timedelta(**when))


def test_only_the_state_s_reviewers_are_let_in(office: Organization, reviewer: Person) -> None:
    place = hotel("Monroe", met=6)
    counted()
    outsiders = [
        make_person(),
        make_person(is_superuser=True),
        make_with_role(Role.MANAGER, place),
        make_with_role(Role.COORDINATOR, office),
        make_with_role(Role.REVIEWER, make_office()),
    ]
    for page in PAGES:
        assert as_person(reviewer).get(page).status_code == 200
        for outsider in outsiders:
            assert as_person(outsider).get(page).status_code == 404
        assert Client().get(page).status_code == 302  # to sign in
    stop_speaking_for_state(office=office, actor=None)
    assert as_person(reviewer).get("/review/").status_code == 404


def test_the_page_says_where_everybody_stands_and_on_what_that_rests(reviewer: Person) -> None:
    hotel("Monroe", met=12, overdue=7)
    hotel("Erie", met=30, overdue=6)
    counted()
    page = text(as_person(reviewer).get("/review/"))
    assert "2 facilities; 55 employees the law asks a training of." in page
    assert "compliant" not in page.lower()
    rows = as_person(reviewer).get("/review/counties.csv").content.decode().splitlines()
    assert rows[0].endswith('County,Facilities,Employees,Met,"Trained, not yet proven",Due,Overdue')
    assert rows[1:] == ["Erie,1,36,30,0,0,6", "Monroe,1,19,12,0,0,7"]
    rows = as_person(reviewer).get("/review/basis.csv").content.decode().splitlines()
    assert rows[1:] == ["Met,Program made by the state,42"]


def test_a_few_are_hidden_on_the_page_and_in_the_file(reviewer: Person) -> None:
    hotel("Warren", met=20, overdue=2)
    hotel("Erie", met=30, overdue=9)
    hotel("Monroe", met=40, overdue=8)
    hotel("", met=3)
    counted()
    rows = as_person(reviewer).get("/review/counties.csv").content.decode().splitlines()
    assert rows[1:] == [
        "No county recorded,1,hidden,hidden,hidden,hidden,hidden",
        "Erie,1,39,hidden,hidden,hidden,hidden",
        "Monroe,1,48,40,0,0,8",
        "Warren,1,hidden,hidden,hidden,hidden,hidden",
    ]
    assert "where a number is below five" in text(as_person(reviewer).get("/review/"))


def test_fewer_than_five_in_all_are_not_shown(reviewer: Person) -> None:
    hotel("Warren", met=4)
    counted()
    page = text(as_person(reviewer).get("/review/"))
    assert "Too few people to show figures" in page
    assert as_person(reviewer).get("/review/counties.csv").status_code == 404


def test_it_says_how_old_the_numbers_are_and_how_far_the_next_are(reviewer: Person) -> None:
    client = as_person(reviewer)
    assert "Nothing is counted yet" in text(client.get("/review/"))
    hotel("Erie", met=6)
    counted(days=1)
    page = text(client.get("/review/"))
    assert "Where everybody stood on" in page
    assert "Today’s count has not begun yet." in page
    hotel("Erie", met=6)
    count_standings(rule=RULE, seconds=0)
    page = text(client.get("/review/"))
    assert "Today’s count is under way: 2 of 2 facilities" in page
    assert "1 facility; 6 employees" in page
    counted()
    assert "2 facilities; 12 employees" in text(client.get("/review/"))


def test_a_period_of_hiring_is_told_of_the_whole_state_only(reviewer: Person) -> None:
    place = hotel("Erie", met=6)
    for _person in range(5):
        hired = TODAY - timedelta(days=600)
        train(make_employment(place, started_on=hired), on=hired + timedelta(days=3))
    counted()
    client = as_person(reviewer)
    page = text(client.get("/review/"))
    early = f"{TODAY - timedelta(days=600):%Y-%m}"
    assert f'<option value="{early}">' in page
    page = text(client.get("/review/", {"hired_from": early, "hired_to": early}))
    # Months without anybody belong to the span before them.
    assert "1 facility; 5 employees the law asks a training of, hired from" in page
    assert "shown for the whole state only" in page
    query = {"hired_from": early, "hired_to": early}
    assert client.get("/review/counties.csv", query).content.decode().splitlines()[1:] == []
    assert client.get("/review/basis.csv", query).content.decode().splitlines()[1:] == [
        "Met,Program made by the state,5"
    ]
    for wrong in ("2026-13", "x", "1999-01"):
        assert client.get("/review/", {"hired_to": wrong}).status_code == 200


def test_reviewers_are_led_there_after_signing_in_and_from_my_learning(reviewer: Person) -> None:
    assert 'href="/review/"' in text(as_person(reviewer).get("/my/"))
    assert 'href="/review/"' not in text(as_person(make_person()).get("/my/"))


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_for_many_facilities(
    many: int, reviewer: Person, django_assert_num_queries: Any
) -> None:
    for number in range(many):
        hotel(f"County {number}", met=6)
    counted()
    client = as_person(reviewer)
    client.get("/review/")
    with django_assert_num_queries(5):
        client.get("/review/")
