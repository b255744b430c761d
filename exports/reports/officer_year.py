"""The annual report of the data protection officer (Tätigkeitsbericht), Art. 38 (3) and 39 GDPR.

Confidential entries are counted and never named, Art. 38 (5).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.advice import Opinion, Verdict
from compliance.fields import Term
from compliance.language import Text, shown_day, shown_number
from exports.document import Block, Column, Document, Facts, Grid, Heading, Prose
from exports.reports.register import Issuer
from registers.advice_given import AdviceGiven, AskedBy
from registers.authority_cases import AuthorityCase, CaseKind
from registers.inspections import Defect, Inspection, InspectionFinding
from registers.trainings import Training


@dataclass(frozen=True)
class NamedInspection:
    """An inspection that may be named."""

    designation: str
    name: str
    planned_for: date | None
    done_on: date | None
    open_defects: int


@dataclass(frozen=True)
class Year:
    """What the officer did in one year, in figures."""

    year: int
    advice: Counter[AskedBy | None]
    advice_confidential: int
    minutes: int
    """Effort for advice, inspections and cases together."""
    opinions: Counter[Verdict | None]
    planned: int
    done: int
    inspections_confidential: int
    open_findings: Counter[Defect | None]
    inspections: tuple[NamedInspection, ...]
    trainings: int
    participants: int
    cases: Counter[CaseKind | None]
    cases_open: int
    cases_confidential: int


def figures(session: Session, year: int) -> Year:
    """What is on record about *year*: each entry counts in the year of the day on which it happened."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    advice = _rows(
        session, AdviceGiven, AdviceGiven.asked_on, first, last, "asked_by", "confidential", "effort"
    )
    cases = _rows(
        session,
        AuthorityCase,
        AuthorityCase.received_on,
        first,
        last,
        "kind",
        "confidential",
        "effort",
        "closed_on",
    )
    planned, done = (
        _rows(session, Inspection, day, first, last, *_INSPECTION)
        for day in (Inspection.planned_for, Inspection.done_on)
    )
    inspections = {row.id: row for row in (*planned, *done)}
    trainings = _rows(session, Training, Training.held_on, first, last, "participants")
    opinions = session.execute(select(Opinion.verdict).where(Opinion.given_on.between(first, last)))
    return Year(
        year=year,
        advice=Counter(row.asked_by for row in advice),
        advice_confidential=_confidential(advice),
        minutes=sum(row.effort or 0 for row in (*advice, *cases, *done)),
        opinions=Counter(row.verdict for row in opinions),
        planned=len(planned),
        done=len(done),
        inspections_confidential=_confidential(inspections.values()),
        open_findings=_open_findings(session),
        inspections=tuple(_named(row) for row in inspections.values() if row.confidential is not True),
        trainings=len(trainings),
        participants=sum(row.participants or 0 for row in trainings),
        cases=Counter(row.kind for row in cases),
        cases_open=sum(row.closed_on is None for row in cases),
        cases_confidential=_confidential(cases),
    )


_INSPECTION: Final = ("number", "name", "planned_for", "done_on", "open_defects", "confidential", "effort")


def _rows(session: Session, model: Any, day: Any, first: date, last: date, *names: str) -> Sequence[Any]:
    query = select(model.id, *(getattr(model, name) for name in names)).where(day.between(first, last))
    return session.execute(query.order_by(model.number)).all()


def _confidential(rows: Any) -> int:
    return sum(row.confidential is True for row in rows)


def _open_findings(session: Session) -> Counter[Defect | None]:
    """What still has to be put right today, whenever it was found."""
    query = select(InspectionFinding.severity).where(InspectionFinding.done_on.is_(None))
    return Counter(session.scalars(query))


def _named(row: Any) -> NamedInspection:
    return NamedInspection(
        Inspection.designate(row.number), row.name, row.planned_for, row.done_on, row.open_defects or 0
    )


