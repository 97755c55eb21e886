"""Series: program, paper, feed; several sessions at once; next year's from this year's."""

import io
from datetime import time, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from icalendar import Calendar
from pypdf import PdfReader
from wagtail.models import Page

from events import services
from events.enums import ProgramState
from events.models import Registration, Session
from events.series_models import SeriesItem, SeriesPage
from lms.core.time import new_york_today
from lms.pages.models import CataloguePage
from lms.people.models import Organization
from lms.trainings.models import Training
from tests.factories.events import make_coming_session, make_live_training
from tests.factories.people import make_office, make_person
from tests.portal.test_desk_sessions import Desk, words

pytestmark = pytest.mark.django_db


def make_series(
    *sessions: Session, office: Organization | None = None, **fields: Any
) -> SeriesPage:
    number = SeriesPage.objects.count() + 1
    data: dict[str, Any] = {
        "title": f"Spring Training Series {number}",
        "slug": f"spring-{number}",
        "summary": "April is for prevention.",
        "state": ProgramState.OPEN,
        **fields,
    }
    page = SeriesPage(office=office or make_office(), live=False, **data)
    Page.objects.get(pk=CataloguePage.objects.get().pk).add_child(instance=page)
    for place, session in enumerate(sessions):
        page.program.add(SeriesItem(session=session, track=f"Track {place}", sort_order=place))
    page.save_revision().publish()
    return SeriesPage.objects.get(pk=page.pk)


def two_days() -> tuple[Session, Session, Session]:
    """Two at the same time, and one a day later."""
    first = make_coming_session(speakers="Dr. Ida Blum", title="Opening")
    second = make_coming_session(title="Workshop", location="Room 4B")
    third = make_coming_session(starts_in=timedelta(days=31), title="Closing")
    return first, second, third


