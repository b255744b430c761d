"""Marks what a domain took over from elsewhere once its source says something else, in the same transaction.

Two lists of the domain are settled: controls whose answers come from Edition 2023, and requirements whose
answers come from WiBA. Nobody's version rises, for the change of the source is in the journal already.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, inspect, select, tuple_
from sqlalchemy.orm import Session

from assessments.grundschutz.check import RequirementAnswer
from assessments.grundschutz.check_parts import PartAnswer
from assessments.grundschutz.controls import ControlAnswer
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.modelling import Assignment
from assessments.grundschutz.successors import AnswerSource, outdated_controls
from assessments.grundschutz.wiba_check import WibaAnswer
from assessments.grundschutz.wiba_proposals import WibaSource, outdated_requirements
from compliance.entry import Journalled
from compliance.saving import Action, Touched, settle

_SHAPING: Final[Mapping[type[Any], tuple[str, ...]]] = {
    Assignment: ("relevant",),
    InformationDomain: ("approach", "profile_asks"),
}
"""What has to change in the scope of a domain to make a difference to everything taken over."""


def mark_takeovers(session: Session, touched: Touched) -> None:
    """Settles the two lists of every domain in which a source, or what was taken over from it, is saved."""
    _mark(session, _reshaped(touched) | _resting(session, touched))


def mark_all_takeovers(session: Session) -> None:
    """Settles them in every domain of the organisation, whatever was stored so far.

    A new mapping of WiBA belongs to the installation, so it is noticed only here.
    """
    _mark(session, set(session.scalars(select(InformationDomain.id))))


def _mark(session: Session, concerned: Collection[uuid.UUID]) -> None:
    values: defaultdict[uuid.UUID, dict[uuid.UUID, dict[str, str]]] = defaultdict(dict)
    for domain in _domains(session, concerned):
        found = {
            "outdated_controls": " ".join(outdated_controls(session, domain)),
            "outdated_requirements": " ".join(outdated_requirements(session, domain)),
        }
        if any(getattr(domain, name) != words for name, words in found.items()):
            values[domain.organisation_id][domain.id] = found
    for organisation, settled in values.items():
        settle(session, organisation, InformationDomain, settled)


def _domains(session: Session, ids: Collection[uuid.UUID]) -> Iterable[InformationDomain]:
    if not ids:
        return ()
    return session.scalars(select(InformationDomain).where(InformationDomain.id.in_(ids))).all()


def _reshaped(touched: Touched) -> set[uuid.UUID]:
    """Domains whose scope changes, and those in which something is taken over just now."""
    found: set[uuid.UUID] = set()
    for thing, action in touched.items():
        match thing:
            case AnswerSource() | WibaSource():
                found.add(thing.domain_id)
            case Assignment() if action is Action.UPDATE and _moves(thing):
                found.add(thing.domain_id)
            case InformationDomain() if action is Action.UPDATE and _moves(thing):
                found.add(thing.id)
            case _:
                pass
    return found


def _moves(thing: Journalled) -> bool:
    attributes = inspect(thing).attrs
    return any(attributes[name].history.has_changes() for name in _SHAPING[type(thing)])


def _resting(session: Session, touched: Touched) -> set[uuid.UUID]:
    """Domains in which something was taken over from, or into, an answer that is saved."""
    answers = {one for one in touched if isinstance(one, RequirementAnswer)}
    answers |= {one.answer for one in touched if isinstance(one, PartAnswer)}
    controls = [one for one in touched if isinstance(one, ControlAnswer)]
    asked = {one.domain_id for one in touched if isinstance(one, WibaAnswer)}
    found: set[uuid.UUID] = set()
    if answers:
        found |= _with(
            session, AnswerSource, ("domain_id", "requirement_id"), {_of(one, "domain_id") for one in answers}
        )
        found |= _with(
            session,
            WibaSource,
            ("assignment_id", "requirement_id"),
            {_of(one, "assignment_id") for one in answers},
        )
    if controls:
        keys = {(one.use_id, one.control_key) for one in controls}
        found |= _with(session, AnswerSource, ("use_id", "control_key"), keys)
    if asked:
        found |= _with(session, WibaSource, ("domain_id",), {(each,) for each in asked})
    return found


def _of(answer: RequirementAnswer, name: str) -> tuple[uuid.UUID, str]:
    return getattr(answer, name), answer.requirement_id


_AT_ONCE: Final = 400
"""So many are asked for in one question."""


def _with(
    session: Session, model: Any, names: tuple[str, ...], wanted: Collection[tuple[Any, ...]]
) -> set[uuid.UUID]:
    """The domains of the rows of *model* whose columns *names* have one of the *wanted* values."""
    every, found = list(wanted), set[uuid.UUID]()
    for start in range(0, len(every), _AT_ONCE):
        found |= set(session.scalars(_asking(model, names), {"wanted": every[start : start + _AT_ONCE]}))
    return found


@cache
def _asking(model: Any, names: tuple[str, ...]) -> Select[tuple[uuid.UUID]]:
    """Built once, because every answer that is saved asks."""
    columns = tuple_(*(getattr(model, name) for name in names))
    return select(model.domain_id).where(columns.in_(bindparam("wanted", expanding=True))).distinct()
