"""Adding many dates at the desk: read, looked at, corrected, saved once."""

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from events.models import Session
from lms.core.time import new_york_today
from tests.factories.events import make_coming_session, make_session
from tests.factories.people import make_person
from tests.portal.test_desk_sessions import Desk, words

pytestmark = pytest.mark.django_db

ADDRESS = "desk_sessions:many"
COMMON = {"capacity": "40", "freed_seats": "offer", "reminders": "on", "zone": ""}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def coming(count: int, *, weekday: int = 1) -> list[date]:
    """So many coming days of the week, four weeks apart and none of them near a clock change."""
    first = new_york_today() + timedelta(days=30)
    first += timedelta(days=(weekday - first.weekday()) % 7)
    return [first + timedelta(weeks=4 * n) for n in range(count)]


def listed(days: list[date]) -> str:
    """As an office writes them."""
    lines = [f"  • {day:%a %b} {day.day}, {day.year}" for day in days]
    return "\n".join(["All trainings are provided 10 am to 1 pm EST.", "", *lines])


def look(desk: Desk, dates: str, **fields: str) -> Any:
    data = {**COMMON, "training": desk.training.pk, "dates": dates, "step": "look", **fields}
    return desk.client.post(reverse(ADDRESS), data)


def rows_of(response: Any) -> dict[str, str]:
    """What the page of rows would post: its form and its rows as they are shown."""
    form, sheet = response.context["form"], response.context["sheet"]
    data = {name: str(value) for name, value in form.data.items() if name != "step"}
    data["rows"] = str(len(sheet.rows))
    for row in sheet.rows:
        for name in row.fields:
            data[row.add_prefix(name)] = str(row[name].value() or "")
    return data


def post(desk: Desk, data: dict[str, str], step: str, **changes: str) -> Any:
    data = {**data, **changes, "step": step}
    # An unticked box is not posted at all.
    data = {
        name: value for name, value in data.items() if not (name.endswith("-take") and not value)
    }
    return desk.client.post(reverse(ADDRESS), data, follow=True)


def test_eleven_dates_are_looked_at_and_then_added_once(desk: Desk) -> None:
    days = coming(11)
    page = look(desk, listed(days))
    text = words(page)
    for day in days:
        assert f"{day:%A, %B} {day.day}, {day.year}, 10 a.m. to 1 p.m. Eastern (E" in text
    assert "Add 11 sessions" in text
    assert Session.objects.count() == 0
    data = rows_of(page)
    assert "11 sessions are open for registration." in words(post(desk, data, "save"))
    sessions = Session.objects.order_by("day")
    assert [session.day for session in sessions] == days
    assert {(s.start_time, s.end_time, s.zone, s.capacity, s.min_minutes) for s in sessions} == {
        (time(10), time(13), "America/New_York", 40, 160)
    }
    again = post(desk, data, "save")
    assert "All these dates were there already; nothing was added." in words(again)
    assert Session.objects.count() == 11


def test_weekday_that_does_not_match_is_said_and_left_out_until_ticked(desk: Desk) -> None:
    day = coming(1)[0]
    page = look(desk, f"Fri {day:%b} {day.day}, 10 am to 1 pm\n{day + timedelta(7):%b %d} 10-1 pm")
    assert f"is a {day:%A}, not a Friday" in words(page)
    assert [row.taken for row in page.context["sheet"].rows] == [False, True]
    saved = post(desk, rows_of(page), "save")
    assert "1 session is open for registration." in words(saved)
    assert Session.objects.get().day == day + timedelta(7)


def test_row_is_corrected_in_place(desk: Desk) -> None:
    first, second = coming(2)
    data = rows_of(look(desk, listed([first, second]) + "\nFeb 30"))
    wrong = post(desk, data, "save", **{"row3-take": "on"})
    assert "Nothing is saved yet. Correct the dates" in words(wrong)
    assert "Which day?" in words(wrong)
    assert Session.objects.count() == 0
    third = second + timedelta(days=2)
    fixed = post(desk, data, "again", **{"row3-take": "on", "row3-day": str(third)})
    assert f"{third:%A, %B} {third.day}" in words(fixed)
    assert "There is no such day" not in words(fixed)
    post(desk, rows_of(fixed), "save", **{"row1-take": "", "row2-start": "9 am"})
    assert list(Session.objects.values_list("day", "start_time").order_by("day")) == [
        (second, time(9)), (third, time(10)),
    ]  # fmt: skip


