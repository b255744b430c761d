"""Keys derived from the installation's secret, and what is signed or hashed with them.

The only module that imports :mod:`cryptography`.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


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


def new_token() -> str:
    """A fresh sign-in token, unguessable, fit for a cookie."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What the database keeps of a sign-in token, so that a copy of it signs nobody in."""
    return hashlib.sha256(token.encode()).digest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in time that does not depend on where they differ."""
    return hmac.compare_digest(one.encode(), other.encode())
