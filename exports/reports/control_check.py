"""The check of an information domain against one catalogue: progress, findings, and every control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.check import Status
from assessments.grundschutz.control_rules import RULES
from assessments.grundschutz.controls import CatalogueUse, ControlRow, control_rows
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.library import ControlCatalogue
from assessments.grundschutz.oscal import Control, Group, OscalCatalogue
from compliance.entry import everything
from compliance.fields import fields, shown
from compliance.findings import stored_findings
from compliance.judging import Judge
from compliance.language import Text, shown_number
from exports.document import (
    Bars,
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Grid,
    Heading,
    Note,
    Prose,
)
from exports.reports.register import Issuer

_AT_A_TIME: Final = 500
"""Controls whose answers are read in one query."""
_TONES: Final = {
    Status.YES: "good",
    Status.UNNECESSARY: "neutral",
    Status.PARTIAL: "fair",
    Status.NO: "bad",
    Status.OPEN: "open",
}
_CHARTED: Final = 40
"""So many chapters fit into the chart."""


def report(
    session: Session,
    use: CatalogueUse,
    header: ControlCatalogue,
    catalogue: OscalCatalogue,
    issuer: Issuer,
    judge: Judge,
) -> Document:
    """The check of the domain of *use* against *catalogue*, as it stands in the snapshot of *session*.

    The rows are read while the document is written, so *session* stays open until then.
    """
    language = issuer.language
    rows = _Rows(session, use, catalogue, language)
    query = select(InformationDomain).where(InformationDomain.id == use.domain_id)
    domain = session.scalars(query.options(*everything(InformationDomain))).one()
    return Document(
        title=_TITLE.format(catalogue=header.title, domain=domain.name)[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        subject=_SUBJECT[language],
        version=str(domain.version),
        cover=tuple(_cover(domain, header, language)),
        landscape=True,
        blocks=tuple(_chapters(session, use, rows, judge, language)),
    )


def _cover(domain: InformationDomain, header: ControlCatalogue, language: str) -> Iterator[tuple[str, str]]:
    yield InformationDomain.one[language], str(domain)
    yield _CATALOGUE[language], str(header)
    for name in ("responsible", "unit"):
        spec = fields(InformationDomain)[name]
        if said := shown(spec, getattr(domain, name), language):
            yield spec.label[language], said
    yield _CHECKSUM[language], header.sha256


def _chapters(
    session: Session, use: CatalogueUse, rows: _Rows, judge: Judge, language: str
) -> Iterator[Block]:
    yield Heading(_PROGRESS[language])
    yield from _progress(rows, language)
    yield Heading(_FINDINGS[language])
    yield _findings(session, use, judge, language)
    yield Heading(_CHECK[language])
    yield Grid(_columns(language), rows, caption=_CHECK[language])


# --- Progress ------------------------------------------------------------------------------------


def _progress(rows: _Rows, language: str) -> Iterator[Block]:
    counts = rows.by_chapter()
    total: Counter[Status] = Counter()
    for count in counts.values():
        total.update(count)
    answered = total.total() - total[Status.OPEN]
    said = {
        "answered": shown_number(answered, language),
        "total": shown_number(total.total(), language),
        "met": shown_number(total[Status.YES] + total[Status.UNNECESSARY], language),
        "again": shown_number(rows.reworded(), language),
    }
    yield Prose(_SUMMARY.format(**said)[language])
    chapters = dict(list(counts.items())[:_CHARTED])
    names = [f"{group.id} {group.title}".strip() for group in chapters]
    yield Figure(
        Bars(
            categories=tuple(names),
            series=tuple(status.text[language] for status in Status),
            values=tuple(tuple(count[status] for status in Status) for count in chapters.values()),
            tones=tuple(_TONES[status] for status in Status),
        ),
        alt="; ".join(
            f"{name}: {_said(count, language)}" for name, count in zip(names, chapters.values(), strict=True)
        ),
        caption=_BY_CHAPTER[language],
    )


def _said(count: Counter[Status], language: str) -> str:
    return ", ".join(f"{status.text[language]} {count[status]}" for status in Status if count[status])


# --- Findings ------------------------------------------------------------------------------------


def _findings(session: Session, use: CatalogueUse, judge: Judge, language: str) -> Block:
    ids = {rule.id for rule in RULES}
    mine = [
        (finding, judge.rule(finding.rule, finding.register))
        for finding in stored_findings(session, use.domain)
        if finding.rule in ids and finding.words.get("catalogue") == use.catalogue_name
    ]
    if not mine:
        return Note(_NO_FINDING_TITLE[language], _NO_FINDING[language])
    rows = [
        (rule.id, finding.severity.text[language], rule.said(finding.words)[language], rule.remedy[language])
        for finding, rule in mine
    ]
    heads = (_RULE, _SEVERITY, _FINDING, _REMEDY)
    widths = (0.8, 0.8, 4.0, 4.0)
    columns = tuple(Column(head[language], width) for head, width in zip(heads, widths, strict=True))
    return Grid(columns, rows, caption=_FINDINGS[language])


# --- Every control -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Rows:
    """One row for each control; the answers are read again, some controls at a time, on each walk."""

    session: Session
    use: CatalogueUse
    catalogue: OscalCatalogue
    language: str

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        for row in self.answers():
            yield self._row(row)

    def answers(self) -> Iterator[ControlRow]:
        for start in range(0, len(self.catalogue.controls), _AT_A_TIME):
            some: Sequence[Control] = self.catalogue.controls[start : start + _AT_A_TIME]
            yield from control_rows(self.session, self.use, self.catalogue, some)

    def by_chapter(self) -> dict[Group, Counter[Status]]:
        """How many controls of each outermost group have which status."""
        found: dict[Group, Counter[Status]] = {}
        for row in self.answers():
            chapter = self.catalogue.path(row.control)[0]
            found.setdefault(chapter, Counter())[row.given.status] += 1
        return found

    def reworded(self) -> int:
        return sum(row.reworded for row in self.answers())

    def _row(self, row: ControlRow) -> tuple[Cell, ...]:
        control, given, language = row.control, row.given, self.language
        level = (control.says(name) for name in ("modal_verb", "sec_level", "level"))
        path = " / ".join(f"{group.id} {group.title}".strip() for group in self.catalogue.path(control))
        again = _AGAIN[language] if row.reworded else ""
        return (
            control.label,
            path,
            control.title,
            ", ".join(word for word in level if word),
            ", ".join(filter(None, (given.status.text[language], again))),
            given.responsible,
            given.due,
            "\n".join(filter(None, (given.reason, given.measure))),
            "\n".join(filter(None, (given.remark, given.evidence))),
            row.answered_on,
        )


def _columns(language: str) -> tuple[Column, ...]:
    return (
        Column(_ID[language], 1.1),
        Column(_CHAPTER[language], 2.0, on_paper=False),
        Column(_CONTROL[language], 3.0),
        Column(_LEVEL[language], 1.0, _LEVEL_HELP[language]),
        Column(_STATUS[language], 1.1, choices=tuple(status.text[language] for status in Status)),
        Column(_RESPONSIBLE[language], 1.2),
        Column(_DUE[language], 0.9),
        Column(_MEASURE[language], 2.4, _MEASURE_HELP[language]),
        Column(_REMARK[language], 2.2, _REMARK_HELP[language]),
        Column(_CHECKED[language], 0.9),
    )


_TITLE: Final = Text("Prüfung nach {catalogue}: {domain}", "Check against {catalogue}: {domain}")
_SUBJECT: Final = Text(
    "Abgleich der Anforderungen eines Katalogs mit dem Stand der Umsetzung.",
    "Comparison of the controls of a catalogue with their implementation.",
)
_CATALOGUE: Final = Text("Katalog und Fassung", "Catalogue and version")
_CHECKSUM: Final = Text("Prüfsumme des Katalogs (SHA-256)", "Checksum of the catalogue (SHA-256)")
_PROGRESS: Final = Text("Stand der Umsetzung", "State of implementation")
_BY_CHAPTER: Final = Text("Umsetzungsstatus je Kapitel", "Status by chapter")
_FINDINGS: Final = Text("Feststellungen", "Findings")
_CHECK: Final = Text("Anforderungen", "Controls")
_SUMMARY: Final = Text(
    "{answered} von {total} Anforderungen sind geprüft; {met} sind erfüllt oder entbehrlich; "
    "{again} sind erneut zu prüfen, weil sie anders lauten als bei ihrer Antwort.",
    "{answered} of {total} controls have been checked; {met} are met or unnecessary; "
    "{again} are to be checked again, because they say something else than when they were answered.",
)
_NO_FINDING_TITLE: Final = Text("Keine Feststellungen", "No findings")
_NO_FINDING: Final = Text(
    "Keine Prüfregel beanstandet eine Antwort zu diesem Katalog.",
    "No rule objects to an answer to this catalogue.",
)
_RULE: Final = Text("Prüfregel", "Rule")
_SEVERITY: Final = Text("Gewicht", "Severity")
_FINDING: Final = Text("Feststellung", "Finding")
_REMEDY: Final = Text("Abhilfe", "Remedy")
_AGAIN: Final = Text("erneut prüfen", "check again")
_ID: Final = Text("Kennung", "Identifier")
_CHAPTER: Final = Text("Kapitel", "Chapter")
_CONTROL: Final = Text("Anforderung", "Control")
_LEVEL: Final = Text("Stufe", "Level")
_LEVEL_HELP: Final = Text(
    "Verbindlichkeit und Niveau, soweit der Katalog sie nennt.",
    "Obligation and level, as far as the catalogue names them.",
)
_STATUS: Final = Text("Umsetzung", "Status")
_RESPONSIBLE: Final = Text("Zuständig", "Responsible")
_DUE: Final = Text("Umsetzung bis", "Due by")
_MEASURE: Final = Text("Begründung, Maßnahme", "Reason, measure")
_MEASURE_HELP: Final = Text(
    "Warum die Anforderung entbehrlich ist oder was noch zu tun ist.",
    "Why the control is unnecessary, or what remains to be done.",
)
_REMARK: Final = Text("Bemerkung, Nachweis", "Remark, evidence")
_REMARK_HELP: Final = Text(
    "Wie die Anforderung erfüllt ist und wo das steht.", "How it is met and where that is found."
)
_CHECKED: Final = Text("Geprüft am", "Checked on")
