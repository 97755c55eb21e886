"""Does a certificate settle the law for a hotel? What it proves, and what the employer signs."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from lms.certificates import services
from lms.certificates.models import Certificate
from lms.completions.services import revoke_completion
from lms.compliance.enums import Basis
from lms.compliance.rules import get_rule
from lms.compliance.services import approve_program
from tests.factories.completions import make_completion
from tests.factories.people import make_office, make_person
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db

ALL = sorted(get_rule().topic_codes)
ASKED = "Does this settle GBL 205 for my hotel?"


def issue(topics: list[str], **completion: Any) -> Certificate:
    version = make_version(make_training(owner=make_office()), topics=topics)
    return services.issue_certificate(completion=make_completion(version=version, **completion))


def page(client: Client, certificate: Certificate) -> str:
    response = client.get(f"/verify/{certificate.code_in_groups}/")
    return " ".join(response.content.decode().split())


def test_it_says_what_is_proven_and_what_is_left_to_sign(client: Client) -> None:
    certificate = issue(ALL, occurred_on=date(2026, 11, 20), language="es")
    approve_program(
        training=certificate.completion.training,
        basis=Basis.STATE_MADE,
        approved_by="The state's agency",
        actor=make_person(is_superuser=True),
    )
    shown = page(client, certificate)
    for part in [
        ASKED,
        "Not by itself.",
        f"All {len(ALL)} topics that the law names.",
        "The state&#x27;s agency",
        "in the first 60 days of employment with you",
        "Spanish",
        "That the training was on your premises.",
        "That the time was paid.",
        "trained, not yet proven",
        "NYC Local Law 104",
        "New York General Business Law section 205",
        "This is no legal advice.",
    ]:
        assert part in shown
    assert "compliant" not in shown.lower()


def test_missing_topics_and_a_missing_basis_are_named(client: Client) -> None:
    shown = page(client, issue(ALL[:2]))
    assert f"2 of the {len(ALL)} topics that the law names. Not covered:" in shown
    lacking = shown.partition("Not covered:")[2].partition("</ul>")[0]
    for topic in get_rule().topics:
        assert (f"{topic.name} <span" in lacking) == (topic.code not in ALL[:2])
    assert "Not recorded yet: who established or approved the program." in shown


def test_topics_are_those_that_were_issued(client: Client) -> None:
    """Not what the completion's row says, which nobody was handed."""
    certificate = issue(ALL[:1])
    assert [row["code"] for row in certificate.revisions.get().facts["topics"]] == ALL[:1]
    assert f"1 of the {len(ALL)} topics" in page(client, certificate)


@pytest.mark.parametrize("topics", [[], ["HOUSE-1"]])
def test_other_trainings_say_nothing_of_the_law(client: Client, topics: list[str]) -> None:
    assert ASKED not in page(client, issue(topics))


def test_a_revoked_certificate_proves_nothing(client: Client) -> None:
    certificate = issue(ALL)
    revoke_completion(completion=certificate.completion, reason="Private", actor=None)
    assert ASKED not in page(client, certificate)


@pytest.mark.parametrize("approvals", [1, 3])
def test_it_costs_two_queries_more(
    client: Client, django_assert_num_queries: Any, approvals: int
) -> None:
    certificate = issue(ALL)
    for number in range(approvals):
        approve_program(
            training=certificate.completion.training,
            basis=Basis.STATE_MADE,
            approved_by=f"Agency {number}",
            actor=make_person(is_superuser=True),
        )
    page(client, certificate)
    with django_assert_num_queries(4):
        page(client, certificate)
