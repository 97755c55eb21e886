"""A housekeeper without e-mail takes her training in Spanish on the hotel's tablet."""

from typing import Any

import pytest

from courses.models import Enrolment
from lms.people.devices import services, sessions
from lms.people.models import Employment, Organization, Person
from tests.browser import Reader

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]
PIN = "274059"
KEPT = """async () => {
    const databases = (await indexedDB.databases()).map(one => one.name);
    const stores = await caches.keys();
    const workers = (await navigator.serviceWorker.getRegistrations()).length;
    return {
        local: Object.keys(localStorage), session: Object.keys(sessionStorage),
        databases, stores, workers, cookies: document.cookie,
    };
}"""


def register(reader: Reader, hotel: Organization, manager: Person) -> None:
    """The manager's code is typed on the tablet."""
    _device, code = services.invite_device(facility=hotel, label="Tablet", actor=manager)
    reader.go("/device/")
    reader.fill("Code", code)
    reader.press("Add this device")
    reader.check()


def kept(reader: Reader) -> dict[str, Any]:
    """What the browser holds: storages, caches, databases, cookies."""
    found: dict[str, Any] = reader.page.evaluate(KEPT)
    found["cookies"] = {
        cookie["name"] for cookie in reader.page.context.cookies() if cookie["value"]
    }
    return found


def test_a_housekeeper_without_email_on_a_shared_tablet(reader: Reader, demo: None) -> None:
    hotel = Organization.objects.get(key="hudson-house")
    manager = Person.objects.get(email="manager@example.org")
    lucia = Employment.objects.get(organization=hotel, person__first_name="Lucia")
    register(reader, hotel, manager)
    code = services.give_start_code(employment=lucia, actor=manager)

    reader.press("Español", exact=True)
    reader.check()
    assert reader.page.locator("html").get_attribute("lang") == "es"
    reader.page.locator("main a[href='/device/start/']").click()
    reader.check()
    for name, typed in (
        ("number", lucia.number),
        ("start_code", code),
        ("pin", PIN),
        ("again", PIN),
    ):
        reader.page.locator(f"input[name={name}]").fill(typed)
    reader.page.locator("main form button").first.click()
    reader.page.wait_for_load_state()
    reader.check()
    assert reader.sees("Lucia")
    assert reader.page.locator("html").get_attribute("lang") == "es"

    reader.page.locator("form[action='/device/begin/'] button").click()
    reader.page.wait_for_load_state()
    reader.check()
    enrolment = Enrolment.objects.get(person=lucia.person)
    assert reader.page.url.endswith(f"/learn/{enrolment.pk}/")
    # What a test keeps on the device while the connection is gone.
    reader.page.evaluate(
        "pk => { localStorage.setItem(`answers/${pk}/1`, 'a'); sessionStorage.setItem('x', '1'); }",
        lucia.person_id,
    )
    reader.page.evaluate("() => caches.open('pages').then(kept => kept.put('/x', new Response()))")

    reader.page.locator("form[action='/device/switch/'] button").first.click()
    reader.page.wait_for_load_state()
    reader.check()
    left = kept(reader)
    assert left == {
        "local": [],
        "session": [],
        "databases": [],
        "stores": [],
        "workers": 0,
        "cookies": {sessions.COOKIE, "csrftoken"},
    }
    assert reader.page.locator("html").get_attribute("lang") == "en"
    reader.page.go_back()
    reader.page.wait_for_load_state()
    assert "Lucia" not in (reader.page.locator("body").text_content() or "")

    # The next time: number and PIN, and on where she stopped.
    reader.go("/device/")
    reader.fill("Employee number", lucia.number)
    reader.fill("PIN", PIN)
    reader.press("Sign in")
    reader.press("Go to the training")
    assert reader.page.url.endswith(f"/learn/{enrolment.pk}/")
