"""Formats in which single entries go to other tools, by register; beside the reports that people read."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from assessments.dpia.answers import answers_of
from assessments.dpia.dpia import Dpia
from assessments.dpia.exchange.drafts import DraftComment
from assessments.dpia.exchange.importing import is_as_imported
from assessments.dpia.prefill import sources_of
from assessments.dpia.settings import matrix_of
from assessments.grundschutz.domain import InformationDomain
from compliance.advice import opinions
from compliance.comments import Comment
from compliance.entry import Entry, everything
from exports import dpia_cnil, dpia_dpv, dpia_json, oscal


@dataclass(frozen=True)
class Exchange:
    """One format for machines."""

    name: str
    """As people call it."""
    media_type: str
    ending: str
    """Of the file's name, after the running number."""
    encode: Callable[[Session, uuid.UUID, str], bytes]
    """Given the entry and the name of the organisation."""


def _dpia(session: Session, identity: uuid.UUID) -> Dpia:
    return session.scalars(select(Dpia).where(Dpia.id == identity).options(*everything(Dpia))).one()


def _comments(session: Session, dpia: Dpia) -> list[DraftComment]:
    query = select(Comment).where(Comment.entry_id == dpia.id).order_by(Comment.written_at, Comment.id)
    return [DraftComment(each.text, each.written_at, each.author) for each in session.scalars(query)]


def _cnil(session: Session, identity: uuid.UUID, _organisation: str) -> bytes:
    dpia = _dpia(session, identity)
    advice = opinions(session, dpia)
    answers = list(answers_of(session, dpia).values())
    changed = max([dpia.changed_at, *(answer.changed_at for answer in answers)])
    # An imported file keeps its own dates until somebody works on it.
    untouched = bool(dpia.from_source) and dpia.version == 1 and all(map(is_as_imported, answers))
    return dpia_cnil.encoded(
        dpia_cnil.Assessment(
            dpia,
            answers,
            _comments(session, dpia),
            advice[0] if advice else None,
            dpia_cnil.made_at(dpia),
            None if untouched else changed,
        )
    )


def _json(session: Session, identity: uuid.UUID, _organisation: str) -> bytes:
    dpia = _dpia(session, identity)
    answers = list(answers_of(session, dpia).values())
    return dpia_json.encoded(dpia, answers, _comments(session, dpia), opinions(session, dpia))


def _linked(session: Session, identity: uuid.UUID, organisation: str) -> bytes:
    dpia = _dpia(session, identity)
    return dpia_dpv.encoded(dpia, sources_of(session, dpia), matrix_of(session), organisation)


def _oscal(kind: str) -> Exchange:
    def encode(session: Session, identity: uuid.UUID, organisation: str) -> bytes:
        return oscal.document(session, identity, organisation, kind)

    name = f"OSCAL: {oscal.PAPERS[kind].title.de}"
    return Exchange(name, "application/json", f"-oscal-{kind}.json", encode)


EXCHANGES: Final[Mapping[type[Entry], Mapping[str, Exchange]]] = {
    Dpia: {
        "cnil": Exchange("CNIL PIA", "application/json", "-cnil.json", _cnil),
        "json": Exchange("JSON", "application/json", ".json", _json),
        "jsonld": Exchange("JSON-LD (DPV)", "application/ld+json", ".jsonld", _linked),
    },
    InformationDomain: {f"oscal-{kind}": _oscal(kind) for kind in oscal.PAPERS},
}
"""By the key that stands in addresses and on the command line."""
