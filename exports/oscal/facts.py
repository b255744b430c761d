"""Everything about an information domain that the documents in OSCAL say, read at once."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import Given, RequirementAnswer, Status, applicable
from assessments.grundschutz.controls import CatalogueUse, ControlAnswer, header_of, uses_of
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.interviews import Interview
from assessments.grundschutz.kompendium import Requirement, edition_2023
from assessments.grundschutz.kompendium_oscal import FILE, TITLE, statement_id
from assessments.grundschutz.library import contents, control_catalogue
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.oscal import Control, OscalCatalogue
from assessments.grundschutz.oscal_measures import Told, register_of, told
from assessments.grundschutz.oscal_outcomes import MET, Outcome
from assessments.grundschutz.oscal_takeover import Plan
from assessments.grundschutz.oscal_writing import one_line, stable, system_id
from assessments.grundschutz.plan import Treated, treated_in
from assessments.grundschutz.progress import Assigned, overview
from assessments.grundschutz.risk_analysis import RiskAnalysis, Treatment
from compliance.entry import State, everything
from registers.measures import Measure
from registers.objects import TargetObject


@dataclass(frozen=True)
class Source:
    """A catalogue from which requirements are checked."""

    title: str
    file: str
    sha256: str
    """Of the file, where it is known byte for byte."""
    asked: tuple[str, ...]
    """The ids of the requirements, each once, in reading order."""

    @property
    def identity(self) -> str:
        """The UUID by which documents call the file."""
        return stable("catalogue", self.sha256 or self.file)


@dataclass(frozen=True)
class Asked:
    """One requirement where it is asked, with the answer if there is one."""

    outcome: Outcome
    title: str
    statement: str
    """What the catalogue calls its wording."""
    component: str
    """UUID of the target object, or of the domain as a whole."""
    subject: str
    """What that is called."""
    level: str = ""
    order: str = ""
    interviewed: bool = False

    @property
    def answered(self) -> bool:
        return self.outcome.given.status is not Status.OPEN


@dataclass(frozen=True)
class Conversation:
    """What is recorded of one applied module as a whole."""

    module: str
    title: str
    place: str
    component: str
    subject: str
    relevant: bool
    reason: str
    interview: Interview


@dataclass(frozen=True)
class Treating:
    """A risk that is to be avoided, reduced or transferred, and the measures for it."""

    threat: Treated
    measures: tuple[str, ...]
    """By their UUIDs."""


@dataclass(frozen=True)
class Serving:
    """A measure of the register with what it is to achieve in the domain."""

    measure: Told
    answers: tuple[Asked, ...]
    threats: tuple[Treated, ...]


@dataclass(frozen=True)
class Facts:
    """The domain, what is asked in it and what was found; everything in a stable order."""

    organisation: str
    domain: InformationDomain
    changed: datetime
    """The last change of anything that the documents say."""
    objects: tuple[TargetObject, ...] = ()
    """Those of the domain, and those that something was assigned to before they left it; by number."""
    sources: tuple[Source, ...] = ()
    asked: tuple[Asked, ...] = ()
    conversations: tuple[Conversation, ...] = ()
    register: tuple[Told, ...] = ()
    """Every measure of the authority's own that is not given up; see :attr:`measures`."""
    treatments: tuple[Treating, ...] = ()

    @property
    def answered(self) -> tuple[Asked, ...]:
        return tuple(each for each in self.asked if each.answered)

    @property
    def unmet(self) -> tuple[Asked, ...]:
        """What the check found met in part or not at all."""
        return tuple(each for each in self.answered if each.outcome.given.status not in MET)

    @cached_property
    def threats(self) -> tuple[Treated, ...]:
        """The risks about which something is still to be done."""
        done = {each.identity for each in self.register if each.is_in_effect}
        return tuple(each.threat for each in self.treatments if _is_pending(each, done))

    @cached_property
    def measures(self) -> tuple[Serving, ...]:
        """The measures that are to meet a requirement or treat a risk, and those for which these wait."""
        served = self._served()
        against: defaultdict[str, list[Treated]] = defaultdict(list)
        for treating in self.treatments:
            for identity in treating.measures if treating.threat in self.threats else ():
                against[identity].append(treating.threat)
        by_name = {each.called: each for each in self.register}
        wanted = [each for each in self.register if served[each.identity] or against[each.identity]]
        found = {each.identity for each in wanted}
        for each in wanted:
            # The list grows while it is walked, so that whole chains are found.
            before = [by_name[name] for name in each.values["depends_on"] if name in by_name]
            wanted += [other for other in before if other.identity not in found]
            found |= {other.identity for other in before}
        return tuple(
            Serving(each, tuple(served[each.identity]), tuple(against[each.identity]))
            for each in self.register
            if each.identity in found
        )

    def _served(self) -> defaultdict[str, list[Asked]]:
        """What is not met, by the UUID of each measure that stands for it there."""
        standing: defaultdict[str, list[Told]] = defaultdict(list)
        for measure in self.register:
            for requirement in measure.requirements:
                standing[requirement].append(measure)
        served: defaultdict[str, list[Asked]] = defaultdict(list)
        for each in self.unmet:
            if not each.outcome.catalogue:
                for measure in standing[each.outcome.control]:
                    if measure.covers(each.outcome.place):
                        served[measure.identity].append(each)
        return served

    @property
    def version(self) -> str:
        """The version of a document: the day of the last change and the version of the entry."""
        return f"{self.changed:%Y-%m-%d}.{self.domain.version}"

    @property
    def whole(self) -> str:
        """UUID of the domain as a component of itself."""
        return self.named("component", self.domain.id)

    @property
    def system(self) -> str:
        """UUID of the domain as a system."""
        return system_id(self.domain.organisation_id, self.domain.id)

    @property
    def authority(self) -> str:
        """UUID of the organisation as a party."""
        return stable("organisation", self.domain.organisation_id)

    def component(self, target_id: uuid.UUID | None) -> str:
        """UUID of a target object, or of the domain where a module applies to the whole."""
        return self.named("component", target_id) if target_id else self.whole

    def named(self, *names: object) -> str:
        """The UUID of something in this domain."""
        return stable(self.domain.organisation_id, self.domain.id, *names)

    def parties(self) -> dict[str, Any]:
        """Who is named in the head of a document."""
        role = {"id": "responsible", "title": "Verantwortlich für den Informationsverbund"}
        party = {"uuid": self.authority, "type": "organization", "name": one_line(self.organisation)}
        responsible: dict[str, Any] = {"role-id": role["id"], "party-uuids": [self.authority]}
        if self.domain.responsible:
            responsible["remarks"] = self.domain.responsible
        return {"roles": [role], "parties": [party], "responsible-parties": [responsible]}


