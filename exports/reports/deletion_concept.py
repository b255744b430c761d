"""The concept of erasure (Löschkonzept) in the structure of DIN 66398, from the rules of erasure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from compliance.fields import fields, shown
from compliance.language import Text
from exports.document import Block, Column, Document, Grid, Heading, Note, Prose
from exports.reports.register import Issuer
from registers.processing import StartType
from registers.retention import (
    START_LETTERS,
    DeletionRun,
    ErasureStep,
    LitigationHold,
    RetentionRule,
    classes,
)


def report(rules: Sequence[RetentionRule], issuer: Issuer) -> Document:
    """The concept that *rules* make up, each loaded with its rows."""
    language = issuer.language
    return Document(
        title=_WORDS["title"][language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=tuple(_blocks(rules, language)),
        subject=_WORDS["subject"][language],
        landscape=True,
    )


def _blocks(rules: Sequence[RetentionRule], language: str) -> Iterator[Block]:
    yield Heading(_WORDS["principles"][language])
    yield Prose(_PRINCIPLES[language])
    yield Heading(_WORDS["classes"][language])
    yield _classes(rules, language)
    without = [rule for rule in rules if not rule.deletion_class]
    if without:
        names = ", ".join(str(rule) for rule in without)
        yield Note(_WORDS["without"][language], names, "warning")
    yield Heading(_WORDS["rules"][language])
    yield _rules(rules, language)
    yield Heading(_WORDS["execution"][language])
    yield _execution(rules, language)
    if any(rule.holds for rule in rules):
        yield Heading(_WORDS["holds"][language])
        yield _holds(rules, language)
    yield Heading(_WORDS["evidence"][language])
    yield _evidence(rules, language)


def _classes(rules: Sequence[RetentionRule], language: str) -> Grid:
    starts = tuple(Column(f"{START_LETTERS[start]}: {start.text[language]}", 3) for start in StartType)
    rows = [
        (
            row.period.shown(language),
            *("\n".join(str(rule) for rule in row.rules[start]) for start in StartType),
        )
        for row in classes(rules)
    ]
    caption = _WORDS["classes"][language]
    return Grid((Column(_label("period", language), 1.5), *starts), rows, caption)


_IN_RULES: Final = (
    ("name", 3.0),
    ("period", 1.2),
    ("start_type", 1.8),
    ("start_event", 2.2),
    ("norm", 2.2),
    ("minimum", 1.2),
    ("backup_period", 1.3),
    ("appraisal", 1.8),
    ("deletion_class", 1.1),
)


def _rules(rules: Sequence[RetentionRule], language: str) -> Grid:
    specs = fields(RetentionRule)
    columns = tuple(
        Column(specs[name].label[language], width, basis=specs[name].basis) for name, width in _IN_RULES
    )
    rows = [
        (rule.designation, *(shown(specs[name], getattr(rule, name), language) for name, _width in _IN_RULES))
        for rule in rules
    ]
    return Grid((_number(language), *columns), rows, _WORDS["rules"][language])


def _execution(rules: Sequence[RetentionRule], language: str) -> Grid:
    return _of_parts(rules, "steps", ErasureStep, ("system", "way", "responsible", "note"), language)


def _holds(rules: Sequence[RetentionRule], language: str) -> Grid:
    return _of_parts(rules, "holds", LitigationHold, ("what", "reason", "until"), language)


def _evidence(rules: Sequence[RetentionRule], language: str) -> Grid:
    return _of_parts(rules, "runs", DeletionRun, ("what", "on", "count", "by", "protocol"), language)


def _of_parts(
    rules: Sequence[RetentionRule], name: str, part: type, names: Sequence[str], language: str
) -> Grid:
    """The rows called *name* of all rules, each beside the rule it belongs to."""
    specs = fields(part)
    columns = (
        _number(language),
        Column(_label("name", language), 2.5),
        *(Column(specs[key].label[language], 2, basis=specs[key].basis) for key in names),
    )
    rows = [
        (rule.designation, rule.name, *(shown(specs[key], getattr(row, key), language) for key in names))
        for rule in rules
        for row in getattr(rule, name)
    ]
    return Grid(columns, rows, _label(name, language))


def _number(language: str) -> Column:
    return Column(_WORDS["number"][language], 1.2)


def _label(name: str, language: str) -> str:
    return fields(RetentionRule)[name].label[language]


_PRINCIPLES: Final = Text(
    "Personenbezogene Daten werden gelöscht, sobald sie nicht mehr gebraucht werden und keine Aufbewahrung "
    "vorgeschrieben ist. Für jede Datenart gilt genau eine Löschregel aus Fristbeginn und Regellöschfrist. "
    "Gesetzliche Aufbewahrung und die Zeit für das Löschen sind in der Regellöschfrist enthalten; nur in "
    "Datensicherungen bleiben Daten darüber hinaus, längstens für die dort genannte Frist.\n\n"
    "Vor dem Löschen werden Unterlagen dem Archiv angeboten. Ausnahmen, etwa während eines Rechtsstreits, "
    "ändern die Regel nicht; sie werden mit Grund und Ende festgehalten.",
    "Personal data are erased as soon as they are no longer needed and no retention is required. Exactly "
    "one rule holds for each kind of data, made of a start and a standard period. Statutory retention and "
    "the time for erasing are part of the standard period; only backups keep data beyond it, no longer than "
    "the period given there.\n\n"
    "Before erasure, records are offered to the archive. Exceptions, such as during litigation, do not "
    "change the rule; they are recorded with their reason and end.",
)
_WORDS: Final = {
    "title": Text("Löschkonzept", "Concept of erasure"),
    "subject": Text(
        "Löschregeln, ihre Umsetzung und ihr Nachweis nach DIN 66398",
        "Rules of erasure, their execution and evidence, following DIN 66398",
    ),
    "principles": Text("Grundsätze", "Principles"),
    "classes": Text("Löschklassen", "Deletion classes"),
    "without": Text("Noch ohne Löschklasse", "Still without a class"),
    "rules": Text("Löschregeln je Datenart", "Rules for each kind of data"),
    "execution": Text("Umsetzung in den Systemen", "Execution in the systems"),
    "holds": Text("Ausgesetzte Löschungen", "Suspended erasures"),
    "evidence": Text("Löschnachweise", "Evidence of deletion"),
    "number": Text("Nr.", "No."),
}
