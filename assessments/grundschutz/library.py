"""The imported catalogues in OSCAL: each version once, whole, and never changed again."""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assessments.grundschutz.catalogue import available_catalogues
from assessments.grundschutz.kompendium import EDITION
from assessments.grundschutz.kompendium_oscal import FILE, TITLE, kompendium_document
from assessments.grundschutz.oscal import OscalCatalogue, Problem, document, read, refuse_circles
from assessments.grundschutz.oscal_profile import Source, resolve
from assessments.grundschutz.oscal_writing import OSCAL_VERSION
from compliance.database import INSTALLATION, Actor, Base, Database, now
from compliance.entry import Journalled
from compliance.errors import NotFound, Refused
from compliance.fields import line, moment, number
from compliance.language import Text

_TITLE: Final = 300
_VERSION: Final = 100
_SHORT: Final = 12
_MOMENT: Final = re.compile(r"(\d{4}-\d\d-\d\d)T\d\d:\d\d.*")

_PIECES: Final = re.compile(r"([0-9]+)|([^0-9]+)")


class ControlCatalogue(Journalled):
    """One version of a catalogue; its journal record vouches for the document by its checksum."""

    title: Mapped[str] = line("Titel", "Title", length=_TITLE)
    edition: Mapped[str] = line("Fassung", "Version", length=_VERSION)
    oscal_version: Mapped[str] = line("OSCAL-Version", "OSCAL version", length=20)
    file_name: Mapped[str] = line("Dateiname", "File name", length=200)
    document_uuid: Mapped[str] = line("UUID des Dokuments", "UUID of the document", length=64)
    sha256: Mapped[str] = line("Prüfsumme (SHA-256)", "Checksum (SHA-256)", length=64)
    imported_at: Mapped[datetime | None] = moment("Eingelesen am", "Imported at")
    groups: Mapped[int | None] = number("Gruppen", "Groups")
    controls: Mapped[int | None] = number("Anforderungen", "Controls")
    problems: Mapped[int | None] = number("Hinweise zur Datei", "Remarks on the file")
    profile: Mapped[str] = line(
        "Prüfsumme des Profils (SHA-256)", "Checksum of the profile (SHA-256)", length=64
    )

    def __str__(self) -> str:
        return f"{self.title}, {self.dated}"

    @property
    def dated(self) -> str:
        """The version as a reader needs it; where it is a moment, its day is enough."""
        return _MOMENT.sub(r"\1", self.edition)

    @property
    def recency(self) -> tuple[tuple[int, str], ...]:
        """Grows from version to version: they are dates or numbers, and 1.10 comes after 1.9."""
        return tuple((int(digits or -1), words) for digits, words in _PIECES.findall(self.edition))

    @property
    def short(self) -> str:
        """How addresses and the command line call it: the beginning of its checksum."""
        return self.sha256[:_SHORT]

    @property
    def is_kompendium(self) -> bool:
        """Whether it is the Kompendium itself, which is called by its edition."""
        return self.sha256 == EDITION

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(None, "sha256", unique=True)


class CatalogueDocument(Base):
    """The document itself, compressed, byte for byte as it was imported."""

    __tablename__ = "catalogue_document"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True)
class Imported:
    """What an import found, and whether it was new."""

    title: str
    edition: str
    short: str
    counts: Mapping[str, int]
    problems: tuple[Problem, ...]
    changed: bool


def is_oscal(data: bytes) -> bool:
    """Whether a file looks like JSON rather than XML."""
    return data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"["))


def import_oscal(
    database: Database, main: Source, others: Sequence[Source] = (), *, actor: Actor
) -> Imported:
    """Adds the catalogue or profile in *main*; a profile draws on *others* and on what was imported before.

    Everything is read and checked before anything is locked; the same document twice changes nothing.
    Raises UnreadableCatalogue, naming the place of what is wrong.
    """
    data, root, profile = main.data, main.root, b""
    if "profile" in main.root:
        root = resolve(main.root, others, _shelf(database)).root
        data, profile = json.dumps(root, ensure_ascii=False, indent=1).encode(), main.data
    catalogue = read(root)
    refuse_circles(catalogue)
    sha256 = hashlib.sha256(data).hexdigest()
    with database.writing(INSTALLATION, actor=actor) as session:
        changed = _store(session, catalogue, data, main.name, profile)
    return Imported(
        catalogue.title,
        catalogue.version,
        sha256[:_SHORT],
        catalogue.counts(),
        catalogue.problems,
        changed,
    )


def _shelf(database: Database) -> list[Source]:
    """What was imported before, the newest first, under the names the files had; last the Kompendium."""
    with database.reading() as session:
        known = [Source(each.file_name, exported(session, each)) for each in control_catalogues(session)]
        return [*known, Source(FILE, kompendium_document(session))]


