"""How far an impact assessment has come: its six steps, what is open in each, and whose turn it is.

Two things are counted. A *step* counts what the law wants of it: the statements that
Art. 35 (7) GDPR names, which are fields, and the things to do besides. The *questionnaire*
counts the questions of the chosen catalogue, which ask for the same statements and for
more. The *tally* is the sum in which each thing counts once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assessments.dpia.consultation import is_settled
from assessments.dpia.decision import risk_of
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.evaluation import to_be_fixed
from assessments.dpia.grades import needs_measures
from assessments.dpia.matrix import DEFAULT_MATRIX, RiskMatrix
from assessments.dpia.measures import undertaking
from assessments.dpia.participation import ALWAYS, TO_CONSIDER, Voice, counting_for, heard
from assessments.dpia.questions import Questionnaire
from assessments.dpia.risk import DpiaRisk, against
from assessments.dpia.standing import positions
from compliance.advice import Opinion
from compliance.fields import (
    Term,
    fields,
    is_empty,
    missing,
    sections,
)
from compliance.language import Text
from compliance.people import Role


class Progress(Term):
    """How far a step of the assessment has come."""

    OPEN = Text("Offen", "Open")
    IN_PROGRESS = Text("In Arbeit", "In progress")
    DONE = Text("Erledigt", "Done")


@dataclass(frozen=True)
class Item:
    """One thing to do within a step."""

    label: Text
    done: bool


@dataclass(frozen=True)
class WorkStep:
    """One of the six steps; they can be taken in any order."""

    name: str
    """Also the name of the section of the form."""
    title: Text
    owner: Role
    items: tuple[Item, ...]

    @property
    def progress(self) -> Progress:
        done = self.answered
        if done == len(self.items):
            return Progress.DONE
        return Progress.IN_PROGRESS if done else Progress.OPEN

    @property
    def answered(self) -> int:
        """How many of the items are done."""
        return sum(item.done for item in self.items)


PROSE_STEPS: Final = ("description", "necessity")
"""Steps that are statements alone, each of which a question of every catalogue asks for too."""


@dataclass(frozen=True)
class Tally:
    """How much is done of everything."""

    done: int
    all: int


def tally(all_steps: Sequence[WorkStep], questions: Questionnaire) -> Tally:
    """The questions, and what the steps ask besides; what both ask for counts as a question."""
    beside = [step for step in all_steps if step.name not in PROSE_STEPS]
    return Tally(
        questions.answered + sum(step.answered for step in beside),
        questions.expected + sum(len(step.items) for step in beside),
    )


def steps(
    dpia: Dpia,
    advice: Sequence[Opinion],
    matrix: RiskMatrix = DEFAULT_MATRIX,
    *,
    voices: Sequence[Voice] = ALWAYS,
) -> tuple[WorkStep, ...]:
    """The six steps of *dpia*, given the opinions on it and the *voices* it should hear."""
    to_fix = {row.chapter.step for row in to_be_fixed(dpia.verdicts) if row.chapter}
    items: dict[str, tuple[Role, Callable[[], Iterator[Item]]]] = {
        "description": (Role.PROJECT_LEAD, lambda: _answers(dpia, "description")),
        "necessity": (Role.COORDINATOR, lambda: _answers(dpia, "necessity")),
        "risks": (Role.PROJECT_LEAD, lambda: _risks(dpia)),
        "measures": (Role.ISB, lambda: _measures(dpia, matrix)),
        "participation": (Role.DSB, lambda: _participation(dpia, advice, voices)),
        "decision": (Role.MANAGEMENT, lambda: _decision(dpia)),
    }
    titles = {group.name: group.title for group in sections(Dpia)}
    return tuple(
        WorkStep(name, titles[name], owner, (*found(), *((_FIXED,) if name in to_fix else ())))
        for name, (owner, found) in items.items()
    )


def next_step(all_steps: Sequence[WorkStep]) -> WorkStep | None:
    """The first step that is not done; ``None`` once all are."""
    return next((step for step in all_steps if step.progress is not Progress.DONE), None)


def _answers(dpia: Dpia, name: str) -> Iterator[Item]:
    asked = next(names for group, names in sections(Dpia).items() if group.name == name)
    for key in asked:
        spec = fields(Dpia)[key]
        if spec.expected:
            yield Item(spec.label, not is_empty(getattr(dpia, key)))


def _risks(dpia: Dpia) -> Iterator[Item]:
    yield Item(_ANY_RISK, bool(dpia.risks))
    for risk in dpia.risks:
        yield Item(_RISK_COMPLETE.format(risk=_called(risk)), not missing(risk))


def _measures(dpia: Dpia, matrix: RiskMatrix) -> Iterator[Item]:
    yield Item(_RISKS_KNOWN, risk_of(dpia, matrix).before is not None)
    for risk in dpia.risks:
        places = positions(risk, dpia.measures)
        if needs_measures(places.standing(matrix).before):
            yield Item(_RISK_MET.format(risk=_called(risk)), bool(against(risk, dpia.measures)))
            reassessed = risk.severity_planned is not None and risk.likelihood_planned is not None
            yield Item(_RISK_REASSESSED.format(risk=_called(risk)), reassessed)
    for measure in dpia.measures:
        known = undertaking(measure)
        complete = known.complete and not missing(measure)
        yield Item(_MEASURE_COMPLETE.format(measure=known.title or "–"), complete)


def _participation(dpia: Dpia, advice: Sequence[Opinion], voices: Sequence[Voice]) -> Iterator[Item]:
    yield Item(_ADVICE, bool(advice))
    for voice in voices:
        yield Item(_HEARD.format(voice=voice.text), heard(dpia.participation, voice))
    covered = {each for voice in voices for each in counting_for(voice)}
    for step in dpia.participation:
        if step.voice not in covered:
            yield Item(_HEARD.format(voice=step.called), step.is_settled)
        if step.is_answered and step.result in TO_CONSIDER:
            yield Item(_CONSIDERED.format(voice=step.called), not step.lacks_consideration)


def _decision(dpia: Dpia) -> Iterator[Item]:
    yield Item(_DECIDED, dpia.decision is not None)
    if dpia.decision is DpiaDecision.CONSULT:
        yield Item(_CONSULTED, is_settled(dpia))
        yield Item(_DECIDED_AFTER, False)


def _called(risk: DpiaRisk) -> str:
    return f"{risk.key} {risk.title}".strip() or "–"


_HEARD = Text("{voice}: gehört", "{voice}: heard")
_CONSIDERED = Text("{voice}: Antwort berücksichtigt", "{voice}: answer taken into account")
_FIXED_LABEL = Text("Was die Beurteilung beanstandet, ist behoben", "What the evaluation objects to is fixed")
_FIXED = Item(_FIXED_LABEL, done=False)
_ANY_RISK = Text("Mindestens ein Risiko ist beschrieben", "At least one risk is described")
_RISK_COMPLETE = Text("{risk}: beschrieben und eingeschätzt", "{risk}: described and assessed")
_RISKS_KNOWN = Text("Alle Risiken sind eingeschätzt", "All risks are assessed")
_RISK_MET = Text("{risk}: Maßnahme zugeordnet", "{risk}: a measure is assigned")
_RISK_REASSESSED = Text(
    "{risk}: mit geplanten Maßnahmen eingeschätzt", "{risk}: assessed with planned measures"
)
_MEASURE_COMPLETE = Text(
    "{measure}: mit Risiko, Zuständigkeit, Termin und Stand", "{measure}: with risk, owner, date and state"
)
_ADVICE = Text("Rat der Datenschutzbeauftragten", "Advice of the data protection officer")
_DECIDED = Text("Die Leitung hat entschieden", "Management has decided")
_CONSULTED = Text("Die Aufsichtsbehörde hat geantwortet", "The authority has answered")
_DECIDED_AFTER = Text(
    "Die Leitung hat nach der Konsultation entschieden", "Management has decided after the consultation"
)
