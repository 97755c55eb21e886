"""Signing in and up by a code: what people see, and what strangers must not learn."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from lms.core.exceptions import Refused
from lms.core.models import AuditEntry, OutboxMessage
from lms.people import services, signin
from lms.people.enums import Role
from lms.people.models import Person
from lms.urls import urlpatterns as site_urls
from tests.browser import code_from_mail
from tests.factories.people import (
    make_employment,
    make_facility,
    make_organization,
    make_person,
    make_with_role,
)

pytestmark = pytest.mark.django_db

SIGN_IN = "/accounts/login/"
SIGN_UP = "/accounts/signup/"
CODE = "/accounts/login/code/confirm/"


def register(request: HttpRequest) -> HttpResponse:
    """Stands for the page of another room that signs people in on its way."""
    try:
        return signin.begin_code_sign_in(
            request,
            email=request.POST["email"],
            first_name="Ana",
            last_name="Rivera",
            next_url=request.POST["next"],
        )
    except Refused as refusal:
        return HttpResponse(refusal.code, status=409)


urlpatterns = [path("register/", register), *site_urls]


def ask(browser: Client, email: str, next_url: str = "") -> Any:
    """Ask for a code on the sign-in page."""
    return browser.post(SIGN_IN, {"login": email, "next": next_url})


def sign_up(browser: Client, email: str, name: str = "Ana Rivera", next_url: str = "") -> Any:
    first, _space, last = name.partition(" ")
    return browser.post(
        SIGN_UP, {"first_name": first, "last_name": last, "email": email, "next": next_url}
    )


def type_code(browser: Client, code: str, next_url: str = "") -> Any:
    return browser.post(CODE, {"code": code, "next": next_url})


def who(browser: Client) -> int | None:
    """Who is signed in in this browser."""
    pk = browser.session.get(SESSION_KEY)
    return int(pk) if pk else None


def said(response: Any) -> str:
    """The page's words, without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def age_code(browser: Client, minutes: int) -> None:
    """Let the waiting code be older."""
    session = browser.session
    session["account_login"]["state"]["stages"]["login_by_code"]["data"]["at"] -= minutes * 60
    session.save()


# --- sign-in ---


def test_sign_in_page_asks_for_the_address_only(visitor: Client) -> None:
    fields = visitor.get(SIGN_IN).context["form"].fields
    assert list(fields) == ["login"]


def test_code_signs_in_and_verifies_the_address_in_any_case(visitor: Client) -> None:
    person = make_person("ana@example.org")
    response = ask(visitor, " Ana@Example.ORG ")
    assert (response.status_code, response["Location"]) == (302, CODE)
    response = type_code(visitor, code_from_mail("ana@example.org"))
    assert (response["Location"], who(visitor)) == ("/my/", person.pk)
    assert list(EmailAddress.objects.values_list("user", "email", "verified", "primary")) == [
        (person.pk, "ana@example.org", True, True)
    ]
    assert AuditEntry.objects.filter(action="person.address_verified").count() == 1


def test_code_may_be_typed_without_its_dash(visitor: Client) -> None:
    make_person("ana@example.org")
    ask(visitor, "ana@example.org")
    type_code(visitor, f" {code_from_mail('ana@example.org').replace('-', ' ')} ")
    assert who(visitor) is not None


def test_address_in_the_wrong_shape_is_told_so(visitor: Client) -> None:
    response = ask(visitor, "ana@example")
    assert (response.status_code, list(response.context["form"].errors)) == (200, ["login"])


def test_unknown_address_looks_the_same_and_gets_a_mail_with_the_way_to_an_account(
    visitor: Client, other_browser: Client
) -> None:
    make_person("ana@example.org")
    known, unknown = ask(visitor, "ana@example.org"), ask(other_browser, "bea@example.org")
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    pages = [
        said(visitor.get(CODE)).replace("ana@", "bea@"),
        said(other_browser.get(CODE)),
    ]
    assert pages[0] == pages[1]
    assert Person.objects.filter(email="bea@example.org").exists() is False
    [message] = [sent for sent in mail.outbox if sent.to == ["bea@example.org"]]
    assert "http://testserver/accounts/signup/?email=bea%40example.org" in message.body


def test_link_in_the_mail_to_an_unknown_address_keeps_where_one_wanted_to_go(
    visitor: Client,
) -> None:
    ask(visitor, "bea@example.org", "/trainings/?kind=live")
    found = re.search(r"http://testserver(/accounts/signup/\S+)", str(mail.outbox[0].body))
    assert found
    page = visitor.get(found.group(1))
    assert page.context["form"].initial["email"] == "bea@example.org"
    assert page.context["redirect_field_value"] == "/trainings/?kind=live"


