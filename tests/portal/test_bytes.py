"""What pages weigh on the wire: no more than a slow telephone carries in a moment (DESIGN 6).

Pages go out as they are; what they load is compressed once when it is deployed, and kept by the
browser for good, so later views are the page alone.
"""

import gzip
import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.selectors import where
from tests.courses.reading import running
from tests.factories.completions import make_completion
from tests.factories.courses import make_course, make_enrolment
from tests.factories.events import make_coming_session, make_seat
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db


def files_of(page: str) -> set[str]:
    """What the browser loads for it from this site."""
    return set(re.findall(r'(?:src|href)="(/static/[^"#]+)', page))


@pytest.mark.parametrize("kind", ["mine", "session", "course", "lesson", "test"])
def test_first_view_is_under_100_kilobytes_and_later_ones_under_30(
    client: Client, kind: str
) -> None:
    person = make_person()
    client.force_login(person)
    course = make_course(questions=10, draw=10, pre_test=False)
    enrolment = make_enrolment(person, course)
    steps = where(enrolment).steps
    session = make_coming_session()
    make_seat(session, person, now=timezone.now())
    make_completion(person)
    path = {
        "mine": "/my/",
        "session": reverse("events:session", args=[session.pk]),
        "course": course.get_url(),
        "lesson": f"/learn/{enrolment.pk}/{steps[0].key}/",
        "test": f"/learn/{enrolment.pk}/{steps[-1].key}/",
    }[kind]
    if kind == "test":
        for step in steps[:-1]:
            client.post(f"/learn/{enrolment.pk}/{step.key}/")
        running(enrolment)
    answer = client.get(path)
    assert answer.status_code == 200
    files = [client.get(name) for name in files_of(answer.content.decode())]
    assert len(files) >= 4
    loaded = sum(len(gzip.compress(b"".join(file.streaming_content))) for file in files)  # type: ignore[attr-defined]
    assert len(answer.content) < 30_000
    assert len(answer.content) + loaded < 100_000
