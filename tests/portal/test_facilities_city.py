"""A hotel in New York City: the city's rule beside GBL 205, its license, the night at the desk."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from lms.compliance.duties.licenses import record_license
from lms.compliance.models import FacilityLicense
from lms.compliance.rules import LL_104, get_rule
from lms.compliance.selectors import standings
from lms.compliance.services import exempt
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.core.time import new_york_today, years_on
from lms.people.enums import Post, Role
from lms.people.models import Organization
from lms.people.services import change_post
from tests.factories.compliance import describe, make_completion, make_program, train
from tests.factories.people import make_employment, make_facility, make_person, make_with_role
from tests.portal.test_facilities import ago, as_person, page, text

pytestmark = pytest.mark.django_db
CITY = get_rule(LL_104)


@pytest.fixture
def hotel() -> Organization:
    facility = make_facility(name="Hudson House", key="hudson", county="Queens")
    describe(facility)
    return facility


@pytest.fixture
def manager(hotel: Organization) -> Client:
    return as_person(make_with_role(Role.MANAGER, hotel, name="Ravi Menon"))


def staff(hotel: Organization, hired: int, post: Post, *, name: str = "Rosa Almonte") -> Any:
    """Somebody hired so many days ago."""
    return make_employment(
        hotel, person=make_person(None, name=name), started_on=ago(hired), post=post
    )


# --- the rule -------------------------------------------------------------------------------------


def test_the_citys_rule_asks_for_the_training_of_gbl_205() -> None:
    law = get_rule()
    assert (CITY.topics, CITY.conditions) == (law.topics, law.conditions)
    assert (CITY.deadline.days, CITY.effective_from) == (60, date(2025, 5, 3))
    assert CITY.kept_until(date(2026, 3, 1)) == date(2027, 3, 1)


@pytest.mark.parametrize("county", ["Bronx", "Kings", "New York", "Queens", "Richmond County"])
def test_it_is_for_the_five_counties(county: str) -> None:
    hotel = make_facility(county=county)
    here = {"rooms": 40, "owner_lives_there": False, "is_dwelling": False, "state": hotel.state}
    found = CITY.applies_to(**here, county=hotel.county)  # type: ignore[arg-type]
    assert (found.applies, "as this one is" in found.why) == (True, True)


@pytest.mark.parametrize(
    ("county", "applies"), [("Erie", False), ("Westchester", False), ("", None)]
)
def test_it_is_not_for_other_counties(county: str, applies: bool | None) -> None:
    found = CITY.applies_to(
        rooms=40, owner_lives_there=False, is_dwelling=False, state="NY", county=county
    )
    assert found.applies is applies


@pytest.mark.parametrize("post", list(Post))
def test_only_core_employees_are_asked(hotel: Organization, post: Post) -> None:
    staff(hotel, 20, post)
    [line] = standings(facilities=[hotel], rule=CITY, as_of=new_york_today())
    core = {Post.FRONT_DESK, Post.HOUSEKEEPING, Post.BELL, Post.NIGHT_AUDIT}
    assert (line.standing.state == "due") is (post in core)
    [line] = standings(facilities=[hotel], rule=get_rule(), as_of=new_york_today())
    assert line.standing.state == "due"


@pytest.mark.parametrize(
    ("hired", "due_on"),
    [
        (date(2020, 1, 1), date(2025, 5, 3)),
        (date(2025, 3, 4), date(2025, 5, 3)),
        (date(2025, 3, 5), date(2025, 5, 3)),
        (date(2025, 3, 6), date(2025, 5, 4)),
    ],
)
def test_who_was_there_before_the_law_was_due_on_its_first_day(
    hotel: Organization, hired: date, due_on: date
) -> None:
    make_employment(hotel, started_on=hired, post=Post.BELL)
    [line] = standings(facilities=[hotel], rule=CITY, as_of=date(2025, 5, 3))
    assert line.standing.due_on == due_on
    [line] = standings(facilities=[hotel], rule=CITY, as_of=date(2025, 5, 2))
    assert line.standing.state == "not_covered"


# --- on the pages ---------------------------------------------------------------------------------


def test_a_hotel_in_the_city_sees_both_rules_with_their_counts(
    hotel: Organization, manager: Client
) -> None:
    train(staff(hotel, 200, Post.HOUSEKEEPING), on=ago(180))
    staff(hotel, 100, Post.MAINTENANCE)
    staff(hotel, 100, Post.BELL)
    found = page(manager, "facility", hotel.key)
    assert "1 of 3 trained. 2 overdue." in found
    assert "<strong>NYC Local Law 104</strong>, for core employees (" in found
    assert "1 of 2 trained. 1 overdue." in found
    assert "is for hotels in New York City" in found
    assert "civil penalty" not in found
    about = page(manager, "about", hotel.key)
    assert "civil penalty of $500" in about
    assert "checked on Nov. 22, 2026" in about


def test_a_hotel_elsewhere_sees_nothing_of_the_citys_rule(manager: Client) -> None:
    hotel = make_facility(key="lake", county="Warren")
    client = as_person(make_with_role(Role.MANAGER, hotel))
    staff(hotel, 100, Post.BELL)
    assert "Local Law 104" not in page(client, "facility", "lake")
    assert "Local Law 104" not in page(client, "about", "lake")
    assert "this place is elsewhere" in page(client, "overnight", "lake")


def test_where_the_county_is_not_known_it_is_asked_for() -> None:
    hotel = make_facility(key="lake", county="")
    client = as_person(make_with_role(Role.MANAGER, hotel))
    staff(hotel, 100, Post.BELL)
    found = page(client, "facility", "lake")
    assert "Say in which county this place is" in found
    assert "0 of 1 trained" in found


def test_a_manager_says_the_county_and_the_rule_follows() -> None:
    hotel = make_facility(key="lake", county="")
    client = as_person(make_with_role(Role.MANAGER, hotel))
    said = {"rooms_for_hire": "40", "owner_lives_there": "no", "is_dwelling": "no"}
    client.post("/facilities/lake/about/", said)
    assert "Say in which county" in page(client, "facility", "lake")
    for county, words in (("Kings", "as this one is."), ("Erie", "")):
        answer = client.post("/facilities/lake/about/", {**said, "county": county})
        assert answer.status_code == 302
        found = page(client, "facility", "lake")
        assert "Say in which county" not in found
        assert ("NYC Local Law 104" in found) is bool(words)
        assert words in found
    assert client.post("/facilities/lake/about/", {**said, "county": "Ohio"}).status_code == 200
    assert Organization.objects.get(key="lake").county == "Erie"
    assert AuditEntry.objects.filter(action="facility.placed").count() == 2


def test_an_employees_page_says_the_standing_by_each_rule(
    hotel: Organization, manager: Client
) -> None:
    employment = staff(hotel, 100, Post.MAINTENANCE)
    change_post(
        employment=employment,
        post=Post.FRONT_DESK,
        starts_on=ago(10),
        guest_contact=True,
        actor=None,
    )
    found = page(manager, "employee", hotel.key, employment.pk)
    assert "By other rules" in found
    assert "The same as by GBL 205" not in found
    clerk = staff(hotel, 20, Post.FRONT_DESK)
    same = page(manager, "employee", hotel.key, clerk.pk)
    assert "The same as by GBL 205: one training counts for both." in same
    assert "In a post that the rule names since" in found
    assert "is day 60, counting the day of hire." in found


def test_an_exemption_is_from_one_rule_alone(hotel: Organization, manager: Client) -> None:
    employment = staff(hotel, 100, Post.BELL)
    exempt(employment=employment, rule=CITY, reason="Not on a shift", starts_on=ago(90), actor=None)
    found = page(manager, "employee", hotel.key, employment.pk)
    assert "Exempt: Not on a shift" in found
    assert "No training is recorded." in found


@pytest.mark.parametrize("count", [1, 3])
def test_the_citys_rule_costs_one_query_more(
    hotel: Organization, manager: Client, count: int, django_assert_num_queries: Any
) -> None:
    version = make_program()
    for _one in range(count):
        train(staff(hotel, 200, Post.BELL), on=ago(180), version=version)
        staff(hotel, 100, Post.SECURITY)
    with django_assert_num_queries(11):
        page(manager, "facility", hotel.key)
    with django_assert_num_queries(9):
        page(manager, "overnight", hotel.key)


# --- the night ------------------------------------------------------------------------------------


def test_who_may_stand_in_overnight(hotel: Organization, manager: Client) -> None:
    train(staff(hotel, 200, Post.SECURITY, name="Sam Guard"), on=ago(180))
    staff(hotel, 100, Post.SECURITY, name="Ira Watch")
    unsigned = staff(hotel, 100, Post.NIGHT_AUDIT, name="Nia Count")
    make_completion(unsigned.person, occurred_on=ago(90))
    train(staff(hotel, 200, Post.HOUSEKEEPING, name="Hana Rooms"), on=ago(180))
    found = page(manager, "overnight", hotel.key)
    assert "1 person, by the training on record." in found
    may, _rest, may_not = found.partition("Not yet, and why")
    assert "Sam Guard" in may
    assert "Ira Watch" in may_not
    assert "No training is recorded." in may_not
    assert "Nia Count" in may_not
    assert "Not yet shown: that it was on the premises" in may_not
    assert "Hana Rooms" not in found


def test_a_guard_who_meets_nobody_by_day_is_judged_by_the_training(
    hotel: Organization, manager: Client
) -> None:
    hidden = make_employment(
        hotel,
        person=make_person(None, name="Sam Guard"),
        started_on=ago(100),
        post=Post.SECURITY,
        guest_contact=False,
        no_contact_reason="Watches screens",
    )
    assert "Nobody, by the training on record." in page(manager, "overnight", hotel.key)
    train(hidden, on=ago(50))
    assert "1 person, by the training on record." in page(manager, "overnight", hotel.key)


# --- the license ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (91, ""),
        (90, "in 90 days."),
        (1, "in 1 day."),
        (0, "hotel license ends today."),
        (-1, "hotel license ended on"),
    ],
)
def test_the_page_says_when_the_license_ends(
    hotel: Organization, manager: Client, days: int, words: str
) -> None:
    ends = new_york_today() + timedelta(days=days)
    answer = manager.post(f"/facilities/{hotel.key}/license/", {"number": " H 1 ", "ends_on": ends})
    assert answer.status_code == 302
    found = page(manager, "facility", hotel.key)
    assert ("hotel license end" in found) is bool(words)
    assert words in found
    assert "<bdi>H 1</bdi>" in page(manager, "about", hotel.key)


def test_a_license_is_recorded_once_and_never_rewritten(hotel: Organization) -> None:
    said = {"facility": hotel, "number": "H-1", "ends_on": new_york_today(), "actor": None}
    first = record_license(**said)  # type: ignore[arg-type]
    assert record_license(**said) == first  # type: ignore[arg-type]
    record_license(**{**said, "number": "H-2"})  # type: ignore[arg-type]
    assert [row.number for row in FacilityLicense.objects.all()] == ["H-2", "H-1"]
    assert AuditEntry.objects.filter(action="facility.license_recorded").count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        FacilityLicense.objects.update(number="H-3")


@pytest.mark.parametrize(("number", "years"), [("  ", 1), ("H-1", 3)])
def test_a_license_without_number_or_too_long_is_refused(
    hotel: Organization, manager: Client, number: str, years: int
) -> None:
    ends = years_on(new_york_today(), years)
    with pytest.raises(Refused):
        record_license(facility=hotel, number=number, ends_on=ends, actor=None)
    answer = manager.post(f"/facilities/{hotel.key}/license/", {"number": number, "ends_on": ends})
    assert answer.status_code == 200
    assert not FacilityLicense.objects.exists()
    assert "error" in text(answer)


@pytest.mark.parametrize("name", ["license", "overnight"])
def test_to_another_hotels_manager_these_pages_do_not_exist(hotel: Organization, name: str) -> None:
    outsider = as_person(make_with_role(Role.MANAGER, make_facility()))
    assert outsider.get(f"/facilities/{hotel.key}/{name}/").status_code == 404
