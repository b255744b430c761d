"""What waits to be done about entries, stored beside them so that a start page asks few questions.

The rows are written by the session itself, in the transaction that causes them, like
findings. They hold no more than lists show; the entry behind a row says the rest.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, Final, cast

from sqlalchemy import (
    Boolean,
    Index,
    String,
    Table,
    and_,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column, selectinload
from sqlalchemy.orm.interfaces import LoaderOption

from compliance.access import Identity, Permission, may, units_of
from compliance.advice import Opinion
from compliance.comments import Mention
from compliance.database import Base, Owned, new_id, today
from compliance.entry import Area, Entry, State, register_called
from compliance.fields import Moment, fields
from compliance.findings import Finding
from compliance.language import LOCAL_TIME, Text
from compliance.people import Role, Unit
from compliance.rules import CONFIRM
from compliance.saving import Action, Touched


class Matter(StrEnum):
    """Why an entry is on somebody's desk."""

    CLOCK = "clock"
    """A period that runs in hours."""
    DUE = "due"
    RELEASE = "release"
    """Handed in, and waiting for whoever releases."""
    ADVISE = "advise"
    """Handed in, and waiting for the opinion of the data protection officer."""
    CHANGED = "changed"
    """Not what was released any more."""
    IMPORTED = "imported"
    ROUND = "round"
    """An update round asks a unit about its activities."""
    ARRIVED = "arrived"
    """Came in from somebody without an account, and waits to be taken on."""
    APPRAISE = "appraise"
    """Records that are offered to the archive, and not appraised yet."""
    MENTION = "mention"
    """A comment asks one person."""
    TASK = "task"
    """Something inside an entry is due, such as an answer or a correction."""
    ASKED = "asked"
    """One person is asked for an answer."""
    ANSWERED = "answered"
    """An answer arrived of which nobody took note yet."""
    REVIEW = "review"
    """What it rests on is not as it was any more; somebody has to look at it again."""
    CONFIRM = "confirm"
    """Drawn up for a department, which has to stand for it; whoever only advises cannot."""


