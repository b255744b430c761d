"""What the gates of projects look at, read for any number of projects by the same few questions.

Every query gives the id of the project first and is narrowed to the parameters
``organisation`` and ``ids``, so that pages and rules ask the same.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import and_, bindparam, exists, inspect, or_, select, union
from sqlalchemy.orm import Session, aliased

from assessments.dpia.dpia import Dpia
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.grundschutz.check import RequirementAnswer, Status
from assessments.grundschutz.domain import Catalogue, InformationDomain
from assessments.grundschutz.modelling import Assignment
from compliance.database import Query
from compliance.entry import State
from compliance.rules import Follows, Reads
from registers.objects import TargetObject
from registers.processing import ProcessingActivity
from registers.processors import Processor
from registers.projects import Project

Near = Mapping[str, Sequence[Any]]
"""Rows about one project, by the name of the class they are read from."""

_IDS: Final[Any] = bindparam("ids", expanding=True)
_ORGANISATION: Final[Any] = bindparam("organisation")
# The columns of references are made by the class that declares them, so types do not know them.
_ACTIVITY: Final[Any] = ProcessingActivity
_ANALYSIS: Final[Any] = ThresholdAnalysis


def _mine(model: Any) -> Any:
    return model.organisation_id == _ORGANISATION


def _links(model: type[Any], name: str) -> Any:
    """The table that ties entries of *model* to what they refer to by *name*."""
    return inspect(model).relationships[name].secondary


# --- Activities ----------------------------------------------------------------------------------

_OF_ACTIVITIES: Final = (
    *("id", "number", "stage", "subjects", "notice", "staff_council"),
    *("ai", "ai_class", "open_data", "anonymisation", "paper_only"),
)


def _still_there(query: Any) -> Any:
    return query.where(_ACTIVITY.state != State.ENDED)


ACTIVITIES: Final = Reads("ProcessingActivity", "project", _OF_ACTIVITIES, narrow=_still_there)


def _activities() -> Query:
    wanted = [getattr(_ACTIVITY, name) for name in _OF_ACTIVITIES]
    query = select(_ACTIVITY.project_id, *wanted).where(_mine(_ACTIVITY))
    found: Query = _still_there(query.where(_ACTIVITY.project_id.in_(_IDS)))
    return found


def _of_living_activities(*columns: Any) -> Any:
    query = select(_ACTIVITY.project_id, *columns).where(_mine(_ACTIVITY))
    return _still_there(query.where(_ACTIVITY.project_id.in_(_IDS)))


def _projects_of(*activities: Any) -> Query:
    """The projects of the activities whose ids one of the queries *activities* gives."""
    mine = or_(*(_ACTIVITY.id.in_(one) for one in activities))
    query = select(_ACTIVITY.project_id).where(_mine(_ACTIVITY), mine)
    return query.where(_ACTIVITY.project_id.is_not(None))


# --- Threshold analyses and impact assessments ---------------------------------------------------


def _analyses() -> Query:
    covering = aliased(Dpia)
    both = and_(
        _ANALYSIS.organisation_id == _ACTIVITY.organisation_id,
        _ANALYSIS.activity_id == _ACTIVITY.id,
    )
    query: Query = _of_living_activities(
        _ANALYSIS.activity_id,
        _ANALYSIS.number,
        _ANALYSIS.state,
        _ANALYSIS.result,
        covering.number.label("covering_number"),
        covering.state.label("covering_state"),
        covering.decision.label("covering_decision"),
    )
    covers = and_(
        covering.organisation_id == _ANALYSIS.organisation_id,
        covering.id == _ANALYSIS.covered_by_id,
    )
    query = query.join(ThresholdAnalysis, both).outerjoin(covering, covers)
    return query.where(_ANALYSIS.state != State.ENDED)


def _dpias() -> Query:
    links = _links(Dpia, "activities")
    tied = and_(links.c.organisation_id == _ACTIVITY.organisation_id, links.c.target_id == _ACTIVITY.id)
    both = and_(Dpia.organisation_id == links.c.organisation_id, Dpia.id == links.c.source_id)
    assessed = links.c.target_id.label("activity_id")
    query: Query = _of_living_activities(assessed, Dpia.number, Dpia.state, Dpia.decision)
    return query.join(links, tied).join(Dpia, both).where(Dpia.state != State.ENDED)


def _with_analyses() -> Query:
    return _projects_of(_column_of(_ANALYSIS, _ANALYSIS.activity_id, _ANALYSIS.id))


def _with_dpias() -> Query:
    links = _links(Dpia, "activities").c
    assessed = select(links.target_id).where(
        links.organisation_id == _ORGANISATION, links.source_id.in_(_IDS)
    )
    covered = _column_of(_ANALYSIS, _ANALYSIS.activity_id, _ANALYSIS.covered_by_id)
    return _projects_of(assessed, covered)


def _column_of(model: Any, column: Any, key: Any) -> Any:
    return select(column).where(_mine(model), key.in_(_IDS))


# --- Processors and target objects ---------------------------------------------------------------

_OF_PROCESSORS: Final = ("number", "instrument", "document", "contract_state", "valid_until", "ended")
_OF_OBJECTS: Final = ("id", "number", "status", "needed_c", "needed_i", "needed_a")


def _processors() -> Query:
    links = _links(_ACTIVITY, "processors")
    tied = and_(links.c.organisation_id == _ACTIVITY.organisation_id, links.c.source_id == _ACTIVITY.id)
    both = and_(Processor.organisation_id == links.c.organisation_id, Processor.id == links.c.target_id)
    wanted = [getattr(Processor, name) for name in _OF_PROCESSORS]
    query: Query = _of_living_activities(_ACTIVITY.stage, *wanted)
    return query.join(links, tied).join(Processor, both).where(Processor.state != State.ENDED)


def _with_processors() -> Query:
    return _projects_of(_sources(_ACTIVITY, "processors"))


def _sources(model: type[Any], name: str) -> Any:
    """The ids of the entries of *model* that refer by *name* to one of ``ids``."""
    links = _links(model, name).c
    return select(links.source_id).where(links.organisation_id == _ORGANISATION, links.target_id.in_(_IDS))


def _object_ids() -> Any:
    """Which target objects a project works with, by its activities or by itself."""
    mine, own = _links(_ACTIVITY, "objects").c, _links(Project, "objects").c
    tied = and_(mine.organisation_id == _ACTIVITY.organisation_id, mine.source_id == _ACTIVITY.id)
    by_activity = _of_living_activities(mine.target_id.label("target_id")).where(tied)
    by_itself = select(own.source_id, own.target_id).where(
        own.organisation_id == _ORGANISATION, own.source_id.in_(_IDS)
    )
    return union(by_activity, by_itself).subquery()


def _objects() -> Query:
    used = _object_ids()
    wanted = [getattr(TargetObject, name) for name in _OF_OBJECTS]
    query = select(used.c.project_id, *wanted, _checked_by_imported().label("checked_by_imported"))
    query = query.join(TargetObject, TargetObject.id == used.c.target_id)
    return query.where(_mine(TargetObject), TargetObject.state != State.ENDED)


def _checked_by_imported() -> Any:
    """Whether an object lies in a domain that is checked by imported catalogues alone."""
    members = _links(InformationDomain, "objects").c
    both = and_(
        InformationDomain.organisation_id == members.organisation_id,
        InformationDomain.id == members.source_id,
    )
    return exists(
        select(members.target_id)
        .join(InformationDomain, both)
        .where(
            members.organisation_id == TargetObject.organisation_id,
            members.target_id == TargetObject.id,
            InformationDomain.catalogue == Catalogue.IMPORTED,
            InformationDomain.state != State.ENDED,
        )
    )


def _with_objects() -> Query:
    return _working_with(_IDS)


def _working_with(objects: Any) -> Query:
    """The projects that work with one of *objects*, by their activities or by themselves."""

    def using(model: type[Any]) -> Any:
        links = _links(model, "objects").c
        return select(links.source_id).where(
            links.organisation_id == _ORGANISATION, links.target_id.in_(objects)
        )

    own = select(Project.id).where(_mine(Project), Project.id.in_(using(Project)))
    either = union(own, _projects_of(using(_ACTIVITY))).subquery()
    return select(either.c.id)


# --- Modelling and check -------------------------------------------------------------------------


def _assignments() -> Query:
    used = _object_ids()
    domain = and_(
        InformationDomain.organisation_id == Assignment.organisation_id,
        InformationDomain.id == Assignment.domain_id,
    )
    query = select(
        used.c.project_id,
        Assignment.id,
        Assignment.target_id,
        Assignment.module_id,
        InformationDomain.approach,
        InformationDomain.profile_asks,
    )
    query = query.join(Assignment, Assignment.target_id == used.c.target_id).join(InformationDomain, domain)
    return query.where(
        _mine(Assignment),
        Assignment.relevant.is_not(False),
        InformationDomain.state != State.ENDED,
        InformationDomain.catalogue.is_distinct_from(Catalogue.IMPORTED),
    )


def _answers() -> Query:
    used = _object_ids()
    tied = and_(
        RequirementAnswer.organisation_id == Assignment.organisation_id,
        RequirementAnswer.assignment_id == Assignment.id,
    )
    query = select(
        used.c.project_id,
        RequirementAnswer.assignment_id,
        RequirementAnswer.requirement_id,
        RequirementAnswer.status,
        RequirementAnswer.adopted,
    )
    query = query.join(Assignment, Assignment.target_id == used.c.target_id).join(RequirementAnswer, tied)
    matters = or_(RequirementAnswer.status != Status.OPEN, RequirementAnswer.adopted.is_(True))
    return query.where(_mine(Assignment), Assignment.relevant.is_not(False), matters)


def _with_assignments() -> Query:
    return _working_with(_column_of(Assignment, Assignment.target_id, Assignment.id))


def _with_answers() -> Query:
    answered = _column_of(RequirementAnswer, RequirementAnswer.assignment_id, RequirementAnswer.id)
    return _working_with(select(Assignment.target_id).where(_mine(Assignment), Assignment.id.in_(answered)))


# --- For rules and for pages ---------------------------------------------------------------------

ANALYSES: Final = Follows(
    "ThresholdAnalysis",
    _analyses,
    ("number", "state", "result", "activity", "covered_by"),
    _with_analyses,
)
DPIAS: Final = Follows("Dpia", _dpias, ("state", "decision", "activities"), _with_dpias)
PROCESSORS: Final = Follows("Processor", _processors, ("state", *_OF_PROCESSORS), _with_processors)
OBJECTS: Final = Follows("TargetObject", _objects, ("state", *_OF_OBJECTS), _with_objects)
ASSIGNMENTS: Final = Follows("Assignment", _assignments, ("relevant",), _with_assignments)
# Only the status makes a difference, so that a remark is saved as quickly as before.
ANSWERS: Final = Follows("RequirementAnswer", _answers, ("status", "adopted"), _with_answers)

_QUERIES: Final[Mapping[str, Callable[[], Query]]] = {
    "ProcessingActivity": _activities,
    "ThresholdAnalysis": _analyses,
    "Dpia": _dpias,
    "Processor": _processors,
    "TargetObject": _objects,
    "Assignment": _assignments,
    "RequirementAnswer": _answers,
}


def facts_about(session: Session, projects: Sequence[Project]) -> dict[uuid.UUID, Near]:
    """What the gates of *projects* look at, by the id of the project, in seven queries."""
    found: dict[uuid.UUID, dict[str, list[Any]]] = {project.id: defaultdict(list) for project in projects}
    if not projects:
        return {}
    sought = {"organisation": projects[0].organisation_id, "ids": list(found)}
    for name, query in _QUERIES.items():
        for row in session.execute(query(), sought):
            found[row[0]][name].append(row)
    return {identity: dict(near) for identity, near in found.items()}
