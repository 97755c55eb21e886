"""A row's cells as values: a person, a title, a day, hours; each problem is a sentence."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from lms.completions.import_models import RowState
from lms.completions.importing.columns import Column
from lms.people.fields import fold

# As systems say that somebody has completed something; all else is no completion.
COMPLETED = {
    "completed", "complete", "passed", "pass", "attended", "credit", "certified", "satisfied",
    "completed (equivalent)", "completed - equivalent", "done", "yes",
}  # fmt: skip
_FORMS = (
    "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d", "%m/%d/%Y %I:%M %p", "%m/%d/%Y %H:%M",
    "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%B %d, %Y", "%b %d, %Y",
    "%d-%b-%Y", "%d-%b-%y", "%d %B %Y", "%d %b %Y",
)  # fmt: skip
FIRST_YEAR = 1990
MOST_HOURS = Decimal(500)


@dataclass(frozen=True)
class Read:
    """What a row says; its state is NEW where it can be used, else `note` says why not."""

    values: dict[str, Any]
    person_key: str
    title_key: str
    state: RowState = RowState.NEW
    note: str = ""


def read_row(cells: list[str], mapping: dict[str, int], *, today: date) -> Read:
    """The values of a row, as JSON holds them; of several problems the first is said."""
    said = {key: cells[place] for key, place in mapping.items() if place < len(cells)}
    first, last = _names(said)
    email, odd = _address(said.get(Column.EMAIL, ""))
    title = " ".join(said.get(Column.TITLE, "").split())
    values: dict[str, Any] = {
        "first_name": first[:150],
        "last_name": last[:150],
        "email": email,
        "odd_email": odd,
        "user_id": said.get(Column.USER_ID, "").strip()[:80],
        "title": title[:255],
        "kind": said.get(Column.KIND, "").strip()[:80],
        "score": said.get(Column.SCORE, "").strip()[:40],
        "provider": said.get(Column.PROVIDER, "").strip()[:120],
        "day": "",
        "hours": "",
    }
    read = Read(values, person_key(values), fold(title)[:200])
    status = said.get(Column.STATUS, "").strip()
    if Column.STATUS in mapping and status.casefold() not in COMPLETED:
        note = (
            _("“%(status)s” is not a completion.") % {"status": status[:60]}
            if status
            else _("The status is empty.")
        )
        return replace(read, state=RowState.NOT_DONE, note=note)
    try:
        values["day"] = _day(said.get(Column.DAY, ""), today).isoformat()
        values["hours"] = _hours(said.get(Column.HOURS, ""))
        _check(values)
    except ValidationError as problem:
        return replace(read, state=RowState.PROBLEM, note=str(problem.message))
    return read


def person_key(values: dict[str, Any]) -> str:
    """Whom a row is about, in the earlier system: its number there, else address, else name."""
    if values["user_id"]:
        return f"id:{fold(values['user_id'])}"[:200]
    if values["email"]:
        return f"email:{values['email']}"[:200]
    name = fold(f"{values['first_name']} {values['last_name']}")
    return f"name:{name}"[:200] if name else ""


def _address(text: str) -> tuple[str, str]:
    """The address, or as it was written where nobody could write to it: the row stays."""
    text = text.strip().lower()[:254]
    try:
        validate_email(text)
    except ValidationError:
        return "", text
    return text, ""


def _names(said: dict[str, str]) -> tuple[str, str]:
    """First and last name; "Lopez, Priya" and "Priya Lopez" are both usual."""
    first = " ".join(said.get(Column.FIRST_NAME, "").split())
    last = " ".join(said.get(Column.LAST_NAME, "").split())
    full = " ".join(said.get(Column.FULL_NAME, "").split())
    if first or last or not full:
        return first, last
    if "," in full:
        last, _comma, first = (part.strip() for part in full.partition(","))
        return first, last
    first, _space, last = full.rpartition(" ")
    return (first, last) if first else (last, "")


def _day(text: str, today: date) -> date:
    text = text.strip()
    if not text:
        raise ValidationError(_("The day of completion is empty."))
    for form in _FORMS:
        try:
            day = datetime.strptime(text, form).date()  # noqa: DTZ007 - a calendar day, no instant
        except ValueError:
            continue
        if day > today:
            raise ValidationError(_("The day %(day)s has not come yet.") % {"day": day})
        if day.year < FIRST_YEAR:
            raise ValidationError(_("Is the year right? %(day)s") % {"day": day})
        return day
    raise ValidationError(
        _("“%(text)s” is no day we can read. Write it as month/day/year.") % {"text": text[:40]}
    )


def _hours(text: str) -> str:
    """The hours as a plain number, "" where none are said."""
    text = re.sub(r"\s*(hours?|hrs?\.?|h)$", "", text.strip().lower())
    if not text:
        return ""
    try:
        hours = Decimal(text.replace(",", "."))
    except InvalidOperation as error:
        raise ValidationError(
            _("“%(text)s” is no number of hours.") % {"text": text[:40]}
        ) from error
    if not hours.is_finite() or hours < 0 or hours > MOST_HOURS:
        raise ValidationError(_("%(text)s hours cannot be right.") % {"text": text[:40]})
    return f"{hours.normalize():f}"


def _check(values: dict[str, Any]) -> None:
    if not values["title"]:
        raise ValidationError(_("The training is empty."))
    if not person_key(values):
        raise ValidationError(_("Nobody is named: no name, address or number."))
