"""Completions for tests, recorded by the real service."""

import itertools
from datetime import date, datetime
from typing import Any

from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.completions.services import record_completion
from lms.core.time import new_york_today
from lms.people.models import Person
from lms.trainings.models import TrainingVersion
from tests.factories.people import make_person
from tests.factories.trainings import make_version

_numbers = itertools.count(1)


def make_completion(
    person: Person | None = None,
    *,
    version: TrainingVersion | None = None,
    source_kind: SourceKind = SourceKind.ENROLMENT,
    occurred_on: date | None = None,
    language: str = "en",
    now: datetime | None = None,
    **evidence: Any,
) -> Completion:
    """A completion; the certificate follows on commit, as in life."""
    return record_completion(
        person=person or make_person(),
        version=version or make_version(),
        source_kind=source_kind,
        source_key=f"test-{next(_numbers)}",
        occurred_on=occurred_on or new_york_today(now),
        evidence={"why": "Passed the test with 9 of 10.", **evidence},
        language=language,
        now=now,
    )
