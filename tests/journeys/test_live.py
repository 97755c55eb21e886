"""Walk 4: register for a live session with and without an account, join, give the seat back."""

import re

import pytest
from django.core import mail
from django.utils import timezone

from events.models import Registration, Session
from lms.people.models import Person
from tests.browser import Reader, code_from_mail

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
