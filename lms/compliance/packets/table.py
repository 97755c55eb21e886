"""The record as a table: a row for each employee and training, as known then and as corrected."""

from collections.abc import Iterable, Iterator
from typing import Any

from lms.compliance.packets.entries import Entry

HEADER = [
    "as of", "reading", "employee number", "name", "post", "meets guests", "hired on", "left on",
    "due on", "standing", "why", "missing", "trained on", "program", "version", "how", "language",
    "topics", "topic codes", "approval", "approved by", "approval link", "approval checked on",
    "place", "on the premises", "on paid time", "trainer", "signed on", "signed by", "completion",
    "recorded since", "record", "hash of the record",
]  # fmt: skip
BOTH = "as known then and now"
THEN = "as known then"
NOW = "as corrected since"


def table_rows(entries: Iterable[Entry], *, as_of: str, digest: str) -> Iterator[list[Any]]:
    """The rows, what is missing first; somebody without a training has one row.

    Who reads otherwise since has rows of both readings, told apart in the second column.
    """
    for entry in entries:
        since = "; ".join(f"{one['on']}: {one['what']}" for one in entry["since"])
        tail = [since, entry["id"], digest]
        if not entry["corrected"]:
            yield from _rows(BOTH, entry["now"], as_of, tail)
            continue
        if entry["then"]:
            yield from _rows(THEN, entry["then"], as_of, tail)
        else:
            empty = [as_of, THEN, entry["now"]["number"], entry["now"]["name"]]
            yield [*empty, *[""] * 5, "not recorded", *[""] * (len(HEADER) - 13), *tail]
        yield from _rows(NOW, entry["now"], as_of, tail)


def _rows(reading: str, said: dict[str, Any], as_of: str, tail: list[str]) -> Iterator[list[Any]]:
    who = [
        as_of, reading, said["number"], said["name"], said["post_words"],
        _yes(said["guest_contact"]), said["hired_on"], said["left_on"], said["due_on"],
        said["standing_words"], said["why"], "; ".join(said["missing_words"]),
    ]  # fmt: skip
    for training in said["trainings"] or [{}]:
        yield [*who, *_training(training), *tail]


def _training(training: dict[str, Any]) -> list[Any]:
    plain = [
        "trained_on", "program", "version", "source_words", "language_words", "topics_words",
    ]  # fmt: skip
    approval = ["approval", "approved_by", "approval_link", "approval_checked_on", "place"]
    return [
        *(training.get(name, "") for name in plain),
        " ".join(training.get("topics", [])),
        *(training.get(name, "") for name in approval),
        _yes(training.get("on_premises")),
        _yes(training.get("paid_time")),
        *(training.get(name, "") for name in
          ("trainer_words", "signed_on", "signed_by", "completion")),
    ]  # fmt: skip


def _yes(value: bool | None) -> str:
    return {True: "yes", False: "no"}.get(value, "") if value is not None else ""
