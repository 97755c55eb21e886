"""The style guide shows every component, and each is fit to be used by everybody."""

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from lms.core.styleguide import specimens
from tests.browser import Reader, axe_violations

COMPONENTS = settings.BASE_DIR / "templates" / "components"
FRONT = settings.BASE_DIR / "lms" / "core" / "front"
BUILD = settings.BASE_DIR / "lms" / "core" / "static" / "build"
NODE = settings.BASE_DIR / ".venv" / "bin" / "node"


def test_styleguide_shows_every_component() -> None:
    files = {
        path.relative_to(COMPONENTS).with_suffix("").as_posix()
        for path in COMPONENTS.rglob("*.html")
    }

    assert {specimen.name for specimen in specimens("")} == files


def test_styleguide_says_where_a_component_is_or_shows_it() -> None:
    empty = [row.name for row in specimens("") if not row.samples and not row.shown]

    assert empty == []


def test_components_state_their_arguments() -> None:
    silent = [
        path.name
        for path in COMPONENTS.rglob("*.html")
        if not path.read_text().startswith("{% comment %}")
    ]

    assert silent == []


@pytest.mark.django_db
def test_styleguide_opens_for_anyone(client: Client) -> None:
    response = client.get("/styleguide/")

    assert response.status_code == 200
    assert response.context["shown"][0]["specimen"].name == "site_help"


@pytest.mark.parametrize(
    ("language", "direction", "width"),
    [("en", "ltr", 1280), ("en", "ltr", 360), ("ar", "rtl", 1280), ("ar", "rtl", 360)],
)
@pytest.mark.django_db(transaction=True)
def test_styleguide_is_accessible(
    reader: Reader, language: str, direction: str, width: int
) -> None:
    page = reader.page
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(reverse("language", args=[language]) + "?next=/styleguide/")

    assert page.locator("html").get_attribute("dir") == direction
    assert axe_violations(page) == []
    assert reader.errors == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.django_db(transaction=True)
def test_help_and_the_way_out_stay_in_view_on_a_phone(reader: Reader) -> None:
    page = reader.page
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto("/styleguide/")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "/help/"
    page.mouse.wheel(0, 4000)
    page.wait_for_function("scrollY > 1000")
    for name in ("In danger? Get help", "Leave this site"):
        box = page.get_by_role("link", name=name).first.bounding_box()
        assert box
        assert 0 <= box["y"] < 60
        assert box["height"] >= 24
        assert box["x"] + box["width"] <= 360


@pytest.mark.parametrize("how", ["press", "shift"])
@pytest.mark.django_db(transaction=True)
def test_quick_exit_covers_the_page_and_leaves_no_way_back(reader: Reader, how: str) -> None:
    page = reader.page
    page.route("https://www.weather.gov/**", lambda route: route.fulfill(body="Sunny."))
    page.goto("/readyz")
    page.goto("/styleguide/")

    if how == "press":
        page.get_by_role("link", name="Leave this site").first.click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")

    page.wait_for_url("https://www.weather.gov/")
    page.go_back()
    assert page.url.endswith("/readyz")


@pytest.mark.django_db(transaction=True)
def test_quick_exit_works_without_a_script(chromium: Any, live_server: Any) -> None:
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.route("https://www.weather.gov/**", lambda route: route.fulfill(body="Sunny."))
    page.goto("/styleguide/")
    page.get_by_role("link", name="Leave this site").first.click()

    page.wait_for_url("https://www.weather.gov/")
    context.close()


def test_styles_and_scripts_stay_light() -> None:
    css = len(gzip.compress((BUILD / "site.css").read_bytes()))
    scripts = sum(len(gzip.compress(path.read_bytes())) for path in BUILD.glob("js/*.js"))

    assert css < 35_000
    # All of them together; a page loads its own and two that every page has.
    assert scripts < 9_000


def test_every_icon_a_template_names_is_in_the_sprite() -> None:
    sprite = (BUILD / "sprite.svg").read_text()
    icons = FRONT / "icons.mjs"
    names = json.loads(
        subprocess.run(
            [
                NODE,
                "-e",
                f"import({json.dumps(str(icons))}).then(m=>console.log(JSON.stringify(m.ICONS)))",
            ],
            capture_output=True,
            check=True,
            text=True,
        ).stdout
    )

    used = {
        part.split('"')[0]
        for path in Path(settings.BASE_DIR / "templates").rglob("*.html")
        for part in path.read_text().split('"components/icon.html" with name="')[1:]
    }

    assert used <= set(names)
    assert all(f'id="{name}"' in sprite for name in names)


def test_style_sheet_knows_start_and_end_not_left_and_right() -> None:
    css = (BUILD / "site.css").read_text()

    for physical in (
        "margin-left:",
        "margin-right:",
        "padding-left:",
        "padding-right:",
        ";left:",
        ";right:",
    ):
        assert physical not in css
