"""Artificial intelligence as Regulation (EU) 2024/1689 classifies it."""

from __future__ import annotations

from compliance.fields import Term
from compliance.language import Text


class AiClass(Term):
    """Class under Regulation (EU) 2024/1689 (AI Act)."""

    PROHIBITED = Text("Verbotene Praktik, Art. 5", "Prohibited practice, Art. 5")
    HIGH_RISK = Text("Hochrisiko-System, Art. 6", "High-risk system, Art. 6")
    TRANSPARENCY = Text("Transparenzpflichten, Art. 50", "Transparency duties, Art. 50")
    MINIMAL = Text("Minimales Risiko", "Minimal risk")
