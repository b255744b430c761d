"""A structure analysis as large as that of a city: 150 objects, drawn by the same rules every time."""

from __future__ import annotations

from typing import Final

from exports.document import Edge, Graph, Node

LAYERS: Final = (
    "Geschäftsprozesse",
    "Anwendungen",
    "IT-Systeme",
    "ICS-Systeme",
    "IoT-Geräte",
    "Netze und Kommunikationsverbindungen",
    "Räume",
    "Gebäude",
)
_COUNTS: Final = (18, 46, 38, 4, 8, 10, 20, 6)
_NAMES: Final = (
    "Antragsbearbeitung",
    "Fachverfahren Jugendhilfe und Unterhaltsvorschuss",
    "Virtualisierungsserver",
    "Verkehrsrechner",
    "Bodensensoren",
    "Verwaltungsnetz",
    "Verteilerraum",
    "Technisches Rathaus",
)
_BELOW: Final = {0: (1,), 1: (2,), 2: (5, 6), 3: (5, 6), 4: (5,), 5: (6,), 6: (7,), 7: ()}


def city_graph() -> Graph:
    """150 boxes with the ties that such objects have: most things stand on a few others."""
    layers = [
        [f"ZO-{sum(_COUNTS[:layer]) + number + 1:04}" for number in range(count)]
        for layer, count in enumerate(_COUNTS)
    ]
    nodes = [
        Node(
            key,
            f"{_NAMES[layer]} {number + 1}",
            layer,
            (f"{key} · {(number * 7) % 40 + 1} ×", "Schutzbedarf hoch"),
        )
        for layer, keys in enumerate(layers)
        for number, key in enumerate(keys)
    ]
    edges = []
    for layer, keys in enumerate(layers):
        for number, key in enumerate(keys):
            for below in _BELOW[layer]:
                others = layers[below]
                for step in range(1 + number % 3):
                    # Squared, so that the first of the others carry most.
                    at = (number * number * 5 + step * 11) % (len(others) * len(others))
                    edges.append(Edge(key, others[int(at**0.5) if number % 2 else number % len(others)]))
    cycle = [Edge(layers[2][0], layers[1][0]), Edge(layers[5][0], layers[5][1], "dashed")]
    return Graph(
        LAYERS,
        tuple(nodes),
        (*edges, *cycle, Edge(layers[2][1], layers[5][0], "alarm")),
        (("", "beruht auf"),),
    )
