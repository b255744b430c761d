"""Reads the official workbooks of „Weg in die Basis-Absicherung“ (WiBA): its questions, and what they map to.

The questions stand a row each: checklist, number, question, aids and effort, and in a filled in workbook the
answer and a note. Columns are found by their headers, in any order; a sheet for each checklist, one named
once for the rows below, and repeated headers are understood. The mapping names for each question the
requirements of the Kompendium; how its columns are called is not laid down, so every identifier of a
requirement in the row counts.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from assessments.grundschutz.kompendium import UnreadableCatalogue, edition_2023
from compliance.database import folded
from compliance.language import Text
from registers.importing.sheets import Sheet, place, read_sheets, words
from registers.importing.tables import Row, words_of

MAX_QUESTIONS: Final = 2_000
"""The official workbook has about 250."""

_LIST, _NUMBER, _QUESTION, _AIDS, _EFFORT = "Checkliste", "Nr.", "Prüffrage", "Hilfsmittel", "Aufwand"
_ANSWER, _NOTE = "Umsetzung", "Notizen"
_HEADS: Final = (_NUMBER, _QUESTION, _AIDS, _EFFORT)
"""What every workbook has, besides the checklist, which the name of the sheet may say as well."""
_ALSO: Final = {
    "nummer": _NUMBER,
    "no": _NUMBER,
    "frage nr": _NUMBER,
    "notiz": _NOTE,
    "bemerkung": _NOTE,
    "bemerkungen": _NOTE,
    "umgesetzt": _ANSWER,
    "umsetzungsstatus": _ANSWER,
}
"""Other words for the same."""
_SHORTEST_NAME: Final = 5
"""Letters of a sheet's name that tell a checklist; spreadsheets cut long names off."""
_ANSWERS: Final = {"": "", "ja": "YES", "nein": "NO", "nicht relevant": "NOT_RELEVANT"}
_HEAD_ROWS: Final = 20
"""So many rows may stand above the header."""
_REQUIREMENT: Final = re.compile(r"\b(?:[A-Z]{3,4})(?:\.\d{1,2})+\.A\d{1,3}\b")
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Checklist:
    """One of the 19 checklists; lower priorities come first."""

    number: int
    title: str
    priority: int


