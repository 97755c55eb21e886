"""Sessions of a restricted training: their pages, feeds, files, posters and programs."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from events import services as events
from events import urls as events_urls
from events.models import LiveTrainingPage, Session
from events.services.check_in import door_token, poster_token
from lms.people.models import Person
from tests.courses.reading import text
from tests.events.test_series import make_series
from tests.factories.access import make_grant
from tests.factories.events import make_coming_session, make_live_page, make_seat
from tests.factories.people import make_person
from tests.restricted.reading import SECRET, answers, let_go, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def live() -> LiveTrainingPage:
    return make_live_page(title=SECRET, slug="secret-live", access="approval")


@pytest.fixture
def session(live: LiveTrainingPage) -> Session:
    return make_coming_session(live.training())


NO_NUMBER = 999_999_999


def addresses_of_sessions() -> list[str]:
    """Every address that names a session, from the URL configuration, with a place for its id."""
    found = []
    for part in events_urls.urlpatterns:
        route = str(part.pattern)
        if route.startswith(("events/sessions/<int:pk>/", "my/speaking/<int:pk>/")):
            for name in ("kind", "material"):
                route = re.sub(rf"<\w+:{name}>", "0", route)
            found.append("/" + route.replace("<int:pk>", "{pk}"))
    return found


@pytest.mark.parametrize("method", ["get", "post"])
def test_sessions_answer_outsiders_as_if_there_were_none(
    session: Session, outsiders: list[Client], method: str
) -> None:
    addresses = addresses_of_sessions()
    assert len(addresses) > 10
    for client, language, address in product(outsiders, ("", "/es"), addresses):
        found, missing = (
            getattr(client, method)(language + address.format(pk=pk))
            for pk in (session.pk, NO_NUMBER)
        )
        assert found.status_code == missing.status_code, address
        assert found.status_code in {302, 404, 405}, address
        # Led to the sign-in, or from where one has registered to where one does: here and there.
        places = [
            answer.get("Location", "").replace(f"/{pk}/", "/#/")
            for answer, pk in ((found, session.pk), (missing, NO_NUMBER))
        ]
        assert places[0] == places[1]
        assert SECRET not in found.content.decode()


@pytest.mark.parametrize("name", ["session", "register", "session_file"])
def test_session_opens_to_those_inside(session: Session, name: str) -> None:
    path = reverse(f"events:{name}", args=[session.pk])
    assert signed_in(_inside(session)).get(path).status_code == 200


def test_poster_and_code_of_a_seat_lead_outsiders_nowhere(
    session: Session, outsiders: list[Client]
) -> None:
    seat = make_seat(session, _inside(session), now=datetime.now(UTC))
    for path in (
        reverse("events:poster", args=[poster_token(session)]),
        reverse("events:door", args=[door_token(seat)]),
    ):
        assert answers(outsiders, path) == [302, 404, 404]  # the first is asked to sign in


def test_registering_without_access_takes_no_seat(
    session: Session, outsiders: list[Client]
) -> None:
    path = reverse("events:register", args=[session.pk])
    form = {"first_name": "Ana", "last_name": "Rivera", "email": "ana@example.org"}
    assert [client.post(path, form).status_code for client in outsiders] == [404, 404, 404]
    assert session.registrations.count() == 0


def test_public_feed_of_a_restricted_training(
    live: LiveTrainingPage, session: Session, outsiders: list[Client]
) -> None:
    assert answers(outsiders, reverse("calendars:training", args=[live.slug])) == [404, 404, 404]


def test_dates_of_a_restricted_training_on_public_pages(
    live: LiveTrainingPage, session: Session
) -> None:
    date = session.starts_at.astimezone(session.zone_info).strftime("%-d, %Y")
    assert date in text(signed_in(_inside(session)), f"/access/{live.translation_key}/")
    for path in ("/", "/trainings/", live.get_url()):
        assert date not in text(Client(), path)


def _inside(session: Session) -> Person:
    person = make_person()
    make_grant(person, session.training)
    return person


def test_seat_is_kept_and_the_room_closed_when_access_ends(session: Session) -> None:
    person = _inside(session)
    make_seat(session, person, now=datetime.now(UTC))
    now = datetime.now(UTC)
    Session.objects.filter(pk=session.pk).update(
        starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=1)
    )
    client = signed_in(person)
    join = reverse("events:join", args=[session.pk])
    assert client.get(join).status_code == 302
    let_go(person)
    refused = client.get(join)
    assert (refused.status_code, "Your access to this training ended" in str(refused.content)) == (
        409,
        True,
    )
    assert client.get(reverse("events:session", args=[session.pk])).status_code == 200
    token = events.calendar_token(person=person, actor=person).token
    feed = client.get(reverse("calendars:personal", args=[token])).content.decode()
    assert session.join_url not in feed


def test_series_leave_restricted_sessions_out(session: Session, outsiders: list[Client]) -> None:
    page = make_series(session, make_coming_session(title="Open to all"))
    calendar = reverse("calendars:series", args=[page.slug])
    paper = reverse("events:series_paper", args=[page.pk])
    for client in outsiders:
        for shown in (text(client, page.get_url()), client.get(calendar).content.decode()):
            assert ("Open to all" in shown, SECRET in shown) == (True, False)
        words = PdfReader(BytesIO(client.get(paper).content)).pages[0].extract_text()
        assert ("Open to all" in words, SECRET in words) == (True, False)
