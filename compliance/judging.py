"""Applies the rules to whatever is saved, to what depends on it, and to everything when a day has passed."""

from __future__ import annotations

import gc
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeAlias, cast

from sqlalchemy import (
    and_,
    bindparam,
    inspect,
    select,
)
from sqlalchemy.orm import Session

from compliance.database import Query, now, today
from compliance.entry import Entry, Journalled, State, class_called, everything, is_template
from compliance.fields import Reference, References, Rows, fields
from compliance.findings import forget, store
from compliance.language import Text
from compliance.people import LegalForm, Organisation
from compliance.rules import Asks, Follows, Narrow, Reads, Rule, Situation
from compliance.saving import Action, Touched


@dataclass(frozen=True)
class _Question:
    """What is asked about many entries at once, and under which name the rules find the answer."""

    name: str
    at: str
    """The column of the judged entry by whose value each answer begins."""
    asks: Query


_as_json: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode

_Tie: TypeAlias = tuple[type[Entry], Follows, uuid.UUID]
"""Who is judged, by what it follows, in which organisation."""


class Judge:
    """Applies the rules to whatever is saved, and to everything when a day has passed."""

    def __init__(self, rules: Iterable[Rule[Any]]) -> None:
        self._rules: dict[tuple[str, str], Rule[Any]] = {}
        wordings: dict[str, Text] = {}
        self._by_class: defaultdict[type[Entry], list[Rule[Any]]] = defaultdict(list)
        self._queries: dict[type[Entry], list[_Question]] = {}
        self._readers: defaultdict[str, list[tuple[type[Entry], Reads]]] = defaultdict(list)
        self._heeded: defaultdict[str, dict[type[Entry], set[str]]] = defaultdict(dict)
        self._followed: defaultdict[str, list[tuple[type[Entry], Follows]]] = defaultdict(list)
        named: dict[tuple[type[Entry], str], Asks] = {}
        for rule in rules:
            key = (rule.id, rule.judges.slug)
            if key in self._rules:
                raise ValueError(f"Two rules about {rule.judges.slug} are called {rule.id}.")
            if wordings.setdefault(rule.id, rule.says) != rule.says:
                raise ValueError(f"{rule.id} says different things about different registers.")
            self._rules[key] = rule
            self._by_class[rule.judges].append(rule)
            for reads in _references(rule):
                self._readers[reads.model].append((rule.judges, reads))
            for heeds in rule.heeds:
                self._heeded[heeds.model].setdefault(rule.judges, set()).update(heeds.columns)
            for asks in rule.reads:
                if isinstance(asks, Asks) and named.setdefault((rule.judges, asks.name), asks) != asks:
                    raise ValueError(f"{rule.id} asks something else under the name {asks.name}.")
                if isinstance(asks, Follows):
                    self._followed[asks.name].append((rule.judges, asks))

    def rule(self, id: str, register: str) -> Rule[Any]:
        """The rule *id* about the register with that slug; one duty can judge several registers."""
        return self._rules[id, register]

    def rules_about(self, model: type[Entry]) -> Sequence[Rule[Any]]:
        """Every rule about *model*."""
        return self._by_class.get(model, [])

    def find_dependents(self, session: Session, touched: Touched) -> None:
        """Notes which other entries must be judged again, while old references are still known."""
        dependents: set[tuple[type[Entry], str, Any]] = set()
        followed_things: defaultdict[_Tie, list[uuid.UUID]] = defaultdict(list)
        stored_already: defaultdict[_Tie, list[uuid.UUID]] = defaultdict(list)
        for thing, action in touched.items():
            for judged, reads in self._readers.get(type(thing).__name__, ()):
                ends = _ends(thing, reads, action)
                dependents |= {(judged, reads.at, _key_of(end)) for end in ends}
            for judged, followed in self._followed.get(type(thing).__name__, ()):
                if action is not Action.UPDATE or _has_changed(thing, followed.columns):
                    key = (judged, followed, cast("Any", thing).organisation_id)
                    # On what is only about to be stored nothing can depend yet.
                    if action is not Action.CREATE:
                        stored_already[key].append(thing.id)
                    if action is not Action.DELETE:
                        followed_things[key].append(thing.id)
        dependents |= _all_followers(session, stored_already)
        session.info["followed"] = followed_things
        session.info["dependents"] = dependents
        session.info["heeding"] = self._that_heed(session, touched)

    def _that_heed(self, session: Session, touched: Touched) -> set[tuple[type[Entry], uuid.UUID]]:
        """Entries whose rules look at what has changed in something they refer to."""
        changed: defaultdict[tuple[type[Entry], str, uuid.UUID], list[uuid.UUID]] = defaultdict(list)
        for thing, action in touched.items():
            kind = type(thing).__name__
            for judged, columns in self._heeded.get(kind, {}).items():
                if isinstance(thing, Entry) and action is Action.UPDATE and _has_changed(thing, columns):
                    changed[judged, kind, thing.organisation_id].append(thing.id)
        return {
            (judged, identity)
            for (judged, kind, organisation), ids in changed.items()
            for query in _referring_to(judged, kind, organisation, ids)
            for identity in session.connection().scalars(query)
        } - {(type(thing), getattr(thing, "id", None)) for thing in touched}

    def judge_saved(self, session: Session, touched: Touched) -> None:
        """Judges what was saved and what depends on it."""
        entries: list[Entry] = []
        gone: list[uuid.UUID] = []
        for thing, action in touched.items():
            if isinstance(thing, Entry) and type(thing) in self._by_class:
                gone.append(thing.id) if action is Action.DELETE else entries.append(thing)
        if gone:
            forget(session, gone)
        known = {thing.id for thing in touched}
        by_column: defaultdict[tuple[type[Entry], str], list[Any]] = defaultdict(list)
        dependents: set[tuple[type[Entry], str, Any]] = session.info.pop("dependents", set())
        dependents |= self._on_settled(session)
        # A new tie leads to its dependents only now that it is stored.
        dependents |= _all_followers(session, session.info.pop("followed", {}))
        for model, column, key in dependents:
            if column != "id" or key not in known:
                by_column[model, column].append(key)
        for (model, column), keys in by_column.items():
            query = select(model).where(getattr(model, column).in_(keys), model.id.not_in(known))
            found = session.scalars(query.options(*everything(model))).all()
            entries += found
            known |= {entry.id for entry in found}
        self.judge(session, entries)
        # Everything may rest on the one law that changed, so only the rules that look at it are asked.
        heeding = [one for one in _noted(session, "heeding") if one.id not in known]
        self._judge(session, heeding, heeding=True)
        session.info["recalled"] = [one for one in (*entries, *heeding) if one.recalled]

    def _on_settled(self, session: Session) -> set[tuple[type[Entry], str, Any]]:
        """What was settled a moment ago, and the entries whose rules look at that."""
        found: set[tuple[type[Entry], str, Any]] = set()
        ties: dict[_Tie, list[uuid.UUID]] = {}
        for (model, organisation), ids in session.info.pop("settled", {}).items():
            if model in self._by_class:
                found |= {(model, "id", identity) for identity in ids}
            for judged, followed in self._followed.get(model.__name__, ()):
                if not model.settled.isdisjoint(followed.columns):
                    ties[judged, followed, organisation] = list(ids)
        return found | _all_followers(session, ties)

    def judge(self, session: Session, entries: Sequence[Entry]) -> None:
        """Brings the stored findings of *entries* in line with the rules."""
        self._judge(session, entries)

    def _judge(self, session: Session, entries: Sequence[Entry], *, heeding: bool = False) -> None:
        by_class: defaultdict[type[Entry], list[Entry]] = defaultdict(list)
        for entry in entries:
            by_class[type(entry)].append(entry)
        for model, group in by_class.items():
            rules = [rule for rule in self._by_class[model] if rule.heeds or not heeding]
            near = self._near(session, model, group) if any(rule.reads for rule in rules) else {}
            wanted = [
                row for entry in group for row in self._rows(session, rules, entry, near.get(entry.id, {}))
            ]
            store(session, group, wanted, [rule.id for rule in rules] if heeding else None)

    def judge_everything(self, session: Session, *, batch: int = 1_000) -> int:
        """Judges every entry of the organisation again; returns how many there are."""
        count = 0
        with _no_pauses():
            for model in self._by_class:
                count += self._judge_all_of(session, model, batch)
        return count

    def _judge_all_of(self, session: Session, model: type[Entry], batch: int) -> int:
        ids = session.scalars(select(model.id).order_by(model.id)).all()
        for start in range(0, len(ids), batch):
            some = select(model).where(model.id.in_(ids[start : start + batch]))
            self.judge(session, session.scalars(some.options(*everything(model))).all())
            session.expunge_all()
            if len(ids) > batch:
                gc.collect()
        return len(ids)

    def _rows(
        self, session: Session, rules: Iterable[Rule[Any]], entry: Entry, near: Mapping[str, Sequence[Any]]
    ) -> Iterator[dict[str, Any]]:
        if is_template(entry):
            return
        legal_form, land = _ground(session, entry.organisation_id)
        situation = Situation(today(), legal_form, near, land, now())
        for rule in rules:
            for hit in rule.check(entry, situation):
                yield {
                    "organisation_id": entry.organisation_id,
                    "register": entry.slug,
                    "entry_id": entry.id,
                    "unit_id": entry.unit_id,
                    "rule": rule.id,
                    "severity": hit.severity or rule.severity,
                    "part_id": hit.part.id if hit.part else None,
                    "words": _as_json(dict(hit.words)),
                    "found_on": situation.today,
                    "quiet": entry.state is State.IMPORTED,
                    "hidden": entry.is_hidden,
                    "task": hit.task,
                }

    def _near(
        self, session: Session, model: type[Entry], entries: Sequence[Entry]
    ) -> dict[uuid.UUID, dict[str, list[Any]]]:
        near: defaultdict[uuid.UUID, dict[str, list[Any]]] = defaultdict(dict)
        for query in self._queries_about(model):
            meant: defaultdict[Any, list[uuid.UUID]] = defaultdict(list)
            for entry in entries:
                meant[getattr(entry, query.at)].append(entry.id)
            keys = [key for key in meant if key not in (None, "")]
            sought = {"organisation": entries[0].organisation_id, "ids": keys}
            for row in session.connection().execute(query.asks, sought).all():
                for identity in meant[row[0]]:
                    near[identity].setdefault(query.name, []).append(row)
        return near

    def _queries_about(self, model: type[Entry]) -> list[_Question]:
        """What the rules about *model* read; built once, since building costs more than asking."""
        if model not in self._queries:
            rules = self._by_class[model]
            joined = _joined(reads for rule in rules for reads in _references(rule))
            asked = {asks: None for rule in rules for asks in rule.reads if isinstance(asks, Asks)}
            self._queries[model] = [
                *(_Question(reads.model, reads.at, _referring(reads)) for reads in joined),
                *(_Question(asks.name, "id", asks.query()) for asks in asked),
            ]
        return self._queries[model]


