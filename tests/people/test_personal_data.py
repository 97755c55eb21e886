"""What a person gets who asks what is kept about them."""

from datetime import date

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from lms.core import personal_data
from lms.people.enums import Role
from lms.people.personal_data import both_employed
from tests.factories.people import make_employment, make_facility, make_person, make_with_role

pytestmark = pytest.mark.django_db


def test_export_holds_the_rows_of_the_person_and_of_those_merged_into_it() -> None:
    facility = make_facility(name="Hudson House")
    person = make_with_role(Role.MANAGER, facility, email="ravi@example.org", name="Ravi Menon")
    merged = make_person("old@example.org", name="R Menon", canonical_person=person)
    make_employment(facility, person=person, started_on=date(2026, 1, 5), number="17")
    EmailAddress.objects.create(user=person, email="ravi@example.org", verified=True, primary=True)
    Authenticator.objects.create(user=person, type="totp", data={"secret": "never shown"})
    make_person("else@example.org")

    found = personal_data.export(merged)
    assert [row["email"] for row in found["person"]] == ["ravi@example.org", "old@example.org"]
    assert [(row["role"], row["organization"]) for row in found["roles"]] == [
        ("manager", "Hudson House")
    ]
    [employment] = found["employments"]
    assert (employment["number"], employment["posts"][0]["post"]) == ("17", "front_desk")
    assert found["sign_in"][0] == {"address": "ravi@example.org", "confirmed": True}
    assert "never shown" not in str(found)


def test_two_open_employments_at_one_place_collide() -> None:
    facility = make_facility(name="Hudson House")
    one, other = make_person(), make_person()
    make_employment(facility, person=one)
    assert both_employed(one, other) == []
    make_employment(facility, person=other)
    assert both_employed(one, other) == [personal_data.Both("Hudson House", facility.pk)]
