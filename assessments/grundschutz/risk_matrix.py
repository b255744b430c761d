"""How an organisation rates the risks of its information domains, BSI standard 200-3.

The standard names four frequencies, four impacts and four categories and asks every
institution to adapt them. What they are called, what they mean and what each cell
comes to is therefore a value; that a worse event never weighs less is not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, TypeVar

from sqlalchemy import ForeignKeyConstraint, Index, select
from sqlalchemy.orm import Mapped, Session

from compliance.entry import Record
from compliance.errors import Refused
from compliance.fields import Term, prose
from compliance.language import Text


class Frequency(Term):
    """How often a threat is to be expected (Eintrittshäufigkeit)."""

    RARE = Text("Selten", "Rare")
    MEDIUM = Text("Mittel", "Medium")
    FREQUENT = Text("Häufig", "Frequent")
    VERY_FREQUENT = Text("Sehr häufig", "Very frequent")


class Impact(Term):
    """How much damage it would do (Schadenshöhe)."""

    NEGLIGIBLE = Text("Vernachlässigbar", "Negligible")
    LIMITED = Text("Begrenzt", "Limited")
    CONSIDERABLE = Text("Beträchtlich", "Considerable")
    EXISTENTIAL = Text("Existenzbedrohend", "Existential")


class RiskCategory(Term):
    """What frequency and impact come to (Risikokategorie)."""

    LOW = Text("Gering", "Low")
    MEDIUM = Text("Mittel", "Medium")
    HIGH = Text("Hoch", "High")
    VERY_HIGH = Text("Sehr hoch", "Very high")


FREQUENCIES: Final = tuple(Frequency)
IMPACTS: Final = tuple(Impact)
CATEGORIES: Final = tuple(RiskCategory)
TONES: Final = {
    RiskCategory.LOW: "good",
    RiskCategory.MEDIUM: "fair",
    RiskCategory.HIGH: "poor",
    RiskCategory.VERY_HIGH: "bad",
}

G = TypeVar("G", Frequency, Impact, RiskCategory)


def rank(category: RiskCategory) -> int:
    """The place of *category*, counted from the least."""
    return CATEGORIES.index(category)


@dataclass(frozen=True)
class Grade:
    """What an organisation calls a grade, and what it means by it."""

    name: Text
    meaning: Text


@dataclass(frozen=True)
class SecurityMatrix:
    """How an organisation reads frequency and impact, and from where on management has to accept."""

    frequencies: Mapping[Frequency, Grade]
    impacts: Mapping[Impact, Grade]
    categories: Mapping[RiskCategory, Grade]
    table: tuple[tuple[RiskCategory, ...], ...]
    """``table[impact][frequency]``, both from the least up."""
    accepted_from: RiskCategory = RiskCategory.MEDIUM
    """The least category of a residual risk that only management may accept (Risikoakzeptanzkriterium)."""

    def __post_init__(self) -> None:
        named = (*self.frequencies.values(), *self.impacts.values(), *self.categories.values())
        if any(not (grade.name.de.strip() and grade.name.en.strip()) for grade in named):
            raise Refused(_UNNAMED)
        whole = (tuple(self.frequencies), tuple(self.impacts), tuple(self.categories))
        if whole != (FREQUENCIES, IMPACTS, CATEGORIES) or [len(row) for row in self.table] != [
            len(FREQUENCIES)
        ] * len(IMPACTS):
            raise Refused(_MALFORMED)
        lines = [*self.table, *zip(*self.table, strict=True)]
        if any(rank(low) > rank(high) for line in lines for low, high in pairwise(line)):
            raise Refused(_FALLING)

    def category(self, frequency: Frequency | None, impact: Impact | None) -> RiskCategory | None:
        """What *frequency* and *impact* come to; ``None`` as long as one of them is missing."""
        if frequency is None or impact is None:
            return None
        return self.table[IMPACTS.index(impact)][FREQUENCIES.index(frequency)]

    def called(self, category: RiskCategory) -> Text:
        """The organisation's name for *category*."""
        return self.categories[category].name

    def must_be_accepted(self, category: RiskCategory) -> bool:
        """Whether only management may accept a residual risk of *category*."""
        return rank(category) >= rank(self.accepted_from)

    def to_json(self) -> str:
        """The matrix as it is stored."""
        return json.dumps(
            {
                "frequencies": _told(self.frequencies),
                "impacts": _told(self.impacts),
                "categories": _told(self.categories),
                "table": [[category.name for category in row] for row in self.table],
                "accepted_from": self.accepted_from.name,
            },
            ensure_ascii=False,
        )

    @classmethod
    def from_json(cls, text: str) -> SecurityMatrix:
        """The matrix that :meth:`to_json` wrote. Raises :class:`Refused` if *text* is none."""
        try:
            data = json.loads(text)
            return cls(
                _read(Frequency, data["frequencies"]),
                _read(Impact, data["impacts"]),
                _read(RiskCategory, data["categories"]),
                tuple(tuple(RiskCategory[name] for name in row) for row in data["table"]),
                RiskCategory[data["accepted_from"]],
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Refused(_MALFORMED) from error


def _told(grades: Mapping[Any, Grade]) -> dict[str, list[str]]:
    return {
        term.name: [grade.name.de, grade.name.en, grade.meaning.de, grade.meaning.en]
        for term, grade in grades.items()
    }


def _read(kind: type[G], data: Mapping[str, list[str]]) -> dict[G, Grade]:
    found = {kind[name]: Grade(Text(de, en), Text(*meaning)) for name, (de, en, *meaning) in data.items()}
    return {term: found[term] for term in kind}


_UNNAMED: Final = Text(
    "Jede Stufe und jede Risikokategorie braucht eine Bezeichnung in beiden Sprachen.",
    "Every grade and every category needs a name in both languages.",
)
_MALFORMED: Final = Text(
    "Die Risikomatrix braucht für jedes Feld aus Schadenshöhe und Eintrittshäufigkeit eine Risikokategorie.",
    "The risk matrix needs a category for each cell of impact and frequency.",
)
_FALLING: Final = Text(
    "In der Risikomatrix darf ein häufigeres oder schwereres Ereignis nie geringer wiegen.",
    "In the risk matrix a more frequent or graver event must never weigh less.",
)

_LOW, _MEDIUM, _HIGH, _VERY_HIGH = CATEGORIES

DEFAULT_MATRIX: Final = SecurityMatrix(
    frequencies={
        Frequency.RARE: Grade(
            Frequency.RARE.text, Text("höchstens alle fünf Jahre", "at most every five years")
        ),
        Frequency.MEDIUM: Grade(
            Frequency.MEDIUM.text,
            Text("einmal alle fünf Jahre bis einmal im Jahr", "once in five years to once a year"),
        ),
        Frequency.FREQUENT: Grade(
            Frequency.FREQUENT.text,
            Text("einmal im Jahr bis einmal im Monat", "once a year to once a month"),
        ),
        Frequency.VERY_FREQUENT: Grade(
            Frequency.VERY_FREQUENT.text, Text("mehrmals im Monat", "several times a month")
        ),
    },
    impacts={
        Impact.NEGLIGIBLE: Grade(
            Impact.NEGLIGIBLE.text,
            Text("Der Schaden fällt kaum ins Gewicht.", "The damage hardly matters."),
        ),
        Impact.LIMITED: Grade(
            Impact.LIMITED.text,
            Text("Der Schaden ist begrenzt und überschaubar.", "The damage is limited and manageable."),
        ),
        Impact.CONSIDERABLE: Grade(
            Impact.CONSIDERABLE.text,
            Text("Der Schaden kann beträchtlich sein.", "The damage can be considerable."),
        ),
        Impact.EXISTENTIAL: Grade(
            Impact.EXISTENTIAL.text,
            Text(
                "Die Stelle könnte ihre Aufgaben auf Dauer nicht mehr erfüllen.",
                "The authority could no longer perform its tasks.",
            ),
        ),
    },
    categories={
        _LOW: Grade(
            _LOW.text,
            Text("Die umgesetzten Maßnahmen schützen ausreichend.", "The measures in place protect enough."),
        ),
        _MEDIUM: Grade(
            _MEDIUM.text,
            Text(
                "Die umgesetzten Maßnahmen reichen möglicherweise nicht aus.",
                "The measures in place may not be enough.",
            ),
        ),
        _HIGH: Grade(
            _HIGH.text,
            Text("Die umgesetzten Maßnahmen reichen nicht aus.", "The measures in place are not enough."),
        ),
        _VERY_HIGH: Grade(
            _VERY_HIGH.text,
            Text(
                "Die umgesetzten Maßnahmen reichen nicht aus; das Risiko wird nur in seltenen Fällen "
                "hingenommen.",
                "The measures in place are not enough; the risk is tolerated in rare cases only.",
            ),
        ),
    },
    table=(
        (_LOW, _LOW, _LOW, _LOW),
        (_LOW, _LOW, _MEDIUM, _HIGH),
        (_MEDIUM, _MEDIUM, _HIGH, _VERY_HIGH),
        (_MEDIUM, _HIGH, _VERY_HIGH, _VERY_HIGH),
    ),
)
"""The example of BSI standard 200-3."""


class SecurityMatrixSetting(Record):
    """How one organisation rates the risks of its information domains; there is at most one of it."""

    content: Mapped[str] = prose("Risikomatrix", "Risk matrix")
    """What :meth:`SecurityMatrix.to_json` writes."""

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield Index(None, "organisation_id", unique=True)


def matrix_of(session: Session) -> SecurityMatrix:
    """The matrix by which the organisation of *session* rates risks."""
    stored = session.scalar(select(SecurityMatrixSetting))
    return SecurityMatrix.from_json(stored.content) if stored else DEFAULT_MATRIX


def store_matrix(session: Session, matrix: SecurityMatrix) -> None:
    """Keeps *matrix*; whoever calls it rates the stored risks anew."""
    stored = session.scalar(select(SecurityMatrixSetting))
    if stored is None:
        session.add(SecurityMatrixSetting(content=matrix.to_json()))
    else:
        stored.content = matrix.to_json()
