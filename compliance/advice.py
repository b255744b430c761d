"""Opinions (Stellungnahmen) of the data protection officer, who advises and never decides.

Art. 35 (2), 38 (6) and 39 GDPR.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import Entry, Record
from compliance.errors import Refused
from compliance.fields import Term, choice, day, line, prose
from compliance.language import Text
from compliance.release import content_hash


class Verdict(Term):
    """What an opinion comes to."""

    NO_OBJECTIONS = Text("Keine Bedenken", "No objections")
    RECOMMENDATIONS = Text("Empfehlungen", "Recommendations")
    AGAINST = Text("Rät ab", "Advises against")


class Opinion(Record):
    """What the data protection officer advised about one entry, on one day."""

    register: Mapped[str] = mapped_column(default="")
    entry_id: Mapped[uuid.UUID]
    subject: Mapped[str] = line("Zu", "On", fixed=True)
    verdict: Mapped[Verdict | None] = choice(Verdict, "Ergebnis", "Verdict", expected=True)
    text: Mapped[str] = prose("Stellungnahme", "Opinion", expected=True)
    given_on: Mapped[date | None] = day("Abgegeben am", "Given on")
    given_by: Mapped[str] = line("Abgegeben von", "Given by", personal=True)
    content: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Hash of what the opinion is about; empty for opinions older than this column."""

    @classmethod
    def _indexes(cls) -> Any:
        yield Index(None, "organisation_id", "entry_id")


def give_opinion(session: Session, entry: Entry, verdict: str, text: str, *, by: Identity) -> Opinion:
    """Records what *by* advises about *entry*. Raises :class:`Refused` without a verdict or a text."""
    demand(by, Permission.ADVISE, entry)
    if verdict not in Verdict.__members__ or not text.strip():
        raise Refused(_INCOMPLETE)
    opinion = Opinion(
        register=entry.slug,
        entry_id=entry.id,
        subject=entry.designation,
        verdict=Verdict[verdict],
        text=text,
        given_on=today(),
        given_by=by.name,
        content=content_hash(entry),
    )
    session.add(opinion)
    return opinion


def opinions(session: Session, entry: Entry) -> Sequence[Opinion]:
    """Every opinion on *entry*, the newest first."""
    query = select(Opinion).where(Opinion.entry_id == entry.id)
    return session.scalars(query.order_by(Opinion.given_on.desc(), Opinion.id.desc())).all()


_INCOMPLETE = Text(
    "Eine Stellungnahme braucht ein Ergebnis und einen Text.", "An opinion needs a verdict and a text."
)
