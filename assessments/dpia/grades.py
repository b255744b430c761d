"""The words in which a risk is graded.

Their meaning is fixed; an organisation chooses among them and names them. The four
grades and the three levels in the middle are those of DSK-Kurzpapier Nr. 18. A grade
means the same in every matrix, so a stored grade keeps its meaning whatever size an
organisation gives its matrix later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from compliance.fields import Term
from compliance.language import Text


class Grade(Term):
    """Grades of severity and of likelihood, from the least up."""

    MINIMAL = Text("unbedeutend", "insignificant")
    NEGLIGIBLE = Text("geringfügig", "negligible")
    LIMITED = Text("überschaubar", "limited")
    SUBSTANTIAL = Text("substanziell", "substantial")
    MAJOR = Text("groß", "major")
    EXTREME = Text("äußerst groß", "extreme")


class RiskLevel(Term):
    """What severity and likelihood come to, from the least up."""

    VERY_LOW = Text("sehr geringes Risiko", "very low risk")
    LOW = Text("geringes Risiko", "low risk")
    MEDIUM = Text("Risiko", "risk")
    HIGH = Text("hohes Risiko", "high risk")
    VERY_HIGH = Text("sehr hohes Risiko", "very high risk")


GRADES: Final = tuple(Grade)
LEVELS: Final = tuple(RiskLevel)


def rank(level: RiskLevel) -> int:
    """The place of *level* from 0, the least."""
    return LEVELS.index(level)


def is_high(level: RiskLevel | None) -> bool:
    """Whether *level* is a high risk in the sense of Art. 35 (1) and Art. 36 (1) GDPR."""
    return level in (RiskLevel.HIGH, RiskLevel.VERY_HIGH)


def needs_measures(level: RiskLevel | None) -> bool:
    """Whether *level* is more than a low risk."""
    return level is not None and rank(level) > rank(RiskLevel.LOW)


SEVERITY_MEANING: Final[Mapping[Grade, Text]] = {
    Grade.MINIMAL: Text("Betroffene bemerken die Folgen kaum.", "Persons hardly notice the consequences."),
    Grade.NEGLIGIBLE: Text(
        "Betroffene erleiden allenfalls Unannehmlichkeiten, die sie ohne Weiteres überwinden.",
        "Persons suffer inconvenience at most, which they overcome easily.",
    ),
    Grade.LIMITED: Text(
        "Betroffene erleiden spürbare Nachteile, die sie mit einigem Aufwand überwinden.",
        "Persons suffer noticeable disadvantages, which they overcome with some effort.",
    ),
    Grade.SUBSTANTIAL: Text(
        "Betroffene erleiden erhebliche Folgen, die sie nur mit ernsten Schwierigkeiten überwinden.",
        "Persons suffer considerable consequences, which they overcome with serious difficulty only.",
    ),
    Grade.MAJOR: Text(
        "Betroffene erleiden schwerwiegende oder unumkehrbare Folgen.",
        "Persons suffer grave or irreversible consequences.",
    ),
    Grade.EXTREME: Text(
        "Betroffene verlieren Leben, Gesundheit oder Existenzgrundlage.",
        "Persons lose their life, health or livelihood.",
    ),
}

LIKELIHOOD_MEANING: Final[Mapping[Grade, Text]] = {
    Grade.MINIMAL: Text("Das Ereignis ist praktisch ausgeschlossen.", "The event is practically impossible."),
    Grade.NEGLIGIBLE: Text(
        "Nach aller Erfahrung tritt das Ereignis nicht ein.",
        "By all experience the event does not happen.",
    ),
    Grade.LIMITED: Text(
        "Das Ereignis kann eintreten, doch spricht wenig dafür.",
        "The event can happen, though little suggests it.",
    ),
    Grade.SUBSTANTIAL: Text(
        "Mit dem Ereignis ist zu rechnen.",
        "The event is to be expected.",
    ),
    Grade.MAJOR: Text(
        "Das Ereignis tritt mit hoher Wahrscheinlichkeit oder immer wieder ein.",
        "The event is highly likely or happens again and again.",
    ),
    Grade.EXTREME: Text(
        "Das Ereignis ist so gut wie sicher oder dauert schon an.",
        "The event is all but certain, or going on already.",
    ),
}
