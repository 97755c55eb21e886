"""A further address that another account of the person has: the code makes one of the two."""

import time
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.test import Client

from lms.people import services
from lms.people.enums import MergeReason, Role
from lms.people.merge_models import PersonMerge
from lms.people.merging import own
from lms.people.models import Person
from tests.browser import code_from_mail
from tests.factories.completions import make_completion
from tests.factories.events import make_coming_session, make_seat
from tests.factories.people import make_office, make_person, make_with_role
from tests.people.test_sign_in import ask, said, type_code

pytestmark = pytest.mark.django_db

ADD, CONFIRM, JOIN = "/accounts/email/", "/accounts/confirm-email/", "/my/join/"


@pytest.fixture
def ana(visitor: Client) -> Person:
    person = make_person("ana@example.org", name="Ana Rivera")
    services.confirm_address(person=person, email="ana@example.org")
    visitor.force_login(person)
    return person


@pytest.fixture
def other() -> Person:
    person = make_person("bea@example.org", name="Bea Rivera")
    make_completion(person)
    return person


def prove(visitor: Client, email: str = "bea@example.org") -> Any:
    response = visitor.post(ADD, {"action_add": "", "email": email})
    assert response["Location"] == CONFIRM
    return visitor.post(CONFIRM, {"code": code_from_mail(email)})


def test_the_code_leads_to_the_question_and_yes_makes_one_account(
    visitor: Client, ana: Person, other: Person, other_browser: Client
) -> None:
    assert prove(visitor)["Location"] == JOIN
    page = said(visitor.get(JOIN))
    assert "The other account is in the name of Bea Rivera." in page
    assert "1 completed training" in page
    response = visitor.post(JOIN)
    assert response["Location"] == "/my/"
    merge = PersonMerge.objects.get()
    assert (merge.duplicate, merge.into, merge.actor) == (other, ana, ana)
    assert merge.reason == MergeReason.PROVED
    ask(other_browser, "bea@example.org")
    type_code(other_browser, code_from_mail("bea@example.org"))
    assert other_browser.session["_auth_user_id"] == str(ana.pk)
    assert visitor.get(JOIN)["Location"] == ADD


def test_the_proved_address_is_a_confirmed_one_afterwards(
    visitor: Client, ana: Person, other: Person
) -> None:
    prove(visitor)
    visitor.post(JOIN)
    rows = EmailAddress.objects.filter(user=ana, verified=True).order_by("email")
    assert [row.email for row in rows] == ["ana@example.org", "bea@example.org"]


def test_without_the_code_nothing_is_learned_or_joined(
    visitor: Client, ana: Person, other: Person
) -> None:
    visitor.post(ADD, {"action_add": "", "email": "bea@example.org"})
    page = visitor.post(CONFIRM, {"code": "0000-0000"})
    assert "Bea Rivera" not in said(page)
    assert visitor.get(JOIN)["Location"] == ADD
    assert visitor.post(JOIN)["Location"] == ADD
    assert not PersonMerge.objects.exists()


def test_no_is_no_and_late_is_late(
    visitor: Client, ana: Person, other: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    prove(visitor)
    later = time.time() + own.KEPT_SECONDS + 1
    monkeypatch.setattr(own.time, "time", lambda: later)
    assert visitor.post(JOIN)["Location"] == ADD
    assert not PersonMerge.objects.exists()


def test_what_both_have_is_named_to_the_person(visitor: Client, ana: Person, other: Person) -> None:
    session = make_coming_session()
    for person in (ana, other):
        make_seat(session, person)
    prove(visitor)
    assert "Both have a place in" in said(visitor.get(JOIN))
    assert visitor.post(JOIN)["Location"] == JOIN
    assert not PersonMerge.objects.exists()


def test_a_colleagues_rights_and_a_second_factor_are_not_opened_by_a_code(
    visitor: Client, ana: Person
) -> None:
    make_with_role(Role.COORDINATOR, make_office(), email="staff@example.org")
    prove(visitor, "staff@example.org")
    assert "holds rights that this one would not have" in said(visitor.get(JOIN))
    visitor.post(JOIN)
    careful = make_person("careful@example.org")
    Authenticator.objects.create(user=careful, type=Authenticator.Type.TOTP, data={"secret": "x"})
    prove(visitor, "careful@example.org")
    assert "asks for more than a code" in said(visitor.get(JOIN))
    visitor.post(JOIN)
    assert not PersonMerge.objects.exists()


def test_an_unconfirmed_address_of_a_merged_record_is_confirmed_like_any_other(
    visitor: Client, ana: Person
) -> None:
    alias = make_person("typed@example.org", canonical_person=ana)
    prove(visitor, "typed@example.org")
    visitor.post(ADD, {"action_primary": "", "email": "typed@example.org"})
    ana.refresh_from_db()
    alias.refresh_from_db()
    assert (ana.email, alias.email) == ("typed@example.org", None)
