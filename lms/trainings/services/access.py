"""Letting people in and out of restricted trainings. Each change is one transaction."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from lms.core import audit
from lms.core.locking import lock
from lms.core.time import new_york_date
from lms.people.models import Person
from lms.trainings.access import verified_addresses, why_not
from lms.trainings.access_models import (
    AccessGrant,
    AccessInvitation,
    AccessRequest,
    AccessRule,
)
from lms.trainings.enums import GrantBasis
from lms.trainings.models import Training


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
