"""What management has to know before it decides on an impact assessment, in five minutes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assessments.dpia.consultation import is_settled
from assessments.dpia.decision import deviates, risk_of
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import LEVELS, RiskLevel, is_high, rank
from assessments.dpia.matrix import RiskMatrix
from assessments.dpia.measures import Undertaking, in_force, undertaking
from assessments.dpia.progress import WorkStep
from assessments.dpia.risk import DpiaRisk
from assessments.dpia.standing import Standing, positions
from compliance.advice import Opinion
from compliance.language import Text


@dataclass(frozen=True)
class Briefing:
    """The matter on which management decides."""

    outcome: tuple[Text, ...]
    """What the assessment comes to, in sentences."""
    total: Standing
    gravest: tuple[tuple[DpiaRisk, Standing], ...]
    """Each risk with its levels, the gravest with planned measures first."""
    missing: tuple[Undertaking, ...]
    """Measures that are not in force, the earliest first."""
    against: tuple[Text, ...]
    """What stands against an approval."""
    choices: tuple[tuple[DpiaDecision, Text], ...]
    """What follows from each decision."""


def briefing(dpia: Dpia, advice: Sequence[Opinion], matrix: RiskMatrix, open_points: int) -> Briefing:
    """What management has to know about *dpia*, given the opinions on it, the newest first.

    *open_points* is how many answers are still missing in the steps before the decision.
    """
    total = risk_of(dpia, matrix)
    return Briefing(
        outcome=tuple(_outcome(dpia, advice, total, matrix)),
        total=total,
        gravest=tuple(_by_gravity(dpia, matrix)),
        missing=missing_measures(dpia),
        against=tuple(_against(dpia, advice, total, open_points)),
        choices=tuple((each, _consequence(each, dpia, advice, total)) for each in DpiaDecision),
    )


@dataclass(frozen=True)
class OpenPoint:
    """Something a step of the assessment still lacks."""

    step: str
    title: Text
    label: Text


def open_points(all_steps: Iterable[WorkStep]) -> Iterator[OpenPoint]:
    """What is still missing before the decision."""
    for step in all_steps:
        if step.name != "decision":
            for item in step.items:
                if not item.done:
                    yield OpenPoint(step.name, step.title, item.label)


def missing_measures(dpia: Dpia) -> tuple[Undertaking, ...]:
    """The measures of *dpia* that are not in force, the earliest first, those without a day last."""
    found = [undertaking(measure) for measure in dpia.measures if not in_force(measure)]
    return tuple(sorted(found, key=lambda one: (one.due is None, one.due)))


def _by_gravity(dpia: Dpia, matrix: RiskMatrix) -> list[tuple[DpiaRisk, Standing]]:
    levels = [(risk, positions(risk, dpia.measures).standing(matrix)) for risk in dpia.risks]
    return sorted(levels, key=lambda pair: -_weight(pair[1].planned))


def _weight(level: RiskLevel | None) -> int:
    """Nothing weighs more than what nobody has assessed."""
    return len(LEVELS) if level is None else rank(level)


# --- What it comes to ----------------------------------------------------------------------------


def _outcome(dpia: Dpia, advice: Sequence[Opinion], total: Standing, matrix: RiskMatrix) -> Iterator[Text]:
    if not dpia.risks:
        yield _NO_RISKS
    elif total.before is None or total.planned is None:
        yield _UNASSESSED
    else:
        sentence = _REMAINS if total.before == total.planned else _FALLS
        yield sentence.format(before=matrix.label(total.before), planned=matrix.label(total.planned))
        missing = len(missing_measures(dpia))
        if total.today is not None and rank(total.today) > rank(total.planned):
            yield _NOT_YET.format(today=matrix.label(total.today), count=missing)
    if advice:
        yield _ADVISED.format(verdict=advice[0].verdict.text if advice[0].verdict else Text("–", "–"))


def _against(dpia: Dpia, advice: Sequence[Opinion], total: Standing, open_points: int) -> Iterator[Text]:
    if not advice:
        yield _NO_ADVICE
    if total.planned is None:
        yield _UNASSESSED if dpia.risks else _NO_RISKS
    if is_high(total.planned) and not is_settled(dpia):
        yield _NOT_CONSULTED
    if open_points:
        yield (_ONE_OPEN if open_points == 1 else _OPEN).format(count=open_points)


# --- What follows --------------------------------------------------------------------------------


def _consequence(decision: DpiaDecision, dpia: Dpia, advice: Sequence[Opinion], total: Standing) -> Text:
    said = [_FOLLOWS[decision]]
    if deviates(decision, advice[0].verdict if advice else None):
        said.append(_DEVIATES)
    consult = is_high(total.planned) and not is_settled(dpia)
    if consult and decision in (DpiaDecision.APPROVED, DpiaDecision.APPROVED_WITH_CONDITIONS):
        said.append(_ONLY_AFTER)
    return Text(" ".join(one.de for one in said), " ".join(one.en for one in said))


_FOLLOWS: Final = {
    DpiaDecision.APPROVED: Text(
        "Die Verarbeitung darf beginnen, sobald die Maßnahmen umgesetzt sind, auf denen die Einstufung "
        "beruht.",
        "The processing may begin once the measures are in force on which the rating rests.",
    ),
    DpiaDecision.APPROVED_WITH_CONDITIONS: Text(
        "Wie genehmigt; jede Auflage hat eine Zuständigkeit und einen Termin, steht auf „Heute“ und ist, "
        "wenn sie überfällig wird, ein Fehler.",
        "As approved; each condition has an owner and a date, is shown on “Today”, and is an error once "
        "overdue.",
    ),
    DpiaDecision.REJECTED: Text(
        "Die Verarbeitung beginnt nicht. Das Vorhaben kann geändert und erneut vorgelegt werden.",
        "The processing does not begin. The project can be changed and submitted again.",
    ),
    DpiaDecision.CONSULT: Text(
        "Die Aufsichtsbehörde erhält die Unterlagen nach Art. 36 Abs. 3 DSGVO und antwortet in acht, "
        "höchstens vierzehn Wochen. Bis dahin beginnt nichts; ihr Schweigen ist keine Zustimmung.",
        "The authority receives the file under Art. 36 (3) GDPR and answers within eight, at most fourteen "
        "weeks. Nothing begins until then; its silence is no consent.",
    ),
}
_DEVIATES = Text(
    "Weicht vom Rat der Datenschutzbeauftragten ab und braucht dafür eine Begründung.",
    "Deviates from the advice of the data protection officer and needs a reason for it.",
)
_ONLY_AFTER = Text(
    "Erst nach der Antwort der Aufsichtsbehörde möglich.", "Possible only after the answer of the authority."
)
_NO_RISKS = Text("Es ist kein Risiko beschrieben.", "No risk is described.")
_UNASSESSED = Text("Nicht jedes Risiko ist eingeschätzt.", "Not every risk is assessed.")
_FALLS = Text(
    "Höchste Einstufung ohne Maßnahmen: {before}; mit den geplanten Maßnahmen: {planned}.",
    "Highest rating without measures: {before}; with the planned measures: {planned}.",
)
_REMAINS = Text(
    "Höchste Einstufung ohne Maßnahmen: {before}; die geplanten Maßnahmen ändern daran nichts.",
    "Highest rating without measures: {before}; the planned measures do not change that.",
)
_NOT_YET = Text(
    "Heute gilt noch: {today}. Noch nicht umgesetzte Maßnahmen: {count}.",
    "Today it is still: {today}. Measures not in force yet: {count}.",
)
_ADVISED = Text(
    "Rat der Datenschutzbeauftragten: {verdict}.", "Advice of the data protection officer: {verdict}."
)
_NO_ADVICE = Text(
    "Der Rat der Datenschutzbeauftragten fehlt (Art. 35 Abs. 2 DSGVO).",
    "The advice of the data protection officer is missing (Art. 35 (2) GDPR).",
)
_NOT_CONSULTED = Text(
    "Auch mit Maßnahmen bleibt ein hohes Risiko: Vor einer Genehmigung ist die Aufsichtsbehörde zu "
    "konsultieren (Art. 36 Abs. 1 DSGVO).",
    "Even with measures a high risk remains: the authority has to be consulted before an approval "
    "(Art. 36 (1) GDPR).",
)
_ONE_OPEN = Text("Ein Punkt der Abschätzung ist offen.", "One point of the assessment is open.")
_OPEN = Text("{count} Punkte der Abschätzung sind offen.", "{count} points of the assessment are open.")
