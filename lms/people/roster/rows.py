"""One row of a roster: what its cells say, and what is wrong with them; nothing of the record."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from lms.people.enums import Post
from lms.people.fields import fold
from lms.people.roster.columns import Column
from lms.people.roster.days import read_day
from lms.people.roster.words import (
    is_nobody,
    language_of,
    looks_like_name,
    post_of,
    split_name,
    yes_or_no,
)

OLDEST_HIRE = date(1940, 1, 1)
Problem = dict[str, Any]


@dataclass
class Read:
    """What a row says. Days are texts as 2026-11-30, "" where there is none."""

    number: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    title: str = ""
    post: str = Post.OTHER.value
    contact: bool = True
    reason: str = ""
    started_on: str = ""
    ended_on: str = ""
    language: str = ""
    sent_by: str = ""
    place: str = ""
    skip: bool = False
    same_as: str = ""
    problems: list[Problem] = field(default_factory=list)
    notes: list[Problem] = field(default_factory=list)

    @property
    def folded_name(self) -> str:
        return fold(f"{self.first_name} {self.last_name}")

    def day(self, name: str) -> date | None:
        """`started_on` or `ended_on` as a day."""
        text: str = getattr(self, name)
        return date.fromisoformat(text) if text else None

    def problem(self, code: str, on: str, **words: Any) -> None:
        """Something a person must decide; `on` is the field where they do."""
        self.problems.append({"code": code, "on": on, **words})

    def note(self, code: str, **words: Any) -> None:
        """Something worth a sentence that needs no answer."""
        self.notes.append({"code": code, **words})

    def stored(self) -> dict[str, Any]:
        """The values as the row keeps them."""
        return {
            name: value for name, value in asdict(self).items() if name not in {"problems", "notes"}
        }


@dataclass(frozen=True)
class Reading:
    """How a list's rows are read: where its columns are and what was said about them."""

    columns: Mapping[str, int]
    day_order: str
    titles: Mapping[str, Mapping[str, Any]]
    today: date

    def read(self, cells: list[str], given: Mapping[str, Any]) -> Read | None:
        """What a row says; None for a row that is nobody (totals, a page's foot)."""

        def cell(column: Column) -> str:
            place = self.columns.get(column)
            return cells[place].strip() if place is not None and place < len(cells) else ""

        if not given and self.is_nobody(cells):
            return None
        row = Read(
            number=str(given.get("number", cell(Column.NUMBER).strip("' ")))[:40],
            title=cell(Column.TITLE),
            sent_by=cell(Column.SENT_BY)[:120],
            place=str(given.get("place", cell(Column.PLACE))),
            skip=bool(given.get("skip")),
            same_as=str(given.get("same_as", "")),
        )
        self._name(row, cell, given)
        self._email(row, str(given.get("email", cell(Column.EMAIL))))
        self._days(row, cell, given)
        self._post(row, cell, given)
        language = cell(Column.LANGUAGE)
        row.language = language_of(language) or "" if language else ""
        if language and not row.language:
            row.note("language_unknown", text=language)
        return row

    def is_nobody(self, cells: list[str]) -> bool:
        """Totals and page feet, which have no day of hire."""
        place = self.columns.get(Column.STARTED_ON)
        hired = cells[place] if place is not None and place < len(cells) else ""
        return not hired and is_nobody(cells)

    @staticmethod
    def _name(row: Read, cell: Any, given: Mapping[str, Any]) -> None:
        first, last = cell(Column.FIRST_NAME), cell(Column.LAST_NAME)
        if not (first and last):
            whole = cell(Column.NAME) or first or last
            first, last = split_name(whole)
        row.first_name = str(given.get("first_name", first))[:150]
        row.last_name = str(given.get("last_name", last))[:150]
        if not row.first_name or not row.last_name:
            row.problem("no_name", "name", text=f"{row.first_name} {row.last_name}".strip())
        elif not looks_like_name(f"{row.first_name} {row.last_name}"):
            row.problem("no_such_name", "name", text=f"{row.first_name} {row.last_name}")

    @staticmethod
    def _email(row: Read, text: str) -> None:
        row.email = text.strip().lower()
        if not row.email or row.email in {"none", "n/a", "-"}:
            row.email = ""
            return
        try:
            # The check counts 320 characters, our column holds 254.
            validate_email(_ascii(row.email) if len(row.email) <= 254 else "")
        except ValidationError:
            row.problem("bad_email", "email", text=row.email)

    def _days(self, row: Read, cell: Any, given: Mapping[str, Any]) -> None:
        for column in (Column.STARTED_ON, Column.ENDED_ON):
            text = str(given.get(column.value, cell(column)))
            found = read_day(text, self.day_order)
            if found.day:
                setattr(row, column.value, found.day.isoformat())
            elif found.fault:
                row.problem(f"day_{found.fault}", column.value, text=text)
            elif column is Column.STARTED_ON:
                row.problem("no_day", column.value)
        started, ended = row.day("started_on"), row.day("ended_on")
        if started and not OLDEST_HIRE <= started <= self.today + timedelta(days=366):
            row.problem("day_unlikely", "started_on", day=row.started_on)
        if started and ended and ended < started:
            row.problem("left_before_hired", "ended_on", day=row.started_on, left=row.ended_on)
        if ended and ended > self.today + timedelta(days=366):
            row.problem("day_unlikely", "ended_on", day=row.ended_on)

    def _post(self, row: Read, cell: Any, given: Mapping[str, Any]) -> None:
        said = self.titles.get(fold(row.title), {})
        row.post = str(given.get("post") or said.get("post") or post_of(row.title).value)
        contact = yes_or_no(cell(Column.CONTACT))
        # What was said of a title adds the missing answers, and takes back a "no" of the list.
        if contact is None or said.get("contact") is True:
            contact = said.get("contact")
        contact = given.get("contact", contact)
        row.contact = contact is not False
        if contact is None:
            row.note("contact_assumed")
        if not row.contact:
            row.reason = str(given.get("reason") or cell(Column.REASON) or said.get("reason", ""))[
                :300
            ]
            if not row.reason.strip():
                row.problem("no_reason", "contact", title=row.title)


def _ascii(address: str) -> str:
    """The address with its part before the @ spelled so that the check takes any letters there."""
    local, at, domain = address.rpartition("@")
    plain = "".join(c if ord(c) < 128 else "x" for c in local)
    return f"{plain}{at}{domain}"


def day_texts(columns: Mapping[str, int], rows: list[list[str]]) -> list[str]:
    """The texts of the day columns, to ask which order they are in."""
    places = [columns[name] for name in (Column.STARTED_ON, Column.ENDED_ON) if name in columns]
    return [cells[place] for cells in rows for place in places if place < len(cells)]
