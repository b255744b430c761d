"""The sample of a stored audit: proposed from the modelling and the risk analyses, adjusted for a reason."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from assessments.grundschutz.audits import Audit, SampledMeasure, SampledModule
from assessments.grundschutz.check import UNMET, RequirementAnswer
from assessments.grundschutz.domain import InformationDomain, knows_risk_analysis
from assessments.grundschutz.kompendium import edition_2023, reading_order
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.risk_analysis import AnalysedThreat, RiskAnalysis
from assessments.grundschutz.risk_candidates import RAISED
from assessments.grundschutz.risk_matrix import rank
from assessments.grundschutz.sampling import (
    CYCLE_YEARS,
    Candidate,
    Extent,
    Place,
    draw,
    draw_measures,
    extent,
    shortfall,
)
from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import State
from compliance.errors import Refused
from compliance.fields import tidy
from compliance.language import Text
from registers.measures import Measure
from registers.objects import ProtectionNeed, TargetObject

_DOMAIN: Final = ""
"""The key of the domain as a whole among places."""


@dataclass(frozen=True)
class Cycle:
    """What the audits of the last three years have looked at."""

    modules: frozenset[str] = frozenset()
    count: int = 0
    """Modules in all of them together, a module that came twice counted twice."""


@dataclass(frozen=True)
class Wish:
    """What somebody decided about one row of a sample."""

    checked: bool
    reason: str = ""


def cycle_before(session: Session, audit: Audit) -> Cycle:
    """What the completed audits of the same domain checked in the three years before *audit*."""
    until = audit.planned_for or today()
    query = (
        select(Audit)
        .where(
            Audit.domain_id == audit.domain_id,
            Audit.id != audit.id,
            Audit.done_on.is_not(None),
            Audit.done_on <= until,
            Audit.done_on > _years_before(until),
        )
        .options(selectinload(Audit.modules))
    )
    rows = [row.module_id for earlier in session.scalars(query) for row in earlier.drawn]
    return Cycle(frozenset(rows), len(rows))


def _years_before(day: date) -> date:
    return day - relativedelta(years=CYCLE_YEARS)


def extent_of(session: Session, audit: Audit) -> Extent:
    """How much *audit* looks at, by its kind, what came before and what its auditors ask for."""
    return extent(audit.kind, cycle_before(session, audit).count, audit.sample_size)


def candidates(session: Session, domain: InformationDomain, recent: Iterable[str] = ()) -> list[Candidate]:
    """The applied modules of *domain* with what speaks for checking them, in reading order; two queries."""
    seen = frozenset(recent)
    places: defaultdict[str, list[Place]] = defaultdict(list)
    unmet = _unmet(session, domain)
    query = (
        select(
            Assignment.id,
            Assignment.module_id,
            TargetObject.number,
            TargetObject.needed_c,
            TargetObject.needed_i,
            TargetObject.needed_a,
        )
        .outerjoin(Assignment.target)
        .where(Assignment.domain_id == domain.id, Assignment.relevant.is_not(False))
    )
    for row in session.execute(query):
        needs: tuple[ProtectionNeed | None, ...] = (row.needed_c, row.needed_i, row.needed_a)
        raised = knows_risk_analysis(domain.approach) and not RAISED.isdisjoint(needs)
        # Running numbers, unlike ids, are the same for everybody who draws again.
        key = TargetObject.designate(row.number) if row.number else _DOMAIN
        places[row.module_id].append(Place(key, raised, unmet[row.id]))
    return [
        Candidate(module, edition_2023().module(module).layer, tuple(places[module]), module in seen)
        for module in sorted(places, key=reading_order)
    ]


def _unmet(session: Session, domain: InformationDomain) -> Counter[uuid.UUID]:
    query = (
        select(RequirementAnswer.assignment_id, func.count())
        .where(
            RequirementAnswer.domain_id == domain.id,
            RequirementAnswer.status.in_(UNMET),
        )
        .group_by(RequirementAnswer.assignment_id)
    )
    return Counter({row[0]: row[1] for row in session.execute(query)})


def treated_risks(session: Session, domain: InformationDomain) -> dict[uuid.UUID, int]:
    """How heavy the heaviest risk is that each measure treats, by its id; empty under the basic approach."""
    if not knows_risk_analysis(domain.approach):
        return {}
    query = (
        select(AnalysedThreat)
        .join(AnalysedThreat.analysis)
        .where(RiskAnalysis.domain_id == domain.id, RiskAnalysis.state != State.ENDED)
        .options(selectinload(AnalysedThreat.measures))
    )
    found: dict[uuid.UUID, int] = {}
    for threat in session.scalars(query):
        weight = rank(threat.category) if threat.category else 0
        for measure in threat.measures:
            found[measure.id] = max(weight, found.get(measure.id, 0))
    return found


def propose_sample(session: Session, audit: Audit, *, by: Identity) -> None:
    """Draws the sample of *audit*, which is loaded whole and has a running number, in place of the one there.

    Drawn again while nothing has changed it is the same. Raises :class:`Refused` without a domain, and
    once the audit is completed.
    """
    demand(by, Permission.EDIT, audit)
    domain = open_domain(audit)
    cycle = cycle_before(session, audit)
    size = extent(audit.kind, cycle.count, audit.sample_size)
    seed = f"{domain.designation}/{audit.designation}"
    found = draw(candidates(session, domain, cycle.modules), size.modules, seed)
    targets = _targets(session, [one.place for one in found])
    audit.modules = [
        SampledModule(
            module_id=one.module_id, target=targets.get(one.place), grounds=one.grounds, checked=True
        )
        for one in found
    ]
    weights = _measures(session, treated_risks(session, domain))
    named = {measure.designation: measure for measure in weights}
    heaviness = {measure.designation: weight for measure, weight in weights.items()}
    audit.measures = [
        SampledMeasure(measure=named[key], grounds=(ground,), checked=True)
        for key, ground in draw_measures(heaviness, size.measures, seed)
    ]


def _targets(session: Session, designations: Sequence[str]) -> dict[str, TargetObject]:
    numbers = [int(each.removeprefix(f"{TargetObject.prefix}-")) for each in designations if each]
    query = select(TargetObject).where(TargetObject.number.in_(numbers))
    return {target.designation: target for target in session.scalars(query)}


def _measures(session: Session, weights: Mapping[uuid.UUID, int]) -> dict[Measure, int]:
    query = select(Measure).where(Measure.id.in_(weights))
    return {measure: weights[measure.id] for measure in session.scalars(query)}


_Row = TypeVar("_Row", SampledModule, SampledMeasure)


def adjust_sample(audit: Audit, wishes: Mapping[uuid.UUID, Wish], *, by: Identity) -> None:
    """Decides about rows of the sample, by their ids; what was added by hand and is not wanted goes.

    Raises :class:`Refused` where it deviates from the proposal without a reason; then nothing changes.
    """
    demand(by, Permission.EDIT, audit)
    open_domain(audit)
    rows: list[SampledModule | SampledMeasure] = [*audit.modules, *audit.measures]
    for row in rows:
        wish = wishes.get(row.id)
        if wish and row.grounds and not wish.checked and not tidy(wish.reason):
            raise Refused(_NO_REASON)
        if wish and wish.checked and not row.grounds and not tidy(wish.reason):
            raise Refused(_NO_REASON)
    for row in rows:
        if wish := wishes.get(row.id):
            row.checked, row.reason = wish.checked, tidy(wish.reason)
    audit.modules = _kept(audit.modules)
    audit.measures = _kept(audit.measures)


def _kept(rows: Sequence[_Row]) -> list[_Row]:
    return [row for row in rows if row.grounds or row.checked is not False]


def add_module(
    session: Session, audit: Audit, module_id: str, target_id: uuid.UUID | None, reason: str, *, by: Identity
) -> None:
    """Takes a module that is applied there into the sample for a *reason*.

    Raises :class:`Refused` without a reason, for what is not applied, and for what is in the sample.
    """
    demand(by, Permission.EDIT, audit)
    domain = open_domain(audit)
    if not tidy(reason):
        raise Refused(_NO_REASON)
    applied = session.scalar(
        select(func.count()).where(
            Assignment.domain_id == domain.id,
            Assignment.module_id == module_id,
            Assignment.target_id == target_id if target_id else Assignment.target_id.is_(None),
            Assignment.relevant.is_not(False),
        )
    )
    if not applied:
        raise Refused(_NOT_APPLIED.format(module=module_id))
    if any(row.module_id == module_id and row.target_id == target_id for row in audit.modules):
        raise Refused(_ALREADY.format(module=module_id))
    target = session.get(TargetObject, (audit.organisation_id, target_id)) if target_id else None
    row = SampledModule(module_id=module_id, target=target, checked=True, reason=tidy(reason))
    audit.modules.append(row)


def open_domain(audit: Audit) -> InformationDomain:
    """The domain of *audit*. Raises :class:`Refused` without one, and once the audit is completed."""
    if audit.domain is None:
        raise Refused(_NO_DOMAIN)
    if audit.done_on is not None:
        raise Refused(_DONE)
    return audit.domain


def lacks(audit: Audit, applied: Iterable[str], wanted: Extent) -> tuple[int, bool]:
    """How many modules the sample of *audit* lacks, and whether it lacks ISMS.1."""
    return shortfall([row.module_id for row in audit.drawn], applied, wanted)


_NO_REASON: Final = Text(
    "Begründen Sie, warum Sie vom Vorschlag abweichen.", "Give a reason for deviating from the proposal."
)
_NOT_APPLIED: Final = Text(
    "Der Baustein {module} wird dort nicht angewendet.", "The module {module} is not applied there."
)
_ALREADY: Final = Text(
    "Der Baustein {module} ist an diesem Objekt schon in der Stichprobe.",
    "The module {module} is in the sample at this object already.",
)
_NO_DOMAIN: Final = Text(
    "Nennen Sie zuerst den Informationsverbund, der geprüft wird.",
    "Name the information domain that is audited first.",
)
_DONE: Final = Text(
    "Das Audit ist abgeschlossen; seine Stichprobe bleibt, wie sie war.",
    "The audit is completed; its sample stays as it was.",
)
