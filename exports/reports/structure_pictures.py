"""The network plan (Netzplan) and the dependencies of a domain as pictures in layers, and as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from assessments.grundschutz.structure import Structure, zones
from compliance.language import Text, shown_number
from exports.document import Edge, Graph, Node
from registers.connections import Connection, Encryption
from registers.objects import ObjectKind, TargetObject

DEPENDENCIES: Final = Text("Abhängigkeiten", "Dependencies")
NETWORK_PLAN: Final = Text("Netzplan", "Network plan")


def dependencies(structure: Structure, language: str) -> Graph:
    """Every object in the layer of its kind, with a line to what it stands on."""
    kinds: list[ObjectKind | None] = [
        kind for kind in (*ObjectKind, None) if any(one.kind is kind for one in structure.objects)
    ]
    titles = tuple(kind.text[language] if kind else _NO_KIND[language] for kind in kinds)
    nodes = tuple(_node(structure, one, kinds.index(one.kind), language) for one in structure.objects)
    edges = tuple(
        Edge(one.designation, other.designation)
        for one in structure.inside
        for other in structure.below[one.id]
    )
    return Graph(titles, nodes, edges, (("", _STANDS_ON[language]),) if edges else ())


def network_plan(structure: Structure, language: str) -> Graph:
    """Every networked object in the zone of its network, with its other networks and its connections.

    It is the cleaned plan (bereinigter Netzplan): groups stand as one box with their
    count, and no addresses are shown.
    """
    partners = tuple(dict.fromkeys(name for each in structure.connections if (name := _partner(each))))
    found = zones(structure)
    titles = [zone.network.name if zone.network else _NO_NETWORK[language] for zone in found]
    nodes = [
        _node(structure, one, layer + bool(partners), language, leads=one is zone.network)
        for layer, zone in enumerate(found)
        for one in zone.members
    ]
    nodes += [Node(_outside(name), name, 0, (_EXTERNAL[language],), aside=True) for name in partners]
    drawn = {node.key for node in nodes}
    attached = [
        Edge(one.designation, other.designation)
        for zone in found
        for one in zone.members
        for other in structure.below.get(one.id, ())
        if other.kind is ObjectKind.NETWORK and other is not zone.network and other.designation in drawn
    ]
    links = [edge for each in structure.connections for edge in _links(each, drawn)]
    edges = tuple(dict.fromkeys((*attached, *links)))
    styles = {edge.style for edge in edges}
    return Graph(
        (*([_BEYOND[language]] if partners else []), *titles),
        tuple(nodes),
        edges,
        tuple((style, words[language]) for style, words in _LEGEND if style in styles),
    )


def _node(structure: Structure, one: TargetObject, layer: int, language: str, *, leads: bool = False) -> Node:
    count = f" · {shown_number(one.count, language)} ×" if one.count and one.count > 1 else ""
    aside = one.id not in structure.below
    return Node(
        one.designation,
        one.name or one.designation,
        layer,
        (f"{one.designation}{count}", *([_ASIDE[language]] if aside else [])),
        aside,
        leads,
    )


def _partner(connection: Connection) -> str:
    """Who stands at the far end outside, where no object does."""
    if connection.start is not None and connection.end is not None:
        return ""
    return connection.partner


def _outside(partner: str) -> str:
    return f"extern {partner}"


def _links(connection: Connection, drawn: set[str]) -> Iterator[Edge]:
    ends = [end.designation for end in (connection.start, connection.end) if end is not None]
    if partner := _partner(connection):
        ends.append(_outside(partner))
    if len(ends) == 2 and drawn.issuperset(ends):
        yield Edge(ends[0], ends[1], _style(connection))


def _style(connection: Connection) -> str:
    protected = connection.encryption in (Encryption.END_TO_END, Encryption.TRANSPORT)
    if protected:
        return ""
    return "alarm" if connection.external else "dashed"


def table(
    structure: Structure, language: str
) -> list[tuple[TargetObject, str, str, Sequence[TargetObject], Sequence[TargetObject]]]:
    """Each object with its kind and unit in words, what it stands on and what stands on it."""
    return [
        (
            one,
            one.kind.text[language] if one.kind else "",
            str(one.unit) if structure.below.get(one.id) is not None and one.unit else "",
            structure.below.get(one.id, ()),
            structure.above.get(one.id, ()),
        )
        for one in structure.objects
    ]


COLUMNS: Final = (
    Text("Objekt", "Object"),
    Text("Beruht auf", "Depends on"),
    Text("Wird gebraucht von", "Needed by"),
)
_STANDS_ON = Text("beruht auf", "depends on")
_NO_KIND = Text("Ohne Art", "Without a type")
_NO_NETWORK = Text("Ohne Netz", "Without a network")
_BEYOND = Text("Außerhalb", "Outside")
_EXTERNAL = Text("Externe Stelle", "External party")
_ASIDE = Text("nicht im Verbund", "not in the domain")
_LEGEND = (
    ("", Text("angeschlossen oder verschlüsselt verbunden", "attached, or connected with encryption")),
    ("dashed", Text("nicht durchgehend verschlüsselt", "not encrypted throughout")),
    (
        "alarm",
        Text("nach außen und nicht durchgehend verschlüsselt", "to the outside, not encrypted throughout"),
    ),
)
