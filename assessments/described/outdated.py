"""Marks descriptions whose answers have changed, in the transaction in which they change."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any, Final

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from assessments.described.answers import NOTHING, bases
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
    InformationDomain: ("objects", "approach", "profile_asks", "state"),
    TargetObject: ("depends_on", "status", "state"),
    ProcessingActivity: ("objects",),
    Dpia: ("activities",),
    MeasuresTaken: ("requirements",),
}
"""What has to change in something stored to make a difference."""


def mark_descriptions(session: Session, touched: Touched) -> None:
    """Settles :attr:`measures_outdated` of whatever took its measures from answers that are saved."""
    concerned: defaultdict[uuid.UUID, set[str] | None] = defaultdict(set)
    for thing, action in touched.items():
        if not _matters(thing, action):
            continue
        organisation = thing.organisation_id  # type: ignore[attr-defined]
        known = concerned[organisation]
        if isinstance(thing, RequirementAnswer) and known is not None:
            known |= together_with({thing.requirement_id})
        else:
            concerned[organisation] = None
    for organisation, requirements in concerned.items():
        for model in (ProcessingActivity, Dpia):
            _mark(session, organisation, model, requirements)


def _matters(thing: Any, action: Action) -> bool:
    names = _DECIDING.get(type(thing))
    if names is None:
        return False
    histories = {name: inspect(thing).attrs[name].history for name in names}
    if isinstance(thing, RequirementAnswer) and not histories["adopted"].has_changes():
        # Only what was met, or is now, was ever said.
        return Status.YES in histories["status"].sum()
    return action is not Action.UPDATE or any(each.has_changes() for each in histories.values())


def _mark(
    session: Session, organisation: uuid.UUID, model: type[Describing], requirements: set[str] | None
) -> None:
    """Settles the entries of *model*; with *requirements* only answers to these have changed."""
    taken = _taken(session, organisation, model)
    # What is up to date can only be outdated by what has changed; else every answer counts.
    fresh = {identity for identity, (_, stale) in taken.items() if not stale} if requirements else set()
    changed = {
        **_compared(session, organisation, model, taken, fresh, requirements),
        **_compared(session, organisation, model, taken, taken.keys() - fresh, None),
    }
    news = {identity: stale for identity, stale in changed.items() if stale != taken[identity][1]}
    settle(
        session,
        organisation,
        model,
        {identity: {"measures_outdated": stale} for identity, stale in news.items()},
    )


def _taken(
    session: Session, organisation: uuid.UUID, model: type[Describing]
) -> dict[uuid.UUID, tuple[frozenset[str], bool]]:
    """What each entry of *model* took over, and whether that is outdated as far as is known."""
    mine: Any = MeasuresTaken.activity_id if model is ProcessingActivity else MeasuresTaken.dpia_id
    entry: Any = model
    query = (
        select(mine, MeasuresTaken.requirements, entry.measures_outdated)
        .join(entry, entry.id == mine)
        .where(MeasuresTaken.organisation_id == organisation, entry.organisation_id == organisation)
    )
    return {row[0]: (frozenset(row[1].split()), row[2] is True) for row in session.execute(query)}


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
