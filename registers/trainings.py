"""Trainings (Schulungen) of staff in data protection, Art. 39 (1) (b) and Art. 32 (4) GDPR."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry
from compliance.fields import Span, Term, choice, day, duration, line, number, prose, section
from compliance.language import Text


class TrainingFormat(Term):
    """How a training is held."""

    CLASSROOM = Text("Präsenz", "In person")
    ONLINE = Text("Online mit Leitung", "Online, led")
    E_LEARNING = Text("Selbstlernkurs", "Self-paced course")
    BRIEFING = Text("Unterweisung am Arbeitsplatz", "Briefing at the workplace")


class Audience(Term):
    """Whom a training is for."""

    EVERYBODY = Text("Alle Beschäftigten", "All staff")
    NEWCOMERS = Text("Neue Beschäftigte", "New staff")
    LEADERS = Text("Führungskräfte", "Managers")
    COORDINATION = Text("Datenschutzkoordination", "Privacy coordinators")
    TASKS = Text("Bestimmte Aufgaben", "Certain tasks")


class Training(Entry):
    """One training, with how many of the staff took part."""

    slug = "trainings"
    prefix = "SU"
    area = Area.DATA_PROTECTION
    title = Text("Schulungen", "Trainings")
    one = Text("Schulung", "Training")
    due = ("next_on",)

    with section("general", "Grundangaben", "General"):
        topic: Mapped[str] = prose(
            "Inhalte",
            "Contents",
            help=Text("Worum es ging, in Stichworten.", "What it was about, in keywords."),
            basis="Art. 39 Abs. 1 lit. b DSGVO",
            expected=True,
        )
        audience: Mapped[Audience | None] = choice(
            Audience,
            "Zielgruppe",
            "Audience",
            help=Text("Für wen sie bestimmt war.", "For whom it was meant."),
            basis="Art. 39 Abs. 1 lit. b DSGVO",
            expected=True,
            listed=True,
        )
        format: Mapped[TrainingFormat | None] = choice(
            TrainingFormat,
            "Form",
            "Format",
            help=Text("Wie sie stattfand.", "How it was held."),
            basis="Art. 39 Abs. 1 lit. b DSGVO",
            listed=True,
        )
        held_on: Mapped[date | None] = day(
            "Durchgeführt am",
            "Held on",
            help=Text("Bei mehreren Terminen der letzte.", "The last of several dates."),
            basis="Art. 5 Abs. 2 DSGVO",
            expected=True,
            listed=True,
        )

    with section("participation", "Teilnahme", "Participation"):
        participants: Mapped[int | None] = number(
            "Teilnehmende",
            "Participants",
            help=Text("Aus der Organisationseinheit; keine Namen.", "From the unit; no names."),
            basis="Art. 32 Abs. 4 DSGVO",
            expected=True,
        )
        staff: Mapped[int | None] = number(
            "Beschäftigte der Einheit",
            "Staff of the unit",
            help=Text("Wie viele hätten teilnehmen sollen.", "How many should have taken part."),
            basis="Art. 32 Abs. 4 DSGVO",
            expected=True,
        )
        quota: Mapped[int | None] = number(
            "Quote",
            "Quota",
            unit=Text("Prozent", "percent"),
            basis="Art. 32 Abs. 4 DSGVO",
            fixed=True,
            listed=True,
        )
        evidence: Mapped[str] = line(
            "Nachweis",
            "Evidence",
            help=Text("Fundstelle von Unterlagen und Teilnahmeliste.", "Where material and list are filed."),
            basis="Art. 5 Abs. 2 DSGVO",
        )

    with section("repetition", "Wiederholung", "Repetition"):
        valid_for: Mapped[Span | None] = duration(
            "Gilt für",
            "Valid for",
            help=Text("Üblich sind ein bis zwei Jahre.", "One to two years are usual."),
            basis="Art. 32 Abs. 4 DSGVO",
        )
        next_on: Mapped[date | None] = day(
            "Nächste Schulung",
            "Next training",
            help=Text("Erscheint rechtzeitig auf der Startseite.", "Appears on the start page in time."),
            basis="Art. 39 Abs. 1 lit. b DSGVO",
            listed=True,
        )

    def derive(self) -> None:
        self.quota = quota(self.participants, self.staff)


def quota(participants: int | None, staff: int | None) -> int | None:
    """Participants in percent of the staff, rounded down, at most 100; ``None`` while a figure is open."""
    if participants is None or not staff:
        return None
    return min(100, participants * 100 // staff)
