"""Staff prove twice who they are, where the setting asks for it."""

import re
import time
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client

from lms.people.enums import Role
from lms.people.models import Person
from tests.browser import code_from_mail
from tests.factories.people import make_facility, make_office, make_person, make_with_role
from tests.people.test_sign_in import ask, said, type_code, who

pytestmark = pytest.mark.django_db

SET_UP = "/accounts/2fa/"
ACTIVATE = "/accounts/2fa/totp/activate/"
GUARDED = ["/admin/", "/desk/", "/facilities/", "/es/desk/", "/ar/facilities/7/"]
OPEN = ["/accounts/profile/", "/help/", "/my/", "/trainings/", "/healthz"]


@pytest.fixture(autouse=True)
def _asked_for(settings: Any) -> None:
    settings.LMS_STAFF_SECOND_FACTOR = True


def app_code(secret: str, *, steps: int = 0) -> str:
    """What an authenticator app shows now (or some half minutes later)."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def leads_to_set_up(client: Client, path: str) -> bool:
    response = client.get(path)
    return response.status_code == 302 and response["Location"] == SET_UP


def set_up_app(client: Client) -> str:
    """Set up an authenticator app; returns its secret."""
    secret: str = client.get(ACTIVATE).context["form"].secret
    response = client.post(ACTIVATE, {"code": app_code(secret)})
    assert response["Location"] == "/accounts/2fa/recovery-codes/"
    return secret


def sign_in_by_code(browser: Client, person: Person, next_url: str = "") -> Any:
    ask(browser, person.email or "", next_url)
    return type_code(browser, code_from_mail(person.email or ""), next_url)


@pytest.mark.parametrize("path", GUARDED)
@pytest.mark.parametrize("role", Role.staff())
def test_staff_without_one_set_it_up_first(client: Client, role: Role, path: str) -> None:
    client.force_login(make_with_role(role, make_office()))
    assert leads_to_set_up(client, path) is True
    assert client.session["second_factor_next"] == path


def test_nothing_posted_gets_through(client: Client) -> None:
    client.force_login(make_person(is_superuser=True))
    response = client.post("/admin/users/new/", {"first_name": "A", "last_name": "B"})
    assert (response["Location"], Person.objects.count()) == (SET_UP, 1)


@pytest.mark.parametrize("path", OPEN)
def test_pages_for_everybody_stay_open_to_staff(client: Client, path: str) -> None:
    client.raise_request_exception = False
    client.force_login(make_person(is_superuser=True))
    assert leads_to_set_up(client, path) is False


@pytest.mark.parametrize("path", GUARDED)
def test_learners_and_visitors_are_not_asked(client: Client, path: str) -> None:
    client.raise_request_exception = False
    assert leads_to_set_up(client, path) is False
    client.force_login(make_person())
    assert leads_to_set_up(client, path) is False
    client.force_login(make_with_role(Role.TRAINER, make_office()))
    assert leads_to_set_up(client, path) is False


def test_nobody_is_asked_where_the_setting_is_off(client: Client, settings: Any) -> None:
    settings.LMS_STAFF_SECOND_FACTOR = False
    client.force_login(make_person(is_superuser=True))
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_app_opens_the_page_one_wanted(client: Client) -> None:
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    page = client.get("/admin/pages/", follow=True)
    assert "One thing first" in said(page)
    set_up_app(client)
    codes = client.get("/accounts/2fa/recovery-codes/")
    assert '<a class="usa-button" href="/admin/pages/">' in codes.content.decode()
    assert client.get("/admin/pages/", follow=True).status_code == 200


def test_wrong_app_code_sets_nothing_up(client: Client) -> None:
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    client.get(ACTIVATE)
    response = client.post(ACTIVATE, {"code": "000000"})
    assert "This is not the right code" in said(response)
    assert Authenticator.objects.exists() is False


def test_code_by_mail_alone_does_not_sign_in_who_has_an_app(
    visitor: Client, other_browser: Client
) -> None:
    manager = make_with_role(Role.MANAGER, make_facility(), email="ravi@example.org")
    sign_in_by_code(visitor, manager)
    secret = set_up_app(visitor)
    response = sign_in_by_code(other_browser, manager, "/facilities/")
    assert response["Location"] == "/accounts/2fa/authenticate/"
    assert who(other_browser) is None
    page = other_browser.post(response["Location"], {"code": "000000"})
    assert ("This is not the right code" in said(page), who(other_browser)) == (True, None)
    response = other_browser.post(
        "/accounts/2fa/authenticate/", {"code": app_code(secret, steps=1)}
    )
    assert (response["Location"], who(other_browser)) == ("/facilities/", manager.pk)


@pytest.mark.django_db(transaction=True)
def test_recovery_code_signs_in_once(client: Client) -> None:
    visitor, other_browser = client, Client()
    manager = make_with_role(Role.MANAGER, make_facility(), email="ravi@example.org")
    sign_in_by_code(visitor, manager)
    set_up_app(visitor)
    page = visitor.get("/accounts/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"<code>(\w+)</code>", page)
    assert len(codes) == 10
    for expected in (manager.pk, None):
        sign_in_by_code(other_browser, manager)
        other_browser.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert who(other_browser) == expected
        other_browser.post("/accounts/logout/")


def test_taking_the_app_away_closes_staff_pages_again(client: Client) -> None:
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    secret = set_up_app(client)
    assert client.get("/admin/").status_code == 200
    response = client.post("/accounts/2fa/totp/deactivate/", follow=True)
    assert "Is it still you?" in said(response)
    client.post(
        response.redirect_chain[-1][0],
        {"code": app_code(secret, steps=1), "next": "/accounts/2fa/totp/deactivate/"},
    )
    client.post("/accounts/2fa/totp/deactivate/")
    assert Authenticator.objects.filter(type="totp").exists() is False
    assert leads_to_set_up(client, "/admin/") is True


def test_secret_lies_encrypted_and_survives_a_new_key(client: Client, settings: Any) -> None:
    client.force_login(make_with_role(Role.COORDINATOR, make_office()))
    secret = set_up_app(client)
    app = Authenticator.objects.get(type="totp")
    assert secret not in str(app.data)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, a year later"
    wrapped = app.wrap()
    assert isinstance(wrapped, TOTP)
    assert wrapped.validate_code(app_code(secret, steps=1)) is True


@pytest.mark.parametrize(
    "page",
    [
        SET_UP,
        ACTIVATE,
        "/accounts/2fa/webauthn/add/",
        "/accounts/2fa/webauthn/",
        "/accounts/2fa/recovery-codes/generate/",
    ],
)
def test_pages_that_set_it_up_are_for_who_is_signed_in(client: Client, page: str) -> None:
    assert client.get(page)["Location"].startswith("/accounts/login/?next=")
    client.force_login(make_person())
    assert client.get(page).status_code == 200
