"""Lists of employees for tests: made here, handed in, read."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from lms.core.tables import csv_text
from lms.core.time import new_york_today
from lms.people.models import Employment, Organization, Person
from lms.people.roster import services
from lms.people.roster_models import RosterImport, RosterRow

HEADER = ["Emp #", "Name", "E-mail", "Job title", "Meets guests?", "Hire date", "Left on"]


def table(*rows: Sequence[Any], header: Sequence[str] = HEADER) -> bytes:
    """A list as CSV."""
    return csv_text(rows, header).encode()


def hand_in(
    place: Organization,
    content: bytes,
    *,
    actor: Person,
    name: str = "staff.csv",
    **fields: Any,
) -> RosterImport:
    """Upload a list and let the worker read it."""
    today = new_york_today()
    given: dict[str, Any] = {
        "is_complete": False,
        "left_on": today,
        "past_since": today - timedelta(days=365),
        "language": "en",
        **fields,
    }
    found = services.import_roster(
        organization=place, content=content, name=name, actor=actor, **given
    )
    services.work_on_roster({"roster": found.pk})
    found.refresh_from_db()
    return found


def take_over(roster: RosterImport, *, actor: Person, **fields: Any) -> RosterImport:
    """Confirm what the list comes to and let the worker do it."""
    services.confirm_roster(roster=roster, seen=roster.counts, actor=actor, **fields)
    services.work_on_roster({"roster": roster.pk})
    roster.refresh_from_db()
    return roster


def row(roster: RosterImport, line: int) -> RosterRow:
    """The row with this number in the file."""
    found: RosterRow = roster.rows.get(line=line)
    return found


def codes(roster: RosterImport, line: int) -> set[str]:
    """What is wrong with a row."""
    return {problem["code"] for problem in row(roster, line).problems}


def working(place: Organization) -> list[tuple[str, str, date]]:
    """Who works there: name, number, hired on; by number."""
    found = Employment.objects.filter(organization=place, ended_on__isnull=True)
    return [
        (str(one.person), one.number, one.started_on)
        for one in found.select_related("person").order_by("number", "pk")
    ]
