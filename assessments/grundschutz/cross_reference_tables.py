"""Reads the official cross-reference tables (Kreuzreferenztabellen): which requirement works against what.

The workbook has one sheet for each module: a row for each requirement with the values it protects first
(C, I, A) and a cross for each elementary threat it works against. Titles in it differ from those of the
Kompendium in places, so that rows are known by their identifier alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from assessments.grundschutz.kompendium import (
    WITHDRAWN_TITLE,
    Catalogue,
    Level,
    Requirement,
    UnreadableCatalogue,
    edition_2023,
)
from compliance.language import Text
from registers.importing.sheets import Sheet, place, read_sheets, words
from registers.importing.tables import Row

_HEADS: Final = ("Name", "CIA")
_FIRST_THREAT: Final = 3
_SHEET_NAME: Final = re.compile(r"KRT[_ ](?P<module>[A-Z]+(?:\.\d+)+)(?:\.xlsx?)?", re.IGNORECASE)
_LETTERS: Final = "CIA"
_CROSS: Final = "X"
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Reference:
    """What the tables say about one requirement."""

    protection: str = ""
    """The values it protects first: letters out of C, I and A."""
    threats: tuple[str, ...] = ()
    """Ids of the elementary threats it works against."""


def is_cross_references(sheets: Sequence[Sheet]) -> bool:
    """Whether a workbook looks like the cross-reference tables rather than another one."""
    return any(_SHEET_NAME.fullmatch(sheet.name) for sheet in sheets)


def parse(data: bytes, name: str) -> Mapping[str, Reference]:
    """What the workbook in *data* says about each requirement, in the order of the index."""
    return read(read_sheets(data, name))


def read(sheets: Sequence[Sheet]) -> Mapping[str, Reference]:
    """What *sheets* say about each requirement of the index.

    Raises UnreadableCatalogue, naming sheet, row and column, where they are not the tables of this edition,
    whole and in their columns.
    """
    index, usual = edition_2023(), shipped()
    found: dict[str, Reference] = {}
    places: dict[str, str] = {}
    for sheet in sheets:
        if not sheet.rows:
            continue
        module_id = _module(sheet, index)
        if module_id in places:
            raise _refusal(
                "Der Baustein {module} steht auf zwei Blättern: „{first}“ und „{second}“.",
                "The module {module} stands on two sheets: “{first}” and “{second}”.",
                module=module_id,
                first=places[module_id],
                second=sheet.name,
            )
        places[module_id] = sheet.name
        own = _of_sheet(sheet, module_id, index)
        _check_alike(sheet, own, usual, index)
        found.update(own)
    _check_complete(index, places)
    return {requirement.id: found[requirement.id] for requirement in index.requirements}


def differences(before: Mapping[str, Reference], after: Mapping[str, Reference]) -> tuple[str, ...]:
    """The requirements of which *after* says something else than *before*."""
    return tuple(each for each in after if before.get(each) != after[each])


def shipped() -> Mapping[str, Reference]:
    """What the shipped index says about each requirement."""
    index = edition_2023()
    return {each.id: Reference(each.protection, index.threats_of(each.id)) for each in index.requirements}


def _check_complete(index: Catalogue, places: Mapping[str, str]) -> None:
    missing = [module.id for module in index.modules if module.id not in places]
    if not places:
        raise _refusal(
            "Die Arbeitsmappe enthält keine Kreuzreferenztabelle.",
            "The workbook contains no cross-reference table.",
        )
    if missing:
        raise _refusal(
            "Es fehlen Bausteine ({count}), jeder auf einem Blatt: {modules}.",
            "Modules are missing ({count}), each on a sheet of its own: {modules}.",
            count=len(missing),
            modules=_some(missing),
        )


# --- One sheet -----------------------------------------------------------------------------------


def _module(sheet: Sheet, index: Catalogue) -> str:
    """The module that the sheet is about: its first cell says so, and its name must agree."""
    head = sheet.rows[0]
    found = words(head, 0)
    if found not in {module.id for module in index.modules}:
        raise _refusal(
            "{place}: Hier steht „{found}“ statt der Kennung eines Bausteins der Edition 2023.",
            "{place}: this says “{found}”, not the identifier of a module of Edition 2023.",
            place=place(sheet, head.number, 0),
            found=_short(found),
        )
    named = _SHEET_NAME.fullmatch(sheet.name)
    if named and named["module"].upper() != found:
        raise _refusal(
            "{place}: Das Blatt heißt nach dem Baustein {named}, enthält aber {found}.",
            "{place}: the sheet is named after the module {named} but contains {found}.",
            place=place(sheet, head.number, 0),
            named=named["module"].upper(),
            found=found,
        )
    return found


def _of_sheet(sheet: Sheet, module_id: str, index: Catalogue) -> dict[str, Reference]:
    head, rows = sheet.rows[0], sheet.rows[1:]
    threats = dict(_threats(sheet, head, index))
    expected = {requirement.id: requirement for requirement in index.requirements_of(module_id)}
    found: dict[str, Reference] = {}
    for row in rows:
        requirement = _requirement(sheet, row, expected)
        if requirement.id in found:
            raise _refusal(
                "{place}: {id} kommt zweimal vor.",
                "{place}: {id} occurs twice.",
                place=place(sheet, row.number, 0),
                id=requirement.id,
            )
        found[requirement.id] = _reference(sheet, row, requirement, threats)
    if missing := [each for each in expected if each not in found]:
        raise _refusal(
            "{place}: Hier fehlen Anforderungen ({count}): {ids}.",
            "{place}: requirements are missing here ({count}): {ids}.",
            place=place(sheet),
            count=len(missing),
            ids=_some(missing),
        )
    return found


def _check_alike(
    sheet: Sheet, found: Mapping[str, Reference], usual: Mapping[str, Reference], index: Catalogue
) -> None:
    """Refuses crosses that depart for most requirements: a release corrects some, a shift moves them all."""
    active = [each for each in found if not index.requirement(each).withdrawn]
    departing = [each for each in active if found[each].threats != usual[each].threats]
    if 2 * len(departing) <= len(active):
        return
    first = next(row.number for row in sheet.rows if words(row, 0) == departing[0])
    raise _refusal(
        "{place}: Ab hier stehen die Kreuze anders als im Verzeichnis der Edition 2023, bei {count} von "
        "{all} Anforderungen; vielleicht sind Spalten verschoben.",
        "{place}: from here on the crosses stand otherwise than in the index of Edition 2023, in {count} of "
        "{all} requirements; perhaps columns are shifted.",
        place=place(sheet, first),
        count=len(departing),
        all=len(active),
    )


def _threats(sheet: Sheet, head: Row, index: Catalogue) -> Iterator[tuple[int, str]]:
    """The threat of each column; empty columns may follow."""
    for column, expected in enumerate(_HEADS, start=1):
        if words(head, column) != expected:
            raise _refusal(
                "{place}: Die Spalte heißt „{found}“ statt „{expected}“; vielleicht sind Spalten verschoben.",
                "{place}: the column is called “{found}”, not “{expected}”; perhaps columns are shifted.",
                place=place(sheet, head.number, column),
                found=_short(words(head, column)),
                expected=expected,
            )
    known = {threat.id for threat in index.threats}
    seen: set[str] = set()
    for column in range(_FIRST_THREAT, len(head.cells)):
        threat = words(head, column)
        if not threat:
            continue
        if threat not in known or threat in seen:
            raise _refusal(
                "{place}: „{found}“ ist keine elementare Gefährdung oder kommt zweimal vor.",
                "{place}: “{found}” is no elementary threat or occurs twice.",
                place=place(sheet, head.number, column),
                found=_short(threat),
            )
        seen.add(threat)
        yield column, threat
    asked = index.requirements_of(words(head, 0))
    used = {threat for each in asked for threat in index.threats_of(each.id)}
    if missing := sorted(used - seen, key=_threat_number):
        raise _refusal(
            "{place}: Es fehlen Spalten von Gefährdungen ({count}): {threats}.",
            "{place}: columns of threats are missing ({count}): {threats}.",
            place=place(sheet, head.number),
            count=len(missing),
            threats=_some(missing),
        )


def _requirement(sheet: Sheet, row: Row, expected: Mapping[str, Requirement]) -> Requirement:
    identity = words(row, 0)
    requirement = expected.get(identity)
    if requirement is None:
        raise _refusal(
            "{place}: „{found}“ ist keine Anforderung dieses Bausteins.",
            "{place}: “{found}” is no requirement of this module.",
            place=place(sheet, row.number, 0),
            found=_short(identity),
        )
    if (words(row, 1) == WITHDRAWN_TITLE) is not requirement.withdrawn:
        raise _refusal(
            "{place}: „{title}“ passt nicht zu {id}; vielleicht sind Zeilen verschoben.",
            "{place}: “{title}” does not belong to {id}; perhaps rows are shifted.",
            place=place(sheet, row.number, 1),
            title=_short(words(row, 1)),
            id=identity,
        )
    return requirement


def _reference(sheet: Sheet, row: Row, requirement: Requirement, threats: Mapping[int, str]) -> Reference:
    letters = words(row, 2)
    if set(letters) - set(_LETTERS) or len(set(letters)) != len(letters):
        raise _refusal(
            "{place}: „{found}“ statt Buchstaben aus C, I und A; vielleicht sind Spalten verschoben.",
            "{place}: “{found}” instead of letters out of C, I and A; perhaps columns are shifted.",
            place=place(sheet, row.number, 2),
            found=_short(letters),
        )
    if requirement.level is Level.HIGH and not requirement.withdrawn and not letters:
        raise _refusal(
            "{place}: Zu {id} fehlen die Grundwerte (C, I, A).",
            "{place}: the values (C, I, A) of {id} are missing.",
            place=place(sheet, row.number, 2),
            id=requirement.id,
        )
    crossed = tuple(sorted(_crossed(sheet, row, threats), key=_threat_number))
    if not crossed and not requirement.withdrawn:
        raise _refusal(
            "{place}: Zu {id} ist keine Gefährdung angekreuzt.",
            "{place}: no threat is crossed for {id}.",
            place=place(sheet, row.number),
            id=requirement.id,
        )
    return Reference("".join(letter for letter in _LETTERS if letter in letters), crossed)


def _crossed(sheet: Sheet, row: Row, threats: Mapping[int, str]) -> Iterator[str]:
    for column in range(_FIRST_THREAT, len(row.cells)):
        cell = words(row, column)
        if not cell:
            continue
        if cell.upper() != _CROSS or column not in threats:
            raise _refusal(
                "{place}: „{found}“ ist kein Kreuz in der Spalte einer Gefährdung.",
                "{place}: “{found}” is no cross in the column of a threat.",
                place=place(sheet, row.number, column),
                found=_short(cell),
            )
        yield threats[column]


def _threat_number(threat_id: str) -> int:
    return int(threat_id.rpartition(".")[2])


def _some(names: Sequence[str]) -> str:
    return ", ".join([*names[:_NAMED], "…"] if len(names) > _NAMED else names)


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def _refusal(german: str, english: str, **values: Text | str | int) -> UnreadableCatalogue:
    said = Text(german, english).format(**values)
    said = Text(said.de[0].upper() + said.de[1:], said.en[0].upper() + said.en[1:])
    return UnreadableCatalogue(Text(said.de + _REMEDY.de, said.en + _REMEDY.en))


_REMEDY: Final = Text(
    " Es wurde nichts übernommen. Bitte die Kreuzreferenztabellen der Edition 2023 unverändert von der "
    "Website des BSI herunterladen und erneut einlesen.",
    " Nothing was imported. Please download the cross-reference tables of Edition 2023 unchanged from the "
    "website of the BSI and import them again.",
)
