"""`make run`: the whole site on one machine. Starts what it needs, says what it does, stops it all.

The embedded PostgreSQL belongs to this process and its children; the last to leave stops it.
"""

import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import FrameType

PROJECT = Path(__file__).resolve().parents[1]
STAMP = PROJECT / "var" / "demo.stamp"
DEMO_SOURCES = (
    "lms/*/migrations/*.py",
    "courses/migrations/*.py",
    "events/migrations/*.py",
    "lms/portal/demo/**/*",
    "requirements.lock",
)


def say(text: str) -> None:
    """One line for the person who waits."""
    print(text, flush=True)  # noqa: T201 - this is a command


def demo_state() -> str:
    """Changes when migrations, demo data or the month change, so that the demo never goes stale."""
    state = hashlib.sha256(date.today().strftime("%Y-%m").encode())  # noqa: DTZ011 - only a stamp
    for pattern in DEMO_SOURCES:
        for path in sorted(PROJECT.glob(pattern)):
            if path.is_file():
                state.update(path.read_bytes())
    return state.hexdigest()


def prepare() -> None:
    """Bring the database and the demo up to date, unless the stamp says that they are."""
    state = demo_state()
    database = os.environ.get("DATABASE_URL", "embedded")
    stamp = f"{state} {database}"
    if STAMP.exists() and STAMP.read_text() == stamp:
        return
    say("Bringing the database up to date (a quarter of a minute the first time) ...")
    manage("migrate", "--verbosity", "0")
    say("Loading the demo: offices, hotels, people, courses, dates ...")
    manage("load_demo")
    STAMP.write_text(stamp)


def manage(*arguments: str) -> None:
    """Run one of Django's commands; stop with its status if it fails."""
    outcome = subprocess.run([sys.executable, "manage.py", *arguments], cwd=PROJECT, check=False)  # noqa: S603
    if outcome.returncode:
        sys.exit(outcome.returncode)


def start_web(port: str) -> subprocess.Popen[bytes]:
    """The web server."""
    return _start(
        port, "gunicorn", "lms.wsgi", "--bind", f"127.0.0.1:{port}",
        "--workers", "2", "--threads", "4", "--log-level", "warning",
    )  # fmt: skip


def start_worker(port: str) -> subprocess.Popen[bytes]:
    """One worker that also keeps the clock (beat)."""
    return _start(
        port, "celery", "-q", "-A", "lms", "worker", "-B", "--pool", "threads",
        "--concurrency", "4", "--loglevel", "WARNING", "--schedule", "var/beat-schedule",
    )  # fmt: skip


def _start(port: str, tool: str, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "lms.settings.trial", "PORT": port}
    command = [str(Path(sys.executable).parent / tool), *arguments]
    return subprocess.Popen(command, cwd=PROJECT, env=environment, start_new_session=True)  # noqa: S603


def attend(
    children: list[subprocess.Popen[bytes]],
    again: Callable[[], subprocess.Popen[bytes]],
    *,
    least: float = 10,
) -> None:
    """Return when the first of `children`, the web server, has ended. Start the second `again`.

    The worker's broker of files can hand it half a message, which ends it; what it missed, beat
    makes good. One that lives for fewer than `least` seconds has another reason: then return too.
    """
    since = time.monotonic()
    while children[0].poll() is None:
        time.sleep(0.5)
        if children[1].poll() is not None:
            if time.monotonic() - since < least:
                return
            say("The worker stopped; starting it again.")
            children[1], since = again(), time.monotonic()


def refuse_a_port_in_use(port: str) -> None:
    """Say so before anything is started: another program would answer in our place."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(port)))
        except OSError:
            say(f"Port {port} is in use. Choose another: PORT=8001 make run")
            sys.exit(1)


def wait_until_ready(port: str, children: list[subprocess.Popen[bytes]]) -> None:
    """Return when the site answers; stop everything when a child died instead."""
    for _second in range(240):
        if any(child.poll() is not None for child in children):
            say("Something did not start; see above. If the port is in use: PORT=8001 make run")
            stop(children)
            sys.exit(1)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    say("The site did not answer within a minute.")
    stop(children)
    sys.exit(1)


def stop(children: list[subprocess.Popen[bytes]]) -> None:
    """Ask each child to stop, wait, and insist."""
    for child in children:
        if child.poll() is None:
            child.terminate()
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            child.kill()


def welcome(port: str) -> None:
    """Where the site is and who can sign in."""
    say(f"""
The site is at http://127.0.0.1:{port}/
  Mail it would send:   http://127.0.0.1:{port}/dev/mail/
  Sign in with a code (read it there), or with the password demo-password-only-here, as
    learner@example.org      takes courses        coordinator@example.org  runs trainings
    manager@example.org      a hotel's manager    company@example.org      manages two hotels
    liaison@example.org      an agency's liaison  trainer@example.org      presents
    reviewer@example.org     looks for the state  admin@example.org        may do everything
  Ctrl-C stops everything.
""")


def main() -> None:
    """Prepare, start, wait for Ctrl-C, stop."""
    port = os.environ.get("PORT", "8000")
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings.trial"
    refuse_a_port_in_use(port)
    if "DATABASE_URL" not in os.environ:
        say("Starting the embedded PostgreSQL ...")
    # Importing the settings starts the server and keeps it until this process ends.
    import lms.settings.trial  # noqa: F401, PLC0415

    prepare()
    say("Starting the web server and the worker ...")
    children = [start_web(port), start_worker(port)]

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, leave)
    try:
        wait_until_ready(port, children)
        welcome(port)
        attend(children, lambda: start_worker(port))
        say("A part of the site stopped; stopping the rest.")
    except KeyboardInterrupt:
        say("\nStopping ...")
    finally:
        stop(children)


if __name__ == "__main__":
    main()