def _store(session: Session, catalogue: OscalCatalogue, data: bytes, name: str, profile: bytes) -> bool:
    sha256 = hashlib.sha256(data).hexdigest()
    if session.scalar(select(ControlCatalogue.id).where(ControlCatalogue.sha256 == sha256)):
        return False
    session.add(
        ControlCatalogue(
            title=catalogue.title[:_TITLE],
            edition=catalogue.version[:_VERSION],
            oscal_version=catalogue.oscal_version[:20],
            file_name=name[:200],
            document_uuid=catalogue.uuid[:64],
            sha256=sha256,
            imported_at=now(),
            groups=len(catalogue.groups),
            controls=len(catalogue.controls),
            problems=len(catalogue.problems),
            profile=hashlib.sha256(profile).hexdigest() if profile else "",
        )
    )
    session.info["action"] = "import"
    for content in filter(None, (data, profile)):
        _keep(session, content)
    return True


def _keep(session: Session, content: bytes) -> None:
    """Keeps a document; two catalogues may come of one profile when what it chooses from has changed."""
    sha256 = hashlib.sha256(content).hexdigest()
    if session.get(CatalogueDocument, sha256) is None:
        session.execute(insert(CatalogueDocument), [{"sha256": sha256, "content": zlib.compress(content)}])


def control_catalogues(session: Session) -> list[ControlCatalogue]:
    """All versions of all catalogues, by title, the newest first."""
    found = session.scalars(select(ControlCatalogue)).all()
    newest_first = sorted(found, key=lambda each: (each.recency, each.imported_at or now()), reverse=True)
    return sorted(newest_first, key=lambda each: each.title)


def control_catalogue(session: Session, short: str) -> ControlCatalogue:
    """The catalogue whose checksum begins with *short*. Raises :class:`NotFound` and :class:`Refused`."""
    if not short or not short.isalnum():
        raise NotFound(_NO_CATALOGUE.format(name=short))
    query = select(ControlCatalogue).where(ControlCatalogue.sha256.startswith(short.lower()))
    match session.scalars(query.limit(2)).all():
        case [found]:
            return found
        case []:
            raise NotFound(_NO_CATALOGUE.format(name=short))
        case _:
            raise Refused(_SEVERAL.format(name=short))


def readable(session: Session, short: str) -> ControlCatalogue:
    """The same, or the Kompendium by the name of its edition; the header of that is never stored."""
    if short != EDITION:
        return control_catalogue(session, short)
    [known] = available_catalogues(session)
    return ControlCatalogue(
        title=TITLE,
        edition=EDITION,
        oscal_version=OSCAL_VERSION,
        file_name=FILE,
        sha256=EDITION,
        imported_at=known.imported_at,
    )


def exported(session: Session, header: ControlCatalogue) -> bytes:
    """The catalogue as it was imported, byte for byte; that of a profile is what the profile chose."""
    if header.is_kompendium:
        return kompendium_document(session)
    return _content(session, header.sha256)


def exported_profile(session: Session, header: ControlCatalogue) -> bytes:
    """The profile as it was imported, byte for byte. Raises :class:`NotFound` where there was none."""
    if not header.profile:
        raise NotFound(_NO_PROFILE.format(name=str(header)))
    return _content(session, header.profile)


def _content(session: Session, sha256: str) -> bytes:
    query = select(CatalogueDocument.content).where(CatalogueDocument.sha256 == sha256)
    return zlib.decompress(session.scalars(query).one())


_KEPT: Final = 4
"""Catalogues that stay in memory once they have been read; a thousand controls take about 20 MB."""
_read: dict[str, OscalCatalogue] = {}


def contents(session: Session, header: ControlCatalogue) -> OscalCatalogue:
    """What is in the catalogue. Documents never change, so each is read once for all requests."""
    # The wordings of the Kompendium may be imported anew.
    key = f"{header.sha256} {header.imported_at}"
    if found := _read.get(key):
        return found
    catalogue = read(document(exported(session, header)))
    while len(_read) >= _KEPT:
        _read.pop(next(iter(_read)), None)
    _read[key] = catalogue
    return catalogue


def versions_of(session: Session, header: ControlCatalogue) -> list[ControlCatalogue]:
    """The other versions of the same catalogue, the newest first: they have the same title."""
    return [
        each
        for each in control_catalogues(session)
        if each.title == header.title and each.sha256 != header.sha256
    ]


_NO_CATALOGUE: Final = Text(
    "Einen Katalog „{name}“ gibt es nicht. „nachweis catalogue list“ nennt die eingelesenen.",
    "There is no catalogue “{name}”. “nachweis catalogue list” names those that were imported.",
)
_NO_PROFILE: Final = Text(
    "„{name}“ wurde als Katalog eingelesen und nicht als Profil.",
    "“{name}” was imported as a catalogue and not as a profile.",
)
_SEVERAL: Final = Text(
    "Mit „{name}“ beginnen mehrere Kataloge. Bitte geben Sie mehr Zeichen an.",
    "Several catalogues begin with “{name}”. Please give more characters.",
)
