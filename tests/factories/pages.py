"""Contacts, figures, questions and resources for tests."""

import itertools
from datetime import date
from typing import Any

from wagtail.models import Locale

from lms.pages.models import Contact, Fact, FaqItem, Resource

_numbers = itertools.count(1)


def make_contact(**fields: Any) -> Contact:
    """A contact for anyone who may be trafficked, checked in November 2026."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "key": f"contact-{number}",
        "name": f"Contact {number}",
        "call": "800-555-0100",
        "situation": "trafficking",
        "source": "An office's page",
        "checked_on": date(2026, 11, 1),
    }
    return Contact.objects.create(**{**defaults, **fields})


def make_fact(language: str = "en", **fields: Any) -> Fact:
    """A figure for 2024."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "key": f"fact-{number}",
        "statement": f"Statement {number}.",
        "value": "1 in 7",
        "year": 2024,
        "source": "An office",
        "source_detail": "Its yearly report. Counts what was reported.",
        "review_on": date(2030, 1, 1),
        "locale": _locale(language),
    }
    return Fact.objects.create(**{**defaults, **fields})


def make_question(language: str = "en", **fields: Any) -> FaqItem:
    """A question of the public."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "key": f"question-{number}",
        "question": f"Question {number}?",
        "answer": f"<p>Answer {number}.</p>",
        "authority": "An office",
        "locale": _locale(language),
    }
    return FaqItem.objects.create(**{**defaults, **fields})


def make_resource(**fields: Any) -> Resource:
    """A guide in English for everyone."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "key": f"resource-{number}",
        "title": f"Resource {number}",
        "kind": "guide",
        "summary": "What it is about.",
        "provider": "An office",
        "languages": ["en"],
        "audiences": ["public"],
        "source": "An office's page",
    }
    return Resource.objects.create(**{**defaults, **fields})


def _locale(language: str) -> Locale:
    return Locale.objects.get_or_create(language_code=language)[0]
