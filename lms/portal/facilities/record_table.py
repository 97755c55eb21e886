"""The record as a table for a file: a row for each employee and training."""

from collections.abc import Iterator
from typing import Any

from lms.compliance.record import Record, line_facts

HEADER = [
    "as of", "employee number", "name", "post", "meets guests", "hired on", "left on", "due on",
    "standing", "why", "trained on", "program", "version", "language", "topics", "approval",
    "approved by", "approval link", "approval checked on", "on the premises", "on paid time",
    "signed on", "signed by", "completion", "hash of the record",
]  # fmt: skip


def record_rows(record: Record) -> Iterator[list[Any]]:
    """The rows, what is missing first; an employee without a training has one row."""
    for line in record.lines:
        facts = line_facts(line)
        who = [
            record.as_of.isoformat(), facts["number"], facts["name"],
            line.post,
            _yes(facts["guest_contact"]), facts["hired_on"], facts["left_on"], facts["due_on"],
            str(line.standing.state.label), line.standing.why,
        ]  # fmt: skip
        for training in facts["trainings"] or [{}]:
            yield [*who, *_training(training), record.digest]


def _training(training: dict[str, Any]) -> list[Any]:
    return [
        training.get("trained_on", ""), training.get("program", ""), training.get("version", ""),
        training.get("language", ""), " ".join(training.get("topics", [])),
        training.get("approval", ""), training.get("approved_by", ""),
        training.get("approval_link", ""), training.get("approval_checked_on", ""),
        _yes(training.get("on_premises")), _yes(training.get("paid_time")),
        training.get("signed_on", ""), training.get("signed_by", ""),
        training.get("completion", ""),
    ]  # fmt: skip


def _yes(value: bool | None) -> str:
    return {True: "yes", False: "no"}.get(value, "") if value is not None else ""
