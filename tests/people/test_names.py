"""A name typed with an address is nobody's until the code from that address is typed too."""

from datetime import date

import pytest
from django.test import Client

from lms.people import services
from lms.people.models import Person
from tests.browser import code_from_mail
from tests.factories.people import make_facility, make_person
from tests.people.test_sign_in import ask, said, sign_up, type_code

pytestmark = pytest.mark.django_db


def test_name_typed_for_an_unknown_address_is_nobodys_until_the_code(
    visitor: Client, other_browser: Client
) -> None:
    sign_up(other_browser, "ana@example.org", "Rude Name")
    person = Person.objects.get()
    assert (person.get_full_name(), str(person)) == ("", "ana@example.org")
    ask(visitor, "ana@example.org", "/trainings/")
    response = type_code(visitor, code_from_mail("ana@example.org"), "/trainings/")
    assert response["Location"] == "/accounts/profile/?next=%2Ftrainings%2F"
    page = visitor.get(response["Location"])
    assert "Type your name below" in said(page)
    typed = {"first_name": "Ana", "last_name": "Rivera", "language": "en", "next": "/trainings/"}
    assert visitor.post("/accounts/profile/", typed)["Location"] == "/trainings/"
    person.refresh_from_db()
    assert str(person) == "Ana Rivera"


def test_saving_ones_name_never_leads_to_another_site(visitor: Client) -> None:
    visitor.force_login(make_person("ana@example.org"))
    typed = {"first_name": "Ana", "last_name": "Rivera", "language": "en", "next": "//evil.example"}
    assert visitor.post("/accounts/profile/", typed)["Location"] == "/accounts/profile/"


def test_record_without_a_name_takes_the_one_an_employer_types(visitor: Client) -> None:
    sign_up(visitor, "ana@example.org", "Rude Name")
    employment = services.hire(
        organization=make_facility(),
        first_name="Ana",
        last_name="Rivera",
        email="ana@example.org",
        started_on=date(2026, 1, 5),
        actor=None,
    )
    assert str(employment.person) == "Ana Rivera"
    type_code(visitor, code_from_mail("ana@example.org"))
    assert str(Person.objects.get()) == "Ana Rivera"
