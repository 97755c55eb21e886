"""Asking for a training: the public form, the office's queue, and what the asker is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from events import services
from events.enums import WishState
from events.models import Session
from events.wish_models import TrainingWish
from lms.core.exceptions import Refused
from lms.core.personal_data import holdings
from lms.people.models import Organization
from tests.factories.people import make_person
from tests.portal.test_desk_sessions import Desk, form_for, words

pytestmark = pytest.mark.django_db

ADDRESS = "asker@example.org"


@pytest.fixture
def desk() -> Desk:
    return Desk()


def asked(desk: Desk, **changes: str) -> dict[str, str]:
    return {
        "wanted_training": f"t{desk.training.pk}", "audience": "child_welfare", "people": "25",
        "wanted": "a morning in March", "place": "Albany", "organization": "Sample Inn",
        "name": "Sample Asker", "email": ADDRESS.upper(), **changes,
    }  # fmt: skip


def make_wish(office: Organization, **fields: Any) -> TrainingWish:
    data: dict[str, Any] = {
        "topic": "At the front desk", "email": ADDRESS, "name": "Sample Asker", "people": 25,
        "organization": "Sample Inn", "audience": "child_welfare", "wanted": "in March",
    }  # fmt: skip
    return services.wish(office=office, **{**data, **fields})


def test_anybody_asks_and_gets_a_copy(desk: Desk, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            sent = Client().post(reverse("events:wish"), asked(desk), follow=True)
    assert "Your request is sent" in words(sent)
    wish = TrainingWish.objects.get()
    assert (wish.office, wish.training, wish.email) == (desk.office, desk.training, ADDRESS)
    assert [message.to for message in mail.outbox] == [[ADDRESS]]
    assert "For 25 people, a morning in March." in mail.outbox[0].body


def test_something_else_needs_a_topic_and_nothing_typed_is_lost(desk: Desk) -> None:
    form = asked(desk, wanted_training=f"o{desk.office.pk}")
    page = Client().post(reverse("events:wish"), form)
    assert "topic" in page.context["form"].errors
    assert 'value="a morning in March"' in page.content.decode()
    Client().post(reverse("events:wish"), {**form, "topic": "At the front desk"})
    assert TrainingWish.objects.get().subject == "At the front desk"


def test_fourth_wish_of_a_day_from_one_address_is_refused(desk: Desk) -> None:
    for number in range(3):
        make_wish(desk.office, topic=f"Topic {number}")
    with pytest.raises(Refused) as refusal:
        make_wish(desk.office, topic="Topic 4")
    assert refusal.value.code == "too_many"
    later = datetime.now(UTC) + timedelta(days=2)
    assert make_wish(desk.office, topic="Topic 4", now=later).is_new


def test_turned_into_a_session_with_what_was_asked_filled_in(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    wish = make_wish(desk.office, training=desk.training, topic="", place="Albany")
    detail = words(desk.client.get(reverse("desk_sessions:wish", args=[wish.pk])))
    assert "Sample Asker, Sample Inn" in detail
    address = f"{reverse('desk_sessions:new')}?wish={wish.pk}"
    form = desk.client.get(address).context["form"]
    assert (form["capacity"].value(), form["location"].value()) == (25, "Albany")
    desk.client.post(address, form_for(desk.training, step="look"))
    wish.refresh_from_db()
    assert (wish.state, Session.objects.count()) == (WishState.NEW, 0)
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            desk.client.post(address, form_for(desk.training, step="save"))
    wish.refresh_from_db()
    session = Session.objects.get()
    assert (wish.state, wish.session, wish.decided_by) == ("scheduled", session, desk.person)
    assert [message.to for message in mail.outbox] == [[ADDRESS]]
    assert reverse("events:session", args=[session.pk]) in mail.outbox[0].body


def test_declined_with_a_reason_the_asker_reads(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    wish = make_wish(desk.office)
    page = reverse("desk_sessions:wish", args=[wish.pk])
    assert "reason" in desk.client.post(page, {"reason": ""}).context["form"].errors
    with django_capture_on_commit_callbacks(execute=True):
        desk.client.post(page, {"reason": "No trainer in March."})
    wish.refresh_from_db()
    assert (wish.state, wish.reason) == ("declined", "No trainer in March.")
    assert "The reason: No trainer in March." in mail.outbox[-1].body
    with pytest.raises(Refused):
        services.grant_wish(wish=wish, session=desk.session(), actor=desk.person)
    done = desk.client.get(reverse("desk_sessions:wishes") + "?show=done")
    assert "At the front desk" in words(done)


def test_queue_is_the_offices_own(desk: Desk) -> None:
    wish = make_wish(desk.office)
    page, queue = reverse("desk_sessions:wish", args=[wish.pk]), reverse("desk_sessions:wishes")
    assert "At the front desk" in words(desk.client.get(queue))
    assert "1 training is asked for" in words(desk.client.get(reverse("desk:overview")))
    elsewhere = Desk()
    assert "At the front desk" not in words(elsewhere.client.get(queue))
    assert elsewhere.client.get(page).status_code == 404
    learner = Client()
    learner.force_login(make_person())
    assert learner.get(page).status_code == learner.get(queue).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_queue_queries_do_not_grow(desk: Desk, rows: int, django_assert_num_queries: Any) -> None:
    for number in range(rows):
        make_wish(desk.office, topic=f"Topic {number}")
    with django_assert_num_queries(4):
        desk.client.get(reverse("desk_sessions:wishes"))


def test_wishes_are_found_by_a_proved_address_and_erased(desk: Desk) -> None:
    person = make_person(ADDRESS)
    make_wish(desk.office)
    known = {holding.name: holding for holding in holdings()}["events.wishes"]
    assert known.erase
    assert len(known.export(person)) == known.erase(person)
