"""What pages cost beside 1,000,000 completions, as multiples of what they cost on the demo alone.

`python -m tests.bench scale` (some minutes, 3 GB of disk); LMS_SCALE=0.1 loads a tenth. The same
pages of the same people are read before and after `load_scale`: whatever grows, grows with rows
that are none of theirs.
"""

import io
import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from lms.certificates.services import issue_certificate
from lms.compliance.review.counting import count_standings
from lms.compliance.rules import get_rule
from lms.core.time import new_york_today
from lms.people.models import Employment, Person
from lms.portal.demo.load_scale import Size, load_scale
from tests.bench_cases import learner, reads, signed_in
from tests.factories.completions import make_completion

WHOLE = Size(facilities=3_500, learners=150_000, completions=1_000_000)
Page = tuple[str, Callable[[], object], int]


def size() -> Size:
    """The whole state, or the part that LMS_SCALE asks for."""
    part = float(os.environ.get("LMS_SCALE", "1"))
    return Size(*(int(count * part) for count in vars(WHOLE).values()))


def pages() -> list[Page]:
    """The pages, each with how often it is read in a round."""
    manager = signed_in(Person.objects.get(email="manager@example.org"))
    company = signed_in(Person.objects.get(email="company@example.org"))
    state = signed_in(Person.objects.get(email="reviewer@example.org"))
    desk = signed_in(Person.objects.get(email="coordinator@example.org"))
    somebody = learner()
    completions = [make_completion(somebody) for _training in range(5)]
    code = issue_certificate(completion=completions[0]).code
    verified = Client().get(f"/verify/{code}/")["Location"]
    mine = signed_in(somebody)
    employee = Employment.objects.filter(organization__key="hudson-house").earliest("pk")
    return [
        ("facility page", reads(manager, "/facilities/hudson-house/"), 5),
        ("employee page", reads(manager, f"/facilities/hudson-house/people/{employee.pk}/"), 5),
        ("company page", reads(company, "/facilities/company/empire-lodging/"), 5),
        ("verifying a certificate", reads(Client(), verified), 5),
        ("record (transcript)", reads(mine, "/my/transcript/"), 5),
        ("My learning", reads(mine, "/my/"), 5),
        ("the state's summary", reads(state, "/review/"), 5),
        ("desk, first page", reads(desk, "/desk/"), 3),
        ("desk, finding a person", reads(desk, "/desk/people/?q=rivera"), 3),
    ]


def lines(measure: Callable[..., tuple[float, int]]) -> Iterator[str]:
    """The table, line by line as it is measured."""
    call_command("load_demo", stdout=io.StringIO())
    found = pages()
    small = [measure(act, repeats) for _name, act, repeats in found]
    written = load_scale(size(), today=new_york_today())
    yield "loaded: " + ", ".join(f"{count:,} {name}" for name, count in written.items())
    begun = time.monotonic()
    # The demo has counted today.
    count_standings(rule=get_rule(), now=timezone.now() + timedelta(days=1))
    yield f"counted where everybody stands in {time.monotonic() - begun:.0f} s (once a day)"
    yield f"{'page':32}{'demo ms':>9}{'queries':>9}{'scale ms':>10}{'queries':>9}{'ratio':>8}"
    for (name, act, repeats), (before, asked) in zip(found, small, strict=True):
        after, asked_then = measure(act, repeats)
        yield f"{name:32}{before:9.1f}{asked:9}{after:10.1f}{asked_then:9}{after / before:8.2f}"
