"""A first wording of the public summary, made of kinds and classes of the assessment alone.

Titles of risks and measures, ways to attack, systems and people are never part of it. The
statements are data, not wording of the application, and are written in German.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from assessments.dpia.decision import risk_of, yardstick
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import RiskLevel
from assessments.dpia.matrix import DEFAULT_MATRIX, RiskMatrix
from assessments.dpia.risk import ProtectionGoal, against
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_table import outcome
from registers.processing import ProcessingActivity


def proposed_summary(
    dpia: Dpia,
    activities: Sequence[ProcessingActivity],
    analyses: Sequence[ThresholdAnalysis],
    matrix: RiskMatrix = DEFAULT_MATRIX,
) -> dict[str, str]:
    """By name of the field: what could stand there; needs *activities* with their rows."""
    return {
        "public_project": _project(dpia, activities),
        "public_reason": _reason(analyses),
        "public_risks": _risks(dpia, matrix),
        "public_protection": _protection(dpia),
    }


def _project(dpia: Dpia, activities: Sequence[ProcessingActivity]) -> str:
    purposes = dict.fromkeys(purpose.text for activity in activities for purpose in activity.purposes)
    subjects = dict.fromkeys(subject.text.de for activity in activities for subject in activity.subjects)
    told = [f"Es geht um: {dpia.name}."]
    if purposes:
        told.append("Dazu werden personenbezogene Daten verarbeitet:\n" + _listed(purposes))
    if subjects:
        told.append(f"Betroffen sind: {', '.join(subjects)}.")
    return "\n\n".join(told)


def _reason(analyses: Sequence[ThresholdAnalysis]) -> str:
    reasons = dict.fromkeys(reason.says.de for analysis in analyses for reason in outcome(analysis).reasons)
    if not reasons:
        return _IN_GENERAL
    return f"{_IN_GENERAL} Hier sprechen dafür:\n{_listed(reasons)}"


_IN_GENERAL: Final = (
    "Bevor personenbezogene Daten auf eine Weise verarbeitet werden, die für Menschen ein hohes Risiko "
    "bedeuten kann, muss das Risiko geprüft und gesenkt werden (Art. 35 DSGVO)."
)


def _risks(dpia: Dpia, matrix: RiskMatrix) -> str:
    goals = _goals(dpia)
    if not goals:
        return ""
    told = ["Geprüft wurde, was Menschen geschehen kann, zum Beispiel:\n" + _listed(map(_THREATS.get, goals))]
    yard = yardstick(dpia, matrix)
    total = risk_of(dpia, yard)
    if total.before and total.planned:
        told.append(
            f"Ohne Schutzmaßnahmen: {_level(total.before, yard)}. "
            f"Mit den {_EVEN.get(dpia.decision, 'vorgesehenen')} Schutzmaßnahmen: "
            f"{_level(total.planned, yard)}."
        )
    return "\n\n".join(told)


_EVEN: Final[Mapping[DpiaDecision | None, str]] = {DpiaDecision.REJECTED: "erwogenen"}


def _level(level: RiskLevel, matrix: RiskMatrix) -> str:
    return matrix.label(level).de


def _goals(dpia: Dpia) -> list[ProtectionGoal]:
    found = {goal for risk in dpia.risks for goal in risk.goals}
    return [goal for goal in ProtectionGoal if goal in found]


def _protection(dpia: Dpia) -> str:
    if dpia.decision is DpiaDecision.REJECTED:
        return _NOT_GONE_AHEAD
    met = {goal for risk in dpia.risks if against(risk, dpia.measures) for goal in risk.goals}
    kinds = [_PROTECTIONS[goal] for goal in ProtectionGoal if goal in met]
    return f"Die Schutzmaßnahmen sorgen dafür,\n{_listed(kinds).rstrip(',')}." if kinds else ""


_NOT_GONE_AHEAD: Final = (
    "Die erwogenen Schutzmaßnahmen reichten nicht aus. Das Vorhaben wird nicht umgesetzt, und es werden "
    "dafür keine Daten verarbeitet."
)


def _listed(texts: Iterable[str | None]) -> str:
    return "\n".join(f"– {text}" for text in texts if text)


_THREATS: Final[Mapping[ProtectionGoal, str]] = {
    ProtectionGoal.DATA_MINIMISATION: "Es werden mehr Daten erhoben oder aufbewahrt, als nötig ist.",
    ProtectionGoal.AVAILABILITY: "Daten oder Leistungen fehlen, wenn sie gebraucht werden.",
    ProtectionGoal.INTEGRITY: "Daten oder Ergebnisse sind falsch und haben Folgen für Menschen.",
    ProtectionGoal.CONFIDENTIALITY: "Jemand erfährt etwas, das nicht für ihn bestimmt ist.",
    ProtectionGoal.UNLINKABILITY: "Daten werden zusammengeführt oder für etwas anderes genutzt.",
    ProtectionGoal.TRANSPARENCY: "Menschen wissen nicht, was mit ihren Daten geschieht.",
    ProtectionGoal.INTERVENABILITY: "Menschen können sich gegen Fehler oder Nachteile nicht wehren.",
}
_PROTECTIONS: Final[Mapping[ProtectionGoal, str]] = {
    ProtectionGoal.DATA_MINIMISATION: "dass nur erhoben und aufbewahrt wird, was nötig ist,",
    ProtectionGoal.AVAILABILITY: "dass Ausfälle überbrückt werden,",
    ProtectionGoal.INTEGRITY: "dass Fehler erkannt und berichtigt werden,",
    ProtectionGoal.CONFIDENTIALITY: "dass nur Berechtigte die Daten sehen,",
    ProtectionGoal.UNLINKABILITY: "dass die Daten getrennt bleiben und für nichts anderes genutzt werden,",
    ProtectionGoal.TRANSPARENCY: "dass verständlich informiert wird,",
    ProtectionGoal.INTERVENABILITY: "dass Betroffene eingreifen und einen Menschen erreichen können,",
}
