"""The one place that locks rows: rules after pretix, written down in ARCHITECTURE.md.

Lock what you consume, never what you free; once per transaction; as late as possible, but before
the check whose answer must still hold when you write.
"""

from functools import cache
from typing import Any, TypeVar

from django.db import connection, models

from lms.core.prepared import Prepared, given

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
    locked: Row | None = _locking(row.__class__).first(pk=row.pk)
    if locked is None:
        raise row.__class__.DoesNotExist  # type: ignore[attr-defined]
    return locked


@cache
def _locking(model: type[models.Model]) -> Prepared[Any]:
    manager = model._base_manager  # noqa: SLF001 - Django's documented name
    return Prepared(
        lambda: (
            manager.select_for_update(no_key=True, of=("self",)).filter(pk=given("pk")).order_by()
        )
    )
