"""Walk 4: register for a live session with and without an account, join, give the seat back."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from events.models import Registration, Session
from lms.core.time import new_york_today
from lms.people.models import Person
from tests.browser import Reader, code_from_mail
from tests.journeys.test_learner import sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("demo"),
]


def next_session() -> Session:
    return Session.objects.filter(
        training__title="CTDB training", starts_at__gt=timezone.now()
    ).earliest("starts_at")


def methods(address: str) -> list[str]:
    """The iTIP methods of the invitations mailed to the address, oldest first."""
    return [
        str(part.get_param("method"))
        for message in mail.outbox
        if address in message.to
        for part in message.message().walk()
        if part.get_content_type() == "text/calendar"
    ]


def test_register_with_an_account_give_back_register_again(reader: Reader, demo: None) -> None:
    session = next_session()
    reader.go("/trainings/ctdb-training/")
    reader.go(f"/events/sessions/{session.pk}/")
    join = reader.page.request.get(f"/events/sessions/{session.pk}/join/", max_redirects=0)
    assert "webex" not in (join.headers.get("location") or "").lower()
    reader.press("Register")
    reader.check()
    reader.page.locator("main").get_by_role("link", name="Sign in").click()
    reader.fill("E-mail", "learner@example.org")
    reader.press("Send me a code")
    reader.fill("Code", code_from_mail("learner@example.org"))
    reader.page.locator("main form button[type=submit], main form button").first.click()
    reader.page.wait_for_load_state()
    reader.check()
    reader.press("Yes, register me")
    reader.check()
    assert reader.sees("You are registered")
    assert methods("learner@example.org") == ["REQUEST"]

    # A second tab shows the seat that is there, and no second mail goes out.
    reader.go(f"/events/sessions/{session.pk}/register/")
    reader.go(f"/events/sessions/{session.pk}/")
    reader.page.get_by_role("link", name=re.compile("seat back|Cancel")).first.click()
    reader.page.wait_for_load_state()
    reader.check()
    reader.press("Yes, give it back")
    reader.check()
    assert methods("learner@example.org") == ["REQUEST", "CANCEL"]

    reader.go(f"/events/sessions/{session.pk}/register/")
    reader.press("Yes, register me")
    assert methods("learner@example.org") == ["REQUEST", "CANCEL", "REQUEST"]
    person = Person.objects.get(email="learner@example.org")
    assert Registration.objects.live().of(person).filter(session=session).count() == 1


def test_register_without_an_account_and_the_account_grows_from_it(
    reader: Reader, demo: None
) -> None:
    session = next_session()
    reader.go(f"/events/sessions/{session.pk}/register/")
    reader.fill("First name", "Noor")
    reader.fill("Last name", "Haddad")
    reader.fill("E-mail", "noor.haddad@example.org")
    reader.press("Send me the code")
    reader.check()
    reader.fill("Code", code_from_mail("noor.haddad@example.org"))
    reader.page.locator("main form button").first.click()
    reader.page.wait_for_load_state()
    reader.check()
    assert reader.sees("You are registered")
    person = Person.objects.get(email="noor.haddad@example.org")
    assert person.get_full_name() == "Noor Haddad"
    assert Registration.objects.live().of(person).filter(session=session).count() == 1
    assert methods("noor.haddad@example.org") == ["REQUEST"]
    reader.go("/my/")
    assert reader.sees(session.name)


def test_coordinator_pastes_eleven_dates(reader: Reader, demo: None) -> None:
    """A year's dates, written as an office writes them; one of them under a wrong weekday."""
    first = new_york_today() + timedelta(days=40)
    first += timedelta(days=-first.weekday() % 7)  # the demo's own are on Tuesdays and Thursdays
    days = [first + timedelta(weeks=4 * n, days=2 * (n % 2)) for n in range(11)]
    named = [f"{('Mon', 'Weds')[n % 2]} {day:%b} {day.day}" for n, day in enumerate(days)]
    named[3] = named[3].replace("Weds", "Thurs")
    before = Session.objects.count()

    reader.go("/accounts/login/")
    sign_in(reader, "coordinator@example.org")
    reader.go("/desk/sessions/")
    reader.press("Add many dates")
    reader.check()
    bullets = "\n".join(f"  • {name}" for name in named)
    paste(reader, bullets)
    assert reader.sees(f"is a {days[3]:%A}, not a Thursday")
    assert reader.sees(f"{days[0]:%A, %B} {days[0].day}, {days[0].year}, 10 a.m. to 1 p.m. Eastern")
    assert Session.objects.count() == before

    reader.page.get_by_text(named[3], exact=True).click()
    reader.press("Look again")
    reader.check()
    reader.press("Add 11 sessions")
    reader.check()
    assert reader.sees("11 sessions are open for registration.")
    added = Session.objects.filter(training__title="CTDB training", capacity=140, day__in=days)
    assert set(added.values_list("day", flat=True)) == set(days)
    # The same list once more: nothing is there twice.
    paste(reader, bullets)
    reader.press("Add 10 sessions")
    assert reader.sees("nothing was added")
    assert Session.objects.count() == before + 11


def paste(reader: Reader, bullets: str) -> None:
    reader.go("/desk/sessions/many/")
    reader.page.get_by_label("Training", exact=True).select_option(label="CTDB training")
    reader.page.get_by_role("textbox", name="Dates").fill(
        f"All trainings are provided 10 am to 1 pm EST.\n\n{bullets}"
    )
    reader.fill("Seats", "140")
    reader.press("Look at the dates")
    reader.check()
