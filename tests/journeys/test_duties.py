"""A hotel in New York City beyond the training: the cards, the night at the desk, a house rule."""

import pytest

from lms.compliance.duty_models import CardCheck, HousePolicy
from tests.browser import Reader
from tests.journeys.test_facility import sign_in_with_password

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]
HERE = "/facilities/hudson-house/"


def test_a_manager_looks_after_the_other_duties(reader: Reader, demo: None) -> None:
    sign_in_with_password(reader, "manager@example.org")
    reader.go(HERE)
    assert reader.sees("NYC Local Law 104")
    assert reader.sees("license ends on")

    reader.go(f"{HERE}cards/")
    assert reader.sees("Cards seen in 2 of 3 places")
    reader.check()
    reader.page.get_by_role("link", name="Record a check").click()
    rooms = reader.page.get_by_role("group", name="Every guest room")
    rooms.get_by_text("A card is there").click()
    reader.page.get_by_label("Who made the cards?").select_option("own")
    reader.check()
    reader.page.get_by_role("button", name="Record").click()
    reader.page.wait_for_url(f"**{HERE}cards/")
    assert reader.sees("Cards seen in 3 of 3 places")
    assert CardCheck.objects.filter(place="guest-rooms").count() == 2

    reader.go(f"{HERE}overnight/")
    assert reader.sees("May stand in")
    reader.check()

    reader.go(f"{HERE}house-rule/")
    reader.page.get_by_text("Every 24 months").click()
    reader.page.get_by_role("button", name="Set the house rule").click()
    reader.page.wait_for_load_state()
    assert reader.sees("House rule, not law")
    reader.check()
    reader.go(HERE)
    assert reader.sees("The house rule")
    reader.go(f"{HERE}house-rule/")
    reader.page.get_by_role("button", name="End this house rule").click()
    reader.page.wait_for_load_state()
    assert HousePolicy.objects.filter(organization__key="hudson-house").count() == 2
    assert reader.page.get_by_text("Your house rule now").count() == 0
