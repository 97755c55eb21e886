"""Minutes: merged, held to the session, floored; and the doubt about the zone."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from events.attendance_report import (
    Interval,
    Presence,
    fitting_zone,
    merge,
    presence,
    read_report,
    zone_doubt,
)
from tests.factories.webex import report_of, sample

NEW_YORK = ZoneInfo("America/New_York")
START = datetime(2026, 7, 30, 14, tzinfo=UTC)
END = START + timedelta(hours=3)


def at(clock: str) -> datetime:
    hour, minute, *second = (int(part) for part in clock.split(":"))
    return datetime(2026, 7, 30, hour, minute, *second, tzinfo=NEW_YORK).astimezone(UTC)


def spans(*pairs: tuple[str, str]) -> list[Interval]:
    return [Interval(at(start), at(end)) for start, end in pairs]


def present(*pairs: tuple[str, str]) -> Presence:
    return presence(spans(*pairs), starts_at=START, ends_at=END)


def test_rejoining_three_times_adds_up() -> None:
    assert present(("10:00", "10:30"), ("10:40", "11:00"), ("11:10", "12:00")).minutes == 100


def test_phone_and_desktop_at_once_count_once() -> None:
    both = present(("10:00", "12:00"), ("10:30", "12:30"), ("11:00", "11:10"))
    assert both.minutes == 150
    assert both.intervals == tuple(spans(("10:00", "12:30")))


def test_device_taken_up_in_the_same_second_leaves_no_gap() -> None:
    assert merge(spans(("10:00", "11:00"), ("11:00", "12:00"))) == tuple(spans(("10:00", "12:00")))


def test_time_before_the_start_and_after_the_end_does_not_count() -> None:
    early_and_late = present(("9:40", "13:20"))
    assert (early_and_late.minutes, early_and_late.is_cut) == (180, True)
    assert present(("9:00", "9:59:59"), ("13:00", "14:00")).counted == ()


@pytest.mark.parametrize(("left", "minutes"), [("12:40:00", 160), ("12:39:59", 159)])
def test_a_second_less_than_a_minute_is_no_minute(left: str, minutes: int) -> None:
    assert present(("10:00:00", left)).minutes == minutes


def test_seconds_of_many_joins_make_whole_minutes_together() -> None:
    """Rounding each row up, as the report's own duration does, would give 183."""
    pieces = [(f"10:{n:02}:00", f"10:{n:02}:50") for n in range(6)]
    assert present(*pieces).minutes == 5


@pytest.mark.parametrize(
    ("day", "minutes"), [("2026-03-08", 120), ("2026-11-01", 240), ("2026-07-30", 180)]
)
def test_clock_changes_are_counted_as_time_that_passed(day: str, minutes: int) -> None:
    """From half past midnight to half past three, as the clocks show it."""
    content = report_of(("A", "", f"{day} 00:30:00", f"{day} 03:30:00"))
    row = read_report(content, zone=NEW_YORK).rows[0]
    assert row.joined_at is not None
    assert row.left_at is not None
    night = presence(
        [Interval(row.joined_at, row.left_at)],
        starts_at=row.joined_at - timedelta(hours=1),
        ends_at=row.left_at + timedelta(hours=1),
    )
    assert night.minutes == minutes


def test_sample_report_comes_to_these_minutes() -> None:
    people: dict[str, list[Interval]] = {}
    for row in read_report(sample("current"), zone=NEW_YORK).readable:
        assert row.joined_at is not None
        assert row.left_at is not None
        people.setdefault(row.key.partition(":")[2].partition("@")[0], []).append(
            Interval(row.joined_at, row.left_at)
        )
    minutes = {
        key: presence(joins, starts_at=START, ends_at=END).minutes for key, joins in people.items()
    }
    assert minutes == {
        "octpp.host": 180,
        "amara.okafor": 180,
        "luz.reyes": 169,
        "deshawn.carter": 179,
        "call-in user_3": 158,
        "mei": 179,
        "lnowak": 100,
        "fatima": 159,
        "sofia.pena": 5,
    }


