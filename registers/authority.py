"""The front sheet (Vorblatt) of the record: who the controller is and whom to ask, Art. 30 (1) (a) GDPR."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session

from compliance.entry import Area, Entry, everything
from compliance.fields import day, flag, line, number, prose, section
from compliance.language import Text

USUAL_QUOTA: Final = 80
"""Percent of the staff of a unit that should be trained unless the authority decides otherwise."""

_BASIS = "Art. 30 Abs. 1 lit. a DSGVO"


def _detail(
    de: str, en: str, help_de: str, help_en: str, *, expected: bool = True, personal: bool = False
) -> Mapped[str]:
    return line(de, en, help=Text(help_de, help_en), basis=_BASIS, expected=expected, personal=personal)


class Authority(Entry):
    """Name and contact details of the controller, its representative and its data protection officer."""

    slug = "authority"
    prefix = "VB"
    area = Area.AUTHORITY
    title = Text("Vorblatt", "Front sheet")
    one = Text("Vorblatt", "Front sheet")

    with section("controller", "Verantwortlicher", "Controller"):
        head: Mapped[str] = _detail(
            "Vertreten durch",
            "Represented by",
            "Amt und Name der Leitung.",
            "Office and name of the head.",
            personal=True,
        )
        street: Mapped[str] = _detail("Straße", "Street", "Straße und Hausnummer.", "Street and number.")
        town: Mapped[str] = _detail(
            "Postleitzahl und Ort", "Postcode and town", "Sitz der Verwaltung.", "Seat."
        )
        telephone: Mapped[str] = _detail("Telefon", "Telephone", "Zentrale Nummer.", "Central number.")
        email: Mapped[str] = _detail("E-Mail", "E-mail", "Zentrale Adresse.", "Central address.")
        website: Mapped[str] = _detail(
            "Internet", "Website", "Adresse des Auftritts.", "Address.", expected=False
        )

    with section("officer", "Datenschutzbeauftragte", "Data protection officer"):
        officer: Mapped[str] = _detail(
            "Name", "Name", "Benannt nach Art. 37.", "Designated under Art. 37.", personal=True
        )
        officer_address: Mapped[str] = _detail(
            "Anschrift", "Address", "Postanschrift mit dem Zusatz „vertraulich“.", "Postal address."
        )
        officer_email: Mapped[str] = _detail("E-Mail", "E-mail", "Funktionsadresse.", "Functional address.")
        officer_telephone: Mapped[str] = _detail(
            "Telefon", "Telephone", "Durchwahl.", "Direct line.", expected=False
        )
        officer_appointed: Mapped[date | None] = day(
            "Benannt am",
            "Designated on",
            help=Text("Tag der Benennung durch die Leitung.", "Day of designation by management."),
            basis="Art. 37 Abs. 1 lit. a DSGVO",
        )
        officer_reported: Mapped[date | None] = day(
            "Der Aufsichtsbehörde mitgeteilt am",
            "Reported to the supervisory authority on",
            help=Text(
                "Tag, an dem die Kontaktdaten gemeldet wurden.", "Day on which the contact was reported."
            ),
            basis="Art. 37 Abs. 7 DSGVO",
        )
        officer_manages: Mapped[bool | None] = flag(
            "Zugleich in der Leitung",
            "Also in management",
            help=Text("Auch als Vertretung der Leitung.", "As deputy of management too."),
            basis="Art. 38 Abs. 6 DSGVO",
            more=True,
        )
        officer_runs_it: Mapped[bool | None] = flag(
            "Zugleich Leitung der IT",
            "Also head of IT",
            help=Text("Auch als Vertretung.", "As deputy too."),
            basis="Art. 38 Abs. 6 DSGVO",
            more=True,
        )
        officer_is_isb: Mapped[bool | None] = flag(
            "Zugleich Informationssicherheitsbeauftragte",
            "Also information security officer",
            help=Text("Auch als Vertretung.", "As deputy too."),
            basis="Art. 38 Abs. 6 DSGVO",
            more=True,
        )
        training_quota: Mapped[int | None] = number(
            "Verlangte Schulungsquote",
            "Required training quota",
            unit=Text("Prozent", "percent"),
            help=Text(
                f"Anteil geschulter Beschäftigter je Einheit; ohne Angabe {USUAL_QUOTA} Prozent.",
                f"Share of trained staff in each unit; {USUAL_QUOTA} percent if left empty.",
            ),
            basis="Art. 32 Abs. 4, Art. 39 Abs. 1 lit. b DSGVO",
            more=True,
        )

    with section("supervision", "Aufsicht", "Supervision"):
        supervisory_authority: Mapped[str] = prose(
            "Aufsichtsbehörde",
            "Supervisory authority",
            help=Text(
                "Datenschutzaufsicht des Landes mit Anschrift.",
                "Data protection authority of the Land with address.",
            ),
            basis="Art. 51 DSGVO",
            expected=True,
        )
        legal_supervision: Mapped[str] = line(
            "Rechts- und Fachaufsicht",
            "Legal and technical supervision",
            help=Text("Wird bei Sozialdaten gebraucht.", "Needed where social data are concerned."),
            basis="§ 80 Abs. 1, § 83a SGB X",
        )

    with section("commissions", "Tätigkeit für andere", "Work for others"):
        acts_as_processor: Mapped[bool | None] = flag(
            "Auftragsverarbeitung für andere Verantwortliche",
            "Processing on behalf of other controllers",
            help=Text(
                "Zum Beispiel IT-Betrieb für Schulen, Zweckverbände oder andere Gemeinden.",
                "Such as running IT for schools, associations or other municipalities.",
            ),
            basis="Art. 30 Abs. 2 DSGVO",
        )

    with section("nis2", "NIS-2", "NIS-2"):
        nis2: Mapped[bool | None] = flag(
            "Einrichtung nach dem BSIG (NIS-2)",
            "Entity under the BSIG (NIS-2)",
            help=Text(
                "Ob die Stelle selbst verpflichtet ist. Dann laufen bei Sicherheitsvorfällen eigene "
                "Meldefristen.",
                "Whether the authority itself is obliged. Security incidents then have reporting periods of "
                "their own.",
            ),
            basis="§ 32 BSIG",
        )
        nis2_registered: Mapped[date | None] = day(
            "Registriert am",
            "Registered on",
            help=Text("Tag der Registrierung als Einrichtung.", "Day of registration as an entity."),
            basis="§ 33 BSIG",
            when="nis2",
        )
        nis2_trained: Mapped[date | None] = day(
            "Leitung geschult am",
            "Management trained on",
            help=Text("Letzte Schulung der Leitung.", "Latest training of management."),
            basis="§ 38 BSIG",
            when="nis2",
        )
        nis2_approved: Mapped[date | None] = day(
            "Maßnahmen gebilligt am",
            "Measures approved on",
            help=Text(
                "Wann die Leitung die Maßnahmen zum Risikomanagement zuletzt gebilligt hat.",
                "When management last approved the risk management measures.",
            ),
            basis="§ 38 BSIG",
            when="nis2",
        )


def authority_of(session: Session) -> Authority | None:
    """The front sheet of the organisation; ``None`` while nobody has written it."""
    query = select(Authority).order_by(Authority.number).limit(1).options(*everything(Authority))
    return session.scalar(query)
