"""Answers that were found elsewhere: in the group, in a process module, by a provider, in another domain.

What is taken over is a copy that says where it comes from and of which day it is. It
cannot be changed here. Answers of the group and of process modules belong to the same
domain and follow their source at once; those of providers and of other domains are
somebody else's statement, and become out of date when it changes, until somebody looks.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, joinedload

from assessments.grundschutz.check import (
    FOLLOWING,
    MetBy,
    Origin,
    RequirementAnswer,
    Status,
    check_sheet,
    given_in,
    put,
    row_id,
    stored_answers,
)
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Kind, edition_2023
from assessments.grundschutz.modelling import Assignment, load_assignment
from compliance.access import Identity, Permission, demand, may_see
from compliance.database import now
from compliance.entry import State, everything
from compliance.errors import Refused
from compliance.language import Text
from compliance.saving import Action, Touched
from registers.objects import TargetObject
from registers.processors import Processor


@dataclass(frozen=True)
class Offer:
    """The answers of another assignment of the same module, offered to be taken over."""

    origin: Origin
    assignment: Assignment
    answers: Mapping[str, RequirementAnswer]
    """By requirement; only those that are asked here, answered there and not taken over yet."""

    @property
    def key(self) -> str:
        return self.assignment.id.hex

    @property
    def title(self) -> str:
        """What the answers are about."""
        domain = self.assignment.domain
        return f"{domain}, {self.assignment.target}" if self.assignment.target else str(domain)

    @property
    def newest(self) -> Any:
        """The day of the latest of its answers."""
        return max(
            (answer.answered_on for answer in self.answers.values() if answer.answered_on), default=None
        )


# --- What is offered -----------------------------------------------------------------------------


def offers(session: Session, assignment: Assignment, asked: Collection[str], *, by: Identity) -> list[Offer]:
    """Where answers to *asked* requirements of *assignment* can be taken over from, in a few queries.

    *assignment* is loaded whole. Its group comes first, then providers, then other domains.
    """
    found = {
        each.id: (origin, each) for origin, each in _alike(session, assignment) if may_see(by, each.domain)
    }
    if not found:
        return []
    query = select(RequirementAnswer).where(
        RequirementAnswer.assignment_id.in_(found),
        RequirementAnswer.requirement_id.in_(asked),
        RequirementAnswer.status.in_([status for status in Status if status is not Status.OPEN]),
    )
    mine = {answer.requirement_id: answer for answer in stored_answers(session, assignment).values()}
    answers: defaultdict[uuid.UUID, dict[str, RequirementAnswer]] = defaultdict(dict)
    for answer in session.scalars(query):
        if _is_news(mine.get(answer.requirement_id), answer):
            answers[answer.assignment_id][answer.requirement_id] = answer
    made = [
        Offer(origin, each, {one: answers[each.id][one] for one in asked if one in answers[each.id]})
        for origin, each in found.values()
        if answers[each.id]
    ]
    order = list(Origin)
    return sorted(made, key=lambda offer: (order.index(offer.origin), offer.title))


def _is_news(mine: RequirementAnswer | None, theirs: RequirementAnswer) -> bool:
    """Whether taking *theirs* over would change something, and not lead round in a circle."""
    if mine is None:
        return True
    if theirs.borrowed_from_id == mine.id:
        return False
    return (mine.borrowed_from_id, mine.source_version) != (theirs.id, theirs.version)


def _alike(session: Session, assignment: Assignment) -> Iterator[tuple[Origin, Assignment]]:
    """Other assignments of the same module, with what they are to *assignment*."""
    domain, target = assignment.domain, assignment.target
    query = (
        select(Assignment)
        .join(Assignment.domain)
        .where(
            Assignment.module_id == assignment.module_id,
            Assignment.id != assignment.id,
            Assignment.relevant.is_not(False),
            InformationDomain.state != State.ENDED,
        )
        .options(joinedload(Assignment.domain), joinedload(Assignment.target))
    )
    group = target.group_id if target else None
    providers = _providers(session, domain, target)
    for each in session.scalars(query):
        if each.domain_id == domain.id:
            if group is not None and each.target_id == group:
                yield Origin.GROUP, each
        elif each.domain.operator_id is not None:
            if domain.operator_id is None and each.domain.operator_id in providers:
                yield Origin.PROVIDER, each
        elif each.target_id == assignment.target_id:
            yield Origin.DOMAIN, each


def _providers(
    session: Session, domain: InformationDomain, target: TargetObject | None
) -> Collection[uuid.UUID]:
    """Ids of those who may meet requirements at *target*: who operates it, or else anybody of the domain."""
    if target is not None and target.provider_id is not None:
        return {target.provider_id}
    query = select(Processor.id).select_from(InformationDomain).join(InformationDomain.providers)
    return set(session.scalars(query.where(InformationDomain.id == domain.id)))


def process_answers(session: Session, domain: InformationDomain) -> list[RequirementAnswer]:
    """What is answered in process modules of *domain*, in reading order, with the assignments."""
    process = [module.id for module in edition_2023().modules if module.kind is Kind.PROCESS]
    query = (
        select(RequirementAnswer)
        .join(RequirementAnswer.assignment)
        .where(
            RequirementAnswer.domain_id == domain.id,
            Assignment.module_id.in_(process),
            Assignment.relevant.is_not(False),
            RequirementAnswer.status.in_([status for status in Status if status is not Status.OPEN]),
            RequirementAnswer.borrowed_from_id.is_(None),
        )
    )
    order = {each.id: at for at, each in enumerate(edition_2023().requirements)}
    return sorted(session.scalars(query), key=lambda answer: order.get(answer.requirement_id, 0))


# --- Taking over and letting go ------------------------------------------------------------------


def take_over(
    session: Session,
    assignment: Assignment,
    other: Assignment,
    requirement_ids: Iterable[str],
    *,
    by: Identity,
) -> list[RequirementAnswer]:
    """Takes the answers of *other* over into *assignment*; both are loaded whole.

    Returns what changed. Raises :class:`Refused` where *other* has nothing to offer here.
    """
    demand(by, Permission.EDIT, assignment.domain)
    wanted = _asked(session, assignment, requirement_ids)
    offer = next(
        (each for each in offers(session, assignment, wanted, by=by) if each.key == other.id.hex), None
    )
    if offer is None or set(wanted) - set(offer.answers):
        raise Refused(_NOTHING_OFFERED)
    sources = stored_answers(session, other, wanted)
    session.info["action"] = "take_over"
    return [
        _link(session, assignment, requirement_id, sources[requirement_id], other, offer.origin)
        for requirement_id in wanted
    ]


def settle_by_process(
    session: Session,
    assignment: Assignment,
    requirement_ids: Iterable[str],
    source_id: uuid.UUID,
    *,
    by: Identity,
) -> list[RequirementAnswer]:
    """Lets the answer of a process module with that id settle requirements of *assignment*.

    Raises :class:`Refused` where it is none of the same domain.
    """
    demand(by, Permission.EDIT, assignment.domain)
    found = next((each for each in process_answers(session, assignment.domain) if each.id == source_id), None)
    wanted = _asked(session, assignment, requirement_ids)
    if found is None or found.requirement_id in wanted:
        raise Refused(_NO_PROCESS)
    place = load_assignment(session, found.assignment_id)
    source = stored_answers(session, place, [found.requirement_id])[found.requirement_id]
    session.info["action"] = "take_over"
    return [_link(session, assignment, each, source, place, Origin.PROCESS) for each in wanted]


def _asked(session: Session, assignment: Assignment, requirement_ids: Iterable[str]) -> list[str]:
    """*requirement_ids*, each once. Raises :class:`Refused` where one is not asked for at *assignment*."""
    asked = {row.requirement.id for row in check_sheet(session, assignment).rows}
    wanted = list(dict.fromkeys(requirement_ids))
    if assignment.relevant is False or not asked.issuperset(wanted):
        raise Refused(_NOTHING_OFFERED)
    return wanted


def _link(
    session: Session,
    assignment: Assignment,
    requirement_id: str,
    source: RequirementAnswer,
    at: Assignment,
    origin: Origin,
) -> RequirementAnswer:
    """Lets the answer to one requirement follow *source*, which stands in the check of *at*."""
    found = stored_answers(session, assignment, [requirement_id]).get(requirement_id)
    if found is None:
        found = RequirementAnswer(
            domain=assignment.domain, assignment=assignment, requirement_id=requirement_id, status=Status.OPEN
        )
        session.add(found)
    found.origin, found.borrowed_from = origin, source
    found.source_place = row_id(at.domain.designation, at.place, source.requirement_id)
    found.interview = None
    _copy(found, source)
    return found


def _copy(found: RequirementAnswer, source: RequirementAnswer) -> None:
    """Says in *found* what *source* says now; what both meet together stays the authority's own answer."""
    found.source_version = source.version
    if found.origin is Origin.PROVIDER and source.met_by is MetBy.BOTH:
        found.met_by = MetBy.BOTH
        return
    put(found, given_in(source))
    if found.origin is Origin.PROVIDER:
        found.met_by = MetBy.PROVIDER
    found.answered_on = source.answered_on


