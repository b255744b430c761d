"""Rules of erasure (Löschregeln): how long each kind of data is kept, and how it is then erased.

DIN 66398: each kind of data (Datenart) has exactly one rule, which consists of a
start and a period. Standard period and type of start together are its class
(Löschklasse). Only what lies in backups is kept beyond the period.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, Session, mapped_column

from compliance.access import Identity, Permission, demand
from compliance.database import folded, today
from compliance.entry import Area, Entry, Part
from compliance.errors import Refused
from compliance.fields import (
    Span,
    Term,
    TimeUnit,
    choice,
    day,
    duration,
    flag,
    line,
    number,
    prose,
    reference,
    rows,
    section,
)
from compliance.language import Text
from registers.objects import TargetObject
from registers.processing import StartType


class Appraisal(Term):
    """What the archive decides about records that are offered to it (Bewertung)."""

    WORTHY = Text("Archivwürdig, wird übernommen", "Worth keeping, taken over")
    NOT_WORTHY = Text("Kassabel, darf gelöscht werden", "Not worth keeping, may be erased")
    OPEN = Text("Bewertung offen", "Appraisal open")


class ErasureWay(Term):
    """How erasure is carried out in one place."""

    AUTOMATIC = Text("Automatischer Löschlauf", "Automatic deletion run")
    MANUAL = Text("Von Hand nach Anweisung", "By hand under instruction")
    PROCESSOR = Text("Durch den Auftragsverarbeiter", "By the processor")
    BACKUP = Text("Überschreiben der Datensicherung", "Overwriting of backups")
    LOG = Text("Umlauf der Protokolle", "Rotation of logs")
    PAPER = Text("Vernichtung von Papierakten", "Destruction of paper files")


class ErasureStep(Part, of="RetentionRule"):
    """How the rule is carried out in one system (Umsetzungsvorgabe)."""

    system: Mapped[TargetObject | None] = reference(
        "TargetObject",
        "System",
        "System",
        help=Text("Anwendung oder System, in dem die Daten liegen.", "Where the data are stored."),
        basis="DIN 66398",
    )
    way: Mapped[ErasureWay | None] = choice(
        ErasureWay,
        "Weg",
        "Way",
        help=Text("Wie gelöscht wird.", "How data are erased."),
        basis="DIN 66398",
        expected=True,
    )
    responsible: Mapped[str] = line(
        "Zuständig",
        "Responsible",
        help=Text("Stelle, die löscht oder das Löschen auslöst.", "The post that erases or starts it."),
        basis="DIN 66398",
        expected=True,
    )
    note: Mapped[str] = line(
        "Anmerkung",
        "Remark",
        length=500,
        help=Text("Zum Beispiel Turnus oder Name des Löschlaufs.", "Such as its rhythm or its name."),
        basis="DIN 66398",
    )


class LitigationHold(Part, of="RetentionRule"):
    """Data that must not be erased for a while; the rule itself stays as it is."""

    what: Mapped[str] = line(
        "Betroffene Daten",
        "Data concerned",
        help=Text("Vorgang oder Teil des Bestands.", "Case or part of the holdings."),
        basis="Art. 18 Abs. 1 lit. c, Art. 17 Abs. 3 lit. e DSGVO",
        expected=True,
    )
    reason: Mapped[str] = line(
        "Grund",
        "Reason",
        length=500,
        help=Text("Zum Beispiel ein laufendes Gerichtsverfahren.", "Such as pending court proceedings."),
        basis="Art. 17 Abs. 3 lit. e DSGVO",
        expected=True,
    )
    until: Mapped[date | None] = day(
        "Ausgesetzt bis",
        "Suspended until",
        help=Text("Dann ist erneut zu entscheiden.", "It has to be decided anew then."),
        basis="Art. 5 Abs. 1 lit. e DSGVO",
        expected=True,
    )


class DeletionRun(Part, of="RetentionRule"):
    """Evidence that data were erased (Löschprotokoll), without the data themselves."""

    what: Mapped[str] = line(
        "Gelöscht wurde",
        "What was erased",
        help=Text("Bestand oder Jahrgang, ohne einzelne Personen.", "Holdings or year, no single persons."),
        basis="Art. 5 Abs. 2 DSGVO",
        expected=True,
    )
    on: Mapped[date | None] = day(
        "Am",
        "On",
        help=Text("Tag des Löschlaufs.", "Day of the deletion run."),
        basis="Art. 5 Abs. 2 DSGVO",
        expected=True,
    )
    count: Mapped[int | None] = number(
        "Anzahl",
        "Count",
        help=Text("Zahl der Datensätze oder Akten.", "Number of records or files."),
        basis="Art. 5 Abs. 2 DSGVO",
    )
    by: Mapped[str] = line(
        "Durch",
        "By",
        help=Text("Stelle oder Person, die gelöscht hat.", "Post or person who erased."),
        basis="Art. 5 Abs. 2 DSGVO",
        expected=True,
        personal=True,
    )
    protocol: Mapped[str] = line(
        "Fundstelle des Protokolls",
        "Where the protocol is filed",
        help=Text("Aktenzeichen oder Ablage.", "File number or storage."),
        basis="DIN 66398",
        expected=True,
    )


class RetentionRule(Entry):
    """How long one kind of data is kept, from when on, and how it is erased."""

    slug = "retention-rules"
    prefix = "LR"
    area = Area.RETENTION
    title = Text("Löschregeln", "Rules of erasure")
    one = Text("Löschregel", "Rule of erasure")
    due = ("next_run", "hold_until")

    kind_key: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The kind of data as a key: alike for names that differ in spelling only, empty without a name."""

    with section("general", "Grundangaben", "General"):
        name: Mapped[str] = line(
            "Datenart",
            "Kind of data",
            help=Text(
                "Daten, die demselben Zweck dienen und zusammen gelöscht werden, etwa „Wohngeldakten“.",
                "Data that serve the same purpose and are erased together, such as “housing benefit files”.",
            ),
            basis="DIN 66398",
            expected=True,
            listed=True,
        )
        description: Mapped[str] = prose(
            "Umfang der Datenart",
            "What the kind of data comprises",
            help=Text(
                "Welche Unterlagen und Datensätze dazugehören und welche nicht.",
                "Which documents and records belong to it and which do not.",
            ),
            basis="DIN 66398",
        )

    with section("period", "Frist", "Period"):
        period: Mapped[Span | None] = duration(
            "Regellöschfrist",
            "Standard deletion period",
            help=Text(
                "Enthält gesetzliche Aufbewahrung und die Zeit für das Löschen, nicht die Datensicherung.",
                "Includes statutory retention and the time for erasing, but not backups.",
            ),
            basis="Art. 5 Abs. 1 lit. e DSGVO, DIN 66398",
            expected=True,
            listed=True,
        )
        norm: Mapped[str] = line(
            "Rechtsgrundlage der Frist",
            "Legal basis of the period",
            length=500,
            help=Text(
                "Vorschrift der Aufbewahrung, oder warum die Daten so lange gebraucht werden.",
                "Provision on retention, or why the data are needed for so long.",
            ),
            basis="Art. 5 Abs. 1 lit. e DSGVO",
            expected=True,
        )
        start_type: Mapped[StartType | None] = choice(
            StartType,
            "Fristbeginn",
            "Start of the period",
            help=Text("Einer der drei Typen der Norm.", "One of the three types of the standard."),
            basis="DIN 66398",
            expected=True,
            listed=True,
        )
        start_event: Mapped[str] = line(
            "Ereignis",
            "Start event",
            help=Text(
                "Zum Beispiel Wegzug, Bescheid bestandskräftig.", "Such as moving away, decision final."
            ),
            basis="DIN 66398",
            expected=True,
        )
        end_of_year: Mapped[bool | None] = flag(
            "Frist beginnt mit Ablauf des Kalenderjahres",
            "Period begins at the end of the calendar year",
            help=Text("Üblich bei kaufmännischen Unterlagen.", "Usual for accounting records."),
            basis="§ 147 Abs. 4 AO",
        )
        minimum: Mapped[Span | None] = duration(
            "Vorhaltefrist",
            "Minimum holding period",
            help=Text(
                "So lange braucht die Fachaufgabe die Daten mindestens.",
                "So long at least the task needs the data.",
            ),
            basis="DIN 66398",
        )
        backup_period: Mapped[Span | None] = duration(
            "Frist der Datensicherung",
            "Retention of backups",
            help=Text("Kommt zur Regellöschfrist hinzu.", "Adds to the standard deletion period."),
            basis="DIN 66398",
        )
        deletion_class: Mapped[str] = line(
            "Löschklasse",
            "Deletion class",
            length=20,
            help=Text(
                "Typ des Fristbeginns (A, B, C) und Regellöschfrist; ergibt sich von selbst.",
                "Type of start (A, B, C) and standard period; follows by itself.",
            ),
            basis="DIN 66398",
            fixed=True,
            listed=True,
        )

    with section("archive", "Archiv", "Archive"):
        offered: Mapped[bool | None] = flag(
            "Dem Archiv anzubieten",
            "To be offered to the archive",
            help=Text(
                "Unterlagen werden vor dem Löschen angeboten; „nein“ braucht einen Grund.",
                "Records are offered before they are erased; “no” needs a reason.",
            ),
            basis="Landesarchivgesetz",
            expected=True,
        )
        not_offered: Mapped[str] = line(
            "Grund, wenn nicht angeboten wird",
            "Reason for not offering",
            length=500,
            help=Text("Zum Beispiel Verzicht des Archivs für diese Art.", "Such as a waiver by the archive."),
            basis="Landesarchivgesetz",
        )
        appraisal: Mapped[Appraisal | None] = choice(
            Appraisal, "Bewertung", "Appraisal", basis="Landesarchivgesetz", fixed=True, listed=True
        )
        appraisal_reason: Mapped[str] = prose(
            "Begründung der Bewertung", "Reason for the appraisal", basis="Landesarchivgesetz", fixed=True
        )
        appraised_by: Mapped[str] = line(
            "Bewertet von", "Appraised by", basis="Landesarchivgesetz", fixed=True, personal=True
        )
        appraised_on: Mapped[date | None] = day(
            "Bewertet am", "Appraised on", basis="Landesarchivgesetz", fixed=True
        )

    with section("execution", "Umsetzung und Nachweis", "Execution and evidence"):
        steps: Mapped[list[ErasureStep]] = rows(
            ErasureStep,
            "Umsetzung je System",
            "Execution in each system",
            help=Text("Auch Datensicherung, Protokolle und Papier.", "Backups, logs and paper too."),
            basis="DIN 66398",
            expected=True,
        )
        next_run: Mapped[date | None] = day(
            "Nächster Löschlauf",
            "Next deletion run",
            help=Text("Erscheint rechtzeitig auf der Startseite.", "Appears on the start page in time."),
            basis="DIN 66398",
        )
        runs: Mapped[list[DeletionRun]] = rows(
            DeletionRun,
            "Löschnachweise",
            "Evidence of deletion",
            help=Text("Jeder Löschlauf, ohne die gelöschten Daten.", "Each run, without the erased data."),
            basis="Art. 5 Abs. 2 DSGVO",
        )
        holds: Mapped[list[LitigationHold]] = rows(
            LitigationHold,
            "Ausgesetzte Löschungen",
            "Suspended erasures",
            help=Text("Ausnahmen ändern die Regel nicht.", "Exceptions do not change the rule."),
            basis="Art. 17 Abs. 3 lit. e DSGVO",
            more=True,
        )
        hold_until: Mapped[date | None] = day(
            "Nächste Entscheidung über eine Aussetzung",
            "Next decision on a suspension",
            basis="Art. 5 Abs. 1 lit. e DSGVO",
            fixed=True,
        )

    @property
    def wants_appraisal(self) -> bool:
        return self.offered is True and self.appraisal in (None, Appraisal.OPEN)

    def derive(self) -> None:
        self.kind_key = hashlib.sha256(folded(self.name).encode()).hexdigest() if self.name.strip() else ""
        self.deletion_class = class_of(self.start_type, self.period)
        self.hold_until = min((hold.until for hold in self.holds if hold.until), default=None)

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield from super()._indexes()
        yield Index(None, "organisation_id", "kind_key")


