"""Measures of the register in a plan of action in OSCAL, and back again.

A measure is known by its UUID in the installation that wrote the plan, elsewhere by its name. Reading gives
back exactly what was written, and the same plan a second time changes nothing.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.oscal import Node, refusal, shortened, string
from assessments.grundschutz.oscal_outcomes import day_in, own_props, term_in, text_in
from assessments.grundschutz.oscal_writing import one_line, prop, stable
from compliance.access import Identity, Permission, demand
from compliance.entry import Entry, State, everything
from compliance.fields import (
    Choice,
    Choices,
    Day,
    Kind,
    Line,
    Prose,
    Reference,
    References,
    fields,
    in_order,
    is_empty,
)
from compliance.language import Text
from registers.measures import IN_EFFECT, Measure, requirement_ids
from registers.objects import TargetObject

_CARRIED: Final[Mapping[str, Kind]] = {
    name: spec for name, spec in fields(Measure).items() if not spec.fixed and not isinstance(spec, Reference)
}
"""What a document says of a measure: everything that people fill in, except whose it is."""
_NAME: Final = "registered-as"
"""The property that tells a measure of the register from everything else in a document."""
_LARGEST: Final = 2_147_483_647


@dataclass(frozen=True)
class Told:
    """A measure as a document tells of it."""

    identity: str
    """The UUID by which the document calls it."""
    called: str
    """Running number and name."""
    values: Mapping[str, Any]
    """By the name of the field; other entries by what they are called."""

    @property
    def is_in_effect(self) -> bool:
        """Whether it protects anything yet."""
        return self.values["progress"] in IN_EFFECT

    @property
    def requirements(self) -> tuple[str, ...]:
        """The identifiers of the requirements for which it stands."""
        return requirement_ids(self.values["requirements"])

    def covers(self, place: str) -> bool:
        """Whether it stands for its requirements at the target object called *place*."""
        return not self.values["objects"] or place in self.values["objects"]


def measure_id(domain: InformationDomain, identity: uuid.UUID) -> str:
    """The UUID by which documents about *domain* call the measure with that id."""
    return stable(domain.organisation_id, domain.id, "measure", identity)


def register_of(session: Session, domain: InformationDomain) -> dict[str, Measure]:
    """Every measure of the authority's own, loaded whole, by the UUID that documents use; by number."""
    query = select(Measure).where(Measure.library.is_not(True)).order_by(Measure.number)
    found = session.scalars(query.options(*everything(Measure)))
    return {measure_id(domain, each.id): each for each in found}


def told(measure: Measure, identity: str) -> Told:
    """*measure* as a document tells of it."""
    values = {name: _held(spec, getattr(measure, name)) for name, spec in _CARRIED.items()}
    return Told(identity, one_line(measure), values)


def _held(spec: Kind, value: Any) -> Any:
    return tuple(sorted(map(one_line, value))) if isinstance(spec, References) else value


# --- As properties, and back ---------------------------------------------------------------------


def facts(measure: Told) -> list[dict[str, str]]:
    """The properties that carry a measure."""
    said = [name_of(measure)]
    for name, spec in _CARRIED.items():
        value = measure.values[name]
        if is_empty(value):
            continue
        text = _written(spec, value)
        said.append(prop(_label(name), text, text if isinstance(spec, Line | Prose | References) else ""))
    return said


def name_of(measure: Told) -> dict[str, str]:
    """The property that says which measure something is about."""
    return prop(_NAME, measure.called)


def is_measure(thing: object) -> bool:
    """Whether *thing*, of a document of ours, is about a measure of the register."""
    props = thing.get("props") if isinstance(thing, dict) else None
    return isinstance(props, list) and any(
        isinstance(each, dict) and each.get("name") == _NAME for each in props
    )


def told_in(item: Node, place: str) -> Told | None:
    """The measure that *item* tells of, if any. Raises UnreadableCatalogue, naming *place*."""
    said = own_props(item, place)
    if _NAME not in said:
        return None
    values = {
        name: _read(spec, *said.get(_label(name), ("", "")), f"{place}.props ({_label(name)})")
        for name, spec in _CARRIED.items()
    }
    return Told(string(item, "uuid", place, required=True), said[_NAME][0], values)


def _label(name: str) -> str:
    return name.replace("_", "-")


def _written(spec: Kind, value: Any) -> str:
    match spec:
        case Choice():
            return str(value.name)
        case Choices():
            return " ".join(each.name for each in in_order(spec.words, value))
        case References():
            return "\n".join(value)
        case _:
            return str(value)


