"""The authority's services (Leistungen): those of the catalogues LeiKa and OZG, and its budget products."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry
from compliance.fields import Term, choice, flag, line, prose, section
from compliance.language import Text


class ServiceKind(Term):
    """Which catalogue the service stands in."""

    LEIKA = Text("Verwaltungsleistung (LeiKa, OZG)", "Administrative service (LeiKa, OZG)")
    PRODUCT = Text("Produkt des Haushalts", "Budget product")


class Service(Entry):
    """Something the authority does for others, whether or not it needs personal data for it."""

    slug = "services"
    prefix = "LE"
    area = Area.DATA_PROTECTION
    title = Text("Leistungen und Produkte", "Services and products")
    one = Text("Leistung", "Service")

    with section("general", "Grundangaben", "General"):
        key: Mapped[str] = line(
            "Schlüssel",
            "Key",
            length=60,
            help=Text(
                "Leistungsschlüssel oder Produktnummer; führt zu den Tätigkeiten, die ihn nennen.",
                "Service key or product number; leads to the activities that give it.",
            ),
            basis="OZG",
            expected=True,
            listed=True,
        )
        kind: Mapped[ServiceKind | None] = choice(
            ServiceKind,
            "Katalog",
            "Catalogue",
            help=Text("Woher die Leistung stammt.", "Where the service comes from."),
            basis="OZG, Haushaltsplan",
            expected=True,
            listed=True,
        )
        description: Mapped[str] = prose(
            "Beschreibung",
            "Description",
            help=Text("Was geleistet wird, in einem Satz.", "What is done, in one sentence."),
            basis="OZG, Haushaltsplan",
        )
        without_personal_data: Mapped[bool | None] = flag(
            "Kommt ohne personenbezogene Daten aus",
            "Does without personal data",
            help=Text(
                "„Ja“ heißt: Eine Verarbeitungstätigkeit ist nicht nötig.",
                "“Yes” means: no processing activity is needed.",
            ),
            basis="Art. 2 Abs. 1, Art. 4 Nr. 1 DSGVO",
            listed=True,
        )
        reason: Mapped[str] = line(
            "Warum keine personenbezogenen Daten nötig sind",
            "Why no personal data are needed",
            length=500,
            help=Text("In einem Satz, für die nächste Prüfung.", "In one sentence, for the next audit."),
            basis="Art. 5 Abs. 2 DSGVO",
            expected=True,
            when="without_personal_data",
        )
        notes: Mapped[str] = prose(
            "Bemerkungen",
            "Notes",
            help=Text("Nur für die interne Arbeit.", "For internal work only."),
            basis="intern",
            more=True,
        )
