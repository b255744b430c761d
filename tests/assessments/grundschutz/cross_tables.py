"""Cross-reference tables as the BSI lays them out, made of the shipped index."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

from assessments.grundschutz.cross_reference_tables import Reference, shipped
from assessments.grundschutz.kompendium import edition_2023
from registers.importing.sheets import Sheet
from registers.importing.tables import Cell, Row


def tables(changed: Mapping[str, Reference] | None = None) -> dict[str, list[list[Cell]]]:
    """The cells of every sheet by its name; *changed* says otherwise about some requirements."""
    index, said = edition_2023(), {**shipped(), **(changed or {})}
    found: dict[str, list[list[Cell]]] = {}
    for module in sorted(index.modules, key=lambda module: module.id):
        requirements = sorted(index.requirements_of(module.id), key=lambda each: each.number)
        used = {threat for each in requirements for threat in said[each.id].threats}
        threats = [threat.id for threat in index.threats if threat.id in used]
        rows: list[list[Cell]] = [[module.id, "Name", "CIA", *threats, None]]
        for each in requirements:
            crosses = ["X" if threat in said[each.id].threats else None for threat in threats]
            rows.append([each.id, each.title, said[each.id].protection or None, *crosses, None])
        found[f"KRT_{module.id}.xlsx"] = rows
    return found


def sheets(cells: Mapping[str, Sequence[Sequence[Cell]]]) -> list[Sheet]:
    """Those cells as the reader of workbooks hands them on."""
    found = []
    for name, rows in cells.items():
        numbered = [Row(number, tuple(row)) for number, row in enumerate(rows, start=1)]
        found.append(Sheet(name, tuple(row for row in numbered if not row.is_blank)))
    return found


def workbook(cells: Mapping[str, Sequence[Sequence[Cell]]]) -> bytes:
    """Those cells as a file."""
    book = Workbook(write_only=True)
    for name, rows in cells.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
