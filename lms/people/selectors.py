"""Questions about people over several tables."""

from allauth.account.models import EmailAddress

from lms.people.models import Person


def person_for_address(email: str) -> Person | None:
    """Whose sign-in this address is: who verified it, else whose record carries it.

    An address somebody else typed and never verified counts for nothing. The row that services
    write for is returned, so an address of a merged record leads to the one that stayed.
    """
    address = email.strip().lower()
    verified = (
        EmailAddress.objects.filter(email=address, verified=True)
        .select_related("user__canonical_person")
        .first()
    )
    person: Person | None
    if verified:
        person = verified.user
    else:
        person = Person.objects.filter(email=address).select_related("canonical_person").first()
    return person.canonical if person else None


def has_address(person: Person, email: str) -> bool:
    """Whether a code sent to this address would sign in `person`."""
    found = person_for_address(email)
    return found is not None and found.pk == person.canonical.pk
