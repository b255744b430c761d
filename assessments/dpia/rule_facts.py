"""What the rules about impact assessments read beside them, each asked once for all of them."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import and_, bindparam, inspect, literal, select, union, union_all

from assessments.dpia.dpia import Dpia
from assessments.dpia.settings import RiskMatrixSetting
from assessments.dpia.threshold import ThresholdAnalysis
from compliance.database import Query
from compliance.entry import State
from compliance.rules import Follows, Heeds, follows, surveys

ACTIVITIES: Final = follows(Dpia, "activities", ("name", "stage", "since", "ai", "ai_class", "subjects"))
"""The activities that are assessed."""

MATRIX: Final = surveys(Dpia, RiskMatrixSetting, ("content",))
"""How the organisation reads severity and likelihood; nothing where it keeps the default."""

MEASURES: Final = Heeds(
    "Measure", ("state", "progress", "unmet", "responsible", "planned_until", "implemented_on", "evidence")
)
"""What counts of a measure of the register, so that risks are judged again when it changes."""

_ORGANISATION: Final[Any] = bindparam("organisation")
_IDS: Final[Any] = bindparam("ids", expanding=True)
# The columns of references are made by the class that declares them, so types do not know them.
_ANALYSIS: Final[Any] = ThresholdAnalysis


def _named_activities() -> Any:
    """The table that ties assessments to the activities they name."""
    return inspect(Dpia).relationships["activities"].secondary


def _assessments() -> Query:
    """The assessments that name an activity, and those that its threshold analysis calls covering."""
    table = _named_activities()
    links = table.c
    tied = and_(links.organisation_id == Dpia.organisation_id, links.source_id == Dpia.id)
    naming = (
        select(
            links.target_id.label("activity_id"), Dpia.state, Dpia.decision, literal(True).label("names_it")
        )
        .join_from(Dpia, table, tied)
        .where(links.organisation_id == _ORGANISATION, links.target_id.in_(_IDS))
    )
    covers = and_(_ANALYSIS.organisation_id == Dpia.organisation_id, _ANALYSIS.covered_by_id == Dpia.id)
    covering = (
        select(_ANALYSIS.activity_id, Dpia.state, Dpia.decision, literal(False).label("names_it"))
        .join_from(Dpia, ThresholdAnalysis, covers)
        .where(_ANALYSIS.organisation_id == _ORGANISATION, _ANALYSIS.activity_id.in_(_IDS))
        .where(_ANALYSIS.state != State.ENDED)
    )
    both = union_all(naming, covering).subquery()
    return select(both)


def _assessed() -> Query:
    links = _named_activities().c
    named = select(links.target_id).where(links.organisation_id == _ORGANISATION, links.source_id.in_(_IDS))
    mine = _ANALYSIS.organisation_id == _ORGANISATION
    covered = select(_ANALYSIS.activity_id).where(mine, _ANALYSIS.covered_by_id.in_(_IDS))
    either = union(named, covered).subquery()
    return select(either)


DPIAS: Final = Follows("Dpia", _assessments, ("state", "decision", "activities"), _assessed)
"""The impact assessments of a processing activity; ``names_it`` is false of one that only covers it."""
