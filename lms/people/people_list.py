"""People given as a list: pasted from a spreadsheet or as a CSV file, one person a line.

Reading and adding are apart: `read` never fails, it says of each line what is wrong with it; `add`
does it, or with `dry_run` finds out what would come of it and takes everything back.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as later

from lms.core.exceptions import Refused
from lms.core.mail import send_mail_later
from lms.people.fields import fold
from lms.people.models import Employment, Organization, Person
from lms.people.services import hire

MAX_LINES = 500
# The columns' names as people write them in a first line, folded.
_NAMES = {
    "name": {"name", "full name", "employee", "employee name"},
    "first": {"first name", "first", "given name"},
    "last": {"last name", "last", "surname", "family name"},
    "email": {"e-mail", "email", "e-mail address", "email address", "mail", "work email"},
    "hired": {"hired on", "hired", "hire date", "date hired", "start date", "started on"},
}
_DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y")


class Outcome(models.TextChoices):
    """What comes of a line."""

    ADDED = "added", later("Added")
    KNOWN = "known", later("Works here already")
    WRONG = "wrong", later("Not added")


@dataclass(frozen=True)
class Line:
    """One person of the list. `problem` says what is wrong and what to do; empty if nothing is."""

    number: int
    first_name: str
    last_name: str
    email: str
    hired_on: date | None
    problem: str = ""
    outcome: Outcome = Outcome.WRONG
    employment: Employment | None = None

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


def decode(content: bytes) -> str:
    """A file's text: UTF-8 with or without its mark, UTF-16 with one, else as Windows writes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def read(text: str, *, hired: bool = True) -> list[Line]:
    """The lines of a list: name, e-mail, hired on - or as its first line names the columns.

    Without `hired` no day is asked for.

    Commas, semicolons and tabs may part the columns. Raises Refused for an empty list and for one
    that is too long.
    """
    rows = _rows(text)
    columns = _header(rows[0][1]) if rows else None
    if columns:
        rows = rows[1:]
    if not rows:
        raise Refused(_("The list is empty. Put one person on each line."), code="empty")
    if len(rows) > MAX_LINES:
        raise Refused(
            _("The list has %(count)s people. Add at most %(most)s at a time.")
            % {"count": len(rows), "most": MAX_LINES},
            code="too_long",
        )
    lines = [_line(number, cells, columns, hired=hired) for number, cells in rows]
    return _without_doubles(lines)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The cells of each line that has any, with the line's number."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    mark = max("\t;,", key=first.count)
    found = csv.reader(io.StringIO(text.replace("\x00", "")), delimiter=mark, skipinitialspace=True)
    rows = []
    try:
        for cells in found:
            trimmed = [" ".join(cell.split()) for cell in cells]
            if any(trimmed):
                rows.append((found.line_num, trimmed))
    except csv.Error as problem:
        raise Refused(
            _("Line %(number)s cannot be read. Is a quotation mark missing?")
            % {"number": found.line_num},
            code="unreadable",
        ) from problem
    return rows


def _header(cells: list[str]) -> dict[str, int] | None:
    """Where each column is, if the line names them; an address makes it a person's line."""
    if any("@" in cell for cell in cells):
        return None
    columns = {
        column: place
        for place, cell in enumerate(cells)
        for column, names in _NAMES.items()
        if fold(cell.replace("_", " ")).rstrip(":") in names
    }
    return columns if "email" in columns else None


def _line(number: int, cells: list[str], columns: dict[str, int] | None, *, hired: bool) -> Line:
    """The person of a line, with what is wrong with it."""
    if columns is None:
        columns = {"first": 0, "last": 1, "email": 2, "hired": 3}
        if len(cells) < 4 and not (len(cells) == 3 and "@" in cells[2]):
            columns = {"name": 0, "email": 1, "hired": 2}

    def cell(column: str) -> str:
        place = columns.get(column)
        return cells[place] if place is not None and place < len(cells) else ""

    first, last = cell("first"), cell("last")
    if "name" in columns:
        first, last = _parted(cell("name"))
    email, hired_on = cell("email").lower(), _day(cell("hired"))
    line = Line(number, first, last, email, hired_on)
    problem = _problem(line) or (_problem_of_day(hired_on, cell("hired")) if hired else "")
    return replace(line, problem=problem)


