"""Logging a group training, and each person's word that they were there."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.completions.enums import SourceKind
from lms.completions.services import record_completion
from lms.compliance.group_models import (
    ConfirmedBy,
    GroupConfirmation,
    GroupListing,
    GroupTraining,
)
from lms.compliance.services import attest_conditions
from lms.compliance.worksheets.selectors import owners_for, version_on
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import long_date, new_york_today
from lms.people.device_models import SharedDevice
from lms.people.models import Employment, Organization, Person
from lms.trainings.enums import TrainingKind
from lms.trainings.models import TrainingVersion


@transaction.atomic
def log_group(
    *,
    facility: Organization,
    version: TrainingVersion,
    held_on: date,
    place: str,
    on_premises: bool,
    paid_time: bool,
    trainer: str,
    language: str,
    employments: Sequence[Employment],
    actor: Person,
    now: datetime | None = None,
) -> GroupTraining:
    """Log that a group was trained; nobody has a completion before saying that they were there.

    Of a facility's own program the version counts whose worksheet was good on that day, where one
    was. Raises Refused for a day to come, for nobody, for another facility's own program, and for
    somebody who did not work at the facility on that day.
    """
    if held_on > new_york_today(now):
        raise Refused(_("Log a training on its day or later."), code="in_future")
    if version.training.kind == TrainingKind.FACILITY:
        if not owners_for(facility).filter(pk=version.training.owner_id).exists():
            raise Refused(_("This is another facility’s own program."), code="not_ours")
        version = version_on(version, held_on)
    if not employments:
        raise Refused(_("Tick at least one person."), code="nobody")
    for employment in employments:
        here = employment.organization_id == facility.pk and employment.started_on <= held_on
        if not here or (employment.ended_on is not None and employment.ended_on < held_on):
            raise Refused(
                _("%(name)s did not work here on %(day)s.")
                % {"name": employment.person, "day": long_date(held_on)},
                code="not_here",
            )
    group = GroupTraining.objects.create(
        facility=facility,
        version=version,
        held_on=held_on,
        place=place.strip(),
        on_premises=on_premises,
        paid_time=paid_time,
        trainer=trainer.strip(),
        language=language,
        logged_by=actor,
        logged_at=now or timezone.now(),
    )
    people = {employment.pk: employment for employment in employments}
    GroupListing.objects.bulk_create(
        GroupListing(group=group, employment=employment) for employment in people.values()
    )
    audit.record("group.logged", group, actor=actor, now=now, listed=len(people))
    return group


@transaction.atomic
def confirm_by_pin(
    *,
    listing: GroupListing,
    was_there: bool,
    device: SharedDevice,
    pin_reset_that_day: bool,
    actor: Person,
    now: datetime | None = None,
) -> GroupConfirmation:
    """The person says on a shared device whether they were there; saying it again changes nothing.

    A yes is a completion, once, and brings the facility's word on premises and paid time with it.
    """
    return _confirm(
        listing, was_there, ConfirmedBy.PIN, device, pin_reset_that_day, actor=actor, now=now
    )


@transaction.atomic
def confirm_by_sheet(
    *,
    group: GroupTraining,
    listings: Sequence[GroupListing],
    actor: Person,
    now: datetime | None = None,
) -> list[GroupConfirmation]:
    """The manager says who signed the printed sheet, which the facility keeps; all or none.

    Raises Refused for a listing of another group.
    """
    if any(listing.group_id != group.pk for listing in listings):
        raise Refused(_("This person is not on the list of this training."), code="not_listed")
    return [
        _confirm(listing, True, ConfirmedBy.SHEET, None, False, actor=actor, now=now)
        for listing in listings
    ]


def _confirm(
    listing: GroupListing,
    was_there: bool,
    how: ConfirmedBy,
    device: SharedDevice | None,
    pin_reset: bool,
    *,
    actor: Person,
    now: datetime | None,
) -> GroupConfirmation:
    now = now or timezone.now()
    listing = lock(listing)
    said = GroupConfirmation.objects.filter(listing=listing).first()
    if said:
        return said
    completion = None
    if was_there:
        group, employment = listing.group, listing.employment
        completion = record_completion(
            person=employment.person,
            version=group.version,
            source_kind=SourceKind.GROUP_LOG,
            source_key=f"group:{group.pk}:{employment.pk}",
            occurred_on=group.held_on,
            evidence=_evidence(group, how, pin_reset),
            language=group.language,
            actor=actor,
            now=now,
        )
        attest_conditions(
            employment=employment,
            completion=completion,
            on_premises=group.on_premises,
            paid_time=group.paid_time,
            actor=group.logged_by,
            now=now,
        )
    confirmation = GroupConfirmation.objects.create(
        listing=listing,
        was_there=was_there,
        how=how,
        device=device,
        pin_reset_that_day=pin_reset,
        confirmed_by=actor,
        confirmed_at=now,
        completion=completion,
    )
    audit.record(
        "group.confirmed" if was_there else "group.denied", listing, actor=actor, now=now, how=how
    )
    return confirmation


def _evidence(group: GroupTraining, how: ConfirmedBy, pin_reset: bool) -> dict[str, Any]:
    why = {
        ConfirmedBy.PIN: (
            "Was at a group training logged by the facility, and confirmed it with their own PIN."
        ),
        ConfirmedBy.SHEET: (
            "Was at a group training logged by the facility, and signed its attendance sheet."
        ),
    }[how]
    return {
        "why": why,
        "group": group.pk,
        "facility": group.facility_id,
        "place": group.place,
        "trainer": group.trainer,
        "on_premises": group.on_premises,
        "paid_time": group.paid_time,
        "confirmed": how.value,
        "pin_reset_that_day": pin_reset,
        "logged_by": group.logged_by_id,
    }
