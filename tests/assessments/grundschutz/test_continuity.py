"""Demands of processes reach everything on which they depend, and meet what can be achieved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.continuity import (
    HORIZONS,
    Demand,
    curve,
    damage_at,
    horizons,
    impact_of,
    in_words,
    passed_down,
    proposed_mta,
    set_damages,
)
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.recovery import Restart
from compliance.entry import State, everything
from compliance.findings import Finding
from compliance.people import Role
from registers.continuity import Damage, DamageAfter
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.city import City

on_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

# --- Demands on any graph ------------------------------------------------------------------------

nodes = st.integers(0, 9)
demands = st.dictionaries(nodes, st.integers(0, 5))
graphs = st.dictionaries(nodes, st.lists(nodes, max_size=4))


def _reached(graph: dict[int, list[int]], start: int) -> set[int]:
    found, waiting = {start}, [start]
    while waiting:
        for base in graph.get(waiting.pop(), ()):
            if base not in found:
                found.add(base)
                waiting.append(base)
    return found


@given(demands, graphs)
def test_each_object_gets_the_strictest_demand_that_reaches_it(
    own: dict[int, int], graph: dict[int, list[int]]
) -> None:
    found = passed_down(own, graph)

    for node in range(10):
        reaching = {hours for maker, hours in own.items() if node in _reached(graph, maker)}
        assert (found[node].hours if node in found else None) == min(reaching, default=None)


@given(demands, graphs)
def test_the_origin_makes_the_demand_and_reaches_the_object(
    own: dict[int, int], graph: dict[int, list[int]]
) -> None:
    for node, demand in passed_down(own, graph).items():
        assert own[demand.origin] == demand.hours
        assert node in _reached(graph, demand.origin)
        if own.get(node) == demand.hours:
            assert demand.origin == node


@given(demands, graphs, nodes, nodes)
def test_one_more_dependency_never_relaxes_a_demand(
    own: dict[int, int], graph: dict[int, list[int]], source: int, target: int
) -> None:
    before = passed_down(own, graph)
    after = passed_down(own, graph | {source: [*graph.get(source, ()), target]})

    assert all(after[node].hours <= demand.hours for node, demand in before.items())


@given(demands, graphs)
def test_passing_down_what_was_passed_down_changes_nothing(
    own: dict[int, int], graph: dict[int, list[int]]
) -> None:
    once = {node: demand.hours for node, demand in passed_down(own, graph).items()}
    assert {node: demand.hours for node, demand in passed_down(once, graph).items()} == once


def test_a_circle_shares_its_strictest_demand() -> None:
    assert passed_down({"a": 24, "c": 4}, {"a": "b", "b": "c", "c": "a"}) == {
        "c": Demand(4, "c"),
        "a": Demand(4, "c"),
        "b": Demand(4, "c"),
    }


# --- Damage over time ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [("", HORIZONS), ("24, 4; 24", (4, 24)), ("bald", HORIZONS), ("0, 12 h", (12,)), ("1 2 3", (1, 2, 3))],
)
def test_horizons_are_hours_in_any_spelling(text: str, found: tuple[int, ...]) -> None:
    assert horizons(text) == found


@given(st.text())
def test_horizons_always_ascend(text: str) -> None:
    found = horizons(text)
    assert found
    assert list(found) == sorted({*found})
    assert min(found) > 0


@pytest.mark.parametrize(
    ("points", "mta"),
    [
        ([], None),
        ([(4, Damage.LOW), (24, Damage.HIGH)], None),
        ([(4, Damage.LOW), (8, Damage.HIGH), (24, Damage.INTOLERABLE)], 8),
        ([(4, Damage.INTOLERABLE)], 0),
    ],
)
def test_the_mta_is_proposed_from_the_last_horizon_that_can_be_borne(
    points: list[tuple[int, Damage]], mta: int | None
) -> None:
    assert proposed_mta(points) == mta


points = st.lists(st.tuples(st.integers(1, 800), st.sampled_from(Damage)), max_size=8).map(
    lambda found: sorted(found, key=lambda point: point[0])
)


@given(points)
def test_at_the_proposed_mta_nothing_is_intolerable_yet(found: list[tuple[int, Damage]]) -> None:
    mta = proposed_mta(found)
    reached = {damage for _, damage in found}

    assert (mta is None) is (Damage.INTOLERABLE not in reached)
    if mta is not None:
        assert damage_at(found, mta) is not Damage.INTOLERABLE


@given(points, st.integers(0, 900), st.integers(0, 900))
def test_damage_never_shrinks_with_time(found: list[tuple[int, Damage]], one: int, other: int) -> None:
    grades = [None, *Damage]
    earlier, later = sorted((one, other))
    assert grades.index(damage_at(found, earlier)) <= grades.index(damage_at(found, later))


@pytest.mark.parametrize(
    ("hours", "words"),
    [(None, "–"), (0, "0 Std."), (4, "4 Std."), (24, "1 Tag"), (36, "36 Std."), (168, "7 Tage")],
)
def test_hours_are_said_as_people_say_them(hours: int | None, words: str) -> None:
    assert in_words(hours, "de") == words


def test_what_is_said_at_a_horizon_replaces_it_and_leaves_other_lengths_alone() -> None:
    process = TargetObject(name="Wohngeld", damage_over_time=[DamageAfter(after_hours=2, damage=Damage.LOW)])
    set_damages(process, {8: (Damage.HIGH, "Frist läuft ab."), 24: (None, "")})
    assert [(row.after_hours, row.damage) for row in process.damage_over_time] == [
        (2, Damage.LOW),
        (8, Damage.HIGH),
    ]

    kept = process.damage_over_time[1]
    set_damages(process, {8: (Damage.INTOLERABLE, ""), 24: (None, "Noch offen.")})
    assert process.damage_over_time[1] is kept
    assert curve(process) == [(2, Damage.LOW), (8, Damage.INTOLERABLE)]
    set_damages(process, {8: (None, ""), 24: (None, "")})
    assert [row.after_hours for row in process.damage_over_time] == [2]


# --- Stored --------------------------------------------------------------------------------------


def _object(name: str, *bases: TargetObject, **values: Any) -> TargetObject:
    known = {"kind": ObjectKind.IT_SYSTEM, "status": ObjectStatus.OPERATION}
    return TargetObject(name=name, depends_on=list(bases), **(known | values))


def _needed(city: City, *targets: TargetObject) -> list[tuple[int | None, str]]:
    found = [city.stored(target) for target in targets]
    return [(one.needed_rto, one.needed_rto_from) for one in found]


def test_a_demand_travels_at_once_and_leaves_with_its_reason(city: City) -> None:
    room = _object("Serverraum", kind=ObjectKind.ROOM)
    server = _object("Server", room)
    process = _object("Wohngeld", server, kind=ObjectKind.PROCESS, rto_hours=24, rpo_hours=4)
    city.save(room, server, process)
    origin = city.stored(process).designation + " Wohngeld"
    assert _needed(city, process, server, room) == [(24, origin)] * 3
    assert city.stored(room).needed_rpo == 4

    city.change(process, rto_hours=8)
    assert _needed(city, room) == [(8, origin)]
    city.change(process, name="Wohngeld bewilligen")
    assert _needed(city, room) == [(8, f"{origin} bewilligen")]
    city.change(process, depends_on=[])
    assert _needed(city, server, room) == [(None, ""), (None, "")]
    city.change(process, depends_on=[city.stored(server)], status=ObjectStatus.RETIRED)
    assert _needed(city, process, room) == [(None, ""), (None, "")]


@on_sqlite
def test_a_circle_of_objects_ends(city: City) -> None:
    first, second = _object("A", rto_hours=4), _object("B")
    city.save(first, second)
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        a, b = session.scalars(
            select(TargetObject).order_by(TargetObject.name).options(*everything(TargetObject))
        )
        a.depends_on, b.depends_on = [b], [a]

    assert [hours for hours, _ in _needed(city, first, second)] == [4, 4]


_COUNT = 6
_SOME = st.integers(0, _COUNT - 1)
_FACTS = st.fixed_dictionaries(
    {"depends_on": st.lists(_SOME, max_size=3, unique=True)},
    optional={
        "rto_hours": st.sampled_from([None, 4, 24]),
        "status": st.sampled_from([ObjectStatus.OPERATION, ObjectStatus.RETIRED]),
    },
)


@on_sqlite
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(_SOME, _FACTS, min_size=1), min_size=2, max_size=4))
def test_after_any_change_everything_stored_is_what_is_passed_down(
    city: City, changes: list[dict[int, dict[str, Any]]]
) -> None:
    made = [_object(f"Objekt {number}") for number in range(_COUNT)]
    city.save(*made)
    for change in changes:
        with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
            stored = _whole(session, made)
            for number, facts in change.items():
                ties = [stored[each] for each in facts["depends_on"]]
                for name, value in (facts | {"depends_on": ties}).items():
                    setattr(stored[number], name, value)
        with city.site.database.reading(city.id) as session:
            _check_what_is_stored(_whole(session, made))


def _whole(session: Session, made: Sequence[TargetObject]) -> Sequence[TargetObject]:
    query = select(TargetObject).where(TargetObject.id.in_([each.id for each in made]))
    return session.scalars(query.order_by(TargetObject.number).options(*everything(TargetObject))).all()


def _check_what_is_stored(objects: Sequence[TargetObject]) -> None:
    used = [one for one in objects if one.status is not ObjectStatus.RETIRED]
    own = {str(one): one.rto_hours for one in used if one.rto_hours is not None}
    rests_on = {
        str(one): sorted(map(str, one.depends_on), key=lambda name: int(name.split()[0][3:]))
        for one in objects
    }
    found = passed_down(own, rests_on)
    assert {str(one): (one.needed_rto, one.needed_rto_from) for one in objects} == {
        str(one): (found[str(one)].hours, found[str(one)].origin) if str(one) in found else (None, "")
        for one in objects
    }


@on_sqlite
def test_what_is_slower_than_somebody_needs_it_is_found(city: City) -> None:
    server = _object("Server", rta_hours=48, loss_hours=24)
    process = _object("Wohngeld", server, kind=ObjectKind.PROCESS, rto_hours=24, rpo_hours=8)
    city.save(server, process)
    assert _rules(city, server) == {"BCM-001", "BCM-002"}

    city.change(process, rto_hours=72, rpo_hours=24)
    assert _rules(city, server) == set()
    city.change(server, rta_hours=None)
    assert _rules(city, server) == {"BCM-007"}


def _rules(city: City, target: TargetObject) -> set[str]:
    with city.site.database.reading(city.id) as session:
        query = select(Finding.rule).where(Finding.entry_id == target.id, Finding.rule.like("BCM-%"))
        return set(session.scalars(query))


@on_sqlite
def test_what_is_passed_down_leaves_a_release_alone(city: City) -> None:
    server = _object("Server")
    city.save(server)
    city.change(server, state=State.RELEASED)
    process = _object("Wohngeld", city.stored(server), kind=ObjectKind.PROCESS, rto_hours=24)
    city.save(process)

    assert (city.stored(server).needed_rto, city.stored(server).changed_since_release) == (24, False)


def test_what_is_passed_down_disturbs_nobody_who_edits_below(city: City) -> None:
    server = _object("Server")
    process = _object("Wohngeld", server, kind=ObjectKind.PROCESS, rto_hours=24)
    city.save(server, process)
    version = city.stored(server).version
    city.change(process, rto_hours=8)

    assert (city.stored(server).needed_rto, city.stored(server).version) == (8, version)


def test_the_analysis_of_a_domain_has_processes_conflicts_and_what_is_unknown() -> None:
    process = TargetObject(
        number=1,
        name="Wohngeld",
        kind=ObjectKind.PROCESS,
        needed_rto=4,
        damage_over_time=[DamageAfter(after_hours=4, damage=Damage.HIGH)],
    )
    slow = TargetObject(number=2, name="Server", kind=ObjectKind.IT_SYSTEM, needed_rto=4, rta_hours=8)
    quick = TargetObject(number=3, name="Anwendung", kind=ObjectKind.APPLICATION, needed_rto=4, rta_hours=2)
    fine = TargetObject(number=4, name="Speicher", kind=ObjectKind.IT_SYSTEM, needed_rto=4, rta_hours=1)
    silent = TargetObject(number=5, name="Netz", kind=ObjectKind.NETWORK, needed_rto=4)
    gone = TargetObject(name="Alt", kind=ObjectKind.IT_SYSTEM, needed_rto=4, status=ObjectStatus.RETIRED)
    plain = TargetObject(number=6, name="Drucker", kind=ObjectKind.IT_SYSTEM)
    impact = impact_of(
        InformationDomain(horizons="2, 8"),
        [silent, slow, quick, fine, gone, plain, process],
        {1: Restart(10), 2: Restart(8), 3: Restart(10), 4: Restart(1)},
    )

    assert impact.horizons == (2, 8)
    assert [one.damages for one in impact.processes] == [(None, Damage.HIGH)]
    assert [one.target.name for one in impact.recoveries] == [
        "Wohngeld", "Server", "Anwendung", "Speicher", "Netz",
    ]  # fmt: skip
    assert [(one.target.name, one.waits) for one in impact.conflicts] == [
        ("Wohngeld", True), ("Server", False), ("Anwendung", True),
    ]  # fmt: skip
    assert [one.target.name for one in impact.unknown] == ["Netz"]
    assert [one.target.name for one in impact.in_time] == ["Speicher"]
