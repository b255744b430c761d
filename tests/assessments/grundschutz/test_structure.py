"""A structure holds what belongs to a domain and what that stands on, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.rules import objects_need_modules
from assessments.grundschutz.structure import (
    Structure,
    Wanted,
    in_use,
    part_of,
    providers_of,
    structure_of,
    zones,
)
from compliance.entry import everything
from compliance.rules import Situation
from exports.document import Edge
from exports.reports.structure_pictures import dependencies, network_plan, table
from registers.connections import Connection, ConnectionKind, Encryption
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from registers.processors import Processor
from tests.assessments.grundschutz.house import ACTOR, ORGANISATION, House


def thing(name: str, kind: ObjectKind | None, *below: TargetObject, **more: object) -> TargetObject:
    return TargetObject(
        name=name, kind=kind, **({"status": ObjectStatus.OPERATION, "depends_on": list(below)} | more)
    )


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield house
    house.database.engine.dispose()


@pytest.fixture
def town(house: House) -> House:
    """A house whose second domain has a process, an application, two systems in two networks, and a room."""
    site = thing("Rechenzentrum", ObjectKind.BUILDING)
    room = thing("Serverraum", ObjectKind.ROOM, site)
    office = thing("Büronetz", ObjectKind.NETWORK, room)
    border = thing("Grenznetz", ObjectKind.NETWORK, room)
    provider = Processor(name="Rechenzentrum AöR")
    server = thing("Server", ObjectKind.IT_SYSTEM, office, room, count=4, provider=provider)
    wall = thing("Firewall", ObjectKind.IT_SYSTEM, border, office)
    program = thing("Fachverfahren", ObjectKind.APPLICATION, server)
    process = thing("Meldewesen", ObjectKind.PROCESS, program)
    old = thing("Altserver", ObjectKind.IT_SYSTEM, office, status=ObjectStatus.RETIRED)
    lonely = thing("Messgerät", None)
    links = [
        Connection(name="Innen", start=server, end=wall, kind=ConnectionKind.LAN, encryption=Encryption.NONE),
        Connection(name="Außen", start=wall, external=True, partner="Internet", encryption=Encryption.PARTLY),
        Connection(name="Offen", start=wall),
    ]
    inside = [room, office, border, server, wall, program, process, old, lonely]
    domain = InformationDomain(name="Stadt", objects=inside)
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        session.add_all([provider, site, *inside, *links, domain])
    return house


def loaded(house: House, name: str = "Stadt") -> tuple[InformationDomain, Structure]:
    with house.database.reading(ORGANISATION) as session:
        query = select(InformationDomain).where(InformationDomain.name == name)
        domain = session.scalars(query.options(*everything(InformationDomain))).one()
        return domain, structure_of(session, domain)


def names(things: object) -> list[str]:
    return [one.name for one in things]  # type: ignore[attr-defined]


def named(structure: Structure, name: str) -> TargetObject:
    return next(one for one in structure.objects if one.name == name)


def test_it_holds_the_objects_of_the_domain_and_beside_them_what_they_stand_on(town: House) -> None:
    _domain, structure = loaded(town)
    assert sorted(names(structure.inside)) == [
        "Altserver", "Büronetz", "Fachverfahren", "Firewall", "Grenznetz", "Meldewesen", "Messgerät",
        "Server", "Serverraum",
    ]  # fmt: skip
    assert names(structure.outside) == ["Rechenzentrum"]
    assert sorted(names(structure.connections)) == ["Außen", "Innen", "Offen"]
    server = named(structure, "Server")
    assert sorted(names(structure.below[server.id])) == ["Büronetz", "Serverraum"]
    assert names(structure.above[server.id]) == ["Fachverfahren"]


def test_what_is_out_of_operation_is_not_drawn(town: House) -> None:
    _domain, structure = loaded(town)
    assert "Altserver" not in names(in_use(structure).objects)
    assert "Altserver" not in {node.name for node in dependencies(in_use(structure), "de").nodes}


def test_the_chain_of_an_object_is_all_it_stands_on_and_all_that_stands_on_it(town: House) -> None:
    _domain, structure = loaded(town)
    number = named(structure, "Server").number
    assert set(names(part_of(structure, Wanted(around=number)).objects)) == {
        "Server", "Büronetz", "Serverraum", "Rechenzentrum", "Fachverfahren", "Meldewesen",
    }  # fmt: skip
    assert part_of(structure, Wanted(around=9999)).objects == ()


def test_a_part_keeps_only_the_connections_between_its_objects(town: House) -> None:
    _domain, structure = loaded(town)
    part = part_of(structure, Wanted(kinds=frozenset({ObjectKind.IT_SYSTEM})))
    assert set(names(part.objects)) == {"Server", "Firewall", "Altserver"}
    assert len(part.connections) == 3
    only_rooms = part_of(structure, Wanted(kinds=frozenset({ObjectKind.ROOM})))
    assert (names(only_rooms.objects), only_rooms.connections) == (["Serverraum"], ())


def test_each_networked_object_stands_in_the_zone_of_its_first_network(town: House) -> None:
    _domain, structure = loaded(town)
    found = {
        zone.network.name if zone.network else "": sorted(names(zone.members))
        for zone in zones(in_use(structure))
    }
    first = min(named(structure, "Büronetz").number, named(structure, "Grenznetz").number)
    with_wall = "Büronetz" if named(structure, "Büronetz").number == first else "Grenznetz"
    expected = {"Büronetz": ["Büronetz", "Server"], "Grenznetz": ["Grenznetz"]}
    expected[with_wall] = sorted([*expected[with_wall], "Firewall"])
    assert found == expected


def test_the_dependencies_stand_in_layers_from_process_to_building(town: House) -> None:
    _domain, structure = loaded(town)
    graph = dependencies(in_use(structure), "de")
    assert graph.layers == (
        "Geschäftsprozess", "Anwendung", "IT-System", "Netz oder Kommunikationsverbindung", "Raum",
        "Gebäude", "Ohne Art",
    )  # fmt: skip
    process, program = named(structure, "Meldewesen"), named(structure, "Fachverfahren")
    assert Edge(process.designation, program.designation) in graph.edges
    assert {node.name for node in graph.nodes if node.aside} == {"Rechenzentrum"}
    server = named(structure, "Server")
    assert next(node for node in graph.nodes if node.name == "Server").details == (
        f"{server.designation} · 4 ×",
    )


def test_the_network_plan_marks_what_leads_outside_without_encryption(town: House) -> None:
    _domain, structure = loaded(town)
    graph = network_plan(in_use(structure), "de")
    server, wall = (named(structure, name).designation for name in ("Server", "Firewall"))
    links = {edge for edge in graph.edges if edge.style}
    assert links == {Edge(server, wall, "dashed"), Edge(wall, "extern Internet", "alarm")}
    assert graph.layers[0] == "Außerhalb"
    assert [style for style, _words in graph.legend] == ["", "dashed", "alarm"]
    assert not [node for node in graph.nodes if "Netzadresse" in " ".join(node.details)]


def test_the_table_says_in_words_what_the_picture_shows(town: House) -> None:
    _domain, structure = loaded(town)
    rows = {one.name: (kind, [*below], [*above]) for one, kind, _unit, below, above in table(structure, "de")}
    program, process = named(structure, "Fachverfahren"), named(structure, "Meldewesen")
    assert rows["Fachverfahren"] == ("Anwendung", [named(structure, "Server")], [process])
    assert rows["Server"][2] == [program]
    assert rows["Messgerät"] == ("", [], [])


def test_providers_are_those_of_the_domain_its_objects_and_its_connections(town: House) -> None:
    domain, structure = loaded(town)
    assert names(providers_of(domain, structure)) == ["Rechenzentrum AöR"]


def test_cycles_are_drawn_and_followed_only_once(house: House) -> None:
    one = thing("Eins", ObjectKind.APPLICATION)
    two = thing("Zwei", ObjectKind.APPLICATION, one)
    one.depends_on = [two, one]
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        session.add_all([one, two, InformationDomain(name="Kreis", objects=[one, two])])
    _domain, structure = loaded(house, "Kreis")
    assert len(dependencies(structure, "de").edges) == 3
    assert len(part_of(structure, Wanted(around=one.number)).objects) == 2


def test_a_large_domain_takes_as_many_queries_as_a_small_one(house: House) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        server = thing("S", ObjectKind.IT_SYSTEM)
        many = [thing(f"A{number}", ObjectKind.APPLICATION, server) for number in range(150)]
        few = InformationDomain(name="Klein", objects=[server, many[0]])
        session.add_all([server, *many, few, InformationDomain(name="Groß", objects=[server, *many])])
    assert queries(house, "Klein") == queries(house, "Groß")


def queries(house: House, name: str) -> int:
    """How many statements it takes to read the structure of that domain."""
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2])

    with house.database.reading(ORGANISATION) as session:
        query = select(InformationDomain).where(InformationDomain.name == name)
        domain = session.scalars(query.options(*everything(InformationDomain))).one()
        event.listen(house.database.engine, "before_cursor_execute", note)
        structure_of(session, domain)
        event.remove(house.database.engine, "before_cursor_execute", note)
    return len(seen)


def test_no_module_is_missing_at_a_process() -> None:
    process = thing("Meldewesen", ObjectKind.PROCESS)
    server = thing("Server", ObjectKind.IT_SYSTEM)
    domain = InformationDomain(name="Stadt", objects=[process, server])
    process.number, server.number = 1, 2
    found = [hit.words["place"] for hit in objects_need_modules(domain, Situation(date(2026, 3, 2)))]
    assert found == ["ZO-0002"]
