"""Which column of a roster holds what: found by its heading, corrected by a person, remembered."""

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.table_files import Table
from lms.people.fields import fold


class Column(models.TextChoices):
    """What a column of a roster can hold."""

    NUMBER = "number", _("Employee number")
    NAME = "name", _("Whole name")
    FIRST_NAME = "first_name", _("First name")
    LAST_NAME = "last_name", _("Last name")
    EMAIL = "email", _("E-mail address")
    TITLE = "title", _("Job title")
    CONTACT = "contact", _("Meets guests?")
    REASON = "reason", _("Why not")
    STARTED_ON = "started_on", _("Hired on")
    ENDED_ON = "ended_on", _("Left on")
    LANGUAGE = "language", _("Language")
    SENT_BY = "sent_by", _("Sent by an agency")
    PLACE = "place", _("Facility")


# Folded headings, and parts of headings; the first column that fits takes the field.
_EXACT: dict[Column, str] = {
    Column.NUMBER: "emp #|emp|emp no|emp id|id|no|#|number|employee #|employee id|employee no|"
    "employee number|employee code|badge|badge #|clock #|clock number|payroll id|file #|"
    "file number|associate id|staff id|numero|numero de empleado|num",
    Column.FIRST_NAME: "first name|first|given name|given names|fname|nombre|prenom|forename",
    Column.LAST_NAME: "last name|last|surname|family name|lname|apellido|apellidos|nom",
    Column.NAME: "name|employee|employee name|full name|associate|associate name|staff|"
    "name (last, first)|last, first|last name, first name|nombre completo|team member",
    Column.EMAIL: "email|e-mail|email address|e-mail address|mail|work email|correo",
    Column.TITLE: "job title|title|position|job|post|role|occupation|puesto|cargo|job description|"
    "position title",
    Column.CONTACT: "meets guests?|meets guests|guest contact|guest contact?|guest facing|"
    "guest-facing|contact with guests",
    Column.REASON: "reason|reason for no|why not|no contact reason",
    Column.STARTED_ON: "hire date|date of hire|hired|hired on|start date|date hired|doh|started|"
    "original hire date|start|fecha de ingreso|fecha de contratacion|date started|employed since",
    Column.ENDED_ON: "separation date|left on|left|term date|termination date|end date|last day|"
    "date left|date of termination|terminated|fecha de salida|last day worked",
    Column.LANGUAGE: "language|pref. language|preferred language|pref language|lang|idioma|"
    "primary language",
    Column.SENT_BY: "agency|temp agency|staffing agency|sent by|employer|staffing company|agencia",
    Column.PLACE: "facility|property|hotel|location|site|property name|hotel name|facility name|"
    "property code",
}
_KNOWN = {word: column for column, words in _EXACT.items() for word in words.split("|")}
_PARTS: tuple[tuple[str, Column], ...] = (
    ("mail", Column.EMAIL),
    ("guest", Column.CONTACT),
    ("hire", Column.STARTED_ON),
    ("separat", Column.ENDED_ON),
    ("terminat", Column.ENDED_ON),
    ("title", Column.TITLE),
    ("position", Column.TITLE),
    ("language", Column.LANGUAGE),
    ("agency", Column.SENT_BY),
    ("property", Column.PLACE),
    ("facility", Column.PLACE),
    ("employee n", Column.NUMBER),
    ("last, first", Column.NAME),
)
_LOOKED_AT = 40


def column_of(heading: str) -> Column | None:
    """What a heading names, or nothing."""
    text = fold(heading).strip(" :*.")
    if text in _KNOWN:
        return _KNOWN[text]
    return next((column for part, column in _PARTS if part in text), None)


def guess(header: list[str], remembered: Mapping[str, str]) -> dict[str, int]:
    """Which column holds what. What somebody said of the same heading before goes first."""
    found: dict[str, int] = {}
    for place, heading in enumerate(header):
        said = remembered.get(fold(heading))
        if said in Column.values:
            found.setdefault(said, place)
    taken = set(found.values())
    for place, heading in enumerate(header):
        column = column_of(heading)
        if place in taken or fold(heading) in remembered or column is None:
            continue
        found.setdefault(column.value, place)
    if Column.FIRST_NAME in found and Column.LAST_NAME in found:
        found.pop(Column.NAME, None)
    return found


def find_header(table: Table) -> int:
    """The place in the table of the row that names the most columns; titles above it are common."""
    scores = [
        len({column for cell in cells if cell and (column := column_of(cell))})
        for _number, cells in table[:_LOOKED_AT]
    ]
    best = max(range(len(scores)), key=lambda place: (scores[place], -place))
    return best if scores[best] >= 2 else 0


def missing(columns: Mapping[str, int]) -> list[Column]:
    """What must be there and is not: a name and the day of hire."""
    lacking = []
    if Column.NAME not in columns and not (
        Column.FIRST_NAME in columns and Column.LAST_NAME in columns
    ):
        lacking.append(Column.NAME)
    if Column.STARTED_ON not in columns:
        lacking.append(Column.STARTED_ON)
    return lacking