def gather(session: Session, identity: uuid.UUID, organisation: str) -> Facts:
    """Everything about the domain with that id, in a constant number of queries per catalogue."""
    query = select(InformationDomain).where(InformationDomain.id == identity)
    domain = session.scalars(query.options(*everything(InformationDomain))).one()
    assigned = overview(session, domain)
    register = register_of(session, domain)
    measures = {identity: each for identity, each in register.items() if each.state is not State.ENDED}
    bare = Facts(
        organisation,
        domain,
        _changed(session, domain),
        register=tuple(told(each, identity) for identity, each in measures.items()),
        treatments=tuple(_treatments(session, domain, measures)),
    )
    modelled = list(_modelled(session, bare, [each for each in assigned if each.relevant]))
    sources = [Source(TITLE, FILE, "", _once(modelled))] if modelled else []
    asked = modelled
    for use in uses_of(session, domain):
        header = header_of(session, use)
        found = list(_controls(session, bare, use, contents(session, header)))
        sources.append(Source(str(header), header.file_name, header.sha256, _once(found)))
        asked = asked + found
    whole = replace(
        bare,
        objects=_objects(session, domain, assigned),
        sources=tuple(source for source in sources if source.asked),
        asked=tuple(asked),
        conversations=tuple(_conversation(bare, each) for each in assigned),
    )
    worked_on = [measures[each.measure.identity].changed_at for each in whole.measures]
    return replace(whole, changed=max([whole.changed, *worked_on]))


