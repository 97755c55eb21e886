"""What a ruling on a test would do, told before it is made; and rulings in words.

Nothing is written here: where somebody would stand is asked of `selectors.where` with the attempt's
result as it would be.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.enums import AttemptStatus, EnrolmentStatus, RulingKind
from courses.models import Attempt, AttemptRuling, Enrolment
from courses.selectors import Outline, where


def outage_minutes(attempt: Attempt) -> int:
    """How many minutes the attempt's deadline was moved by because of outages."""
    found = attempt.rulings.filter(kind=RulingKind.OUTAGE).aggregate(minutes=Sum("minutes"))
    return found["minutes"] or 0


def outage_in_words(minutes: int) -> str:
    """That somebody has more time than their rule says."""
    return ngettext(
        "The office gave you %(count)s more minute because of an outage.",
        "The office gave you %(count)s more minutes because of an outage.",
        minutes,
    ) % {"count": minutes}


def ran_out(attempt: Attempt) -> bool:
    """Whether the attempt ended because its time was over, not because it was handed in."""
    return bool(
        attempt.deadline_at and attempt.handed_in_at and attempt.handed_in_at >= attempt.deadline_at
    )


@dataclass(frozen=True)
class VoidPreview:
    """What follows where a try does not count any more."""

    revokes: bool
    used_after: int
    allowed: int | None

    @property
    def lines(self) -> list[str]:
        """The consequences in sentences."""
        found = [
            _("The try stays on record as one that does not count. This cannot be undone."),
            _("The person is told by mail, with your reason."),
        ]
        if self.allowed is not None:
            left = max(0, self.allowed - self.used_after)
            found.append(
                ngettext(
                    "They have %(count)s try left at this test.",
                    "They have %(count)s tries left at this test.",
                    left,
                )
                % {"count": left}
            )
        if self.revokes:
            found.append(
                _(
                    "Their completion of the course rests on this try: it is revoked, and the "
                    "certificate no longer stands. The course is open again; all else stays done."
                )
            )
        return found


def rests_on(attempt: Attempt, enrolment: Enrolment) -> bool:
    """Whether the enrolment's standing completion would lack the attempt's step without it.

    Only that step is asked about: what else is open by now, as a document's new version, has
    nothing to do with the attempt.
    """
    completion = enrolment.completion
    if enrolment.status != EnrolmentStatus.COMPLETED or completion is None:
        return False
    if hasattr(completion, "revocation"):
        return False
    before = _standing(enrolment.pk).step(attempt.step_key)
    after = _standing(enrolment.pk, without=attempt)
    return bool(before and before.is_done) and any(
        step.key == attempt.step_key and not step.is_done for step in after.needed
    )


def void_preview(attempt: Attempt, enrolment: Enrolment) -> VoidPreview:
    """What voiding the attempt would come to now."""
    step = _standing(enrolment.pk, without=attempt).step(attempt.step_key)
    return VoidPreview(
        revokes=rests_on(attempt, enrolment),
        used_after=step.attempts_used if step else 0,
        allowed=step.attempts_allowed if step else None,
    )


def _standing(enrolment: int, without: Attempt | None = None) -> Outline:
    """How the enrolment stands; how it would if the attempt did not count."""
    fresh = Enrolment.objects.with_standing().get(pk=enrolment)
    for other in fresh.attempts.all():
        if without and other.pk == without.pk:
            other.__dict__["is_void"] = True
    return where(fresh)


def would_complete(enrolments: Iterable[Enrolment], gains: dict[int, Decimal]) -> int:
    """How many of the enrolments, read `with_standing`, would be finished with these points.

    `gains` are attempts' new points, by the attempt's id; each passes with them.
    """
    count = 0
    for enrolment in enrolments:
        if not enrolment.is_active:
            continue
        for attempt in enrolment.attempts.all():
            if attempt.pk in gains and attempt.status == AttemptStatus.HANDED_IN:
                attempt.__dict__["result_points"] = gains[attempt.pk]
                attempt.__dict__["result_outcome"] = True
        count += where(enrolment).is_finished
    return count


def in_words(ruling: AttemptRuling) -> str:
    """What was decided, without the reason."""
    if ruling.kind == RulingKind.REGRADE:
        return _("Counted anew after a decision on a question")
    if ruling.kind == RulingKind.OUTAGE and ruling.minutes:
        return ngettext(
            "%(count)s more minute because of an outage",
            "%(count)s more minutes because of an outage",
            ruling.minutes,
        ) % {"count": ruling.minutes}
    if ruling.kind == RulingKind.OUTAGE:
        return _("Does not count: an outage ended it")
    return _("Does not count")
