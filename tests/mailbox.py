"""A mail server of the test's own that keeps what it is handed."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


@dataclass
class Mailbox:
    """What arrived, in order."""

    address: str = ""
    refuses: str = ""
    """Recipients with these words in their address are refused."""
    arrived: list[EmailMessage] = field(default_factory=list)

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _o: Any) -> str:  # noqa: N802 -- the server calls its hooks so
        if self.refuses and self.refuses in address:
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802 -- as above
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self.arrived.append(message)
        return "250 OK"

    def texts(self) -> dict[str, str]:
        """The words of each message, by recipient."""
        return {str(one["To"]): one.get_content().replace("\r\n", "\n") for one in self.arrived}


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def mail_server() -> Iterator[Mailbox]:
    """A server on a free port of this machine."""
    mailbox = Mailbox()
    port = _free_port()
    controller = Controller(mailbox, hostname="127.0.0.1", port=port)
    controller.start()
    mailbox.address = f"smtp://127.0.0.1:{port}"
    try:
        yield mailbox
    finally:
        controller.stop()
