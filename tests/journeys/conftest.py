"""The journeys walk through the demo: real content, loaded by the real command, once a worker."""

import io
import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tests import database


@pytest.fixture(scope="session")
def demo_template(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database with the demo in it, to be copied for each journey."""
    own = settings.DATABASES["default"]["NAME"]
    name = f"{own}_demo"
    with django_db_blocker.unblock():
        database.fresh_copy(os.environ["LMS_TEST_TEMPLATE"], name)
        database.use(name)
        call_command("load_demo", stdout=io.StringIO())
        database.use(own)
    yield name
    with django_db_blocker.unblock():
        database.use(own)
        database.drop(name)


@pytest.fixture
def demo(transactional_db: None, demo_template: str) -> None:
    """The site as `make run` shows it."""
    own = settings.DATABASES["default"]["NAME"]
    database.use(own)
    database.fresh_copy(demo_template, own)
