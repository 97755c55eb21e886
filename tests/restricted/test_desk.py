"""The desk of another office: none of its lists, filters and files names a restricted training."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from courses.models import CoursePage
from lms.people.enums import Role
from lms.people.models import Person
from lms.trainings.models import Training
from tests.factories.access import make_grant
from tests.factories.courses import complete_course, make_course, make_enrolment
from tests.factories.events import make_coming_session, make_live_page, make_seat
from tests.factories.people import make_office, make_with_role
from tests.restricted.reading import SECRET, signed_in

pytestmark = pytest.mark.django_db


def routes(resolver: Any = None, prefix: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """The routes of the desk, with their converters."""
    for part in (resolver or get_resolver()).url_patterns:
        route = prefix + str(part.pattern)
        if isinstance(part, URLResolver) and ("desk/".startswith(route) or "desk/" in route):
            yield from routes(part, route)
        elif isinstance(part, URLPattern) and route.startswith("desk/"):
            yield route, dict(part.pattern.converters)


def words(response: Any) -> str:
    if response.streaming:
        return b"".join(response.streaming_content).decode(errors="replace")
    return str(response.content.decode(errors="replace"))


def test_other_offices_desk_names_nothing_of_a_restricted_training(
    course: CoursePage, training: Training, insider: Person
) -> None:
    office = make_office()
    other = make_with_role(Role.COORDINATOR, office)
    own = make_with_role(Role.COORDINATOR, course.office)
    live = make_live_page(title=SECRET, slug="secret-live", access="approval", office=course.office)
    session = make_coming_session(live.training())
    make_grant(insider, live.training())
    make_seat(session, insider, now=datetime.now(UTC))
    complete_course(insider, course)
    # The other office meets the person, and only what they do there.
    ours = make_course(title="Of this office", office=office)
    make_enrolment(insider, ours)
    values = {
        "pk": [training.pk, session.pk, insider.pk],
        "key": [training.key],
        "training": [training.pk, training.key],
        "office": [course.office.key],
    }
    seen: dict[str, set[str]] = {"own": set(), "other": set()}
    clients = {"own": signed_in(own), "other": signed_in(other)}
    for route, names in routes():
        if set(names) - {"pk", "key", "training", "office"} or len(names) > 1:
            continue
        for value in values[next(iter(names))] if names else [""]:
            address = "/" + route
            for name, converter in names.items():
                kind = {"IntConverter": "int", "UUIDConverter": "uuid"}.get(
                    type(converter).__name__, "slug"
                )
                if kind == "int" and not isinstance(value, int):
                    address = ""
                if kind != "int" and isinstance(value, int):
                    address = ""
                address = address.replace(f"<{kind}:{name}>", str(value))
            for who, client in clients.items():
                if address and SECRET in words(client.get(address)):
                    seen[who].add(address)
    assert clients["other"].get(f"/desk/people/{insider.pk}/").status_code == 200
    assert seen["other"] == set()
    assert {"/desk/sessions/", "/desk/reports/courses/", "/desk/access/"} <= seen["own"]
