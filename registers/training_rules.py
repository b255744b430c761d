"""Whether enough of the staff of a unit are trained, Art. 32 (4) and Art. 39 (1) (b) GDPR."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from compliance.language import Text
from compliance.rules import Case, Hit, Reads, RuleBook, Severity, Situation
from registers.authority import USUAL_QUOTA
from registers.retention import length
from registers.trainings import Training, quota

RULES: Final = RuleBook(Training)

_SAME_UNIT: Final = Reads(
    "Training", "unit", ("id", "participants", "staff", "held_on", "valid_for"), at="unit_id"
)
_SETTINGS: Final = Reads("Authority", "organisation_id", ("training_quota",), at="organisation_id")
_DAY: Final = date(2026, 3, 2)


@dataclass(frozen=True)
class _FrontSheet:
    """The front sheet, for examples."""

    training_quota: int | None = None


def _alone(training: Training) -> Case:
    return Case(training, Situation(_DAY, near={"Training": [training], "Authority": [_FrontSheet()]}))


@RULES.rule(
    "GOV-002",
    Severity.WARNING,
    "Art. 32 Abs. 4, Art. 39 Abs. 1 lit. b DSGVO",
    field="participants",
    says=Text(
        "In dieser Organisationseinheit sind {reached} Prozent geschult; verlangt sind {wanted} Prozent.",
        "In this unit, {reached} percent are trained; {wanted} percent are required.",
    ),
    remedy=Text(
        "Einen weiteren Termin anbieten und die Teilnahme eintragen. Die verlangte Quote steht im Vorblatt.",
        "Offer another date and enter the participants. The required quota stands on the front sheet.",
    ),
    reads=(_SAME_UNIT, _SETTINGS),
    breaks=lambda: _alone(Training(name="Grundschulung", held_on=_DAY, participants=12, staff=30)),
    keeps=lambda: _alone(Training(name="Grundschulung", held_on=_DAY, participants=27, staff=30)),
)
def _unit_is_trained(training: Training, situation: Situation) -> Iterable[Hit]:
    valid = [one for one in situation.near.get("Training", ()) if _counts(one, situation.today)]
    # The finding stands at the newest training of the unit, once for all of them.
    if not valid or _newest(valid).id != training.id:
        return
    reached = quota(sum(one.participants or 0 for one in valid), max(one.staff or 0 for one in valid))
    wanted = _wanted(situation)
    if reached is not None and reached < wanted:
        yield Hit(words={"reached": str(reached), "wanted": str(wanted)})


def _counts(training: Any, today: date) -> bool:
    if training.held_on is None or training.held_on > today:
        return False
    return training.valid_for is None or (today - training.held_on).days <= length(training.valid_for)


def _newest(trainings: Sequence[Any]) -> Any:
    return max(trainings, key=lambda one: (one.held_on, one.id))


def _wanted(situation: Situation) -> int:
    chosen = [one.training_quota for one in situation.near.get("Authority", ()) if one.training_quota]
    return min(100, chosen[0]) if chosen else USUAL_QUOTA
