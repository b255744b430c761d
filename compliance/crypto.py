"""Keys derived from the installation's secret, and what is signed or hashed with them.

The only module that imports :mod:`cryptography`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from compliance.errors import Damaged, NachweisError
from compliance.language import Text

CHUNK: Final = 256 * 1024
"""So many bytes of a file are in memory at a time."""
_MAGIC: Final = b"NWF1"
_SALT: Final = 32
_TAG: Final = 16


class Keys:
    """Keys for separate purposes, none of which reveals another or the secret."""

    def __init__(self, secret: str, former: Sequence[str] = ()) -> None:
        self._secrets = (secret, *former)
        self._token = _derived(secret, "token")
        self._stamp = _derived(secret, "stamp")
        self.messages = _derived(secret, "messages")
        """Signs the cookie that carries a message to the next page."""
        self.sealer = Sealer(secret, former)
        """Seals what must not be read in the database."""

    def form_token(self, session_token: bytes) -> str:
        """What a form must send back to prove that this sign-in asked for it."""
        return hmac.digest(self._token, session_token, "sha256").hex()

    def stamp(self, text: str) -> str:
        """What a page gives out with *text* and recognises when both come back."""
        return hmac.digest(self._stamp, text.encode(), "sha256").hex()

    # --- Files -----------------------------------------------------------------------------------

    def fingerprint(self) -> str:
        """Tells whether another installation has the same secret, and nothing about it."""
        return _derived(self._secrets[0], "fingerprint").hex()

    def file_digest(self, stream: BinaryIO, *, owner: bytes) -> str:
        """What tells the same content again within one *owner*, and says nothing without the key."""
        digest = hmac.new(_derived(self._secrets[0], "file digest"), owner, "sha256")
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
        cipher = _file_cipher(self._secrets[0], salt)
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
        chunk, place = stream.read(CHUNK + _TAG), 0
        following = stream.read(CHUNK + _TAG)
        cipher = self._cipher_that_opens(head[len(_MAGIC) :], chunk, _nonce(0, last=not following), context)
        while True:
            try:
                yield cipher.decrypt(_nonce(place, last=not following), chunk, context)
            except (InvalidTag, ValueError) as error:
                raise Damaged(_NOT_SEALED) from error
            if not following:
                return
            chunk, place = following, place + 1
            following = stream.read(CHUNK + _TAG)

    def _cipher_that_opens(self, salt: bytes, chunk: bytes, nonce: bytes, context: bytes) -> AESGCM:
        """The cipher of the secret with which a file was written, the present one or a former one."""
        for secret in self._secrets:
            cipher = _file_cipher(secret, salt)
            try:
                cipher.decrypt(nonce, chunk, context)
            except (InvalidTag, ValueError):
                continue
            return cipher
        raise Damaged(_NOT_SEALED)


def _file_cipher(secret: str, salt: bytes) -> AESGCM:
    own = HKDF(hashes.SHA256(), 32, salt=salt, info=b"nachweis/file/1").derive(_derived(secret, "files"))
    return AESGCM(own)


def _derived(secret: str, purpose: str) -> bytes:
    info = f"nachweis/{purpose}/1".encode()
    return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(secret.encode())


# --- Sealing -------------------------------------------------------------------------------------


class Sealed(str):
    """A text as the database keeps it: key id, nonce and ciphertext, unreadable without the key."""

    __slots__ = ()


class CannotOpen(NachweisError):
    """A sealed value does not open: its key is missing, or it was altered or moved."""


_NONCE: Final = 12


class Sealer:
    """Seals texts with AES-256-GCM, each bound to its place, so that moving one is noticed.

    A sealed text begins with the id of its key. The first secret seals; the former
    ones only open what was sealed before the secret was exchanged.
    """

    def __init__(self, secret: str, former: Sequence[str] = ()) -> None:
        self._keys = {_key_id(each): AESGCM(_derived(each, "seal")) for each in (secret, *former)}
        self.current = _key_id(secret)
        """Id of the key that seals."""
        self._print = _derived(secret, "fingerprint")

    def seal(self, text: str, place: str) -> Sealed:
        """*text* so that it opens only with this key and only in *place*."""
        nonce = secrets.token_bytes(_NONCE)
        body = nonce + self._keys[self.current].encrypt(nonce, text.encode(), place.encode())
        return Sealed(f"{self.current}.{base64.b64encode(body).decode('ascii')}")

    def open(self, sealed: str, place: str) -> str:
        """The text that was sealed in *place*.

        Raises :class:`CannotOpen` where the key is missing, and where the value was
        altered or belongs to another place.
        """
        key_id, _dot, body = sealed.partition(".")
        if key_id not in self._keys:
            raise CannotOpen(_NO_KEY.format(key=key_id[:16]))
        try:
            raw = base64.b64decode(body, validate=True)
            return self._keys[key_id].decrypt(raw[:_NONCE], raw[_NONCE:], place.encode()).decode()
        except (InvalidTag, ValueError, binascii.Error) as error:
            raise CannotOpen(_MOVED.format(place=place)) from error

    def renewed(self, sealed: str, place: str) -> Sealed:
        """*sealed* under the current key; itself if it already is. Raises :class:`CannotOpen`."""
        if sealed.startswith(f"{self.current}."):
            return Sealed(sealed)
        return self.seal(self.open(sealed, place), place)

    def fingerprint(self, text: str, place: str) -> str:
        """A mark that is the same for the same text in the same place and tells nothing about it."""
        return hmac.digest(self._print, f"{place}\0{text}".encode(), "sha256").hex()


def _key_id(secret: str) -> str:
    return _derived(secret, "key id")[:4].hex()


_NO_KEY = Text(
    "Eine versiegelte Angabe lässt sich nicht öffnen: Der Schlüssel {key} fehlt. Wurde der geheime "
    "Schlüssel ausgetauscht, gehört der frühere in NACHWEIS_FORMER_KEYS.",
    "A sealed value cannot be opened: the key {key} is missing. If the secret key was exchanged, the "
    "former one belongs in NACHWEIS_FORMER_KEYS.",
)
_MOVED = Text(
    "Eine versiegelte Angabe lässt sich nicht öffnen ({place}): Sie wurde verändert oder gehört an eine "
    "andere Stelle der Datenbank.",
    "A sealed value cannot be opened ({place}): it was altered or belongs to another place in the database.",
)


def _nonce(place: int, *, last: bool) -> bytes:
    """Never the same twice under the key of one file."""
    return place.to_bytes(11, "big") + bytes([last])


# --- Tokens --------------------------------------------------------------------------------------


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
