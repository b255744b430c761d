"""The addresses by which people without an account reach a pre-scan.

One address per organisation opens a new pre-scan until it is revoked; each pre-scan
that was begun has an address of its own, at which it can be taken up again and, once
sent, its state can be read. Only hashes of addresses are looked up. Neither table is
walled by organisation, because whoever holds an address says nothing else.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

from sqlalchemy import ForeignKey, LargeBinary, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from assessments.dpia.prescan import PreScan
from assessments.dpia.prescan_questions import answers_from, given
from compliance.crypto import CannotOpen, Sealer, new_token, token_hash
from compliance.database import Base, new_id, now
from compliance.fields import SealedText
from compliance.sealing import sealer_of

UNFINISHED: Final = timedelta(days=30)
"""So long a pre-scan that was not sent is kept after the last answer."""
READABLE: Final = timedelta(days=730)
"""So long the state of one that was sent can be read at its address."""


class _Addressed(Base):
    """Something that whoever knows its address may reach."""

    __abstract__ = True

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    began: Mapped[datetime] = mapped_column(default=now)
    sealed: Mapped[str] = mapped_column(SealedText, default="", server_default="")

    def _place(self) -> str:
        return f"{self.__tablename__}.sealed/{self.id.hex}"

    def seal(self, sealer: Sealer, text: str) -> None:
        """Keeps *text* so that the database alone does not give it away."""
        self.sealed = sealer.seal(text, self._place())

    def opened(self, sealer: Sealer) -> str:
        """What was sealed. Raises :class:`CannotOpen`."""
        return sealer.open(self.sealed, self._place()) if self.sealed else ""

    def renew(self, sealer: Sealer) -> bool:
        """Seals with the current key; says whether that changed anything."""
        if not self.sealed:
            return False
        before, self.sealed = self.sealed, sealer.renewed(self.sealed, self._place())
        return before != self.sealed


class PreScanLink(_Addressed):
    """The address at which anybody in one organisation begins a pre-scan; deleting the row revokes it."""

    __tablename__ = "pre_scan_link"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), unique=True)


class PreScanDraft(_Addressed):
    """One pre-scan on its way; once sent it holds no answers any more, only where they went."""

    __tablename__ = "pre_scan_draft"

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    until: Mapped[datetime] = mapped_column(index=True)
    entry_id: Mapped[uuid.UUID | None] = mapped_column(default=None)

    def answers(self, sealer: Sealer) -> PreScan:
        """What was said so far, as an unsaved pre-scan."""
        return answers_from(json.loads(self.opened(sealer) or "{}"))

    def keep(self, sealer: Sealer, answers: PreScan) -> None:
        """Keeps *answers* for some time from now on."""
        self.seal(sealer, json.dumps(given(answers), ensure_ascii=False))
        self.until = now() + UNFINISHED

    def sent_as(self, entry: PreScan) -> None:
        """From now on the address shows the state of *entry*."""
        self.sealed, self.entry_id, self.until = "", entry.id, now() + READABLE


# --- The address of an organisation --------------------------------------------------------------


def link_of(session: Session, organisation: uuid.UUID) -> PreScanLink | None:
    """The address at which pre-scans of *organisation* are begun."""
    return session.scalar(select(PreScanLink).where(PreScanLink.organisation_id == organisation))


def token_of(session: Session, link: PreScanLink) -> str:
    """The secret part of an address; empty where the key that sealed it is gone. The address still works."""
    try:
        return link.opened(sealer_of(session))
    except CannotOpen:
        return ""


def open_link(session: Session, organisation: uuid.UUID) -> str:
    """Makes a new address, so that a former one no longer works; returns its secret part."""
    close_link(session, organisation)
    token = new_token()
    link = PreScanLink(id=new_id(), organisation_id=organisation, token_hash=token_hash(token))
    link.seal(sealer_of(session), token)
    session.add(link)
    return token


def close_link(session: Session, organisation: uuid.UUID) -> None:
    """Revokes the address. Pre-scans that were begun can still be finished."""
    session.execute(delete(PreScanLink).where(PreScanLink.organisation_id == organisation))


def link_called(session: Session, token: str) -> PreScanLink | None:
    """What somebody reaches who knows *token*."""
    return session.scalar(select(PreScanLink).where(PreScanLink.token_hash == token_hash(token)))


# --- Pre-scans on their way ----------------------------------------------------------------------


def begin(session: Session, organisation: uuid.UUID) -> str:
    """Begins a pre-scan; returns the secret part of its address."""
    token = new_token()
    draft = PreScanDraft(id=new_id(), organisation_id=organisation, token_hash=token_hash(token))
    draft.keep(sealer_of(session), PreScan())
    session.add(draft)
    return token


def draft_called(session: Session, token: str, *, locked: bool = False) -> PreScanDraft | None:
    """The pre-scan at the address *token*, unless its time is over; *locked* where it is to be changed."""
    query = select(PreScanDraft).where(
        PreScanDraft.token_hash == token_hash(token), PreScanDraft.until > now()
    )
    return session.scalar(query.with_for_update() if locked else query)


def forget_expired(session: Session, organisation: uuid.UUID) -> int:
    """Deletes the pre-scans whose time is over; returns how many. What was sent stays in the register."""
    gone = delete(PreScanDraft).where(
        PreScanDraft.organisation_id == organisation, PreScanDraft.until <= now()
    )
    return int(cast(Any, session.execute(gone)).rowcount)


def reseal(session: Session, organisation: uuid.UUID) -> int:
    """Seals with the current key what was sealed with a former one; returns how many values."""
    sealer = sealer_of(session)
    kinds: Sequence[type[PreScanLink | PreScanDraft]] = (PreScanLink, PreScanDraft)
    rows = (
        row
        for kind in kinds
        for row in session.scalars(select(kind).where(kind.organisation_id == organisation))
    )
    return sum(row.renew(sealer) for row in rows)
