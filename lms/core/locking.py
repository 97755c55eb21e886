"""The one place that locks rows: rules after pretix, written down in ARCHITECTURE.md.

Lock what you consume, never what you free; once per transaction; as late as possible, but before
the check whose answer must still hold when you write.
"""

from typing import TypeVar

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def lock(row: Row) -> Row:
    """Lock `row` until the transaction ends and return it as it is now.

    Foreign keys to the row may still be written by others (FOR NO KEY UPDATE). Raises RuntimeError
    outside a transaction, where a lock would be gone at once.
    """
    if not connection.in_atomic_block:
        message = "A lock outside a transaction protects nothing."
        raise RuntimeError(message)
    # Not type(row): the signed-in person is a lazy object of another type.
    manager = row.__class__._base_manager  # noqa: SLF001 - Django's documented name
    locked: Row = manager.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    return locked
