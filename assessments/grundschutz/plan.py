"""The implementation plan (Realisierungsplan) of an information domain, BSI standard 200-2.

It is not a list of its own: what the check found unmet and what the risk analysis wants
done is looked up in the register of measures. A measure stands for a requirement that it
names, at all objects or at those to which it is limited.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from assessments.grundschutz.check import UNMET, RequirementAnswer, Status, is_borrowed
from assessments.grundschutz.costs import Cost, Costed
from assessments.grundschutz.domain import InformationDomain, knows_risk_analysis
from assessments.grundschutz.kompendium import Level, Order, Requirement, edition_2023, reading_order
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.plan_controls import ControlShortfall, planned_controls
from assessments.grundschutz.risk_analysis import (
    AnalysedThreat,
    Relevance,
    RiskAnalysis,
    Treatment,
    elementary,
)
from assessments.grundschutz.schedule import Job, Slot, circles, scheduled
from compliance.database import today
from compliance.entry import State
from registers.measures import IN_EFFECT, Measure, Priority, Progress, requirement_ids
from registers.objects import TargetObject

TREATED: Final = (Treatment.AVOID, Treatment.REDUCE, Treatment.TRANSFER)
"""The treatments of a risk that leave something to be done."""


# --- What has to be done -------------------------------------------------------------------------


@dataclass(frozen=True)
class Shortfall:
    """A requirement that is not met, or only in part, at one object or in the domain as a whole."""

    answer_id: uuid.UUID
    version: int
    assignment_id: uuid.UUID
    requirement: Requirement
    status: Status
    target_id: uuid.UUID | None
    place: str
    """Running number of the target object, or of the domain."""
    name: str
    """What the target object or the domain is called."""
    to_do: str
    """What the check noted as still to be done."""
    responsible: str
    due: date | None
    is_borrowed: bool
    """Whether the answer is taken over from elsewhere, and changed there only."""


@dataclass(frozen=True)
class Treated:
    """A risk that is to be avoided, reduced or transferred."""

    analysis: int
    """Running number of the risk analysis."""
    about: str
    """What was analysed."""
    key: str
    title: str
    treatment: Treatment
    reason: str

    @property
    def designation(self) -> str:
        return f"{RiskAnalysis.designate(self.analysis)}/{self.key}"


@dataclass(frozen=True)
class Work:
    """A measure of the register, as far as a plan speaks of it."""

    number: int
    name: str
    description: str
    state: State
    progress: Progress | None
    responsible: str
    planned_from: date | None
    planned_until: date | None
    implemented_on: date | None
    evidence: str
    priority: Priority | None
    budget: str
    cost: Cost | None
    """``None`` where nobody has estimated any of it."""
    requirements: tuple[str, ...]
    objects: frozenset[uuid.UUID] = frozenset()
    after: tuple[int, ...] = ()

    @property
    def designation(self) -> str:
        return Measure.designate(self.number)

    def __str__(self) -> str:
        return f"{self.designation} {self.name}".strip()

    @property
    def is_in_effect(self) -> bool:
        return self.progress in IN_EFFECT

    def covers(self, target_id: uuid.UUID | None) -> bool:
        """As :meth:`registers.measures.Measure.covers`."""
        return not self.objects or target_id in self.objects


@dataclass(frozen=True, order=True)
class Rank:
    """The place of a requirement in the order of implementation: R1 to R3, then B, S and H."""

    order: int
    level: int
    module: tuple[int, ...] = ()
    number: int = 0

    @property
    def label(self) -> str:
        """Such as ``R1 B``; empty for what no requirement asks for."""
        if self >= LAST:
            return ""
        return f"{list(Order)[self.order].value} {list(Level)[self.level].value}"


_UNSET: Final = Slot()
LAST: Final = Rank(len(Order), 0)
"""The place of what only a risk analysis or another measure asks for."""


def rank_of(requirement: Requirement) -> Rank:
    """Where *requirement* stands in the order of implementation."""
    return _ranks()[requirement.id]


@cache
def _ranks() -> Mapping[str, Rank]:
    """Every rank by the id of its requirement, in the order of implementation."""
    orders, levels = list(Order), list(Level)
    catalogue = edition_2023()
    found = {
        each.id: Rank(
            orders.index(catalogue.module(each.module).order),
            levels.index(each.level),
            reading_order(each.module),
            each.number,
        )
        for each in catalogue.requirements
    }
    return dict(sorted(found.items(), key=lambda pair: pair[1]))


@cache
def _positions() -> Mapping[str, int]:
    """The place of every requirement in the order of implementation; numbers are sorted faster than ranks."""
    return {requirement_id: place for place, requirement_id in enumerate(_ranks())}


def position(requirement: Requirement) -> int:
    """Where *requirement* stands among all, counted in the order of implementation."""
    return _positions()[requirement.id]


def rank_of_all(requirements: Iterable[Requirement]) -> Rank:
    """Where a measure stands that serves all *requirements*: with the first of them."""
    first = min(requirements, key=position, default=None)
    return rank_of(first) if first else LAST


@dataclass(frozen=True)
class Item:
    """One measure of the plan with everything it is to achieve."""

    work: Work
    shortfalls: tuple[Shortfall, ...] = ()
    threats: tuple[Treated, ...] = ()
    controls: tuple[ControlShortfall, ...] = ()
    rank: Rank = LAST
    slot: Slot = _UNSET

    @property
    def requirements(self) -> tuple[Requirement, ...]:
        """What it is to meet in this domain, each once."""
        return tuple(dict.fromkeys(each.requirement for each in self.shortfalls))

    @property
    def aims(self) -> tuple[Shortfall, ...]:
        """The first shortfall of each requirement that it is to meet."""
        return tuple(next(same) for _, same in groupby(self.shortfalls, attrgetter("requirement")))

    @property
    def places(self) -> tuple[str, ...]:
        """The objects concerned, each once."""
        return tuple(dict.fromkeys(f"{each.place} {each.name}" for each in self.shortfalls))

    @property
    def is_prerequisite(self) -> bool:
        """Whether it is in the plan only because others depend on it."""
        return not self.shortfalls and not self.threats and not self.controls

    @property
    def is_overdue(self) -> bool:
        until = self.work.planned_until
        return not self.work.is_in_effect and until is not None and until < today()

    @property
    def costed(self) -> Costed:
        until = self.work.planned_until
        return Costed(self.work.cost or Cost(), until.year if until else None)


@dataclass(frozen=True)
class Group:
    """A requirement for which no measure stands yet, with every object where it is not met."""

    requirement: Requirement
    shortfalls: tuple[Shortfall, ...]
    limited: bool = False
    """Whether a measure stands for it at other objects only."""

    @property
    def rank(self) -> Rank:
        return rank_of(self.requirement)


@dataclass(frozen=True)
class NewAnswer:
    """What a finished measure proposes to answer."""

    shortfall: Shortfall
    status: Status
    works: tuple[Work, ...]
    """The measures that are in effect."""


def by_works(answers: Iterable[NewAnswer]) -> dict[tuple[Work, ...], list[NewAnswer]]:
    """What is proposed, under the measures that stand behind it."""
    found: dict[tuple[Work, ...], list[NewAnswer]] = {}
    for each in answers:
        found.setdefault(each.works, []).append(each)
    return found


@dataclass(frozen=True)
class NewControl:
    """A control whose measure is in effect, and which is therefore proposed to be met."""

    shortfall: ControlShortfall
    work: Work


@dataclass(frozen=True)
class Plan:
    """Everything that is to be done in one domain."""

    items: tuple[Item, ...]
    """In the order of implementation; what is finished stays until the check says so."""
    unplanned: tuple[Group, ...]
    untreated: tuple[Treated, ...]
    """Risks that are to be avoided or reduced, without a measure."""
    new_answers: tuple[NewAnswer, ...]
    finished: tuple[Work, ...]
    """Measures in effect for requirements that the check finds met."""
    circles: tuple[tuple[Work, ...], ...]
    """Open measures that wait for one another."""
    controls: tuple[ControlShortfall, ...] = ()
    """Controls of imported catalogues that are not met and have no measure."""
    new_controls: tuple[NewControl, ...] = ()

    @property
    def open_items(self) -> tuple[Item, ...]:
        return tuple(item for item in self.items if not item.work.is_in_effect)

    def work(self, number: int) -> Work | None:
        """The measure with that number, if the plan speaks of it."""
        found = (item.work for item in self.items if item.work.number == number)
        return next(found, next((work for work in self.finished if work.number == number), None))


def plan_of(session: Session, domain: InformationDomain) -> Plan:
    """The plan of *domain* as it stands today; a constant number of queries."""
    shortfalls = shortfalls_of(session, domain)
    works = _works(session)
    threats, treating = treated_in(session, domain)
    standing = _standing_for(works.values())
    served: defaultdict[int, list[Shortfall]] = defaultdict(list)
    missing: defaultdict[str, list[Shortfall]] = defaultdict(list)
    for each in shortfalls:
        serving = [work for work in standing[each.requirement.id] if work.covers(each.target_id)]
        for work in serving:
            served[work.number].append(each)
        if not serving:
            missing[each.requirement.id].append(each)
    of_catalogues = planned_controls(session, domain)
    controls = of_catalogues.by_measure()
    treated: defaultdict[int, list[Treated]] = defaultdict(list)
    for threat, numbers in treating.items():
        numbers[:] = [number for number in numbers if number in works]
        for number in numbers:
            treated[number].append(threats[threat])
    wanted = [
        number
        for number in works
        if _belongs(works[number], [*served[number], *controls[number]], treated[number])
    ]
    numbers = _with_prerequisites(wanted, works)
    slots = scheduled({number: _job(work) for number, work in works.items()}, today())
    items = [
        _item(works[number], served[number], treated[number], controls[number], slots[number])
        for number in numbers
    ]
    return Plan(
        items=tuple(sorted(items, key=_place)),
        unplanned=tuple(_group(some, standing) for some in missing.values()),
        untreated=tuple(
            threat
            for identity, threat in threats.items()
            if not treating[identity] and threat.treatment is not Treatment.TRANSFER
        ),
        new_answers=tuple(_new_answers(shortfalls, standing)),
        finished=tuple(_finished(session, domain, works, set(numbers), of_catalogues.met_by)),
        circles=tuple(_circles(works, set(numbers))),
        controls=tuple(controls[None]),
        new_controls=tuple(
            NewControl(each, works[each.work])
            for each in of_catalogues.unmet
            if each.work in works and works[each.work].is_in_effect
        ),
    )


def _belongs(work: Work, served: Sequence[Shortfall | ControlShortfall], treated: Sequence[Treated]) -> bool:
    return bool(served) or (bool(treated) and not work.is_in_effect)


def _item(
    work: Work,
    served: Sequence[Shortfall],
    treated: Sequence[Treated],
    controls: Sequence[ControlShortfall],
    slot: Slot,
) -> Item:
    """What serves nothing unmet of the Kompendium stands where the requirements that it names stand."""
    known = _ranks()
    named = [known[each] for each in work.requirements if each in known]
    rank = rank_of_all(each.requirement for each in served) if served else min(named, default=LAST)
    return Item(work, tuple(served), tuple(treated), tuple(controls), rank, slot)


def _place(item: Item) -> tuple[Rank, tuple[bool, bool], date, int]:
    asked_by = (item.is_prerequisite, bool(item.controls))
    return item.rank, asked_by, item.work.planned_until or date.max, item.work.number


def _group(shortfalls: Sequence[Shortfall], standing: Mapping[str, Sequence[Work]]) -> Group:
    requirement = shortfalls[0].requirement
    return Group(requirement, tuple(shortfalls), bool(standing[requirement.id]))


def _with_prerequisites(numbers: Iterable[int], works: Mapping[int, Work]) -> list[int]:
    """*numbers* and every open measure that one of them waits for, however far."""
    found = dict.fromkeys(numbers)
    open_ones = list(found)
    while open_ones:
        for other in works[open_ones.pop()].after:
            if other in works and other not in found and not works[other].is_in_effect:
                found[other] = None
                open_ones.append(other)
    return list(found)


def _job(work: Work) -> Job:
    done = work.is_in_effect
    end = work.planned_until or (work.implemented_on if done else None)
    return Job(work.planned_from, end, work.after, done, work.implemented_on)


def _circles(works: Mapping[int, Work], planned: Collection[int]) -> Iterator[tuple[Work, ...]]:
    open_ones = {number: _job(work) for number, work in works.items() if not work.is_in_effect}
    for circle in circles(open_ones):
        if any(number in planned for number in circle):
            yield tuple(works[number] for number in circle)


def _standing_for(works: Iterable[Work]) -> defaultdict[str, list[Work]]:
    """The measures by the requirement that they name."""
    found: defaultdict[str, list[Work]] = defaultdict(list)
    for work in works:
        for requirement_id in work.requirements:
            found[requirement_id].append(work)
    return found


def _new_answers(
    shortfalls: Iterable[Shortfall], standing: Mapping[str, Sequence[Work]]
) -> Iterator[NewAnswer]:
    """Met where every measure for it is in effect; in part where one of several is.

    What is taken over from elsewhere is answered there.
    """
    for each in shortfalls:
        if each.is_borrowed:
            continue
        serving = [work for work in standing[each.requirement.id] if work.covers(each.target_id)]
        done = tuple(work for work in serving if work.is_in_effect)
        status = Status.YES if len(done) == len(serving) else Status.PARTIAL
        if done and status is not each.status:
            yield NewAnswer(each, status, done)


# --- Reading -------------------------------------------------------------------------------------


def shortfalls_of(
    session: Session, domain: InformationDomain, requirement_ids: Collection[str] | None = None
) -> list[Shortfall]:
    """What the check of *domain* found unmet, or those of it with *requirement_ids*, in the order of work."""
    query = (
        select(
            RequirementAnswer.id,
            RequirementAnswer.version,
            RequirementAnswer.assignment_id,
            RequirementAnswer.requirement_id,
            RequirementAnswer.status,
            RequirementAnswer.adopted,
            RequirementAnswer.measure,
            RequirementAnswer.responsible,
            RequirementAnswer.due,
            RequirementAnswer.borrowed_from_id,
            RequirementAnswer.origin,
            RequirementAnswer.met_by,
            Assignment.target_id,
            TargetObject.number,
            TargetObject.name,
        )
        .join(RequirementAnswer.assignment)
        .outerjoin(Assignment.target)
        .where(
            RequirementAnswer.domain_id == domain.id,
            RequirementAnswer.status.in_(UNMET),
            Assignment.relevant.is_not(False),
        )
    )
    if requirement_ids is not None:
        query = query.where(RequirementAnswer.requirement_id.in_(requirement_ids))
    catalogue = edition_2023()
    found = []
    for row in session.execute(query):
        requirement = domain.extent.levelled(catalogue.requirement(row.requirement_id))
        if domain.extent.asks(requirement, adopted=row.adopted is True):
            found.append(_shortfall(row, requirement, domain))
    return sorted(found, key=lambda each: (position(each.requirement), each.place))


def _shortfall(row: Any, requirement: Requirement, domain: InformationDomain) -> Shortfall:
    return Shortfall(
        answer_id=row.id,
        version=row.version,
        assignment_id=row.assignment_id,
        requirement=requirement,
        status=row.status,
        target_id=row.target_id,
        place=TargetObject.designate(row.number) if row.target_id else domain.designation,
        name=row.name if row.target_id else domain.name,
        to_do=row.measure,
        responsible=row.responsible,
        due=row.due,
        is_borrowed=is_borrowed(row),
    )


_COSTS: Final = ("staff_once", "material_once", "staff_yearly", "material_yearly")
_PLAIN: Final = (
    "number",
    "name",
    "description",
    "state",
    "progress",
    "responsible",
    "planned_from",
    "planned_until",
    "implemented_on",
    "evidence",
    "priority",
    "budget",
)


def _works(session: Session) -> dict[int, Work]:
    """Every measure of the authority's own that is not given up, by number."""
    kept = (Measure.library.is_not(True), Measure.state != State.ENDED)
    names = (*_PLAIN, *_COSTS, "requirements")
    query = select(*(getattr(Measure, name) for name in names)).where(*kept).order_by(Measure.number)
    rows = session.execute(query).all()
    other = aliased(Measure)
    after: defaultdict[int, list[int]] = defaultdict(list)
    waits = select(Measure.number, other.number.label("other"))
    for number, needed in session.execute(waits.join(Measure.depends_on.of_type(other)).where(*kept)):
        after[number].append(needed)
    objects: defaultdict[int, set[uuid.UUID]] = defaultdict(set)
    limits = select(Measure.number, TargetObject.id).join(Measure.objects).where(*kept)
    for number, target_id in session.execute(limits):
        objects[number].add(target_id)
    return {
        row.number: Work(
            **{name: getattr(row, name) for name in _PLAIN},
            cost=_cost(row),
            requirements=requirement_ids(row.requirements),
            objects=frozenset(objects[row.number]),
            after=tuple(sorted(after[row.number])),
        )
        for row in rows
    }


