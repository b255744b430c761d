"""The sample of an audit: which modules and measures are looked at, drawn so that anybody can draw it again.

A sample is drawn one module after the other. What stands highest in the order of
grounds goes first; among equals a checksum over the designation of the audit decides,
so that nobody chooses and everybody gets the same result.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assessments.grundschutz.audits import AuditKind, Ground
from assessments.grundschutz.kompendium import reading_order

EVERY_SAMPLE: Final = "ISMS.1"
"""The module that every sample contains."""
CYCLE_YEARS: Final = 3
"""A certificate lasts three years; within them samples add up."""
IN_CYCLE: Final = 12
"""How many modules are checked within a cycle at least, counted in every audit."""


@dataclass(frozen=True)
class Extent:
    """How much the scheme asks for at least in one kind of audit."""

    modules: int
    measures: int = 0
    to_come: int | None = None
    """How many modules the rest of the cycle still brings, where a shortfall has to be made up."""
    binding: bool = True
    """Whether the scheme prescribes it; otherwise it is a suggestion."""


_SUGGESTED: Final = Extent(6, 5, binding=False)
EXTENTS: Final[Mapping[AuditKind, Extent]] = {
    AuditKind.CERTIFICATION: Extent(6, 5),
    AuditKind.SURVEILLANCE_1: Extent(3, to_come=3),
    AuditKind.SURVEILLANCE_2: Extent(3, to_come=0),
    AuditKind.RECERTIFICATION: Extent(6, 5),
    AuditKind.INTERNAL: _SUGGESTED,
    AuditKind.REVISION: _SUGGESTED,
    AuditKind.ATTESTATION: _SUGGESTED,
}


@dataclass(frozen=True)
class Place:
    """An object, or the domain as a whole, to which a module is applied."""

    key: str
    """The running number of the object; empty for the domain."""
    raised: bool = False
    """Whether it needs more than normal protection."""
    unmet: int = 0
    """How many requirements are not met there, or only in part."""


@dataclass(frozen=True)
class Candidate:
    """A module that is applied somewhere, and what speaks for looking at it."""

    module_id: str
    layer: str
    places: tuple[Place, ...]
    recent: bool = False
    """Whether an audit of the last three years has looked at it."""

    @property
    def raised(self) -> bool:
        return any(place.raised for place in self.places)

    @property
    def unmet(self) -> bool:
        return any(place.unmet for place in self.places)


@dataclass(frozen=True)
class Drawn:
    """A module of the sample, at which place it is checked, and why it is in it."""

    module_id: str
    place: str
    grounds: tuple[Ground, ...]


def extent(kind: AuditKind | None, earlier: int, wanted: int | None = None) -> Extent:
    """What an audit of *kind* looks at; *wanted* is what its auditors ask for.

    *earlier* says how many modules the audits of the cycle have checked already: a surveillance
    audit makes up what is missing to twelve.
    """
    found = EXTENTS.get(kind, _SUGGESTED) if kind else _SUGGESTED
    modules = found.modules
    if found.to_come is not None:
        modules = max(modules, IN_CYCLE - earlier - found.to_come)
    return Extent(wanted or modules, found.measures, found.to_come, found.binding)


def draw(candidates: Iterable[Candidate], size: int, seed: str) -> tuple[Drawn, ...]:
    """*size* of the *candidates*, or all where there are fewer; the same for the same *seed*.

    A smaller sample is the beginning of a larger one. ISMS.1 comes first where it is applied.
    """
    waiting = sorted(candidates, key=lambda one: reading_order(one.module_id))
    found: list[Drawn] = []
    layers: set[str] = set()
    while waiting and len(found) < size:
        best = max(waiting, key=lambda one: (_weight(one, layers), _checksum(seed, one.module_id)))
        rivals = sum(_weight(one, layers) == _weight(best, layers) for one in waiting)
        found.append(Drawn(best.module_id, _place(best, seed), tuple(_grounds(best, layers, rivals))))
        layers.add(best.layer)
        waiting.remove(best)
    return tuple(found)


def _weight(one: Candidate, layers: set[str]) -> tuple[bool, ...]:
    """What speaks for a module, the strongest ground first."""
    return (
        one.module_id == EVERY_SAMPLE,
        one.layer not in layers,
        not one.recent,
        one.raised,
        one.unmet,
    )


_GROUNDS: Final = (Ground.ALWAYS, Ground.LAYER, Ground.NEVER, Ground.NEED, Ground.UNMET)


def _grounds(one: Candidate, layers: set[str], rivals: int) -> Iterator[Ground]:
    for ground, holds in zip(_GROUNDS, _weight(one, layers), strict=True):
        if holds:
            yield ground
    if rivals > 1:
        yield Ground.DRAWN


def _place(one: Candidate, seed: str) -> str:
    """Where the module is looked at: where most is at stake, then where most is open, then by checksum."""
    best = max(one.places, key=lambda place: (place.raised, place.unmet, _checksum(seed, place.key)))
    return best.key


def draw_measures(heaviness: Mapping[str, int], size: int, seed: str) -> tuple[tuple[str, Ground], ...]:
    """*size* of the measures that treat risks, those against the heaviest risk first.

    *heaviness* says for the running number of each measure how heavy the heaviest of its risks is.
    """
    order = sorted(heaviness, key=lambda key: (heaviness[key], _checksum(seed, key)), reverse=True)
    return tuple((key, _why(heaviness, key)) for key in order[:size])


def _why(heaviness: Mapping[str, int], key: str) -> Ground:
    return Ground.RISK if heaviness[key] >= HEAVY else Ground.DRAWN


HEAVY: Final = 2
"""From which step of the risk categories on a risk counts as high."""


def _checksum(seed: str, key: str) -> str:
    return hashlib.sha256(f"{seed}/{key}".encode()).hexdigest()


def shortfall(checked: Sequence[str], applied: Iterable[str], wanted: Extent) -> tuple[int, bool]:
    """How many modules a sample lacks, and whether ISMS.1 is one; it cannot hold more than are *applied*."""
    there = set(applied)
    reachable = min(wanted.modules, len(there))
    lacks = EVERY_SAMPLE in there and EVERY_SAMPLE not in checked
    return max(0, reachable - len(set(checked))), lacks