@contextmanager
def _no_pauses() -> Iterator[None]:
    """Looking for rubbish while thousands of entries are loaded costs more than loading them."""
    was_on = gc.isenabled()
    gc.disable()
    # What is there already need not be looked through again and again.
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()


def _noted(session: Session, name: str) -> list[Entry]:
    """The entries of which was noted that they must be judged again, whole."""
    by_class: defaultdict[type[Entry], list[uuid.UUID]] = defaultdict(list)
    for model, identity in session.info.pop(name, ()):
        by_class[model].append(identity)
    return [
        entry
        for model, ids in by_class.items()
        for entry in session.scalars(select(model).where(model.id.in_(ids)).options(*everything(model)))
    ]


def _references(rule: Rule[Any]) -> Iterator[Reads]:
    return (reads for reads in rule.reads if isinstance(reads, Reads))


def _ends(thing: Any, reads: Reads, action: Action) -> Iterator[Any]:
    """What *thing* refers to, or no longer refers to, and must be judged again because of it.

    An end that stays matters only if something changed that its rules read; else every
    saved activity would judge all its processors.
    """
    if reads.moved is not None and action is not Action.DELETE and not reads.moved(thing):
        return iter(())
    read = action is not Action.UPDATE or reads.narrow or _has_changed(thing, reads.columns)
    return (end for end, moved in _ties(thing, reads.via) if (moved or read) and end not in (None, ""))