def _cost(row: Any) -> Cost | None:
    amounts = [getattr(row, name) for name in _COSTS]
    if all(amount is None for amount in amounts):
        return None
    return Cost(*(amount or 0 for amount in amounts))


def treated_in(
    session: Session, domain: InformationDomain
) -> tuple[dict[uuid.UUID, Treated], defaultdict[uuid.UUID, list[int]]]:
    """The risks of *domain* that something is to be done about, and the measures for each."""
    treating: defaultdict[uuid.UUID, list[int]] = defaultdict(list)
    if not knows_risk_analysis(domain.approach):
        return {}, treating
    about = (
        RiskAnalysis.domain_id == domain.id,
        RiskAnalysis.state != State.ENDED,
        AnalysedThreat.relevance == Relevance.DIRECT,
        AnalysedThreat.treatment.in_(TREATED),
    )
    query = (
        select(
            AnalysedThreat.id,
            AnalysedThreat.key,
            AnalysedThreat.title,
            AnalysedThreat.treatment,
            AnalysedThreat.treatment_reason,
            RiskAnalysis.number,
            TargetObject.name,
        )
        .join(AnalysedThreat.analysis)
        .outerjoin(RiskAnalysis.target)
        .where(*about)
        .order_by(RiskAnalysis.number, AnalysedThreat.key)
    )
    titles = elementary()
    found = {
        row.id: Treated(
            row.number,
            row.name or domain.name,
            row.key,
            titles[row.key].title if row.key in titles else row.title,
            row.treatment,
            row.treatment_reason,
        )
        for row in session.execute(query)
    }
    links = (
        select(AnalysedThreat.id, Measure.number)
        .join(AnalysedThreat.analysis)
        .join(AnalysedThreat.measures)
        .where(*about)
    )
    for row in session.execute(links):
        treating[row.id].append(row.number)
    return found, treating


def _finished(
    session: Session,
    domain: InformationDomain,
    works: Mapping[int, Work],
    planned: Collection[int],
    met_by: Collection[int],
) -> Iterator[Work]:
    """The measures in effect whose requirements, or whose controls as *met_by* says, are met."""
    query = select(RequirementAnswer.requirement_id).where(
        RequirementAnswer.domain_id == domain.id, RequirementAnswer.status == Status.YES
    )
    met = set(session.scalars(query.distinct()))
    for work in works.values():
        serves = work.number in met_by or not met.isdisjoint(work.requirements)
        if work.is_in_effect and work.number not in planned and serves:
            yield work
