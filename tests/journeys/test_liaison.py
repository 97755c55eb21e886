"""A liaison's assignment: from the agency's page to the learner's, and back when it is done."""

import pytest
from django.core import mail

from courses.models import Assignment, CoursePage
from courses.services.reminders import remind_people
from lms.core.time import new_york_today
from lms.people.models import Person
from tests.browser import Reader
from tests.factories.courses import complete_course
from tests.journeys.test_learner import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]
NEWCOMER = "ines.costa@example.org"


def switch_to(reader: Reader, address: str) -> None:
    """Somebody else sits down."""
    reader.page.context.clear_cookies()
    reader.go("/my/")
    sign_in(reader, address)


def test_a_liaison_assigns_and_sees_it_done(reader: Reader, demo: None) -> None:
    switch_to(reader, "liaison@example.org")
    reader.press("Your agency")
    reader.check()
    assert reader.sees("overdue")

    add_a_colleague(reader)
    assign_the_course(reader)
    the_colleague_does_it(reader)

    # The liaison sees that and when, withdraws another one and takes that back.
    switch_to(reader, "liaison@example.org")
    reader.go("/agency/")
    reader.press("CTDB e-learning")
    reader.check()
    row = reader.page.get_by_role("row").filter(has_text="Ines Costa")
    assert row.get_by_text("Done").count() == 1
    live = Assignment.objects.live().count()
    reader.page.get_by_label("Choose Wei Zhang").click()
    reader.press("Withdraw for the ticked")
    reader.check()
    assert Assignment.objects.live().count() == live - 1
    reader.press("Take back")
    reader.check()
    assert reader.sees("Wei Zhang is asked for it again.")
    assert Assignment.objects.live().count() == live


def add_a_colleague(reader: Reader) -> None:
    """A new colleague, among lines that cannot be read."""
    reader.press("Add people")
    reader.check()
    lines = f"name, e-mail, hired on\nInes Costa, {NEWCOMER}, 2026-01-05\nBob, bob@example.org, ?"
    reader.fill("Paste the list", lines)
    reader.press("Check the list")
    reader.check()
    assert reader.sees("Give first and last name.")
    reader.press("Add 1 person")
    reader.check()
    assert reader.sees("1 person was added")
    assert [message.to for message in mail.outbox if "counts you" in message.subject] == [
        [NEWCOMER]
    ]


def assign_the_course(reader: Reader) -> None:
    """Asked to take a course by a day, after a look at what it comes to."""
    reader.press("See everybody")
    reader.press("Ines Costa")
    reader.press("Assign a training")
    reader.check()
    reader.page.get_by_label("Training").select_option(label="CTDB e-learning (Online course)")
    reader.fill("Due by", new_york_today().isoformat())
    reader.press("Go on")
    reader.check()
    assert reader.sees("to 1 person?")
    reader.press("Assign", exact=True)
    reader.check()
    assert reader.sees("Assigned to 1 person.")
    assert reader.sees("Due today")
    told = [message for message in mail.outbox if NEWCOMER in message.to]
    assert "A training to take: CTDB e-learning" in [message.subject for message in told]


def the_colleague_does_it(reader: Reader) -> None:
    """The colleague finds it first, with its day; who has done it is not reminded."""
    switch_to(reader, NEWCOMER)
    reader.go("/my/")
    assert reader.sees("Due today")
    assert reader.sees("Harbor Family Services asks you to take this.")
    newcomer = Person.objects.get(email=NEWCOMER)
    complete_course(newcomer, CoursePage.objects.get(slug="ctdb-elearning", locale_id=1))
    reader.go("/my/")
    assert reader.page.get_by_text("Due today").count() == 0
    sent = len(mail.outbox)
    remind_people()
    assert all(NEWCOMER not in message.to for message in mail.outbox[sent:])
