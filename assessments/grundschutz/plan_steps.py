"""From the check to measures and back: drawing up what is missing, and answering anew what is finished."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz import check as checking
from assessments.grundschutz.check import RequirementAnswer, given_in
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Kind, Level, Requirement, edition_2023
from assessments.grundschutz.modelling import Assignment, load_assignment
from assessments.grundschutz.plan import Group, NewAnswer, Treated, Work, plan_of
from assessments.grundschutz.risk_analysis import RiskAnalysis, judging
from compliance.access import Identity, Permission, demand
from compliance.entry import State, by_number, everything, is_template
from compliance.errors import Outdated, Refused
from compliance.fields import fields, tidy_line
from compliance.language import Text, shown_day
from registers.measures import Goal, Measure, MeasureKind, Priority, Progress, requirement_ids
from registers.objects import TargetObject

_VALUES: Final = {"C": Goal.CONFIDENTIALITY, "I": Goal.INTEGRITY, "A": Goal.AVAILABILITY}
_LONGEST: Final = 500


# --- From what is missing to a measure -----------------------------------------------------------


@dataclass(frozen=True)
class Draft:
    """A measure as somebody wants it, for requirements that have none yet."""

    requirements: tuple[str, ...]
    name: str = ""
    """The title of the first requirement where it is empty."""
    responsible: str = ""
    due: date | None = None


def proposed(group: Group) -> Draft:
    """What the answers of the check say about the measure that is missing for *group*.

    The earliest day counts, so that every promise is kept; a responsible person counts
    where all answers name the same.
    """
    named = {each.responsible for each in group.shortfalls if each.responsible}
    days = [each.due for each in group.shortfalls if each.due]
    return Draft(
        (group.requirement.id,),
        group.requirement.title,
        named.pop() if len(named) == 1 else "",
        min(days, default=None),
    )


def draw_up(
    session: Session, domain: InformationDomain, drafts: Sequence[Draft], *, by: Identity
) -> list[Measure]:
    """Creates the measures of *drafts*; where one stands for a requirement by now, there is no second one.

    Answers that name nobody or no day get those of their measure, so that it is said once.
    *domain* is loaded whole.
    """
    demand(by, Permission.EDIT, domain)
    demand(by, Permission.CREATE, Measure)
    missing = {group.requirement.id: group for group in plan_of(session, domain).unplanned}
    targets = {target.id: target for target in domain.objects}
    drawn = []
    for draft in drafts:
        groups = [missing.pop(each) for each in dict.fromkeys(draft.requirements) if each in missing]
        if groups:
            drawn.append((_measure(domain, groups, draft, targets), groups))
    _fill_in(session, drawn)
    return _stored(session, [measure for measure, _groups in drawn], by)


def draw_up_at(session: Session, assignment: Assignment, requirement_id: str, *, by: Identity) -> Measure:
    """Creates the measure that one answer of the check asks for, at its object only.

    Owner, day and what is to be done are those of the answer. *assignment* is loaded whole.
    Raises :class:`Refused` where nothing is unmet there, or a measure stands for it already.
    """
    demand(by, Permission.EDIT, assignment.domain)
    demand(by, Permission.CREATE, Measure)
    whole = select(InformationDomain).where(InformationDomain.id == assignment.domain_id)
    domain = session.scalars(whole.options(*everything(InformationDomain))).one()
    waiting = next(
        (
            each
            for group in plan_of(session, domain).unplanned
            for each in group.shortfalls
            if (each.assignment_id, each.requirement.id) == (assignment.id, requirement_id)
        ),
        None,
    )
    if waiting is None:
        raise Refused(_NOT_WAITING.format(requirement=requirement_id))
    # At this object only: who answers it speaks for no other.
    group = Group(waiting.requirement, (waiting,), limited=True)
    targets = {assignment.target.id: assignment.target} if assignment.target else {}
    return _stored(session, [_measure(domain, [group], proposed(group), targets)], by)[0]


def _fill_in(session: Session, drawn: Sequence[tuple[Measure, Sequence[Group]]]) -> None:
    """Notes owner and day of each measure in the answers that lack them; nothing else changes there."""
    lacking = {
        each.answer_id: measure
        for measure, groups in drawn
        for group in groups
        for each in group.shortfalls
        if not each.is_borrowed
        and ((measure.responsible and not each.responsible) or (measure.planned_until and not each.due))
    }
    if not lacking:
        return
    query = select(RequirementAnswer).where(RequirementAnswer.id.in_(list(lacking)))
    for answer in session.scalars(query.options(*everything(RequirementAnswer))):
        measure = lacking[answer.id]
        answer.responsible = answer.responsible or measure.responsible
        answer.due = answer.due or measure.planned_until


def _stored(session: Session, measures: list[Measure], by: Identity) -> list[Measure]:
    session.add_all(measures)
    session.info["action"] = "draw up"
    session.flush()
    for measure in measures:
        demand(by, Permission.EDIT, measure)
    return measures


def _measure(
    domain: InformationDomain,
    groups: Sequence[Group],
    draft: Draft,
    targets: Mapping[uuid.UUID, TargetObject],
) -> Measure:
    requirements = [group.requirement for group in groups]
    defaults = proposed(groups[0])
    return Measure(
        name=tidy_line(draft.name)[:200] or defaults.name[:200],
        unit=domain.unit,
        description=_to_do(groups),
        kind=_kind(requirements),
        goals=_goals(requirements),
        progress=Progress.PLANNED,
        responsible=tidy_line(draft.responsible)[:200],
        planned_until=draft.due,
        priority=min(map(_priority, requirements), key=list(Priority).index),
        requirements=_joined(each.id for each in requirements),
        objects=_limits(groups, targets),
    )


def _joined(ids: Iterator[str]) -> str:
    text = ", ".join(dict.fromkeys(ids))
    if len(text) > _LONGEST:
        raise Refused(_TOO_MANY)
    return text


def _to_do(groups: Sequence[Group]) -> str:
    """What the check noted, each note once with the objects it is about."""
    places: dict[str, list[str]] = {}
    for each in (each for group in groups for each in group.shortfalls):
        if each.to_do:
            places.setdefault(each.to_do, []).append(f"{each.place} {each.name}")
    if len(places) == 1:
        return next(iter(places))
    return "\n".join(f"{', '.join(dict.fromkeys(some))}: {said}" for said, some in places.items())


def _kind(requirements: Sequence[Requirement]) -> MeasureKind:
    """Process modules ask for organisation, system modules for technology."""
    kinds = {edition_2023().module(each.module).kind for each in requirements}
    return MeasureKind.ORGANISATIONAL if kinds == {Kind.PROCESS} else MeasureKind.TECHNICAL


def _goals(requirements: Sequence[Requirement]) -> tuple[Goal, ...]:
    """The values endangered by the threats against which the Kompendium sets the requirements."""
    catalogue = edition_2023()
    threats = {each.id: each for each in catalogue.threats}
    letters = {
        letter
        for requirement in requirements
        for threat in catalogue.threats_of(requirement.id)
        for letter in threats[threat].protection
    }
    return tuple(goal for letter, goal in _VALUES.items() if letter in letters)


_PRIORITIES: Final = {
    ("R1", Level.BASIC): Priority.FIRST,
    ("R2", Level.BASIC): Priority.FIRST,
    ("R3", Level.BASIC): Priority.SECOND,
    ("R1", Level.STANDARD): Priority.SECOND,
    ("R2", Level.STANDARD): Priority.SECOND,
}


def _priority(requirement: Requirement) -> Priority:
    """A proposal; the authority decides."""
    order = edition_2023().module(requirement.module).order.value
    return _PRIORITIES.get((order, requirement.level), Priority.THIRD)


def _limits(groups: Sequence[Group], targets: Mapping[uuid.UUID, TargetObject]) -> list[TargetObject]:
    """The objects, where other measures stand for the requirement elsewhere."""
    ids = [each.target_id for group in groups for each in group.shortfalls]
    if not any(group.limited for group in groups) or None in ids:
        return []
    return [targets[identity] for identity in dict.fromkeys(ids) if identity and identity in targets]


def add_to(
    session: Session, domain: InformationDomain, number: int, requirements: Sequence[str], *, by: Identity
) -> Measure:
    """Lets the measure with that number stand for *requirements*, too, also at objects it did not reach yet.

    Raises :class:`Refused` where there is no such measure, for more than it can hold, and for
    a requirement of the domain as a whole where the measure is limited to objects.
    """
    demand(by, Permission.EDIT, domain)
    measure = measure_to_extend(session, number, by=by)
    missing = {group.requirement.id: group for group in plan_of(session, domain).unplanned}
    new = [each for each in dict.fromkeys(requirements) if each in missing]
    groups = [missing[each] for each in new]
    _reach(measure, groups, {target.id: target for target in domain.objects})
    _fill_in(session, [(measure, groups)])
    measure.requirements = _joined(iter((*requirement_ids(measure.requirements), *new)))
    session.info["action"] = "draw up"
    return measure


def measure_to_extend(session: Session, number: int, *, by: Identity) -> Measure:
    """The measure with that number, to stand for more. Raises :class:`Refused` where there is none."""
    measure = by_number(session, Measure, number)
    if measure is None or is_template(measure) or measure.state is State.ENDED:
        raise Refused(_NO_MEASURE.format(measure=Measure.designate(number)))
    demand(by, Permission.EDIT, measure)
    return measure


def _reach(measure: Measure, groups: Sequence[Group], targets: Mapping[uuid.UUID, TargetObject]) -> None:
    """Widens the limits of *measure* to where the requirements of *groups* are not met."""
    if not measure.objects:
        return
    for each in (each for group in groups for each in group.shortfalls):
        if measure.covers(each.target_id):
            continue
        target = targets.get(each.target_id) if each.target_id else None
        if target is None:
            raise Refused(_LIMITED.format(measure=str(measure), requirement=each.requirement.id))
        measure.objects.append(target)


def draw_up_against(
    session: Session, domain: InformationDomain, wanted: Sequence[tuple[int, str]], *, by: Identity
) -> list[Measure]:
    """Creates a measure for each of the *wanted* risks, named by analysis and threat, that has none yet.

    *domain* is loaded whole.
    """
    demand(by, Permission.EDIT, domain)
    demand(by, Permission.CREATE, Measure)
    missing = {(each.analysis, each.key): each for each in plan_of(session, domain).untreated}
    drawn = [
        (missing[place], _against(domain, missing[place]))
        for place in dict.fromkeys(wanted)
        if place in missing
    ]
    _stored(session, [measure for _threat, measure in drawn], by)
    for threat, measure in drawn:
        analysis = by_number(session, RiskAnalysis, threat.analysis)
        if analysis is not None:
            with judging(session, analysis, threat.key, by=by) as judged:
                judged.measures.append(measure)
    return [measure for _threat, measure in drawn]


def _against(domain: InformationDomain, threat: Treated) -> Measure:
    said = threat.treatment.text.de.partition(" ")[2]
    return Measure(
        name=f"{said}: {threat.title} ({threat.about})"[:200],
        unit=domain.unit,
        description=threat.reason,
        kind=MeasureKind.TECHNICAL,
        goals=_endangered(threat.key),
        progress=Progress.PLANNED,
        priority=Priority.SECOND,
    )


def _endangered(key: str) -> tuple[Goal, ...]:
    letters = next((each.protection for each in edition_2023().threats if each.id == key), "CIA")
    return tuple(goal for letter, goal in _VALUES.items() if letter in letters)


# --- From a finished measure to a new answer -----------------------------------------------------


def take_over(
    session: Session, domain: InformationDomain, wanted: Mapping[uuid.UUID, int], *, by: Identity
) -> list[RequirementAnswer]:
    """Answers the requirements anew that finished measures propose to; nothing else calls this.

    *wanted* holds the version that was read of each answer. The measure becomes the
    evidence, and the day is today. *domain* is loaded whole. Raises :class:`Outdated`
    where an answer, or what is proposed for it, has changed meanwhile.
    """
    demand(by, Permission.EDIT, domain)
    offered = {each.shortfall.answer_id: each for each in plan_of(session, domain).new_answers}
    if not offered.keys() >= wanted.keys():
        raise Outdated(_NOT_OFFERED)
    query = select(RequirementAnswer).where(RequirementAnswer.id.in_(list(wanted)))
    stored = {each.id: each for each in session.scalars(query.options(*everything(RequirementAnswer)))}
    places = {offered[identity].shortfall.assignment_id for identity in wanted}
    assignments = {place: load_assignment(session, place) for place in places}
    taken = []
    for identity, version in wanted.items():
        new = offered[identity]
        assignment = assignments[new.shortfall.assignment_id]
        given = replace(
            given_in(stored[identity]), status=new.status, evidence=_evidence(stored[identity].evidence, new)
        )
        requirement_id = new.shortfall.requirement.id
        taken.append(checking.answer(session, assignment, requirement_id, given, by=by, version=version))
    session.info["action"] = "take over"
    return taken


def _evidence(before: str, new: NewAnswer) -> str:
    """What was known before, and each measure with the day since which it is in effect."""
    said = [before, *map(proof, new.works)]
    length = fields(RequirementAnswer)["evidence"].length  # type: ignore[union-attr]
    text = "; ".join(filter(None, said))
    return text if len(text) <= length else f"{text[: length - 1]}…"


def proof(work: Work) -> str:
    """The measure as evidence, with the day since which it is in effect."""
    since = f", umgesetzt am {shown_day(work.implemented_on, 'de')}" if work.implemented_on else ""
    shown = f" ({work.evidence})" if work.evidence else ""
    return f"{work}{since}{shown}"


_TOO_MANY: Final = Text(
    "Eine Maßnahme kann nicht für so viele Anforderungen stehen. Teilen Sie sie auf.",
    "One measure cannot stand for so many requirements. Divide it.",
)
_LIMITED: Final = Text(
    "{measure} gilt nur für einzelne Zielobjekte, {requirement} aber für den ganzen Informationsverbund. "
    "Heben Sie dort die Beschränkung auf oder legen Sie eine eigene Maßnahme an.",
    "{measure} is limited to single target objects, but {requirement} is about the whole information domain. "
    "Remove the limit there, or draw up another measure.",
)
_NOT_WAITING: Final = Text(
    "Für {requirement} steht hier schon eine Maßnahme, oder die Anforderung ist nicht mit „teilweise“ oder "
    "„nein“ beantwortet.",
    "A measure stands for {requirement} here already, or the requirement is not answered with “partially” "
    "or “no”.",
)
_NO_MEASURE: Final = Text("Die Maßnahme {measure} gibt es nicht.", "There is no measure {measure}.")
_NOT_OFFERED: Final = Text(
    "Eine Antwort oder ihre Maßnahme hat sich inzwischen geändert. Laden Sie die Seite neu.",
    "An answer or its measure has changed meanwhile. Reload the page.",
)
