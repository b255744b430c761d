"""A register as a workbook to be edited and read again: dropdowns, a guide, and a stamp that is hidden.

How the sheets are laid out is said in :mod:`registers.importing.roundtrip.layout`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any, BinaryIO, Final, TypeAlias

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.writer.excel import ExcelWriter
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.entry import Entry, State, class_called, everything
from compliance.fields import (
    YES_NO,
    Choice,
    Choices,
    Day,
    Duration,
    Flag,
    Kind,
    Line,
    Moment,
    Number,
    Prose,
    Reference,
    References,
    Rows,
    fields,
)
from compliance.journal import facts
from compliance.language import Text
from exports.document import Cell
from exports.text import on_one_line
from exports.wording import words
from exports.xlsx import Archive, Styles, storable
from exports.xlsx import Rows as SheetRows
from registers.importing.roundtrip.layout import (
    ID,
    MAIN,
    NUMBER,
    STAMP,
    STATE,
    VERSION,
    Column,
    Digest,
    Left,
    Sheet,
    Stamp,
    Titles,
    layout,
    stamped,
    unique_titles,
    written,
)

_BATCH: Final = 200
_SPARE_ROWS: Final = 1_000
"""So many empty rows below the last one offer their choices too."""
_MOST_ROWS: Final = 1_048_576

Sees: TypeAlias = Callable[[Entry], bool]


@dataclass(frozen=True)
class Purpose:
    """For whom the workbook is made, and what they may change."""

    organisation: str
    organisation_id: uuid.UUID
    created: datetime
    language: str
    edits: Sees
    """Whether they may change the entry; others stay at home."""
    sees: Sees
    """Whether an entry exists for them, so that it may be offered in a list."""


def write(
    session: Session, model: type[Entry], ids: Sequence[uuid.UUID], purpose: Purpose, out: BinaryIO
) -> int:
    """Writes the entries with *ids* that may be changed, in that order; returns how many they are.

    Texts are never formulas, days are days, and a cell for one of several words offers them.
    """
    return _Register(session, model, purpose).write(ids, out)


class EditableBook:
    """A workbook with these sheets while it is written, with guide, lists and stamp.

    *owner* gives the class whose fields a sheet asks for, by the key of the sheet.
    """

    def __init__(
        self,
        sheets: Iterable[Sheet],
        purpose: Purpose,
        title: str,
        advice: Sequence[Text],
        targets: Mapping[str, tuple[str, str]],
        owner: Callable[[str], type[Any]],
    ) -> None:
        self._owner = owner
        self._purpose = purpose
        self._language = purpose.language
        self._title = title
        self._advice = advice
        self._words = words(purpose.language)
        self._book: Any = Workbook(write_only=True)
        self._styles = Styles(self._words)
        self._titles: Titles = {identity: title for identity, (_class, title) in targets.items()}
        self._lists = _Lists(targets, self._language)
        self.pages = {sheet.key: _Page(self._book, sheet, self._styles) for sheet in sheets}

    def finish(self, stamp: Stamp, out: BinaryIO) -> None:
        """Adds what is beside the sheets, and writes the file."""
        for page in self.pages.values():
            page.finish(self._lists)
        self._guide()
        self._write_lists()
        self._stamp(stamp)
        self._save(out)

    def row(
        self, key: str, said: Mapping[str, Any], marks: Mapping[str, Cell], digest: Digest | None = None
    ) -> Digest:
        """Writes one row of the sheet *key*; returns what makes sure of it, added to *digest*."""
        page = self.pages[key]
        cells = [self._cell(column, said, marks) for column in page.sheet.columns]
        page.append(cells)
        digest = digest or Digest()
        named = zip(page.sheet.columns, cells, strict=True)
        digest.add(key, str(marks[ID]), ((c.path, cell) for c, cell in named if c.path not in (ID, VERSION)))
        return digest

    def _cell(self, column: Column, said: Mapping[str, Any], marks: Mapping[str, Cell]) -> Any:
        if column.spec is None:
            return marks[column.path]
        value = written(column.spec, said.get(column.path), self._language, self._titles)
        return storable(value, self._words) if isinstance(value, str) else value

    # --- Guide, lists and stamp ------------------------------------------------------------------

    def _guide(self) -> None:
        """The sheet that says how to edit, and what each column means and takes."""
        sheet = self._book.create_sheet(_free(_GUIDE[self._language], self.pages))
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToHeight = 0
        rows = SheetRows(sheet, (26, 30, 60, 34, 60))
        for advice in self._advice:
            rows.append([self._styles.text(sheet, advice[self._language], "plain")], ())
        rows.append([], ())
        titles = [title[self._language] for title in _GUIDE_COLUMNS]
        rows.append([self._styles.text(sheet, title, "header") for title in titles], titles)
        for page in self.pages.values():
            for column in page.sheet.columns:
                told = (page.sheet.title, column.header, *self._explained(page.sheet, column))
                rows.append([self._styles.text(sheet, text, "wrapped") for text in told], told)

    def _explained(self, sheet: Sheet, column: Column) -> tuple[str, str, str]:
        spec = column.spec
        if column.help is not None:
            return column.help[self._language], "", ""
        if spec is None:
            key = f"{column.path} of a row" if sheet.key != MAIN and column.path == NUMBER else column.path
            return _MARKS_EXPLAINED[key][self._language], "", ""
        help_text = spec.help[self._language] if spec.help else ""
        return help_text, spec.basis, self._permitted(sheet, spec)

    def _permitted(self, sheet: Sheet, spec: Kind) -> str:
        language = self._language
        said = permitted(spec)[language]
        if isinstance(spec, Choice | Choices):
            said = f"{said}: {'; '.join(word.text[language] for word in spec.words)}"
        if spec.when:
            asked = fields(self._owner(sheet.key))[spec.when]
            said = f"{said}. {_ONLY_WHEN.format(field=asked.label)[language]}"
        return said

    def _write_lists(self) -> None:
        if not self._lists.columns:
            return
        sheet = self._book.create_sheet(self._lists.title)
        sheet.freeze_panes = "A2"
        for index in range(1, len(self._lists.columns) + 1):
            sheet.column_dimensions[get_column_letter(index)].width = 40
        sheet.append([self._styles.text(sheet, label, "header") for label, _options in self._lists.columns])
        for row in zip_longest(*[options for _label, options in self._lists.columns]):
            sheet.append([self._styles.text(sheet, text, "typed") if text else None for text in row])

    def _stamp(self, stamp: Stamp) -> None:
        sheet = self._book.create_sheet(STAMP)
        sheet.sheet_state = "hidden"
        for row in stamp.rows():
            sheet.append([self._styles.text(sheet, str(value), "typed") for value in row])

    def _save(self, out: BinaryIO) -> None:
        moment = self._purpose.created.astimezone(UTC)
        properties = self._book.properties
        properties.title = on_one_line(self._title)
        properties.creator = on_one_line(self._purpose.organisation)
        properties.created = properties.modified = moment.replace(tzinfo=None, microsecond=0)
        writer: Any = ExcelWriter
        writer(self._book, Archive(out, moment)).save()


class _Register:
    """The entries of a register while they are written."""

    def __init__(self, session: Session, model: type[Entry], purpose: Purpose) -> None:
        self._session = session
        self._model = model
        self._purpose = purpose
        self._language = purpose.language
        self._targets = dict(_targets(session, model, purpose))
        self._book = EditableBook(
            layout(model, purpose.language),
            purpose,
            model.title[purpose.language],
            _ADVICE,
            self._targets,
            lambda key: model if key == MAIN else _part_of(model, key),
        )

    def write(self, ids: Sequence[uuid.UUID], out: BinaryIO) -> int:
        left = [self._entry(entry) for entry in self._entries(ids)]
        purpose = self._purpose
        stamp = stamped(
            self._model, purpose.organisation_id.hex, purpose.created, self._language, left, self._targets
        )
        self._book.finish(stamp, out)
        return len(left)

    def _entries(self, ids: Sequence[uuid.UUID]) -> Iterator[Any]:
        model: Any = self._model
        for start in range(0, len(ids), _BATCH):
            some = ids[start : start + _BATCH]
            query = select(model).where(model.id.in_(some)).options(*everything(model))
            found = {entry.id: entry for entry in self._session.scalars(query)}
            yield from (found[one] for one in some if one in found and self._purpose.edits(found[one]))
            self._session.expunge_all()

    def _entry(self, entry: Entry) -> Left:
        said = facts(entry)
        marks: Mapping[str, Cell] = {
            ID: entry.id.hex,
            VERSION: entry.version,
            NUMBER: entry.designation,
            STATE: entry.state.text[self._language],
        }
        digest = self._book.row(MAIN, said, marks)
        for key in self._book.pages:
            for part in said.get(key, ()) if key != MAIN else ():
                self._book.row(key, part, {ID: part["id"], NUMBER: entry.designation}, digest)
        return Left(entry.id.hex, entry.designation, entry.version, digest.hexdigest())


class _Page:
    """One sheet while its rows are written."""

    def __init__(self, book: Any, sheet: Sheet, styles: Styles) -> None:
        self.sheet = sheet
        self._styles = styles
        self._page = book.create_sheet(sheet.title)
        self._count = 0
        first = next(index for index, column in enumerate(sheet.columns, 1) if column.path == NUMBER)
        # The number and, on the first sheet, the name beside it stay in sight.
        fixed = first + (2 if sheet.key == MAIN else 1)
        self._page.freeze_panes = f"{get_column_letter(fixed)}2"
        self._page.print_title_rows = "1:1"
        self._page.page_setup.orientation = "landscape"
        self._page.sheet_properties.pageSetUpPr.fitToPage = True
        self._page.page_setup.fitToHeight = 0
        self._rows = SheetRows(self._page, [_width(column) for column in sheet.columns])
        for index, column in enumerate(sheet.columns, 1):
            dimension = self._page.column_dimensions[get_column_letter(index)]
            dimension.hidden = column.is_hidden
            dimension.number_format = _number_format(column, styles)
        headers = [column.header for column in sheet.columns]
        self._rows.append([styles.text(self._page, header, "header") for header in headers], headers)

    def append(self, cells: Sequence[Any]) -> None:
        made = [self._made(column, cell) for column, cell in zip(self.sheet.columns, cells, strict=True)]
        self._rows.append(made, cells)
        self._count += 1

    def _made(self, column: Column, value: Any) -> Any:
        match value:
            case str():
                look = "guarded" if value.startswith(("=", "+", "-", "@")) else "typed"
                return self._styles.text(self._page, value, look)
            case None if isinstance(column.spec, Day | Moment | Number):
                return self._styles.cell(self._page, _look(column))
            case None:
                return self._styles.cell(self._page, "typed")
            case _:
                cell = self._styles.cell(self._page, _look(column))
                cell.value = value
                return cell

    def finish(self, lists: _Lists) -> None:
        """Filters and choices, for the rows that are there and for some more."""
        last = min(self._count + 1 + _SPARE_ROWS, _MOST_ROWS)
        self._page.auto_filter.ref = f"A1:{get_column_letter(len(self.sheet.columns))}{self._count + 1}"
        for index, column in enumerate(self.sheet.columns, 1):
            if (offer := lists.offer(column)) is not None:
                letter = get_column_letter(index)
                offer.add(f"{letter}2:{letter}{last}")
                self._page.data_validations.append(offer)


def _look(column: Column) -> str:
    match column.spec:
        case Day():
            return "day"
        case Moment():
            return "moment"
        case Number():
            return "plain"
        case _:
            return "typed" if column.path != VERSION else "plain"


def _number_format(column: Column, styles: Styles) -> str:
    return styles.number_format(_look(column))


def _width(column: Column) -> float:
    match column.spec:
        case Prose() | References() | Choices():
            return 44
        case Line() | Reference() | Choice():
            return 30
        case Moment():
            return 17
        case None if column.path == STATE:
            return 20
        case _:
            return 13


class _Lists:
    """What can be chosen, each list once, on a sheet of its own."""

    def __init__(self, targets: Mapping[str, tuple[str, str]], language: str) -> None:
        self._language = language
        self._targets = targets
        self._letters: dict[tuple[str, ...], str] = {}
        self.title = _LISTS[language]
        self.columns: list[tuple[str, tuple[str, ...]]] = []

    def offer(self, column: Column) -> DataValidation | None:
        """The dropdown of *column*, if one word out of several belongs into it."""
        options = self._options(column)
        if not options:
            return None
        if isinstance(column.spec, Choices | References):
            # A dropdown takes one word; where several belong, the list is there to look them up.
            self._source(column, options)
            return None
        # An entry may also be typed by its number alone, so a reference only warns.
        strict = not isinstance(column.spec, Reference)
        offer = DataValidation(type="list", formula1=self._source(column, options), allow_blank=True)
        offer.errorStyle = "stop" if strict else "warning"
        offer.showErrorMessage = True
        offer.errorTitle = column.header[:32]
        offer.error = _NOT_OFFERED[self._language]
        return offer

    def _options(self, column: Column) -> tuple[str, ...]:
        language = self._language
        match column.spec:
            case Flag():
                return tuple(word[language] for word in YES_NO.values())
            case Choice() | Choices() as spec:
                return tuple(dict.fromkeys(word.text[language] for word in spec.words))
            case Reference() | References() as spec:
                return tuple(
                    title for class_name, title in self._targets.values() if class_name == spec.target
                )
            case None if column.path == STATE:
                return tuple(state.text[language] for state in State)
            case _:
                return ()

    def _source(self, column: Column, options: tuple[str, ...]) -> str:
        """The place where *options* stand; never inline, where no more than 255 characters have room."""
        if options not in self._letters:
            self.columns.append((self._label(column), options))
            self._letters[options] = get_column_letter(len(self.columns))
        letter = self._letters[options]
        return f"{quote_sheetname(self.title)}!${letter}$2:${letter}${len(options) + 1}"

    def _label(self, column: Column) -> str:
        match column.spec:
            case Flag():
                return " / ".join(word[self._language] for word in YES_NO.values())
            case Reference() | References() as spec:
                target = class_called(spec.target)
                return target.title[self._language] if issubclass(target, Entry) else column.header
            case _:
                return column.header


def _free(wanted: str, pages: Mapping[str, _Page]) -> str:
    taken = {page.sheet.title.casefold() for page in pages.values()}
    return wanted if wanted.casefold() not in taken else f"{wanted} (2)"


def _part_of(model: type[Entry], name: str) -> type[Any]:
    spec = fields(model)[name]
    if not isinstance(spec, Rows):
        raise TypeError(name)
    return spec.part


# --- What can be referred to ---------------------------------------------------------------------


def _targets(session: Session, model: type[Entry], purpose: Purpose) -> Iterator[tuple[str, tuple[str, str]]]:
    """Class and title of everything that entries of *model* may refer to, by id."""
    for class_name in dict.fromkeys(_target_classes(model)):
        titles = unique_titles(_titled(session, class_called(class_name), purpose.sees))
        yield from ((identity, (class_name, title)) for identity, title in titles.items())


def _target_classes(model: type[Any]) -> Iterator[str]:
    for spec in fields(model).values():
        if isinstance(spec, Reference | References):
            yield spec.target
        elif isinstance(spec, Rows):
            yield from _target_classes(spec.part)


def _titled(session: Session, target: Any, sees: Sees) -> Iterator[tuple[str, str]]:
    is_entry = issubclass(target, Entry)
    query = select(target).order_by(target.number if is_entry else target.key)
    for record in session.scalars(query):
        if not is_entry or sees(record):
            yield record.id.hex, str(record)


# --- Wording -------------------------------------------------------------------------------------


def permitted(spec: Kind) -> Text:
    """What may be entered for *spec*; the words of a list are not repeated."""
    match spec:
        case Line():
            return _LINE.format(length=spec.length)
        case Prose():
            return _PROSE
        case Flag():
            return _FLAG
        case Day():
            return _DAY
        case Moment():
            return _MOMENT
        case Number():
            return _COUNT.format(unit=spec.unit) if spec.unit else _NUMBER
        case Duration():
            return _DURATION
        case Choice():
            return _CHOICE
        case Choices():
            return _CHOICES
        case Reference():
            return _REFERENCE
        case References():
            return _REFERENCES
        case Rows():
            return _ROWS


_LINE: Final = Text("Text, höchstens {length} Zeichen", "text of at most {length} characters")
_PROSE: Final = Text("Text, auch mehrere Absätze", "text, several paragraphs if need be")
_FLAG: Final = Text("ja, nein oder leer", "yes, no or empty")
_DAY: Final = Text("Datum wie 31.12.2026", "date such as 2026-12-31")
_MOMENT: Final = Text("Zeitpunkt wie 31.12.2026 14:30", "moment such as 2026-12-31 14:30")
_NUMBER: Final = Text("ganze Zahl", "whole number")
_COUNT: Final = Text("ganze Zahl ({unit})", "whole number ({unit})")
_DURATION: Final = Text("Zahl und Einheit wie 10 Jahre", "number and unit such as 10 years")
_CHOICE: Final = Text("eines von", "one of")
_CHOICES: Final = Text(
    "beliebig viele, jedes in einer eigenen Zeile der Zelle (Alt+Eingabetaste)",
    "any number, each on a line of its own in the cell (Alt+Enter)",
)
_REFERENCE: Final = Text("ein Eintrag der Auswahlliste", "an entry of the list")
_REFERENCES: Final = Text(
    "beliebig viele Einträge, jeder in einer eigenen Zeile der Zelle (Alt+Eingabetaste); "
    "die Namen stehen auf dem Blatt „Listen“",
    "any number of entries, each on a line of its own in the cell (Alt+Enter); "
    "their names are on the sheet “Lists”",
)
_ROWS: Final = Text("eigenes Blatt", "a sheet of its own")
_ONLY_WHEN: Final = Text(
    "Nur wenn „{field}“ mit ja beantwortet ist.", "Only where “{field}” is answered yes."
)
_NOT_OFFERED: Final = Text(
    "Dieser Wert steht nicht in der Auswahlliste.", "This value is not on the list of choices."
)
_LISTS: Final = Text("Listen", "Lists")
_GUIDE: Final = Text("Anleitung", "Guide")
_GUIDE_COLUMNS: Final = (
    Text("Blatt", "Sheet"),
    Text("Spalte", "Column"),
    Text("Erläuterung", "Explanation"),
    Text("Grundlage", "Basis"),
    Text("Zulässige Angaben", "What may be entered"),
)
_ADVICE: Final = (
    Text(
        "Diese Arbeitsmappe lässt sich bearbeiten und wieder einlesen; vor dem Speichern zeigt eine Vorschau "
        "jede Änderung.",
        "This workbook can be edited and read again; a preview shows each change before anything is saved.",
    ),
    Text(
        "Neuer Eintrag: eine neue Zeile auf dem ersten Blatt; in der Spalte „Nr.“ ein eigenes Wort, "
        "zum Beispiel NEU-1.",
        "New entry: a new row on the first sheet; in the column “No.” a word of your own, such as NEW-1.",
    ),
    Text(
        "Neue Zeile auf einem anderen Blatt: in der Spalte „Nr.“ steht die Nummer des Eintrags, zu dem sie "
        "gehört (oder NEU-1).",
        "New row on another sheet: the column “No.” holds the number of its entry (or NEW-1).",
    ),
    Text(
        "Gelöschte Zeilen werden nie stillschweigend übernommen: Die Vorschau fragt bei jeder nach.",
        "Deleted rows are never taken over silently: the preview asks about each of them.",
    ),
    Text(
        "Formeln und verbundene Zellen werden nicht gelesen. Spalten und Zeilen dürfen umgestellt, "
        "Überschriften und ausgeblendete Spalten nicht geändert werden.",
        "Formulas and merged cells are not read. Columns and rows may be moved; headers and hidden columns "
        "must not be changed.",
    ),
)
_MARKS_EXPLAINED: Final[Mapping[str, Text]] = {
    ID: Text(
        "Ausgeblendet. Erkennt die Zeile wieder; nicht ändern.",
        "Hidden. Recognises the row; do not change it.",
    ),
    VERSION: Text(
        "Ausgeblendet. Fassung des Eintrags beim Export; nicht ändern.",
        "Hidden. Version of the entry when it was exported; do not change it.",
    ),
    NUMBER: Text(
        "Laufende Nummer des Eintrags. Bei neuen Einträgen leer oder ein eigenes Wort wie NEU-1.",
        "Running number of the entry. For new entries empty or a word of your own such as NEW-1.",
    ),
    f"{NUMBER} of a row": Text(
        "Laufende Nummer des Eintrags, zu dem die Zeile gehört.",
        "Running number of the entry that the row belongs to.",
    ),
    STATE: Text(
        "Status des Eintrags. Freigaben werden nur in der Anwendung erteilt.",
        "State of the entry. Releases are given in the application only.",
    ),
}
