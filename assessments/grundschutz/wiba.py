"""The questions of WiBA that an operator has imported, and the requirements to which they are mapped."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, delete, func, insert, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from assessments.grundschutz.wiba_tables import (
    Question,
    checklists,
    in_order,
    is_questions,
    question_key,
    read_links,
    read_questions,
)
from compliance.database import INSTALLATION, Actor, Base, Database, now
from compliance.entry import Journalled
from compliance.fields import Term, choice, line, moment, number
from compliance.language import Text
from registers.importing.sheets import Sheet


class WibaTable(Term):
    """Which of the two official workbooks a file is."""

    QUESTIONS = Text("Prüffragen", "Questions")
    LINKS = Text("Zuordnung zum Kompendium", "Mapping to the Kompendium")


class WibaFile(Journalled):
    """One of the official workbooks as it was last imported; its journal record vouches for what is in it."""

    table: Mapped[WibaTable | None] = choice(WibaTable, "Inhalt", "Contents")
    sha256: Mapped[str] = line("Prüfsumme der Datei (SHA-256)", "Checksum of the file (SHA-256)", length=64)
    imported_at: Mapped[datetime | None] = moment("Eingelesen am", "Imported at")
    count: Mapped[int | None] = number("Zeilen", "Rows")

    def __str__(self) -> str:
        return f"WiBA: {self.table.text.de if self.table else ''}"

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index("ix_wiba_file_once", "table", unique=True)


class WibaQuestion(Base):
    """One question of a checklist."""

    __tablename__ = "wiba_question"

    checklist: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    text: Mapped[str] = mapped_column(LongText)
    aids: Mapped[str] = mapped_column(LongText)
    effort: Mapped[str] = mapped_column(String(200))


class WibaLink(Base):
    """That a question is about a requirement of the Kompendium."""

    __tablename__ = "wiba_link"

    checklist: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    requirement_id: Mapped[str] = mapped_column(String(20), primary_key=True)


@dataclass(frozen=True)
class WibaImport:
    """What an import found, and whether it changed anything."""

    table: WibaTable
    counts: Mapping[str, int]
    changed: bool


def import_wiba(database: Database, data: bytes, sheets: Sequence[Sheet], *, actor: Actor) -> WibaImport:
    """Takes questions or mapping from *sheets*, read out of *data*; the same again changes nothing.

    Everything is checked before anything is locked. Raises UnreadableCatalogue, naming the place.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    if is_questions(sheets):
        questions = read_questions(sheets)
        with database.writing(INSTALLATION, actor=actor) as session:
            changed = _store(session, WibaTable.QUESTIONS, WibaQuestion, sha256, _question_rows(questions))
        counts = {"checklists": len(checklists()), "questions": len(questions)}
        return WibaImport(WibaTable.QUESTIONS, counts, changed)
    links = read_links(sheets)
    with database.writing(INSTALLATION, actor=actor) as session:
        changed = _store(session, WibaTable.LINKS, WibaLink, sha256, _link_rows(links))
    linked = {identity for requirements in links.values() for identity in requirements}
    counts = {"questions": len(links), "mapped_requirements": len(linked)}
    return WibaImport(WibaTable.LINKS, counts, changed)


def _store(
    session: Session,
    table: WibaTable,
    model: type[WibaQuestion | WibaLink],
    sha256: str,
    rows: list[dict[str, int | str]],
) -> bool:
    file = session.scalar(select(WibaFile).where(WibaFile.table == table))
    if file and (file.sha256 == sha256 or _as_stored(session, model) == _sorted(rows)):
        return False
    if file is None:
        file = WibaFile(table=table)
        session.add(file)
    file.sha256, file.imported_at, file.count = sha256, now(), len(rows)
    session.info["action"] = "import"
    session.execute(delete(model))
    session.execute(insert(model), rows)
    return True


def _as_stored(session: Session, model: type[WibaQuestion | WibaLink]) -> list[tuple[int | str, ...]]:
    rows = session.execute(select(*model.__mapper__.columns)).mappings()
    return _sorted([dict(row) for row in rows])


def _sorted(rows: list[dict[str, int | str]]) -> list[tuple[int | str, ...]]:
    """Rows without their order and that of their columns; files may differ in a date alone."""
    return sorted(tuple(value for _name, value in sorted(row.items())) for row in rows)


def _question_rows(questions: Sequence[Question]) -> list[dict[str, int | str]]:
    return [
        {
            "checklist": each.checklist,
            "number": each.number,
            "text": each.text,
            "aids": each.aids,
            "effort": each.effort[:200],
        }
        for each in questions
    ]


def _link_rows(links: Mapping[str, Sequence[str]]) -> list[dict[str, int | str]]:
    return [
        {"checklist": in_order(key)[0], "number": in_order(key)[1], "requirement_id": identity}
        for key, requirements in links.items()
        for identity in requirements
    ]


def wiba_files(session: Session) -> dict[WibaTable, WibaFile]:
    """The imported workbooks."""
    return {file.table: file for file in session.scalars(select(WibaFile)) if file.table}


def questions_of(session: Session, checklist: int) -> list[Question]:
    """The questions of one checklist by number."""
    query = select(WibaQuestion).where(WibaQuestion.checklist == checklist).order_by(WibaQuestion.number)
    return [_question(row) for row in session.scalars(query)]


def all_questions(session: Session) -> dict[str, Question]:
    """Every question by its key."""
    query = select(WibaQuestion).order_by(WibaQuestion.checklist, WibaQuestion.number)
    found = [_question(row) for row in session.scalars(query)]
    return {each.key: each for each in found}


def question_counts(session: Session) -> dict[int, int]:
    """How many questions each checklist has."""
    query = select(WibaQuestion.checklist, func.count()).group_by(WibaQuestion.checklist)
    return {row[0]: row[1] for row in session.execute(query)}


def links(session: Session) -> dict[str, tuple[str, ...]]:
    """The keys of the questions about each requirement."""
    query = select(WibaLink.requirement_id, WibaLink.checklist, WibaLink.number)
    found: dict[str, list[str]] = {}
    for row in session.execute(query):
        found.setdefault(row.requirement_id, []).append(question_key(row.checklist, row.number))
    return {identity: tuple(sorted(keys, key=in_order)) for identity, keys in found.items()}


def _question(row: WibaQuestion) -> Question:
    return Question(row.checklist, row.number, row.text, row.aids, row.effort)
