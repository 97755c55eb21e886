"""Every row of a session's reports with what becomes of it, to mend a file by or to keep."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from events.enums import Outcome
from events.report_models import ReportRow
from events.report_selectors import Effect, InReport, Results


def header() -> list[str]:
    """The columns of the file."""
    return [
        _("File"), _("Row"), _("Name"), _("E-mail"), _("From"), _("To"),
        _("What becomes of it"), _("Why"),
    ]  # fmt: skip


def cells(found: Results) -> Iterable[list[Any]]:
    """The rows of the reports that count, file by file as they stand there."""
    names = {report.pk: report.name for report in found.reports}
    told = [*_readable(found), *_problems(found)]
    told.sort(key=itemgetter(0))
    for (report, _number), row in told:
        yield [names[report], *row]


def _readable(found: Results) -> Iterator[tuple[tuple[int, int], list[Any]]]:
    outcomes = {
        seat.registration.pk: (
            str(Outcome(seat.outcome).label)
            if seat.effect != Effect.BY_HAND
            else _("Noted by hand, stays unless you say otherwise"),
            seat.note,
        )
        for seat in found.seats
    }
    zone = found.session.zone_info
    for person in found.people:
        becomes, why = _of(person, outcomes)
        for row in person.rows:
            yield (
                (row.report_id, row.number),
                [*_told(row), _clock(row.joined_at, zone), _clock(row.left_at, zone), becomes, why],
            )


def _of(person: InReport, outcomes: dict[int, tuple[str, str]]) -> tuple[str, str]:
    if person.seats:
        told = [
            (f"{seat.person}: {outcomes[seat.pk][0]}", outcomes[seat.pk][1])
            for seat, _how in person.seats
        ]
        return "; ".join(line for line, _note in told), " ".join(note for _line, note in told)
    if person.is_no_participant:
        return _("Counts for nobody"), _("No participant")
    return _("Waits for your look"), _("Nobody registered was found.")


def _problems(found: Results) -> Iterator[tuple[tuple[int, int], list[Any]]]:
    for row in found.problems:
        yield (
            (row.report_id, row.number),
            [*_told(row), "", "", _("Left out"), row.get_problem_display()],
        )


def _told(row: ReportRow) -> list[Any]:
    return [row.number, row.name, row.email]


def _clock(moment: datetime | None, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else ""
