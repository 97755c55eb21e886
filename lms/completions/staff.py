"""What an office enters by hand: that somebody completed a training, or need not take it."""

from datetime import date, datetime, time

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from lms.completions.enums import SourceKind, StaffBasis
from lms.completions.models import Completion, Revocation, StaffEntry
from lms.completions.services import record_completion, revoke_completion
from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import NEW_YORK, new_york_date
from lms.people.models import Person
from lms.people.permissions import is_coordinator_for
from lms.trainings.models import Training, TrainingVersion
from lms.trainings.selectors import version_in_force

BY_HAND = (SourceKind.STAFF_ENTRY, SourceKind.WAIVER)


@transaction.atomic
def enter(
    *,
    person: Person,
    training: Training,
    occurred_on: date,
    basis: StaffBasis,
    reason: str,
    waiver: bool = False,
    actor: Person,
    now: datetime | None = None,
) -> Completion:
    """Enter that `person` completed `training` on a day, or with `waiver` need not take it.

    A waiver has no length, topics or credit, gives no certificate and meets no law. What it rests
    on goes into the evidence and is shown to the person; the reason stays with the office. Raises
    Refused "not_yours", "in_future", "reason_missing", "known" (that day, or waived, already),
    "not_published".
    """
    now = now or timezone.now()
    person = person.canonical
    if not is_coordinator_for(actor, training.owner):
        raise Refused(
            _("Only %(office)s enters this training.") % {"office": training.owner},
            code="not_yours",
        )
    if occurred_on > new_york_date(now):
        raise Refused(_("Choose today or an earlier day."), code="in_future")
    if not reason.strip():
        raise Refused(_("Say in a few words why you enter it."), code="reason_missing")
    version = _version_on(training, occurred_on)
    lock(person)  # so that the same form sent twice at once is entered once
    mine = Completion.objects.of(person).filter(training=training)
    standing = mine.standing()
    if not waiver:
        standing = standing.filter(occurred_on=occurred_on).exclude(source_kind=SourceKind.WAIVER)
    if standing.exists():
        raise Refused(
            _("This is in the person's record already."),
            code="known",
        )
    kind = SourceKind.WAIVER if waiver else SourceKind.STAFF_ENTRY
    # One that was taken back stays; entering anew is a new fact.
    before = mine.filter(source_kind=kind, occurred_on=occurred_on).count()
    completion = record_completion(
        person=person,
        version=version,
        source_kind=kind,
        source_key=f"{person.pk}:{training.pk}:{occurred_on}:{before}",
        occurred_on=occurred_on,
        evidence={"why": _why(basis, waiver=waiver), "basis": basis.value},
        language=str(version.spec.get("language", settings.LANGUAGE_CODE)),
        actor=actor,
        now=now,
    )
    StaffEntry.objects.create(completion=completion, basis=basis, reason=reason.strip()[:300])
    audit.record(f"completion.{kind}", completion, actor=actor, now=now, basis=basis.value)
    return completion


def _version_on(training: Training, day: date) -> TrainingVersion:
    """What the training said at the end of that day; before its first version, what it says now."""
    end_of_day = datetime.combine(day, time.max, tzinfo=NEW_YORK)
    version = version_in_force(training, at=end_of_day) or version_in_force(training)
    if version is None:
        raise Refused(_("Publish the training first."), code="not_published")
    return version


def _why(basis: StaffBasis, *, waiver: bool) -> str:
    """The sentence that is shown wherever it counts."""
    with translation.override(settings.LANGUAGE_CODE):
        words = str(basis.label)
        words = words[:1].lower() + words[1:]
        if waiver:
            return _("Waived by the office. What it rests on: %(basis)s.") % {"basis": words}
        return _("Entered by the office. What it rests on: %(basis)s.") % {"basis": words}


@transaction.atomic
def take_back(
    *, completion: Completion, reason: str, actor: Person, now: datetime | None = None
) -> Revocation:
    """Take back what an office entered; the entry stays, and stands no more. Twice is once.

    Raises Refused "not_yours", "not_by_hand" for what the site recorded itself, "reason_missing".
    """
    if not is_coordinator_for(actor, completion.training.owner):
        raise Refused(_("Only the office that entered it takes it back."), code="not_yours")
    if completion.source_kind not in BY_HAND:
        raise Refused(_("This was not entered by hand."), code="not_by_hand")
    if not reason.strip():
        raise Refused(_("Say in a few words why you take it back."), code="reason_missing")
    return revoke_completion(completion=completion, reason=reason.strip(), actor=actor, now=now)
