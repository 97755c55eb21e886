"""What the state's reviewers look at, made by the real services."""

from datetime import date, timedelta
from typing import Any

from lms.compliance.enums import Basis
from lms.compliance.group_models import GroupTraining
from lms.compliance.groups.services import log_group
from lms.compliance.proof_models import FacilityProof
from lms.compliance.proofs.programs import ProgramSaid, add_program
from lms.compliance.proofs.selectors import listed_programs
from lms.compliance.proofs.services import accept_proof
from lms.compliance.review.samples import draw
from lms.compliance.review_models import ReviewSample, SampledItem, SampleKind
from lms.compliance.rules import get_rule
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Employment, Organization, Person
from lms.people.state_office import let_speak_for_state
from tests.factories.compliance import make_program
from tests.factories.people import (
    make_employment,
    make_office,
    make_person,
    make_with_role,
)
from tests.factories.worksheets import upload

RULE = get_rule()


def make_scan(
    place: Organization, *who: Employment, on: date | None = None, name: str = "list.pdf"
) -> FacilityProof:
    """The facility accepts a scan of a program on the state's list; of Rosa, without people."""
    if not listed_programs(RULE):
        office = let_speak_for_state(office=make_office(), actor=None)
        add_program(
            office=office,
            said=ProgramSaid(
                title="Recognize the signs",
                provider="Lodging association",
                basis=Basis.STATE_LISTED,
                link="https://www.example.org/list",
                checked_on=new_york_today(),
                languages=("en",),
                topics=tuple(RULE.topic_codes),
            ),
            actor=make_with_role(Role.COORDINATOR, office),
        )
    return accept_proof(
        facility=place,
        program=listed_programs(RULE)[0],
        held_on=on or new_york_today(),
        place="Break room",
        on_premises=True,
        paid_time=True,
        language="en",
        employments=who or [rosa(place)],
        upload=upload(name),
        actor=make_with_role(Role.MANAGER, place, name="Ravi Menon"),
    )


def rosa(place: Organization, name: str = "Rosa Almonte", days: int = 30) -> Employment:
    """Somebody who works there, with a name to look for."""
    started_on = new_york_today() - timedelta(days=days)
    return make_employment(place, person=make_person(None, name=name), started_on=started_on)


def make_group(place: Organization, *who: Employment) -> GroupTraining:
    """The facility logs a group training of today."""
    return log_group(
        facility=place,
        version=make_program(title="Morning briefing"),
        held_on=new_york_today(),
        place="Lobby",
        on_premises=True,
        paid_time=True,
        trainer="Lorraine Baptiste",
        language="en",
        employments=who or [rosa(place)],
        actor=make_with_role(Role.MANAGER, place, name="Ravi Menon"),
    )


def drawn(office: Organization, reviewer: Person, **said: Any) -> ReviewSample:
    """A sample; without arguments one of the scans there are."""
    given: dict[str, Any] = {"kind": SampleKind.SCANS, "size": 1, "reason": "Quarterly look"}
    return draw(office=office, actor=reviewer, **{**given, **said})


def numbers(sample: ReviewSample) -> list[int]:
    """What was drawn, in the order of the draw."""
    found = []
    for item in SampledItem.objects.filter(sample=sample).order_by("place"):
        [number] = [
            number
            for number in (item.proof_id, item.worksheet_id, item.group_id)
            if number is not None
        ] or [item.organization_id]
        found.append(number)
    return found
