"""What the IT-Grundschutz-Kompendium consists of, and the shipped index of its Edition 2023.

The index holds identifiers, titles, levels, roles, orders and cross-references.
The wordings reach an installation from the official file, see :mod:`assessments.grundschutz.kompendium_xml`.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Final, TypeVar

from compliance.errors import Refused
from compliance.language import Text

_Value = TypeVar("_Value")

NAME: Final = "IT-Grundschutz-Kompendium"
EDITION: Final = "2023"
WITHDRAWN_TITLE: Final = "ENTFALLEN"
LAYER_IDS: Final = ("ISMS", "ORP", "CON", "OPS", "DER", "APP", "SYS", "IND", "NET", "INF")
PROCESS_LAYERS: Final = frozenset(LAYER_IDS[:5])

_FULL_ROLE_NAMES: Final = {
    "Informationssicherheitsbeauftragte": "Informationssicherheitsbeauftragte (ISB)",
    "ISB": "Informationssicherheitsbeauftragte (ISB)",
    "ICS-ISB": "ICS-Informationssicherheitsbeauftragte",
    "OT-Betrieb": "OT-Betrieb (Operational Technology, OT)",
}
_COMMA_OUTSIDE_BRACKETS: Final = re.compile(r",\s*(?![^()]*\))")
_REQUIREMENT_ID: Final = re.compile(r"(?P<module>.+)\.A(?P<number>\d+)")
_DIFFERENCES_NAMED: Final = 5


class Level(StrEnum):
    """For which protection a requirement is meant; members stand in the order of implementation."""

    BASIC = "B"
    STANDARD = "S"
    HIGH = "H"

    @property
    def label(self) -> Text:
        """The name of the level as a reader knows it."""
        return _LEVEL_LABELS[self]


class Order(StrEnum):
    """When a module is to be implemented, as recommended by the Kompendium (Bearbeitungsreihenfolge)."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"


class Kind(StrEnum):
    """Whether a module concerns the way an institution works or a thing it runs."""

    PROCESS = "process"
    SYSTEM = "system"

    @property
    def label(self) -> Text:
        """The name of the kind as a reader knows it."""
        return _KIND_LABELS[self]


class TargetType(StrEnum):
    """To which type of target object a module is applied (Zielobjekttyp)."""

    INFORMATION_DOMAIN = "information_domain"
    APPLICATION = "application"
    IT_SYSTEM = "it_system"
    NETWORK = "network"
    BUILDING_OR_ROOM = "building_or_room"

    @property
    def label(self) -> Text:
        """The type as the Kompendium writes it, and in English."""
        return _TARGET_TYPE_LABELS[self]


_LEVEL_LABELS: Final = {
    Level.BASIC: Text("Basis-Anforderung", "Basic requirement"),
    Level.STANDARD: Text("Standard-Anforderung", "Standard requirement"),
    Level.HIGH: Text("Anforderung bei erhöhtem Schutzbedarf", "Requirement for increased protection needs"),
}
_KIND_LABELS: Final = {
    Kind.PROCESS: Text("Prozess-Baustein", "Process module"),
    Kind.SYSTEM: Text("System-Baustein", "System module"),
}
_TARGET_TYPE_LABELS: Final = {
    TargetType.INFORMATION_DOMAIN: Text(
        "Informationsverbund/übergeordnete Aspekte", "Information domain/overarching aspects"
    ),
    TargetType.APPLICATION: Text("Anwendung", "Application"),
    TargetType.IT_SYSTEM: Text("IT-System", "IT system"),
    TargetType.NETWORK: Text("Netz", "Network"),
    TargetType.BUILDING_OR_ROOM: Text("Gebäude/Raum", "Building/room"),
}


@dataclass(frozen=True, slots=True)
class Layer:
    """A group of modules on one subject (Schicht), such as NET for networks."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Module:
    """A set of requirements for one kind of target object (Baustein)."""

    id: str
    title: str
    layer: str
    order: Order
    target_type: TargetType
    responsible: str
    other_roles: tuple[str, ...] = ()
    introduction: str = ""
    objective: str = ""
    scope: str = ""

    @property
    def kind(self) -> Kind:
        """Process or system module; the layer decides it."""
        return Kind.PROCESS if self.layer in PROCESS_LAYERS else Kind.SYSTEM


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a module asks for under one number (Anforderung)."""

    id: str
    module: str
    number: int
    title: str
    level: Level
    roles: tuple[str, ...] = ()
    """Who is responsible; empty where the role of the module applies."""
    protection: str = ""
    """The values a high-level requirement protects first: letters out of C, I and A."""
    text: str = ""

    @property
    def withdrawn(self) -> bool:
        """Whether the requirement has been dropped and its number is only kept."""
        return self.title == WITHDRAWN_TITLE

    @property
    def heading(self) -> str:
        """The heading as the Kompendium prints it: id, title, level and roles."""
        bracket = f" [{', '.join(self.roles)}]" if self.roles else ""
        return f"{self.id} {self.title} ({self.level}){bracket}"