def test_any_code_for_an_unknown_address_is_wrong(visitor: Client) -> None:
    ask(visitor, "bea@example.org")
    response = type_code(visitor, "1234-5678")
    assert "not the code we sent" in said(response)
    assert who(visitor) is None


def test_wrong_code_says_so_and_the_right_one_still_works(visitor: Client) -> None:
    person = make_person("ana@example.org")
    ask(visitor, "ana@example.org")
    assert "not the code we sent" in said(type_code(visitor, "0000-000x"))
    type_code(visitor, code_from_mail("ana@example.org"))
    assert who(visitor) == person.pk


def test_fifth_wrong_code_ends_it_and_leads_back_with_the_address_kept(visitor: Client) -> None:
    make_person("ana@example.org")
    ask(visitor, "ana@example.org", "/trainings/")
    for _time in range(4):
        assert type_code(visitor, "0000-000x", "/trainings/").status_code == 200
    response = type_code(visitor, "0000-000x", "/trainings/")
    assert response["Location"] == f"{SIGN_IN}?next=%2Ftrainings%2F"
    page = visitor.get(response["Location"])
    assert "one wrong code too many" in said(page)
    assert page.context["form"].initial["login"] == "ana@example.org"
    type_code(visitor, code_from_mail("ana@example.org"))
    assert who(visitor) is None


def test_used_code_works_nowhere_else_and_says_so(visitor: Client, other_browser: Client) -> None:
    make_person("ana@example.org")
    ask(visitor, "ana@example.org")
    code = code_from_mail("ana@example.org")
    type_code(visitor, code)
    visitor.post("/accounts/logout/")
    for browser in (visitor, other_browser):
        response = type_code(browser, code, "/trainings/")
        assert response["Location"] == f"{SIGN_IN}?next=%2Ftrainings%2F"
        assert "No code is waiting in this browser" in said(browser.get(response["Location"]))
        assert who(browser) is None


def test_expired_code_says_so_and_a_new_one_works(visitor: Client) -> None:
    person = make_person("ana@example.org")
    ask(visitor, "ana@example.org")
    age_code(visitor, minutes=14)
    assert visitor.get(CODE).status_code == 200
    age_code(visitor, minutes=2)
    response = type_code(visitor, code_from_mail("ana@example.org"))
    assert response["Location"] == SIGN_IN
    assert "This code has expired; a code works for 15 minutes" in said(visitor.get(SIGN_IN))
    ask(visitor, "ana@example.org")
    type_code(visitor, code_from_mail("ana@example.org"))
    assert who(visitor) == person.pk


def test_new_code_replaces_the_old_and_lives_as_long(visitor: Client) -> None:
    person = make_person("ana@example.org")
    ask(visitor, "ana@example.org", "/trainings/")
    old = code_from_mail("ana@example.org")
    age_code(visitor, minutes=14)
    response = visitor.post(CODE, {"action": "resend", "next": "/trainings/"})
    assert response["Location"] == f"{CODE}?next=%2Ftrainings%2F"
    assert "A new mail is on its way" in said(visitor.get(CODE))
    age_code(visitor, minutes=14)
    assert type_code(visitor, old).status_code == 200
    type_code(visitor, code_from_mail("ana@example.org"))
    assert who(visitor) == person.pk


def test_code_page_still_waits_after_a_look_at_the_sign_in_page(visitor: Client) -> None:
    person = make_person("ana@example.org")
    ask(visitor, "ana@example.org")
    assert visitor.get(SIGN_IN).status_code == 200
    type_code(visitor, code_from_mail("ana@example.org"))
    assert who(visitor) == person.pk


def test_closed_account_learns_it_only_with_the_code(visitor: Client) -> None:
    make_person("ana@example.org", is_active=False)
    assert ask(visitor, "ana@example.org")["Location"] == CODE
    response = type_code(visitor, code_from_mail("ana@example.org"))
    assert (response["Location"], who(visitor)) == ("/accounts/inactive/", None)


def test_address_of_a_merged_record_signs_in_to_the_one_that_stayed(visitor: Client) -> None:
    stayed = make_person("new@example.org")
    merged = make_person("old@example.org", canonical_person=stayed)
    EmailAddress.objects.create(user=merged, email="old@example.org", verified=True, primary=True)
    ask(visitor, "old@example.org")
    type_code(visitor, code_from_mail("old@example.org"))
    assert who(visitor) == stayed.pk


def test_address_somebody_else_typed_but_never_verified_counts_for_nothing(
    visitor: Client,
) -> None:
    stranger = make_person("stranger@example.org")
    EmailAddress.objects.create(user=stranger, email="ana@example.org", verified=False)
    ana = make_person("ana@example.org")
    ask(visitor, "ana@example.org")
    type_code(visitor, code_from_mail("ana@example.org"))
    assert who(visitor) == ana.pk


