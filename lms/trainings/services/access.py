"""Letting people in and out of restricted trainings. Each change is one transaction."""

import re
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import new_york_date
from lms.people.models import Organization, Person
from lms.people.permissions import is_coordinator_for
from lms.trainings import access_letters
from lms.trainings.access import PRIVATE_MAIL, domains_of, verified_addresses, why_not
from lms.trainings.access_models import (
    AccessGrant,
    AccessInvitation,
    AccessOrganization,
    AccessRequest,
    AccessRule,
)
from lms.trainings.enums import GrantBasis
from lms.trainings.models import Training

_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


@transaction.atomic
def enter(
    *, person: Person, training: Training, actor: Person | None, now: datetime | None = None
) -> None:
    """At the door of a training: let `person` in, or raise Refused "not_in_audience".

    Asks nothing for an open training. An invitation to an address the person has proved becomes
    their grant, made by who invited.
    """
    if not training.is_restricted:
        return
    now = now or timezone.now()
    refusal = why_not(person, training, now)
    if refusal:
        raise refusal
    invitation = (
        AccessInvitation.objects.open()
        .filter(training=training, address__in=verified_addresses(person))
        .select_related("invited_by")
        .first()
    )
    if invitation is None:
        return
    claimed = AccessInvitation.objects.open().filter(pk=invitation.pk).update(claimed_at=now)
    if claimed:
        give(
            person=person,
            training=training,
            basis=GrantBasis.INVITATION,
            invitation=invitation,
            granted_by=invitation.invited_by,
            actor=actor,
            now=now,
        )


@transaction.atomic
def give(
    *,
    person: Person,
    training: Training,
    basis: GrantBasis,
    granted_by: Person,
    actor: Person | None,
    expires_on: date | None = None,
    request: AccessRequest | None = None,
    invitation: AccessInvitation | None = None,
    reason: str = "",
    now: datetime | None = None,
) -> AccessGrant:
    """Write a grant, until `expires_on` (default: as long as the training's rule says).

    One that holds at least as long is returned as it is, a shorter or expired one ends and is
    followed by this one.
    """
    now = now or timezone.now()
    person = person.canonical
    lock(training)
    expires_on = expires_on or last_day(training, now)
    there = AccessGrant.objects.of(person).filter(training=training, ended_at__isnull=True).first()
    if there and request is None and (there.expires_on is None or there.expires_on >= expires_on):
        return there
    if there:
        AccessGrant.objects.filter(pk=there.pk).update(ended_at=now, ended_by=granted_by)
    grant = AccessGrant.objects.create(
        training=training,
        person=person,
        basis=basis,
        request=request,
        invitation=invitation,
        reason=reason,
        granted_at=now,
        granted_by=granted_by,
        expires_on=expires_on,
    )
    audit.record(
        "access.granted",
        grant,
        actor=actor,
        now=now,
        training=training.pk,
        person=person.pk,
        basis=basis,
        until=str(expires_on),
    )
    return grant


def rule_of(training: Training) -> AccessRule:
    """The training's rule, or the defaults (not saved) where nobody has set one."""
    rule = AccessRule.objects.filter(training=training).select_related("deputy").first()
    return rule or AccessRule(training=training)


def last_day(training: Training, now: datetime) -> date:
    """The last New York day of a grant given at `now` by the training's rule."""
    return new_york_date(now) + timedelta(days=rule_of(training).grant_days)


@transaction.atomic
def end_grant(*, grant: AccessGrant, actor: Person, now: datetime | None = None) -> AccessGrant:
    """Take somebody's access away; what they did stays on record. Ending twice is once."""
    now = now or timezone.now()
    changed = AccessGrant.objects.filter(pk=grant.pk, ended_at__isnull=True)
    if changed.update(ended_at=now, ended_by=actor):
        audit.record("access.ended", grant, actor=actor, now=now, training=grant.training_id)
    grant.refresh_from_db(fields=["ended_at", "ended_by"])
    return grant


