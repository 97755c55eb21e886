"""What a list comes to beside the record: joiners, leavers, changes, and what must be asked."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from lms.core.exceptions import Refused
from lms.core.time import new_york_today
from lms.people.enums import OrganizationKind, Post, Role
from lms.people.models import Organization, Person
from lms.people.roster import services
from lms.people.roster.enums import RosterState, RowKind
from lms.people.services import end_employment
from tests.factories.people import (
    make_employment,
    make_facility,
    make_organization,
    make_person,
    make_with_role,
)
from tests.people.roster_help import codes, hand_in, row, table

pytestmark = pytest.mark.django_db
KEPT = Path(__file__).parents[1] / "data" / "rosters" / "hotel-roster-as-kept.xlsx"
TODAY = new_york_today()


@pytest.fixture
def hotel() -> Organization:
    return make_facility(name="Harbor View Hotel", key="harbor-view")


@pytest.fixture
def manager(hotel: Organization) -> Person:
    return make_with_role(Role.MANAGER, hotel)


def worker(hotel: Organization, name: str, number: str = "", **fields: object) -> object:
    return make_employment(
        hotel,
        person=make_person(None, name=name),
        number=number,
        **{"started_on": date(2024, 5, 6), **fields},  # type: ignore[arg-type]
    )


def test_a_list_as_hotels_keep_it(hotel: Organization, manager: Person) -> None:
    found = hand_in(
        hotel,
        KEPT.read_bytes(),
        actor=manager,
        name=KEPT.name,
        past_since=date(2025, 11, 22),
    )
    assert found.state == RosterState.READY
    assert found.rows_done == found.rows_total == 42
    assert sum(found.counts.values()) == 42
    assert row(found, 4).values["started_on"] == "2025-06-16"
    assert row(found, 7).values["number"] == "1003"  # kept with a space before it
    assert row(found, 44).notes == [{"code": "nobody"}]
    assert codes(found, 45) == {"day_impossible", "number_twice"}
    assert codes(found, 20) == {"day_ambiguous"}
    assert codes(found, 11) == {"day_ambiguous", "no_reason"}
    assert row(found, 17).notes == [{"code": "contact_assumed"}]
    assert row(found, 22).kind == RowKind.SKIPPED  # left long ago

    services.answer_questions(
        roster=found,
        day_order="mdy",
        titles={
            title: {"post": "office", "contact": None, "reason": "Never on guest floors"}
            for title in ("line cook", "laundry attendant", "sales manager")
        },
        actor=manager,
    )
    found.refresh_from_db()
    assert found.counts[RowKind.PROBLEM] == 1
    assert row(found, 20).values["started_on"] == "2024-01-09"
    assert row(found, 11).values["reason"] == "Never on guest floors"
    again = hand_in(hotel, KEPT.read_bytes(), actor=manager, name=KEPT.name)
    assert codes(again, 20) == set()  # what was said is remembered
    assert codes(again, 11) == set()


def test_each_row_says_what_it_comes_to(hotel: Organization, manager: Person) -> None:
    worker(hotel, "Rosa Almonte", "1", post=Post.HOUSEKEEPING)
    worker(hotel, "Ben Osei", "2", post=Post.FRONT_DESK)
    worker(hotel, "Mei Chen", "3", post=Post.SECURITY)
    gone = worker(hotel, "Tom Bell", "4")
    end_employment(employment=gone, ended_on=date(2025, 1, 31), actor=None)  # type: ignore[arg-type]
    found = hand_in(
        hotel,
        table(
            ["1", "Almonte, Rosa", "", "Room attendant", "Y", "2024-05-06", ""],
            ["2", "Osei, Ben", "", "Night auditor", "Y", "2024-05-06", ""],
            ["3", "Chen, Mei", "", "Security", "Y", "2024-05-06", str(TODAY)],
            ["4", "Bell, Tom", "", "Porter", "Y", "2025-06-01", ""],
            ["5", "Ruiz, Nadia", "nadia@example.org", "Bellperson", "", "2026-01-05", ""],
            ["6", "Left, Lately", "", "Cook", "Y", "2024-01-05", str(TODAY - timedelta(days=30))],
        ),
        actor=manager,
    )
    kinds = [row(found, line).kind for line in range(2, 8)]
    assert kinds == ["same", "change", "leaver", "rehire", "joiner", "past"]
    assert row(found, 3).changes["post"]["post"] == Post.NIGHT_AUDIT
    assert row(found, 5).person_id == gone.person_id  # type: ignore[attr-defined]


def test_only_a_complete_list_makes_leavers(hotel: Organization, manager: Person) -> None:
    worker(hotel, "Rosa Almonte", "1")
    missing = worker(hotel, "Ben Osei", "2")
    content = table(["1", "Almonte, Rosa", "", "", "", "2024-05-06", ""])
    assert RowKind.LEAVER not in hand_in(hotel, content, actor=manager).counts
    found = hand_in(hotel, content, actor=manager, is_complete=True)
    leaver = found.rows.get(kind=RowKind.LEAVER)
    assert leaver.employment == missing
    assert leaver.changes == {"ended_on": str(TODAY)}
    services.fix_row(row=leaver, given={"ended_on": "2026-01-02"}, actor=manager)
    leaver.refresh_from_db()
    assert leaver.changes == {"ended_on": "2026-01-02"}
    kept = services.fix_row(row=leaver, given={"skip": True}, actor=manager)
    assert kept.kind == RowKind.SKIPPED


def test_who_is_whom_is_asked_never_guessed(hotel: Organization, manager: Person) -> None:
    worker(hotel, "Rosa Almonte", "1")
    worker(hotel, "Wei Li")
    gone = worker(hotel, "Tom Bell")
    end_employment(employment=gone, ended_on=date(2025, 1, 31), actor=None)  # type: ignore[arg-type]
    found = hand_in(
        hotel,
        table(
            ["1", "Silva, Aisha", "", "", "", "2025-01-05", ""],
            ["", "Li, Wei", "", "", "", "2025-09-09", ""],
            ["", "Bell, Tom", "", "", "", "2025-06-01", ""],
        ),
        actor=manager,
    )
    assert codes(found, 2) == {"number_taken"}
    assert codes(found, 3) == {"same_name"}
    assert codes(found, 4) == {"worked_here"}
    services.fix_row(row=row(found, 2), given={"number": "9"}, actor=manager)
    services.fix_row(row=row(found, 3), given={"same_as": "here"}, actor=manager)
    services.fix_row(row=row(found, 4), given={"same_as": "other"}, actor=manager)
    assert [row(found, line).kind for line in (2, 3, 4)] == ["joiner", "same", "joiner"]
    assert row(found, 4).person_id is None


def test_one_address_is_one_person(hotel: Organization, manager: Person) -> None:
    make_employment(make_facility(), person=make_person("ana@example.org", name="Ana Ruiz"))
    found = hand_in(
        hotel,
        table(
            ["1", "Ruiz, Ana", "ANA@example.org", "", "", "2025-01-05", ""],
            ["2", "Stone, Sam", "ana@example.org", "", "", "2025-01-05", ""],
            ["3", "Stone, Sue", "desk@hotel", "", "", "2025-01-05", ""],
        ),
        actor=manager,
    )
    assert row(found, 2).kind == RowKind.JOINER
    assert row(found, 2).person_id  # one person in two hotels
    assert codes(found, 3) == {"email_twice"}
    assert codes(found, 4) == {"bad_email"}
    somebody_elses = hand_in(
        hotel,
        table(["2", "Stone, Sam", "ana@example.org", "", "", "2025-01-05", ""]),
        actor=manager,
    )
    assert codes(somebody_elses, 2) == {"other_name"}


def test_the_same_row_twice_counts_once(hotel: Organization, manager: Person) -> None:
    line = ["1", "Ruiz, Ana", "", "", "", "2025-01-05", ""]
    found = hand_in(hotel, table(line, line), actor=manager)
    assert found.counts == {"joiner": 1, "skipped": 1}


def test_temps_keep_who_sent_them(hotel: Organization, manager: Person) -> None:
    content = table(
        ["Ana Ruiz", "2025-01-05", "Brightstaff"], header=["Name", "Hire date", "Agency"]
    )
    found = hand_in(hotel, content, actor=manager)
    assert row(found, 2).values["sent_by"] == "Brightstaff"


def test_columns_nobody_knows_are_asked(hotel: Organization, manager: Person) -> None:
    content = table(["x", "Ana Ruiz", "2025-01-05"], header=["A", "Person", "Since"])
    found = hand_in(hotel, content, actor=manager)
    with pytest.raises(Refused) as refused:
        services.answer_questions(roster=found, columns={"name": 1}, actor=manager)
    assert refused.value.code == "columns_missing"
    services.answer_questions(roster=found, columns={"name": 1, "started_on": 2}, actor=manager)
    found.refresh_from_db()
    assert found.counts == {"joiner": 1}
    assert hand_in(hotel, content, actor=manager).counts == {"joiner": 1}  # remembered


def test_a_company_hands_in_one_list_for_all() -> None:
    company = make_organization(OrganizationKind.COMPANY)
    one = make_facility(parent=company, name="Hudson House")
    two = make_facility(parent=company, name="Genesee Lodge", short_name="Genesee")
    boss = make_with_role(Role.COMPANY_MANAGER, company)
    moved = make_employment(
        one, person=make_person(None, name="Mei Chen"), number="7", started_on=date(2024, 1, 2)
    )
    stranger = make_facility(name="Lakeside Inn")
    found = hand_in(
        company,
        table(
            ["1", "Ana Ruiz", "2025-01-05", "HUDSON HOUSE"],
            ["2", "Ben Osei", "2025-01-05", "genesee"],
            ["7", "Mei Chen", "2026-02-01", "Genesee Lodge"],
            ["3", "Tom Bell", "2025-01-05", stranger.name],
            ["4", "Sue Bell", "2025-01-05", ""],
            header=["Emp #", "Name", "Hire date", "Property"],
        ),
        actor=boss,
        is_complete=True,
    )
    assert (row(found, 2).facility, row(found, 3).facility) == (one, two)
    assert row(found, 4).person_id == moved.person_id  # the same person, at the other hotel
    assert codes(found, 5) == {"place_unknown"}
    assert codes(found, 6) == {"no_place"}
    assert found.rows.get(kind=RowKind.LEAVER).employment == moved


def test_a_file_that_cannot_be_read_says_so(hotel: Organization, manager: Person) -> None:
    content = KEPT.read_bytes()[:3000]
    found = hand_in(hotel, content, actor=manager, name="staff.xlsx")
    assert found.state == RosterState.FAILED
    assert "damaged" in found.said
    assert not found.file
    assert not found.rows.exists()


def test_looking_at_many_rows_costs_what_looking_at_one_does(
    hotel: Organization, manager: Person, django_assert_num_queries: object
) -> None:
    one = [["1", "Ruiz, Ana", "a@example.org", "Cook", "Y", "2025-01-05", ""]]
    more = [*one, ["2", "Ruiz, Bea", "b@example.org", "Cook", "Y", "2025-01-05", ""],
            ["3", "Ruiz, Cea", "c@example.org", "Cook", "Y", "2025-01-05", ""]]  # fmt: skip
    for rows in (one, more):
        found = hand_in(hotel, table(*rows), actor=manager)
        with django_assert_num_queries(10):  # type: ignore[operator]
            services.plan_roster(roster=found)


def test_a_list_that_says_nothing_of_guests_asks_by_title_and_counts_everybody_meanwhile(
    hotel: Organization, manager: Person
) -> None:
    header = ["Emp #", "Name", "Job title", "Hire date"]
    rows = [["1", "Ruiz, Ana", "Boiler operator", "2025-01-05"],
            ["2", "Bell, Ira", "Room attendant", "2025-01-05"]]  # fmt: skip
    found = hand_in(hotel, table(*rows, header=header), actor=manager)
    assert [row(found, line).notes for line in (2, 3)] == [[{"code": "contact_assumed"}]] * 2
    assert {key for key, said in found.titles.items() if said["ask"]} == {
        "boiler operator",
        "room attendant",
    }
    no = {"post": "maintenance", "contact": False, "reason": ""}
    with pytest.raises(Refused):
        services.answer_questions(roster=found, titles={"boiler operator": no}, actor=manager)
    no["reason"] = "Boiler room only"
    services.answer_questions(roster=found, titles={"boiler operator": no}, actor=manager)
    found.refresh_from_db()
    assert row(found, 2).values["contact"] is False
    assert row(found, 2).values["reason"] == "Boiler room only"
    assert row(found, 3).values["contact"] is True
