"""Every door leads to ours, and the password is taken at one place."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.checks import Error
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from lms.people import checks
from lms.people.demo import open_demo_sign_in
from lms.people.models import Person
from tests.browser import code_from_mail
from tests.factories.people import make_person
from tests.people.test_sign_in import said, who

pytestmark = pytest.mark.django_db

PASSWORD = "/accounts/login/password/"
CHOSEN = "a long one for tests"
LANGUAGES = ["", "es/", "ar/"]


def with_password() -> Person:
    """Somebody who confirmed their address and chose a password."""
    person = make_person("ana@example.org")
    open_demo_sign_in(person)
    person.set_password(CHOSEN)
    person.save(update_fields=["password"])
    return person


def simple_paths(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """The addresses of the site that take no argument, except Wagtail's pages."""
    for entry in resolver.url_patterns:
        route = before + str(entry.pattern).removeprefix("^").removesuffix("$")
        if isinstance(entry, URLResolver):
            yield from simple_paths(entry, route)
        elif isinstance(entry, URLPattern) and not set("<(?*") & set(route):
            yield route


@pytest.mark.parametrize(
    "door",
    [
        "/admin/login/",
        "/admin/password_reset/",
        "/admin/password_reset/done/",
        "/admin/password_reset/complete/",
        "/admin/password_reset/confirm/MQ/set-password/",
        *[f"/{language}_util/login/" for language in LANGUAGES],
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_library_door_leads_to_ours(client: Client, door: str, method: str) -> None:
    with_password()
    typed = {"username": "ana@example.org", "password": CHOSEN}
    response = getattr(client, method)(door, typed)
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2F"
    assert who(client) is None


def test_library_door_keeps_where_one_wanted_to_go_on_this_site(client: Client) -> None:
    response = client.get("/admin/login/?next=/admin/pages/")
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2Fpages%2F"
    response = client.get("/admin/login/?next=https://evil.example/")
    assert response["Location"] == "/accounts/login/?next=%2Fadmin%2F"


def test_password_is_asked_for_at_one_place_only(client: Client) -> None:
    client.raise_request_exception = False
    found = []
    for path in {*simple_paths(get_resolver())}:
        response = client.get(path)
        if response.status_code == 200 and b'type="password"' in getattr(response, "content", b""):
            found.append(path)
    assert found == [PASSWORD]


def test_password_signs_in_who_chose_one_and_keeps_next(client: Client) -> None:
    person = with_password()
    typed = {"login": "Ana@example.org", "password": CHOSEN, "next": "/trainings/"}
    response = client.post(PASSWORD, typed)
    assert (response["Location"], who(client)) == ("/trainings/", person.pk)


def test_wrong_password_and_no_account_read_the_same(client: Client) -> None:
    with_password()
    make_person("coded@example.org")
    pages = [
        said(client.post(PASSWORD, {"login": email, "password": "not this one at all"}))
        for email in ("ana@example.org", "coded@example.org", "nobody@example.org")
    ]
    assert "a code by e-mail always works" in pages[0]
    assert pages[0].replace("ana@", "nobody@") == pages[2]
    assert pages[1].replace("coded@", "nobody@") == pages[2]


def test_stranger_closing_the_password_leaves_the_code_open(client: Client) -> None:
    with_password()
    for _time in range(6):
        client.post(PASSWORD, {"login": "ana@example.org", "password": "guess"})
    typed = {"login": "ana@example.org", "password": CHOSEN}
    page = said(client.post(PASSWORD, typed))
    assert "This way in is closed for five minutes" in page
    assert "Send me a code instead" in page
    response = client.post("/accounts/login/", {"login": "ana@example.org"})
    assert response["Location"] == "/accounts/login/code/confirm/"


def test_password_of_a_merged_record_opens_nothing(client: Client) -> None:
    person = with_password()
    client.force_login(person)
    Person.objects.filter(pk=person.pk).update(canonical_person=make_person())
    assert client.get("/accounts/email/").status_code == 302
    other = Client()
    other.post(PASSWORD, {"login": "ana@example.org", "password": CHOSEN})
    assert who(other) is None


def test_admins_sign_out_button_signs_out(client: Client) -> None:
    client.force_login(make_person())
    assert client.get("/admin/logout/")["Location"] == "/accounts/logout/"
    assert who(client) is not None
    assert client.post("/admin/logout/")["Location"] == "/"
    assert who(client) is None


def test_forgotten_password_is_chosen_anew_with_a_code(visitor: Client) -> None:
    person = with_password()
    response = visitor.post("/accounts/password/reset/", {"email": "Ana@example.org"})
    code = {"code": code_from_mail("ana@example.org")}
    response = visitor.post(response["Location"], code)
    chosen = {"password1": "another long one", "password2": "another long one"}
    response = visitor.post(response["Location"], chosen, follow=True)
    assert "Your new password is saved" in said(response)
    visitor.post(PASSWORD, {"login": "ana@example.org", "password": "another long one"})
    assert who(visitor) == person.pk


def test_forgotten_password_of_nobody_looks_the_same(
    visitor: Client, other_browser: Client
) -> None:
    with_password()
    pages = [
        said(browser.post("/accounts/password/reset/", {"email": email}, follow=True))
        for browser, email in ((visitor, "ana@example.org"), (other_browser, "bea@example.org"))
    ]
    assert pages[0].replace("ana@", "bea@") == pages[1]


def test_closed_account_says_whom_to_ask(client: Client) -> None:
    assert "ask your training office" in said(client.get("/accounts/inactive/"))


@pytest.mark.parametrize("page", ["/accounts/email/", "/accounts/2fa/", "/accounts/logout/"])
def test_account_pages_of_who_is_signed_in_are_kept_by_no_cache(client: Client, page: str) -> None:
    client.force_login(make_person())
    kept = client.get(page).headers.get("Cache-Control", "")
    assert {"private", "no-store"} <= set(kept.split(", "))


# --- the demo's password ---


def test_demo_password_opens_in_the_trial(client: Client) -> None:
    person = make_person("learner@example.org")
    open_demo_sign_in(person)
    client.post(PASSWORD, {"login": "learner@example.org", "password": settings.DEMO_PASSWORD})
    assert who(client) == person.pk
    assert mail.outbox == []


def test_demo_password_is_refused_in_production(client: Client, settings: Any) -> None:
    person = make_person("learner@example.org")
    open_demo_sign_in(person)
    settings.TRIAL = False
    typed = {"login": "learner@example.org", "password": settings.DEMO_PASSWORD}
    response = client.post(PASSWORD, typed)
    assert "password is not right" in said(response)
    assert (who(client), client.login(email=person.email, password=typed["password"])) == (
        None,
        False,
    )


def test_demo_sign_in_is_not_made_in_production(settings: Any) -> None:
    settings.TRIAL = False
    with pytest.raises(RuntimeError):
        open_demo_sign_in(make_person())


def test_nobody_chooses_the_demo_password(client: Client) -> None:
    client.force_login(make_person())
    typed = {"password1": settings.DEMO_PASSWORD, "password2": settings.DEMO_PASSWORD}
    response = client.post("/accounts/password/set/", typed)
    assert "Everybody can read this password" in said(response)


def test_check_finds_demo_people_in_production(settings: Any) -> None:
    open_demo_sign_in(make_person("learner@example.org"))
    assert checks.no_demo_people_in_production(None, databases=["default"]) == []
    settings.TRIAL = False
    found = checks.no_demo_people_in_production(None, databases=["default"])
    assert [error.id for error in found] == ["people.E003"]
    Person.objects.update(password="!")
    assert checks.no_demo_people_in_production(None, databases=["default"]) == []


def test_deploy_check_wants_production_our_backend_and_a_second_factor(settings: Any) -> None:
    def found() -> list[str | None]:
        return [message.id for message in checks.staff_sign_in_is_guarded(None)]

    assert found() == ["people.E001"]
    settings.TRIAL = False
    assert found() == ["people.W001", "people.W002"]
    settings.LMS_STAFF_SECOND_FACTOR = True
    assert found() == ["people.W002"]
    settings.LMS_PIN_PEPPER = "long and random"
    assert found() == []
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    assert found() == ["people.E002"]
    assert isinstance(checks.staff_sign_in_is_guarded(None)[0], Error)
