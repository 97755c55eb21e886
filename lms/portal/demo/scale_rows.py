"""Writing very many rows at once, for measuring: PostgreSQL's COPY, with every constraint asked."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.db.models import JSONField, Max, Model

from lms.core.canonical import canonical_json


def next_pk(model: type[Model]) -> int:
    """The first number above those in use."""
    highest = model._base_manager.aggregate(highest=Max("pk"))["highest"]  # noqa: SLF001 - public by its documentation
    return int(highest or 0) + 1


@contextmanager
def keys_checked_at_the_end(*models: type[Model]) -> Iterator[None]:
    """Foreign keys of these tables are dropped, and made anew after the block.

    Asked row by row they take ten times as long as the writing; made anew, PostgreSQL asks all
    rows at once and refuses as before. Locks the tables: for a database nobody else uses.
    """
    tables = [model._meta.db_table for model in models]  # noqa: SLF001 - public by its documentation
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
            " WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
            [tables],
        )
        keys = cursor.fetchall()
        # What was written before in this transaction is asked now.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table, name, _definition in keys:
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    yield
    with connection.cursor() as cursor:
        for table, name, definition in keys:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def copy_rows(like: Model, rows: Iterable[Mapping[str, Any]]) -> int:
    """Write a row for each of `rows`: as `like`, an unsaved instance, but for what the row names.

    Rows name columns as attributes (`person_id`), computed columns too; JSON may come as text.
    Returns how many were written. The table's numbering goes on above them.
    """
    meta = like._meta  # noqa: SLF001 - public by its documentation
    fields = [field for field in meta.local_concrete_fields if not field.generated]
    usual = [_stored(field, field.pre_save(like, add=True)) for field in fields]
    places = {field.attname: place for place, field in enumerate(fields)}
    columns = ", ".join(connection.ops.quote_name(field.column or "") for field in fields)
    table = connection.ops.quote_name(meta.db_table)
    written = 0
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy,
    ):
        for row in rows:
            values = usual.copy()
            for name, value in row.items():
                values[places[name]] = value
            copy.write_row(values)
            written += 1
    if meta.pk is not None and meta.pk.get_internal_type().endswith("AutoField"):
        _number_on(table, connection.ops.quote_name(meta.pk.column or ""))
    return written


def _stored(field: Any, value: Any) -> Any:
    """The value as COPY takes it."""
    if isinstance(field, JSONField):
        return canonical_json(value)
    return field.get_db_prep_save(value, connection)


def _number_on(table: str, column: str) -> None:
    """The next row made in the usual way gets a number above those written."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT setval(pg_get_serial_sequence(%s, %s), (SELECT max({column}) FROM {table}))",  # noqa: S608 - names of our tables
            [table, column.strip('"')],
        )
