"""The record of processing activities (Verzeichnis von Verarbeitungstätigkeiten), Art. 30 (1) GDPR."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy import Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from compliance.entry import Area, Entry, Part
from compliance.fields import (
    Span,
    Term,
    choice,
    choices,
    day,
    duration,
    flag,
    line,
    prose,
    reference,
    references,
    rows,
    section,
)
from compliance.language import Text
from compliance.rules import CONFIRM
from registers.ai import AiClass, risk_class
from registers.joint_controllers import JointControllership
from registers.objects import TargetObject
from registers.open_data import proof_of_anonymity
from registers.processors import Processor
from registers.projects import Project
from registers.transfers import Transfer


class Stage(Term):
    """Whether a processing activity already happens."""

    PLANNED = Text("In Planung", "Planned")
    TEST = Text("Test oder Pilot", "Test or pilot")
    OPERATION = Text("In Betrieb", "In operation")
    RETIRED = Text("Abgelöst", "Retired")


class Regime(Term):
    """Which body of law governs the activity."""

    GDPR = Text("DSGVO mit Landesdatenschutzgesetz", "GDPR with the data protection act of the Land")
    SOCIAL = Text("DSGVO mit Sozialgesetzbuch", "GDPR with the Social Code")
    TAX = Text("DSGVO mit Abgabenordnung", "GDPR with the Fiscal Code")
    POLICE = Text("JI-Richtlinie (Ordnungswidrigkeiten, Straftaten)", "Law Enforcement Directive")


class LegalBasis(Term):
    """What a purpose rests on, Art. 6 (1) GDPR."""

    CONSENT = Text("Einwilligung, Art. 6 Abs. 1 lit. a", "Consent, Art. 6 (1) (a)")
    CONTRACT = Text("Vertrag, Art. 6 Abs. 1 lit. b", "Contract, Art. 6 (1) (b)")
    LEGAL_OBLIGATION = Text(
        "Rechtliche Verpflichtung, Art. 6 Abs. 1 lit. c", "Legal obligation, Art. 6 (1) (c)"
    )
    VITAL_INTERESTS = Text(
        "Lebenswichtige Interessen, Art. 6 Abs. 1 lit. d", "Vital interests, Art. 6 (1) (d)"
    )
    PUBLIC_TASK = Text(
        "Öffentliche Aufgabe, Art. 6 Abs. 1 lit. e", "Task in the public interest, Art. 6 (1) (e)"
    )
    LEGITIMATE_INTERESTS = Text(
        "Berechtigte Interessen, Art. 6 Abs. 1 lit. f", "Legitimate interests, Art. 6 (1) (f)"
    )


class SpecialException(Term):
    """Why special categories may be processed, Art. 9 (2) GDPR."""

    CONSENT = Text("Ausdrückliche Einwilligung, lit. a", "Explicit consent, (a)")
    EMPLOYMENT = Text("Arbeits- und Sozialrecht, lit. b", "Employment and social security law, (b)")
    VITAL_INTERESTS = Text("Lebenswichtige Interessen, lit. c", "Vital interests, (c)")
    NON_PROFIT = Text("Vereinigungen ohne Gewinnerzielungsabsicht, lit. d", "Not-for-profit bodies, (d)")
    PUBLISHED = Text("Offensichtlich öffentlich gemacht, lit. e", "Manifestly made public, (e)")
    LEGAL_CLAIMS = Text("Rechtsansprüche und Gerichte, lit. f", "Legal claims and courts, (f)")
    PUBLIC_INTEREST = Text("Erhebliches öffentliches Interesse, lit. g", "Substantial public interest, (g)")
    HEALTH_CARE = Text("Gesundheits- und Sozialbereich, lit. h", "Health and social care, (h)")
    PUBLIC_HEALTH = Text("Öffentliche Gesundheit, lit. i", "Public health, (i)")
    RESEARCH = Text("Archiv, Forschung, Statistik, lit. j", "Archives, research, statistics, (j)")


class Subjects(Term):
    """Categories of data subjects (Kategorien betroffener Personen)."""

    RESIDENTS = Text("Einwohnerinnen und Einwohner", "Residents")
    APPLICANTS = Text("Antragstellende", "Applicants for services")
    BENEFICIARIES = Text("Leistungsbeziehende", "Beneficiaries")
    STAFF = Text("Beschäftigte", "Staff")
    JOB_APPLICANTS = Text("Bewerberinnen und Bewerber", "Job applicants")
    CHILDREN = Text("Kinder und Jugendliche", "Children and young people")
    PUPILS = Text("Schülerinnen und Schüler", "Pupils")
    PARENTS = Text("Sorgeberechtigte", "Parents and guardians")
    PATIENTS = Text("Patientinnen und Patienten", "Patients")
    CARE_RECIPIENTS = Text("Pflegebedürftige Personen", "Persons in need of care")
    REFUGEES = Text("Geflüchtete", "Refugees")
    TAXPAYERS = Text("Abgabenpflichtige", "Persons liable to taxes and fees")
    OWNERS = Text("Grundstückseigentümerinnen und -eigentümer", "Property owners")
    BUSINESSES = Text("Gewerbetreibende", "Business owners")
    VISITORS = Text("Besucherinnen und Besucher", "Visitors")
    ROAD_USERS = Text("Verkehrsteilnehmende", "Road users")
    USERS = Text("Nutzerinnen und Nutzer digitaler Angebote", "Users of digital services")
    SUPPLIERS = Text("Lieferanten und Dienstleister", "Suppliers and service providers")
    VOTERS = Text("Wahlberechtigte", "Voters")
    COUNCIL_MEMBERS = Text("Mandatsträgerinnen und Mandatsträger", "Elected representatives")
    DECEASED_RELATIVES = Text("Angehörige Verstorbener", "Relatives of deceased persons")
    SUSPECTS = Text("Beschuldigte und Betroffene in Verfahren", "Persons in proceedings")
    WITNESSES = Text("Zeuginnen und Zeugen", "Witnesses")


VULNERABLE = frozenset(
    {
        Subjects.CHILDREN,
        Subjects.PUPILS,
        Subjects.STAFF,
        Subjects.JOB_APPLICANTS,
        Subjects.PATIENTS,
        Subjects.CARE_RECIPIENTS,
        Subjects.REFUGEES,
        Subjects.BENEFICIARIES,
    }
)
"""Persons who cannot easily object (WP 248 rev.01, criterion 7)."""


class Scale(Term):
    """How many persons are affected, in classes."""

    HUNDRED = Text("bis 100", "up to 100")
    THOUSAND = Text("bis 1.000", "up to 1,000")
    TEN_THOUSAND = Text("bis 10.000", "up to 10,000")
    MORE = Text("über 10.000", "more than 10,000")


class DataSource(Term):
    """Where the data come from, Art. 13 and 14 GDPR."""

    SUBJECT = Text("Betroffene Person", "Data subject")
    OTHER_AUTHORITY = Text("Andere Behörde", "Other authority")
    REGISTER = Text("Öffentliches oder amtliches Register", "Public or official register")
    THIRD_PARTY = Text("Dritte", "Third parties")
    SENSOR = Text("Sensor, Kamera oder Protokoll", "Sensor, camera or log")


class Secrecy(Term):
    """Secrets that bind beyond data protection."""

    SOCIAL = Text("Sozialgeheimnis, § 35 SGB I", "Social secrecy, § 35 SGB I")
    TAX = Text("Steuergeheimnis, § 30 AO", "Tax secrecy, § 30 AO")
    PROFESSIONAL = Text("Berufsgeheimnis, § 203 StGB", "Professional secrecy, § 203 StGB")
    STAFF_FILES = Text("Personalaktengeheimnis", "Secrecy of personnel files")
    STATISTICS = Text("Statistikgeheimnis", "Statistical secrecy")
    TELECOMMUNICATION = Text("Fernmeldegeheimnis", "Secrecy of telecommunications")


class StartType(Term):
    """When an erasure period begins, DIN 66398."""

    COLLECTION = Text("ab Erhebung", "from collection")
    END_OF_CASE = Text("ab Ende des Vorgangs", "from the end of the case")
    END_OF_RELATION = Text("ab Ende der Beziehung zur Person", "from the end of the relation to the person")


class ArchiveOffer(Term):
    """Whether records are offered to the archive before erasure (Anbietungspflicht)."""

    OFFER = Text("Anbietung an das Archiv", "Offered to the archive")
    ARCHIVED = Text("Archivwürdig, wird übernommen", "Worth keeping, taken over")
    NOT_WORTHY = Text("Nicht archivwürdig, wird gelöscht", "Not worth keeping, erased")
    OPEN = Text("Bewertung offen", "Appraisal open")


class RecipientKind(Term):
    """Who receives data, Art. 30 (1) (d)."""

    INTERNAL = Text("Interne Stelle", "Internal unit")
    AUTHORITY = Text("Andere Behörde", "Other authority")
    COURT = Text("Gericht oder Staatsanwaltschaft", "Court or prosecution")
    COMPANY = Text("Unternehmen", "Company")
    PUBLIC = Text("Öffentlichkeit", "The public")
    OTHER = Text("Sonstige", "Other")


class NoticeStatus(Term):
    """Whether data subjects are informed, Art. 13 and 14 GDPR."""

    PUBLISHED = Text("Liegt vor", "In place")
    DRAFT = Text("In Arbeit", "In preparation")
    MISSING = Text("Fehlt", "Missing")
    EXEMPT = Text("Nicht erforderlich (Ausnahme)", "Not required (exception)")


class ProvisionDuty(Term):
    """Whether data subjects must provide their data, Art. 13 (2) (e) GDPR."""

    STATUTORY = Text("Gesetzlich vorgeschrieben", "Required by law")
    CONTRACTUAL = Text(
        "Vertraglich vorgeschrieben oder für den Vertragsabschluss nötig",
        "Required by contract or to enter into a contract",
    )
    NEEDED = Text("Nötig, um eine Leistung zu erhalten", "Needed to obtain a service")
    VOLUNTARY = Text("Freiwillig", "Voluntary")


class AutomatedBasis(Term):
    """Why a decision may be based solely on automated processing, Art. 22 (2) GDPR."""

    CONTRACT = Text("Für einen Vertrag erforderlich, lit. a", "Necessary for a contract, (a)")
    LAW = Text("Durch Rechtsvorschrift zugelassen, lit. b", "Authorised by law, (b)")
    CONSENT = Text("Ausdrückliche Einwilligung, lit. c", "Explicit consent, (c)")


class RiskToPersons(Term):
    """Risk to rights and freedoms in the Standard Data Protection Model (SDM).

    Not the protection need of the authority, which is about the authority itself.
    """

    NORMAL = Text("Normal", "Normal")
    HIGH = Text("Hoch", "High")


class AutomationLevel(Term):
    """Level of automation under the IT-Einsatz-Gesetz of Schleswig-Holstein (ITEG)."""

    ASSISTANCE = Text("Assistenzsystem", "Assistance system")
    DELEGATION = Text("Delegation", "Delegation")
    AUTONOMOUS = Text("Autonome Entscheidung", "Autonomous decision")


class Purpose(Part, of="ProcessingActivity"):
    """One purpose with the legal basis it rests on."""

    text: Mapped[str] = prose(
        "Zweck",
        "Purpose",
        help=Text("Wozu die Daten gebraucht werden, konkret.", "What the data are needed for, specifically."),
        basis="Art. 30 Abs. 1 lit. b, Art. 5 Abs. 1 lit. b DSGVO",
        expected=True,
    )
    legal_basis: Mapped[LegalBasis | None] = choice(
        LegalBasis,
        "Rechtsgrundlage",
        "Legal basis",
        help=Text("Je Zweck eine.", "One for each purpose."),
        basis="Art. 6 Abs. 1 DSGVO",
        expected=True,
    )
    law: Mapped[Any] = reference(
        "Norm",
        "Gesetz, Verordnung oder Satzung",
        "Act, regulation or by-law",
        help=Text(
            "Aus der Bibliothek der Rechtsgrundlagen; nötig bei lit. c und e.",
            "From the library of legal norms; needed for (c) and (e).",
        ),
        basis="Art. 6 Abs. 3 DSGVO",
    )
    norm: Mapped[str] = line(
        "Paragraf",
        "Section",
        length=500,
        help=Text(
            "Fundstelle in der Vorschrift. Fehlt die Vorschrift in der Bibliothek, hier ganz eingeben.",
            "Place within the norm. If the library lacks the norm, enter all of it here.",
        ),
        basis="Art. 6 Abs. 3 DSGVO",
    )

    @property
    def provision(self) -> str:
        """The provision as it is cited: „§ 30 KAG SH“, whether it was chosen or typed."""
        name = self.law.name if self.law is not None else ""
        return self.norm if name in self.norm else f"{self.norm} {name}".strip()


class DataCategory(Part, of="ProcessingActivity"):
    """One category of personal data and how long it is kept."""

    text: Mapped[str] = line(
        "Datenkategorie",
        "Category of data",
        help=Text(
            "Zum Beispiel Stammdaten, Bankverbindung, Gesundheitsdaten.",
            "Such as identity, bank or health data.",
        ),
        basis="Art. 30 Abs. 1 lit. c DSGVO",
        expected=True,
    )
    special: Mapped[bool | None] = flag(
        "Besondere Kategorie",
        "Special category",
        help=Text(
            "Gesundheit, Herkunft, Religion, Politik, Gewerkschaft, Biometrie, Sexualleben.",
            "Health, origin, religion, politics, union, biometrics, sex life.",
        ),
        basis="Art. 9 Abs. 1 DSGVO",
    )
    exception: Mapped[SpecialException | None] = choice(
        SpecialException,
        "Ausnahme nach Art. 9 Abs. 2",
        "Exception under Art. 9 (2)",
        help=Text("Warum die Verarbeitung dennoch zulässig ist.", "Why processing is allowed nevertheless."),
        basis="Art. 9 Abs. 2 DSGVO",
        when="special",
    )
    exception_norm: Mapped[str] = line(
        "Vorschrift zur Ausnahme",
        "Norm of the exception",
        help=Text("Nötig bei lit. b, g, h, i und j.", "Needed for (b), (g), (h), (i) and (j)."),
        basis="Art. 9 Abs. 2 DSGVO, § 12 LDSG SH",
        when="special",
    )
    criminal: Mapped[bool | None] = flag(
        "Daten über Straftaten",
        "Criminal-offence data",
        help=Text(
            "Verurteilungen, Straftaten, Sicherungsmaßregeln.", "Convictions, offences, security measures."
        ),
        basis="Art. 10 DSGVO",
    )
    criminal_norm: Mapped[str] = line(
        "Zulassung für Daten über Straftaten",
        "Authorisation for criminal-offence data",
        help=Text("Behördliche Aufsicht oder Vorschrift.", "Official authority or provision."),
        basis="Art. 10 DSGVO",
        when="criminal",
    )
    retention_rule: Mapped[Any] = reference(
        "RetentionRule",
        "Löschregel",
        "Rule of erasure",
        help=Text(
            "Wo eine Regel gewählt ist, gilt deren Frist; die Angaben darunter entfallen.",
            "Where a rule is chosen, its period holds; the answers below are not needed.",
        ),
        basis="Art. 30 Abs. 1 lit. f DSGVO, DIN 66398",
    )
    period: Mapped[Span | None] = duration(
        "Löschfrist",
        "Erasure period",
        help=Text(
            "Regellöschfrist einschließlich gesetzlicher Aufbewahrung.", "Including statutory retention."
        ),
        basis="Art. 30 Abs. 1 lit. f, Art. 5 Abs. 1 lit. e DSGVO",
    )
    start_type: Mapped[StartType | None] = choice(
        StartType,
        "Fristbeginn",
        "Start of the period",
        help=Text(
            "Ab Erhebung, Ende des Vorgangs oder Ende der Beziehung.",
            "Collection, end of case or of relation.",
        ),
        basis="DIN 66398",
    )
    start_event: Mapped[str] = line(
        "Ereignis",
        "Start event",
        help=Text("Zum Beispiel Wegzug, Bescheid bestandskräftig.", "Such as moving away, decision final."),
        basis="DIN 66398",
    )
    end_of_year: Mapped[bool | None] = flag(
        "Frist beginnt mit Ablauf des Kalenderjahres",
        "Period begins at the end of the calendar year",
        help=Text("Üblich bei kaufmännischen Unterlagen.", "Usual for accounting records."),
        basis="§ 147 Abs. 4 AO",
    )
    period_norm: Mapped[str] = line(
        "Vorschrift zur Frist",
        "Norm of the period",
        help=Text("Aus der sich die Aufbewahrung ergibt.", "From which the retention follows."),
        basis="Art. 5 Abs. 1 lit. e DSGVO",
    )
    criteria: Mapped[str] = line(
        "Kriterien statt Frist",
        "Criteria instead of a period",
        help=Text("Nur wenn keine Frist bestimmbar ist.", "Only where no period can be determined."),
        basis="Art. 30 Abs. 1 lit. f DSGVO („wenn möglich“)",
    )
    archive: Mapped[ArchiveOffer | None] = choice(
        ArchiveOffer,
        "Archiv",
        "Archive",
        help=Text("Vor dem Löschen ist dem Archiv anzubieten.", "Records are offered before erasure."),
        basis="Landesarchivgesetz",
    )

    def retention(self, language: str) -> str:
        """How long the data are kept; empty where neither rule, period nor criteria say so."""
        said = self.retention_rule or self
        if said.period is None:
            return self.criteria
        return retention_in_words(
            said.period, said.start_event, said.start_type, said.end_of_year, language=language
        )


def retention_in_words(
    period: Span, event: str, start_type: StartType | None, end_of_year: bool | None, *, language: str
) -> str:
    """A period and what sets it off, as an authority says it to somebody outside.

    Events are noted as people name them („Letztes Beratungsgespräch“), so they follow a
    colon and need no grammar.
    """
    start = event or (start_type.text[language] if start_type else "")
    for word in _FROM:
        start = start.removeprefix(word)
    starts = ", ".join(part for part in (start, _END_OF_YEAR[language] if end_of_year else "") if part)
    length = period.shown(language)
    return f"{length} ({_STARTS[language]}: {starts})" if starts else length


_FROM: Final = ("ab ", "from ")
_STARTS = Text("Fristbeginn", "period begins")
_END_OF_YEAR = Text("mit Ablauf des Kalenderjahres", "at the end of the calendar year")


class Recipient(Transfer, Part, of="ProcessingActivity"):
    """A category of recipients, or a concrete one, and where it is."""

    text: Mapped[str] = line(
        "Empfänger",
        "Recipient",
        length=500,
        help=Text(
            "Stelle oder Kategorie; auch interne Zugriffsberechtigte.", "Body or category, internal ones too."
        ),
        basis="Art. 30 Abs. 1 lit. d DSGVO",
        expected=True,
    )
    kind: Mapped[RecipientKind | None] = choice(
        RecipientKind,
        "Art",
        "Type",
        help=Text("Intern, Behörde, Unternehmen und so weiter.", "Internal, authority, company and so on."),
        basis="Art. 4 Nr. 9 DSGVO",
        expected=True,
    )
    reason: Mapped[str] = line(
        "Anlass und Rechtsgrundlage",
        "Reason and legal basis",
        help=Text("Warum die Daten dorthin gelangen.", "Why the data go there."),
        basis="Art. 6 DSGVO, § 5 LDSG SH",
    )


class OpenPoint(Part, of="ProcessingActivity"):
    """Something that a sample (Muster) leaves to the department to decide."""

    text: Mapped[str] = line(
        "Offener Punkt",
        "Open point",
        length=500,
        help=Text("Was die Fachseite noch festlegen muss.", "What the department still has to settle."),
        basis="intern",
    )
    decided: Mapped[bool | None] = flag(
        "Entschieden",
        "Decided",
        help=Text("Der Punkt ist geklärt und im Eintrag umgesetzt.", "Settled, and the entry says so."),
        basis="Art. 5 Abs. 2 DSGVO",
    )
    decision: Mapped[str] = line(
        "Ergebnis",
        "Outcome",
        length=500,
        help=Text("Was entschieden wurde, mit Fundstelle.", "What was decided, and where it is filed."),
        basis="Art. 5 Abs. 2 DSGVO",
    )


NORM_ENDED: Final = "norm-ended"
NORM_CHANGED: Final = "norm-changed"
"""Tasks that arise where a norm that an activity cites is repealed or changed."""
MEASURES_OUTDATED: Final = f"{CONFIRM}.measures-outdated"
MEASURES_UNCONFIRMED: Final = f"{CONFIRM}.measures"
"""Tasks that arise where answers behind a description of measures change, or nobody stands for it yet."""
MEASURES_TASKS: Final = {
    MEASURES_OUTDATED: Text(
        "Beschreibung der Maßnahmen erneuern und bestätigen",
        "Renew and confirm the description of measures",
    ),
    MEASURES_UNCONFIRMED: Text(
        "Beschreibung der Maßnahmen bestätigen", "Confirm the description of measures"
    ),
}
_TASKS: Final = MEASURES_TASKS | {
    NORM_ENDED: Text("Eine Vorschrift gilt nicht oder nicht mehr", "A norm is not, or no longer, in force"),
    NORM_CHANGED: Text("Eine Vorschrift gilt in neuer Fassung", "A norm has a new version"),
}


class ProcessingActivity(Entry):
    """What the authority does with personal data: why, about whom, for whom and for how long."""

    slug = "processing-activities"
    prefix = "VT"
    area = Area.DATA_PROTECTION
    title = Text("Verarbeitungstätigkeiten", "Processing activities")
    one = Text("Verarbeitungstätigkeit", "Processing activity")
    due = ("next_review",)
    technical = frozenset({"sample_id"})
    moving = frozenset({"next_review", "reviewed_on"})
    settled = frozenset({"measures_outdated"})
    recalled = True

    with section("general", "Grundangaben", "General"):
        stage: Mapped[Stage | None] = choice(
            Stage,
            "Betriebsstand",
            "Stage",
            help=Text(
                "Ob bereits mit echten Daten gearbeitet wird.", "Whether real data are already processed."
            ),
            basis="DSK-Hinweise zum Verzeichnis",
            expected=True,
            listed=True,
        )
        since: Mapped[date | None] = day(
            "Eingeführt am",
            "Introduced on",
            help=Text("Beginn der Verarbeitung.", "Start of the processing."),
            basis="DSK-Muster",
            more=True,
        )
        description: Mapped[str] = prose(
            "Beschreibung",
            "Description",
            help=Text("Was geschieht, in zwei bis vier Sätzen.", "What happens, in two to four sentences."),
            basis="DSK-Hinweise zum Verzeichnis",
        )
        contact: Mapped[str] = line(
            "Ansprechperson",
            "Contact",
            help=Text(
                "Name, Telefon oder E-Mail der Fachverantwortung.", "Name, telephone or e-mail of the owner."
            ),
            basis="Art. 30 Abs. 1 lit. a DSGVO, DSK-Muster",
            expected=True,
            personal=True,
        )
        regime: Mapped[Regime | None] = choice(
            Regime,
            "Regelungsregime",
            "Governing law",
            help=Text(
                "Ordnungswidrigkeiten und Straftaten folgen eigenen Regeln.",
                "Offences follow rules of their own.",
            ),
            basis="Art. 2 DSGVO",
            more=True,
        )
        service_key: Mapped[str] = line(
            "Leistungsschlüssel (LeiKa, OZG)",
            "Service key (LeiKa, OZG)",
            length=60,
            help=Text("Verbindet mit dem Leistungskatalog.", "Links to the catalogue of services."),
            basis="OZG",
            more=True,
        )
        services: Mapped[list[Any]] = references(
            "Service",
            "Leistungen und Produkte",
            "Services and products",
            help=Text(
                "Was mit dieser Tätigkeit geleistet wird.", "What is done for others by this activity."
            ),
            basis="OZG, Haushaltsplan",
            more=True,
        )
        file_plan: Mapped[str] = line(
            "Aktenplanzeichen",
            "File plan key",
            length=60,
            help=Text("Wie im Aktenplan.", "As in the file plan."),
            basis="Aktenordnung",
            more=True,
        )
        project: Mapped[Project | None] = reference(
            "Project",
            "Digitales Projekt",
            "Digital project",
            help=Text(
                "Falls die Tätigkeit zu einem Projekt gehört.", "If the activity belongs to a project."
            ),
            basis="Digitalstrategie",
            more=True,
        )

    with section("purposes", "Zwecke und Rechtsgrundlagen", "Purposes and legal bases"):
        purposes: Mapped[list[Purpose]] = rows(
            Purpose,
            "Zwecke",
            "Purposes",
            help=Text("Jeder Zweck mit seiner Rechtsgrundlage.", "Each purpose with its legal basis."),
            basis="Art. 30 Abs. 1 lit. b, Art. 6 DSGVO",
            expected=True,
        )
        norms: Mapped[list[Any]] = references(
            "Norm",
            "Weitere Vorschriften",
            "Further norms",
            help=Text(
                "Worauf die Tätigkeit außerdem beruht, auch eigene Dienstvereinbarungen.",
                "What else the activity rests on, own service agreements included.",
            ),
            basis="Art. 6 Abs. 3, Art. 9 Abs. 2, Art. 5 Abs. 1 lit. e DSGVO",
            more=True,
        )
        consent: Mapped[str] = prose(
            "Einwilligung: Text, Widerruf und Nachweis",
            "Consent: text, withdrawal and evidence",
            help=Text(
                "Wie eingewilligt, widerrufen und beides nachgewiesen wird.",
                "How consent is given, withdrawn and demonstrated.",
            ),
            basis="Art. 7 DSGVO",
            more=True,
        )
        online_service_for_children: Mapped[bool | None] = flag(
            "Online-Dienst für Kinder unter 16",
            "Online service for children under 16",
            help=Text("Nur wenn auf Einwilligung gestützt.", "Only if based on consent."),
            basis="Art. 8 DSGVO",
            more=True,
        )
        parental_consent: Mapped[str] = prose(
            "Zustimmung der Sorgeberechtigten",
            "Consent of parents or guardians",
            help=Text("Wie sie eingeholt und geprüft wird.", "How it is obtained and verified."),
            basis="Art. 8 Abs. 2 DSGVO",
            when="online_service_for_children",
        )
        change_of_purpose: Mapped[bool | None] = flag(
            "Zweckänderung",
            "Change of purpose",
            help=Text(
                "Werden vorhandene Daten zu neuen Zwecken genutzt?",
                "Are existing data used for new purposes?",
            ),
            basis="Art. 6 Abs. 4 DSGVO, § 4 LDSG SH",
            more=True,
        )
        change_reason: Mapped[str] = prose(
            "Zulässigkeit der Zweckänderung",
            "Why the change of purpose is allowed",
            help=Text("Vorschrift oder Vereinbarkeitsprüfung.", "Provision or compatibility test."),
            basis="Art. 6 Abs. 4 DSGVO",
            when="change_of_purpose",
        )
        legitimate_interests: Mapped[str] = prose(
            "Berechtigte Interessen",
            "Legitimate interests",
            help=Text(
                "Welche Interessen verfolgt werden; nur bei Art. 6 Abs. 1 lit. f.",
                "Which interests are pursued; only for Art. 6 (1) (f).",
            ),
            basis="Art. 13 Abs. 1 lit. d, Art. 14 Abs. 2 lit. b DSGVO",
            more=True,
        )
        secrecy: Mapped[tuple[Secrecy, ...]] = choices(
            Secrecy,
            "Besondere Geheimnisse",
            "Special secrets",
            help=Text("Binden über den Datenschutz hinaus.", "Bind beyond data protection."),
            basis="§ 35 SGB I, § 30 AO, § 203 StGB",
            more=True,
        )

    with section("persons", "Personen und Daten", "Persons and data"):
        subjects: Mapped[tuple[Subjects, ...]] = choices(
            Subjects,
            "Betroffene Personen",
            "Data subjects",
            other="other_subjects",
            help=Text(
                "Alle Kategorien, über die Daten verarbeitet werden.",
                "All categories whose data are processed.",
            ),
            basis="Art. 30 Abs. 1 lit. c DSGVO",
            expected=True,
            listed=True,
        )
        other_subjects: Mapped[str] = line(
            "Weitere betroffene Personen",
            "Other data subjects",
            help=Text("Was die Liste nicht enthält.", "What the list does not contain."),
            basis="Art. 30 Abs. 1 lit. c DSGVO",
            more=True,
        )
        scale: Mapped[Scale | None] = choice(
            Scale,
            "Anzahl betroffener Personen",
            "Number of data subjects",
            help=Text("Grobe Größenordnung genügt.", "A rough order of magnitude is enough."),
            basis="Art. 35 DSGVO, WP 248",
            more=True,
        )
        data: Mapped[list[DataCategory]] = rows(
            DataCategory,
            "Datenkategorien und Löschfristen",
            "Categories of data and erasure periods",
            help=Text("Jede Kategorie mit ihrer Frist.", "Each category with its period."),
            basis="Art. 30 Abs. 1 lit. c, f DSGVO",
            expected=True,
        )
        sources: Mapped[tuple[DataSource, ...]] = choices(
            DataSource,
            "Herkunft der Daten",
            "Source of the data",
            help=Text("Davon hängen die Informationspflichten ab.", "The duties to inform depend on it."),
            basis="Art. 13, 14 DSGVO",
        )
        source_details: Mapped[str] = line(
            "Quellen im Einzelnen",
            "Sources in detail",
            length=500,
            help=Text(
                "Welche Stelle oder welches Register die Daten liefert.",
                "Which body or register supplies the data.",
            ),
            basis="Art. 14 Abs. 2 lit. f DSGVO",
            more=True,
        )
        public_source: Mapped[bool | None] = flag(
            "Quelle öffentlich zugänglich",
            "Publicly accessible source",
            help=Text(
                "Ob Daten aus öffentlich zugänglichen Quellen stammen.",
                "Whether data come from publicly accessible sources.",
            ),
            basis="Art. 14 Abs. 2 lit. f DSGVO",
            more=True,
        )
        provision_duty: Mapped[ProvisionDuty | None] = choice(
            ProvisionDuty,
            "Pflicht zur Bereitstellung",
            "Duty to provide the data",
            help=Text(
                "Ob betroffene Personen ihre Daten angeben müssen.",
                "Whether data subjects have to provide their data.",
            ),
            basis="Art. 13 Abs. 2 lit. e DSGVO",
            more=True,
        )
        provision_consequences: Mapped[str] = prose(
            "Folgen der Nichtbereitstellung",
            "Consequences of not providing the data",
            help=Text(
                "Was geschieht, wenn Angaben fehlen, zum Beispiel Ablehnung des Antrags.",
                "What happens if data are not provided, such as refusal of the application.",
            ),
            basis="Art. 13 Abs. 2 lit. e DSGVO",
            more=True,
        )

    with section("recipients", "Empfänger und Drittland", "Recipients and third countries"):
        recipients: Mapped[list[Recipient]] = rows(
            Recipient,
            "Empfänger",
            "Recipients",
            help=Text("Intern und extern, mit Land.", "Internal and external, with country."),
            basis="Art. 30 Abs. 1 lit. d DSGVO",
        )
        no_recipients: Mapped[bool | None] = flag(
            "Keine Empfänger",
            "No recipients",
            help=Text(
                "Nur wenn Daten wirklich niemandem offengelegt werden.", "Only if nobody receives data."
            ),
            basis="Art. 30 Abs. 1 lit. d DSGVO",
        )
        processors: Mapped[list[Processor]] = references(
            "Processor",
            "Auftragsverarbeiter",
            "Processors",
            help=Text("Aus dem Register der Auftragsverarbeiter.", "From the register of processors."),
            basis="Art. 28 DSGVO",
        )
        joint_controllerships: Mapped[list[JointControllership]] = references(
            "JointControllership",
            "Gemeinsame Verantwortung",
            "Joint controllerships",
            help=Text(
                "Wer Zwecke und Mittel mitbestimmt, mit der Vereinbarung darüber.",
                "Who decides on purposes and means too, with the arrangement about it.",
            ),
            basis="Art. 26, Art. 30 Abs. 1 lit. a DSGVO",
            more=True,
        )
        third_country: Mapped[bool | None] = flag(
            "Übermittlung in ein Drittland",
            "Transfer to a third country",
            help=Text(
                "Auch an internationale Organisationen. "
                "„Nein“ heißt: findet nicht statt und ist nicht geplant.",
                "To international organisations too. “No” means: does not happen and is not planned.",
            ),
            basis="Art. 30 Abs. 1 lit. e DSGVO",
            expected=True,
        )
        transfer_note: Mapped[str] = prose(
            "Erläuterung zur Übermittlung",
            "Explanation of the transfer",
            help=Text(
                "Länder und Grundlagen stehen beim Empfänger.",
                "Countries and bases stand with the recipient.",
            ),
            basis="Art. 44 DSGVO",
            when="third_country",
        )

    with section("erasure", "Löschung", "Erasure"):
        erasure: Mapped[str] = prose(
            "Umsetzung der Löschung",
            "How erasure is carried out",
            help=Text(
                "Automatisch oder von Hand, wer, und welcher Nachweis.",
                "Automatic or manual, by whom, evidence.",
            ),
            basis="Art. 17, Art. 5 Abs. 1 lit. e DSGVO",
        )
        erasure_concept: Mapped[str] = line(
            "Löschkonzept",
            "Erasure concept",
            help=Text("Fundstelle.", "Where it is filed."),
            basis="DIN 66398",
            more=True,
        )
        backup_period: Mapped[Span | None] = duration(
            "Vorhaltezeit der Datensicherung",
            "Retention of backups",
            help=Text("Kommt zur Löschfrist hinzu.", "Adds to the erasure period."),
            basis="DIN 66398",
            more=True,
        )
        erased_on: Mapped[date | None] = day(
            "Nach der Ablösung gelöscht am",
            "Erased after retirement on",
            help=Text(
                "Tag, an dem die letzten Daten gelöscht oder übergeben wurden.",
                "Day on which the last data were erased or handed over.",
            ),
            basis="Art. 17 Abs. 1 lit. a DSGVO",
            more=True,
        )
        erasure_evidence: Mapped[str] = line(
            "Löschnachweis",
            "Evidence of erasure",
            length=500,
            help=Text(
                "Löschprotokoll oder Übergabeverzeichnis mit Fundstelle.",
                "Erasure log or list of records handed over, and where it is filed.",
            ),
            basis="Art. 5 Abs. 2 DSGVO",
            more=True,
        )

    with section("security", "Sicherheit und Systeme", "Security and systems"):
        objects: Mapped[list[TargetObject]] = references(
            "TargetObject",
            "Eingesetzte Anwendungen und Systeme",
            "Applications and systems used",
            help=Text(
                "Aus den Zielobjekten des IT-Grundschutzes.", "From the target objects of IT-Grundschutz."
            ),
            basis="DSK-Muster, CON.2",
        )
        measures_used: Mapped[list[Any]] = references(
            "Measure",
            "Eingesetzte Maßnahmen",
            "Measures in use",
            help=Text("Aus dem Register der Maßnahmen.", "From the register of measures."),
            basis="Art. 30 Abs. 1 lit. g, Art. 32 DSGVO",
            more=True,
        )
        paper_only: Mapped[bool | None] = flag(
            "Nur auf Papier",
            "On paper only",
            help=Text(
                "Kein IT-System beteiligt, auch keine Tabelle und kein Postfach.",
                "No IT system involved, not even a spreadsheet or a mailbox.",
            ),
            basis="Art. 2 Abs. 1 DSGVO",
            more=True,
        )
        measures: Mapped[str] = prose(
            "Technische und organisatorische Maßnahmen",
            "Technical and organisational measures",
            help=Text("Allgemeine Beschreibung oder Verweis.", "General description or reference."),
            basis="Art. 30 Abs. 1 lit. g, Art. 32 DSGVO",
        )
        security_concept: Mapped[str] = line(
            "Sicherheitskonzept",
            "Security concept",
            help=Text("Auch ein zentrales Konzept genügt.", "A central concept is enough."),
            basis="Art. 30 Abs. 1 lit. g DSGVO",
        )
        access_concept: Mapped[bool | None] = flag(
            "Berechtigungskonzept vorhanden",
            "Access concept in place",
            help=Text("Rollen und Rechte sind beschrieben.", "Roles and rights are described."),
            basis="Art. 32 Abs. 1 lit. b DSGVO",
            more=True,
        )
        risk: Mapped[RiskToPersons | None] = choice(
            RiskToPersons,
            "Risiko für betroffene Personen",
            "Risk to data subjects",
            help=Text(
                "Nach Standard-Datenschutzmodell; nicht der Schutzbedarf der Verwaltung.",
                "According to the SDM.",
            ),
            basis="SDM V3.1, Art. 24 Abs. 1 DSGVO",
            listed=True,
            more=True,
        )
        video: Mapped[bool | None] = flag(
            "Videoüberwachung öffentlich zugänglicher Räume",
            "Video surveillance of publicly accessible areas",
            help=Text("Auch zur Verkehrszählung.", "Also for traffic counting."),
            basis="§ 14 LDSG SH, Art. 35 Abs. 3 lit. c DSGVO",
            more=True,
        )
        video_sign: Mapped[bool | None] = flag(
            "Hinweisschilder angebracht",
            "Signs put up",
            help=Text(
                "Vor dem überwachten Bereich, mit Verantwortlichem und Weg zu den vollständigen Hinweisen.",
                "Before the area begins, naming the controller and where the full notice is found.",
            ),
            basis="§ 14 LDSG SH, Art. 13 DSGVO",
            when="video",
            more=True,
        )
        video_check: Mapped[str] = prose(
            "Prüfung der Videoüberwachung",
            "Assessment of the video surveillance",
            help=Text(
                "Anlass, Erforderlichkeit, mildere Mittel und Abwägung mit den Interessen der Betroffenen.",
                "Occasion, necessity, milder means and weighing against the interests of data subjects.",
            ),
            basis="§ 14 LDSG SH",
            when="video",
            more=True,
        )
        automated_decision: Mapped[bool | None] = flag(
            "Automatisierte Entscheidung",
            "Automated decision",
            help=Text("Ohne dass ein Mensch entscheidet.", "Without a human deciding."),
            basis="Art. 22 DSGVO",
            more=True,
        )
        automated_basis: Mapped[AutomatedBasis | None] = choice(
            AutomatedBasis,
            "Zulässigkeit der automatisierten Entscheidung",
            "Why the automated decision is allowed",
            help=Text(
                "Bei lit. b die Rechtsvorschrift unter den Schutzmaßnahmen nennen.",
                "For (b), name the provision with the safeguards.",
            ),
            basis="Art. 22 Abs. 2 DSGVO",
            when="automated_decision",
            more=True,
        )
        automated_safeguards: Mapped[str] = prose(
            "Schutzmaßnahmen bei automatisierter Entscheidung",
            "Safeguards for the automated decision",
            help=Text(
                "Wie ein Mensch eingreift und Betroffene ihren Standpunkt darlegen und anfechten können.",
                "How a human intervenes, data subjects state their view and contest the decision.",
            ),
            basis="Art. 22 Abs. 2 lit. b, Abs. 3 DSGVO",
            when="automated_decision",
            more=True,
        )
        automated_logic: Mapped[str] = prose(
            "Logik und Tragweite der automatisierten Entscheidung",
            "Logic and consequences of the automated decision",
            help=Text(
                "In einfachen Worten: was verglichen oder berechnet wird und was daraus folgt.",
                "In plain words: what is compared or calculated, and what follows from it.",
            ),
            basis="Art. 13 Abs. 2 lit. f, Art. 14 Abs. 2 lit. g DSGVO",
            when="automated_decision",
            more=True,
        )
        profiling: Mapped[bool | None] = flag(
            "Profiling oder Bewertung",
            "Profiling or scoring",
            help=Text("Persönliche Aspekte werden bewertet.", "Personal aspects are evaluated."),
            basis="Art. 4 Nr. 4 DSGVO",
            more=True,
        )
        ai: Mapped[bool | None] = flag(
            "Einsatz künstlicher Intelligenz",
            "Use of artificial intelligence",
            help=Text("System im Sinne der KI-Verordnung.", "System within the meaning of the AI Act."),
            basis="Verordnung (EU) 2024/1689, Art. 3 Nr. 1",
            more=True,
        )
        ai_class: Mapped[AiClass | None] = risk_class()
        automation_level: Mapped[AutomationLevel | None] = choice(
            AutomationLevel,
            "Automationsstufe",
            "Level of automation",
            help=Text("In Schleswig-Holstein nach dem ITEG.", "In Schleswig-Holstein under the ITEG."),
            basis="§§ 3, 5 ITEG SH",
            when="ai",
        )

    with section("organisation", "Organisation", "Organisation"):
        notice: Mapped[NoticeStatus | None] = choice(
            NoticeStatus,
            "Datenschutzhinweise",
            "Privacy notice",
            help=Text("Informationen nach Art. 13 und 14.", "Information under Art. 13 and 14."),
            basis="Art. 12–14 DSGVO",
        )
        notice_link: Mapped[str] = line(
            "Fundstelle der Datenschutzhinweise",
            "Where the notice is published",
            help=Text("Adresse oder Aushang.", "Address or posting."),
            basis="Art. 12 Abs. 1 DSGVO",
            more=True,
        )
        informed_of_sources: Mapped[bool | None] = flag(
            "Information über Daten aus anderen Quellen",
            "Information on data from other sources",
            help=Text(
                "Ob auch informiert wird, wenn Daten nicht bei der Person selbst erhoben werden.",
                "Whether persons are informed also where data are not obtained from them.",
            ),
            basis="Art. 14 DSGVO",
            more=True,
        )
        notice_exemption: Mapped[str] = prose(
            "Ausnahme von der Informationspflicht",
            "Exception from the duty to inform",
            help=Text(
                "Vorschrift und Grund, wenn keine Hinweise erforderlich sind.",
                "Provision and reason where no notice is required.",
            ),
            basis="Art. 13 Abs. 4, Art. 14 Abs. 5 DSGVO, § 8 LDSG SH",
            more=True,
        )
        staff_council: Mapped[bool | None] = flag(
            "Personalrat beteiligt",
            "Staff council involved",
            help=Text("Wenn Daten von Beschäftigten betroffen sind.", "Where data of staff are concerned."),
            basis="Mitbestimmungsgesetz",
            more=True,
        )
        review_cycle: Mapped[Span | None] = duration(
            "Überprüfung alle",
            "Review every",
            help=Text("Üblich sind ein bis drei Jahre.", "One to three years are usual."),
            basis="Art. 24 Abs. 1 Satz 2 DSGVO",
            more=True,
        )
        next_review: Mapped[date | None] = day(
            "Nächste Überprüfung",
            "Next review",
            help=Text(
                "Nach jeder Bestätigung rückt der Tag im angegebenen Takt weiter.",
                "After each confirmation the day moves on in the given rhythm.",
            ),
            basis="Art. 24 Abs. 1 Satz 2 DSGVO",
            listed=True,
        )
        reviewed_on: Mapped[date | None] = day("Zuletzt bestätigt am", "Last confirmed on", fixed=True)
        open_data: Mapped[bool | None] = flag(
            "Veröffentlichung als offene Daten",
            "Published as open data",
            help=Text(
                "Ob Daten aus dieser Tätigkeit als offene Daten bereitgestellt werden.",
                "Whether data of this activity are provided as open data.",
            ),
            basis="Art. 5 Abs. 1 lit. b, Art. 6 DSGVO",
            more=True,
        )
        anonymisation: Mapped[str] = proof_of_anonymity()
        public: Mapped[bool | None] = flag(
            "Zur Veröffentlichung vorgesehen",
            "Meant for publication",
            help=Text(
                "Über die Veröffentlichung entscheidet die Leitung.", "Management decides on publication."
            ),
            basis="freiwillig",
            more=True,
        )
        notes: Mapped[str] = prose(
            "Bemerkungen",
            "Notes",
            help=Text("Nur für die interne Arbeit.", "For internal work only."),
            basis="intern",
            more=True,
        )

    with section("sample", "Herkunft aus einem Muster", "Origin in a sample"):
        sample_id: Mapped[str] = line(
            "Muster",
            "Sample",
            length=64,
            help=Text("Aus welchem Muster der Eintrag stammt.", "The sample the entry was begun from."),
            basis="intern",
            fixed=True,
        )
        sample_version: Mapped[date | None] = day(
            "Stand des Musters",
            "Wording of the sample",
            help=Text("Tag der übernommenen Fassung.", "Day of the wording that was taken over."),
            basis="intern",
            fixed=True,
        )
        open_points: Mapped[list[OpenPoint]] = rows(
            OpenPoint,
            "Offene Punkte",
            "Open points",
            help=Text("Was das Muster der Fachseite überlässt.", "What the sample leaves to the department."),
            basis="intern",
            more=True,
        )

    norms_confirmed_on: Mapped[date | None] = mapped_column(default=None)
    """When the department last confirmed all norms named here; no answer, so that no release lapses."""

    measures_outdated: Mapped[bool | None] = mapped_column(default=None)
    """Whether the IT-Grundschutz check answers otherwise than when the measures were taken over from it."""

    sample_taken: Mapped[str] = mapped_column(LongText, default="", server_default="", deferred=True)
    """The wording of the sample that was taken over, as canonical JSON, to compare a later one with.

    No answer of the authority, hence no field: the journal, exports and the search leave it out.
    """

    @classmethod
    def _indexes(cls) -> Iterator[Index | ForeignKeyConstraint]:
        yield from super()._indexes()
        # The lists by number of persons and by next review, which hold every activity of a city.
        yield Index(None, "organisation_id", "sort_key", "id", "subjects")
        yield Index(None, "organisation_id", "next_review", "sort_key", "id")

    @classmethod
    def task_label(cls, what: str) -> Text | None:
        return _TASKS.get(what)


INTERNAL: Final = frozenset({"notes", "sample_id", "sample_version", "open_points"})
"""Fields that are for the authority's own work: no version for others ever holds them."""
