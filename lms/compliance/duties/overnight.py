"""Who may stand in for the front desk overnight in a New York City hotel.

Local Law 104 wants the front desk staffed at all hours. Overnight a security guard may stand in who
can assist guests and was trained as GBL 205 asks (Administrative Code 20-565.4, DOMAIN 15). Whether
somebody is a registered guard, and able to assist, the record cannot say; the page asks for it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lms.compliance.selectors import EmployeeStanding
from lms.people.enums import Post

# Guards, and those who are at the desk at night anyway.
POSTS = frozenset({Post.SECURITY, Post.NIGHT_AUDIT})


@dataclass(frozen=True)
class Overnight:
    """Who of these posts may stand in by the training on record, and who not, each with the why."""

    may: list[EmployeeStanding]
    may_not: list[EmployeeStanding]


def overnight(lines: Sequence[EmployeeStanding]) -> Overnight:
    """Sorts those in the posts of the night; `lines` are standings with GBL 205, of who is here."""
    asked = [line for line in lines if line.period and line.period.post in POSTS]
    asked.sort(key=lambda line: (line.period.post if line.period else "", line.person.sort_name))
    return Overnight(
        may=[line for line in asked if line.standing.is_met],
        may_not=[line for line in asked if not line.standing.is_met],
    )
