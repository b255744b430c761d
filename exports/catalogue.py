"""The list of reports: to add one, write its function and name it here."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeAlias

from sqlalchemy.orm import Session

from compliance.entry import Entry
from exports.document import Document
from exports.reports import processing_activity, register
from exports.reports.front import front_sheet
from exports.reports.records import Records
from exports.reports.register import Issuer
from registers.processing import ProcessingActivity

__all__ = ["NAMES", "REGISTER_REPORT", "REPORTS", "Issuer", "document_of"]

Report: TypeAlias = Callable[[Session, Sequence[uuid.UUID], Issuer], Document]


def document_of(
    session: Session, model: type[Entry], ids: Sequence[uuid.UUID], issuer: Issuer, *, view: str = ""
) -> Document:
    """The entries of any register as one table."""
    front = front_sheet(session, issuer.language) if model is ProcessingActivity else None
    return register.report(model, Records(session, model, ids), issuer, view=view, front=front)


def _processing_activities(session: Session, ids: Sequence[uuid.UUID], issuer: Issuer) -> Document:
    records = Records(session, ProcessingActivity, ids, processing_activity.NEEDED)
    return processing_activity.report(records, issuer, front=front_sheet(session, issuer.language))


REPORTS: Final[Mapping[type[Entry], Report]] = {
    ProcessingActivity: _processing_activities,
}
"""Reports that show the entries of a register one by one, by register."""

REGISTER_REPORT: Final = "register"
NAMES: Final[Mapping[str, type[Entry]]] = {
    "processing-activity": ProcessingActivity,
}
"""The same reports by the name they have on the command line, beside :data:`REGISTER_REPORT`."""
