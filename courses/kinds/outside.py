"""A course taken elsewhere: done when the office has accepted a proof of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from wagtail.blocks import StructValue

from courses.enums import ProofStatus, StepState
from courses.kinds.base import StepType
from courses.models import (
    Attempt,
    CoursePage,
    Enrolment,
    OutsideCoursePage,
    OutsideProof,
    StepProgress,
)
from lms.core.time import long_date, new_york_date

if TYPE_CHECKING:
    from courses.selectors import Step


@dataclass(frozen=True)
class ProofStanding:
    """The newest proof that was sent and not taken back."""

    pk: int
    status: ProofStatus
    name: str
    sha256: str
    finished_on: date
    sent_at: datetime
    decided_at: datetime | None
    decided_by: str
    decided_by_id: int | None
    reason: str

    @classmethod
    def of(cls, proof: OutsideProof) -> "ProofStanding":
        """What the row says; it needs `decided_by`."""
        return cls(
            pk=proof.pk,
            status=ProofStatus(proof.status),
            name=proof.name,
            sha256=proof.sha256,
            finished_on=proof.finished_on,
            sent_at=proof.sent_at,
            decided_at=proof.decided_at,
            decided_by=proof.decided_by.get_full_name() if proof.decided_by else "",
            decided_by_id=proof.decided_by_id,
            reason=proof.reason,
        )

    @property
    def waits(self) -> bool:
        """Whether the office has yet to look at it."""
        return self.status == ProofStatus.WAITING

    @property
    def note(self) -> str:
        """Where it stands, in a sentence."""
        if self.waits:
            return _("Your proof of %(day)s waits for the office.") % {
                "day": long_date(new_york_date(self.sent_at))
            }
        if self.refused:
            return _("Your proof was not accepted. Open this to see why.")
        return _("Your proof is accepted.")

    @property
    def refused(self) -> bool:
        return self.status == ProofStatus.REFUSED


class Outside(StepType):
    """Launched elsewhere; a proof comes back, and somebody at the office looks at it."""

    records = ("proofs__decided_by",)
    for_guests = False

    def freeze(self, course: CoursePage, value: StructValue) -> dict[str, Any]:
        """With who gives it, and whether they approve registrations themselves."""
        frozen = super().freeze(course, value)
        page = course.page_for(value)
        if isinstance(page, OutsideCoursePage):
            frozen["provider"] = page.provider
            if page.provider_approves:
                frozen["provider_approves"] = page.approval_note
        return frozen

    def part(self, frozen: dict[str, Any]) -> str:
        return _("%(title)s, a course by %(provider)s") % {
            "title": frozen["title"],
            "provider": frozen["provider"],
        }

    def facts(
        self,
        enrolment: Enrolment,
        frozen: dict[str, Any],
        progress: StepProgress | None,
        attempts: Sequence[Attempt],
    ) -> dict[str, Any]:
        sent = [
            proof
            for proof in enrolment.proofs.all()
            if proof.step_key == frozen["key"] and proof.status != ProofStatus.TAKEN_BACK
        ]
        if not sent:
            return {"state": StepState.OPEN}
        last = max(sent, key=lambda proof: (proof.status == ProofStatus.ACCEPTED, proof.pk))
        done = last.status == ProofStatus.ACCEPTED
        return {
            "state": StepState.DONE if done else StepState.OPEN,
            "proof": ProofStanding.of(last),
        }

    def note(self, step: "Step") -> str:
        """Where the proof stands."""
        return step.proof.note if step.proof else super().note(step)

    def evidence(self, enrolment: Enrolment, step: "Step") -> dict[str, Any]:
        proof = step.proof
        if proof is None or proof.decided_at is None:
            return {}
        return {
            "proof": {
                "id": proof.pk,
                "sha256": proof.sha256,
                "finished_on": proof.finished_on.isoformat(),
                "accepted_at": proof.decided_at.isoformat(),
                "accepted_by": proof.decided_by_id,
            }
        }

    def because(self, steps: "Iterable[Step]") -> list[str]:
        return [
            _("proved “%(title)s” of %(day)s (accepted by %(who)s)")
            % {
                "title": step.title,
                "day": long_date(step.proof.finished_on),
                "who": step.proof.decided_by or _("the office"),
            }
            for step in steps
            if step.proof
        ]