# --- Classes -------------------------------------------------------------------------------------

START_LETTERS: Final = {
    StartType.COLLECTION: "A",
    StartType.END_OF_CASE: "B",
    StartType.END_OF_RELATION: "C",
}
"""How DIN 66398 distinguishes starts."""

_UNIT_LETTERS: Final = {TimeUnit.D: "T", TimeUnit.W: "W", TimeUnit.M: "M", TimeUnit.Y: "J"}
_SIXTEENTHS: Final = {TimeUnit.D: 16, TimeUnit.W: 112, TimeUnit.M: 487, TimeUnit.Y: 5844}
"""Units in sixteenths of a day, so that twelve months are exactly one year of 365.25 days."""


def class_of(start_type: StartType | None, period: Span | None) -> str:
    """The name of a class, such as ``B-10J``; empty while start or period is open."""
    if start_type is None or period is None:
        return ""
    return f"{START_LETTERS[start_type]}-{period.count}{_UNIT_LETTERS[period.unit]}"


def length(span: Span) -> float:
    """How many days *span* has on average; for comparing periods, never for counting them."""
    return span.count * _SIXTEENTHS[span.unit] / 16


@dataclass(frozen=True)
class ClassRow:
    """One standard period with the rules that have it, by the type of their start."""

    period: Span
    rules: Mapping[StartType, Sequence[RetentionRule]]


