"""What facilities state and sign. Each is one transaction with its audit row."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.completions.models import Completion
from lms.compliance.enums import Basis
from lms.compliance.models import (
    ConditionAttestation,
    Exemption,
    FacilityProfile,
    ProgramApproval,
)
from lms.compliance.record import Record
from lms.compliance.rules import Rule
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.people.counties import COUNTIES
from lms.people.enums import OrganizationKind
from lms.people.models import Employment, Organization, Person
from lms.trainings.models import Training, TrainingVersion


@transaction.atomic
def place_in_county(
    *, facility: Organization, county: str, actor: Person | None, now: datetime | None = None
) -> Organization:
    """Say in which of New York's counties the facility is; a city's rule may hang on it.

    The same again changes nothing. Raises Refused for what is no county.
    """
    if county not in COUNTIES:
        raise Refused(_("Choose the county."), code="no_county")
    facility = lock(facility)
    if facility.county != county:
        facility.county = county
        facility.save(update_fields=["county"])
        audit.record("facility.placed", facility, actor=actor, now=now, county=county)
    return facility


@transaction.atomic
def describe_facility(
    *,
    facility: Organization,
    rooms_for_hire: int | None,
    owner_lives_there: bool | None,
    is_dwelling: bool | None,
    actor: Person | None,
    now: datetime | None = None,
) -> FacilityProfile:
    """Say what decides whether a rule is for this facility; the same again changes nothing.

    Raises Refused for an organization that is not a facility, or for no rooms at all.
    """
    if facility.kind != OrganizationKind.FACILITY:
        raise Refused(_("Only a lodging facility has rooms for hire."), code="not_a_facility")
    if rooms_for_hire is not None and rooms_for_hire < 1:
        raise Refused(_("A lodging facility has at least one room for hire."), code="no_rooms")
    said = {
        "rooms_for_hire": rooms_for_hire,
        "owner_lives_there": owner_lives_there,
        "is_dwelling": is_dwelling,
    }
    profile, created = FacilityProfile.objects.get_or_create(organization=facility, defaults=said)
    before = {name: getattr(profile, name) for name in said}
    if not created and before == said:
        return profile
    if not created:
        profile = lock(profile)
        for name, value in said.items():
            setattr(profile, name, value)
        profile.save(update_fields=list(said))
    audit.record("facility.described", profile, actor=actor, now=now, **said)
    return profile


@transaction.atomic
def attest_conditions(
    *,
    employment: Employment,
    completion: Completion,
    on_premises: bool,
    paid_time: bool,
    note: str = "",
    actor: Person | None,
    now: datetime | None = None,
) -> ConditionAttestation:
    """Sign whether a training of an employee was on the premises and on paid time.

    The newest signature counts; signing the same as the newest returns that one. Raises Refused
    when the completion is somebody else's, was revoked, or lies outside this employment: a manager
    cannot know where and on whose time somebody trained who did not work here.
    """
    employment = lock(employment)
    if completion.person.canonical != employment.person.canonical:
        raise Refused(_("This training is not this employee's."), code="not_theirs")
    if hasattr(completion, "revocation"):
        raise Refused(_("This training was revoked and no longer counts."), code="revoked")
    if completion.occurred_on < employment.started_on:
        raise Refused(
            _("This training was before the hire date, so nobody here can sign for it."),
            code="before_hiring",
        )
    if employment.ended_on and completion.occurred_on > employment.ended_on:
        raise Refused(_("This training was after the last day of work."), code="after_leaving")
    newest = employment.attestations.filter(completion=completion).order_by("-id").first()
    signed = (on_premises, paid_time, note)
    if newest and (newest.on_premises, newest.paid_time, newest.note) == signed:
        return newest
    attestation = ConditionAttestation.objects.create(
        employment=employment,
        completion=completion,
        on_premises=on_premises,
        paid_time=paid_time,
        note=note,
        attested_by=actor,
        attested_at=now or timezone.now(),
    )
    audit.record(
        "conditions.attested",
        attestation,
        actor=actor,
        now=now,
        employment=employment.pk,
        completion=str(completion.pk),
        on_premises=on_premises,
        paid_time=paid_time,
    )
    return attestation


@transaction.atomic
def attest_many(
    *,
    trainings: Iterable[tuple[Employment, Completion]],
    on_premises: bool,
    paid_time: bool,
    note: str = "",
    actor: Person | None,
    now: datetime | None = None,
) -> list[ConditionAttestation]:
    """Sign the same for many employees' trainings: all or none, a row and an audit row for each."""
    now = now or timezone.now()
    # Always in one order, so that two managers signing at once wait for each other, not forever.
    ordered = sorted(trainings, key=lambda pair: (pair[0].pk, str(pair[1].pk)))
    return [
        attest_conditions(
            employment=employment,
            completion=completion,
            on_premises=on_premises,
            paid_time=paid_time,
            note=note,
            actor=actor,
            now=now,
        )
        for employment, completion in ordered
    ]


