"""Reference document A.1, the structure analysis: scope, both pictures, and a list of each kind of object."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.structure import Structure, in_use, providers_of
from compliance.entry import Entry
from compliance.fields import fields, shown
from compliance.language import Text
from exports.document import Block, Cell, Column, Document, Figure, Graph, Grid, Heading, Note, Prose
from exports.reports.domain_paper import UNSTATED, paper
from exports.reports.register import Issuer
from exports.reports.structure_pictures import DEPENDENCIES, NETWORK_PLAN, dependencies, network_plan
from registers.connections import Connection
from registers.objects import ObjectKind, TargetObject


def report(domain: InformationDomain, structure: Structure, issuer: Issuer) -> Document:
    """A.1 of *domain*, which is loaded whole, with all that belongs to it."""
    language = issuer.language
    return paper(
        _TITLE,
        _SUBJECT,
        domain,
        issuer,
        (
            *_scope(domain, language),
            *_inventory(structure, language),
            *_pictures(structure, language),
            *_lists(structure, language),
            *_connections(structure, language),
            *_providers(domain, structure, language),
        ),
    )


def _said(entry: Entry, name: str, language: str) -> str:
    return shown(fields(type(entry))[name], getattr(entry, name), language)


def _scope(domain: InformationDomain, language: str) -> Iterator[Block]:
    yield Heading(_SCOPE[language])
    yield Prose(domain.scope or UNSTATED[language])
    if domain.exclusions:
        yield Heading(fields(InformationDomain)["exclusions"].label[language], 2)
        yield Prose(domain.exclusions)


# --- In numbers ----------------------------------------------------------------------------------


def _inventory(structure: Structure, language: str) -> Iterator[Block]:
    """How many entries and single objects of each kind there are, and how many are in use."""
    present = {one.kind for one in structure.inside}
    if not present:
        return
    rows: list[tuple[Cell, ...]] = []
    for kind, plural in (*PLURAL.items(), (None, _NO_KIND)):
        if kind in present:
            rows.append((plural[language], *_counted([one for one in structure.inside if one.kind is kind])))
    rows.append((_ALL[language], *_counted(structure.inside)))
    labels = (_KIND, _ENTRIES, _SINGLE, _IN_USE)
    columns = tuple(Column(label[language], 3.0 if label is _KIND else 1.0) for label in labels)
    yield Heading(_INVENTORY[language])
    yield Grid(columns, rows, _INVENTORY[language])


def _counted(some: Sequence[TargetObject]) -> tuple[int, int, int]:
    """Entries, the objects that they stand for, and the entries in use; an entry without a count is one."""
    return len(some), sum(one.count or 1 for one in some), sum(one.is_in_use for one in some)


# --- Pictures ------------------------------------------------------------------------------------


def _pictures(structure: Structure, language: str) -> Iterator[Block]:
    """Both pictures show what is in use or planned; the lists also name what is out of operation."""
    shown_part = in_use(structure)
    yield Heading(_PICTURES[language])
    if not structure.inside:
        yield Note(_EMPTY_TITLE[language], _EMPTY[language], "warning")
        return
    yield Prose(_ABOUT_PICTURES[language])
    for title, graph in (
        (NETWORK_PLAN, network_plan(shown_part, language)),
        (DEPENDENCIES, dependencies(shown_part, language)),
    ):
        yield Figure(graph, _alt(title[language], graph, language), title[language])


def _alt(title: str, graph: Graph, language: str) -> str:
    """What the picture shows in numbers; every object and its ties stand in the lists below."""
    counts = [
        f"{layer} {sum(node.layer == index for node in graph.nodes)}"
        for index, layer in enumerate(graph.layers)
    ]
    said = _SHOWN.format(nodes=len(graph.nodes), edges=len(graph.edges))[language]
    return f"{title}: {said} {', '.join(counts)}. {_LISTED[language]}"


# --- Lists ---------------------------------------------------------------------------------------

_Value: TypeAlias = Callable[[Structure, Any, str], Cell]


@dataclass(frozen=True)
class _Head:
    """A column: what it is called, how wide it is, and what stands in it."""

    label: Text
    width: float
    value: _Value
    help: Text | None = None


def _field(name: str, width: float, model: type[Entry] = TargetObject) -> Callable[[], _Head]:
    """The column of a field; asked for late, when every class is known."""

    def head() -> _Head:
        spec = fields(model)[name]
        return _Head(spec.label, width, lambda _s, one, language: _said(one, name, language), spec.help)

    return head


def _fixed(label: Text, width: float, value: _Value, meaning: Text | None = None) -> Callable[[], _Head]:
    return lambda: _Head(label, width, value, meaning)


def _below(structure: Structure, one: TargetObject, language: str) -> Cell:
    return _named(structure.below.get(one.id, ()), language)


def _above(structure: Structure, one: TargetObject, language: str) -> Cell:
    return _named(structure.above.get(one.id, ()), language)


def _named(some: Sequence[TargetObject], language: str) -> str:
    """Some objects in one cell; of many only the identifiers, or a single row would fill a page."""
    if len(some) <= _MOST_NAMED:
        return "; ".join(map(str, some))
    return _MANY.format(count=len(some), numbers=", ".join(one.designation for one in some))[language]


_MOST_NAMED: Final = 6
_MANY: Final = Text("{count} Objekte: {numbers}", "{count} objects: {numbers}")


_ID = _fixed(
    Text("Kennung", "Identifier"),
    0.8,
    lambda _s, one, _language: one.designation,
    Text("Laufende Nummer; in Bild und Liste dieselbe.", "Running number; the same in picture and list."),
)
_NAME = _field("name", 1.8)
_COUNT = _fixed(Text("Anzahl", "Count"), 0.6, lambda _s, one, _language: one.count)
_BELOW = _fixed(Text("Beruht auf", "Depends on"), 2.0, _below)
_ABOVE = _fixed(Text("Wird gebraucht von", "Needed by"), 2.0, _above)
_SYSTEM = (
    _ID, _NAME, _COUNT, _field("description", 2.4), _field("platform", 1.4), _field("location", 1.4),
    _field("status", 0.9), _field("administrators", 1.2), _field("users", 1.2),
    _field("interfaces", 1.0), _BELOW, _ABOVE,
)  # fmt: skip
_COLUMNS: Final = {
    ObjectKind.PROCESS: (
        _ID, _NAME, _field("owner", 1.4), _field("unit", 1.2), _field("description", 2.4),
        _field("information", 2.0), _field("media", 1.2), _BELOW,
    ),
    ObjectKind.APPLICATION: (
        _ID, _NAME, _COUNT, _field("description", 2.4), _field("owner", 1.4), _field("users", 1.2),
        _field("information", 1.8), _field("provider", 1.2), _field("status", 0.9), _BELOW, _ABOVE,
    ),
    ObjectKind.IT_SYSTEM: _SYSTEM,
    ObjectKind.ICS: (*_SYSTEM, _field("owner", 1.2)),
    ObjectKind.IOT: (*_SYSTEM, _field("owner", 1.2)),
    ObjectKind.NETWORK: (
        _ID, _NAME, _COUNT, _field("description", 2.4), _field("location", 1.4), _field("status", 0.9),
        _field("administrators", 1.2), _field("provider", 1.2), _BELOW, _ABOVE,
    ),
    ObjectKind.ROOM: (
        _ID, _NAME, _COUNT, _field("room_use", 1.2), _field("description", 2.4), _field("location", 1.4),
        _field("owner", 1.4), _BELOW, _ABOVE,
    ),
    ObjectKind.BUILDING: (
        _ID, _NAME, _COUNT, _field("description", 2.4), _field("location", 1.4), _field("owner", 1.4),
        _ABOVE,
    ),
}  # fmt: skip
"""The fields of the structure analysis for each kind of object, BSI standard 200-2."""
_LINK_COLUMNS: Final = (
    _ID,
    *(
        _field(name, width, Connection)
        for name, width in (
            ("name", 1.8), ("start", 1.6), ("end", 1.6), ("kind", 1.2), ("external", 0.8), ("partner", 1.4),
            ("carries", 1.8), ("encryption", 1.2), ("cryptography", 1.4), ("provider", 1.2),
        )
    ),
)  # fmt: skip


def _lists(structure: Structure, language: str) -> Iterator[Block]:
    for kind, columns in _COLUMNS.items():
        some = [one for one in structure.inside if one.kind is kind]
        if some:
            yield Heading(PLURAL[kind][language])
            yield from _grid(structure, some, columns, PLURAL[kind][language], language)
    unsorted = [one for one in structure.inside if one.kind is None]
    if unsorted:
        yield Heading(_NO_KIND[language])
        yield from _grid(structure, unsorted, _SYSTEM, _NO_KIND[language], language)
    if structure.outside:
        yield Heading(_OUTSIDE[language])
        yield Prose(_ABOUT_OUTSIDE[language])
        heads = (_ID, _NAME, _field("kind", 1.0), _ABOVE)
        yield from _grid(structure, structure.outside, heads, _OUTSIDE[language], language)


def _grid(
    structure: Structure,
    things: Sequence[Entry],
    columns: Sequence[Callable[[], _Head]],
    caption: str,
    language: str,
) -> Iterator[Block]:
    """The list of some *things*; a column that is empty throughout is named below it instead of printed."""
    heads = [head() for head in columns]
    rows = [tuple(head.value(structure, one, language) for head in heads) for one in things]
    stated = [any(cell not in ("", None) for cell in cells) for cells in zip(*rows, strict=True)]
    made = (
        Column(head.label[language], head.width, head.help[language] if head.help else "", on_paper=said)
        for head, said in zip(heads, stated, strict=True)
    )
    yield Grid(tuple(made), rows, caption)
    open_ones = [head.label[language] for head, said in zip(heads, stated, strict=True) if not said]
    if open_ones:
        yield Prose(_STATED_NOWHERE.format(columns=", ".join(open_ones))[language])


def _connections(structure: Structure, language: str) -> Iterator[Block]:
    yield Heading(Connection.title[language])
    if structure.connections:
        yield from _grid(
            structure, structure.connections, _LINK_COLUMNS, Connection.title[language], language
        )
    else:
        yield Prose(_NO_LINKS[language])


def _providers(domain: InformationDomain, structure: Structure, language: str) -> Iterator[Block]:
    yield Heading(_PROVIDERS[language])
    found = providers_of(domain, structure)
    if not found:
        yield Prose(_NO_PROVIDERS[language])
        return
    operated: list[TargetObject | Connection] = [*structure.inside, *structure.connections]
    rows = [
        (
            one.designation,
            one.name,
            "; ".join(str(thing) for thing in operated if thing.provider is one),
        )
        for one in found
    ]
    labels = ((_ID().label, 0.8), (Text("Name", "Name"), 2.0), (_OPERATES, 5.0))
    yield Grid(tuple(Column(label[language], width) for label, width in labels), rows, _PROVIDERS[language])


_TITLE: Final = Text("A.1 Strukturanalyse: {domain}", "A.1 Structure analysis: {domain}")
_SUBJECT: Final = Text(
    "Referenzdokument A.1: Abgrenzung des Informationsverbunds, bereinigter Netzplan, Abhängigkeiten und "
    "Listen der Zielobjekte nach BSI-Standard 200-2.",
    "Reference document A.1: scope of the information domain, cleaned network plan, dependencies and lists "
    "of the target objects following BSI standard 200-2.",
)
_SCOPE: Final = Text("Geltungsbereich", "Scope")
_INVENTORY: Final = Text("Bestand in Zahlen", "Inventory in numbers")
_KIND: Final = Text("Art", "Type")
_ENTRIES: Final = Text("Einträge", "Entries")
_SINGLE: Final = Text("Einzelne Objekte", "Single objects")
_IN_USE: Final = Text("In Betrieb oder geplant", "In use or planned")
_ALL: Final = Text("Zusammen", "Together")
_STATED_NOWHERE: Final = Text(
    "Bei keinem dieser Einträge angegeben: {columns}.", "Stated for none of these entries: {columns}."
)
_PICTURES: Final = Text("Netzplan und Abhängigkeiten", "Network plan and dependencies")
_ABOUT_PICTURES: Final = Text(
    "Gleichartige Objekte stehen als Gruppe mit ihrer Anzahl in einem Kasten. Objekte, die außer Betrieb "
    "sind, zeigen die Bilder nicht. Ein Bild, das nicht auf ein Blatt passt, geht auf dem nächsten an "
    "derselben Stelle weiter.",
    "Objects of the same kind stand as a group with their count in one box. The pictures do not show objects "
    "that are out of operation. A picture that does not fit on one sheet goes on at the same place on the "
    "next.",
)
_EMPTY_TITLE: Final = Text("Noch keine Zielobjekte", "No target objects yet")
_EMPTY: Final = Text(
    "Dem Informationsverbund ist noch kein Zielobjekt zugeordnet.",
    "No target object belongs to the information domain yet.",
)
_SHOWN: Final = Text("{nodes} Kästen, {edges} Verbindungen.", "{nodes} boxes, {edges} ties.")
_LISTED: Final = Text(
    "Alle Objekte mit ihren Abhängigkeiten stehen in den Listen.",
    "All objects with their dependencies stand in the lists.",
)
PLURAL: Final = {
    ObjectKind.PROCESS: Text("Geschäftsprozesse", "Business processes"),
    ObjectKind.APPLICATION: Text("Anwendungen", "Applications"),
    ObjectKind.IT_SYSTEM: Text("IT-Systeme", "IT systems"),
    ObjectKind.ICS: Text("ICS-Systeme", "Industrial control systems"),
    ObjectKind.IOT: Text("IoT-Geräte", "IoT devices"),
    ObjectKind.NETWORK: Text("Netze", "Networks"),
    ObjectKind.ROOM: Text("Räume", "Rooms"),
    ObjectKind.BUILDING: Text("Gebäude", "Buildings"),
}
_NO_KIND: Final = Text("Objekte ohne Art", "Objects without a type")
_OUTSIDE: Final = Text("Objekte außerhalb des Verbunds", "Objects outside the domain")
_ABOUT_OUTSIDE: Final = Text(
    "Darauf beruhen Objekte des Verbunds, oder sie sind damit verbunden. Es sind seine Schnittstellen.",
    "Objects of the domain depend on these or connect to them. They are its interfaces.",
)
_NO_LINKS: Final = Text("Es sind keine Verbindungen erfasst.", "No connections are recorded.")
_PROVIDERS: Final = Text("Dienstleister", "Providers")
_NO_PROVIDERS: Final = Text("Es sind keine Dienstleister beteiligt.", "No providers are involved.")
_OPERATES: Final = Text("Betreibt", "Operates")
