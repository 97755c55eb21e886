"""Two facilities that are one place: joined without losing anything, refused by name, undone."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from lms.compliance.claim_models import ClaimWay
from lms.compliance.double_models import FacilityMerge
from lms.compliance.doubles import services
from lms.compliance.doubles.selectors import likely_doubles, look
from lms.compliance.groups.selectors import groups_of
from lms.compliance.handovers.services import offer_handover
from lms.compliance.models import FacilityProfile
from lms.compliance.rules import get_rule
from lms.compliance.selectors import facility_for, standings
from lms.core.exceptions import Refused
from lms.core.models import OutboxMessage
from lms.core.time import new_york_today
from lms.people.devices.services import invite_device
from lms.people.enums import OrganizationKind, Role
from lms.people.models import Employment, Organization, Person, RoleAssignment
from lms.people.places import facilities_like
from lms.people.services import end_employment
from tests.factories.claims import make_claim
from tests.factories.compliance import describe, make_program, train
from tests.factories.packets import make_packet
from tests.factories.people import (
    make_employment,
    make_facility,
    make_organization,
    make_person,
    make_state_office,
    make_with_role,
)

pytestmark = pytest.mark.django_db
WHERE = {"street": "12 North Elm Street", "city": "Albany", "postcode": "12207"}


@pytest.fixture
def desk() -> Person:
    return make_with_role(Role.COORDINATOR, make_state_office())


@pytest.fixture
def elm() -> Organization:
    return make_facility(name="Elm Court Hotel", key="elm", **WHERE)


@pytest.fixture
def twin() -> Organization:
    return make_facility(name="Elm Court", key="twin", **{**WHERE, "street": "12 N. Elm St"})


def join(into: Organization, duplicate: Organization, desk: Person) -> FacilityMerge:
    return services.merge_facilities(
        into=into, duplicate=duplicate, reason="Same door.", actor=desk
    )


def places(person: Person) -> set[str]:
    held = RoleAssignment.objects.current().filter(person=person)
    return set(held.values_list("organization__key", flat=True))


def test_what_may_be_one_place_is_suggested_until_somebody_says_otherwise(
    elm: Organization, twin: Organization, desk: Person
) -> None:
    make_facility(name="Other", **{**WHERE, "street": "99 Elm Street"})
    make_facility(name="Elm Court", **{**WHERE, "postcode": "10001"})
    assert likely_doubles() == [(elm, twin)]
    services.say_two_places(one=twin, other=elm, actor=desk)
    services.say_two_places(one=elm, other=twin, actor=desk)
    assert likely_doubles() == []


def test_joined_they_have_one_page_with_everybody_and_nothing_is_lost(
    elm: Organization, twin: Organization, desk: Person
) -> None:
    program, day = make_program(), new_york_today() - timedelta(days=10)
    here = make_employment(elm, started_on=day, number="1")
    there = make_employment(twin, started_on=day, number="2")
    gone = make_employment(twin, started_on=day)
    end_employment(employment=gone, ended_on=new_york_today(), actor=None)
    train(there, on=day, version=program)
    mine, theirs = make_with_role(Role.MANAGER, elm), make_with_role(Role.MANAGER, twin)
    both = make_with_role(Role.MANAGER, elm)
    RoleAssignment.objects.create(person=both, role=Role.MANAGER, organization=twin)
    device, _code = invite_device(facility=twin, label="Tablet", actor=theirs)
    describe(twin, rooms_for_hire=12)
    packet = make_packet(twin)
    claim = make_claim(make_person(), facility=twin, way=ClaimWay.MANAGERS)

    seen = look(elm, twin)
    assert [count for _label, count in seen.moves] == [2, 2, 1]
    assert seen.collisions == []
    merge = join(elm, twin, desk)
    assert join(elm, twin, desk) == merge

    assert set(Employment.objects.filter(organization=elm)) == {here, there, gone}
    lines = standings(facilities=[elm], rule=get_rule(), as_of=new_york_today())
    assert len(lines) == 3
    assert {line.standing.state for line in lines if line.employment == there} == {"met_on_time"}
    assert places(mine) == places(theirs) == places(both) == {"elm"}
    device.refresh_from_db()
    claim.refresh_from_db()
    assert device.organization == claim.facility == elm
    assert FacilityProfile.objects.get(organization=elm).rooms_for_hire == 12
    # The old address leads to the one page; it is listed and suggested no more.
    assert facility_for(Person.objects.get(pk=theirs.pk), "twin") == elm
    assert facility_for(make_person(), "twin") is None
    assert list(Organization.objects.facilities()) == [elm]
    assert facilities_like(claim.place) == [elm]
    assert likely_doubles() == []
    # A signed packet stays as it was made.
    packet.refresh_from_db()
    assert packet.facility == twin
    told = OutboxMessage.objects.filter(key__startswith=f"facility-merge:{merge.pk}:")
    assert {row.payload["to"] for row in told} == {mine.email, theirs.email, both.email}


def test_group_trainings_proofs_and_packets_of_both_are_read_on_the_one_page(
    elm: Organization, twin: Organization, desk: Person
) -> None:
    from lms.compliance.group_models import GroupTraining

    group = GroupTraining.objects.create(
        facility=twin, version=make_program(), held_on=new_york_today(), place="Hall",
        on_premises=True, paid_time=True, trainer="Nadia", logged_by=desk,
    )  # fmt: skip
    assert list(groups_of(elm)) == []
    join(elm, twin, desk)
    assert list(groups_of(elm)) == [group]


@pytest.mark.parametrize("what", ["person", "number", "company", "handover"])
def test_what_collides_is_named_and_nothing_moves(
    what: str, elm: Organization, twin: Organization, desk: Person
) -> None:
    words = ""
    if what == "person":
        person = make_person(name="Rosa Almonte")
        make_employment(elm, person=person)
        make_employment(twin, person=person)
        words = "Rosa Almonte works in both."
    if what == "number":
        make_employment(elm, number="44")
        make_employment(twin, number="44")
        words = "Employee number 44 is used in both."
    if what == "company":
        for place, name in ((elm, "Empire"), (twin, "Harbor")):
            place.parent = make_organization(OrganizationKind.COMPANY, name=name)
            place.save()
        words = "They belong to two companies. One must be handed over before: Empire, Harbor."
    if what == "handover":
        manager = make_with_role(Role.MANAGER, twin)
        offer_handover(
            facility=twin, to_email="new@example.org", day=new_york_today(), actor=manager
        )
        words = "Elm Court is being handed over."
    before = set(Employment.objects.filter(organization=twin))
    with pytest.raises(Refused) as refusal:
        join(elm, twin, desk)
    assert refusal.value.code == "collides"
    assert words in str(refusal.value)
    assert set(Employment.objects.filter(organization=twin)) == before
    assert not FacilityMerge.objects.exists()


def test_undone_each_has_its_own_again(elm: Organization, twin: Organization, desk: Person) -> None:
    company = make_organization(OrganizationKind.COMPANY, name="Empire")
    twin.parent = company
    twin.save()
    here, there = make_employment(elm), make_employment(twin)
    theirs, both = make_with_role(Role.MANAGER, twin), make_with_role(Role.MANAGER, elm)
    RoleAssignment.objects.create(person=both, role=Role.MANAGER, organization=twin)
    merge = join(elm, twin, desk)
    elm.refresh_from_db()
    assert elm.parent == company
    since = make_employment(elm)

    split = services.split_facilities(merge=merge, actor=desk)
    assert services.split_facilities(merge=merge, actor=desk) == split
    elm.refresh_from_db()
    twin.refresh_from_db()
    assert (elm.parent, twin.parent, twin.canonical_organization) == (None, company, None)
    assert set(Employment.objects.filter(organization=elm)) == {here, since}
    assert set(Employment.objects.filter(organization=twin)) == {there}
    assert places(theirs) == {"twin"}
    assert places(both) == {"elm", "twin"}
    # And once more, now as a new merge.
    assert join(elm, twin, desk) != merge


def test_a_third_one_is_read_through_one_step(
    elm: Organization, twin: Organization, desk: Person
) -> None:
    third = make_facility(name="Elm", key="third", **WHERE)
    worker = make_employment(third)
    first = join(twin, third, desk)
    join(elm, twin, desk)
    third.refresh_from_db()
    assert third.canonical_organization == elm
    assert Employment.objects.get(pk=worker.pk).organization == elm
    with pytest.raises(Refused) as refusal:
        services.split_facilities(merge=first, actor=desk)
    assert refusal.value.code == "joined_on"


def test_only_the_states_office_joins_and_only_facilities(
    elm: Organization, twin: Organization, desk: Person
) -> None:
    for person in (make_person(), make_with_role(Role.MANAGER, elm)):
        with pytest.raises(Refused) as refusal:
            join(elm, twin, person)
        assert refusal.value.code == "not_yours"
    with pytest.raises(Refused):
        join(elm, elm, desk)
    with pytest.raises(Refused):
        join(elm, make_organization(OrganizationKind.COMPANY), desk)
    with pytest.raises(Refused):
        services.merge_facilities(into=elm, duplicate=twin, reason=" ", actor=desk)


def test_what_was_joined_is_never_rewritten(
    elm: Organization, twin: Organization, desk: Person
) -> None:
    merge: Any = join(elm, twin, desk)
    with pytest.raises(DatabaseError), transaction.atomic():
        FacilityMerge.objects.filter(pk=merge.pk).update(reason="Other")
    with pytest.raises(DatabaseError), transaction.atomic():
        Organization.objects.filter(pk=elm.pk).update(canonical_organization=elm)
