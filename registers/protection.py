"""Words and rows of the protection needs assessment (Schutzbedarfsfeststellung, BSI standard 200-2)."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Mapped

from compliance.entry import Part
from compliance.fields import Term, choice, prose
from compliance.language import Text


class ProtectionNeed(Term):
    """Protection need (Schutzbedarf) of the institution, BSI standard 200-2."""

    NORMAL = Text("Normal", "Normal")
    HIGH = Text("Hoch", "High")
    VERY_HIGH = Text("Sehr hoch", "Very high")


class SecurityValue(Term):
    """What is protected (Grundwert der Informationssicherheit)."""

    CONFIDENTIALITY = Text("Vertraulichkeit", "Confidentiality")
    INTEGRITY = Text("Integrität", "Integrity")
    AVAILABILITY = Text("Verfügbarkeit", "Availability")


class Scenario(Term):
    """What a damage consists in (Schadensszenario), BSI standard 200-2."""

    LAW = Text("Verstoß gegen Gesetze, Vorschriften oder Verträge", "Breach of laws, rules or contracts")
    SELF_DETERMINATION = Text(
        "Beeinträchtigung des informationellen Selbstbestimmungsrechts",
        "Impairment of informational self-determination",
    )
    INTEGRITY_OF_PERSONS = Text(
        "Beeinträchtigung der persönlichen Unversehrtheit", "Impairment of personal integrity"
    )
    TASKS = Text("Beeinträchtigung der Aufgabenerfüllung", "Impairment of the performance of tasks")
    REPUTATION = Text("Negative Innen- oder Außenwirkung", "Negative internal or external effect")
    FINANCE = Text("Finanzielle Auswirkungen", "Financial consequences")


class Effect(Term):
    """Why a need differs from what the maximum principle gives, BSI standard 200-2."""

    CUMULATION = Text("Kumulationseffekt (erhöht)", "Cumulation effect (raises)")
    DISTRIBUTION = Text("Verteilungseffekt (senkt)", "Distribution effect (lowers)")


NEED: Final = "BSI-Standard 200-2, Schutzbedarfsfeststellung"


class DamageRating(Part, of="TargetObject"):
    """What one damage scenario means for an object, rated for each security value."""

    scenario: Mapped[Scenario | None] = choice(
        Scenario,
        "Schadensszenario",
        "Damage scenario",
        help=Text("Worin der Schaden besteht.", "What the damage consists in."),
        basis=NEED,
        expected=True,
    )
    confidentiality: Mapped[ProtectionNeed | None] = choice(
        ProtectionNeed,
        "Vertraulichkeit",
        "Confidentiality",
        help=Text("Wenn Unbefugte Kenntnis erhalten.", "If unauthorised persons learn of it."),
        basis=NEED,
    )
    integrity: Mapped[ProtectionNeed | None] = choice(
        ProtectionNeed,
        "Integrität",
        "Integrity",
        help=Text("Wenn Daten unbemerkt verfälscht werden.", "If data are altered unnoticed."),
        basis=NEED,
    )
    availability: Mapped[ProtectionNeed | None] = choice(
        ProtectionNeed,
        "Verfügbarkeit",
        "Availability",
        help=Text("Wenn das Objekt ausfällt.", "If the object fails."),
        basis=NEED,
    )
    reason: Mapped[str] = prose(
        "Begründung",
        "Reason",
        help=Text(
            "Welcher Schaden eintreten kann und warum er so schwer wiegt.",
            "Which damage may occur, and why it weighs that much.",
        ),
        basis=NEED,
        expected=True,
    )


class NeedAdjustment(Part, of="TargetObject"):
    """A documented deviation from the maximum principle for one security value."""

    value: Mapped[SecurityValue | None] = choice(
        SecurityValue,
        "Grundwert",
        "Security value",
        help=Text("Wofür die Abweichung gilt.", "To what the deviation applies."),
        basis=NEED,
        expected=True,
    )
    effect: Mapped[Effect | None] = choice(
        Effect,
        "Effekt",
        "Effect",
        help=Text(
            "Kumulation: Viele kleine Schäden ergeben einen großen. "
            "Verteilung: Kein Objekt trägt die Aufgabe allein.",
            "Cumulation: many small damages make a large one. Distribution: no object bears the task alone.",
        ),
        basis=NEED,
        expected=True,
    )
    need: Mapped[ProtectionNeed | None] = choice(
        ProtectionNeed,
        "Schutzbedarf dadurch",
        "Resulting need",
        help=Text(
            "Kumulation erhöht mindestens auf diesen Wert, Verteilung senkt höchstens auf ihn.",
            "Cumulation raises at least to this value, distribution lowers at most to it.",
        ),
        basis=NEED,
        expected=True,
    )
    reason: Mapped[str] = prose(
        "Begründung",
        "Reason",
        help=Text(
            "Was sich häuft oder wodurch sich die Last verteilt.",
            "What adds up, or how the load is distributed.",
        ),
        basis=NEED,
        expected=True,
    )
