"""A list of systems comes in with its dependencies, though its rows refer to each other."""

from __future__ import annotations

import pytest

from compliance.people import Role
from registers.connections import Connection, ConnectionKind, Encryption
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.city import City
from tests.registers.test_importing import csv_of, imported, planned, stored, xlsx_of

SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
LISTED = (
    ("CI-Name", "CI-Klasse", "Stückzahl", "IP-Adresse", "Läuft auf"),
    ("Fachverfahren", "Anwendung", "1", "", "Server A; Server B"),
    ("Server A", "IT-System", "2", "10.1.2.3", "Serverraum, Büronetz"),
    ("Server B", "IT-System", "1", "10.1.2.4", "Serverraum"),
    ("Serverraum", "Raum", "1", "", ""),
    ("Büronetz", "Netz oder Kommunikationsverbindung", "1", "10.1.2.0/24", ""),
)


def ties(city: City) -> dict[str, list[str]]:
    return {one.name: sorted(other.name for other in one.depends_on) for one in stored(city, TargetObject)}


EXPECTED = {
    "Fachverfahren": ["Server A", "Server B"],
    "Server A": ["Büronetz", "Serverraum"],
    "Server B": ["Serverraum"],
    "Serverraum": [],
    "Büronetz": [],
}


@pytest.mark.parametrize("made", [csv_of, xlsx_of], ids=["CSV", "XLSX"])
def test_an_export_of_a_cmdb_comes_in_whole_in_the_order_of_the_file(city: City, made: object) -> None:
    plan = imported(made(*LISTED), city, TargetObject)  # type: ignore[operator]
    assert (len(plan.created), plan.refused, plan.leftovers, plan.unmatched) == (5, (), (), ())
    assert ties(city) == EXPECTED
    found = {one.name: one for one in stored(city, TargetObject)}
    assert [found[row[0]].number for row in LISTED[1:]] == [1, 2, 3, 4, 5]
    server = found["Server A"]
    assert (server.kind, server.count, server.network_address, server.version) == (
        ObjectKind.IT_SYSTEM, 2, "10.1.2.3", 1,
    )  # fmt: skip


KINDS_AND_STATES = {
    "Portal": (ObjectKind.APPLICATION, ObjectStatus.OPERATION),
    "Webserver 1": (ObjectKind.IT_SYSTEM, ObjectStatus.TEST),
    "Alter Drucker": (ObjectKind.IT_SYSTEM, ObjectStatus.RETIRED),
    "Technikraum": (ObjectKind.ROOM, ObjectStatus.OPERATION),
    "VLAN 20": (ObjectKind.NETWORK, ObjectStatus.PLANNED),
}


@pytest.mark.parametrize(
    "rows",
    [
        (
            ("Objekttitel", "Objekttyp", "CMDB-Status"),
            ("Portal", "Fachanwendung", "in Betrieb"), ("Webserver 1", "Virtueller Server", "Testbetrieb"),
            ("Alter Drucker", "Drucker", "ausgemustert"), ("Technikraum", "Schrank", "aktiv"),
            ("VLAN 20", "Layer-3-Netz", "geplant"),
        ),
        (
            ("name", "sys_class_name", "install_status"),
            ("Portal", "Business Application", "Installed"), ("Webserver 1", "Linux Server", "Staging"),
            ("Alter Drucker", "cmdb_ci_printer", "Decommissioned"), ("Technikraum", "Rack", "In use"),
            ("VLAN 20", "IP Network", "On order"),
        ),
        (
            ("Name", "Type", "Status"),
            ("Portal", "Software", "Production"), ("Webserver 1", "Server", "Testing"),
            ("Alter Drucker", "Printer", "Disposed"), ("Technikraum", "Server room", "Active"),
            ("VLAN 20", "VLAN", "Planned"),
        ),
    ],
    ids=["i-doit", "ServiceNow", "GLPI"],
)  # fmt: skip
def test_the_words_of_common_tools_are_known(city: City, rows: tuple[tuple[str, ...], ...]) -> None:
    plan = imported(csv_of(*rows), city, TargetObject)
    assert (plan.refused, plan.leftovers, plan.unmatched) == ((), (), ())
    assert {one.name: (one.kind, one.status) for one in stored(city, TargetObject)} == KINDS_AND_STATES


