"""A certificate states the credit that is confirmed when it is issued, and keeps what it states."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from lms.certificates import services
from lms.certificates.credit import credit_of, with_certified
from lms.certificates.models import Certificate
from lms.completions.models import Completion
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.trainings.services.accreditation import withdraw
from tests.factories.completions import make_completion
from tests.factories.credit import NASW, NYSED, confirm_whole, credit_line, make_confirmation
from tests.factories.people import make_with_role
from tests.factories.trainings import make_version

pytestmark = pytest.mark.django_db


def complete(*credit: dict[str, Any], **said: Any) -> Completion:
    version = make_version(minutes=120, credits=list(credit) or [credit_line(NYSED)])
    return make_completion(version=version, **said)


def shown(completion: Completion) -> list[str]:
    """The accreditors whose credit the record states."""
    [row] = with_certified(Completion.objects.filter(pk=completion.pk)).select_related(
        "training__owner"
    )
    return [line["accreditor"] for line in credit_of([row])[row.pk]]


def stated(certificate: Certificate) -> list[str]:
    return [line["accreditor"] for line in certificate.revisions.latest("number").facts["credits"]]


def test_before_it_is_confirmed_there_is_no_credit_anywhere() -> None:
    completion = complete()
    certificate = services.issue_certificate(completion=completion)
    facts = certificate.revisions.get().read_facts()
    assert (facts.credits, facts.credit_lines, facts.credit_papers) == ([], [], [])
    assert facts.length == "Length 2 hours - no continuing-education credit"
    assert shown(completion) == []


def test_each_accreditor_is_its_own_matter() -> None:
    completion = complete(credit_line(NASW), credit_line(NYSED))
    make_confirmation(completion.training.owner, NYSED)
    assert stated(services.issue_certificate(completion=completion)) == [NYSED]


def test_what_was_completed_before_the_approval_began_gets_none() -> None:
    completion = complete(occurred_on=new_york_today() - timedelta(days=31))
    make_confirmation(completion.training.owner, NYSED)
    assert stated(services.issue_certificate(completion=completion)) == []


def test_a_certificate_keeps_what_it_stated_when_the_word_is_taken_back() -> None:
    completion = complete()
    office = completion.training.owner
    make_confirmation(office, NYSED)
    certificate = services.issue_certificate(completion=completion)
    actor = make_with_role(Role.COORDINATOR, office)
    withdraw(office=office, accreditor=NYSED, reason="Ended", actor=actor)
    assert (stated(certificate), shown(completion)) == ([NYSED], [NYSED])
    services.reissue(certificate=certificate, name="New Name", reason="Married", actor=actor)
    assert stated(certificate) == [NYSED]
    assert stated(services.issue_certificate(completion=complete())) == []


def test_issued_again_after_confirming_it_has_the_credit() -> None:
    completion = complete()
    office = completion.training.owner
    certificate = services.issue_certificate(completion=completion)
    name = completion.person.get_full_name()
    actor = make_with_role(Role.COORDINATOR, office)
    make_confirmation(office, NYSED)
    for _twice in range(2):
        services.reissue(certificate=certificate, name=name, reason="Credit added", actor=actor)
    assert stated(certificate) == [NYSED]
    assert certificate.revisions.count() == 2


def test_all_that_the_accreditor_wants_is_stated() -> None:
    completion = complete(credit_line(NASW, hours="1.5"))
    confirm_whole(completion.training)
    facts = services.issue_certificate(completion=completion).revisions.get().read_facts()
    [papers] = facts.credit_papers
    number = f"A-{completion.training_id}"
    for part in [
        f"(Approval #{number}) for 1.5 self-study contact hours.",
        "Provider number SW-0000.",
        f"Approval number {number}.",
        "Presented by Sam Stone, LCSW.",
    ]:
        assert part in papers
    assert "not New York license credit" in facts.credit_lines[0]
    with translation.override("es"):
        assert len(facts.credit_shown) == 1


def test_until_it_is_issued_the_record_says_what_it_will_state() -> None:
    completion = complete()
    make_confirmation(completion.training.owner, NYSED)
    assert shown(completion) == [NYSED]


def test_an_old_certificate_with_a_name_as_typed_stays_readable() -> None:
    completion = complete({"accreditor": "Old Board", "type": "live", "hours": "2"})
    assert stated(services.issue_certificate(completion=completion)) == []


@pytest.mark.parametrize("many", [1, 3])
def test_the_record_asks_once_whatever_it_holds(
    django_assert_num_queries: DjangoAssertNumQueries, many: int
) -> None:
    for _number in range(many):
        make_confirmation(complete().training.owner, NYSED)
    with django_assert_num_queries(2):
        credit_of(list(with_certified(Completion.objects.select_related("training__owner"))))
