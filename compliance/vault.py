"""Where attached files lie: enciphered, by content, in a folder or an object store.

A vault is any place that fsspec reaches. It knows nothing of entries and people; it keeps
contents by organisation and digest, and whoever has the place but not the key learns sizes.
"""

from __future__ import annotations

import io
import os
import re
import secrets
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Final, cast

from fsspec.core import url_to_fs

from compliance.crypto import CHUNK, Keys
from compliance.database import now
from compliance.errors import Damaged, Misconfigured
from compliance.language import Text

_UNFINISHED: Final = ".part"
_ABANDONED: Final = timedelta(days=1)
"""After so long an unfinished file belongs to a process that is gone."""
_PATH: Final = re.compile(r"(?P<owner>[0-9a-f]{32})/[0-9a-f]{2}/(?P<digest>[0-9a-f]{64})")


@dataclass(frozen=True)
class Kept:
    """One content of one organisation."""

    owner: uuid.UUID
    digest: str

    @property
    def path(self) -> str:
        """Where it lies below the root; folders stay small."""
        return f"{self.owner.hex}/{self.digest[:2]}/{self.digest}"

    @classmethod
    def at(cls, path: str) -> Kept | None:
        """The content that lies at *path*, if contents lie at such paths."""
        found = _PATH.fullmatch(path)
        kept = cls(uuid.UUID(found["owner"]), found["digest"]) if found else None
        return kept if kept and kept.path == path else None


class Vault:
    """Contents by organisation and digest. No method holds more than a few chunks in memory."""

    def __init__(self, address: str, keys: Keys) -> None:
        self._keys = keys
        try:
            # A remembered listing would still show what another process has discarded.
            self._files, root = url_to_fs(address, use_listings_cache=False)
        except (ImportError, ValueError) as error:
            raise Misconfigured(_NO_PLACE.format(address=address, why=str(error))) from error
        self._root = root.rstrip("/")

    def digest(self, stream: BinaryIO, owner: uuid.UUID) -> Kept:
        """What the content of *stream* is kept as."""
        return Kept(owner, self._keys.file_digest(stream, owner=owner.bytes))

    def holds(self, kept: Kept) -> bool:
        """Whether the content is there."""
        return bool(self._files.exists(self._place(kept.path)))

    def put(self, stream: BinaryIO, kept: Kept) -> None:
        """Keeps the content of *stream*; it is there as a whole or not at all."""
        if not self.holds(kept):
            self._write(kept, self._keys.seal_file(stream, context=kept.path.encode()))

    def read(self, kept: Kept) -> Iterator[bytes]:
        """The content in chunks. Raises :class:`Damaged` if it is missing or is not what was kept."""
        with self._opened(kept) as sealed:
            yield from self._keys.open_file(sealed, context=kept.path.encode())

    def check(self, kept: Kept) -> None:
        """Reads the content to its end. Raises :class:`Damaged`."""
        for _chunk in self.read(kept):
            pass

    def discard(self, kept: Kept) -> None:
        """Deletes the content; nothing happens if it is not there."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._place(kept.path))

    def contents(self) -> Iterator[Kept]:
        """Everything that is kept, whoever it belongs to."""
        for path in self._paths():
            if kept := Kept.at(path):
                yield kept

    def sweep(self) -> int:
        """Deletes what was begun long ago and never finished; says how much."""
        swept = 0
        for path in self._paths():
            if path.endswith(_UNFINISHED) and now() - self._changed(path) > _ABANDONED:
                self._files.rm_file(self._place(path))
                swept += 1
        return swept

    # --- As it lies, for backups -----------------------------------------------------------------

    def sealed(self, kept: Kept) -> Iterator[bytes]:
        """The enciphered content as it lies. Raises :class:`Damaged` if it is missing."""
        with self._opened(kept) as sealed:
            while chunk := sealed.read(CHUNK):
                yield chunk

    def put_sealed(self, chunks: Iterator[bytes], kept: Kept) -> None:
        """Puts an enciphered content back as it lay."""
        self._write(kept, chunks)

    # --- The place -------------------------------------------------------------------------------

    def _place(self, path: str) -> str:
        return f"{self._root}/{path}"

    @contextmanager
    def _opened(self, kept: Kept) -> Iterator[BinaryIO]:
        try:
            stream = self._files.open(self._place(kept.path), "rb")
        except FileNotFoundError as error:
            raise Damaged(_MISSING) from error
        with closing(stream):
            yield cast(BinaryIO, stream)

    def _write(self, kept: Kept, chunks: Iterator[bytes]) -> None:
        """Writes beside the target and renames, so that a failure leaves no half content."""
        place = self._place(kept.path)
        unfinished = f"{place}.{secrets.token_hex(8)}{_UNFINISHED}"
        self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
        try:
            with self._files.open(unfinished, "wb") as out:
                for chunk in chunks:
                    out.write(chunk)
                _settle(out)
            self._files.mv(unfinished, place)
        except BaseException:
            with suppress(FileNotFoundError):
                self._files.rm_file(unfinished)
            raise

    def _paths(self) -> Iterator[str]:
        """Everything below the root, by its path from there."""
        with suppress(FileNotFoundError):
            for _folder, _folders, files in self._files.walk(self._root, detail=True):
                for info in files.values():
                    yield info["name"][len(self._root) + 1 :]

    def _changed(self, path: str) -> datetime:
        changed: datetime = self._files.modified(self._place(path))
        return changed.astimezone(now().tzinfo)


def _settle(out: Any) -> None:
    """Waits until a file is on the disk; an object store has its own way to say so."""
    with suppress(AttributeError, io.UnsupportedOperation):
        out.flush()
        os.fsync(out.fileno())


_NO_PLACE = Text(
    "Der Ablageort für Dateien „{address}“ ist nicht erreichbar: {why}",
    "The place for files “{address}” cannot be reached: {why}",
)
_MISSING = Text(
    "Der Inhalt der Datei fehlt am Ablageort.", "The content of the file is missing from its place."
)
