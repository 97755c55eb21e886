"""Attendance reports as Webex writes them, for tests; and the samples in tests/data/webex/."""

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from events import services
from events.models import Session
from events.report_models import AttendanceNoting, AttendanceReport
from events.report_selectors import Results, results

SAMPLES = Path(__file__).resolve().parents[1] / "data" / "webex"
CURRENT = (
    "Meeting Name", "Meeting Start Time", "Meeting End Time", "Display Name", "First Name",
    "Last Name", "Role", "Attendee Email", "Join Time", "Leave Time", "Attendance Duration",
    "Connection Type", "Session Name",
)  # fmt: skip
# A row of a person: name, address, joined, left; the rest may be told.
Told = tuple[str, str, str, str]


def sample(name: str) -> bytes:
    """One of the sample files: "current", "2021" or "resaved"."""
    return (SAMPLES / f"webex-attendance-{name}.csv").read_bytes()


def as_file(
    lines: Sequence[Sequence[str]], *, delimiter: str = "\t", encoding: str = "utf-16"
) -> bytes:
    """The lines as a file; by default as Webex does, with a byte-order mark and tabs."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(lines)
    return out.getvalue().encode(encoding)


def formula(moment: str) -> str:
    """A time as Webex writes it, so that a spreadsheet leaves it alone."""
    return f'="{moment}"' if moment and not moment.startswith("=") else moment


def line(
    told: Told,
    *,
    start: str = "2026-07-14 09:58:12",
    role: str = "Attendee",
    connection: str = "Desktop app",
    room: str = "Main Session",
) -> list[str]:
    """One join in the form of the current report; `told` is name, address, joined, left."""
    name, email, joined, left = told
    first, _space, last = name.partition(" ")
    return [
        "CTDB live training", formula(start), formula("2026-07-14 13:04:40"), name, first, last,
        role, email, formula(joined), formula(left), "999 mins", connection, room,
    ]  # fmt: skip


def report_of(*rows: Told | list[str], start: str = "2026-07-14 09:58:12") -> bytes:
    """A current report of these rows; times without a date are on 14 July 2026."""
    lines = [row if isinstance(row, list) else line(_dated(row), start=start) for row in rows]
    return as_file([CURRENT, *lines])


def _dated(told: Told) -> Told:
    name, email, joined, left = told
    return (name, email, _on_the_day(joined), _on_the_day(left))


def _on_the_day(moment: str) -> str:
    return f"2026-07-14 {moment}" if moment and "-" not in moment else moment


class TakenIn(NamedTuple):
    """A report that was taken in and read, and what the session's reports come to."""

    report: AttendanceReport
    created: bool
    results: Results


def take_in(
    session: Session, content: bytes, *, zone: str = "America/New_York", name: str = "report-1.csv"
) -> TakenIn:
    """A report uploaded, and read by the worker."""
    report, created = services.take_in_report(
        session=session, content=content, name=name, zone=zone, actor=None
    )
    report = services.work_report(report_id=report.pk)
    return TakenIn(report, created, results(session))


def note(session: Session, **options: Any) -> AttendanceNoting:
    """What the session's reports come to, noted by the worker two hours after its end."""
    session.refresh_from_db()
    now = session.ends_at + timedelta(hours=2)
    noting = services.note_reports(session=session, actor=None, now=now, **options)
    return services.work_noting(noting_id=noting.pk, now=now)


def read_all() -> None:
    """The worker reads whatever waits for it."""
    for report in AttendanceReport.objects.being_read():
        services.work_report(report_id=report.pk)
