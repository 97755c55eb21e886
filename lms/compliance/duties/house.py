"""A house rule: a facility, or a company for all it has, repeats the training of its own accord.

No law asks for it. It is judged by the same engine, shown as "House rule, not law", and is in no
record for an inspector. It counts from the last training on all topics; whoever has had none is
asked for the first by the law alone.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.compliance.beside import RuleHere
from lms.compliance.duty_models import HousePolicy
from lms.compliance.rules import Applicability, Conditions, Renewal, Rule, get_rule
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.prepared import Prepared, any_given
from lms.core.time import new_york_date, short_date
from lms.people.enums import OrganizationKind
from lms.people.models import Organization, Person

SOON_DAYS = 30
_newest = Prepared(
    lambda: (
        HousePolicy.objects.filter(organization=any_given("owners"))
        .order_by("organization_id", "-id")
        .distinct("organization_id")
        .select_related("organization")
    )
)
_NOTHING = Conditions(approved_program=False, on_premises=False, paid_time=False)


def policies_of(organization: Organization) -> "QuerySet[HousePolicy]":
    """What the organization set and ended, the newest first."""
    return HousePolicy.objects.filter(organization=organization).select_related("recorded_by")


def current_policy(organization: Organization) -> HousePolicy | None:
    """The house rule the organization itself has now, or has set for a later day; one query."""
    return _current(policies_of(organization)[:1])


def policy_for(facility: Organization) -> HousePolicy | None:
    """The facility's house rule: its own, else its company's; one query."""
    owners = [pk for pk in (facility.pk, facility.parent_id) if pk]
    by_owner = {row.organization_id: row for row in _newest(owners=owners)}
    return _current([by_owner[pk] for pk in owners if pk in by_owner])


def _current(rows: "Sequence[HousePolicy] | QuerySet[HousePolicy]") -> HousePolicy | None:
    return next((row for row in rows if row.ends_on is None), None)


def house_rule(policy: HousePolicy) -> Rule:
    """The policy as a rule: the topics of GBL 205 again, and nothing that must be signed for."""
    law = get_rule()
    return replace(
        law,
        id=f"house-{policy.pk}",
        title=_("The training again, as our own rule"),
        short_title=_("The house rule"),
        kind="house_policy",
        effective_from=policy.starts_on,
        conditions=_NOTHING,
        renewal=Renewal(policy.months, SOON_DAYS),
        sources=(),
        limits=(),
        only_again=True,
    )


def house_rules(facility: Organization) -> list[RuleHere]:
    """The facility's house rule to stand beside the laws; empty without one. One query."""
    policy = policy_for(facility)
    if policy is None:
        return []
    return [RuleHere(house_rule(policy), Applicability(applies=True, why=words(policy)))]


def words(policy: HousePolicy) -> str:
    """What the policy says, in one sentence."""
    said = {
        "months": policy.months,
        "day": short_date(policy.starts_on),
        "who": policy.organization.label,
    }
    if policy.is_companys:
        return (
            ngettext(
                "%(who)s wants the training again every month, from %(day)s on.",
                "%(who)s wants the training again every %(months)s months, from %(day)s on.",
                policy.months,
            )
            % said
        )
    return (
        ngettext(
            "This facility wants the training again every month, from %(day)s on.",
            "This facility wants the training again every %(months)s months, from %(day)s on.",
            policy.months,
        )
        % said
    )


@transaction.atomic
def set_policy(
    *,
    organization: Organization,
    months: int,
    starts_on: date,
    actor: Person | None,
    now: datetime | None = None,
) -> HousePolicy:
    """Ask for the training again every so many months, from a New York day on.

    The newest counts; the same again changes nothing. Raises Refused for an organization that has
    no lodging employees, other months, or a day that is over: nobody is late from the start.
    """
    now = now or timezone.now()
    if organization.kind not in {OrganizationKind.FACILITY, OrganizationKind.COMPANY}:
        raise Refused(_("Only a facility or its company sets a house rule."), code="not_lodging")
    if months not in HousePolicy.MONTHS:
        raise Refused(_("Choose every 12 or every 24 months."), code="months")
    lock(organization)
    before = current_policy(organization)
    if before and (before.months, before.starts_on) == (months, starts_on):
        return before
    if starts_on < new_york_date(now):
        raise Refused(
            _("Choose today or a later day, so that nobody is late from the start."), code="past"
        )
    return _write(
        HousePolicy(
            organization=organization,
            months=months,
            starts_on=starts_on,
            recorded_by=actor,
            recorded_at=now,
        )
    )


@transaction.atomic
def end_policy(
    *, organization: Organization, actor: Person | None, now: datetime | None = None
) -> HousePolicy | None:
    """Take the house rule back from today on; what it was is kept. None where there is none."""
    now = now or timezone.now()
    lock(organization)
    before = current_policy(organization)
    if before is None:
        return None
    return _write(
        HousePolicy(
            organization=organization,
            months=before.months,
            starts_on=before.starts_on,
            ends_on=max(before.starts_on, new_york_date(now)),
            recorded_by=actor,
            recorded_at=now,
        )
    )


def _write(row: HousePolicy) -> HousePolicy:
    row.save(force_insert=True)
    audit.record(
        "house_policy.ended" if row.ends_on else "house_policy.set",
        row,
        actor=row.recorded_by,
        now=row.recorded_at,
        months=row.months,
        starts_on=row.starts_on.isoformat(),
    )
    return row
