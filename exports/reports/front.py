"""The front sheet (Vorblatt) as it opens a record of processing activities."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Session

from compliance.fields import fields, shown
from exports.document import Facts
from registers.authority import Authority, authority_of


def front_sheet(session: Session, language: str) -> Facts | None:
    """Who the controller is and whom to ask; ``None`` while nobody has written it down."""
    authority = authority_of(session)
    if authority is None:
        return None
    said = (
        (_label(name, language), shown(spec, getattr(authority, name), language))
        for name, spec in fields(Authority).items()
        if name != "unit" and name not in _INTERNAL
    )
    return Facts(tuple((label, words) for label, words in said if words))


def _label(name: str, language: str) -> str:
    label = fields(Authority)[name].label[language]
    section = fields(Authority)[name].section
    return f"{section.title[language]}: {label}" if section and name.startswith("officer") else label


_INTERNAL: Final = (
    "officer_appointed",
    "officer_reported",
    "officer_manages",
    "officer_runs_it",
    "officer_is_isb",
    "training_quota",
)
"""What Art. 30 (1) (a) does not ask for."""
