"""Confirming an accreditor's numbers, and taking that back. Each change is one transaction."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.core import audit
from lms.core.exceptions import Refused
from lms.core.locking import lock
from lms.core.time import months_on
from lms.people.models import Organization, Person
from lms.people.permissions import is_coordinator_for
from lms.trainings.accrediting import Accreditor, load_accreditors
from lms.trainings.accreditor_models import AccreditorConfirmation
from lms.trainings.enums import ConfirmationState
from lms.trainings.models import Training


@transaction.atomic
def confirm(
    *,
    office: Organization,
    accreditor: str,
    number: str,
    valid_from: date,
    expires_on: date,
    checked_against: str,
    signed_name: str,
    training: Training | None = None,
    presenter: str = "",
    actor: Person,
    now: datetime | None = None,
) -> AccreditorConfirmation:
    """Say that the office's provider number, or a training's approval, was checked by a person.

    From now on the accreditor's credit is shown and printed for completions between the two days
    (New York days, both included). The same word twice is one row. Raises Refused "not_yours",
    "unknown", "not_per_training", "number_missing", "number_used", "presenter_missing",
    "days_wrong", "too_long", "not_signed".
    """
    now = now or timezone.now()
    rules = _allowed(office, accreditor, training, actor)
    number, presenter = number.strip(), " ".join(presenter.split())
    checked_against, signed_name = checked_against.strip(), " ".join(signed_name.split())
    if not number:
        raise Refused(_("Say the number as it stands on the approval."), code="number_missing")
    if training is not None and rules.approval.presenter and not presenter:
        raise Refused(
            _("%(accreditor)s wants the presenter's name and credentials on the certificate.")
            % {"accreditor": rules.short_name},
            code="presenter_missing",
        )
    if not (signed_name and checked_against):
        raise Refused(_("Say your name and what you compared the number with."), code="not_signed")
    _check_days(rules, valid_from, expires_on)
    lock(office)  # so that two people who confirm at once write one row
    last = _newest(office, accreditor, training)
    said = {
        "number": number,
        "presenter": presenter if training is not None else "",
        "valid_from": valid_from,
        "expires_on": expires_on,
        "checked_against": checked_against[:200],
        "signed_name": signed_name[:150],
    }
    if last and last.is_confirmed and all(getattr(last, k) == v for k, v in said.items()):
        return last
    if training is not None:
        _refuse_used(office, accreditor, training, number)
    row = AccreditorConfirmation.objects.create(
        office=office,
        accreditor=accreditor,
        training=training,
        state=ConfirmationState.CONFIRMED,
        actor=actor,
        recorded_at=now,
        **said,
    )
    audit.record("credit.confirmed", row, actor=actor, now=now, accreditor=accreditor)
    return row


@transaction.atomic
def withdraw(
    *,
    office: Organization,
    accreditor: str,
    reason: str,
    training: Training | None = None,
    actor: Person,
    now: datetime | None = None,
) -> AccreditorConfirmation:
    """Take a confirmation back, for a reason; certificates issued before keep what they say.

    The accreditor's credit is neither shown nor printed from now on. Twice is once. Raises Refused
    "not_yours", "unknown", "not_per_training", "not_confirmed", "reason_missing".
    """
    now = now or timezone.now()
    _allowed(office, accreditor, training, actor)
    if not reason.strip():
        raise Refused(_("Say in a few words why you take it back."), code="reason_missing")
    lock(office)
    last = _newest(office, accreditor, training)
    if last is None:
        raise Refused(_("This is not confirmed."), code="not_confirmed")
    if not last.is_confirmed:
        return last
    row = AccreditorConfirmation.objects.create(
        office=office,
        accreditor=accreditor,
        training=training,
        state=ConfirmationState.WITHDRAWN,
        reason=reason.strip()[:300],
        actor=actor,
        recorded_at=now,
    )
    audit.record("credit.withdrawn", row, actor=actor, now=now, accreditor=accreditor)
    return row


def usual_end(accreditor: str, valid_from: date) -> date:
    """The last day of an approval that begins on a day, as long as the accreditor's last."""
    months = load_accreditors()[accreditor].approval.months
    return months_on(valid_from, months) - timedelta(days=1)


def _allowed(
    office: Organization, accreditor: str, training: Training | None, actor: Person
) -> Accreditor:
    if not is_coordinator_for(actor, office) or (training and training.owner_id != office.pk):
        raise Refused(
            _("Only %(office)s confirms this.") % {"office": office.label}, code="not_yours"
        )
    rules = load_accreditors().get(accreditor)
    if rules is None:
        raise Refused(_("This site does not know the accreditor."), code="unknown")
    if training is not None and not rules.approval.per_training:
        raise Refused(
            _("%(accreditor)s approves providers, not single trainings.")
            % {"accreditor": rules.short_name},
            code="not_per_training",
        )
    return rules


def _check_days(rules: Accreditor, valid_from: date, expires_on: date) -> None:
    if expires_on < valid_from:
        raise Refused(_("The approval cannot end before it begins."), code="days_wrong")
    if expires_on > months_on(valid_from, rules.approval.months):
        raise Refused(
            _("An approval by %(accreditor)s lasts %(months)s months. Check both days.")
            % {"accreditor": rules.short_name, "months": rules.approval.months},
            code="too_long",
        )


def _refuse_used(office: Organization, accreditor: str, training: Training, number: str) -> None:
    """An approval number belongs to one title."""
    others = (
        AccreditorConfirmation.objects.filter(accreditor=accreditor, training__isnull=False)
        .exclude(training=training)
        .order_by("office_id", "training_id", "-id")
        .distinct("office_id", "training_id")
        .select_related("training")
    )
    for other in others:
        if other.is_confirmed and other.number == number:
            raise Refused(
                _("“%(title)s” has this approval number already; each training has its own.")
                % {"title": other.training}
                if other.office_id == office.pk
                else _("Another training has this approval number already. Check it again."),
                code="number_used",
            )


def _newest(
    office: Organization, accreditor: str, training: Training | None
) -> AccreditorConfirmation | None:
    return AccreditorConfirmation.objects.filter(
        office=office, accreditor=accreditor, training=training
    ).first()
