"""Walk: a full session, its waiting list and an offer taken; then a report, and certificates."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse

from events.models import Registration, Session
from lms.certificates.models import Certificate
from lms.completions.models import Completion
from lms.people.enums import Role
from lms.people.models import Person
from tests.browser import Reader, link_from_mail, sign_in
from tests.factories.events import make_coming_session, make_live_page, make_seat, make_session
from tests.factories.people import make_office, make_person, make_with_role
from tests.factories.webex import Told, report_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DAY = date(2025, 7, 15)
THEN = datetime(2025, 6, 1, tzinfo=UTC)


def become(reader: Reader, person: Person, address: str) -> None:
    reader.page.context.clear_cookies()
    sign_in(reader, person, address)


def statuses(session: Session) -> dict[str, str]:
    seats = session.registrations.select_related("person").order_by("pk")
    return {seat.person.first_name: seat.status for seat in seats}


def test_full_waiting_list_cancel_offer_taken(phone: Reader, live_server: Any) -> None:
    session = make_coming_session(capacity=1)
    page = reverse("events:session", args=[session.pk])
    ana, ben = make_person(name="Ana Rivera"), make_person("ben@example.org", name="Ben Ode")
    become(phone, ana, live_server.url)
    phone.go(page)
    phone.press("Register")
    phone.check()
    phone.press("Yes, register me")
    assert phone.sees("You are registered")

    become(phone, ben, live_server.url)
    phone.go(page)
    assert phone.sees("Nobody waits yet: you would be the first.")
    phone.press("Join the waiting list")
    phone.check()
    phone.press("Yes, put me on the list")
    phone.check()
    assert statuses(session) == {"Ana": "registered", "Ben": "waiting"}

    become(phone, ana, live_server.url)
    phone.go(page)
    phone.press("I can't come: give my seat back")
    phone.press("Yes, give it back")
    assert statuses(session) == {"Ana": "cancelled", "Ben": "offered"}

    # From the mail, on a device where nobody is signed in.
    phone.page.context.clear_cookies()
    phone.go(link_from_mail("ben@example.org", "/events/seats/"))
    phone.press("Yes, the seat is mine")
    phone.check()
    assert statuses(session) == {"Ana": "cancelled", "Ben": "registered"}
    become(phone, ana, live_server.url)
    phone.go(page)
    assert phone.sees("Join the waiting list")


def told(name: str, email: str, left: str = "13:01:00") -> Told:
    return (name, email, f"{DAY} 09:58:00", f"{DAY} {left}")


def test_report_queue_outcomes_certificates_and_the_learner_opens_theirs(
    reader: Reader, live_server: Any
) -> None:
    office = make_office()
    coordinator = make_with_role(Role.COORDINATOR, office)
    session = make_session(make_live_page(office=office).training(), day=DAY, now=THEN)
    ana, mei, early = [
        make_seat(session, make_person(email, name=name), now=THEN).person
        for email, name in (
            ("ana@example.org", "Ana Rivera"),
            ("mchen@example.org", "Mei Chen"),
            ("early@example.org", "Lee Early"),
        )
    ]
    content = report_of(
        told("Ana Rivera", "ana@example.org"),
        told("mei", "3f0f@guest.webex.localhost"),
        told("Lee Early", "early@example.org", "11:00:00"),
        told("Fatima Noor", "fatima@provider.example.org"),
        told("Wei Zhang", "wei@example.org", "later"),
        start=f"{DAY} 09:58:12",
    )
    sign_in(reader, coordinator, live_server.url)
    reader.go(reverse("desk_sessions:session", args=[session.pk]))
    reader.go(reverse("desk_attendance:upload", args=[session.pk]))
    reader.page.get_by_label("Attendance report").set_input_files(
        {"name": "participant-1.csv", "mimeType": "text/csv", "buffer": content}
    )
    reader.press("Upload and look")
    assert reader.sees("5 rows were read. Nothing is noted yet")
    reader.check()
    assert reader.sees("The leave time is not a date and time.")

    # One click links, one click adds; both are placed then.
    reader.press("It is Mei Chen")
    reader.press("Came without a seat: add")
    assert reader.sees("Everybody in the report is placed")
    reader.press("Note attendance")
    reader.check()
    assert reader.sees("3 people attended: completion and certificate follow by themselves.")
    assert reader.sees("1 person was there for less than the rule asks.")
    assert Completion.objects.count() == 0
    reader.press("Yes, note the rest")
    assert reader.sees("Attendance of 4 people is noted (Attended: 3, Attended in part: 1).")
    reader.check()
    fatima = Person.objects.get(email="fatima@provider.example.org")
    holders = {row.completion.person for row in Certificate.objects.select_related("completion")}
    assert holders == {ana, mei, fatima}

    become(reader, mei, live_server.url)
    reader.go("/my/")
    link = reader.page.get_by_role("link", name="Certificate (PDF)").first.get_attribute("href")
    opened = reader.page.request.get(str(link))
    assert (opened.status, opened.body()[:5]) == (200, b"%PDF-")
    become(reader, early, live_server.url)
    reader.go(reverse("events:session", args=[session.pk]))
    assert reader.sees("60 of 180 minutes")
    assert Registration.objects.filter(completion__isnull=False).count() == 3
