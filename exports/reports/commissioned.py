"""Processing on behalf of others, in the order of the processor's template of the Datenschutzkonferenz (DSK).

The version for the supervisory authority holds the contents of Art. 30 (2) GDPR
and nothing internal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from compliance.fields import fields, shown
from compliance.language import Text, shown_day
from exports.document import Block, Column, Document, Facts, Grid, Heading, Prose
from exports.reports.records import Record, Records, writer
from exports.reports.register import Issuer
from registers.commissioned import (
    CommissionedProcessing,
    CommissionedSubProcessor,
    CommissionedTransfer,
    ServedController,
)

NEEDED: Final = tuple(
    name for name in fields(CommissionedProcessing) if name not in ("notes", "next_review", "objects")
)
"""The fields this report reads."""


def report(records: Records, issuer: Issuer, *, front: Facts | None = None) -> Document:
    """Every service of *records* with the controllers for which it is provided."""
    language = issuer.language
    single = next(iter(records)) if len(records) == 1 else None
    blocks: list[Block] = []
    if front is not None:
        blocks += [Heading(_WORDS["front"][language]), front]
    for record in records:
        blocks += _service(record, language)
    return Document(
        title=f"{single.designation} {single['name']}" if single else CommissionedProcessing.title[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=tuple(blocks),
        subject=_WORDS["subject"][language],
        version=str(single.version) if single else "",
        cover=_cover(single, language) if single else (),
        landscape=True,
    )


def _cover(record: Record, language: str) -> tuple[tuple[str, str], ...]:
    return (
        (_WORDS["state"][language], record.state.text[language]),
        (fields(CommissionedProcessing)["unit"].label[language], record["unit"] or ""),
        (_WORDS["changed"][language], shown_day(record.changed_at.date(), language)),
    )


def _service(record: Record, language: str) -> Iterator[Block]:
    yield Heading(f"{record.designation} {record['name']}")
    yield from _facts(record, ("unit", "contact", "since", "until"), language)
    if record["description"]:
        yield Prose(record["description"])
    yield Heading(_WORDS["controllers"][language], 2)
    yield from _controllers(record, language)
    yield Heading(_WORDS["sub_processors"][language], 2)
    yield from _table(
        record,
        "sub_processors",
        CommissionedSubProcessor,
        ("text", "task", "authorised", "country", "transfer_basis"),
        (3, 2.5, 2, 1.2, 2),
        language,
    )
    yield Heading(_WORDS["transfers"][language], 2)
    yield from _transfers(record, language)
    yield Heading(_WORDS["measures"][language], 2)
    yield from _facts(record, ("measures", "security_concept"), language) or _open(language)


def _controllers(record: Record, language: str) -> Iterator[Block]:
    widths = {"text": 2.5, "contact": 2, "representative": 1.5, "officer": 2, "categories": 4}
    if not any(row["representative"] for row in record["controllers"]):
        del widths["representative"]
    names, shares = tuple(widths), tuple(widths.values())
    yield from _table(record, "controllers", ServedController, names, shares, language)


def _transfers(record: Record, language: str) -> Iterator[Block]:
    """Whether anything goes to a third country, and then with the documentation of each transfer."""
    if record["third_country"] is not True:
        words = "none" if record["third_country"] is False else "open"
        yield Prose(_WORDS[words][language])
        return
    names = ("text", "country", "transfer_basis", "derogation")
    yield from _table(record, "transfers", CommissionedTransfer, names, (3, 1.5, 3, 3), language)


def _facts(record: Record, names: Sequence[str], language: str) -> list[Facts]:
    """What was answered of *names*; nothing at all where nothing was."""
    specs = fields(CommissionedProcessing)
    said = ((specs[name].label[language], writer(specs[name], language)(record[name])) for name in names)
    answered = tuple((label, words) for label, words in said if words)
    return [Facts(answered)] if answered else []


def _table(
    record: Record, name: str, part: type[Any], names: Sequence[str], widths: Sequence[float], language: str
) -> Iterator[Block]:
    if not record[name]:
        yield from _open(language, "nobody" if name == "sub_processors" else "open")
        return
    specs = fields(part)
    columns = [
        Column(specs[key].label[language], width, basis=specs[key].basis)
        for key, width in zip(names, widths, strict=True)
    ]
    rows = [
        (f"{record.designation}/{index}", *(shown(specs[key], row[key], language) for key in names))
        for index, row in enumerate(record[name], start=1)
    ]
    label = fields(CommissionedProcessing)[name].label[language]
    yield Grid((Column(_WORDS["number"][language], 1), *columns), rows, label)


def _open(language: str, word: str = "open") -> list[Prose]:
    return [Prose(_WORDS[word][language])]


_WORDS: Final = {
    "subject": Text(
        "Verzeichnis der Verarbeitungen im Auftrag nach Art. 30 Abs. 2 DSGVO",
        "Record of processing on behalf of others under Art. 30 (2) GDPR",
    ),
    "front": Text("Angaben zum Auftragsverarbeiter", "The processor"),
    "state": Text("Status", "State"),
    "changed": Text("Letzte Änderung", "Last change"),
    "controllers": Text(
        "Auftraggeber und Kategorien von Verarbeitungen", "Controllers and categories of processing"
    ),
    "sub_processors": Text("Unterauftragnehmer", "Sub-processors"),
    "transfers": Text("Übermittlungen in Drittländer", "Transfers to third countries"),
    "measures": Text("Technische und organisatorische Maßnahmen", "Technical and organisational measures"),
    "number": Text("Nr.", "No."),
    "none": Text(
        "Eine Übermittlung in ein Drittland oder an eine internationale Organisation findet nicht statt und "
        "ist nicht geplant.",
        "No transfer to a third country or an international organisation takes place or is planned.",
    ),
    "nobody": Text("Es sind keine Unterauftragnehmer eingetragen.", "No sub-processors are entered."),
    "open": Text("Noch nicht angegeben.", "Not stated yet."),
}
