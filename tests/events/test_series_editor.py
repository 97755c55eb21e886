"""Whose sessions a series may name in the editor, and whose are copied with it."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.test.utils.form_data import inline_formset, nested_form_data, rich_text

from events.models import Session
from events.series_models import SeriesItem, SeriesPage
from lms.people.enums import Role
from lms.people.models import Organization, Person
from tests.events.test_series import client_of, make_series
from tests.factories.events import make_coming_session, make_live_training, make_session
from tests.factories.people import make_office, make_with_role
from tests.portal.test_desk_sessions import Desk, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Organization:
    return make_office()


@pytest.fixture
def editor(office: Organization) -> Person:
    return make_with_role(Role.EDITOR, office)


def edit(page: SeriesPage) -> str:
    return reverse("wagtailadmin_pages:edit", args=[page.pk])


def mine(office: Organization, **fields: Any) -> Session:
    return make_coming_session(make_live_training(office=office), **fields)


def posted(page: SeriesPage, *sessions: Session) -> dict[str, Any]:
    """The editor's form with exactly these sessions as its program, saved as a draft."""
    rows = [{"session": str(row.pk), "track": "", "note": ""} for row in sessions]
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "summary": page.summary,
            "office": page.office_id,
            "contact_email": "",
            "state": page.state,
            "expected": "",
            "takes_place": "",
            "body": rich_text("<p>About it</p>"),
            "program": inline_formset(rows),
            "papers": inline_formset([]),
            "comments": inline_formset([]),
        }
    )


def drafted(page: SeriesPage) -> set[int]:
    draft = SeriesPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return {item.session_id for item in draft.program.all()}


def test_editor_is_offered_the_sessions_of_their_offices_alone(
    office: Organization, editor: Person
) -> None:
    theirs = make_office()
    make_coming_session(make_live_training(office=theirs), title="Another office's day")
    closed = make_live_training(office=theirs, access="approval")
    make_coming_session(closed, title="Closed workshop of others")
    inside = make_live_training(office=office, access="approval")
    make_coming_session(inside, title="Our own closed day")
    page = make_series(mine(office, title="Ours"), office=office)
    text = words(client_of(editor).get(edit(page)))
    assert ("Ours" in text, "Our own closed day" in text) == (True, True)
    assert ("Another office's day" in text, "Closed workshop of others" in text) == (False, False)


def test_coming_ones_come_first_and_long_past_ones_are_gone(
    office: Organization, editor: Person
) -> None:
    training = make_live_training(office=office)
    make_session(training, title="Long ago")
    recent = make_coming_session(training, title="Last week")
    Session.objects.filter(pk=recent.pk).update(
        starts_at=recent.starts_at - timedelta(days=40), ends_at=recent.ends_at - timedelta(days=40)
    )
    page = make_series(mine(office, title="Next month"), office=office)
    text = words(client_of(editor).get(edit(page)))
    assert "Long ago" not in text
    assert text.index("Next month") < text.index("Last week")


def test_what_the_program_names_already_stays_and_others_are_refused(
    office: Organization, editor: Person
) -> None:
    theirs = make_office()
    old = make_session(make_live_training(office=theirs, access="approval"), title="Old and closed")
    other = make_coming_session(make_live_training(office=theirs), title="Not ours")
    ours = mine(office, title="Ours")
    page = make_series(ours, old, office=office)
    client = client_of(editor)
    text = words(client.get(edit(page)))
    assert "Another office's session, closed to you" in text
    assert "Old and closed" not in text
    refused = client.post(edit(page), posted(page, ours, old, other))
    assert "Select a valid choice" in words(refused)
    assert drafted(page) == {ours.pk, old.pk}
    second = mine(office, title="Ours as well")
    saved = client.post(edit(page), posted(page, second))
    assert saved.status_code == 302, words(saved)
    assert drafted(page) == {ours.pk, old.pk, second.pk}


def test_administrator_may_name_every_session(office: Organization) -> None:
    make_coming_session(make_live_training(office=make_office()), title="Another office's day")
    page = make_series(mine(office, title="Ours"), office=office)
    admin = make_with_role(Role.EDITOR, office)
    Person.objects.filter(pk=admin.pk).update(is_superuser=True)
    admin = Person.objects.get(pk=admin.pk)
    assert "Another office's day" in words(client_of(admin).get(edit(page)))


def test_editor_asks_once_however_many_sessions_there_are(
    office: Organization, editor: Person
) -> None:
    training = make_live_training(office=office)
    first = make_series(mine(office), office=office)
    page = make_series(*[mine(office) for _ in range(3)], office=office)
    for number in range(20):
        make_coming_session(training, title=f"Day {number}")
    client = client_of(editor)
    counts = []
    for series in (first, page):
        client.get(edit(series))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(edit(series))
        counts.append(sum("events_session" in query["sql"] for query in asked))
    assert counts == [1, 1]


def test_copy_leaves_out_sessions_of_other_offices_and_says_so() -> None:
    desk = Desk()
    theirs = make_office(name="Office of Others")
    other = make_coming_session(make_live_training(office=theirs), title="Their keynote")
    closed = make_coming_session(
        make_live_training(office=theirs, access="approval"), title="Their closed day"
    )
    own = make_coming_session(desk.training, title="Opening", starts_in=timedelta(days=31))
    page = make_series(other, closed, own, office=desk.office)
    address = reverse("desk_sessions:series_copy", args=[page.pk])
    day: date = own.day + timedelta(days=364)
    data = {"title": "Next one", "first_day": str(day)}
    preview = words(desk.client.post(address, {**data, "step": "look"}))
    assert "This session is Office of Others's" in preview.replace("&#39;", "'")
    assert "Their keynote" in preview
    assert "Their closed day" not in preview
    before = Session.objects.count()
    desk.client.post(address, {**data, "step": "save"})
    fresh = Session.objects.order_by("pk").last()
    assert fresh is not None
    assert (Session.objects.count(), fresh.title, fresh.day) == (before + 1, "Opening", day)
    assert fresh.start_time == time(10)
    copy = SeriesPage.objects.exclude(pk=page.pk).get().get_latest_revision_as_object()
    assert [item.session_id for item in copy.program.all()] == [fresh.pk]


def test_series_of_others_sessions_alone_is_not_copied() -> None:
    desk = Desk()
    other = make_coming_session(make_live_training(office=make_office()), title="Their keynote")
    page = make_series(other, office=desk.office)
    address = reverse("desk_sessions:series_copy", args=[page.pk])
    data = {"title": "Next one", "first_day": str(other.day + timedelta(days=364)), "step": "save"}
    assert "This series has no sessions to copy." in words(desk.client.post(address, data))
    assert SeriesItem.objects.count() == 1
