"""Processors (Auftragsverarbeiter) acting on the authority's behalf, Art. 28 GDPR."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry, Part
from compliance.fields import (
    Code,
    Span,
    Term,
    choice,
    choices,
    code,
    day,
    duration,
    flag,
    line,
    prose,
    rows,
    section,
)
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


def _clause(letter: str, de: str, en: str, help_de: str, help_en: str) -> Mapped[bool | None]:
    return flag(
        f"{letter}) {de}",
        f"{letter}) {en}",
        help=Text(help_de, help_en),
        basis=f"Art. 28 Abs. 3 lit. {letter} DSGVO",
        expected=True,
    )


class Processor(Entry):
    """A body that processes personal data on documented instructions."""

    slug = "processors"
    prefix = "AV"
    area = Area.DATA_PROTECTION
    title = Text("Auftragsverarbeiter", "Processors")
    one = Text("Auftragsverarbeiter", "Processor")
    due = ("valid_until", "next_audit")

    with section("general", "Grundangaben", "General"):
        service: Mapped[str] = prose(
            "Leistung",
            "Service",
            help=Text(
                "Was im Auftrag geschieht, in ein bis drei Sätzen.", "What is done on behalf, in brief."
            ),
            basis="Art. 28 Abs. 3 Satz 1 DSGVO",
            expected=True,
        )
        country: Mapped[Code | None] = code(
            COUNTRIES,
            "Sitz",
            "Seat",
            help=Text("Land des Sitzes.", "Country of the seat."),
            basis="Art. 30 Abs. 1 lit. e DSGVO",
            expected=True,
            listed=True,
        )
        address: Mapped[str] = prose(
            "Anschrift",
            "Address",
            help=Text("Straße, Postleitzahl und Ort.", "Street, postcode and town."),
            basis="Art. 30 Abs. 2 lit. a DSGVO",
        )
        contact: Mapped[str] = line(
            "Ansprechperson",
            "Contact",
            help=Text("Name, Telefon oder E-Mail.", "Name, telephone or e-mail."),
            basis="Art. 28 Abs. 3 DSGVO",
            personal=True,
        )
        breach_contact: Mapped[str] = line(
            "Meldestelle für Datenschutzverletzungen",
            "Contact for breaches",
            help=Text("Rund um die Uhr erreichbar.", "Available around the clock."),
            basis="Art. 33 Abs. 2 DSGVO",
            more=True,
            personal=True,
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

    with section("contract", "Vertrag", "Contract"):
        instrument: Mapped[Instrument | None] = choice(
            Instrument,
            "Grundlage",
            "Instrument",
            help=Text("Vertrag oder anderes Rechtsinstrument.", "Contract or another legal instrument."),
            basis="Art. 28 Abs. 3 DSGVO",
            expected=True,
        )
        contract_state: Mapped[ContractState | None] = choice(
            ContractState,
            "Stand des Vertrags",
            "State of the contract",
            help=Text("Unterschrieben heißt „abgeschlossen“.", "Signed means “concluded”."),
            basis="Art. 28 Abs. 3, 9 DSGVO",
            expected=True,
            listed=True,
        )
        signed_on: Mapped[date | None] = day(
            "Unterzeichnet am",
            "Signed on",
            help=Text("Tag der letzten Unterschrift.", "Day of the last signature."),
            basis="Art. 28 Abs. 9 DSGVO",
            expected=True,
        )
        valid_until: Mapped[date | None] = day(
            "Läuft bis",
            "Valid until",
            help=Text("Leer bei unbestimmter Laufzeit.", "Empty if indefinite."),
            basis="Art. 28 Abs. 3 Satz 1 DSGVO",
            listed=True,
        )
        notice_period: Mapped[Span | None] = duration(
            "Kündigungsfrist",
            "Notice period",
            help=Text("Vor Ende der Laufzeit.", "Before the end of the term."),
            basis="Vertrag",
            more=True,
        )
        document: Mapped[str] = line(
            "Fundstelle",
            "Where it is filed",
            help=Text("Aktenzeichen oder Link zum Vertrag.", "File number or link to the contract."),
            basis="Art. 5 Abs. 2 DSGVO",
            expected=True,
        )
        subject_matter: Mapped[str] = prose(
            "Gegenstand, Art und Zweck",
            "Subject matter, nature and purpose",
            help=Text("Wie im Vertrag beschrieben.", "As described in the contract."),
            basis="Art. 28 Abs. 3 Satz 1 DSGVO",
            expected=True,
        )
        data: Mapped[str] = prose(
            "Daten und betroffene Personen",
            "Data and data subjects",
            help=Text(
                "Arten der Daten und Kategorien der Personen.", "Types of data, categories of persons."
            ),
            basis="Art. 28 Abs. 3 Satz 1 DSGVO",
            expected=True,
        )

    with section("clauses", "Prüfliste Art. 28 Abs. 3", "Checklist Art. 28 (3)"):
        clause_a: Mapped[bool | None] = _clause(
            "a",
            "Nur auf dokumentierte Weisung",
            "Only on documented instructions",
            "Auch für Übermittlungen in Drittländer; Hinweis, wenn Recht anderes verlangt.",
            "Including transfers; information where law requires otherwise.",
        )
        clause_b: Mapped[bool | None] = _clause(
            "b",
            "Vertraulichkeit der Beschäftigten",
            "Confidentiality of staff",
            "Verpflichtung oder gesetzliche Verschwiegenheit.",
            "Commitment or statutory obligation.",
        )
        clause_c: Mapped[bool | None] = _clause(
            "c",
            "Maßnahmen nach Art. 32",
            "Measures under Art. 32",
            "Technische und organisatorische Maßnahmen sind vereinbart.",
            "Technical and organisational measures are agreed.",
        )
        clause_d: Mapped[bool | None] = _clause(
            "d",
            "Bedingungen für weitere Auftragsverarbeiter",
            "Conditions for further processors",
            "Genehmigung, Änderungsmitteilung, Widerspruch und gleiche Pflichten.",
            "Authorisation, change notice, objection and the same duties.",
        )
        clause_e: Mapped[bool | None] = _clause(
            "e",
            "Unterstützung bei Betroffenenrechten",
            "Support for data subjects' rights",
            "Bei Auskunft, Berichtigung, Löschung und weiteren Anträgen.",
            "For access, rectification, erasure and other requests.",
        )
        clause_f: Mapped[bool | None] = _clause(
            "f",
            "Unterstützung bei Art. 32 bis 36",
            "Support for Art. 32 to 36",
            "Sicherheit, Verletzungen, Folgenabschätzung und Konsultation.",
            "Security, breaches, impact assessment and consultation.",
        )
        clause_g: Mapped[bool | None] = _clause(
            "g",
            "Löschung oder Rückgabe am Ende",
            "Erasure or return at the end",
            "Einschließlich vorhandener Kopien.",
            "Including existing copies.",
        )
        clause_h: Mapped[bool | None] = _clause(
            "h",
            "Nachweise und Überprüfungen",
            "Information and audits",
            "Auskünfte und Inspektionen sind möglich; Hinweis auf rechtswidrige Weisungen.",
            "Information and inspections possible; notice of unlawful instructions.",
        )

    with section("chain", "Orte und weitere Auftragsverarbeiter", "Places and further processors"):
        locations: Mapped[list[ProcessingLocation]] = rows(
            ProcessingLocation,
            "Orte der Verarbeitung",
            "Places of processing",
            help=Text("Wo Daten liegen oder eingesehen werden.", "Where data are stored or looked at."),
            basis="Art. 28 Abs. 3 lit. a, Art. 44 DSGVO",
        )
        authorisation: Mapped[Authorisation | None] = choice(
            Authorisation,
            "Genehmigung weiterer Auftragsverarbeiter",
            "Authorisation of further processors",
            help=Text("Wie der Vertrag sie regelt.", "As provided for in the contract."),
            basis="Art. 28 Abs. 2 DSGVO",
            expected=True,
        )
        sub_processors: Mapped[list[SubProcessor]] = rows(
            SubProcessor,
            "Weitere Auftragsverarbeiter",
            "Further processors",
            help=Text("Die Kette bis zum letzten Glied.", "The chain down to the last link."),
            basis="Art. 28 Abs. 2, 4 DSGVO",
        )

    with section("guarantees", "Garantien und Kontrolle", "Guarantees and audits"):
        guarantees: Mapped[tuple[Guarantee, ...]] = choices(
            Guarantee,
            "Nachweise",
            "Evidence",
            help=Text("Worauf sich die Auswahl stützt.", "What the selection rests on."),
            basis="Art. 28 Abs. 1, 5 DSGVO",
            expected=True,
        )
        last_audit: Mapped[date | None] = day(
            "Zuletzt kontrolliert",
            "Last audited",
            help=Text(
                "Tag der letzten Kontrolle oder Prüfung der Nachweise.", "Day of the last audit or review."
            ),
            basis="Art. 28 Abs. 1, Abs. 3 lit. h DSGVO",
        )
        next_audit: Mapped[date | None] = day(
            "Nächste Kontrolle",
            "Next audit",
            help=Text("Erscheint rechtzeitig auf der Startseite.", "Appears on the start page in time."),
            basis="Art. 28 Abs. 3 lit. h DSGVO",
            listed=True,
        )
        social_data: Mapped[bool | None] = flag(
            "Sozialdaten",
            "Social data",
            help=Text("Dann gelten engere Regeln.", "Stricter rules then apply."),
            basis="§ 80 SGB X",
            more=True,
        )
        social_data_notice: Mapped[date | None] = day(
            "Anzeige an die Rechts- oder Fachaufsicht am",
            "Notice to the supervising authority on",
            help=Text("Vor der Auftragserteilung.", "Before the contract is awarded."),
            basis="§ 80 Abs. 1 SGB X",
            when="social_data",
        )
        professional_secrecy: Mapped[bool | None] = flag(
            "Berufs- oder Amtsgeheimnisse",
            "Professional or official secrets",
            help=Text(
                "Dann ist eine Verpflichtung zur Geheimhaltung nötig.",
                "A commitment to secrecy is then required.",
            ),
            basis="§ 203 Abs. 3, 4 StGB",
            more=True,
        )
        notes: Mapped[str] = prose(
            "Bemerkungen",
            "Notes",
            help=Text("Nur für die interne Arbeit.", "For internal work only."),
            basis="intern",
            more=True,
        )
