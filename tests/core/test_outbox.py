"""The outbox: what is told is told once, and nothing acknowledged is lost."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.utils import timezone

from lms.core import outbox
from lms.core.mail import enqueue_mail
from lms.core.models import OutboxMessage


def send(key: str = "welcome:1", **changes: Any) -> None:
    enqueue_mail(key=key, to="ana@example.org", subject="Welcome", text="Hello", **changes)


@pytest.mark.django_db
def test_the_same_news_is_told_once(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        send()
        send()
    assert [message.subject for message in mail.outbox] == ["Welcome"]


@pytest.mark.django_db(transaction=True)
def test_a_rollback_tells_nobody() -> None:
    with transaction.atomic():
        send()
        transaction.set_rollback(True)
    assert (len(mail.outbox), OutboxMessage.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_a_lost_doorbell_is_made_good_by_the_sweep() -> None:
    send()  # the test's transaction never commits, so no doorbell rings
    assert outbox.sweep() == 1
    assert outbox.sweep() == 0
    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_a_worker_killed_in_the_middle_is_taken_over_after_its_claim() -> None:
    send()
    now = timezone.now()
    OutboxMessage.objects.update(claimed_until=now + outbox.CLAIM)
    assert outbox.sweep(now=now) == 0
    assert outbox.sweep(now=now + outbox.CLAIM + timedelta(seconds=1)) == 1


@pytest.mark.django_db
def test_a_secret_is_gone_after_delivery() -> None:
    send(secret=True)
    outbox.sweep()
    message = OutboxMessage.objects.get()
    assert (message.state, message.payload) == ("delivered", {})


@pytest.mark.django_db
def test_a_failure_waits_longer_each_time_and_shows_in_the_end() -> None:
    outbox.register_handler("breaks", lambda payload: 1 / payload["zero"])  # type: ignore[arg-type,return-value]
    outbox.enqueue(kind="breaks", key="b", payload={"zero": 0})
    now = timezone.now()
    waits = []
    for _attempt in range(outbox.MAX_ATTEMPTS):
        outbox.deliver("b", now=now)
        message = OutboxMessage.objects.get()
        waits.append(message.due_at - now)
        now = message.due_at
    assert waits == sorted(waits)
    assert (message.state, message.attempts) == ("failed", outbox.MAX_ATTEMPTS)
    assert "ZeroDivisionError" in message.last_error


@pytest.mark.django_db
def test_mail_carries_its_calendar_as_the_last_alternative() -> None:
    send(html="<p>Hello</p>", calendar=("REQUEST", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"))
    outbox.sweep()
    parts = list(mail.outbox[0].message().walk())
    assert [part.get_content_type() for part in parts] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
    ]
    assert parts[3].get_param("method") == "REQUEST"


@pytest.mark.django_db(transaction=True)
def test_two_workers_deliver_a_message_once() -> None:
    sent: list[str] = []
    both_there = threading.Barrier(2)
    outbox.register_handler("counts", lambda payload: sent.append(payload["n"]))
    OutboxMessage.objects.create(key="c", kind="counts", payload={"n": "one"})

    def work() -> None:
        both_there.wait()
        outbox.deliver("c")
        connection.close()

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sent == ["one"]
