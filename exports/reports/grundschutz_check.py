"""The IT-Grundschutz check of an information domain: progress, findings, modelling and every requirement."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from assessments.grundschutz.check import MetBy, Origin, RequirementAnswer, Status, applicable, row_id
from assessments.grundschutz.check_parts import PartAnswer
from assessments.grundschutz.course import Point, course, thinned
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.interviews import CheckInterview, interviews_in
from assessments.grundschutz.kompendium import EDITION, NAME, Layer, Level, Requirement, reading_order
from assessments.grundschutz.progress import Assigned, Tally, by_layer, overview, summed
from compliance.database import today
from compliance.entry import Area
from compliance.fields import YES_NO
from compliance.findings import referred_to, stored_findings
from compliance.judging import Judge
from compliance.language import Text, day_words, shown_day, shown_number
from exports.document import (
    Bars,
    Block,
    Cell,
    Course,
    Document,
    Facts,
    Figure,
    Grid,
    Heading,
    Note,
    Prose,
)
from exports.reports.domain_paper import Head, columns, cover, paper
from exports.reports.register import Issuer

_DAYS_DRAWN: Final = 40
_DAYS_SAID: Final = 12
"""A chart can show more days than anybody wants to hear or read."""
_TONES: Final = {
    Status.YES: "good",
    Status.UNNECESSARY: "neutral",
    Status.PARTIAL: "fair",
    Status.NO: "bad",
    Status.OPEN: "open",
}


def report(
    session: Session,
    domain: InformationDomain,
    issuer: Issuer,
    *,
    judge: Judge,
) -> Document:
    """The check of *domain*, which is loaded whole, as it stands in the snapshot of *session*.

    The rows of the check are read while the document is written, so *session* stays open until then.
    *judge* knows the wording of the findings.
    """
    chapters = _chapters(session, domain, judge, issuer.language, level=1)
    return paper(_TITLE, _SUBJECT, domain, issuer, chapters)


def report_of_all(
    session: Session, domains: Sequence[InformationDomain], issuer: Issuer, *, judge: Judge
) -> Document:
    """The checks of several *domains* one after the other, each as in :func:`report`; there may be none."""
    language = issuer.language
    blocks: list[Block] = []
    for domain in domains:
        blocks += [Heading(str(domain), fresh_page=bool(blocks)), Facts(tuple(cover(domain, language)))]
        blocks += _chapters(session, domain, judge, language, level=2)
    return Document(
        title=_CHECK[language],
        organisation=issuer.organisation,
        language=language,
        created=issuer.created,
        subject=_SUBJECT[language],
        landscape=True,
        blocks=tuple(blocks) or (Note(_NO_DOMAIN_TITLE[language], _NO_DOMAIN[language]),),
    )


def _chapters(
    session: Session, domain: InformationDomain, judge: Judge, language: str, *, level: int
) -> Iterator[Block]:
    assigned = overview(session, domain)
    yield Heading(_PROGRESS[language], level)
    yield from _progress(assigned, language)
    if figure := course_figure(course(session, domain), language):
        yield _compact(figure)
    yield Heading(_FINDINGS[language], level)
    yield _findings(session, domain, judge, language)
    yield Heading(_MODELLING[language], level)
    yield _modelling(domain, assigned, language)
    yield Heading(_INTERVIEWS[language], level)
    yield _interviews(session, domain, language)
    yield Heading(_CHECK[language], level)
    yield Prose(_SOURCE.format(name=NAME, edition=EDITION)[language])
    yield _check(session, domain, assigned, language)


# --- Progress ------------------------------------------------------------------------------------


def _progress(assigned: Sequence[Assigned], language: str) -> Iterator[Block]:
    layers = by_layer(assigned)
    total = summed(layers.values())
    if not total.total:
        yield Note(_NOTHING_TITLE[language], _NOTHING[language], "warning")
        return
    yield Prose(
        _SUMMARY.format(
            answered=_count(total.answered, language),
            total=_count(total.total, language),
            met=_count(total.met, language),
        )[language]
    )
    yield _compact(progress_figure(layers, language))


def _compact(figure: Figure) -> Figure:
    """*figure* as wide paper holds it: names beside their bars."""
    chart = figure.chart
    return replace(figure, chart=replace(chart, beside=True)) if isinstance(chart, Bars) else figure


def progress_figure(layers: Mapping[Layer, Tally], language: str) -> Figure:
    """How many requirements of each layer have which status, as a chart."""
    return Figure(
        Bars(
            categories=tuple(f"{layer.id} {layer.title}" for layer in layers),
            series=tuple(status.text[language] for status in Status),
            values=tuple(tuple(tally.by_status.values()) for tally in layers.values()),
            tones=tuple(_TONES[status] for status in Status),
        ),
        alt="; ".join(f"{layer.id}: {_said(tally, language)}" for layer, tally in layers.items()),
        caption=_BY_LAYER[language],
    )


def course_figure(points: Sequence[Point], language: str) -> Figure | None:
    """How the counts of each status came about until today; nothing where there is only one day."""
    if len(points) < 2:
        return None
    until = [*points, replace(points[-1], day=today())] if points[-1].day < today() else list(points)
    drawn = thinned(until, _DAYS_DRAWN)
    return Figure(
        Course(
            days=tuple(point.day for point in drawn),
            series=tuple(status.text[language] for status in Status),
            values=tuple(tuple(point.tally.by_status[status] for status in Status) for point in drawn),
            tones=tuple(_TONES[status] for status in Status),
        ),
        alt="; ".join(
            f"{shown_day(point.day, language)}: {_said(point.tally, language)}"
            for point in thinned(until, _DAYS_SAID)
        ),
        caption=_COURSE[language],
    )


def _said(tally: Tally, language: str) -> str:
    return ", ".join(
        f"{status.text[language]} {_count(count, language)}"
        for status, count in tally.by_status.items()
        if count
    )


def _count(number: int, language: str) -> str:
    return shown_number(number, language)


# --- Findings ------------------------------------------------------------------------------------


def _findings(session: Session, domain: InformationDomain, judge: Judge, language: str) -> Block:
    names = {entry.id: str(entry) for entry in (domain, *referred_to(domain))}
    known = (
        (finding, judge.rule(finding.rule, finding.register)) for finding in stored_findings(session, domain)
    )
    # What the register of processors lacks is no business of whoever certifies.
    found = [(finding, rule) for finding, rule in known if rule.judges.area is Area.SECURITY]
    rows = [
        (
            f"{domain.designation}/{rule.id}/{number}",
            finding.severity.text[language],
            names[finding.entry_id],
            rule.said(finding.words)[language],
            rule.remedy[language],
            finding.found_on,
        )
        for number, (finding, rule) in enumerate(found, start=1)
    ]
    return Grid(columns(_FINDING_COLUMNS, language), rows, caption=_FINDINGS[language])


# --- Modelling -----------------------------------------------------------------------------------


def _modelling(domain: InformationDomain, assigned: Sequence[Assigned], language: str) -> Block:
    rows = [
        (
            row_id(domain.designation, each.place, each.module.id),
            f"{each.place} {each.name}",
            each.module.title,
            each.module.order.value,
            YES_NO[each.relevant][language],
            each.reason,
            each.interview.on,
            each.interview.interviewees,
            each.tally.answered,
            each.tally.total,
        )
        for each in assigned
    ]
    return Grid(columns(_MODELLING_COLUMNS, language), rows, caption=_MODELLING[language])


# --- Interviews ----------------------------------------------------------------------------------


def _interviews(session: Session, domain: InformationDomain, language: str) -> Block:
    """Every conversation, with the modules it was about and the answers found in it."""
    query = (
        select(RequirementAnswer.interview_id, func.count())
        .where(RequirementAnswer.domain_id == domain.id, RequirementAnswer.interview_id.is_not(None))
        .group_by(RequirementAnswer.interview_id)
    )
    found = dict(session.execute(query).all())
    rows = [
        (
            f"{domain.designation}/{_TALK[language]} {number}",
            held.held_on,
            held.participants,
            held.recorded_by,
            ", ".join(sorted({each.module_id for each in held.assignments}, key=reading_order)),
            found.get(held.id, 0),
            held.notes,
        )
        for number, held in enumerate(interviews_in(session, domain), start=1)
    ]
    return Grid(columns(_INTERVIEW_COLUMNS, language), rows, caption=_INTERVIEWS[language])


# --- Check ---------------------------------------------------------------------------------------


def _check(session: Session, domain: InformationDomain, assigned: Sequence[Assigned], language: str) -> Block:
    rows = _CheckRows(session, domain, tuple(each for each in assigned if each.relevant), language)
    heads = columns(_CHECK_COLUMNS, language)
    bands = tuple(place for place, head in enumerate(_CHECK_COLUMNS) if not head.on_paper)
    return Grid(heads, rows, caption=_CHECK[language], bands=bands)


_Answers: TypeAlias = dict[str, Any]
"""What is stored about one assignment, by requirement."""


@dataclass(frozen=True)
class _CheckRows:
    """One row for each requirement; the answers are read again, in one query, on each walk."""

    session: Session
    domain: InformationDomain
    assigned: tuple[Assigned, ...]
    language: str

    def __iter__(self) -> Iterator[tuple[Cell, ...]]:
        answers, parts = self._answers(), self._parts()
        for each in self.assigned:
            # What is printed is let go.
            yield from self._of(each, answers.pop(each.id, {}), parts)

    def _parts(self) -> Mapping[uuid.UUID, list[str]]:
        """What is said about the statements of requirements, by the id of the answer."""
        columns = (PartAnswer.answer_id, PartAnswer.number, PartAnswer.status, PartAnswer.remark)
        query = select(*columns).join(PartAnswer.answer).where(RequirementAnswer.domain_id == self.domain.id)
        said: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
        for row in self.session.execute(query.order_by(PartAnswer.answer_id, PartAnswer.number)):
            status = (row.status or Status.OPEN).text[self.language]
            line = _PART.format(number=str(row.number))[self.language]
            said[row.answer_id].append(": ".join(filter(None, (line, status, row.remark))))
        return said

    def _answers(self) -> defaultdict[uuid.UUID, _Answers]:
        source = aliased(RequirementAnswer)
        query = select(
            RequirementAnswer.id,
            RequirementAnswer.assignment_id,
            RequirementAnswer.requirement_id,
            RequirementAnswer.adopted,
            RequirementAnswer.status,
            RequirementAnswer.reason,
            RequirementAnswer.measure,
            RequirementAnswer.responsible,
            RequirementAnswer.due,
            RequirementAnswer.remark,
            RequirementAnswer.evidence,
            RequirementAnswer.evidence_on,
            RequirementAnswer.met_by,
            RequirementAnswer.answered_on,
            RequirementAnswer.origin,
            RequirementAnswer.source_place,
            (source.version != RequirementAnswer.source_version).label("stale"),
            CheckInterview.held_on,
        )
        query = query.outerjoin(RequirementAnswer.interview).outerjoin(
            source,
            (source.organisation_id == RequirementAnswer.organisation_id)
            & (source.id == RequirementAnswer.borrowed_from_id),
        )
        query = query.where(RequirementAnswer.domain_id == self.domain.id)
        found: defaultdict[uuid.UUID, _Answers] = defaultdict(dict)
        for row in self.session.execute(query):
            found[row.assignment_id][row.requirement_id] = row
        return found

    def _of(
        self, each: Assigned, answers: _Answers, parts: Mapping[uuid.UUID, list[str]]
    ) -> Iterator[tuple[Cell, ...]]:
        adopted = {requirement_id for requirement_id, row in answers.items() if row.adopted}
        for requirement in applicable(self.domain.extent, each.module.id, adopted):
            found = answers.get(requirement.id)
            yield self._row(each, requirement, found, parts.get(found.id, []) if found else [])

    def _row(
        self, each: Assigned, requirement: Requirement, found: Any | None, parts: Sequence[str]
    ) -> tuple[Cell, ...]:
        status: Status = (found and found.status) or Status.OPEN
        return (
            row_id(self.domain.designation, each.place, requirement.id),
            f"{each.place} {each.name}",
            f"{each.module.id} {each.module.title}",
            requirement.title,
            requirement.level.value,
            status.text[self.language],
            found.responsible if found else "",
            found.due if found else None,
            "\n".join(filter(None, (found.reason, found.measure))) if found else "",
            "\n".join(filter(None, (*self._evidence(found), *parts))) if found else "",
            found.met_by.text[self.language] if found and found.met_by else "",
            found.held_on if found else None,
            found.answered_on if found else None,
        )

    def _evidence(self, found: Any) -> Iterator[str]:
        """How a requirement is met, what proves it and from when, and where that is taken from."""
        yield found.remark
        yield (
            _DATED.format(evidence=found.evidence or _EVIDENCE, day=day_words(found.evidence_on))[
                self.language
            ]
            if found.evidence_on
            else found.evidence
        )
        if found.source_place:
            shared = found.origin is Origin.PROVIDER and found.met_by is MetBy.BOTH
            taken_over = _SHARED if shared else _STALE if found.stale else _TAKEN_OVER
            yield taken_over.format(place=found.source_place)[self.language]


# --- Words ---------------------------------------------------------------------------------------


_ID: Final = Head(
    Text("Kennung", "Identifier"),
    2.2,
    Text(
        "Informationsverbund, Zielobjekt und Baustein oder Anforderung. Dieselbe Zeile heißt in PDF und "
        "Arbeitsmappe gleich.",
        "Information domain, target object and module or requirement. The same row has the same name in "
        "PDF and workbook.",
    ),
)
_TARGET: Final = Head(
    Text("Zielobjekt", "Target object"),
    2.0,
    Text(
        "Worauf der Baustein angewendet wird: ein Zielobjekt oder der Informationsverbund selbst.",
        "What the module is applied to: a target object or the information domain itself.",
    ),
)
_FINDING_COLUMNS: Final = (
    Head(Text("Kennung", "Identifier"), 1.0, Text("Prüfregel und laufende Nummer.", "Rule and number.")),
    Head(Text("Gewicht", "Severity"), 0.8),
    Head(Text("Eintrag", "Entry"), 1.8, Text("Wo der Mangel zu beheben ist.", "Where it is repaired.")),
    Head(Text("Feststellung", "Finding"), 3.5),
    Head(Text("Abhilfe", "Remedy"), 3.5),
    Head(Text("Gefunden am", "Found on"), 0.9),
)
_MODELLING_COLUMNS: Final = (
    _ID,
    _TARGET,
    Head(Text("Baustein", "Module"), 2.0),
    Head(
        Text("Reihenfolge", "Order"),
        0.9,
        Text("R1 zuerst, dann R2 und R3, nach dem Kompendium.", "R1 first, then R2 and R3."),
    ),
    Head(Text("Angewendet", "Applied"), 0.9, choices=tuple(YES_NO.values())),
    Head(Text("Begründung", "Reason"), 2.0),
    Head(Text("Gespräch am", "Interview on"), 0.9),
    Head(Text("Befragte Personen", "Interviewees"), 1.4),
    Head(
        Text("Geprüft", "Checked"),
        0.7,
        Text("Anforderungen mit einer Antwort.", "Requirements with an answer."),
    ),
    Head(
        Text("Gesamt", "Total"),
        0.7,
        Text(
            "Anforderungen, die nach der Vorgehensweise zu prüfen sind.",
            "Requirements to be checked under the approach.",
        ),
    ),
)
_CHECK_COLUMNS: Final = (
    replace(_ID, width=2.6),
    replace(_TARGET, on_paper=False),
    Head(Text("Baustein", "Module"), 2.0, on_paper=False),
    Head(Text("Anforderung", "Requirement"), 2.6),
    Head(
        Text("Stufe", "Level"),
        0.6,
        Text(
            "; ".join(f"{level.value}: {level.label.de}" for level in Level),
            "; ".join(f"{level.value}: {level.label.en}" for level in Level),
        ),
    ),
    Head(
        Text("Umsetzung", "Status"),
        1.2,
        Text(
            "Ob die Anforderung erfüllt ist: ja, teilweise, nein oder entbehrlich.",
            "Whether the requirement is met: yes, partially, no or unnecessary.",
        ),
        tuple(status.text for status in Status),
    ),
    Head(Text("Zuständig", "Responsible"), 1.2),
    Head(Text("Umsetzung bis", "Due by"), 1.0),
    Head(
        Text("Begründung, Maßnahme", "Reason, measure"),
        2.4,
        Text(
            "Warum die Anforderung entbehrlich ist oder was noch zu tun ist.",
            "Why the requirement is unnecessary, or what remains to be done.",
        ),
    ),
    Head(
        Text("Bemerkung, Nachweis", "Remark, evidence"),
        2.2,
        Text("Wie die Anforderung erfüllt ist und wo das steht.", "How it is met and where that is found."),
    ),
    Head(
        Text("Erfüllt durch", "Met by"),
        1.2,
        Text("Eigene Stelle, Dienstleister oder beide gemeinsam.", "The authority, the provider or both."),
        tuple(who.text for who in MetBy),
    ),
    Head(
        Text("Gespräch am", "Interview on"),
        1.0,
        Text("In welchem Gespräch die Antwort gefunden wurde.", "In which interview it was found."),
    ),
    Head(Text("Geprüft am", "Checked on"), 1.0),
)
_INTERVIEW_COLUMNS: Final = (
    Head(Text("Kennung", "Identifier"), 1.6),
    Head(Text("Gespräch am", "Interview on"), 0.9),
    Head(Text("Befragte Personen", "Interviewees"), 2.6),
    Head(Text("Erfasst von", "Recorded by"), 1.4),
    Head(Text("Bausteine", "Modules"), 2.6),
    Head(
        Text("Antworten", "Answers"),
        0.8,
        Text("Antworten, die in diesem Gespräch gefunden wurden.", "Answers found in this interview."),
    ),
    Head(Text("Notizen", "Notes"), 2.0),
)

_INTERVIEWS: Final = Text("Gespräche", "Interviews")
_TALK: Final = Text("Gespräch", "Interview")
_COURSE: Final = Text("Verlauf der Umsetzung", "Course of implementation")
_EVIDENCE: Final = Text("Nachweis", "Evidence")
_DATED: Final = Text("{evidence} (Stand {day})", "{evidence} (as of {day})")
_TAKEN_OVER: Final = Text("Übernommen aus {place}", "Taken over from {place}")
_PART: Final = Text("Teilanforderung {number}", "Statement {number}")
_SHARED: Final = Text("Anteil des Dienstleisters: {place}", "Provider’s part: {place}")
_STALE: Final = Text(
    "Übernommen aus {place}; die Quelle wurde seither geändert",
    "Taken over from {place}; the source has changed since",
)
_TITLE: Final = Text("A.4 IT-Grundschutz-Check: {domain}", "A.4 IT-Grundschutz check: {domain}")
_SUBJECT: Final = Text(
    "Abgleich der Anforderungen des IT-Grundschutz-Kompendiums mit dem Stand der Umsetzung nach "
    "BSI-Standard 200-2.",
    "Comparison of the requirements of the IT-Grundschutz-Kompendium with their implementation, following "
    "BSI standard 200-2.",
)
_PROGRESS: Final = Text("Stand der Umsetzung", "State of implementation")
_BY_LAYER: Final = Text("Umsetzungsstatus je Schicht", "Status by layer")
_FINDINGS: Final = Text("Feststellungen", "Findings")
_MODELLING: Final = Text("Modellierung", "Modelling")
_CHECK: Final = Text("IT-Grundschutz-Check", "IT-Grundschutz check")
_SUMMARY: Final = Text(
    "{answered} von {total} Anforderungen sind geprüft; {met} sind erfüllt oder entbehrlich.",
    "{answered} of {total} requirements have been checked; {met} are met or unnecessary.",
)
_NOTHING_TITLE: Final = Text("Noch nichts zu prüfen", "Nothing to check yet")
_NOTHING: Final = Text(
    "Dem Informationsverbund ist noch kein Baustein zugeordnet.",
    "No module has been assigned to the information domain yet.",
)
_NO_DOMAIN_TITLE: Final = Text("Kein Informationsverbund", "No information domain")
_NO_DOMAIN: Final = Text(
    "Es ist noch kein Informationsverbund angelegt.", "No information domain has been set up yet."
)
_SOURCE: Final = Text(
    "Kennungen, Titel und Stufen: {name}, Edition {edition}, Bundesamt für Sicherheit in der "
    "Informationstechnik (BSI).",
    "Identifiers, titles and levels: {name}, Edition {edition}, Federal Office for Information Security "
    "(BSI).",
)
