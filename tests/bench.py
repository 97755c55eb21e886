"""`make bench`: what pages cost, as multiples of a plain Wagtail page in the same run.

`python -m tests.bench lesson feed` measures only the cases with one of these words in their name;
"crowd" asks for the crowds, "scale" for pages beside a million completions (only if asked for).

CPU time of this process and of the database's processes, so that neither can hide work in the
other. The unit is a plain Wagtail page read by somebody signed in (DESIGN 6). After the table come
crowds, in seconds of the wall clock. Nothing here is asserted: a benchmark informs, tests assert
query counts.
"""

import os
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ROUNDS = 5
REPEATS = 20


def main() -> None:
    """Make a database of its own, fill it with the demo, measure, print, drop it."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "lms.settings.test"
    import django

    django.setup()
    from django.conf import settings

    from tests import database

    # As in production; the tests keep no page.
    settings.LMS_PUBLIC_PAGES_SECONDS = 60

    template = database.make_template()
    name = f"lms_bench_{os.getpid()}"
    database.fresh_copy(template, name)
    database.use(name)
    try:
        run()
    finally:
        from django.db import connection

        connection.close()
        database.drop(name)


def cpu_clock() -> Callable[[], float]:
    """A clock of CPU seconds spent by this process and every PostgreSQL process of its server."""
    import psutil
    from django.db import connection

    own = psutil.Process()

    def read() -> float:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend = psutil.Process(cursor.fetchone()[0])
        times = [own.cpu_times(), backend.cpu_times()]
        return sum(time.user + time.system for time in times)

    return read


@contextmanager
def counted(queries: list[int]) -> Iterator[None]:
    """Append how many queries ran inside."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        yield
    queries.append(len(captured))


def measure(act: Callable[[], object], repeats: int = REPEATS) -> tuple[float, int]:
    """Median CPU milliseconds of one act, and its number of queries."""
    clock = cpu_clock()
    act()
    queries: list[int] = []
    with counted(queries):
        act()
    rounds = []
    for _round in range(ROUNDS):
        begin = clock()
        for _repeat in range(repeats):
            act()
        rounds.append((clock() - begin) / repeats * 1000)
    return statistics.median(rounds), queries[0]


def run() -> None:
    """Measure the unit, then everything in tests/bench_cases.py, and print a table."""
    from tests.bench_cases import cases
    from tests.bench_crowd import crowds
    from tests.bench_scale import lines

    words = sys.argv[1:]
    if words == ["scale"]:
        for line in lines(measure):
            sys.stdout.write(f"{line}\n")
        return
    rows = [
        (name, budget, *measure(act, repeats))
        for number, (name, budget, act, repeats) in enumerate(cases())
        if number == 0 or not words or any(word in name for word in words)
    ]
    unit = rows[0][2]
    sys.stdout.write(f"unit: a plain Wagtail page, signed in: {unit:.1f} ms CPU\n")
    sys.stdout.write(f"{'what':52}{'ms':>8}{'ratio':>8}{'budget':>8}{'queries':>9}\n")
    for name, budget, cost, queries in rows:
        shown = f"{budget:.1f}" if budget else "-"
        sys.stdout.write(f"{name:52}{cost:8.1f}{cost / unit:8.2f}{shown:>8}{queries:9}\n")
    if not words or "crowd" in words:
        for line in crowds():
            sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
