"""Completions, signatures and approvals for tests, made by the real services."""

import itertools
from datetime import date
from typing import Any

from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.completions.services import record_completion
from lms.compliance import services
from lms.compliance.models import ConditionAttestation, FacilityProfile
from lms.compliance.rules import Rule, get_rule
from lms.people.models import Employment, Organization, Person
from lms.trainings.models import TrainingVersion
from tests.factories.trainings import make_version

_numbers = itertools.count(1)

STATE_MADE = {"basis": "state_made", "by": "State office", "link": "", "checked_on": ""}


def gbl205() -> Rule:
    """The rule set of New York's General Business Law 205."""
    return get_rule("ny-gbl-205")


def make_program(
    *, topics: list[str] | None = None, approval: dict[str, str] | None = None, **spec: Any
) -> TrainingVersion:
    """A frozen program; without arguments made by the state and covering every topic of GBL 205."""
    return make_version(
        topics=sorted(gbl205().topic_codes) if topics is None else topics,
        approval=STATE_MADE if approval is None else approval,
        **spec,
    )


def make_completion(
    person: Person,
    version: TrainingVersion | None = None,
    *,
    occurred_on: date,
    **fields: Any,
) -> Completion:
    """Somebody completed a program on a day."""
    return record_completion(
        person=person,
        version=version or make_program(),
        source_kind=SourceKind.STAFF_ENTRY,
        source_key=f"test-{next(_numbers)}",
        occurred_on=occurred_on,
        evidence={"why": "Entered for a test."},
        **fields,
    )


def sign(
    employment: Employment,
    completion: Completion,
    *,
    on_premises: bool = True,
    paid_time: bool = True,
    **fields: Any,
) -> ConditionAttestation:
    """The manager signs for place and pay."""
    return services.attest_conditions(
        employment=employment,
        completion=completion,
        on_premises=on_premises,
        paid_time=paid_time,
        **{"actor": None, **fields},
    )


def train(
    employment: Employment, *, on: date, version: TrainingVersion | None = None
) -> Completion:
    """The employee completed the program and the manager signed: every tick is there."""
    completion = make_completion(employment.person, version, occurred_on=on)
    sign(employment, completion)
    return completion


def describe(facility: Organization, **said: Any) -> FacilityProfile:
    """What a facility says about itself; without arguments an ordinary hotel."""
    defaults = {"rooms_for_hire": 40, "owner_lives_there": False, "is_dwelling": False}
    return services.describe_facility(facility=facility, actor=None, **{**defaults, **said})
