"""Inspections (Überwachung) by the data protection officer, Art. 39 (1) (b) GDPR."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry, Part
from compliance.fields import Term, choice, day, line, number, prose, references, rows, section
from compliance.language import Text
from registers.confidentiality import HIDDEN_BY, confidential
from registers.processing import ProcessingActivity
from registers.processors import Processor


class Defect(Term):
    """How grave what was found is."""

    SEVERE = Text("Schwerer Mangel", "Severe deficiency")
    MODERATE = Text("Mangel", "Deficiency")
    MINOR = Text("Geringer Mangel", "Minor deficiency")
    RECOMMENDATION = Text("Empfehlung", "Recommendation")


class InspectionFinding(Part, of="Inspection"):
    """One thing that was found, and when it has to be put right."""

    text: Mapped[str] = prose(
        "Feststellung",
        "Finding",
        help=Text("Was vorgefunden wurde.", "What was found."),
        basis="Art. 39 Abs. 1 lit. b DSGVO",
        expected=True,
    )
    severity: Mapped[Defect | None] = choice(
        Defect,
        "Gewicht",
        "Severity",
        help=Text("Wie schwer es wiegt.", "How grave it is."),
        basis="Art. 39 Abs. 2 DSGVO",
        expected=True,
    )
    responsible: Mapped[str] = line(
        "Abzustellen durch",
        "To be put right by",
        help=Text("Stelle, die handeln muss.", "The post that has to act."),
        basis="Art. 24 Abs. 1 DSGVO",
        personal=True,
    )
    until: Mapped[date | None] = day(
        "Bis",
        "Until",
        help=Text("Wann nachgesehen wird.", "When it is followed up."),
        basis="Art. 24 Abs. 1 DSGVO",
    )
    done_on: Mapped[date | None] = day(
        "Erledigt am",
        "Done on",
        help=Text("Tag, an dem die Abhilfe bestätigt wurde.", "Day on which the remedy was confirmed."),
        basis="Art. 24 Abs. 1 DSGVO",
    )


class Inspection(Entry):
    """One inspection of the annual plan."""

    slug = "inspections"
    prefix = "KO"
    area = Area.OFFICER
    title = Text("Kontrollen", "Inspections")
    one = Text("Kontrolle", "Inspection")
    due = ("planned_for", "next_follow_up")
    hidden_by = HIDDEN_BY

    with section("general", "Grundangaben", "General"):
        confidential: Mapped[bool | None] = confidential()
        scope: Mapped[str] = prose(
            "Gegenstand",
            "Scope",
            help=Text("Was anhand welcher Maßstäbe geprüft wird.", "What is inspected by which standards."),
            basis="Art. 39 Abs. 1 lit. b DSGVO",
            expected=True,
        )
        planned_for: Mapped[date | None] = day(
            "Geplant für",
            "Planned for",
            help=Text("Aus dem Jahresplan; erscheint auf der Startseite.", "From the annual plan."),
            basis="Art. 39 Abs. 1 lit. b, Abs. 2 DSGVO",
            expected=True,
            listed=True,
        )
        done_on: Mapped[date | None] = day(
            "Durchgeführt am",
            "Carried out on",
            help=Text("Tag des Abschlusses.", "Day of completion."),
            basis="Art. 39 Abs. 1 lit. b DSGVO",
            listed=True,
        )
        effort: Mapped[int | None] = number(
            "Aufwand",
            "Effort",
            unit=Text("Minuten", "minutes"),
            help=Text("Für den Tätigkeitsbericht.", "For the activity report."),
            basis="Art. 38 Abs. 2 DSGVO",
        )

    with section("result", "Ergebnis", "Result"):
        result: Mapped[str] = prose(
            "Ergebnis",
            "Result",
            help=Text("Gesamteindruck in wenigen Sätzen.", "Overall impression in a few sentences."),
            basis="Art. 39 Abs. 1 lit. b DSGVO",
        )
        defects: Mapped[list[InspectionFinding]] = rows(
            InspectionFinding,
            "Mängel und Empfehlungen",
            "Deficiencies and recommendations",
            help=Text("Jede mit Gewicht und Frist.", "Each with its severity and term."),
            basis="Art. 39 Abs. 1 lit. b DSGVO",
        )
        open_defects: Mapped[int | None] = number(
            "Offene Mängel", "Open deficiencies", basis="Art. 39 Abs. 1 lit. b DSGVO", fixed=True, listed=True
        )
        next_follow_up: Mapped[date | None] = day(
            "Nächste Nachschau", "Next follow-up", basis="Art. 39 Abs. 1 lit. b DSGVO", fixed=True
        )

    with section("references", "Bezüge", "References"):
        activities: Mapped[list[ProcessingActivity]] = references(
            "ProcessingActivity",
            "Verarbeitungstätigkeiten",
            "Processing activities",
            help=Text("Welche geprüft werden.", "Which ones are inspected."),
            basis="Art. 39 Abs. 1 lit. b DSGVO",
        )
        processors: Mapped[list[Processor]] = references(
            "Processor",
            "Auftragsverarbeiter",
            "Processors",
            help=Text("Welche geprüft werden.", "Which ones are inspected."),
            basis="Art. 28 Abs. 3 lit. h DSGVO",
        )

    def derive(self) -> None:
        still_open = [defect for defect in self.defects if defect.done_on is None]
        self.open_defects = len(still_open)
        self.next_follow_up = min((defect.until for defect in still_open if defect.until), default=None)

    def met(self, name: str) -> bool:
        """The planned day is met once the inspection was carried out."""
        return (name == "planned_for" and self.done_on is not None) or super().met(name)