def test_the_same_export_again_changes_nothing(city: City) -> None:
    imported(csv_of(*LISTED), city, TargetObject)
    plan = imported(csv_of(*LISTED), city, TargetObject)
    assert (plan.created, plan.changed, len(plan.unchanged)) == ((), (), 5)
    assert ties(city) == EXPECTED


def test_a_stored_object_comes_to_depend_on_a_new_one(city: City) -> None:
    city.save(TargetObject(name="Fachverfahren"), by=Role.ISB)
    plan = imported(
        csv_of(("Name", "Beruht auf"), ("Fachverfahren", "Server"), ("Server", "")), city, TargetObject
    )
    assert (len(plan.created), len(plan.changed)) == (1, 1)
    assert ties(city) == {"Fachverfahren": ["Server"], "Server": []}


def test_what_is_nowhere_is_named_and_a_refused_row_is_not_referred_to(city: City) -> None:
    rows = (("Name", "Anzahl", "Beruht auf"), ("A", "1", "B; Wolke"), ("B", "viele", ""))
    plan = imported(csv_of(*rows), city, TargetObject)
    assert [refusal.row for refusal in plan.refused] == [3]
    assert sorted(left.words for left in plan.leftovers) == ["B", "Wolke"]
    assert ties(city) == {"A": []}


def test_rows_may_refer_to_each_other_in_a_circle(city: City) -> None:
    imported(csv_of(("Name", "Beruht auf"), ("A", "B"), ("B", "A")), city, TargetObject)
    assert ties(city) == {"A": ["B"], "B": ["A"]}


BY_IDENTIFIER = (
    ("CI-Nummer", "Objekttitel", "Objekttyp", "Abhängig von", "Reihenfolge"),
    ("APP-7", "Fachverfahren", "Anwendung", "srv-1, 17", "4"),
    ("SRV-1", "Server A", "Server", "Raum 3; NET-2", "3"),
    ("17", "Server B", "Server", "Raum 3, NET-9", "2"),
    ("Raum 3", "Serverraum", "Raum", "", "1"),
    ("NET-2", "Büronetz", "Netz", "", "17"),
)


def test_rows_may_refer_to_each_other_by_the_identifiers_of_the_file(city: City) -> None:
    plan = imported(csv_of(*BY_IDENTIFIER), city, TargetObject)
    # Of „17“ nobody can say whether it is Server B or the seventeenth row.
    assert [(left.row, left.words) for left in plan.leftovers] == [(2, "17"), (4, "NET-9")]
    assert ties(city) == EXPECTED | {"Fachverfahren": ["Server A"], "Server B": ["Serverraum"]}


def test_the_identifiers_of_the_file_also_lead_to_what_is_stored(city: City) -> None:
    city.save(TargetObject(name="Serverraum"), by=Role.ISB)
    rows = (("sysid", "Name", "Beruht auf"), ("a1", "Server", "b2"), ("b2", "Serverraum", ""))
    imported(csv_of(*rows), city, TargetObject)
    assert ties(city) == {"Serverraum": [], "Server": ["Serverraum"]}


def test_our_own_numbers_come_before_those_of_the_file(city: City) -> None:
    city.save(TargetObject(name="Serverraum"), by=Role.ISB)
    rows = (("Schlüssel", "Name", "Beruht auf"), ("ZO-0001", "Archiv", ""), ("X", "Server", "ZO-0001"))
    imported(csv_of(*rows), city, TargetObject)
    assert ties(city)["Server"] == ["Serverraum"]


