"""Cases of the supervisory authority (Aufsichtsverfahren), Art. 30 (4), 31, 58 and 77 GDPR.

The data protection officer prepares the answer. The controller signs it, which is
the release of the entry: it is bound to the exact words, and a later change shows.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry, Part
from compliance.fields import Term, choice, day, line, number, prose, references, rows, section
from compliance.language import Text
from registers.confidentiality import HIDDEN_BY, confidential
from registers.processing import ProcessingActivity


class CaseKind(Term):
    """Why the supervisory authority turned to the controller."""

    RECORD = Text("Anforderung des Verzeichnisses, Art. 30 Abs. 4", "Request for the record, Art. 30 (4)")
    INFORMATION = Text(
        "Auskunftsersuchen, Art. 31 und 58 Abs. 1", "Request for information, Art. 31 and 58 (1)"
    )
    COMPLAINT = Text("Beschwerde, Art. 77", "Complaint, Art. 77")
    AUDIT = Text("Prüfung vor Ort, Art. 58 Abs. 1", "Audit on site, Art. 58 (1)")
    CORRECTION = Text("Abhilfemaßnahme, Art. 58 Abs. 2", "Corrective measure, Art. 58 (2)")
    ADVICE = Text("Beratung, Art. 58 Abs. 3", "Advice, Art. 58 (3)")


class CaseOutcome(Term):
    """How a case ended."""

    CLOSED = Text("Eingestellt ohne Feststellung", "Closed without findings")
    NOTICE = Text("Hinweis oder Empfehlung", "Notice or recommendation")
    WARNING = Text("Warnung", "Warning")
    REPRIMAND = Text("Verwarnung", "Reprimand")
    ORDER = Text("Anweisung oder Anordnung", "Order")
    RESTRICTION = Text("Beschränkung oder Verbot der Verarbeitung", "Restriction or ban of processing")


class HandedOver(Part, of="AuthorityCase"):
    """Something that was given to the supervisory authority."""

    what: Mapped[str] = line(
        "Unterlage",
        "Document",
        help=Text("Was übergeben wurde, mit Fassung.", "What was handed over, with its version."),
        basis="Art. 31 DSGVO",
        expected=True,
    )
    on: Mapped[date | None] = day(
        "Übergeben am",
        "Handed over on",
        help=Text("Tag des Versands.", "Day of dispatch."),
        basis="Art. 31 DSGVO",
        expected=True,
    )
    way: Mapped[str] = line(
        "Weg",
        "Channel",
        help=Text("Zum Beispiel Post oder besonderes Behördenpostfach.", "Such as post or secure mailbox."),
        basis="Art. 32 Abs. 1 DSGVO",
    )


class AuthorityCase(Entry):
    """One case in which the supervisory authority deals with the controller."""

    slug = "authority-cases"
    prefix = "AU"
    area = Area.OFFICER
    title = Text("Vorgänge der Aufsichtsbehörde", "Cases of the supervisory authority")
    one = Text("Vorgang der Aufsichtsbehörde", "Case of the supervisory authority")
    due = ("answer_by",)
    hidden_by = HIDDEN_BY

    with section("general", "Grundangaben", "General"):
        confidential: Mapped[bool | None] = confidential()
        kind: Mapped[CaseKind | None] = choice(
            CaseKind,
            "Art",
            "Kind",
            help=Text("Worauf sich die Aufsichtsbehörde stützt.", "What the authority relies on."),
            basis="Art. 30 Abs. 4, Art. 31, 58, 77 DSGVO",
            expected=True,
            listed=True,
        )
        file_number: Mapped[str] = line(
            "Aktenzeichen der Aufsichtsbehörde",
            "File number of the authority",
            length=60,
            help=Text("Bei jedem Schreiben anzugeben.", "To be quoted in every letter."),
            basis="Art. 31 DSGVO",
            expected=True,
        )
        received_on: Mapped[date | None] = day(
            "Eingegangen am",
            "Received on",
            help=Text("Tag des Eingangs bei der Verwaltung.", "Day on which it reached the authority."),
            basis="Art. 31 DSGVO",
            expected=True,
            listed=True,
        )
        answer_by: Mapped[date | None] = day(
            "Gesetzte Frist",
            "Deadline set",
            help=Text(
                "Der Tag, den die Aufsichtsbehörde genannt hat, oder der nach nationalem Recht berechnete.",
                "The day named by the authority, or the one that follows from national law.",
            ),
            basis="Art. 58 Abs. 1 DSGVO, §§ 187 bis 193 BGB",
            listed=True,
        )
        subject: Mapped[str] = prose(
            "Sachverhalt",
            "Facts",
            help=Text("Worum es geht.", "What it is about."),
            basis="Art. 31 DSGVO",
            expected=True,
        )
        activities: Mapped[list[ProcessingActivity]] = references(
            "ProcessingActivity",
            "Betroffene Verarbeitungstätigkeiten",
            "Processing activities concerned",
            help=Text("Aus dem Verzeichnis.", "From the record."),
            basis="Art. 31 DSGVO",
        )

    with section("answer", "Antwort", "Answer"):
        answer: Mapped[str] = prose(
            "Antwort des Verantwortlichen",
            "Answer of the controller",
            help=Text(
                "Die Datenschutzbeauftragte bereitet vor, die Leitung unterzeichnet.",
                "The officer prepares, management signs.",
            ),
            basis="Art. 31, Art. 39 Abs. 1 lit. d, e DSGVO",
        )
        answered_on: Mapped[date | None] = day(
            "Geantwortet am",
            "Answered on",
            help=Text("Tag des Versands.", "Day of dispatch."),
            basis="Art. 31 DSGVO",
            listed=True,
        )
        handed_over: Mapped[list[HandedOver]] = rows(
            HandedOver,
            "Übergebene Unterlagen",
            "Documents handed over",
            help=Text("Auch das Verzeichnis nach Art. 30 Abs. 4.", "The record under Art. 30 (4) too."),
            basis="Art. 30 Abs. 4, Art. 31 DSGVO",
        )
        effort: Mapped[int | None] = number(
            "Aufwand",
            "Effort",
            unit=Text("Minuten", "minutes"),
            help=Text("Für den Tätigkeitsbericht.", "For the activity report."),
            basis="Art. 38 Abs. 2 DSGVO",
        )

    with section("outcome", "Ausgang", "Outcome"):
        outcome: Mapped[CaseOutcome | None] = choice(
            CaseOutcome,
            "Ausgang",
            "Outcome",
            help=Text("Leer, solange der Vorgang läuft.", "Empty while the case is pending."),
            basis="Art. 57, 58 DSGVO",
            listed=True,
        )
        closed_on: Mapped[date | None] = day(
            "Abgeschlossen am",
            "Closed on",
            help=Text("Tag des abschließenden Schreibens.", "Day of the final letter."),
            basis="Art. 57 DSGVO",
        )
        consequences: Mapped[str] = prose(
            "Folgerungen",
            "Consequences",
            help=Text("Was daraufhin geändert wurde.", "What was changed as a result."),
            basis="Art. 24 Abs. 1 DSGVO",
        )

    def met(self, name: str) -> bool:
        """The deadline is met by the answer."""
        return self.answered_on is not None or super().met(name)
