"""Messages by e-mail, through whatever server the operator names.

The address of the server is one setting, such as ``smtp://user:secret@mail.example:587``
(STARTTLS where the server offers it) or ``smtps://…`` (TLS from the first byte).
"""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Final
from urllib.parse import unquote, urlsplit

from compliance.config import Settings
from compliance.errors import NachweisError
from compliance.language import Text

PATIENCE: Final = 30
"""Seconds that the server may take for one answer."""


class Undelivered(NachweisError):
    """The mail server could not be reached or did not take a message."""


@dataclass(frozen=True)
class Message:
    """One message to one person."""

    to: str
    subject: str
    body: str


_ADDRESS: Final = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\"]+\.[^@\s<>,;\".]+")


def is_address(text: str) -> bool:
    """Whether *text* is one e-mail address, as far as its look tells."""
    return _ADDRESS.fullmatch(text) is not None


def can_send(settings: Settings) -> bool:
    """Whether the operator named a server and a sender."""
    return bool(settings.smtp and settings.mail_from)


def demand_server(settings: Settings) -> None:
    """Raises :class:`Undelivered` unless the operator named a server and a sender."""
    if not can_send(settings):
        raise Undelivered(_NO_SERVER)


def send(settings: Settings, messages: Iterable[Message]) -> None:
    """Hands *messages* to the server, in one connection.

    Raises :class:`Undelivered` at the first that is not taken; nothing is tried again.
    """
    demand_server(settings)
    try:
        with _connection(settings.smtp) as server:
            for message in messages:
                server.send_message(_written(settings.mail_from, message))
    except (OSError, smtplib.SMTPException, ValueError) as error:
        raise Undelivered(_FAILED.format(reason=str(error))) from error


def _written(sender: str, message: Message) -> EmailMessage:
    found = EmailMessage()
    found["From"] = sender
    found["To"] = message.to
    # A line break in a subject would begin another header.
    found["Subject"] = " ".join(message.subject.split())
    found["Date"] = formatdate(localtime=True)
    found["Message-ID"] = make_msgid(domain="nachweis.invalid")
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(message.body)
    return found


@contextmanager
def _connection(address: str) -> Iterator[smtplib.SMTP]:
    parts = urlsplit(address)
    host = parts.hostname or "localhost"
    context = ssl.create_default_context()
    if parts.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, parts.port or 465, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(host, parts.port or 25, timeout=PATIENCE)
    with server:
        server.ehlo()
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            server.starttls(context=context)
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server


_NO_SERVER = Text(
    "Es ist kein Mailserver eingerichtet. Nötig sind NACHWEIS_SMTP und NACHWEIS_MAIL_FROM.",
    "No mail server is set up. NACHWEIS_SMTP and NACHWEIS_MAIL_FROM are needed.",
)
_FAILED = Text(
    "Der Mailserver hat die Nachricht nicht angenommen: {reason}",
    "The mail server did not take the message: {reason}",
)
