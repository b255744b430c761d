"""Which requirements are met by everything that an activity, or an impact assessment, stands on.

Only answers „ja“ count, and only of the objects used: those an activity names, and
downward whatever they depend on, systems, networks and rooms. A module that is applied to
an information domain as a whole counts where one of these objects belongs to the domain.
A requirement that is asked in several places is met only if it is met in each of them, and
none of which one sentence speaks together with another that is not met.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, inspect, or_, select
from sqlalchemy.orm import Session

from assessments.described.wording import module_of, together_with
from assessments.dpia.dpia import Dpia
from assessments.grundschutz.check import RequirementAnswer, Status, applicable
from assessments.grundschutz.domain import Extent, InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.modelling import Assignment
from compliance.entry import Entry, State
from registers.objects import ObjectStatus, TargetObject
from registers.processing import ProcessingActivity


@dataclass(frozen=True, order=True)
class Place:
    """Where a requirement was checked: at an object, or for an information domain as a whole."""

    designation: str
    name: str

    def __str__(self) -> str:
        return f"{self.designation} {self.name}".strip()


@dataclass(frozen=True)
class Met:
    """One requirement that is met wherever it is asked."""

    places: tuple[Place, ...]
    checked_on: date | None
    """The day of the latest of the answers."""


@dataclass(frozen=True)
class Basis:
    """What the check says of everything that one entry stands on."""

    objects: tuple[Place, ...] = ()
    """The objects used, by running number."""
    met: Mapping[str, Met] = field(default_factory=dict)
    held_back: tuple[str, ...] = ()
    """Requirements that are met, but not everywhere, or not with all that goes with them: nothing is said."""


NOTHING: Final = Basis()


def basis_of(session: Session, entry: Entry) -> Basis:
    """What the check says of everything that *entry* stands on; a constant number of queries."""
    found = bases(session, type(entry), entry.organisation_id, [entry.id])
    return found.get(entry.id, NOTHING)


def bases(
    session: Session,
    model: type[Entry],
    organisation: uuid.UUID,
    ids: Collection[uuid.UUID],
    only: Collection[str] | None = None,
) -> dict[uuid.UUID, Basis]:
    """The same for many entries of *model* by id; *only* limits it to some requirements."""
    used: defaultdict[uuid.UUID, dict[uuid.UUID, Place]] = defaultdict(dict)
    for row in session.execute(_used(model), {"organisation": organisation, "ids": ids}):
        used[row.owner][row.id] = Place(TargetObject.designate(row.number), row.name)
    places = {identity: place for each in used.values() for identity, place in each.items()}
    checked = _checked(session, places, only)
    return {owner: basis(objects, checked) for owner, objects in used.items()}


def standing_on(model: type[Entry]) -> Select[Any]:
    """The ids of the entries of *model* that stand on what some modules are assigned to.

    Asks for ``organisation`` and the ids of the ``assignments``. Names some entries more: those
    that stand on it only through something out of use.
    """
    on, objects = _links(TargetObject, "depends_on"), _links(ProcessingActivity, "objects")
    members, activities = _links(InformationDomain, "objects"), _links(Dpia, "activities")
    organisation: Any = bindparam("organisation")
    chosen = Assignment.id.in_(bindparam("assignments", expanding=True))
    whole_domains = select(Assignment.domain_id).where(chosen, Assignment.target_id.is_(None))
    in_domains = select(members.c.target_id).where(
        members.c.organisation_id == organisation, members.c.source_id.in_(whole_domains)
    )
    at = or_(
        TargetObject.id.in_(select(Assignment.target_id).where(chosen)),
        TargetObject.id.in_(in_domains),
    )
    found = select(TargetObject.id).where(TargetObject.organisation_id == organisation, at)
    above = found.cte("above", recursive=True)
    above = above.union(
        select(on.c.source_id).where(on.c.organisation_id == organisation, on.c.target_id == above.c.id)
    )
    named = select(objects.c.source_id).where(
        objects.c.organisation_id == organisation, objects.c.target_id.in_(select(above.c.id))
    )
    if model is ProcessingActivity:
        return named
    return select(activities.c.source_id).where(
        activities.c.organisation_id == organisation, activities.c.target_id.in_(named)
    )


def _links(model: type[Entry], name: str) -> Any:
    return inspect(model).relationships[name].secondary


# --- What is used --------------------------------------------------------------------------------


_ORGANISATION: Final[Any] = bindparam("organisation")


@cache
def _used(model: type[Entry]) -> Select[Any]:
    """Each entry of ``ids`` with every object it stands on; what is out of use leads nowhere."""
    named = _named_by(model).cte("used", recursive=True)
    on = _links(TargetObject, "depends_on")
    further = (
        select(named.c.owner, on.c.target_id)
        .join(on, and_(on.c.source_id == named.c.object, on.c.organisation_id == _ORGANISATION))
        .join(TargetObject, and_(TargetObject.id == on.c.source_id, _in_use()))
    )
    # A union keeps each pair once, so that cycles end.
    used = named.union(further)
    both = and_(TargetObject.id == used.c.object, _in_use())
    found = select(used.c.owner, TargetObject.id, TargetObject.number, TargetObject.name)
    return found.join(TargetObject, both).order_by(TargetObject.number)


def _named_by(model: type[Entry]) -> Select[Any]:
    objects = _links(ProcessingActivity, "objects")
    ids: Any = bindparam("ids", expanding=True)
    if model is ProcessingActivity:
        named = select(objects.c.source_id.label("owner"), objects.c.target_id.label("object"))
        return named.where(objects.c.organisation_id == _ORGANISATION, objects.c.source_id.in_(ids))
    activities = _links(Dpia, "activities")
    both = and_(
        objects.c.source_id == activities.c.target_id,
        objects.c.organisation_id == activities.c.organisation_id,
    )
    named = select(activities.c.source_id.label("owner"), objects.c.target_id.label("object"))
    named = named.join(objects, both)
    return named.where(activities.c.organisation_id == _ORGANISATION, activities.c.source_id.in_(ids))


def _in_use() -> Any:
    return and_(
        TargetObject.organisation_id == _ORGANISATION,
        TargetObject.state != State.ENDED,
        or_(TargetObject.status.is_(None), TargetObject.status != ObjectStatus.RETIRED),
    )


# --- What is answered ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Checked:
    """What one assigned module says: which of what it asks is met, and which is not."""

    target: uuid.UUID | None
    domain: uuid.UUID
    place: Place
    met: Mapping[str, date | None]
    unmet: frozenset[str]


@dataclass(frozen=True)
class Check:
    """Every module that applies to some objects."""

    domains: Mapping[uuid.UUID, frozenset[uuid.UUID]]
    """The objects of each information domain."""
    modules: Sequence[Checked]

    def concerning(self, objects: Collection[uuid.UUID]) -> Iterable[Checked]:
        mine = {domain for domain, members in self.domains.items() if not members.isdisjoint(objects)}
        for one in self.modules:
            if one.domain in mine and (one.target is None or one.target in objects):
                yield one


def _checked(session: Session, places: Mapping[uuid.UUID, Place], only: Collection[str] | None) -> Check:
    domains = _domains(session, places) if places else {}
    assigned = _assigned(session, places, domains, only) if domains else ()
    answers = _answers(session, [row.id for row in assigned], only) if assigned else {}
    modules = (_one_checked(row, places, answers.get(row.id, {}), only) for row in assigned)
    return Check(domains, tuple(modules))


def _domains(session: Session, objects: Collection[uuid.UUID]) -> dict[uuid.UUID, frozenset[uuid.UUID]]:
    found: defaultdict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for domain, target in session.execute(_members(), {"objects": objects}):
        found[domain].add(target)
    return {domain: frozenset(some) for domain, some in found.items()}


@cache
def _members() -> Select[Any]:
    """The information domains with those of their ``objects``."""
    members = _links(InformationDomain, "objects")
    both = and_(
        members.c.source_id == InformationDomain.id,
        members.c.organisation_id == InformationDomain.organisation_id,
    )
    return (
        select(InformationDomain.id, members.c.target_id)
        .join(members, both)
        .where(members.c.target_id.in_(_OBJECTS), InformationDomain.state != State.ENDED)
    )


_OBJECTS: Final[Any] = bindparam("objects", expanding=True)

_ASSIGNED: Final = (
    select(
        Assignment.id,
        Assignment.module_id,
        Assignment.target_id,
        Assignment.domain_id,
        InformationDomain.approach,
        InformationDomain.profile_asks,
        InformationDomain.catalogue,
        InformationDomain.number,
        InformationDomain.name,
    )
    .join(InformationDomain, InformationDomain.id == Assignment.domain_id)
    .where(
        Assignment.domain_id.in_(bindparam("domains", expanding=True)),
        Assignment.relevant.is_not(False),
        or_(Assignment.target_id.is_(None), Assignment.target_id.in_(_OBJECTS)),
    )
)


def _assigned(
    session: Session,
    objects: Collection[uuid.UUID],
    domains: Mapping[uuid.UUID, frozenset[uuid.UUID]],
    only: Collection[str] | None,
) -> list[Any]:
    query = _ASSIGNED
    if only is not None:
        query = query.where(Assignment.module_id.in_({module_of(requirement) for requirement in only}))
    # A module may still be assigned to what has left the domain.
    return [
        row
        for row in session.execute(query, {"domains": domains, "objects": objects})
        if row.target_id is None or row.target_id in domains[row.domain_id]
    ]


_ANSWERS: Final = select(
    RequirementAnswer.assignment_id,
    RequirementAnswer.requirement_id,
    RequirementAnswer.status,
    RequirementAnswer.adopted,
    RequirementAnswer.answered_on,
).where(
    RequirementAnswer.assignment_id.in_(bindparam("assigned", expanding=True)),
    or_(RequirementAnswer.status == Status.YES, RequirementAnswer.adopted.is_(True)),
)


def _answers(
    session: Session, assigned: Collection[uuid.UUID], only: Collection[str] | None
) -> Mapping[uuid.UUID, Mapping[str, Any]]:
    """What was answered about the modules *assigned*, by requirement."""
    query = _ANSWERS if only is None else _ANSWERS.where(RequirementAnswer.requirement_id.in_(only))
    answers: defaultdict[uuid.UUID, dict[str, Any]] = defaultdict(dict)
    for row in session.execute(query, {"assigned": assigned}):
        answers[row.assignment_id][row.requirement_id] = row
    return answers


def _one_checked(
    row: Any, places: Mapping[uuid.UUID, Place], answers: Mapping[str, Any], only: Collection[str] | None
) -> Checked:
    adopted = frozenset(each for each, answer in answers.items() if answer.adopted)
    asked = _asked(Extent(row.approach, row.profile_asks, row.catalogue), row.module_id, adopted)
    if only is not None:
        asked = asked.intersection(only)
    met = {
        each: answer.answered_on
        for each, answer in answers.items()
        if answer.status is Status.YES and each in asked
    }
    whole = Place(InformationDomain.designate(row.number), row.name)
    place = places[row.target_id] if row.target_id else whole
    return Checked(row.target_id, row.domain_id, place, met, asked - met.keys())


@lru_cache(maxsize=512)
def _asked(extent: Extent, module_id: str, adopted: frozenset[str]) -> frozenset[str]:
    """The ids of what is asked; the same modules stand at object after object."""
    return frozenset(requirement.id for requirement in applicable(extent, module_id, adopted))


def basis(objects: Mapping[uuid.UUID, Place], check: Check) -> Basis:
    """What *check* says of *objects*: nothing of what one of them asks and does not meet."""
    where: defaultdict[str, set[Place]] = defaultdict(set)
    days: defaultdict[str, list[date]] = defaultdict(list)
    unmet: set[str] = set()
    for one in check.concerning(objects.keys()):
        unmet |= one.unmet
        for requirement, day in one.met.items():
            where[requirement].add(one.place)
            days[requirement] += [day] if day else []
    ordered = [one.id for one in edition_2023().requirements if one.id in where]
    doubtful = together_with(unmet)
    met = {
        each: Met(tuple(sorted(where[each])), max(days[each], default=None))
        for each in ordered
        if each not in doubtful
    }
    held_back = tuple(each for each in ordered if each in doubtful)
    return Basis(tuple(objects.values()), met, held_back)
