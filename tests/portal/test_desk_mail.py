"""Undelivered mail at the desk: whose it is, what one can do, and what the first page says."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from events import services
from lms.completions import exporting
from lms.core import bounces
from lms.core.mail import enqueue_mail
from lms.core.models import Bounce, OutboxMessage
from lms.core.outbox import deliver
from tests.core.test_bounces import REPORT
from tests.factories.completions import make_completion
from tests.factories.people import make_person
from tests.portal.test_desk_sessions import Desk, words

pytestmark = pytest.mark.django_db

LIST = "desk_mail:bounces"


def guest(desk: Desk, address: str) -> Any:
    """Somebody with a seat at the desk's office."""
    person = make_person(address)
    services.register(session=desk.session(), person=person, actor=person)
    return person


def noted(address: str, **fields: Any) -> Bounce:
    return bounces.note_bounce(address=address, source=Bounce.Source.OFFICE, **fields)


def test_only_ones_own_people_and_back_again() -> None:
    desk = Desk()
    guest(desk, "gone@example.org")
    row = noted("gone@example.org", reason="550 no such user")
    noted("else@example.org")
    page = words(desk.client.get(reverse(LIST)))
    assert ("gone@example.org" in page, "else@example.org" in page) == (True, False)
    assert "550 no such user" in page
    back = reverse("desk_mail:works_again", args=[row.pk])
    assert Desk().client.post(back).status_code == 404
    assert "Mail arrives everywhere" in words(Desk().client.get(reverse(LIST)))
    assert "Mail goes to gone@example.org again" in words(desk.client.post(back, follow=True))
    assert bounces.bounce_of("gone@example.org") is None
    outsider = Client()
    outsider.force_login(make_person())
    assert outsider.get(reverse(LIST)).status_code == 404


def test_marked_by_hand_and_from_a_report_and_nobody_elses() -> None:
    desk = Desk()
    guest(desk, "gone@example.org")
    upload = SimpleUploadedFile("back.eml", REPORT)
    said = words(desk.client.post(reverse(LIST), {"do": "report", "report": upload}, follow=True))
    assert "Noted from the report: gone@example.org." in said
    assert bounces.bounce_of("gone@example.org").source == "report"  # type: ignore[union-attr]
    upload = SimpleUploadedFile("back.eml", REPORT)
    said = words(Desk().client.post(reverse(LIST), {"do": "report", "report": upload}))
    assert "Nobody your office knows" in said
    guest(desk, "left@example.org")
    given = {"do": "mark", "address": "Left@example.org", "reason": "left the agency"}
    assert "Nothing is sent to left@example.org" in words(
        desk.client.post(reverse(LIST), given, follow=True)
    )
    stranger = {"do": "mark", "address": "stranger@example.org"}
    assert "has to do with your office" in words(desk.client.post(reverse(LIST), stranger))
    assert Bounce.objects.count() == 2


def test_shown_beside_the_person_and_counted_first() -> None:
    desk = Desk()
    person = guest(desk, "gone@example.org")
    session = person.registrations.get().session
    noted("gone@example.org", reason="550 no such user")
    enqueue_mail(key="x", to="gone@example.org", subject="For Gone", text="Hello")
    deliver("x")
    enqueue_mail(key="y", to="else@example.org", subject="Elsewhere", text="Hello")
    OutboxMessage.objects.filter(key="y").update(state="failed")
    first = words(desk.client.get(reverse("desk:overview")))
    assert "1 address takes no mail" in first
    assert "1 message could not be delivered" in first
    roster = words(desk.client.get(reverse("desk_sessions:session", args=[session.pk])))
    assert "Takes no mail: 550 no such user" in roster
    assert "Takes no mail" in words(
        desk.client.get(reverse("desk_people:person", args=[person.pk]))
    )
    listed = words(desk.client.get(reverse("desk:undelivered")))
    assert ("For Gone" in listed, "Elsewhere" in listed) == (True, False)
    assert "takes no mail" not in words(Desk().client.get(reverse("desk:overview")))


def test_completions_that_a_system_was_not_sent_yet_are_counted() -> None:
    desk = Desk()
    before = timezone.now() - timedelta(days=3)
    sent: dict[str, Any] = {
        "office": desk.office, "columns": ["email"], "form": "csv", "actor": desk.person,
        "only_new": True,
    }  # fmt: skip
    version = desk.training.versions.get()
    make_completion(version=version, now=before)
    exporting.make_export(**sent, system="STARS", now=before + timedelta(hours=5))
    assert "STARS" not in words(desk.client.get(reverse("desk:overview")))
    make_completion(version=version)
    first = words(desk.client.get(reverse("desk:overview")))
    assert "1 completion was not sent to STARS yet" in first
    exporting.make_export(**sent, system="stars")
    assert "STARS" not in words(desk.client.get(reverse("desk:overview")))