@dataclass(frozen=True, slots=True)
class Question:
    """One question (Prüffrage) of a checklist."""

    checklist: int
    number: int
    text: str
    aids: str = ""
    effort: str = ""

    @property
    def key(self) -> str:
        """How the question is called, such as ``3.7``."""
        return question_key(self.checklist, self.number)


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody has written beside a question in the workbook."""

    answer: str
    """``YES``, ``NO``, ``NOT_RELEVANT``, or nothing where only a note was written."""
    note: str


def question_key(checklist: int, number: int) -> str:
    """The seventh question of the third checklist is ``3.7``."""
    return f"{checklist}.{number}"


def in_order(key: str) -> tuple[int, ...]:
    """A sort key that puts 3.10 behind 3.9."""
    return tuple(map(int, key.split(".")))


@cache
def checklists() -> tuple[Checklist, ...]:
    """The 19 checklists by number."""
    file = files("assessments.grundschutz") / "data" / "wiba_checklists.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(Checklist(int(row["no"]), row["title"], int(row["priority"])) for row in rows)


def is_questions(sheets: Sequence[Sheet]) -> bool:
    """Whether a workbook looks like the one with the questions."""
    return any(_header(sheet, _QUESTION) is not None for sheet in sheets) and not is_links(sheets)


def is_links(sheets: Sequence[Sheet]) -> bool:
    """Whether a workbook looks like the mapping of the checklists to requirements."""
    return any(
        _header(sheet, _LIST) is not None
        # The aids of a question may name requirements too.
        and _header(sheet, _AIDS) is None
        and _header(sheet, _EFFORT) is None
        and _names_requirements(sheet)
        for sheet in sheets
    )


def parse_questions(data: bytes, name: str) -> tuple[Question, ...]:
    """The questions of the workbook in *data*; see :func:`read_questions`."""
    return read_questions(read_sheets(data, name))


def read_questions(sheets: Sequence[Sheet]) -> tuple[Question, ...]:
    """The questions by checklist and number.

    Raises UnreadableCatalogue, naming sheet, row and column, where something else stands there.
    """
    found: dict[str, Question] = {}
    for sheet, head in _tables(sheets, _QUESTION):
        at = _columns(sheet, head, _HEADS)
        for row, named in _asked_in(sheet, head, at):
            question = _question(sheet, row, named, at)
            if question.key in found:
                raise _refusal(
                    "{place}: Die Frage {key} kommt zweimal vor.",
                    "{place}: the question {key} occurs twice.",
                    place=place(sheet, row.number, at[_NUMBER]),
                    key=question.key,
                )
            found[question.key] = question
    if len(found) > MAX_QUESTIONS:
        raise _refusal(
            "Die Arbeitsmappe hat mehr als {limit} Fragen.",
            "The workbook has more than {limit} questions.",
            limit=MAX_QUESTIONS,
        )
    there = {question.checklist for question in found.values()}
    if missing := [each.title for each in checklists() if each.number not in there]:
        raise _refusal(
            "Es fehlen Checklisten ({count}): {names}.",
            "Checklists are missing ({count}): {names}.",
            count=len(missing),
            names="; ".join([*missing[:_NAMED], "…"] if len(missing) > _NAMED else missing),
        )
    return tuple(sorted(found.values(), key=lambda each: (each.checklist, each.number)))


def read_answers(sheets: Sequence[Sheet]) -> Mapping[str, Filled]:
    """What a filled in workbook answers, by the key of the question.

    Raises UnreadableCatalogue as :func:`read_questions` does, and for answers other than ja, nein and
    nicht relevant.
    """
    found: dict[str, Filled] = {}
    for sheet, head in _tables(sheets, _QUESTION):
        at = _columns(sheet, head, (*_HEADS, _ANSWER, _NOTE))
        for row, named in _asked_in(sheet, head, at):
            filled = Filled(_answer(sheet, row, at[_ANSWER]), words_of(row[at[_NOTE]]))
            if filled.answer or filled.note:
                found[_question(sheet, row, named, at).key] = filled
    return found


def _answer(sheet: Sheet, row: Row, column: int) -> str:
    said = words(row, column)
    if folded(said) not in _ANSWERS:
        raise _refusal(
            "{place}: „{found}“ statt „ja“, „nein“ oder „nicht relevant“.",
            "{place}: “{found}” instead of “ja”, “nein” or “nicht relevant”.",
            place=place(sheet, row.number, column),
            found=_short(said),
        )
    return _ANSWERS[folded(said)]


def read_links(sheets: Sequence[Sheet]) -> Mapping[str, tuple[str, ...]]:
    """The requirements of Edition 2023 by the key of their question.

    Raises UnreadableCatalogue, naming sheet, row and column, for checklists and requirements there are not.
    """
    known = {requirement.id for requirement in edition_2023().requirements}
    found: dict[str, dict[str, None]] = {}
    for sheet, head in _tables(sheets, _LIST):
        at = _columns(sheet, head, (_NUMBER,))
        for row, named in _asked_in(sheet, head, at):
            key = question_key(named.number, _number(sheet, row, at[_NUMBER], named))
            found.setdefault(key, {}).update(dict.fromkeys(_requirements(sheet, row, known)))
    if not any(found.values()):
        raise _refusal(
            "Die Arbeitsmappe nennt zu keiner Frage eine Anforderung.",
            "The workbook names no requirement for any question.",
        )
    return {key: tuple(found[key]) for key in sorted(found, key=in_order) if found[key]}


# --- Tables --------------------------------------------------------------------------------------


def _tables(sheets: Sequence[Sheet], wanted: str) -> Iterator[tuple[Sheet, Row]]:
    """The sheets that have a header with *wanted* in it, each with its header."""
    tables = [(sheet, head) for sheet in sheets if (head := _header(sheet, wanted)) is not None]
    if not tables:
        raise _refusal(
            "Auf keinem Blatt steht eine Tabelle mit der Spalte „{wanted}“.",
            "No sheet has a table with the column “{wanted}”.",
            wanted=wanted,
        )
    yield from tables


def _header(sheet: Sheet, wanted: str) -> Row | None:
    for row in sheet.rows[:_HEAD_ROWS]:
        if any(_meaning(words(row, column)) == wanted for column in range(len(row.cells))):
            return row
    return None


def _meaning(head: str) -> str:
    """What a column with that header holds, by the name it has in the official workbook."""
    name = folded(head).strip(" .:*?")
    return _ALSO.get(name, _OFFICIAL.get(name, ""))


_OFFICIAL: Final = {
    folded(name).rstrip("."): name for name in (_LIST, _NUMBER, _QUESTION, _AIDS, _EFFORT, _ANSWER, _NOTE)
}


def _columns(sheet: Sheet, head: Row, wanted: Sequence[str]) -> Mapping[str, int]:
    """Where each column stands. Raises UnreadableCatalogue where a *wanted* one is missing or doubled."""
    found: dict[str, int] = {}
    for column in range(len(head.cells)):
        name = _meaning(words(head, column))
        if name in found:
            raise _refusal(
                "{place}: Die Spalte „{name}“ kommt zweimal vor.",
                "{place}: the column “{name}” occurs twice.",
                place=place(sheet, head.number, column),
                name=name,
            )
        if name:
            found[name] = column
    for name in (*(() if _of_sheet(sheet) else (_LIST,)), *wanted):
        if name not in found:
            there = [f"„{_short(words(head, column))}“" for column in range(min(len(head.cells), 10))]
            raise _refusal(
                "{place}: Es fehlt die Spalte „{name}“; vielleicht sind Spalten verschoben. Hier stehen: "
                "{there}.",
                "{place}: the column “{name}” is missing; perhaps columns are shifted. Here stand: {there}.",
                place=place(sheet, head.number),
                name=name,
                there=", ".join(there),
            )
    return found


def _asked_in(sheet: Sheet, head: Row, at: Mapping[str, int]) -> Iterator[tuple[Row, Checklist]]:
    """Each row below the header that asks something, with the checklist it belongs to."""
    named = _of_sheet(sheet)
    for row in sheet.rows:
        if row.number <= head.number or _is_header(row, at):
            continue
        if _LIST in at:
            named = _checklist(sheet, row, at[_LIST], named)
        if named is not None and not _only_names(row, at):
            yield row, named


def _is_header(row: Row, at: Mapping[str, int]) -> bool:
    """Whether the header is printed again, as above each checklist."""
    return _meaning(words(row, at[_NUMBER])) == _NUMBER


def _only_names(row: Row, at: Mapping[str, int]) -> bool:
    """Whether a row only says which checklist begins, as a merged cell across the table does."""
    return _LIST in at and all(
        column == at[_LIST] or not words(row, column) for column in range(len(row.cells))
    )


def _of_sheet(sheet: Sheet) -> Checklist | None:
    """The checklist after which a sheet is called, with or without its number."""
    name = _letters(sheet.name).lstrip("0123456789")
    if len(name) < _SHORTEST_NAME:
        return None
    found = [each for each in checklists() if _letters(each.title).startswith(name)]
    exact = [each for each in found if _letters(each.title) == name]
    return next(iter(exact), found[0] if len(found) == 1 else None)


def _question(sheet: Sheet, row: Row, checklist: Checklist, at: Mapping[str, int]) -> Question:
    text = words_of(row[at[_QUESTION]])
    if not text:
        raise _refusal(
            "{place}: Hier fehlt der Text der Frage.",
            "{place}: the text of the question is missing here.",
            place=place(sheet, row.number, at[_QUESTION]),
        )
    number = _number(sheet, row, at[_NUMBER], checklist)
    return Question(checklist.number, number, text, words_of(row[at[_AIDS]]), words(row, at[_EFFORT]))


def _checklist(sheet: Sheet, row: Row, column: int, before: Checklist | None) -> Checklist:
    """The checklist that a row names; one that stands empty is the one above."""
    name = words(row, column)
    if not name and before is not None:
        return before
    found = next((each for each in checklists() if _letters(each.title) == _letters(name)), None)
    if found is None:
        raise _refusal(
            "{place}: „{found}“ ist keine der 19 Checklisten.",
            "{place}: “{found}” is none of the 19 checklists.",
            place=place(sheet, row.number, column),
            found=_short(name),
        )
    return found


def _number(sheet: Sheet, row: Row, column: int, checklist: Checklist) -> int:
    """The number of a question, which may stand behind that of its checklist, as in ``3.7``."""
    text = words(row, column).rstrip(".").removeprefix(f"{checklist.number}.")
    if not (text.isascii() and text.isdecimal() and 0 < int(text[:6]) < MAX_QUESTIONS):
        raise _refusal(
            "{place}: „{found}“ ist keine Nummer einer Frage; vielleicht sind Spalten verschoben.",
            "{place}: “{found}” is no number of a question; perhaps columns are shifted.",
            place=place(sheet, row.number, column),
            found=_short(text),
        )
    return int(text)


def _requirements(sheet: Sheet, row: Row, known: set[str]) -> Iterator[str]:
    for column in range(len(row.cells)):
        for identity in _REQUIREMENT.findall(words(row, column)):
            if identity not in known:
                raise _refusal(
                    "{place}: Die Anforderung „{id}“ gibt es in der Edition 2023 nicht.",
                    "{place}: there is no requirement “{id}” in Edition 2023.",
                    place=place(sheet, row.number, column),
                    id=identity,
                )
            yield identity


def _names_requirements(sheet: Sheet) -> bool:
    return any(
        _REQUIREMENT.search(words(row, column)) for row in sheet.rows for column in range(len(row.cells))
    )


def _letters(name: str) -> str:
    """*name* without spaces and punctuation, which differ between the files."""
    return "".join(letter for letter in folded(name) if letter.isalnum())


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _refusal(german: str, english: str, **values: Text | str | int) -> UnreadableCatalogue:
    said = Text(german, english).format(**values)
    said = Text(said.de[0].upper() + said.de[1:], said.en[0].upper() + said.en[1:])
    return UnreadableCatalogue(Text(said.de + _NOTHING.de, said.en + _NOTHING.en))


_NOTHING: Final = Text(" Es wurde nichts übernommen.", " Nothing was imported.")
