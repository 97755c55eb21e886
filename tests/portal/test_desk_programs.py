"""Outside programs at the desk: added, changed, withdrawn; what facilities then see."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from lms.completions.models import Completion
from lms.compliance.enums import Basis, StandingState
from lms.compliance.models import ProgramApproval
from lms.compliance.proofs import programs
from lms.compliance.proofs.programs import ProgramSaid
from lms.compliance.proofs.selectors import listed_programs
from lms.compliance.proofs.services import accept_proof
from lms.compliance.rules import get_rule
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Employment, Organization, Person
from lms.people.state_office import stop_speaking_for_state
from lms.trainings.models import Training, TrainingVersion
from tests.compliance.test_worksheets import standing
from tests.factories.compliance import describe
from tests.factories.people import (
    make_employment,
    make_facility,
    make_office,
    make_person,
    make_state_office,
    make_with_role,
)
from tests.factories.worksheets import upload
from tests.portal.test_facilities import as_person, text

pytestmark = pytest.mark.django_db
TODAY = new_york_today()
HOME = "/desk/programs/"
TOPICS = tuple(sorted(get_rule().topic_codes))
GOOD: dict[str, Any] = {
    "title": "Recognize the signs",
    "provider": "Lodging association",
    "basis": "state_listed",
    "link": "https://www.example.org/list",
    "listed_on": str(TODAY - timedelta(days=90)),
    "checked_on": str(TODAY - timedelta(days=1)),
    "languages": ["es", "en"],
    "topics": list(TOPICS),
}


def said(**fields: Any) -> ProgramSaid:
    given: dict[str, Any] = {
        "title": "Recognize the signs",
        "provider": "Lodging association",
        "basis": Basis.STATE_LISTED,
        "link": "https://www.example.org/list",
        "checked_on": TODAY,
        "languages": ("en",),
        "topics": TOPICS,
        **fields,
    }
    return ProgramSaid(**given)


@pytest.fixture
def office() -> Organization:
    return make_state_office(key="state", name="State Office")


@pytest.fixture
def coordinator(office: Organization) -> Person:
    return make_with_role(Role.COORDINATOR, office, name="Kim Lee")


@pytest.fixture
def program(office: Organization, coordinator: Person) -> TrainingVersion:
    return programs.add_program(office=office, said=said(), actor=coordinator)


@pytest.fixture
def hotel() -> Organization:
    facility = make_facility(name="Hudson House", key="hudson")
    describe(facility)
    return facility


@pytest.fixture
def rosa(hotel: Organization) -> Employment:
    person = make_person(None, name="Rosa Almonte")
    return make_employment(hotel, person=person, started_on=TODAY - timedelta(days=30))


def scan(hotel: Organization, who: Employment, day: date) -> None:
    """The hotel accepts a scan of the one listed program."""
    [program] = listed_programs(get_rule())
    accept_proof(
        facility=hotel,
        program=program,
        held_on=day,
        place="Break room",
        on_premises=True,
        paid_time=True,
        language="en",
        employments=[who],
        upload=upload("list.pdf"),
        actor=make_with_role(Role.MANAGER, hotel),
    )


def test_a_program_is_added_and_a_facility_s_scan_of_it_counts(
    coordinator: Person, hotel: Organization, rosa: Employment
) -> None:
    client = as_person(coordinator)
    assert "No program yet" in text(client.get(HOME))
    page = text(client.post(f"{HOME}new/", GOOD, follow=True))
    assert "Added. Facilities can record scans of it now." in page
    assert "English, Español" in page
    assert 'href="https://www.example.org/list"' in page
    manager = make_with_role(Role.MANAGER, hotel)
    assert "Lodging association" in text(as_person(manager).get("/facilities/hudson/proofs/"))
    assert not standing(rosa).is_met
    [program] = listed_programs(get_rule())
    answer = as_person(manager).post(
        "/facilities/hudson/proofs/new/",
        {
            "program": program.version.pk,
            "held_on": str(TODAY),
            "place": "Break room",
            "on_premises": "yes",
            "paid_time": "yes",
            "language": "es",
            "who": [rosa.pk],
            "seen": "on",
            "file": upload("list.pdf"),
        },
    )
    assert answer.status_code == 302
    assert standing(rosa).is_met


def test_one_that_the_state_made_names_its_maker(
    office: Organization, coordinator: Person, hotel: Organization, rosa: Employment
) -> None:
    made = said(basis=Basis.STATE_MADE, provider="State agency")
    programs.add_program(office=office, said=made, actor=coordinator)
    scan(hotel, rosa, TODAY)
    found = standing(rosa)
    assert found.is_met
    [training] = found.trainings
    assert training.approval
    assert training.approval.words.startswith("Made by the state (State agency, checked ")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"link": "http://www.example.org/list"}, "The link must begin with https://."),
        ({"link": "https://"}, "The link must begin with https://."),
        ({"checked_on": str(TODAY + timedelta(days=1))}, "This day is still to come."),
        (
            {"listed_on": str(TODAY + timedelta(days=1)), "checked_on": str(TODAY)},
            "This day is still to come.",
        ),
        ({"listed_on": str(TODAY)}, "It was listed before somebody could check it."),
        ({"topics": []}, "Tick at least one topic that it covers."),
        ({"languages": []}, "Tick at least one language."),
        ({"basis": "own_with_worksheet"}, "Select a valid choice."),
        ({"title": " "}, "This field is required."),
    ],
)
def test_bad_input_is_said_in_words_and_nothing_is_lost(
    coordinator: Person, change: dict[str, Any], sentence: str
) -> None:
    page = text(as_person(coordinator).post(f"{HOME}new/", {**GOOD, **change}))
    assert sentence in page
    assert 'value="Lodging association"' in page
    assert not Training.objects.exists()


def test_the_service_asks_for_the_same(office: Organization, coordinator: Person) -> None:
    for wrong, code in (
        ({"title": " "}, "no_name"),
        ({"provider": ""}, "no_name"),
        ({"basis": Basis.OTHER}, "basis"),
        ({"link": "http://www.example.org/"}, "link"),
        ({"checked_on": TODAY + timedelta(days=1)}, "in_future"),
        ({"listed_on": TODAY, "checked_on": TODAY - timedelta(days=1)}, "listed_later"),
        ({"topics": ()}, "no_topic"),
        ({"topics": ("NOT-A-TOPIC",)}, "no_topic"),
        ({"languages": ()}, "no_language"),
    ):
        with pytest.raises(Refused) as refusal:
            programs.add_program(office=office, said=said(**wrong), actor=coordinator)
        assert refusal.value.code == code
    assert not Training.objects.exists()


def test_the_same_name_and_provider_twice_is_refused(
    office: Organization, coordinator: Person, program: TrainingVersion
) -> None:
    rows = AuditEntry.objects.count()
    again = programs.add_program(office=office, said=said(), actor=coordinator)  # a second click
    assert again == program
    assert AuditEntry.objects.count() == rows
    page = unescape(
        text(as_person(coordinator).post(f"{HOME}new/", {**GOOD, "title": "recognize  THE signs"}))
    )
    assert "“Recognize the signs” by Lodging association is entered already" in page
    city = make_state_office(key="city")
    with pytest.raises(Refused) as refusal:
        programs.add_program(office=city, said=said(), actor=make_with_role(Role.COORDINATOR, city))
    assert refusal.value.code == "known"
    other = programs.add_program(
        office=office, said=said(provider="Another one"), actor=coordinator
    )
    with pytest.raises(Refused) as refusal:
        programs.change_program(training=other.training, said=said(), actor=coordinator)
    assert refusal.value.code == "known"
    assert Training.objects.count() == 2


def test_a_change_is_a_new_version_and_earlier_scans_keep_theirs(
    coordinator: Person, program: TrainingVersion, hotel: Organization, rosa: Employment
) -> None:
    scan(hotel, rosa, TODAY - timedelta(days=1))
    client = as_person(coordinator)
    here = f"{HOME}{program.training_id}/"
    changed = {**GOOD, "title": "See the signs", "link": "https://www.example.org/new"}
    client.post(here, {**changed, "topics": [TOPICS[0]]})
    client.post(here, {**changed, "topics": [TOPICS[0]]})
    training = Training.objects.get()
    assert training.title == "See the signs"
    assert [row.number for row in training.versions.all()] == [1, 2]
    [now] = listed_programs(get_rule())
    assert (now.version.number, now.version.topics) == (2, [TOPICS[0]])
    page = text(client.get(here))
    assert "version 2" in page
    assert "(Kim Lee)" in page
    assert Completion.objects.get().version == program
    found = standing(rosa)
    assert found.is_met
    assert found.trainings[0].approval
    assert found.trainings[0].approval.link == "https://www.example.org/list"


def test_withdrawn_from_a_day_on_earlier_trainings_stay(
    coordinator: Person, program: TrainingVersion, hotel: Organization, rosa: Employment
) -> None:
    ben = make_employment(
        hotel, person=make_person(None, name="Ben Osei"), started_on=rosa.started_on
    )
    last = TODAY - timedelta(days=5)
    scan(hotel, rosa, last)
    scan(hotel, ben, last + timedelta(days=1))
    assert standing(ben).is_met
    client = as_person(coordinator)
    here = f"{HOME}{program.training_id}/withdraw/"
    assert "This field is required." in text(client.post(here, {"last_day": str(last)}))
    tomorrow = str(TODAY + timedelta(days=1))
    page = client.post(here, {"last_day": tomorrow, "reason": "Off the list."})
    assert "Withdraw it on its last day or later." in text(page)
    for _click in range(2):
        page = client.post(here, {"last_day": str(last), "reason": "Off the list."}, follow=True)
    assert "The reason given: “Off the list.”" in text(page)
    assert 'name="topics"' not in text(page)  # nothing left to change
    assert ProgramApproval.objects.count() == 1
    assert standing(rosa).is_met
    found = standing(ben)
    assert found.state == StandingState.TRAINED_NOT_PROVEN
    assert "this one was withdrawn and counts through" in found.why
    assert "(Off the list)" in found.why
    assert "Withdrawn, counts through" in text(client.get(HOME))
    with pytest.raises(Refused) as refusal:
        scan(hotel, rosa, last + timedelta(days=2))
    assert refusal.value.code == "withdrawn"
    scan(hotel, rosa, last - timedelta(days=1))  # a scan found late still counts
    with pytest.raises(Refused) as refusal:
        programs.change_program(training=program.training, said=said(), actor=coordinator)
    assert refusal.value.code == "withdrawn"
    again = programs.add_program(
        office=program.training.owner, said=said(checked_on=TODAY), actor=coordinator
    )
    assert again.training != program.training


def test_a_wrong_last_day_is_corrected_by_a_newer_row(
    coordinator: Person, program: TrainingVersion, hotel: Organization, rosa: Employment
) -> None:
    scan(hotel, rosa, TODAY - timedelta(days=3))
    for days in (10, 2):
        programs.withdraw_program(
            training=program.training,
            last_day=TODAY - timedelta(days=days),
            reason="Off the list.",
            actor=coordinator,
        )
        assert standing(rosa).is_met is (days == 2)
    assert ProgramApproval.objects.count() == 2


def test_the_database_asks_for_the_reason_too(program: TrainingVersion) -> None:
    for wrong in ({"basis": Basis.WITHDRAWN}, {"basis": Basis.OTHER, "reason": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ProgramApproval.objects.create(
                training=program.training, approved_by="x", last_day=TODAY, **wrong
            )


def test_to_anybody_else_there_is_no_program(program: TrainingVersion, hotel: Organization) -> None:
    city = make_state_office(key="city")
    other = make_with_role(Role.COORDINATOR, city)
    tails = ("", "new/", f"{program.training_id}/", f"{program.training_id}/withdraw/")
    for person in (make_person(), make_with_role(Role.MANAGER, hotel)):
        for tail in tails:
            assert as_person(person).get(HOME + tail).status_code == 404
            assert as_person(person).post(HOME + tail, GOOD).status_code in {404, 405}
    for tail in tails:
        assert Client().get(HOME + tail).status_code == 302  # to sign in
    assert "Recognize the signs" in text(as_person(other).get(HOME))
    for tail in tails[2:]:
        assert as_person(other).get(HOME + tail).status_code == 404
        assert as_person(other).post(HOME + tail, GOOD).status_code == 404
    with pytest.raises(Refused) as refusal:
        programs.withdraw_program(
            training=program.training, last_day=TODAY, reason="x", actor=other
        )
    assert refusal.value.code == "not_yours"
    with pytest.raises(Refused):
        programs.change_program(training=program.training, said=said(), actor=other)
    with pytest.raises(Refused):
        programs.add_program(office=program.training.owner, said=said(), actor=other)
    assert TrainingVersion.objects.get() == program


def test_an_office_that_does_not_speak_for_the_state_only_reads_the_list(
    office: Organization, program: TrainingVersion
) -> None:
    city = make_office(key="city")
    other = make_with_role(Role.COORDINATOR, city)
    listed = text(as_person(other).get(HOME))
    assert "Recognize the signs" in listed
    assert "The office that speaks for the state keeps this list." in listed
    assert f'href="{HOME}{program.training_id}/"' not in listed
    assert f'href="{HOME}new/"' not in listed
    for tail in ("new/", f"{program.training_id}/", f"{program.training_id}/withdraw/"):
        assert as_person(other).get(HOME + tail).status_code == 404
        assert as_person(other).post(HOME + tail, GOOD).status_code == 404
    for actor in (other, make_person(is_superuser=True)):
        with pytest.raises(Refused) as refusal:
            programs.add_program(office=city, said=said(title="Another"), actor=actor)
        assert refusal.value.code == "not_the_state"
    assert TrainingVersion.objects.get() == program


def test_who_no_longer_speaks_for_the_state_changes_nothing_and_the_next_office_can(
    office: Organization, coordinator: Person, program: TrainingVersion
) -> None:
    stop_speaking_for_state(office=office, actor=None)
    here = f"{HOME}{program.training_id}/"
    assert as_person(coordinator).get(here).status_code == 404
    with pytest.raises(Refused) as refusal:
        programs.withdraw_program(
            training=program.training, last_day=TODAY, reason="Off", actor=coordinator
        )
    assert refusal.value.code == "not_the_state"
    assert len(listed_programs(get_rule())) == 1  # what was entered before stays
    heir = make_with_role(Role.COORDINATOR, make_state_office(key="heir"))
    answer = as_person(heir).post(
        f"{here}withdraw/", {"last_day": str(TODAY), "reason": "Off the list."}
    )
    assert answer.status_code == 302
    assert ProgramApproval.objects.count() == 1


def test_the_list_costs_the_same_for_many(
    office: Organization, coordinator: Person, django_assert_num_queries: Any
) -> None:
    client = as_person(coordinator)
    for number in (1, 2, 3):
        programs.add_program(office=office, said=said(title=f"Program {number}"), actor=coordinator)
        if number != 2:
            with django_assert_num_queries(6):
                client.get(HOME)