@pytest.mark.parametrize(
    "words",
    [
        "ZO-0001, ZO-0002",
        "ZO-0001 früherer Name, ZO-0002 früherer Name",
        "ZO-0001 Serverraum; ZO-0002",
        "Serverraum, ZO-0002",
    ],
)
def test_every_number_in_a_cell_counts(city: City, words: str) -> None:
    city.save(TargetObject(name="Serverraum"), TargetObject(name="Büronetz"), by=Role.ISB)
    plan = imported(csv_of(("Name", "Beruht auf"), ("Server", words)), city, TargetObject)
    assert (plan.leftovers, ties(city)["Server"]) == ((), ["Büronetz", "Serverraum"])


def test_a_number_is_known_with_the_name_of_another_day(city: City) -> None:
    city.save(TargetObject(name="Serverraum"), by=Role.ISB)
    rows = (("Name", "Beruht auf"), ("Server", "ZO-0001 Raum mit Klima, Keller"))
    imported(csv_of(*rows), city, TargetObject)
    assert ties(city)["Server"] == ["Serverraum"]


def test_two_plans_of_one_file_are_the_same(city: City) -> None:
    first, second = (planned(csv_of(*LISTED), city, TargetObject).fingerprint() for _ in range(2))
    assert first == second


@pytest.mark.parametrize(
    ("kind", "encryption", "meant"),
    [
        ("Ethernet", "keine", (ConnectionKind.LAN, Encryption.NONE)),
        ("kabelgebunden", "Transportverschlüsselung", (ConnectionKind.LAN, Encryption.TRANSPORT)),
        ("Landesnetz", "TLS", (ConnectionKind.GOVERNMENT, Encryption.TRANSPORT)),
        ("IPsec-Tunnel", "Ende-zu-Ende", (ConnectionKind.VPN, Encryption.END_TO_END)),
        ("Schnittstelle", "teilweise", (ConnectionKind.INTERFACE, Encryption.PARTLY)),
    ],
)
def test_network_documentation_is_read_in_its_own_words(
    city: City, kind: str, encryption: str, meant: tuple[ConnectionKind, Encryption]
) -> None:
    plan = imported(
        csv_of(("Bezeichnung", "Art", "Verschlüsselung"), ("Leitung", kind, encryption)), city, Connection
    )
    assert plan.leftovers == ()
    assert [(one.kind, one.encryption) for one in stored(city, Connection)] == [meant]


def test_a_line_to_somebody_outside_comes_in_with_its_party(city: City) -> None:
    city.save(TargetObject(name="Firewall"), by=Role.ISB)
    rows = (
        ("Bezeichnung", "Von", "Nach außen", "Gegenstelle"),
        ("Internet", "Firewall", "ja", "Netzanbieter"),
    )
    plan = imported(csv_of(*rows), city, Connection)
    assert (plan.leftovers, plan.unmatched) == ((), ())
    assert [(one.start.name, one.external, one.partner) for one in stored(city, Connection)] == [
        ("Firewall", True, "Netzanbieter")
    ]


def test_connections_come_in_between_stored_objects(city: City) -> None:
    city.save(TargetObject(name="Firewall"), TargetObject(name="Server"), by=Role.ISB)
    rows = (
        ("Verbindung", "Quelle", "Ziel", "Extern", "Verschlüsselung", "Protokoll"),
        ("Verwaltung", "Firewall", "Server", "nein", "Auf dem Transportweg verschlüsselt", "TLS 1.3"),
    )
    plan = imported(csv_of(*rows), city, Connection)
    assert (plan.refused, plan.leftovers, plan.unmatched) == ((), (), ())
    (link,) = stored(city, Connection)
    assert (link.start.name, link.end.name, link.external) == ("Firewall", "Server", False)
    assert (link.encryption, link.cryptography) == (Encryption.TRANSPORT, "TLS 1.3")
