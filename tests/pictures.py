"""`make pictures`: the pictures in docs/, taken from a running trial (start `make run` first)."""

import io
import os
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.browser import launch

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SITE = f"http://127.0.0.1:{os.environ.get('PORT', '8000')}"
PASSWORD = "demo-password-only-here"  # the trial's, printed by `make run`


def sign_in(page: Page, address: str) -> None:
    """With the trial's password."""
    page.goto("/accounts/login/password/")
    page.get_by_label("E-mail").fill(address)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_load_state()


def take(page: Page, name: str) -> None:
    """What one sees without scrolling, in few colours so that the file stays small."""
    image = Image.open(io.BytesIO(page.screenshot()))
    image.convert("RGB").quantize(64).save(FOLDER / f"{name}.png", optimize=True)
    sys.stdout.write(f"docs/pictures/{name}.png\n")


def main() -> None:
    """The home page, a hotel's page, the desk."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with launch() as browser:
        for name, address, path in (
            ("home", None, "/"),
            ("facility", "manager@example.org", "/facilities/"),
            ("desk", "coordinator@example.org", "/desk/"),
        ):
            context = browser.new_context(
                base_url=SITE, viewport={"width": 1280, "height": 900}, device_scale_factor=1
            )
            page = context.new_page()
            if address:
                sign_in(page, address)
            page.goto(path)
            take(page, name)
            context.close()


if __name__ == "__main__":
    main()