# --- where one lands ---


def test_next_survives_to_the_end(visitor: Client) -> None:
    make_person("ana@example.org")
    wanted = "/events/ctdb/?session=3&from=home"
    page = visitor.get(SIGN_IN, {"next": wanted})
    response = ask(visitor, "ana@example.org", page.context["redirect_field_value"])
    page = visitor.get(response["Location"])
    assert (
        type_code(visitor, "0000-000x", page.context["redirect_field_value"]).context[
            "redirect_field_value"
        ]
        == wanted
    )
    response = type_code(visitor, code_from_mail("ana@example.org"), wanted)
    assert response["Location"] == wanted


@pytest.mark.parametrize(
    "url", ["https://evil.example/", "//evil.example/x", "javascript:alert(1)", "/\\evil.example"]
)
def test_next_never_leads_to_another_site(visitor: Client, url: str) -> None:
    make_person("ana@example.org")
    response = ask(visitor, "ana@example.org", url)
    assert response["Location"] == CODE
    response = type_code(visitor, code_from_mail("ana@example.org"), url)
    assert response["Location"] == "/my/"


# --- sign-up ---


def test_sign_up_makes_one_person_who_is_in_after_the_code(visitor: Client) -> None:
    response = sign_up(visitor, "Ana@example.org", next_url="/trainings/")
    assert response["Location"] == f"{CODE}?next=%2Ftrainings%2F"
    assert who(visitor) is None
    response = type_code(visitor, code_from_mail("ana@example.org"), "/trainings/")
    person = Person.objects.get()
    assert (response["Location"], who(visitor)) == ("/trainings/", person.pk)
    assert (person.email, str(person)) == ("ana@example.org", "Ana Rivera")
    assert person.has_usable_password() is False


def test_sign_up_needs_both_names(visitor: Client) -> None:
    response = visitor.post(SIGN_UP, {"email": "ana@example.org"})
    assert list(response.context["form"].errors) == ["first_name", "last_name"]


def test_sign_up_with_an_address_a_roster_holds_signs_in_to_that_record(
    visitor: Client, other_browser: Client
) -> None:
    known = services.ensure_person(
        email="ana@example.org", first_name="Ana", last_name="Rivera Soto", actor=None
    )
    make_employment(make_facility(), person=known)
    first, second = sign_up(visitor, "ana@example.org"), sign_up(other_browser, "new@example.org")
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    subjects = {str(message.subject) for message in mail.outbox}
    assert (len(mail.outbox), subjects) == (2, {"Your code to sign in"})
    type_code(visitor, code_from_mail("ana@example.org"))
    assert who(visitor) == known.pk
    known.refresh_from_db()
    assert str(known) == "Ana Rivera Soto"


def test_sign_up_with_a_verified_second_address_signs_in_to_its_owner(visitor: Client) -> None:
    owner = make_person("ana@example.org")
    EmailAddress.objects.create(user=owner, email="home@example.org", verified=True)
    sign_up(visitor, "home@example.org")
    type_code(visitor, code_from_mail("home@example.org"))
    assert (who(visitor), Person.objects.count()) == (owner.pk, 1)


def test_name_a_stranger_typed_gives_way_to_the_owners(
    visitor: Client, other_browser: Client
) -> None:
    sign_up(other_browser, "ana@example.org", "Rude Name")
    sign_up(visitor, "ana@example.org", "Ana Rivera")
    type_code(visitor, code_from_mail("ana@example.org"))
    person = Person.objects.get()
    assert (str(person), person.sort_name) == ("Ana Rivera", "rivera ana")


def test_name_with_a_role_stays(visitor: Client) -> None:
    make_with_role(Role.MANAGER, make_facility(), email="ana@example.org", name="Ana Rivera")
    sign_up(visitor, "ana@example.org", "Other Name")
    type_code(visitor, code_from_mail("ana@example.org"))
    assert str(Person.objects.get()) == "Ana Rivera"


def test_name_of_who_signed_in_before_stays_with_a_new_address(visitor: Client) -> None:
    person = make_person("ana@example.org", name="Ana Rivera", last_login=timezone.now())
    Person.objects.filter(pk=person.pk).update(email="new@example.org")
    sign_up(visitor, "new@example.org", "Other Name")
    type_code(visitor, code_from_mail("new@example.org"))
    assert str(Person.objects.get()) == "Ana Rivera"


# --- the door for other rooms ---


