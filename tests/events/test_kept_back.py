"""Sessions the office keeps back: nobody outside finds them or registers until it says so."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.documents.models import Document

from events import selectors, services
from events.enums import ProgramState
from events.models import LiveTrainingPage, Session
from events.series_models import SeriesPage, SeriesPaper
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.portal.catalogue import next_dates
from tests.events.test_series import client_of, make_series, sessions_of
from tests.events.test_wishes import make_wish
from tests.factories.events import make_coming_session, make_live_training
from tests.factories.people import make_office, make_person
from tests.factories.speakers import make_invited, make_proved
from tests.portal.test_desk_sessions import Desk, form_for, path, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk()


def feed(kind: str, slug: str) -> str:
    return Client().get(reverse(f"calendars:{kind}", args=[slug])).content.decode()


def surfaces(session: Session, series: SeriesPage) -> dict[str, bool]:
    """Where somebody without an account meets the session."""
    now = datetime.now(UTC)
    training = session.training
    page = LiveTrainingPage.objects.get(translation_key=training.key)
    name, anybody = session.title, Client()
    link = reverse("events:session", args=[session.pk])
    fresh = f"?{datetime.now(UTC).timestamp()}"
    return {
        "home": any(row.name == name for row in selectors.upcoming_sessions(now, limit=99)),
        "training": link in anybody.get((page.get_url() or "") + fresh).content.decode(),
        "catalogue": training.key in next_dates([training.key]),
        "session": anybody.get(reverse("events:session", args=[session.pk])).status_code == 200,
        "register": anybody.get(reverse("events:register", args=[session.pk])).status_code == 200,
        "file": anybody.get(reverse("events:session_file", args=[session.pk])).status_code == 200,
        "training feed": name in feed("training", page.slug),
        "series": name in words(anybody.get((series.get_url() or "") + fresh)),
        "series feed": name in feed("series", series.slug),
    }


def test_what_is_kept_back_is_nowhere_until_it_is_shown(desk: Desk) -> None:
    session = desk.session(title="Kept opening", announced=False)
    page = make_series(session, office=desk.office)
    # Publishing the page with its program showed it; back to before.
    Session.objects.filter(pk=session.pk).update(announced_at=None)
    assert surfaces(session, page) == dict.fromkeys(surfaces(session, page), False)
    person = make_person()
    with pytest.raises(Refused) as refused:
        services.register(session=session, person=person, actor=person)
    assert refused.value.code == "not_announced"
    told = words(desk.client.get(path("session", session)))
    assert "Nobody outside the office sees this session" in told
    assert "Kept back: nobody sees it yet" in words(desk.client.get(reverse("desk_sessions:list")))
    outsider = client_of(make_person())
    assert outsider.post(path("announce", session)).status_code == 404
    assert Desk().client.post(path("announce", session)).status_code == 404
    for _twice in range(2):
        assert desk.client.post(path("announce", session)).status_code == 302
    assert surfaces(session, page) == dict.fromkeys(surfaces(session, page), True)
    session.refresh_from_db()
    services.register(session=session, person=person, actor=person)
    assert AuditEntry.objects.filter(action="session.announced").count() == 1 + 1


def test_office_speakers_and_those_it_gave_a_seat_see_it_before(desk: Desk) -> None:
    session = desk.session(announced=False)
    speaker = make_proved(name="Ida Blum")
    make_invited(session, speaker)
    guest = make_person()
    services.register(session=session, person=guest, actor=desk.person, by_office=True)
    address = reverse("events:session", args=[session.pk])
    for person in (desk.person, speaker, guest):
        shown = client_of(person).get(address)
        assert (shown.status_code, shown.context["facts"].open) == (200, False)
    assert client_of(make_person()).get(address).status_code == 404


def test_copied_conference_stays_with_the_office_until_its_page_has_a_program(desk: Desk) -> None:
    page = make_series(*sessions_of(desk.training), office=desk.office)
    document = Document.objects.create(title="Flyer", file="flyer.pdf")
    page.papers.add(SeriesPaper(title="Flyer", document=document))
    page.save_revision().publish()
    first = min(item.session.day for item in page.program.all())
    address = reverse("desk_sessions:series_copy", args=[page.pk])
    data = {"title": "Next conference", "first_day": str(first + timedelta(days=364))}
    preview = words(desk.client.post(address, {**data, "step": "look"}))
    assert "Nobody outside the office sees any of this" in preview
    desk.client.post(address, {**data, "step": "save"})
    copy = SeriesPage.objects.exclude(pk=page.pk).get()
    draft = copy.get_latest_revision_as_object()
    assert [paper.title for paper in draft.papers.all()] == ["Flyer"]
    fresh = [item.session for item in draft.program.all()]
    assert [session.announced_at for session in fresh] == [None, None]
    # The desk can show them all at once before the page was ever published.
    listed = words(desk.client.get(reverse("desk_sessions:series")))
    assert "2 sessions are kept back" in listed
    # Published while the program is only announced: still nobody sees the dates.
    copy.get_latest_revision().publish()
    assert Session.objects.kept_back().count() == 2
    listed = words(desk.client.get(reverse("desk_sessions:series")))
    assert "2 sessions are kept back" in listed
    draft = SeriesPage.objects.get(pk=copy.pk)
    draft.state = ProgramState.OPEN
    draft.save_revision(user=desk.person).publish()
    assert Session.objects.kept_back().count() == 0
    assert all(surfaces(session, copy).values() for session in fresh)


def test_whole_series_is_shown_with_one_button(desk: Desk) -> None:
    old = make_series(*sessions_of(desk.training), office=desk.office)
    first = min(item.session.day for item in old.program.all())
    page, _moved = services.copy_series(
        page=old, title="Next", first_day=first + timedelta(days=364), actor=desk.person
    )
    assert page is not None
    address = reverse("desk_sessions:announce_series", args=[page.pk])
    assert client_of(make_person()).post(address).status_code == 404
    assert Desk().client.post(address).status_code == 404
    assert Session.objects.kept_back().count() == 2
    desk.client.post(address)
    assert Session.objects.kept_back().count() == 0


def test_publishing_a_series_shows_no_other_offices_session(desk: Desk) -> None:
    other = make_coming_session(make_live_training(office=make_office()), announced=False)
    own = desk.session(announced=False)
    make_series(other, own, office=desk.office)
    assert list(Session.objects.kept_back()) == [other]


def test_copy_takes_the_windows_and_the_code_rule_along(desk: Desk) -> None:
    session = desk.session(title="Opening", check_in_code="LAST YEAR", code_asked=True)
    closes = session.starts_at - timedelta(days=2)
    Session.objects.filter(pk=session.pk).update(
        registration_opens_at=closes - timedelta(days=30),
        registration_closes_at=closes,
        cancellation_closes_at=closes,
    )
    page = make_series(session, office=desk.office)
    data: dict[str, Any] = {
        "title": "Next conference",
        "first_day": str(session.day + timedelta(days=182)),
    }
    address = reverse("desk_sessions:series_copy", args=[page.pk])
    preview = words(desk.client.post(address, {**data, "step": "look"}))
    assert "Registration closes:" in preview
    desk.client.post(address, {**data, "step": "save"})
    fresh = Session.objects.exclude(pk=session.pk).get()
    zone = session.zone_info
    local = closes.astimezone(zone)
    for name in ("registration_closes_at", "cancellation_closes_at"):
        moved = getattr(fresh, name).astimezone(zone)
        # The same hour on New York's clocks, though they were changed in between.
        assert moved.replace(tzinfo=None) == local.replace(tzinfo=None) + timedelta(days=182)
    assert (fresh.code_asked, len(fresh.check_in_code)) == (True, 5)


def test_new_dates_can_be_kept_back_and_say_so(desk: Desk) -> None:
    form = form_for(desk.training, kept_back="on")
    look = words(desk.client.post(reverse("desk_sessions:new"), {**form, "step": "look"}))
    assert "Nobody outside the office, until you say so" in look
    desk.client.post(reverse("desk_sessions:new"), {**form, "step": "save"})
    assert [row.announced_at for row in Session.objects.all()] == [None]
    day = (datetime.now(UTC) + timedelta(days=90)).date()
    many = {**form, "dates": f"{day:%B} {day.day}, {day.year}", "rows": "1"}
    row = {"row1-take": "on", "row1-day": str(day), "row1-start": "10:00", "row1-end": "13:00"}
    desk.client.post(reverse("desk_sessions:many"), {**many, **row, "step": "save"})
    assert Session.objects.kept_back().count() == 2


def test_wish_is_answered_with_a_session_that_its_asker_can_see(desk: Desk) -> None:
    wish = make_wish(office=desk.office)
    form = form_for(desk.training, kept_back="on", step="save")
    address = f"{reverse('desk_sessions:new')}?wish={wish.pk}"
    text = words(desk.client.post(address, form))
    assert "The person who asked is told at once" in text
    assert Session.objects.count() == 0
    del form["kept_back"]
    desk.client.post(address, form)
    wish.refresh_from_db()
    assert wish.session is not None
