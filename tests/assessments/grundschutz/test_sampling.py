"""The sample of an audit is drawn by the scheme, and anybody can draw it again."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz.audits import AuditKind, Ground
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.sampling import (
    EVERY_SAMPLE,
    IN_CYCLE,
    Candidate,
    Drawn,
    Place,
    draw,
    draw_measures,
    extent,
    shortfall,
)

_MODULES = edition_2023().modules
_PLACES = st.lists(
    st.builds(
        Place, st.sampled_from(["", "ZO-0001", "ZO-0002", "ZO-0003"]), st.booleans(), st.integers(0, 5)
    ),
    min_size=1,
    max_size=4,
    unique_by=lambda place: place.key,
).map(tuple)


@st.composite
def scopes(draw_one: st.DrawFn) -> list[Candidate]:
    modules = draw_one(st.lists(st.sampled_from(_MODULES), max_size=30, unique_by=lambda one: one.id))
    return [Candidate(one.id, one.layer, draw_one(_PLACES), draw_one(st.booleans())) for one in modules]


SEEDS = st.text(max_size=20)
SIZES = st.integers(0, 15)


@given(scopes(), SIZES, SEEDS, st.randoms(use_true_random=False))
def test_the_order_in_which_modules_are_read_makes_no_difference(
    scope: list[Candidate], size: int, seed: str, chance: object
) -> None:
    mixed = [Candidate(one.module_id, one.layer, one.places[::-1], one.recent) for one in scope]
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert draw(mixed, size, seed) == draw(scope, size, seed)


@given(scopes(), SIZES, SEEDS)
def test_a_sample_has_its_size_and_every_module_once(scope: list[Candidate], size: int, seed: str) -> None:
    names = [one.module_id for one in draw(scope, size, seed)]
    assert len(names) == len(set(names)) == min(size, len(scope))
    assert set(names) <= {one.module_id for one in scope}


@given(scopes(), st.integers(1, 15), SEEDS)
def test_the_management_comes_first_wherever_it_is_applied(
    scope: list[Candidate], size: int, seed: str
) -> None:
    found = draw(scope, size, seed)
    if EVERY_SAMPLE in {one.module_id for one in scope}:
        assert (found[0].module_id, found[0].grounds[0]) == (EVERY_SAMPLE, Ground.ALWAYS)
    assert all(one.module_id == EVERY_SAMPLE for one in found if Ground.ALWAYS in one.grounds)


@given(scopes(), SIZES, SEEDS)
def test_a_smaller_sample_is_the_beginning_of_a_larger_one(
    scope: list[Candidate], size: int, seed: str
) -> None:
    assert draw(scope, size, seed) == draw(scope, size + 1, seed)[:size]


@given(scopes(), SIZES, SEEDS)
def test_every_module_says_why_it_is_there_and_where_it_is_checked(
    scope: list[Candidate], size: int, seed: str
) -> None:
    by_id = {one.module_id: one for one in scope}
    for one in draw(scope, size, seed):
        candidate = by_id[one.module_id]
        place = next(place for place in candidate.places if place.key == one.place)
        assert (Ground.NEVER in one.grounds) is not candidate.recent
        assert (Ground.NEED in one.grounds) is candidate.raised is place.raised
        assert (Ground.UNMET in one.grounds) is candidate.unmet


@given(scopes(), SIZES, SEEDS)
def test_no_layer_comes_twice_while_another_one_waits(scope: list[Candidate], size: int, seed: str) -> None:
    layers = {one.module_id: one.layer for one in scope}
    found = [layers[one.module_id] for one in draw(scope, size, seed)]
    fresh = [layer not in found[:place] for place, layer in enumerate(found)]
    assert all(before or not after for before, after in pairwise(fresh))
    assert len(set(found)) == min(len(found), len(set(layers.values())))


@given(scopes(), SEEDS)
def test_a_sample_of_the_asked_for_size_lacks_nothing(scope: list[Candidate], seed: str) -> None:
    wanted = extent(AuditKind.CERTIFICATION, 0)
    names = [one.module_id for one in draw(scope, wanted.modules, seed)]
    assert shortfall(names, [one.module_id for one in scope], wanted) == (0, False)


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_cycle_reaches_twelve_modules_however_small_its_first_audits_were(first: int, second: int) -> None:
    one = extent(AuditKind.SURVEILLANCE_1, first).modules
    two = extent(AuditKind.SURVEILLANCE_2, first + one).modules
    assert first + one + two >= IN_CYCLE
    assert first + second + extent(AuditKind.SURVEILLANCE_2, first + second).modules >= IN_CYCLE


@pytest.mark.parametrize(
    ("kind", "earlier", "wanted", "modules", "measures"),
    [
        (AuditKind.CERTIFICATION, 0, None, 6, 5),
        (AuditKind.RECERTIFICATION, 12, None, 6, 5),
        (AuditKind.SURVEILLANCE_1, 6, None, 3, 0),
        (AuditKind.SURVEILLANCE_1, 4, None, 5, 0),
        (AuditKind.SURVEILLANCE_2, 9, None, 3, 0),
        (AuditKind.SURVEILLANCE_2, 6, None, 6, 0),
        (AuditKind.CERTIFICATION, 0, 8, 8, 5),
        (None, 0, None, 6, 5),
    ],
)
def test_the_kind_of_audit_decides_how_much_is_looked_at(
    kind: AuditKind | None, earlier: int, wanted: int | None, modules: int, measures: int
) -> None:
    found = extent(kind, earlier, wanted)
    assert (found.modules, found.measures) == (modules, measures)


def test_the_same_audit_always_gets_the_same_sample() -> None:
    scope = [
        Candidate("ISMS.1", "ISMS", (Place(""),)),
        Candidate("OPS.1.1.3", "OPS", (Place("", unmet=2),)),
        Candidate("OPS.1.1.5", "OPS", (Place(""),), recent=True),
        Candidate("SYS.1.1", "SYS", (Place("ZO-0001"), Place("ZO-0002", raised=True))),
        Candidate("SYS.2.1", "SYS", (Place("ZO-0003", unmet=1),)),
    ]
    assert draw(scope, 4, "IV-0001/AD-0001") == (
        Drawn("ISMS.1", "", (Ground.ALWAYS, Ground.LAYER, Ground.NEVER)),
        Drawn("SYS.1.1", "ZO-0002", (Ground.LAYER, Ground.NEVER, Ground.NEED)),
        Drawn("OPS.1.1.3", "", (Ground.LAYER, Ground.NEVER, Ground.UNMET)),
        Drawn("SYS.2.1", "ZO-0003", (Ground.NEVER, Ground.UNMET)),
    )


@given(st.dictionaries(st.from_regex(r"MA-\d{4}", fullmatch=True), st.integers(0, 3)), SIZES, SEEDS)
def test_measures_against_the_heaviest_risks_are_looked_at_first(
    heaviness: dict[str, int], size: int, seed: str
) -> None:
    found = [heaviness[key] for key, _ in draw_measures(heaviness, size, seed)]
    assert found == sorted(heaviness.values(), reverse=True)[:size]
