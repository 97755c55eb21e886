"""Tables as files: what a person typed is never run by a spreadsheet."""

import csv
import io

import pytest

from lms.core.tables import csv_response, csv_text, guarded


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cell_that_would_be_a_formula_is_text(start: str) -> None:
    assert guarded(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@pytest.mark.parametrize("value", ["Ana - Rivera", "a=b", "", "1+1"])
def test_other_text_stays_as_it_is(value: str) -> None:
    assert guarded(value) == value


def test_nothing_and_numbers_are_cells_too() -> None:
    assert (guarded(None), guarded(42)) == ("", "42")


def test_table_reads_back_with_its_accents_commas_and_quotes() -> None:
    text = csv_text([["Łucja, RN", 'said "yes"'], ["=1", None]], ["Name", "=Note"])
    assert text.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
    assert rows == [["Name", "'=Note"], ["Łucja, RN", 'said "yes"'], ["'=1", ""]]


def test_file_is_saved_under_its_name_and_kept_by_nobody() -> None:
    response = csv_response([["a"]], header=["A"], filename="my-record.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="my-record.csv"'
    assert response["Cache-Control"] == "private, no-store"
