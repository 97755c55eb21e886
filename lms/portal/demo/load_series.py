"""The demo's series: one with its program, one whose program comes later."""

from datetime import date, time, timedelta

from django.conf import settings
from wagtail.models import Page

from events import services
from events.enums import ProgramState
from events.models import LiveTrainingPage, Session
from events.series_models import SeriesItem, SeriesPage
from events.wish_models import TrainingWish
from lms.pages.models import CataloguePage
from lms.people.models import Organization, Person

# (days after the first, begins, ends, title, place, who speaks, track, what it is about)
PROGRAM = [
    (0, 9, 10, "Opening", "Main hall", "", "", "What the year brought, and what comes."),
    (0, 10, 12, "Listening without judging", "Room 201", "", "Practice", ""),
    (0, 10, 12, "The law in an hour and a half", "Room 305", "Sample Counsel", "Law", ""),
    (1, 10, 12, "Safety planning with young people", "Room 201", "", "Practice", ""),
]


def load_series(*, admin: Person, today: date) -> None:
    """A conference in about ten weeks, and next spring's series without a program yet."""
    if SeriesPage.objects.exists():
        return
    training = LiveTrainingPage.objects.get(slug="ctdb-training").training()
    assert training is not None  # noqa: S101 - publishing made it
    first = today + timedelta(days=70)
    first += timedelta(days=(2 - first.weekday()) % 7)
    office = Organization.objects.get(key="city-office")
    conference = _page(
        office,
        admin,
        title="Prevention conference",
        slug="prevention-conference",
        summary="Two days of sessions on preventing trafficking of young people. Sample program.",
        state=ProgramState.OPEN,
    )
    for place, (day, start, end, title, room, who, track, note) in enumerate(PROGRAM):
        session = services.schedule_session(
            training=training,
            day=first + timedelta(days=day),
            start=time(start),
            end=time(end),
            capacity=60,
            title=title,
            location=room,
            speakers=who,
            actor=admin,
        )
        conference.program.add(_item(session, track, note, place))
    conference.save_revision(user=admin).publish(user=admin)
    spring = _page(
        office,
        admin,
        title="Spring Training Series",
        slug="spring-training-series",
        summary="Trainings in April, the month of child abuse prevention. Sample page.",
        expected="at the beginning of March",
        takes_place="April",
    )
    spring.save_revision(user=admin).publish(user=admin)


def load_wish() -> None:
    """A hotel asks for a training."""
    if TrainingWish.objects.exists():
        return
    services.wish(
        office=Organization.objects.get(key="city-office"),
        email="events@example.org",
        topic="Recognizing trafficking at the front desk",
        name="Sample Asker",
        organization="Sample Inn",
        audience="lodging",
        people=25,
        wanted="a morning in the coming two months",
        place="At the hotel, Albany",
    )


def _page(office: Organization, admin: Person, **fields: str) -> SeriesPage:
    page = SeriesPage(
        office=office, contact_email="city-training@example.org", live=False, owner=admin, **fields
    )
    catalogue = CataloguePage.objects.get(locale__language_code=settings.LANGUAGE_CODE)
    Page.objects.get(pk=catalogue.pk).add_child(instance=page)
    return page


def _item(session: Session, track: str, note: str, place: int) -> SeriesItem:
    return SeriesItem(session=session, track=track, note=note, sort_order=place)