def report(found: Year, issuer: Issuer) -> Document:
    """The report on the year, for management and whoever it is made public to."""
    language = issuer.language
    return Document(
        title=_TITLE.format(year=found.year)[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        blocks=tuple(_blocks(found, language)),
        subject=_WORDS["subject"][language],
    )


def _blocks(found: Year, language: str) -> Iterator[Block]:
    def said(name: str) -> str:
        return _WORDS[name][language]

    yield Heading(said("overview"))
    yield Facts(
        (
            (said("advice"), _count(found.advice.total(), language)),
            (said("opinions"), _count(found.opinions.total(), language)),
            (said("planned"), _count(found.planned, language)),
            (said("done"), _count(found.done, language)),
            (said("open"), _count(found.open_findings.total(), language)),
            (said("trainings"), _count(found.trainings, language)),
            (said("participants"), _count(found.participants, language)),
            (said("cases"), _count(found.cases.total(), language)),
            (said("effort"), _hours(found.minutes, language)),
        )
    )
    yield Prose(said("confidential"))
    yield Heading(said("advice"))
    yield _counted(said("asked_by"), found.advice, AskedBy, found.advice_confidential, language)
    yield Heading(said("opinions"))
    yield _counted(said("verdict"), found.opinions, Verdict, 0, language)
    yield Heading(said("inspections"))
    yield _inspections(found, language)
    yield _counted(said("open"), found.open_findings, Defect, 0, language)
    yield Heading(said("cases"))
    yield _counted(said("kind"), found.cases, CaseKind, found.cases_confidential, language)
    yield Facts(((said("cases_open"), _count(found.cases_open, language)),))


def _counted(label: str, counts: Counter[Any], words: type[Term], confidential: int, language: str) -> Grid:
    rows: list[tuple[str, int]] = [(word.text[language], counts[word]) for word in words if counts[word]]
    if counts[None]:
        rows.append((_WORDS["unsaid"][language], counts[None]))
    if confidential:
        rows.append((_WORDS["thereof"][language], confidential))
    return Grid((Column(label, 4), Column(_WORDS["count"][language], 1)), rows, label)


def _inspections(found: Year, language: str) -> Grid:
    labels = ("number", "inspection", "planned_for", "done_on", "open")
    columns = tuple(
        Column(_WORDS[name][language], width)
        for name, width in zip(labels, (1.2, 4, 1.6, 1.6, 1.4), strict=True)
    )
    rows: list[tuple[str | int, ...]] = [
        (
            each.designation,
            each.name,
            _day(each.planned_for, language),
            _day(each.done_on, language),
            each.open_defects,
        )
        for each in found.inspections
    ]
    if found.inspections_confidential:
        rows.append(("–", _HIDDEN.format(count=found.inspections_confidential)[language], "", "", ""))
    return Grid(columns, rows, _WORDS["inspections"][language])


def _day(day: date | None, language: str) -> str:
    return shown_day(day, language) if day else ""


def _count(number: int, language: str) -> str:
    return shown_number(number, language)


def _hours(minutes: int, language: str) -> str:
    hours, rest = divmod(minutes, 60)
    return _HOURS.format(hours=shown_number(hours, language), minutes=str(rest))[language]


_TITLE: Final = Text(
    "Tätigkeitsbericht der Datenschutzbeauftragten {year}",
    "Activity report of the data protection officer {year}",
)
_HOURS: Final = Text("{hours} Stunden {minutes} Minuten", "{hours} hours {minutes} minutes")
_HIDDEN: Final = Text("Vertrauliche Kontrollen: {count}", "Confidential inspections: {count}")
_WORDS: Final = {
    "subject": Text("Bericht nach Art. 38 Abs. 3 und Art. 39 DSGVO", "Report under Art. 38 (3) and 39 GDPR"),
    "overview": Text("Überblick", "Overview"),
    "advice": Text("Beratungen", "Advice given"),
    "asked_by": Text("Anfrage von", "Asked by"),
    "opinions": Text("Stellungnahmen", "Opinions"),
    "verdict": Text("Ergebnis", "Verdict"),
    "inspections": Text("Kontrollen", "Inspections"),
    "inspection": Text("Kontrolle", "Inspection"),
    "planned": Text("Kontrollen geplant", "Inspections planned"),
    "done": Text("Kontrollen durchgeführt", "Inspections carried out"),
    "planned_for": Text("Geplant für", "Planned for"),
    "done_on": Text("Durchgeführt am", "Carried out on"),
    "open": Text("Offene Mängel", "Open deficiencies"),
    "trainings": Text("Schulungen", "Trainings"),
    "participants": Text("Teilnahmen an Schulungen", "Participations in trainings"),
    "cases": Text("Vorgänge der Aufsichtsbehörde", "Cases of the supervisory authority"),
    "cases_open": Text("Davon nicht abgeschlossen", "Of these, pending"),
    "kind": Text("Art", "Kind"),
    "effort": Text("Aufwand", "Effort"),
    "number": Text("Nr.", "No."),
    "count": Text("Anzahl", "Count"),
    "unsaid": Text("ohne Angabe", "not stated"),
    "thereof": Text("davon vertraulich", "of these, confidential"),
    "confidential": Text(
        "Vertrauliche Vorgänge nach Art. 38 Abs. 5 DSGVO sind mitgezählt, aber nicht benannt. "
        "Offene Mängel sind die am Tag dieses Berichts offenen, aus welchem Jahr sie auch stammen.",
        "Confidential cases under Art. 38 (5) GDPR are counted but not named. "
        "Open deficiencies are those open on the day of this report, from whatever year.",
    ),
}