class AgendaItem(Owned, Base):
    """One thing to do about one entry."""

    __tablename__ = "agenda"
    __table_args__ = (
        Index(None, "organisation_id", "entry_id"),
        Index(None, "organisation_id", "matter", "day", "register", "unit_id", "hidden", "id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    register: Mapped[str] = mapped_column(String(64))
    entry_id: Mapped[uuid.UUID]
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    unit_id: Mapped[uuid.UUID | None]
    hidden: Mapped[bool] = mapped_column(Boolean)
    """For the eyes of the data protection officer alone, Art. 38 (5) GDPR."""
    matter: Mapped[str] = mapped_column(String(16))
    what: Mapped[str] = mapped_column(String(64))
    """The field that holds the deadline, or the mention."""
    day: Mapped[date]
    """The deadline; of anything else the day on which it arose."""
    moment: Mapped[datetime | None]
    """The end of a period that runs in hours."""
    person_id: Mapped[uuid.UUID | None]
    """On the desk of this person alone; otherwise of everybody whom the matter concerns."""


_AGENDA: Final = cast("Table", AgendaItem.__table__)


# --- Writing -------------------------------------------------------------------------------------


def note(session: Session, touched: Touched) -> None:
    """Brings the agenda in line with everything *touched*; called by the session itself."""
    by_organisation: defaultdict[uuid.UUID, list[tuple[Entry, Action]]] = defaultdict(list)
    for thing, action in touched.items():
        if isinstance(thing, Entry):
            by_organisation[thing.organisation_id].append((thing, action))
        elif isinstance(thing, Mention):
            if entry := _mentioned(session, thing):
                by_organisation[thing.organisation_id].append((entry, Action.UPDATE))
        elif isinstance(thing, Opinion):
            _settle_advice(session, thing)
    for entry in session.info.pop("recalled", ()):
        if entry not in touched:
            by_organisation[entry.organisation_id].append((entry, Action.UPDATE))
    for organisation, entries in by_organisation.items():
        kept = [entry for entry, action in entries if action is not Action.DELETE]
        _store(session, organisation, [entry.id for entry, _ in entries], _wanted(session, kept))


def _settle_advice(session: Session, opinion: Opinion) -> None:
    mine = (_AGENDA.c.organisation_id == opinion.organisation_id, _AGENDA.c.entry_id == opinion.entry_id)
    session.connection().execute(delete(_AGENDA).where(*mine, _AGENDA.c.matter == Matter.ADVISE))


def _mentioned(session: Session, mention: Mention) -> Entry | None:
    model = register_called(mention.register)
    return session.get(model, (mention.organisation_id, mention.entry_id), options=_with_tasks(model))


def _with_tasks(model: type[Entry]) -> list[LoaderOption]:
    """Loads the rows from which the tasks of an entry follow."""
    return [selectinload(getattr(model, name)) for name in model.tasks_in]


def _wanted(session: Session, entries: Sequence[Entry]) -> Iterator[dict[str, Any]]:
    by_id = {entry.id: entry for entry in entries}
    for mention in _open_mentions(session, list(by_id)):
        day = mention.changed_at.astimezone(LOCAL_TIME).date()
        row = _row(by_id[mention.entry_id], Matter.MENTION, mention.id.hex, day)
        yield row | {"person_id": mention.person_id}
    for found in _recalls(session, [entry.id for entry in entries if _is_recalled(entry)]):
        matter = Matter.CONFIRM if found.task.startswith(CONFIRM) else Matter.REVIEW
        yield _row(by_id[found.entry_id], matter, found.task, found.found_on)
    advised = _already_advised(session, [entry.id for entry in entries if _asks_for_advice(entry)])
    for entry in entries:
        for matter, what, when in _matters(entry):
            if matter is Matter.ADVISE and entry.id in advised:
                continue
            yield _row(entry, matter, what, when)
        if entry.state not in (State.ENDED, State.IMPORTED):
            for task in entry.tasks():
                yield _row(entry, Matter(task.kind), task.what, task.day) | {"person_id": task.person_id}


def _row(entry: Entry, matter: Matter, what: str, when: date | datetime | None) -> dict[str, Any]:
    return {
        "organisation_id": entry.organisation_id,
        "register": entry.slug,
        "entry_id": entry.id,
        "number": entry.number,
        "name": entry.name[:200],
        "unit_id": entry.unit_id,
        "hidden": entry.is_hidden,
        "matter": matter.value,
        "what": what,
        "day": when.astimezone(LOCAL_TIME).date() if isinstance(when, datetime) else when or today(),
        "moment": when if isinstance(when, datetime) else None,
        "person_id": None,
    }


def _open_mentions(session: Session, ids: Sequence[uuid.UUID]) -> Sequence[Mention]:
    if not ids:
        return ()
    return session.scalars(select(Mention).where(Mention.entry_id.in_(ids), Mention.done_at.is_(None))).all()


def _is_recalled(entry: Entry) -> bool:
    """Whether findings put *entry* on a desk; what was imported is looked through as a whole first."""
    return entry.recalled and entry.state is not State.IMPORTED


def _recalls(session: Session, ids: Sequence[uuid.UUID]) -> Sequence[Any]:
    """What rules found in the entries with *ids* that somebody has to look at again, each once."""
    if not ids:
        return ()
    query = select(Finding.entry_id, Finding.task, func.min(Finding.found_on).label("found_on"))
    query = query.where(Finding.entry_id.in_(ids), Finding.task != "", Finding.accepted_by.is_(None))
    return session.execute(query.group_by(Finding.entry_id, Finding.task)).all()


def _asks_for_advice(entry: Entry) -> bool:
    return entry.advised and entry.state is State.REVIEW


def _already_advised(session: Session, ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
    return set(session.scalars(select(Opinion.entry_id).where(Opinion.entry_id.in_(ids)))) if ids else set()


def _matters(entry: Entry) -> Iterator[tuple[Matter, str, date | datetime | None]]:
    match entry.state:
        case State.ENDED:
            return
        case State.IMPORTED:
            yield Matter.IMPORTED, "", None
            return
        case State.REVIEW:
            yield Matter.RELEASE, "", None
            if entry.advised:
                yield Matter.ADVISE, "", None
        case State.RELEASED if entry.changed_since_release:
            yield Matter.CHANGED, "", None
        case _:
            pass
    if entry.waits:
        yield Matter.ARRIVED, "", None
    if entry.wants_appraisal:
        yield Matter.APPRAISE, "", None
    for name in entry.due:
        when = getattr(entry, name)
        if when is not None and not entry.met(name):
            clock = isinstance(fields(type(entry))[name], Moment)
            yield Matter.CLOCK if clock else Matter.DUE, name, when


_ASSIGNED: Final = (Matter.ROUND.value,)
"""What does not follow from the entry alone and is put on desks by name."""
_STORED: Final = select(_AGENDA).where(
    _AGENDA.c.organisation_id == bindparam("organisation"),
    _AGENDA.c.entry_id.in_(bindparam("ids", expanding=True)),
    _AGENDA.c.matter.not_in(_ASSIGNED),
)
_KEY: Final = ("entry_id", "matter", "what")
_DATED: Final = (Matter.CLOCK, Matter.DUE, Matter.TASK, Matter.ASKED)
_CARRIED: Final = ("number", "name", "unit_id", "hidden", "person_id", "day", "moment")


def _store(
    session: Session, organisation: uuid.UUID, ids: Sequence[uuid.UUID], wanted: Iterable[dict[str, Any]]
) -> None:
    connection = session.connection()
    rows = connection.execute(_STORED, {"organisation": organisation, "ids": list(ids)}).mappings()
    have = {tuple(row[name] for name in _KEY): row for row in rows}
    want = {tuple(row[name] for name in _KEY): row for row in wanted}
    if gone := [have[key]["id"] for key in have.keys() - want.keys()]:
        connection.execute(delete(_AGENDA).where(_AGENDA.c.id.in_(gone)))
    if new := [want[key] | {"id": new_id()} for key in want if key not in have]:
        connection.execute(insert(_AGENDA), new)
    for key in have.keys() & want.keys():
        carried = _CARRIED if key[1] in _DATED else _CARRIED[:-2]
        moved = {name: want[key][name] for name in carried if want[key][name] != have[key][name]}
        if moved:
            connection.execute(update(_AGENDA).where(_AGENDA.c.id == have[key]["id"]).values(**moved))


def assign(session: Session, entry: Entry, matter: Matter, units: Mapping[Unit, date]) -> None:
    """Puts *matter* on the desks of *units* until their days, and takes it off all others.

    Who answers for several units finds a row for each, so the row names its unit.
    """
    connection = session.connection()
    mine = (_AGENDA.c.organisation_id == entry.organisation_id, _AGENDA.c.entry_id == entry.id)
    connection.execute(delete(_AGENDA).where(*mine, _AGENDA.c.matter == matter.value))
    rows = [
        _row(entry, matter, unit.id.hex, day)
        | {"id": new_id(), "unit_id": unit.id, "name": f"{entry.name[:120]}: {unit}"[:200]}
        for unit, day in units.items()
    ]
    if rows:
        connection.execute(insert(_AGENDA), rows)


def refresh(session: Session, models: Iterable[type[Entry]], *, batch: int = 200) -> None:
    """Writes the agenda of a whole organisation anew, such as after an upgrade that knows more deadlines."""
    for model in models:
        _refresh(session, model, session.scalars(select(model.id).order_by(model.id)).all(), batch)


def refresh_recalled(session: Session, models: Iterable[type[Entry]], *, batch: int = 200) -> None:
    """Brings the agenda in line with findings that came or went by the day alone."""
    found = select(Finding.entry_id).where(Finding.task != "")
    on_desks = AgendaItem.matter.in_((Matter.REVIEW.value, Matter.CONFIRM.value))
    asked = found.union(select(AgendaItem.entry_id).where(on_desks))
    for model in models:
        if model.recalled:
            ids = session.scalars(select(model.id).where(model.id.in_(asked)).order_by(model.id)).all()
            _refresh(session, model, ids, batch)


def _refresh(session: Session, model: type[Entry], ids: Sequence[uuid.UUID], batch: int) -> None:
    for start in range(0, len(ids), batch):
        some = ids[start : start + batch]
        query = select(model).where(model.id.in_(some)).options(*_with_tasks(model))
        _store(session, session.info["organisation"], some, _wanted(session, session.scalars(query).all()))
        session.expunge_all()


# --- Reading -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Desk:
    """What of the agenda is on one person's desk."""

    identity: Identity
    models: Mapping[str, type[Entry]]
    """Every register of the installation, by slug."""

    def of(self, matter: Matter) -> Any:
        """The condition that an agenda item is such a *matter* and concerns this person."""
        permissions, area = _NEEDED.get(matter, (_VIEW, None))
        who = _without(self.identity, Role.DSB) if matter in _OF_DEPARTMENTS else self.identity
        areas = {each for each in Area if any(may(who, one, area or each) for one in permissions)}
        slugs = [slug for slug, model in self.models.items() if model.area in areas]
        conditions = [AgendaItem.matter == matter.value, AgendaItem.register.in_(slugs)]
        if matter in (Matter.MENTION, Matter.ASKED):
            conditions.append(AgendaItem.person_id == self.identity.person_id)
        if Role.DSB not in self.identity.roles:
            conditions.append(AgendaItem.hidden.is_(False))
        if (units := units_of(self.identity)) is not None:
            conditions.append(or_(AgendaItem.unit_id.is_(None), AgendaItem.unit_id.in_(units)))
        return and_(*conditions)


_OF_DEPARTMENTS: Final = (Matter.ROUND, Matter.CONFIRM)


def _without(identity: Identity, role: Role) -> Identity:
    """*identity* as it would be without *role*: who leads a round, or advises, does not answer in it."""
    return replace(identity, grants=tuple(grant for grant in identity.grants if grant.role is not role))


_VIEW: Final = (Permission.VIEW,)
_NEEDED: Final[dict[Matter, tuple[tuple[Permission, ...], Area | None]]] = {
    Matter.RELEASE: ((Permission.RELEASE,), None),
    Matter.ADVISE: ((Permission.ADVISE,), None),
    Matter.IMPORTED: ((Permission.EDIT,), None),
    Matter.TASK: ((Permission.EDIT,), None),
    Matter.ANSWERED: ((Permission.EDIT,), None),
    Matter.CONFIRM: ((Permission.EDIT,), None),
    # Whoever works on it and whoever advises on it, Art. 35 (2), 39 (1) (c) GDPR.
    Matter.REVIEW: ((Permission.EDIT, Permission.ADVISE), None),
    Matter.ARRIVED: ((Permission.RECEIVE,), None),
    Matter.APPRAISE: ((Permission.APPRAISE,), None),
    # The round is the officer's; the activities it asks about are the unit's.
    Matter.ROUND: ((Permission.EDIT,), Area.DATA_PROTECTION),
}
"""What a person must be allowed to do, one of these, in the area of the register or in another one."""


def label_of(item: AgendaItem, model: type[Entry]) -> Text:
    """What is to be done, as a desk, a message and a calendar call it."""
    spec = fields(model).get(item.what)
    return spec.label if spec else model.task_label(item.what) or model.one


def items(session: Session, *conditions: Any, limit: int) -> Sequence[AgendaItem]:
    """The most pressing items that meet one of *conditions*."""
    found: list[AgendaItem] = []
    for condition in conditions:
        query = select(AgendaItem).where(condition)
        found += session.scalars(query.order_by(AgendaItem.day, AgendaItem.id).limit(limit))
    return sorted(found, key=_urgency)[:limit]


def _urgency(item: AgendaItem) -> tuple[datetime, bool, date, str, int, uuid.UUID]:
    """Where people wait for an answer comes before what nobody waits for, whatever its day.

    What is due on the same day stands by register and running number.
    """
    is_upkeep = item.matter in _UPKEEP
    return item.moment or _NEVER, is_upkeep, item.day, item.register, item.number, item.id


_UPKEEP: Final = (Matter.REVIEW, Matter.CONFIRM)
"""What no person asks for, but a change somewhere else."""


_NEVER: Final = datetime.max.replace(tzinfo=UTC)


def counts(session: Session, *conditions: Any) -> dict[tuple[str, str], int]:
    """How many items meet each of *conditions*, by matter and register, in one question."""
    parts = [
        select(AgendaItem.matter, AgendaItem.register, func.count())
        .where(condition)
        .group_by(AgendaItem.matter, AgendaItem.register)
        for condition in conditions
    ]
    return {(row[0], row[1]): row[2] for row in session.execute(union_all(*parts))}
