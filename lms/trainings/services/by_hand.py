"""The office lets one person in without having been asked."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import long_date, new_york_date
from lms.people.models import Person
from lms.people.selectors import person_for_address
from lms.trainings import access_letters
from lms.trainings.access_models import AccessGrant, AccessRequest
from lms.trainings.enums import GrantBasis
from lms.trainings.models import Training
from lms.trainings.services.access import give


@transaction.atomic
def let_in(
    *,
    training: Training,
    email: str,
    reason: str,
    expires_on: date,
    actor: Person,
    now: datetime | None = None,
) -> AccessGrant:
    """Let the person with this address in through `expires_on`, a New York day; they are told.

    The same again, with the same last day, is the grant there is, and nobody is told twice.

    Raises Refused: "unknown_address" for one that signs nobody in (it can be invited), "own_access"
    from whoever it is for, "past", "no_reason", "asked" while their own request waits, and
    "already_in" for somebody who is in for longer.
    """
    now = now or timezone.now()
    person = person_for_address(email)
    if person is None:
        raise Refused(
            _("Nobody signs in with this address yet. Invite it below instead."),
            code="unknown_address",
        )
    if person.pk == actor.canonical.pk:
        raise Refused(_("Another coordinator must let you in."), code="own_access")
    if not reason.strip():
        raise Refused(_("Say why you let this person in."), code="no_reason")
    if expires_on < new_york_date(now):
        raise Refused(_("Choose a day that is not over."), code="past")
    lock(training)
    if AccessRequest.objects.of(person).open().filter(training=training).exists():
        raise Refused(
            _("%(person)s asked for access. Answer the request instead.") % {"person": person},
            code="asked",
        )
    known = AccessGrant.objects.of(person).filter(training=training, ended_at__isnull=True).first()
    if known and known.expires_on == expires_on:
        return known
    if known and (known.expires_on is None or known.expires_on > expires_on):
        until = long_date(known.expires_on) if known.expires_on else ""
        raise Refused(
            _("%(person)s is in until %(day)s already. To make it shorter, end that access first.")
            % {"person": person, "day": until}
            if until
            else _("%(person)s is in already, without an end.") % {"person": person},
            code="already_in",
        )
    grant = give(
        person=person,
        training=training,
        basis=GrantBasis.BY_HAND,
        reason=" ".join(reason.split())[:300],
        granted_by=actor,
        expires_on=expires_on,
        actor=actor,
        now=now,
    )
    access_letters.tell_granted(grant)
    return grant
