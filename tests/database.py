"""Test databases: one template per state of the migrations, copied for each worker and test.

Migrating from nothing takes a quarter of a minute; copying a template takes a tenth of a second. A
new template begins with the one that has most of its migrations already, where there is one.
Copies also take the place of Django's flush after transactional tests, which the ledger's triggers
refuse and which would wipe Wagtail's root page.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

PROJECT = Path(__file__).resolve().parents[1]
ROOMS = ("lms", "courses", "events")


def _admin() -> psycopg.Connection:
    """A connection to the server itself, outside any test database."""
    parameters = connections["default"].get_connection_params()
    wanted = ("host", "port", "user", "password")
    kept = {name: parameters[name] for name in wanted if parameters.get(name)}
    return psycopg.connect(dbname="postgres", autocommit=True, **kept)


def template_parts() -> dict[str, str]:
    """What a template is made from, each with its hash: migrations, lock file, installed rooms."""
    files = [path for room in ROOMS for path in (PROJECT / room).rglob("migrations/*.py")]
    parts = {
        str(path.relative_to(PROJECT)): hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        for path in sorted([*files, PROJECT / "requirements.lock"])
    }
    installed = " ".join(settings.INSTALLED_APPS).encode()
    return {**parts, "installed": hashlib.sha256(installed).hexdigest()[:16]}


def template_name() -> str:
    """A name that changes with any migration of ours, the lock file and what is installed."""
    state = hashlib.sha256(json.dumps(template_parts(), sort_keys=True).encode())
    return f"lms_template_{state.hexdigest()[:16]}"


def _nearest(connection: psycopg.Connection) -> str:
    """The template that has most of the wanted migrations and no other; else the server's own.

    What a template was made from stands in its comment.
    """
    wanted = template_parts().items()
    best, most = "template1", 0
    for name, comment in connection.execute(
        "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
        " WHERE datname LIKE 'lms_template_%' AND datname NOT LIKE '%_making'"
    ):
        parts = json.loads(comment or "{}")
        if len(parts) > most and parts.items() <= wanted:
            best, most = name, len(parts)
    return best


def make_template() -> str:
    """Make the template by running the real migrations, unless it is there already."""
    name = template_name()
    with _admin() as connection:
        # Two runs at once would drop each other's half-made template.
        connection.execute("SELECT pg_advisory_lock(hashtext('lms_template'))")
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found:
            return name
        half_made = f"{name}_making"
        connection.execute(_drop(half_made))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(half_made), sql.Identifier(_nearest(connection))
            )
        )
        subprocess.run(
            [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
            cwd=PROJECT,
            check=True,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "lms.settings.test",
                "LMS_TEST_DATABASE_NAME": half_made,
            },
        )
        connection.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(half_made), sql.Literal(json.dumps(template_parts()))
            )
        )
        connection.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(half_made), sql.Identifier(name)
            )
        )
    return name


def _drop(name: str) -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))


def fresh_copy(template: str, name: str) -> None:
    """Make database `name` anew as a copy of `template`."""
    with _admin() as connection:
        connection.execute(_drop(name))
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )


def drop(name: str) -> None:
    """Remove a worker's database."""
    with _admin() as connection:
        connection.execute(_drop(name))


def address() -> str:
    """The current test database as another process would name it."""
    parameters = connections["default"].get_connection_params()
    wanted = ("host", "port", "user", "password")
    query = urlencode({name: parameters[name] for name in wanted if parameters.get(name)})
    return f"postgres:///{parameters['dbname']}?{query}"


def use(name: str) -> None:
    """Point Django's connection at database `name`."""
    connections["default"].close()
    settings.DATABASES["default"]["NAME"] = name
    connections["default"].settings_dict["NAME"] = name
