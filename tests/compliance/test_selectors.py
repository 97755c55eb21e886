"""Questions over facilities: who stands where, at a constant cost, and who may ask."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from lms.completions.services import revoke_completion
from lms.compliance import services
from lms.compliance.enums import Basis, StandingState
from lms.compliance.known import Known
from lms.compliance.selectors import (
    Scope,
    companies_for,
    company_summary,
    employments_in,
    facilities_for,
    standings,
    standings_from,
    summarize,
)
from lms.core.time import NEW_YORK
from lms.people.enums import OrganizationKind, Post, Role
from lms.people.models import Organization, Person
from lms.people.services import change_post, end_employment
from tests.factories.compliance import (
    describe,
    gbl205,
    make_completion,
    make_program,
    sign,
    train,
)
from tests.factories.people import (
    make_employment,
    make_facility,
    make_organization,
    make_person,
    make_with_role,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 21)
HIRED = date(2026, 1, 5)


def states(facility: Organization, as_of: date = TODAY, **asked: Any) -> list[str]:
    """The states of a facility's people, in the order of its table."""
    found = standings(facilities=[facility], rule=gbl205(), as_of=as_of, **asked)
    return [str(line.standing.state) for line in found]


def test_each_ticked_record_leads_to_its_standing() -> None:
    facility = make_facility()
    train(make_employment(facility, started_on=HIRED), on=date(2026, 2, 1))
    unsigned = make_employment(facility, started_on=HIRED)
    make_completion(unsigned.person, occurred_on=date(2026, 2, 1))
    make_employment(facility, started_on=HIRED)
    make_employment(facility, started_on=TODAY - timedelta(days=50))
    make_employment(facility, started_on=TODAY)
    make_employment(facility, started_on=TODAY + timedelta(days=9))
    assert states(facility) == [
        "overdue",
        "due_soon",
        "trained_not_proven",
        "due",
        "not_due",
        "met_on_time",
    ]


@pytest.mark.parametrize("people", [1, 3])
def test_standings_ask_six_queries_however_many(
    people: int, django_assert_num_queries: Any
) -> None:
    facility = make_facility()
    version = make_program()
    for _one in range(people):
        train(make_employment(facility, started_on=HIRED), on=HIRED, version=version)
    facility = facilities_for(make_with_role(Role.MANAGER, facility)).get()
    with django_assert_num_queries(6):
        assert states(facility) == ["met_on_time"] * people


@pytest.mark.parametrize("hotels", [1, 3])
def test_a_companys_summary_asks_seven_queries_however_many(
    hotels: int, django_assert_num_queries: Any
) -> None:
    company = make_organization(OrganizationKind.COMPANY)
    for _one in range(hotels):
        facility = make_facility(parent=company)
        train(make_employment(facility, started_on=HIRED), on=HIRED)
        make_employment(facility, started_on=HIRED)
    with django_assert_num_queries(7):
        found = company_summary(company, gbl205(), TODAY)
    assert [line.summary.sentence for line in found] == ["1 of 2 trained. 1 overdue."] * hotels


def test_the_worst_facility_comes_first() -> None:
    company = make_organization(OrganizationKind.COMPANY)
    good, soon, bad = (make_facility(parent=company, name=name) for name in "ABC")
    train(make_employment(good, started_on=HIRED), on=HIRED)
    make_employment(soon, started_on=TODAY - timedelta(days=50))
    make_employment(bad, started_on=HIRED)
    make_employment(make_facility(), started_on=HIRED)
    found = company_summary(company, gbl205(), TODAY)
    assert [line.facility for line in found] == [bad, soon, good]


def test_the_sentence_says_what_the_manager_came_for() -> None:
    facility = make_facility()
    version = make_program()
    for _one in range(3):
        train(make_employment(facility, started_on=HIRED), on=HIRED, version=version)
    unsigned = make_employment(facility, started_on=HIRED)
    make_completion(unsigned.person, version, occurred_on=HIRED)
    make_employment(facility, started_on=HIRED)
    make_employment(facility, started_on=TODAY - timedelta(days=50))
    make_employment(facility, started_on=TODAY)
    make_employment(facility, started_on=TODAY + timedelta(days=9))
    make_employment(facility, started_on=HIRED, guest_contact=False, no_contact_reason="Cellar")
    found = summarize(standings(facilities=[facility], rule=gbl205(), as_of=TODAY))
    assert found.sentence == (
        "4 of 7 trained. 1 of them is not yet proven. 1 due by Nov. 30, 2026. "
        "1 due later, the first by Jan. 19, 2027. 1 overdue."
    )
    assert (found.met, found.needing_action) == (3, 3)


def test_the_sentence_of_an_empty_house() -> None:
    assert summarize([]).sentence == "Nobody who works here needs this training today."


def test_a_revoked_completion_counts_no_more() -> None:
    facility = make_facility()
    completion = train(make_employment(facility, started_on=HIRED), on=HIRED)
    revoke_completion(completion=completion, reason="Entered by mistake", actor=None)
    assert states(facility) == ["overdue"]


def test_completions_of_a_merged_row_count() -> None:
    facility = make_facility()
    employment = make_employment(facility, started_on=HIRED)
    alias = make_person()
    completion = make_completion(alias, occurred_on=HIRED)
    Person.objects.filter(pk=alias.pk).update(canonical_person=employment.person)
    assert states(facility) == ["trained_not_proven"]
    completion.refresh_from_db()
    sign(employment, completion)
    assert states(facility) == ["met_on_time"]


