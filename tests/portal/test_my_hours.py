"""Contact hours of one's record: summed by year, accreditor and type, never mixed."""

import csv
import io
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from lms.certificates.services import issue_certificate
from lms.completions.services import revoke_completion
from lms.people.models import Person
from tests.factories.completions import make_completion
from tests.factories.credit import NASW, NYSED, confirm_whole, credit_line
from tests.factories.people import make_person
from tests.factories.trainings import make_version

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(client: Client) -> Person:
    somebody = make_person(name="Ana Rivera")
    client.force_login(somebody)
    return somebody


def complete(person: Person, *credit: dict[str, Any], on: date) -> Any:
    """A completion with a certificate that states this credit."""
    version = make_version(minutes=120, credits=list(credit))
    for line in credit:
        confirm_whole(version.training, line["accreditor"], valid_from=on - timedelta(days=10))
    completion = make_completion(person, version=version, occurred_on=on)
    issue_certificate(completion=completion)
    return completion


def sums(client: Client) -> list[list[str]]:
    """The table file, without its heading."""
    text = client.get("/my/contact-hours.csv").content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_each_sum_stands_for_itself(client: Client, person: Person) -> None:
    last_year, this_year = date(2025, 12, 31), date(2026, 1, 1)
    complete(person, credit_line(NYSED, "live", "2"), credit_line(NASW, "live", "2"), on=last_year)
    complete(person, credit_line(NYSED, "live", "1"), on=this_year)
    complete(person, credit_line(NYSED, "live", "1.5"), on=this_year)
    complete(person, credit_line(NYSED, "self_study", "0.50"), on=this_year)
    assert sums(client) == [
        ["2026", "NYSED social work", "live", "2.5"],
        ["2026", "NYSED social work", "self-study", "0.5"],
        ["2025", "NASW", "live", "2"],
        ["2025", "NYSED social work", "live", "2"],
    ]


def test_what_is_not_confirmed_or_no_longer_stands_is_not_summed(
    client: Client, person: Person
) -> None:
    make_completion(person, version=make_version(credits=[credit_line(NYSED)]))
    revoked = complete(person, credit_line(NYSED), on=date(2026, 1, 1))
    revoke_completion(completion=revoked, reason="Mistake", actor=None)
    assert sums(client) == []
    assert "Contact hours by year" not in client.get("/my/transcript/").content.decode()


def test_page_and_paper_say_the_sums_and_what_new_york_does_not_take(
    client: Client, person: Person
) -> None:
    complete(person, credit_line(NASW, hours="1"), on=date(2026, 1, 1))
    complete(person, credit_line(NYSED, hours="2"), on=date(2026, 1, 1))
    page = unescape(" ".join(client.get("/my/transcript/").content.decode().split()))
    (sheet,) = PdfReader(io.BytesIO(client.get("/my/transcript.pdf").content)).pages
    paper = " ".join(sheet.extract_text().split())
    for said in (page, paper):
        assert "Contact hours by year" in said
        assert "2 contact hours" in said
        assert "NASW: New York's board does not recognize NASW's national approval" in said
        assert "of 36 hours in 3 years, at most 12 may be self-study." in said


def test_nobody_sees_another_s_hours(client: Client) -> None:
    complete(make_person(), credit_line(NYSED), on=date(2026, 1, 1))
    client.force_login(make_person())
    assert sums(client) == []
