"""What somebody typed but has not saved: kept privately until it is saved or thrown away."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, String, delete, select
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.database import Base, Owned, now

Pairs = list[tuple[str, str]]


class Draft(Owned, Base):
    """The form of one entry as one person last left it."""

    __tablename__ = "draft"

    person_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    register: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int]
    saved_at: Mapped[datetime] = mapped_column(default=now)
    form: Mapped[str] = mapped_column(LongText)

    def pairs(self) -> Pairs:
        """The names and strings of the form."""
        return [(name, text) for name, text in cast(Pairs, json.loads(self.form))]


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
        form=json.dumps(list(pairs), ensure_ascii=False),
    )
    session.add(draft)
    session.flush()
    return draft


def find(session: Session, person_id: uuid.UUID, register: str, number: int) -> Draft | None:
    """The draft that the person left, if any."""
    return session.scalar(select(Draft).where(*_of(person_id, register, number)))


def discard(session: Session, person_id: uuid.UUID, register: str, number: int) -> None:
    """Throws the draft away."""
    session.execute(delete(Draft).where(*_of(person_id, register, number)))


def _of(person_id: uuid.UUID, register: str, number: int) -> tuple[ColumnElement[bool], ...]:
    return Draft.person_id == person_id, Draft.register == register, Draft.number == number
