"""What of the state's numbers is shown, attacked: no few can be computed from what is shown."""

import random
from collections import Counter
from itertools import product
from typing import Any

import pytest

from lms.compliance.count_models import ShownBy
from lms.portal.reports.figures import may_tell
from lms.portal.review.telling import COLUMNS, Told, by_county, joined, told

TRAINED = ("met", "not_proven")


def state(seed: int, counties: int, most: int) -> dict[str, Any]:
    """A made-up state: employees by county, state, basis and month of hire."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    people: dict[str, Counter[str]] = {}
    hired: dict[str, Counter[str]] = {}
    for number in range(counties):
        name = f"County {number}"
        people[name] = Counter()
        for _person in range(dice.randrange(most)):
            column = dice.choices(COLUMNS, weights=(20, 3, 3, 1))[0]
            basis = f" {dice.choice(list(ShownBy))}" if column in TRAINED else ""
            month = f"{dice.randrange(2023, 2027)}-{dice.randrange(1, 13):02}"
            people[name][column] += 1
            hired.setdefault(month, Counter())[f"{column}{basis}"] += 1
    return {
        "counties": {name: {"facilities": 1, "people": dict(row)} for name, row in people.items()},
        "hired": {month: dict(hired[month]) for month in sorted(hired)},
    }


STATES = [(seed, counties, most) for seed in range(20) for counties, most in
          ((2, 20), (5, 12), (8, 60), (30, 40), (60, 300))]  # fmt: skip


@pytest.mark.parametrize(("seed", "counties", "most"), STATES)
def test_what_the_shown_counties_leave_of_the_state_is_enough_people(
    seed: int, counties: int, most: int
) -> None:
    found = told(state(seed, counties, most))
    if not found.shown:
        return
    assert all(may_tell(total) for total in found.totals)
    shown = [row for row in found.counties if row.parts is not None]
    for row in shown:
        assert row.parts is not None
        assert all(may_tell(people) for people in row.parts)
        assert sum(row.parts) == row.covered
    for place, total in enumerate(found.totals):
        assert may_tell(total - sum(row.parts[place] for row in shown if row.parts))
    named = [row.covered for row in found.counties if row.covered is not None]
    assert all(may_tell(covered) for covered in named)
    assert may_tell(found.covered - sum(named))


@pytest.mark.parametrize(("seed", "counties", "most"), STATES)
def test_two_periods_subtracted_leave_enough_people_everywhere(
    seed: int, counties: int, most: int
) -> None:
    totals = state(seed, counties, most)
    everybody = told(totals)
    if not everybody.shown:
        return
    views = [everybody]
    spans = everybody.spans[:: max(1, len(everybody.spans) // 6)]
    for first, last in product(spans, repeat=2):
        view = told(totals, first=f"{first.first:%Y-%m}", last=f"{last.last:%Y-%m}")
        assert not (view.of_period and view.counties)
        views.append(view)
    for one, other in product(views, repeat=2):
        if nested(one, other):
            coarse = one if one.of_period else other
            before, after = numbers(one, coarse), numbers(other, coarse)
            assert all(
                may_tell(abs(here - there)) for here, there in zip(before, after, strict=True)
            )


def numbers(view: Told, coarse: Told) -> list[int]:
    """What a view says, added up to what another tells apart."""
    columns = dict(zip(view.columns, view.totals, strict=True))
    rests = {(rest.column, rest.bases): rest.people for rest in view.rests}
    return [
        view.covered,
        *(
            sum(n for group, n in columns.items() if set(group) <= set(wide))
            for wide in coarse.columns
        ),
        *(
            sum(
                n
                for (column, bases), n in rests.items()
                if column == rest.column and set(bases) <= set(rest.bases)
            )
            for rest in coarse.rests
        ),
    ]


def test_a_handful_with_a_rare_basis_does_not_make_one_period_of_all_years() -> None:
    months = [f"{year}-{month:02}" for year in range(2021, 2027) for month in range(1, 13)]
    hired = {month: {"met state_made": 60, "due": 20, "overdue": 8} for month in months}
    hired["2023-05"]["met other"] = 7
    people = {"met": 60 * len(months) + 7, "due": 20 * len(months), "overdue": 8 * len(months)}
    totals = {"counties": {"A": {"facilities": 9, "people": people}}, "hired": hired}
    everybody = told(totals)
    assert [(rest.bases, rest.people) for rest in everybody.rests] == [
        (("state_made",), 4320), (("other",), 7),
    ]  # fmt: skip
    assert len(everybody.spans) == len(months)
    may = told(totals, first="2023-05", last="2023-05")
    assert [(rest.bases, rest.people) for rest in may.rests] == [(("state_made", "other"), 67)]


def nested(one: Told, other: Told) -> bool:
    """Whether the one period lies within the other, so that subtracting says anything."""
    inner, outer = (
        {span.first for span in view.chosen} or {span.first for span in view.spans}
        for view in (one, other)
    )
    return inner <= outer or outer <= inner


@pytest.mark.parametrize("seed", range(40))
def test_no_small_number_of_a_county_is_the_only_one_possible(seed: int) -> None:
    """Everything that could be behind the lines shown is tried, in states small enough for that."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    true = [[dice.choice([0, 1, 2, 3, 5, 6]) for _column in range(2)] for _county in range(3)]
    columns = (("met",), ("overdue",))
    sums = [sum(row[place] for row in true) for place in range(2)]
    if not all(may_tell(total) for total in sums):
        return
    counties = {
        str(number): {"facilities": 1, "people": {"met": row[0], "overdue": row[1]}}
        for number, row in enumerate(true)
    }
    shown = by_county(counties, columns)
    columns_possible = [
        [(a, b, total - a - b) for a in range(total + 1) for b in range(total + 1 - a)]
        for total in sums
    ]
    possible = [
        rows
        for rows in (
            list(zip(met, overdue, strict=True)) for met, overdue in product(*columns_possible)
        )
        if all(
            (line.covered is None or sum(row) == line.covered)
            and (line.parts is None or row == line.parts)
            for row, line in zip(rows, shown, strict=True)
        )
    ]
    for n, row in enumerate(true):
        for place, number in enumerate(row):
            if not may_tell(number):
                assert len({rows[n][place] for rows in possible}) > 1
        if not may_tell(sum(row)):
            assert len({sum(rows[n]) for rows in possible}) > 1