def _has_changed(thing: Any, columns: Iterable[str]) -> bool:
    state = inspect(thing)
    return any(state.attrs[name].history.has_changes() for name in columns)


def _referring_to(
    model: type[Entry], target: str, organisation: uuid.UUID, ids: Sequence[uuid.UUID]
) -> Iterator[Query]:
    """Queries for the ids of the entries of *model* that refer, themselves or in a row, to one of *ids*."""
    source: Any = model
    for name, spec in fields(model).items():
        match spec:
            case Reference(target=found) if found == target:
                query = select(source.id).where(source.organisation_id == organisation)
                yield query.where(getattr(source, f"{name}_id").in_(ids))
            case References(target=found) if found == target:
                links = inspect(source).relationships[name].secondary.c
                query = select(links.source_id).where(links.organisation_id == organisation)
                yield query.where(links.target_id.in_(ids))
            case Rows(part=part):
                yield from _rows_referring_to(part, target, organisation, ids)
            case _:
                pass


def _rows_referring_to(
    part: Any, target: str, organisation: uuid.UUID, ids: Sequence[uuid.UUID]
) -> Iterator[Query]:
    for name, spec in fields(part).items():
        if isinstance(spec, Reference) and spec.target == target:
            query = select(part.parent_id).where(part.organisation_id == organisation)
            yield query.where(getattr(part, f"{name}_id").in_(ids))


