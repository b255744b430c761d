"""What somebody typed but has not saved: kept privately until it is saved or thrown away.

A draft is sealed as a whole, because what is typed may belong into a sealed field.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, String, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column, object_session

from compliance.database import Base, Owned, now
from compliance.fields import SealedText
from compliance.sealing import sealer_of

Pairs = list[tuple[str, str]]


class Draft(Owned, Base):
    """The form of one entry as one person last left it."""

    __tablename__ = "draft"

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(default=now)
    form: Mapped[str] = mapped_column(SealedText)

    @property
    def place(self) -> str:
        """What the sealed form is bound to."""
        whose = f"{self.organisation_id.hex}/{self.person_id.hex}"
        return f"{self.__tablename__}.form/{whose}/{self.register}/{self.number}"

    def pairs(self) -> Pairs:
        """The names and strings of the form; the draft is in a session."""
        form = sealer_of(cast(Session, object_session(self))).open(self.form, self.place)
        return [(name, text) for name, text in cast(Pairs, json.loads(form))]


def keep(
    session: Session,
    person_id: uuid.UUID,
    register: str,
    number: int,
    version: int,
    pairs: Iterable[tuple[str, str]],
) -> Draft:
    """Keeps the form as it stands in place of an earlier draft."""
    discard(session, person_id, register, number)
    draft = Draft(
        organisation_id=session.info["organisation"],
        person_id=person_id,
        register=register,
        number=number,
        version=version,
        saved_at=now(),
    )
    form = json.dumps(list(pairs), ensure_ascii=False)
    draft.form = sealer_of(session).seal(form, draft.place)
    session.add(draft)
    session.flush()
    return draft


def find(session: Session, person_id: uuid.UUID, register: str, number: int) -> Draft | None:
    """The draft that the person left, if any."""
    return session.scalar(select(Draft).where(*_of(person_id, register, number)))


def discard(session: Session, person_id: uuid.UUID, register: str, number: int) -> None:
    """Throws the draft away."""
    session.execute(delete(Draft).where(*_of(person_id, register, number)))


def reseal(session: Session) -> int:
    """Seals with the current key what was sealed with a former one; returns how many drafts."""
    vault, count = sealer_of(session), 0
    for draft in session.scalars(select(Draft)):
        renewed = vault.renewed(draft.form, draft.place)
        count += renewed != draft.form
        draft.form = renewed
    return count


def _of(person_id: uuid.UUID, register: str, number: int) -> tuple[ColumnElement[bool], ...]:
    return Draft.person_id == person_id, Draft.register == register, Draft.number == number