def _read(spec: Kind, value: str, remarks: str, place: str) -> Any:
    match spec:
        case Line() | Prose():
            return text_in(spec, remarks or value, place)
        case References():
            return tuple(sorted({one_line(each) for each in (remarks or value).splitlines() if each.strip()}))
        case Choices():
            return in_order(spec.words, [term_in(spec.words, name, place) for name in value.split()])
        case Choice():
            return term_in(spec.words, value, place) if value else None
        case Day():
            return day_in(value, place) if value else None
        case _:
            return _number(value, place) if value else None


def _number(value: str, place: str) -> int:
    if value.isascii() and value.isdigit() and len(value) <= len(str(_LARGEST)) and int(value) <= _LARGEST:
        return int(value)
    raise refusal(
        "Bei {place} steht „{value}“, das ist keine ganze Zahl ab null.",
        "At {place} there is “{value}”, which is no whole number from zero.",
        place=shortened(place),
        value=shortened(value),
    )


# --- Beside the register -------------------------------------------------------------------------

E = TypeVar("E", bound=Entry)


def sought(called: str, entries: Iterable[E]) -> E:
    """The one of *entries* that is *called* so: by number and name, or else by a name that only one has.

    Raises KeyError where there is none.
    """
    name = called.partition(" ")[2]
    known = list(entries)
    for found in (
        [each for each in known if one_line(each) == called],
        [each for each in known if one_line(each.name) == name],
    ):
        if len(found) == 1:
            return found[0]
    raise KeyError(called)


@dataclass(frozen=True)
class MeasureChange:
    """A measure that would say something else, or would be new."""

    told: Told
    before: Told | None
    measure: Measure | None

    @property
    def parts(self) -> Iterator[tuple[Kind, Any, Any]]:
        """Each field that would change, with what it holds and what it would hold."""
        for name, spec in _CARRIED.items():
            before = self.before.values[name] if self.before else None
            after = self.told.values[name]
            if before != after and not (is_empty(before) and is_empty(after)):
                yield spec, before, after


@dataclass(frozen=True)
class MeasurePlan:
    """What taking over the measures of a document would do; everything goes by the names of here."""

    changes: tuple[MeasureChange, ...] = ()
    unchanged: int = 0
    obstacles: tuple[Text, ...] = ()
    register: tuple[Told, ...] = ()
    """Every measure as it would stand then."""
    called: Mapping[str, str] = field(default_factory=dict)
    """What the measures of the document will be called here, by what it calls them."""
    entries: Mapping[str, Entry] = field(default_factory=dict)
    """The measures and target objects that are here already, by what they will be called."""


def plan_measures(session: Session, domain: InformationDomain, found: Sequence[Told]) -> MeasurePlan:
    """What *found* would change in the register of measures."""
    if not found:
        return MeasurePlan()
    shelf = _Shelf(session, domain, found)
    here = [shelf.translated(each) for each in found]
    if shelf.obstacles:
        return MeasurePlan(obstacles=tuple(dict.fromkeys(shelf.obstacles)))
    standing = {identity: told(each, identity) for identity, each in shelf.register.items()}
    changes = [
        MeasureChange(each, before, shelf.register.get(each.identity))
        for each in here
        if (before := standing.get(each.identity)) is None or before.values != each.values
    ]
    kept = {
        identity: each
        for identity, each in standing.items()
        if shelf.register[identity].state is not State.ENDED
    }
    future = kept | {each.identity: each for each in here}
    names = {before.called: future[identity].called for identity, before in kept.items()}
    return MeasurePlan(
        changes=tuple(changes),
        unchanged=len(here) - len(changes),
        register=tuple(_renamed(each, names) for each in future.values()),
        called=shelf.called,
        entries=shelf.entries,
    )


def _renamed(measure: Told, names: Mapping[str, str]) -> Told:
    """*measure* with what it waits for under its new name."""
    after = tuple(sorted(names.get(each, each) for each in measure.values["depends_on"]))
    return replace(measure, values={**measure.values, "depends_on": after})


