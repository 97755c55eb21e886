"""Who is who: by address, known address, unique name; and whom to suggest."""

import pytest

from events.attendance_report import Joiner, Seat, match, suggest
from events.enums import MatchedBy

LUZ = Seat(1, "Luz Reyes", addresses=frozenset({"luz@example.org"}))
AMARA = Seat(
    2, "Amara Okafor", addresses=frozenset({"amara@example.org", "ao@old.example.org"}),
    known_addresses=frozenset({"home@mail.example.org"}),
)  # fmt: skip
MEI = Seat(3, "Mei Chen", addresses=frozenset({"mchen@example.org"}))
SEATS = [LUZ, AMARA, MEI]


def found(joiner: Joiner, *others: Joiner) -> list[tuple[int, MatchedBy]]:
    return match([joiner, *others], SEATS)[joiner.key]


@pytest.mark.parametrize(
    ("email", "seat", "how"),
    [
        ("luz@example.org", 1, MatchedBy.ADDRESS),
        ("ao@old.example.org", 2, MatchedBy.ADDRESS),
        ("home@mail.example.org", 2, MatchedBy.KNOWN_ADDRESS),
    ],
)
def test_address_finds_the_seat(email: str, seat: int, how: MatchedBy) -> None:
    assert found(Joiner(9, email=email, names=("Somebody Else",))) == [(seat, how)]


@pytest.mark.parametrize(
    "name", ["Luz Reyes", "LUZ  REYES", "Reyes, Luz", "Lúz Reyes (phone)", "luz reyes"]
)
def test_name_that_one_person_has_finds_the_seat(name: str) -> None:
    assert found(Joiner(9, names=(name,))) == [(1, MatchedBy.NAME)]


def test_display_or_full_name_may_be_the_one() -> None:
    assert found(Joiner(9, names=("L.", "Luz Reyes"))) == [(1, MatchedBy.NAME)]


@pytest.mark.parametrize("name", ["Luz", "Luz Reyes Ortiz", "L. Reyes", ""])
def test_part_of_a_name_is_left_to_somebodys_eye(name: str) -> None:
    assert found(Joiner(9, names=(name,))) == []


def test_name_of_two_people_registered_is_nobodys() -> None:
    twins = [LUZ, Seat(4, "Luz Reyes")]
    assert match([Joiner(9, names=("Luz Reyes",))], twins) == {9: []}


def test_name_of_two_people_in_the_report_is_nobodys() -> None:
    joiners = [Joiner(8, names=("Luz Reyes",)), Joiner(9, "x@example.org", ("Luz Reyes",))]
    assert match(joiners, SEATS) == {8: [], 9: []}


def test_name_of_somebody_found_by_address_is_left_to_somebodys_eye() -> None:
    """A namesake without an address would take the minutes of the one registered."""
    joiners = [Joiner(8, "luz@example.org", ("Luz Reyes",)), Joiner(9, names=("Luz Reyes",))]
    assert match(joiners, SEATS) == {8: [(1, MatchedBy.ADDRESS)], 9: []}


def test_host_takes_part_only_where_registered_by_address() -> None:
    assert found(Joiner(9, names=("Luz Reyes",), is_host=True)) == []
    by_address = Joiner(9, "luz@example.org", ("Luz Reyes",), is_host=True)
    assert found(by_address) == [(1, MatchedBy.ADDRESS)]


def test_what_somebody_decided_comes_before_addresses() -> None:
    linked = Joiner(9, "luz@example.org", decided=((2, MatchedBy.HAND),))
    assert found(linked) == [(2, MatchedBy.HAND)]
    aside = Joiner(9, "luz@example.org", is_aside=True)
    assert found(aside) == []


def test_shared_screen_counts_for_both() -> None:
    both = Joiner(9, "luz@example.org", decided=((3, MatchedBy.SHARED),))
    assert found(both) == [(1, MatchedBy.ADDRESS), (3, MatchedBy.SHARED)]


def test_link_to_a_seat_given_back_is_void() -> None:
    gone = Joiner(9, "luz@example.org", decided=((77, MatchedBy.HAND),))
    assert found(gone) == [(1, MatchedBy.ADDRESS)]


@pytest.mark.parametrize(
    ("joiner", "seats"),
    [
        (Joiner(9, names=("mei",)), [3]),
        (Joiner(9, names=("L. Reyes",)), [1]),
        (Joiner(9, names=("lreyes",)), [1]),
        (Joiner(9, names=("Amara Okafo",)), [2]),
        (Joiner(9, "amara.okafor@elsewhere.example.org", ("iPhone",)), [2]),
        (Joiner(9, names=("Call-in User_3",)), []),
        (Joiner(9), []),
    ],
)
def test_likely_people_are_suggested(joiner: Joiner, seats: list[int]) -> None:
    assert suggest(joiner, SEATS) == seats


def test_suggestions_are_few_and_the_likeliest_first() -> None:
    many = [Seat(number, f"Ana Rivera{'a' * number}") for number in range(9)]
    assert suggest(Joiner(9, names=("Ana Riveraaa",)), many) == [2, 3, 1]
