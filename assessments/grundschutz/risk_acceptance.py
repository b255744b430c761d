"""Management accepts residual risks: who, when, what exactly, until when; BSI standard 200-3."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session

from assessments.grundschutz.risk_analysis import (
    AnalysedThreat,
    RiskAnalysis,
    ThreatLine,
    Treatment,
    sheet,
)
from assessments.grundschutz.risk_matrix import RiskCategory, SecurityMatrix, matrix_of
from compliance.access import Identity, Permission, demand
from compliance.database import today
from compliance.entry import Record, State
from compliance.errors import NotFound, Refused
from compliance.fields import choice, day, line, number, prose, reference, tidy, tidy_line
from compliance.language import Text
from compliance.release import authors_since_release

_BASIS: Final = "BSI-Standard 200-3, Risikoakzeptanz"


class RiskAcceptance(Record):
    """That management accepted one residual risk; it stands for good, and the journal vouches for it."""

    analysis: Mapped[RiskAnalysis] = reference(
        "RiskAnalysis", "Risikoanalyse", "Risk analysis", basis=_BASIS, fixed=True
    )
    threat: Mapped[AnalysedThreat] = reference(
        "AnalysedThreat", "Gefährdung", "Threat", basis=_BASIS, fixed=True
    )
    called: Mapped[str] = line(
        "Bezeichnung bei der Übernahme", "Name when accepted", length=240, basis=_BASIS, fixed=True
    )
    residual: Mapped[RiskCategory | None] = choice(
        RiskCategory, "Restrisiko", "Residual risk", basis=_BASIS, fixed=True
    )
    category_name: Mapped[str] = line(
        "Risikokategorie der Stelle", "Category of the authority", length=80, basis=_BASIS, fixed=True
    )
    still_unmet: Mapped[str] = prose(
        "Basis-Anforderungen, die umzusetzen bleiben",
        "Basic requirements that remain to be met",
        basis=_BASIS,
        fixed=True,
    )
    statement: Mapped[str] = prose(
        "Erklärung der Leitung", "Statement of management", basis=_BASIS, fixed=True
    )
    valid_until: Mapped[date | None] = day("Gilt bis", "Valid until", basis=_BASIS, fixed=True)
    accepted_by: Mapped[str] = line("Übernommen von", "Accepted by", basis=_BASIS, personal=True, fixed=True)
    post: Mapped[str] = line("Funktion", "Post", basis=_BASIS, personal=True, fixed=True)
    accepted_on: Mapped[date | None] = day("Übernommen am", "Accepted on", basis=_BASIS, fixed=True)
    analysis_version: Mapped[int | None] = number(
        "Fassung der Analyse", "Version of the analysis", basis=_BASIS, fixed=True
    )
    threat_version: Mapped[int | None] = number(
        "Fassung der Bewertung", "Version of the assessment", basis=_BASIS, fixed=True
    )
    fingerprint: Mapped[str] = line(
        "Prüfsumme des Übernommenen", "Checksum of what was accepted", length=64, basis=_BASIS, fixed=True
    )

    if TYPE_CHECKING:
        analysis_id: Mapped[uuid.UUID]
        threat_id: Mapped[uuid.UUID]

    def __str__(self) -> str:
        return self.called


@dataclass(frozen=True)
class Residual:
    """A residual risk that only management may accept, and whether it has."""

    line: ThreatLine
    threat: AnalysedThreat
    acceptance: RiskAcceptance | None = None
    """The latest one, also where it does not hold any more."""

    @property
    def holds(self) -> bool:
        """Whether what was accepted is what stands there now, and the acceptance has not expired."""
        return holds(self.threat, self.acceptance)

    @property
    def is_barred(self) -> bool:
        """Whether it cannot be accepted because Basis requirements against it are not met."""
        return self.threat.treatment is Treatment.ACCEPT and bool(self.line.unmet_basis)


def holds(threat: AnalysedThreat, given: RiskAcceptance | None) -> bool:
    """Whether *given* is about *threat* as it stands now, and has not expired."""
    return (
        given is not None
        and given.fingerprint == threat.fingerprint
        and (given.valid_until is None or given.valid_until >= today())
    )


def acceptances(session: Session, analysis: RiskAnalysis) -> list[RiskAcceptance]:
    """Every acceptance of a risk of *analysis*, the latest first."""
    query = select(RiskAcceptance).where(RiskAcceptance.analysis_id == analysis.id)
    return list(session.scalars(query.order_by(RiskAcceptance.id.desc())))


def residuals(lines: Sequence[ThreatLine], given: Iterable[RiskAcceptance]) -> list[Residual]:
    """The residual risks among *lines* that only management may accept.

    Those are the ones chosen to be accepted, and every other from the category on that the matrix names.
    """
    latest: dict[uuid.UUID, RiskAcceptance] = {}
    for acceptance in given:
        latest.setdefault(acceptance.threat_id, acceptance)
    return [
        Residual(line, line.judged, latest.get(line.judged.id))
        for line in lines
        if line.judged is not None and line.judged.for_management
    ]


@dataclass(frozen=True)
class Signature:
    """What management declares."""

    statement: str
    post: str
    valid_until: date | None = None


def accept(
    session: Session,
    analysis: RiskAnalysis,
    versions: Mapping[str, int],
    signature: Signature,
    *,
    by: Identity,
) -> list[RiskAcceptance]:
    """Records that management accepts residual risks of *analysis*, which is loaded whole.

    *versions* are those of the assessments the person has read, by threat. Raises
    :class:`compliance.errors.Forbidden` without the right to release in the area, and
    :class:`Refused` for authors, before submission, without post or statement, for
    what has changed meanwhile, and for a risk accepted as it is while a Basis
    requirement against it is not met. Then nothing is recorded.
    """
    demand(by, Permission.RELEASE, analysis)
    _demand_signed(session, analysis, signature, by)
    matrix = matrix_of(session)
    open_ones = {
        each.line.key: each for each in residuals(sheet(session, analysis), acceptances(session, analysis))
    }
    if not versions:
        raise Refused(_NOTHING)
    accepted = []
    for key, version in versions.items():
        each = open_ones.get(key)
        if each is None:
            raise NotFound(_NOT_OPEN.format(threat=key))
        if each.threat.version != version:
            raise Refused(_CHANGED.format(threat=key))
        if each.is_barred:
            raise Refused(_BASIS_UNMET.format(threat=key, ids=", ".join(each.line.unmet_basis)))
        accepted.append(_recorded(analysis, each, signature, matrix, by))
        # Those that are replaced count no more for the day on which one expires.
        open_ones[key] = Residual(each.line, each.threat, accepted[-1])
    session.add_all(accepted)
    ends = (
        each.acceptance.valid_until
        for each in open_ones.values()
        if each.acceptance and each.holds and each.acceptance.valid_until
    )
    analysis.accepted_until = min(ends, default=None)
    session.info["action"] = "accept"
    return accepted


def _demand_signed(session: Session, analysis: RiskAnalysis, signature: Signature, by: Identity) -> None:
    if analysis.state not in (State.REVIEW, State.RELEASED):
        raise Refused(_NOT_SUBMITTED)
    if by.person_id.hex in authors_since_release(session, analysis):
        raise Refused(_AUTHOR)
    if not (tidy(signature.statement) and tidy_line(signature.post)):
        raise Refused(_UNSIGNED)
    if signature.valid_until is not None and signature.valid_until <= today():
        raise Refused(_PAST)


def _recorded(
    analysis: RiskAnalysis, each: Residual, signature: Signature, matrix: SecurityMatrix, by: Identity
) -> RiskAcceptance:
    threat = each.threat
    category = matrix.called(threat.residual).de if threat.residual else ""
    return RiskAcceptance(
        analysis=analysis,
        called=str(threat),
        residual=threat.residual,
        category_name=category,
        still_unmet=", ".join(each.line.unmet_basis),
        statement=tidy(signature.statement),
        valid_until=signature.valid_until,
        accepted_by=by.name,
        post=tidy_line(signature.post),
        accepted_on=today(),
        analysis_version=analysis.version,
        threat_version=threat.version,
        fingerprint=threat.fingerprint,
        threat=threat,
    )


_NOT_SUBMITTED: Final = Text(
    "Die Leitung übernimmt Restrisiken einer Analyse, die zur Prüfung gegeben ist. Geben Sie sie zuerst "
    "zur Prüfung.",
    "Management accepts residual risks of an analysis that was submitted for review. Submit it first.",
)
_AUTHOR: Final = Text(
    "Wer die Analyse seit der letzten Freigabe geändert hat, kann ihre Restrisiken nicht selbst übernehmen.",
    "Whoever changed the analysis since its last release cannot accept its residual risks.",
)
_UNSIGNED: Final = Text(
    "Die Übernahme braucht Ihre Funktion und eine Erklärung, warum das Risiko getragen wird.",
    "The acceptance needs your post and a statement why the risk is borne.",
)
_PAST: Final = Text("Die Übernahme muss über heute hinaus gelten.", "The acceptance must last beyond today.")
_NOTHING: Final = Text("Wählen Sie mindestens ein Restrisiko aus.", "Choose at least one residual risk.")
_NOT_OPEN: Final = Text(
    "Zu {threat} gibt es kein Restrisiko, das die Leitung übernimmt.",
    "There is no residual risk of {threat} that management accepts.",
)
_CHANGED: Final = Text(
    "{threat} wurde geändert, seit Sie die Seite geöffnet haben. Prüfen Sie das Risiko noch einmal.",
    "{threat} was changed after you opened the page. Look at the risk again.",
)
_BASIS_UNMET: Final = Text(
    "{threat} lässt sich nicht hinnehmen: Basis-Anforderungen sind nicht erfüllt ({ids}). Sie müssen "
    "umgesetzt werden; ihre Risiken kann niemand übernehmen.",
    "{threat} cannot be accepted: basic requirements are not met ({ids}). They have to be implemented; "
    "nobody can accept their risks.",
)
