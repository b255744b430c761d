"""The IT-Grundschutz check as a workbook to be filled in without the application and read again."""

from __future__ import annotations

import uuid
from typing import Any, BinaryIO, Final

from sqlalchemy.orm import Session

from assessments.grundschutz.check import RequirementAnswer
from assessments.grundschutz.check_book import BookRow, rows, sheet, stamp
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from compliance.language import Text
from exports.document import Cell
from exports.editable import EditableBook, Purpose
from registers.importing.roundtrip.layout import ID, MAIN, NUMBER, VERSION, Left


def write(
    session: Session,
    domain: InformationDomain,
    purpose: Purpose,
    out: BinaryIO,
    only: uuid.UUID | None = None,
) -> int:
    """Writes what is asked in *domain*, or in one assignment of it; returns how many rows there are.

    Answers that are one of several words are chosen from a list, days are days, and texts
    are never formulas.
    """
    title = _TITLE.format(domain=str(domain))[purpose.language]
    book = EditableBook(
        [sheet(purpose.language)], purpose, title, _ADVICE, {}, lambda _key: RequirementAnswer
    )
    left = [_written(book, row) for row in rows(session, domain, only)]
    made = stamp(domain, purpose.organisation_id.hex, purpose.created, purpose.language, left)
    book.finish(made, out)
    return len(left)


def _written(book: EditableBook, row: BookRow) -> Left:
    digest = book.row(MAIN, row.said(), dict(_marks(row)))
    return Left(row.key, row.number, row.version, digest.hexdigest())


def _marks(row: BookRow) -> list[tuple[str, Cell]]:
    module: Any = edition_2023().module(row.assignment.module_id)
    return [
        (ID, row.key),
        (VERSION, row.version),
        (NUMBER, row.number),
        ("@requirement", row.requirement.title),
        ("@level", row.requirement.level.value),
        ("@module", f"{module.id} {module.title}"),
        ("@target", str(row.assignment.target or row.assignment.domain)),
        ("@text", row.requirement.text),
    ]


_TITLE: Final = Text("IT-Grundschutz-Check: {domain}", "IT-Grundschutz check: {domain}")
_ADVICE: Final = (
    Text(
        "Füllen Sie die Spalten ab „Umsetzungsstatus“ aus und lesen Sie die Datei im Informationsverbund "
        "wieder ein. Vorher zeigt eine Vorschau jede Änderung; übernommen wird nur, was Sie bestätigen.",
        "Fill in the columns from “Status” on and read the file again in the information domain. Before, a "
        "preview shows each change; only what you confirm is taken over.",
    ),
    Text(
        "Filtern, sortieren und Zeilen löschen ist erlaubt; was in der Datei fehlt, bleibt unverändert. Neue "
        "Zeilen werden nicht gelesen.",
        "Filtering, sorting and deleting rows is fine; what is missing in the file stays unchanged. New rows "
        "are not read.",
    ),
    Text(
        "Hat inzwischen auch jemand anderes geantwortet, fragt die Vorschau, was gelten soll.",
        "Where somebody else has answered meanwhile too, the preview asks what shall hold.",
    ),
    Text(
        "Antworten, die aus einer anderen Quelle übernommen sind, stehen nicht in der Datei.",
        "Answers taken over from another source are not in the file.",
    ),
    Text(
        "Formeln und verbundene Zellen werden nicht gelesen. Überschriften und ausgeblendete Spalten dürfen "
        "nicht geändert werden.",
        "Formulas and merged cells are not read. Headers and hidden columns must not be changed.",
    ),
)
