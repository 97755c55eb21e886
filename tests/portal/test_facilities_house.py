"""A house rule: set by a facility or its company, counted beside the law, never shown as law."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from lms.compliance.duties.house import (
    current_policy,
    end_policy,
    house_rule,
    policy_for,
    set_policy,
)
from lms.compliance.duty_models import HousePolicy
from lms.compliance.packets.entries import record_entries
from lms.compliance.record import facility_record
from lms.compliance.rules import get_rule
from lms.compliance.selectors import standings
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Organization
from tests.factories.compliance import describe, make_completion, make_program, train
from tests.factories.people import (
    make_employment,
    make_facility,
    make_office,
    make_organization,
    make_person,
    make_with_role,
)
from tests.portal.test_facilities import ago, as_person, page, text

pytestmark = pytest.mark.django_db
TODAY = new_york_today()


@pytest.fixture
def company() -> Organization:
    return make_organization(OrganizationKind.COMPANY, key="empire", name="Empire Lodging")


@pytest.fixture
def hotel(company: Organization) -> Organization:
    facility = make_facility(name="Hudson House", key="hudson", county="Monroe", parent=company)
    describe(facility)
    return facility


@pytest.fixture
def manager(hotel: Organization) -> Client:
    return as_person(make_with_role(Role.MANAGER, hotel, name="Ravi Menon"))


def staff(hotel: Organization, hired: int, name: str = "Rosa Almonte") -> Any:
    return make_employment(hotel, person=make_person(None, name=name), started_on=ago(hired))


def a_rule(organization: Organization, *, months: int = 12, from_day: int = 0) -> HousePolicy:
    """A rule of the organization's own, from so many days from today on."""
    return set_policy(
        organization=organization,
        months=months,
        starts_on=TODAY + timedelta(days=from_day),
        actor=None,
    )


def states(hotel: Organization, as_of: date) -> dict[str, str]:
    """How each stands with the house rule, by first name."""
    policy = policy_for(hotel)
    assert policy
    found = standings(facilities=[hotel], rule=house_rule(policy), as_of=as_of)
    return {line.person.first_name: str(line.standing.state) for line in found}


# --- what it asks ---------------------------------------------------------------------------------


def test_it_counts_from_the_last_training_and_asks_nobody_for_a_first_one(
    hotel: Organization,
) -> None:
    version = make_program()
    train(staff(hotel, 800, "Fresh One"), on=ago(100), version=version)
    train(staff(hotel, 800, "Soon One"), on=ago(350), version=version)
    train(staff(hotel, 800, "Long One"), on=ago(700), version=version)
    unsigned = staff(hotel, 800, "Unsigned One")
    make_completion(unsigned.person, version, occurred_on=ago(30))
    staff(hotel, 100, "Untrained One")
    a_rule(hotel)
    assert states(hotel, TODAY) == {
        "Fresh": "met_on_time",
        "Soon": "renew_soon",
        "Long": "renew_soon",
        "Unsigned": "met_on_time",
        "Untrained": "not_covered",
    }
    assert states(hotel, TODAY + timedelta(days=1))["Long"] == "overdue"


def test_before_its_day_it_asks_nobody(hotel: Organization) -> None:
    train(staff(hotel, 800), on=ago(700))
    a_rule(hotel, from_day=60)
    assert states(hotel, TODAY) == {"Rosa": "not_covered"}
    assert states(hotel, TODAY + timedelta(days=60)) == {"Rosa": "renew_soon"}


def test_any_course_on_the_topics_taken_again_settles_it(hotel: Organization) -> None:
    employment = staff(hotel, 800)
    train(employment, on=ago(700))
    a_rule(hotel, months=24)
    assert states(hotel, TODAY) == {"Rosa": "renew_soon"}
    make_completion(employment.person, make_program(approval={}), occurred_on=ago(1))
    assert states(hotel, TODAY) == {"Rosa": "met_on_time"}


# --- never as law ---------------------------------------------------------------------------------


def test_neither_the_laws_standing_nor_the_inspectors_record_knows_of_it(
    hotel: Organization, manager: Client
) -> None:
    train(staff(hotel, 800), on=ago(700))
    now = timezone.now()

    def record() -> Any:
        return facility_record(facility=hotel, rule=get_rule(), as_of=TODAY, now=now)

    before, entries = record().digest, record_entries(record())
    a_rule(hotel)
    assert (record().digest, record_entries(record())) == (before, entries)
    assert "house rule" not in page(manager, "record", hotel.key).lower()
    [line] = standings(facilities=[hotel], rule=get_rule(), as_of=TODAY + timedelta(days=400))
    assert (line.standing.state, line.standing.needs_action) == ("met_late", False)