@dataclass(frozen=True, slots=True)
class Threat:
    """An elementary threat (elementare Gefährdung); ``protection`` holds the values it endangers: C, I, A."""

    id: str
    title: str
    protection: str = ""


@dataclass(frozen=True)
class Catalogue:
    """One edition of the Kompendium, with or without wordings; everything stands in reading order.

    Modules are ordered by number, requirements by module, level and number.
    """

    name: str
    edition: str
    layers: tuple[Layer, ...]
    modules: tuple[Module, ...]
    requirements: tuple[Requirement, ...]
    threats: tuple[Threat, ...]
    cross_references: tuple[tuple[str, str], ...] = ()
    """Pairs of the id of a requirement and the id of a threat against which it works."""

    def counts(self) -> dict[str, int]:
        """How many layers, modules, requirements (all, active, withdrawn), threats and pairs there are."""
        withdrawn = sum(requirement.withdrawn for requirement in self.requirements)
        return {
            "layers": len(self.layers),
            "modules": len(self.modules),
            "requirements": len(self.requirements),
            "active": len(self.requirements) - withdrawn,
            "withdrawn": withdrawn,
            "threats": len(self.threats),
            "cross_references": len(self.cross_references),
        }

    def module(self, module_id: str) -> Module:
        """The module with this id; KeyError where there is none."""
        return self._modules[module_id]

    def requirement(self, requirement_id: str) -> Requirement:
        """The requirement with this id; KeyError where there is none."""
        return self._requirements[requirement_id]

    def requirements_of(self, module_id: str) -> tuple[Requirement, ...]:
        """The requirements of a module, withdrawn ones included."""
        return self._by_module.get(module_id, ())

    def threats_of(self, requirement_id: str) -> tuple[str, ...]:
        """The ids of the elementary threats against which a requirement works."""
        return self._threats_by_requirement.get(requirement_id, ())

    @cached_property
    def _modules(self) -> dict[str, Module]:
        return {module.id: module for module in self.modules}

    @cached_property
    def _requirements(self) -> dict[str, Requirement]:
        return {requirement.id: requirement for requirement in self.requirements}

    @cached_property
    def _by_module(self) -> dict[str, tuple[Requirement, ...]]:
        return _grouped((requirement.module, requirement) for requirement in self.requirements)

    @cached_property
    def _threats_by_requirement(self) -> dict[str, tuple[str, ...]]:
        return _grouped(self.cross_references)


class UnreadableCatalogue(Refused):
    """A file cannot be taken for the Kompendium; the text says what is wrong, where, and what to do."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One point in which a catalogue departs from another: of which id, in what, from what to what."""

    id: str
    aspect: str
    """An attribute such as ``title``, or ``missing`` or ``unknown`` for the whole thing."""
    expected: str = ""
    found: str = ""

    @property
    def text(self) -> Text:
        """The difference in words."""
        return _DIFFERENCE_TEXTS[self.aspect].format(id=self.id, expected=self.expected, found=self.found)


def _changed(german: str, english: str) -> Text:
    return Text(
        f"{{id}}: {german} lautet „{{found}}“ statt „{{expected}}“",
        f"{{id}}: {english} is “{{found}}” instead of “{{expected}}”",
    )


_DIFFERENCE_TEXTS: Final = {
    "missing": Text("{id} fehlt", "{id} is missing"),
    "unknown": Text("{id} kommt hinzu", "{id} is unknown"),
    "edition": _changed("Edition", "edition"),
    "title": _changed("Titel", "title"),
    "order": _changed("Bearbeitungsreihenfolge", "order of implementation"),
    "target_type": _changed("Zielobjekttyp", "type of target object"),
    "responsible": _changed("grundsätzliche Zuständigkeit", "responsible role"),
    "roles": _changed("Rollenangabe", "list of roles"),
    "level": _changed("Stufe", "level"),
}


def differences(index: Catalogue, other: Catalogue) -> tuple[Difference, ...]:
    """In which facts *other* departs from *index*; wordings, values and cross-references are not compared."""
    expected, found = dict(_facts(index)), dict(_facts(other))
    missing = [Difference(key, "missing") for key in expected if key not in found]
    unknown = [Difference(key, "unknown") for key in found if key not in expected]
    changed = [
        Difference(key, aspect, value, found[key][aspect])
        for key, facts in expected.items()
        if key in found
        for aspect, value in facts.items()
        if found[key][aspect] != value
    ]
    return (*missing, *unknown, *changed)


def merge(index: Catalogue, with_texts: Catalogue) -> Catalogue:
    """The *index* with the wordings of *with_texts*, which has to be the same catalogue.

    Raises UnreadableCatalogue, naming the first differences, where it is not.
    """
    found = differences(index, with_texts)
    if found:
        raise UnreadableCatalogue(_departs(index, found))
    requirements = tuple(
        replace(requirement, text=with_texts.requirement(requirement.id).text)
        for requirement in index.requirements
    )
    modules = tuple(_described(module, with_texts.module(module.id)) for module in index.modules)
    return replace(index, modules=modules, requirements=requirements)


