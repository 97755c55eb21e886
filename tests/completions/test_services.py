"""The ledger: written once, never rewritten."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from lms.completions import services
from lms.completions.enums import SourceKind
from lms.completions.models import Completion, Revocation
from tests.factories.people import make_person
from tests.factories.trainings import make_version

pytestmark = pytest.mark.django_db


def record(**changes: object) -> Completion:
    arguments = {
        "person": make_person(),
        "version": make_version(minutes=60, topics=["NY205-T1"]),
        "source_kind": SourceKind.ENROLMENT,
        "source_key": "1",
        "occurred_on": date(2026, 11, 20),
        "evidence": {"why": "Passed the test with 9 of 10."},
    }
    return services.record_completion(**{**arguments, **changes})  # type: ignore[arg-type]


def test_record_completion_copies_what_the_version_says() -> None:
    completion = record()
    assert (completion.minutes, completion.topics) == (60, ["NY205-T1"])


def test_record_completion_twice_is_one_row() -> None:
    first = record()
    assert record() == first
    assert Completion.objects.count() == 1


def test_record_completion_demands_a_reason() -> None:
    with pytest.raises(ValueError, match="why"):
        record(evidence={})


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE completions_completion SET minutes = 1",
        "DELETE FROM completions_completion",
        "TRUNCATE completions_completion CASCADE",
        "UPDATE core_auditentry SET action = 'x'",
        "UPDATE trainings_trainingversion SET number = 9",
    ],
)
def test_ledger_refuses_to_be_rewritten(statement: str) -> None:
    record()
    connection.check_constraints()  # else TRUNCATE stops at the foreign keys still to be checked
    with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
        connection.cursor().execute(statement)


def test_revoke_twice_keeps_the_first_reason() -> None:
    completion = record()
    for reason in ("Taken by somebody else", "Another reason"):
        services.revoke_completion(completion=completion, reason=reason, actor=None)
    assert list(Revocation.objects.values_list("reason", flat=True)) == ["Taken by somebody else"]
    assert list(Completion.objects.standing()) == []