def _treatments(
    session: Session, domain: InformationDomain, measures: Mapping[str, Measure]
) -> Iterator[Treating]:
    threats, treating = treated_in(session, domain)
    for identity, threat in threats.items():
        numbers = set(treating[identity])
        yield Treating(threat, tuple(key for key, each in measures.items() if each.number in numbers))


def _is_pending(each: Treating, done: Collection[str]) -> bool:
    """As in the implementation plan: a risk that is transferred may need no measure."""
    if not each.measures:
        return each.threat.treatment is not Treatment.TRANSFER
    return any(identity not in done for identity in each.measures)


def _objects(
    session: Session, domain: InformationDomain, assigned: Sequence[Assigned]
) -> tuple[TargetObject, ...]:
    known = {target.id: target for target in domain.objects}
    left = {each.target_id for each in assigned if each.target_id} - known.keys()
    if left:
        gone = session.scalars(select(TargetObject).where(TargetObject.id.in_(left)))
        known |= {target.id: target for target in gone}
    return tuple(sorted(known.values(), key=lambda target: target.number))


def _once(asked: Sequence[Asked]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.outcome.control for each in asked))


def _changed(session: Session, domain: InformationDomain) -> datetime:
    newest: list[datetime | None] = [domain.changed_at, *(target.changed_at for target in domain.objects)]
    tables: tuple[Any, ...] = (Assignment, RequirementAnswer, CatalogueUse, ControlAnswer, RiskAnalysis)
    for table in tables:
        newest += session.scalars(select(func.max(table.changed_at)).where(table.domain_id == domain.id))
    return max(at for at in newest if at is not None)


# --- The Kompendium ------------------------------------------------------------------------------

_GIVEN: Final = ("reason", "measure", "responsible", "due", "remark", "evidence", "met_by", "evidence_on")


def _modelled(session: Session, facts: Facts, assigned: Sequence[Assigned]) -> Iterator[Asked]:
    answers = _answers(session, facts.domain)
    for each in assigned:
        stored = answers[each.id]
        adopted = {requirement_id for requirement_id, row in stored.items() if row.adopted}
        subject, component = _subject(facts, each), facts.component(each.target_id)
        for requirement in applicable(facts.domain.extent, each.module.id, adopted):
            row = stored.get(requirement.id)
            outcome = Outcome(
                requirement.id,
                _given(row, _GIVEN) if row else Given(),
                module=each.module.id,
                place=one_line(subject) if each.target_id else "",
                adopted=requirement.id in adopted,
                answered_on=row.answered_on if row else None,
            )
            yield replace(
                _of_module(outcome, requirement, each.module.order.value, component, subject),
                interviewed=each.interview.on is not None,
            )


def _of_module(
    outcome: Outcome,
    requirement: Requirement,
    order: str,
    component: str,
    subject: str,
) -> Asked:
    return Asked(
        outcome,
        requirement.title,
        statement_id(requirement.id),
        component,
        subject,
        level=requirement.level.value,
        order=order,
    )


def _subject(facts: Facts, each: Assigned) -> str:
    return f"{each.place} {each.name}" if each.target_id else str(facts.domain)


def _answers(session: Session, domain: InformationDomain) -> Mapping[uuid.UUID, dict[str, Any]]:
    columns = [getattr(RequirementAnswer, name) for name in ("status", "adopted", "answered_on", *_GIVEN)]
    query = select(RequirementAnswer.assignment_id, RequirementAnswer.requirement_id, *columns)
    found: defaultdict[uuid.UUID, dict[str, Any]] = defaultdict(dict)
    for row in session.execute(query.where(RequirementAnswer.domain_id == domain.id)):
        found[row.assignment_id][row.requirement_id] = row
    return found