def renew(session: Session, answers: Sequence[RequirementAnswer], *, by: Identity) -> int:
    """Takes over again what the sources of *answers*, loaded whole, say by now; returns how many changed."""
    changed = [each for each in answers if is_stale(each)]
    for each in changed:
        demand(by, Permission.EDIT, each.domain)
        _copy(each, each.borrowed_from)  # type: ignore[arg-type]  # what is stale has a source
    session.info["action"] = "take_over"
    return len(changed)


def let_go(answer: RequirementAnswer, *, by: Identity) -> None:
    """Makes a borrowed answer, loaded whole, one of this domain's own; what it says stays."""
    demand(by, Permission.EDIT, answer.domain)
    answer.origin = answer.borrowed_from = answer.source_version = None
    answer.source_place = ""


def is_stale(answer: RequirementAnswer) -> bool:
    """Whether the source of *answer*, which is loaded, has changed since it was taken over."""
    return answer.borrowed_from is not None and answer.borrowed_from.version != answer.source_version


def stale_answers(session: Session, domain: InformationDomain) -> list[RequirementAnswer]:
    """The answers of *domain* that are out of date, whole."""
    query = _out_of_date(select(RequirementAnswer), domain)
    query = query.order_by(RequirementAnswer.requirement_id, RequirementAnswer.id)
    return list(session.scalars(query.options(*everything(RequirementAnswer))))