def test_the_pages_mark_it_as_no_law(hotel: Organization, manager: Client) -> None:
    employment = staff(hotel, 800)
    train(employment, on=ago(350))
    assert "house rule</strong>" not in page(manager, "facility", hotel.key)
    a_rule(hotel)
    found = page(manager, "facility", hotel.key)
    assert "<strong>The house rule</strong> (not law): 1 of 1 took it recently enough." in found
    assert "1 to renew by" in found
    assert "This facility wants the training again every 12 months" in found
    assert "1 of 1 trained." in found
    theirs = page(manager, "employee", hotel.key, employment.pk)
    assert "House rule, not law" in theirs
    assert "The house rule asks for it again: renew by" in theirs


# --- setting and taking back ----------------------------------------------------------------------


def test_a_manager_sets_it_and_takes_it_back_and_what_it_was_stays(
    hotel: Organization, manager: Client
) -> None:
    address = f"/facilities/{hotel.key}/house-rule/"
    said = {"months": "24", "starts_on": TODAY}
    assert manager.post(address, said).status_code == 302
    assert manager.post(address, said).status_code == 302
    assert HousePolicy.objects.count() == 1
    found = text(manager.get(address))
    assert "This facility wants the training again every 24 months" in found
    assert manager.post(f"{address}end/").status_code == 302
    assert manager.post(f"{address}end/").status_code == 302
    assert policy_for(hotel) is None
    found = text(manager.get(address))
    assert "Your house rule now" not in found
    assert "by Ravi Menon: every 24 months." in found
    actions = AuditEntry.objects.filter(action__startswith="house_policy").order_by("id")
    assert [entry.action for entry in actions] == ["house_policy.set", "house_policy.ended"]


def test_a_companys_rule_is_for_all_its_facilities_until_one_has_its_own(
    company: Organization, hotel: Organization, manager: Client
) -> None:
    owner = as_person(make_with_role(Role.COMPANY_MANAGER, company, name="Ana Owner"))
    address = f"/facilities/company/{company.key}/house-rule/"
    assert owner.post(address, {"months": "12", "starts_on": TODAY}).status_code == 302
    assert "Empire Lodging wants the training again" in text(owner.get(address))
    found = page(manager, "house", hotel.key)
    assert "Empire Lodging wants the training again every 12 months" in found
    assert "End this house rule" not in found
    mine = a_rule(hotel, months=24)
    assert policy_for(hotel) == mine
    assert manager.post(f"/facilities/{hotel.key}/house-rule/end/").status_code == 302
    assert policy_for(hotel) == current_policy(company)
    assert owner.post(f"{address}end/").status_code == 302
    assert policy_for(hotel) is None


def test_a_rule_that_has_not_begun_can_be_ended(hotel: Organization) -> None:
    a_rule(hotel, from_day=30)
    ended = end_policy(organization=hotel, actor=None)
    assert ended
    assert (ended.ends_on, policy_for(hotel)) == (ended.starts_on, None)


@pytest.mark.parametrize(
    ("months", "days", "code"), [(6, 0, "months"), (12, -1, "past"), (0, 5, "months")]
)
def test_other_months_and_days_gone_by_are_refused(
    hotel: Organization, months: int, days: int, code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        a_rule(hotel, months=months, from_day=days)
    assert refusal.value.code == code


def test_an_office_sets_none() -> None:
    with pytest.raises(Refused):
        a_rule(make_office())


def test_a_rule_is_never_rewritten(hotel: Organization) -> None:
    a_rule(hotel)
    with pytest.raises(DatabaseError), transaction.atomic():
        HousePolicy.objects.update(months=24)


def test_a_day_gone_by_is_an_error_beside_the_field(hotel: Organization, manager: Client) -> None:
    answer = manager.post(
        f"/facilities/{hotel.key}/house-rule/", {"months": "12", "starts_on": ago(1)}
    )
    assert "nobody is late from the start" in text(answer)
    assert not HousePolicy.objects.exists()


# --- who, and what it costs -----------------------------------------------------------------------


def test_only_its_own_managers_reach_it(company: Organization, hotel: Organization) -> None:
    outsider = as_person(make_with_role(Role.MANAGER, make_facility(parent=company)))
    for base in (f"/facilities/{hotel.key}/", f"/facilities/company/{company.key}/"):
        assert outsider.get(f"{base}house-rule/").status_code == 404
        assert outsider.post(f"{base}house-rule/end/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_no_query_for_each_employee(
    hotel: Organization, manager: Client, count: int, django_assert_num_queries: Any
) -> None:
    version = make_program()
    for _one in range(count):
        train(staff(hotel, 200), on=ago(180), version=version)
    a_rule(hotel)
    with django_assert_num_queries(11):
        page(manager, "facility", hotel.key)
