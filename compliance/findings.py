"""What an audit would object to: rules, and the findings they leave with an entry.

A rule (Prüfregel) is a pure function with a stable id, a severity, a source in
law and one example that breaks it and one that keeps it. Findings are stored in
the transaction that causes them, so that a page over thousands of entries is one
query. Errors block release, never saving.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final, Generic, TypeAlias, TypeVar, cast

from sqlalchemy import (
    Boolean,
    Index,
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

from compliance.database import Base, Owned, Query, new_id, now, today
from compliance.entry import Entry, Part, State, class_called, everything
from compliance.fields import Reference, References, Rows, Term, WordType, fields, sections
from compliance.language import LOCAL_TIME, Text
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
    """Entries that refer to the judged one, by the name of their class."""
    at: datetime | None = None
    """The moment of judging, where it is known to the hour."""

    @property
    def now(self) -> datetime:
        """The moment of judging; noon of *today* where only the day is known."""
        return self.at or datetime.combine(self.today, time(12), LOCAL_TIME)

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
    """Name of the reference, or of the plain column of ids, by which they refer to it."""
    columns: tuple[str, ...]
    narrow: Narrow | None = None
    """Makes the query smaller where no rule needs each of them; the same for all rules of a register."""


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
    reads: tuple[Reads, ...] = ()

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
        reads: tuple[Reads, ...] = (),
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
        first = next(iter(fields(type(part))))
        yield part, opening(str(getattr(part, first) or "")) or str(position)


def hits(parts: Iterable[P], broken: Callable[[P], bool]) -> Iterator[Hit]:
    """A hit on each row that is *broken*; ``{what}`` in the wording is the row."""
    return (Hit(part, {"what": what}) for part, what in named(parts) if broken(part))


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
    """The entry is an unchecked import: its findings are counted, not pushed at anyone."""


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
        )
        for row in found
    ]
    gravity = list(Severity)
    return sorted(objections, key=lambda objection: (gravity.index(objection.severity), objection.rule))


def referred_to(entry: Entry) -> Iterator[Entry]:
    """The entries that *entry* refers to; a defect of theirs is repaired there and counts here."""
    for name, spec in fields(type(entry)).items():
        if isinstance(spec, Reference | References):
            value = getattr(entry, name)
            targets = value if isinstance(spec, References) else [value]
            yield from (target for target in targets if isinstance(target, Entry))


# --- Judging -------------------------------------------------------------------------------------


class Judge:
    """Applies the rules to whatever is saved, and to everything when a day has passed."""

    def __init__(self, rules: Iterable[Rule[Any]]) -> None:
        self._rules: dict[tuple[str, str], Rule[Any]] = {}
        wordings: dict[str, Text] = {}
        self._by_class: defaultdict[type[Entry], list[Rule[Any]]] = defaultdict(list)
        self._queries: dict[type[Entry], list[tuple[Reads, Query]]] = {}
        self._readers: defaultdict[str, list[tuple[type[Entry], Reads]]] = defaultdict(list)
        for rule in rules:
            key = (rule.id, rule.judges.slug)
            if key in self._rules:
                raise ValueError(f"Two rules about {rule.judges.slug} are called {rule.id}.")
            if wordings.setdefault(rule.id, rule.says) != rule.says:
                raise ValueError(f"{rule.id} says different things about different registers.")
            self._rules[key] = rule
            self._by_class[rule.judges].append(rule)
            for reads in rule.reads:
                self._readers[reads.model].append((rule.judges, reads))

    def rule(self, id: str, register: str) -> Rule[Any]:
        """The rule *id* about the register with that slug; one duty can judge several registers."""
        return self._rules[id, register]

    def rules_about(self, model: type[Entry]) -> Sequence[Rule[Any]]:
        """Every rule about *model*."""
        return self._by_class.get(model, [])

    def find_dependents(self, session: Session, touched: Touched) -> None:
        """Notes which other entries must be judged again, while old references are still known."""
        dependents: set[tuple[type[Entry], uuid.UUID]] = set()
        for thing, action in touched.items():
            for judged, reads in self._readers.get(type(thing).__name__, ()):
                ends = _ends(thing, reads, all_of_them=action is not Action.UPDATE)
                dependents |= {(judged, _id_of(end)) for end in ends}
        session.info["dependents"] = dependents - {
            (type(thing), getattr(thing, "id", None)) for thing in touched
        }

    def judge_saved(self, session: Session, touched: Touched) -> None:
        """Judges what was saved and what depends on it."""
        entries: list[Entry] = []
        gone: list[uuid.UUID] = []
        for thing, action in touched.items():
            if isinstance(thing, Entry) and type(thing) in self._by_class:
                gone.append(thing.id) if action is Action.DELETE else entries.append(thing)
        if gone:
            session.connection().execute(delete(_FINDING).where(_FINDING.c.entry_id.in_(gone)))
        by_class: defaultdict[type[Entry], list[uuid.UUID]] = defaultdict(list)
        for model, identity in session.info.pop("dependents", ()):
            by_class[model].append(identity)
        for model, ids in by_class.items():
            entries += session.scalars(select(model).where(model.id.in_(ids)).options(*everything(model)))
        self.judge(session, entries)

    def judge(self, session: Session, entries: Sequence[Entry]) -> None:
        """Brings the stored findings of *entries* in line with the rules."""
        by_class: defaultdict[type[Entry], list[Entry]] = defaultdict(list)
        for entry in entries:
            by_class[type(entry)].append(entry)
        for model, group in by_class.items():
            near = self._near(session, model, group)
            wanted = [row for entry in group for row in self._rows(session, entry, near.get(entry.id, {}))]
            _store(session, group, wanted)

    def judge_everything(self, session: Session, *, batch: int = 200) -> int:
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
        self, session: Session, entry: Entry, near: Mapping[str, Sequence[Any]]
    ) -> Iterator[dict[str, Any]]:
        situation = Situation(today(), _legal_form(session, entry.organisation_id), near, at=now())
        for rule in self._by_class[type(entry)]:
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
                    "quiet": entry.state is State.IMPORTED,
                }

    def _near(
        self, session: Session, model: type[Entry], entries: Sequence[Entry]
    ) -> dict[uuid.UUID, dict[str, list[Any]]]:
        sought = {"organisation": entries[0].organisation_id, "ids": [entry.id for entry in entries]}
        near: defaultdict[uuid.UUID, dict[str, list[Any]]] = defaultdict(dict)
        for reads, query in self._queries_about(model):
            for row in session.connection().execute(query, sought):
                near[row[0]].setdefault(reads.model, []).append(row)
        return near

    def _queries_about(self, model: type[Entry]) -> list[tuple[Reads, Query]]:
        """What the rules about *model* read; built once, since building costs more than asking."""
        if model not in self._queries:
            joined = _joined(reads for rule in self._by_class[model] for reads in rule.reads)
            self._queries[model] = [(reads, _referring(reads)) for reads in joined]
        return self._queries[model]


def _ends(thing: Any, reads: Reads, *, all_of_them: bool) -> Iterator[Any]:
    """What *thing* refers to, or no longer refers to, and must be judged again because of it.

    An end that stays matters only if something changed that its rules read; else every
    saved activity would judge all its processors.
    """
    state = inspect(thing)
    tie = state.attrs[reads.via].history
    read = (
        all_of_them or reads.narrow or any(state.attrs[name].history.has_changes() for name in reads.columns)
    )
    sides = (tie.added, tie.deleted, tie.unchanged) if read else (tie.added, tie.deleted)
    return (end for side in sides for end in side or () if end is not None)


def _id_of(end: Any) -> uuid.UUID:
    """The id behind one end of a reference, which may be an entry or a bare id."""
    return cast(uuid.UUID, end if isinstance(end, uuid.UUID) else end.id)


def _joined(wanted: Iterable[Reads]) -> Iterator[Reads]:
    """*wanted* with one row for each referring entry, however many rules read it."""
    columns: defaultdict[tuple[str, str, Narrow | None], dict[str, None]] = defaultdict(dict)
    for reads in wanted:
        columns[reads.model, reads.via, reads.narrow] |= dict.fromkeys(reads.columns)
    for (model, via, narrow), names in columns.items():
        yield Reads(model, via, tuple(names), narrow)


def _referring(reads: Reads) -> Query:
    """The entries that refer to ``ids`` in ``organisation``, with the id first."""
    source = class_called(reads.model)
    wanted = [getattr(source, column) for column in reads.columns]
    spec = fields(source).get(reads.via)
    if spec is None or isinstance(spec, Reference):
        target = getattr(source, reads.via if spec is None else f"{reads.via}_id")
        query = select(target, *wanted)
    else:
        links = inspect(source).relationships[reads.via].secondary
        target = links.c.target_id
        both = and_(source.organisation_id == links.c.organisation_id, source.id == links.c.source_id)
        query = select(target, *wanted).join(source, both)
    query = query.where(
        source.organisation_id == bindparam("organisation"), target.in_(bindparam("ids", expanding=True))
    )
    return reads.narrow(query) if reads.narrow else query


def _legal_form(session: Session, organisation_id: uuid.UUID) -> LegalForm:
    known: dict[uuid.UUID, LegalForm] = session.info.setdefault("legal_forms", {})
    if organisation_id not in known:
        query = select(Organisation.legal_form).where(Organisation.id == organisation_id)
        known[organisation_id] = session.scalar(query) or LegalForm.AUTHORITY
    return known[organisation_id]


_STORED: Final = select(_FINDING).where(
    _FINDING.c.organisation_id == bindparam("organisation"),
    _FINDING.c.entry_id.in_(bindparam("ids", expanding=True)),
)
_KEY: Final = ("entry_id", "rule", "part_id", "words", "severity")
_CARRIED: Final = ("unit_id", "quiet")


def _store(session: Session, entries: Sequence[Entry], wanted: Sequence[dict[str, Any]]) -> None:
    connection = session.connection()
    sought = {"organisation": entries[0].organisation_id, "ids": [entry.id for entry in entries]}
    rows = connection.execute(_STORED, sought).mappings()
    have = {tuple(row[name] for name in _KEY): row for row in rows}
    want = {tuple(row[name] for name in _KEY): row for row in wanted}
    if gone := [have[key]["id"] for key in have.keys() - want.keys()]:
        connection.execute(delete(_FINDING).where(_FINDING.c.id.in_(gone)))
    if new := [want[key] | {"id": new_id()} for key in want if key not in have]:
        connection.execute(insert(_FINDING), new)
    for key in have.keys() & want.keys():
        moved = {name: want[key][name] for name in _CARRIED if want[key][name] != have[key][name]}
        if moved:
            connection.execute(update(_FINDING).where(_FINDING.c.id == have[key]["id"]).values(**moved))