@pytest.mark.urls(__name__)
def test_begin_code_sign_in_lands_where_the_other_room_said(visitor: Client) -> None:
    response = visitor.post("/register/", {"email": "ana@example.org", "next": "/events/7/done/"})
    assert response["Location"] == f"{CODE}?next=%2Fevents%2F7%2Fdone%2F"
    page = visitor.get(response["Location"])
    wanted = page.context["redirect_field_value"]
    response = type_code(visitor, code_from_mail("ana@example.org"), wanted)
    assert (response["Location"], who(visitor)) == ("/events/7/done/", Person.objects.get().pk)


@pytest.mark.urls(__name__)
def test_begin_code_sign_in_drops_another_site(visitor: Client) -> None:
    response = visitor.post("/register/", {"email": "a@example.org", "next": "//evil.example/"})
    assert response["Location"] == CODE


@pytest.mark.urls(__name__)
def test_begin_code_sign_in_goes_on_at_once_for_who_is_in(visitor: Client) -> None:
    visitor.force_login(make_person("ana@example.org"))
    response = visitor.post("/register/", {"email": "ANA@example.org", "next": "/events/7/"})
    assert (response["Location"], mail.outbox) == ("/events/7/", [])


@pytest.mark.urls(__name__)
def test_begin_code_sign_in_refuses_another_address_of_who_is_in(visitor: Client) -> None:
    visitor.force_login(make_person("ana@example.org"))
    response = visitor.post("/register/", {"email": "bea@example.org", "next": "/events/7/"})
    assert response.content == b"signed_in_as_other"
    assert Person.objects.count() == 1


# --- mails and limits ---


def test_code_mail_takes_the_outbox_and_leaves_no_code_behind(visitor: Client) -> None:
    make_person("ana@example.org")
    ask(visitor, "ana@example.org")
    [message] = OutboxMessage.objects.all()
    assert (message.secret, message.state, message.payload) == (True, "delivered", {})
    code = code_from_mail("ana@example.org")
    [sent] = mail.outbox
    assert re.fullmatch(r"\d{4}-\d{4}", code)
    assert code not in str(sent.subject)
    [(html, kind)] = sent.alternatives  # type: ignore[attr-defined]
    assert (kind, f'<h1 dir="ltr">{code}</h1>' in html) == ("text/html", True)


def test_too_many_codes_from_one_place_are_refused_there_only(visitor: Client) -> None:
    person = make_person("ana@example.org")
    stranger = {"REMOTE_ADDR": "203.0.113.9"}
    for _time in range(3):
        visitor.post(SIGN_IN, {"login": "ana@example.org"}, **stranger)
    response = visitor.post(SIGN_IN, {"login": "ana@example.org"}, **stranger)
    assert "Several codes were sent to this address" in said(response)
    owner = type(visitor)()
    ask(owner, "ana@example.org")
    type_code(owner, code_from_mail("ana@example.org"))
    assert who(owner) == person.pk


def test_flood_from_many_places_stops_but_not_for_the_owners_browser(visitor: Client) -> None:
    person = make_person("ana@example.org")
    ask(visitor, "ana@example.org")
    type_code(visitor, code_from_mail("ana@example.org"))
    visitor.post("/accounts/logout/")
    flood = type(visitor)()
    for number in range(40):
        flood.post(SIGN_IN, {"login": "ana@example.org"}, REMOTE_ADDR=f"203.0.113.{number}")
    assert len(mail.outbox) == 30
    response = ask(visitor, "ana@example.org")
    type_code(visitor, code_from_mail("ana@example.org"))
    assert (response["Location"], who(visitor)) == (CODE, person.pk)


def test_sign_up_counts_against_the_same_limit(visitor: Client) -> None:
    for _time in range(3):
        sign_up(visitor, "ana@example.org")
    response = sign_up(visitor, "ana@example.org")
    assert "Several codes were sent to this address" in said(response)


def test_forged_browser_cookie_opens_nothing(visitor: Client) -> None:
    make_person("ana@example.org")
    visitor.cookies["known_browser"] = "WzFd:forged:signature"
    assert ask(visitor, "ana@example.org")["Location"] == CODE


@pytest.mark.parametrize(
    ("role", "kind", "landing"),
    [
        (Role.COORDINATOR, "office", "/desk/"),
        (Role.MANAGER, "facility", "/facilities/"),
        (Role.COMPANY_MANAGER, "company", "/facilities/"),
        (None, "", "/my/"),
    ],
)
def test_signing_in_leads_to_where_work_waits(
    client: Client, role: Role | None, kind: str, landing: str
) -> None:
    person = make_person("works@example.org", password="a long enough password")
    if role:
        services.grant_role(
            person=person, role=role, organization=make_organization(kind), actor=None
        )
    EmailAddress.objects.update_or_create(
        user=person, email=person.email, defaults={"verified": True, "primary": True}
    )
    answer = client.post(
        "/accounts/login/password/",
        {"login": "works@example.org", "password": "a long enough password"},
    )
    assert answer["Location"] == landing
