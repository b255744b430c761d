"""What management has to know of an information domain: figures, and traffic lights that follow from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from assessments.grundschutz.audit_sample import treated_risks
from assessments.grundschutz.audits import Audit, Grade
from assessments.grundschutz.check import UNMET, RequirementAnswer, Status, applicable, counts_under, row_id
from assessments.grundschutz.controls import header_of, tally_of, uses_of
from assessments.grundschutz.domain import InformationDomain, knows_risk_analysis, levels
from assessments.grundschutz.kompendium import Layer, Level, edition_2023
from assessments.grundschutz.library import contents
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.plan_controls import planned_controls
from assessments.grundschutz.policies import NUMBERS, Policy, PolicyKind, absent, applying
from assessments.grundschutz.progress import Tally, summed
from assessments.grundschutz.risk_acceptance import RiskAcceptance, holds
from assessments.grundschutz.risk_analysis import AnalysedThreat, Relevance, RiskAnalysis
from assessments.grundschutz.risk_candidates import candidates
from assessments.grundschutz.risk_matrix import RiskCategory
from compliance.entry import State
from compliance.language import Text, shown_number
from registers.measures import Measure, Progress
from registers.objects import ObjectStatus, ProtectionNeed, TargetObject

_IN_EFFECT: Final = (Progress.IMPLEMENTED, Progress.CHECKED)
NEEDS: Final = (ProtectionNeed.VERY_HIGH, ProtectionNeed.HIGH, ProtectionNeed.NORMAL, None)


@dataclass(frozen=True)
class Risks:
    """The risks of all analyses of a domain."""

    before: Mapping[RiskCategory, int] = field(default_factory=dict)
    after: Mapping[RiskCategory, int] = field(default_factory=dict)
    unestimated: int = 0
    waiting: int = 0
    """Residual risks that management has not accepted as they stand."""
    unanalysed: int = 0
    """Objects for which the standard demands an analysis that nobody has begun."""

    @property
    def grave(self) -> int:
        """Residual risks that are high or very high."""
        return self.after.get(RiskCategory.HIGH, 0) + self.after.get(RiskCategory.VERY_HIGH, 0)


@dataclass(frozen=True)
class Overdue:
    """Something that should have been done by now."""

    due: date
    id: str
    what: str
    who: str


@dataclass(frozen=True)
class Audited:
    """What audits of the domain found, and when the next one is."""

    last: date | None = None
    next: date | None = None
    still_open: Mapping[Grade, int] = field(default_factory=dict)
    late: Mapping[Grade, int] = field(default_factory=dict)
    """How many of the open ones are past their term."""

    @property
    def deviations(self) -> int:
        return self.still_open.get(Grade.SEVERE, 0) + self.still_open.get(Grade.MINOR, 0)


@dataclass(frozen=True)
class Policies:
    """How the policies A.0 stand."""

    missing: tuple[PolicyKind, ...] = ()
    overdue: int = 0


@dataclass(frozen=True)
class Briefing:
    """Everything the report for management is made of; nothing of it is asked for under another approach."""

    layers: Mapping[Layer, Tally]
    levels: Mapping[Level, Tally]
    overdue: tuple[Overdue, ...]
    to_do: int
    """Requirements that are not met, or only in part."""
    audited: Audited
    policies: Policies
    risks: Risks | None = None
    """``None`` under the basic approach, as are the needs."""
    needs: Mapping[ProtectionNeed | None, int] | None = None
    catalogues: Mapping[str, Tally] | None = None
    """What is found by the name of each catalogue; ``None`` where the Kompendium is followed."""

    @property
    def total(self) -> Tally:
        return summed((self.layers if self.catalogues is None else self.catalogues).values())


def briefing(session: Session, domain: InformationDomain, day: date) -> Briefing:
    """How *domain*, which is loaded whole, stands on *day*, in a fixed number of queries."""
    by_layer, by_level = _tallies(session, domain)
    by_catalogue = _by_catalogue(session, domain) if domain.extent.is_empty else None
    asked = summed((by_layer if by_catalogue is None else by_catalogue).values())
    knows_risks = knows_risk_analysis(domain.approach)
    audits = _audits(session, domain)
    return Briefing(
        layers=by_layer,
        levels=by_level,
        overdue=tuple(sorted(_overdue(session, domain, audits, day), key=lambda one: (one.due, one.id))),
        to_do=sum(asked.by_status[status] for status in UNMET),
        audited=_audited(audits, day),
        policies=_policies(session, domain, day),
        risks=_risks(session, domain) if knows_risks else None,
        needs=_needs(domain) if knows_risks else None,
        catalogues=by_catalogue,
    )


def _by_catalogue(session: Session, domain: InformationDomain) -> dict[str, Tally]:
    """How the controls of each catalogue stand against which *domain* is checked."""
    return {
        use.catalogue_name: tally_of(session, use, contents(session, header_of(session, use)))
        for use in uses_of(session, domain)
    }


def _tallies(session: Session, domain: InformationDomain) -> tuple[dict[Layer, Tally], dict[Level, Tally]]:
    """What is asked by layer and by level, each requirement once for each place it is asked at."""
    catalogue, extent = edition_2023(), domain.extent
    counts: Counter[tuple[str, Level, Status]] = Counter()
    for module_id, times in _applied(session, domain).items():
        layer = catalogue.module(module_id).layer
        for requirement in applicable(extent, module_id):
            counts[layer, requirement.level, Status.OPEN] += times
    for row in _answers(session, domain):
        requirement = extent.levelled(catalogue.requirement(row.requirement_id))
        if extent.asks(requirement, adopted=row.adopted is True):
            layer = catalogue.module(requirement.module).layer
            if extent.asks(requirement):
                counts[layer, requirement.level, Status.OPEN] -= row.times
            counts[layer, requirement.level, row.status or Status.OPEN] += row.times
    asked_levels = [] if extent.is_empty else sorted(levels(domain.approach), key=list(Level).index)
    if any(level is Level.HIGH and count for (_, level, _), count in counts.items()):
        asked_levels.append(Level.HIGH)
    return (
        {
            layer: _tally({(level, status): n for (of, level, status), n in counts.items() if of == layer.id})
            for layer in catalogue.layers
            if any(of == layer.id for of, _, _ in counts)
        },
        {
            level: _tally({(layer, status): n for (layer, of, status), n in counts.items() if of is level})
            for level in asked_levels
        },
    )


def _applied(session: Session, domain: InformationDomain) -> dict[str, int]:
    """How often each module is applied."""
    query = (
        select(Assignment.module_id, func.count())
        .where(Assignment.domain_id == domain.id, Assignment.relevant.is_not(False))
        .group_by(Assignment.module_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _answers(session: Session, domain: InformationDomain) -> Sequence[Any]:
    """How often each requirement has which status; counted by the database, for there are thousands."""
    columns = (RequirementAnswer.requirement_id, RequirementAnswer.status, RequirementAnswer.adopted)
    query = (
        select(*columns, func.count().label("times"))
        .join(Assignment, RequirementAnswer.assignment_id == Assignment.id)
        .where(RequirementAnswer.domain_id == domain.id, Assignment.relevant.is_not(False))
        .group_by(*columns)
    )
    return session.execute(query).all()


def _tally(counts: Mapping[tuple[object, Status], int]) -> Tally:
    return Tally({status: sum(n for (_, of), n in counts.items() if of is status) for status in Status})


# --- Measures ------------------------------------------------------------------------------------


def _overdue(
    session: Session, domain: InformationDomain, audits: Sequence[Audit], day: date
) -> Iterator[Overdue]:
    yield from _overdue_requirements(session, domain, day)
    yield from _overdue_controls(session, domain, day)
    yield from _overdue_measures(session, domain, day)
    for audit in audits:
        for number, row in enumerate(audit.findings, start=1):
            if row.done_on is None and row.until is not None and row.until < day:
                yield Overdue(row.until, f"{audit.designation}/{number}", row.text, row.responsible)


def _overdue_requirements(session: Session, domain: InformationDomain, day: date) -> Iterator[Overdue]:
    query = (
        select(
            RequirementAnswer.requirement_id,
            RequirementAnswer.measure,
            RequirementAnswer.responsible,
            RequirementAnswer.due,
            TargetObject.number,
        )
        .join(Assignment, RequirementAnswer.assignment_id == Assignment.id)
        .outerjoin(Assignment.target)
        .where(
            RequirementAnswer.domain_id == domain.id,
            RequirementAnswer.status.in_(UNMET),
            RequirementAnswer.due < day,
            Assignment.relevant.is_not(False),
            counts_under(domain.extent),
        )
    )
    for row in session.execute(query):
        place = TargetObject.designate(row.number) if row.number else domain.designation
        title = edition_2023().requirement(row.requirement_id).title
        identity = row_id(domain.designation, place, row.requirement_id)
        yield Overdue(row.due, identity, row.measure or title, row.responsible)


def _overdue_controls(session: Session, domain: InformationDomain, day: date) -> Iterator[Overdue]:
    for each in planned_controls(session, domain).unmet:
        if each.due is not None and each.due < day:
            identity = f"{domain.designation}/{each.label}"
            yield Overdue(each.due, identity, each.to_do or each.title, each.responsible)


def _overdue_measures(session: Session, domain: InformationDomain, day: date) -> Iterator[Overdue]:
    query = select(Measure).where(Measure.id.in_(treated_risks(session, domain)), Measure.planned_until < day)
    for measure in session.scalars(query):
        if measure.progress not in _IN_EFFECT and measure.planned_until is not None:
            yield Overdue(measure.planned_until, measure.designation, measure.name, measure.responsible)


# --- Risks, needs, audits, policies --------------------------------------------------------------


def _risks(session: Session, domain: InformationDomain) -> Risks:
    mine = (RiskAnalysis.domain_id == domain.id, RiskAnalysis.state != State.ENDED)
    query = select(AnalysedThreat).join(AnalysedThreat.analysis).where(*mine)
    risks = [one for one in session.scalars(query) if one.relevance is Relevance.DIRECT]
    given = select(RiskAcceptance).join(RiskAcceptance.analysis).where(*mine).order_by(RiskAcceptance.id)
    latest = {acceptance.threat_id: acceptance for acceptance in session.scalars(given)}
    return Risks(
        before=Counter(one.category for one in risks if one.category is not None),
        after=Counter(rest for one in risks if (rest := one.residual or one.category)),
        unestimated=sum(one.category is None for one in risks),
        waiting=sum(one.for_management is True and not holds(one, latest.get(one.id)) for one in risks),
        unanalysed=sum(one.is_missing for one in candidates(session, domain) if one.target is not None),
    )


def _needs(domain: InformationDomain) -> dict[ProtectionNeed | None, int]:
    """How many objects in use need how much, by the highest of three values that are all determined."""
    used = [one for one in domain.objects if one.status is not ObjectStatus.RETIRED]
    highest = [_highest(one) for one in used]
    return {need: highest.count(need) for need in NEEDS}


def _highest(target: TargetObject) -> ProtectionNeed | None:
    found = (target.needed_c, target.needed_i, target.needed_a)
    return None if None in found else next(need for need in NEEDS if need in found)


def _audits(session: Session, domain: InformationDomain) -> Sequence[Audit]:
    query = select(Audit).where(Audit.domain_id == domain.id, Audit.state != State.ENDED)
    return session.scalars(query.order_by(Audit.number).options(selectinload(Audit.findings))).all()


def _audited(audits: Sequence[Audit], day: date) -> Audited:
    waiting = [row for audit in audits for row in audit.findings if row.done_on is None]
    return Audited(
        last=max((audit.done_on for audit in audits if audit.done_on), default=None),
        next=min(
            (audit.planned_for for audit in audits if audit.planned_for and not audit.done_on), default=None
        ),
        still_open={grade: sum(row.grade is grade for row in waiting) for grade in Grade},
        late={
            grade: sum(row.grade is grade and row.until is not None and row.until < day for row in waiting)
            for grade in Grade
        },
    )


def _policies(session: Session, domain: InformationDomain, day: date) -> Policies:
    every = session.scalars(select(Policy)).all()
    late = [one for one in applying(every, domain) if one.next_review and one.next_review < day]
    return Policies(tuple(absent(every, domain)), len(late))


# --- Traffic lights ------------------------------------------------------------------------------

GOOD, FAIR, BAD, DARK = "good", "fair", "bad", "open"
LONG_OVERDUE: Final = timedelta(days=30)
LIMITS: Final = {Level.BASIC: (100, 75), Level.STANDARD: (90, 60), Level.HIGH: (90, 60)}
"""From how many per cent of the requirements met a level is green, and from how many yellow."""


@dataclass(frozen=True)
class Signal:
    """One traffic light: what it is about, its tone, and why."""

    subject: Text
    tone: str
    why: Text


def signals(found: Briefing, day: date) -> tuple[Signal, ...]:
    """The traffic lights; what the approach does not have gets none."""
    return tuple(filter(None, (*_of_levels(found), *(signal(found, day) for signal in _SIGNALS))))


def _of_levels(found: Briefing) -> Iterator[Signal]:
    for level, tally in found.levels.items():
        if level is not Level.HIGH:
            yield Signal(_LEVELS[level], _tone_of(level, tally), _met(tally))
    # Imported catalogues have no levels; most of what they ask for corresponds to the standard ones.
    for name, tally in (found.catalogues or {}).items():
        yield Signal(Text(name, name), _tone_of(Level.STANDARD, tally), _met(tally))


def _tone_of(level: Level, tally: Tally) -> str:
    if not tally.total:
        return DARK
    green, yellow = LIMITS[level]
    share = 100 * tally.met
    return GOOD if share >= green * tally.total else FAIR if share >= yellow * tally.total else BAD


def _counted(count: int) -> Text:
    """*count* as readers of each language see it."""
    return Text(shown_number(count, "de"), shown_number(count, "en"))


def _met(tally: Tally) -> Text:
    if not tally.total:
        return _NOTHING_ASKED
    return _MET.format(
        met=_counted(tally.met), total=_counted(tally.total), open=_counted(tally.by_status[Status.OPEN])
    )


def _on_needs(found: Briefing, _day: date) -> Signal | None:
    if found.needs is None:
        return None
    total, unknown = sum(found.needs.values()), found.needs[None]
    tone = DARK if not total else GOOD if not unknown else FAIR if 2 * unknown <= total else BAD
    very_high, high, normal = (_counted(found.needs[need]) for need in NEEDS if need)
    known = _counted(total - unknown)
    why = _NEED_WHY.format(known=known, total=_counted(total), very_high=very_high, high=high, normal=normal)
    return Signal(_NEED, tone, why)


def _on_risks(found: Briefing, _day: date) -> Signal | None:
    risks = found.risks
    if risks is None:
        return None
    if not risks.before and not risks.unestimated and not risks.unanalysed:
        return Signal(_RISK, DARK, _NO_RISKS)
    in_work = risks.waiting or risks.unestimated
    tone = BAD if risks.unanalysed or (risks.grave and risks.waiting) else FAIR if in_work else GOOD
    why = _RISK_WHY.format(
        grave=_counted(risks.grave), waiting=_counted(risks.waiting), unanalysed=_counted(risks.unanalysed)
    )
    return Signal(_RISK, tone, why)


def _on_measures(found: Briefing, day: date) -> Signal:
    late = len(found.overdue)
    long = sum(one.due < day - LONG_OVERDUE for one in found.overdue)
    tone = BAD if long else FAIR if late else GOOD
    return Signal(
        _MEASURES,
        tone,
        _MEASURES_WHY.format(open=_counted(found.to_do), late=_counted(late), long=_counted(long)),
    )


def _on_audits(found: Briefing, _day: date) -> Signal:
    audited = found.audited
    if audited.last is None and not audited.deviations:
        return Signal(_AUDITS, DARK, _NO_AUDIT)
    severe = audited.still_open.get(Grade.SEVERE, 0)
    late = sum(audited.late.values())
    tone = BAD if severe or late else FAIR if audited.deviations else GOOD
    why = _AUDITS_WHY.format(
        severe=_counted(severe), minor=_counted(audited.still_open.get(Grade.MINOR, 0)), late=_counted(late)
    )
    return Signal(_AUDITS, tone, why)


def _on_policies(found: Briefing, _day: date) -> Signal:
    missing, late = len(found.policies.missing), found.policies.overdue
    tone = BAD if missing else FAIR if late else GOOD
    return Signal(_POLICIES, tone, _POLICIES_WHY.format(missing=_counted(missing), late=_counted(late)))


def decisions(found: Briefing, day: date) -> tuple[Text, ...]:
    """What waits for management, the most pressing first."""
    risks = found.risks or Risks()
    long = sum(one.due < day - LONG_OVERDUE for one in found.overdue)
    waiting = (
        (_TO_PUT_RIGHT, found.audited.still_open.get(Grade.SEVERE, 0)),
        (_TO_ACCEPT, risks.waiting),
        (_TO_ANALYSE, risks.unanalysed),
        (_TO_ISSUE, len(found.policies.missing)),
        (_TO_SPEED_UP, long),
    )
    numbers = ", ".join(NUMBERS[kind] for kind in found.policies.missing)
    return tuple(text.format(count=_counted(count), numbers=numbers) for text, count in waiting if count)


_TO_PUT_RIGHT: Final = Text(
    "Schwerwiegende Abweichungen aus Audits abstellen lassen: {count}.",
    "Have severe deviations of audits put right: {count}.",
)
_TO_ACCEPT: Final = Text(
    "Restrisiken übernehmen oder weiter behandeln lassen: {count}.",
    "Accept residual risks or have them treated further: {count}.",
)
_TO_ANALYSE: Final = Text(
    "Risikoanalysen für Objekte mit erhöhtem Schutzbedarf beauftragen: {count}.",
    "Commission risk analyses for objects with an increased need: {count}.",
)
_TO_ISSUE: Final = Text(
    "Fehlende Richtlinien in Kraft setzen: {count} ({numbers}).",
    "Issue missing policies: {count} ({numbers}).",
)
_TO_SPEED_UP: Final = Text(
    "Für Maßnahmen, die länger als 30 Tage überfällig sind, Mittel oder neue Fristen bestimmen: {count}.",
    "Settle means or new dates for measures overdue by more than 30 days: {count}.",
)
_SIGNALS: Final = (_on_needs, _on_risks, _on_measures, _on_audits, _on_policies)
_LEVELS: Final = {
    Level.BASIC: Text("Basis-Anforderungen", "Basic requirements"),
    Level.STANDARD: Text("Standard-Anforderungen", "Standard requirements"),
}
_MET: Final = Text(
    "{met} von {total} erfüllt oder entbehrlich, {open} noch nicht geprüft.",
    "{met} of {total} met or unnecessary, {open} not checked yet.",
)
_NOTHING_ASKED: Final = Text("Noch ist kein Baustein zugeordnet.", "No module has been assigned yet.")
_NEED: Final = Text("Schutzbedarf", "Protection needs")
_NEED_WHY: Final = Text(
    "Für {known} von {total} Zielobjekten bestimmt: {very_high} sehr hoch, {high} hoch, {normal} normal.",
    "Determined for {known} of {total} target objects: {very_high} very high, {high} high, {normal} normal.",
)
_RISK: Final = Text("Risiken", "Risks")
_RISK_WHY: Final = Text(
    "Hohe oder sehr hohe Restrisiken: {grave}; von der Leitung noch nicht übernommen: {waiting}; "
    "Objekte ohne die nötige Analyse: {unanalysed}.",
    "High or very high residual risks: {grave}; not accepted by management yet: {waiting}; "
    "objects without the analysis they need: {unanalysed}.",
)
_NO_RISKS: Final = Text("Noch ist nichts analysiert.", "Nothing has been analysed yet.")
_MEASURES: Final = Text("Maßnahmen", "Measures")
_MEASURES_WHY: Final = Text(
    "Offene Anforderungen: {open}; überfällig: {late}, davon länger als 30 Tage: {long}.",
    "Requirements to do: {open}; overdue: {late}, of which longer than 30 days: {long}.",
)
_AUDITS: Final = Text("Audits", "Audits")
_AUDITS_WHY: Final = Text(
    "Offene schwerwiegende Abweichungen: {severe}, geringfügige: {minor}; Frist abgelaufen: {late}.",
    "Open severe deviations: {severe}, minor ones: {minor}; past their term: {late}.",
)
_NO_AUDIT: Final = Text("Noch ist kein Audit abgeschlossen.", "No audit has been completed yet.")
_POLICIES: Final = Text("Richtlinien", "Policies")
_POLICIES_WHY: Final = Text(
    "Von den verlangten Richtlinien fehlen: {missing}; Überprüfung überfällig: {late}.",
    "Policies missing: {missing}; review overdue: {late}.",
)
