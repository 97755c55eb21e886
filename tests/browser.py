"""A real browser for tests: Debian's Chromium driven by Playwright, and axe as the judge."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, Page, sync_playwright

from lms.people.models import Person

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).resolve().parents[1] / "node_modules" / "axe-core" / "axe.min.js"
# WCAG 2.2 AA (State Technology Law 103-d asks for the current version).
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@contextmanager
def launch() -> Iterator[Browser]:
    """The browser, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Reader:
    """A person reading the site: goes, reads, presses, and never waits longer than a moment."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.page.set_default_timeout(10_000)
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on(
            "console",
            lambda message: (
                self.errors.append(message.text)
                if "Content Security Policy" in message.text
                else None
            ),
        )

    def go(self, path: str) -> None:
        """Open a page and check it as every visited page is checked."""
        self.page.goto(path)
        self.check()

    def press(self, name: str, *, exact: bool = False) -> None:
        """Press the button or link with this name."""
        target = self.page.get_by_role("button", name=name, exact=exact).or_(
            self.page.get_by_role("link", name=name, exact=exact)
        )
        target.first.click()
        self.page.wait_for_load_state()

    def fill(self, label: str, value: str) -> None:
        """Type into the field with this label."""
        self.page.get_by_label(label).first.fill(value)

    def sees(self, text: str) -> bool:
        """Whether the page shows the text (somewhere a person can see it)."""
        self.page.get_by_text(text).first.wait_for(state="visible")
        return True

    def check(self) -> None:
        """No accessibility violation, no script error, nothing refused by the policy."""
        violations = axe_violations(self.page)
        assert violations == []
        assert self.errors == []


def sign_in(reader: Reader, person: Person, address: str) -> None:
    """A session like any other, without the mail; `address` is the site's."""
    client = Client()
    client.force_login(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": address}
    reader.page.context.add_cookies([cookie])


def axe_violations(page: Page, *, within: str | dict[str, str] = "html") -> list[str]:
    """What axe finds wrong on the page, or in a part of it as axe names parts, one line each.

    It is injected past the strict policy.
    """
    page.evaluate(AXE.read_text())
    result: Any = page.evaluate(
        "([within, rules]) => axe.run(within, {runOnly: {type: 'tag', values: rules}})",
        [within, RULES],
    )
    return [
        f"{violation['id']}: {violation['help']} at {node['target']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]


def code_from_mail(address: str) -> str:
    """The sign-in code in the newest mail to the address."""
    newest = next(message for message in reversed(mail.outbox) if address in message.to)
    found = re.search(r"^\s*([0-9A-Z]{3,}-?[0-9A-Z]{3,})\s*$", str(newest.body), re.MULTILINE)
    assert found, newest.body
    return found.group(1)


def link_from_mail(address: str, path: str) -> str:
    """The first link in the newest mail to the address whose path begins with `path`."""
    newest = next(message for message in reversed(mail.outbox) if address in message.to)
    found = re.search(rf"https?://[^/\s]+({re.escape(path)}\S*)", str(newest.body))
    assert found, newest.body
    return found.group(1)
