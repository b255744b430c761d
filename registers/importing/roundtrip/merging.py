"""Compares three versions of each answer: as it was exported, as the file has it, and as it is stored now."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy.orm import Session

from compliance.database import folded
from compliance.entry import Entry, State
from compliance.errors import Refused
from compliance.fields import (
    Kind,
    Rows,
    fields,
    plain,
)
from compliance.journal import differences, facts, state_at
from compliance.language import LANGUAGES, Text
from compliance.release import Step
from registers.importing.cells import Unreadable
from registers.importing.columns import first_inner
from registers.importing.known import designated, entries_where
from registers.importing.roundtrip.answers import FORMULA, Answers
from registers.importing.roundtrip.book import Book, Line, Page
from registers.importing.roundtrip.layout import (
    HIDDEN,
    MAIN,
    NUMBER,
    STATE,
    Digest,
    Left,
    editable,
    schema,
    state_word,
)
from registers.importing.roundtrip.plans import Edit, Missing, Plan, Problem, Revision, Rights, What
from registers.importing.tables import Broken, Cell, words_of

CHECKED: Final = "checked"
"""The step from „Bestand, ungeprüft“ to draft, which needs no more than the right to edit."""


def plan(session: Session, model: type[Entry], book: Book, rights: Rights) -> Plan:
    """What *book* proposes for the entries that *session* sees; changes nothing.

    Raises :class:`Refused` if the file belongs to another organisation or register.
    """
    organisation: uuid.UUID = session.info["organisation"]
    if book.stamp.organisation != organisation.hex:
        raise Refused(_FOREIGN.format(file=book.name))
    if book.stamp.register != model.slug:
        raise Refused(_OTHER_REGISTER.format(file=book.name, register=book.stamp.register))
    return Planner(session, model, book, rights).planned()


@dataclass
class Group:
    """Everything the file says about one entry."""

    line: Line
    left: Left | None
    """``None`` for a new entry."""
    parts: dict[str, list[Line]] = field(default_factory=dict)
    """The rows of each sheet, by its key."""
    problems: list[Problem] = field(default_factory=list)

    def digest(self, book: Book) -> str:
        """What the file says, in as many characters as the stamp has for what was exported."""
        digest = Digest()
        identity = self.left.id if self.left else ""
        digest.add(MAIN, identity, _counted(self.line))
        for key, lines in self.parts.items():
            for line in lines:
                digest.add(key, line.id, _counted(line))
        return digest.hexdigest()


def _counted(line: Line) -> Iterator[tuple[str, Cell]]:
    return ((path, cell) for path, cell in line.cells.items() if path not in HIDDEN)


class Planner:
    """Works out what a book about the entries of a register proposes."""

    def __init__(self, session: Session, model: type[Entry], book: Book, rights: Rights) -> None:
        self._session = session
        self._model: Any = model
        self._book = book
        self._rights = rights
        self._main = book.pages[MAIN]
        self._answers = Answers(session, book.stamp, rights)
        self._specs = editable(model)
        self._problems: list[Problem] = []

    def planned(self) -> Plan:
        """Everything that the book proposes."""
        groups = list(self._grouped())
        differing = [group for group in groups if self._differs(group)]
        wanted = [uuid.UUID(group.left.id) for group in differing if group.left]
        stored = {
            entry.id.hex: entry for entry in entries_where(self._session, self._model, self._model.id, wanted)
        }
        revisions = [self._revision(group, stored) for group in differing]
        telling = [revision for revision in revisions if revision.edits or revision.problems]
        return Plan(
            model=self._model,
            file=self._book.name,
            revisions=tuple(telling),
            missing=tuple(self._missing(groups)),
            problems=tuple(self._problems),
            unchanged=len(groups) - len(telling),
            notes=tuple(self._notes()),
        )

    def _entries(self, ids: list[uuid.UUID]) -> Iterator[Any]:
        return entries_where(self._session, self._model, self._model.id, ids)

    # --- Which row is about which entry ----------------------------------------------------------

    def _grouped(self) -> Iterator[Group]:
        by_number = {_key(left.number): left for left in self._book.stamp.entries.values()}
        groups: dict[str, Group] = {}
        nameless: list[Group] = []
        for line in self._main.lines:
            left, problem = self._identified(line, by_number)
            number = _key(left.number if left else line.number)
            if problem is None and number in groups:
                problem = _TWICE.format(number=line.number, row=groups[number].line.row)
            if problem is not None:
                self._problems.append(Problem.at(self._main, line, NUMBER, problem))
            elif number:
                groups[number] = Group(line, left)
            else:
                nameless.append(Group(line, left))
        for page in self._book.pages.values():
            if page.key != MAIN:
                self._sort_in(page, groups, by_number)
        yield from sorted((*groups.values(), *nameless), key=lambda group: group.line.row)

    def _identified(self, line: Line, by_number: Mapping[str, Left]) -> tuple[Left | None, Text | None]:
        """Which exported entry *line* is about, or none if it is new; and what is wrong with it."""
        if isinstance(line.cells.get(NUMBER), Broken):
            return None, FORMULA
        left = self._book.stamp.entries.get(line.id)
        number = line.number
        if left is not None and _key(number) == _key(left.number):
            return left, None
        if _key(number) in by_number:
            # Without its id the row was copied without the hidden columns; with another one it was mixed up.
            return (by_number[_key(number)], None) if not line.id else (None, _MIXED_UP.format(number=number))
        if designated(self._model, number) is not None or (line.id and left is None and number):
            return None, _UNKNOWN.format(number=number)
        return None, None

    def _sort_in(self, page: Page, groups: Mapping[str, Group], by_number: Mapping[str, Left]) -> None:
        for line in page.lines:
            group = groups.get(_key(line.number))
            if group is not None:
                group.parts.setdefault(page.key, []).append(line)
            elif _key(line.number) not in by_number:
                # A row of an entry that was taken out of the file goes with it.
                reason = _NO_PARENT.format(number=line.number) if line.number else _NAMES_NO_PARENT
                self._problems.append(Problem.at(page, line, NUMBER, reason))

    def _differs(self, group: Group) -> bool:
        return group.left is None or group.digest(self._book) != group.left.digest

    # --- What is different -----------------------------------------------------------------------

    def _revision(self, group: Group, stored: Mapping[str, Any]) -> Revision:
        if group.left is None:
            return self._creation(group)
        entry = stored.get(group.left.id)
        if entry is None or not self._rights.sees(entry):
            unknown = Problem.at(self._main, group.line, NUMBER, _UNKNOWN.format(number=group.left.number))
            return self._made(group, None, [], [unknown], key=group.left.id)
        theirs: Mapping[str, Any] = facts(entry)
        base = theirs
        if entry.version != group.left.version:
            base = state_at(self._session, entry, group.left.version)
        edits: list[Edit] = []
        problems: list[Problem] = []
        for found in self._edits(group, entry, base, theirs):
            (edits if isinstance(found, Edit) else problems).append(found)  # type: ignore[arg-type]
        if edits and not self._rights.edits(entry):
            problems = [Problem.at(self._main, group.line, NUMBER, _FORBIDDEN.format(entry=str(entry)))]
        problems += self._place_problems(group, edits)
        return self._made(group, entry, edits, problems, key=group.left.id)

    def _made(
        self, group: Group, entry: Any, edits: Iterable[Edit], problems: Iterable[Problem], *, key: str
    ) -> Revision:
        name = str(entry) if entry is not None else group.line.words("name") or group.line.number
        return Revision(key, group.line.row, name, entry, tuple(edits), tuple(problems))

    def _edits(
        self, group: Group, entry: Any, base: Mapping[str, Any], theirs: Mapping[str, Any]
    ) -> Iterator[Edit | Problem]:
        yield from self._field_edits(group, base, theirs)
        yield from self._state_edit(group, entry, base, theirs)

    def _field_edits(
        self, group: Group, base: Mapping[str, Any], theirs: Mapping[str, Any]
    ) -> Iterator[Edit | Problem]:
        for name, spec in self._specs.items():
            if isinstance(spec, Rows):
                if name in self._book.pages:
                    yield from self._row_edits(
                        group, name, spec, base.get(name) or [], theirs.get(name) or []
                    )
            elif name in self._main.letters:
                yield from self._answer(
                    self._main,
                    group.line,
                    _Asked(name, spec, name, spec.label),
                    base.get(name),
                    theirs.get(name),
                )

    def _answer(
        self, page: Page, line: Line, asked: _Asked, base: Any, theirs: Any
    ) -> Iterator[Edit | Problem]:
        cell = line.cells.get(asked.inner or asked.field)
        if self._answers.unedited(asked.spec, base, cell):
            return
        try:
            value = self._answers.understood(asked.spec, cell)
        except Unreadable as error:
            yield Problem.at(page, line, asked.inner or asked.field, error.reason)
            return
        mine = plain(asked.spec, value)
        if _same(mine, base) or _same(mine, theirs):
            return
        yield Edit(
            key=asked.key,
            what=What.PART_ANSWER if asked.inner else What.ANSWER,
            label=asked.label,
            field=asked.field,
            spec=asked.spec,
            base=base,
            mine=mine,
            theirs=theirs,
            value=value,
            part=asked.part,
            inner=asked.inner,
            both_changed=not _same(base, theirs),
        )

    # --- Rows ------------------------------------------------------------------------------------

    def _row_edits(
        self, group: Group, name: str, spec: Rows, base: list[Any], theirs: list[Any]
    ) -> Iterator[Edit | Problem]:
        before = {row["id"]: row for row in base}
        stored = {row["id"]: row for row in theirs}
        seen: set[str] = set()
        for line in group.parts.get(name, ()):
            if line.id in before and line.id not in seen:
                seen.add(line.id)
                yield from self._known_row(line, name, spec, before[line.id], stored.get(line.id))
            else:
                yield from self._new_row(line, name, spec, [row for row in theirs if row["id"] not in before])
        for identity, row in before.items():
            if identity not in seen and identity in stored:
                yield Edit(
                    key=f"{name}/{identity}",
                    what=What.REMOVED,
                    label=spec.label,
                    field=name,
                    spec=spec,
                    base=[row],
                    mine=None,
                    theirs=[stored[identity]],
                    part=identity,
                    both_changed=not _same(_answers(spec, row), _answers(spec, stored[identity])),
                )

    def _known_row(
        self,
        line: Line,
        name: str,
        spec: Rows,
        before: Mapping[str, Any],
        stored: Mapping[str, Any] | None,
    ) -> Iterator[Edit | Problem]:
        page = self._book.pages[name]
        found = list[Edit | Problem]()
        for inner, kind in editable(spec.part).items():
            if inner in page.letters:
                label = _IN_ROW.format(field=spec.label, row=_called(spec, before), inner=kind.label)
                asked = _Asked(f"{name}/{line.id}/{inner}", kind, name, label, line.id, inner)
                theirs = stored.get(inner) if stored is not None else before.get(inner)
                found += self._answer(page, line, asked, before.get(inner), theirs)
        if stored is None and any(isinstance(each, Edit) for each in found):
            # Somebody removed the row that the file changes.
            yield from (each for each in found if isinstance(each, Problem))
            yield from self._new_row(line, name, spec, [], removed=before)
        else:
            yield from found

    def _new_row(
        self,
        line: Line,
        name: str,
        spec: Rows,
        there: list[Any],
        *,
        removed: Mapping[str, Any] | None = None,
    ) -> Iterator[Edit | Problem]:
        page = self._book.pages[name]
        values: dict[str, Any] = {}
        problems = []
        for inner, kind in editable(spec.part).items():
            try:
                values[inner] = self._answers.understood(kind, line.cells.get(inner))
            except Unreadable as error:
                problems.append(Problem.at(page, line, inner, error.reason))
        yield from problems
        specs = fields(spec.part)
        said = {inner: plain(specs[inner], value) for inner, value in values.items()}
        said = {inner: value for inner, value in said.items() if value is not None}
        # Whoever reads the same file twice adds nothing twice.
        if problems or not said or any(_same(_answers(spec, row), said) for row in there):
            return
        yield Edit(
            key=f"{name}+{line.row}",
            what=What.ADDED,
            label=spec.label,
            field=name,
            spec=spec,
            base=[dict(removed)] if removed else None,
            mine=[said],
            theirs=None,
            value=values,
            both_changed=removed is not None,
        )

    # --- State -----------------------------------------------------------------------------------

    def _state_edit(
        self, group: Group, entry: Any, base: Mapping[str, Any], theirs: Mapping[str, Any]
    ) -> Iterator[Edit | Problem]:
        cell = group.line.cells.get(STATE)
        before = base.get(STATE, theirs[STATE])
        language = self._book.stamp.language
        if STATE not in self._main.letters or words_of(cell) in ("", state_word(before, language)):
            return
        wanted = _state_called(cell)
        if wanted is None:
            yield Problem.at(self._main, group.line, STATE, _NO_STATE.format(words=words_of(cell)[:80]))
        elif wanted is not entry.state:
            step = _STEPS.get((entry.state, wanted))
            if step is None or (step != CHECKED and step not in self._rights.steps(entry)):
                reason = _NO_STEP.format(now=entry.state.text, wanted=wanted.text)
                yield Problem.at(self._main, group.line, STATE, reason)
            else:
                yield Edit(
                    key=STATE,
                    what=What.STATE,
                    label=_STATE,
                    field=STATE,
                    spec=None,
                    base=before,
                    mine=wanted.name,
                    theirs=entry.state.name,
                    value=step,
                    both_changed=before != entry.state.name,
                )

    # --- New and missing entries -----------------------------------------------------------------

    def _creation(self, group: Group) -> Revision:
        edits: list[Edit] = []
        problems: list[Problem] = []
        for name, spec in self._specs.items():
            for found in self._beginnings(group, name, spec):
                (edits if isinstance(found, Edit) else problems).append(found)  # type: ignore[arg-type]
        if _state_called(group.line.cells.get(STATE)) not in (None, State.DRAFT, State.IMPORTED):
            problems.append(Problem.at(self._main, group.line, STATE, _NEW_STATE))
        if not any(edit.field == "name" for edit in edits) and not problems:
            problems.append(Problem.at(self._main, group.line, "name", _NAMELESS))
        if not problems:
            problems += self._place_problems(group, edits, new=True)
        if not problems and self._is_there(edits):
            edits = []
        return self._made(group, None, edits, problems, key=f"new-{group.line.row}")

    def _beginnings(self, group: Group, name: str, spec: Kind) -> Iterator[Edit | Problem]:
        if isinstance(spec, Rows):
            for line in group.parts.get(name, ()):
                yield from self._new_row(line, name, spec, [])
        else:
            asked = _Asked(name, spec, name, spec.label)
            yield from self._answer(self._main, group.line, asked, None, None)

    def _place_problems(self, group: Group, edits: Iterable[Edit], *, new: bool = False) -> Iterator[Problem]:
        """Nobody puts an entry into a unit for which they may not write."""
        unit = next((edit for edit in edits if edit.field == "unit"), None)
        if unit is None and not new:
            return
        if not self._rights.creates(getattr(unit.value, "id", None) if unit is not None else None):
            yield Problem.at(self._main, group.line, "unit", _FORBIDDEN_UNIT)

    def _is_there(self, edits: Iterable[Edit]) -> bool:
        """Whether an entry that was not in the export says all of this: the file was read before."""
        answers = list(edits)
        name = next(edit.mine for edit in answers if edit.field == "name")
        alike = entries_where(self._session, self._model, self._model.sort_key, [folded(name)[:200]])
        return any(
            entry.id.hex not in self._book.stamp.entries
            and self._rights.sees(entry)
            and _says(entry, answers)
            for entry in alike
        )

    def _missing(self, groups: Iterable[Group]) -> Iterator[Missing]:
        there = {group.left.id for group in groups if group.left is not None}
        broken = {problem.row for problem in self._problems if problem.sheet == self._main.title}
        there |= {line.id for line in self._main.lines if line.row in broken}
        gone = [uuid.UUID(identity) for identity in self._book.stamp.entries if identity not in there]
        for entry in self._entries(gone):
            if entry.state is not State.ENDED and self._rights.edits(entry):
                yield Missing(entry, Step.END in self._rights.steps(entry))

    def _notes(self) -> Iterator[Text]:
        if self._book.stamp.schema != schema(self._model):
            yield _CHANGED_SHAPE
        yield from self._lost()

    def _lost(self) -> Iterator[Text]:
        """Which sheets and columns are missing or unknown."""
        for key, title in self._book.stamp.sheets.items():
            if key not in self._book.pages:
                yield _NO_SHEET.format(sheet=title)
                continue
            page = self._book.pages[key]
            if lost := [
                header
                for path, header in page.headers.items()
                if path not in page.letters and path not in HIDDEN
            ]:
                yield _NO_COLUMNS.format(sheet=title, columns=", ".join(lost))
        if self._book.ignored:
            yield _IGNORED.format(columns=", ".join(self._book.ignored))


@dataclass(frozen=True)
class _Asked:
    """One question to which the file may hold a new answer."""

    key: str
    spec: Kind
    field: str
    label: Text
    part: str = ""
    inner: str = ""


def _key(number: str) -> str:
    """What of a number, or of the word in place of one, counts when it is compared."""
    return number.upper()


def _says(entry: Any, edits: Iterable[Edit]) -> bool:
    said = facts(entry)
    for edit in edits:
        if isinstance(edit.spec, Rows):
            rows = said.get(edit.field) or []
            if not any(_same(_answers(edit.spec, row), edit.mine[0]) for row in rows):
                return False
        elif not _same(said.get(edit.field), edit.mine):
            return False
    return True


def _same(one: Any, two: Any) -> bool:
    """Whether two answers as JSON are alike; what an entry is called makes no difference."""
    return not differences({"": one}, {"": two})


def _answers(spec: Rows, row: Mapping[str, Any]) -> dict[str, Any]:
    """What people answered in *row*, without its id and what follows from the answers."""
    return {name: row[name] for name in editable(spec.part) if name in row}


def _called(spec: Rows, row: Mapping[str, Any]) -> Text:
    """How people know the row: by its first words."""
    first = first_inner(spec)
    words = " ".join(str(row.get(first) or "").split())
    short = words if len(words) <= 40 else f"{words[:40]}…"
    return Text(short or "–", short or "–")


def _state_called(cell: Cell) -> State | None:
    words = folded(words_of(cell))
    return next(
        (state for state in State for language in LANGUAGES if folded(state.text[language]) == words), None
    )


_STEPS: Final[Mapping[tuple[State, State], str]] = {
    (State.IMPORTED, State.DRAFT): CHECKED,
    (State.IMPORTED, State.REVIEW): Step.SUBMIT,
    (State.DRAFT, State.REVIEW): Step.SUBMIT,
    (State.REVIEW, State.DRAFT): Step.RETURN,
    **{(state, State.ENDED): Step.END for state in (State.DRAFT, State.REVIEW, State.RELEASED)},
}
"""What a file can ask for. A release is given to an entry that somebody looked at, so never by a file."""
_STATE: Final = Text("Status", "State")
_IN_ROW: Final = Text("{field} „{row}“: {inner}", "{field} “{row}”: {inner}")
_FOREIGN: Final = Text(
    "Die Datei „{file}“ stammt aus einer anderen Organisation und lässt sich hier nicht einlesen.",
    "The file “{file}” comes from another organisation and cannot be read here.",
)
_OTHER_REGISTER: Final = Text(
    "Die Datei „{file}“ gehört zu einem anderen Register ({register}).",
    "The file “{file}” belongs to another register ({register}).",
)
_UNKNOWN: Final = Text("Einen Eintrag „{number}“ gibt es nicht.", "There is no entry “{number}”.")
_TWICE: Final = Text("„{number}“ steht schon in Zeile {row}.", "“{number}” already stands in row {row}.")
_MIXED_UP: Final = Text(
    "Die Nummer „{number}“ gehört zu einer anderen Zeile; vielleicht wurden nicht alle Spalten sortiert. "
    "Für einen neuen Eintrag lassen Sie die Nummer leer.",
    "The number “{number}” belongs to another row; perhaps only some of the columns were sorted. "
    "For a new entry, leave the number empty.",
)
_NO_PARENT: Final = Text(
    "Einen Eintrag „{number}“ gibt es auf dem ersten Blatt nicht.",
    "There is no entry “{number}” on the first sheet.",
)
_NAMES_NO_PARENT: Final = Text(
    "Es fehlt die Nummer des Eintrags, zu dem die Zeile gehört.",
    "The number of the entry that the row belongs to is missing.",
)
_FORBIDDEN: Final = Text(
    "Ihre Rolle erlaubt nicht, {entry} zu ändern.", "Your role does not allow you to change {entry}."
)
_FORBIDDEN_UNIT: Final = Text(
    "Ihre Rolle erlaubt keine Einträge dieser Organisationseinheit.",
    "Your role does not allow entries of this unit.",
)
_NO_STATE: Final = Text("„{words}“ ist kein Status.", "“{words}” is not a state.")
_NO_STEP: Final = Text(
    "Von „{now}“ nach „{wanted}“ führt in einer Datei kein Weg, oder Ihre Rolle erlaubt ihn nicht.",
    "No file leads from “{now}” to “{wanted}”, or your role does not allow it.",
)
_NEW_STATE: Final = Text("Ein neuer Eintrag beginnt als Entwurf.", "A new entry begins as a draft.")
_NAMELESS: Final = Text("Die Bezeichnung fehlt.", "The name is missing.")
_CHANGED_SHAPE: Final = Text(
    "Seit dem Export wurde die Anwendung erneuert. Felder, die der Datei fehlen, bleiben, wie sie sind.",
    "The application was upgraded since the export. Fields that the file lacks stay as they are.",
)
_NO_SHEET: Final = Text(
    "Das Blatt „{sheet}“ fehlt; daran wird nichts geändert.",
    "The sheet “{sheet}” is missing; nothing of it is changed.",
)
_NO_COLUMNS: Final = Text(
    "Auf dem Blatt „{sheet}“ fehlen Spalten; daran wird nichts geändert: {columns}.",
    "Columns are missing on the sheet “{sheet}”; nothing of them is changed: {columns}.",
)
_IGNORED: Final = Text(
    "Hinzugefügte Spalten werden nicht gelesen: {columns}.", "Added columns are not read: {columns}."
)
