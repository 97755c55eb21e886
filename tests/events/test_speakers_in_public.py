"""What each public channel shows of those who speak: what they allow, and not a moment longer."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from events import services
from events.models import LiveTrainingPage, Session
from events.series_models import SeriesPage
from lms.core import personal_data
from lms.core.time import new_york_today
from lms.people.enums import Role
from tests.events.test_series import make_series
from tests.factories.events import make_coming_session, make_live_training, make_seat
from tests.factories.people import make_person, make_with_role
from tests.factories.speakers import client_of, make_proved, make_speaker, person_of
from tests.portal.test_desk_sessions import words

pytestmark = pytest.mark.django_db
NAME = "Dr. Lorraine Baptiste"


def session_page(session: Session) -> str:
    return words(Client().get(reverse("events:session", args=[session.pk])))


def series_page(session: Session) -> str:
    return words(Client().get(_series_of(session).get_url()))


def series_paper(session: Session) -> str:
    answer = Client().get(reverse("events:series_paper", args=[_series_of(session).pk]))
    reader = PdfReader(io.BytesIO(answer.content))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def series_feed(session: Session) -> str:
    address = reverse("calendars:series", args=[_series_of(session).slug])
    return str(Client().get(address).content.decode())


def training_feed(session: Session) -> str:
    slug = LiveTrainingPage.objects.get(translation_key=session.training.key).slug
    return str(Client().get(reverse("calendars:training", args=[slug])).content.decode())


def session_file(session: Session) -> str:
    return str(Client().get(reverse("events:session_file", args=[session.pk])).content.decode())


def training_page(session: Session) -> str:
    page = LiveTrainingPage.objects.get(translation_key=session.training.key)
    return words(Client().get(page.get_url()))


def catalogue(session: Session) -> str:
    return words(Client().get("/trainings/", {"q": "Baptiste"}))


def next_edition(session: Session) -> str:
    """Next year's copy of the series."""
    number = SeriesPage.objects.count()
    copy, _moved = services.copy_series(
        page=_series_of(session),
        title=f"Next {number}",
        first_day=new_york_today() + timedelta(days=200 + number),
        actor=make_with_role(Role.COORDINATOR, session.training.owner),
    )
    assert copy is not None
    copied = Session.objects.get(pk=copy.program.all()[0].session_id)
    services.announce_sessions(sessions=[copied], actor=None)
    assert "Ida Blum" in copied.speakers
    return copied.speakers + session_page(copied)


def letters(session: Session) -> str:
    """What people who register and are reminded are mailed, calendar entry included."""
    return " ".join(
        str(message.message().as_string()) + message.subject + str(message.body)
        for message in mail.outbox
        if "speak" not in message.subject and "invitation from" not in message.subject
    )


def _series_of(session: Session) -> SeriesPage:
    found: SeriesPage = SeriesPage.objects.get(program__session=session, live=True)
    return found


# Whether the channel names somebody who allows it; none does before, or after.
CHANNELS: list[tuple[Callable[[Session], str], bool]] = [
    (session_page, True),
    (series_page, True),
    (series_paper, True),
    (series_feed, False),
    (training_feed, False),
    (session_file, False),
    (training_page, False),
    (catalogue, False),
    (next_edition, False),
    (letters, False),
]


