"""The imported mappings from the Kompendium 2023: each version once, whole, and never changed again."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKeyConstraint, Index, insert, select
from sqlalchemy.orm import Mapped, Session

from assessments.grundschutz.library import CatalogueDocument
from assessments.grundschutz.oscal import OscalCatalogue, Problem, document
from assessments.grundschutz.oscal_mapping import ROOT, OscalMapping, read
from assessments.grundschutz.oscal_profile import Source
from compliance.database import INSTALLATION, Actor, Database, now
from compliance.entry import Journalled
from compliance.errors import NotFound
from compliance.fields import line, moment, number
from compliance.language import Text

_TITLE: Final = 300
_SHORT: Final = 12


class ControlMapping(Journalled):
    """One version of a mapping; its journal record vouches for the document by its checksum."""

    title: Mapped[str] = line("Titel", "Title", length=_TITLE)
    edition: Mapped[str] = line("Fassung", "Version", length=100)
    status: Mapped[str] = line("Stand nach Angabe der Quelle", "Status as its source states it", length=40)
    file_name: Mapped[str] = line("Dateiname", "File name", length=200)
    sha256: Mapped[str] = line("Prüfsumme (SHA-256)", "Checksum (SHA-256)", length=64)
    imported_at: Mapped[datetime | None] = moment("Eingelesen am", "Imported at")
    pairs: Mapped[int | None] = number("Zuordnungen", "Pairs")
    problems: Mapped[int | None] = number("Hinweise zur Datei", "Remarks on the file")

    def __str__(self) -> str:
        return f"{self.title}, {self.edition}"

    @property
    def short(self) -> str:
        """How addresses and the command line call it: the beginning of its checksum."""
        return self.sha256[:_SHORT]

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(None, "sha256", unique=True)


@dataclass(frozen=True)
class MappingImport:
    """What an import found, and whether it was new."""

    title: str
    edition: str
    short: str
    counts: Mapping[str, int]
    problems: tuple[Problem, ...]
    changed: bool


def is_mapping(source: Source) -> bool:
    """Whether the document maps controls instead of listing them. Raises UnreadableCatalogue."""
    return ROOT in source.root


def import_mapping(database: Database, main: Source, *, actor: Actor) -> MappingImport:
    """Adds the mapping in *main*; the same document twice changes nothing.

    Everything is read and checked before anything is locked. Raises UnreadableCatalogue, naming the place.
    """
    found = read(main.root)
    sha256 = hashlib.sha256(main.data).hexdigest()
    with database.writing(INSTALLATION, actor=actor) as session:
        changed = _store(session, found, main, sha256)
    return MappingImport(found.title, found.version, sha256[:_SHORT], found.counts(), found.problems, changed)


def _store(session: Session, found: OscalMapping, main: Source, sha256: str) -> bool:
    if session.scalar(select(ControlMapping.id).where(ControlMapping.sha256 == sha256)):
        return False
    session.add(
        ControlMapping(
            title=found.title[:_TITLE],
            edition=found.version[:100],
            status=found.status[:40],
            file_name=main.name[:200],
            sha256=sha256,
            imported_at=now(),
            pairs=len(found.pairs),
            problems=len(found.problems),
        )
    )
    session.info["action"] = "import"
    session.execute(insert(CatalogueDocument), [{"sha256": sha256, "content": zlib.compress(main.data)}])
    return True


def control_mappings(session: Session) -> list[ControlMapping]:
    """All imported mappings, the newest first."""
    found = session.scalars(select(ControlMapping)).all()
    return sorted(found, key=lambda each: (each.edition[-10:], each.imported_at or now()), reverse=True)


def control_mapping(session: Session, short: str) -> ControlMapping:
    """The mapping whose checksum begins with *short*. Raises :class:`NotFound`."""
    for each in control_mappings(session):
        if short and each.sha256.startswith(short.lower()):
            return each
    raise NotFound(_NO_MAPPING.format(name=short))


_KEPT: Final = 2
"""Mappings that stay in memory once they have been read."""
_read: dict[str, OscalMapping] = {}


def pairs_of(session: Session, header: ControlMapping) -> OscalMapping:
    """What the mapping says. Documents never change, so each is read once for all requests."""
    if found := _read.get(header.sha256):
        return found
    query = select(CatalogueDocument.content).where(CatalogueDocument.sha256 == header.sha256)
    mapping = read(document(zlib.decompress(session.scalars(query).one())))
    while len(_read) >= _KEPT:
        _read.pop(next(iter(_read)), None)
    _read[header.sha256] = mapping
    return mapping


def mappings_to(session: Session, catalogue: OscalCatalogue) -> list[ControlMapping]:
    """The mappings that lead to controls of *catalogue*, the newest first."""
    return [each for each in control_mappings(session) if pairs_of(session, each).targets(catalogue)]


_NO_MAPPING: Final = Text(
    "Eine Zuordnung „{name}“ ist nicht eingelesen.", "A mapping “{name}” has not been imported."
)
