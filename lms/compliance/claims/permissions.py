"""Who answers claims: the coordinators of the office that speaks for the state."""

from lms.people.models import Person
from lms.people.permissions import is_any_coordinator
from lms.people.state_office import coordinated_state_offices


def looks_after_facilities(person: Person) -> bool:
    """Whether facilities, and who manages them, are this person's to decide."""
    if person.is_superuser:
        return True
    return is_any_coordinator(person) and coordinated_state_offices(person).exists()
