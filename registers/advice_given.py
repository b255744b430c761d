"""Advice (Beratungen) given by the data protection officer, Art. 39 (1) (a) GDPR."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry
from compliance.fields import Term, choice, day, line, number, prose, references, section
from compliance.language import Text
from registers.confidentiality import HIDDEN_BY, confidential
from registers.processing import ProcessingActivity
from registers.projects import Project


class AskedBy(Term):
    """Who turned to the officer."""

    DEPARTMENT = Text("Fachbereich", "Department")
    MANAGEMENT = Text("Leitung", "Management")
    STAFF_COUNCIL = Text("Personalrat", "Staff council")
    EMPLOYEE = Text("Beschäftigte Person", "Member of staff")
    DATA_SUBJECT = Text("Betroffene Person, Art. 38 Abs. 4", "Data subject, Art. 38 (4)")
    COUNCIL = Text("Rat oder Ausschuss", "Council or committee")
    OUTSIDE = Text("Externe Stelle", "External body")


class AdviceGiven(Entry):
    """One question put to the data protection officer, and what they advised."""

    slug = "advice"
    prefix = "BR"
    area = Area.OFFICER
    title = Text("Beratungen", "Advice given")
    one = Text("Beratung", "Advice")
    due = ("answer_by",)
    hidden_by = HIDDEN_BY

    with section("general", "Grundangaben", "General"):
        confidential: Mapped[bool | None] = confidential()
        asked_by: Mapped[AskedBy | None] = choice(
            AskedBy,
            "Anfrage von",
            "Asked by",
            help=Text("Wer um Rat gefragt hat.", "Who asked for advice."),
            basis="Art. 38 Abs. 1, 4 DSGVO",
            expected=True,
            listed=True,
        )
        contact: Mapped[str] = line(
            "Name und Stelle",
            "Name and post",
            help=Text("Nur soweit für die Rückmeldung nötig.", "Only as far as needed to answer."),
            basis="Art. 5 Abs. 1 lit. c DSGVO",
            personal=True,
        )
        asked_on: Mapped[date | None] = day(
            "Eingegangen am",
            "Received on",
            help=Text("Tag der Anfrage.", "Day of the question."),
            basis="Art. 39 Abs. 1 lit. a DSGVO",
            expected=True,
            listed=True,
        )
        answer_by: Mapped[date | None] = day(
            "Antwort bis",
            "Answer by",
            help=Text(
                "Zugesagter Tag; erscheint auf der Startseite.", "Promised day; shown on the start page."
            ),
            basis="intern",
        )
        question: Mapped[str] = prose(
            "Frage",
            "Question",
            help=Text("Sachverhalt in wenigen Sätzen.", "The facts in a few sentences."),
            basis="Art. 39 Abs. 1 lit. a DSGVO",
            expected=True,
        )

    with section("advice", "Beratung", "Advice"):
        advice: Mapped[str] = prose(
            "Rat",
            "Advice",
            help=Text(
                "Was empfohlen wurde und worauf es sich stützt.", "What was advised and on what ground."
            ),
            basis="Art. 39 Abs. 1 lit. a DSGVO",
            expected=True,
        )
        advised_on: Mapped[date | None] = day(
            "Beraten am",
            "Advised on",
            help=Text("Tag der Antwort.", "Day of the answer."),
            basis="Art. 39 Abs. 1 lit. a DSGVO",
            expected=True,
            listed=True,
        )
        effort: Mapped[int | None] = number(
            "Aufwand",
            "Effort",
            unit=Text("Minuten", "minutes"),
            help=Text("Für den Tätigkeitsbericht.", "For the activity report."),
            basis="Art. 38 Abs. 2 DSGVO",
        )

    with section("references", "Bezüge", "References"):
        activities: Mapped[list[ProcessingActivity]] = references(
            "ProcessingActivity",
            "Verarbeitungstätigkeiten",
            "Processing activities",
            help=Text("Um welche es ging.", "Which ones it was about."),
            basis="Art. 39 Abs. 1 lit. a DSGVO",
        )
        projects: Mapped[list[Project]] = references(
            "Project",
            "Digitale Projekte",
            "Digital projects",
            help=Text("Um welche es ging.", "Which ones it was about."),
            basis="Art. 38 Abs. 1 DSGVO",
        )

    def met(self, name: str) -> bool:
        """The promised day is met once advice was given."""
        return self.advised_on is not None or super().met(name)
