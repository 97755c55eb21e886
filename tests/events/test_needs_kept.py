"""What people need: folded away where it is asked, and gone by its age."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session as BrowserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import services
from events.asking_models import Arrangement
from events.models import Registration, Session
from events.services import Said
from lms.core import personal_data
from lms.core.models import AuditEntry
from lms.core.tasks import forget_by_age
from tests.factories.events import EARLIER, make_coming_session, make_session
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db

FOLDED, OPEN = '<details class="fold margin-top-3">', '<details class="fold margin-top-3" open>'


def needing(session: Session, **said: Any) -> Registration:
    person = make_person()
    return services.register(
        session=session,
        person=person,
        actor=person,
        said=Said(**(said or {"needs": ["sign"], "note": "A word of theirs"})),
        now=EARLIER,
    )


def forgotten(now: datetime) -> int:
    return personal_data.forget_by_age(now)["events.arrangements"]


def test_needs_go_thirty_days_after_the_session_by_new_yorks_calendar() -> None:
    seat = needing(make_session(day=date(2026, 7, 14)))
    later = needing(make_session(day=date(2026, 7, 15)))
    # 3:59 in the morning UTC is still the evening of 13 August in New York.
    assert forgotten(datetime(2026, 8, 14, 3, 59, tzinfo=UTC)) == 0
    assert forgotten(datetime(2026, 8, 14, 4, 1, tzinfo=UTC)) == 1
    assert [row.registration for row in Arrangement.objects.all()] == [later]
    assert forgotten(datetime(2026, 8, 14, 5, tzinfo=UTC)) == 0
    entry = AuditEntry.objects.get(action="arrangements.forgotten")
    assert "word" not in str(entry.__dict__)
    seat.refresh_from_db()
    assert seat.is_live


def test_needs_of_a_seat_given_back_go_at_the_next_sweep() -> None:
    session = make_session()
    kept, gone = needing(session), needing(session)
    services.cancel_registration(registration=gone, actor=None, now=EARLIER)
    assert forgotten(EARLIER) == 1
    assert Arrangement.objects.get().registration == kept


def test_daily_job_forgets_and_clears_browsers_sessions_that_ended() -> None:
    """What somebody typed before their code came lies in their browser's session."""
    needing(make_session(day=date(2026, 7, 14)))
    for key, days in (("ended", -1), ("going", 1)):
        BrowserSession.objects.create(
            session_key=key, session_data="x", expire_date=timezone.now() + timedelta(days=days)
        )
    Session.objects.update(day=date(2025, 7, 14))
    forget_by_age()
    assert Arrangement.objects.count() == 0
    assert list(BrowserSession.objects.values_list("session_key", flat=True)) == ["going"]


def test_needs_are_folded_and_say_how_long_they_are_kept(client: Client) -> None:
    session = make_coming_session()
    address = reverse("events:register", args=[session.pk])
    for page in (client.get(address), _signed_in().get(address)):
        text = page.content.decode()
        assert FOLDED in text
        assert "it is deleted 30 days after the session" in text
        assert text.index("Do you need something to take part?") < text.index("What would help")


def test_fold_stands_open_where_something_is_said_or_to_be_mended() -> None:
    session = make_coming_session()
    person = make_person()
    client = Client()
    client.force_login(person)
    address = reverse("events:register", args=[session.pk])
    wrong = client.post(address, {"note": "x" * 301, "needs": []})
    assert OPEN in wrong.content.decode()
    client.post(address, {"needs": ["captions"]})
    assert Arrangement.objects.get().needs == ["captions"]
    again = client.get(reverse("events:answers", args=[session.pk])).content.decode()
    assert OPEN in again
    assert again.count(" checked") == 1


def _signed_in() -> Client:
    client = Client()
    client.force_login(make_person())
    return client
