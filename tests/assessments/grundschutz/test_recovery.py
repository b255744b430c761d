"""An object runs again once everything it rests on does, one after the other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz.recovery import Chain, Restart, chains, restarts
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.city import City

HOST, DATABASE, APPLICATION, PROCESS = 1, 2, 3, 4
STACK = {PROCESS: [APPLICATION], APPLICATION: [DATABASE, HOST], DATABASE: [HOST]}


def test_what_starts_one_after_the_other_takes_the_sum() -> None:
    assert chains({HOST: 8, DATABASE: 4, APPLICATION: 2}, STACK) == {
        HOST: Chain(8, (HOST,)),
        DATABASE: Chain(12, (HOST, DATABASE)),
        APPLICATION: Chain(14, (HOST, DATABASE, APPLICATION)),
        PROCESS: Chain(14, (HOST, DATABASE, APPLICATION)),
    }


def test_what_starts_side_by_side_takes_as_long_as_the_slowest() -> None:
    assert chains({1: 8, 2: 12, 3: 12}, {4: [1, 2, 3]})[4] == Chain(12, (2,))


def test_a_circle_starts_together() -> None:
    found = chains({1: 8, 2: 4, 3: 1}, {1: [2], 2: [1, 3]})
    assert (found[1], found[2]) == (Chain(9, (3, 1)), Chain(9, (3, 1)))


def test_what_takes_no_time_is_no_link() -> None:
    assert chains({}, STACK) == dict.fromkeys(STACK | {HOST: []}, Chain())


nodes = st.integers(0, 9)
graphs = st.dictionaries(nodes, st.lists(nodes, max_size=4))
times = st.dictionaries(nodes, st.integers(1, 20))


@given(times, graphs)
def test_nothing_runs_before_what_it_rests_on(takes: dict[int, int], graph: dict[int, list[int]]) -> None:
    found = chains(takes, graph)
    for node, chain in found.items():
        assert chain.hours == sum(takes[link] for link in chain.links)
        assert chain.hours >= takes.get(node, 0)
        assert all(chain.hours >= found[base].hours for base in graph.get(node, ()))


@given(times, graphs, nodes, nodes)
def test_one_more_dependency_never_lets_anything_run_sooner(
    takes: dict[int, int], graph: dict[int, list[int]], source: int, target: int
) -> None:
    more = graph | {source: [*graph.get(source, ()), target]}
    # Joining a circle lets its members start side by side, so only what stays without circles is compared.
    if all(base < node for node, bases in more.items() for base in bases):
        after = chains(takes, more)
        assert all(after[node].hours >= chain.hours for node, chain in chains(takes, graph).items())


def test_the_names_of_what_takes_the_time_are_told(city: City) -> None:
    host = TargetObject(name="Host", kind=ObjectKind.IT_SYSTEM, rta_hours=16)
    old = TargetObject(name="Alt", kind=ObjectKind.IT_SYSTEM, rta_hours=90, status=ObjectStatus.RETIRED)
    application = TargetObject(
        name="Wohngeld", kind=ObjectKind.APPLICATION, rta_hours=12, depends_on=[host, old]
    )
    process = TargetObject(name="Wohngeld bewilligen", kind=ObjectKind.PROCESS, depends_on=[application])
    city.save(host, old, application, process)

    with city.site.database.reading(city.id) as session:
        found = restarts(session, city.id)
    assert [(one.hours, [step.name for step in one.steps]) for one in found.values()] == [
        (16, ["Host"]),
        (28, ["Host", "Wohngeld"]),
        (28, ["Host", "Wohngeld"]),
    ]
    assert found.get(city.stored(old).number, Restart()) == Restart()
