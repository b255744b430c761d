"""The wordings of the Kompendium that an operator has imported from the official file."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, delete, insert, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from assessments.grundschutz.cross_references import imported_file
from assessments.grundschutz.kompendium import Catalogue, Module, Requirement, edition_2023
from assessments.grundschutz.kompendium_xml import with_wordings
from compliance.database import INSTALLATION, Actor, Base, Database, now
from compliance.entry import Journalled
from compliance.fields import line, moment, number


class CatalogueFile(Journalled):
    """The official file of one edition as it was last imported; its journal record vouches for the texts."""

    edition: Mapped[str] = line("Edition", "Edition", length=20)
    sha256: Mapped[str] = line("Prüfsumme der Datei (SHA-256)", "Checksum of the file (SHA-256)", length=64)
    imported_at: Mapped[datetime | None] = moment("Eingelesen am", "Imported at")
    modules: Mapped[int | None] = number("Bausteine", "Modules")
    requirements: Mapped[int | None] = number("Anforderungen", "Requirements")

    def __str__(self) -> str:
        return self.edition

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(None, "edition", unique=True)


class RequirementText(Base):
    """The wording of one requirement."""

    __tablename__ = "requirement_text"

    edition: Mapped[str] = mapped_column(String(20), primary_key=True)
    requirement_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    text: Mapped[str] = mapped_column(LongText)


class ModuleText(Base):
    """What one module is about: introduction, objective, and how it is to be applied."""

    __tablename__ = "module_text"

    edition: Mapped[str] = mapped_column(String(20), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    introduction: Mapped[str] = mapped_column(LongText)
    objective: Mapped[str] = mapped_column(LongText)
    scope: Mapped[str] = mapped_column(LongText)


@dataclass(frozen=True)
class ImportResult:
    """What an import found, and whether it changed anything."""

    name: str
    edition: str
    counts: Mapping[str, int]
    changed: bool


@dataclass(frozen=True)
class Available:
    """A catalogue that can be worked with, and since when its wordings are there, if they are."""

    name: str
    edition: str
    counts: Mapping[str, int]
    imported_at: datetime | None = None
    sha256: str = ""
    references_at: datetime | None = None
    """When the cross-references were imported from the official workbook."""
    references_sha256: str = ""
    departing: int = 0
    """Requirements of which the workbook says something else than the shipped index."""


def import_catalogue(database: Database, data: bytes, *, actor: Actor) -> ImportResult:
    """Takes the wordings from the official file in *data*; the same ones a second time change nothing.

    The file is read and compared with the index before anything is locked.
    Raises UnreadableCatalogue where it is not this edition, whole and unchanged.
    """
    catalogue = with_wordings(data)
    with database.writing(INSTALLATION, actor=actor) as session:
        changed = _store(session, catalogue, hashlib.sha256(data).hexdigest())
    return ImportResult(catalogue.name, catalogue.edition, catalogue.counts(), changed)


def available_catalogues(session: Session) -> list[Available]:
    """The shipped catalogue, with the times at which wordings and cross-references were imported."""
    index = edition_2023()
    file, tables = _file(session, index.edition), imported_file(session)
    counts = index.counts()
    if tables:
        counts["cross_references"] = tables.pairs or 0
    return [
        Available(
            index.name,
            index.edition,
            counts,
            imported_at=file.imported_at if file else None,
            sha256=file.sha256 if file else "",
            references_at=tables.imported_at if tables else None,
            references_sha256=tables.sha256 if tables else "",
            departing=(tables.departing or 0) if tables else 0,
        )
    ]


def with_text(session: Session, module: Module) -> Module:
    """*module* with its description, where the wordings have been imported."""
    found = session.get(ModuleText, (edition_2023().edition, module.id))
    if found is None:
        return module
    return replace(module, introduction=found.introduction, objective=found.objective, scope=found.scope)


def with_texts(session: Session, requirements: Collection[Requirement]) -> tuple[Requirement, ...]:
    """*requirements* with their wordings, where these have been imported."""
    query = select(RequirementText.requirement_id, RequirementText.text).where(
        RequirementText.edition == edition_2023().edition,
        RequirementText.requirement_id.in_([requirement.id for requirement in requirements]),
    )
    texts = {row.requirement_id: row.text for row in session.execute(query)}
    return tuple(replace(requirement, text=texts.get(requirement.id, "")) for requirement in requirements)


def _store(session: Session, catalogue: Catalogue, sha256: str) -> bool:
    file = _file(session, catalogue.edition)
    if file and (file.sha256 == sha256 or _same_wordings(session, catalogue)):
        return False
    counts = catalogue.counts()
    if file is None:
        file = CatalogueFile(edition=catalogue.edition)
        session.add(file)
    file.sha256 = sha256
    file.imported_at = now()
    file.modules = counts["modules"]
    file.requirements = counts["requirements"]
    session.info["action"] = "import"
    for table in (RequirementText, ModuleText):
        session.execute(delete(table).where(table.edition == catalogue.edition))
    session.execute(insert(RequirementText), _requirement_rows(catalogue))
    session.execute(insert(ModuleText), _module_rows(catalogue))
    return True


def _file(session: Session, edition: str) -> CatalogueFile | None:
    return session.scalar(select(CatalogueFile).where(CatalogueFile.edition == edition))


def _same_wordings(session: Session, catalogue: Catalogue) -> bool:
    """Whether the stored wordings are those of *catalogue*; releases of the file may differ in a misprint."""
    requirements = select(RequirementText).where(RequirementText.edition == catalogue.edition)
    modules = select(ModuleText).where(ModuleText.edition == catalogue.edition)
    stored = {row.requirement_id: row.text for row in session.scalars(requirements)}
    described = {
        row.module_id: (row.introduction, row.objective, row.scope) for row in session.scalars(modules)
    }
    return stored == {each.id: each.text for each in catalogue.requirements} and described == {
        each.id: (each.introduction, each.objective, each.scope) for each in catalogue.modules
    }


def _requirement_rows(catalogue: Catalogue) -> list[dict[str, str]]:
    return [
        {"edition": catalogue.edition, "requirement_id": each.id, "text": each.text}
        for each in catalogue.requirements
    ]


def _module_rows(catalogue: Catalogue) -> list[dict[str, str]]:
    return [
        {
            "edition": catalogue.edition,
            "module_id": each.id,
            "introduction": each.introduction,
            "objective": each.objective,
            "scope": each.scope,
        }
        for each in catalogue.modules
    ]
