"""Somebody makes an account, signs out, signs in again, and adds a passkey: in a real browser."""

from typing import Any

import pytest

from lms.people import services
from lms.people.enums import Role
from lms.people.models import Person
from tests.browser import Reader, code_from_mail
from tests.factories.people import make_office, make_with_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def type_code(reader: Reader, address: str) -> None:
    reader.fill("Code from the mail", code_from_mail(address))
    reader.press("Go on")
    reader.check()


def test_account_is_made_and_signed_in_to_with_codes(reader: Reader) -> None:
    reader.go("/accounts/login/?next=/accounts/profile/")
    reader.press("Make an account")
    reader.check()
    reader.fill("First name", "Ana")
    reader.fill("Last name", "Rivera")
    reader.fill("E-mail address", "ana@example.org")
    reader.press("Send me a code")
    reader.check()
    reader.fill("Code from the mail", "0000-0000")
    reader.press("Go on")
    assert reader.sees("This is not the code we sent")
    reader.check()
    type_code(reader, "ana@example.org")
    assert reader.sees("You are signed in as Ana Rivera")
    assert reader.page.url.endswith("/accounts/profile/")

    reader.page.locator("summary", has_text="Ana").click()
    reader.press("Sign out", exact=True)
    reader.go("/accounts/profile/")
    reader.fill("E-mail address", "ANA@example.org")
    reader.press("Send me a code")
    type_code(reader, "ana@example.org")
    assert reader.sees("You are signed in as Ana Rivera")
    assert Person.objects.count() == 1


def test_unknown_address_is_led_to_an_account(reader: Reader) -> None:
    reader.go("/accounts/login/")
    reader.fill("E-mail address", "bea@example.org")
    reader.press("Send me a code")
    reader.check()
    reader.page.get_by_role("link", name="Start again").click()
    reader.page.wait_for_load_state()
    assert reader.page.get_by_label("E-mail address").input_value() == "bea@example.org"


def test_coordinator_adds_a_passkey_and_signs_in_with_it_alone(
    reader: Reader, settings: Any
) -> None:
    settings.LMS_STAFF_SECOND_FACTOR = True
    person = make_with_role(Role.COORDINATOR, make_office(), email="denise@example.org")
    services.confirm_address(person=person, email="denise@example.org")
    devices = reader.page.context.new_cdp_session(reader.page)
    devices.send("WebAuthn.enable")
    kind = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": kind})

    reader.go("/accounts/login/?next=/admin/")
    reader.fill("E-mail address", "denise@example.org")
    reader.press("Send me a code")
    reader.fill("Code from the mail", code_from_mail("denise@example.org"))
    reader.press("Go on")
    assert reader.sees("One thing first")
    reader.check()
    reader.press("Add a passkey")
    reader.check()
    reader.press("Add it")
    reader.page.wait_for_url("**/recovery-codes/")
    reader.check()
    reader.press("I have them; go on")
    reader.page.wait_for_url("**/admin/")

    reader.go("/accounts/logout/")
    reader.page.locator("main").get_by_role("button", name="Sign out").click()
    reader.go("/accounts/login/passkey/?next=/accounts/profile/")
    reader.press("Use my passkey")
    reader.page.wait_for_url("**/accounts/profile/")
    assert reader.sees(f"You are signed in as {person}")
