"""What a file of the CNIL's PIA tool asks, and which of our fields, answers and verdicts say it.

Facts about the file come from the public tool LINCnil/pia: one object with ``pia``,
``answers``, ``measures``, ``evaluations`` and ``comments``; questions have numbers,
and lists of measures name them by title.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from assessments.dpia.evaluation import Appraisal, Evaluated
from assessments.dpia.grades import Grade
from assessments.dpia.risk import Damage, DpiaMeasure, FearedEvent, ProtectionGoal, RiskSource
from compliance.language import Text

TOP: Final = ("pia", "answers", "measures", "evaluations", "comments")

# --- Questions answered by text ------------------------------------------------------------------


@dataclass(frozen=True)
class Slot:
    """One field of ours or the answer to one of our questions, as a question of the tool or a headed part."""

    question: int
    field: str
    """Name of the field of :class:`Dpia`; empty where an answer stands alone."""
    heading: str
    """Sets the part off from others in the same field or question."""
    asked: str = ""
    """Id of our question, where no field holds its answer."""


def _answer(question: int, asked: str, heading: str) -> Slot:
    return Slot(question, "", heading, asked)


SLOTS: Final = (
    Slot(111, "description", "Überblick"),
    Slot(111, "occasion", "Anlass"),
    _answer(111, "scope", "Abgrenzung des Vorhabens"),
    _answer(111, "planning", "Zeitplan"),
    _answer(111, "context", "Lage und Erwartungen der betroffenen Personen"),
    _answer(111, "review_plan", "Anlässe für eine neue Abschätzung"),
    Slot(112, "description", "Zuständigkeiten"),
    _answer(112, "actors", "Beteiligte und ihre Rollen"),
    _answer(112, "joint_control", "Gemeinsame Verantwortung"),
    Slot(113, "codes_of_conduct", "Verhaltensregeln und Standards"),
    _answer(113, "standards", "Angewandte Standards und Methoden"),
    _answer(113, "risk_method", "Vorgehen bei der Risikobeurteilung"),
    Slot(121, "data", "Personen, Daten und Empfänger"),
    _answer(121, "special_data", "Besondere Kategorien"),
    _answer(121, "children", "Schutz von Kindern"),
    Slot(122, "data_flows", "Ablauf und Datenflüsse"),
    _answer(122, "phase_collection", "Phase Erheben"),
    _answer(122, "phase_use", "Phase Nutzen"),
    _answer(122, "phase_storage", "Phase Aufbewahren"),
    _answer(122, "phase_sharing", "Phase Weitergeben"),
    _answer(122, "phase_deletion", "Phase Beenden"),
    Slot(123, "assets", "Systeme und andere Mittel"),
    _answer(123, "ai_use", "Künstliche Intelligenz"),
    _answer(123, "protection_needs", "Schutzbedarf der Systeme"),
    Slot(123, "existing_measures", "Bestehende Maßnahmen"),
    _answer(123, "integrity", "Integrität und Vertraulichkeit"),
    _answer(123, "breaches", "Verletzungen bemerken und melden"),
    _answer(123, "design_threats", "Gefahren aus der Gestaltung"),
    _answer(123, "event_threats", "Gefahren aus Versehen, Ausfall oder Angriff"),
    _answer(123, "effectiveness", "Wirksamkeit der Maßnahmen"),
    _answer(123, "residual", "Verbleibendes Risiko"),
    Slot(211, "purposes", "Zwecke"),
    _answer(211, "purpose_need", "Mildere Mittel, je Zweck"),
    _answer(211, "purpose_balance", "Nutzen und Eingriff, je Zweck"),
    Slot(211, "necessity", "Erforderlichkeit und Alternativen"),
    _answer(211, "purpose_limitation", "Zweckbindung"),
    _answer(211, "secondary_uses", "Weitere Nutzungen"),
    _answer(211, "change_of_purpose", "Zweckänderung"),
    Slot(212, "lawfulness", "Rechtsgrundlagen"),
    _answer(212, "purpose_basis", "Rechtsgrundlage, je Zweck"),
    _answer(212, "fairness", "Fairness und Nachvollziehbarkeit"),
    Slot(213, "minimisation", "Datenminimierung"),
    _answer(213, "design", "Technikgestaltung"),
    _answer(213, "default", "Voreinstellungen"),
    _answer(214, "accuracy", "Richtigkeit der Daten"),
    Slot(215, "storage_limitation", "Speicherbegrenzung"),
    Slot(221, "rights", "Information"),
    _answer(221, "information", "Information im Einzelnen"),
    Slot(222, "rights", "Einwilligung"),
    _answer(222, "consent", "Einwilligung im Einzelnen"),
    Slot(223, "rights", "Auskunft und Datenübertragbarkeit"),
    _answer(223, "access", "Auskunft im Einzelnen"),
    _answer(223, "portability", "Datenübertragbarkeit im Einzelnen"),
    Slot(224, "rights", "Berichtigung und Löschung"),
    _answer(224, "rectification", "Berichtigung im Einzelnen"),
    _answer(224, "erasure", "Löschung im Einzelnen"),
    Slot(225, "rights", "Einschränkung und Widerspruch"),
    _answer(225, "restriction", "Einschränkung im Einzelnen"),
    _answer(225, "objection", "Widerspruch im Einzelnen"),
    _answer(225, "automated", "Automatisierte Entscheidungen"),
    Slot(226, "processors", "Auftragsverarbeitung"),
    _answer(226, "contracts", "Verträge zur Auftragsverarbeitung"),
    _answer(226, "sub_processors", "Weitere Auftragsverarbeiter"),
    Slot(227, "processors", "Übermittlung in Drittländer"),
    _answer(227, "transfers", "Übermittlungen im Einzelnen"),
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
MEASURE_FACTS: Final = ("state", "evidence", "owner", "due")
"""Fields of a measure for which its content may have a line; the tool has none of its own."""
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
"""What an evaluation says; kept as it is only where it becomes no verdict here."""

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
        "evaluation_infos",
    }
)
"""Keys that only the tool itself needs."""

# --- Evaluations ---------------------------------------------------------------------------------


def written_day(day: date) -> str:
    """*day* as it stands in a line of text."""
    return f"{day:%d.%m.%Y}"


def day_written(text: str) -> date | None:
    """The day that :func:`written_day` wrote; ``None`` if it is none."""
    try:
        return datetime.strptime(text, "%d.%m.%Y").date()  # noqa: DTZ007 -- a day has no zone
    except ValueError:
        return None


@dataclass(frozen=True)
class Judged:
    """What one evaluation is about: a part of one of our sections."""

    reference: str
    """As the evaluation names it."""
    chapter: Evaluated
    part: str
    """As a verdict here names it; empty where it is the whole section."""


def _principle(question: int) -> Judged:
    heading = next(slot.heading for slot in SLOTS if slot.question == question)
    return Judged(f"2.{question // 10 % 10}.{question}", Evaluated.NECESSITY, heading)


PARTS: Final = (
    Judged("1.1", Evaluated.DESCRIPTION, "Überblick"),
    Judged("1.2", Evaluated.DESCRIPTION, "Daten, Ablauf und Mittel"),
    *(_principle(question) for question in dict.fromkeys(s.question for s in SLOTS) if question > 200),
    *(Judged(event.evaluation, Evaluated.RISKS, event.title) for event in EVENTS),
    # The tool judges the opinions by no evaluation; a file may hold one all the same.
    Judged("4.3", Evaluated.PARTICIPATION, ""),
)
"""Every part that is judged, apart from the measures, each of which is one."""
MEASURE_PREFIX: Final = "3.1"
APPRAISALS: Final[Mapping[int, Appraisal | None]] = {
    0: None,
    1: Appraisal.TO_BE_FIXED,
    2: Appraisal.IMPROVABLE,
    3: Appraisal.ACCEPTABLE,
}
STATUSES: Final = {appraisal: status for status, appraisal in APPRAISALS.items()}
DEMANDING: Final = frozenset({Appraisal.TO_BE_FIXED, Appraisal.IMPROVABLE})
"""What asks somebody to do something; person and day are then those of the action plan."""
SETTLED: Final[Mapping[int, int]] = {0: 0, 1: 1, 2: 2, 3: 2}
"""How far the tool takes an evaluation of each status to be once its section is confirmed."""


def judged_measure(place: int, measure: DpiaMeasure) -> Judged:
    """What the evaluation of the measure at *place*, counted from 1, is about."""
    called = f"{measure.key} {measure.title}"[:_QUESTION_LENGTH].strip()
    return Judged(f"{MEASURE_PREFIX}.{place}", Evaluated.MEASURES, called)


def parts_of(chapter: Evaluated, measures: Sequence[DpiaMeasure]) -> list[Judged]:
    """The parts of *chapter* that the tool judges one by one; a section without parts is one itself."""
    if chapter is not Evaluated.MEASURES:
        return [part for part in PARTS if part.chapter is chapter]
    each = [judged_measure(place, measure) for place, measure in enumerate(measures, start=1)]
    return each or [Judged(MEASURE_PREFIX, Evaluated.MEASURES, "")]


_QUESTION_LENGTH: Final = 64
