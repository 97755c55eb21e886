"""The sign-in library's pages stand in our frame and speak plainly."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.browser import Reader
from tests.factories.people import make_person

ENTRANCES = ["account_login", "account_signup", "account_reset_password", "account_logout"]
OWN = ["account_email", "account_set_password", "mfa_index"]


@pytest.mark.parametrize("name", [*ENTRANCES, *OWN])
@pytest.mark.django_db
def test_account_page_stands_in_our_frame(client: Client, name: str) -> None:
    person = make_person()
    if name in OWN or name == "account_logout":
        client.force_login(person)

    page = client.get(reverse(name)).content.decode()

    assert page.count("<h1") == 1
    assert 'class="site-help"' in page
    assert "usa-button" in page
    assert "<style" not in page
    assert "style=" not in page


@pytest.mark.django_db
def test_account_pages_name_their_reader(client: Client) -> None:
    person = make_person(name="Marisol Vega")
    client.force_login(person)

    page = client.get(reverse("account_email")).content.decode()

    assert "<span>Marisol</span>" in page
    assert "Sign in" not in page


@pytest.mark.parametrize("name", ["account_login", "account_signup", "account_reset_password"])
@pytest.mark.django_db(transaction=True)
def test_entrances_are_accessible(reader: Reader, name: str) -> None:
    reader.go(reverse(name))

    reader.page.evaluate("document.querySelector('form.form').noValidate = true")
    reader.page.get_by_role("button", name="Send me a code").click()
    reader.page.get_by_role("alert").wait_for()
    reader.check()
    assert reader.page.evaluate("document.activeElement.className") == "error-summary"
