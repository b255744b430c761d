"""Communication links (Kommunikationsverbindungen) between target objects, as the network plan shows them."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from compliance.entry import Area, Entry
from compliance.fields import Term, choice, flag, line, prose, reference, section
from compliance.language import Text
from registers.objects import ObjectStatus, TargetObject
from registers.processors import Processor


class ConnectionKind(Term):
    """How two objects are connected."""

    LAN = Text("Lokales Netz, Kabel", "Local network, cable")
    WLAN = Text("WLAN", "WLAN")
    WAN = Text("Weitverkehrsnetz oder Standleitung", "Wide area network or leased line")
    GOVERNMENT = Text("Verwaltungsnetz (Netze des Bundes, Landesnetz)", "Government network")
    INTERNET = Text("Internet", "Internet")
    VPN = Text("VPN", "VPN")
    MOBILE = Text("Mobilfunk", "Mobile network")
    TELEPHONE = Text("Telefonie", "Telephony")
    FIELD = Text("Feldbus oder serielle Leitung", "Field bus or serial line")
    INTERFACE = Text("Schnittstelle zwischen Anwendungen", "Interface between applications")
    MEDIA = Text("Austausch von Datenträgern", "Exchange of media")


class Encryption(Term):
    """How far a connection is protected by cryptography."""

    END_TO_END = Text("Ende zu Ende verschlüsselt", "Encrypted end to end")
    TRANSPORT = Text("Auf dem Transportweg verschlüsselt", "Encrypted in transit")
    PARTLY = Text("Teilweise verschlüsselt", "Partly encrypted")
    NONE = Text("Unverschlüsselt", "Not encrypted")


_STRUCTURE = "BSI-Standard 200-2, Netzplanerhebung"


class Connection(Entry):
    """A link between two target objects, or from one to somebody outside."""

    slug = "connections"
    prefix = "KV"
    area = Area.SECURITY
    title = Text("Kommunikationsverbindungen", "Communication links")
    one = Text("Kommunikationsverbindung", "Communication link")

    with section("general", "Grundangaben", "General"):
        start: Mapped[TargetObject | None] = reference(
            "TargetObject",
            "Von",
            "From",
            help=Text(
                "Das Objekt, das die Verbindung aufbaut.", "The object that establishes the connection."
            ),
            basis=_STRUCTURE,
            expected=True,
            listed=True,
        )
        end: Mapped[TargetObject | None] = reference(
            "TargetObject",
            "Nach",
            "To",
            help=Text(
                "Das Objekt am anderen Ende; leer, wenn die Verbindung nach außen führt.",
                "The object at the other end; empty where the connection leads outside.",
            ),
            basis=_STRUCTURE,
            listed=True,
        )
        kind: Mapped[ConnectionKind | None] = choice(
            ConnectionKind,
            "Art",
            "Type",
            help=Text("Worüber die Objekte verbunden sind.", "By what the objects are connected."),
            basis=_STRUCTURE,
            expected=True,
            listed=True,
        )
        status: Mapped[ObjectStatus | None] = choice(
            ObjectStatus,
            "Status",
            "Status",
            help=Text(
                "Ob die Verbindung geplant, in Betrieb oder abgebaut ist.",
                "Whether the connection is planned, in operation or removed.",
            ),
            basis=_STRUCTURE,
        )

    with section("outside", "Außenverbindung", "External connection"):
        external: Mapped[bool | None] = flag(
            "Führt nach außen",
            "Leads outside",
            help=Text(
                "Ja, wenn die Verbindung in einen Bereich führt, den die Stelle nicht kontrolliert. "
                "Außenverbindungen sind stets kritisch.",
                "Yes where it leads into an area that the authority does not control. "
                "External connections are always critical.",
            ),
            basis="BSI-Standard 200-2, Schutzbedarfsfeststellung für Kommunikationsverbindungen",
            expected=True,
        )
        partner: Mapped[str] = line(
            "Gegenstelle außerhalb",
            "Party outside",
            help=Text(
                "Wer am anderen Ende steht, etwa ein Amt, eine Firma oder das Internet.",
                "Who is at the other end, such as an authority, a company or the internet.",
            ),
            basis=_STRUCTURE,
            expected=True,
            when="external",
        )
        provider: Mapped[Processor | None] = reference(
            "Processor",
            "Dienstleister",
            "Provider",
            help=Text("Wer die Verbindung im Auftrag betreibt.", "Who operates the connection on behalf."),
            basis="OPS.2.3 Nutzung von Outsourcing",
        )

    with section("protection", "Übertragung und Schutz", "Transmission and protection"):
        carries: Mapped[str] = prose(
            "Übertragene Informationen",
            "Information transmitted",
            help=Text(
                "Was über die Verbindung läuft, etwa Meldedaten oder Messwerte.",
                "What passes over the connection, such as resident data or readings.",
            ),
            basis=_STRUCTURE,
        )
        encryption: Mapped[Encryption | None] = choice(
            Encryption,
            "Verschlüsselung",
            "Encryption",
            help=Text(
                "Wie weit die Übertragung verschlüsselt ist.", "How far the transmission is encrypted."
            ),
            basis="CON.1 Kryptokonzept",
            expected=True,
            listed=True,
        )
        cryptography: Mapped[str] = line(
            "Verfahren",
            "Method",
            help=Text(
                "Protokoll und Schlüssel, etwa TLS 1.3 oder IPsec mit Zertifikaten.",
                "Protocol and keys, such as TLS 1.3 or IPsec with certificates.",
            ),
            basis="CON.1 Kryptokonzept",
            more=True,
        )
        addressing: Mapped[str] = line(
            "Netzdaten",
            "Network data",
            help=Text(
                "Adressen, Ports und Dienste. Erscheint nicht im Netzplan.",
                "Addresses, ports and services. Not shown in the network plan.",
            ),
            basis=_STRUCTURE,
            more=True,
        )
