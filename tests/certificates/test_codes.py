"""Codes: typed from paper by anyone, guessed by nobody."""

import pytest

from lms.certificates import codes


def test_code_has_twelve_signs_none_of_which_look_alike() -> None:
    signs = {sign for _code in range(300) for sign in codes.new_code()}
    assert signs == set(codes.ALPHABET)
    assert not signs & set("01OILUSZB")
    assert not signs & set("AEIOU"), "a code must not spell a word"
    assert {len(codes.new_code()) for _code in range(20)} == {12}


def test_codes_do_not_repeat() -> None:
    assert len({codes.new_code() for _code in range(2000)}) == 2000


@pytest.mark.parametrize(
    "typed",
    [
        "7K3M9PQR2XYW",
        "7K3M-9PQR-2XYW",
        " 7k3m 9pqr 2xyw ",
        "7k3m–9pqr–2xyw",
        "IK3M.9POR.ZXYW",
        "7KEM-9PQR-2XYW",
        "７Ｋ３Ｍ-９ＰＱＲ-２ＸＹＷ",
    ],
)
def test_code_is_read_however_it_is_typed(typed: str) -> None:
    assert codes.read(typed) == "7K3M9PQR2XYW"


@pytest.mark.parametrize(
    "typed", ["", "7K3M-9PQR", "7K3M-9PQR-2XYW-2", "7K3M-9PQR-2XY%", "x" * 5000, "\x00"]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert codes.read(typed) is None


def test_code_is_printed_in_groups_that_read_back() -> None:
    code = codes.new_code()
    assert codes.read(codes.in_groups(code)) == code
    assert [len(group) for group in codes.in_groups(code).split("-")] == [4, 4, 4]
