"""A document to read and sign; a new version of it asks again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from courses.enums import EnrolmentStatus, StepState
from courses.kinds.base import StepType
from courses.models import Attempt, Enrolment, StepProgress
from lms.core.time import long_date, new_york_date

if TYPE_CHECKING:
    from courses.selectors import Step


@dataclass(frozen=True)
class DocumentStanding:
    """The document's version in force since a moment, and the newest one signed; None: none was."""

    edition: int
    number: int
    since: datetime
    what_changed: str
    signed_number: int | None
    signed_at: datetime | None
    signed_name: str

    @property
    def is_signed(self) -> bool:
        """Whether the version in force is signed."""
        return self.signed_number == self.number


class Document(StepType):
    """Done while the version in force is signed, in whatever version of the course one is."""

    records = ("signatures", "training__document_editions")
    for_guests = False

    def facts(
        self,
        enrolment: Enrolment,
        frozen: dict[str, Any],
        progress: StepProgress | None,
        attempts: Sequence[Attempt],
    ) -> dict[str, Any]:
        editions = {
            edition.pk: edition
            for edition in enrolment.training.document_editions.all()
            if str(edition.document) == frozen["page"]
        }
        newest = max(editions.values(), key=lambda edition: edition.number, default=None)
        if newest is None:
            return {"state": StepState.OPEN}
        signed = [
            (editions[signature.edition_id].number, signature)
            for signature in enrolment.signatures.all()
            if signature.step_key == frozen["key"] and signature.edition_id in editions
        ]
        number, signature = max(signed, key=lambda pair: pair[0], default=(None, None))
        standing = DocumentStanding(
            edition=newest.pk,
            number=newest.number,
            since=newest.recorded_at,
            what_changed=newest.what_changed,
            signed_number=number,
            signed_at=signature.signed_at if signature else None,
            signed_name=signature.name if signature else "",
        )
        # Whoever left the course is asked for nothing more.
        left = enrolment.status == EnrolmentStatus.WITHDRAWN
        return {
            "state": StepState.DONE if standing.is_signed else StepState.OPEN,
            "document": standing,
            "asks_again": number is not None and not standing.is_signed and not left,
        }

    def note(self, step: "Step") -> str:
        """Which version was signed when; or that a new one asks again."""
        standing = step.document
        if standing is None or standing.signed_at is None:
            return super().note(step)
        if step.asks_again:
            return _("Version %(number)s is new: please read and sign it.") % {
                "number": standing.number
            }
        return _("Version %(number)s, signed on %(day)s") % {
            "number": standing.signed_number,
            "day": long_date(new_york_date(standing.signed_at)),
        }

    def asking(self) -> str:
        return _("Read and sign")

    def evidence(self, enrolment: Enrolment, step: "Step") -> dict[str, Any]:
        standing = step.document
        if standing is None or standing.signed_at is None:
            return {}
        return {
            "signed": {
                "version": standing.signed_number,
                "edition": standing.edition,
                "name": standing.signed_name,
                "at": standing.signed_at.isoformat(),
            }
        }

    def because(self, steps: "Iterable[Step]") -> list[str]:
        return [
            _("signed version %(number)s of “%(title)s”")
            % {"number": step.document.signed_number, "title": step.title}
            for step in steps
            if step.document
        ]
