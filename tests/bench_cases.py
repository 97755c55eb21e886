"""What `make bench` measures: the pages and acts that DESIGN's speed budget names, on the demo.

The first case is the unit. A budget of 0 means that none is set. Acts that write are measured over
few repeats, each on a person or an attempt of its own.
"""

import io
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from courses.enums import AttemptStatus
from courses.models import Assignment, Attempt, CoursePage, Enrolment
from courses.selectors import where
from courses.services import enrol, finish_lesson
from events.models import Session
from events.services import calendar_tokens
from lms.certificates.services import issue_certificate
from lms.core.time import new_york_today
from lms.pages.models import StandardPage
from lms.people.models import Employment, Organization, Person
from lms.trainings.models import Training
from tests.factories.agencies import make_agency, make_liaison
from tests.factories.completions import make_completion
from tests.factories.trainings import make_version

Case = tuple[str, float, Callable[[], object], int]
_numbers = count(1)


def signed_in(person: Person) -> Client:
    """A browser in which the person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def learner() -> Person:
    """Somebody new."""
    return Person.objects.create_user(
        f"bench{next(_numbers)}@example.org", first_name="Bea", last_name="Bench"
    )


def posts(client: Client, path: str, form: dict[str, Any], *, follow: bool = False) -> Any:
    """A form as browsers and our scripts send it; Django's client would send it as files are."""
    body, kind = urlencode(form), "application/x-www-form-urlencoded"
    return client.post(path, body, content_type=kind, follow=follow)


def reads(client: Client, path: str, status: int = 200, **headers: str) -> Callable[[], object]:
    """Reading a page; anything but the expected answer stops the benchmark."""

    def act() -> None:
        answer = client.get(path, headers=headers)
        if answer.status_code != status:
            raise SystemExit(f"{path} answered {answer.status_code}, not {status}")

    return act


def cases() -> Iterator[Case]:
    """Everything measured, the unit first."""
    call_command("load_demo", stdout=io.StringIO())
    person = Person.objects.get(email="learner@example.org")
    mine, nobody = signed_in(person), Client()
    plain = StandardPage.objects.live().filter(locale__language_code="en").first()
    assert plain is not None
    yield "a plain Wagtail page, signed in", 0, reads(mine, _path(plain)), 20
    yield "a bare Django view", 0, reads(nobody, "/healthz"), 20
    yield "home, nobody signed in", 0.5, reads(nobody, "/"), 20
    yield "catalogue, nobody signed in", 0, reads(nobody, "/trainings/"), 10
    yield "help", 0.5, reads(nobody, "/help/"), 20
    yield from course_cases(person, mine)
    yield from session_cases(person, mine)
    yield from record_cases()


def _path(page: Page) -> str:
    return str(page.get_url())


def course_cases(person: Person, mine: Client) -> Iterator[Case]:
    """The course page, a lesson, an answer, a whole attempt."""
    course = CoursePage.objects.live().get(slug="gbl205-lodging")
    training = course.training()
    assert training is not None
    yield "course page, signed in", 1.3, reads(mine, _path(course)), 20
    enrolment = enrol(person=person, training=training, language="en", actor=person)
    steps = where(enrolment).steps
    lesson = f"/learn/{enrolment.pk}/{steps[0].key}/"
    yield "lesson in the player", 1.0, reads(mine, lesson), 20
    yield "My learning", 1.0, reads(mine, "/my/"), 20

    # Signing in is not part of it; as many as `measure` asks for: 2 and 5 rounds of 5.
    newcomers = [signed_in(learner()) for _newcomer in range(27)]

    def begin() -> None:
        landed = posts(newcomers.pop(), f"/learn/start/{training.key}/", {}, follow=True)
        assert landed.redirect_chain[-1][0].endswith(f"/{steps[0].key}/")

    yield "enrolling, with the page one lands on", 2.0, begin, 5
    yield from attempt_cases(training)