def test_the_newest_signature_counts() -> None:
    facility = make_facility()
    employment = make_employment(facility, started_on=HIRED)
    completion = train(employment, on=HIRED)
    sign(employment, completion, on_premises=False)
    assert states(facility) == ["trained_not_proven"]


def test_another_employers_signature_does_not_count_here() -> None:
    here, there = make_facility(), make_facility()
    employment = make_employment(there, started_on=HIRED)
    train(employment, on=HIRED)
    make_employment(here, person=employment.person, started_on=HIRED)
    assert (states(there), states(here)) == (["met_on_time"], ["trained_not_proven"])


def test_an_approval_recorded_later_stands_for_the_version_or_the_training() -> None:
    facility = make_facility()
    version = make_program(approval={})
    train(make_employment(facility, started_on=HIRED), on=HIRED, version=version)
    assert states(facility) == ["trained_not_proven"]
    services.approve_program(
        training=version.training, basis=Basis.OTHER, approved_by="Federal office", actor=None
    )
    assert states(facility) == ["met_on_time"]
    services.approve_program(
        training=version.training, version=version, basis=Basis.WITHDRAWN, actor=None
    )
    assert states(facility) == ["trained_not_proven"]


def test_a_listed_program_counts_with_link_and_day() -> None:
    facility = make_facility()
    version = make_program(approval={})
    train(make_employment(facility, started_on=HIRED), on=HIRED, version=version)
    services.approve_program(
        training=version.training,
        basis=Basis.STATE_LISTED,
        link="https://example.org/list",
        checked_on=HIRED,
        actor=None,
    )
    assert states(facility) == ["met_on_time"]


def test_an_exemption_and_its_end_count() -> None:
    facility = make_facility()
    employment = make_employment(facility, started_on=HIRED)
    given = {"employment": employment, "rule": gbl205(), "reason": "Leave", "starts_on": HIRED}
    services.exempt(**given, actor=None)
    assert states(facility) == ["exempt"]
    services.exempt(**given, ends_on=TODAY - timedelta(days=1), actor=None)
    assert states(facility) == ["overdue"]


def test_a_small_house_with_its_owner_in_it_is_not_covered() -> None:
    facility = make_facility()
    make_employment(facility, started_on=HIRED)
    describe(facility, rooms_for_hire=5, owner_lives_there=True)
    facility = Organization.objects.get(pk=facility.pk)
    assert states(facility) == ["not_covered"]


def test_a_change_of_post_shows_on_its_day() -> None:
    facility = make_facility()
    employment = make_employment(facility, started_on=HIRED)
    change_post(
        employment=employment,
        post=Post.MAINTENANCE,
        guest_contact=False,
        no_contact_reason="Boilers",
        starts_on=date(2026, 7, 1),
        actor=None,
    )
    assert (states(facility, date(2026, 6, 30)), states(facility)) == (
        ["overdue"],
        ["not_covered"],
    )


def test_who_left_is_asked_for_apart_and_kept_for_a_year() -> None:
    facility = make_facility()
    for left in (date(2026, 6, 1), TODAY - timedelta(days=366), TODAY):
        employment = make_employment(facility, started_on=date(2024, 1, 8))
        end_employment(employment=employment, ended_on=left, actor=None)
    found = {scope: employments_in([facility], gbl205(), TODAY, scope).count() for scope in Scope}
    assert found == {Scope.CURRENT: 1, Scope.LEFT: 1, Scope.ALL: 2, Scope.RECORD: 2}


def test_what_was_known_then_is_told_apart_from_what_is_known_now() -> None:
    facility = make_facility()
    hired_at = datetime(2026, 1, 5, 9, tzinfo=NEW_YORK)
    employment = make_employment(facility, started_on=HIRED, now=hired_at)
    completion = make_completion(employment.person, occurred_on=HIRED, now=hired_at)
    sign(employment, completion, now=datetime(2026, 9, 1, 9, tzinfo=NEW_YORK))
    known = Known.load([employment], gbl205())
    asked = {"facilities": [facility], "rule": gbl205(), "as_of": date(2026, 6, 1)}
    [then] = standings_from(known, **asked, known_by=datetime(2026, 6, 2, tzinfo=NEW_YORK))
    [now] = standings_from(known, **asked)
    assert (then.standing.state, now.standing.state) == (
        StandingState.TRAINED_NOT_PROVEN,
        StandingState.MET_ON_TIME,
    )


def test_managers_see_their_facilities_and_no_other() -> None:
    company = make_organization(OrganizationKind.COMPANY)
    own, sister, other = make_facility(parent=company), make_facility(parent=company), None
    other = make_facility()
    assert list(facilities_for(make_with_role(Role.MANAGER, own))) == [own]
    company_manager = make_with_role(Role.COMPANY_MANAGER, company)
    assert set(facilities_for(company_manager)) == {own, sister}
    assert list(companies_for(company_manager)) == [company]
    assert list(companies_for(make_with_role(Role.MANAGER, other))) == []
    assert list(facilities_for(make_person())) == []


def test_another_role_at_a_facility_gives_nothing() -> None:
    facility = make_facility()
    assert list(facilities_for(make_with_role(Role.LIAISON, facility))) == []
