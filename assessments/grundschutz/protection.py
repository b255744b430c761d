"""The protection needs of an organisation: what every target object needs, and where that comes from.

The needs that are inherited stand beside the own ones in fields that are settled whenever
something changes on which they rest, in the same transaction, for the whole organisation.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import Session

from assessments.grundschutz.dependencies import links, pairs, reached
from assessments.grundschutz.inheritance import HIGHEST, Cause, Edges, Effective, Wish, cycles, inherit, way
from compliance.entry import State, everything
from compliance.language import Text
from compliance.saving import Action, Touched, settle
from registers.objects import ObjectStatus, TargetObject
from registers.protection import DamageRating, Effect, NeedAdjustment, ProtectionNeed, Scenario, SecurityValue

VALUES: Final = {
    SecurityValue.CONFIDENTIALITY: "confidentiality",
    SecurityValue.INTEGRITY: "integrity",
    SecurityValue.AVAILABILITY: "availability",
}
"""The name of the field in which an own need for each value stands."""
NEEDED: Final = {
    SecurityValue.CONFIDENTIALITY: "needed_c",
    SecurityValue.INTEGRITY: "needed_i",
    SecurityValue.AVAILABILITY: "needed_a",
}
"""The name of the field in which the need with inheritance stands."""
_SETTLED: Final = (*NEEDED.values(), "needed", "mutual_dependencies")

LEVELS: Final[tuple[ProtectionNeed | None, ...]] = (
    None,
    ProtectionNeed.NORMAL,
    ProtectionNeed.HIGH,
    ProtectionNeed.VERY_HIGH,
)
_LEVEL: Final = {need: level for level, need in enumerate(LEVELS)}
_MOST_NAMED: Final = 15
_DECIDING: Final = (*VALUES.values(), "damages", "adjustments", "status", "state")
"""Fields of a target object on which its own need rests, and whether it passes it on."""
_COLUMNS: Final = (
    "id",
    "number",
    "name",
    "kind",
    "state",
    "status",
    *VALUES.values(),
    *_SETTLED,
)
_FEW: Final = 500
"""So many objects are looked at one by one; beyond, reading everything is cheaper."""


def needed(target: Any, value: SecurityValue) -> ProtectionNeed | None:
    """What *target*, or a row with its columns, needs with inheritance."""
    need: ProtectionNeed | None = getattr(target, NEEDED[value])
    return need


def is_open(target: TargetObject) -> bool:
    """Whether *target* is in use and one of its needs is neither rated nor inherited."""
    return target.is_in_use and any(needed(target, value) is None for value in NEEDED)


def level(need: ProtectionNeed | None) -> int:
    """*need* as a number that can be compared; 0 where it is not determined."""
    return _LEVEL[need]


def highest(needs: Iterable[ProtectionNeed | None]) -> ProtectionNeed | None:
    """The highest of *needs*, which is the overall one."""
    return LEVELS[max(map(level, needs), default=0)]


# --- The whole organisation ----------------------------------------------------------------------


@dataclass(frozen=True)
class Landscape:
    """Every target object of an organisation with what it needs, by running number."""

    objects: Mapping[int, Any]
    """Rows with id, number, name and the stored needs."""
    found: Mapping[SecurityValue, Mapping[int, Effective]]
    cycles: Sequence[tuple[int, ...]]

    def changed(self) -> dict[uuid.UUID, dict[str, Any]]:
        """What is stored otherwise than it was found, by the id of the object."""
        around = {key: _circle(group) for group in self.cycles for key in group}
        found = [self.found[value] for value in NEEDED]
        settled = {
            key: _settled([needs[key].level for needs in found], around.get(key, "")) for key in self.objects
        }
        return {row.id: settled[key] for key, row in self.objects.items() if settled[key] != _stored(row)}


def _settled(levels: Sequence[int], circle: str) -> dict[str, Any]:
    """What has to be stored of an object with these *levels*, one for each of :data:`NEEDED`."""
    needs = dict(zip(NEEDED.values(), map(LEVELS.__getitem__, levels), strict=True))
    return needs | {"needed": LEVELS[max(levels)], "mutual_dependencies": circle}


def _stored(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in _SETTLED}


def _circle(group: Sequence[int]) -> str:
    named = [TargetObject.designate(number) for number in group[:_MOST_NAMED]]
    return ", ".join([*named, "…"] if len(group) > _MOST_NAMED else named)


def survey(
    session: Session, organisation: uuid.UUID, within: Collection[uuid.UUID] | None = None
) -> Landscape:
    """The protection needs of *organisation* as they follow from what is stored.

    *within* limits this to the objects with these ids and everything that concerns them. It
    has to contain whatever they depend on; what depends on them counts with its stored need.
    """
    query = select(*(getattr(TargetObject, name) for name in _COLUMNS))
    query = query.where(TargetObject.organisation_id == organisation)
    if within is not None:
        above = select(links().c.source_id).where(links().c.target_id.in_(within))
        query = query.where(or_(TargetObject.id.in_(within), TargetObject.id.in_(above)))
    rows = session.execute(query).all()
    objects = {row.number: row for row in rows if within is None or row.id in within}
    edges = _edges(rows, pairs(session, organisation, within))
    wishes = _wishes(session, organisation, objects.values(), within)
    around = [row for row in rows if row.number not in objects]
    found = {
        value: inherit(wishes[value] | {row.number: Wish(level(needed(row, value))) for row in around}, edges)
        for value in VALUES
    }
    return Landscape(objects, found, cycles(edges))


def _edges(rows: Iterable[Any], dependencies: Iterable[tuple[int, int]]) -> Edges:
    """On what each object depends; what is out of use needs nothing of others any more."""
    idle = {row.number for row in rows if row.state is State.ENDED or row.status is ObjectStatus.RETIRED}
    edges: defaultdict[int, list[int]] = defaultdict(list)
    for dependent, needed_object in dependencies:
        if dependent not in idle:
            edges[dependent].append(needed_object)
    return edges


def _wishes(
    session: Session, organisation: uuid.UUID, rows: Collection[Any], within: Collection[uuid.UUID] | None
) -> dict[SecurityValue, dict[int, Wish]]:
    rated = _by_parent(session, organisation, within, DamageRating, *VALUES.values())
    adjusted = _by_parent(session, organisation, within, NeedAdjustment, "value", "effect", "need", "reason")
    detailed = rated.keys() | adjusted.keys()
    wishes: dict[SecurityValue, dict[int, Wish]] = {}
    for value, name in VALUES.items():
        levels = {need: Wish(number) for number, need in enumerate(LEVELS)}
        own = attrgetter(name)
        wishes[value] = {row.number: levels[own(row)] for row in rows}
        for row in rows:
            if row.id in detailed:
                needs = map(own, (row, *rated.get(row.id, ())))
                wishes[value][row.number] = _wish(value, needs, adjusted.get(row.id, ()))
    return wishes


def _by_parent(
    session: Session, organisation: uuid.UUID, ids: Collection[uuid.UUID] | None, part: Any, *names: str
) -> dict[uuid.UUID, list[Any]]:
    """The rows of the class *part* by the object they belong to; *ids* limits it to some objects."""
    columns = [getattr(part, name) for name in names]
    query = select(part.parent_id, *columns).where(part.organisation_id == organisation)
    if ids is not None:
        query = query.where(part.parent_id.in_(ids))
    found: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for row in session.execute(query.order_by(part.parent_id, part.position)):
        found[row.parent_id].append(row)
    return found


def _wish(value: SecurityValue, own: Iterable[ProtectionNeed | None], adjusted: Iterable[Any]) -> Wish:
    """What is determined for one object; a lowering that nobody has given a reason for lowers nothing."""
    raising, lowering = [0], [HIGHEST]
    for row in adjusted:
        if row.value is not value or row.need is None:
            continue
        if row.effect is Effect.CUMULATION:
            raising.append(level(row.need))
        elif row.effect is Effect.DISTRIBUTION and row.reason:
            lowering.append(level(row.need))
    return Wish(max(map(level, own)), max(raising), min(lowering))


# --- In the same transaction ---------------------------------------------------------------------


def settle_needs(session: Session, touched: Touched) -> None:
    """Settles the needs that may have changed with what was saved: there, and on whatever that depends."""
    for organisation, start in _concerned(session, touched).items():
        within = reached(session, organisation, start, at_most=_FEW)
        settle(session, organisation, TargetObject, survey(session, organisation, within).changed())


def settle_all_needs(session: Session, organisation: uuid.UUID) -> None:
    """Settles the needs of *organisation*, whatever was stored so far."""
    settle(session, organisation, TargetObject, survey(session, organisation).changed())


def _concerned(session: Session, touched: Touched) -> dict[uuid.UUID, set[uuid.UUID]]:
    """By organisation, the objects where another need than before may begin."""
    rows_changed = {
        part.parent_id
        for part in (*session.new, *session.dirty, *session.deleted)
        if isinstance(part, DamageRating | NeedAdjustment)
    }
    found: defaultdict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for thing, action in touched.items():
        if isinstance(thing, TargetObject):
            found[thing.organisation_id] |= _moved_ends(thing, action)
            if action is Action.CREATE or thing.id in rows_changed or _decides(thing):
                found[thing.organisation_id].add(thing.id)
    return {organisation: start for organisation, start in found.items() if start}


def _moved_ends(target: TargetObject, action: Action) -> set[uuid.UUID]:
    """What *target* depends on only now, or no longer."""
    history = inspect(target).attrs["depends_on"].history
    ends = history.sum() if action is Action.DELETE else (*(history.added or ()), *(history.deleted or ()))
    return {end.id for end in ends}


def _decides(target: TargetObject) -> bool:
    state = inspect(target)
    return any(state.attrs[name].history.has_changes() for name in _DECIDING)


# --- Where a need comes from ---------------------------------------------------------------------


@dataclass(frozen=True)
class Reason:
    """Why a need was determined, under which damage scenario if one was named."""

    text: str
    scenario: Scenario | None = None


@dataclass(frozen=True)
class Origin:
    """One need of one object, and where it comes from."""

    value: SecurityValue
    need: ProtectionNeed | None
    cause: Cause
    through: tuple[Any, ...] = ()
    """The objects from which it was inherited, from the next one to the one where it began."""
    otherwise: ProtectionNeed | None = None
    """What the need would be without the distribution effect."""
    began: Cause = Cause.UNKNOWN
    """Why the object where it began has it."""
    reasons: tuple[Reason, ...] = ()
    """Why, in the words of the object where it began."""

    @property
    def says(self) -> Text:
        """Where the need comes from and why, in one sentence."""
        said, because = self.comes_from, self.because
        return Text(f"{said.de}: {because.de}", f"{said.en}: {because.en}") if because.de else said

    @property
    def comes_from(self) -> Text:
        """The need and where it comes from."""
        words = {"need": self.need.text if self.need else _NONE, "path": _path(self.through)}
        words |= {"otherwise": self.otherwise.text if self.otherwise else _NONE}
        return _SAYS[self.cause, bool(self.through)].format(**words)

    @property
    def because(self) -> Text:
        """Why, in the words of the object where it began; empty where nobody said so."""
        said = [_because(reason) for reason in self.reasons]
        return Text("; ".join(each.de for each in said), "; ".join(each.en for each in said))


def _because(reason: Reason) -> Text:
    """The scenario and what was written, ready to stand in a row of reasons."""
    words = reason.text.rstrip(".")
    if reason.scenario is None or not words:
        return reason.scenario.text if reason.scenario else Text(words, words)
    return Text(f"{reason.scenario.text.de} ({words})", f"{reason.scenario.text.en} ({words})")


def _path(through: Sequence[Any]) -> Text:
    """The objects on the way, the one where it began first."""
    if not through:
        return Text("", "")
    *between, start = (f"{TargetObject.designate(row.number)} {row.name}".strip() for row in through)
    if not between:
        return Text(start, start)
    stops = ", ".join(reversed(between))
    return Text(f"{start} über {stops}", f"{start} via {stops}")


_NONE: Final = Text("nicht bestimmt", "not determined")
_SAYS: Final = {
    (Cause.UNKNOWN, False): Text("Nicht bestimmt", "Not determined"),
    (Cause.OWN, False): Text("{need}, für dieses Objekt selbst", "{need}, for this object itself"),
    (Cause.INHERITED, True): Text("{need}, geerbt von {path}", "{need}, inherited from {path}"),
    (Cause.RAISED, False): Text("{need} durch Kumulation", "{need} by cumulation"),
    (Cause.LOWERED, False): Text(
        "{need} durch Verteilung, sonst {otherwise}", "{need} by distribution, otherwise {otherwise}"
    ),
    (Cause.LOWERED, True): Text(
        "{need} durch Verteilung, sonst {otherwise} von {path}",
        "{need} by distribution, otherwise {otherwise} from {path}",
    ),
}


def explain(
    session: Session, organisation: uuid.UUID, landscape: Landscape, numbers: Collection[int]
) -> dict[int, tuple[Origin, ...]]:
    """For each object with one of *numbers*, where its three needs come from."""
    ways = {
        (number, value): tuple(way(landscape.found[value], number)) for number in numbers for value in VALUES
    }
    named = {landscape.objects[(number, *path)[-1]].id for (number, _value), path in ways.items()}
    words = _Words.of(session, organisation, named | {landscape.objects[number].id for number in numbers})
    return {
        number: tuple(_origin(landscape, number, value, ways[number, value], words) for value in VALUES)
        for number in numbers
    }


def _origin(
    landscape: Landscape, number: int, value: SecurityValue, path: Sequence[int], words: _Words
) -> Origin:
    found = landscape.found[value][number]
    start = path[-1] if path else number
    # What was lowered here is explained here.
    told = number if found.cause is Cause.LOWERED else start
    began = landscape.found[value][told]
    return Origin(
        value,
        LEVELS[found.level],
        found.cause,
        tuple(landscape.objects[step] for step in path),
        LEVELS[found.otherwise],
        began.cause,
        tuple(words.reasons(landscape.objects[told].id, value, began)),
    )


@dataclass(frozen=True)
class _Words:
    """The reasons that were written down for some objects."""

    rated: Mapping[uuid.UUID, Sequence[Any]]
    adjusted: Mapping[uuid.UUID, Sequence[Any]]
    plain: Mapping[uuid.UUID, Any]

    @classmethod
    def of(cls, session: Session, organisation: uuid.UUID, ids: Collection[uuid.UUID]) -> _Words:
        columns = [getattr(TargetObject, name) for name in ("id", "need_reason", *VALUES.values())]
        query = select(*columns).where(TargetObject.organisation_id == organisation, TargetObject.id.in_(ids))
        return cls(
            _by_parent(session, organisation, ids, DamageRating, "scenario", *VALUES.values(), "reason"),
            _by_parent(session, organisation, ids, NeedAdjustment, "value", "effect", "need", "reason"),
            {row.id: row for row in session.execute(query)},
        )

    def reasons(self, identity: uuid.UUID, value: SecurityValue, found: Effective) -> Iterator[Reason]:
        match found.cause:
            case Cause.OWN:
                yield from self._own(identity, VALUES[value], LEVELS[found.level])
            case Cause.RAISED:
                yield from self._adjusted(identity, value, Effect.CUMULATION)
            case Cause.LOWERED:
                yield from self._adjusted(identity, value, Effect.DISTRIBUTION)
            case _:
                pass

    def _own(self, identity: uuid.UUID, name: str, need: ProtectionNeed | None) -> Iterator[Reason]:
        for row in self.rated.get(identity, ()):
            if getattr(row, name) is need:
                yield Reason(row.reason, row.scenario)
        plain = self.plain[identity]
        if getattr(plain, name) is need and plain.need_reason:
            yield Reason(plain.need_reason)

    def _adjusted(self, identity: uuid.UUID, value: SecurityValue, effect: Effect) -> Iterator[Reason]:
        for row in self.adjusted.get(identity, ()):
            if row.value is value and row.effect is effect and row.reason:
                yield Reason(row.reason)


# --- One information domain ----------------------------------------------------------------------


@dataclass(frozen=True)
class Rated:
    """One target object with its three needs and where they come from."""

    target: TargetObject
    origins: tuple[Origin, ...]

    @property
    def overall(self) -> ProtectionNeed | None:
        return highest(origin.need for origin in self.origins)

    @property
    def together(self) -> list[tuple[tuple[SecurityValue, ...], Origin]]:
        """The origins, those that say the same of several values in one."""
        grouped: dict[Origin, list[SecurityValue]] = {}
        for origin in self.origins:
            grouped.setdefault(replace(origin, value=SecurityValue.CONFIDENTIALITY), []).append(origin.value)
        return [(tuple(values), origin) for origin, values in grouped.items()]


def rated(session: Session, organisation: uuid.UUID, ids: Collection[uuid.UUID]) -> list[Rated]:
    """The objects with these *ids*, whole, and their needs; ended ones left out, by running number."""
    query = select(TargetObject).where(TargetObject.id.in_(ids), TargetObject.state != State.ENDED)
    query = query.order_by(TargetObject.number).options(*everything(TargetObject))
    found = session.scalars(query).all()
    origins = explain(session, organisation, survey(session, organisation), [one.number for one in found])
    return [Rated(one, origins[one.number]) for one in found]
