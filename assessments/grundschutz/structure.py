"""The structure analysis (Strukturanalyse) of a domain: its objects, what they stand on, how they connect."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from assessments.grundschutz.domain import InformationDomain
from compliance.entry import State
from compliance.people import Unit
from registers.connections import Connection
from registers.objects import ObjectKind, TargetObject
from registers.processors import Processor

NETWORKED: Final = frozenset({ObjectKind.IT_SYSTEM, ObjectKind.ICS, ObjectKind.IOT, ObjectKind.NETWORK})
"""What a network plan shows."""


@dataclass(frozen=True)
class Structure:
    """Objects in the order of their running numbers, each with what it stands on."""

    inside: tuple[TargetObject, ...]
    """The objects of the domain."""
    outside: tuple[TargetObject, ...]
    """What those stand on or connect to, though it does not belong to the domain."""
    connections: tuple[Connection, ...]

    @property
    def objects(self) -> tuple[TargetObject, ...]:
        return (*self.inside, *self.outside)

    @cached_property
    def below(self) -> Mapping[uuid.UUID, tuple[TargetObject, ...]]:
        """What each object of the domain stands on, as far as it belongs to the structure."""
        known = {one.id for one in self.objects}
        return {
            one.id: tuple(sorted((other for other in one.depends_on if other.id in known), key=_number))
            for one in self.inside
        }

    @cached_property
    def above(self) -> Mapping[uuid.UUID, tuple[TargetObject, ...]]:
        """What stands on each object."""
        found: dict[uuid.UUID, list[TargetObject]] = defaultdict(list)
        for one in self.inside:
            for other in self.below[one.id]:
                found[other.id].append(one)
        return {identity: tuple(some) for identity, some in found.items()}

    @property
    def units(self) -> tuple[Unit, ...]:
        """The units responsible for its objects, by name."""
        found = {one.unit_id: one.unit for one in self.inside if one.unit is not None}
        return tuple(sorted(found.values(), key=str))


def structure_of(session: Session, domain: InformationDomain) -> Structure:
    """Everything that belongs to *domain*, which is loaded whole; a constant number of queries."""
    ids = [one.id for one in domain.objects]
    query = select(TargetObject).where(TargetObject.id.in_(ids)).order_by(TargetObject.number)
    inside = tuple(
        session.scalars(
            query.options(
                selectinload(TargetObject.depends_on),
                joinedload(TargetObject.unit),
                joinedload(TargetObject.provider),
            )
        )
    )
    ends = or_(Connection.start_id.in_(ids), Connection.end_id.in_(ids))  # type: ignore[attr-defined]
    connections = session.scalars(
        select(Connection)
        .where(ends, Connection.state != State.ENDED)
        .order_by(Connection.number)
        .options(joinedload(Connection.start), joinedload(Connection.end), joinedload(Connection.provider))
    ).all()
    return Structure(inside, _beyond(inside, connections, ids), tuple(connections))


def _beyond(
    inside: Iterable[TargetObject], connections: Iterable[Connection], ids: Collection[uuid.UUID]
) -> tuple[TargetObject, ...]:
    near = [other for one in inside for other in one.depends_on]
    near += [end for each in connections for end in (each.start, each.end) if end is not None]
    known = set(ids)
    return tuple(sorted({other for other in near if other.id not in known}, key=_number))


def _number(one: TargetObject) -> int:
    return one.number


# --- A part of it --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Which part of a structure somebody wants to see; what is left empty limits nothing."""

    kinds: frozenset[ObjectKind] = frozenset()
    unit: uuid.UUID | None = None
    around: int | None = None
    """The number of the object of which everything it stands on and everything that stands on it is shown."""


def in_use(structure: Structure) -> Structure:
    """Without what is out of operation."""
    return _only(structure, [one for one in structure.objects if one.is_in_use])


def part_of(structure: Structure, wanted: Wanted) -> Structure:
    """The objects that are *wanted*, with the connections between them."""
    chosen: Iterable[TargetObject] = structure.objects
    if wanted.around is not None:
        reached = _reached(structure, wanted.around)
        chosen = [one for one in chosen if one.id in reached]
    if wanted.unit is not None:
        chosen = [one for one in chosen if one.unit_id == wanted.unit]
    if wanted.kinds:
        chosen = [one for one in chosen if one.kind in wanted.kinds]
    return _only(structure, list(chosen))


def _only(structure: Structure, chosen: Collection[TargetObject]) -> Structure:
    ids = {one.id for one in chosen}
    return replace(
        structure,
        inside=tuple(one for one in structure.inside if one.id in ids),
        outside=tuple(one for one in structure.outside if one.id in ids),
        connections=tuple(
            each
            for each in structure.connections
            if all(end is None or end.id in ids for end in (each.start, each.end))
        ),
    )


def _reached(structure: Structure, number: int) -> set[uuid.UUID]:
    """The object with that number, all it stands on and all that stands on it, however far."""
    start = {one.id for one in structure.objects if one.number == number}
    return _closure(start, structure.below) | _closure(start, structure.above)


def _closure(
    start: Iterable[uuid.UUID], next_to: Mapping[uuid.UUID, tuple[TargetObject, ...]]
) -> set[uuid.UUID]:
    found = set(start)
    open_ones = list(found)
    while open_ones:
        for other in next_to.get(open_ones.pop(), ()):
            if other.id not in found:
                found.add(other.id)
                open_ones.append(other.id)
    return found


# --- The network ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Zone:
    """A network with the systems that are attached to it first of all; ``None`` without any network."""

    network: TargetObject | None
    members: tuple[TargetObject, ...]


def zones(structure: Structure) -> tuple[Zone, ...]:
    """The networks of *structure*, each with its systems; every networked object stands in one zone."""
    ends = {end.id for each in structure.connections for end in (each.start, each.end) if end is not None}
    shown = [one for one in structure.objects if one.kind in NETWORKED or one.id in ends]
    networks = [one for one in shown if one.kind is ObjectKind.NETWORK]
    members: dict[uuid.UUID | None, list[TargetObject]] = defaultdict(list)
    for one in shown:
        if one.kind is not ObjectKind.NETWORK:
            members[_network_of(structure, one)].append(one)
    found = [Zone(network, (network, *members[network.id])) for network in networks]
    return (*found, Zone(None, tuple(members[None]))) if members[None] else tuple(found)


def _network_of(structure: Structure, one: TargetObject) -> uuid.UUID | None:
    """The first network that it stands on, or that what it stands on is attached to."""
    seen: set[uuid.UUID] = set()
    near = [one]
    while near:
        below = [
            other for thing in near for other in structure.below.get(thing.id, ()) if other.id not in seen
        ]
        for other in below:
            if other.kind is ObjectKind.NETWORK:
                return other.id
        seen |= {other.id for other in below}
        near = below
    return None


# --- Who helps -----------------------------------------------------------------------------------


def providers_of(domain: InformationDomain, structure: Structure) -> tuple[Processor, ...]:
    """The providers named for the domain, for one of its objects or for one of its connections."""
    named = [*domain.providers, *(one.provider for one in structure.inside)]
    named += [each.provider for each in structure.connections]
    found = {one.id: one for one in named if one is not None}
    return tuple(sorted(found.values(), key=lambda one: one.number))
