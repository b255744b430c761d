"""The risk matrix of an organisation: which grades and levels it uses, how it names and shades them.

The matrix is a value, because its shading is a convention of the organisation. It
has three to six grades on each axis and two to five levels. A grade that it no
longer offers is read as the next higher one it does offer, so a change of size
never makes a stored risk weigh less in silence.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, Final, TypeVar

from assessments.dpia.grades import GRADES, LEVELS, Grade, RiskLevel, is_high, rank
from compliance.errors import Refused
from compliance.language import Text

TONES: Final = ("good", "fair", "poor", "bad")
"""Shades a level can have."""
FEWEST_GRADES: Final = 3
FEWEST_LEVELS: Final = 2

T = TypeVar("T", Grade, RiskLevel)


@dataclass(frozen=True)
class Shade:
    """What an organisation calls a level, and the shade it has: one of :data:`TONES`."""

    name: Text
    tone: str


@dataclass(frozen=True)
class Position:
    """Where a risk lies."""

    severity: Grade
    likelihood: Grade

    def below(self, other: Position) -> bool:
        """Whether it is lower on either axis than *other*."""
        return self.raised_to(other) != self

    def raised_to(self, floor: Position) -> Position:
        """The place that is on neither axis lower than this one or *floor*."""
        return Position(
            max(self.severity, floor.severity, key=GRADES.index),
            max(self.likelihood, floor.likelihood, key=GRADES.index),
        )


@dataclass(frozen=True)
class RiskMatrix:
    """How an organisation reads severity and likelihood; everything goes from the least up."""

    severities: Mapping[Grade, Text]
    likelihoods: Mapping[Grade, Text]
    levels: Mapping[RiskLevel, Shade]
    table: tuple[tuple[RiskLevel, ...], ...]
    """``table[severity][likelihood]``, by the place of the grade on its axis."""

    def __post_init__(self) -> None:
        if not self._is_complete():
            raise Refused(_MALFORMED)
        if not any(map(is_high, self.levels)) or all(map(is_high, self.levels)):
            raise Refused(_NO_HIGH)
        lines = [*self.table, *zip(*self.table, strict=True)]
        if any(rank(low) > rank(high) for row in lines for low, high in pairwise(row)):
            raise Refused(_FALLING)

    def _is_complete(self) -> bool:
        axes = (self.severities, self.likelihoods)
        ordered = all(list(axis) == _sorted(axis, GRADES) and len(axis) >= FEWEST_GRADES for axis in axes)
        levels = list(self.levels) == _sorted(self.levels, LEVELS) and len(self.levels) >= FEWEST_LEVELS
        shaded = all(shade.tone in TONES for shade in self.levels.values())
        width = {len(row) for row in self.table}
        square = len(self.table) == len(self.severities) and width == {len(self.likelihoods)}
        return ordered and levels and shaded and square and set(self.levels).issuperset(chain(*self.table))

    def placed(self, position: Position) -> Position:
        """The cell in which *position* lies."""
        return Position(
            nearest(self.severities, position.severity), nearest(self.likelihoods, position.likelihood)
        )

    def level(self, severity: Grade, likelihood: Grade) -> RiskLevel:
        """What *severity* and *likelihood* come to."""
        cell = self.placed(Position(severity, likelihood))
        return self.table[list(self.severities).index(cell.severity)][
            list(self.likelihoods).index(cell.likelihood)
        ]

    def label(self, level: RiskLevel) -> Text:
        """The organisation's name for *level*; the common one where it does not use it."""
        return self.levels[level].name if level in self.levels else level.text

    def tone(self, level: RiskLevel) -> str:
        """The shade of *level*."""
        return self.levels[nearest(self.levels, level)].tone

    def resized(
        self, severities: Iterable[Grade], likelihoods: Iterable[Grade], levels: Iterable[RiskLevel]
    ) -> RiskMatrix:
        """The same reading with other grades and levels: a proposal to be adjusted by a person.

        Raises :class:`Refused` for fewer than three grades or two levels, and without a high level.
        """
        used = _sorted(levels, LEVELS)
        rows, columns = _sorted(severities, GRADES), _sorted(likelihoods, GRADES)
        if not used:
            raise Refused(_MALFORMED)
        return RiskMatrix(
            {grade: self.severities.get(grade, grade.text) for grade in rows},
            {grade: self.likelihoods.get(grade, grade.text) for grade in columns},
            {level: self.levels.get(level, Shade(level.text, _USUAL_TONES[level])) for level in used},
            tuple(
                tuple(nearest(used, self.level(severity, likelihood)) for likelihood in columns)
                for severity in rows
            ),
        )

    def to_json(self) -> str:
        """The matrix as it is stored."""
        return json.dumps(
            {
                "severities": _named(self.severities),
                "likelihoods": _named(self.likelihoods),
                "levels": {
                    level.name: [shade.name.de, shade.name.en, shade.tone]
                    for level, shade in self.levels.items()
                },
                "table": [[level.name for level in row] for row in self.table],
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> RiskMatrix:
        """The matrix that :meth:`to_json` wrote.

        Raises :class:`Refused` if *text* is no matrix or one in which a graver or
        likelier risk weighs less.
        """
        try:
            data = json.loads(text)
            return cls(
                _grades(data["severities"]),
                _grades(data["likelihoods"]),
                {RiskLevel[name]: Shade(*_shade(*words)) for name, words in data["levels"].items()},
                tuple(tuple(RiskLevel[name] for name in row) for row in data["table"]),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused(_MALFORMED) from error


def nearest(offered: Iterable[T], wanted: T) -> T:
    """*wanted* if it is *offered*, else the next higher that is, else the highest: never lower in silence."""
    order = list(type(wanted))
    known = _sorted(offered, order)
    return next((one for one in known if order.index(one) >= order.index(wanted)), known[-1])


def _sorted(chosen: Iterable[T], order: Sequence[T]) -> list[T]:
    return sorted(set(chosen), key=order.index)


def _named(axis: Mapping[Grade, Text]) -> dict[str, list[str]]:
    return {grade.name: [text.de, text.en] for grade, text in axis.items()}


def _grades(data: Mapping[str, Any]) -> dict[Grade, Text]:
    return {Grade[name]: Text(str(de), str(en)) for name, (de, en) in data.items()}


def _shade(de: str, en: str, tone: str) -> tuple[Text, str]:
    return Text(str(de), str(en)), str(tone)


_USUAL_TONES: Final = {
    RiskLevel.VERY_LOW: "good",
    RiskLevel.LOW: "good",
    RiskLevel.MEDIUM: "fair",
    RiskLevel.HIGH: "bad",
    RiskLevel.VERY_HIGH: "bad",
}
_MALFORMED: Final = Text(
    "Die Risikomatrix braucht drei bis sechs Stufen je Achse, zwei bis fünf Risikoklassen mit Farbton und "
    "eine Klasse für jedes Feld.",
    "The risk matrix needs three to six grades on each axis, two to five levels with a shade, and a level "
    "for each cell.",
)
_NO_HIGH: Final = Text(
    "In der Risikomatrix muss es eine Klasse für das hohe Risiko geben und eine darunter.",
    "The risk matrix must have a level for the high risk and one below.",
)
_FALLING: Final = Text(
    "In der Risikomatrix darf ein schwereres oder wahrscheinlicheres Ereignis nie geringer wiegen.",
    "In the risk matrix a graver or likelier event must never weigh less.",
)


def _default_matrix() -> RiskMatrix:
    low, medium, high = RiskLevel.LOW, RiskLevel.MEDIUM, RiskLevel.HIGH
    grades = {grade: grade.text for grade in GRADES[1:5]}
    return RiskMatrix(
        severities=grades,
        likelihoods=grades,
        levels={level: Shade(level.text, _USUAL_TONES[level]) for level in (low, medium, high)},
        table=(
            (low, low, medium, medium),
            (low, medium, medium, high),
            (medium, medium, high, high),
            (medium, high, high, high),
        ),
    )


DEFAULT_MATRIX: Final = _default_matrix()
"""A cautious reading of DSK-Kurzpapier Nr. 18; its own shading was not compared cell by cell."""
