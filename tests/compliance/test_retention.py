"""What a facility may let go of, what the law and legal holds keep, and who sees what after."""

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from lms.completions.models import Completion
from lms.compliance.groups.selectors import listings_of
from lms.compliance.groups.services import log_group
from lms.compliance.record import facility_record
from lms.compliance.retention.selectors import kept_records
from lms.compliance.retention.services import end_hold, place_hold, release_records
from lms.compliance.retention_models import LegalHold, RecordRelease
from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.core.time import NEW_YORK
from lms.people.device_models import WorkerPin
from lms.people.models import Employment, Organization, Person
from lms.people.services import end_employment
from tests.factories.compliance import gbl205, make_program, train
from tests.factories.people import give_pin, make_employment, make_facility, make_person

pytestmark = pytest.mark.django_db
HIRED, LEFT, TODAY = date(2024, 3, 1), date(2025, 10, 31), date(2026, 11, 22)
NOW = datetime.combine(TODAY, time(9), tzinfo=NEW_YORK)


def gone(
    facility: Organization, *, left: date = LEFT, person: Person | None = None, **fields: Any
) -> Employment:
    """Somebody who left, trained with every tick."""
    employment = make_employment(facility, person=person, started_on=HIRED, **fields)
    train(employment, on=date(2024, 4, 1))
    return end_employment(employment=employment, ended_on=left, actor=None)


def release(*employments: Employment, **fields: Any) -> list[RecordRelease]:
    return release_records(
        facility=employments[0].organization,
        employments=[row.pk for row in employments],
        **{"actor": make_person(), "now": NOW, **fields},
    )


def refused(code: str) -> Any:
    return pytest.raises(Refused, check=lambda refusal: refusal.code == code)


@pytest.mark.parametrize(
    ("left", "until"),
    [
        (date(2025, 11, 21), date(2026, 11, 21)),
        (date(2024, 2, 29), date(2025, 3, 1)),  # the side that keeps longer
        (date(2025, 3, 9), date(2026, 3, 9)),  # clocks change that day
    ],
)
def test_the_law_asks_for_one_year_after_the_last_day(left: date, until: date) -> None:
    employment = gone(make_facility(), left=left) if left > HIRED else None
    if employment is None:
        early = make_employment(make_facility(), started_on=date(2023, 8, 1))
        employment = end_employment(employment=early, ended_on=left, actor=None)
    [record] = kept_records(employment.organization, TODAY)
    assert (record.until, record.free_on) == (until, until + timedelta(days=1))
    assert record.rule.short_title == "GBL 205"
    assert record.rule.authority.url


def test_the_last_day_of_keeping_is_still_kept() -> None:
    employment = gone(make_facility(), left=date(2025, 11, 22))
    with refused("too_early"):
        release(employment)
    tomorrow = NOW + timedelta(days=1)
    assert len(release(employment, now=tomorrow)) == 1


def test_midnight_is_new_yorks() -> None:
    employment = gone(make_facility(), left=date(2025, 11, 22))
    late = datetime(2026, 11, 22, 23, 59, tzinfo=NEW_YORK)
    with refused("too_early"):
        release(employment, now=late)
    assert release(employment, now=late + timedelta(minutes=1))


def test_who_works_here_or_is_another_facilitys_is_refused_and_nothing_goes() -> None:
    facility = make_facility()
    fine, working = gone(facility), make_employment(facility, started_on=HIRED)
    other = gone(make_facility())
    for wrong in (working, other):
        with refused("not_here"):
            release(fine, wrong)
    assert RecordRelease.objects.count() == 0


def test_what_was_let_go_of_is_on_no_page_of_the_facility() -> None:
    facility = make_facility()
    employment = gone(facility)
    give_pin(employment)
    as_of = date(2025, 6, 1)
    rule = gbl205()
    assert facility_record(facility=facility, rule=rule, as_of=as_of, now=NOW).lines
    [row] = release(employment)
    assert (row.rule, row.kept_until) == ("ny-gbl-205", date(2026, 10, 31))
    found = facility_record(facility=facility, rule=rule, as_of=as_of, now=NOW)
    assert (found.lines, found.let_go) == ([], 1)
    assert kept_records(facility, TODAY) == []
    assert not WorkerPin.objects.exists()
    [noted] = AuditEntry.objects.filter(action="record.released")
    assert noted.data == {"rule": "ny-gbl-205"}


