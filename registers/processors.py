"""Processors (Auftragsverarbeiter) acting on the authority's behalf, Art. 28 GDPR."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry
from compliance.fields import (
    Code,
    Span,
    TimeUnit,
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
from registers.countries import COUNTRIES, EEA
from registers.periods import after, before
from registers.processor_parts import (
    AuditKind,
    AuditResult,
    Authorisation,
    ContractState,
    DataReturn,
    EvbIt,
    Guarantee,
    Instrument,
    ProcessingLocation,
    ProcessorAudit,
    SubProcessor,
)
from registers.transfers import Transfer

__all__ = [
    "AuditKind",
    "AuditResult",
    "Authorisation",
    "ContractState",
    "DataReturn",
    "EvbIt",
    "Guarantee",
    "Instrument",
    "ProcessingLocation",
    "Processor",
    "ProcessorAudit",
    "SubProcessor",
]

REMINDED_BEFORE: Final = Span(3, TimeUnit.M)
"""How long before the last day to give notice somebody is reminded, unless the entry says otherwise."""


def _clause(letter: str, de: str, en: str, help_de: str, help_en: str) -> Mapped[bool | None]:
    return flag(
        f"{letter}) {de}",
        f"{letter}) {en}",
        help=Text(help_de, help_en),
        basis=f"Art. 28 Abs. 3 lit. {letter} DSGVO",
        expected=True,
    )


def _where(letter: str) -> Mapped[str]:
    return line(
        f"{letter}) Fundstelle im Vertrag",
        f"{letter}) Place in the contract",
        help=Text("Paragraf, Ziffer oder Seite.", "Section, number or page."),
        basis=f"Art. 28 Abs. 3 lit. {letter}, Art. 5 Abs. 2 DSGVO",
        when=f"clause_{letter}",
    )


class Processor(Entry):
    """A body that processes personal data on documented instructions."""

    slug = "processors"
    prefix = "AV"
    area = Area.DATA_PROTECTION
    title = Text("Auftragsverarbeiter", "Processors")
    one = Text("Auftragsverarbeiter", "Processor")
    due = ("remind_on", "notice_by", "valid_until", "objection_by", "next_audit")

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
            personal=True,
        )
        remote_maintenance: Mapped[bool | None] = flag(
            "Fernwartung",
            "Remote maintenance",
            help=Text(
                "Schon die Möglichkeit, Daten einzusehen, macht Wartung zur Auftragsverarbeitung.",
                "The mere possibility of seeing data makes maintenance processing on behalf.",
            ),
            basis="Art. 28 Abs. 1 DSGVO",
            more=True,
        )
        maintenance_rules: Mapped[str] = prose(
            "Regeln der Fernwartung",
            "Rules of remote maintenance",
            help=Text(
                "Freischaltung, Aufsicht, Protokoll und Trennung der Verbindung.",
                "Activation, supervision, log and disconnection.",
            ),
            basis="Art. 32 Abs. 1 lit. b DSGVO",
            when="remote_maintenance",
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
        access_assessment: Mapped[str] = prose(
            "Bewertung des Zugriffsrisikos",
            "Assessment of the access risk",
            help=Text(
                "Welches Recht Zugriff erlaubt, was davor schützt, und das Ergebnis.",
                "Which law permits access, what protects against it, and the result.",
            ),
            basis="Art. 28 Abs. 1, Art. 48 DSGVO",
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
        evb_it: Mapped[EvbIt | None] = choice(
            EvbIt,
            "EVB-IT-Vertragstyp",
            "EVB-IT contract type",
            help=Text(
                "Falls die Leistung nach EVB-IT beschafft ist.",
                "If the service was procured under EVB-IT.",
            ),
            basis="EVB-IT",
            more=True,
        )
        valid_from: Mapped[date | None] = day(
            "Gilt ab",
            "Valid from",
            help=Text("Beginn der Laufzeit.", "Beginning of the term."),
            basis="Art. 28 Abs. 3 Satz 1 DSGVO",
        )
        indefinite: Mapped[bool | None] = flag(
            "Unbestimmte Laufzeit",
            "Indefinite term",
            help=Text("„Ja“, wenn der Vertrag kein Ende nennt.", "“Yes” if the contract names no end."),
            basis="Art. 28 Abs. 3 Satz 1 DSGVO",
            more=True,
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
        lead_time: Mapped[Span | None] = duration(
            "Vorlauf der Erinnerung",
            "Lead time of the reminder",
            help=Text(
                "Vor dem letzten Tag der Kündigung; ohne Angabe drei Monate. Eine Vergabe braucht mehr.",
                "Before the last day to give notice; three months if empty. A tender takes longer.",
            ),
            basis="Art. 24 Abs. 1 Satz 2 DSGVO",
            more=True,
        )
        notice_by: Mapped[date | None] = day(
            "Kündigung spätestens am", "Notice to be given by", basis="§§ 187, 188 BGB", fixed=True
        )
        remind_on: Mapped[date | None] = day(
            "Über Verlängerung entscheiden ab", "Decide on renewal from", basis="Vertrag", fixed=True
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
        special_data: Mapped[bool | None] = flag(
            "Vertrag umfasst besondere Kategorien",
            "Contract covers special categories",
            help=Text(
                "Gesundheit, Herkunft, Religion, Biometrie und so weiter sind ausdrücklich genannt.",
                "Health, origin, religion, biometrics and so on are named expressly.",
            ),
            basis="Art. 9 Abs. 1, Art. 28 Abs. 3 Satz 1 DSGVO",
            more=True,
        )
        criminal_data: Mapped[bool | None] = flag(
            "Vertrag umfasst Daten über Straftaten",
            "Contract covers criminal-offence data",
            help=Text("Sind ausdrücklich genannt.", "Are named expressly."),
            basis="Art. 10, Art. 28 Abs. 3 Satz 1 DSGVO",
            more=True,
        )
        rights: Mapped[str] = prose(
            "Rechte und Pflichten des Verantwortlichen",
            "Rights and obligations of the controller",
            help=Text(
                "Wer Weisungen erteilt und wer sie entgegennimmt.", "Who gives instructions, who takes them."
            ),
            basis="Art. 28 Abs. 3 Satz 1 DSGVO",
            more=True,
        )

    with section("clauses", "Prüfliste Art. 28 Abs. 3", "Checklist Art. 28 (3)"):
        clause_a: Mapped[bool | None] = _clause(
            "a",
            "Nur auf dokumentierte Weisung",
            "Only on documented instructions",
            "Auch für Übermittlungen in Drittländer; Hinweis, wenn Recht anderes verlangt.",
            "Including transfers; information where law requires otherwise.",
        )
        where_a: Mapped[str] = _where("a")
        clause_b: Mapped[bool | None] = _clause(
            "b",
            "Vertraulichkeit der Beschäftigten",
            "Confidentiality of staff",
            "Verpflichtung oder gesetzliche Verschwiegenheit.",
            "Commitment or statutory obligation.",
        )
        where_b: Mapped[str] = _where("b")
        clause_c: Mapped[bool | None] = _clause(
            "c",
            "Maßnahmen nach Art. 32",
            "Measures under Art. 32",
            "Technische und organisatorische Maßnahmen sind vereinbart.",
            "Technical and organisational measures are agreed.",
        )
        where_c: Mapped[str] = _where("c")
        clause_d: Mapped[bool | None] = _clause(
            "d",
            "Bedingungen für weitere Auftragsverarbeiter",
            "Conditions for further processors",
            "Genehmigung, Änderungsmitteilung, Widerspruch und gleiche Pflichten.",
            "Authorisation, change notice, objection and the same duties.",
        )
        where_d: Mapped[str] = _where("d")
        clause_e: Mapped[bool | None] = _clause(
            "e",
            "Unterstützung bei Betroffenenrechten",
            "Support for data subjects' rights",
            "Bei Auskunft, Berichtigung, Löschung und weiteren Anträgen.",
            "For access, rectification, erasure and other requests.",
        )
        where_e: Mapped[str] = _where("e")
        clause_f: Mapped[bool | None] = _clause(
            "f",
            "Unterstützung bei Art. 32 bis 36",
            "Support for Art. 32 to 36",
            "Sicherheit, Verletzungen, Folgenabschätzung und Konsultation.",
            "Security, breaches, impact assessment and consultation.",
        )
        where_f: Mapped[str] = _where("f")
        clause_g: Mapped[bool | None] = _clause(
            "g",
            "Löschung oder Rückgabe am Ende",
            "Erasure or return at the end",
            "Einschließlich vorhandener Kopien.",
            "Including existing copies.",
        )
        where_g: Mapped[str] = _where("g")
        clause_h: Mapped[bool | None] = _clause(
            "h",
            "Nachweise und Überprüfungen",
            "Information and audits",
            "Auskünfte und Inspektionen sind möglich; Hinweis auf rechtswidrige Weisungen.",
            "Information and inspections possible; notice of unlawful instructions.",
        )
        where_h: Mapped[str] = _where("h")

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
        objection_period: Mapped[Span | None] = duration(
            "Widerspruchsfrist",
            "Period for objection",
            help=Text(
                "Zeit zwischen der Mitteilung einer Änderung und ihrem Vollzug, wie vereinbart.",
                "Time between notice of a change and its taking effect, as agreed.",
            ),
            basis="Art. 28 Abs. 2 Satz 2 DSGVO",
            more=True,
        )
        no_sub_processors: Mapped[bool | None] = flag(
            "Keine weiteren Auftragsverarbeiter im Einsatz",
            "No further processors in use",
            help=Text(
                "„Ja“, wenn der Auftragsverarbeiter das erklärt hat.",
                "“Yes” if the processor has declared so.",
            ),
            basis="Art. 28 Abs. 2 DSGVO",
            more=True,
        )
        sub_processors: Mapped[list[SubProcessor]] = rows(
            SubProcessor,
            "Weitere Auftragsverarbeiter",
            "Further processors",
            help=Text("Die Kette bis zum letzten Glied.", "The chain down to the last link."),
            basis="Art. 28 Abs. 2, 4 DSGVO",
        )
        objection_by: Mapped[date | None] = day(
            "Nächster Widerspruch bis",
            "Next objection by",
            basis="Art. 28 Abs. 2 Satz 2 DSGVO",
            fixed=True,
        )
        third_country: Mapped[bool | None] = flag(
            "Drittlandbezug",
            "Third-country link",
            basis="Art. 44 DSGVO",
            fixed=True,
            listed=True,
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
        audits: Mapped[list[ProcessorAudit]] = rows(
            ProcessorAudit,
            "Auswahl und Kontrollen",
            "Selection and audits",
            help=Text(
                "Die Prüfung vor der Beauftragung und jede Kontrolle danach.",
                "The check before the award and every audit after it.",
            ),
            basis="Art. 28 Abs. 1, Abs. 3 lit. h DSGVO",
        )
        last_audit: Mapped[date | None] = day(
            "Zuletzt kontrolliert", "Last audited", basis="Art. 28 Abs. 1, Abs. 3 lit. h DSGVO", fixed=True
        )
        next_audit: Mapped[date | None] = day(
            "Nächste Kontrolle", "Next audit", basis="Art. 28 Abs. 3 lit. h DSGVO", fixed=True, listed=True
        )
        measures: Mapped[str] = prose(
            "Technische und organisatorische Maßnahmen",
            "Technical and organisational measures",
            help=Text(
                "Fundstelle der vereinbarten Maßnahmen oder kurze Beschreibung.",
                "Where the agreed measures are filed, or a short description.",
            ),
            basis="Art. 28 Abs. 3 lit. c, Art. 32 DSGVO",
        )
        measures_date: Mapped[date | None] = day(
            "Stand der Maßnahmen",
            "Date of the measures",
            help=Text("Datum der Fassung, die vereinbart ist.", "Date of the version that is agreed."),
            basis="Art. 32 Abs. 1 lit. d DSGVO",
        )

    with section("secrets", "Sozialdaten und Geheimnisse", "Social data and secrets"):
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
            help=Text(
                "Vor der Auftragserteilung; nicht an die Datenschutzaufsicht.",
                "Before the contract is awarded; not to the data protection authority.",
            ),
            basis="§ 80 Abs. 1 SGB X",
            when="social_data",
        )
        awarded_on: Mapped[date | None] = day(
            "Auftrag erteilt am",
            "Awarded on",
            help=Text(
                "Falls vor der Unterzeichnung des Vertrags erteilt.",
                "If awarded before the contract was signed.",
            ),
            basis="§ 80 Abs. 1 SGB X",
            when="social_data",
        )
        private_reason: Mapped[str] = prose(
            "Zulässigkeit der Beauftragung einer nicht öffentlichen Stelle",
            "Why a private body may be engaged",
            help=Text(
                "Störungen im Betriebsablauf oder erhebliche Kostenvorteile; leer bei öffentlichen Stellen.",
                "Disruption of operations or considerably lower cost; empty for public bodies.",
            ),
            basis="§ 80 Abs. 3 SGB X",
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
        secrecy_commitment: Mapped[date | None] = day(
            "Zur Geheimhaltung verpflichtet am",
            "Committed to secrecy on",
            help=Text(
                "Tag der Verpflichtung, auch der weiteren mitwirkenden Personen.",
                "Day of the commitment, including that of other persons involved.",
            ),
            basis="§ 203 Abs. 3, 4 StGB",
            when="professional_secrecy",
            expected=True,
        )

    with section("end", "Ende des Auftrags", "End of the contract"):
        ended: Mapped[bool | None] = flag(
            "Auftrag beendet",
            "Contract ended",
            help=Text(
                "Der Auftragsverarbeiter verarbeitet keine Daten mehr.",
                "The processor no longer processes any data.",
            ),
            basis="Art. 28 Abs. 3 lit. g DSGVO",
            more=True,
        )
        data_return: Mapped[DataReturn | None] = choice(
            DataReturn,
            "Verbleib der Daten",
            "What became of the data",
            help=Text("Rückgabe oder Löschung nach Wahl der Verwaltung.", "Return or erasure, as chosen."),
            basis="Art. 28 Abs. 3 lit. g DSGVO",
            when="ended",
            expected=True,
        )
        returned_on: Mapped[date | None] = day(
            "Zurückgegeben oder gelöscht am",
            "Returned or erased on",
            help=Text("Einschließlich der Datensicherungen.", "Including backups."),
            basis="Art. 28 Abs. 3 lit. g DSGVO",
            when="ended",
            expected=True,
        )
        return_evidence: Mapped[str] = line(
            "Nachweis der Rückgabe oder Löschung",
            "Evidence of return or erasure",
            length=500,
            help=Text(
                "Protokoll oder Bestätigung mit Fundstelle.", "Log or confirmation and where it is filed."
            ),
            basis="Art. 28 Abs. 3 lit. g, Art. 5 Abs. 2 DSGVO",
            when="ended",
            expected=True,
        )
        notes: Mapped[str] = prose(
            "Bemerkungen",
            "Notes",
            help=Text("Nur für die interne Arbeit.", "For internal work only."),
            basis="intern",
            more=True,
        )

    def met(self, name: str) -> bool:
        """The end of a contract is a deadline only until it has come."""
        expired = self.contract_state is ContractState.EXPIRED
        return (name == "valid_until" and expired) or super().met(name)

    def derive(self) -> None:
        self._derive_term()
        self._derive_chain()
        self._derive_audits()

    def _derive_term(self) -> None:
        """Counts back from the end of the contract to the last day to give notice and the reminder.

        A period for notice must be kept in full, so neither weekends nor holidays move it.
        """
        runs = self.contract_state not in (ContractState.TERMINATED, ContractState.EXPIRED)
        end = self.valid_until if runs else None
        self.notice_by = before(end, self.notice_period) if end and self.notice_period else None
        last = self.notice_by or end
        self.remind_on = before(last, self.lead_time or REMINDED_BEFORE) if last else None

    def _derive_chain(self) -> None:
        for link in self.sub_processors:
            if link.notified_on and self.objection_period and link.objection_until is None:
                link.objection_until = after(link.notified_on, self.objection_period)
        undecided = [link.objection_until for link in self.sub_processors if link.objected is None]
        self.objection_by = min((until for until in undecided if until), default=None)
        known = [country.name not in EEA for country in self._countries()]
        self.third_country = any(known) if known else None

    def _countries(self) -> Iterator[Code]:
        """Where the processor and its chain are and work, as far as it is said."""
        rows: tuple[Transfer, ...] = (*self.locations, *self.sub_processors)
        yield from (country for country in (self.country, *(row.country for row in rows)) if country)

    def _derive_audits(self) -> None:
        # A check that is only planned has no day yet and must not hide when the last one was.
        held = sorted(
            (audit for audit in self.audits if audit.held_on or audit.next_on),
            key=lambda audit: audit.held_on or date.min,
        )
        self.last_audit = held[-1].held_on if held else None
        self.next_audit = next((audit.next_on for audit in reversed(held) if audit.next_on), None)
