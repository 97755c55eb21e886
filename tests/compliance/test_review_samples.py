"""Random samples: the seed draws the same again, and what is drawn is kept."""

from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from lms.compliance.proof_models import FacilityProof
from lms.compliance.review.counting import count_standings
from lms.compliance.review.samples import MOST, draw, ordered, population
from lms.compliance.review_models import ReviewSample, SampledItem, SampleKind
from lms.compliance.rules import get_rule
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.people.enums import Role
from lms.people.models import Organization, Person
from tests.factories.compliance import describe, train
from tests.factories.people import make_facility, make_state_office, make_with_role
from tests.factories.review import drawn, make_group, make_scan, numbers, rosa
from tests.factories.worksheets import attested, make_worksheet

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> Organization:
    return make_state_office(name="State Office")


@pytest.fixture
def reviewer(office: Organization) -> Person:
    return make_with_role(Role.REVIEWER, office, name="Grace Oyelaran")


def hotels(count: int, county: str = "Monroe") -> list[Organization]:
    found = [make_facility(county=county) for _number in range(count)]
    for place in found:
        describe(place)
    return found


def test_the_same_seed_draws_the_same_sample_once(office: Organization, reviewer: Person) -> None:
    hotels(9)
    said: dict[str, Any] = {"kind": SampleKind.FACILITIES, "size": 4}
    first = drawn(office, reviewer, **said)
    assert len(first.seed) == 8
    assert (first.population, len(numbers(first))) == (9, 4)
    again = drawn(office, make_with_role(Role.REVIEWER, office), **said, seed=first.seed)
    assert again == first
    other = drawn(office, reviewer, **said, seed="Spring-2026")
    assert other.seed == "Spring-2026"
    assert other != first
    assert ReviewSample.objects.count() == 2
    assert AuditEntry.objects.filter(action="sample.drawn").count() == 2


def test_anybody_can_compute_the_draw(office: Organization, reviewer: Person) -> None:
    places = hotels(30)
    sample = drawn(office, reviewer, kind=SampleKind.FACILITIES, size=5, seed="abc")
    import hashlib

    by_hand = sorted(
        (place.pk for place in places),
        key=lambda pk: hashlib.sha256(f"abc:facilities:{pk}".encode()).hexdigest(),
    )
    assert numbers(sample) == by_hand[:5]


def test_a_larger_draw_begins_with_the_smaller(office: Organization, reviewer: Person) -> None:
    hotels(12)
    said: dict[str, Any] = {"kind": SampleKind.FACILITIES, "seed": "abc"}
    small = numbers(drawn(office, reviewer, size=3, **said))
    assert numbers(drawn(office, reviewer, size=7, **said))[:3] == small


def test_among_others_the_same_seed_is_a_new_sample_in_the_same_order(
    office: Organization, reviewer: Person
) -> None:
    hotels(20)
    said: dict[str, Any] = {"kind": SampleKind.FACILITIES, "size": 6, "seed": "abc"}
    before = drawn(office, reviewer, **said)
    new = {place.pk for place in hotels(3)}
    after = drawn(office, reviewer, **said)
    assert after != before
    assert after.population == 23
    assert after.population_sha256 != before.population_sha256
    kept = [number for number in numbers(after) if number not in new]
    assert kept == [number for number in numbers(before) if number in kept]
    assert drawn(office, reviewer, **said) == after


def test_fewer_than_asked_are_all_drawn_and_none_is_refused(
    office: Organization, reviewer: Person
) -> None:
    with pytest.raises(Refused) as refusal:
        drawn(office, reviewer)
    assert refusal.value.code == "nobody"
    place = hotels(1)[0]
    make_scan(place)
    assert len(numbers(drawn(office, reviewer, size=10))) == 1
    for wrong, code in (({"size": 0}, "size"), ({"size": MOST + 1}, "size"),
                        ({"reason": "  "}, "reason")):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            drawn(office, reviewer, **wrong)
        assert refusal.value.code == code
    assert ReviewSample.objects.count() == 1


