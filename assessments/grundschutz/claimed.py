"""What the check says about measures of the register that stand for requirements, kept beside them.

An answer of the check and the measures that stand for its requirement are two
statements about the same thing. When one of them changes, the measures are told
in the same transaction, so that whatever rests on them is judged again at once.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final, TypeAlias

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import UNMET, RequirementAnswer, Status
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Requirement, edition_2023, reading_order
from assessments.grundschutz.modelling import Assignment
from compliance.database import now
from compliance.entry import State, everything, is_template
from compliance.saving import Action, Touched
from registers.measures import Measure, Progress, requirement_ids

_OPEN: Final = (None, Status.OPEN)


def tell_measures(session: Session, touched: Touched) -> None:
    """Brings :attr:`Measure.unmet` and :attr:`Measure.waived` in line with the answers that are saved."""
    answers = [thing for thing in touched if isinstance(thing, RequirementAnswer)]
    measures = [
        thing
        for thing, action in touched.items()
        if isinstance(thing, Measure) and action is not Action.DELETE
    ]
    if answers:
        known = {measure.id for measure in measures}
        naming = _naming(session, {answer.requirement_id for answer in answers})
        measures += [measure for measure in naming if measure.id not in known]
    wanted = {each for measure in measures for each in requirement_ids(measure.requirements)}
    if not wanted:
        return
    said = _said(session, wanted, touched)
    for measure in measures:
        if _tell(measure, said):
            measure.changed_at = now()
            touched.setdefault(measure, Action.UPDATE)


def _naming(session: Session, requirements: Collection[str]) -> Iterable[Measure]:
    """The measures that stand for one of *requirements*."""
    named = [Measure.requirements.icontains(each, autoescape=True) for each in requirements]
    found = session.scalars(select(Measure).where(or_(*named)).options(*everything(Measure)))
    return [one for one in found if not set(requirement_ids(one.requirements)).isdisjoint(requirements)]


_Said: TypeAlias = Mapping[str, Collection[tuple[uuid.UUID | None, Status]]]
"""What is answered to each requirement, with the target object."""


def _said(session: Session, requirements: Collection[str], touched: Touched) -> _Said:
    """What is answered to *requirements*, in every domain, with what is being saved."""
    query = (
        select(
            RequirementAnswer.id,
            RequirementAnswer.requirement_id,
            RequirementAnswer.status,
            Assignment.target_id,
        )
        .join(InformationDomain, InformationDomain.id == RequirementAnswer.domain_id)
        .join(Assignment, Assignment.id == RequirementAnswer.assignment_id)
        .where(RequirementAnswer.requirement_id.in_(requirements), InformationDomain.state != State.ENDED)
    )
    found = {row.id: (row.requirement_id, row.target_id, row.status) for row in session.execute(query)}
    for thing, action in touched.items():
        if isinstance(thing, RequirementAnswer):
            at = found[thing.id][1] if thing.id in found else _target_of(thing.assignment)
            found[thing.id] = (thing.requirement_id, at, thing.status)
            if action is Action.DELETE:
                del found[thing.id]
    said: defaultdict[str, set[tuple[uuid.UUID | None, Status]]] = defaultdict(set)
    for requirement, target_id, status in found.values():
        if status is not None and status not in _OPEN:
            said[requirement].add((target_id, status))
    return said


def _target_of(assignment: Assignment) -> uuid.UUID | None:
    """Where a module is applied, also while the assignment is only about to be stored."""
    return assignment.target_id or (assignment.target.id if assignment.target else None)


def _tell(measure: Measure, said: _Said) -> bool:
    """Notes on *measure* what is *said*; returns whether that is news."""
    heard = {
        each: {status for target_id, status in said.get(each, ()) if measure.covers(target_id)}
        for each in requirement_ids(measure.requirements)
    }
    unmet = ", ".join(each for each, statuses in heard.items() if not statuses.isdisjoint(UNMET))
    waived = ", ".join(each for each, statuses in heard.items() if statuses == {Status.UNNECESSARY})
    if (measure.unmet, measure.waived) == (unmet, waived):
        return False
    measure.unmet, measure.waived = unmet, waived
    return True


# --- From a requirement to a measure -------------------------------------------------------------


def requirements_like(words: str, at_most: int = 20) -> list[Requirement]:
    """Requirements whose identifier or title holds *words*."""
    sought = words.strip().casefold()
    found = (
        each
        for each in edition_2023().requirements
        if not each.withdrawn and sought and sought in f"{each.id} {each.title}".casefold()
    )
    return sorted(found, key=lambda each: (reading_order(each.module), each.number))[:at_most]


def measure_for(session: Session, requirement: Requirement) -> Measure:
    """The measure that stands for *requirement*; a new one, not yet saved, where there is none.

    A new one counts as implemented only where the check found the requirement met everywhere.
    """
    for measure in _naming(session, {requirement.id}):
        if not is_template(measure) and measure.state is not State.ENDED:
            return measure
    query = select(RequirementAnswer.status, RequirementAnswer.answered_on).where(
        RequirementAnswer.requirement_id == requirement.id
    )
    answers = session.execute(query).all()
    met = bool(answers) and all(row.status is Status.YES for row in answers)
    measure = Measure(
        name=requirement.title,
        requirements=requirement.id,
        progress=Progress.IMPLEMENTED if met else Progress.PLANNED,
        implemented_on=max((row.answered_on for row in answers if row.answered_on), default=None)
        if met
        else None,
    )
    session.add(measure)
    return measure
