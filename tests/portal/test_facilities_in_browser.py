"""Walk 6: a hotel's manager sees where each employee stands, signs, prepares for inspection."""

from datetime import timedelta

import pytest

from lms.core.time import new_york_today
from lms.people.demo import open_demo_sign_in
from lms.people.enums import Role
from lms.people.models import Employment
from tests.browser import Reader
from tests.factories.compliance import describe, make_completion, make_program, train
from tests.factories.people import make_employment, make_facility, make_person, make_with_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill_hotel() -> None:
    """Three employees: one met, one trained without a signature, one overdue; and their manager."""
    hotel = make_facility(name="Hudson House Hotel", key="hudson-house")
    describe(hotel)
    make_facility(name="Lakeside Inn", key="lakeside-inn")
    manager = make_with_role(Role.MANAGER, hotel, email="manager@example.org", name="Ravi Menon")
    open_demo_sign_in(manager)
    version = make_program(title="Awareness for lodging staff")
    today = new_york_today()

    def employee(name: str, hired: int) -> Employment:
        return make_employment(
            hotel, person=make_person(None, name=name), started_on=today - timedelta(days=hired)
        )

    train(employee("Mei Chen", 200), on=today - timedelta(days=180), version=version)
    unsigned = employee("Imran Qureshi", 200)
    make_completion(unsigned.person, version, occurred_on=today - timedelta(days=170))
    employee("Lucia Quispe", 100)


def sign_in(reader: Reader, path: str) -> None:
    """The manager signs in with the trial's password and goes on to a page."""
    reader.go(f"/accounts/login/password/?next={path}")
    reader.page.locator("input[type=email]").fill("manager@example.org")
    reader.page.locator("input[type=password]").fill("demo-password-only-here")
    reader.page.locator("main form button[type=submit]").first.click()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_manager_signs_and_prepares_for_an_inspection(reader: Reader, width: int) -> None:
    fill_hotel()
    reader.page.set_viewport_size({"width": width, "height": 900})
    reader.go("/facilities/")
    assert reader.sees("Show that your staff is trained")
    sign_in(reader, "/facilities/")

    # The one facility opens by itself, with the sentence the manager came for.
    assert reader.sees("2 of 3 trained. 1 of them is not yet proven. 1 overdue.")
    assert reader.sees("Not yet shown: that it was on the premises; that the time was paid.")
    reader.check()

    # Signing: choose, look, sign.
    reader.press("Sign for 1 training")
    reader.check()
    reader.page.get_by_role("checkbox", name="Sign for Imran Qureshi").check()
    reader.press("Go on with the ticked ones")
    reader.check()
    for question in ("on_premises", "paid_time"):
        reader.page.locator(f"label[for=id_{question}_0]").click()
    reader.press("Sign", exact=True)
    assert reader.sees("every point is shown")
    reader.check()
    reader.press("Hudson House Hotel")
    assert reader.sees("2 of 3 trained. 1 overdue.")

    # What is missing comes first in the record, and another facility does not exist.
    reader.press("Prepare for an inspection")
    assert reader.sees("Training record of Hudson House Hotel")
    names = reader.page.locator("tbody th").all_inner_texts()
    assert [name.split("\n")[0] for name in names] == ["Lucia Quispe", "Mei Chen", "Imran Qureshi"]
    reader.check()
    assert reader.page.goto("/facilities/lakeside-inn/").status == 404  # type: ignore[union-attr]


@pytest.mark.parametrize("width", [1280, 360])
def test_every_form_of_a_facility_is_accessible(reader: Reader, width: int) -> None:
    fill_hotel()
    reader.page.set_viewport_size({"width": width, "height": 900})
    sign_in(reader, "/facilities/hudson-house/")
    reader.sees("Hudson House Hotel")
    reader.press("Lucia Quispe")
    employee = reader.page.url.partition("/people/")[2]
    for tail in (
        "about/",
        "today/",
        "people/add/",
        f"people/{employee}",
        f"people/{employee}post/",
        f"people/{employee}leaving/",
        "?show=left",
        "?q=nobody",
    ):
        reader.go(f"/facilities/hudson-house/{tail}")
        wide = reader.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert (tail, wide) == (tail, False)
