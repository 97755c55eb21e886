"""A program that was promised: its month comes, nothing is there, and its editor is told once."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from events import services
from events.enums import ProgramState
from events.series_models import month_named
from lms.core.time import new_york_today
from tests.events.test_series import make_series
from tests.portal.test_desk_sessions import Desk, words

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("at the beginning of March", date(2027, 3, 1)),
        ("in December", date(2026, 12, 1)),
        ("in November", date(2027, 11, 1)),
        ("at the end of March 2028", date(2028, 3, 1)),
        ("it may be soon", None),
        ("soon", None),
    ],
)
def test_month_in_words_is_a_day(said: str, day: date | None) -> None:
    assert month_named(said, TODAY) == day


def test_editor_is_reminded_once_when_the_day_has_come(
    django_capture_on_commit_callbacks: Any,
) -> None:
    desk = Desk()
    page = make_series(
        office=desk.office, state=ProgramState.ANNOUNCED, expected="in March",
        expected_on=new_york_today() + timedelta(days=2),
    )  # fmt: skip
    page.save_revision(user=desk.person).publish()
    first = reverse("desk:overview")
    assert services.remind_of_programs() == 0
    assert page.title not in words(desk.client.get(first))
    later = datetime.now(UTC) + timedelta(days=3)
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            assert services.remind_of_programs(now=later) == 1
    [letter] = mail.outbox
    assert letter.to == [desk.person.email]
    assert "available in March" in letter.body
    assert f"/admin/pages/{page.pk}/edit/" in letter.body
    # A new day on the page is a new promise; the program itself ends it.
    page.expected_on = new_york_today()
    page.save_revision(user=desk.person).publish()
    assert f"The program of {page.title} is not there yet" in words(desk.client.get(first))
    assert page.title not in words(Desk().client.get(first))
    page.state = ProgramState.OPEN
    page.save_revision(user=desk.person).publish()
    assert services.remind_of_programs(now=later) == 0
    assert page.title not in words(desk.client.get(first))