@transaction.atomic
def set_rule(
    *,
    training: Training,
    target_days: int,
    every_day: bool = False,
    deputy: Person | None,
    grant_days: int,
    actor: Person,
    now: datetime | None = None,
) -> AccessRule:
    """How the office answers from now on; requests that wait keep the target they were told.

    Raises Refused "not_coordinator" for a deputy who could not open the desk.
    """
    if deputy and not is_coordinator_for(deputy, training.owner):
        raise Refused(
            _("%(person)s does not coordinate for %(office)s, so could not answer.")
            % {"person": deputy, "office": training.owner},
            code="not_coordinator",
        )
    rule, _created = AccessRule.objects.update_or_create(
        training=training,
        defaults={
            "target_days": target_days,
            "every_day": every_day,
            "deputy": deputy,
            "grant_days": grant_days,
        },
    )
    audit.record(
        "access.rule_set",
        rule,
        actor=actor,
        now=now,
        target_days=target_days,
        every_day=every_day,
        grant_days=grant_days,
        deputy=deputy.pk if deputy else None,
    )
    return rule


@transaction.atomic
def add_organization(
    *,
    training: Training,
    organization: Organization,
    domains: list[str],
    actor: Person,
    now: datetime | None = None,
) -> AccessOrganization:
    """The organization's people may take the training, and whoever has proved an address there.

    Adding it again replaces the domains. Raises Refused "not_a_domain", and "private_mail" for a
    domain at which anybody has an address.
    """
    cleaned = sorted({domain.strip().lower().removeprefix("@") for domain in domains} - {""})
    for domain in cleaned:
        if not _DOMAIN.fullmatch(domain):
            raise Refused(
                _("“%(domain)s” is not a mail domain. Type it like agency.ny.gov.")
                % {"domain": domain},
                code="not_a_domain",
            )
        if PRIVATE_MAIL.intersection(domains_of(f"@{domain}")):
            raise Refused(
                _("Anybody has an address at %(domain)s.") % {"domain": domain},
                code="private_mail",
            )
    row, _created = AccessOrganization.objects.update_or_create(
        training=training, organization=organization, defaults={"domains": cleaned}
    )
    audit.record(
        "access.organization_added", row, actor=actor, now=now, organization=organization.pk
    )
    return row


@transaction.atomic
def remove_organization(
    *, row: AccessOrganization, actor: Person, now: datetime | None = None
) -> None:
    """The organization's people may take the training no longer; what they did stays."""
    audit.record(
        "access.organization_removed", row, actor=actor, now=now, organization=row.organization_id
    )
    row.delete()


@transaction.atomic
def invite(
    *, training: Training, addresses: list[str], actor: Person, now: datetime | None = None
) -> list[AccessInvitation]:
    """Invite each address once, with a mail; returns those invited now.

    All or none: raises Refused "not_an_address", naming every line that is none.
    """
    now = now or timezone.now()
    wanted = list(dict.fromkeys(address.strip().lower() for address in addresses))
    wrong = [address for address in wanted if not _is_address(address)]
    if wrong:
        raise Refused(
            _("These are not e-mail addresses: %(lines)s") % {"lines": ", ".join(wrong[:10])},
            code="not_an_address",
        )
    there = set(
        AccessInvitation.objects.filter(
            training=training, address__in=wanted, withdrawn_at__isnull=True
        ).values_list("address", flat=True)
    )
    invited = []
    for address in wanted:
        if address in there:
            continue
        row = AccessInvitation.objects.create(
            training=training, address=address, invited_at=now, invited_by=actor
        )
        audit.record("access.invited", row, actor=actor, now=now, training=training.pk)
        access_letters.tell_invited(row)
        invited.append(row)
    return invited


def _is_address(address: str) -> bool:
    try:
        validate_email(address)
    except ValidationError:
        return False
    return True


@transaction.atomic
def withdraw_invitation(
    *, invitation: AccessInvitation, actor: Person, now: datetime | None = None
) -> None:
    """Take back an invitation that nobody has used. Twice is once."""
    now = now or timezone.now()
    if AccessInvitation.objects.open().filter(pk=invitation.pk).update(withdrawn_at=now):
        audit.record("access.invitation_withdrawn", invitation, actor=actor, now=now)
