"""Who is let into restricted trainings, for tests."""

from datetime import date
from typing import Any

from allauth.account.models import EmailAddress

from lms.people.models import Organization, Person
from lms.trainings.access_models import AccessGrant, AccessInvitation, AccessOrganization
from lms.trainings.enums import GrantBasis
from lms.trainings.models import Training
from lms.trainings.services import access as access_services
from tests.factories.people import make_person


def make_grant(
    person: Person, training: Training, *, expires_on: date | None = None, **fields: Any
) -> AccessGrant:
    """The office lets the person in."""
    defaults: dict[str, Any] = {"basis": GrantBasis.BY_HAND, "granted_by": make_person()}
    given = {**defaults, **fields}
    return access_services.give(
        person=person,
        training=training,
        expires_on=expires_on,
        actor=given["granted_by"],
        **given,
    )


def make_invitation(training: Training, address: str) -> AccessInvitation:
    """Somebody of the office invited the address."""
    return AccessInvitation.objects.create(
        training=training, address=address, invited_by=make_person()
    )


def make_access_organization(
    training: Training, organization: Organization, *domains: str
) -> AccessOrganization:
    """The organization's people may take the training."""
    return AccessOrganization.objects.create(
        training=training, organization=organization, domains=list(domains)
    )


def prove(person: Person, address: str) -> EmailAddress:
    """The person typed the code sent to the address."""
    return EmailAddress.objects.create(user=person, email=address, verified=True)