@transaction.atomic
def approve_program(
    *,
    training: Training,
    version: TrainingVersion | None = None,
    basis: Basis,
    approved_by: str = "",
    link: str = "",
    checked_on: date | None = None,
    last_day: date | None = None,
    reason: str = "",
    actor: Person | None,
    now: datetime | None = None,
) -> ProgramApproval:
    """Record why a program counts as established or approved; the same as the newest returns it.

    `last_day` (a New York day) and its reason belong to a withdrawal: trainings through that day
    keep what was approved before. Raises Refused when a listed program lacks link or day, another
    one its approver, a last day its reason, or the version is another training's.
    """
    if last_day and (basis != Basis.WITHDRAWN or not reason):
        raise Refused(_("Say why the program no longer counts."), code="reason_missing")
    if version and version.training_id != training.pk:
        raise Refused(_("This version belongs to another training."), code="other_training")
    if basis == Basis.STATE_LISTED and not (link and checked_on):
        raise Refused(
            _("Give the link to the state's list and the day it was checked."),
            code="listed_without_link",
        )
    if basis not in {Basis.STATE_LISTED, Basis.WITHDRAWN} and not approved_by.strip():
        raise Refused(_("Say who made or approved the program."), code="approver_missing")
    training = lock(training)
    recorded = ProgramApproval.objects.filter(training=training, version=version)
    newest = recorded.order_by("-id").first()
    said = {
        "basis": basis,
        "approved_by": approved_by,
        "link": link,
        "checked_on": checked_on,
        "last_day": last_day,
        "reason": reason,
    }
    if newest and all(getattr(newest, name) == value for name, value in said.items()):
        return newest
    approval = ProgramApproval.objects.create(
        training=training,
        version=version,
        **said,
        recorded_by=actor,
        recorded_at=now or timezone.now(),
    )
    audit.record("program.approved", approval, actor=actor, now=now, basis=basis)
    return approval


@transaction.atomic
def exempt(
    *,
    employment: Employment,
    rule: Rule,
    reason: str,
    starts_on: date,
    ends_on: date | None = None,
    actor: Person | None,
    now: datetime | None = None,
) -> Exemption:
    """Record that `rule` is not asked of this employee between two days, and why.

    The newest row counts, so an exemption is ended by the same call with its last day. Raises
    Refused without a reason or with an end before the start.
    """
    if not reason.strip():
        raise Refused(_("Give the reason."), code="reason_missing")
    if ends_on and ends_on < starts_on:
        raise Refused(_("The last day cannot be before the first."), code="ends_before_start")
    employment = lock(employment)
    newest = employment.exemptions.filter(rule=rule.id).order_by("-id").first()
    said = (reason.strip(), starts_on, ends_on)
    if newest and (newest.reason, newest.starts_on, newest.ends_on) == said:
        return newest
    exemption = Exemption.objects.create(
        employment=employment,
        rule=rule.id,
        reason=reason.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by=actor,
        recorded_at=now or timezone.now(),
    )
    audit.record(
        "employment.exempted", exemption, actor=actor, now=now, rule=rule.id, ends_on=str(ends_on)
    )
    return exemption


def note_export(*, record: Record, actor: Person | None, now: datetime | None = None) -> None:
    """Note that a facility's record was taken out as a file: who, when, as of which day."""
    audit.record(
        "facility.record_exported",
        record.facility,
        actor=actor,
        now=now,
        rule=record.rule.id,
        as_of=record.as_of.isoformat(),
        digest=record.digest,
        employees=len(record.lines),
    )