def test_a_second_time_changes_nothing() -> None:
    employment = gone(make_facility())
    release(employment)
    assert release(employment) == []
    assert RecordRelease.objects.count() == 1


def test_the_person_keeps_their_record_and_the_other_hotel_its_own() -> None:
    person = make_person()
    one, two = make_facility(name="Hudson House"), make_facility()
    first, second = gone(one, person=person), gone(two, person=person)
    release(first)
    assert Completion.objects.of(person).count() == 2
    assert [record.employment for record in kept_records(two, TODAY)] == [second]
    assert facility_record(facility=two, rule=gbl205(), as_of=LEFT, now=NOW).lines
    found = personal_data.export(person)
    assert {row["organization"] for row in found["employments"]} >= {"Hudson House"}
    assert [row["removed by"] for row in found["holds and removals"]] == ["Hudson House"]


def test_the_list_of_a_group_training_names_them_no_more() -> None:
    facility = make_facility()
    stays, goes = gone(facility), gone(facility)
    group = log_group(
        facility=facility,
        version=make_program(),
        held_on=date(2024, 5, 1),
        place="Break room",
        on_premises=True,
        paid_time=True,
        trainer="Ana Rivera",
        language="en",
        employments=[stays, goes],
        actor=make_person(),
        now=NOW,
    )
    release(goes)
    assert [listing.employment for listing in listings_of(group)] == [stays]


def test_a_hold_on_an_employee_a_place_or_a_person_keeps_the_record() -> None:
    facility = make_facility()
    employment = gone(facility)
    actor = make_person()
    for on in ({"employment": employment}, {"facility": facility}, {"person": employment.person}):
        hold = place_hold(reason="A claim.", since=LEFT, actor=actor, now=NOW, **on)  # type: ignore[arg-type]
        assert kept_records(facility, TODAY)[0].hold == hold
        with refused("held"):
            release(employment)
        end_hold(hold=hold, reason="Settled.", actor=actor, now=NOW)
        assert kept_records(facility, TODAY)[0].hold is None
    assert release(employment)


def test_a_hold_on_one_keeps_the_others_of_the_choice_too() -> None:
    facility = make_facility()
    one, other = gone(facility), gone(facility)
    place_hold(employment=one, reason="A claim.", since=LEFT, actor=make_person())
    with refused("held"):
        release(other, one)
    assert release(other)


def test_a_hold_on_an_entry_that_was_joined_into_another_still_holds() -> None:
    stays = make_facility()
    double = make_facility(canonical_organization=stays)
    employment = gone(stays)
    place_hold(facility=double, reason="A claim.", since=LEFT, actor=make_person())
    with refused("held"):
        release(employment)


def test_a_hold_is_placed_once_and_ended_once_with_names_and_reasons() -> None:
    facility, actor = make_facility(), make_person()
    holds = [
        place_hold(facility=facility, reason="A claim. ", since=LEFT, actor=actor) for _ in "ab"
    ]
    assert LegalHold.objects.count() == 1
    ends = [end_hold(hold=hold, reason="Settled.", actor=actor) for hold in holds]
    assert ends[0] == ends[1]
    assert ends[0].ended_by == actor
    with refused("reason_missing"):
        place_hold(facility=facility, reason=" ", since=LEFT, actor=actor)
    with refused("reason_missing"):
        end_hold(hold=holds[0], reason="", actor=actor)


@pytest.mark.parametrize("table", ["recordrelease", "legalhold", "holdend"])
@pytest.mark.parametrize("statement", ["UPDATE {0} SET id = id", "DELETE FROM {0}"])
def test_none_of_it_is_rewritten(table: str, statement: str) -> None:
    employment = gone(make_facility())
    actor = make_person()
    hold = place_hold(employment=employment, reason="A claim.", since=LEFT, actor=actor)
    end_hold(hold=hold, reason="Settled.", actor=actor)
    release(employment)
    with (
        pytest.raises((InternalError, IntegrityError), match="keeps facts"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement.format(f"compliance_{table}"))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_two_queries_however_many(
    count: int, django_assert_num_queries: Any
) -> None:
    facility = Organization.objects.select_related("facility_profile").get(pk=make_facility().pk)
    for _one in range(count):
        gone(facility)
    with django_assert_num_queries(2):
        assert len(kept_records(facility, TODAY)) == count
