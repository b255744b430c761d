"""Keys derived from the installation's secret, and what is sealed, signed or hashed with them.

The only module that imports :mod:`cryptography`.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from compliance.errors import Refused
from compliance.language import Text

_NONCE = 12


class Keys:
    """Keys for separate purposes, none of which reveals another or the secret."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._seal = AESGCM(self._derive("seal"))
        self._token = self._derive("token")
        self._content = self._derive("content")
        self.messages = self._derive("messages")
        """Signs the cookie that carries a message to the next page."""

    def _derive(self, purpose: str) -> bytes:
        info = f"nachweis/{purpose}/1".encode()
        return HKDF(hashes.SHA256(), 32, salt=None, info=info).derive(self._secret)

    def seal(self, text: str, *, where: str) -> bytes:
        """*text* encrypted so that it opens only at *where* (table, column and row id)."""
        nonce = os.urandom(_NONCE)
        return b"\x01" + nonce + self._seal.encrypt(nonce, text.encode(), where.encode())

    def open(self, sealed: bytes, *, where: str) -> str:
        """The text sealed for *where*. Raises :class:`Refused` if it was moved or altered."""
        nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
        try:
            return self._seal.decrypt(nonce, body, where.encode()).decode()
        except InvalidTag as error:
            raise Refused(_CANNOT_OPEN.format(where=where)) from error

    def form_token(self, session_token: bytes) -> str:
        """What a form must send back to prove that this sign-in asked for it."""
        return hmac.digest(self._token, session_token, "sha256").hex()

    def secret_digest(self, text: str) -> str:
        """A stand-in for a secret value in content hashes; reveals nothing of it."""
        return hmac.digest(self._content, text.encode(), "sha256").hex()


def new_token() -> str:
    """A fresh sign-in token, unguessable, fit for a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a sign-in token, so that a copy of it signs nobody in."""
    return hashlib.sha256(token.encode()).digest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())


_CANNOT_OPEN = Text(
    "Ein verschlüsselter Wert ({where}) lässt sich nicht öffnen: falscher Schlüssel oder veränderter Inhalt.",
    "An encrypted value ({where}) cannot be opened: wrong key or altered content.",
)
