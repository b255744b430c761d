"""What an audit would object to in decisions, their conditions, consultations and high-risk AI."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from assessments.dpia.conditions import Condition
from assessments.dpia.consultation import is_running
from assessments.dpia.decision import is_riskier_than_decided, risk_of
from assessments.dpia.dpia import APPROVING, Dpia, DpiaDecision
from assessments.dpia.fundamental_rights import ACT, STATEMENTS, fria_terms, high_risk, is_near, unanswered
from assessments.dpia.grades import Grade, RiskLevel, is_high
from assessments.dpia.matrix import DEFAULT_MATRIX, RiskMatrix
from assessments.dpia.risk import DpiaRisk
from assessments.dpia.rule_facts import ACTIVITIES, DPIAS, MATRIX, MEASURES
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Case, Hit, Rule, RuleBook, Severity, Situation, opening
from registers.ai import AiClass
from registers.processing import ProcessingActivity, Stage

_dpias = RuleBook(Dpia)
_activities = RuleBook(ProcessingActivity)

_TODAY: Final = date(2026, 11, 23)


def _assessed(situation: Situation) -> Sequence[Any]:
    """The activities that the judged assessment is about."""
    return situation.near.get(ACTIVITIES.name, ())


def _matrix(situation: Situation) -> RiskMatrix:
    stored = situation.near.get(MATRIX.name, ())
    return RiskMatrix.from_json(stored[0].content) if stored else DEFAULT_MATRIX


def _beside(today: date = _TODAY, **activity: Any) -> Situation:
    known: dict[str, Any] = {"name": "Kita-Platzvergabe", "stage": Stage.PLANNED, "since": None}
    known |= {"ai": False, "ai_class": None} | activity
    return Situation(today, near={ACTIVITIES.name: [SimpleNamespace(**known)]})


def _case(situation: Situation | None = None, **answers: Any) -> Case:
    return Case(Dpia(name="Kita-Platzvergabe", **answers), situation or _beside())


# --- Prior consultation --------------------------------------------------------------------------


def _grave() -> DpiaRisk:
    grades = {"severity_before": Grade.MAJOR, "likelihood_before": Grade.MAJOR}
    return DpiaRisk(key="R1", title="Benachteiligung von Kindern", **grades)


@_dpias.rule(
    "DSF-012",
    Severity.ERROR,
    "Art. 36 Abs. 1 DSGVO",
    field="consulted_on",
    says=Text(
        "Auch mit den geplanten Maßnahmen bleibt ein hohes Risiko, und die Aufsichtsbehörde ist nicht "
        "konsultiert.",
        "Even with the planned measures a high risk remains, and the authority has not been consulted.",
    ),
    remedy=Text(
        "Konsultieren Sie die Aufsichtsbehörde vor Beginn der Verarbeitung, oder senken Sie das Risiko durch "
        "weitere Maßnahmen.",
        "Consult the authority before the processing begins, or lower the risk by further measures.",
    ),
    breaks=lambda: _case(state=State.REVIEW, risks=[_grave()]),
    keeps=lambda: _case(state=State.REVIEW, risks=[_grave()], consulted_on=date(2026, 10, 5)),
    reads=(MATRIX,),
)
def _not_consulted(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    """A draft may still get measures; what is rejected needs no consultation."""
    finished = dpia.state in (State.REVIEW, State.RELEASED) or dpia.decision is not None
    if not finished or dpia.decision is DpiaDecision.REJECTED or dpia.consulted_on:
        return
    if is_high(risk_of(dpia, _matrix(situation)).planned):
        yield Hit()


@_dpias.rule(
    "DSF-013",
    Severity.ERROR,
    "Art. 36 Abs. 1, 2 DSGVO",
    field="consultation_result",
    says=Text(
        "Die Konsultation der Aufsichtsbehörde ist offen, obwohl die Frist abgelaufen ist oder die "
        "Verarbeitung schon läuft: {what}",
        "The consultation of the authority is open although the period is over or the processing goes on "
        "already: {what}",
    ),
    remedy=Text(
        "Fragen Sie bei der Aufsichtsbehörde nach und tragen Sie ihre Antwort ein. Schweigen ist keine "
        "Zustimmung; bis zur Antwort ruht die Verarbeitung.",
        "Ask the authority and enter its answer. Silence is no consent; until the answer the processing "
        "rests.",
    ),
    breaks=lambda: _case(consulted_on=date(2026, 8, 3), consultation_due=date(2026, 9, 28)),
    keeps=lambda: _case(consulted_on=date(2026, 10, 5), consultation_due=date(2026, 11, 30)),
    reads=(ACTIVITIES,),
)
def _unanswered(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    """While a question of the authority suspends the clock there is no day, and nothing is overdue."""
    if not is_running(dpia):
        return
    if dpia.consultation_due and dpia.consultation_due < situation.today:
        yield Hit(words={"what": dpia.consultation_due.isoformat()})
    for activity in _assessed(situation):
        if activity.stage is Stage.OPERATION:
            yield Hit(words={"what": opening(activity.name)})


# --- Decision ------------------------------------------------------------------------------------


def _approved(**answers: Any) -> dict[str, Any]:
    return {"decision": DpiaDecision.APPROVED_WITH_CONDITIONS, "decided_on": date(2026, 5, 12)} | answers


def _condition(**answers: Any) -> Condition:
    given = {"text": "Protokolle monatlich prüfen", "owner": "Hauptamt", "due": date(2026, 10, 30)}
    return Condition(**given | answers)


@_dpias.rule(
    "DSF-016",
    Severity.ERROR,
    "Art. 35 Abs. 7 lit. d DSGVO",
    field="imposed",
    says=Text(
        "Genehmigt mit Auflagen, doch eine ist seit {day} überfällig: {what}",
        "Approved with conditions, but one is overdue since {day}: {what}",
    ),
    remedy=Text(
        "Erfüllen Sie die Auflage und tragen Sie Tag und Nachweis ein, oder lassen Sie die Leitung erneut "
        "entscheiden.",
        "Meet the condition and enter day and evidence, or have management decide again.",
    ),
    breaks=lambda: _case(**_approved(imposed=[_condition()])),
    keeps=lambda: _case(**_approved(imposed=[_condition(met_on=date(2026, 10, 12))])),
)
def _overdue_conditions(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    if dpia.decision is not DpiaDecision.APPROVED_WITH_CONDITIONS:
        return
    for one in dpia.imposed:
        if one.due and one.is_overdue(situation.today):
            yield Hit(one, {"day": one.due.isoformat(), "what": opening(one.text)})


@_dpias.rule(
    "DSF-018",
    Severity.WARNING,
    "Art. 35 Abs. 1 Satz 1 DSGVO",
    field="decision",
    says=Text(
        "Genehmigt erst nach Beginn der Verarbeitung: {what}, {day}.",
        "Approved only after the processing had begun: {what}, {day}.",
    ),
    remedy=Text(
        "Halten Sie in der Begründung fest, warum die Abschätzung nicht vorab vorlag, und wie das künftig "
        "vermieden wird.",
        "Record in the reason why the assessment was not there in advance, and how this is avoided in "
        "future.",
    ),
    breaks=lambda: _case(
        _beside(stage=Stage.OPERATION, since=date(2026, 3, 2)), **_approved(decision=DpiaDecision.APPROVED)
    ),
    keeps=lambda: _case(
        _beside(stage=Stage.OPERATION, since=date(2026, 6, 1)), **_approved(decision=DpiaDecision.APPROVED)
    ),
    reads=(ACTIVITIES,),
)
def _approved_late(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    """What counts is the first approval; a later one confirms a processing that may go on."""
    first = dpia.first_approved_on or dpia.decided_on
    if dpia.decision not in APPROVING or first is None:
        return
    for activity in _assessed(situation):
        begun = activity.stage in (Stage.TEST, Stage.OPERATION, Stage.RETIRED)
        if begun and activity.since and activity.since < first:
            yield Hit(words={"what": opening(activity.name), "day": activity.since.isoformat()})


def _running(decided: RiskLevel) -> Case:
    return _case(
        _beside(stage=Stage.OPERATION),
        **_approved(decision=DpiaDecision.APPROVED, decided_risk=decided, risks=[_grave()]),
    )


@_dpias.rule(
    "DSF-025",
    Severity.ERROR,
    "Art. 35 Abs. 1, Art. 24 Abs. 1 DSGVO",
    field="decision",
    says=Text(
        "In Betrieb, obwohl das Risiko heute höher ist als das, über das entschieden wurde: {what}",
        "In operation although the risk today is higher than what was decided on: {what}",
    ),
    remedy=Text(
        "Setzen Sie die geplanten Maßnahmen um und schätzen Sie das Risiko neu ein, oder lassen Sie die "
        "Leitung über den heutigen Stand entscheiden; bis dahin ruht die Verarbeitung.",
        "Implement the planned measures and assess the risk anew, or have management decide on where it "
        "stands today; until then the processing rests.",
    ),
    breaks=lambda: _running(RiskLevel.MEDIUM),
    keeps=lambda: _running(RiskLevel.HIGH),
    reads=(ACTIVITIES, MATRIX),
    heeds=(MEASURES,),
)
def _more_risk_than_decided(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    """What was decided on is the risk with planned measures; it may be run only once they are in force."""
    running = [one for one in _assessed(situation) if one.stage is Stage.OPERATION]
    if running and is_riskier_than_decided(dpia, _matrix(situation)):
        for activity in running:
            yield Hit(words={"what": opening(activity.name)})


# --- High-risk AI --------------------------------------------------------------------------------

_FRIA: Final[dict[str, Any]] = {
    "says": Text(
        "Hochrisiko-KI, doch die Grundrechte-Folgenabschätzung fehlt oder ist unvollständig; sie ist ab "
        "{day} vor der ersten Verwendung nötig.",
        "High-risk AI, but the fundamental rights impact assessment is missing or incomplete; from {day} on "
        "it is needed before the first use.",
    ),
    "remedy": Text(
        "Ergänzen Sie in der DSFA den Abschnitt „Grundrechte-Folgenabschätzung“; was die DSFA schon sagt, "
        "lässt sich übernehmen.",
        "Complete the section “Fundamental rights impact assessment” of the DPIA; what the DPIA says already "
        "can be taken over.",
    ),
}
_AI: Final[dict[str, Any]] = {"ai": True, "ai_class": AiClass.HIGH_RISK}


@_dpias.rule(
    "DSF-020",
    Severity.WARNING,
    f"Art. 27 {ACT}",
    field="fria_process",
    breaks=lambda: _case(_beside(**_AI)),
    keeps=lambda: _case(_beside(**_AI), **dict.fromkeys(STATEMENTS, "Beschrieben und geprüft.")),
    reads=(ACTIVITIES,),
    **_FRIA,
)
def _no_fria(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    if high_risk(_assessed(situation)) and unanswered(dpia) and dpia.decision is not DpiaDecision.REJECTED:
        yield from _warn(situation, in_use=_in_use(_assessed(situation)))


@_activities.rule(
    "DSF-020",
    Severity.WARNING,
    f"Art. 27 {ACT}",
    field="ai_class",
    breaks=lambda: Case(ProcessingActivity(name="Kita-Platzvergabe", **_AI), Situation(_TODAY)),
    keeps=lambda: Case(
        ProcessingActivity(name="Kita-Platzvergabe", **_AI),
        Situation(_TODAY, near={"Dpia": [SimpleNamespace(state=State.DRAFT, decision=None, names_it=True)]}),
    ),
    reads=(DPIAS,),
    **_FRIA,
)
def _no_assessment(activity: ProcessingActivity, situation: Situation) -> Iterator[Hit]:
    """Where there is an impact assessment, the defect is repaired there."""
    found = situation.near.get(DPIAS.name, ())
    assessed = any(row.names_it and row.state is not State.ENDED for row in found)
    if high_risk([activity]) and activity.stage is not Stage.RETIRED and not assessed:
        yield from _warn(situation, in_use=_in_use([activity]))


def _in_use(activities: Sequence[Any]) -> bool:
    return any(one.stage is Stage.OPERATION for one in activities if high_risk([one]))


def _warn(situation: Situation, *, in_use: bool) -> Iterator[Hit]:
    terms = fria_terms(situation.today)
    if is_near(situation.today, terms):
        late = in_use and situation.today >= terms.applies_from
        words = {"day": terms.applies_from.isoformat()}
        yield Hit(words=words, severity=Severity.ERROR if late else None)


RULES: Final[tuple[Rule[Any], ...]] = (*_dpias, *_activities)