def test_one_date_that_is_past_stops_all_until_left_out(desk: Desk) -> None:
    day = coming(1)[0]
    data = rows_of(look(desk, listed([day]) + "\nJanuary 7, 2025"))
    stopped = post(desk, data, "save")
    assert "This date is already past. Check the year." in words(stopped)
    assert Session.objects.count() == 0
    post(desk, data, "save", **{"row2-take": ""})
    assert [session.day for session in Session.objects.all()] == [day]


def test_conflicts_of_training_room_speaker_and_within_the_list(desk: Desk) -> None:
    day = coming(1)[0]
    elsewhere = Desk()
    make_session(elsewhere.training, day=day, location="Room 4B")
    make_session(elsewhere.training, day=day, speakers="Dr. Ida Blum", start=time(12), end=time(15))
    desk.session(starts_in=timedelta(days=2))
    text = words(
        look(
            desk,
            f"{day:%b} {day.day}, 10 am to 1 pm\n{day:%b} {day.day}, 11 am to 2 pm",
            location="room 4b",
            speakers="Ana Rivera, dr. ida blum",
        )
    )
    assert "(in the same room)" in text
    assert "(Dr. Ida Blum speaks there too)" in text
    # The two rows lie in each other's way too.
    assert text.count(f"{desk.training.title}, {day:%A}") == 2
    assert Session.objects.filter(training=desk.training).count() == 1


def test_nights_when_clocks_change(desk: Desk) -> None:
    # The second Sunday of a coming March: at half past two there is no such time.
    year = new_york_today().year + 1
    night = next(day for n in range(8, 15) if (day := date(year, 3, n)).weekday() == 6)
    page = look(desk, f"{night:%b %d %Y}, 2:30 am to 4 am\n{night:%b %d %Y}, 10 am to 1 pm")
    text = words(page)
    assert "the clocks skip 02:30" in text
    assert "The clocks change early that day; from then on it is Eastern (EDT)." in text


def test_pattern_without_the_holidays_named(desk: Desk) -> None:
    first, second, third = coming(3)
    data = {
        **COMMON, "training": str(desk.training.pk), "weekdays": ["1"], "every": "week",
        "first": str(first), "last": str(third), "start": "10 am", "end": "1 pm",
        "without": f"{second:%b} {second.day}", "step": "look",
    }  # fmt: skip
    page = desk.client.post(reverse(ADDRESS) + "?how=pattern", data)
    days = [row["day"].value() for row in page.context["sheet"].rows]
    assert (len(days), str(second) in days, days[0], days[-1]) == (8, False, str(first), str(third))
    page = desk.client.post(reverse(ADDRESS) + "?how=pattern", {**data, "last": "2020-01-01"})
    assert "last" in page.context["form"].errors


def test_changing_ones_mind_keeps_the_list(desk: Desk) -> None:
    text = listed(coming(2))
    page = post(desk, rows_of(look(desk, text, title="For new staff")), "change")
    assert page.context["form"]["dates"].value() == text
    assert page.context["form"]["title"].value() == "For new staff"


def test_nothing_readable_and_nothing_ticked(desk: Desk) -> None:
    assert "Write one on each line" in words(look(desk, "•"))
    data = rows_of(look(desk, listed(coming(1))))
    assert "No date is ticked" in words(post(desk, data, "save", **{"row1-take": ""}))
    assert Session.objects.count() == 0


def test_only_ones_own_trainings(desk: Desk) -> None:
    elsewhere = Desk()
    page = look(desk, listed(coming(1)), training=str(elsewhere.training.pk))
    assert "training" in page.context["form"].errors
    learner = Client()
    learner.force_login(make_person())
    assert learner.get(reverse(ADDRESS)).status_code == 404
    assert make_coming_session(desk.training).pk  # the office's own are not touched


@pytest.mark.parametrize("rows", [1, 3])
def test_queries_of_the_preview_do_not_grow(
    desk: Desk, rows: int, django_assert_num_queries: Any
) -> None:
    text = listed(coming(rows))
    for day in coming(rows):
        make_session(Desk().training, day=day, speakers="Ana Rivera", start=time(11), end=time(15))
    with django_assert_num_queries(QUERIES):
        look(desk, text, speakers="Ana Rivera")


QUERIES = 12