def client_of(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_page_shows_the_program_by_day_with_track_and_speakers() -> None:
    first, second, third = two_days()
    page = make_series(third, first, second)
    response = Client().get(page.get_url())
    text = words(response)
    for day in {first.day, third.day}:
        assert f"{day:%A, %B} {day.day}, {day.year}" in text
    assert text.index("Opening") < text.index("Closing")
    assert "Dr. Ida Blum" in text
    assert "Track 2, Room 4B" in text
    services.cancel_session(session=third, reason="Storm.", actor=None)
    assert "Cancelled" in words(Client().get(page.get_url() + "?fresh"))


def test_program_that_comes_later_is_a_state_and_shows_nothing_yet() -> None:
    session = make_coming_session(title="Secret opening")
    page = make_series(session, state=ProgramState.ANNOUNCED, expected="at the beginning of March")
    text = words(Client().get(page.get_url()))
    assert "The program will be available at the beginning of March" in text
    assert "Secret opening" not in text
    assert Client().get(reverse("events:series_paper", args=[page.pk])).status_code == 404
    feed = Client().get(reverse("calendars:series", args=[page.slug]))
    assert (feed.status_code, b"VEVENT" in feed.content) == (200, False)
    page.expected = ""
    with pytest.raises(ValidationError):
        page.clean()


def test_restricted_trainings_are_in_no_program() -> None:
    hidden = make_coming_session(make_live_training(access="approval"), title="Closed meeting")
    page = make_series(hidden, make_coming_session(title="Open meeting"))
    assert "Closed meeting" not in words(Client().get(page.get_url()))
    feed = Client().get(reverse("calendars:series", args=[page.slug])).content.decode()
    assert ("Closed meeting" in feed, "Open meeting" in feed) == (False, True)


def test_paper_and_feed_hold_the_whole_program() -> None:
    page = make_series(*two_days())
    pdf = Client().get(reverse("events:series_paper", args=[page.pk]))
    text = "".join(part.extract_text() for part in PdfReader(io.BytesIO(pdf.content)).pages)
    assert all(name in text for name in ("Opening", "Workshop", "Closing", "Dr. Ida Blum"))
    feed = Client().get(reverse("calendars:series", args=[page.slug]))
    events = Calendar.from_ical(feed.content).walk("VEVENT")
    assert {str(event["summary"]) for event in events} == {"Opening", "Workshop", "Closing"}
    again = Client().get(
        reverse("calendars:series", args=[page.slug]), headers={"if-none-match": feed["ETag"]}
    )
    assert again.status_code == 304


def test_registering_for_all_warns_of_overlaps_then_registers_each() -> None:
    first, second, third = two_days()
    page = make_series(first, second, third)
    person = make_person()
    client = client_of(person)
    address = reverse("events:series_register", args=[page.pk])
    assert Client().get(address).url.startswith("/accounts/login/")
    assert "Tick at least one session." in words(client.post(address))
    warned = client.post(address, {"session": "all"})
    assert "“Opening” and “Workshop” are at the same time." in words(warned)
    assert Registration.objects.count() == 0
    # The warning is a choice: two are unticked or kept.
    chosen = {"session": [first.pk, second.pk, third.pk], "seen": [first.pk, second.pk, third.pk]}
    for _twice in range(2):
        done = client.post(address, chosen)
        assert "What came of it" in words(done)
    assert Registration.objects.live().of(person).count() == 3
    assert "You are registered" in words(client.get(address))


def test_overlap_with_a_seat_one_has_is_warned_of_and_full_ones_are_waited_for() -> None:
    first, second, third = two_days()
    page = make_series(second, third)
    person = make_person()
    services.register(session=first, person=person, actor=person)
    services.change_details(session=third, capacity=1, actor=None)
    services.register(session=third, person=make_person(), actor=None)
    address = reverse("events:series_register", args=[page.pk])
    client = client_of(person)
    chosen = {"session": [second.pk, third.pk]}
    assert "for which you are registered" in words(client.post(address, chosen))
    done = words(client.post(address, {**chosen, "seen": chosen["session"]}))
    assert "On the waiting list You are number 1 on the waiting list." in done


@pytest.mark.parametrize("count", [1, 3])
def test_program_queries_do_not_grow(count: int, django_assert_num_queries: Any) -> None:
    page = make_series(
        *[make_coming_session(starts_in=timedelta(days=30 + n)) for n in range(count)]
    )
    client = client_of(make_person())
    address = page.get_url()
    client.get(address)
    with django_assert_num_queries(QUERIES):
        client.get(address)


QUERIES = 12 + 1


# --- next year's ---------------------------------------------------------------------------------


def sessions_of(training: Training) -> list[Session]:
    first = make_coming_session(training, title="Opening", location="Room 4B")
    second = make_coming_session(training, starts_in=timedelta(days=37), title="Closing")
    return [first, second]


def test_copy_moves_every_date_after_a_preview_and_makes_a_draft() -> None:
    desk = Desk()
    old = sessions_of(desk.training)
    page = make_series(*old, office=desk.office)
    address = reverse("desk_sessions:series_copy", args=[page.pk])
    new_day = old[0].day + timedelta(days=364)
    data = {"title": "Spring Training Series next", "first_day": str(new_day)}
    preview = words(desk.client.post(address, {**data, "step": "look"}))
    later = new_day + timedelta(days=7)
    for day in (new_day, later):
        assert f"{day:%A, %B} {day.day}, {day.year}, 10 a.m. to 1 p.m." in preview
    assert (Session.objects.count(), SeriesPage.objects.count()) == (2, 1)
    desk.client.post(address, {**data, "step": "save"})
    copy = SeriesPage.objects.exclude(pk=page.pk).get()
    assert (copy.live, copy.state, copy.office) == (False, "announced", desk.office)
    draft = copy.get_latest_revision_as_object()
    fresh = [item.session for item in draft.program.all()]
    assert [(s.day, s.start_time, s.title, s.join_url, s.location) for s in fresh] == [
        (new_day, time(10), "Opening", "", "Room 4B"), (later, time(10), "Closing", "", ""),
    ]  # fmt: skip
    again = words(desk.client.post(address, {**data, "step": "save"}))
    assert "Another page has this title." in again
    assert Session.objects.count() == 4


def test_copy_into_the_past_saves_nothing() -> None:
    desk = Desk()
    page = make_series(*sessions_of(desk.training), office=desk.office)
    address = reverse("desk_sessions:series_copy", args=[page.pk])
    day = new_york_today() - timedelta(days=3)
    data = {"title": "Another", "first_day": str(day), "step": "save"}
    text = words(desk.client.post(address, data))
    assert "This date is already past." in text
    assert "nothing can be saved" in text
    assert (Session.objects.count(), SeriesPage.objects.count()) == (2, 1)


def test_series_of_another_office_cannot_be_copied() -> None:
    desk = Desk()
    page = make_series(*sessions_of(desk.training), office=desk.office)
    address = reverse("desk_sessions:series_copy", args=[page.pk])
    assert desk.client.get(address).status_code == 200
    assert Desk().client.get(address).status_code == 404
    assert client_of(make_person()).get(address).status_code == 404
    listed = reverse("desk_sessions:series")
    assert page.title in words(desk.client.get(listed))
    assert page.title not in words(Desk().client.get(listed))
