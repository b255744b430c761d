"""The cross-references an operator has imported from the official workbook; until then those of the index.

The index ships the same pairs. A release of the workbook that corrects some of them counts from its import
on: in the risk analysis, in the rules over it, and in the check.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKeyConstraint, Index, String, delete, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assessments.grundschutz.cross_reference_tables import Reference, differences, read, shipped
from assessments.grundschutz.kompendium import EDITION, Requirement, edition_2023
from compliance.database import INSTALLATION, Actor, Base, Database, now
from compliance.entry import Journalled
from compliance.fields import line, moment, number
from registers.importing.sheets import Sheet

NAME: Final = "Kreuzreferenztabellen"


class CrossReferenceFile(Journalled):
    """The official workbook of one edition as last imported; its journal record vouches for the pairs."""

    edition: Mapped[str] = line("Edition", "Edition", length=20)
    sha256: Mapped[str] = line("Prüfsumme der Datei (SHA-256)", "Checksum of the file (SHA-256)", length=64)
    imported_at: Mapped[datetime | None] = moment("Eingelesen am", "Imported at")
    pairs: Mapped[int | None] = number("Kreuzreferenzen", "Cross-references")
    departing: Mapped[int | None] = number(
        "Anforderungen, die vom mitgelieferten Verzeichnis abweichen",
        "Requirements that depart from the shipped index",
    )

    def __str__(self) -> str:
        return f"{NAME} {self.edition}"

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(None, "edition", unique=True)


class CrossReference(Base):
    """What the workbook says about one requirement."""

    __tablename__ = "cross_reference"

    edition: Mapped[str] = mapped_column(String(20), primary_key=True)
    requirement_id: Mapped[str] = mapped_column(String(20), primary_key=True)
    protection: Mapped[str] = mapped_column(String(3))
    threats: Mapped[str] = mapped_column(String(300))
    """Numbers n of the elementary threats G 0.n, parted by spaces."""


@dataclass(frozen=True)
class ReferenceImport:
    """What an import found, and whether it changed anything."""

    edition: str
    counts: Mapping[str, int]
    departing: tuple[str, ...]
    """Requirements of which the workbook says something else than the shipped index."""
    changed: bool


def import_cross_references(
    database: Database, data: bytes, sheets: Sequence[Sheet], *, actor: Actor
) -> ReferenceImport:
    """Takes the pairs from *sheets*, which were read out of *data*; the same ones again change nothing.

    Everything is checked before anything is locked. Raises UnreadableCatalogue, naming sheet, row and
    column, where they are not the tables of this edition.
    """
    found = read(sheets)
    departing = differences(shipped(), found)
    with database.writing(INSTALLATION, actor=actor) as session:
        changed = _store(session, found, hashlib.sha256(data).hexdigest(), len(departing))
    return ReferenceImport(EDITION, counts(found), departing, changed)


def counts(found: Mapping[str, Reference]) -> dict[str, int]:
    """How much the tables hold of everything."""
    index = edition_2023()
    withdrawn = sum(index.requirement(each).withdrawn for each in found)
    return {
        "modules": len({index.requirement(each).module for each in found}),
        "requirements": len(found),
        "active": len(found) - withdrawn,
        "withdrawn": withdrawn,
        "cross_references": _pairs(found),
        "threats": len({threat for each in found.values() for threat in each.threats}),
        "with_values": sum(bool(each.protection) for each in found.values()),
    }


def imported_file(session: Session) -> CrossReferenceFile | None:
    """The workbook that was imported, if one was."""
    return session.scalar(select(CrossReferenceFile).where(CrossReferenceFile.edition == EDITION))


_read: dict[str, Mapping[str, Reference]] = {}


def in_force(session: Session) -> Mapping[str, Reference]:
    """What counts for each requirement: the imported tables, or the index; one small query."""
    query = select(CrossReferenceFile.sha256).where(CrossReferenceFile.edition == EDITION)
    sha256 = session.scalar(query) or ""
    if (found := _read.get(sha256)) is None:
        found = _stored(session) if sha256 else shipped()
        _read.clear()
        _read[sha256] = found
    return found


def with_protection(session: Session, requirements: Collection[Requirement]) -> tuple[Requirement, ...]:
    """*requirements* with the values that they protect first by what counts."""
    found = in_force(session)
    return tuple(replace(each, protection=found[each.id].protection) for each in requirements)


def unpacked(threats: str) -> tuple[str, ...]:
    """The ids of threats stored as their numbers."""
    return tuple(f"G 0.{number}" for number in threats.split())


def _stored(session: Session) -> Mapping[str, Reference]:
    query = select(CrossReference.requirement_id, CrossReference.protection, CrossReference.threats)
    rows = session.execute(query.where(CrossReference.edition == EDITION))
    return {row.requirement_id: Reference(row.protection, unpacked(row.threats)) for row in rows}


def _store(session: Session, found: Mapping[str, Reference], sha256: str, departing: int) -> bool:
    file = imported_file(session)
    if file and (file.sha256 == sha256 or _stored(session) == found):
        return False
    if file is None:
        file = CrossReferenceFile(edition=EDITION)
        session.add(file)
    file.sha256, file.imported_at = sha256, now()
    file.pairs, file.departing = _pairs(found), departing
    session.info["action"] = "import"
    session.execute(delete(CrossReference).where(CrossReference.edition == EDITION))
    session.execute(insert(CrossReference), [_row(identity, each) for identity, each in found.items()])
    return True


def _pairs(found: Mapping[str, Reference]) -> int:
    return sum(len(each.threats) for each in found.values())


def _row(identity: str, found: Reference) -> dict[str, str]:
    return {
        "edition": EDITION,
        "requirement_id": identity,
        "protection": found.protection,
        "threats": " ".join(threat.removeprefix("G 0.") for threat in found.threats),
    }
