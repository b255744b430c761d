"""What an audit would object to: rules, and the findings they leave with an entry.

A rule (Prüfregel) is a pure function with a stable id, a severity, a source in
law and one example that breaks it and one that keeps it. Findings are stored in
the transaction that causes them, so that a page over thousands of entries is one
query. Errors block release, never saving.
"""

from __future__ import annotations

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Index,
    RowMapping,
    Select,
    String,
    Table,
    and_,
    bindparam,
    delete,
    insert,
    inspect,
    select,
    update,
)
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance import tally
from compliance.database import Base, Owned, Query, new_id, today
from compliance.entry import Entry, Journalled, Part, State, class_called, everything
from compliance.fields import Reference, References, Rows, Term, WordType, fields, sections
from compliance.language import Text
from compliance.people import LegalForm, Organisation
from compliance.saving import Action, Touched

# --- Rules ---------------------------------------------------------------------------------------


class Severity(Term):
    """How much a finding weighs."""

    ERROR = Text("Fehler", "Error")
    WARNING = Text("Warnung", "Warning")
    HINT = Text("Hinweis", "Hint")


@dataclass(frozen=True)
class Hit:
    """One place where a rule is broken."""

    part: Part | None = None
    """The row it concerns; ``None`` for the entry as a whole."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What fills the placeholders of the rule's wording, the same in every language.

    ``field`` holds the name of a field and is read as its label, see :meth:`Rule.said`.
    """
    severity: Severity | None = None
    """Where one case weighs differently from the rule."""


@dataclass(frozen=True)
class Situation:
    """What a rule may know besides the entry itself."""

    today: date
    legal_form: LegalForm = LegalForm.AUTHORITY
    near: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    """Entries that refer to the judged one, by the name of their class, and whatever else a rule asks for."""
    land: str = "SH"
    """Code of the Land; some duties exist in one Land only."""

    @property
    def is_authority(self) -> bool:
        return self.legal_form is LegalForm.AUTHORITY


@dataclass(frozen=True)
class Case:
    """An example: an entry in a situation."""

    entry: Any
    situation: Situation = field(default_factory=lambda: Situation(date(2026, 3, 2)))


Narrow: TypeAlias = Callable[[Select[Any]], Select[Any]]


@dataclass(frozen=True)
class Reads:
    """Facts a rule needs of the entries that refer to the judged one."""

    model: str
    via: str
    """Name of the reference, or of the plain column, by which they refer to it.

    ``data.rule`` is the reference ``rule`` of the rows ``data``.
    """
    columns: tuple[str, ...]
    narrow: Narrow | None = None
    """Makes the query smaller where no rule needs each of them; the same for all rules of a register."""
    at: str = "id"
    """Name of the column of the judged entry that they refer to, such as a key that must be unique."""


@dataclass(frozen=True)
class Heeds:
    """What a rule reads of the entries to which the judged one, or a row of it, refers.

    When one of *columns* changes there, everything that refers to it is judged again.
    """

    model: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Asks:
    """Facts a rule needs to which no reference leads, such as entries that stand beside the judged one.

    They are as they were when the entry was last judged: a change elsewhere shows when the
    entry is saved again, or on the next day.
    """

    name: str
    """Under which the rule finds the rows in :attr:`Situation.near`."""
    query: Callable[[], Query]
    """Gives the id of the judged entry first, narrowed to the parameters ``organisation`` and ``ids``."""


E = TypeVar("E", bound=Entry)
Check: TypeAlias = Callable[[E, Situation], Iterable[Hit]]


@dataclass(frozen=True)
class Rule(Generic[E]):
    """A check with everything an auditor asks about it."""

    id: str
    severity: Severity
    source: str
    """The duty in law or standard."""
    says: Text
    """What is wrong, with ``{placeholders}`` for the words of a hit."""
    remedy: Text
    """What to do about it."""
    field: str
    """Where on the form it is repaired."""
    judges: type[E]
    check: Check[E]
    breaks: Callable[[], Case]
    keeps: Callable[[], Case]
    reads: tuple[Reads | Asks, ...] = ()
    heeds: tuple[Heeds, ...] = ()

    @property
    def designation(self) -> Text:
        """How people call the rule."""
        return Text(f"Prüfregel {self.id}", f"Rule {self.id}")

    def said(self, words: Mapping[str, str]) -> Text:
        """What is wrong in one place.

        Where a word ``field`` names a field of the register or of its rows, the wording
        gets its label as ``{field}`` and the heading it stands under as ``{section}``.
        """
        values: dict[str, Text | str] = dict(words)
        if "field" in words:
            values |= _labels(self.judges, words["field"])
        return self.says.format(**values)


