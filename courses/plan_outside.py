"""The parts of a plan that take place elsewhere: what its page says of them, and their proofs."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from courses.enums import ProofStatus
from courses.kinds import ProofStanding
from courses.models import OutsideProof, PlanPage
from courses.wording import approval_notice
from lms.people.models import Person
from lms.trainings.models import Training

OUTSIDE = "outside"


@dataclass(frozen=True)
class Elsewhere:
    """What a plan's page says of an outside training; as an OutsideCoursePage says it of a course.

    `title` is empty where the training's own is meant.
    """

    title: str
    provider: str
    address: str
    text: str
    proof: str
    provider_approves: bool
    approval_note: str

    @property
    def notice(self) -> str:
        """Who gives it and, where it is so, that they have to say yes first."""
        if not self.provider:
            return ""
        given = _("Given by %(provider)s.") % {"provider": self.provider}
        approves = approval_notice([self.provider]) if self.provider_approves else ""
        return f"{given} {approves}".strip()


def key_of(block: Any) -> str:
    """The key of the outside training that a block of a plan's page means; its own is its id."""
    return str(block.value["training"] or block.id or "")


def elsewhere_in(page: PlanPage | None) -> dict[str, Elsewhere]:
    """What the page says of its outside parts, by the training's key; no query.

    It is the live page's word also for those who joined an earlier version: an address that has
    changed has changed for everybody.
    """
    # As stored: a block's value asked of the page would bring the pages of the other parts along.
    stored = page.items.raw_data if page else []
    return {
        str(block["value"].get("training") or block.get("id") or ""): _said(block["value"])
        for block in stored
        if block["type"] == OUTSIDE
    }


def _said(value: dict[str, Any]) -> Elsewhere:
    """What such a block says; one from before these fields says only what mostly proves it."""
    texts = {
        name: " ".join(str(value.get(name) or "").split())
        for name in ("title", "provider", "address", "text", "proof", "approval_note")
    }
    texts["proof"] = texts["proof"] or _("The certificate of completion, as a PDF or a picture.")
    return Elsewhere(provider_approves=bool(value.get("provider_approves")), **texts)


def approving_in_plans(page_ids: Iterable[int]) -> dict[int, list[str]]:
    """Who approves registrations for a part separately, by the id of the plan's page; one query."""
    pages = PlanPage.objects.filter(pk__in=list(page_ids)).only("items")
    found = {
        page.pk: [one.provider for one in elsewhere_in(page).values() if one.provider_approves]
        for page in pages
    }
    return {pk: providers for pk, providers in found.items() if providers}


def proofs_for(person: Person, trainings: Iterable[Training]) -> dict[int, ProofStanding]:
    """The person's newest proof of each outside training, by its id; whichever plan it was for."""
    proofs = (
        OutsideProof.objects.of(person)
        .filter(training__in=[training.pk for training in trainings])
        .exclude(status=ProofStatus.TAKEN_BACK)
        .select_related("decided_by")
        .order_by("pk")
    )
    return {proof.training_id: ProofStanding.of(proof) for proof in proofs if proof.training_id}
