"""Pages on which a facility lets go of records of who left, and holds them."""

from typing import Any

import pytest
from django.test import Client

from lms.compliance.retention_models import HoldEnd, LegalHold, RecordRelease
from lms.people.enums import Role
from lms.people.models import Employment, Organization
from lms.people.services import end_employment
from tests.factories.people import make_facility, make_with_role
from tests.portal.test_facilities import ago, as_person, page, staff, text

pytestmark = pytest.mark.django_db
LIST = "/facilities/hudson/retention/"
CONFIRM = f"{LIST}confirm/"


@pytest.fixture
def hotel() -> Organization:
    return make_facility(name="Hudson House", key="hudson")


@pytest.fixture
def manager(hotel: Organization) -> Client:
    return as_person(make_with_role(Role.MANAGER, hotel, name="Ravi Menon"))


def gone(hotel: Organization, name: str, *, days: int = 500) -> Employment:
    employment = staff(hotel, days + 100, name=name)
    return end_employment(employment=employment, ended_on=ago(days), actor=None)


def test_what_may_be_removed_is_listed_asked_about_and_removed(
    hotel: Organization, manager: Client
) -> None:
    old, new = gone(hotel, "Rosa Almonte"), gone(hotel, "Mei Chen", days=100)
    found = text(manager.get(LIST))
    assert "1 record may be removed." in found
    assert "1 must still be kept; it may be removed from" in found
    assert "Rosa Almonte" in found
    assert "Mei Chen" not in found
    assert "/laws/GBS/205" in found
    asked = text(manager.get(CONFIRM, {"record": old.pk}))
    for words in ["Remove this record from your pages?", "keep their own record", "cannot be"]:
        assert words in asked
    assert RecordRelease.objects.count() == 0
    done = text(manager.post(CONFIRM, {"record": old.pk}, follow=True))
    assert "Removed: 1 record is no longer on your pages." in done
    assert "Rosa Almonte" not in done
    assert manager.get(f"/facilities/hudson/people/{old.pk}/").status_code == 404
    record = page(manager, "record", hotel.key, as_of=ago(520).isoformat())
    assert "Rosa Almonte" not in record
    assert "1 record of somebody who worked here then is no longer kept" in record
    assert manager.get(CONFIRM, {"record": new.pk}).status_code == 404
    manager.post(CONFIRM, {"record": new.pk})
    assert RecordRelease.objects.get().employment == old


def test_nothing_ticked_leads_back(manager: Client) -> None:
    assert "Tick at least one person." in text(manager.get(CONFIRM, follow=True))
    assert "Tick at least one person." in text(manager.post(CONFIRM, {"record": "x"}, follow=True))


def test_a_held_record_is_not_offered_and_refused_in_words(
    hotel: Organization, manager: Client
) -> None:
    old = gone(hotel, "Rosa Almonte")
    address = f"{LIST}holds/new/?employee={old.pk}"
    assert "Hold the record of Rosa Almonte" in text(manager.get(address))
    data = {"since": ago(1).isoformat(), "reason": "A claim was announced."}
    found = text(manager.post(address, data, follow=True))
    assert "placed by Ravi Menon: A claim was announced." in found
    assert f'value="{old.pk}"' not in found
    assert manager.get(CONFIRM, {"record": old.pk}).status_code == 404
    answer = text(manager.post(CONFIRM, {"record": old.pk}, follow=True))
    assert "under a legal hold. Nothing was removed." in answer
    hold = LegalHold.objects.get()
    ended = manager.post(f"{LIST}holds/{hold.pk}/end/", {"reason": "Settled."}, follow=True)
    assert "by Ravi Menon: Settled." in text(ended)
    assert f'value="{old.pk}"' in text(ended)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"since": "2999-01-01", "reason": "x"}, "Choose today or an earlier day."),
        ({"since": "2026-01-01", "reason": ""}, "This field is required."),
    ],
)
def test_a_hold_that_cannot_be_says_why(manager: Client, data: dict[str, str], words: str) -> None:
    assert words in text(manager.post(f"{LIST}holds/new/", data))
    assert LegalHold.objects.count() == 0


def test_another_facilitys_manager_finds_none_of_it(hotel: Organization, manager: Client) -> None:
    old = gone(hotel, "Rosa Almonte")
    manager.post(f"{LIST}holds/new/", {"since": ago(1).isoformat(), "reason": "A claim."})
    hold = LegalHold.objects.get()
    elsewhere = make_facility(key="lakeside")
    outsider = as_person(make_with_role(Role.MANAGER, elsewhere))
    for path in (LIST, CONFIRM, f"{LIST}holds/new/", f"{LIST}holds/{hold.pk}/end/"):
        assert outsider.get(path, {"record": old.pk}).status_code == 404
        assert outsider.post(path, {"record": old.pk}).status_code in {404, 405}
    outsider.post("/facilities/lakeside/retention/confirm/", {"record": old.pk})
    theirs = f"/facilities/lakeside/retention/holds/{hold.pk}/end/"
    assert outsider.post(theirs, {"reason": "x"}).status_code == 404
    theirs = f"/facilities/lakeside/retention/holds/new/?employee={old.pk}"
    assert outsider.get(theirs).status_code == 404
    assert RecordRelease.objects.count() == HoldEnd.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_many(
    hotel: Organization, manager: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        gone(hotel, f"Rosa {number}")
        manager.post(f"{LIST}holds/new/", {"since": ago(1).isoformat(), "reason": f"No. {number}"})
    for hold in LegalHold.objects.all():
        manager.post(f"{LIST}holds/{hold.pk}/end/", {"reason": "Settled."})
    with django_assert_num_queries(6):
        assert "may be removed" in text(manager.get(LIST))
