"""Catalogues and profiles of the authority itself, from a table: a municipal profile, an internal policy.

A table either chooses from a catalogue that is there, module by module or requirement by requirement,
or holds requirements of its own. Both become a document in OSCAL, so that everything that can be done
with an imported catalogue can be done with them. Whatever is wrong is named with its sheet, row and
column, all at once, and then nothing comes of the table.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.kompendium import EDITION, Level, edition_2023
from assessments.grundschutz.kompendium_oscal import FILE, TITLE, index_source
from assessments.grundschutz.library import (
    ControlCatalogue,
    contents,
    control_catalogue,
    exported,
    exported_profile,
)
from assessments.grundschutz.oscal import MAX_CONTROLS, OscalCatalogue, document, read
from assessments.grundschutz.oscal_profile import resolved_uuid
from assessments.grundschutz.oscal_writing import (
    encoded,
    metadata,
    one_line,
    prop,
    resource,
    stable,
)
from compliance.database import folded, now
from compliance.errors import Refused
from compliance.fields import tidy, tidy_line
from compliance.language import Text
from registers.importing.tables import Broken, Cell, Row, Table, words_of
from registers.importing.tables import read as read_table

MOST_SHOWN: Final = 100
"""So many mistakes are named; whoever repairs them sees the others afterwards."""
_LONGEST_ID: Final = 60
_LONGEST_TITLE: Final = 200
_LONGEST_TEXT: Final = 20_000


class Column(StrEnum):
    """What a column of the table says."""

    ID = "id"
    MODULE = "module"
    LEVEL = "level"
    TITLE = "title"
    TEXT = "text"
    CHAPTER = "chapter"
    GUIDANCE = "guidance"

    @property
    def label(self) -> Text:
        """What the column is called."""
        return _LABELS[self]


_LABELS: Final = {
    Column.ID: Text("Anforderung", "Requirement"),
    Column.MODULE: Text("Baustein", "Module"),
    Column.LEVEL: Text("Stufe", "Level"),
    Column.TITLE: Text("Titel", "Title"),
    Column.TEXT: Text("Text", "Text"),
    Column.CHAPTER: Text("Kapitel", "Chapter"),
    Column.GUIDANCE: Text("Hinweis", "Guidance"),
}
_NAMES: Final[Mapping[str, Column]] = {
    name: column
    for column, names in {
        Column.ID: "anforderung kennung id nr nummer requirement control number anforderungsnummer",
        Column.MODULE: "baustein module gruppe group bausteinnummer",
        Column.LEVEL: "stufe level niveau anforderungsstufe",
        Column.TITLE: "titel title bezeichnung name",
        Column.TEXT: "text anforderungstext wortlaut wording statement prueffrage frage question",
        Column.CHAPTER: "kapitel chapter checkliste checklist bereich thema section",
        Column.GUIDANCE: "hinweis erlaeuterung hilfsmittel guidance hinweise",
    }.items()
    for name in names.split()
}
_LEVELS: Final = {
    "b": Level.BASIC,
    "basis": Level.BASIC,
    "basic": Level.BASIC,
    "s": Level.STANDARD,
    "standard": Level.STANDARD,
    "h": Level.HIGH,
    "hoch": Level.HIGH,
    "erhoeht": Level.HIGH,
    "high": Level.HIGH,
}
_UP_TO: Final = {
    Level.BASIC: {"B"},
    Level.STANDARD: {"B", "S"},
    Level.HIGH: {"B", "S", "H"},
}


@dataclass(frozen=True)
class Mistake:
    """Something in the table that nobody can understand, and where."""

    sheet: str
    row: int
    """As the spreadsheet shows it; 0 for the table as a whole."""
    column: str
    text: Text

    @property
    def place(self) -> Text:
        """Where, in words."""
        german = [f"Blatt „{self.sheet}“"] if self.sheet else []
        english = [f"sheet “{self.sheet}”"] if self.sheet else []
        if self.row:
            german.append(f"Zeile {self.row}")
            english.append(f"row {self.row}")
        if self.column:
            german.append(f"Spalte „{self.column}“")
            english.append(f"column “{self.column}”")
        words = ", ".join(english)
        return Text(", ".join(german), words[:1].upper() + words[1:])


@dataclass(frozen=True)
class Draft:
    """What a table would become."""

    title: str
    edition: str
    content: bytes = b""
    """The document in OSCAL; empty where there are mistakes."""
    is_profile: bool = False
    counts: tuple[tuple[str, int], ...] = ()
    """Requirements by chapter or module, in reading order."""
    skipped: int = 0
    """Rows without a level: modules that are not chosen."""
    mistakes: tuple[Mistake, ...] = ()

    @property
    def total(self) -> int:
        return sum(count for _name, count in self.counts)

    @property
    def file_name(self) -> str:
        """What the document is called."""
        return f"{re.sub(r'[^a-z0-9]+', '-', folded(self.title)).strip('-') or 'katalog'}.json"


def score(words: Sequence[str]) -> int:
    """How many of *words* are known as names of columns."""
    return sum(_name(word) in _NAMES for word in words)


def _name(header: str) -> str:
    return re.sub(r"[^a-z0-9]+", "", folded(header))


def draft(
    session: Session, content: bytes, name: str, *, title: str, edition: str, choose_from: str = EDITION
) -> Draft:
    """What the table in a CSV or XLSX file called *name* would become.

    *choose_from* names the catalogue from which it chooses, empty where it holds requirements of its own.
    Raises :class:`Refused` where the file holds no table at all, and without title or edition.
    """
    named, dated = tidy_line(title), tidy_line(edition)
    if not named or not dated:
        raise Refused(_NO_TITLE)
    sheet = _Sheet(read_table(content, name, score))
    if choose_from:
        return _profile(session, sheet, _known(session, choose_from), named, dated)
    return _catalogue(session, sheet, named, dated)


# --- The table -----------------------------------------------------------------------------------


class _Sheet:
    """The table with what its columns say, and every mistake found in it."""

    def __init__(self, table: Table) -> None:
        self.table = table
        self.mistakes: list[Mistake] = []
        self.columns: dict[Column, int] = {}
        for index, header in enumerate(table.headers):
            column = _NAMES.get(_name(header))
            if column is None:
                continue
            if column in self.columns:
                self.wrong(0, header, _TWO_COLUMNS.format(meaning=column.label))
            self.columns.setdefault(column, index)

    def rows(self) -> Iterator[Row]:
        """The rows, unless columns are wrong already; words without a header above them are a mistake."""
        for row in self.table.rows if not self.mistakes else ():
            for index, cell in enumerate(row.cells):
                if words_of(cell) and not "".join(self.table.headers[index : index + 1]):
                    self.wrong(row.number, "", _NO_HEADER.format(words=words_of(cell)[:40]))
            yield row

    def has(self, *columns: Column) -> bool:
        return any(column in self.columns for column in columns)

    def header(self, column: Column) -> str:
        return self.table.headers[self.columns[column]] if column in self.columns else column.label.de

    def says(self, row: Row, column: Column, longest: int = _LONGEST_ID) -> str:
        """The words in a cell; a cell that cannot be read or is too long is a mistake."""
        if column not in self.columns:
            return ""
        cell: Cell = row[self.columns[column]]
        if isinstance(cell, Broken):
            self.wrong(row.number, self.header(column), _BROKEN.format(words=cell.words[:40]))
            return ""
        words = tidy(words_of(cell))
        if len(words) > longest:
            self.wrong(row.number, self.header(column), _TOO_LONG.format(limit=longest))
            return ""
        return words

    def wrong(self, row: int, column: str, text: Text) -> None:
        self.mistakes.append(Mistake(self.table.sheet, row, column, text))

    def demand(self, *columns: Column) -> None:
        if not self.has(*columns):
            names = Text(
                " oder ".join(f"„{column.label.de}“" for column in columns),
                " or ".join(f"“{column.label.en}”" for column in columns),
            )
            self.wrong(0, "", _NO_COLUMN.format(names=names))


# --- Choosing from a catalogue -------------------------------------------------------------------


@dataclass(frozen=True)
class _Known:
    """A catalogue from which a table chooses."""

    catalogue: OscalCatalogue
    title: str
    file: str
    sha256: str = ""

    @property
    def is_kompendium(self) -> bool:
        return not self.sha256


def _known(session: Session, name: str) -> _Known:
    """The catalogue called *name*. Raises :class:`~compliance.errors.NotFound`."""
    if name == EDITION:
        return _Known(read(index_source().root), TITLE, FILE)
    header = control_catalogue(session, name)
    return _Known(contents(session, header), str(header), header.file_name, header.sha256)


@dataclass
class _Choice:
    """What a table chooses: each requirement once, with the level it gets."""

    levels: dict[str, str] = field(default_factory=dict)
    """The id of each chosen requirement and the level the table gives it, empty where it keeps its own."""
    rows: dict[str, int] = field(default_factory=dict)
    """In which row a requirement was named alone."""
    skipped: int = 0


def _profile(session: Session, sheet: _Sheet, known: _Known, title: str, edition: str) -> Draft:
    sheet.demand(Column.MODULE, Column.ID)
    groups = {group.id: index for index, group in enumerate(known.catalogue.groups) if group.id}
    choice = _Choice()
    for row in sheet.rows():
        _choose(sheet, known, groups, row, choice)
    if not sheet.mistakes and not choice.levels:
        sheet.wrong(0, "", _NOTHING_CHOSEN)
    if sheet.mistakes:
        return Draft(title, edition, is_profile=True, mistakes=tuple(sheet.mistakes[:MOST_SHOWN]))
    in_order = [each.id for each in known.catalogue.controls if each.id in choice.levels]
    identity = stable("own-profile", title, edition, known.sha256, *sorted(choice.levels.items()))
    modified = _known_since(session, resolved_uuid(identity))
    return Draft(
        title,
        edition,
        encoded(_profile_document(known, in_order, choice, identity, metadata(title, edition, modified))),
        is_profile=True,
        counts=tuple(_by_group(known.catalogue, in_order)),
        skipped=choice.skipped,
    )


def _choose(sheet: _Sheet, known: _Known, groups: Mapping[str, int], row: Row, choice: _Choice) -> None:
    """What one row chooses: the requirement it names, or else its module up to a level."""
    before = len(sheet.mistakes)
    column = Column.ID if sheet.has(Column.ID) else Column.MODULE
    name = tidy_line(sheet.says(row, column))
    if not name and sheet.has(Column.MODULE):
        column = Column.MODULE
        name = tidy_line(sheet.says(row, column))
    if not name:
        if len(sheet.mistakes) == before:
            sheet.wrong(row.number, sheet.header(column), _NO_NAME)
        return
    control = known.catalogue.by_id.get(name)
    if control is None and name not in groups:
        sheet.wrong(row.number, sheet.header(column), _UNKNOWN.format(name=name, catalogue=known.title))
        return
    level = _level(sheet, known, row)
    if control is None:
        _choose_group(known, groups[name], level, choice)
        return
    if control.withdrawn:
        sheet.wrong(row.number, sheet.header(column), _WITHDRAWN.format(name=name))
    elif name in choice.rows:
        first = str(choice.rows[name])
        sheet.wrong(row.number, sheet.header(column), _TWICE.format(name=name, row=first))
    choice.rows.setdefault(name, row.number)
    choice.levels[name] = "" if level == control.says("level") else level


def _choose_group(known: _Known, index: int, level: str, choice: _Choice) -> None:
    if known.is_kompendium and not level:
        choice.skipped += 1
        return
    inside = {index}
    for number, group in enumerate(known.catalogue.groups):
        if group.parent in inside:
            inside.add(number)
    for control in known.catalogue.controls:
        wanted = not known.is_kompendium or control.says("level") in _UP_TO[Level(level)]
        if control.group in inside and not control.withdrawn and wanted:
            choice.levels.setdefault(control.id, "" if known.is_kompendium else level)


def _level(sheet: _Sheet, known: _Known, row: Row) -> str:
    said = tidy_line(sheet.says(row, Column.LEVEL))
    found = _LEVELS.get(_name(said))
    if found is not None:
        return found.value
    if said and known.is_kompendium:
        sheet.wrong(row.number, sheet.header(Column.LEVEL), _NO_LEVEL.format(level=said))
        return ""
    return said


def _profile_document(
    known: _Known, ids: Sequence[str], choice: _Choice, identity: str, head: Mapping[str, Any]
) -> dict[str, Any]:
    source = stable("catalogue", known.sha256 or known.file)
    alters = [
        {
            "control-id": each,
            "removes": [{"by-name": "level"}],
            "adds": [{"props": [prop("level", choice.levels[each])]}],
        }
        for each in ids
        if choice.levels[each]
    ]
    found: dict[str, Any] = {
        "uuid": identity,
        "metadata": head,
        "imports": [{"href": f"#{source}", "include-controls": [{"with-ids": list(ids)}]}],
        "merge": {"as-is": True},
    }
    if alters:
        found["modify"] = {"alters": alters}
    found["back-matter"] = {"resources": [resource(source, known.title, known.file, known.sha256)]}
    return {"profile": found}


def _by_group(catalogue: OscalCatalogue, ids: Sequence[str]) -> Iterator[tuple[str, int]]:
    groups = Counter(catalogue.by_id[each].group for each in ids)
    for index, count in groups.items():
        group = catalogue.groups[index]
        yield f"{group.id} {group.title}".strip(), count


# --- Requirements of its own ---------------------------------------------------------------------


@dataclass(frozen=True)
class _Own:
    """One requirement as the table has it."""

    id: str
    label: str
    title: str
    text: str
    guidance: str
    level: str


def _catalogue(session: Session, sheet: _Sheet, title: str, edition: str) -> Draft:
    sheet.demand(Column.ID)
    sheet.demand(Column.TITLE, Column.TEXT)
    chapters: dict[str, list[_Own]] = {}
    seen: dict[str, int] = {}
    for row in sheet.rows():
        found = _own(sheet, row, seen)
        chapter = tidy_line(sheet.says(row, Column.CHAPTER, _LONGEST_TITLE)) or title
        chapters.setdefault(chapter, []).append(found)
    if not sheet.mistakes and not seen:
        sheet.wrong(0, "", _NOTHING_CHOSEN)
    if len(seen) > MAX_CONTROLS:
        sheet.wrong(0, "", _TOO_MANY.format(limit=MAX_CONTROLS))
    if sheet.mistakes:
        return Draft(title, edition, mistakes=tuple(sheet.mistakes[:MOST_SHOWN]))
    groups = [_chapter(number, name, found) for number, (name, found) in enumerate(chapters.items(), 1)]
    digest = hashlib.sha256(json.dumps(groups, ensure_ascii=False).encode("utf-8", "replace")).hexdigest()
    identity = stable("own-catalogue", title, edition, digest)
    head = metadata(title, edition, _known_since(session, identity))
    return Draft(
        title,
        edition,
        encoded({"catalog": {"uuid": identity, "metadata": head, "groups": groups}}),
        counts=tuple((name, len(found)) for name, found in chapters.items()),
    )


def _own(sheet: _Sheet, row: Row, seen: dict[str, int]) -> _Own:
    label = tidy_line(sheet.says(row, Column.ID))
    identity = _token(label)
    if not label:
        sheet.wrong(row.number, sheet.header(Column.ID), _NO_NAME)
    elif identity in seen:
        before = str(seen[identity])
        sheet.wrong(row.number, sheet.header(Column.ID), _TWICE.format(name=label, row=before))
    seen.setdefault(identity, row.number)
    text = sheet.says(row, Column.TEXT, _LONGEST_TEXT)
    title = tidy_line(sheet.says(row, Column.TITLE, _LONGEST_TITLE)) or (one_line(text) if text else "")
    if not title:
        sheet.wrong(row.number, sheet.header(Column.TITLE), _NO_WORDS)
    level = tidy_line(sheet.says(row, Column.LEVEL))
    known = _LEVELS.get(_name(level))
    guidance = sheet.says(row, Column.GUIDANCE, _LONGEST_TEXT)
    return _Own(identity, label, title, text, guidance, known.value if known else level)


def _token(label: str) -> str:
    """*label* as OSCAL writes an id: letters, digits, dots and dashes, and no digit in front."""
    token = re.sub(r"[^\w.\-]+", "-", label)
    return token if re.match(r"[^\W\d]", token) else f"_{token}"


def _chapter(number: int, name: str, found: Sequence[_Own]) -> dict[str, Any]:
    return {
        "id": f"kapitel-{number}",
        "title": one_line(name),
        "controls": [_control(each) for each in found],
    }


def _control(own: _Own) -> dict[str, Any]:
    # Without a namespace, for OSCAL itself knows the property.
    label = [{"name": "label", "value": own.label}] if own.label != own.id else []
    level = [prop("level", own.level)] if own.level else []
    parts = [{"id": f"{own.id}_smt", "name": "statement", "prose": own.text or own.title}]
    if own.guidance:
        parts.append({"id": f"{own.id}_gdn", "name": "guidance", "prose": own.guidance})
    found: dict[str, Any] = {"id": own.id, "title": one_line(own.title)}
    return found | ({"props": [*label, *level]} if label or level else {}) | {"parts": parts}


# --- A table to begin with ----------------------------------------------------------------------


def template(language: str) -> list[tuple[str, str, str]]:
    """All modules of the Kompendium without a level: whoever enters one, chooses the module."""
    module, title, level = (each.label[language] for each in (Column.MODULE, Column.TITLE, Column.LEVEL))
    return [(module, title, level), *((module.id, module.title, "") for module in edition_2023().modules)]


# --- The same table again ------------------------------------------------------------------------


def _known_since(session: Session, identity: str) -> datetime:
    """When the same table was first taken in, so that it makes the same document again."""
    query = select(ControlCatalogue).where(ControlCatalogue.document_uuid == identity)
    header = session.scalars(query.limit(1)).first()
    if header is None:
        return now()
    root = document(exported_profile(session, header) if header.profile else exported(session, header))
    head: Any = root.get("profile") or root.get("catalog")
    return datetime.fromisoformat(head["metadata"]["last-modified"])


_NO_TITLE: Final = Text("Bitte geben Sie Titel und Fassung an.", "Please enter the title and the version.")
_NO_COLUMN: Final = Text("Eine Spalte {names} fehlt.", "A column {names} is missing.")
_TWO_COLUMNS: Final = Text(
    "Zwei Spalten bedeuten dasselbe: {meaning}.", "Two columns mean the same: {meaning}."
)
_NO_HEADER: Final = Text(
    "„{words}“ steht unter keiner Überschrift; vielleicht sind Spalten verschoben.",
    "“{words}” stands under no header; perhaps columns are shifted.",
)
_BROKEN: Final = Text(
    "Die Zelle enthält eine Formel ohne Ergebnis oder einen Fehlerwert: {words}.",
    "The cell holds a formula without a result or an error value: {words}.",
)
_TOO_LONG: Final = Text(
    "Der Text ist länger als {limit} Zeichen.", "The text has more than {limit} characters."
)
_TOO_MANY: Final = Text(
    "Die Tabelle hat mehr als {limit} Anforderungen.", "The table has more than {limit} requirements."
)
_NO_NAME: Final = Text("Die Kennung fehlt.", "The identifier is missing.")
_NO_WORDS: Final = Text("Titel oder Text fehlt.", "Title or text is missing.")
_UNKNOWN: Final = Text("„{name}“ gibt es nicht in „{catalogue}“.", "There is no “{name}” in “{catalogue}”.")
_WITHDRAWN: Final = Text(
    "Die Anforderung {name} ist entfallen.", "The requirement {name} has been withdrawn."
)
_TWICE: Final = Text("„{name}“ steht schon in Zeile {row}.", "“{name}” stands in row {row} already.")
_NO_LEVEL: Final = Text(
    "„{level}“ ist keine Stufe; bekannt sind B (Basis), S (Standard) und H (erhöhter Schutzbedarf).",
    "“{level}” is no level; known are B (basic), S (standard) and H (increased protection needs).",
)
_NOTHING_CHOSEN: Final = Text("Die Tabelle enthält keine Anforderung.", "The table contains no requirement.")
