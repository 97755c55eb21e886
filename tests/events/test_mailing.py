"""Mailing lists: subscribed with a code, stopped with one click and for good, written to once."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from events import services
from events.mailing_letters import stop_address, stop_token
from events.mailing_models import MailingList, Subscription
from events.services import mailing_sending
from lms.core import bounces
from lms.core.exceptions import Refused
from lms.core.models import Bounce, OutboxMessage
from lms.core.outbox import deliver
from lms.core.personal_data import holdings
from lms.people.models import Organization, Person
from tests.browser import code_from_mail
from tests.factories.events import make_coming_session, make_live_training
from tests.factories.people import make_office, make_person
from tests.factories.speakers import make_proved

pytestmark = pytest.mark.django_db

BY_MAIL = "events:by_mail"


def make_list(office: Organization | None = None, name: str = "New dates") -> MailingList:
    return services.make_list(
        office=office or make_office(), name=name, about="Once a month.", actor=make_person()
    )


def on(mailing_list: MailingList, email: str = "ana@example.org", **fields: Any) -> Subscription:
    return services.subscribe(
        mailing_list=mailing_list,
        email=email,
        actor=Person.objects.filter(email=email).first() or make_proved(email),
        **fields,
    )


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_nobody_is_subscribed_before_the_code_is_typed(
    client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    wanted = make_list()
    who = {"first_name": "Ana", "last_name": "Rivera", "email": "Ana@Example.org"}
    given = {"lists": [wanted.pk], **who}
    with django_capture_on_commit_callbacks(execute=True):
        code_page = client.post(reverse(BY_MAIL), given)
    assert Subscription.objects.count() == 0
    done = client.post(code_page.url, {"code": code_from_mail("ana@example.org")}, follow=True)
    assert "You are subscribed." in done.content.decode()
    there = Subscription.objects.get()
    assert (there.email, there.name, there.source) == ("ana@example.org", "Ana Rivera", "self")
    # The address after the code does nothing by itself.
    again = signed_in(make_person())
    again.get(reverse("events:by_mail_after_code"))
    assert Subscription.objects.count() == 1


def test_signed_in_one_ticks_and_unticks() -> None:
    one, two = make_list(name="One"), make_list(name="Two")
    person = make_proved("ana@example.org")
    client = signed_in(person)
    page = client.get(f"{reverse(BY_MAIL)}?list={two.pk}").content.decode()
    assert re.findall(r'value="(\d+)"[^>]* checked', page) == [str(two.pk)]
    client.post(reverse(BY_MAIL), {"lists": [one.pk, two.pk]})
    assert Subscription.objects.live().count() == 2
    client.post(reverse(BY_MAIL), {"lists": [two.pk]})
    assert [row.mailing_list for row in Subscription.objects.live()] == [two]


def test_one_click_stops_at_once_and_for_good() -> None:
    there = on(make_list())
    address = reverse("events:mailing_stop", args=[stop_token(there)])
    program = Client(enforce_csrf_checks=True)
    # Reading the link, as scanners do, changes nothing.
    assert "Stop these mails?" in program.get(address).content.decode()
    there.refresh_from_db()
    assert there.is_subscribed
    for _twice in range(2):
        done = program.post(address, {"List-Unsubscribe": "One-Click"})
        assert (done.status_code, "Stopped" in done.content.decode()) == (200, True)
    there.refresh_from_db()
    assert not there.is_subscribed
    assert program.get(reverse("events:mailing_stop", args=["forged"])).status_code == 404
    # Only they themselves come back.
    assert on(there.mailing_list).is_subscribed


def announce(mailing_list: MailingList, **fields: Any) -> Any:
    words = {"subject": "New dates", "body": "There are new dates.\n\nSee below.", **fields}
    return services.write_to_list(mailing_list=mailing_list, actor=make_person(), **words)


def test_announcement_reaches_each_once_and_says_how_to_stop(
    django_capture_on_commit_callbacks: Any,
) -> None:
    office = make_office()
    there = on(make_list(office), name="Ana Rivera")
    on(there.mailing_list, "ben@example.org")
    stopped = on(there.mailing_list, "cy@example.org")
    services.unsubscribe(subscription=stopped)
    open_date = make_coming_session(make_live_training(office=office), title="In March")
    closed = make_coming_session(make_live_training(office=office, access="approval"), title="Shut")
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            made = announce(there.mailing_list, sessions=[open_date.pk, closed.pk])
    assert (made.people, sorted(message.to[0] for message in mail.outbox)) == (
        2,
        ["ana@example.org", "ben@example.org"],
    )
    [letter] = [message for message in mail.outbox if message.to == ["ana@example.org"]]
    stop = stop_address(there)
    assert letter.extra_headers == {
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    raw = letter.message().as_string()
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in raw
    assert all(
        part in letter.body for part in ("Hello Ana Rivera,", "In March", "See below.", stop)
    )
    assert "Shut" not in letter.body
    said = mailing_sending.progress(made)
    assert (said.waiting, said.sent, said.failed, said.is_done) == (0, 2, 0, True)


def test_who_stops_while_letters_wait_gets_none_and_dead_addresses_are_held() -> None:
    wanted = make_list()
    stops, dead = on(wanted), on(wanted, "dead@example.org")
    bounces.note_bounce(address="dead@example.org", source=Bounce.Source.SERVER, reason="550")
    made = announce(wanted)
    assert mailing_sending.progress(made).waiting == 2
    mailing_sending.spread({"announcement": made.pk})
    mailing_sending.spread({"announcement": made.pk})
    services.unsubscribe(subscription=stops)
    for message in OutboxMessage.objects.filter(kind=mailing_sending.LETTER):
        deliver(message.key)
    assert mail.outbox == []
    said = mailing_sending.progress(made)
    assert (said.waiting, said.failed) == (0, 1)
    assert OutboxMessage.objects.get(state="held").payload["to"] == dead.email


def test_closed_and_empty_lists_are_refused() -> None:
    wanted = make_list()
    with pytest.raises(Refused) as refusal:
        announce(wanted)
    assert refusal.value.code == "nobody"
    on(wanted)
    services.close_list(mailing_list=wanted, actor=make_person())
    for attempt in (lambda: announce(wanted), lambda: on(wanted, "ben@example.org")):
        with pytest.raises(Refused) as refusal:
            attempt()
        assert refusal.value.code == "closed"


def test_what_is_kept_is_given_and_erased_and_the_no_stays() -> None:
    there = on(make_list(), name="Ana Rivera")
    person = Person.objects.get(email="ana@example.org")
    [holding] = [row for row in holdings() if row.name == "events.subscriptions"]
    assert holding.export(person)[0]["address"] == "ana@example.org"
    assert holding.erase is not None
    assert holding.erase(person) == 1
    there.refresh_from_db()
    assert (there.email, there.name, there.is_subscribed) == ("", "", False)
    content = b"email\nana@example.org\nben@example.org\n"
    imported = services.begin_import(
        mailing_list=there.mailing_list, content=content, name="a.csv", actor=person
    )
    assert services.finish_import(imported=imported, actor=person) == {"stopped": 1, "new": 1}
