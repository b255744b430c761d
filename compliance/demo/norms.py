"""The norms of the demo city: the shipped library, of which its officer has checked a part."""

from __future__ import annotations

import tomllib
from importlib.resources import files

from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.entry import everything
from registers.library import compare, shipped_for, take_over
from registers.norms import Norm


def load_norms(session: Session, land: str) -> None:
    """Takes over the library for *land* and notes what has been checked."""
    take_over(session, compare(session, shipped_for(land)))
    content = tomllib.loads(files(__package__).joinpath("norms.toml").read_text(encoding="utf-8"))
    query = select(Norm).where(Norm.name.in_(content["checked"])).options(*everything(Norm))
    for norm in session.scalars(query):
        norm.checked_on, norm.checked_by = content["checked_on"], content["checked_by"]
    session.flush()
