"""Words and rows of the register of processors: places, the chain of further processors, and audits."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Part
from compliance.fields import Code, Term, choice, code, day, flag, line, prose
from compliance.language import Text
from registers.countries import COUNTRIES
from registers.transfers import Transfer


class Instrument(Term):
    """What binds the processor; Art. 28 (3) accepts a contract or another legal instrument."""

    CONTRACT = Text("Vertrag", "Contract")
    STANDARD_CLAUSES = Text(
        "Standardvertragsklauseln (EU) 2021/915", "Standard contractual clauses (EU) 2021/915"
    )
    EVB_IT = Text("EVB-IT mit Anlage zur Auftragsverarbeitung", "EVB-IT with annex on processing")
    STATUTE = Text("Gesetz, Verordnung oder Satzung", "Statute, regulation or by-law")


class EvbIt(Term):
    """The supplementary terms of contract for IT services (EVB-IT) of the German administration."""

    CLOUD = Text("EVB-IT Cloud", "EVB-IT Cloud")
    SERVICES = Text("EVB-IT Dienstleistung", "EVB-IT services")
    SERVICE = Text("EVB-IT Service", "EVB-IT service")
    SOFTWARE_CARE = Text("EVB-IT Pflege S", "EVB-IT software maintenance")
    HARDWARE_CARE = Text("EVB-IT Instandhaltung", "EVB-IT hardware maintenance")
    LICENCE = Text("EVB-IT Überlassung", "EVB-IT licence")
    SYSTEM = Text("EVB-IT System", "EVB-IT system")
    SYSTEM_DELIVERY = Text("EVB-IT Systemlieferung", "EVB-IT system delivery")
    CREATION = Text("EVB-IT Erstellung", "EVB-IT development")
    FRAMEWORK = Text("EVB-IT Rahmenvertrag", "EVB-IT framework agreement")
    PURCHASE = Text("EVB-IT Kauf", "EVB-IT purchase")


class ContractState(Term):
    """Where the contract stands."""

    DRAFT = Text("Entwurf", "Draft")
    REVIEW = Text("In Prüfung", "In review")
    SIGNED = Text("Abgeschlossen", "Concluded")
    TERMINATED = Text("Gekündigt", "Terminated")
    EXPIRED = Text("Abgelaufen", "Expired")


class Guarantee(Term):
    """What shows that the processor offers sufficient guarantees, Art. 28 (1) and (5)."""

    IT_GRUNDSCHUTZ = Text("ISO 27001 auf der Basis von IT-Grundschutz", "ISO 27001 based on IT-Grundschutz")
    ISO_27001 = Text("ISO/IEC 27001", "ISO/IEC 27001")
    C5 = Text("Testat nach BSI C5", "BSI C5 attestation")
    CODE_OF_CONDUCT = Text("Genehmigte Verhaltensregeln, Art. 40", "Approved code of conduct, Art. 40")
    CERTIFICATION = Text("Zertifizierung nach Art. 42", "Certification under Art. 42")
    OWN_AUDIT = Text("Eigene Prüfung vor Ort", "Own audit on site")
    STATEMENT = Text("Selbstauskunft", "Self-declaration")


class Authorisation(Term):
    """How further processors are allowed, Art. 28 (2)."""

    NONE = Text("Keine weiteren Auftragsverarbeiter erlaubt", "No further processors allowed")
    SPECIFIC = Text("Einzelgenehmigung", "Specific authorisation")
    GENERAL = Text(
        "Allgemeine Genehmigung mit Widerspruchsrecht", "General authorisation with right to object"
    )


class AuditKind(Term):
    """How somebody convinced themselves of the guarantees, Art. 28 (1) and (3) (h)."""

    SELECTION = Text("Prüfung bei der Auswahl", "Check at selection")
    ON_SITE = Text("Prüfung vor Ort", "Audit on site")
    REMOTE = Text("Prüfung aus der Ferne", "Remote audit")
    DOCUMENTS = Text("Durchsicht von Zertifikaten und Berichten", "Review of certificates and reports")
    QUESTIONNAIRE = Text("Fragebogen", "Questionnaire")
    OCCASION = Text("Prüfung aus besonderem Anlass", "Audit on a special occasion")


class AuditResult(Term):
    """What an audit came to."""

    PASSED = Text("Ohne Beanstandung", "No objections")
    MINOR = Text("Geringe Mängel", "Minor deficiencies")
    MAJOR = Text("Erhebliche Mängel", "Major deficiencies")
    FAILED = Text("Garantien nicht ausreichend", "Guarantees not sufficient")


class DataReturn(Term):
    """What happened to the data at the end of the contract, Art. 28 (3) (g)."""

    RETURNED = Text("Zurückgegeben und Kopien gelöscht", "Returned and copies erased")
    ERASED = Text("Gelöscht", "Erased")
    HANDED_OVER = Text("An den neuen Auftragsverarbeiter übergeben", "Handed over to the new processor")


class ProcessingLocation(Transfer, Part, of="Processor"):
    """A place where the processor itself stores data or from which it reaches them."""

    place: Mapped[str] = line(
        "Ort",
        "Place",
        help=Text("Rechenzentrum oder Standort.", "Data centre or site."),
        basis="Art. 28 Abs. 3 lit. a DSGVO",
        expected=True,
    )


class SubProcessor(Transfer, Part, of="Processor"):
    """A further processor (weiterer Auftragsverarbeiter), Art. 28 (2) and (4)."""

    company: Mapped[str] = line(
        "Unternehmen",
        "Company",
        help=Text("Firma mit Rechtsform und Sitz.", "Company with legal form and seat."),
        basis="Art. 28 Abs. 2 DSGVO",
        expected=True,
    )
    task: Mapped[str] = line(
        "Leistung",
        "Service",
        help=Text("Was es übernimmt.", "What it takes over."),
        basis="Art. 28 Abs. 4 DSGVO",
        expected=True,
    )
    works_for: Mapped[str] = line(
        "Arbeitet für",
        "Works for",
        help=Text(
            "Ein anderes Unternehmen dieser Liste; leer, wenn unmittelbar für den Auftragsverarbeiter.",
            "Another company of this list; empty if directly for the processor.",
        ),
        basis="Art. 28 Abs. 4 DSGVO",
        more=True,
    )
    parent: Mapped[str] = line(
        "Konzernmutter",
        "Parent company",
        help=Text(
            "Unternehmen, das Weisungen erteilen kann.", "Company that is able to give it instructions."
        ),
        basis="Art. 48 DSGVO",
        more=True,
    )
    parent_country: Mapped[Code | None] = code(
        COUNTRIES,
        "Sitz der Konzernmutter",
        "Seat of the parent company",
        help=Text(
            "Ein Mutterunternehmen im Drittland kann Zugriff verlangen.",
            "A parent in a third country may demand access.",
        ),
        basis="Art. 48 DSGVO",
        more=True,
    )
    access_assessed_on: Mapped[date | None] = day(
        "Zugriffsrisiko bewertet am",
        "Access risk assessed on",
        help=Text(
            "Nur wenn die Konzernmutter in einem Drittland sitzt.",
            "Only if the parent company is in a third country.",
        ),
        basis="Art. 28 Abs. 1, Art. 48 DSGVO",
        more=True,
    )
    notified_on: Mapped[date | None] = day(
        "Mitgeteilt am",
        "Notified on",
        help=Text(
            "Tag, an dem der Auftragsverarbeiter die Änderung mitgeteilt hat.",
            "Day on which the processor gave notice of the change.",
        ),
        basis="Art. 28 Abs. 2 Satz 2 DSGVO",
        more=True,
    )
    objection_until: Mapped[date | None] = day(
        "Widerspruch möglich bis",
        "Objection until",
        help=Text(
            "Leer lassen: wird aus Mitteilung und vereinbarter Widerspruchsfrist berechnet.",
            "Leave empty: computed from the notice and the agreed period for objection.",
        ),
        basis="Art. 28 Abs. 2 Satz 2 DSGVO",
        more=True,
    )
    objected: Mapped[bool | None] = flag(
        "Widersprochen",
        "Objected",
        help=Text(
            "„Nein“ heißt: geprüft und hingenommen. Ohne Antwort bleibt die Frist offen.",
            "“No” means: examined and accepted. Without an answer the deadline stays open.",
        ),
        basis="Art. 28 Abs. 2 Satz 2 DSGVO",
        more=True,
    )
    approved_on: Mapped[date | None] = day(
        "Genehmigt am",
        "Authorised on",
        help=Text("Nötig bei Einzelgenehmigung.", "Needed with specific authorisation."),
        basis="Art. 28 Abs. 2 Satz 1 DSGVO",
        more=True,
    )


class ProcessorAudit(Part, of="Processor"):
    """One check of the guarantees, before the award or while the contract runs."""

    held_on: Mapped[date | None] = day(
        "Datum",
        "Date",
        help=Text("Tag der Prüfung.", "Day of the check."),
        basis="Art. 28 Abs. 1, Abs. 3 lit. h DSGVO",
        expected=True,
    )
    kind: Mapped[AuditKind | None] = choice(
        AuditKind,
        "Art der Prüfung",
        "Kind of check",
        help=Text(
            "Bei der Auswahl oder als laufende Kontrolle.", "At selection or as an audit during the contract."
        ),
        basis="Art. 28 Abs. 1, Abs. 3 lit. h DSGVO",
        expected=True,
    )
    result: Mapped[AuditResult | None] = choice(
        AuditResult,
        "Ergebnis",
        "Result",
        help=Text("Gesamturteil.", "Overall judgement."),
        basis="Art. 5 Abs. 2 DSGVO",
        expected=True,
    )
    findings: Mapped[str] = prose(
        "Feststellungen",
        "Findings",
        help=Text(
            "Was auffiel und was vereinbart wurde, mit Fundstelle des Berichts.",
            "What was found and agreed, and where the report is filed.",
        ),
        basis="Art. 28 Abs. 3 lit. h DSGVO",
    )
    next_on: Mapped[date | None] = day(
        "Nächste Prüfung",
        "Next check",
        help=Text(
            "Erscheint rechtzeitig auf der Startseite; der Termin der jüngsten Prüfung gilt.",
            "Appears on the start page in time; the date given by the latest check counts.",
        ),
        basis="Art. 28 Abs. 3 lit. h DSGVO",
    )