def count_stale(session: Session, domain: InformationDomain) -> int:
    """How many answers of *domain* are out of date."""
    return session.scalar(_out_of_date(select(func.count(RequirementAnswer.id)), domain)) or 0


def _out_of_date(query: Any, domain: InformationDomain) -> Any:
    """*query* over answers, narrowed to those of *domain* whose source has changed."""
    source = aliased(RequirementAnswer)
    same = (
        (source.organisation_id == RequirementAnswer.organisation_id)
        & (source.id == RequirementAnswer.borrowed_from_id)
        & (source.version != RequirementAnswer.source_version)
    )
    return query.join(source, same).where(
        RequirementAnswer.domain_id == domain.id, RequirementAnswer.borrowed_from_id.is_not(None)
    )


# --- Following -----------------------------------------------------------------------------------


def follow_sources(session: Session, touched: Touched) -> None:
    """Brings answers that follow what is being saved in line with it, in the same transaction."""
    moving = [
        thing
        for thing, action in touched.items()
        if isinstance(thing, RequirementAnswer) and action is Action.UPDATE
    ]
    seen = {answer.id for answer in moving}
    while moving:
        query = select(RequirementAnswer).where(
            RequirementAnswer.borrowed_from_id.in_([answer.id for answer in moving]),
            RequirementAnswer.origin.in_(FOLLOWING),
        )
        followers = session.scalars(query.options(*everything(RequirementAnswer))).all()
        sources = {answer.id: answer for answer in moving}
        moving = []
        for follower in followers:
            if follower.id in seen or follower.borrowed_from_id is None:
                continue
            seen.add(follower.id)
            source = sources[follower.borrowed_from_id]
            _copy(follower, source)
            # The version rises only when the source is written.
            follower.source_version = source.version + 1
            follower.changed_at = now()
            touched.setdefault(follower, Action.UPDATE)
            moving.append(follower)


_NOTHING_OFFERED: Final = Text(
    "Diese Antworten lassen sich hier nicht übernehmen. Laden Sie die Seite neu.",
    "These answers cannot be taken over here. Reload the page.",
)
_NO_PROCESS: Final = Text(
    "Wählen Sie eine beantwortete Anforderung aus einem Prozess-Baustein desselben Informationsverbunds.",
    "Choose an answered requirement of a process module of the same information domain.",
)
