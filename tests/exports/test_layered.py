"""Boxes never overlap, every tie is drawn, and no line crosses a box or lies on another one."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from exports.layered import Item, Layout, Measures, Net, Place, Run, Tie, lay_out
from tests.structures import city_graph

MEASURES = Measures(columns=5, width=100.0, margin=70.0, lane=6.0, space=10.0)
NEAR = 1e-6


@st.composite
def structures(draw: st.DrawFn) -> tuple[list[Item], list[Tie], Measures]:
    count = draw(st.integers(0, 40))
    keys = [f"ZO-{number:04}" for number in range(count)]
    items = [Item(key, draw(st.integers(0, 5)), float(draw(st.integers(20, 60)))) for key in keys]
    styles = st.sampled_from(("", "dashed", "alarm"))
    ends = st.sampled_from(keys) if keys else st.nothing()
    ties = draw(st.lists(st.builds(Tie, ends, ends, styles), max_size=80)) if keys else []
    columns = draw(st.integers(1, 7))
    return items, ties, Measures(columns, 100.0, 70.0, 6.0, 10.0)


def city() -> tuple[list[Item], list[Tie]]:
    graph = city_graph()
    return (
        [Item(node.key, node.layer, 40.0) for node in graph.nodes],
        [Tie(edge.source, edge.target, edge.style) for edge in graph.edges],
    )


@given(structures())
@settings(max_examples=150)
def test_no_two_boxes_overlap_and_none_leaves_the_picture(
    drawn: tuple[list[Item], list[Tie], Measures],
) -> None:
    items, ties, measures = drawn
    layout = lay_out(items, ties, measures)
    assert sorted(place.key for place in layout.places) == sorted(item.key for item in items)
    assert not [pair for pair in combinations(layout.places, 2) if overlap(*pair)]
    assert all(measures.margin <= one.x and one.x + one.width <= layout.width for one in layout.places)
    assert all(one.y >= 0 and one.y + one.height <= layout.height for one in layout.places)


@given(structures())
@settings(max_examples=150)
def test_every_tie_is_drawn_from_its_box_to_its_box(drawn: tuple[list[Item], list[Tie], Measures]) -> None:
    items, ties, measures = drawn
    layout = lay_out(items, ties, measures)
    said = {(source, net.target, net.style) for net in layout.nets for source in net.sources}
    assert said == {(tie.source, tie.target, tie.style) for tie in ties}
    places = {place.key: place for place in layout.places}
    for net in layout.nets:
        assert touches_top(places[net.target], net.end)
        assert all(any(leaves(places[source], run) for run in net.runs) for source in net.sources)
        assert hangs_together(net)


@given(structures())
@settings(max_examples=150)
def test_no_line_crosses_a_box_or_the_names_of_the_layers(
    drawn: tuple[list[Item], list[Tie], Measures],
) -> None:
    items, ties, measures = drawn
    layout = lay_out(items, ties, measures)
    for _net, run in runs_of(layout):
        assert min(run.x1, run.x2) >= measures.margin
        assert not [place.key for place in layout.places if crosses(run, place)]


@given(structures())
@settings(max_examples=150)
def test_lines_to_different_boxes_never_lie_on_each_other(
    drawn: tuple[list[Item], list[Tie], Measures],
) -> None:
    items, ties, measures = drawn
    layout = lay_out(items, ties, measures)
    for (one, first), (other, second) in combinations(runs_of(layout), 2):
        if one is not other:
            assert not lie_on_each_other(first, second)


@given(structures(), st.randoms(use_true_random=False))
def test_the_order_in_which_boxes_and_ties_are_given_makes_no_difference(
    drawn: tuple[list[Item], list[Tie], Measures], chance: random.Random
) -> None:
    items, ties, measures = drawn
    mixed, tied = list(items), [*ties, *ties]
    chance.shuffle(mixed)
    chance.shuffle(tied)
    assert lay_out(mixed, tied, measures) == lay_out(items, ties, measures)


@given(structures())
def test_a_picture_may_be_cut_between_any_two_rows_and_layers_fill_it(
    drawn: tuple[list[Item], list[Tie], Measures],
) -> None:
    items, ties, measures = drawn
    layout = lay_out(items, ties, measures)
    assert not [cut for cut in layout.breaks for one in layout.places if one.y < cut < one.y + one.height]
    layer = {item.key: item.layer for item in items}
    bands = {band.layer: band for band in layout.bands}
    assert [band.layer for band in layout.bands] == sorted(set(layer.values()))
    for one in layout.places:
        band = bands[layer[one.key]]
        assert band.y <= one.y
        assert one.y + one.height <= band.y + band.height + NEAR


def test_a_city_of_150_objects_keeps_its_lines_apart() -> None:
    items, ties = city()
    layout = lay_out(items, ties, Measures(9, 162.0, 100.0, 7.0, 12.0))
    assert (len(layout.places), len(set(ties))) == (
        150,
        sum(len(net.sources) for net in layout.nets),
    )
    assert layout.width < 2500
    assert not [run for _net, run in runs_of(layout) for place in layout.places if crosses(run, place)]


# --- Geometry ------------------------------------------------------------------------------------


def overlap(one: Place, other: Place) -> bool:
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def runs_of(layout: Layout) -> Iterator[tuple[Net, Run]]:
    return ((net, run) for net in layout.nets for run in net.runs)


def spans(run: Run) -> tuple[float, float, float, float]:
    return min(run.x1, run.x2), max(run.x1, run.x2), min(run.y1, run.y2), max(run.y1, run.y2)


def crosses(run: Run, place: Place) -> bool:
    """Whether the line goes through the inside of the box."""
    left, right, top, bottom = spans(run)
    return (
        left < place.x + place.width - NEAR
        and right > place.x + NEAR
        and top < place.y + place.height - NEAR
        and bottom > place.y + NEAR
    )


def touches_top(place: Place, point: tuple[float, float]) -> bool:
    return place.x < point[0] < place.x + place.width and abs(point[1] - place.y) < NEAR


def leaves(place: Place, run: Run) -> bool:
    bottom = place.y + place.height
    return run.x1 == run.x2 and abs(run.y1 - bottom) < NEAR and place.x < run.x1 < place.x + place.width


def meet(one: Run, other: Run) -> bool:
    a, b = spans(one), spans(other)
    return a[0] <= b[1] + NEAR and b[0] <= a[1] + NEAR and a[2] <= b[3] + NEAR and b[2] <= a[3] + NEAR


def hangs_together(net: Net) -> bool:
    reached = [net.runs[0]]
    rest = list(net.runs[1:])
    while near := [run for run in rest if any(meet(run, known) for known in reached)]:
        reached += near
        rest = [run for run in rest if run not in near]
    return not rest


def lie_on_each_other(one: Run, other: Run) -> bool:
    """Whether two lines share more than a point."""
    a, b = spans(one), spans(other)
    if one.x1 == one.x2 and other.x1 == other.x2 and abs(one.x1 - other.x1) < NEAR:
        return min(a[3], b[3]) - max(a[2], b[2]) > NEAR
    if one.y1 == one.y2 and other.y1 == other.y2 and abs(one.y1 - other.y1) < NEAR:
        return min(a[1], b[1]) - max(a[0], b[0]) > NEAR
    return False