def test_few_are_joined_with_the_next_fewest() -> None:
    assert joined({"a": 50, "b": 3, "c": 9, "d": 0}) == [("a",), ("b", "c"), ("d",)]
    assert joined({"a": 3, "b": 2}) == [("a", "b")]
    assert joined({"a": 5, "b": 0}) == [("a",), ("b",)]
    assert joined({"a": 1, "b": 2}) == [("a", "b")]


def test_a_county_that_would_tell_of_another_keeps_its_numbers_back_too() -> None:
    counties = {
        "A": {"facilities": 1, "people": {"met": 30, "overdue": 2}},
        "B": {"facilities": 1, "people": {"met": 40, "overdue": 6}},
        "C": {"facilities": 1, "people": {"met": 90, "overdue": 50}},
        "D": {"facilities": 1, "people": {}},
    }
    shown = {row.name: row for row in by_county(counties, (("met",), ("overdue",)))}
    assert (shown["A"].covered, shown["A"].parts) == (32, None)
    assert (shown["B"].covered, shown["B"].parts) == (46, None)
    assert (shown["C"].covered, shown["C"].parts) == (140, (90, 50))
    assert (shown["D"].covered, shown["D"].parts) == (0, (0, 0))


def test_too_few_in_the_whole_state_are_not_counted() -> None:
    totals = {
        "counties": {"A": {"facilities": 1, "people": {"met": 4}}},
        "hired": {"2026-01": {"met scan": 4}},
    }
    assert not told(totals).shown
    assert told({}).counties == []
