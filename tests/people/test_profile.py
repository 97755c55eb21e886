"""One's own account: name, language, addresses, devices."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people import services
from lms.people.models import Person
from tests.browser import code_from_mail
from tests.factories.people import make_office, make_person
from tests.people.test_sign_in import ask, said, type_code

pytestmark = pytest.mark.django_db

PROFILE = "/accounts/profile/"
OWN_PAGES = [
    PROFILE,
    "/accounts/email/",
    "/accounts/password/set/",
    "/accounts/2fa/",
    "/accounts/sessions/",
]


@pytest.mark.parametrize("page", OWN_PAGES)
def test_visitor_is_sent_to_sign_in(client: Client, page: str) -> None:
    assert client.get(page)["Location"] == f"/accounts/login/?next={page}"


@pytest.mark.parametrize("page", OWN_PAGES)
def test_own_pages_lead_to_each_other(client: Client, page: str) -> None:
    client.force_login(make_person())
    text = client.get(page).content.decode()
    ways = ["/accounts/email/", "/accounts/password/change/", "/accounts/2fa/", PROFILE]
    assert [f'href="{way}"' in text for way in ways] == [True] * 4


def test_accounts_leads_to_the_profile(client: Client) -> None:
    assert client.get("/accounts/")["Location"] == PROFILE


def test_name_and_language_are_changed_with_audit(client: Client) -> None:
    person = make_person(name="Ana Rivera")
    client.force_login(person)
    response = client.post(
        PROFILE, {"first_name": " Ana ", "last_name": "Rivera Soto", "language": "es"}
    )
    assert (response["Location"], response.cookies["django_language"].value) == (PROFILE, "es")
    person.refresh_from_db()
    assert (str(person), person.sort_name, person.preferred_language) == (
        "Ana Rivera Soto",
        "rivera soto ana",
        "es",
    )
    [entry] = AuditEntry.objects.filter(action="person.changed")
    assert (entry.actor, entry.data) == (person, {"fields": ["last_name", "preferred_language"]})


def test_same_values_change_nothing(client: Client) -> None:
    person = make_person(name="Ana Rivera")
    client.force_login(person)
    client.post(PROFILE, {"first_name": "Ana", "last_name": "Rivera", "language": "en"})
    assert AuditEntry.objects.filter(action="person.changed").exists() is False


def test_language_not_switched_on_stays_on_offer_to_who_has_it(client: Client) -> None:
    person = make_person(preferred_language="fr")
    client.force_login(person)
    choices = dict(client.get(PROFILE).context["form"].fields["language"].choices)
    assert list(choices) == ["en", "es", "ar", "fr"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"first_name": " "}, "name_missing"), ({"language": "xx"}, "language_unknown")],
)
def test_change_own_details_refuses(changes: dict[str, Any], code: str) -> None:
    person = make_person()
    wanted = {"first_name": "Ana", "last_name": "Rivera", "language": "en", **changes}
    with pytest.raises(Refused) as refusal:
        services.change_own_details(person=person, actor=person, **wanted)
    assert refusal.value.code == code


def test_profile_says_whom_to_ask_and_that_old_certificates_keep_their_name(
    client: Client,
) -> None:
    make_office(name="City office", contact_email="office@example.org")
    client.force_login(make_person())
    text = said(client.get(PROFILE))
    assert "City office: office@example.org" in text
    assert "Certificates you already have keep the old name" in text


def test_second_address_signs_in_once_confirmed(visitor: Client, other_browser: Client) -> None:
    person = make_person("ana@example.org")
    services.confirm_address(person=person, email="ana@example.org")
    visitor.force_login(person)
    visitor.post("/accounts/email/", {"action_add": "", "email": "Home@example.org"})
    assert ask(other_browser, "home@example.org").status_code == 302
    assert "There is no account" in str(mail.outbox[-1].subject)
    mail.outbox.pop()
    visitor.post("/accounts/confirm-email/", {"code": code_from_mail("home@example.org")})
    later = type(visitor)()
    ask(later, "home@example.org")
    type_code(later, code_from_mail("home@example.org"))
    assert later.session["_auth_user_id"] == str(person.pk)
    assert Person.objects.get().email == "ana@example.org"


def test_signing_out_everywhere_else(visitor: Client, other_browser: Client) -> None:
    make_person("ana@example.org")
    for browser in (visitor, other_browser):
        ask(browser, "ana@example.org")
        type_code(browser, code_from_mail("ana@example.org"))
    assert visitor.get("/accounts/sessions/").context["session_count"] == 2
    visitor.post("/accounts/sessions/")
    assert (visitor.get(PROFILE).status_code, other_browser.get(PROFILE).status_code) == (200, 302)
