"""Sums of costs lose nothing and count nothing twice, whichever way they are put together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz.costs import (
    NOTHING,
    Cost,
    Costed,
    Share,
    YearOfCosts,
    by_year,
    shares,
    summed,
    undated,
)

_amounts = st.integers(0, 10**9)
_costs = st.builds(Cost, _amounts, _amounts, _amounts, _amounts)
_measures = st.lists(
    st.builds(Costed, _costs, st.one_of(st.none(), st.integers(2020, 2050), st.just(9999))), max_size=12
)
FIRST = 2026


@given(_measures)
def test_what_is_paid_once_stands_in_exactly_one_line(measures: list[Costed]) -> None:
    rows = by_year(measures, FIRST)
    all_of_it = summed(row.cost.all_at_once for row in rows) + undated(measures).all_at_once
    assert all_of_it == summed(each.cost.all_at_once for each in measures)


@given(_measures)
def test_what_is_paid_every_year_begins_in_the_year_after_and_never_ends(measures: list[Costed]) -> None:
    for row in by_year(measures, FIRST):
        due = (each.cost for each in measures if each.year is not None and max(each.year, FIRST) < row.year)
        assert row.cost.every_year == (NOTHING if row.is_open_end else summed(due).every_year)


@given(_measures)
def test_the_years_follow_one_another_and_are_at_most_ten_and_a_rest(measures: list[Costed]) -> None:
    rows = by_year(measures, FIRST)
    assert [row.year for row in rows] == list(range(FIRST, FIRST + len(rows)))
    assert 4 <= len(rows) <= 11
    assert not any(row.is_open_end for row in rows[:-1])


@given(st.lists(st.tuples(st.sampled_from("abc"), _costs), max_size=12))
def test_shares_add_up_to_the_whole(measures: list[tuple[str, Cost]]) -> None:
    found = shares(measures, lambda each: each[0], lambda each: each[1])
    assert summed(share.cost for share in found) == summed(cost for _key, cost in measures)
    assert sum(share.count for share in found) == len(measures)
    assert [share.key for share in found] == list(dict.fromkeys(key for key, _cost in measures))


def test_a_plan_of_two_years() -> None:
    measures = [Costed(Cost(100, 1000, 10, 50), 2025), Costed(Cost(5, 0, 1, 0), 2027), Costed(Cost(7), None)]
    assert by_year(measures, FIRST) == [
        YearOfCosts(2026, False, Cost(100, 1000)),
        YearOfCosts(2027, False, Cost(5, 0, 10, 50)),
        YearOfCosts(2028, False, Cost(0, 0, 11, 50)),
        YearOfCosts(2029, False, Cost(0, 0, 11, 50)),
    ]
    assert undated(measures) == Cost(7)
    assert by_year(measures, FIRST)[1].total == 65


def test_what_lies_far_ahead_stands_in_one_line() -> None:
    assert by_year([Costed(Cost(1, 2, 3, 4), 2100)], FIRST)[-1] == YearOfCosts(2036, True, Cost(1, 2))


def test_a_share_names_how_many_measures_it_is() -> None:
    assert shares(["x"], lambda name: name, lambda _name: Cost(3)) == [Share("x", 1, Cost(3))]
