"""Somebody who may be in danger finds help: from any page, in their language, on any screen."""

import gzip
from pathlib import Path

import pytest

import lms.portal.demo.load_pages as loader
from tests.browser import Reader

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = [
    "/",
    "/help/",
    "/es/help/",
    "/ar/help/",
    "/faq/",
    "/resources/",
    "/privacy/",
    "/es/",
    "/ar/",
]


@pytest.fixture(autouse=True)
def _content() -> None:
    loader.load_pages(Path(loader.__file__).parent)


@pytest.mark.parametrize("width", [360, 1280])
def test_public_pages_are_fit_for_everybody(reader: Reader, width: int) -> None:
    reader.page.set_viewport_size({"width": width, "height": 800})

    for path in PAGES:
        reader.go(path)
        wide = reader.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert (path, wide) == (path, 0)


def test_help_is_the_first_thing_a_keyboard_reaches_and_needs_no_account(reader: Reader) -> None:
    reader.go("/resources/")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    reader.page.wait_for_url("**/help/")
    reader.check()

    assert reader.sees("If you are in danger right now, call 911.")
    for name in ["Call 911", "Call 888-373-7888", "Text HELP to 233733", "Call 800-843-5678"]:
        assert reader.page.get_by_role("link", name=name).first.is_visible()
    assert reader.sees("New York State Regional Service Providers")
    assert reader.sees("It does not erase your history.")
    assert reader.page.locator("form, input, button").count() == 0
    assert reader.page.context.cookies() == []


def test_help_is_read_in_spanish_and_from_right_to_left_in_arabic(reader: Reader) -> None:
    reader.go("/help/")
    reader.press("Español")
    reader.page.wait_for_url("**/es/help/")
    assert reader.sees("Si está en peligro en este momento, llame al 911.")
    assert reader.sees("Línea Nacional contra la Trata de Personas")

    reader.press("العربية")
    reader.page.wait_for_url("**/ar/help/")
    reader.check()
    heading = reader.page.locator("h1").bounding_box()
    assert heading is not None
    width = reader.page.viewport_size
    assert width is not None
    assert heading["x"] + heading["width"] > width["width"] / 2
    number = reader.page.get_by_role("link", name="888-373-7888").first
    assert number.locator(".ltr").evaluate("node => getComputedStyle(node).direction") == "ltr"
    assert reader.page.context.cookies() == []


def test_leaving_covers_the_page_and_replaces_it(reader: Reader) -> None:
    reader.page.route("https://www.weather.gov/**", lambda route: route.fulfill(body="weather"))
    reader.go("/resources/")
    reader.go("/help/")

    for _ in range(3):
        reader.page.keyboard.press("Shift")
    reader.page.wait_for_url("https://www.weather.gov/**")
    reader.page.go_back()

    assert reader.page.url.endswith("/resources/")


@pytest.mark.parametrize("path", ["/help/", "/ar/help/"])
def test_help_weighs_less_than_100_kilobytes(reader: Reader, path: str) -> None:
    bodies: list[bytes] = []
    reader.page.on("response", lambda response: bodies.append(response.body()))

    reader.page.goto(path)
    reader.page.wait_for_load_state("networkidle")

    assert len(bodies) >= 4
    assert sum(len(gzip.compress(body)) for body in bodies) < 100_000
    hosts = reader.page.evaluate("performance.getEntriesByType('resource').map(e => e.name)")
    assert [name for name in hosts if "127.0.0.1" not in name and "localhost" not in name] == []


def test_resources_are_narrowed_with_a_keyboard_or_a_thumb(reader: Reader) -> None:
    reader.page.set_viewport_size({"width": 360, "height": 800})
    reader.go("/resources/")
    reader.page.get_by_text("Filter", exact=True).click()
    reader.page.get_by_label("Kind").select_option("law")
    reader.press("Show", exact=True)
    reader.check()

    assert reader.sees("General Business Law 205: training in lodging facilities")
    assert reader.page.get_by_text("Task force posters").count() == 0