def split_roles(text: str) -> tuple[str, ...]:
    """The roles of a list by their full names; a comma within brackets does not part them."""
    names = (name.strip() for name in _COMMA_OUTSIDE_BRACKETS.split(text))
    return tuple(_FULL_ROLE_NAMES.get(name, name) for name in names if name)


@cache
def reading_order(module_id: str) -> tuple[int, ...]:
    """A sort key that puts the layers in their order and OPS.1.2.10 behind OPS.1.2.9."""
    layer, *numbers = module_id.split(".")
    return (LAYER_IDS.index(layer), *map(int, numbers))


def in_reading_order(requirements: Iterable[Requirement]) -> tuple[Requirement, ...]:
    """The requirements by module, level and number."""
    levels = list(Level)
    return tuple(
        sorted(
            requirements,
            key=lambda requirement: (
                reading_order(requirement.module),
                levels.index(requirement.level),
                requirement.number,
            ),
        )
    )


@cache
def edition_2023() -> Catalogue:
    """The shipped index of Edition 2023: all facts and cross-references, no wordings."""
    rows = list(_rows("requirements.csv"))
    return Catalogue(
        name=NAME,
        edition=EDITION,
        layers=tuple(Layer(row["id"], row["title"]) for row in _rows("layers.csv")),
        modules=tuple(_module(row) for row in _rows("modules.csv")),
        requirements=tuple(_requirement(row) for row in rows),
        threats=tuple(Threat(row["id"], row["title"], row["protection"]) for row in _rows("threats.csv")),
        cross_references=tuple(
            (row["id"], f"G 0.{number}") for row in rows for number in row["threats"].split()
        ),
    )


def _rows(name: str) -> Iterator[dict[str, str]]:
    file = files("assessments.grundschutz") / "data" / name
    yield from csv.DictReader(file.read_text(encoding="utf-8").splitlines())


def _module(row: dict[str, str]) -> Module:
    return Module(
        id=row["id"],
        title=row["title"],
        layer=row["id"].partition(".")[0],
        order=Order(row["order"]),
        target_type=TargetType(row["target_type"]),
        responsible=row["responsible"],
        other_roles=split_roles(row["other_roles"]),
    )


def _requirement(row: dict[str, str]) -> Requirement:
    parts = _REQUIREMENT_ID.fullmatch(row["id"])
    if parts is None:
        raise ValueError(f"not the id of a requirement: {row['id']}")
    return Requirement(
        id=row["id"],
        module=parts["module"],
        number=int(parts["number"]),
        title=row["title"],
        level=Level(row["level"]),
        roles=split_roles(row["roles"]),
        protection=row["protection"],
    )


def _facts(catalogue: Catalogue) -> Iterator[tuple[str, dict[str, str]]]:
    yield catalogue.name, {"edition": catalogue.edition}
    for layer in catalogue.layers:
        yield layer.id, {"title": layer.title}
    for threat in catalogue.threats:
        yield threat.id, {"title": threat.title}
    for module in catalogue.modules:
        yield (
            module.id,
            {
                "title": module.title,
                "order": module.order,
                "target_type": module.target_type.label.de,
                "responsible": module.responsible,
                "roles": ", ".join(module.other_roles),
            },
        )
    for requirement in catalogue.requirements:
        yield (
            requirement.id,
            {
                "title": requirement.title,
                "level": requirement.level,
                "roles": ", ".join(requirement.roles),
            },
        )


def _departs(index: Catalogue, found: tuple[Difference, ...]) -> Text:
    named = found[:_DIFFERENCES_NAMED]
    rest = len(found) - len(named)
    german = "; ".join(difference.text.de for difference in named) + (f"; und {rest} weitere" if rest else "")
    english = "; ".join(difference.text.en for difference in named) + (f"; and {rest} more" if rest else "")
    return Text(
        "Der Inhalt der Datei weicht vom {name}, Edition {edition}, ab. {differences}. "
        "Es wurde nichts übernommen. Bitte die Datei unverändert von der Website des BSI herunterladen und "
        "erneut einlesen.",
        "The content of the file departs from the {name}, Edition {edition}. {differences}. "
        "Nothing was imported. Please download the file unchanged from the website of the BSI and import it "
        "again.",
    ).format(name=index.name, edition=index.edition, differences=Text(german, english))


def _described(module: Module, other: Module) -> Module:
    return replace(module, introduction=other.introduction, objective=other.objective, scope=other.scope)


def _grouped(pairs: Iterable[tuple[str, _Value]]) -> dict[str, tuple[_Value, ...]]:
    groups: dict[str, list[_Value]] = {}
    for key, value in pairs:
        groups.setdefault(key, []).append(value)
    return {key: tuple(values) for key, values in groups.items()}
