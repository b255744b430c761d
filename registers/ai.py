"""Artificial intelligence as Regulation (EU) 2024/1689 classifies it."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from compliance.fields import Term, choice
from compliance.language import Text


class AiClass(Term):
    """Class under Regulation (EU) 2024/1689 (AI Act)."""

    PROHIBITED = Text("Verbotene Praktik, Art. 5", "Prohibited practice, Art. 5")
    HIGH_RISK = Text("Hochrisiko-System, Art. 6", "High-risk system, Art. 6")
    TRANSPARENCY = Text("Transparenzpflichten, Art. 50", "Transparency duties, Art. 50")
    MINIMAL = Text("Minimales Risiko", "Minimal risk")


def risk_class(*, more: bool = False) -> Mapped[AiClass | None]:
    """The question for the class, wherever artificial intelligence is used; it follows the flag ``ai``."""
    return choice(
        AiClass,
        "Risikoklasse der KI-Verordnung",
        "Risk class under the AI Act",
        help=Text("Einstufung durch die verantwortliche Stelle.", "Classified by the responsible unit."),
        basis="Verordnung (EU) 2024/1689",
        when="ai",
        more=more,
    )
