"""What an audit checks in the measures that the record claims, Art. 32 GDPR."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from compliance.entry import State
from compliance.fields import is_empty
from compliance.language import Text
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation
from registers.measures import Measure, Progress
from registers.processing import Stage

RULES: Final = RuleBook(Measure)

_ACTIVITIES: Final = Reads("ProcessingActivity", "measures_used", ("stage", "state"))
_IN_EFFECT: Final = frozenset({Progress.IMPLEMENTED, Progress.CHECKED})


@dataclass(frozen=True)
class _Using:
    """An activity that claims the measure, for examples."""

    stage: Stage
    state: State = State.DRAFT


def _claimed(measure: Measure) -> Case:
    using = _Using(Stage.OPERATION)
    return Case(measure, Situation(date(2026, 3, 2), near={"ProcessingActivity": [using]}))


def _is_claimed(situation: Situation) -> bool:
    using: Iterable[Any] = situation.near.get("ProcessingActivity", ())
    return any(one.stage is Stage.OPERATION and one.state is not State.ENDED for one in using)


@RULES.rule(
    "TOM-001",
    Severity.WARNING,
    "Art. 32 Abs. 1, Art. 24 Abs. 1 DSGVO",
    field="progress",
    says=Text(
        "Eine Tätigkeit in Betrieb beruft sich auf diese Maßnahme, aber sie ist nicht umgesetzt.",
        "An activity in operation claims this measure, but it is not implemented.",
    ),
    remedy=Text(
        "Die Maßnahme umsetzen und ihren Stand nachtragen, oder sie bei der Tätigkeit herausnehmen.",
        "Implement the measure and update its progress, or remove it from the activity.",
    ),
    reads=(_ACTIVITIES,),
    breaks=lambda: _claimed(Measure(name="Anmeldung mit zwei Faktoren", progress=Progress.PLANNED)),
    keeps=lambda: _claimed(Measure(name="Anmeldung mit zwei Faktoren", progress=Progress.CHECKED)),
)
def _claimed_measure_is_in_effect(measure: Measure, situation: Situation) -> Iterable[Hit]:
    if _is_claimed(situation) and measure.progress not in _IN_EFFECT:
        yield Hit()


@RULES.rule(
    "TOM-002",
    Severity.WARNING,
    "Art. 5 Abs. 2, Art. 32 Abs. 1 DSGVO",
    field="evidence",
    says=Text(
        "Die Maßnahme gilt als umgesetzt, aber „{field}“ fehlt.",
        "The measure is said to be implemented, but “{field}” is missing.",
    ),
    remedy=Text(
        "Angeben, wer verantwortlich ist und wo die Umsetzung belegt ist.",
        "State who is responsible and where the implementation is shown.",
    ),
    breaks=lambda: Measure(name="Mandanten trennen", progress=Progress.IMPLEMENTED),
    keeps=lambda: Measure(
        name="Mandanten trennen",
        progress=Progress.IMPLEMENTED,
        responsible="Zentrale IT",
        evidence="Testprotokoll vom 12.01.2026",
    ),
)
def _effect_is_shown(measure: Measure, _: Situation) -> Iterable[Hit]:
    if measure.progress in _IN_EFFECT:
        for name in ("responsible", "evidence"):
            if is_empty(getattr(measure, name)):
                yield Hit(words={"field": name})