def _labels(model: type[Any], name: str) -> dict[str, Text]:
    """Label and heading of the field *name* of *model* or of its rows."""
    row_classes = (spec.part for spec in fields(model).values() if isinstance(spec, Rows))
    owner = next(owner for owner in (model, *row_classes) if name in fields(owner))
    heading = next(heading for heading, names in sections(owner).items() if name in names)
    return {"field": fields(owner)[name].label, "section": heading.title}


class RuleBook(Generic[E]):
    """The rules about one register, in the order in which they are written."""

    def __init__(self, judges: type[E]) -> None:
        self.judges = judges
        self.rules: list[Rule[E]] = []

    def __iter__(self) -> Iterator[Rule[E]]:
        return iter(self.rules)

    def rule(
        self,
        id: str,
        severity: Severity,
        source: str,
        *,
        field: str,
        says: Text,
        remedy: Text,
        breaks: Callable[[], Case | E],
        keeps: Callable[[], Case | E],
        reads: tuple[Reads | Asks, ...] = (),
        heeds: tuple[Heeds, ...] = (),
    ) -> Callable[[Check[E]], Check[E]]:
        """Adds the decorated check to the book."""

        def add(check: Check[E]) -> Check[E]:
            self.rules.append(
                Rule(
                    id,
                    severity,
                    source,
                    says,
                    remedy,
                    field,
                    self.judges,
                    check,
                    lambda: _case(breaks()),
                    lambda: _case(keeps()),
                    reads,
                    heeds,
                )
            )
            return check

        return add


def _case(example: Case | Entry) -> Case:
    return example if isinstance(example, Case) else Case(example)


P = TypeVar("P", bound=Part)
_LONGEST_NAME: Final = 80


