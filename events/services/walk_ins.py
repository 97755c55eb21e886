"""People who came without a seat."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from events.enums import RegistrationMove
from events.models import Registration, Session
from events.permissions import DOOR_OPENS
from events.services import seats
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.fields import fold
from lms.people.models import Person
from lms.people.selectors import person_for_address
from lms.people.services import ensure_person


class OtherPersonsAddress(Refused):
    """The address typed is that of somebody with another name: `person`."""

    def __init__(self, person: Person) -> None:
        self.person = person
        message = _(
            "This address is %(person)s's. Is this %(person)s? Otherwise leave it empty: two people"
            " with one address would be one in the list."
        )
        super().__init__(message % {"person": person}, code="other_persons_address")


@transaction.atomic
def add_walk_in(
    *,
    session: Session,
    first_name: str,
    last_name: str,
    email: str = "",
    is_person: int | None = None,
    actor: Person | None,
    now: datetime | None = None,
) -> Registration:
    """Give a seat to somebody who came without one; nobody is written to.

    The person is the one with that address, or a new record. Seats are not counted: they were
    there. Somebody with a seat keeps it; one that was given back is taken again. Raises Refused
    earlier than an hour before the session, for a cancelled one, without a full name, for an
    address that is none, and OtherPersonsAddress for one whose owner has another name, unless
    `is_person` says that it is this very person.
    """
    now = now or timezone.now()
    session = lock(session)
    if session.is_cancelled:
        raise Refused(_("This session was cancelled."), code="cancelled")
    if session.starts_at - DOOR_OPENS > now:
        raise Refused(
            _("The door opens an hour before the session. Until then people register as usual."),
            code="not_started",
        )
    if not first_name.strip() or not last_name.strip():
        raise Refused(
            _("Type the first and the last name, as they are to stand on the certificate."),
            code="name_missing",
        )
    _check_address(email)
    _refuse_other_person(email, f"{first_name} {last_name}", is_person)
    person = ensure_person(
        email=email, first_name=first_name, last_name=last_name, actor=actor, now=now
    )
    seat = Registration.objects.of(person).filter(session=session).first()
    if seat and seat.is_live:
        return seat
    if seat:
        seats.seat(seat, RegistrationMove.WALKED_IN, actor=actor, now=now)
    else:
        seat = Registration.objects.create(
            session=session, person=person, registered_at=now, updated_at=now
        )
        seats.note_move(seat, RegistrationMove.WALKED_IN, actor=actor, now=now)
    return seat


def _refuse_other_person(email: str, name: str, is_person: int | None) -> None:
    """A desk's or a spouse's address must not swallow whoever came with it."""
    owner = person_for_address(email) if email.strip() else None
    if owner is None or owner.pk == is_person or not owner.get_full_name():
        return
    if fold(owner.get_full_name()) != fold(name):
        raise OtherPersonsAddress(owner)


def _check_address(email: str) -> None:
    if not email.strip():
        return
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise Refused(
            _("“%(email)s” is not an e-mail address.") % {"email": email}, code="not_an_address"
        ) from error
