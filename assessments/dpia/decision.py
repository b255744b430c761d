"""What management decides about an impact assessment, on whose advice, and what stands against going live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from assessments.dpia.conditions import Condition, complete, renewed
from assessments.dpia.consultation import ConsultationOutcome, is_settled
from assessments.dpia.dpia import APPROVING, Dpia, DpiaDecision
from assessments.dpia.grades import RiskLevel, is_high, rank
from assessments.dpia.lists_known import remember_lists
from assessments.dpia.matrix import DEFAULT_MATRIX, RiskMatrix
from assessments.dpia.review_cycle import cycle_of
from assessments.dpia.standing import Standing, overall
from compliance.access import Identity, Permission, demand
from compliance.advice import Opinion, Verdict, opinions
from compliance.database import today
from compliance.entry import State, is_template
from compliance.errors import Refused
from compliance.fields import (
    fields,
)
from compliance.journal import differences, facts, state_at
from compliance.language import Text
from compliance.people import Role
from compliance.release import authors_since_release


def risk_of(dpia: Dpia, matrix: RiskMatrix = DEFAULT_MATRIX) -> Standing:
    """The highest risk of *dpia* before measures, with planned ones, and today."""
    return overall(dpia.risks, dpia.measures, matrix)


def obstacles(dpia: Dpia, matrix: RiskMatrix = DEFAULT_MATRIX) -> tuple[Text, ...]:
    """What stands against going live: no approval, or more risk today than was decided on."""
    return tuple(_obstacles(dpia, yardstick(dpia, matrix)))


def yardstick(dpia: Dpia, matrix: RiskMatrix) -> RiskMatrix:
    """The matrix by which the decision on *dpia* was taken; *matrix* where none was kept."""
    return RiskMatrix.from_json(dpia.decided_matrix) if dpia.decided_matrix else matrix


def _obstacles(dpia: Dpia, matrix: RiskMatrix) -> Iterator[Text]:
    if dpia.decision not in APPROVING or dpia.decided_risk is None:
        yield _NOT_APPROVED
        return
    now = risk_of(dpia, matrix).today
    if now is None:
        yield _UNASSESSED
    elif rank(now) > rank(dpia.decided_risk):
        yield _RISK_TODAY.format(today=matrix.label(now), decided=matrix.label(dpia.decided_risk))


def is_riskier_than_decided(dpia: Dpia, matrix: RiskMatrix) -> bool:
    """Whether an approved *dpia* carries more risk today than management approved."""
    if dpia.decision not in APPROVING or dpia.decided_risk is None:
        return False
    now = risk_of(dpia, yardstick(dpia, matrix)).today
    return now is not None and rank(now) > rank(dpia.decided_risk)


def deviates(decision: DpiaDecision | None, verdict: Verdict | None) -> bool:
    """Whether *decision* goes against an opinion that came to *verdict*.

    Conditions can take recommendations up; a plain approval passes over them.
    """
    match verdict:
        case Verdict.AGAINST:
            return decision in APPROVING
        case Verdict.RECOMMENDATIONS:
            return decision is DpiaDecision.APPROVED
        case _:
            return False


def decide(
    session: Session,
    dpia: Dpia,
    decision: DpiaDecision,
    *,
    by: Identity,
    reason: str = "",
    conditions: Sequence[Condition] = (),
    deviation_reason: str = "",
    matrix: RiskMatrix = DEFAULT_MATRIX,
) -> None:
    """Records management's *decision* on *dpia* as it stands; the journal calls the step ``decide``.

    Raises :class:`compliance.errors.Forbidden` without the right to release in the area,
    and :class:`Refused` for the data protection officer and for authors, before
    submission, for conditions without words, owner or day, for a deviation without
    words, and for an approval without advice, without assessed risks, or of a high
    risk without consultation. Conditions are kept only where the approval has some.
    """
    demand(by, Permission.RELEASE, dpia)
    if is_template(dpia):
        raise Refused(_TEMPLATE)
    if Role.DSB in by.roles:
        raise Refused(_DSB_DECIDES)
    if dpia.state not in (State.REVIEW, State.RELEASED):
        raise Refused(_NOT_SUBMITTED)
    if by.person_id.hex in authors_since_release(session, dpia):
        raise Refused(_AUTHOR_DECIDES)
    _demand_words(decision, reason, conditions)
    advice = next(iter(opinions(session, dpia)), None)
    risk = risk_of(dpia, matrix).planned
    if decision in APPROVING:
        _demand_approvable(dpia, advice, risk)
    if advice and deviates(decision, advice.verdict) and not deviation_reason.strip():
        raise Refused(_UNEXPLAINED)
    dpia.decision = decision
    dpia.decision_reason = reason
    imposes = decision is DpiaDecision.APPROVED_WITH_CONDITIONS
    dpia.imposed = renewed(dpia.imposed, conditions if imposes else ())
    dpia.deviation_reason = deviation_reason
    dpia.decided_risk = risk
    dpia.decided_matrix = matrix.to_json()
    dpia.decided_on = today()
    if decision in APPROVING and dpia.first_approved_on is None:
        dpia.first_approved_on = dpia.decided_on
    if decision in APPROVING and (dpia.next_review is None or dpia.next_review <= dpia.decided_on):
        dpia.next_review = cycle_of(session).end(dpia.decided_on, risk)
    remember_lists(session, dpia)
    dpia.decided_by = by.name
    dpia.decided_version = dpia.version + 1
    session.info["action"] = "decide"


def _demand_words(decision: DpiaDecision, reason: str, conditions: Sequence[Condition]) -> None:
    if decision is DpiaDecision.APPROVED_WITH_CONDITIONS and not complete(conditions):
        raise Refused(_NO_CONDITIONS)
    if decision is DpiaDecision.REJECTED and not reason.strip():
        raise Refused(_NO_REASON)


def _demand_approvable(dpia: Dpia, advice: Opinion | None, risk: RiskLevel | None) -> None:
    if advice is None:
        raise Refused(_NO_ADVICE)
    if risk is None:
        raise Refused(_UNASSESSED)
    if is_high(risk) and not is_settled(dpia):
        raise Refused(_NOT_CONSULTED)
    if dpia.consultation_outcome is ConsultationOutcome.INFRINGES:
        raise Refused(_INFRINGES)


def meet(
    session: Session, dpia: Dpia, condition: Condition, *, on: date | None, evidence: str, by: Identity
) -> None:
    """Records that *condition* was met *on* that day, or is open again; the journal calls the step ``meet``.

    The decision stays what it is. Raises :class:`Refused` for a day to come and for
    a condition that is met without evidence.
    """
    demand(by, Permission.EDIT, dpia)
    if on and on > today():
        raise Refused(_NOT_YET)
    if on and not evidence.strip():
        raise Refused(_NO_EVIDENCE)
    condition.met_on, condition.evidence = on, evidence
    session.info["action"] = "meet"


def changes_since_decision(session: Session, dpia: Dpia) -> Mapping[str, tuple[Any, Any]]:
    """Old and new answer, by field name, of what was changed after the decision; empty if none was taken."""
    if dpia.decided_version is None:
        return {}
    asked = {name for name, spec in fields(Dpia).items() if not spec.fixed} - Dpia.moving - {"next_review"}
    found = differences(state_at(session, dpia, dpia.decided_version), facts(dpia))
    return {name: pair for name, pair in found.items() if name in asked}


_NOT_APPROVED = Text("Die DSFA ist nicht genehmigt.", "The DPIA is not approved.")
_UNASSESSED = Text(
    "Es ist nicht jedes Risiko eingeschätzt; zuerst sind Schwere und Wahrscheinlichkeit einzutragen.",
    "Not every risk is assessed; enter severity and likelihood first.",
)
_RISK_TODAY = Text(
    "Einstufung heute, mit den umgesetzten Maßnahmen: {today}. Entschieden wurde über: {decided}.",
    "Rating today, with the implemented measures: {today}. The decision was on: {decided}.",
)
_TEMPLATE = Text(
    "Über eine Vorlage wird nicht entschieden; sie gehört zu keinem Vorhaben.",
    "Nothing is decided on a template; it belongs to no project.",
)
_DSB_DECIDES = Text(
    "Datenschutzbeauftragte beraten und entscheiden nicht (Art. 38 Abs. 6 DSGVO). Die Entscheidung "
    "trifft die "
    "Leitung.",
    "The data protection officer advises and does not decide (Art. 38 (6) GDPR). Management decides.",
)
_NOT_SUBMITTED = Text(
    "Entschieden wird über eine DSFA, die zur Prüfung gegeben ist. Geben Sie sie zuerst zur Prüfung.",
    "A decision needs a DPIA that was submitted for review. Submit it first.",
)
_AUTHOR_DECIDES = Text(
    "Wer die DSFA seit der letzten Freigabe geändert hat, kann nicht selbst über sie entscheiden.",
    "Whoever changed the DPIA since its last release cannot decide on it.",
)
_NO_CONDITIONS = Text(
    "Eine Genehmigung mit Auflagen braucht die Auflagen, jede mit Zuständigkeit und Termin.",
    "An approval with conditions needs the conditions, each with owner and date.",
)
_NOT_YET = Text("Der Tag liegt in der Zukunft.", "That day lies in the future.")
_NO_EVIDENCE = Text(
    "Nennen Sie den Nachweis, zum Beispiel ein Protokoll oder einen Vermerk.",
    "Name the evidence, such as a record or a note.",
)
_INFRINGES = Text(
    "Die Aufsichtsbehörde hält die Verarbeitung in der vorgelegten Form für nicht zulässig. Ändern Sie das "
    "Vorhaben und konsultieren Sie erneut.",
    "The authority considers the processing in the form submitted not lawful. Change the project and "
    "consult again.",
)
_NO_REASON = Text("Eine Ablehnung braucht eine Begründung.", "A rejection needs a reason.")
_NO_ADVICE = Text(
    "Vor der Genehmigung ist der Rat der Datenschutzbeauftragten einzuholen (Art. 35 Abs. 2 DSGVO).",
    "Before approval the advice of the data protection officer must be sought (Art. 35 (2) GDPR).",
)
_NOT_CONSULTED = Text(
    "Auch mit den geplanten Maßnahmen bleibt ein hohes Risiko. Vor der Genehmigung ist die "
    "Aufsichtsbehörde zu "
    "konsultieren (Art. 36 Abs. 1 DSGVO); tragen Sie Datum und Antwort ein. Schweigen ist keine Zustimmung.",
    "Even with the planned measures a high risk remains. The authority must be consulted before approval "
    "(Art. 36 (1) GDPR); enter date and answer. Silence is no consent.",
)
_UNEXPLAINED = Text(
    "Die Entscheidung weicht vom Rat der Datenschutzbeauftragten ab. Begründen Sie die Abweichung.",
    "The decision deviates from the advice of the data protection officer. Give the reason.",
)
