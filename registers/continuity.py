"""Words and rows of the business impact analysis (Business-Impact-Analyse, BSI standard 200-4)."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Mapped

from compliance.entry import Part
from compliance.fields import Term, choice, line, number
from compliance.language import Text

IMPACT: Final = "BSI-Standard 200-4, Business-Impact-Analyse"
HOURS: Final = Text("Stunden", "hours")


class Damage(Term):
    """How bad it is that a process stands still, BSI standard 200-4."""

    LOW = Text("Gering", "Low")
    MEDIUM = Text("Spürbar", "Noticeable")
    HIGH = Text("Hoch", "High")
    INTOLERABLE = Text("Untragbar", "Intolerable")


class DamageAfter(Part, of="TargetObject"):
    """How bad it is once a process has stood still for so long."""

    after_hours: Mapped[int | None] = number(
        "Nach",
        "After",
        unit=HOURS,
        help=Text(
            "Dauer des Ausfalls; ein Tag sind 24, eine Woche 168 Stunden.",
            "Length of the outage; a day is 24 hours, a week 168.",
        ),
        basis=IMPACT,
        expected=True,
    )
    damage: Mapped[Damage | None] = choice(
        Damage,
        "Schaden",
        "Damage",
        help=Text(
            "Der schwerste Schaden, der bis dahin eintritt: Aufgaben, Recht, Personen, Ansehen, Geld.",
            "The gravest damage until then: tasks, law, persons, reputation, money.",
        ),
        basis=IMPACT,
        expected=True,
    )
    reason: Mapped[str] = line(
        "Warum",
        "Why",
        length=500,
        help=Text("Was dann geschieht oder unterbleibt.", "What then happens or fails to happen."),
        basis=IMPACT,
    )
