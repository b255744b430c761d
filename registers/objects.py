"""Target objects (Zielobjekte) of the structure analysis: applications, systems, networks, rooms."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry, Part
from compliance.fields import Term, choice, flag, line, number, prose, reference, references, rows, section
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


class ProtectionNeed(Term):
    """Protection need (Schutzbedarf) of the institution, BSI standard 200-2."""

    NORMAL = Text("Normal", "Normal")
    HIGH = Text("Hoch", "High")
    VERY_HIGH = Text("Sehr hoch", "Very high")


class Damage(Term):
    """How bad it is that a process stands still, BSI standard 200-4."""

    LOW = Text("Gering", "Low")
    MEDIUM = Text("Spürbar", "Noticeable")
    HIGH = Text("Hoch", "High")
    INTOLERABLE = Text("Untragbar", "Intolerable")


_NEED = "BSI-Standard 200-2, Schutzbedarfsfeststellung"
_IMPACT = "BSI-Standard 200-4, Business-Impact-Analyse"
_HOURS = Text("Stunden", "hours")


class DamageAfter(Part, of="TargetObject"):
    """How bad it is once a process has stood still for so long."""

    after_hours: Mapped[int | None] = number(
        "Nach",
        "After",
        unit=_HOURS,
        help=Text(
            "Dauer des Ausfalls; ein Tag sind 24, eine Woche 168 Stunden.",
            "Length of the outage; a day is 24 hours, a week 168.",
        ),
        basis=_IMPACT,
        expected=True,
    )
    damage: Mapped[Damage | None] = choice(
        Damage,
        "Schaden",
        "Damage",
        help=Text(
            "Der schwerste Schaden, der bis dahin eintritt: Aufgaben, Recht, Personen, Ansehen, Geld.",
            "The gravest damage until then: tasks, law, persons, reputation, money.",
        ),
        basis=_IMPACT,
        expected=True,
    )
    reason: Mapped[str] = line(
        "Warum",
        "Why",
        length=500,
        help=Text("Was dann geschieht oder unterbleibt.", "What then happens or fails to happen."),
        basis=_IMPACT,
    )


class TargetObject(Entry):
    """Something the authority works with and has to protect; equal things form a group with a count."""

    slug = "objects"
    prefix = "ZO"
    area = Area.SECURITY
    title = Text("Zielobjekte", "Target objects")
    one = Text("Zielobjekt", "Target object")
    moving = frozenset({"needed_rto", "needed_rto_from", "needed_rpo", "needed_rpo_from"})

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

    with section("continuity", "Notfallvorsorge", "Continuity"):
        damages: Mapped[list[DamageAfter]] = rows(
            DamageAfter,
            "Schaden je Zeithorizont",
            "Damage by time horizon",
            help=Text(
                "Nur für Geschäftsprozesse: wie der Schaden mit der Dauer des Ausfalls wächst.",
                "For business processes only: how damage grows with the length of the outage.",
            ),
            basis=_IMPACT,
        )
        mta_hours: Mapped[int | None] = number(
            "Maximal tolerierbare Ausfallzeit (MTA)",
            "Maximum tolerable outage (MTA)",
            unit=_HOURS,
            help=Text(
                "Wann spätestens ein Notbetrieb laufen muss, damit kein untragbarer Schaden entsteht.",
                "When emergency operation must run at the latest, so that no damage becomes intolerable.",
            ),
            basis=_IMPACT,
        )
        rto_hours: Mapped[int | None] = number(
            "Geforderte Wiederanlaufzeit (RTO)",
            "Recovery time objective (RTO)",
            unit=_HOURS,
            help=Text(
                "Höchstens so lang wie die MTA. Gilt auch für alles, worauf das Objekt beruht.",
                "At most the MTA. Holds for everything on which the object depends, too.",
            ),
            basis=_IMPACT,
        )
        rpo_hours: Mapped[int | None] = number(
            "Zulässiger Datenverlust (RPO)",
            "Recovery point objective (RPO)",
            unit=_HOURS,
            help=Text(
                "Wie alt der Datenbestand nach der Wiederherstellung höchstens sein darf.",
                "How old the data may be at most after recovery.",
            ),
            basis=_IMPACT,
        )
        emergency_level: Mapped[str] = prose(
            "Notbetriebsniveau",
            "Emergency level of operation",
            help=Text(
                "Was im Notbetrieb mindestens geleistet wird, womit und von wie vielen Personen.",
                "What emergency operation provides at least, by which means and how many people.",
            ),
            basis=_IMPACT,
        )
        rta_hours: Mapped[int | None] = number(
            "Erreichbare Wiederanlaufzeit (RTA)",
            "Achievable recovery time (RTA)",
            unit=_HOURS,
            help=Text(
                "Was heute belegbar möglich ist: aus Übungen, Verträgen oder Messungen.",
                "What is possible today and can be shown: from exercises, contracts or measurements.",
            ),
            basis=_IMPACT,
        )
        loss_hours: Mapped[int | None] = number(
            "Erreichbarer Datenverlust",
            "Achievable data loss",
            unit=_HOURS,
            help=Text(
                "Wie weit die letzte brauchbare Sicherung höchstens zurückliegt.",
                "How far back the last usable backup lies at most.",
            ),
            basis=_IMPACT,
        )
        needed_rto: Mapped[int | None] = number(
            "Strengste RTO, die das Objekt erreicht", "Strictest RTO reaching it", unit=_HOURS, fixed=True
        )
        needed_rto_from: Mapped[str] = line("Herkunft der RTO", "Origin of the RTO", length=220, fixed=True)
        needed_rpo: Mapped[int | None] = number(
            "Strengster RPO, der das Objekt erreicht", "Strictest RPO reaching it", unit=_HOURS, fixed=True
        )
        needed_rpo_from: Mapped[str] = line("Herkunft des RPO", "Origin of the RPO", length=220, fixed=True)
