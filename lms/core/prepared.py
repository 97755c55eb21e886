"""Querysets whose SQL is written once per process, for what is read on every page.

Writing the SQL of a queryset, and planning it, costs more than answering it. Here a queryset is
made once, with stand-ins for what changes from call to call, and PostgreSQL keeps its plan for as
long as the connection lives (`prepare_threshold` in the settings):

    own = Prepared(
        lambda: Enrolment.objects.visible_to(given_person("reader")).filter(pk=given("pk"))
    )
    enrolment = own.first(reader=person, pk=7)

The rows are ordinary ones, read anew by every call: nothing is kept but the text of the query. So
the queryset must not depend on anything but its stand-ins: not on the language, the day, or a value
it branches on.
"""

import copy
import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.models import Model, QuerySet, Value
from django.db.models.sql.compiler import SQLCompiler
from psycopg.sql import Literal

Row = TypeVar("Row")


class _Given(Value):
    """Stands in a queryset for a value that each call names."""

    def __init__(self, name: str, template: str = "%s") -> None:
        super().__init__(None)
        self.name, self.template = name, template

    def as_sql(self, compiler: SQLCompiler, connection: Any) -> Any:
        return self.template, [self]


class _GivenPerson:
    """Stands for a person in `visible_to` and `one_with`.

    A queryset that branches on more of a person (a role, say) fails when it is made, unless it is
    said which branch is meant.
    """

    is_authenticated = True
    canonical_person_id = None

    def __init__(self, name: str, **traits: bool) -> None:
        self.pk = _Given(name)
        self.__dict__.update(traits)


def given(name: str) -> Any:
    """The value that calls give as `name`; never None, which SQL compares in another way."""
    return _Given(name)


def any_given(name: str) -> Any:
    """Any of the values in the list that calls give as `name`: `filter(pk=any_given("pks"))`."""
    return _Given(name, "ANY(%s)")


def given_person(name: str, **traits: bool) -> Any:
    """The person that calls give as `name`, with the rows merged into theirs.

    `traits` are what the queryset asks of them; then it is only for people who have these.
    """
    return _GivenPerson(name, **traits)


class Prepared(Generic[Row]):
    """A queryset ready to be run; `make` returns it, with stand-ins, and is called once."""

    def __init__(self, make: Callable[[], "QuerySet[Any, Row]"]) -> None:
        self._make = make
        self._ready: tuple[QuerySet[Any, Row], SQLCompiler, str, tuple[str, ...]] | None = None

    def __call__(self, **values: Any) -> list[Row]:
        """The rows for these values; a person counts as the row that theirs was merged into."""
        if self._ready is None:
            self._ready = self._prepare()
        queryset, written, sql, names = self._ready
        connection = connections[DEFAULT_DB_ALIAS]
        found = _run(connection, sql, [_value(values[name]) for name in names])
        if not found:
            return []
        compiler = copy.copy(written)
        compiler.connection = connection
        compiler.execute_sql = lambda *_args, **_kwargs: [found]  # type: ignore[assignment,method-assign]
        rows = queryset.all()
        rows.query.get_compiler = lambda *_args, **_kwargs: compiler  # type: ignore[method-assign]
        return list(rows)

    def first(self, **values: Any) -> Row | None:
        """The first of the rows, if there is any."""
        return next(iter(self(**values)), None)

    def _prepare(self) -> tuple["QuerySet[Any, Row]", SQLCompiler, str, tuple[str, ...]]:
        """The queryset, what turns rows into objects, its SQL, the names of its values in order.

        What is the same in every call is written into the SQL, so that plans can count on it.
        """
        queryset = self._make()
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, parameters = compiler.as_sql()
        # Which values of a row are made into others, and how; Django asks anew for every answer.
        converters = compiler.get_converters([column for column, *_rest in compiler.select])
        compiler.get_converters = lambda _columns: converters
        compiler.connection.ensure_connection()
        written = [
            "%s"
            if _is_given(one)
            else Literal(one).as_string(compiler.connection.connection).replace("%", "%%")
            for one in parameters
        ]
        texts = re.split(r"(?<!%)%s", sql)
        joined = "".join(part for pair in zip(texts, [*written, ""], strict=True) for part in pair)
        return queryset, compiler, joined, tuple(p.name for p in parameters if _is_given(p))


def _is_given(parameter: Any) -> bool:
    return isinstance(parameter, _Given)


class _Cursor(ServerBindingCursor):
    """Values are bound by the server: Django's other cursors write them into the SQL."""

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        found = super().execute(query, params, **options)  # type: ignore[misc]  # the driver's
        # Where Django's log of queries looks; the driver forgets what it has prepared.
        self._query = SimpleNamespace(query=query.encode())
        return found


def _run(connection: Any, sql: str, values: list[Any]) -> list[tuple[Any, ...]]:
    """The rows of the query for these values."""
    connection.ensure_connection()
    driver = connection.connection
    usual = driver.cursor_factory
    driver.cursor_factory = _Cursor
    try:
        cursor = connection.cursor()
    finally:
        driver.cursor_factory = usual
    with cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _value(value: Any) -> Any:
    if isinstance(value, Model):
        return getattr(value, "canonical_person_id", None) or value.pk
    return value
