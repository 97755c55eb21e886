"""A speaker: invited at the desk, in by a code on a phone, named where they allow it; then not."""

import io
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from pypdf import PdfReader

from events.models import Session
from events.series_models import SeriesPage
from events.speaker_models import Presenting
from lms.people.enums import Role
from lms.people.models import Organization
from tests.browser import Reader, code_from_mail, link_from_mail, sign_in
from tests.events.test_series import make_series
from tests.factories.events import make_coming_session, make_live_training
from tests.factories.people import make_office, make_with_role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ADDRESS = "lo@example.org"
NAME = "Lo Baptiste"


@pytest.fixture
def office(db: None) -> Organization:
    return make_office(name="City office", contact_email="desk@example.org")


@pytest.fixture
def session(office: Organization) -> Session:
    return make_coming_session(make_live_training(office=office), title="Listening")


@pytest.fixture
def series(session: Session) -> SeriesPage:
    return make_series(session)


@pytest.fixture(autouse=True)
def _kept(settings: Any) -> None:
    """Public pages are kept, as in production, so that a withdrawal has something to reach."""
    settings.LMS_PUBLIC_PAGES_SECONDS = 60
    cache.clear()


def fits(reader: Reader) -> None:
    """The page as it must be on a phone: nothing wrong, nothing to push sideways."""
    reader.check()
    assert reader.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def named_in(chromium: Any, live_server: Any, session: Session, series: SeriesPage) -> list[bool]:
    """Whether session page, series page, paper and feed name the speaker, to somebody new."""
    context = chromium.new_context(base_url=live_server.url)
    get = context.request.get
    paper = get(reverse("events:series_paper", args=[series.pk])).body()
    texts = [
        get(reverse("events:session", args=[session.pk])).text(),
        get(series.get_url()).text(),
        " ".join(page.extract_text() for page in PdfReader(io.BytesIO(paper)).pages),
        get(reverse("calendars:series", args=[series.slug])).text(),
    ]
    context.close()
    return [NAME in text for text in texts]


def test_invited_named_and_withdrawn(
    *,
    phone: Reader,
    reader: Reader,
    chromium: Any,
    live_server: Any,
    office: Organization,
    session: Session,
    series: SeriesPage,
) -> None:
    sign_in(reader, make_with_role(Role.COORDINATOR, office, name="Kim Lee"), live_server.url)
    reader.go(reverse("desk_sessions:session", args=[session.pk]))
    reader.press("Speakers")
    reader.check()
    reader.fill("Name", "Lorraine Legal")
    reader.fill("E-mail address", ADDRESS)
    reader.press("Invite", exact=True)
    reader.check()
    assert reader.sees("Lorraine Legal is invited by mail.")

    # No account: the link, the code sent to the same address, yes.
    phone.go(link_from_mail(ADDRESS, "/events/speaking/"))
    fits(phone)
    phone.press("Send me the code")
    phone.fill("Code", code_from_mail(ADDRESS))
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_url("**/my/speaking/*/")
    fits(phone)
    phone.press("Yes, I speak")
    fits(phone)
    assert phone.sees("Nothing about you is public yet.")
    assert named_in(chromium, live_server, session, series) == [False] * 4

    phone.press("Change your name, words or photo")
    fits(phone)
    phone.fill("The name the public may read", NAME)
    phone.press("Save")
    row = Presenting.objects.get()
    phone.go(reverse("events:speaking_session", args=[row.pk]))
    phone.press("Allow it Name")
    fits(phone)
    phone.press("Yes, allow it")
    fits(phone)
    assert phone.sees("Allowed, for this session only.")
    # Calendars never name anybody: their copies lie where nobody can take them back.
    assert named_in(chromium, live_server, session, series) == [True, True, True, False]

    phone.press("Withdraw")
    fits(phone)
    phone.press("Yes, withdraw")
    fits(phone)
    assert phone.sees("You have withdrawn.")
    assert named_in(chromium, live_server, session, series) == [False] * 4
    reader.go(reverse("desk_sessions:speakers", args=[session.pk]))
    assert reader.sees("Withdrew")