@pytest.mark.parametrize(
    ("channel", "names"), CHANNELS, ids=lambda row: getattr(row, "__name__", row)
)
@pytest.mark.parametrize("way", ["take_back", "leave", "remove"])
def test_channels_show_what_is_allowed_and_drop_it_at_once(
    channel: Callable[[Session], str],
    names: bool,
    way: str,
    settings: Any,
    django_capture_on_commit_callbacks: Any,
) -> None:
    settings.LMS_PUBLIC_PAGES_SECONDS = 60
    cache.clear()
    session = make_coming_session(speakers=f"{NAME}, Ida Blum")
    make_series(session)
    with django_capture_on_commit_callbacks(execute=True):
        row = make_speaker(session, name="Lorraine Baptiste")
        seated = make_seat(session, now=datetime.now(UTC))
    assert "Baptiste" not in channel(session)
    with django_capture_on_commit_callbacks(execute=True):
        for kind in ("name", "biography", "photo"):
            services.allow(presenting=row, kind=kind, actor=person_of(row))
    assert (NAME in channel(session)) == names
    assert (NAME in channel(session)) == names, "from what is kept"
    with django_capture_on_commit_callbacks(execute=True):
        if way == "take_back":
            services.take_back(presenting=row, kind="name", actor=person_of(row))
        elif way == "leave":
            services.leave_presenting(presenting=row, actor=person_of(row))
        else:
            services.remove_speaker(presenting=row, actor=make_person())
        services.cancel_registration(registration=seated, actor=seated.person)
    assert "Baptiste" not in channel(session)


def test_pages_that_name_ask_search_engines_to_stay_away_unless_allowed() -> None:
    session = make_coming_session()
    page = make_series(session)
    row = make_speaker(session)
    addresses = {
        reverse("events:session", args=[session.pk]): True,
        page.get_url(): True,
        reverse("events:series_paper", args=[page.pk]): False,
    }

    def kept_out() -> set[bool]:
        found = set()
        for address, is_page in addresses.items():
            answer = Client().get(address + "?fresh")
            header = answer.get("X-Robots-Tag") == "noindex"
            meta = is_page and b'<meta name="robots" content="noindex">' in answer.content
            found.add(header or meta)
        return found

    assert kept_out() == {False}, "nobody is named"
    services.allow(presenting=row, kind="name", actor=person_of(row))
    assert kept_out() == {True}
    services.allow(presenting=row, kind="indexing", actor=person_of(row))
    assert kept_out() == {False}


def test_photo_opens_while_it_is_allowed_and_is_in_no_search_engine() -> None:
    session = make_coming_session()
    row = make_speaker(session, allows=("name", "photo"))
    address = reverse("events:speaker_photo", args=[row.pk])
    answer = Client().get(address)
    assert (answer.status_code, answer["X-Robots-Tag"]) == (200, "noindex")
    assert "no-store" in answer["Cache-Control"]
    assert address in Client().get(reverse("events:session", args=[session.pk])).content.decode()
    services.take_back(presenting=row, kind="name", actor=person_of(row))
    assert Client().get(address).status_code == 404
    own = reverse("events:speaking_photo", args=[row.speaker_id])
    assert client_of(person_of(row)).get(own).status_code == 200
    assert client_of(make_proved()).get(own).status_code == 404


def test_photo_of_a_restricted_training_is_for_those_it_is_for() -> None:
    session = make_coming_session(make_live_training(access="approval"))
    row = make_speaker(session, allows=("name", "photo"))
    address = reverse("events:speaker_photo", args=[row.pk])
    assert [client_of(who).get(address).status_code for who in (None, make_person())] == [404, 404]


@pytest.mark.parametrize("withdraws", [True, False])
def test_erasing_a_speaker_takes_the_typed_name_along(withdraws: bool) -> None:
    session = make_coming_session(speakers=f"Ms. {NAME}, Ida Blum")
    row = make_speaker(session, name="Lorraine Baptiste")
    bystander = make_coming_session(speakers="Ida Blum,  Jo Doe")
    make_series(session)
    person = person_of(row)
    if withdraws:
        services.leave_presenting(presenting=row, actor=person)
    [holding] = [each for each in personal_data.holdings() if each.name == "events.speakers"]
    assert holding.erase
    for _twice in range(2):
        holding.erase(person)
    session.refresh_from_db()
    bystander.refresh_from_db()
    assert (session.speakers, bystander.speakers) == ("Ida Blum", "Ida Blum,  Jo Doe")
    assert "Baptiste" not in session_page(session) + series_page(session) + next_edition(session)
