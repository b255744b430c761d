"""Which scenarios fit an assessment, and why: what its activities are like, and what no risk is about yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from assessments.dpia.characteristics import Characteristic, shown_by, words_of
from assessments.dpia.copied import CopiedKind, part_at
from assessments.dpia.dpia import Dpia
from assessments.dpia.risk import USUAL_EVENTS
from assessments.dpia.risk_rules import not_considered
from assessments.dpia.scenarios import Scenario
from compliance.database import folded
from compliance.fields import Term
from compliance.language import Text
from registers.processing import ProcessingActivity


@dataclass(frozen=True, eq=False)
class Fit:
    """One scenario with everything that speaks for it."""

    scenario: Scenario
    reasons: tuple[Text, ...]
    weight: int
    used: tuple[str, ...]
    """Keys of the risks that were made from it already."""
    meets: bool
    """Whether it is made for processing like this; else it is offered last."""

    @property
    def is_proposed(self) -> bool:
        return self.meets and not self.used


def fits(dpia: Dpia, activities: Sequence[ProcessingActivity], scenarios: Sequence[Scenario]) -> list[Fit]:
    """All *scenarios*, the best first; those that fit and are not used yet come before all others."""
    marks, words = shown_by(activities), words_of(activities)
    lacking = not_considered(dpia.risks)
    used = _used(dpia)
    found = [_fit(one, marks, words, lacking, used) for one in scenarios]
    return sorted(found, key=lambda fit: (not fit.is_proposed, not fit.meets, -fit.weight))


def _fit(
    scenario: Scenario,
    marks: Mapping[Characteristic, tuple[str, ...]],
    words: str,
    lacking: Sequence[Term],
    used: Mapping[str, tuple[str, ...]],
) -> Fit:
    particular = [*_by_marks(scenario, marks), *_by_words(scenario, words)]
    open_ends = list(_by_gaps(scenario, lacking))
    general = [(_GENERAL, 1)] if scenario.is_general else []
    every = [*particular, *open_ends, *general]
    # An own scenario that adapts a shipped one stands for the risks made from either.
    keys = [scenario.key, scenario.entry.shipped_key if scenario.entry else ""]
    return Fit(
        scenario,
        tuple(reason for reason, _ in every),
        sum(weight for _, weight in every),
        tuple(risk for key in keys for risk in used.get(key, ())),
        bool(particular or general),
    )


Reason: TypeAlias = tuple[Text, int]
"""What speaks for a scenario, and how much."""


def _by_marks(scenario: Scenario, marks: Mapping[Characteristic, tuple[str, ...]]) -> Iterator[Reason]:
    for mark in scenario.characteristics:
        if mark in marks:
            yield _MARK.format(mark=mark.text, activities=", ".join(marks[mark])), 4


def _by_words(scenario: Scenario, words: str) -> Iterator[Reason]:
    found = [word for word in scenario.keywords if speaks_of(words, word.de)]
    if found:
        named = ", ".join(f"„{word.de}“" for word in found)
        named_en = ", ".join(f"“{word.en}”" for word in found)
        yield Text(_WORD.de.format(words=named), _WORD.en.format(words=named_en)), 3


def speaks_of(words: str, keyword: str) -> bool:
    """Whether the folded *words* hold *keyword*; a short one only as the beginning of a word."""
    sought = folded(keyword)
    return (sought if len(sought) >= _LONG else f" {sought}") in f" {words}" if sought else False


def _by_gaps(scenario: Scenario, lacking: Sequence[Term]) -> Iterator[Reason]:
    if scenario.feared_event in USUAL_EVENTS and scenario.feared_event in lacking:
        yield _GAP.format(what=scenario.feared_event.text), 2
    goals = [goal.text for goal in scenario.goals if goal in lacking]
    if goals:
        named = Text(", ".join(goal.de for goal in goals), ", ".join(goal.en for goal in goals))
        yield _GAP.format(what=named), len(goals)


def _used(dpia: Dpia) -> dict[str, tuple[str, ...]]:
    """The risks that were made from a scenario and still stand, by its key."""
    found: dict[str, tuple[str, ...]] = {}
    for row in dpia.copied:
        if row.kind is CopiedKind.RISK and part_at(dpia, row) is not None:
            found[row.source_key] = (*found.get(row.source_key, ()), row.place)
    return found


_LONG: Final = 5
_GENERAL: Final = Text("Kommt in jedem Verfahren vor", "Arises in any processing")
_MARK: Final = Text("{mark} ({activities})", "{mark} ({activities})")
_WORD: Final = Text("Stichwort {words}", "Keyword {words}")
_GAP: Final = Text("Noch nicht betrachtet: {what}", "Not considered yet: {what}")
