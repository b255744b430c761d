"""Notes why a released impact assessment has to be reviewed, in the transaction that saves the cause."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import inspect, or_, select
from sqlalchemy.orm import Session

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.occasions import ARISES_ONCE, WATCHED, Occasion
from assessments.dpia.review import Changed, ReviewReason, changes_to_json, merged
from assessments.dpia.risk import DpiaMeasure
from compliance.database import now, today
from compliance.entry import Entry, State, everything
from compliance.fields import Simple, answers, fields, restored
from compliance.journal import differences, hold, last_state
from compliance.saving import Action, Touched
from registers.authority_cases import AuthorityCase, CaseKind, CaseOutcome
from registers.authority_lists import AuthorityListItem, Place, counts, place_of
from registers.breaches import Breach
from registers.measures import Measure, Progress
from registers.norms import Norm
from registers.objects import TargetObject
from registers.processing import ProcessingActivity, Purpose, Stage
from registers.processors import Processor
from registers.projects import Project, ProjectStage


@dataclass(frozen=True)
class Cause:
    """Something that was saved and makes assessments due for a review."""

    occasion: Occasion
    entry: Entry
    where: Any
    """The condition that an assessment rests on it."""
    changes: tuple[Changed, ...] = ()

    @property
    def key(self) -> uuid.UUID | None:
        """What a reason is known by again; all entries of own lists together are one reason."""
        return None if self.occasion is Occasion.LIST else self.entry.id


def note_reasons(session: Session, touched: Touched) -> None:
    """Notes a reason at every released assessment that rests on what is *touched*; called by the session."""
    causes = [
        cause
        for thing, action in touched.items()
        if isinstance(thing, Entry) and action is not Action.DELETE and type(thing) in _CAUSES
        for cause in _CAUSES[type(thing)](session, thing)
    ]
    resting = [(cause, dpia) for cause in causes for dpia in _resting_on(session, cause)]
    if not resting:
        return
    # Whoever notes the same at the same moment waits here and then finds it noted.
    hold(session, resting[0][1].organisation_id)
    known = _known(session, {dpia.id for _cause, dpia in resting})
    for cause, dpia in resting:
        _note(session, touched, known, cause, dpia)


def _resting_on(session: Session, cause: Cause) -> Sequence[Dpia]:
    query = select(Dpia).where(
        cause.where,
        Dpia.released_hash != "",
        Dpia.state != State.ENDED,
        or_(Dpia.decision.is_(None), Dpia.decision != DpiaDecision.REJECTED),
    )
    return session.scalars(query.order_by(Dpia.number)).all()


def _known(session: Session, dpias: Collection[uuid.UUID]) -> list[ReviewReason]:
    query = select(ReviewReason).where(ReviewReason.dpia_id.in_(dpias))
    return list(session.scalars(query.options(*everything(ReviewReason))))


def _note(session: Session, touched: Touched, known: list[ReviewReason], cause: Cause, dpia: Dpia) -> None:
    """Adds the reason, or adds what changed to the one that is open already."""
    same = [
        reason
        for reason in known
        if (reason.dpia_id, reason.occasion, _key(reason)) == (dpia.id, cause.occasion, cause.key)
    ]
    if same and cause.occasion in ARISES_ONCE:
        return
    still_open = next((reason for reason in same if reason.settled_on is None), None)
    if still_open is None:
        reason = _reason(cause, dpia)
        known.append(reason)
        session.add(reason)
        touched[reason] = Action.CREATE
        return
    together = merged(still_open.changed, cause.changes)
    if together == still_open.changed:
        return
    if together:
        still_open.changes = changes_to_json(together)
        # What was answered was another change.
        still_open.influence = None
        still_open.changed_at = now()
        touched.setdefault(still_open, Action.UPDATE)
    else:
        known.remove(still_open)
        session.delete(still_open)
        touched[still_open] = Action.DELETE


def _key(reason: ReviewReason) -> uuid.UUID | None:
    if not reason.cause_register:
        # No entry gave it, so none adds to it.
        return reason.id
    return None if reason.occasion is Occasion.LIST else reason.cause_id


def _reason(cause: Cause, dpia: Dpia) -> ReviewReason:
    entry = cause.entry
    # What is confidential between the officer and somebody is known by its number alone.
    called = entry.designation if entry.is_hidden else str(entry)
    return ReviewReason(
        organisation_id=dpia.organisation_id,
        dpia=dpia,
        dpia_id=dpia.id,
        occasion=cause.occasion,
        noted_on=today(),
        cause=called[:300],
        cause_register=entry.slug,
        cause_id=entry.id,
        cause_number=entry.number,
        changes=changes_to_json(cause.changes),
    )


# --- Which assessments rest on it ----------------------------------------------------------------

_ACTIVITY: Final[Any] = ProcessingActivity


def _of_activities(condition: Any) -> Any:
    return Dpia.activities.any(condition)


def _of_activity(entry: Entry) -> Any:
    return _of_activities(_ACTIVITY.id == entry.id)


def _of_processor(entry: Entry) -> Any:
    return _of_activities(_ACTIVITY.processors.any(Processor.id == entry.id))


def _of_object(entry: Entry) -> Any:
    return _of_activities(_ACTIVITY.objects.any(TargetObject.id == entry.id))


def _of_project(entry: Entry) -> Any:
    dpia: Any = Dpia
    return or_(dpia.project_id == entry.id, _of_activities(_ACTIVITY.project_id == entry.id))


def _of_norm(entry: Entry) -> Any:
    purpose: Any = Purpose
    cited = _ACTIVITY.purposes.any(purpose.law_id == entry.id)
    return _of_activities(or_(_ACTIVITY.norms.any(Norm.id == entry.id), cited))


def _of_measure(entry: Entry) -> Any:
    own: Any = DpiaMeasure
    used = _of_activities(_ACTIVITY.measures_used.any(Measure.id == entry.id))
    return or_(Dpia.measures.any(own.measure_id == entry.id), used)


_RESTS: Final[Mapping[type[Entry], Callable[[Entry], Any]]] = {
    ProcessingActivity: _of_activity,
    Processor: _of_processor,
    TargetObject: _of_object,
    Project: _of_project,
    Norm: _of_norm,
}


# --- What was changed ----------------------------------------------------------------------------


def _is_new(entry: Entry) -> bool:
    return not inspect(entry).persistent


def _changes(session: Session, entry: Entry) -> tuple[Mapping[str, Any], dict[str, tuple[Any, Any]]]:
    """What the journal last knew of *entry*, and old and new content of what is being changed."""
    before = last_state(session, entry)
    return before, differences(before, _said(entry))


def _said(entry: Entry) -> dict[str, Any]:
    """What *entry* says; a new one gets its state only when it is written."""
    state: State | None = entry.state
    return answers(entry) | {"@state": (state or State.DRAFT).name}


def _changed_fields(session: Session, entry: Entry) -> Iterator[Cause]:
    """A cause for each occasion that the changed fields of *entry* give."""
    where = _RESTS[type(entry)](entry)
    if _is_new(entry) or not _rests_any(session, where):
        return
    _before, changes = _changes(session, entry)
    found: dict[Occasion, list[Changed]] = {}
    for name, occasion in WATCHED[type(entry)].items():
        if name in changes and (name != "stage" or _ends_pilot(entry, changes[name])):
            found.setdefault(occasion, []).append(Changed(entry.id.hex, name, *changes[name]))
    for occasion, changed in found.items():
        yield Cause(occasion, entry, where, tuple(changed))


def _rests_any(session: Session, where: Any) -> bool:
    """Whether any assessment was released that rests on it; most of what is saved ends here."""
    query = select(Dpia.id).where(where, Dpia.released_hash != "").limit(1)
    return session.scalar(query) is not None


def _ends_pilot(entry: Entry, change: tuple[Any, Any]) -> bool:
    """Whether a test or pilot becomes regular operation, perhaps after a pause."""
    old, new = change
    if isinstance(entry, Project):
        was_pilot = old == ProjectStage.PILOT.name or entry.since(ProjectStage.PILOT) is not None
        return bool(new == ProjectStage.OPERATION.name and was_pilot)
    return bool((old, new) == (Stage.TEST.name, Stage.OPERATION.name))


def _failed(session: Session, entry: Entry) -> Iterator[Cause]:
    """A measure that was in force and is no longer."""
    where = _of_measure(entry)
    if _is_new(entry) or not _rests_any(session, where):
        return
    before, changes = _changes(session, entry)
    if _was_effective(before) and not _was_effective(_said(entry)):
        changed = (
            Changed(entry.id.hex, name, *changes[name])
            for name in ("progress", "unmet", "@state")
            if name in changes
        )
        yield Cause(Occasion.MEASURE, entry, where, tuple(changed))


_EFFECTIVE: Final = frozenset({Progress.IMPLEMENTED.name, Progress.CHECKED.name})


def _was_effective(state: Mapping[str, Any]) -> bool:
    ended = state.get("@state") == State.ENDED.name
    return state.get("progress") in _EFFECTIVE and not state.get("unmet") and not ended


# --- What happened -------------------------------------------------------------------------------


def _happened(_session: Session, breach: Entry) -> Iterator[Cause]:
    """A breach, for the activities that it names now and did not name before."""
    if named := _added(breach, "activities"):
        yield Cause(Occasion.INCIDENT, breach, _of_activities(_ACTIVITY.id.in_(named)))


def _added(entry: Entry, name: str) -> list[uuid.UUID]:
    return [one.id for one in inspect(entry).attrs[name].history.added or ()]


_ORDERS: Final = frozenset({CaseOutcome.ORDER, CaseOutcome.RESTRICTION})


def _authority(_session: Session, case: Entry) -> Iterator[Cause]:
    """A complaint or an order, once it is known to be one and to concern an activity."""
    if not isinstance(case, AuthorityCase):
        return
    news = ("kind", "outcome", "activities")
    if not any(inspect(case).attrs[name].history.has_changes() for name in news):
        return
    where = _of_activities(_ACTIVITY.id.in_([activity.id for activity in case.activities]))
    if case.kind is CaseKind.COMPLAINT:
        yield Cause(Occasion.COMPLAINT, case, where)
    if case.kind is CaseKind.CORRECTION or case.outcome in _ORDERS:
        yield Cause(Occasion.ORDER, case, where)


def _listed(session: Session, item: Entry) -> Iterator[Cause]:
    """An entry of a list of the supervisory authority that came, went or says something else."""
    if not isinstance(item, AuthorityListItem):
        return
    place = place_of(session, item.organisation_id)
    before = {} if _is_new(item) else _changes(session, item)[0]
    said, says = _counting(before, place), _counting(_said(item), place)
    if said != says:
        everywhere = Dpia.organisation_id == item.organisation_id
        yield Cause(Occasion.LIST, item, everywhere, (Changed(item.id.hex, "name", said, says),))


def _counting(state: Mapping[str, Any], place: Place) -> str | None:
    """What an entry of a list says where it counts at that *place* today; ``None`` where it does not."""
    if not state or state["@state"] == State.ENDED.name:
        return None
    spec = fields(AuthorityListItem)
    facts = {
        name: restored(cast("Simple", spec[column]), state.get(column))
        for name, column in (
            ("listed_land", "land"),
            ("sector", "sector"),
            ("valid_from", "valid_from"),
            ("valid_until", "valid_until"),
        )
    }
    if not counts(place, today(), **facts):
        return None
    numbered = f"Nr. {state['item_number']}: " if state.get("item_number") else ""
    version = f" ({state['list_version']})" if state.get("list_version") else ""
    return f"{numbered}{state.get('name', '')}{version}"


_CAUSES: Final[Mapping[type[Entry], Callable[[Session, Any], Iterable[Cause]]]] = {
    **dict.fromkeys(WATCHED, _changed_fields),
    Measure: _failed,
    Breach: _happened,
    AuthorityCase: _authority,
    AuthorityListItem: _listed,
}
"""What is looked at when an entry of a register is saved."""
