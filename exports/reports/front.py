"""The front sheet (Vorblatt) as it opens a record of processing activities."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.entry import everything
from compliance.fields import fields, shown
from exports.document import Facts
from registers.authority import Authority


def front_sheet(session: Session, language: str) -> Facts | None:
    """Who the controller is and whom to ask; ``None`` while nobody has written it down."""
    query = select(Authority).order_by(Authority.number).limit(1).options(*everything(Authority))
    authority = session.scalar(query)
    if authority is None:
        return None
    said = (
        (_label(name, language), shown(spec, getattr(authority, name), language))
        for name, spec in fields(Authority).items()
        if name not in ("unit", "acts_as_processor")
    )
    return Facts(tuple((label, words) for label, words in said if words))


def _label(name: str, language: str) -> str:
    label = fields(Authority)[name].label[language]
    section = fields(Authority)[name].section
    return f"{section.title[language]}: {label}" if section and name.startswith("officer") else label