def attempt_cases(training: Any) -> Iterator[Case]:
    """Saving one answer; a try from beginning it (draw, lock, row) to its feedback."""

    def ready() -> tuple[Client, Enrolment, str]:
        newcomer = learner()
        taken = enrol(person=newcomer, training=training, language="en", actor=newcomer)
        for step in where(taken).steps:
            if not step.is_test:
                # Not by its page, which would begin a test that follows.
                finish_lesson(enrolment=taken, step_key=step.key, actor=newcomer)
        key = next(step.key for step in where(taken).steps if step.is_test)
        return signed_in(newcomer), taken, f"/learn/{taken.pk}/{key}/"

    def begin(client: Client, taken: Enrolment, path: str) -> Attempt:
        posts(client, path, {"action": "start"}, follow=True)
        return Attempt.objects.get(enrolment=taken)

    client, taken, path = ready()
    attempt = begin(client, taken, path)

    def answer(client: Client = client, attempt: Attempt = attempt, position: int = 1) -> None:
        choice = attempt.items[position - 1]["choices"][0]
        said = posts(
            client,
            f"{path}answers/",
            {
                "attempt": attempt.pk,
                "position": position,
                "choice": choice,
                "device": "bench",
                "sequence": next(_numbers),
            },
        )
        if said.status_code != 200:
            raise SystemExit(f"an answer was not taken: {said.status_code} {said.content!r}")

    yield "saving an answer", 0.4, answer, 20
    waiting = [ready() for _attempt in range(14)]

    def whole_attempt() -> None:
        client, taken, path = waiting.pop()
        attempt = begin(client, taken, path)
        for position, item in enumerate(attempt.items, start=1):
            posts(
                client,
                f"{path}answers/",
                {
                    "attempt": attempt.pk,
                    "position": position,
                    "choice": item["choices"][0],
                    "device": "bench",
                    "sequence": position,
                },
            )
        posts(client, path, {"action": "hand_in"}, follow=True)
        attempt.refresh_from_db()
        if attempt.status != AttemptStatus.HANDED_IN or attempt.answers.count() < 10:
            raise SystemExit("The test was not taken.")

    yield "a whole attempt of ten questions, 14 requests", 8.0, whole_attempt, 2


def session_cases(person: Person, mine: Client) -> Iterator[Case]:
    """A session's page, registering with its mail, feeds."""
    session = Session.objects.filter(starts_at__gt=timezone.now()).earliest("starts_at")
    path = reverse("events:session", args=[session.pk])
    register = reverse("events:register", args=[session.pk])
    yield "session page, signed in", 1.0, reads(mine, path), 20

    newcomers = [signed_in(learner()) for _newcomer in range(27)]

    def take_a_seat() -> None:
        client = newcomers.pop()
        client.get(path)
        client.get(register)
        posts(client, register, {}, follow=True)

    yield "registering, from the session's page to its mail", 5.0, take_a_seat, 5
    feed = f"/calendar/{calendar_tokens.calendar_token(person=person, actor=person).token}.ics"
    yield "personal feed", 0.3, reads(Client(), feed), 20
    etag = Client().get(feed)["ETag"]
    yield "personal feed, unchanged", 0.1, reads(Client(), feed, 304, if_none_match=etag), 20


def agency_of(count: int) -> tuple[Organization, Training]:
    """An agency with so many people, all asked for one training that every other one has done."""
    agency, version = make_agency(key="bench-agency"), make_version()
    people = [learner() for _person in range(count)]
    today = new_york_today()
    Employment.objects.bulk_create(
        Employment(person=person, organization=agency, started_on=today) for person in people
    )
    Assignment.objects.bulk_create(
        Assignment(person=person, training=version.training, organization=agency, due_on=today)
        for person in people
    )
    for person in people[::2]:
        make_completion(person, version=version)
    return agency, version.training


def record_cases() -> Iterator[Case]:
    """A hotel's page, verification, who of 500 people has done a training."""
    manager = signed_in(Person.objects.get(email="manager@example.org"))
    yield "facility page, 23 people", 1.0, reads(manager, "/facilities/hudson-house/"), 10
    certificate = issue_certificate(completion=make_completion(learner()))
    path = Client().get(f"/verify/{certificate.code}/")["Location"]  # with its dashes
    yield "verifying a certificate", 0, reads(Client(), path), 20
    agency, training = agency_of(500)
    liaison = signed_in(make_liaison(agency))
    table = f"/agency/{agency.key}/training/{training.key}"
    yield "completion table of 500 people, first page of 100", 4.0, reads(liaison, f"{table}/"), 3
    yield "completion table of 500 people, CSV", 4.0, reads(liaison, f"{table}.csv"), 3
