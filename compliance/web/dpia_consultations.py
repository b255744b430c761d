"""Consulting the supervisory authority on an impact assessment: the clock, and the file to send."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from assessments.dpia.consultation import Clock, clock_of, is_running, remarks
from assessments.dpia.decision import risk_of
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import is_high
from assessments.dpia.matrix import RiskMatrix
from compliance.access import Permission
from compliance.database import today
from compliance.language import Text
from compliance.people import land_of
from compliance.web.entries import find
from compliance.web.printing import printed, sent
from compliance.web.site import reading
from exports.formats import FORMATS
from exports.papers import dossier as dossier_of
from exports.reports import consultation as file

bp = Blueprint("dpia_consultations", __name__, url_prefix="/dpias/<int:number>/consultation")


@bp.get("/file.pdf")
def dossier(number: int) -> Response:
    """Everything Art. 36 (3) GDPR asks for, as one document."""
    with reading() as session:
        dpia = find(session, Dpia, number, Permission.EXPORT)
        document = printed("consultation-file", session, entry=dpia)
        return sent(document, FORMATS["pdf"], f"{dpia.designation}-Art-36")


@dataclass(frozen=True)
class Consultation:
    """What the workspace shows of the consultation."""

    running: bool
    clock: Clock | None
    remarks: Sequence[Text]
    lacking: Sequence[Text]
    """What the file does not hold yet."""


def about_consultation(session: Session, dpia: Dpia, matrix: RiskMatrix) -> Consultation | None:
    """The consultation on *dpia*; ``None`` where nothing calls for one."""
    called_for = (
        dpia.consulted_on is not None
        or dpia.decision is DpiaDecision.CONSULT
        or is_high(risk_of(dpia, matrix).planned)
    )
    if not called_for:
        return None
    clock = clock_of(dpia, land_of(session, dpia.organisation_id))
    return Consultation(
        running=is_running(dpia),
        clock=clock,
        remarks=tuple(remarks(dpia, clock, today())),
        lacking=file.lacking(dossier_of(session, dpia)),
    )
