"""Transfers to third countries (Drittlandübermittlung): what has to be known of each, Art. 44 to 49 GDPR."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Final

from sqlalchemy.orm import Mapped

from compliance.fields import Code, Term, choice, code, day, flag, line
from compliance.language import Text
from registers.countries import COUNTRIES


class TransferBasis(Term):
    """What a transfer to a third country rests on."""

    ADEQUACY = Text("Angemessenheitsbeschluss, Art. 45", "Adequacy decision, Art. 45")
    LEGAL_INSTRUMENT = Text(
        "Rechtsverbindliches Dokument zwischen Behörden, Art. 46 Abs. 2 lit. a",
        "Legally binding instrument between authorities, Art. 46 (2) (a)",
    )
    BCR = Text(
        "Verbindliche interne Datenschutzvorschriften, Art. 46 Abs. 2 lit. b",
        "Binding corporate rules, Art. 46 (2) (b)",
    )
    SCC = Text(
        "Standarddatenschutzklauseln (EU) 2021/914, Art. 46 Abs. 2 lit. c",
        "Standard contractual clauses (EU) 2021/914, Art. 46 (2) (c)",
    )
    SCC_BEFORE_2021 = Text(
        "Standardvertragsklauseln von 2010 oder früher", "Standard contractual clauses of 2010 or earlier"
    )
    SCC_AUTHORITY = Text(
        "Standarddatenschutzklauseln einer Aufsichtsbehörde, Art. 46 Abs. 2 lit. d",
        "Standard clauses of a supervisory authority, Art. 46 (2) (d)",
    )
    CODE_OF_CONDUCT = Text("Verhaltensregeln, Art. 46 Abs. 2 lit. e", "Code of conduct, Art. 46 (2) (e)")
    CERTIFICATION = Text("Zertifizierung, Art. 46 Abs. 2 lit. f", "Certification, Art. 46 (2) (f)")
    AUTHORISED_CLAUSES = Text(
        "Genehmigte Vertragsklauseln, Art. 46 Abs. 3 lit. a",
        "Authorised contractual clauses, Art. 46 (3) (a)",
    )
    AUTHORISED_ARRANGEMENT = Text(
        "Genehmigte Verwaltungsvereinbarung, Art. 46 Abs. 3 lit. b",
        "Authorised administrative arrangement, Art. 46 (3) (b)",
    )
    CONSENT = Text("Ausdrückliche Einwilligung, Art. 49 Abs. 1 lit. a", "Explicit consent, Art. 49 (1) (a)")
    CONTRACT = Text(
        "Vertrag mit der betroffenen Person, Art. 49 Abs. 1 lit. b",
        "Contract with the data subject, Art. 49 (1) (b)",
    )
    CONTRACT_IN_INTEREST = Text(
        "Vertrag im Interesse der betroffenen Person, Art. 49 Abs. 1 lit. c",
        "Contract in the interest of the data subject, Art. 49 (1) (c)",
    )
    PUBLIC_INTEREST = Text(
        "Wichtige Gründe des öffentlichen Interesses, Art. 49 Abs. 1 lit. d",
        "Important reasons of public interest, Art. 49 (1) (d)",
    )
    LEGAL_CLAIMS = Text("Rechtsansprüche, Art. 49 Abs. 1 lit. e", "Legal claims, Art. 49 (1) (e)")
    VITAL_INTERESTS = Text(
        "Lebenswichtige Interessen, Art. 49 Abs. 1 lit. f", "Vital interests, Art. 49 (1) (f)"
    )
    PUBLIC_REGISTER = Text("Öffentliches Register, Art. 49 Abs. 1 lit. g", "Public register, Art. 49 (1) (g)")
    COMPELLING_INTERESTS = Text(
        "Zwingende berechtigte Interessen, Art. 49 Abs. 1 UAbs. 2",
        "Compelling legitimate interests, Art. 49 (1) subpara. 2",
    )


CLOSED_TO_PUBLIC_POWERS: Final = frozenset(
    {
        TransferBasis.CONSENT,
        TransferBasis.CONTRACT,
        TransferBasis.CONTRACT_IN_INTEREST,
        TransferBasis.COMPELLING_INTERESTS,
    }
)
"""Not available to public authorities in the exercise of their public powers, Art. 49 (3)."""


class SccModule(Term):
    """The four modules of the standard contractual clauses of 2021."""

    C2C = Text("Modul 1: Verantwortlicher an Verantwortlichen", "Module 1: controller to controller")
    C2P = Text("Modul 2: Verantwortlicher an Auftragsverarbeiter", "Module 2: controller to processor")
    P2P = Text("Modul 3: Auftragsverarbeiter an Auftragsverarbeiter", "Module 3: processor to processor")
    P2C = Text("Modul 4: Auftragsverarbeiter an Verantwortlichen", "Module 4: processor to controller")


class TiaResult(Term):
    """What the assessment of law and practice of the country came to, clause 14."""

    EQUIVALENT = Text("Gleichwertiger Schutz", "Equivalent protection")
    WITH_MEASURES = Text(
        "Gleichwertiger Schutz nur mit zusätzlichen Maßnahmen",
        "Equivalent protection only with supplementary measures",
    )
    NOT_EQUIVALENT = Text(
        "Kein gleichwertiger Schutz: Übermittlung unzulässig",
        "No equivalent protection: transfer not allowed",
    )


# A row first says who receives the data, then where that is.
_after_the_row = itertools.count(1_000_000)


class Transfer:
    """What a row needs where its country may be a third country."""

    country: Mapped[Code | None] = code(
        COUNTRIES,
        "Land",
        "Country",
        help=Text(
            "Wo die Daten ankommen oder eingesehen werden können; auch Fernzugriff zählt.",
            "Where the data arrive or can be looked at; remote access counts too.",
        ),
        basis="Art. 30 Abs. 1 lit. e, Art. 44 DSGVO",
        order=next(_after_the_row),
    )
    transfer_basis: Mapped[TransferBasis | None] = choice(
        TransferBasis,
        "Grundlage der Übermittlung",
        "Basis of the transfer",
        help=Text(
            "Nur bei Ländern außerhalb des EWR: zuerst Angemessenheitsbeschluss, "
            "dann Garantien nach Art. 46, Ausnahmen nach Art. 49 zuletzt.",
            "Only for countries outside the EEA: first adequacy, then safeguards under Art. 46, "
            "derogations under Art. 49 last.",
        ),
        basis="Art. 44–49 DSGVO",
        more=True,
        order=next(_after_the_row),
    )
    dpf_company: Mapped[str] = line(
        "Zertifiziertes Unternehmen",
        "Certified company",
        help=Text(
            "Name genau wie in der Liste des Data Privacy Framework; Konzernmutter oder Tochter zählen nicht "
            "von selbst mit.",
            "Name exactly as in the Data Privacy Framework list; parent or subsidiary are not included "
            "automatically.",
        ),
        basis="Beschluss (EU) 2023/1795",
        more=True,
        order=next(_after_the_row),
    )
    dpf_checked: Mapped[date | None] = day(
        "DPF-Zertifizierung nachgesehen am",
        "DPF certification looked up on",
        help=Text(
            "Bei Übermittlung in die USA auf Angemessenheit gestützt: Tag der Einsicht in die Liste.",
            "For transfers to the USA based on adequacy: the day the list was consulted.",
        ),
        basis="Beschluss (EU) 2023/1795",
        more=True,
        order=next(_after_the_row),
    )
    dpf_until: Mapped[date | None] = day(
        "DPF-Zertifizierung gültig bis",
        "DPF certification valid until",
        help=Text("Steht in der Liste beim Unternehmen.", "Stated with the company in the list."),
        basis="Beschluss (EU) 2023/1795",
        more=True,
        order=next(_after_the_row),
    )
    dpf_staff_data: Mapped[bool | None] = flag(
        "Zertifizierung umfasst Beschäftigtendaten",
        "Certification covers staff data",
        help=Text(
            "Steht in der Liste als „HR Data“; nötig, wenn Daten von Beschäftigten übermittelt werden.",
            "Stated in the list as “HR Data”; needed where data of staff are transferred.",
        ),
        basis="Beschluss (EU) 2023/1795",
        more=True,
        order=next(_after_the_row),
    )
    scc_module: Mapped[SccModule | None] = choice(
        SccModule,
        "Modul der Standarddatenschutzklauseln",
        "Module of the standard contractual clauses",
        help=Text("Welche Fassung der Klauseln vereinbart ist.", "Which version of the clauses is agreed."),
        basis="Beschluss (EU) 2021/914",
        more=True,
        order=next(_after_the_row),
    )
    scc_date: Mapped[date | None] = day(
        "Klauseln vereinbart am",
        "Clauses agreed on",
        help=Text("Datum der letzten Unterschrift.", "Date of the last signature."),
        basis="Art. 46 Abs. 2 lit. c DSGVO",
        more=True,
        order=next(_after_the_row),
    )
    tia_date: Mapped[date | None] = day(
        "Transfer-Folgenabschätzung vom",
        "Transfer impact assessment of",
        help=Text(
            "Bewertung von Recht und Praxis des Ziellandes nach Klausel 14.",
            "Assessment of law and practice of the country under clause 14.",
        ),
        basis="Klausel 14 der Standarddatenschutzklauseln",
        more=True,
        order=next(_after_the_row),
    )
    tia_result: Mapped[TiaResult | None] = choice(
        TiaResult,
        "Ergebnis der Transfer-Folgenabschätzung",
        "Result of the transfer impact assessment",
        help=Text(
            "Ob Recht und Praxis des Ziellandes den Schutz der Klauseln zulassen.",
            "Whether law and practice of the country allow the protection of the clauses.",
        ),
        basis="Klausel 14 der Standarddatenschutzklauseln",
        more=True,
        order=next(_after_the_row),
    )
    supplementary_measures: Mapped[str] = line(
        "Zusätzliche Maßnahmen",
        "Supplementary measures",
        length=500,
        help=Text(
            "Zum Beispiel Verschlüsselung mit Schlüsseln, die nur die Verwaltung besitzt.",
            "Such as encryption with keys that only the authority holds.",
        ),
        basis="EDSA-Empfehlungen 01/2020",
        more=True,
        order=next(_after_the_row),
    )
    derogation: Mapped[str] = line(
        "Beurteilung der Ausnahme",
        "Assessment of the derogation",
        length=500,
        help=Text(
            "Bei Art. 49: warum die Ausnahme greift und welche Garantien vorgesehen sind, mit Fundstelle.",
            "For Art. 49: why the derogation applies and which safeguards are provided, with reference.",
        ),
        basis="Art. 49 Abs. 6, Art. 30 Abs. 1 lit. e DSGVO",
        more=True,
        order=next(_after_the_row),
    )
