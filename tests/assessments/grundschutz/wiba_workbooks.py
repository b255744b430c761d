"""Workbooks laid out like those of „Weg in die Basis-Absicherung“, with questions of our own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assessments.grundschutz.wiba_tables import checklists
from registers.importing.tables import Cell

HEADS: list[Cell] = [
    "Checkliste",
    "Nr.",
    "Prüffrage",
    "Hilfsmittel",
    "Aufwand",
    "Umsetzung",
    "Notizen",
]
DOCUMENTATION = "Dokumentation WiBA"
BACKUP = 3


def questions(each: int = 2) -> dict[str, list[list[Cell]]]:
    """A workbook with *each* questions in every checklist."""
    rows: list[list[Cell]] = [list(HEADS)]
    for checklist in checklists():
        for number in range(1, each + 1):
            text = f"Ist Punkt {number} von „{checklist.title}“ geregelt?"
            rows.append([checklist.title, number, text, "Muster der Stadt", "gering", None, None])
    return {"Anleitung": [["Willkommen"], ["Bitte ausfüllen"]], DOCUMENTATION: rows}


def links(found: Mapping[tuple[int, int], Sequence[str]]) -> dict[str, list[list[Cell]]]:
    """A workbook that maps questions, by checklist and number, to requirements."""
    titles = {each.number: each.title for each in checklists()}
    rows: list[list[Cell]] = [["Zuordnung"], ["Checkliste", "Nr.", "Prüffrage", "Anforderungen"]]
    rows += [
        [titles[checklist], number, "Frage", ", ".join(requirements)]
        for (checklist, number), requirements in found.items()
    ]
    return {"Mapping": rows}