class _Shelf:
    """The register as it stands, and what a document and the register call the same things."""

    def __init__(self, session: Session, domain: InformationDomain, found: Sequence[Told]) -> None:
        self.session = session
        self.register = register_of(session, domain)
        self.obstacles: list[Text] = []
        self.meant = {each.identity: self._meant(each) for each in found}
        self.called = {each.called: self._called_here(each) for each in found}
        self.entries: dict[str, Entry] = {one_line(each): each for each in self.register.values()}
        for each in found:
            measure = self.register.get(self.meant[each.identity])
            if measure is not None:
                self.entries[self.called[each.called]] = measure
        self._look_for_obstacles(found)

    def translated(self, each: Told) -> Told:
        """*each* by the names and UUIDs of here; what is not known here becomes an obstacle."""
        values = dict(each.values)
        values["objects"] = self._all(values["objects"], self._object, _NO_OBJECT)
        values["depends_on"] = self._all(values["depends_on"], self._measure, _NO_MEASURE)
        return Told(self.meant[each.identity], self.called[each.called], values)

    def _meant(self, each: Told) -> str:
        """The UUID of the measure here, or that of the document where it would be new."""
        if each.identity in self.register:
            return each.identity
        identities = {measure.id: identity for identity, measure in self.register.items()}
        try:
            return identities[sought(each.called, self.register.values()).id]
        except KeyError:
            return each.identity

    def _called_here(self, each: Told) -> str:
        measure = self.register.get(self.meant[each.identity])
        number = measure.designation if measure is not None else each.called.partition(" ")[0]
        return one_line(f"{number} {each.values['name']}")

    def _look_for_obstacles(self, found: Sequence[Told]) -> None:
        before: dict[str, Told] = {}
        for each in found:
            identity = self.meant[each.identity]
            other = before.setdefault(identity, each)
            if other is not each:
                names = {"one": shortened(other.called), "other": shortened(each.called)}
                self.obstacles.append(_ONE_MEASURE.format(**names))
            if identity in self.register and self.register[identity].state is State.ENDED:
                self.obstacles.append(_ENDED.format(measure=shortened(self.called[each.called])))

    def _all(self, names: Sequence[str], find: Callable[[str], str], unknown: Text) -> tuple[str, ...]:
        found = []
        for name in names:
            try:
                found.append(find(name))
            except KeyError:
                self.obstacles.append(unknown.format(name=shortened(name)))
        return tuple(sorted(found))

    def _measure(self, name: str) -> str:
        return self.called[name] if name in self.called else one_line(sought(name, self.register.values()))

    def _object(self, name: str) -> str:
        number, _space, bare = name.partition(" ")
        digits = number.removeprefix(f"{TargetObject.prefix}-")
        meant = TargetObject.name == bare
        if digits.isascii() and digits.isdigit() and len(digits) < len(str(_LARGEST)):
            meant = or_(meant, TargetObject.number == int(digits))
        found = sought(name, self.session.scalars(select(TargetObject).where(meant)).all())
        self.entries[one_line(found)] = found
        return one_line(found)


# --- Taking over ---------------------------------------------------------------------------------


def demand_measures(planned: MeasurePlan, *, by: Identity) -> None:
    """Raises Forbidden unless the person may change and draw up what is *planned*."""
    for each in planned.changes:
        if each.measure is None:
            demand(by, Permission.CREATE, Measure)
        else:
            demand(by, Permission.EDIT, each.measure)


def store_measures(session: Session, domain: InformationDomain, planned: MeasurePlan) -> None:
    """Stores what is *planned*; measures that are new belong to the unit of *domain*."""
    entries = dict(planned.entries)
    stored = []
    for each in planned.changes:
        measure = each.measure or Measure(name=each.told.values["name"], unit=domain.unit)
        entries[each.told.called] = measure
        stored.append((measure, each))
        session.add(measure)
    for measure, each in stored:
        for name, spec in _CARRIED.items():
            value = each.told.values[name]
            if isinstance(spec, References):
                value = [entries[called] for called in value]
            if getattr(measure, name) != value:
                setattr(measure, name, value)


_ENDED: Final = Text(
    "Die Maßnahme „{measure}“ ist hier beendet. Nehmen Sie sie zuerst wieder auf.",
    "The measure “{measure}” is ended here. Take it up again first.",
)
_ONE_MEASURE: Final = Text(
    "„{one}“ und „{other}“ sind hier dieselbe Maßnahme.",
    "“{one}” and “{other}” are the same measure here.",
)
_NO_OBJECT: Final = Text(
    "Das Zielobjekt „{name}“, für das eine Maßnahme gilt, gibt es nicht, oder mehrere heißen so.",
    "The target object “{name}” of a measure does not exist, or several have that name.",
)
_NO_MEASURE: Final = Text(
    "Die Maßnahme „{name}“, auf die eine andere wartet, gibt es nicht, oder mehrere heißen so.",
    "The measure “{name}” for which another one waits does not exist, or several have that name.",
)