def test_each_kind_by_county_and_basis(office: Organization, reviewer: Person) -> None:
    monroe, erie = hotels(1)[0], hotels(1, "Erie County")[0]
    scan, group = make_scan(monroe), make_group(erie)
    manager = make_with_role(Role.MANAGER, erie)
    own = attested(erie, manager)
    make_worksheet(monroe, manager)  # a draft is nobody's way to train
    count_standings(rule=get_rule())
    for kind, county, basis, found in (
        (SampleKind.FACILITIES, "Erie", "", [erie.pk]),
        (SampleKind.FACILITIES, "", "scan", [monroe.pk]),
        (SampleKind.FACILITIES, "Erie", "scan", []),
        (SampleKind.SCANS, "Monroe", "", [scan.pk]),
        (SampleKind.SCANS, "", "scan", [scan.pk]),
        (SampleKind.SCANS, "", "state_listed", [scan.pk]),
        (SampleKind.SCANS, "", "state_made", []),
        (SampleKind.SCANS, "Erie", "", []),
        (SampleKind.WORKSHEETS, "Erie", "own", [own.pk]),
        (SampleKind.WORKSHEETS, "Monroe", "", []),
        (SampleKind.GROUPS, "erie", "state_made", [group.pk]),
        (SampleKind.GROUPS, "", "own", []),
    ):
        assert population(kind, county=county, basis=basis) == found
    assert numbers(drawn(office, reviewer, kind=SampleKind.WORKSHEETS)) == [own.pk]
    assert numbers(drawn(office, reviewer, kind=SampleKind.GROUPS)) == [group.pk]


def test_what_was_drawn_is_not_rewritten(office: Organization, reviewer: Person) -> None:
    make_scan(hotels(1)[0])
    sample = drawn(office, reviewer)
    item = sample.items.get()
    for row, change in ((sample, {"seed": "other"}), (item, {"place": 2})):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).delete()
    assert SampledItem.objects.get().place == 1


def test_a_scan_whose_time_is_over_goes_and_that_it_was_drawn_stays(
    office: Organization, reviewer: Person
) -> None:
    place = hotels(1)[0]
    sample = drawn(office, reviewer, kind=SampleKind.FACILITIES)
    train(rosa(place), on=rosa(place).started_on)
    scan = make_scan(place)
    sample = drawn(office, reviewer)
    with connection.cursor() as cursor:  # what the retention job does, without its rules
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM compliance_proofperson")
        cursor.execute("DELETE FROM compliance_facilityproof")
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    assert not FacilityProof.objects.exists()
    assert sample.items.get().proof_id == scan.pk


def test_the_order_depends_on_seed_and_kind() -> None:
    many = list(range(50))
    assert ordered("a", SampleKind.SCANS, many) != ordered("b", SampleKind.SCANS, many)
    assert ordered("a", SampleKind.SCANS, many) != ordered("a", SampleKind.GROUPS, many)
    assert sorted(ordered("a", SampleKind.SCANS, many)) == many


@pytest.mark.parametrize("many", [1, 3])
def test_drawing_costs_the_same_for_many(
    many: int, office: Organization, reviewer: Person, django_assert_num_queries: Any
) -> None:
    for place in hotels(many):
        make_scan(place, rosa(place))
    with django_assert_num_queries(8):
        draw(office=office, kind=SampleKind.SCANS, size=3, reason="Look", actor=reviewer)


@pytest.mark.django_db(transaction=True)
def test_two_who_draw_the_same_at_once_draw_one(office: Organization, reviewer: Person) -> None:
    hotels(5)
    together = Barrier(2)
    found: list[int] = []

    def work() -> None:
        together.wait()
        sample = drawn(office, reviewer, kind=SampleKind.FACILITIES, size=2, seed="abc")
        found.append(sample.pk)
        connection.close()

    workers = [Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [ReviewSample.objects.get().pk] * 2
