"""What a training lacks besides topics: approval, length, premises, paid time."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lms.compliance.enums import MissingKind
from lms.compliance.facts import TrainingFact, approval_lacks
from lms.compliance.rules import Rule


@dataclass(frozen=True)
class Missing:
    """One thing the record lacks; `completion_id` names the training it is about.

    `signable` is false where no signature can mend it: the training was before the employment.
    """

    kind: MissingKind
    words: str
    code: str = ""
    completion_id: str = ""
    signable: bool = True


def conditions_missing(rule: Rule, training: TrainingFact, hired_on: date) -> tuple[Missing, ...]:
    """What a training lacks besides topics."""
    signable = training.occurred_on >= hired_on
    lacks = []
    approval, signature = training.approval, training.signature
    if rule.conditions.approved_program and (
        words := approval_lacks(approval, training.occurred_on)
    ):
        lacks.append((MissingKind.APPROVAL, words))
    least = rule.conditions.min_minutes
    if training.minutes < least:
        words = ngettext(
            "that it took at least %(least)s minute",
            "that it took at least %(least)s minutes",
            least,
        ) % {"least": least}
        lacks.append((MissingKind.MINUTES, words))
    if rule.conditions.on_premises and not (signature and signature.on_premises):
        words = (
            _("that it was on the premises: it was signed that it was not")
            if signature
            else _("that it was on the premises")
        )
        lacks.append((MissingKind.PREMISES, words))
    if rule.conditions.paid_time and not (signature and signature.paid_time):
        words = (
            _("that the time was paid: it was signed that it was not")
            if signature
            else _("that the time was paid")
        )
        lacks.append((MissingKind.PAID, words))
    return tuple(
        Missing(
            kind=kind,
            words=words,
            completion_id=training.completion_id,
            signable=signable or kind in {MissingKind.APPROVAL, MissingKind.MINUTES},
        )
        for kind, words in lacks
    )


def conditions_unrecorded(rule: Rule) -> tuple[Missing, ...]:
    """What the law asks of a training besides topics, where there is no training at all."""
    asked = rule.conditions
    lacks = [
        (asked.approved_program, MissingKind.APPROVAL, _("an established or approved program")),
        (
            bool(asked.min_minutes),
            MissingKind.MINUTES,
            _("that it took at least %(least)s minutes") % {"least": asked.min_minutes},
        ),
        (asked.on_premises, MissingKind.PREMISES, _("that it was on the premises")),
        (asked.paid_time, MissingKind.PAID, _("that the time was paid")),
    ]
    return tuple(Missing(kind=kind, words=words) for wanted, kind, words in lacks if wanted)
