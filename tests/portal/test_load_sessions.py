"""The demo's dates: eleven ahead, whenever it is loaded."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from events import services
from events.models import LiveTrainingPage, Registration, Session
from lms.core.time import new_york_today
from lms.people.models import Organization, Person
from lms.portal.demo.load_sessions import load_sessions
from tests.factories.people import make_employment, make_office, make_organization, make_person

pytestmark = pytest.mark.django_db

FOLDER = Path(__file__).resolve().parents[2] / "lms" / "portal" / "demo"


@pytest.fixture
def admin() -> Person:
    for key in ("city-office", "state-office"):
        make_office(key=key)
    agency: Organization = make_organization("agency", key="harbor-family")
    make_employment(agency, started_on=date(2020, 1, 6))
    return make_person("admin@example.org", is_superuser=True)


def coming(slug: str, today: date) -> list[Session]:
    training = LiveTrainingPage.objects.get(slug=slug).training()
    return list(Session.objects.filter(training=training, day__gt=today).order_by("day"))


def test_demo_has_eleven_dates_in_the_coming_year(admin: Person) -> None:
    today = new_york_today()
    load_sessions(FOLDER, admin=admin, today=today)
    sessions = coming("ctdb-training", today)
    assert len(sessions) == 11
    assert sessions[-1].day <= today + timedelta(days=396)
    assert {session.day.strftime("%a") for session in sessions} == {"Tue", "Thu"}
    assert {str(session.start_time) for session in sessions} == {"10:00:00"}
    assert len(coming("recognizing-signs", today)) == 2


def test_loading_again_changes_nothing(admin: Person) -> None:
    today = new_york_today()
    load_sessions(FOLDER, admin=admin, today=today)
    first = coming("ctdb-training", today)[0]
    services.reschedule_session(
        session=first,
        day=first.day + timedelta(days=1),
        start=first.start_time,
        end=first.end_time,
        actor=admin,
    )
    before = list(Session.objects.order_by("pk").values_list("pk", "day"))
    load_sessions(FOLDER, admin=admin, today=today)
    assert list(Session.objects.order_by("pk").values_list("pk", "day")) == before
    assert LiveTrainingPage.objects.count() == 3


def test_loading_months_later_adds_only_what_has_become_missing(admin: Person) -> None:
    today = new_york_today()
    load_sessions(FOLDER, admin=admin, today=today)
    later = today + timedelta(days=92)
    gone = [session for session in coming("ctdb-training", today) if session.day <= later]
    load_sessions(FOLDER, admin=admin, today=later)
    assert len(coming("ctdb-training", later)) == 11
    training = gone[0].training
    # The held one, the eleven of the first time, and one for each that has passed.
    assert Session.objects.filter(training=training).count() == 1 + 11 + len(gone)


def test_demo_has_a_session_that_is_over_with_people_in_it(admin: Person) -> None:
    today = new_york_today()
    load_sessions(FOLDER, admin=admin, today=today)
    (held,) = Session.objects.filter(day__lt=today)
    assert Registration.objects.live().filter(session=held).count() == 1
