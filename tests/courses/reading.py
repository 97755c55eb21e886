"""Reading the player's pages, and counting what they cost."""

import re
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses import services
from courses.models import Attempt, CoursePage, Enrolment
from tests.factories.courses import make_course


def text(client: Client, path: str, status: int = 200) -> str:
    """The page as one line, after a look at its status."""
    response = client.get(path)
    assert response.status_code == status
    return re.sub(r"\s+", " ", response.content.decode())


def costs(act: Callable[[], object]) -> int:
    """The queries of `act`, without the savepoints that only a test's transaction needs."""
    with CaptureQueriesContext(connection) as queries:
        act()
    return sum("SAVEPOINT" not in query["sql"] for query in queries)


def running(enrolment: Enrolment, step_key: str = "post-test") -> Attempt:
    """A try at the test, begun."""
    return services.start_attempt(enrolment=enrolment, step_key=step_key, actor=None)


def only_a_test(**fields: object) -> CoursePage:
    """A course of one test."""
    return make_course(pre_test=False, lessons=0, **fields)  # type: ignore[arg-type]
