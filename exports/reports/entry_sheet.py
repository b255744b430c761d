"""Entries of any register in full, one after the other, section by section as on their pages.

For paper: a processor with its contract and the checks of Art. 28 (3) GDPR, a
breach for the file, a rule of erasure with its evidence. Workbooks and data
exchange take the table of :mod:`exports.reports.register` instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from types import SimpleNamespace
from typing import Any, Final

from compliance.entry import Entry
from compliance.fields import Kind, Prose, Rows, fields, is_empty, matters, sections
from compliance.language import Text, shown_day
from exports.document import Block, Column, Document, Facts, Grid, Heading
from exports.document import Prose as Paragraph
from exports.reports.records import PartRecord, Record, Records, writer
from exports.reports.register import Issuer

_SIDE_BY_SIDE: Final = 6
"""So many answers of a row still stand beside each other on a sheet; more stand below each other."""


def report(model: type[Entry], records: Records, issuer: Issuer, *, view: str = "") -> Document:
    """Every answer of the entries in *records*; *view* says in words which part of the register they are."""
    language = issuer.language
    single = next(iter(records)) if len(records) == 1 else None
    blocks: list[Block] = [Paragraph(view)] if view else []
    for record in records:
        if single is None:
            blocks += [Heading(f"{record.designation} {record['name']}"), Facts(_standing(record, language))]
        blocks += _sections(model, record, records, 1 if single else 2, language)
    return Document(
        title=f"{single.designation} {single['name']}" if single else model.title[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=tuple(blocks),
        subject=(model.one if single else model.title)[language],
        version=str(single.version) if single else "",
        cover=_standing(single, language) if single else (),
    )


def _standing(record: Record, language: str) -> tuple[tuple[str, str], ...]:
    return (
        (_STATE[language], record.state.text[language]),
        (_CHANGED[language], shown_day(record.changed_at.date(), language)),
    )


def _sections(
    model: type[Entry], record: Record, records: Records, level: int, language: str
) -> Iterator[Block]:
    answers = SimpleNamespace(**record.values)
    for section, names in sections(model).items():
        told = [
            name
            for name in names
            if name in records.specs
            and matters(records.specs[name], answers)
            and not is_empty(record[name])
            and name != "name"
        ]
        if told:
            yield Heading(section.title[language], level)
            yield from _section(records, record, told, level + 1, language)


def _section(
    records: Records, record: Record, names: Sequence[str], level: int, language: str
) -> Iterator[Block]:
    """The answers in their order; rows stand apart from what is said in a line."""
    lines: list[tuple[str, str]] = []
    for name in names:
        spec = records.specs[name]
        if not isinstance(spec, Rows):
            lines.append((spec.label[language], writer(spec, language)(record[name])))
            continue
        if lines:
            yield Facts(tuple(lines))
            lines = []
        yield from _rows(spec, record[name], level, language)
    if lines:
        yield Facts(tuple(lines))


def _rows(spec: Rows, parts: Sequence[PartRecord], level: int, language: str) -> Iterator[Block]:
    kinds = fields(spec.part)
    told = [name for name in kinds if any(not is_empty(part[name]) for part in parts)]
    yield Heading(spec.label[language], level)
    if len(told) <= _SIDE_BY_SIDE:
        columns = [Column(kinds[name].label[language], _width(kinds[name])) for name in told]
        cells = [tuple(_said(kinds[name], part[name], language) for name in told) for part in parts]
        numbered = [(str(place), *row) for place, row in enumerate(cells, start=1)]
        yield Grid((Column(_NUMBER[language], 0.6), *columns), numbered, spec.label[language])
        return
    for place, part in enumerate(parts, start=1):
        answered = ((kinds[name].label[language], _said(kinds[name], part[name], language)) for name in told)
        said = tuple((label, text) for label, text in answered if text)
        yield Facts(said, caption=f"{_NUMBER[language]} {place}" if len(parts) > 1 else "")


def _width(spec: Kind) -> float:
    return 3.0 if isinstance(spec, Prose) else 2.0


def _said(spec: Kind, value: Any, language: str) -> str:
    return writer(spec, language)(value)


_STATE: Final = Text("Status", "State")
_CHANGED: Final = Text("Letzte Änderung", "Last change")
_NUMBER: Final = Text("Nr.", "No.")
