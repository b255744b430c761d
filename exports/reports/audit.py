"""The report of an audit: what was audited, which sample was drawn and why, and what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from assessments.grundschutz.audits import Audit, AuditFinding, Grade, SampledMeasure, SampledModule
from assessments.grundschutz.domain import knows_risk_analysis
from assessments.grundschutz.kompendium import edition_2023
from compliance.fields import YES_NO, fields, shown
from compliance.language import Text
from exports.document import Bars, Block, Cell, Document, Facts, Figure, Grid, Heading, Prose
from exports.reports.domain_paper import UNSTATED, Head, columns
from exports.reports.register import Issuer

TONES: Final = {Grade.SEVERE: "bad", Grade.MINOR: "poor", Grade.RECOMMENDATION: "neutral"}
"""How each grade is coloured; its word always stands beside it."""
_COVER: Final = (
    "domain",
    "kind",
    "auditors",
    "planned_for",
    "papers_on",
    "begun_on",
    "done_on",
    "report_source",
    "unit",
)


def report(audits: Sequence[Audit], issuer: Issuer) -> Document:
    """The *audits*, each loaded whole; several of them one after the other, and there may be none."""
    language = issuer.language
    only = audits[0] if len(audits) == 1 else None
    blocks: list[Block] = []
    for audit in audits:
        if only is None:
            title = Heading(str(audit), fresh_page=bool(blocks))
            blocks += [title, Facts(tuple(_cover(audit, language)))]
        blocks += _chapters(audit, language, level=1 if only else 2)
    return Document(
        title=_TITLE.format(audit=str(only))[language] if only else Audit.title[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        subject=_SUBJECT[language],
        version=str(only.version) if only else "",
        cover=tuple(_cover(only, language)) if only else (),
        landscape=True,
        blocks=tuple(blocks) or (Prose(_NONE[language]),),
    )


def _cover(audit: Audit, language: str) -> Iterator[tuple[str, str]]:
    for name in _COVER:
        spec = fields(Audit)[name]
        said = shown(spec, getattr(audit, name), language)
        if said or spec.expected:
            yield spec.label[language], said or UNSTATED[language]
    yield _STATE[language], audit.state.text[language]


def _chapters(audit: Audit, language: str, *, level: int) -> Iterator[Block]:
    for name in ("conclusion", "scope", "interviewees"):
        said = getattr(audit, name)
        if said or name == "scope":
            yield Heading(fields(Audit)[name].label[language], level)
            yield Prose(said or UNSTATED[language])
    yield Heading(_SAMPLE[language], level)
    yield from _sample(audit, language)
    yield Heading(fields(Audit)["findings"].label[language], level)
    yield from _findings(audit, language)


def _sample(audit: Audit, language: str) -> Iterator[Block]:
    if not audit.modules:
        yield Prose(_NOT_DRAWN[language])
        return
    knows_needs = audit.domain is not None and knows_risk_analysis(audit.domain.approach)
    how = _HOW_DRAWN if knows_needs else _HOW_DRAWN_BASIC
    yield Prose(how.format(audit=audit.designation)[language])
    rows = [_module(audit, row, language) for row in audit.modules]
    caption = fields(Audit)["modules"].label[language]
    yield Grid(columns(_MODULE_COLUMNS, language), rows, caption=caption)
    if audit.measures and knows_needs:
        rows = [_measure(row, language) for row in audit.measures]
        caption = fields(Audit)["measures"].label[language]
        yield Grid(columns(_MEASURE_COLUMNS, language), rows, caption=caption)


def _module(audit: Audit, row: SampledModule, language: str) -> tuple[Cell, ...]:
    return (
        row.module_id,
        _title(row.module_id),
        str(row.target or audit.domain or ""),
        *_drawn(row, language),
    )


def _title(module_id: str) -> str:
    """The title of a module; a sample that came in from elsewhere may name one that does not exist."""
    return next((module.title for module in edition_2023().modules if module.id == module_id), "")


def _measure(row: SampledMeasure, language: str) -> tuple[Cell, ...]:
    measure = row.measure
    return (
        measure.designation if measure else "",
        measure.name if measure else "",
        *_drawn(row, language),
    )


def _drawn(row: SampledModule | SampledMeasure, language: str) -> tuple[Cell, ...]:
    spec = fields(type(row))["grounds"]
    return (
        shown(spec, row.grounds, language) or _BY_HAND[language],
        YES_NO[row.checked is not False][language],
        row.reason,
    )


def _findings(audit: Audit, language: str) -> Iterator[Block]:
    if not audit.findings:
        yield Prose(_NO_FINDINGS[language])
        return
    yield grades_figure(audit.findings, language)
    rows = [_finding(audit, number, row, language) for number, row in enumerate(audit.findings, start=1)]
    caption = fields(Audit)["findings"].label[language]
    yield Grid(columns(_FINDING_COLUMNS, language), rows, caption=caption)


def grades_figure(findings: Sequence[AuditFinding], language: str) -> Figure:
    """How many findings of each grade are open and how many are put right."""
    counts = {
        grade: (
            sum(row.grade is grade and row.done_on is None for row in findings),
            sum(row.grade is grade and row.done_on is not None for row in findings),
        )
        for grade in Grade
    }
    said = (
        f"{grade.text[language]}: {waiting} {_OPEN[language]}, {done} {_DONE[language]}"
        for grade, (waiting, done) in counts.items()
    )
    return Figure(
        Bars(
            tuple(grade.text[language] for grade in Grade),
            (_OPEN[language], _DONE[language]),
            tuple(counts.values()),
            ("poor", "good"),
            beside=True,
        ),
        alt="; ".join(said),
        caption=_BY_GRADE[language],
    )


def _finding(audit: Audit, number: int, row: AuditFinding, language: str) -> tuple[Cell, ...]:
    return (
        f"{audit.designation}/{number}",
        row.grade.text[language] if row.grade else "",
        row.text,
        "\n".join(filter(None, (row.concerns, str(row.target) if row.target else ""))),
        row.responsible,
        row.until,
        str(row.measure) if row.measure else "",
        row.done_on,
        row.evidence,
    )


_TITLE: Final = Text("Auditbericht: {audit}", "Audit report: {audit}")
_SUBJECT: Final = Text(
    "Prüfgegenstand, Stichprobe, Feststellungen und Nachverfolgung.",
    "Subject, sample, findings and follow-up.",
)
_STATE: Final = Text("Stand", "State")
_NONE: Final = Text("Es ist kein Audit erfasst.", "No audit is recorded.")
_SAMPLE: Final = Text("Stichprobe", "Sample")
_NOT_DRAWN: Final = Text("Die Stichprobe ist noch nicht gezogen.", "The sample has not been drawn yet.")
_HOW_DRAWN: Final = Text(
    "ISMS.1 gehört in jede Stichprobe. Die übrigen Bausteine folgen nach Schicht, letzter Prüfung, "
    "Schutzbedarf und offenen Anforderungen; unter gleichen entscheidet eine Prüfsumme über die Nummern von "
    "Informationsverbund und Audit {audit}, sodass jeder dieselbe Stichprobe zieht.",
    "ISMS.1 belongs into every sample. The other modules follow by layer, last check, protection need and "
    "requirements to do; among equals a checksum over the numbers of the domain and the audit {audit} "
    "decides, so that everybody draws the same sample.",
)
_HOW_DRAWN_BASIC: Final = Text(
    "ISMS.1 gehört in jede Stichprobe. Die übrigen Bausteine folgen nach Schicht, letzter Prüfung und "
    "offenen Anforderungen; unter gleichen entscheidet eine Prüfsumme über die Nummern von "
    "Informationsverbund und Audit {audit}, sodass jeder dieselbe Stichprobe zieht.",
    "ISMS.1 belongs into every sample. The other modules follow by layer, last check and requirements to do; "
    "among equals a checksum over the numbers of the domain and the audit {audit} decides, so that "
    "everybody draws the same sample.",
)
_BY_HAND: Final = Text("von Hand aufgenommen", "added by hand")
_NO_FINDINGS: Final = Text("Es ist keine Feststellung erfasst.", "No finding is recorded.")
_OPEN: Final = Text("offen", "open")
_DONE: Final = Text("abgestellt", "put right")
_BY_GRADE: Final = Text("Feststellungen nach Einstufung", "Findings by grade")
_WHY: Final = Head(Text("Vorgeschlagen, weil", "Proposed because"), 3.0)
_CHECKED: Final = Head(Text("Geprüft", "Checked"), 0.8, choices=tuple(YES_NO.values()))
_CHANGE: Final = Head(Text("Begründung der Anpassung", "Reason for the change"), 2.6)
_MODULE_COLUMNS: Final = (
    Head(Text("Baustein", "Module"), 1.0),
    Head(Text("Titel", "Title"), 2.4),
    Head(Text("Geprüft an", "Checked at"), 2.0),
    _WHY,
    _CHECKED,
    _CHANGE,
)
_MEASURE_COLUMNS: Final = (
    Head(Text("Maßnahme", "Measure"), 1.0),
    Head(Text("Bezeichnung", "Name"), 3.4),
    _WHY,
    _CHECKED,
    _CHANGE,
)
_FINDING_COLUMNS: Final = (
    Head(Text("Kennung", "Identifier"), 1.0),
    Head(Text("Einstufung", "Grade"), 1.4, choices=tuple(grade.text for grade in Grade)),
    Head(Text("Feststellung", "Finding"), 3.6),
    Head(Text("Betrifft", "Concerns"), 1.6),
    Head(Text("Abzustellen durch", "To be put right by"), 1.4),
    Head(Text("Bis", "Until"), 0.9),
    Head(Text("Maßnahme", "Measure"), 1.4),
    Head(Text("Abgestellt am", "Put right on"), 0.9),
    Head(Text("Nachweis", "Evidence"), 1.6),
)