def _given(row: Any, names: Sequence[str]) -> Given:
    return Given(row.status or Status.OPEN, **{name: getattr(row, name) for name in names})


def _conversation(facts: Facts, each: Assigned) -> Conversation:
    return Conversation(
        module=each.module.id,
        title=each.module.title,
        place=one_line(_subject(facts, each)) if each.target_id else "",
        component=facts.component(each.target_id),
        subject=_subject(facts, each),
        relevant=each.relevant,
        reason=each.reason,
        interview=each.interview,
    )


# --- Other catalogues ----------------------------------------------------------------------------


def _controls(
    session: Session, facts: Facts, use: CatalogueUse, catalogue: OscalCatalogue
) -> Iterator[Asked]:
    names = [name for name in _GIVEN if name not in ("met_by", "evidence_on")]
    columns = [getattr(ControlAnswer, name) for name in ("status", "answered_on", "wording", *names)]
    query = select(ControlAnswer.control_key, *columns).where(ControlAnswer.use_id == use.id)
    stored = {row.control_key: row for row in session.execute(query)}
    for control in catalogue.controls:
        if control.withdrawn:
            continue
        row = stored.get(control.key)
        given = _given(row, names) if row else Given()
        outcome = Outcome(
            control.id,
            given,
            catalogue=use.catalogue,
            key=control.key,
            wording=row.wording if row else "",
            answered_on=row.answered_on if row else None,
        )
        yield _of_catalogue(facts, outcome, control)


def _of_catalogue(facts: Facts, outcome: Outcome, control: Control) -> Asked:
    return Asked(
        outcome,
        control.title,
        _statement(control),
        facts.whole,
        str(facts.domain),
        level=control.says("sec_level") or control.says("level"),
    )


def _statement(control: Control) -> str:
    named = (part.id for part in control.parts if part.name == "statement" and part.id)
    return next(named, statement_id(control.id))


def threats_of(each: Asked) -> tuple[str, ...]:
    """The elementary threats that a requirement of the Kompendium counters, with their titles."""
    if not each.outcome.module:
        return ()
    titles = {threat.id: threat.title for threat in edition_2023().threats}
    return tuple(f"{one} {titles[one]}" for one in edition_2023().threats_of(each.outcome.control))


# --- What is foreseen ----------------------------------------------------------------------------


def foreseen(session: Session, facts: Facts, planned: Plan) -> Facts:
    """*facts* as they will be once *planned*, which meets no obstacle, is taken over."""
    names = {each.id: one_line(each) for each in facts.objects}
    coming = {
        (each.catalogue, each.control, facts.component(target)): replace(
            each, place=names[target] if target else ""
        )
        for each in planned.returned.outcomes
        for target in [planned.targets[each.place]]
    }
    asked = [
        replace(each, outcome=coming.pop((each.outcome.catalogue, each.outcome.control, each.component)))
        if (each.outcome.catalogue, each.outcome.control, each.component) in coming
        else each
        for each in facts.asked
    ]
    return replace(
        facts,
        asked=(*asked, *_added(session, facts, coming)),
        register=planned.measures.register or facts.register,
    )


def _added(session: Session, facts: Facts, coming: Mapping[tuple[str, str, str], Outcome]) -> Iterator[Asked]:
    """What is asked only once it is taken over, by catalogue, requirement and component."""
    requirements = {each.id: each for each in edition_2023().requirements}
    orders = {each.id: each.order.value for each in edition_2023().modules}
    subjects = {facts.component(each.id): str(each) for each in facts.objects}
    catalogues = {
        sha256: contents(session, control_catalogue(session, sha256)).by_key
        for sha256 in {each.catalogue for each in coming.values() if each.catalogue}
    }
    for (_catalogue, _control, component), each in coming.items():
        if each.catalogue:
            yield _of_catalogue(facts, each, catalogues[each.catalogue][each.key])
            continue
        requirement = facts.domain.extent.levelled(requirements[each.control])
        subject = subjects.get(component, str(facts.domain))
        yield _of_module(each, requirement, orders[each.module], component, subject)
