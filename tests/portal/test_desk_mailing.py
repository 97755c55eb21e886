"""Mailing lists at the desk: tables in and out, row by row; writing with a look; outsiders."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from events import services
from events.mailing_models import MailingImport, MailingList, Subscription
from lms.core.personal_data import forget_by_age
from lms.core.tables import xlsx_bytes
from tests.events.test_mailing import on
from tests.factories.people import make_person
from tests.portal.test_desk_sessions import Desk, words

pytestmark = pytest.mark.django_db

TABLE = """First,Last,Work mail
Ana,Rivera,ana@example.org
Ben,Ost,BEN@example.org
Cora,Li,no address
Dan,Wu,dan@example.org
Ana,Rivera,Ana@example.org
Eve,Roy,
"""


@pytest.fixture
def desk() -> Desk:
    return Desk()


def make_list(desk: Desk) -> MailingList:
    return services.make_list(
        office=desk.office, name="New dates", about="Once a month.", actor=desk.person
    )


def path(name: str, found: MailingList, *more: Any) -> str:
    return reverse(f"desk_mailing:{name}", args=[found.pk, *more])


def upload(desk: Desk, found: MailingList, content: bytes, name: str = "list.csv") -> str:
    file = SimpleUploadedFile(name, content)
    return desk.client.post(path("import", found), {"file": file}).url


def test_office_makes_a_list_once(desk: Desk) -> None:
    given = {"office": "", "name": "New dates", "about": "Once a month."}
    for _twice in range(2):
        page = words(desk.client.post(reverse("desk_mailing:lists"), given, follow=True))
    assert "People can subscribe to it now." in page
    assert "Nobody is on it yet" in page
    assert MailingList.objects.get().office == desk.office


def test_each_row_has_its_own_answer_and_the_file_twice_changes_nothing(desk: Desk) -> None:
    found = make_list(desk)
    on(found, "ben@example.org")
    services.unsubscribe(subscription=on(found, "dan@example.org"))
    look = upload(desk, found, TABLE.encode())
    # The heading says nothing we know of the addresses.
    assert "Which column is what" in words(desk.client.get(look))
    columns = {"email": "2", "first": "0", "last": "1", "name": ""}
    page = words(desk.client.post(look, {**columns, "step": "look"}, follow=True))
    assert "Will be added: 1." in page
    assert "“no address” is no e-mail address." in page
    assert "Has stopped these mails; left out" in page
    assert "This address stands further up in the file." in page
    assert "There is no e-mail address in this row." in page
    assert Subscription.objects.live().count() == 1
    done = words(desk.client.post(look, {**columns, "step": "save"}, follow=True))
    assert "1 address was added. 5 rows were left out." in done
    added = Subscription.objects.get(email="ana@example.org")
    assert (added.name, added.source) == ("Ana Rivera", "import")
    assert not Subscription.objects.get(email="dan@example.org").is_subscribed
    assert MailingImport.objects.get().rows == []
    again = upload(desk, found, TABLE.encode())
    said = words(desk.client.post(again, {**columns, "step": "save"}, follow=True))
    assert "Everything was there already; nothing changed." in said
    assert Subscription.objects.live().count() == 2


def test_spreadsheet_with_known_columns_needs_no_choosing(desk: Desk) -> None:
    found = make_list(desk)
    content = xlsx_bytes([["Ana Rivera", "ana@example.org"]], ["Name", "E-mail"])
    look = upload(desk, found, content, "list.xlsx")
    assert "Will be added: 1." in words(desk.client.get(look))
    broken = SimpleUploadedFile("list.xlsx", b"PK\x03\x04 broken")
    said = words(desk.client.post(path("import", found), {"file": broken}))
    assert "The file is damaged." in said
    later = timezone.now() + timedelta(days=2)
    assert forget_by_age(later)["events.mailing_imports"] == 1
    assert desk.client.get(look).status_code == 404


def test_who_is_on_it_goes_out_as_a_table(desk: Desk) -> None:
    found = make_list(desk)
    on(found, "ana@example.org", name="=cmd()")
    services.unsubscribe(subscription=on(found, "ben@example.org"))
    text = desk.client.get(path("file", found, "csv")).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[:2] for row in rows] == [
        ["E-mail address", "Name"],
        ["ana@example.org", "'=cmd()"],
    ]
    book = load_workbook(io.BytesIO(desk.client.get(path("file", found, "xlsx")).content))
    assert book.active is not None
    assert book.active["A2"].value == "ana@example.org"


def test_written_after_a_look_and_sent_once(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    found = make_list(desk)
    on(found, "ana@example.org")
    session = desk.session(title="In March")
    form = desk.client.get(path("write", found))
    assert form.context["form"].initial["sessions"] == [session.pk]
    given = {"subject": "New dates", "body": "Come.", "sessions": [session.pk]}
    preview = words(desk.client.post(path("write", found), {**given, "step": "look"}))
    assert "1 person gets it." in preview
    assert "In March" in preview
    assert mail.outbox == []
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            sent = desk.client.post(path("write", found), {**given, "step": "send"})
    assert [message.to for message in mail.outbox] == [["ana@example.org"]]
    page = words(desk.client.get(sent.url))
    assert "1 of 1" in page
    assert "Done" in page
    # A date is ticked by itself only until it was named.
    assert desk.client.get(path("write", found)).context["form"].initial["sessions"] == []


def test_lists_of_other_offices_do_not_exist(desk: Desk) -> None:
    found = make_list(desk)
    outsider = Client()
    outsider.force_login(make_person())
    for client in (Desk().client, outsider):
        for name, more in (
            ("list", ()), ("close", ()), ("import", ()), ("write", ()), ("file", ("csv",)),
        ):  # fmt: skip
            assert client.get(path(name, found, *more)).status_code == 404
    assert "There is no mailing list yet" in words(Desk().client.get(reverse("desk_mailing:lists")))


@pytest.mark.parametrize("people", [1, 3])
def test_list_queries_do_not_grow(desk: Desk, people: int, django_assert_num_queries: Any) -> None:
    found = make_list(desk)
    for number in range(people):
        on(found, f"person{number}@example.org")
    with django_assert_num_queries(QUERIES):
        desk.client.get(path("list", found))


QUERIES = 9