# --- the wrong zone ------------------------------------------------------------------------------


def doubt(zone: str, content: bytes | None = None) -> int:
    report = read_report(content or sample("current"), zone=ZoneInfo(zone))
    return zone_doubt(
        meeting_starts=report.meeting_starts,
        intervals=[
            Interval(row.joined_at, row.left_at)
            for row in report.readable
            if row.joined_at and row.left_at
        ],
        starts_at=START,
        ends_at=END,
    )


@pytest.mark.parametrize(
    ("zone", "hours"),
    [
        ("America/New_York", 0),
        ("America/Chicago", 1),
        ("America/Denver", 2),
        ("America/Los_Angeles", 3),
        ("UTC", -4),
    ],
)
def test_report_read_in_another_zone_raises_doubt(zone: str, hours: int) -> None:
    """The sample's clocks are New York's; read as another's they are hours off."""
    assert doubt(zone) == hours
    fitting = fitting_zone(ZoneInfo(zone), hours=hours, at=START) if hours else ""
    assert fitting == ("America/New_York" if hours else "")


def test_in_winter_utc_is_five_hours_off() -> None:
    start = datetime(2026, 1, 13, 15, tzinfo=UTC)
    content = report_of(
        ("A", "", "2026-01-13 15:01:00", "2026-01-13 18:00:00"), start="2026-01-13 14:58:00"
    )
    report = read_report(content, zone=NEW_YORK)
    row = report.rows[0]
    assert row.joined_at is not None
    assert row.left_at is not None
    hours = zone_doubt(
        meeting_starts=report.meeting_starts,
        intervals=[Interval(row.joined_at, row.left_at)],
        starts_at=start,
        ends_at=start + timedelta(hours=3),
    )
    assert (hours, fitting_zone(NEW_YORK, hours=hours, at=start)) == (5, "UTC")


def test_host_who_opens_the_room_an_hour_early_raises_no_doubt() -> None:
    assert (
        zone_doubt(
            meeting_starts=[at("9:00")],
            intervals=spans(("9:00", "13:10"), ("9:55", "13:00"), ("10:02", "12:59")),
            starts_at=START,
            ends_at=END,
        )
        == 0
    )


@pytest.mark.parametrize(
    ("opens", "hours"),
    [("10:24", 0), ("10:25", 1), ("11:10", 1), ("11:11", 0), ("12:58", 3), ("8:58", -1)],
)
def test_doubt_asks_for_whole_hours_give_or_take_a_hosts_habits(opens: str, hours: int) -> None:
    hour, minute = (int(part) for part in opens.split(":"))
    shift = timedelta(hours=hours or 1)
    there = [Interval(START + shift, END + shift)]
    found = zone_doubt(
        meeting_starts=[at(f"{hour}:{minute:02}")],
        intervals=there,
        starts_at=START,
        ends_at=END,
    )
    assert found == hours


def test_without_a_meeting_start_the_first_join_is_asked() -> None:
    late = spans(("13:58", "17:00"), ("14:00", "16:59"))
    assert zone_doubt(meeting_starts=[], intervals=late, starts_at=START, ends_at=END) == 4
    assert zone_doubt(meeting_starts=[], intervals=[], starts_at=START, ends_at=END) == 0


def test_report_of_another_day_is_no_question_of_the_zone() -> None:
    other = [
        Interval(start + timedelta(days=1), end + timedelta(days=1))
        for start, end in spans(("10:00", "13:00"))
    ]
    assert zone_doubt(meeting_starts=[], intervals=other, starts_at=START, ends_at=END) == 0


def test_no_zone_of_ours_fits_an_odd_difference() -> None:
    assert fitting_zone(NEW_YORK, hours=-7, at=START) == ""
