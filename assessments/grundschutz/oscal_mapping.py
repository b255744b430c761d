"""Mappings in OSCAL: which control of one catalogue answers to which of another, and how.

The BSI publishes one from the Kompendium 2023 to Grundschutz++. Its sources are parts of requirements, its
targets carry the lasting UUID beside an id that moves, so the UUID decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.oscal import (
    Node,
    OscalCatalogue,
    Problem,
    node,
    nodes,
    properties_of,
    refusal,
    shortened,
    string,
)
from compliance.fields import Term
from compliance.language import Text

MAX_PAIRS: Final = 50_000
"""The mapping of the BSI has 1,185."""

ROOT: Final = "mapping-collection"
_PART: Final = re.compile(r"(?P<requirement>[A-Z]+(?:\.\d+)+\.A\d+)(?:-(?P<part>.+))?")


class Relation(Term):
    """How the content of the source stands to that of its target; NIST IR 8477, set theory relationship."""

    EQUAL = Text("gleich", "equal")
    EQUIVALENT = Text("gleichwertig", "equivalent")
    SUPERSET = Text("geht darüber hinaus", "goes beyond it")
    SUBSET = Text("deckt einen Teil ab", "covers a part of it")
    INTERSECTS = Text("überschneidet sich", "overlaps with it")


_RELATIONS: Final = {
    "equal-to": Relation.EQUAL,
    "equivalent-to": Relation.EQUIVALENT,
    "superset-of": Relation.SUPERSET,
    "subset-of": Relation.SUBSET,
    "intersects-with": Relation.INTERSECTS,
}
_NO_RELATION: Final = "no-relationship"


@dataclass(frozen=True, slots=True)
class Pair:
    """That a requirement of the Kompendium, or a part of it, answers to a control."""

    requirement_id: str
    part: str
    """The Teilanforderung, such as ``UA.2``; empty where the whole requirement is meant."""
    relation: Relation
    key: str
    """The lasting UUID of the control, empty where the mapping gives none."""
    control_id: str
    """The id the control had when the mapping was made."""
    assumed: bool = False
    """Whether the relation was put in by default, because nobody had stated one."""


@dataclass(frozen=True)
class OscalMapping:
    """A mapping as it was published."""

    uuid: str
    title: str
    version: str
    status: str
    """What its publisher says of it, such as ``draft``."""
    pairs: tuple[Pair, ...] = ()
    problems: tuple[Problem, ...] = ()

    def counts(self) -> dict[str, int]:
        """How much it maps, and to how much."""
        return {
            "pairs": len(self.pairs),
            "mapped_requirements": len({pair.requirement_id for pair in self.pairs}),
            "mapped_controls": len({pair.key or pair.control_id for pair in self.pairs}),
            "problems": len(self.problems),
        }

    @cached_property
    def by_requirement(self) -> dict[str, tuple[Pair, ...]]:
        """The pairs of each requirement, in the order of the file."""
        found: dict[str, list[Pair]] = {}
        for pair in self.pairs:
            found.setdefault(pair.requirement_id, []).append(pair)
        return {identity: tuple(pairs) for identity, pairs in found.items()}

    def targets(self, catalogue: OscalCatalogue) -> int:
        """How many of the pairs lead to a control of *catalogue*."""
        return sum(target_of(catalogue, pair) is not None for pair in self.pairs)


def target_of(catalogue: OscalCatalogue, pair: Pair) -> str | None:
    """The key of the control that *pair* leads to; an id counts only where there is no UUID."""
    if pair.key:
        return pair.key if pair.key in catalogue.by_key else None
    control = catalogue.by_id.get(pair.control_id)
    return control.key if control else None


def read(root: Node) -> OscalMapping:
    """The mapping in *root*; unknown keys are ignored.

    Raises UnreadableCatalogue, naming the place, where it is none, or none from the Kompendium 2023.
    """
    collection = node(root, ROOT, "")
    metadata = node(collection, "metadata", ROOT)
    place = f"{ROOT}.metadata"
    reader = _Reader()
    for at, mapping in nodes(collection, "mappings", ROOT):
        for where, each in nodes(mapping, "maps", at):
            reader.take(each, where)
    if not reader.pairs:
        raise refusal(
            "Die Zuordnung nennt keine Anforderung der Edition 2023 mit einem Ziel.",
            "The mapping names no requirement of Edition 2023 with a target.",
        )
    provenance = node(collection, "provenance", ROOT) if "provenance" in collection else {}
    return OscalMapping(
        uuid=string(collection, "uuid", ROOT, required=True),
        title=string(metadata, "title", place, required=True),
        version=_version(metadata, place),
        status=string(provenance, "status", f"{ROOT}.provenance"),
        pairs=tuple(dict.fromkeys(reader.pairs)),
        problems=tuple(reader.problems),
    )


def _version(metadata: Node, place: str) -> str:
    """The version with the day of the last change: exports of one tool all carry the same version."""
    day = string(metadata, "last-modified", place)[:10]
    version = string(metadata, "version", place, required=True)
    return f"{version}, {day}" if day and day not in version else version


class _Reader:
    """What was found so far."""

    def __init__(self) -> None:
        self.pairs: list[Pair] = []
        self.problems: list[Problem] = []
        self._known = {requirement.id for requirement in edition_2023().requirements}

    def take(self, found: Node, place: str) -> None:
        """The pairs of one map, or why there are none."""
        stated = _relationship(found, place)
        relation = _RELATIONS.get(stated)
        if relation is None:
            if stated != _NO_RELATION:
                self.problems.append(Problem(shortened(place), _NO_SUCH.format(word=shortened(stated))))
            return
        own = {each.name: each.value for each in properties_of(found, place)}
        for at, source in nodes(found, "sources", place):
            match = _PART.fullmatch(string(source, "id-ref", at, required=True))
            if match is None or match["requirement"] not in self._known:
                name = shortened(string(source, "id-ref", at))
                self.problems.append(Problem(shortened(at), _NO_REQUIREMENT.format(id=name)))
                continue
            targets = list(nodes(found, "targets", place))
            if not targets:
                self.problems.append(Problem(shortened(place), _NO_TARGET))
            for where, target in targets:
                said = {each.name: each.value for each in properties_of(target, where)}
                self._add(
                    Pair(
                        requirement_id=match["requirement"],
                        part=match["part"] or "",
                        relation=relation,
                        key=(said.get("oscal_uuid") or own.get("oscal_uuid") or "").lower(),
                        control_id=string(target, "id-ref", where, required=True),
                        assumed=own.get("relationship_defaulted") == "true",
                    )
                )

    def _add(self, pair: Pair) -> None:
        if len(self.pairs) >= MAX_PAIRS:
            raise refusal(
                "Die Zuordnung hat mehr als {limit} Einträge.",
                "The mapping has more than {limit} entries.",
                limit=MAX_PAIRS,
            )
        self.pairs.append(pair)


def _relationship(found: Node, place: str) -> str:
    """The word for the relation; from OSCAL 1.2 on it may stand in an object of its own."""
    if isinstance(found.get("relationship"), dict):
        return string(node(found, "relationship", place), "type", f"{place}.relationship", required=True)
    return string(found, "relationship", place, required=True)


def problems_with(mapping: OscalMapping, catalogue: OscalCatalogue) -> Iterator[Pair]:
    """The pairs that lead to no control of *catalogue*."""
    return (pair for pair in mapping.pairs if target_of(catalogue, pair) is None)


_NO_TARGET: Final = Text("Der Eintrag nennt kein Ziel.", "The entry names no target.")
_NO_SUCH: Final = Text(
    "Die Beziehung „{word}“ ist unbekannt; der Eintrag zählt nicht.",
    "The relationship “{word}” is unknown; the entry does not count.",
)
_NO_REQUIREMENT: Final = Text(
    "„{id}“ ist keine Anforderung der Edition 2023.", "“{id}” is no requirement of Edition 2023."
)
