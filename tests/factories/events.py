"""Live trainings, sessions and seats for tests, made by the real services."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from wagtail.models import Page

from events import services
from events.models import LiveTrainingPage, Registration, Session
from lms.pages.models import CataloguePage
from lms.people.models import Organization, Person
from lms.trainings.models import Training
from tests.factories.people import make_office, make_person

_numbers = itertools.count(1)

# A moment before every session of the tests: sessions are scheduled and seats taken "then".
EARLIER = datetime(2026, 6, 1, 12, tzinfo=UTC)


def make_live_page(*, office: Organization | None = None, **fields: Any) -> LiveTrainingPage:
    """A published page of a live training below the catalogue."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "title": f"CTDB training {number}",
        "slug": f"ctdb-training-{number}",
        "summary": "Three hours about screening.",
        "audiences": ["child_welfare"],
        "minutes": 180,
        "min_minutes": 160,
        "contact_email": "trainings-desk@example.org",
        "live": False,
    }
    page = LiveTrainingPage(office=office or make_office(), **{**defaults, **fields})
    # Fetched anew each time: a tree's node keeps the number of its children.
    Page.objects.get(pk=CataloguePage.objects.get().pk).add_child(instance=page)
    page.save_revision().publish()
    return LiveTrainingPage.objects.get(pk=page.pk)


def make_live_training(**fields: Any) -> Training:
    """A published live training."""
    training = make_live_page(**fields).training()
    assert training is not None
    return training


def make_session(
    training: Training | None = None,
    *,
    day: date = date(2026, 7, 14),
    start: time = time(10),
    end: time = time(13),
    now: datetime = EARLIER,
    **fields: Any,
) -> Session:
    """A session on Tuesday 14 July 2026, 10 am to 1 pm Eastern, unless told otherwise."""
    defaults: dict[str, Any] = {
        "capacity": 20,
        "platform": "Webex",
        "join_url": "https://example.org/join/secret-room",
        "min_minutes": 160,
        "actor": None,
    }
    return services.schedule_session(
        training=training or make_live_training(),
        day=day,
        start=start,
        end=end,
        now=now,
        **{**defaults, **fields},
    )


def make_coming_session(
    training: Training | None = None, *, starts_in: timedelta = timedelta(days=30), **fields: Any
) -> Session:
    """A session relative to the real clock, for pages; on the day `starts_in` from now, 10 to 1."""
    day = (datetime.now(UTC) + starts_in).date()
    return make_session(training, day=day, now=datetime.now(UTC), **fields)


def make_seat(
    session: Session, person: Person | None = None, *, now: datetime = EARLIER
) -> Registration:
    """A registered person."""
    person = person or make_person()
    return services.register(session=session, person=person, actor=person, now=now)
