"""A crowd in front of the real web server: people who all ask for a seat at the same moment.

Gunicorn runs as `make run` starts it, two workers of four threads, on the current test database.
Each person is signed in and posts the form of the register page, then follows where it leads.
"""

import asyncio
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.urls import reverse

from events.models import Session
from lms.people.models import Person
from tests import database

PROJECT = Path(__file__).resolve().parents[1]
PATIENCE = 120  # seconds one person waits for one answer
_CSRF = "c" * 32


@dataclass(frozen=True)
class Answer:
    """What one person read at the end: "seat", "place 12", or what went wrong."""

    person: int
    said: str
    seconds: float


@contextmanager
def served(*, lock: bool = True) -> Iterator[int]:
    """The web server's port while it runs; without `lock`, seats are counted by whoever comes."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.crowd_settings",
        "TEST_DATABASE_URL": database.address(),
        "LMS_CROWD_WITHOUT_LOCK": "" if lock else "1",
    }
    command = [
        str(Path(sys.executable).parent / "gunicorn"), "tests.crowd_wsgi",
        "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4",
        "--log-level", "critical",
    ]  # fmt: skip
    server = subprocess.Popen(command, cwd=PROJECT, env=environment)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    for _try in range(240):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return
        except OSError:
            if server.poll() is not None:
                break
            time.sleep(0.25)
    message = "The web server for the crowd did not start."
    raise RuntimeError(message)


def people(count: int) -> list[tuple[int, str]]:
    """So many new people, each signed in: their id and their session's cookie."""
    crowd = []
    for number in range(count):
        person = Person.objects.create_user(
            f"crowd{number}@example.org", first_name="Cora", last_name=f"Crowd {number}"
        )
        browser = SessionStore()
        browser[SESSION_KEY] = str(person.pk)
        browser[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        browser[HASH_SESSION_KEY] = person.get_session_auth_hash()
        browser.create()
        crowd.append((person.pk, str(browser.session_key)))
    return crowd


def ask_at_once(port: int, session: Session, crowd: list[tuple[int, str]]) -> list[Answer]:
    """Everybody registers in the same moment; each answer with the seconds it took."""
    path = reverse("events:register", args=[session.pk])

    async def everybody() -> list[Answer]:
        return await asyncio.gather(*(_register(port, path, pk, cookie) for pk, cookie in crowd))

    # In a thread of its own: a browser test may have left an event loop in this one.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(everybody())).result()


async def _register(port: int, path: str, person: int, cookie: str) -> Answer:
    begin = time.monotonic()
    try:
        head, body = await _request(port, "POST", path, cookie)
        led_to = re.search(r"^location: (\S+)", head, re.IGNORECASE | re.MULTILINE)
        if led_to:
            head, body = await _request(port, "GET", led_to[1], cookie)
        said = _read(head, body)
    except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
        said = f"{type(error).__name__}: {error}"
    return Answer(person, said, time.monotonic() - begin)


def _read(head: str, body: str) -> str:
    if "<h1>You are registered</h1>" in body:
        return "seat"
    place = re.search(r"You are number (\d+) on the waiting list", body)
    return f"place {place[1]}" if place else head.partition("\r\n")[0]


async def _request(port: int, method: str, path: str, cookie: str) -> tuple[str, str]:
    """One request on a connection of its own, as from so many different browsers."""
    form = f"csrfmiddlewaretoken={_CSRF}" if method == "POST" else ""
    text = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Cookie: sessionid={cookie}; csrftoken={_CSRF}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(form)}\r\n\r\n"
        f"{form}"
    )
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            writer.write(text.encode())
            await writer.drain()
            raw = await reader.read()
        finally:
            writer.close()
    head, _gap, body = raw.decode(errors="replace").partition("\r\n\r\n")
    return head, body