def opening(text: str) -> str:
    """*text* on one line, as far as a finding quotes it."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1].rstrip()}…"


def named(parts: Iterable[P]) -> Iterator[tuple[P, str]]:
    """Each row with what a finding calls it: how it begins, or its position if nothing is written there."""
    for position, part in enumerate(parts, start=1):
        yield part, _called(part, position)


def _called(part: Part, position: int) -> str:
    first = next(iter(fields(type(part))))
    return opening(str(getattr(part, first) or "")) or str(position)


def hits(parts: Iterable[P], broken: Callable[[P], bool]) -> Iterator[Hit]:
    """A hit on each row that is *broken*; ``{what}`` in the wording is the row."""
    for position, part in enumerate(parts, start=1):
        if broken(part):
            yield Hit(part, {"what": _called(part, position)})


# --- Stored findings -----------------------------------------------------------------------------


class Finding(Owned, Base):
    """One rule broken by one entry, until it is repaired."""

    __tablename__ = "finding"
    __table_args__ = (
        Index(None, "organisation_id", "entry_id", "severity"),
        Index(None, "organisation_id", "quiet", "rule", "unit_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    register: Mapped[str] = mapped_column(String(64))
    entry_id: Mapped[uuid.UUID]
    unit_id: Mapped[uuid.UUID | None]
    rule: Mapped[str] = mapped_column(String(16))
    severity: Mapped[Severity] = mapped_column(WordType(Severity))
    part_id: Mapped[uuid.UUID | None]
    words: Mapped[str] = mapped_column(LongText)
    found_on: Mapped[date]
    quiet: Mapped[bool] = mapped_column(Boolean)
    """The entry is an unchecked import or confidential: its findings are not pushed at anyone."""
    accepted_by: Mapped[uuid.UUID | None] = mapped_column(default=None)
    """The deviation under which somebody answers for it."""
    accepted_until: Mapped[date | None] = mapped_column(default=None)


_FINDING: Final = cast("Table", Finding.__table__)


@dataclass(frozen=True)
class Objection:
    """A finding as people read it."""

    rule: str
    severity: Severity
    register: str
    entry_id: uuid.UUID
    part_id: uuid.UUID | None
    words: Mapping[str, str]
    found_on: date
    accepted: bool = False
    """Somebody answers for it, see :mod:`compliance.deviations`."""


def stored_findings(session: Session, entry: Entry) -> list[Objection]:
    """The findings of *entry* and of everything it refers to, the gravest first."""
    ids = [entry.id, *(target.id for target in referred_to(entry))]
    return findings_of(session, ids)


def findings_of(session: Session, ids: Sequence[uuid.UUID]) -> list[Objection]:
    """The findings of the entries with *ids*, the gravest first."""
    found = session.scalars(select(Finding).where(Finding.entry_id.in_(ids)))
    objections = [
        Objection(
            row.rule,
            row.severity,
            row.register,
            row.entry_id,
            row.part_id,
            json.loads(row.words),
            row.found_on,
            row.accepted_by is not None,
        )
        for row in found
    ]
    gravity = list(Severity)
    return sorted(objections, key=lambda objection: (gravity.index(objection.severity), objection.rule))


def referred_to(entry: Entry) -> Iterator[Entry]:
    """The entries that *entry* and its rows refer to, each once; a defect of theirs counts here too."""
    yield from {target.id: target for target in _targets(entry)}.values()


def _targets(thing: object) -> Iterator[Entry]:
    for name, spec in fields(type(thing)).items():
        value = getattr(thing, name)
        match spec:
            case Reference():
                yield from (target for target in (value,) if isinstance(target, Entry))
            case References():
                yield from (target for target in value if isinstance(target, Entry))
            case Rows():
                for part in value:
                    yield from _targets(part)
            case _:
                pass


# --- Judging -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Question:
    """What is asked about many entries at once, and under which name the rules find the answer."""

    name: str
    at: str
    """The column of the judged entry by whose value each answer begins."""
    asks: Query


class Judge:
    """Applies the rules to whatever is saved, and to everything when a day has passed."""

    def __init__(self, rules: Iterable[Rule[Any]]) -> None:
        self._rules: dict[tuple[str, str], Rule[Any]] = {}
        wordings: dict[str, Text] = {}
        self._by_class: defaultdict[type[Entry], list[Rule[Any]]] = defaultdict(list)
        self._queries: dict[type[Entry], list[_Question]] = {}
        self._readers: defaultdict[str, list[tuple[type[Entry], Reads]]] = defaultdict(list)
        self._heeded: defaultdict[str, dict[type[Entry], set[str]]] = defaultdict(dict)
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

    def rule(self, id: str, register: str) -> Rule[Any]:
        """The rule *id* about the register with that slug; one duty can judge several registers."""
        return self._rules[id, register]

    def rules_about(self, model: type[Entry]) -> Sequence[Rule[Any]]:
        """Every rule about *model*."""
        return self._by_class.get(model, [])

    def find_dependents(self, session: Session, touched: Touched) -> None:
        """Notes which other entries must be judged again, while old references are still known."""
        dependents: set[tuple[type[Entry], str, Any]] = set()
        for thing, action in touched.items():
            for judged, reads in self._readers.get(type(thing).__name__, ()):
                ends = _ends(thing, reads, all_of_them=action is not Action.UPDATE)
                dependents |= {(judged, reads.at, _key_of(end)) for end in ends}
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
            _forget(session, gone)
        known = {thing.id for thing in touched}
        by_column: defaultdict[tuple[type[Entry], str], list[Any]] = defaultdict(list)
        for model, column, key in session.info.pop("dependents", ()):
            if column != "id" or key not in known:
                by_column[model, column].append(key)
        for (model, column), keys in by_column.items():
            query = select(model).where(getattr(model, column).in_(keys), model.id.not_in(known))
            found = session.scalars(query.options(*everything(model))).all()
            entries += found
            known |= {entry.id for entry in found}
        self.judge(session, entries)
        # Everything may rest on the one law that changed, so only the rules that look at it are asked.
        self._judge(session, [one for one in _noted(session, "heeding") if one.id not in known], heeding=True)

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
            _store(session, group, wanted, [rule.id for rule in rules] if heeding else None)

    def judge_everything(self, session: Session, *, batch: int = 500) -> int:
        """Judges every entry of the organisation again; returns how many there are."""
        count = 0
        for model in self._by_class:
            ids = session.scalars(select(model.id).order_by(model.id)).all()
            for start in range(0, len(ids), batch):
                some = (
                    select(model).where(model.id.in_(ids[start : start + batch])).options(*everything(model))
                )
                entries = session.scalars(some).all()
                self.judge(session, entries)
                count += len(entries)
                session.expunge_all()
        return count

    def _rows(
        self, session: Session, rules: Iterable[Rule[Any]], entry: Entry, near: Mapping[str, Sequence[Any]]
    ) -> Iterator[dict[str, Any]]:
        legal_form, land = _ground(session, entry.organisation_id)
        situation = Situation(today(), legal_form, near, land)
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
                    "words": json.dumps(dict(hit.words), ensure_ascii=False, sort_keys=True),
                    "found_on": situation.today,
                    "quiet": entry.state is State.IMPORTED or _is_hidden(entry),
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
            for row in session.connection().execute(query.asks, sought):
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


def _is_hidden(entry: Entry) -> bool:
    return bool(entry.hidden_by) and getattr(entry, entry.hidden_by) is True


def _references(rule: Rule[Any]) -> Iterator[Reads]:
    return (reads for reads in rule.reads if isinstance(reads, Reads))


def _ends(thing: Any, reads: Reads, *, all_of_them: bool) -> Iterator[Any]:
    """What *thing* refers to, or no longer refers to, and must be judged again because of it.

    An end that stays matters only if something changed that its rules read; else every
    saved activity would judge all its processors.
    """
    state = inspect(thing)
    read = (
        all_of_them or reads.narrow or any(state.attrs[name].history.has_changes() for name in reads.columns)
    )
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


def _forget(session: Session, gone: Sequence[uuid.UUID]) -> None:
    """Removes the findings of entries that were deleted."""
    connection = session.connection()
    removed = delete(_FINDING).where(_FINDING.c.entry_id.in_(gone)).returning(_FINDING)
    by_organisation: defaultdict[uuid.UUID, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(removed).mappings():
        by_organisation[row["organisation_id"]].append(row)
    for organisation, rows in by_organisation.items():
        _count_change(connection, organisation, before=rows, after=())


_STORED: Final = select(_FINDING).where(
    _FINDING.c.organisation_id == bindparam("organisation"),
    _FINDING.c.entry_id.in_(bindparam("ids", expanding=True)),
)
_STORED_OF: Final = _STORED.where(_FINDING.c.rule.in_(bindparam("rules", expanding=True)))
_KEY: Final = ("entry_id", "rule", "part_id", "words", "severity")
_CARRIED: Final = ("unit_id", "quiet")


def _store(
    session: Session,
    entries: Sequence[Entry],
    wanted: Sequence[dict[str, Any]],
    rules: Sequence[str] | None = None,
) -> None:
    """Makes *wanted* the findings of *entries*, all of them or those of *rules* alone."""
    connection = session.connection()
    ids = [entry.id for entry in entries]
    sought: dict[str, Any] = {"organisation": entries[0].organisation_id, "ids": ids}
    query = _STORED if rules is None else _STORED_OF
    rows = connection.execute(query, sought if rules is None else sought | {"rules": rules}).mappings()
    have = {tuple(row[name] for name in _KEY): row for row in rows}
    want = {tuple(row[name] for name in _KEY): row for row in wanted}
    if gone := [have[key]["id"] for key in have.keys() - want.keys()]:
        connection.execute(delete(_FINDING).where(_FINDING.c.id.in_(gone)))
    new = [want[key] | {"id": new_id()} for key in want if key not in have]
    if new:
        connection.execute(insert(_FINDING), new)
    kept = [dict(have[key]) | _moved(have[key], want[key]) for key in have.keys() & want.keys()]
    for row in kept:
        before = have[tuple(row[name] for name in _KEY)]
        if changes := {name: value for name, value in row.items() if value != before[name]}:
            connection.execute(update(_FINDING).where(_FINDING.c.id == row["id"]).values(**changes))
    _count_change(connection, entries[0].organisation_id, before=have.values(), after=(*kept, *new))


def _moved(have: RowMapping, want: Mapping[str, Any]) -> dict[str, Any]:
    """What changed beside a finding that stays: its place, or that nobody answers for it any longer."""
    over = have["accepted_until"] is not None and have["accepted_until"] < today()
    ended = {"accepted_by": None, "accepted_until": None, "found_on": today()} if over else {}
    return {name: want[name] for name in _CARRIED} | ended


def accept(session: Session, entry: Entry, rule: str, deviation: uuid.UUID, until: date) -> None:
    """Lets a deviation answer for every present finding of *rule* at *entry*."""
    _mark(session, entry, _FINDING.c.rule == rule, accepted_by=deviation, accepted_until=until)


def reopen(session: Session, entry: Entry, deviation: uuid.UUID) -> None:
    """The deviation answers for nothing any more."""
    _mark(session, entry, _FINDING.c.accepted_by == deviation, accepted_by=None, accepted_until=None)


def _mark(session: Session, entry: Entry, which: ColumnElement[bool], **values: Any) -> None:
    connection = session.connection()
    mine = and_(_FINDING.c.organisation_id == entry.organisation_id, _FINDING.c.entry_id == entry.id, which)
    before = [dict(row) for row in connection.execute(select(_FINDING).where(mine)).mappings()]
    connection.execute(
        update(_FINDING).where(_FINDING.c.id.in_([row["id"] for row in before])).values(values)
    )
    after = [row | values for row in before]
    _count_change(connection, entry.organisation_id, before=before, after=after)


def _count_change(connection: Connection, organisation: uuid.UUID, *, before: _Rows, after: _Rows) -> None:
    changes = _counted(after)
    changes.subtract(_counted(before))
    tally.adjust(connection, organisation, changes, today())


_Rows: TypeAlias = Iterable[Mapping[str, Any] | RowMapping]


def _counted(rows: _Rows) -> Counter[tally.Place]:
    """How many entries break each rule, among *rows* of findings, unless they are quiet or answered for."""
    broken = {
        (row["entry_id"], row["register"], row["rule"], row["severity"], row["unit_id"])
        for row in rows
        if not (row["quiet"] or row.get("accepted_by"))
    }
    return Counter(
        tally.Place(register, rule, severity.name, unit or tally.NO_UNIT)
        for _entry, register, rule, severity, unit in broken
    )
