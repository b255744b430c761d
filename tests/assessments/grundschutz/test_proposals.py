"""Proposals fit the kind and the words of an object, and never lead out of the catalogue."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz import proposals
from assessments.grundschutz.kompendium import Order, TargetType, edition_2023
from assessments.grundschutz.proposals import KINDS, Proposal, propose
from compliance.language import Text

with (Path(proposals.__file__).parent / "data" / "proposals.csv").open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


def _shown(kind: str, words: str) -> list[str]:
    """Ids in their order, those under a condition with a question mark."""
    return [each.module_id + ("?" if each.conditional else "") for each in propose(kind, words)]


@pytest.mark.parametrize(
    ("kind", "words", "modules"),
    [
        ("it_system", "Windows Server 2019 (Fileserver)", ["SYS.1.1", "SYS.1.2.3"]),
        ("it_system", "Windows Server 2012 R2", ["SYS.1.1", "SYS.1.2.2"]),
        ("it_system", "Linux-Server", ["SYS.1.1", "SYS.1.3"]),
        ("it_system", "Domänencontroller", ["SYS.1.1", "SYS.1.2.3"]),
        ("it_system", "Kubernetes-Cluster", ["SYS.1.1", "SYS.1.6"]),
        ("it_system", "Virtualisierungsserver VMware", ["SYS.1.1", "SYS.1.5"]),
        ("it_system", "NAS", ["SYS.1.8"]),
        ("it_system", "Laptop mit Windows 11", ["SYS.2.1", "SYS.2.2.3", "SYS.3.1", "NET.2.2?"]),
        ("it_system", "Linux-Notebook", ["SYS.2.1", "SYS.2.3", "SYS.3.1", "NET.2.2?"]),
        ("it_system", "Arbeitsplatz-PC unter Windows 10", ["SYS.2.1", "SYS.2.2.3"]),
        ("it_system", "iMac", ["SYS.2.1", "SYS.2.4"]),
        ("it_system", "Smartphone Android", ["SYS.3.2.1", "SYS.3.2.4", "NET.2.2?"]),
        ("it_system", "iPads des Rates", ["SYS.3.2.1", "SYS.3.2.3", "NET.2.2?"]),
        ("it_system", "Drucker im Flur", ["SYS.4.1"]),
        ("it_system", "Arbeitsplatzdrucker", ["SYS.4.1"]),
        ("it_system", "Firewall", ["NET.3.2"]),
        ("it_system", "VPN-Gateway", ["NET.3.3"]),
        ("it_system", "Router Außenstelle", ["NET.3.1"]),
        ("it_system", "Telefonanlage", ["NET.4.1"]),
        ("it_system", "KLM-17", ["SYS.1.1?", "SYS.2.1?"]),
        ("it_system", "", ["SYS.1.1?", "SYS.2.1?"]),
        ("application", "Fachverfahren", ["APP.6"]),
        ("application", "Exchange und Outlook", ["APP.6", "APP.5.3", "APP.5.2"]),
        ("application", "Active Directory", ["APP.6", "APP.2.1", "APP.2.2"]),
        ("application", "PostgreSQL-Datenbank", ["APP.6", "APP.4.3"]),
        ("application", "Webserver nginx", ["APP.6", "APP.3.2"]),
        ("application", "Website der Stadt", ["APP.6", "APP.3.1", "APP.3.2"]),
        ("application", "Bürgerportal", ["APP.6", "APP.3.1", "APP.3.2?"]),
        ("application", "Fileserver mit Samba", ["APP.6", "APP.3.3", "APP.3.4"]),
        ("application", "Kubernetes", ["APP.6", "APP.4.4", "SYS.1.6"]),
        ("application", "Personalabrechnung in der Cloud", ["APP.6", "OPS.2.2"]),
        ("application", "Passwortverwaltung im Backoffice", ["APP.6"]),
        ("network", "Verwaltungsnetz", ["NET.1.1", "NET.1.2?"]),
        ("network", "WLAN für Gäste", ["NET.1.1", "NET.1.2?", "NET.2.1"]),
        ("network", "VPN der Außenstellen", ["NET.1.1", "NET.1.2?", "NET.3.3"]),
        ("room", "Serverraum", ["INF.2"]),
        ("room", "Häuslicher Arbeitsplatz", ["INF.8"]),
        ("room", "Haeuslicher Arbeitsplatz", ["INF.8"]),
        ("room", "Büro 2.14", ["INF.7"]),
        ("room", "Besprechungsraum", ["INF.10"]),
        ("room", "Etagenverteiler", ["INF.5"]),
        ("room", "Einsatzleitwagen der Feuerwehr", ["INF.11"]),
        ("room", "Foyer", ["INF.7?"]),
        ("building", "Rathaus", ["INF.1", "INF.12", "INF.13?", "INF.14?"]),
        ("building", "Schule mit Gebäudeleittechnik", ["INF.1", "INF.12", "INF.13?", "INF.14"]),
        ("ics", "SPS der Kläranlage", ["IND.1", "IND.2.1", "IND.2.2"]),
        ("ics", "Drucksensor", ["IND.1", "IND.2.1", "IND.2.3"]),
        ("iot", "Umweltsensor", ["SYS.4.4", "IND.2.3?"]),
        ("iot", "Kamera im WLAN", ["SYS.4.4", "NET.2.2"]),
    ],
)
def test_an_object_gets_the_modules_its_kind_and_words_suggest(
    kind: str, words: str, modules: list[str]
) -> None:
    assert _shown(kind, words) == modules


def test_the_information_domain_gets_every_overarching_module() -> None:
    overarching = {
        module.id for module in edition_2023().modules if module.target_type is TargetType.INFORMATION_DOMAIN
    }
    assert {each.module_id for each in propose("information_domain", "")} == overarching


def test_the_information_domain_gets_what_comes_first_without_condition() -> None:
    first = [module.id for module in edition_2023().modules if module.order is Order.R1]
    assert [each.module_id for each in propose("information_domain", "")][: len(first)] == first
    assert not any(each.conditional for each in propose("information_domain", "")[: len(first)])


def test_a_word_turns_a_condition_into_a_plain_proposal() -> None:
    assert "OPS.2.2?" in _shown("information_domain", "Stadtverwaltung")
    assert "OPS.2.2" in _shown("information_domain", "Stadtverwaltung mit Cloud-Diensten")


def test_a_proposal_says_why_and_on_what_ground() -> None:
    assert propose("building", "Rathaus")[0] == Proposal(
        "INF.1",
        Text("Auf jedes Gebäude einmal anzuwenden.", "Applies once to every building."),
    )
    assert propose("building", "Rathaus")[0].source == Text(
        "Kompendium, Schichtenmodell und Modellierung: R2, Zielobjekttyp „Gebäude/Raum“",
        "Kompendium, layer model and modelling: R2, target object type “Building/room”",
    )


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="'submarine'"):
        propose("submarine", "U 1")


def test_every_line_of_the_table_names_a_module_with_active_requirements() -> None:
    index = edition_2023()
    active = {each.module for each in index.requirements if not each.withdrawn}
    assert [row["module"] for row in ROWS if row["module"] not in active] == []


def test_every_module_of_the_catalogue_can_be_proposed() -> None:
    assert {module.id for module in edition_2023().modules} == {row["module"] for row in ROWS}


FITTING = {
    "information_domain": {TargetType.INFORMATION_DOMAIN},
    "application": {TargetType.APPLICATION, TargetType.INFORMATION_DOMAIN},
    "it_system": {TargetType.IT_SYSTEM, TargetType.INFORMATION_DOMAIN},
    "ics": {TargetType.IT_SYSTEM, TargetType.INFORMATION_DOMAIN},
    "iot": {TargetType.IT_SYSTEM},
    "network": {TargetType.NETWORK},
    "building": {TargetType.BUILDING_OR_ROOM},
    "room": {TargetType.BUILDING_OR_ROOM, TargetType.INFORMATION_DOMAIN},
}
REACHING_OVER = {
    ("SYS.1.6", "application"),
    ("OPS.1.2.6", "it_system"),
    ("NET.2.1", "it_system"),
    ("NET.1.2", "network"),
    ("NET.3.3", "network"),
}


def test_proposals_keep_to_the_target_type_but_for_five_named_pairs() -> None:
    departing = {
        (row["module"], kind)
        for row in ROWS
        for kind in row["kinds"].split()
        if edition_2023().module(row["module"]).target_type not in FITTING[kind]
    }
    assert departing == REACHING_OVER


def test_every_line_is_complete_and_its_reason_fits_its_condition() -> None:
    assert {row["condition"] for row in ROWS} == {"", "if"}
    assert all(set(row["kinds"].split()) <= set(KINDS) and row["kinds"] for row in ROWS)
    assert all(row["reason_de"].endswith(".") and row["reason_en"].endswith(".") for row in ROWS)
    conditional = [row for row in ROWS if row["condition"]]
    assert all(" wenn " in f" {row['reason_de']} " for row in conditional if row["module"] != "NET.1.2")


VOCABULARY = sorted({word.strip("=") for row in ROWS for word in row["words"].split("|") if word})


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(VOCABULARY) | st.text(max_size=20), max_size=6))
def test_whatever_the_words_each_module_is_proposed_once_and_exists(kind: str, words: list[str]) -> None:
    proposed = [each.module_id for each in propose(kind, " ".join(words))]
    assert len(proposed) == len(set(proposed)) > 0
    assert set(proposed) <= {module.id for module in edition_2023().modules}


GENERAL_BEFORE_SPECIAL = [
    ("SYS.1.1", "SYS.1."),
    ("SYS.2.1", "SYS.2."),
    ("SYS.3.2.1", "SYS.3.2."),
    ("APP.6", "APP."),
    ("APP.2.1", "APP.2."),
    ("IND.2.1", "IND.2."),
    ("NET.1.1", "NET."),
    ("INF.1", "INF."),
]


@given(st.sampled_from(KINDS), st.lists(st.sampled_from(VOCABULARY), max_size=8))
def test_general_modules_come_before_special_ones(kind: str, words: list[str]) -> None:
    proposed = [each.module_id for each in propose(kind, " ".join(words))]
    for general, layer in GENERAL_BEFORE_SPECIAL:
        if general in proposed:
            assert not [each for each in proposed[: proposed.index(general)] if each.startswith(layer)]
