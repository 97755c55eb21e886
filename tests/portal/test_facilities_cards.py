"""Cards where GBL 206-f wants them: the list, a walk through the places, the photo, the history."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client

from lms.compliance.checklist import FOLDER, get_checklist
from lms.compliance.checks import check_rule_sets, checklist_errors
from lms.compliance.duties.cards import Look, record_round
from lms.compliance.duty_models import CardCheck
from lms.core.exceptions import Refused
from lms.core.models import AuditEntry
from lms.core.time import new_york_today
from lms.people.enums import Role
from lms.people.models import Organization, Person
from tests.factories.compliance import describe
from tests.factories.people import make_facility, make_with_role
from tests.factories.speakers import picture
from tests.portal.test_facilities import as_person, page, text

pytestmark = pytest.mark.django_db
LIST = get_checklist()


@pytest.fixture
def hotel() -> Organization:
    facility = make_facility(name="Hudson House", key="hudson")
    describe(facility)
    return facility


@pytest.fixture
def ravi(hotel: Organization) -> Person:
    return make_with_role(Role.MANAGER, hotel, name="Ravi Menon")


@pytest.fixture
def manager(ravi: Person) -> Client:
    return as_person(ravi)


def walk(ravi: Person, hotel: Organization, **more: Any) -> list[CardCheck]:
    """Cards of the state in two places, none in the rooms."""
    said: dict[str, Any] = {
        "looks": {
            "public-restrooms": Look(is_there=True),
            "guest-rooms": Look(is_there=False),
            "entrance": Look(is_there=True),
        },
        "made_by": "state",
        "checked_on": new_york_today(),
    }
    return record_round(facility=hotel, checklist=LIST, actor=ravi, **{**said, **more})


# --- the file -------------------------------------------------------------------------------------


def test_the_list_has_the_places_of_the_law_and_nothing_that_is_no_law() -> None:
    assert list(LIST.places) == ["public-restrooms", "guest-rooms", "entrance"]
    assert list(LIST.made_by) == ["state", "dhs", "own"]
    assert "8939" not in (FOLDER / "ny-gbl-206-f.yaml").read_text()
    assert check_rule_sets(None) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kind: checklist", "kind: law", "kind: 'checklist' was expected"),
        ("key: dhs", "key: DHS", "made_by.1.key: 'DHS' does not match"),
        ("same_places_as: ny-gbl-205", "same_places_as: ny-1", "there is no rule set ny-1"),
    ],
)
def test_a_broken_list_stops_the_site_with_file_and_line(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    content = (FOLDER / "ny-gbl-206-f.yaml").read_text()
    assert old in content
    path = tmp_path / "ny-gbl-206-f.yaml"
    path.write_text(content.replace(old, new))
    line = next(n for n, one in enumerate(path.read_text().splitlines(), 1) if new in one)
    [error] = checklist_errors(tmp_path)
    assert error.msg.startswith(f"ny-gbl-206-f.yaml, line {line}: ")
    assert words in error.msg


# --- the page -------------------------------------------------------------------------------------


def test_before_anybody_looked_the_page_says_what_the_law_asks(
    hotel: Organization, manager: Client
) -> None:
    found = page(manager, "cards", hotel.key)
    assert "Nobody has checked yet." in found
    assert found.count("Not checked yet") == 3
    assert "What GBL 206-f asks" in found
    assert "checked on Nov. 21, 2026" in found
    assert "nysenate.gov/legislation/laws/GBS/206-F" in found


def test_a_walk_is_recorded_on_one_form(hotel: Organization, manager: Client) -> None:
    answer = manager.post(
        f"/facilities/{hotel.key}/cards/check/",
        {
            "checked_on": new_york_today(),
            "public-restrooms-seen": "yes",
            "guest-rooms-seen": "no",
            "entrance-seen": "",
            "made_by": "dhs",
            "public-restrooms-photo": picture("card.jpg"),
        },
    )
    assert answer.status_code == 302
    found = page(manager, "cards", hotel.key)
    assert "Cards seen in 1 of 3 places. Last checked" in found
    assert "The federal Department of Homeland Security" in found
    assert "by Ravi Menon" in found
    row = CardCheck.objects.get(place="public-restrooms")
    photo = manager.get(f"/facilities/{hotel.key}/cards/{row.pk}/photo/")
    assert photo["Content-Disposition"] == 'attachment; filename="card.jpg"'
    assert photo["Content-Type"] == "image/jpeg"
    assert photo.getvalue().startswith(b"\xff\xd8\xff")
    assert not CardCheck.objects.filter(place="entrance").exists()


def test_the_newest_look_counts_and_the_others_are_kept(
    hotel: Organization, ravi: Person, manager: Client
) -> None:
    walk(ravi, hotel, checked_on=new_york_today() - timedelta(days=40))
    assert "Cards seen in 2 of 3 places" in page(manager, "cards", hotel.key)
    walk(ravi, hotel, looks={"guest-rooms": Look(is_there=True)}, made_by="own")
    found = page(manager, "cards", hotel.key)
    assert "Cards seen in 3 of 3 places" in found
    assert "The facility itself" in found
    assert CardCheck.objects.count() == 4
    assert AuditEntry.objects.filter(action="facility.cards_checked").count() == 4


def test_the_same_walk_twice_is_kept_once(hotel: Organization, ravi: Person) -> None:
    assert walk(ravi, hotel) == walk(ravi, hotel)
    assert CardCheck.objects.count() == 3


def test_a_look_is_never_rewritten(hotel: Organization, ravi: Person) -> None:
    walk(ravi, hotel)
    for change in (
        lambda: CardCheck.objects.update(is_there=True),
        lambda: CardCheck.objects.first().delete(),  # type: ignore[union-attr]
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"looks": {}}, "nothing_seen"),
        ({"looks": {"cellar": Look(is_there=False)}}, "unknown_place"),
        ({"made_by": ""}, "maker_missing"),
        ({"made_by": "nobody"}, "maker_missing"),
        ({"checked_on": new_york_today() + timedelta(days=1)}, "in_future"),
    ],
)
def test_what_cannot_be_is_refused_whole(
    hotel: Organization, ravi: Person, more: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        walk(ravi, hotel, **more)
    assert refusal.value.code == code
    assert not CardCheck.objects.exists()


def test_a_photo_is_judged_by_what_is_in_it(hotel: Organization, manager: Client) -> None:
    script = SimpleUploadedFile("card.jpg", b"<script>alert(1)</script>", "image/jpeg")
    answer = manager.post(
        f"/facilities/{hotel.key}/cards/check/",
        {
            "checked_on": new_york_today(),
            "entrance-seen": "yes",
            "made_by": "own",
            "entrance-photo": script,
        },
    )
    assert answer.status_code == 200
    assert "We cannot use card.jpg" in text(answer)
    assert not CardCheck.objects.exists()


def test_a_house_the_law_does_not_mean_is_told_so(ravi: Person, manager: Client) -> None:
    hotel = Organization.objects.get(key="hudson")
    describe(hotel, rooms_for_hire=4, owner_lives_there=True)
    assert "GBL 206-f is for the same places." in page(manager, "cards", "hudson")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_costs_the_same_however_often_somebody_looked(
    hotel: Organization, ravi: Person, manager: Client, count: int, django_assert_num_queries: Any
) -> None:
    for day in range(count):
        walk(ravi, hotel, checked_on=new_york_today() - timedelta(days=9 - day))
    with django_assert_num_queries(5):
        page(manager, "cards", hotel.key)


def test_to_others_the_cards_and_their_photos_do_not_exist(
    hotel: Organization, ravi: Person
) -> None:
    look = Look(is_there=True, photo=picture())
    [row] = walk(ravi, hotel, looks={"entrance": look})
    outsider = as_person(make_with_role(Role.MANAGER, make_facility(key="lake")))
    base = f"/facilities/{hotel.key}/cards/"
    for address in (base, f"{base}check/", f"{base}{row.pk}/photo/"):
        assert outsider.get(address).status_code == 404
    assert outsider.get(f"/facilities/lake/cards/{row.pk}/photo/").status_code == 404
