"""A profile of the Kompendium and the check: what is answered already, and what is not modelled yet.

Whoever checks an information domain against a profile, such as a municipal one, has answered many of its
requirements in the IT-Grundschutz check, object by object. These answers are proposed for the profile as
one, which is as good as the worst of them. Modules of the profile that nothing is modelled with are named.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import Given, RequirementAnswer, Status
from assessments.grundschutz.controls import CatalogueUse, ControlAnswer, answer_control
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Module, TargetType, edition_2023
from assessments.grundschutz.modelling import Assignment, assign
from assessments.grundschutz.oscal import Control, OscalCatalogue
from compliance.access import Identity
from registers.objects import TargetObject

_WORST_FIRST: Final = (Status.NO, Status.PARTIAL, Status.YES, Status.UNNECESSARY)


@dataclass(frozen=True)
class Proposal:
    """An answer to a requirement of a profile that follows from the check."""

    control: Control
    given: Given
    objects: int
    """At so many objects it was answered."""


def missing_modules(
    session: Session, domain: InformationDomain, catalogue: OscalCatalogue
) -> tuple[Module, ...]:
    """The modules of the Kompendium in a profile that are neither applied nor excluded in *domain*."""
    modules = {module.id: module for module in edition_2023().modules}
    known = set(session.scalars(select(Assignment.module_id).where(Assignment.domain_id == domain.id)))
    requirements = {requirement.id: requirement.module for requirement in edition_2023().requirements}
    wanted = dict.fromkeys(requirements[one.id] for one in catalogue.controls if one.id in requirements)
    return tuple(modules[each] for each in wanted if each not in known)


def model_missing(
    session: Session, domain: InformationDomain, catalogue: OscalCatalogue, *, by: Identity
) -> list[Assignment]:
    """Applies to *domain* as a whole those missing modules that are meant for it; the others need objects."""
    missing = missing_modules(session, domain, catalogue)
    whole = [each.id for each in missing if each.target_type is TargetType.INFORMATION_DOMAIN]
    return assign(session, domain, [(None, each) for each in whole], by=by)


def proposals(session: Session, use: CatalogueUse, catalogue: OscalCatalogue) -> tuple[Proposal, ...]:
    """What the check says about requirements of the profile that nobody has answered yet.

    A requirement is proposed once it is answered wherever its module is applied.
    """
    answered = set(
        session.scalars(
            select(ControlAnswer.control_key).where(
                ControlAnswer.use_id == use.id, ControlAnswer.status != Status.OPEN
            )
        )
    )
    known = {requirement.id for requirement in edition_2023().requirements}
    asked = [one for one in catalogue.controls if one.id in known and one.key not in answered]
    applied, given = _applied(session, use.domain), _given(session, use.domain)
    found = []
    for control in asked:
        module = edition_2023().requirement(control.id).module
        rows = given[control.id]
        if rows and len(rows) == applied[module] and not control.withdrawn:
            found.append(Proposal(control, _together(use.domain, rows), len(rows)))
    return tuple(found)


def take_proposals(
    session: Session, use: CatalogueUse, catalogue: OscalCatalogue, *, by: Identity
) -> tuple[Proposal, ...]:
    """Answers the profile with all :func:`proposals`; returns them."""
    found = proposals(session, use, catalogue)
    for each in found:
        answer_control(session, use, catalogue, each.control.key, each.given, by=by)
    return found


def _applied(session: Session, domain: InformationDomain) -> defaultdict[str, int]:
    """To how many objects each module is applied."""
    query = select(Assignment.module_id, Assignment.relevant).where(Assignment.domain_id == domain.id)
    found: defaultdict[str, int] = defaultdict(int)
    for module_id, relevant in session.execute(query):
        found[module_id] += relevant is not False
    return found


def _given(session: Session, domain: InformationDomain) -> defaultdict[str, list[Any]]:
    """The answers to each requirement, by the number of the object."""
    answer = RequirementAnswer
    query = (
        select(
            answer.requirement_id,
            answer.status,
            answer.reason,
            answer.measure,
            answer.responsible,
            answer.due,
            answer.remark,
            answer.evidence,
            TargetObject.number,
        )
        .join(answer.assignment)
        .outerjoin(Assignment.target)
        .where(answer.domain_id == domain.id, answer.status != Status.OPEN)
        .where(Assignment.relevant.is_not(False))
        .order_by(TargetObject.number)
    )
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for row in session.execute(query):
        found[row.requirement_id].append(row)
    return found


def _together(domain: InformationDomain, rows: Sequence[Any]) -> Given:
    """Several answers as one: the worst status, and every word with the object it was said about."""
    status = min((row.status for row in rows), key=_WORST_FIRST.index)
    days: list[date] = [row.due for row in rows if row.due]
    return Given(
        status,
        reason=_words(domain, rows, "reason"),
        measure=_words(domain, rows, "measure"),
        responsible=_line(row.responsible for row in rows),
        due=max(days) if days else None,
        remark=_words(domain, rows, "remark"),
        evidence=_line(row.evidence for row in rows),
    )


def _words(domain: InformationDomain, rows: Sequence[Any], name: str) -> str:
    said = [(row.number, getattr(row, name)) for row in rows if getattr(row, name)]
    if len(rows) == 1:
        return "".join(words for _number, words in said)
    places = [TargetObject.designate(number) if number else domain.designation for number, _words in said]
    return "\n".join(f"{place}: {words}" for place, (_number, words) in zip(places, said, strict=True))


_LINE: Final = 200


def _line(words: Any) -> str:
    joined = "; ".join(dict.fromkeys(word for word in words if word))
    return joined if len(joined) <= _LINE else f"{joined[: _LINE - 1]}…"
