"""The own library of risk scenarios (Risikoszenarien): what may happen, and what helps against it."""

from __future__ import annotations

from typing import Final

from sqlalchemy.orm import Mapped

from assessments.dpia.characteristics import Characteristic
from assessments.dpia.grades import Grade
from assessments.dpia.risk import (
    Damage,
    FearedEvent,
    ProtectionGoal,
    RiskSource,
    affected_field,
    consequence_field,
    damages_field,
    event_field,
    feared_event_field,
    goals_field,
    source_field,
    threat_field,
)
from compliance.entry import Area, Entry, Part
from compliance.fields import choice, choices, line, prose, references, rows, section
from compliance.language import Text
from registers.measures import Measure

_MODEL: Final = "DSK-Kurzpapier Nr. 18"
_MEASURES: Final = "Art. 35 Abs. 7 lit. d DSGVO"


class ScenarioMeasure(Part, of="RiskScenario"):
    """A measure that usually helps, in words; the register need not know it."""

    title: Mapped[str] = line(
        "Maßnahme",
        "Measure",
        help=Text("Was getan wird, in wenigen Worten.", "What is done, in a few words."),
        basis=_MEASURES,
        expected=True,
    )
    description: Mapped[str] = prose(
        "Wie sie wirkt",
        "How it works",
        help=Text("Warum sie das Risiko senkt.", "Why it lowers the risk."),
        basis=_MEASURES,
    )


class RiskScenario(Entry):
    """A risk as it usually arises, ready to be taken into an assessment and judged there anew."""

    slug = "risk-scenarios"
    prefix = "RSZ"
    area = Area.PROJECTS
    title = Text("Risikoszenarien", "Risk scenarios")
    one = Text("Risikoszenario", "Risk scenario")

    with section("scenario", "Was geschehen kann", "What may happen"):
        feared_event: Mapped[FearedEvent | None] = feared_event_field(expected=True, listed=True)
        source: Mapped[RiskSource | None] = source_field(listed=True)
        threat: Mapped[str] = threat_field()
        event: Mapped[str] = event_field()
        affected: Mapped[str] = affected_field()
        damages: Mapped[tuple[Damage, ...]] = damages_field()
        consequence: Mapped[str] = consequence_field()
        goals: Mapped[tuple[ProtectionGoal, ...]] = goals_field()

    with section("usual", "Übliche Einschätzung vor Maßnahmen", "Usual assessment before measures"):
        severity: Mapped[Grade | None] = choice(
            Grade,
            "Schwere",
            "Severity",
            help=Text(
                "Ausgangswert; jede Abschätzung schätzt selbst ein.",
                "Starting value; each assessment assesses by itself.",
            ),
            basis=_MODEL,
        )
        likelihood: Mapped[Grade | None] = choice(
            Grade,
            "Eintrittswahrscheinlichkeit",
            "Likelihood",
            help=Text(
                "Ausgangswert; jede Abschätzung schätzt selbst ein.",
                "Starting value; each assessment assesses by itself.",
            ),
            basis=_MODEL,
        )
        reason: Mapped[str] = prose(
            "Begründung",
            "Reason",
            help=Text("Woran sich beide Werte halten.", "What both values rest on."),
            basis=_MODEL,
        )

    with section("measures", "Was dagegen hilft", "What helps against it"):
        measures_used: Mapped[list[Measure]] = references(
            "Measure",
            "Maßnahmen des Registers",
            "Measures of the register",
            help=Text(
                "Werden bei der Übernahme angeboten; Stand und Termin kommen aus dem Register.",
                "Are offered when it is taken over; state and date come from the register.",
            ),
            basis=f"{_MEASURES}, Art. 32 DSGVO",
        )
        suggestions: Mapped[list[ScenarioMeasure]] = rows(
            ScenarioMeasure,
            "Weitere Vorschläge",
            "Further suggestions",
            help=Text(
                "Was üblich ist und noch nicht im Register steht.",
                "What is usual and not in the register yet.",
            ),
            basis=_MEASURES,
        )

    with section("fit", "Wann es vorgeschlagen wird", "When it is proposed"):
        characteristics: Mapped[tuple[Characteristic, ...]] = choices(
            Characteristic,
            "Merkmale der Verarbeitung",
            "Characteristics of the processing",
            help=Text(
                "Eines genügt. Ohne Merkmal und Stichwort wird es immer vorgeschlagen.",
                "One is enough. Without characteristic and keyword it is always proposed.",
            ),
            basis="WP 248 rev.01",
        )
        keywords: Mapped[str] = line(
            "Stichwörter",
            "Keywords",
            help=Text(
                "Durch Komma getrennt; gesucht in Bezeichnung, Zwecken und Datenkategorien der Tätigkeiten.",
                "Separated by commas; sought in name, purposes and categories of data of the activities.",
            ),
            basis="WP 248 rev.01",
        )

    with section("origin", "Herkunft", "Origin"):
        shipped_key: Mapped[str] = line(
            "Angepasst aus dem mitgelieferten Szenario",
            "Adapted from the shipped scenario",
            length=40,
            help=Text("Kennung; leer bei eigenen Szenarien.", "Key; empty for own scenarios."),
            basis="intern",
            fixed=True,
        )
        shipped_version: Mapped[str] = line(
            "Fassung des mitgelieferten Szenarios",
            "Version of the shipped scenario",
            length=20,
            help=Text("Tag der Fassung, von der ausgegangen wurde.", "Day of the wording it began from."),
            basis="intern",
            fixed=True,
        )
        from_risk: Mapped[str] = line(
            "Entstanden aus dem Risiko",
            "Made from the risk",
            help=Text("Abschätzung und Kennung des Risikos.", "Assessment and key of the risk."),
            basis="Art. 5 Abs. 2 DSGVO",
            fixed=True,
        )
