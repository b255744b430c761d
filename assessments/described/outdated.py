"""Marks descriptions whose answers have changed, in the transaction in which they change."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import Session

from assessments.described.answers import NOTHING, bases, standing_on
from assessments.described.description import Describing, MeasuresTaken
from assessments.described.wording import together_with
from assessments.dpia.dpia import Dpia
from assessments.grundschutz.check import RequirementAnswer, Status
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.modelling import Assignment
from compliance.saving import Action, Touched, settle
from registers.objects import TargetObject
from registers.processing import ProcessingActivity

_DECIDING: Final[Mapping[type[Any], tuple[str, ...]]] = {
    RequirementAnswer: ("status", "adopted"),
    Assignment: ("relevant",),
    InformationDomain: ("objects", "approach", "profile_asks", "catalogue", "state"),
    TargetObject: ("depends_on", "status", "state"),
    ProcessingActivity: ("objects",),
    Dpia: ("activities",),
    MeasuresTaken: ("requirements",),
}
"""What has to change in something stored to make a difference."""


def mark_descriptions(session: Session, touched: Touched) -> None:
    """Settles :attr:`measures_outdated` of whatever took its measures from answers that are saved."""
    concerned: defaultdict[uuid.UUID, list[Any]] = defaultdict(list)
    for thing, action in touched.items():
        if _matters(thing, action):
            concerned[thing.organisation_id].append(thing)  # type: ignore[attr-defined]
    for organisation, things in concerned.items():
        news = _News.of(things, touched)
        for model in (ProcessingActivity, Dpia):
            if news:
                _mark_standing_on(session, organisation, model, news)
            else:
                _mark_all(session, organisation, model)


@dataclass(frozen=True)
class _News:
    """What answers that are saved can do to descriptions."""

    assignments: frozenset[uuid.UUID]
    requirements: frozenset[str]
    """With those of which a sentence speaks in the same breath."""
    adds: bool
    """More may be met than before."""
    takes: bool
    """Less may be met than before."""

    @classmethod
    def of(cls, things: Collection[Any], touched: Touched) -> _News | None:
        """What *things* can do; ``None`` where not only answers have changed."""
        if not all(isinstance(thing, RequirementAnswer) for thing in things):
            return None
        met = [thing.status is Status.YES and touched[thing] is not Action.DELETE for thing in things]
        # What is no longer asked can neither hold a sentence back nor speak for it.
        either = any(inspect(thing).attrs["adopted"].history.has_changes() for thing in things)
        return cls(
            frozenset(thing.assignment_id for thing in things),
            together_with({thing.requirement_id for thing in things}),
            either or any(met),
            either or not all(met),
        )

    def can_move(self, taken: frozenset[str], stale: bool) -> bool:
        """Whether what *taken* says may be outdated now, or, if it is *stale*, may be true again."""
        said, unsaid = bool(self.requirements & taken), bool(self.requirements - taken)
        if stale:
            return (self.adds and said) or (self.takes and unsaid)
        return (self.adds and unsaid) or (self.takes and said)


def _matters(thing: Any, action: Action) -> bool:
    names = _DECIDING.get(type(thing))
    if names is None:
        return False
    histories = {name: inspect(thing).attrs[name].history for name in names}
    if action is Action.UPDATE and not any(each.has_changes() for each in histories.values()):
        return False
    if isinstance(thing, RequirementAnswer) and not histories["adopted"].has_changes():
        # Only what was met, or is now, was ever said.
        return Status.YES in histories["status"].sum()
    return True


def _mark_all(session: Session, organisation: uuid.UUID, model: type[Describing]) -> None:
    """Settles every entry of *model*, whatever its measures rest on."""
    taken = _taken(session, organisation, model)
    _settle(session, organisation, model, taken, _compared(session, organisation, model, taken, taken, None))


def _mark_standing_on(
    session: Session, organisation: uuid.UUID, model: type[Describing], news: _News
) -> None:
    """Settles the entries of *model* that stand on what some answers are about; nothing else changed."""
    near = _taken(session, organisation, model, news.assignments)
    taken = {
        identity: (said, stale) for identity, (said, stale) in near.items() if news.can_move(said, stale)
    }
    found = _compared(session, organisation, model, taken, taken, news.requirements)
    # What agrees there may still be outdated for another reason, if it was so far.
    agreeing = {identity for identity, stale in found.items() if not stale and taken[identity][1]}
    found |= _compared(session, organisation, model, taken, agreeing, None)
    _settle(session, organisation, model, taken, found)


def _settle(
    session: Session,
    organisation: uuid.UUID,
    model: type[Describing],
    taken: Mapping[uuid.UUID, tuple[frozenset[str], bool]],
    found: Mapping[uuid.UUID, bool],
) -> None:
    """Stores what was *found* otherwise than it stands in what was *taken*."""
    news = {identity: stale for identity, stale in found.items() if stale != taken[identity][1]}
    values = {identity: {"measures_outdated": stale} for identity, stale in news.items()}
    settle(session, organisation, model, values)


def _taken(
    session: Session,
    organisation: uuid.UUID,
    model: type[Describing],
    assignments: Collection[uuid.UUID] | None = None,
) -> dict[uuid.UUID, tuple[frozenset[str], bool]]:
    """What each entry of *model* took over, and whether that is outdated as far as is known.

    *assignments* limits it to entries that stand on what the modules with these ids are assigned to.
    """
    sought: dict[str, Any] = {"organisation": organisation}
    if assignments is not None:
        sought["assignments"] = list(assignments)
    rows = session.execute(_asking(model, assignments is not None), sought)
    return {row[0]: (frozenset(row[1].split()), row[2] is True) for row in rows}


@cache
def _asking(model: type[Describing], near: bool) -> Select[Any]:
    """The question what was taken over; built once, since building it costs more than asking."""
    mine: Any = MeasuresTaken.activity_id if model is ProcessingActivity else MeasuresTaken.dpia_id
    entry: Any = model
    organisation: Any = bindparam("organisation")
    query = (
        select(mine, MeasuresTaken.requirements, entry.measures_outdated)
        .join(entry, entry.id == mine)
        .where(MeasuresTaken.organisation_id == organisation, entry.organisation_id == organisation)
    )
    return query.where(mine.in_(standing_on(model))) if near else query


def _compared(
    session: Session,
    organisation: uuid.UUID,
    model: type[Describing],
    taken: Mapping[uuid.UUID, tuple[frozenset[str], bool]],
    ids: Collection[uuid.UUID],
    only: Collection[str] | None,
) -> dict[uuid.UUID, bool]:
    """Whether each of *ids* took over other answers than there are, as far as *only* goes."""
    if not ids:
        return {}
    found = bases(session, model, organisation, ids, only)
    return {
        identity: (taken[identity][0] if only is None else taken[identity][0].intersection(only))
        != set(found.get(identity, NOTHING).met)
        for identity in ids
    }
