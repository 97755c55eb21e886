"""Group trainings: logged by the manager, confirmed by each person, a completion once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from lms.completions.enums import SourceKind
from lms.completions.models import Completion
from lms.compliance.enums import StandingState
from lms.compliance.group_models import GroupConfirmation, GroupListing, GroupTraining
from lms.compliance.groups import services
from lms.compliance.rules import get_rule
from lms.compliance.selectors import facilities_for_employment, standings
from lms.core import personal_data
from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.devices.services import give_start_code
from lms.people.enums import Role
from lms.people.models import Employment, Organization, Person
from lms.trainings.models import VersionInForce
from tests.factories.compliance import describe, make_program
from tests.factories.people import (
    become_device,
    become_worker,
    give_pin,
    make_device,
    make_employment,
    make_facility,
    make_person,
    make_with_role,
)
from tests.portal.test_facilities import as_person, text

pytestmark = pytest.mark.django_db
TODAY = new_york_today()
HOME = "/facilities/hudson/groups/"


@pytest.fixture
def hotel() -> Organization:
    facility = make_facility(name="Hudson House", key="hudson")
    describe(facility)
    return facility


@pytest.fixture
def manager(hotel: Organization) -> Person:
    return make_with_role(Role.MANAGER, hotel, name="Ravi Menon")


def worker(hotel: Organization, name: str, number: str, **fields: Any) -> Employment:
    return make_employment(
        hotel,
        person=make_person(None, name=name),
        number=number,
        **{"started_on": TODAY - timedelta(days=10), **fields},
    )


@pytest.fixture
def rosa(hotel: Organization) -> Employment:
    return worker(hotel, "Rosa Almonte", "1001")


@pytest.fixture
def ben(hotel: Organization) -> Employment:
    return worker(hotel, "Ben Osei", "1002")


def log(hotel: Organization, manager: Person, *people: Employment, **fields: Any) -> GroupTraining:
    given: dict[str, Any] = {
        "version": make_program(),
        "held_on": TODAY,
        "place": "Break room",
        "on_premises": True,
        "paid_time": True,
        "trainer": "Lorraine Baptiste",
        "language": "es",
        **fields,
    }
    return services.log_group(facility=hotel, employments=people, actor=manager, **given)


def standing(employment: Employment) -> StandingState:
    [line] = standings(
        facilities=list(facilities_for_employment(employment)),
        rule=get_rule(),
        as_of=TODAY,
        employments=Employment.objects.filter(pk=employment.pk).select_related("person"),
    )
    return line.standing.state


def test_each_person_confirms_on_the_tablet(
    hotel: Organization, manager: Person, rosa: Employment, ben: Employment, client: Client
) -> None:
    log(hotel, manager, rosa, ben)
    assert not Completion.objects.exists()  # the manager's word alone proves nothing
    give_pin(rosa)
    become_device(client, make_device(hotel)[1])
    client.post("/device/", {"number": "1001", "pin": "274059"})
    page = client.get("/device/")
    assert "Were you at the training on" in text(page)
    listing = GroupListing.objects.get(employment=rosa)
    client.post(f"/device/confirm/{listing.pk}/", {"was_there": "yes"})
    client.post(f"/device/confirm/{listing.pk}/", {"was_there": "yes"})  # twice is once
    completion = Completion.objects.get()
    assert completion.source_kind == SourceKind.GROUP_LOG
    assert completion.language == "es"
    assert completion.evidence["confirmed"] == "pin"
    assert completion.evidence["shared_device"]["facility"] == hotel.pk
    assert standing(rosa) == StandingState.MET_ON_TIME  # premises and paid time from the log
    assert standing(ben) == StandingState.DUE
    assert "Were you at the training on" not in text(client.get("/device/"))
    shown = text(as_person(manager).get(f"{HOME}{listing.group_id}/"))
    assert "1 of 2 have confirmed" in shown
    assert "own PIN on a shared device" in shown


def test_who_was_not_there_says_so(
    hotel: Organization, manager: Person, rosa: Employment, client: Client
) -> None:
    group = log(hotel, manager, rosa)
    become_worker(client, rosa)
    listing = group.listings.get()
    client.post(f"/device/confirm/{listing.pk}/", {"was_there": "no"})
    assert not Completion.objects.exists()
    assert "Says: was not there" in text(as_person(manager).get(f"{HOME}{group.pk}/"))
    # The manager cannot turn the no into a yes.
    services.confirm_by_sheet(group=group, listings=[listing], actor=manager)
    assert not Completion.objects.exists()


def test_nobody_confirms_for_another(
    hotel: Organization, manager: Person, rosa: Employment, ben: Employment, client: Client
) -> None:
    group = log(hotel, manager, rosa)
    become_worker(client, ben)
    listing = group.listings.get()
    assert client.post(f"/device/confirm/{listing.pk}/", {"was_there": "yes"}).status_code == 404
    assert not GroupConfirmation.objects.exists()


def test_a_reset_on_that_day_is_marked(
    hotel: Organization, manager: Person, rosa: Employment, client: Client
) -> None:

    group = log(hotel, manager, rosa)
    give_pin(rosa)
    give_start_code(employment=rosa, actor=manager)
    become_worker(client, rosa)
    client.post(f"/device/confirm/{group.listings.get().pk}/", {"was_there": "yes"})
    assert GroupConfirmation.objects.get().pin_reset_that_day
    assert Completion.objects.get().evidence["pin_reset_that_day"] is True
    assert "PIN was reset that day" in text(as_person(manager).get(f"{HOME}{group.pk}/"))


def test_signatures_on_the_printed_sheet(
    hotel: Organization, manager: Person, rosa: Employment, ben: Employment
) -> None:
    group = log(hotel, manager, rosa, ben, paid_time=False)
    client = as_person(manager)
    listing = GroupListing.objects.get(employment=rosa)
    here = f"{HOME}{group.pk}/"
    page = client.post(here, {"signed": [listing.pk]})
    assert "Tick who signed, and that you have the signed sheet" in text(page)
    assert not Completion.objects.exists()
    client.post(here, {"signed": [listing.pk], "seen": "on"})
    completion = Completion.objects.get()
    assert completion.person == rosa.person
    assert completion.evidence["confirmed"] == "sheet"
    assert standing(rosa) == StandingState.TRAINED_NOT_PROVEN  # the time was not paid


def test_logging_on_the_page(hotel: Organization, manager: Person, rosa: Employment) -> None:
    make_program(title="Our briefing")
    client = as_person(manager)
    assert "None logged yet" in text(client.get(HOME))
    form = client.get(f"{HOME}new/")
    assert "Rosa Almonte" in text(form)
    said = {
        "held_on": str(TODAY),
        "program": VersionInForce.objects.get().pk,
        "trainer": "Lorraine Baptiste",
        "place": "Break room",
        "on_premises": "yes",
        "paid_time": "yes",
        "language": "en",
    }
    assert "Tick at least one person." in text(client.post(f"{HOME}new/", said))
    answer = client.post(f"{HOME}new/", {**said, "who": [rosa.pk]})
    assert answer["Location"] == f"{HOME}{GroupTraining.objects.get().pk}/"
    assert "0 of 1 confirmed" in text(client.get(HOME))


def test_only_who_worked_here_then(hotel: Organization, manager: Person) -> None:
    late = worker(hotel, "New Hand", "1", started_on=TODAY)
    stranger = make_employment(make_facility(), started_on=TODAY - timedelta(days=30))
    for person in (late, stranger):
        with pytest.raises(Refused) as refusal:
            log(hotel, manager, person, held_on=TODAY - timedelta(days=1))
        assert refusal.value.code == "not_here"
    with pytest.raises(Refused) as refusal:
        log(hotel, manager, late, held_on=TODAY + timedelta(days=1))
    assert refusal.value.code == "in_future"


def test_to_anybody_else_there_is_no_training(
    hotel: Organization, manager: Person, rosa: Employment
) -> None:
    group = log(hotel, manager, rosa)
    outsider = as_person(make_with_role(Role.MANAGER, make_facility(key="other")))
    for tail in ("", "new/", f"{group.pk}/"):
        assert outsider.get(f"{HOME}{tail}").status_code == 404
    assert outsider.get(f"/facilities/other/groups/{group.pk}/").status_code == 404


def test_what_was_said_is_not_rewritten(
    hotel: Organization, manager: Person, rosa: Employment
) -> None:
    group = log(hotel, manager, rosa)
    services.confirm_by_sheet(group=group, listings=list(group.listings.all()), actor=manager)
    for model in (GroupTraining, GroupListing, GroupConfirmation):
        with pytest.raises(DatabaseError), transaction.atomic():
            model.objects.all().delete()
    [told] = personal_data.export(rosa.person)["group trainings"]
    assert told["was there"] is True


def test_the_list_costs_the_same_for_many(
    hotel: Organization, manager: Person, rosa: Employment, django_assert_num_queries: Any
) -> None:
    client = as_person(manager)
    for _round in range(2):
        log(hotel, manager, rosa)
        with django_assert_num_queries(4):
            client.get(HOME)
