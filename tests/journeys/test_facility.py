"""Walk 6: a hotel's manager sees where each employee stands, signs what is missing, prints it."""

import pytest

from lms.compliance.models import ConditionAttestation
from tests.browser import Reader

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]


def sign_in_with_password(reader: Reader, address: str) -> None:
    reader.go("/accounts/login/password/")
    reader.fill("E-mail", address)
    reader.fill("Password", "demo-password-only-here")
    reader.page.locator("main form button").first.click()
    reader.page.wait_for_load_state()


def test_a_manager_sees_standings_and_signs_what_is_missing(reader: Reader, demo: None) -> None:
    sign_in_with_password(reader, "manager@example.org")
    reader.go("/facilities/")
    assert "/facilities/hudson-house/" in reader.page.url
    assert reader.sees("trained")
    assert reader.sees("overdue")
    reader.check()

    reader.go("/facilities/hudson-house/?show=action")
    reader.page.get_by_role("link").filter(has_text="").first.wait_for()
    reader.go("/facilities/hudson-house/sign/")
    before = ConditionAttestation.objects.count()
    boxes = reader.page.locator("main input[type=checkbox]")
    boxes.first.check()
    reader.page.locator("main form button").first.click()
    reader.page.wait_for_load_state()
    reader.check()
    assert ConditionAttestation.objects.count() == before  # a preview first

    reader.go("/facilities/hudson-house/record/")
    assert reader.sees("205")
    reader.go("/facilities/hudson-house/today/")


def test_a_manager_of_another_facility_finds_nothing(reader: Reader, demo: None) -> None:
    sign_in_with_password(reader, "lakeside@example.org")
    answer = reader.page.goto("/facilities/hudson-house/")
    assert answer is not None
    assert answer.status == 404