def _parted(name: str) -> tuple[str, str]:
    """First and last name: "Rivera, Ana" or "Ana Rivera"; the last word is the last name."""
    if "," in name:
        last, _comma, first = name.partition(",")
        return first.strip(), last.strip()
    first, _space, last = name.rpartition(" ")
    return first.strip(), last.strip()


def _day(text: str) -> date | None:
    """A day as 2026-11-30 or 11/30/2026; None for anything else."""
    text = re.sub(r"[T ]00:00(:00)?$", "", text)
    for pattern in _DAYS:
        try:
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            continue
    return None


def _problem(line: Line) -> str:
    """What keeps a line from being added, as far as the line itself tells."""
    if not line.first_name or not line.last_name:
        return _("Give first and last name.")
    if len(line.first_name) > 150 or len(line.last_name) > 150:
        return _("The name is too long.")
    return _problem_of_address(line.email)


def _problem_of_address(email: str) -> str:
    if not email:
        return _("The e-mail address is missing. People sign in with it.")
    try:
        validate_email(email)
    except ValidationError:
        return _("“%(address)s” is no e-mail address.") % {"address": email}
    return ""


def _problem_of_day(day: date | None, typed: str) -> str:
    if not typed:
        return _("The day of hire is missing.")
    if day is None:
        return _("“%(day)s” is no day. Write it as 2026-11-30 or 11/30/2026.") % {"day": typed}
    if not 1950 <= day.year <= timezone.localdate().year + 1:
        return _("Is the year of hire right?")
    return ""


def _without_doubles(lines: Iterable[Line]) -> list[Line]:
    """An address that stands in the list twice counts where it stands first."""
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        if not line.problem and line.email in seen:
            problem = _("This address stands in line %(number)s already.") % {
                "number": seen[line.email]
            }
            found.append(replace(line, problem=problem))
            continue
        seen.setdefault(line.email, line.number)
        found.append(line)
    return found


@transaction.atomic
def add(
    *,
    organization: Organization,
    lines: Sequence[Line],
    dry_run: bool = False,
    actor: Person | None,
    now: datetime | None = None,
) -> list[Line]:
    """Record the people of the list as employed, as `services.hire` does; what came of each line.

    A line that is refused stops no other. Whoever works here already stays as they are. Everybody
    added is told by mail what the organization can see of them. With `dry_run` nothing is kept and
    nobody is told, and the outcomes are those that adding would have.
    """
    now = now or timezone.now()
    found = [_added(organization, line, actor=actor, now=now) for line in lines]
    if dry_run:
        transaction.set_rollback(True)
        return [replace(line, employment=None) for line in found]
    return found


def _added(organization: Organization, line: Line, *, actor: Person | None, now: datetime) -> Line:
    """One line; its refusal takes back only what it did itself."""
    if line.problem or line.hired_on is None:
        return line
    try:
        with transaction.atomic():
            employment = hire(
                organization=organization,
                first_name=line.first_name,
                last_name=line.last_name,
                email=line.email,
                started_on=line.hired_on,
                actor=actor,
                now=now,
            )
            _tell(employment)
    except Refused as refusal:
        known = refusal.code == "already_employed"
        return replace(
            line, outcome=Outcome.KNOWN if known else Outcome.WRONG, problem=str(refusal)
        )
    return replace(line, outcome=Outcome.ADDED, employment=employment)


def _tell(employment: Employment) -> None:
    """Who was added learns who did it and what they see."""
    person = employment.person.canonical
    if not person.email:
        return
    wanted = person.preferred_language
    send_mail_later(
        key=f"people.added:{employment.pk}",
        to=person.email,
        template="agency_added",
        language=wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE,
        context={"person": person, "agency": employment.organization.name},
    )
