"""What every test shares: its database, its cast, its browser."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import TransactionTestCase
from django.utils import translation

from tests import database
from tests.browser import Reader, launch


def pytest_configure(config: pytest.Config) -> None:
    """Make the template and the catalogues once, before workers start; they only use them."""
    if not hasattr(config, "workerinput"):
        compile_messages()
        os.environ["LMS_TEST_TEMPLATE"] = database.make_template()


def compile_messages() -> None:
    """As `make` does it: each catalogue that is missing or older than its texts."""
    for texts in (Path(__file__).parents[1] / "lms" / "locale").rglob("*.po"):
        compiled = texts.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= texts.stat().st_mtime:
            continue
        with texts.open("rb") as source, compiled.open("wb") as target:
            write_mo(target, read_po(source))


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """In CI nothing may be skipped: a skipped test fails the run."""
    if not os.environ.get("LMS_NO_SKIPS") or hasattr(session.config, "workerinput"):
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped") and exitstatus == 0:
        session.exitstatus = 1


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    """Each worker gets a copy of the template."""
    template = os.environ["LMS_TEST_TEMPLATE"]
    name = f"lms_test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}_{os.getpid()}"
    with django_db_blocker.unblock():
        database.fresh_copy(template, name)
        database.use(name)

        def restore(self: TransactionTestCase) -> None:
            """Instead of a flush, which the ledger refuses: a new copy."""
            database.use(name)
            database.fresh_copy(template, name)

        TransactionTestCase._fixture_teardown = restore  # type: ignore[method-assign]
    yield
    with django_db_blocker.unblock():
        database.use(name)
        database.drop(name)


@pytest.fixture(autouse=True)
def _clean_caches() -> None:
    """Rate limits, cached sites and the language of one test do not reach the next."""
    from django.contrib.contenttypes.models import ContentType
    from django.core.cache import cache
    from wagtail.models import Site

    translation.activate(settings.LANGUAGE_CODE)
    cache.clear()
    Site.clear_site_root_paths_cache()
    ContentType.objects.clear_cache()


@pytest.fixture(scope="session", autouse=True)
def _private_folders() -> Iterator[None]:
    """Files that tests write lie in folders of their worker and go away with it."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    settings.PRIVATE_ROOT = settings.PRIVATE_ROOT / worker
    settings.MEDIA_ROOT = settings.MEDIA_ROOT / worker
    yield
    shutil.rmtree(settings.PRIVATE_ROOT, ignore_errors=True)
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Debian's Chromium, started once for each worker."""
    with launch() as browser:
        yield browser


@pytest.fixture
def reader(chromium: Any, live_server: Any) -> Iterator[Reader]:
    """A person in front of a browser, on a site with a real server and a real database."""
    context = chromium.new_context(base_url=live_server.url, bypass_csp=False)
    yield Reader(context.new_page())
    context.close()


@pytest.fixture
def phone(chromium: Any, live_server: Any) -> Iterator[Reader]:
    """The same on a small phone, touched with a thumb."""
    context = chromium.new_context(
        base_url=live_server.url,
        viewport={"width": 360, "height": 740},
        is_mobile=True,
        has_touch=True,
    )
    yield Reader(context.new_page())
    context.close()
