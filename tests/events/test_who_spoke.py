"""The proof of presenting: for who spoke, and not for who only answered, or did not come."""

from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse

from events import services
from events.models import Session
from events.speaker_models import Presenting, SpokeRuling
from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.people.models import Person
from tests.events.test_speakers import end
from tests.factories.people import make_person
from tests.factories.speakers import client_of, make_invited, make_proved, make_speaker, person_of
from tests.portal.test_desk_sessions import Desk, words

pytestmark = pytest.mark.django_db

Capture = Any


@pytest.fixture
def desk() -> Desk:
    return Desk()


def own(name: str, row: Presenting) -> str:
    return reverse(f"events:speaking_{name}", args=[row.pk])


def at_desk(row: Presenting) -> str:
    return reverse("desk_sessions:speaker", args=[row.session_id, row.pk])


def proof(row: Presenting, person: Person) -> int:
    return client_of(person).get(own("proof", row)).status_code


def test_answer_after_the_end_needs_the_offices_yes(
    desk: Desk, django_capture_on_commit_callbacks: Capture
) -> None:
    desk.office.contact_email = "office@example.org"
    desk.office.save()
    session = desk.session()
    person = make_proved(name="Never Came")
    row = make_invited(session, person)
    end(session)
    page = client_of(person)
    assert "Yes, I spoke" in words(page.get(own("session", row)))
    with django_capture_on_commit_callbacks(execute=True):
        page.post(own("session", row), {"step": "confirm"})
    assert "answered after the session was over" in mail.outbox[-1].body
    assert proof(row, person) == 404
    assert "waits for the office" in words(page.get(own("session", row)))
    listed = words(desk.client.get(reverse("desk_sessions:speakers", args=[session.pk])))
    assert "Say whether they spoke" in listed
    assert Desk().client.post(at_desk(row), {"step": "spoke"}).status_code == 404
    desk.client.post(at_desk(row), {"step": "spoke"})
    assert proof(row, person) == 200
    listed = words(desk.client.get(reverse("desk_sessions:speakers", args=[session.pk])))
    assert "Say whether they spoke" not in listed


def test_who_confirmed_and_did_not_come_loses_the_proof_and_is_told(
    desk: Desk, django_capture_on_commit_callbacks: Capture
) -> None:
    session = desk.session()
    row = make_speaker(session)
    person = person_of(row)
    end(session)
    assert proof(row, person) == 200
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            desk.client.post(at_desk(row), {"step": "did_not_speak"})
    assert SpokeRuling.objects.count() == 1
    [told] = [each for each in mail.outbox if "did not speak" in each.body]
    assert told.to == [person.email]
    client = client_of(person)
    taken = client.get(own("proof", row), follow=True)
    assert "this proof is taken back" in words(taken)
    assert "No proof of presenting" in words(taken)
    assert "You said that they did not speak" in words(desk.client.get(at_desk(row)))
    desk.client.post(at_desk(row), {"step": "spoke"})
    assert proof(row, person) == 200
    [kept] = personal_data.export(person)["events.speakers"]
    said = kept["sessions"][0]["the_office_says_they_spoke"]
    assert [each["spoke"] for each in said] == [False, True]


def test_office_may_say_so_before_the_answer(desk: Desk) -> None:
    session = desk.session()
    person = make_proved()
    row = make_invited(session, person)
    end(session)
    desk.client.post(at_desk(row), {"step": "spoke"})
    assert proof(row, person) == 404
    services.confirm_presenting(presenting=row, actor=person)
    assert proof(row, person) == 200


def test_nothing_is_said_before_the_end_or_of_who_left(desk: Desk) -> None:
    session: Session = desk.session()
    gone, stays = make_speaker(session), make_speaker(session)
    services.leave_presenting(presenting=gone, actor=person_of(gone))
    with pytest.raises(Refused) as refused:
        services.rule_spoke(presenting=stays, spoke=False, actor=make_person())
    assert refused.value.code == "not_over"
    assert "Did not speak" not in words(desk.client.get(at_desk(stays)))
    end(session)
    Presenting.objects.filter(pk=gone.pk).update(ended_at=session.starts_at)
    with pytest.raises(Refused) as refused:
        services.rule_spoke(presenting=gone, spoke=True, actor=make_person())
    assert refused.value.code == "left"
    assert "Did not speak" in words(desk.client.get(at_desk(stays)))


def test_what_the_office_said_is_not_rewritten(desk: Desk) -> None:
    session = desk.session()
    row = make_speaker(session)
    end(session)
    services.rule_spoke(presenting=row, spoke=False, actor=desk.person)
    with pytest.raises(DatabaseError), transaction.atomic():
        SpokeRuling.objects.update(spoke=True)
