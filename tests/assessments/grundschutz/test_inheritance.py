"""Protection needs travel along dependencies, whatever these look like."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz.inheritance import HIGHEST, Cause, Effective, Wish, cycles, inherit, way

Graph = tuple[dict[int, Wish], dict[int, list[int]]]
LEVELS = st.integers(0, HIGHEST)
WISHES = st.builds(Wish, LEVELS, st.sampled_from([0, 0, 0, 1, 2, 3]), st.sampled_from([3, 3, 3, 2, 1, 0]))


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(1, 9))
    keys = st.integers(0, count - 1)
    wishes = {key: draw(WISHES) for key in range(count)}
    pairs = draw(st.sets(st.tuples(keys, keys), max_size=20))
    edges = {key: sorted(target for source, target in pairs if source == key) for key in range(count)}
    return wishes, edges


def naive(wishes: Mapping[int, Wish], edges: Mapping[int, Sequence[int]]) -> dict[int, int]:
    """The least levels that satisfy everybody, by trying until nothing changes any more."""
    levels = dict.fromkeys(wishes, 0)
    while True:
        above = {key: max([levels[one] for one in wishes if key in edges[one]], default=0) for key in wishes}
        settled = {
            key: min(max(wish.own, wish.at_least, above[key]), wish.at_most) for key, wish in wishes.items()
        }
        if settled == levels:
            return levels
        levels = settled


def levels(found: Mapping[int, Effective]) -> dict[int, int]:
    return {key: one.level for key, one in found.items()}


@given(graphs())
def test_the_levels_are_those_of_a_naive_fixpoint(graph: Graph) -> None:
    assert levels(inherit(*graph)) == naive(*graph)


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_in_which_objects_come_makes_no_difference(graph: Graph, shuffler: random.Random) -> None:
    wishes, edges = graph
    keys = list(wishes)
    shuffler.shuffle(keys)
    assert inherit({key: wishes[key] for key in keys}, {key: edges[key] for key in keys}) == inherit(*graph)


@given(graphs(), st.data())
def test_nobody_needs_less_because_somebody_needs_more(graph: Graph, data: st.DataObject) -> None:
    wishes, edges = graph
    key = data.draw(st.sampled_from(sorted(wishes)))
    wish = wishes[key]
    more = wishes | {key: Wish(min(HIGHEST, wish.own + 1), wish.at_least, wish.at_most)}
    before, after = levels(inherit(wishes, edges)), levels(inherit(more, edges))
    assert all(after[each] >= before[each] for each in wishes)


@given(graphs())
def test_what_was_inherited_changes_nothing_when_it_is_entered(graph: Graph) -> None:
    wishes, edges = graph
    found = levels(inherit(wishes, edges))
    entered = {key: Wish(found[key], wish.at_least, wish.at_most) for key, wish in wishes.items()}
    assert levels(inherit(entered, edges)) == found


@given(graphs())
def test_every_inherited_level_leads_to_where_it_began(graph: Graph) -> None:
    wishes, edges = graph
    found = inherit(wishes, edges)
    for key, one in found.items():
        path = list(way(found, key))
        if one.cause is Cause.INHERITED:
            assert key in edges[path[0]]
            assert {found[step].level for step in path[:-1]} <= {one.level}
            assert found[path[-1]].cause in (Cause.OWN, Cause.RAISED, Cause.LOWERED, Cause.INHERITED)
            assert found[path[-1]].level >= one.level
        elif one.cause in (Cause.OWN, Cause.UNKNOWN, Cause.RAISED):
            assert path == []


@given(graphs())
def test_a_cause_is_true(graph: Graph) -> None:
    wishes, edges = graph
    found = inherit(wishes, edges)
    for key, one in found.items():
        wish = wishes[key]
        above = max([found[each].level for each in wishes if key in edges[each]], default=0)
        match one.cause:
            case Cause.OWN:
                assert wish.own == one.level
            case Cause.INHERITED:
                assert above == one.level > wish.own
            case Cause.RAISED:
                # What comes back to it around a cycle had begun here.
                assert wish.at_least >= one.level > wish.own
            case Cause.LOWERED:
                assert one.level == wish.at_most < one.otherwise == max(wish.own, above)
            case Cause.UNKNOWN:
                assert one.level == 0


@pytest.mark.parametrize(
    ("wishes", "edges", "expected"),
    [
        (
            {1: Wish(2), 2: Wish(1), 3: Wish()},
            {1: [3], 2: [3]},
            {1: Effective(2, Cause.OWN), 2: Effective(1, Cause.OWN), 3: Effective(2, Cause.INHERITED, 1)},
        ),
        (
            {1: Wish(2), 2: Wish(0, at_most=1)},
            {1: [2]},
            {1: Effective(2, Cause.OWN), 2: Effective(1, Cause.LOWERED, 1, 2)},
        ),
        (
            {1: Wish(1), 2: Wish(0, at_least=2), 3: Wish()},
            {1: [2], 2: [3]},
            {
                1: Effective(1, Cause.OWN),
                2: Effective(2, Cause.RAISED),
                3: Effective(2, Cause.INHERITED, 2),
            },
        ),
        (
            {1: Wish(2), 2: Wish(0, at_least=2)},
            {1: [2]},
            {1: Effective(2, Cause.OWN), 2: Effective(2, Cause.INHERITED, 1)},
        ),
        (
            {1: Wish(), 2: Wish(3)},
            {1: [2], 2: [1, 9]},
            {1: Effective(3, Cause.INHERITED, 2), 2: Effective(3, Cause.OWN)},
        ),
    ],
    ids=["maximum", "distribution", "cumulation", "cumulation without effect", "cycle"],
)
def test_the_effects_of_the_standard(
    wishes: dict[int, Wish], edges: dict[int, list[int]], expected: dict[int, Effective]
) -> None:
    assert inherit(wishes, edges) == expected


@given(graphs())
def test_a_cycle_holds_exactly_the_objects_that_depend_on_one_another(graph: Graph) -> None:
    _wishes, edges = graph
    reach = {key: _reached(edges, key) for key in edges}
    in_cycles = {key for key in edges if key in reach[key]}
    found = cycles(edges)
    assert {key for group in found for key in group} == in_cycles
    assert all(other in reach[key] for group in found for key in group for other in group)
    assert sum(len(group) for group in found) == len(in_cycles)


def _reached(edges: Mapping[int, Sequence[int]], start: int) -> set[int]:
    reached: set[int] = set()
    ahead = list(edges[start])
    while ahead:
        key = ahead.pop()
        if key not in reached:
            reached.add(key)
            ahead += edges[key]
    return reached


def test_a_chain_may_be_longer_than_the_stack_of_python() -> None:
    edges = {key: [key + 1] for key in range(5000)} | {5000: [0]}
    assert cycles(edges) == [tuple(range(5001))]
    assert levels(inherit({key: Wish(3 if key == 0 else 0) for key in edges}, edges)) == dict.fromkeys(
        edges, 3
    )
