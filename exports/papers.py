"""Every paper that leaves the house, for the browser and the command line alike: to add one, name it here."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.briefing import open_points
from assessments.dpia.decision import risk_of
from assessments.dpia.dpia import Dpia
from assessments.dpia.prefill import sources_of, voices_of
from assessments.dpia.progress import steps
from assessments.dpia.questions import catalogue_called, catalogues
from assessments.dpia.settings import matrix_of
from assessments.dpia.threshold import analyses_of
from assessments.grundschutz.controls import CatalogueUse, header_of, uses_of
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.library import contents
from assessments.grundschutz.mapping_library import ControlMapping, mappings_to, pairs_of
from assessments.grundschutz.successors import work_list
from compliance.advice import opinions
from compliance.attachments import attachments
from compliance.entry import Entry, State, everything
from compliance.errors import NotFound, Refused
from compliance.judging import Judge
from compliance.language import Text
from exports.catalogue import NAMES, REPORTS, dpia_document
from exports.document import Document
from exports.formats import FORMATS, Format
from exports.letters import LETTER_FORMATS, Letter
from exports.reference_papers import PAPERS as REFERENCE_PAPERS
from exports.reference_papers import ReferencePaper, papers_of
from exports.reports import consultation, control_check, decision, deletion_concept, officer_year, successors
from exports.reports import dpia as dpia_report
from exports.reports.incident_letters import access, activities_about, communication, notification
from exports.reports.notice import notice, sign
from exports.reports.register import Issuer
from registers.authority import Authority, authority_of
from registers.breaches import Breach
from registers.processing import ProcessingActivity
from registers.requests import SubjectRequest
from registers.retention import RetentionRule


class Extent(Enum):
    """What of a register a paper is about."""

    ONE = "one"
    SOME = "some"
    """One entry, or several."""
    ALL = "all"
    """All its entries together."""


@dataclass(frozen=True)
class Order:
    """What a paper is to be written about, on whose behalf, and what else was chosen."""

    session: Session
    """A snapshot; it stays open until the paper is written."""
    issuer: Issuer
    judge: Judge
    ids: Sequence[uuid.UUID] = ()
    """Of the entries, where it is about some."""
    entry: Any = None
    """Loaded whole, where it is about one."""
    catalogue: str = ""
    """Checksum, key or part of the title of a catalogue."""
    year: int = 0


@dataclass(frozen=True)
class Paper:
    """One kind of paper."""

    title: Text
    about: type[Entry]
    extent: Extent
    write: Callable[[Order], Document]
    formats: Mapping[str, Format] = field(default_factory=lambda: FORMATS)
    choices: frozenset[str] = frozenset()
    """What else can be chosen: names of fields of :class:`Order`."""


# --- About assessments ---------------------------------------------------------------------------


def _dpia(order: Order) -> Document:
    """Impact assessments, one of them also in the order of another catalogue of questions."""
    if not order.catalogue:
        return REPORTS[Dpia](order.session, order.ids, order.issuer, order.judge)
    if len(order.ids) != 1:
        raise Refused(_ONE_FOR_A_CATALOGUE)
    query = select(Dpia).where(Dpia.id == order.ids[0]).options(*everything(Dpia))
    dpia = order.session.scalars(query).one()
    wanted = order.catalogue.strip().casefold()
    keys = [key for key, each in catalogues().items() if wanted in (key.casefold(), each.id.casefold())]
    if not keys:
        raise NotFound(_NO_QUESTIONS.format(known=", ".join(catalogues())))
    return dpia_document(order.session, dpia, order.issuer, order.judge, catalogue_called(keys[0]))


def _decision(order: Order) -> Document:
    session, dpia = order.session, order.entry
    matrix, advice = matrix_of(session), opinions(session, dpia)
    taken = steps(dpia, advice, matrix, voices=voices_of(session, dpia))
    points = len(list(open_points(taken)))
    return decision.report(dpia, order.issuer, advice=advice, matrix=matrix, open_points=points)


def _consultation(order: Order) -> Document:
    session, dpia = order.session, order.entry
    matrix = matrix_of(session)
    report = dpia_report.report(
        dpia,
        order.issuer,
        analyses=analyses_of(session, dpia.activities),
        advice=opinions(session, dpia),
        matrix=matrix,
    )
    return consultation.report(dossier(session, dpia), order.issuer, assessment=report, matrix=matrix)


def dossier(session: Session, dpia: Dpia) -> consultation.Dossier:
    """What the file for the supervisory authority is made of."""
    return consultation.Dossier(
        dpia,
        sources_of(session, dpia),
        authority_of(session),
        attachments(session, dpia),
        risk_of(dpia, matrix_of(session)).planned,
    )


# --- About the authority -------------------------------------------------------------------------


def _deletion_concept(order: Order) -> Document:
    query = select(RetentionRule).where(RetentionRule.id.in_(order.ids), RetentionRule.state != State.ENDED)
    query = query.order_by(RetentionRule.number).options(*everything(RetentionRule))
    rules = order.session.scalars(query).all()
    return deletion_concept.report(rules, order.issuer)


def _officer_year(order: Order) -> Document:
    year = order.year or order.issuer.created.year
    return officer_year.report(officer_year.figures(order.session, year), order.issuer)


# --- About information domains -------------------------------------------------------------------


def _reference(paper: ReferencePaper) -> Callable[[Order], Document]:
    def write(order: Order) -> Document:
        """Raises :class:`NotFound` where the approach of the domain has no such paper."""
        if paper not in papers_of(order.entry):
            raise NotFound(_NO_PAPER)
        return paper.write(order.session, order.entry, order.issuer, order.judge)

    return write


def _control_check(order: Order) -> Document:
    use = _meant(uses_of(order.session, order.entry), order.catalogue)
    header = header_of(order.session, use)
    catalogue = contents(order.session, header)
    return control_check.report(order.session, use, header, catalogue, order.issuer, order.judge)


def _work_list(order: Order) -> Document:
    """The work list to the catalogue that is meant, by its newest mapping."""
    session = order.session
    leading = [use for use in uses_of(session, order.entry) if _mappings(session, use)]
    use = _meant(leading, order.catalogue)
    mapping = _mappings(session, use)[0]
    found = work_list(session, use, contents(session, header_of(session, use)), pairs_of(session, mapping))
    return successors.report(use, mapping, found, found.lines, order.issuer)


def _mappings(session: Session, use: CatalogueUse) -> Sequence[ControlMapping]:
    return mappings_to(session, contents(session, header_of(session, use)))


def _meant(uses: Sequence[CatalogueUse], words: str) -> CatalogueUse:
    """The one of *uses* whose checksum begins with *words* or whose title holds them, or the only one."""
    sought = words.strip().casefold()
    found = [
        use for use in uses if use.catalogue.startswith(sought) or sought in use.catalogue_name.casefold()
    ]
    if len(found) == 1:
        return found[0]
    known = "; ".join(f"{use.catalogue[:12]} {use}" for use in uses)
    raise Refused(_WHICH_CATALOGUE.format(known=known) if known else _NO_CATALOGUE)


# --- Letters -------------------------------------------------------------------------------------

Writer: TypeAlias = Callable[[Session, Any, Authority | None, Issuer], Letter]


@dataclass(frozen=True)
class LetterKind:
    """One letter that an entry can be made into; it prints what is sealed."""

    name: str
    """Among the papers."""
    title: Text
    model: type[Entry]
    write: Writer


def _without_session(write: Callable[[Any, Authority | None, Issuer], Letter]) -> Writer:
    return lambda _session, entry, sheet, issuer: write(entry, sheet, issuer)


LETTERS: Final[Mapping[str, LetterKind]] = {
    "notification": LetterKind(
        "breach-notification",
        Text("Meldung an die Aufsichtsbehörde", "Notification to the authority"),
        Breach,
        _without_session(notification),
    ),
    "communication": LetterKind(
        "breach-communication",
        Text("Benachrichtigung der betroffenen Personen", "Communication to the persons concerned"),
        Breach,
        _without_session(communication),
    ),
    "access": LetterKind(
        "access-letter",
        Text("Auskunft nach Art. 15", "Information under Art. 15"),
        SubjectRequest,
        lambda session, asked, sheet, issuer: access(asked, activities_about(session, asked), sheet, issuer),
    ),
}
"""Letters about breaches and requests, by the name that they have in addresses."""
NOTICES: Final[Mapping[str, LetterKind]] = {
    "full": LetterKind(
        "privacy-notice",
        Text("Datenschutzhinweise", "Privacy notice"),
        ProcessingActivity,
        _without_session(notice),
    ),
    "short": LetterKind(
        "privacy-notice-short",
        Text("Datenschutzhinweise, Kurzfassung für den Aushang", "Privacy notice, short version for display"),
        ProcessingActivity,
        _without_session(sign),
    ),
}
"""Information under Art. 13 and 14 GDPR, by the name of its form."""


def _letter(kind: LetterKind) -> Paper:
    def write(order: Order) -> Document:
        sheet = authority_of(order.session)
        return kind.write(order.session, order.entry, sheet, order.issuer).document

    return Paper(kind.title, kind.model, Extent.ONE, write, LETTER_FORMATS)


# --- The list ------------------------------------------------------------------------------------


def _report(model: type[Entry]) -> Paper:
    def write(order: Order) -> Document:
        return REPORTS[model](order.session, order.ids, order.issuer, order.judge)

    return Paper(model.title, model, Extent.SOME, write)


def _about_domain(paper: ReferencePaper) -> Paper:
    number = f"{paper.number} " if paper.number else ""
    title = Text(f"{number}{paper.title.de}", f"{number}{paper.title.en}")
    return Paper(title, InformationDomain, Extent.ONE, _reference(paper))


_CATALOGUE: Final = frozenset({"catalogue"})
PAPERS: Final[Mapping[str, Paper]] = {
    **{name: _report(model) for name, model in NAMES.items()},
    "dpia": Paper(Dpia.title, Dpia, Extent.SOME, _dpia, choices=_CATALOGUE),
    "decision-paper": Paper(Text("Entscheidungsvorlage", "Decision paper"), Dpia, Extent.ONE, _decision),
    "consultation-file": Paper(
        Text("Unterlagen zur Konsultation nach Art. 36", "File for consultation under Art. 36"),
        Dpia,
        Extent.ONE,
        _consultation,
    ),
    **{paper.key: _about_domain(paper) for paper in REFERENCE_PAPERS},
    "control-check": Paper(
        Text("Check gegen einen anderen Katalog", "Check against another catalogue"),
        InformationDomain,
        Extent.ONE,
        _control_check,
        choices=_CATALOGUE,
    ),
    "work-list": Paper(
        Text("Arbeitsliste zu Grundschutz++", "Work list to Grundschutz++"),
        InformationDomain,
        Extent.ONE,
        _work_list,
        choices=_CATALOGUE,
    ),
    "deletion-concept": Paper(
        Text("Löschkonzept", "Deletion concept"), RetentionRule, Extent.ALL, _deletion_concept
    ),
    "yearly-report": Paper(
        Text("Tätigkeitsbericht der Datenschutzbeauftragten", "Yearly report of the data protection officer"),
        Authority,
        Extent.ALL,
        _officer_year,
        choices=frozenset({"year"}),
    ),
    **{kind.name: _letter(kind) for kind in (*LETTERS.values(), *NOTICES.values())},
}
"""By the name that each has on the command line."""

_ONE_FOR_A_CATALOGUE: Final = Text(
    "In der Ordnung eines anderen Katalogs gibt es eine Folgenabschätzung nur einzeln: Bitte nennen Sie sie "
    "mit --id.",
    "In the order of another catalogue, an assessment is written by itself: please name it with --id.",
)
_NO_QUESTIONS: Final = Text(
    "Diesen Fragenkatalog gibt es nicht. Vorhanden: {known}.",
    "There is no such catalogue of questions. There are: {known}.",
)
_NO_PAPER: Final = Text(
    "Dieses Dokument gibt es in der Basis-Absicherung nicht.",
    "This document does not exist under the basic approach.",
)
_WHICH_CATALOGUE: Final = Text(
    "Bitte nennen Sie mit --catalogue genau einen geprüften Katalog. Vorhanden: {known}.",
    "Please name exactly one checked catalogue with --catalogue. There are: {known}.",
)
_NO_CATALOGUE: Final = Text(
    "Für diesen Informationsverbund gibt es keinen solchen Katalog.",
    "This information domain has no such catalogue.",
)