def classes(rules: Iterable[RetentionRule]) -> list[ClassRow]:
    """The matrix of classes, the shortest period first; rules without a class are left out."""
    rows: dict[Span, dict[StartType, list[RetentionRule]]] = {}
    for rule in rules:
        if rule.period is not None and rule.start_type is not None:
            row = rows.setdefault(rule.period, {start: [] for start in StartType})
            row[rule.start_type].append(rule)
    return [
        ClassRow(period, rows[period]) for period in sorted(rows, key=lambda span: (length(span), str(span)))
    ]


# --- Appraisal -----------------------------------------------------------------------------------

APPRAISE: Final = "appraise"
"""What the journal calls the step."""


def appraise(session: Session, rule: RetentionRule, appraisal: str, reason: str, *, by: Identity) -> None:
    """Records what the archive decides about the records under *rule*.

    Raises :class:`Refused` without a decision, or where a decision has no reason.
    """
    demand(by, Permission.APPRAISE, rule)
    if appraisal not in Appraisal.__members__:
        raise Refused(_NO_APPRAISAL)
    decided = Appraisal[appraisal]
    if decided is not Appraisal.OPEN and not reason.strip():
        raise Refused(_NO_REASON)
    rule.appraisal = decided
    rule.appraisal_reason = reason
    rule.appraised_by = by.name
    rule.appraised_on = today()
    session.info["action"] = APPRAISE


_NO_APPRAISAL = Text("Bitte wählen Sie, wie bewertet wird.", "Please choose the appraisal.")
_NO_REASON = Text("Eine Bewertung braucht eine Begründung.", "An appraisal needs a reason.")
