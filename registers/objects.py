"""Target objects (Zielobjekte) of the structure analysis: applications, systems, networks, rooms."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry, State
from compliance.fields import Term, choice, flag, line, number, prose, reference, references, rows, section
from compliance.language import Text
from registers.continuity import HOURS, IMPACT, DamageAfter
from registers.processors import Processor
from registers.protection import NEED, DamageRating, NeedAdjustment, ProtectionNeed

__all__ = ["ObjectKind", "ObjectStatus", "ProtectionNeed", "TargetObject"]


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


_STRUCTURE = "BSI-Standard 200-2, Strukturanalyse"
_DEMANDS = frozenset({"needed_rto", "needed_rto_from", "needed_rpo", "needed_rpo_from"})
_NEEDS = frozenset({"needed", "needed_c", "needed_i", "needed_a", "mutual_dependencies"})
DECIDE_NEED = "decide need"
"""The task to decide what the activities that use an object propose for its protection need."""
_TASKS = {
    DECIDE_NEED: Text(
        "Vorschlag des Datenschutzes zum Schutzbedarf bestätigen oder begründet abweichen",
        "Confirm what data protection proposes for the protection need, or deviate with a reason",
    )
}


class TargetObject(Entry):
    """Something the authority works with and has to protect; equal things form a group with a count."""

    slug = "objects"
    prefix = "ZO"
    area = Area.SECURITY
    title = Text("Zielobjekte", "Target objects")
    one = Text("Zielobjekt", "Target object")
    moving = technical = settled = _NEEDS | _DEMANDS
    recalled = True

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
        )
        group: Mapped[TargetObject | None] = reference(
            "TargetObject",
            "Gehört zur Gruppe",
            "Member of the group",
            help=Text(
                "Wird das Objekt einzeln geführt und gehört zu einer Gruppe, lassen sich deren Antworten im "
                "IT-Grundschutz-Check übernehmen.",
                "Where the object is kept on its own and belongs to a group, answers of the group can be "
                "taken over in the IT-Grundschutz check.",
            ),
            basis="BSI-Standard 200-2, Gruppenbildung",
            more=True,
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
        special_use: Mapped[str] = prose(
            "Besonderes Einsatzszenario",
            "Special scenario of use",
            help=Text(
                "Worin Umgebung oder Betrieb von dem abweichen, wovon die Bausteine ausgehen. Wer hier etwas "
                "einträgt, braucht eine Risikoanalyse.",
                "In what environment or operation differ from what the modules assume. What stands here is "
                "an occasion for a risk analysis.",
            ),
            basis="BSI-Standard 200-3",
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

    with section("protection", "Eigener Schutzbedarf", "Protection need of its own"):
        damages: Mapped[list[DamageRating]] = rows(
            DamageRating,
            "Schadensszenarien",
            "Damage scenarios",
            help=Text(
                "Welcher Schaden eintreten kann, je Szenario. Der höchste Wert entscheidet; was von anderen "
                "Objekten geerbt wird, muss hier nicht stehen.",
                "Which damage may occur, for each scenario. The highest value decides; what is inherited "
                "from other objects need not stand here.",
            ),
            basis=NEED,
        )
        confidentiality: Mapped[ProtectionNeed | None] = choice(
            ProtectionNeed,
            "Vertraulichkeit",
            "Confidentiality",
            help=Text(
                "Schaden, wenn Unbefugte Kenntnis erhalten; nur wo kein Szenario einzeln bewertet ist.",
                "Damage if unauthorised persons learn of it. Only where no scenario is rated in detail.",
            ),
            basis=NEED,
        )
        integrity: Mapped[ProtectionNeed | None] = choice(
            ProtectionNeed,
            "Integrität",
            "Integrity",
            help=Text(
                "Schaden, wenn Daten unbemerkt verfälscht werden.", "Damage if data are altered unnoticed."
            ),
            basis=NEED,
        )
        availability: Mapped[ProtectionNeed | None] = choice(
            ProtectionNeed,
            "Verfügbarkeit",
            "Availability",
            help=Text("Schaden, wenn das Objekt ausfällt.", "Damage if the object fails."),
            basis=NEED,
        )
        need_reason: Mapped[str] = prose(
            "Begründung",
            "Reason",
            help=Text(
                "Was für die Werte ohne Szenario den Ausschlag gibt, je Grundwert.",
                "What decides on the values without scenario, for each of them.",
            ),
            basis=NEED,
        )
        adjustments: Mapped[list[NeedAdjustment]] = rows(
            NeedAdjustment,
            "Kumulation und Verteilung",
            "Cumulation and distribution",
            help=Text(
                "Wo der Schutzbedarf begründet vom Maximumprinzip abweicht.",
                "Where the need deviates from the maximum principle for a reason.",
            ),
            basis=NEED,
            more=True,
        )

    with section("needed", "Schutzbedarf mit Vererbung", "Protection need with inheritance"):
        needed: Mapped[ProtectionNeed | None] = choice(
            ProtectionNeed, "Schutzbedarf", "Protection need", basis=NEED, fixed=True, listed=True
        )
        needed_c: Mapped[ProtectionNeed | None] = choice(
            ProtectionNeed,
            "Vertraulichkeit gesamt",
            "Overall confidentiality",
            basis=NEED,
            fixed=True,
        )
        needed_i: Mapped[ProtectionNeed | None] = choice(
            ProtectionNeed,
            "Integrität gesamt",
            "Overall integrity",
            basis=NEED,
            fixed=True,
        )
        needed_a: Mapped[ProtectionNeed | None] = choice(
            ProtectionNeed,
            "Verfügbarkeit gesamt",
            "Overall availability",
            basis=NEED,
            fixed=True,
        )
        mutual_dependencies: Mapped[str] = line(
            "Gegenseitige Abhängigkeit", "Mutual dependency", basis=NEED, fixed=True
        )

    with section("continuity", "Notfallvorsorge", "Continuity"):
        damage_over_time: Mapped[list[DamageAfter]] = rows(
            DamageAfter,
            "Schaden je Zeithorizont",
            "Damage by time horizon",
            help=Text(
                "Nur für Geschäftsprozesse: wie der Schaden mit der Dauer des Ausfalls wächst.",
                "For business processes only: how damage grows with the length of the outage.",
            ),
            basis=IMPACT,
        )
        mta_hours: Mapped[int | None] = number(
            "Maximal tolerierbare Ausfallzeit (MTA)",
            "Maximum tolerable outage (MTA)",
            unit=HOURS,
            help=Text(
                "Wann spätestens ein Notbetrieb laufen muss, damit kein untragbarer Schaden entsteht.",
                "When emergency operation must run at the latest, so that no damage becomes intolerable.",
            ),
            basis=IMPACT,
        )
        rto_hours: Mapped[int | None] = number(
            "Geforderte Wiederanlaufzeit (RTO)",
            "Recovery time objective (RTO)",
            unit=HOURS,
            help=Text(
                "Höchstens so lang wie die MTA. Gilt auch für alles, worauf das Objekt beruht.",
                "At most the MTA. Holds for everything on which the object depends, too.",
            ),
            basis=IMPACT,
        )
        rpo_hours: Mapped[int | None] = number(
            "Zulässiger Datenverlust (RPO)",
            "Recovery point objective (RPO)",
            unit=HOURS,
            help=Text(
                "Wie alt der Datenbestand nach der Wiederherstellung höchstens sein darf.",
                "How old the data may be at most after recovery.",
            ),
            basis=IMPACT,
        )
        emergency_level: Mapped[str] = prose(
            "Notbetriebsniveau",
            "Emergency level of operation",
            help=Text(
                "Was im Notbetrieb mindestens geleistet wird, womit und von wie vielen Personen.",
                "What emergency operation provides at least, by which means and how many people.",
            ),
            basis=IMPACT,
        )
        rta_hours: Mapped[int | None] = number(
            "Erreichbare Wiederanlaufzeit (RTA)",
            "Achievable recovery time (RTA)",
            unit=HOURS,
            help=Text(
                "Was das Objekt selbst braucht, sobald das läuft, worauf es beruht; belegt aus Übungen, "
                "Verträgen oder Messungen.",
                "What the object itself takes once what it depends on runs; shown by exercises, contracts "
                "or measurements.",
            ),
            basis=IMPACT,
        )
        loss_hours: Mapped[int | None] = number(
            "Erreichbarer Datenverlust",
            "Achievable data loss",
            unit=HOURS,
            help=Text(
                "Wie weit die letzte brauchbare Sicherung höchstens zurückliegt.",
                "How far back the last usable backup lies at most.",
            ),
            basis=IMPACT,
        )
        needed_rto: Mapped[int | None] = number(
            "Strengste RTO, die das Objekt erreicht", "Strictest RTO reaching it", unit=HOURS, fixed=True
        )
        needed_rto_from: Mapped[str] = line("Herkunft der RTO", "Origin of the RTO", length=220, fixed=True)
        needed_rpo: Mapped[int | None] = number(
            "Strengster RPO, der das Objekt erreicht", "Strictest RPO reaching it", unit=HOURS, fixed=True
        )
        needed_rpo_from: Mapped[str] = line("Herkunft des RPO", "Origin of the RPO", length=220, fixed=True)

    if TYPE_CHECKING:
        group_id: Mapped[uuid.UUID | None]
        provider_id: Mapped[uuid.UUID | None]

    @property
    def is_in_use(self) -> bool:
        """Whether it is in operation or will be."""
        return self.state is not State.ENDED and self.status is not ObjectStatus.RETIRED

    @property
    def takes_modules(self) -> bool:
        """Whether modules are applied to it; to a process none is, and to nothing out of use."""
        return self.is_in_use and self.kind is not ObjectKind.PROCESS

    @classmethod
    def task_label(cls, what: str) -> Text | None:
        return _TASKS.get(what)
