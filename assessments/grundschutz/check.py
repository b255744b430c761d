"""The IT-Grundschutz check (IT-Grundschutz-Check): what is met of what a module asks for."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    String,
    and_,
    case,
    false,
    inspect,
    or_,
    select,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column

from assessments.grundschutz.catalogue import with_text, with_texts
from assessments.grundschutz.cross_references import with_protection
from assessments.grundschutz.domain import Extent, InformationDomain, knows_risk_analysis, levels
from assessments.grundschutz.interviews import CheckInterview, interviews_about
from assessments.grundschutz.kompendium import Level, Module, Requirement, edition_2023
from assessments.grundschutz.modelling import Assignment, demand_answering
from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import Record, everything
from compliance.errors import Outdated, Refused
from compliance.fields import Term, choice, day, flag, line, number, prose, reference, tidy
from compliance.language import Text


class Status(Term):
    """How far a requirement is met (Umsetzungsstatus), in the words of BSI standard 200-2."""

    YES = Text("Ja", "Yes")
    UNNECESSARY = Text("Entbehrlich", "Unnecessary")
    PARTIAL = Text("Teilweise", "Partially")
    NO = Text("Nein", "No")
    OPEN = Text("Unbearbeitet", "Not yet checked")


UNMET: Final = (Status.PARTIAL, Status.NO)
"""What is still to be done."""


class MetBy(Term):
    """Who meets a requirement where parts of the domain are operated by others."""

    AUTHORITY = Text("Eigene Stelle", "The authority")
    PROVIDER = Text("Dienstleister", "The provider")
    BOTH = Text("Beide gemeinsam", "Both together")


class Origin(Term):
    """Where an answer that was not found here comes from."""

    GROUP = Text("Gruppe", "Group")
    PROCESS = Text("Prozess-Baustein", "Process module")
    PROVIDER = Text("Dienstleister", "Provider")
    DOMAIN = Text("Anderer Informationsverbund", "Another information domain")


class Gap(StrEnum):
    """What an audit would miss in an answer."""

    NONE = ""
    REASON = "reason"
    """The requirement is called unnecessary without saying why."""
    PLAN = "plan"
    """Something remains to be done, and nobody or no day stands for it."""


FOLLOWING: Final = (Origin.GROUP, Origin.PROCESS)
"""Origins within the same domain, whose changes hold here at once."""
_CHECK: Final = "BSI-Standard 200-2, IT-Grundschutz-Check"
_PLAN: Final = "BSI-Standard 200-2, Umsetzungsplanung"


def gap_in_queries(model: Any) -> ColumnElement[str]:
    """What :attr:`Given.gap` says of a stored answer, whatever it is an answer to; for queries."""
    unplanned = or_(model.responsible == "", model.due.is_(None))
    return case(
        (and_(model.status == Status.UNNECESSARY, model.reason == ""), Gap.REASON.value),
        (and_(model.status.in_(UNMET), unplanned), Gap.PLAN.value),
        else_=Gap.NONE.value,
    )


class RequirementAnswer(Record):
    """What was found about one requirement of one assigned module."""

    domain: Mapped[InformationDomain] = reference(
        "InformationDomain", "Informationsverbund", "Information domain", basis=_CHECK, fixed=True
    )
    assignment: Mapped[Assignment] = reference(
        "Assignment", "Zuordnung", "Assignment", basis=_CHECK, fixed=True
    )
    requirement_id: Mapped[str] = line(
        "Anforderung",
        "Requirement",
        length=20,
        help=Text("Kennung im IT-Grundschutz-Kompendium.", "Identifier in the IT-Grundschutz-Kompendium."),
        basis=_CHECK,
        fixed=True,
    )
    adopted: Mapped[bool | None] = flag(
        "Aus der Risikoanalyse übernommen",
        "Adopted by the risk analysis",
        help=Text(
            "Anforderungen bei erhöhtem Schutzbedarf werden nur geprüft, wenn die Risikoanalyse sie fordert.",
            "Requirements for increased protection needs are checked only if the risk analysis adopts them.",
        ),
        basis="BSI-Standard 200-3",
        fixed=True,
    )
    status: Mapped[Status | None] = choice(
        Status,
        "Umsetzungsstatus",
        "Status",
        help=Text(
            "„Entbehrlich“ nur mit Begründung, etwa weil eine andere Maßnahme gleich gut schützt.",
            "“Unnecessary” only for a reason, such as another measure that protects equally well.",
        ),
        basis=_CHECK,
        expected=True,
    )
    reason: Mapped[str] = prose(
        "Begründung",
        "Reason",
        help=Text(
            "Warum die Anforderung entbehrlich ist und was den Gefährdungen stattdessen entgegenwirkt.",
            "Why the requirement is unnecessary and what counters the threats instead.",
        ),
        basis=_CHECK,
    )
    measure: Mapped[str] = prose(
        "Maßnahme",
        "Measure",
        help=Text("Was noch zu tun ist.", "What remains to be done."),
        basis=_PLAN,
    )
    responsible: Mapped[str] = line(
        "Zuständig",
        "Responsible",
        help=Text("Wer umsetzt: Name oder Stelle.", "Who implements it: name or post."),
        basis=_PLAN,
        personal=True,
    )
    due: Mapped[date | None] = day(
        "Umsetzung bis",
        "Due by",
        help=Text("Tag, bis zu dem umgesetzt sein soll.", "Day by which it is to be implemented."),
        basis=_PLAN,
    )
    remark: Mapped[str] = prose(
        "Bemerkung",
        "Remark",
        help=Text("Wie die Anforderung erfüllt ist, oder was fehlt.", "How it is met, or what is missing."),
        basis=_CHECK,
    )
    evidence: Mapped[str] = line(
        "Nachweis",
        "Evidence",
        length=500,
        help=Text("Aktenzeichen, Dokument oder Verweis.", "File number, document or link."),
        basis=_CHECK,
    )
    met_by: Mapped[MetBy | None] = choice(
        MetBy,
        "Erfüllt durch",
        "Met by",
        help=Text(
            "Nur auszufüllen, wo ein Dienstleister beteiligt ist.", "Only where a provider is involved."
        ),
        basis="OPS.2.3 Nutzung von Outsourcing",
        more=True,
    )
    evidence_on: Mapped[date | None] = day(
        "Stand des Nachweises",
        "Date of the evidence",
        help=Text(
            "Von wann der Nachweis ist, etwa Tag des Protokolls oder der Freigabe.",
            "From when the evidence is, such as the day of the minutes or of the release.",
        ),
        basis=_CHECK,
    )
    interview: Mapped[CheckInterview | None] = reference(
        "CheckInterview",
        "Gespräch",
        "Interview",
        help=Text("In welchem Gespräch die Antwort gefunden wurde.", "In which interview it was found."),
        basis=_CHECK,
        fixed=True,
    )
    origin: Mapped[Origin | None] = choice(
        Origin,
        "Übernommen aus",
        "Taken over from",
        help=Text(
            "Übernommene Antworten folgen ihrer Quelle und werden dort geändert.",
            "Answers taken over follow their source and are changed there.",
        ),
        basis=_CHECK,
        fixed=True,
    )
    borrowed_from: Mapped[RequirementAnswer | None] = reference(
        "RequirementAnswer",
        "Quelle der Antwort",
        "Source of the answer",
        help=Text("Die Antwort, die übernommen ist.", "The answer that was taken over."),
        basis=_CHECK,
        fixed=True,
    )
    source_place: Mapped[str] = line(
        "Fundstelle der Quelle",
        "Place of the source",
        help=Text("Wo die Quelle im Check steht.", "Where the source stands in the check."),
        basis=_CHECK,
        fixed=True,
    )
    source_version: Mapped[int | None] = number(
        "Fassung der Quelle",
        "Version of the source",
        help=Text(
            "Ändert sich die Quelle danach, gilt die Übernahme als überholt.",
            "If the source changes later, what was taken over is out of date.",
        ),
        basis=_CHECK,
        fixed=True,
    )
    answered_on: Mapped[date | None] = day(
        "Geprüft am",
        "Checked on",
        help=Text("Tag der letzten Änderung der Antwort.", "Day of the last change of the answer."),
        basis=_CHECK,
        fixed=True,
    )

    level: Mapped[str] = mapped_column(String(1), default="", server_default="")
    """The level of the requirement, so that the database can count; empty where it is withdrawn."""

    if TYPE_CHECKING:
        domain_id: Mapped[uuid.UUID]
        assignment_id: Mapped[uuid.UUID]
        interview_id: Mapped[uuid.UUID | None]
        borrowed_from_id: Mapped[uuid.UUID | None]

    def __init__(self, **values: Any) -> None:
        values.setdefault("level", level_of(values.get("requirement_id", "")))
        super().__init__(**values)

    def __str__(self) -> str:
        return self.requirement_id

    @hybrid_property
    def gap(self) -> str:
        """What is missing, as in :class:`Gap`; also for queries."""
        return given_in(self).gap

    @gap.inplace.expression
    @classmethod
    def _gap_in_queries(cls) -> ColumnElement[str]:
        return gap_in_queries(cls)

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(
            "ix_requirement_answer_once", "organisation_id", "assignment_id", "requirement_id", unique=True
        )
        # All that an overview counts, so that it is found without looking at the answers themselves.
        counted = ("domain_id", "assignment_id", "status", "adopted", "level")
        yield Index("ix_requirement_answer_counted", "organisation_id", *counted)


@dataclass(frozen=True)
class Given:
    """An answer as a person gives it; everything but the status may stay empty."""

    status: Status = Status.OPEN
    reason: str = ""
    measure: str = ""
    responsible: str = ""
    due: date | None = None
    remark: str = ""
    evidence: str = ""
    met_by: MetBy | None = None
    evidence_on: date | None = None

    @property
    def gap(self) -> Gap:
        """What is missing."""
        if self.status is Status.UNNECESSARY and not tidy(self.reason):
            return Gap.REASON
        if self.status in UNMET and not (tidy(self.responsible) and self.due):
            return Gap.PLAN
        return Gap.NONE


_ACCOMPANYING: Final = (
    "reason",
    "measure",
    "responsible",
    "due",
    "remark",
    "evidence",
    "met_by",
    "evidence_on",
)


@dataclass(frozen=True)
class Borrowed:
    """Where an answer was taken over from."""

    origin: Origin
    place: str
    """The row of the check that is the source."""
    says: Status
    """What the source says now."""
    on: date | None
    """The day from which that is."""
    stale: bool
    """The source has changed since it was taken over."""
    read_only: bool
    """Changed at its source only; not where both meet the requirement together."""


@dataclass(frozen=True)
class SheetRow:
    """One requirement on the check sheet, with what was found about it."""

    id: str
    """Identifies the row on every surface, such as ``IV-0001/ZO-0003/SYS.1.1.A1``."""
    requirement: Requirement
    given: Given = Given()
    adopted: bool = False
    answered_on: date | None = None
    version: int = 0
    """0 where nothing has been stored yet."""
    interview: CheckInterview | None = None
    """In which conversation the answer was found."""
    borrowed: Borrowed | None = None


@dataclass(frozen=True)
class Sheet:
    """What is to be checked of one assigned module."""

    assignment: Assignment
    module: Module
    rows: tuple[SheetRow, ...]
    adoptable: tuple[Requirement, ...] = ()
    """Requirements for increased protection needs that a risk analysis may still adopt."""

    @property
    def answered(self) -> int:
        return sum(row.given.status is not Status.OPEN for row in self.rows)


@dataclass(frozen=True)
class BulkPreview:
    """What an answer to many requirements at once would change, before anything is stored."""

    changed: tuple[SheetRow, ...]
    """As they stand now."""
    unchanged: tuple[SheetRow, ...] = ()


# --- What is asked for ---------------------------------------------------------------------------


def level_of(requirement_id: str) -> str:
    """The letter of the level of a requirement; empty where it is unknown or withdrawn."""
    try:
        found = edition_2023().requirement(requirement_id)
    except KeyError:
        return ""
    return "" if found.withdrawn else found.level.value


def asked_anyway(extent: Extent) -> ColumnElement[bool]:
    """Which stored answers count without a risk analysis, as :meth:`Extent.asks` says; for queries."""
    if extent.is_empty:
        return false()
    if extent.profile:
        return RequirementAnswer.requirement_id.in_(list(extent.required()))
    return RequirementAnswer.level.in_(sorted(level.value for level in levels(extent.approach)))


def counts_under(extent: Extent) -> ColumnElement[bool]:
    """Which stored answers count, as :meth:`Extent.asks` says of their requirements; for queries."""
    asked = asked_anyway(extent)
    if extent.is_empty or not knows_risk_analysis(extent.approach):
        return asked
    return or_(asked, RequirementAnswer.adopted.is_(True))


def applicable(extent: Extent, module_id: str, adopted: Collection[str] = ()) -> tuple[Requirement, ...]:
    """The requirements of a module that are to be checked, at their level, in reading order.

    *adopted* are the ids of those that a risk analysis took over.
    """
    return tuple(
        extent.levelled(requirement)
        for requirement in edition_2023().requirements_of(module_id)
        if extent.asks(requirement, adopted=requirement.id in adopted)
    )


def row_id(domain: str, place: str, requirement_id: str) -> str:
    """How a row of the check is called on screen, paper and in workbooks; *place* is domain or object."""
    return "/".join((domain, requirement_id) if place == domain else (domain, place, requirement_id))


# --- Reading -------------------------------------------------------------------------------------


def check_sheet(session: Session, assignment: Assignment) -> Sheet:
    """Everything on the page of one assigned module, in four queries; *assignment* is loaded whole."""
    stored = _for_reading(session, assignment)
    adopted = {requirement_id for requirement_id, answer in stored.items() if answer.adopted}
    extent = assignment.domain.extent
    of_module = with_protection(session, edition_2023().requirements_of(assignment.module_id))
    asked = with_texts(
        session,
        [extent.levelled(each) for each in of_module if extent.asks(each, adopted=each.id in adopted)],
    )
    return Sheet(
        assignment=assignment,
        module=with_text(session, edition_2023().module(assignment.module_id)),
        rows=tuple(_row(assignment, requirement, stored.get(requirement.id)) for requirement in asked),
        adoptable=tuple(
            requirement
            for requirement in of_module
            if requirement.id not in adopted and _is_adoptable(extent, requirement)
        ),
    )


@dataclass(frozen=True)
class Standing:
    """One requirement and how far the check of its module has come."""

    row: SheetRow
    answered: int
    asked: int


def standing(session: Session, assignment: Assignment, answer: RequirementAnswer) -> Standing:
    """Where the check of *assignment* stands once *answer* is stored."""
    columns = (RequirementAnswer.requirement_id, RequirementAnswer.status, RequirementAnswer.adopted)
    rows = session.execute(select(*columns).where(RequirementAnswer.assignment_id == assignment.id)).all()
    adopted = {row.requirement_id for row in rows if row.adopted}
    asked = {each.id for each in applicable(assignment.domain.extent, assignment.module_id, adopted)}
    answered = [row for row in rows if row.requirement_id in asked and row.status not in (None, Status.OPEN)]
    row = _row(assignment, _requirement(assignment, answer.requirement_id), answer)
    return Standing(row, len(answered), len(asked))


@dataclass(frozen=True)
class PlaceRow:
    """The same requirement at one of the places to which its module is applied."""

    assignment: Assignment
    row: SheetRow


def rows_across(session: Session, domain: InformationDomain, requirement_id: str) -> list[PlaceRow]:
    """One requirement at every place of *domain* where it is asked for, in two queries.

    Raises :class:`Refused` where no module has the requirement.
    """
    requirement = _known(requirement_id)
    places = _places(session, domain, requirement)
    query = select(RequirementAnswer).where(
        RequirementAnswer.assignment_id.in_([each.id for each in places]),
        RequirementAnswer.requirement_id == requirement_id,
    )
    shown = (joinedload(RequirementAnswer.interview), joinedload(RequirementAnswer.borrowed_from))
    stored = {answer.assignment_id: answer for answer in session.scalars(query.options(*shown))}
    return [
        PlaceRow(each, _row(each, requirement, answer))
        for each in places
        for answer in (stored.get(each.id),)
        if domain.extent.asks(requirement, adopted=answer is not None and answer.adopted is True)
    ]


def _places(session: Session, domain: InformationDomain, requirement: Requirement) -> list[Assignment]:
    query = select(Assignment).where(
        Assignment.domain_id == domain.id,
        Assignment.module_id == requirement.module,
        Assignment.relevant.is_not(False),
    )
    found = session.scalars(query.options(*everything(Assignment)))
    return sorted(found, key=lambda each: each.target.number if each.target else 0)


def _known(requirement_id: str) -> Requirement:
    try:
        return edition_2023().requirement(requirement_id)
    except KeyError as error:
        raise Refused(_NO_SUCH.format(requirement=requirement_id)) from error


def _for_reading(session: Session, assignment: Assignment) -> dict[str, RequirementAnswer]:
    """The stored answers with what a sheet shows of them, in one query."""
    query = select(RequirementAnswer).where(RequirementAnswer.assignment_id == assignment.id)
    shown = (joinedload(RequirementAnswer.interview), joinedload(RequirementAnswer.borrowed_from))
    return {answer.requirement_id: answer for answer in session.scalars(query.options(*shown))}


def stored_answers(
    session: Session, assignment: Assignment, requirement_ids: Sequence[str] | None = None
) -> dict[str, RequirementAnswer]:
    """The stored answers to *assignment*, or to some of its requirements, whole."""
    query = select(RequirementAnswer).where(RequirementAnswer.assignment_id == assignment.id)
    if requirement_ids is not None:
        query = query.where(RequirementAnswer.requirement_id.in_(requirement_ids))
    found = session.scalars(query.options(*everything(RequirementAnswer)))
    return {answer.requirement_id: answer for answer in found}


def _row(assignment: Assignment, requirement: Requirement, answer: RequirementAnswer | None) -> SheetRow:
    identity = row_id(assignment.domain.designation, assignment.place, requirement.id)
    if answer is None:
        return SheetRow(identity, requirement)
    return SheetRow(
        identity,
        requirement,
        given=given_in(answer),
        adopted=answer.adopted is True,
        answered_on=answer.answered_on,
        version=answer.version,
        interview=answer.interview,
        borrowed=_borrowed(answer),
    )


def _borrowed(answer: RequirementAnswer) -> Borrowed | None:
    source = answer.borrowed_from
    if answer.origin is None or source is None:
        return None
    return Borrowed(
        answer.origin,
        answer.source_place,
        source.status or Status.OPEN,
        source.answered_on,
        stale=source.version != answer.source_version,
        read_only=is_borrowed(answer),
    )


def is_borrowed(answer: RequirementAnswer) -> bool:
    """Whether *answer* is changed at its source only.

    Where provider and authority meet a requirement together, the authority answers for
    its own part.
    """
    shared = answer.origin is Origin.PROVIDER and answer.met_by is MetBy.BOTH
    return answer.borrowed_from_id is not None and not shared


def given_in(answer: RequirementAnswer) -> Given:
    """What is stored in *answer*, as a person would give it."""
    return Given(answer.status or Status.OPEN, *(getattr(answer, name) for name in _ACCOMPANYING))


def gap_moved(answer: RequirementAnswer) -> bool:
    """Whether what is being saved of *answer* opens or closes a gap, or lets one count or no longer."""
    state, gap = inspect(answer), given_in(answer).gap
    if not state.persistent:
        return gap is not Gap.NONE
    before = {
        name: next(iter(state.attrs[name].history.deleted or ()), getattr(answer, name))
        for name in ("status", "reason", "responsible", "due", "adopted")
    }
    taken_in_or_out = before.pop("adopted") is not answer.adopted
    was = Given(before.pop("status") or Status.OPEN, **before).gap
    return was is not gap or (taken_in_or_out and gap is not Gap.NONE)


# --- Answering -----------------------------------------------------------------------------------


def answer(
    session: Session,
    assignment: Assignment,
    requirement_id: str,
    given: Given,
    *,
    by: Identity,
    version: int | None = None,
    found_in: CheckInterview | None = None,
) -> RequirementAnswer:
    """Stores what was found about one requirement, also as a draft without its reason.

    *version* is the one the person has read, 0 for none; *found_in* is the interview in
    which it was said. *assignment* is loaded whole. Raises :class:`Refused` where the
    requirement is not asked for or its answer is taken over from elsewhere,
    :class:`Outdated` where somebody else has answered meanwhile.
    """
    demand_answering(by, assignment)
    stored = _asked(session, assignment, [requirement_id])
    found = stored.get(requirement_id) or _unanswered(session, assignment, requirement_id)
    if version is not None and version != (found.version or 0):
        raise Outdated(_OUTDATED.format(requirement=requirement_id))
    _demand_own([found])
    if put(found, given) and found_in is not None:
        found.interview = found_in
    return found


def adopt(
    session: Session, assignment: Assignment, requirement_id: str, *, adopted: bool, by: Identity
) -> RequirementAnswer:
    """Takes a requirement for increased protection needs into the check, or out of it; its answer stays.

    Raises :class:`Refused` for any other requirement, and under the basic approach.
    """
    demand(by, Permission.EDIT, assignment.domain)
    requirement = _requirement(assignment, requirement_id)
    if not _is_adoptable(assignment.domain.extent, requirement):
        raise Refused(_NOT_ADOPTABLE.format(requirement=requirement_id))
    stored = stored_answers(session, assignment, [requirement_id])
    found = stored.get(requirement_id) or _unanswered(session, assignment, requirement_id)
    found.adopted = adopted
    return found


def preview_rows(rows: Iterable[SheetRow], given: Given) -> BulkPreview:
    """What the same answer for all *rows* would change. Raises :class:`Refused` without a needed reason."""
    _demand_reason(given)
    known = tuple(rows)
    changed = tuple(row for row in known if _combined(row.given, given) != row.given)
    return BulkPreview(changed, tuple(row for row in known if row not in changed))


def preview_bulk(
    session: Session, assignment: Assignment, requirement_ids: Sequence[str], given: Given
) -> BulkPreview:
    """What :func:`answer_in_bulk` would change. Raises :class:`Refused` as that would."""
    _demand_reason(given)
    stored = _asked(session, assignment, requirement_ids)
    return preview_rows(
        [
            _row(assignment, _requirement(assignment, requirement_id), stored.get(requirement_id))
            for requirement_id in dict.fromkeys(requirement_ids)
        ],
        given,
    )


def answer_in_bulk(
    session: Session, assignment: Assignment, requirement_ids: Sequence[str], given: Given, *, by: Identity
) -> list[RequirementAnswer]:
    """Gives many requirements of one module the same status; what *given* leaves empty stays as it is.

    Returns the answers that changed. Raises :class:`Refused` for „entbehrlich“
    without a reason and where a requirement is not asked for; then nothing changes.
    """
    demand_answering(by, assignment)
    _demand_reason(given)
    stored = _asked(session, assignment, requirement_ids)
    _demand_own(stored.values())
    changed = []
    for requirement_id in dict.fromkeys(requirement_ids):
        found = stored.get(requirement_id) or _unanswered(session, assignment, requirement_id)
        if put(found, _combined(given_in(found), given)):
            changed.append(found)
    session.info["action"] = "bulk"
    return changed


def answer_across(
    session: Session,
    domain: InformationDomain,
    requirement_id: str,
    assignment_ids: Collection[uuid.UUID],
    given: Given,
    *,
    by: Identity,
) -> list[RequirementAnswer]:
    """Gives the same requirement the same status at several places; what *given* leaves empty stays.

    Returns the answers that changed. Raises :class:`Refused` as :func:`answer_in_bulk` does.
    """
    demand(by, Permission.EDIT, domain)
    _demand_reason(given)
    requirement = _known(requirement_id)
    query = select(RequirementAnswer).where(
        RequirementAnswer.assignment_id.in_(assignment_ids),
        RequirementAnswer.requirement_id == requirement_id,
    )
    found = session.scalars(query.options(*everything(RequirementAnswer)))
    stored = {answer.assignment_id: answer for answer in found}
    _demand_own(stored.values())
    session.info["action"] = "bulk"
    changed = []
    for place in _places(session, domain, requirement):
        if place.id not in assignment_ids:
            continue
        answer = stored.get(place.id)
        adopted = answer is not None and answer.adopted is True
        if not domain.extent.asks(requirement, adopted=adopted):
            raise Refused(_NOT_ASKED.format(requirement=requirement_id))
        answer = answer or _unanswered(session, place, requirement_id)
        if put(answer, _combined(given_in(answer), given)):
            changed.append(answer)
    return changed


def answer_each(
    session: Session, assignment: Assignment, given: Mapping[str, Given], *, by: Identity
) -> list[RequirementAnswer]:
    """Gives several requirements of one module an answer of their own each, as from a workbook.

    Returns the answers that changed. Raises :class:`Refused` where one is not asked for or
    taken over from elsewhere; then nothing changes.
    """
    demand_answering(by, assignment)
    stored = _asked(session, assignment, list(given))
    _demand_own(stored.values())
    answers = {
        requirement_id: stored.get(requirement_id) or _unanswered(session, assignment, requirement_id)
        for requirement_id in given
    }
    return [each for requirement_id, each in answers.items() if put(each, given[requirement_id])]


def remove(session: Session, assignment: Assignment, *, by: Identity) -> None:
    """Undoes an assignment. Raises :class:`Refused` where answers would be lost: it is excluded instead."""
    demand(by, Permission.EDIT, assignment.domain)
    if session.scalar(
        select(RequirementAnswer.id).where(RequirementAnswer.assignment_id == assignment.id).limit(1)
    ):
        raise Refused(_ANSWERED)
    if interviews_about(session, assignment):
        raise Refused(_TALKED_ABOUT)
    session.delete(assignment)


def _is_adoptable(extent: Extent, requirement: Requirement) -> bool:
    """Whether *requirement* is checked only if a risk analysis adopts it."""
    high = extent.levelled(requirement).level is Level.HIGH
    return high and extent.asks(requirement, adopted=True) and not extent.asks(requirement)


def _asked(
    session: Session, assignment: Assignment, requirement_ids: Sequence[str]
) -> dict[str, RequirementAnswer]:
    """The stored answers to *requirement_ids*. Raises :class:`Refused` where one is not asked for."""
    if assignment.relevant is False:
        raise Refused(_NOT_APPLIED.format(module=assignment.module_id))
    stored = stored_answers(session, assignment, requirement_ids)
    for requirement_id in requirement_ids:
        requirement = _requirement(assignment, requirement_id)
        adopted = requirement_id in stored and stored[requirement_id].adopted is True
        if not assignment.domain.extent.asks(requirement, adopted=adopted):
            raise Refused(_NOT_ASKED.format(requirement=requirement_id))
    return stored


def _requirement(assignment: Assignment, requirement_id: str) -> Requirement:
    for requirement in edition_2023().requirements_of(assignment.module_id):
        if requirement.id == requirement_id:
            return requirement
    raise Refused(_UNKNOWN.format(requirement=requirement_id, module=assignment.module_id))


def _unanswered(session: Session, assignment: Assignment, requirement_id: str) -> RequirementAnswer:
    fresh = RequirementAnswer(
        domain=assignment.domain, assignment=assignment, requirement_id=requirement_id, status=Status.OPEN
    )
    session.add(fresh)
    return fresh


def _demand_own(answers: Iterable[RequirementAnswer]) -> None:
    for each in answers:
        if is_borrowed(each):
            raise Refused(_BORROWED.format(requirement=each.requirement_id, place=each.source_place))


def put(found: RequirementAnswer, given: Given) -> bool:
    """Puts *given* into *found*; returns whether that is a change."""
    after = tidied(given)
    if given_in(found) == after:
        return False
    found.status = after.status
    for name in _ACCOMPANYING:
        setattr(found, name, getattr(after, name))
    found.answered_on = None if after.status is Status.OPEN else today()
    return True


def tidied(given: Given) -> Given:
    """*given* as the database will return it, so that the same answer again is no change."""
    values = {name: getattr(given, name) for name in _ACCOMPANYING}
    texts = {name: tidy(value) for name, value in values.items() if isinstance(value, str)}
    for name in ("responsible", "evidence"):
        texts[name] = " ".join(texts[name].split())
    return Given(given.status, **(values | texts))


def _combined(before: Given, given: Given) -> Given:
    """*before* with the status of *given* and everything else that *given* says."""
    after = tidied(given)
    said = {name: getattr(after, name) or getattr(before, name) for name in _ACCOMPANYING}
    return Given(after.status, **said)


def _demand_reason(given: Given) -> None:
    if given.gap is Gap.REASON:
        raise Refused(_NO_REASON)


_BORROWED: Final = Text(
    "Die Antwort zu {requirement} ist aus {place} übernommen und wird dort geändert. Lösen Sie zuerst die "
    "Übernahme.",
    "The answer to {requirement} is taken over from {place} and is changed there. Detach it first.",
)
_NO_REASON: Final = Text(
    "„Entbehrlich“ braucht eine Begründung, die für alle ausgewählten Anforderungen gilt.",
    "“Unnecessary” needs a reason that holds for all selected requirements.",
)
_NO_SUCH: Final = Text(
    "Die Anforderung „{requirement}“ gibt es im IT-Grundschutz-Kompendium nicht.",
    "There is no requirement “{requirement}” in the IT-Grundschutz-Kompendium.",
)
_UNKNOWN: Final = Text(
    "Die Anforderung „{requirement}“ gibt es im Baustein {module} nicht.",
    "There is no requirement “{requirement}” in the module {module}.",
)
_NOT_ASKED: Final = Text(
    "Die Anforderung {requirement} gehört nicht zum Umfang dieser Prüfung.",
    "The requirement {requirement} is not within the scope of this check.",
)
_NOT_ADOPTABLE: Final = Text(
    "Die Anforderung {requirement} lässt sich nicht aus einer Risikoanalyse übernehmen.",
    "The requirement {requirement} cannot be adopted by a risk analysis.",
)
_NOT_APPLIED: Final = Text(
    "Der Baustein {module} wird hier nicht angewendet.", "The module {module} is not applied here."
)
_OUTDATED: Final = Text(
    "Die Anforderung {requirement} wurde inzwischen von jemand anderem bearbeitet. Laden Sie die Seite neu.",
    "Somebody else has answered the requirement {requirement} meanwhile. Reload the page.",
)
_TALKED_ABOUT: Final = Text(
    "Über diesen Baustein wurde schon gesprochen. Schließen Sie ihn mit Begründung aus, statt ihn zu "
    "entfernen.",
    "This module has been talked about. Exclude it with a reason instead of removing it.",
)
_ANSWERED: Final = Text(
    "Zu diesem Baustein liegen Antworten vor. Schließen Sie ihn mit Begründung aus, statt ihn zu entfernen.",
    "This module has been answered. Exclude it with a reason instead of removing it.",
)
