"""Keys derived from the installation's secret, and what is signed or hashed with them.

The only module that imports :mod:`cryptography`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from compliance.errors import Damaged
from compliance.language import Text

CHUNK: Final = 256 * 1024
"""So many bytes of a file are in memory at a time."""
_MAGIC: Final = b"NWF1"
_SALT: Final = 32
_TAG: Final = 16


class Keys:
    """Keys for separate purposes, none of which reveals another or the secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._token = self._derive("token")
        self.messages = self._derive("messages")
        """Signs the cookie that carries a message to the next page."""

    def _derive(self, purpose: str) -> bytes:
        info = f"nachweis/{purpose}/1".encode()
        return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(self._secret)

    def form_token(self, session_token: bytes) -> str:
        """What a form must send back to prove that this sign-in asked for it."""
        return hmac.digest(self._token, session_token, "sha256").hex()

    # --- Files -----------------------------------------------------------------------------------

    def fingerprint(self) -> str:
        """Tells whether another installation has the same secret, and nothing about it."""
        return self._derive("fingerprint").hex()

    def file_digest(self, stream: BinaryIO, *, owner: bytes) -> str:
        """What tells the same content again within one *owner*, and says nothing without the key."""
        digest = hmac.new(self._derive("file digest"), owner, "sha256")
        stream.seek(0)
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
        return digest.hexdigest()

    def seal_file(self, stream: BinaryIO, *, context: bytes) -> Iterator[bytes]:
        """*stream* from its beginning, enciphered with AES-256-GCM in chunks under a key of its own.

        Each chunk is bound to its place and to *context*, and the last one says that it is the
        last, so that nothing can be exchanged, moved or cut off.
        """
        salt = secrets.token_bytes(_SALT)
        cipher = self._file_cipher(salt)
        yield _MAGIC + salt
        stream.seek(0)
        chunk, place = stream.read(CHUNK), 0
        while True:
            following = stream.read(CHUNK)
            yield cipher.encrypt(_nonce(place, last=not following), chunk, context)
            if not following:
                return
            chunk, place = following, place + 1

    def open_file(self, stream: BinaryIO, *, context: bytes) -> Iterator[bytes]:
        """What :meth:`seal_file` enciphered. Raises :class:`Damaged` at the first byte that is not it."""
        head = stream.read(len(_MAGIC) + _SALT)
        if head[: len(_MAGIC)] != _MAGIC or len(head) != len(_MAGIC) + _SALT:
            raise Damaged(_NOT_SEALED)
        cipher = self._file_cipher(head[len(_MAGIC) :])
        chunk, place = stream.read(CHUNK + _TAG), 0
        while True:
            following = stream.read(CHUNK + _TAG)
            try:
                yield cipher.decrypt(_nonce(place, last=not following), chunk, context)
            except (InvalidTag, ValueError) as error:
                raise Damaged(_NOT_SEALED) from error
            if not following:
                return
            chunk, place = following, place + 1

    def _file_cipher(self, salt: bytes) -> AESGCM:
        secret = self._derive("files")
        return AESGCM(HKDF(hashes.SHA256(), 32, salt=salt, info=b"nachweis/file/1").derive(secret))


def _nonce(place: int, *, last: bool) -> bytes:
    """Never the same twice under the key of one file."""
    return place.to_bytes(11, "big") + bytes([last])


def new_token() -> str:
    """A fresh sign-in token, unguessable, fit for a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a sign-in token, so that a copy of it signs nobody in."""
    return hashlib.sha256(token.encode()).digest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


_NOT_SEALED = Text(
    "Die gespeicherte Datei ist beschädigt, oder der Schlüssel der Installation ist ein anderer.",
    "The stored file is damaged, or the key of the installation is another one.",
)
