"""What `make bench` says of crowds: seconds until everybody who asked at once has an answer.

Through gunicorn as `make run` starts it (tests/crowd.py). The budgets are DESIGN 6's; pretix took
93 s for 300 people. That no seat is sold twice rests on `core.locking.lock`: the last line is the
negative control, the same crowd with the lock taken out (tests/crowd_wsgi.py), and it oversells.
"""

import time
from collections.abc import Iterator
from datetime import timedelta

from events.models import Session
from lms.people.models import Person
from tests.crowd import ask_at_once, people, served
from tests.factories.events import make_coming_session

SEATS = 100
# How many ask at once, and within how many seconds each has an answer.
CROWDS = ((300, 10.0), (1000, 30.0))


def crowds() -> Iterator[str]:
    """A line for each crowd, and one for the negative control."""
    for count, budget in CROWDS:
        session, seconds, said = _ask(count)
        errors = [answer for answer in said if not answer.startswith(("seat", "place "))]
        yield (
            f"{count} people at once for {SEATS} seats: {seconds:.1f} s (budget {budget:.0f});"
            f" {said.count('seat')} seats, {session.registrations.waiting().count()} waiting,"
            f" {len(errors)} errors {sorted(set(errors)) or ''}"
        )
    session, seconds, said = _ask(CROWDS[0][0], lock=False)
    taken = session.registrations.holding().count()
    yield (
        f"the same {CROWDS[0][0]} without the lock: {taken} people in {SEATS} seats,"
        f" {sum(answer.startswith('HTTP') for answer in said)} refused by the database,"
        f" {seconds:.1f} s"
    )


def _ask(count: int, *, lock: bool = True) -> tuple[Session, float, list[str]]:
    """A new session, so many new people, and what they were told."""
    session = make_coming_session(capacity=SEATS, starts_in=timedelta(days=40))
    Person.objects.filter(email__startswith="crowd").update(email=None)
    crowd = people(count)
    with served(lock=lock) as port:
        begin = time.monotonic()
        said = [answer.said for answer in ask_at_once(port, session, crowd)]
        return session, time.monotonic() - begin, said