def _ties(thing: Any, via: str) -> Iterator[tuple[Any, bool]]:
    """Each end to which *via* leads or led, and whether it came or went just now."""
    rows_name, _dot, name = via.rpartition(".")
    history = inspect(thing).attrs[rows_name or name].history
    came_or_went = (*(history.added or ()), *(history.deleted or ()))
    stayed = history.unchanged or ()
    if not rows_name:
        yield from ((end, True) for end in came_or_went)
        yield from ((end, False) for end in stayed)
        return
    for part in came_or_went:
        yield from ((end, True) for end, _moved in _ties(part, name))
    for part in stayed:
        yield from _ties(part, name)


def _key_of(end: Any) -> Any:
    """What stands for one end of a tie in a column: the id of an entry, or the bare value."""
    return end.id if isinstance(end, Journalled) else end


def _all_followers(
    session: Session, followed_things: Mapping[_Tie, Sequence[uuid.UUID]]
) -> set[tuple[type[Entry], str, Any]]:
    """The stored entries that depend on things with these ids, by who is judged by what they follow."""
    return {
        (judged, "id", found)
        for (judged, followed, organisation), ids in followed_things.items()
        for found in session.connection().scalars(
            _dependents(followed), {"organisation": organisation, "ids": ids}
        )
    }


@cache
def _dependents(followed: Follows) -> Query:
    """Built once, since building costs more than asking."""
    return followed.dependents()


def _joined(wanted: Iterable[Reads]) -> Iterator[Reads]:
    """*wanted* with one row for each referring entry, however many rules read it."""
    columns: defaultdict[tuple[str, str, Narrow | None, str], dict[str, None]] = defaultdict(dict)
    for reads in wanted:
        columns[reads.model, reads.via, reads.narrow, reads.at] |= dict.fromkeys(reads.columns)
    for (model, via, narrow, at), names in columns.items():
        yield Reads(model, via, tuple(names), narrow, at)


def _referring(reads: Reads) -> Query:
    """The entries that refer to ``keys`` in ``organisation``, with the key first."""
    source = class_called(reads.model)
    target, joined = _target_of(source, reads.via)
    query = select(target, *(getattr(source, column) for column in reads.columns)).select_from(source)
    if joined is not None:
        # Two rows of one entry may refer to the same.
        query = query.join(*joined).distinct()
    query = query.where(
        source.organisation_id == bindparam("organisation"), target.in_(bindparam("ids", expanding=True))
    )
    return reads.narrow(query) if reads.narrow else query


def _target_of(source: Any, via: str) -> tuple[Any, tuple[Any, Any] | None]:
    """The column that holds the other end of *via*, and what must be joined to reach it."""
    rows_name, _dot, name = via.rpartition(".")
    if rows_name:
        part: Any = cast(Rows, fields(source)[rows_name]).part
        own = and_(part.organisation_id == source.organisation_id, part.parent_id == source.id)
        return getattr(part, f"{name}_id"), (part, own)
    spec = fields(source).get(via) if issubclass(source, Journalled) else None
    match spec:
        case References():
            links = inspect(source).relationships[via].secondary
            both = and_(source.organisation_id == links.c.organisation_id, source.id == links.c.source_id)
            return links.c.target_id, (links, both)
        case Reference():
            return getattr(source, f"{via}_id"), None
        case _:
            return getattr(source, via), None


def _ground(session: Session, organisation_id: uuid.UUID) -> tuple[LegalForm, str]:
    """Legal form and Land of the organisation, on which rules depend."""
    known: dict[uuid.UUID, tuple[LegalForm, str]] = session.info.setdefault("grounds", {})
    if organisation_id not in known:
        query = select(Organisation.legal_form, Organisation.land).where(Organisation.id == organisation_id)
        found = session.execute(query).one_or_none()
        legal_form, land = found or (None, "")
        known[organisation_id] = (legal_form or LegalForm.AUTHORITY, land)
    return known[organisation_id]
