"""Addresses that take no mail: refused by a server, reported later, held, and confirmed anew."""

import socketserver
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.smtp import EmailBackend

from lms.core import bounces
from lms.core.exceptions import Refused
from lms.core.mail import enqueue_mail
from lms.core.models import Bounce, OutboxMessage
from lms.core.outbox import deliver
from lms.core.personal_data import export
from lms.people import services as people
from tests.factories.people import make_person

pytestmark = pytest.mark.django_db

REPORT = b"""From: mailer-daemon@mx.example.org
To: trainings@example.org
Subject: Undelivered mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

Sorry.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; Gone@example.org
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 no such user

Final-Recipient: rfc822; late@example.org
Action: delayed
Status: 4.4.1

--b--
"""


class _Server(socketserver.StreamRequestHandler):
    """As much of a mail server as a refusal needs (RFC 5321)."""

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"RCPT" and b"gone@" in line:
                answer = b"550 5.1.1 no such user"
            elif verb == b"RCPT" and b"busy@" in line:
                answer = b"451 try later"
            elif verb == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
                answer = b"250 taken"
            elif verb == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                answer = b"250 ok"
            self.wfile.write(answer + b"\r\n")


@pytest.fixture
def server(settings: Any) -> Iterator[None]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Server) as tcp:
        thread = threading.Thread(target=tcp.serve_forever, daemon=True)
        thread.start()
        settings.EMAIL_BACKEND = f"{EmailBackend.__module__}.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = tcp.server_address
        settings.EMAIL_USE_TLS = False
        yield
        tcp.shutdown()
        thread.join()


def send(key: str, to: str, **fields: Any) -> OutboxMessage:
    enqueue_mail(key=key, to=to, subject="A session", text="Hello", **fields)
    deliver(key)
    return OutboxMessage.objects.get(key=key)


def test_refused_for_good_is_noted_and_fails_at_once(server: None) -> None:
    message = send("a", "gone@example.org")
    assert (message.state, message.attempts) == ("failed", 1)
    assert message.last_error == "550 5.1.1 no such user"
    bounce = Bounce.objects.get()
    assert (bounce.address, bounce.source) == ("gone@example.org", "server")
    # The next one is not even tried; a code to sign in is.
    assert send("b", "Gone@example.org").state == "held"
    assert send("c", "gone@example.org", secret=True).state == "failed"
    assert Bounce.objects.count() == 1


def test_refused_for_now_is_tried_again(server: None) -> None:
    message = send("a", "busy@example.org")
    assert (message.state, message.attempts, Bounce.objects.count()) == ("pending", 1, 0)
    assert send("b", "fine@example.org").state == "delivered"


def test_confirming_the_address_ends_it() -> None:
    person = make_person("gone@example.org")
    office = Bounce.Source.OFFICE
    for _twice in range(2):
        bounces.note_bounce(address="Gone@example.org", source=office, reason="left")
    assert send("a", "gone@example.org").last_error.endswith("takes no mail: left")
    people.confirm_address(person=person, email="gone@example.org")
    assert send("b", "gone@example.org").state == "delivered"
    assert [message.to for message in mail.outbox] == [["gone@example.org"]]
    # It may bounce again; both times stay.
    bounces.note_bounce(address="gone@example.org", source=office)
    assert Bounce.objects.count() == 2
    kept = export(person)["addresses that bounced"]
    assert [row["works_again_since"] is None for row in kept] == [False, True]


def test_report_of_a_mail_server_is_read() -> None:
    assert bounces.read_report(REPORT) == [
        bounces.Failure("gone@example.org", "550 5.1.1 no such user")
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_report"),
        (b"\xff\xfe\x00 no mail", "no_report"),
        (b"Subject: Out of office\n\nI am away.", "no_report"),
        (REPORT.replace(b"Action: failed", b"Action: delayed"), "not_final"),
        (REPORT.replace(b"rfc822; Gone@example.org", b"x400; gone"), "not_final"),
        (REPORT.replace(b"message/delivery-status", b"text/plain"), "no_report"),
        (b"x" * (bounces.MOST_REPORT_BYTES + 1), "too_large"),
    ],
)
def test_what_is_no_report_says_so(content: bytes, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        bounces.read_report(content)
    assert refusal.value.code == code
