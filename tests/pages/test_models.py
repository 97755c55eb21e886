"""What the database refuses, and what is stale."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from wagtail.documents.models import Document

from lms.pages.models import Contact, Fact
from tests.factories.pages import make_contact, make_fact, make_question, make_resource

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"situation": "other"}, "pages_contact_situation_known"),
        ({"source": ""}, "pages_contact_has_name_and_source"),
        ({"name": ""}, "pages_contact_has_name_and_source"),
        ({"call": "call us"}, "pages_contact_call_form"),
        ({"sms": "write to 233733"}, "pages_contact_sms_form"),
    ],
)
def test_contact_that_cannot_be_right_is_refused(fields: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make_contact(**fields)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"source": ""}, "pages_fact_has_statement_and_source"),
        ({"statement": ""}, "pages_fact_has_statement_and_source"),
        ({"year": 24}, "pages_fact_year_likely"),
    ],
)
def test_fact_without_source_or_year_is_refused(fields: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make_fact(**fields)


def test_fact_key_stands_once_in_each_language() -> None:
    make_fact(key="same")
    make_fact("es", key="same")

    with pytest.raises(IntegrityError, match="pages_fact_key_once"), transaction.atomic():
        make_fact(key="same")


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"audience": "robots"}, "pages_faqitem_audience_known"),
        ({"authority": ""}, "pages_faqitem_has_question_and_authority"),
    ],
)
def test_question_without_authority_is_refused(fields: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make_question(**fields)


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"kind": "song"}, "pages_resource_kind_known"),
        ({"audiences": ["robots"]}, "pages_resource_audiences_known"),
        ({"audiences": []}, "pages_resource_audiences_known"),
        ({"languages": []}, "pages_resource_has_language"),
        ({"source": ""}, "pages_resource_has_title_provider_source"),
    ],
)
def test_resource_that_cannot_be_right_is_refused(fields: dict[str, Any], rule: str) -> None:
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        make_resource(**fields)


def test_resource_lies_in_one_place() -> None:
    document = Document.objects.create(title="Card", file="card.pdf")

    with pytest.raises(IntegrityError, match="pages_resource_one_place"), transaction.atomic():
        make_resource(url="https://example.org/card", document=document)


def test_contact_is_stale_after_180_days() -> None:
    contact = make_contact(checked_on=date(2026, 1, 1))

    assert not contact.is_stale(date(2026, 6, 30))
    assert contact.is_stale(date(2026, 7, 1))
    assert list(Contact.objects.stale(date(2026, 6, 30))) == []
    assert list(Contact.objects.stale(date(2026, 7, 1))) == [contact]


def test_fact_is_stale_from_its_review_day_on() -> None:
    fact = make_fact(review_on=date(2026, 12, 15))

    assert not fact.is_stale(date(2026, 12, 14))
    assert fact.is_stale(date(2026, 12, 15))
    assert list(Fact.objects.stale(date(2026, 12, 15))) == [fact]
    assert list(Fact.objects.current(date(2026, 12, 15))) == []
    assert list(Fact.objects.current(date(2026, 12, 14))) == [fact]
