"""The check as a workbook that is filled in without the application and comes back.

One row for each requirement that is asked for. How it leaves is written by the
exports; what came back is compared, answer by answer, with what left and with what is
stored now, by the means of :mod:`registers.importing.roundtrip`.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.grundschutz.catalogue import with_texts
from assessments.grundschutz.check import (
    Given,
    RequirementAnswer,
    Status,
    answer_each,
    applicable,
    given_in,
    is_borrowed,
    row_id,
)
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.kompendium import Requirement, edition_2023, reading_order
from assessments.grundschutz.modelling import Assignment
from compliance.access import Identity
from compliance.entry import everything
from compliance.errors import Refused
from compliance.fields import Kind, fields
from compliance.journal import facts, state_at
from compliance.language import LOCAL_TIME, Text
from registers.importing.carrying import ACTION
from registers.importing.roundtrip import MINE, Book, Decisions, Edit, Plan, Problem, Revision, Rights
from registers.importing.roundtrip.layout import (
    ID,
    MAIN,
    NUMBER,
    VERSION,
    Column,
    Left,
    Sheet,
    Stamp,
)
from registers.importing.roundtrip.merging import Group, Planner

FILLED_IN: Final = (
    "status",
    "reason",
    "measure",
    "responsible",
    "due",
    "remark",
    "evidence",
    "evidence_on",
    "met_by",
)
"""The answers that come back, in the order of the columns."""


# --- How it is laid out --------------------------------------------------------------------------


def sheet(language: str) -> Sheet:
    """The only sheet that is read again."""
    marks = [Column(path, label[language], None, meaning) for path, (label, meaning) in _MARKS.items()]
    specs: Mapping[str, Kind] = fields(RequirementAnswer)
    asked = [Column(name, specs[name].label[language], specs[name]) for name in FILLED_IN]
    return Sheet(MAIN, _TITLE[language], (*marks, *asked))


def register_of(domain: InformationDomain) -> str:
    """What the stamp of a workbook says it is about."""
    return f"check-{domain.id.hex}"


def stamp(
    domain: InformationDomain, organisation: str, exported: datetime, language: str, rows: Iterable[Left]
) -> Stamp:
    """Where a workbook comes from, and in which version each answer left."""
    laid_out = sheet(language)
    return Stamp(
        register=register_of(domain),
        organisation=organisation,
        schema=",".join(FILLED_IN),
        exported=exported.astimezone(LOCAL_TIME).isoformat(timespec="seconds"),
        language=language,
        sheets={laid_out.key: laid_out.title},
        columns={laid_out.key: {column.header: column.path for column in laid_out.columns}},
        entries={left.id: left for left in rows},
        targets={},
    )


@dataclass(frozen=True)
class BookRow:
    """One requirement as it leaves."""

    key: str
    """Names assignment and requirement."""
    version: int
    number: str
    """How the row is called everywhere, such as ``IV-0001/ZO-0003/SYS.1.1.A1``."""
    assignment: Assignment
    requirement: Requirement
    answer: RequirementAnswer | None

    def said(self) -> dict[str, Any]:
        """What is answered, as JSON."""
        found = facts(self.answer) if self.answer is not None else {}
        return {name: found.get(name) for name in FILLED_IN}


def rows(session: Session, domain: InformationDomain, only: uuid.UUID | None = None) -> Iterator[BookRow]:
    """Every requirement asked in *domain*, or in one assignment of it, that may be answered here.

    Answers taken over from elsewhere stay at home, because they are changed at their source.
    """
    assignments = _assignments(session, domain, only)
    stored = _stored(session, [assignment.id for assignment in assignments])
    wanted: list[tuple[Assignment, Requirement]] = []
    for assignment in assignments:
        mine = stored[assignment.id]
        adopted = {identity for identity, answer in mine.items() if answer.adopted}
        wanted += [(assignment, each) for each in applicable(domain.extent, assignment.module_id, adopted)]
    different = {requirement.id: requirement for _assignment, requirement in wanted}
    texts = {each.id: each for each in with_texts(session, list(different.values()))}
    for assignment, requirement in wanted:
        answer = stored[assignment.id].get(requirement.id)
        if answer is None or not is_borrowed(answer):
            yield BookRow(
                _key(assignment.id, requirement.id),
                answer.version if answer else 0,
                row_id(domain.designation, assignment.place, requirement.id),
                assignment,
                texts[requirement.id],
                answer,
            )


def _assignments(session: Session, domain: InformationDomain, only: uuid.UUID | None) -> list[Assignment]:
    query = select(Assignment).where(Assignment.domain_id == domain.id, Assignment.relevant.is_not(False))
    if only is not None:
        query = query.where(Assignment.id == only)
    found = session.scalars(query.options(*everything(Assignment))).all()
    return sorted(
        found, key=lambda each: (each.target.number if each.target else 0, reading_order(each.module_id))
    )


def _stored(
    session: Session, assignments: Sequence[uuid.UUID]
) -> defaultdict[uuid.UUID, dict[str, RequirementAnswer]]:
    found: defaultdict[uuid.UUID, dict[str, RequirementAnswer]] = defaultdict(dict)
    query = select(RequirementAnswer).where(RequirementAnswer.assignment_id.in_(assignments))
    for answer in session.scalars(query.options(*everything(RequirementAnswer))):
        found[answer.assignment_id][answer.requirement_id] = answer
    return found


def _key(assignment: uuid.UUID, requirement: str) -> str:
    # In small letters, as the reader of workbooks gives ids.
    return f"{assignment.hex}.{requirement}".lower()


# --- What came back ------------------------------------------------------------------------------


def plan(session: Session, domain: InformationDomain, book: Book, rights: Rights) -> Plan:
    """What *book* proposes for the check of *domain*; changes nothing.

    Raises :class:`Refused` where the file belongs to another organisation or domain.
    """
    if (book.stamp.organisation, book.stamp.register) != (domain.organisation_id.hex, register_of(domain)):
        raise Refused(_FOREIGN.format(file=book.name, domain=str(domain)))
    return _CheckPlanner(session, domain, book, rights).planned()


class _CheckPlanner(Planner):
    """Compares row by row; there are neither new rows nor missing ones."""

    def __init__(self, session: Session, domain: InformationDomain, book: Book, rights: Rights) -> None:
        super().__init__(session, InformationDomain, book, rights)
        specs: Mapping[str, Kind] = fields(RequirementAnswer)
        self._specs = {name: specs[name] for name in FILLED_IN}
        self._domain = domain
        self._assigned = {
            _key(assignment.id, each.id): (assignment, each)
            for assignment in _assignments(session, domain, None)
            for each in edition_2023().requirements_of(assignment.module_id)
        }

    def planned(self) -> Plan:
        groups = list(self._grouped())
        differing = [group for group in groups if self._differs(group)]
        places = {self._assigned[key][0].id for key in _keys(differing) if key in self._assigned}
        stored = {
            _key(assignment, requirement): answer
            for assignment, mine in _stored(self._session, list(places)).items()
            for requirement, answer in mine.items()
        }
        revisions = [self._revision(group, stored) for group in differing]
        telling = [revision for revision in revisions if revision.edits or revision.problems]
        return Plan(
            model=InformationDomain,
            file=self._book.name,
            revisions=tuple(telling),
            missing=(),
            problems=tuple(self._problems),
            unchanged=len(groups) - len(telling),
            notes=tuple(self._lost()),
        )

    def _grouped(self) -> Iterator[Group]:
        for group in super()._grouped():
            if group.left is not None:
                yield group
            else:
                reason = _UNKNOWN_ROW.format(number=group.line.number or "–")
                self._problems.append(Problem.at(self._main, group.line, NUMBER, reason))

    def _revision(self, group: Group, stored: Mapping[str, Any]) -> Revision:
        key = group.left.id if group.left else ""
        answer: RequirementAnswer | None = stored.get(key)
        refusal = self._refusal(key, answer)
        if refusal is not None:
            problem = Problem.at(self._main, group.line, NUMBER, refusal)
            return self._made(group, answer, [], [problem], key=key)
        theirs = facts(answer) if answer is not None else {}
        version = group.left.version if group.left else 0
        edits: list[Edit] = []
        problems: list[Problem] = []
        for found in self._field_edits(group, self._base(answer, theirs, version), theirs):
            (edits if isinstance(found, Edit) else problems).append(found)  # type: ignore[arg-type]
        return self._made(group, answer, edits, problems, key=key)

    def _base(
        self, answer: RequirementAnswer | None, theirs: Mapping[str, Any], version: int
    ) -> Mapping[str, Any]:
        """What was exported."""
        if answer is None or version == 0:
            return {}
        return theirs if answer.version == version else state_at(self._session, answer, version)

    def _refusal(self, key: str, answer: RequirementAnswer | None) -> Text | None:
        """Why the row cannot be answered here any more, if so."""
        if key not in self._assigned:
            return _NOT_APPLIED
        _assignment, requirement = self._assigned[key]
        adopted = answer is not None and answer.adopted is True
        if not self._domain.extent.asks(requirement, adopted=adopted):
            return _NOT_ASKED
        return _BORROWED if answer is not None and is_borrowed(answer) else None

    def _made(
        self, group: Group, entry: Any, edits: Iterable[Edit], problems: Iterable[Problem], *, key: str
    ) -> Revision:
        name = group.line.number
        if key in self._assigned:
            name = f"{name} {self._assigned[key][1].title}"
        return Revision(key, group.line.row, name, entry, tuple(edits), tuple(problems))


def _keys(groups: Iterable[Group]) -> Iterator[str]:
    return (group.left.id for group in groups if group.left is not None)


def carry_out(
    session: Session, domain: InformationDomain, plan: Plan, decisions: Decisions, *, by: Identity
) -> int:
    """Stores what *decisions* takes out of *plan*, in one unit of work; returns how many answers changed.

    *session* must be the one for which the plan was made, and it must be writing.
    Raises :class:`Refused` where a choice is still open.
    """
    if undecided := decisions.undecided(plan):
        raise Refused(_UNDECIDED.format(rows=", ".join(each.name for each in undecided[:5])))
    session.info["action"] = ACTION
    session.info["source"] = plan.file
    assignments = {each.id: each for each in _assignments(session, domain, None)}
    given: defaultdict[uuid.UUID, dict[str, Given]] = defaultdict(dict)
    for revision in plan.ready:
        if revision.key not in decisions.taken:
            continue
        said = {edit.field: edit.value for edit in revision.edits if decisions.side(revision, edit) == MINE}
        if said:
            assignment, _dot, requirement = revision.key.partition(".")
            before = given_in(revision.entry) if revision.entry is not None else Given()
            if "status" in said and said["status"] is None:
                said["status"] = Status.OPEN
            given[uuid.UUID(hex=assignment)][requirement.upper()] = replace(before, **said)
    return sum(
        len(answer_each(session, assignments[identity], answers, by=by))
        for identity, answers in given.items()
    )


_TITLE: Final = Text("IT-Grundschutz-Check", "IT-Grundschutz check")
_MARKS: Final = {
    ID: (
        Text("Kennung (nicht ändern)", "Id (do not change)"),
        Text(
            "Ausgeblendet. Erkennt die Zeile wieder; nicht ändern.",
            "Hidden. Recognises the row; do not change it.",
        ),
    ),
    VERSION: (
        Text("Fassung (nicht ändern)", "Version (do not change)"),
        Text(
            "Ausgeblendet. Fassung der Antwort beim Export; nicht ändern.",
            "Hidden. Version of the answer when it was exported; do not change it.",
        ),
    ),
    NUMBER: (
        Text("Nr.", "No."),
        Text(
            "Informationsverbund, Zielobjekt und Anforderung. Nicht ändern.",
            "Information domain, target object and requirement. Do not change it.",
        ),
    ),
    "@requirement": (
        Text("Anforderung", "Requirement"),
        Text("Titel der Anforderung; wird nicht eingelesen.", "Title of the requirement; not read again."),
    ),
    "@level": (
        Text("Stufe", "Level"),
        Text(
            "B Basis, S Standard, H erhöhter Schutzbedarf; wird nicht eingelesen.",
            "B basic, S standard, H increased protection need; not read again.",
        ),
    ),
    "@module": (
        Text("Baustein", "Module"),
        Text("Wird nicht eingelesen.", "Not read again."),
    ),
    "@target": (
        Text("Zielobjekt", "Target object"),
        Text("Wird nicht eingelesen.", "Not read again."),
    ),
    "@text": (
        Text("Anforderungstext", "Text of the requirement"),
        Text(
            "Leer, solange die Texte des Kompendiums nicht eingelesen sind; wird nicht eingelesen.",
            "Empty as long as the texts of the Kompendium have not been imported; not read again.",
        ),
    ),
}
_FOREIGN: Final = Text(
    "Die Datei „{file}“ gehört nicht zum Check von {domain}.",
    "The file “{file}” does not belong to the check of {domain}.",
)
_UNKNOWN_ROW: Final = Text(
    "„{number}“ wurde nicht mit dieser Datei exportiert; neue Zeilen werden nicht gelesen.",
    "“{number}” was not exported with this file; new rows are not read.",
)
_NOT_APPLIED: Final = Text(
    "Der Baustein wird hier nicht mehr angewendet.", "The module is no longer applied here."
)
_NOT_ASKED: Final = Text(
    "Die Anforderung gehört nicht mehr zum Umfang der Prüfung.",
    "The requirement is no longer within the scope of the check.",
)
_BORROWED: Final = Text(
    "Die Antwort ist inzwischen übernommen und wird an ihrer Quelle geändert.",
    "The answer has been taken over meanwhile and is changed at its source.",
)
_UNDECIDED: Final = Text(
    "Bitte wählen Sie zuerst, was bei beidseitig geänderten Angaben gelten soll: {rows}.",
    "Please choose first what shall hold where both sides changed an answer: {rows}.",
)
