"""Target objects (Zielobjekte) of the structure analysis: applications, systems, networks, rooms."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry
from compliance.fields import Term, choice, flag, line, number, prose, reference, references, section
from compliance.language import Text
from registers.processors import Processor


class ObjectKind(Term):
    """What a target object is; decides which modules are proposed for it."""

    PROCESS = Text("Geschäftsprozess", "Business process")
    APPLICATION = Text("Anwendung", "Application")
    IT_SYSTEM = Text("IT-System", "IT system")
    ICS = Text("ICS-System", "Industrial control system")
    IOT = Text("IoT-Gerät", "IoT device")
    NETWORK = Text("Netz oder Kommunikationsverbindung", "Network or connection")
    ROOM = Text("Raum", "Room")
    BUILDING = Text("Gebäude", "Building")


class ObjectStatus(Term):
    """Whether a target object is in use."""

    PLANNED = Text("In Planung", "Planned")
    TEST = Text("Im Test", "In test")
    OPERATION = Text("In Betrieb", "In operation")
    RETIRED = Text("Außer Betrieb", "Retired")


class RoomUse(Term):
    """What a room is used for; homes, vehicles and cable routes count as rooms."""

    OFFICE = Text("Büroraum", "Office")
    MEETING = Text("Besprechungs- oder Schulungsraum", "Meeting or training room")
    SERVER = Text("Serverraum oder Rechenzentrum", "Server room or data centre")
    TECHNICAL = Text(
        "Raum oder Schrank für technische Infrastruktur", "Room or cabinet for technical infrastructure"
    )
    ARCHIVE = Text("Archiv oder Datenträgerarchiv", "Archive or media archive")
    ROUTE = Text("Kabeltrasse", "Cable route")
    HOME = Text("Häuslicher Arbeitsplatz", "Home workplace")
    MOBILE = Text("Mobiler Arbeitsplatz", "Mobile workplace")
    VEHICLE = Text("Fahrzeug", "Vehicle")


class ProtectionNeed(Term):
    """Protection need (Schutzbedarf) of the institution, BSI standard 200-2."""

    NORMAL = Text("Normal", "Normal")
    HIGH = Text("Hoch", "High")
    VERY_HIGH = Text("Sehr hoch", "Very high")


_STRUCTURE = "BSI-Standard 200-2, Strukturanalyse"
_NEED = "BSI-Standard 200-2, Schutzbedarfsfeststellung"


class TargetObject(Entry):
    """Something the authority works with and has to protect; equal things form a group with a count."""

    slug = "objects"
    prefix = "ZO"
    area = Area.SECURITY
    title = Text("Zielobjekte", "Target objects")
    one = Text("Zielobjekt", "Target object")

    with section("general", "Grundangaben", "General"):
        kind: Mapped[ObjectKind | None] = choice(
            ObjectKind,
            "Art",
            "Type",
            help=Text("Danach werden Bausteine vorgeschlagen.", "Modules are proposed accordingly."),
            basis="BSI-Standard 200-2, Strukturanalyse",
            expected=True,
            listed=True,
        )
        status: Mapped[ObjectStatus | None] = choice(
            ObjectStatus,
            "Status",
            "Status",
            help=Text(
                "Ob das Objekt geplant, in Betrieb oder abgelöst ist.", "Planned, in operation or retired."
            ),
            basis="BSI-Standard 200-2, Strukturanalyse",
            expected=True,
            listed=True,
        )
        count: Mapped[int | None] = number(
            "Anzahl",
            "Count",
            help=Text(
                "Gleichartige Objekte werden zu einer Gruppe zusammengefasst.",
                "Objects of the same kind form a group.",
            ),
            basis="BSI-Standard 200-2, Gruppenbildung",
            listed=True,
        )
        description: Mapped[str] = prose(
            "Beschreibung",
            "Description",
            help=Text("Zweck und Funktion in wenigen Sätzen.", "Purpose and function in a few sentences."),
            basis="BSI-Standard 200-2, Strukturanalyse",
            expected=True,
        )
        platform: Mapped[str] = line(
            "Plattform",
            "Platform",
            help=Text(
                "Betriebssystem, Hardware oder Produkt mit Version.", "Operating system, hardware or product."
            ),
            basis="BSI-Standard 200-2, Strukturanalyse",
        )
        location: Mapped[str] = line(
            "Standort",
            "Location",
            help=Text("Gebäude und Raum oder Rechenzentrum.", "Building and room or data centre."),
            basis="BSI-Standard 200-2, Strukturanalyse",
        )
        owner: Mapped[str] = line(
            "Verantwortlich",
            "Responsible",
            help=Text(
                "Stelle oder Person, die über das Objekt entscheidet.", "Post that decides on the object."
            ),
            basis="BSI-Standard 200-2, Strukturanalyse",
            expected=True,
            personal=True,
        )
        administrators: Mapped[str] = line(
            "Administration",
            "Administration",
            help=Text("Wer das Objekt betreut.", "Who looks after the object."),
            basis="BSI-Standard 200-2, Strukturanalyse",
            more=True,
            personal=True,
        )
        users: Mapped[str] = line(
            "Benutzende",
            "Users",
            help=Text("Wer mit dem Objekt arbeitet.", "Who works with the object."),
            basis="BSI-Standard 200-2, Strukturanalyse",
            more=True,
        )

    with section("dependencies", "Abhängigkeiten", "Dependencies"):
        depends_on: Mapped[list[TargetObject]] = references(
            "TargetObject",
            "Beruht auf",
            "Depends on",
            help=Text(
                "Objekte, ohne die dieses nicht arbeitet: Anwendung auf System, System in Raum oder Netz.",
                "Objects without which this one does not work: "
                "application on system, system in room or network.",
            ),
            basis="BSI-Standard 200-2, Strukturanalyse",
        )
        provider: Mapped[Processor | None] = reference(
            "Processor",
            "Dienstleister",
            "Provider",
            help=Text(
                "Wer das Objekt im Auftrag betreibt.", "Who operates the object on behalf of the authority."
            ),
            basis="OPS.2.3 Nutzung von Outsourcing",
        )
        personal_data: Mapped[bool | None] = flag(
            "Personenbezogene Daten",
            "Personal data",
            help=Text("Werden hier personenbezogene Daten verarbeitet?", "Are personal data processed here?"),
            basis="CON.2 Datenschutz",
            expected=True,
        )

    with section("structure", "Einzelheiten der Strukturanalyse", "Details of the structure analysis"):
        information: Mapped[str] = prose(
            "Informationen",
            "Information",
            help=Text(
                "Welche Informationen der Prozess oder die Anwendung verarbeitet.",
                "Which information the process or application handles.",
            ),
            basis=_STRUCTURE,
            more=True,
        )
        media: Mapped[str] = line(
            "Datenträger und Dokumente",
            "Media and documents",
            help=Text(
                "Womit außerhalb der IT gearbeitet wird: Akten, Vordrucke, Wechseldatenträger.",
                "What is worked with outside IT: files, forms, removable media.",
            ),
            basis=_STRUCTURE,
            more=True,
        )
        interfaces: Mapped[str] = line(
            "Netzschnittstellen",
            "Network interfaces",
            help=Text(
                "Anschlüsse mit Art und Zahl, etwa 2 × Ethernet, WLAN, Mobilfunk.",
                "Connectors with type and number, such as 2 × Ethernet, WLAN, mobile.",
            ),
            basis="BSI-Standard 200-2, Netzplanerhebung",
            more=True,
        )
        network_address: Mapped[str] = line(
            "Netzadresse",
            "Network address",
            help=Text(
                "Adresse oder Adressbereich; bei Netzen das Teilnetz. Erscheint nicht im Netzplan.",
                "Address or range; for networks the subnet. Not shown in the network plan.",
            ),
            basis="BSI-Standard 200-2, Netzplanerhebung",
            more=True,
        )
        room_use: Mapped[RoomUse | None] = choice(
            RoomUse,
            "Nutzung des Raums",
            "Use of the room",
            help=Text(
                "Nur bei Räumen; auch häusliche und mobile Arbeitsplätze zählen dazu.",
                "For rooms only; home and mobile workplaces count as rooms.",
            ),
            basis=_STRUCTURE,
            more=True,
        )

    with section("protection", "Schutzbedarf", "Protection need"):
        confidentiality: Mapped[ProtectionNeed | None] = choice(
            ProtectionNeed,
            "Vertraulichkeit",
            "Confidentiality",
            help=Text(
                "Schaden, wenn Unbefugte Kenntnis erhalten.", "Damage if unauthorised persons learn of it."
            ),
            basis=_NEED,
            expected=True,
        )
        integrity: Mapped[ProtectionNeed | None] = choice(
            ProtectionNeed,
            "Integrität",
            "Integrity",
            help=Text(
                "Schaden, wenn Daten unbemerkt verfälscht werden.", "Damage if data are altered unnoticed."
            ),
            basis=_NEED,
            expected=True,
        )
        availability: Mapped[ProtectionNeed | None] = choice(
            ProtectionNeed,
            "Verfügbarkeit",
            "Availability",
            help=Text("Schaden, wenn das Objekt ausfällt.", "Damage if the object fails."),
            basis=_NEED,
            expected=True,
        )
        need_reason: Mapped[str] = prose(
            "Begründung",
            "Reason",
            help=Text(
                "Welche Schadensszenarien den Ausschlag geben, je Grundwert.",
                "Which damage scenarios decide, for each value.",
            ),
            basis=_NEED,
            expected=True,
        )
