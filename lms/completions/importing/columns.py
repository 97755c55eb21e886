"""What a table's columns mean, guessed from the names that other systems give them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lms.core.canonical import digest
from lms.people.fields import fold


class Column(models.TextChoices):
    """What we read from a table."""

    FULL_NAME = "full_name", _("Full name")
    FIRST_NAME = "first_name", _("First name")
    LAST_NAME = "last_name", _("Last name")
    EMAIL = "email", _("E-mail address")
    USER_ID = "user_id", _("The person's number there")
    TITLE = "title", _("Training")
    KIND = "kind", _("Kind of training")
    STATUS = "status", _("Status")
    DAY = "day", _("Day completed")
    SCORE = "score", _("Score")
    HOURS = "hours", _("Hours")
    PROVIDER = "provider", _("Provider")


_NAMES: dict[Column, tuple[str, ...]] = {
    Column.FULL_NAME: ("user full name", "full name", "name", "learner", "employee name", "user"),
    Column.FIRST_NAME: ("first name", "user first name", "given name", "fname"),
    Column.LAST_NAME: ("last name", "user last name", "surname", "family name", "lname"),
    Column.EMAIL: ("user email", "email", "e-mail", "email address", "user email address"),
    Column.USER_ID: ("user id", "person id", "employee id", "stars id", "user name", "login id"),
    Column.TITLE: ("training title", "course title", "course", "course name", "training", "title"),
    Column.KIND: ("training type", "type", "course type", "delivery", "delivery method"),
    Column.STATUS: ("transcript status", "status", "completion status", "enrollment status"),
    Column.DAY: (
        "transcript completed date",
        "completed date",
        "completion date",
        "date completed",
        "completed on",
        "end date",
        "date",
    ),
    Column.SCORE: ("transcript score", "score", "grade", "result"),
    Column.HOURS: ("training hours", "hours", "credit hours", "contact hours", "duration"),
    Column.PROVIDER: ("provider", "training provider", "vendor", "organization"),
}


def heading_key(heading: list[str]) -> str:
    """The same for the same set of columns, in whatever order."""
    return digest(sorted(fold(cell) for cell in heading))


def guess(heading: list[str]) -> dict[str, int]:
    """The column of each thing that a heading names; what it does not name is left out."""
    folded = [fold(cell.replace("_", " ")) for cell in heading]
    found: dict[str, int] = {}
    for column, names in _NAMES.items():
        place = next((folded.index(name) for name in names if name in folded), None)
        if place is not None and place not in found.values():
            found[column.value] = place
    return found


def by_name(heading: list[str], mapping: dict[str, int]) -> dict[str, str]:
    """A mapping as names of columns, to be found again in a file with another order."""
    return {key: heading[place] for key, place in mapping.items() if place < len(heading)}


def by_place(heading: list[str], named: dict[str, str]) -> dict[str, int]:
    """Back to places; a name that is not there is left out."""
    return {key: heading.index(name) for key, name in named.items() if name in heading}
