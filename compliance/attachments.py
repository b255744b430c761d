"""Files attached to entries: contracts, evidence, letters.

A row says what is attached where and by whom; the content lies enciphered in the vault and
may be shared by several rows of one organisation. A content is written before its row and
deleted after its last row, so that whatever fails in between leaves a content without a
row, never a row without its content; ``nachweis files clean`` deletes such contents.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import PurePath
from typing import Any, BinaryIO, Final

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session

from compliance.access import Identity, Permission, demand
from compliance.database import Actor, Database, now
from compliance.entry import Entry, Record
from compliance.errors import NotFound, Refused
from compliance.fields import choice, line, moment, number, tidy_line
from compliance.filekinds import FORMATS, FileKind, kind_of
from compliance.journal import hold
from compliance.language import Text
from compliance.people import Organisation
from compliance.vault import Kept, Vault

LARGEST: Final = 25 * 1024 * 1024
"""No file is larger, in bytes."""
_LONGEST_NAME: Final = 200


class Attachment(Record):
    """One file at one entry."""

    register: Mapped[str] = line("Register", "Register", fixed=True)
    entry_id: Mapped[uuid.UUID]
    subject: Mapped[str] = line("Zu", "On", length=300, fixed=True)
    name: Mapped[str] = line("Dateiname", "File name", personal=True)
    kind: Mapped[FileKind | None] = choice(FileKind, "Art", "Kind", fixed=True)
    size: Mapped[int | None] = number("Größe", "Size", unit=Text("Byte", "bytes"), fixed=True)
    content: Mapped[str] = line("Prüfsumme des Inhalts", "Checksum of the content", length=64, fixed=True)
    added_by: Mapped[str] = line("Hinzugefügt von", "Added by", personal=True)
    added_at: Mapped[datetime | None] = moment("Hinzugefügt am", "Added on", fixed=True)

    @classmethod
    def _indexes(cls) -> Any:
        yield Index(None, "organisation_id", "entry_id")
        yield Index(None, "organisation_id", "content")

    @property
    def kept(self) -> Kept:
        """Where the content lies."""
        return Kept(self.organisation_id, self.content)

    @property
    def mimetype(self) -> str:
        """What a browser is told that it is."""
        return FORMATS[self.kind].mimetype if self.kind else "application/octet-stream"


def attachments(session: Session, entry: Entry) -> Sequence[Attachment]:
    """Everything attached to *entry*, the oldest first."""
    query = select(Attachment).where(Attachment.entry_id == entry.id)
    return session.scalars(query.order_by(Attachment.id)).all()


def attachment_of(session: Session, entry: Entry, identity: str) -> Attachment:
    """The attachment with that id, if it is one of *entry*. Raises :class:`NotFound`."""
    try:
        wanted = uuid.UUID(identity)
    except ValueError as error:
        raise NotFound(_GONE) from error
    query = select(Attachment).where(Attachment.id == wanted, Attachment.entry_id == entry.id)
    found = session.scalar(query)
    if found is None:
        raise NotFound(_GONE)
    return found


# --- Adding --------------------------------------------------------------------------------------


def take_in(vault: Vault, owner: uuid.UUID, name: str, stream: BinaryIO) -> Attachment:
    """Checks a file and keeps its content; gives the row that :func:`attach` still has to save.

    Raises :class:`Refused`, naming the file, if it is empty, too large or of the wrong kind.
    """
    tidy = tidy_name(name)
    size = stream.seek(0, 2)
    if size > LARGEST:
        raise Refused(_TOO_LARGE.format(name=tidy, limit=LARGEST // 1024**2))
    if not size:
        raise Refused(_EMPTY.format(name=tidy))
    kind = kind_of(tidy, stream)
    kept = vault.digest(stream, owner)
    vault.put(stream, kept)
    return Attachment(name=tidy, kind=kind, size=size, content=kept.digest)


def attach(
    session: Session, vault: Vault, entry: Entry, taken: Attachment, stream: BinaryIO, *, by: Identity
) -> None:
    """Attaches to *entry* the file that :func:`take_in` gave as *taken*."""
    demand(by, Permission.EDIT, entry)
    enclose(session, vault, entry, taken, stream, added_by=by.name)


def enclose(
    session: Session, vault: Vault, entry: Entry, taken: Attachment, stream: BinaryIO, *, added_by: str
) -> None:
    """Attaches what came with *entry* itself, such as a file that a public form brought."""
    taken.register = entry.slug
    taken.entry_id = entry.id
    taken.subject = str(entry)[:300]
    taken.added_by = added_by
    taken.added_at = now()
    session.add(taken)
    session.flush()
    # From here on nobody else discards it; if that happened a moment ago, it is put back.
    vault.put(stream, taken.kept)


def tidy_name(name: str) -> str:
    """*name* without folders and without characters that hide how it ends; the ending is kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(" " if unicodedata.category(c) in _UNSEEN else c for c in last)
    whole = tidy_line(visible) or "datei"
    ending = PurePath(whole).suffix[:20]
    return whole if len(whole) <= _LONGEST_NAME else whole[: _LONGEST_NAME - len(ending)] + ending


_UNSEEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
"""Characters that show nothing or turn the direction of reading, by Unicode category."""


# --- Removing ------------------------------------------------------------------------------------


def detach(session: Session, entry: Entry, attachment: Attachment, *, by: Identity) -> None:
    """Takes the file away from *entry*; its content goes with :func:`discard` once this is committed."""
    demand(by, Permission.EDIT, entry)
    session.delete(attachment)


def discard(database: Database, vault: Vault, kept: Kept, *, actor: Actor) -> bool:
    """Deletes a content that nothing refers to any more; says whether it did.

    Whoever attaches the same content at this moment waits, and puts it back.
    """
    with database.writing(kept.owner, actor=actor) as session:
        hold(session, kept.owner)
        if session.scalar(select(Attachment.id).where(Attachment.content == kept.digest).limit(1)):
            return False
        vault.discard(kept)
        return True


def clean(database: Database, vault: Vault, *, actor: Actor) -> int:
    """Deletes everything in the vault that no row refers to; says how much it was."""
    strays = (kept for kept in list(vault.contents()) if not _is_used(database, kept))
    return vault.sweep() + sum(discard(database, vault, kept, actor=actor) for kept in strays)


def _is_used(database: Database, kept: Kept) -> bool:
    with database.reading(kept.owner) as session:
        query = select(Attachment.id).where(Attachment.content == kept.digest).limit(1)
        return session.scalar(query) is not None


def every_content(database: Database) -> Iterator[Kept]:
    """Every content that a row of any organisation refers to, each once."""
    with database.reading() as session:
        organisations = session.scalars(select(Organisation.id).order_by(Organisation.id)).all()
    for organisation in organisations:
        with database.reading(organisation) as session:
            for digest in session.scalars(select(Attachment.content).distinct().order_by(Attachment.content)):
                yield Kept(organisation, digest)


_GONE = Text("Diese Datei gibt es nicht.", "There is no such file.")
_TOO_LARGE = Text(
    "„{name}“ ist zu groß. Eine Datei darf höchstens {limit} MB haben.",
    "“{name}” is too large. A file may have at most {limit} MB.",
)
_EMPTY = Text("„{name}“ ist leer.", "“{name}” is empty.")
