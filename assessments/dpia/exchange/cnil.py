"""What a file of the CNIL's PIA tool asks, and which of our fields answers it: tables, no code.

Facts about the file come from the public tool LINCnil/pia: one object with ``pia``,
``answers``, ``measures``, ``evaluations`` and ``comments``; questions have numbers,
and lists of measures name them by title.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from assessments.dpia.grades import Grade
from assessments.dpia.risk import Damage, FearedEvent, ProtectionGoal, RiskSource
from compliance.language import Text

TOP: Final = ("pia", "answers", "measures", "evaluations", "comments")

# --- Questions answered by text ------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """One field of ours, or a headed part of it, as one question of the tool or a headed part of it."""

    question: int
    field: str
    """Name of the field of :class:`Dpia`; empty where we have none and the text is kept as it is."""
    heading: str
    """Sets the part off from others in the same field or question."""


SLOTS: Final = (
    Slot(111, "description", "Überblick"),
    Slot(111, "occasion", "Anlass"),
    Slot(112, "description", "Zuständigkeiten"),
    Slot(113, "codes_of_conduct", "Verhaltensregeln und Standards"),
    Slot(121, "data", "Personen, Daten und Empfänger"),
    Slot(122, "data_flows", "Ablauf und Datenflüsse"),
    Slot(123, "assets", "Systeme und andere Mittel"),
    Slot(123, "existing_measures", "Bestehende Maßnahmen"),
    Slot(211, "purposes", "Zwecke"),
    Slot(211, "necessity", "Erforderlichkeit und Alternativen"),
    Slot(212, "lawfulness", "Rechtsgrundlagen"),
    Slot(213, "minimisation", "Datenminimierung"),
    Slot(214, "", "Richtigkeit der Daten"),
    Slot(215, "storage_limitation", "Speicherbegrenzung"),
    Slot(221, "rights", "Information"),
    Slot(222, "rights", "Einwilligung"),
    Slot(223, "rights", "Auskunft und Datenübertragbarkeit"),
    Slot(224, "rights", "Berichtigung und Löschung"),
    Slot(225, "rights", "Einschränkung und Widerspruch"),
    Slot(226, "processors", "Auftragsverarbeitung"),
    Slot(227, "processors", "Übermittlung in Drittländer"),
)
"""The first slot of a field or question takes the text that stands under no heading."""

# --- The three feared events ---------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """One feared event: its questions are 32x, 33x or 34x, its evaluation 3.2, 3.3 or 3.4."""

    number: int
    title: str
    goal: ProtectionGoal
    feared: FearedEvent

    def question(self, place: int) -> int:
        """The number of one of its six questions."""
        return 300 + 10 * self.number + place

    @property
    def evaluation(self) -> str:
        """What its evaluation refers to."""
        return f"3.{self.number}"


EVENTS: Final = (
    Event(2, "Unrechtmäßiger Zugriff auf Daten", ProtectionGoal.CONFIDENTIALITY, FearedEvent.ACCESS),
    Event(3, "Ungewollte Veränderung von Daten", ProtectionGoal.INTEGRITY, FearedEvent.MODIFICATION),
    Event(4, "Verschwinden von Daten", ProtectionGoal.AVAILABILITY, FearedEvent.DISAPPEARANCE),
)
IMPACTS, THREATS, SOURCES, MEASURES, SEVERITY, LIKELIHOOD = range(1, 7)
"""The six questions about a feared event: four lists and two gauges with reasons."""

LISTS: Final = frozenset(event.question(place) for event in EVENTS for place in range(1, 5))
QUESTIONS: Final = (
    *dict.fromkeys(slot.question for slot in SLOTS),
    *(event.question(place) for event in EVENTS for place in range(1, 7)),
)
"""All questions of the tool, as it numbers them."""

GRADES: Final[Mapping[int, Grade | None]] = {
    0: None,
    1: Grade.NEGLIGIBLE,
    2: Grade.LIMITED,
    3: Grade.SUBSTANTIAL,
    4: Grade.MAJOR,
}
GAUGES: Final[Mapping[Grade | None, int]] = {grade: gauge for gauge, grade in GRADES.items()} | {
    # The tool knows four grades; what lies beyond either end counts as the end.
    Grade.MINIMAL: 1,
    Grade.EXTREME: 4,
}
DAMAGES: Final[Mapping[str, Damage]] = {each.text.de: each for each in Damage}
RISK_SOURCES: Final[Mapping[str, RiskSource]] = {each.text.de: each for each in RiskSource}
LIKELIHOOD_REASON: Final = "Begründung der Eintrittswahrscheinlichkeit"
AFTER_REASON: Final = "Einschätzung nach Maßnahmen"
AFFECTED: Final = "Betroffen: "

# --- Statements about the whole ------------------------------------------------------------------


@dataclass(frozen=True)
class Kept:
    """A statement that no field of ours takes; kept as :class:`FromSource` and written back."""

    key: str
    label: Text
    words: Mapping[int, str] | None = None
    """How the values of the file read; free text where there are none."""


STATUS: Final = {
    0: "in Bearbeitung",
    1: "abgelehnt",
    2: "einfach bestätigt",
    3: "mit Unterschrift bestätigt",
    4: "archiviert",
}
FAVOURABLE: Final = {0: "nicht befürwortet", 1: "befürwortet"}
VERDICTS: Final = {0: "offen", 1: "zu beheben", 2: "verbesserungsfähig", 3: "annehmbar"}
PROGRESSES: Final = {0: "nicht begonnen", 1: "begonnen", 2: "abgeschlossen"}

PIA_KEPT: Final = (
    Kept("status", Text("Stand der Abschätzung", "State of the assessment"), STATUS),
    Kept("category", Text("Kategorie", "Category")),
    Kept("evaluator_name", Text("Bewertung durch", "Evaluated by")),
    Kept("validator_name", Text("Bestätigung durch", "Validated by")),
    Kept("dpo_status", Text("Datenschutzbeauftragte: Ergebnis", "DPO: verdict"), FAVOURABLE),
    Kept("dpo_opinion", Text("Datenschutzbeauftragte: Stellungnahme", "DPO: opinion")),
    Kept("dpos_names", Text("Datenschutzbeauftragte: Namen", "DPO: names")),
    Kept("people_names", Text("Betroffene Personen: Namen", "Data subjects: names")),
    Kept("concerned_people_status", Text("Betroffene Personen: Haltung", "Data subjects: view"), FAVOURABLE),
    Kept("concerned_people_opinion", Text("Betroffene Personen: Standpunkt", "Data subjects: opinion")),
    Kept(
        "concerned_people_searched_content",
        Text("Betroffene Personen: warum nicht gefragt", "Data subjects: why not asked"),
    ),
    Kept("rejection_reason", Text("Grund der Ablehnung", "Reason for the rejection")),
    Kept("applied_adjustments", Text("Vorgenommene Änderungen", "Adjustments made")),
    Kept("structure_name", Text("Muster: Organisation", "Template: organisation")),
    Kept("structure_sector_name", Text("Muster: Bereich", "Template: sector")),
    Kept("created_at", Text("In der Quelle angelegt", "Created in the source")),
    Kept("updated_at", Text("In der Quelle geändert", "Changed in the source")),
)
EVALUATION_KEPT: Final = (
    Kept("status", Text("Bewertung", "Verdict"), VERDICTS),
    Kept("global_status", Text("Stand der Bewertung", "State of the evaluation"), PROGRESSES),
    Kept("evaluation_comment", Text("Anmerkung", "Comment")),
    Kept("action_plan_comment", Text("Aktionsplan", "Action plan")),
    Kept("evaluation_date", Text("Bewertet am", "Evaluated on")),
    Kept("estimated_implementation_date", Text("Umzusetzen bis", "Due")),
    Kept("person_in_charge", Text("Zuständig", "In charge")),
)
"""An evaluation of a measure gives owner and day to the measure itself instead."""

TECHNICAL: Final = frozenset(
    {
        "id",
        "pia_id",
        "lock_version",
        "progress",
        "is_example",
        "is_archive",
        "dbVersion",
        "tableName",
        "serverUrl",
        "numberOfQuestions",
        "objectStore",
        "created_at",
        "updated_at",
        "answer_type",
    }
)
"""Keys that only the tool itself needs."""

CHAPTERS: Final = {
    "1.1": "Überblick",
    "1.2": "Daten, Ablauf und Mittel",
    "2.1": "Verhältnismäßigkeit und Erforderlichkeit",
    "2.2": "Rechte der betroffenen Personen",
    "3.1": "Maßnahmen",
    "3.2": EVENTS[0].title,
    "3.3": EVENTS[1].title,
    "3.4": EVENTS[2].title,
}
"""What an evaluation can refer to, beside single questions and measures."""
