"""What an audit would object to in threshold analyses and impact assessments."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from types import SimpleNamespace
from typing import Any, Final

from assessments.dpia.decision import deviates
from assessments.dpia.dpia import APPROVING, Dpia, DpiaDecision
from assessments.dpia.grades import Grade
from assessments.dpia.risk import DpiaMeasure, DpiaRisk
from assessments.dpia.rule_facts import DPIAS
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_known import indicators
from assessments.dpia.threshold_table import Outcome, criteria_met, mandatory
from compliance.advice import Verdict
from compliance.entry import State
from compliance.language import Text
from compliance.rules import Asks, Case, Hit, Reads, Rule, RuleBook, Severity, Situation
from registers.processing import ProcessingActivity, Stage

_activities = RuleBook(ProcessingActivity)
_analyses = RuleBook(ThresholdAnalysis)
_dpias = RuleBook(Dpia)

_ANALYSES: Final = Reads("ThresholdAnalysis", "activity", ("state", "result"))
_OPINIONS: Final = Reads("Opinion", "entry_id", ("id", "verdict", "given_on", "given_by"))


def _near(situation: Situation, reads: Reads | Asks) -> list[Any]:
    """What refers to the judged entry and has not ended."""
    found = situation.near.get(reads.name if isinstance(reads, Asks) else reads.model, ())
    return [row for row in found if getattr(row, "state", None) is not State.ENDED]


def _beside(**rows: dict[str, Any]) -> Situation:
    near = {model: [SimpleNamespace(**values)] for model, values in rows.items()}
    return Situation(date(2026, 3, 2), near=near)


_OPINION: Final[dict[str, Any]] = {
    "id": 1,
    "verdict": Verdict.AGAINST,
    "given_on": date(2026, 2, 2),
    "given_by": "Dr. Ines Falk",
}


# --- Processing activities -----------------------------------------------------------------------


@_activities.rule(
    "DSF-001",
    Severity.WARNING,
    "Art. 35 Abs. 1 DSGVO",
    field="risk",
    says=Text(
        "Für die Tätigkeit liegt keine Schwellwertanalyse vor.",
        "There is no threshold analysis of the activity.",
    ),
    remedy=Text(
        "Legen Sie eine Schwellwertanalyse an. Was das Verzeichnis schon beantwortet, wird vorgeschlagen.",
        "Create a threshold analysis. What the record answers already is proposed.",
    ),
    breaks=lambda: ProcessingActivity(name="Straßenreinigung: Gebühren"),
    keeps=lambda: Case(
        ProcessingActivity(name="Straßenreinigung: Gebühren"),
        _beside(ThresholdAnalysis={"state": State.RELEASED, "result": Outcome.NOT_REQUIRED}),
    ),
    reads=(_ANALYSES,),
)
def _no_analysis(activity: ProcessingActivity, situation: Situation) -> Iterator[Hit]:
    if activity.stage is Stage.RETIRED or _near(situation, _ANALYSES):
        return
    yield Hit(severity=Severity.ERROR if indicators(activity) else None)


@_activities.rule(
    "DSF-003",
    Severity.ERROR,
    "Art. 35 Abs. 1 DSGVO",
    field="stage",
    says=Text(
        "Die Tätigkeit ist in Betrieb, doch keine genehmigte DSFA nennt sie oder deckt sie ab.",
        "The activity is in operation, but no approved DPIA names or covers it.",
    ),
    remedy=Text(
        "Führen Sie die DSFA durch und lassen Sie die Leitung entscheiden; bis dahin ist der Betrieb "
        "auszusetzen.",
        "Carry out the DPIA and have management decide; until then operation has to be suspended.",
    ),
    breaks=lambda: Case(
        ProcessingActivity(name="Kita-Portal", stage=Stage.OPERATION),
        _beside(ThresholdAnalysis={"state": State.RELEASED, "result": Outcome.REQUIRED}),
    ),
    keeps=lambda: Case(
        ProcessingActivity(name="Kita-Portal", stage=Stage.OPERATION),
        _beside(
            ThresholdAnalysis={"state": State.RELEASED, "result": Outcome.REQUIRED},
            Dpia={"state": State.RELEASED, "decision": DpiaDecision.APPROVED},
        ),
    ),
    reads=(_ANALYSES, DPIAS),
)
def _not_approved(activity: ProcessingActivity, situation: Situation) -> Iterator[Hit]:
    results = {row.result for row in _near(situation, _ANALYSES)}
    required = not results.isdisjoint({Outcome.REQUIRED, Outcome.COVERED})
    approved = any(row.decision in APPROVING for row in _near(situation, DPIAS))
    if activity.stage is Stage.OPERATION and required and not approved:
        yield Hit()


# --- Threshold analyses --------------------------------------------------------------------------


def _denied(**answers: Any) -> ThresholdAnalysis:
    return ThresholdAnalysis(name="Parkraumsensoren", high_risk=False, **answers)


@_analyses.rule(
    "DSF-002",
    Severity.ERROR,
    "Art. 35 Abs. 1, 3, 4 DSGVO, WP 248 rev.01",
    field="reason",
    says=Text(
        "Ein hohes Risiko wird ohne Begründung verneint, obwohl Muss-Liste, Art. 35 Abs. 3 oder mindestens "
        "zwei Kriterien dafür sprechen.",
        "A high risk is denied without a reason, although the list, Art. 35 (3) or at least two criteria "
        "suggest it.",
    ),
    remedy=Text(
        "Begründen Sie die Abweichung oder führen Sie die DSFA durch. Muss-Liste und Art. 35 Abs. 3 lassen "
        "keine Abweichung zu.",
        "Give the reason for the deviation, or carry out the DPIA. The list and Art. 35 (3) allow no "
        "deviation.",
    ),
    breaks=lambda: _denied(monitoring=True, innovative=True),
    keeps=lambda: _denied(monitoring=True, innovative=True, reason="Die Sensoren erfassen nur Belegung."),
)
def _denied_without_reason(analysis: ThresholdAnalysis, _situation: Situation) -> Iterator[Hit]:
    if _unreasoned(analysis) and (mandatory(analysis) or criteria_met(analysis) >= 2):
        yield Hit()


@_analyses.rule(
    "DSF-004",
    Severity.WARNING,
    "Art. 35 Abs. 1 DSGVO, WP 248 rev.01",
    field="reason",
    says=Text(
        "Ein Kriterium trifft zu, und ein hohes Risiko wird ohne Begründung verneint.",
        "One criterion applies, and a high risk is denied without a reason.",
    ),
    remedy=Text(
        "Halten Sie fest, warum das Kriterium hier kein hohes Risiko zur Folge hat.",
        "Record why the criterion does not result in a high risk here.",
    ),
    breaks=lambda: _denied(vulnerable=True),
    keeps=lambda: _denied(vulnerable=True, reason="Nur dienstliche Kontaktdaten von Beschäftigten."),
)
def _single_without_reason(analysis: ThresholdAnalysis, _situation: Situation) -> Iterator[Hit]:
    if _unreasoned(analysis) and criteria_met(analysis) == 1 and not mandatory(analysis):
        yield Hit()


def _unreasoned(analysis: ThresholdAnalysis) -> bool:
    return analysis.high_risk is False and not analysis.reason.strip()


# --- Impact assessments --------------------------------------------------------------------------


@_dpias.rule(
    "DSF-005",
    Severity.ERROR,
    "Art. 35 Abs. 2 DSGVO",
    field="participation",
    says=Text(
        "Der Rat der Datenschutzbeauftragten liegt nicht vor.",
        "The advice of the data protection officer is missing.",
    ),
    remedy=Text(
        "Bitten Sie die Datenschutzbeauftragten um eine Stellungnahme.",
        "Ask the data protection officer for an opinion.",
    ),
    breaks=lambda: Dpia(name="Videoschutz am Busbahnhof"),
    keeps=lambda: Case(Dpia(name="Videoschutz am Busbahnhof"), _beside(Opinion=_OPINION)),
    reads=(_OPINIONS,),
)
def _no_advice(_dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    if not _near(situation, _OPINIONS):
        yield Hit()


@_dpias.rule(
    "DSF-006",
    Severity.WARNING,
    "Art. 35 Abs. 2 DSGVO, WP 248 rev.01",
    field="deviation_reason",
    says=Text(
        "Die Entscheidung weicht ohne Begründung vom Rat der Datenschutzbeauftragten ab.",
        "The decision deviates from the advice of the data protection officer without a reason.",
    ),
    remedy=Text(
        "Die Leitung entscheidet erneut und hält fest, warum sie dem Rat nicht folgt.",
        "Management decides again and records why it does not follow the advice.",
    ),
    breaks=lambda: Case(
        Dpia(name="Videoschutz am Busbahnhof", decision=DpiaDecision.APPROVED), _beside(Opinion=_OPINION)
    ),
    keeps=lambda: Case(
        Dpia(
            name="Videoschutz am Busbahnhof",
            decision=DpiaDecision.APPROVED,
            deviation_reason="Die Zahl der Vorfälle lässt kein milderes Mittel zu.",
        ),
        _beside(Opinion=_OPINION),
    ),
    reads=(_OPINIONS,),
)
def _unexplained_deviation(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    advice = _near(situation, _OPINIONS)
    if not advice or dpia.deviation_reason.strip():
        return
    latest = max(advice, key=lambda row: (row.given_on or date.min, row.id))
    if deviates(dpia.decision, latest.verdict):
        yield Hit()


@_dpias.rule(
    "DSF-007",
    Severity.ERROR,
    "Art. 38 Abs. 6 DSGVO",
    field="decided_by",
    says=Text(
        "Wer entschieden hat, hat auch beraten oder die DSFA verfasst.",
        "Whoever decided also advised or wrote the DPIA.",
    ),
    remedy=Text(
        "Es entscheidet die Leitung oder ihre Vertretung, wer weder beraten noch geschrieben hat.",
        "Management or its deputy decides: somebody who neither advised nor wrote.",
    ),
    breaks=lambda: Case(
        Dpia(
            name="Videoschutz am Busbahnhof",
            decision=DpiaDecision.REJECTED,
            decided_by="Dr. Ines Falk",
        ),
        _beside(Opinion=_OPINION),
    ),
    keeps=lambda: Case(
        Dpia(
            name="Videoschutz am Busbahnhof",
            team="Tom Behrens",
            decision=DpiaDecision.REJECTED,
            decided_by="Karin Holm",
        ),
        _beside(Opinion=_OPINION),
    ),
    reads=(_OPINIONS,),
)
def _conflict_of_interest(dpia: Dpia, situation: Situation) -> Iterator[Hit]:
    name = dpia.decided_by
    if not name:
        return
    if any(row.given_by == name for row in _near(situation, _OPINIONS)):
        yield Hit()
    elif name.casefold() in dpia.team.casefold():
        yield Hit(severity=Severity.WARNING)


def _complete() -> Dpia:
    return Dpia(
        name="Videoschutz am Busbahnhof",
        description="Acht Kameras erfassen die Bussteige rund um die Uhr.",
        purposes="Schutz der Fahrgäste und Verfolgung von Straftaten.",
        lawfulness="§ 14 LDSG SH.",
        necessity="Streifen allein haben die Zahl der Vorfälle nicht gesenkt.",
        risks=[
            DpiaRisk(
                key="R1",
                title="Bewegungsprofile",
                severity_before=Grade.SUBSTANTIAL,
                likelihood_before=Grade.LIMITED,
            )
        ],
        measures=[DpiaMeasure(title="Löschung nach 72 Stunden", risks="R1")],
    )


def _without_measures() -> Dpia:
    dpia = _complete()
    dpia.measures = []
    return dpia


@_dpias.rule(
    "DSF-008",
    Severity.ERROR,
    "Art. 35 Abs. 7 DSGVO",
    field="description",
    says=Text(
        "Was Art. 35 Abs. 7 lit. {letter} verlangt, fehlt ganz oder in einem wesentlichen Teil.",
        "What Art. 35 (7) ({letter}) asks for is missing, or an essential part of it.",
    ),
    remedy=Text(
        "Ergänzen Sie: a) Beschreibung und Zwecke, b) Rechtsgrundlagen und Erforderlichkeit, c) "
        "mindestens ein "
        "eingeschätztes Risiko, d) Maßnahmen.",
        "Add: (a) description and purposes, (b) legal bases and necessity, (c) at least one assessed risk, "
        "(d) measures.",
    ),
    breaks=_without_measures,
    keeps=_complete,
)
def _empty_sections(dpia: Dpia, _situation: Situation) -> Iterator[Hit]:
    assessed = any(risk.severity_before and risk.likelihood_before for risk in dpia.risks)
    parts = {
        "a": dpia.description.strip() and dpia.purposes.strip(),
        "b": dpia.lawfulness.strip() and dpia.necessity.strip(),
        "c": assessed,
        "d": dpia.measures or dpia.existing_measures.strip(),
    }
    for letter, present in parts.items():
        if not present:
            yield Hit(words={"letter": letter})


RULES: Final[tuple[Rule[Any], ...]] = (*_activities, *_analyses, *_dpias)
