"""What an audit would object to in the risks and measures of an impact assessment."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from assessments.dpia.dpia import Dpia
from assessments.dpia.grades import Grade, needs_measures
from assessments.dpia.matrix import DEFAULT_MATRIX, RiskMatrix
from assessments.dpia.measures import in_force, undertaking
from assessments.dpia.risk import (
    IN_FORCE,
    USUAL_EVENTS,
    DpiaMeasure,
    DpiaRisk,
    FearedEvent,
    MeasureState,
    ProtectionGoal,
    against,
)
from assessments.dpia.rule_facts import MATRIX, MEASURES
from assessments.dpia.settings import RiskMatrixSetting
from assessments.dpia.standing import AFTER, entered, positions, unsupported
from compliance.fields import Term
from compliance.language import Text
from compliance.rules import Hit, RuleBook, Severity, Situation
from registers.measures import Measure, Progress

RULES: Final = RuleBook(Dpia)


def not_considered(risks: Iterable[DpiaRisk]) -> tuple[Term, ...]:
    """Usual events and protection goals that no risk is about."""
    known = list(risks)
    events = {risk.feared_event for risk in known}
    goals = {goal for risk in known for goal in risk.goals}
    return (
        *(event for event in USUAL_EVENTS if event not in events),
        *(goal for goal in ProtectionGoal if goal not in goals),
    )


def _risk(**answers: Any) -> DpiaRisk:
    both = {"severity_before": Grade.SUBSTANTIAL, "likelihood_before": Grade.LIMITED}
    return DpiaRisk(**{"key": "R1", "title": "Bewegungsprofile", **both, **answers})


def _measure(**answers: Any) -> DpiaMeasure:
    return DpiaMeasure(**{"key": "M1", "title": "Löschung nach 72 Stunden", "risks": "R1", **answers})


def _dpia(risks: list[DpiaRisk], *measures: DpiaMeasure) -> Dpia:
    return Dpia(name="Videoschutz am Busbahnhof", risks=risks, measures=list(measures))


def _owned() -> DpiaMeasure:
    return _measure(owner="Leitstelle", due=date(2026, 6, 1), state=MeasureState.PLANNED)


def _all_considered() -> Dpia:
    risks = [_risk(feared_event=event) for event in USUAL_EVENTS]
    risks[0].goals = tuple(ProtectionGoal)
    return _dpia(risks)


@RULES.rule(
    "DSF-009",
    Severity.WARNING,
    "Art. 35 Abs. 7 lit. c DSGVO, SDM V3.1, PIA-Methode der CNIL",
    field="risks",
    says=Text("Noch nicht betrachtet: {de}.", "Not considered yet: {en}."),
    remedy=Text(
        "Beschreiben Sie dazu ein Risiko; die Seite der DSFA bietet den Anfang an. Ist keines zu befürchten, "
        "genügt ein Risiko mit der geringsten Stufe und der Begründung.",
        "Describe a risk about it; the page of the DPIA offers the beginning. If none is to be feared, a "
        "risk with the least grade and the reason is enough.",
    ),
    breaks=lambda: _dpia([_risk(feared_event=FearedEvent.ACCESS)]),
    keeps=_all_considered,
)
def _all_events_and_goals(dpia: Dpia, _: Situation) -> Iterator[Hit]:
    lacking = not_considered(dpia.risks)
    if dpia.risks and lacking:
        words = {code: ", ".join(term.text[code] for term in lacking) for code in ("de", "en")}
        yield Hit(words=words)


@RULES.rule(
    "DSF-010",
    Severity.WARNING,
    "Art. 35 Abs. 7 lit. d DSGVO",
    field="measures",
    says=Text(
        "„{what}“: Das Risiko hat keine Maßnahme, oder der Maßnahme fehlen Zuständigkeit, Termin oder Stand.",
        "“{what}”: the risk has no measure, or the measure lacks owner, date or state.",
    ),
    remedy=Text(
        "Ordnen Sie dem Risiko eine Maßnahme zu; ergänzen Sie die Angaben bei der Maßnahme, bei einer "
        "Maßnahme des Registers dort.",
        "Assign a measure to the risk; complete the measure, one of the register there.",
    ),
    breaks=lambda: _dpia([_risk()]),
    keeps=lambda: _dpia([_risk()], _owned()),
    reads=(MATRIX,),
    heeds=(MEASURES,),
)
def _met_and_owned(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    matrix = _matrix(situation.near)
    for risk in dpia.risks:
        before = positions(risk, dpia.measures).standing(matrix).before
        if needs_measures(before) and not against(risk, dpia.measures):
            yield Hit(risk, {"what": f"{risk.key} {risk.title}".strip()})
    for measure in dpia.measures:
        known = undertaking(measure)
        if not known.complete:
            yield Hit(measure, {"what": known.title or measure.key})


def _matrix(near: Mapping[str, Any]) -> RiskMatrix:
    stored = near.get(RiskMatrixSetting.__name__)
    return RiskMatrix.from_json(stored[0].content) if stored else DEFAULT_MATRIX


def _lowered(**answers: Any) -> DpiaRisk:
    today = {"severity_today": Grade.SUBSTANTIAL, "likelihood_today": Grade.NEGLIGIBLE}
    return _risk(**today, **answers)


@RULES.rule(
    "DSF-011",
    Severity.WARNING,
    "Art. 35 Abs. 7 lit. c, d, Art. 5 Abs. 2 DSGVO",
    field="risks",
    says=Text(
        "{risk}: „{field}“ passt nicht zu den Maßnahmen. Der Wert ist niedriger, als sie es begründen, oder "
        "trotz Maßnahmen unverändert.",
        "{risk}: “{field}” does not fit the measures. The value is lower than they account for, or unchanged "
        "in spite of them.",
    ),
    remedy=Text(
        "Schätzen Sie das Risiko neu ein, setzen Sie die Maßnahmen um, oder halten Sie den Grund fest. Bis "
        "dahin zählt der niedrigere Wert nicht.",
        "Assess the risk anew, implement the measures, or record the reason. Until then the lower value does "
        "not count.",
    ),
    breaks=lambda: _dpia([_lowered()], _owned()),
    keeps=lambda: _dpia([_lowered(lower_today="Der Bahnhof ist seit März geschlossen.")], _owned()),
    heeds=(MEASURES,),
)
def _values_fit_measures(dpia: Dpia, _: Situation) -> Iterator[Hit]:
    for risk in dpia.risks:
        doubtful = {*unsupported(risk, dpia.measures), *_unmoved(risk, dpia.measures)}
        for moment in AFTER:
            if moment in doubtful:
                yield Hit(risk, {"risk": risk.key, "field": f"likelihood_{moment}"})


def _unmoved(risk: DpiaRisk, measures: Iterable[DpiaMeasure]) -> Iterator[str]:
    """Which of :data:`AFTER` is entered no lower than before, although all measures should tell by then."""
    mine = against(risk, measures)
    claimed = {"planned": bool(mine), "today": bool(mine) and all(map(in_force, mine))}
    before = entered(risk, "before")
    for moment in AFTER:
        given = entered(risk, moment)
        if before and given and claimed[moment] and not given.below(before):
            yield moment


@RULES.rule(
    "DSF-017",
    Severity.WARNING,
    "Art. 24 Abs. 1, Art. 35 Abs. 7 lit. d DSGVO",
    field="measures",
    says=Text(
        "„{what}“ ist überfällig, oder die Umsetzung ist nicht belegt.",
        "“{what}” is overdue, or its implementation is not shown.",
    ),
    remedy=Text(
        "Setzen Sie die Maßnahme um und tragen Sie den Nachweis ein, oder vereinbaren Sie einen "
        "neuen Termin.",
        "Implement the measure and enter the evidence, or agree on a new date.",
    ),
    breaks=lambda: _dpia([_risk()], _measure(state=MeasureState.PLANNED, due=date(2026, 2, 1))),
    keeps=lambda: _dpia([_risk()], _measure(measure=Measure(name="Löschung", progress=Progress.CHECKED))),
    heeds=(MEASURES,),
)
def _done_and_shown(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    """Evidence of a register measure is objected to there (TOM-002); a rejected project needs none."""
    if dpia.is_void:
        return
    for measure in dpia.measures:
        known = undertaking(measure)
        unshown = measure.measure is None and known.state in IN_FORCE and not known.evidence.strip()
        if known.overdue(situation.today) or unshown:
            yield Hit(measure, {"what": known.title or measure.key})
