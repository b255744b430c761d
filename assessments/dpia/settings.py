"""The risk matrix of an organisation: its own where it has stored one, otherwise the default."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session

from assessments.dpia.matrix import DEFAULT_MATRIX, RiskMatrix
from compliance.entry import Record
from compliance.fields import prose


class RiskMatrixSetting(Record):
    """How one organisation reads severity and likelihood; there is at most one of it."""

    content: Mapped[str] = prose("Risikomatrix", "Risk matrix")
    """What :meth:`RiskMatrix.to_json` writes."""

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(None, "organisation_id", unique=True)


def matrix_of(session: Session) -> RiskMatrix:
    """The matrix by which the organisation of *session* rates risks."""
    stored = session.scalar(select(RiskMatrixSetting))
    return RiskMatrix.from_json(stored.content) if stored else DEFAULT_MATRIX


def keep_matrix(session: Session, matrix: RiskMatrix) -> None:
    """Lets *matrix* count from now on; what was decided before keeps its rating."""
    stored = session.scalar(select(RiskMatrixSetting))
    if stored is None:
        session.add(RiskMatrixSetting(content=matrix.to_json()))
    else:
        stored.content = matrix.to_json()
