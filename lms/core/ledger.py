"""Announcing to the ledger's trigger that rows of one table go; the retention job alone does."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def maintaining(table: str) -> Iterator[None]:
    """Let rows of `table` be deleted within the block, in this transaction and no other.

    Raises RuntimeError outside a transaction, where the announcement would be forgotten at once.
    An error in the block takes the announcement back with the transaction.
    """
    if not connection.in_atomic_block:
        message = "Announcing outside a transaction announces nothing."
        raise RuntimeError(message)
    _announce(table)
    yield
    _announce("")


@contextmanager
def redacting(table: str, column: str) -> Iterator[None]:
    """Let words be wiped out of one column of `table` within the block, as `maintaining` does."""
    if not connection.in_atomic_block:
        message = "Announcing outside a transaction announces nothing."
        raise RuntimeError(message)
    _announce(f"{table}.{column}", "lms.redaction")
    yield
    _announce("", "lms.redaction")


def _announce(what: str, setting: str = "lms.ledger_maintenance") -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, what])
