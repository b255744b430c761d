"""The shipped index of the Kompendium and the comparison of catalogues keep these promises."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz.kompendium import (
    LAYER_IDS,
    Catalogue,
    Difference,
    Kind,
    Level,
    Module,
    Order,
    TargetType,
    UnreadableCatalogue,
    differences,
    edition_2023,
    in_reading_order,
    merge,
    reading_order,
    split_roles,
)


def test_the_index_has_the_counts_of_the_edition() -> None:
    assert edition_2023().counts() == {
        "layers": 10,
        "modules": 111,
        "requirements": 2125,
        "active": 1835,
        "withdrawn": 290,
        "threats": 47,
        "cross_references": 5888,
    }


def test_the_active_requirements_spread_over_the_levels_as_published() -> None:
    active = [requirement for requirement in edition_2023().requirements if not requirement.withdrawn]
    by_level = {level: sum(requirement.level is level for requirement in active) for level in Level}
    assert by_level == {Level.BASIC: 563, Level.STANDARD: 867, Level.HIGH: 405}


def test_the_modules_spread_over_the_orders_and_target_types_as_published() -> None:
    modules = edition_2023().modules
    assert [sum(module.order is order for module in modules) for order in Order] == [15, 80, 16]
    assert [sum(module.target_type is each for module in modules) for each in TargetType] == [
        39,
        20,
        38,
        3,
        11,
    ]
    assert [sum(module.kind is kind for module in modules) for kind in Kind] == [36, 75]


def test_a_module_carries_what_the_kompendium_says_about_it() -> None:
    assert edition_2023().module("IND.3.2") == Module(
        id="IND.3.2",
        title="Fernwartung im industriellen Umfeld",
        layer="IND",
        order=Order.R2,
        target_type=TargetType.IT_SYSTEM,
        responsible="OT-Betrieb (Operational Technology, OT)",
        other_roles=(
            "IT-Betrieb",
            "Planende",
            "Wartungspersonal",
            "Datenschutzbeauftragte",
            "Mitarbeitende",
        ),
    )


def test_every_id_occurs_once_and_every_reference_leads_somewhere() -> None:
    index = edition_2023()
    modules = [module.id for module in index.modules]
    requirements = [requirement.id for requirement in index.requirements]
    threats = [threat.id for threat in index.threats]
    assert len(set(modules)) == len(modules)
    assert len(set(requirements)) == len(requirements)
    assert len(set(index.cross_references)) == len(index.cross_references)
    assert {requirement.module for requirement in index.requirements} == set(modules)
    assert {module.layer for module in index.modules} == {layer.id for layer in index.layers}
    assert {threat for _, threat in index.cross_references} == set(threats)
    assert {requirement for requirement, _ in index.cross_references} <= set(requirements)


def test_every_active_requirement_works_against_a_threat() -> None:
    index = edition_2023()
    idle = [each.id for each in index.requirements if not each.withdrawn and not index.threats_of(each.id)]
    assert idle == []


def test_every_module_has_an_active_requirement() -> None:
    index = edition_2023()
    empty = [
        module.id
        for module in index.modules
        if all(requirement.withdrawn for requirement in index.requirements_of(module.id))
    ]
    assert empty == []


def test_values_are_named_for_all_active_high_requirements_and_one_other() -> None:
    active = [requirement for requirement in edition_2023().requirements if not requirement.withdrawn]
    high = {requirement.id for requirement in active if requirement.level is Level.HIGH}
    assert {requirement.id for requirement in active if requirement.protection} == high | {"SYS.2.1.A34"}
    assert {letter for requirement in active for letter in requirement.protection} == {"C", "I", "A"}


def test_the_index_holds_no_wordings() -> None:
    index = edition_2023()
    assert {requirement.text for requirement in index.requirements} == {""}
    assert {module.introduction + module.objective + module.scope for module in index.modules} == {""}


def test_modules_and_requirements_stand_in_reading_order() -> None:
    index = edition_2023()
    assert list(index.modules) == sorted(index.modules, key=lambda module: reading_order(module.id))
    assert index.requirements == in_reading_order(reversed(index.requirements))
    assert [layer.id for layer in index.layers] == list(LAYER_IDS)


def test_a_number_of_two_digits_stands_behind_one_of_one_digit() -> None:
    assert sorted(["CON.10", "CON.2", "ORP.5", "CON.11.1"], key=reading_order) == [
        "ORP.5",
        "CON.2",
        "CON.10",
        "CON.11.1",
    ]


def test_the_index_is_read_once() -> None:
    assert edition_2023() is edition_2023()


def test_what_is_unknown_has_no_requirements_and_no_threats() -> None:
    assert edition_2023().requirements_of("NET.99") == ()
    assert edition_2023().threats_of("NET.99.A1") == ()
    with pytest.raises(KeyError):
        edition_2023().module("NET.99")
    with pytest.raises(KeyError):
        edition_2023().requirement("NET.99.A1")


def test_a_comma_within_brackets_does_not_part_roles() -> None:
    assert split_roles("Planende, OT-Betrieb (Operational Technology, OT),Haustechnik") == (
        "Planende",
        "OT-Betrieb (Operational Technology, OT)",
        "Haustechnik",
    )


def test_short_forms_of_roles_become_full_names() -> None:
    assert split_roles("ISB, OT-Betrieb") == (
        "Informationssicherheitsbeauftragte (ISB)",
        "OT-Betrieb (Operational Technology, OT)",
    )


ROLE_NAMES = sorted({role for each in edition_2023().requirements for role in each.roles})


@given(st.lists(st.sampled_from(ROLE_NAMES), unique=True))
def test_joined_roles_split_into_the_same_roles(roles: list[str]) -> None:
    assert split_roles(", ".join(roles)) == tuple(roles)


def _worded() -> Catalogue:
    index = edition_2023()
    return replace(
        index,
        modules=tuple(replace(each, introduction="E", objective="Z", scope="A") for each in index.modules),
        requirements=tuple(replace(each, text=f"Text {each.id}") for each in index.requirements),
        cross_references=(),
    )


def test_merging_adds_the_wordings_and_keeps_all_else() -> None:
    index, worded = edition_2023(), _worded()
    merged = merge(index, worded)
    assert merged == replace(worded, cross_references=index.cross_references)


def test_the_same_catalogue_has_no_differences() -> None:
    assert differences(edition_2023(), _worded()) == ()


def test_each_difference_is_named() -> None:
    index = edition_2023()
    first, second, *others = index.requirements
    other = replace(
        index,
        edition="2024",
        layers=(replace(index.layers[0], title="Leitung"), *index.layers[1:]),
        threats=index.threats[:-1],
        requirements=(
            replace(first, title="Anderes", level=Level.HIGH, roles=("Planende",)),
            replace(second, id="ISMS.1.A99"),
            *others,
        ),
    )
    assert differences(index, other) == (
        Difference("G 0.47", "missing"),
        Difference(second.id, "missing"),
        Difference("ISMS.1.A99", "unknown"),
        Difference("IT-Grundschutz-Kompendium", "edition", "2023", "2024"),
        Difference("ISMS", "title", "Sicherheitsmanagement", "Leitung"),
        Difference(first.id, "title", first.title, "Anderes"),
        Difference(first.id, "level", "B", "H"),
        Difference(first.id, "roles", "Institutionsleitung", "Planende"),
    )


def test_a_changed_module_is_named_by_what_changed() -> None:
    index = edition_2023()
    changed = replace(
        index.modules[0],
        order=Order.R3,
        target_type=TargetType.NETWORK,
        responsible="Planende",
        other_roles=(),
    )
    found = differences(index, replace(index, modules=(changed, *index.modules[1:])))
    assert [difference.text.en for difference in found] == [
        "ISMS.1: order of implementation is “R3” instead of “R1”",
        "ISMS.1: type of target object is “Netz” instead of “Informationsverbund/übergeordnete Aspekte”",
        "ISMS.1: responsible role is “Planende” instead of “Informationssicherheitsbeauftragte (ISB)”",
        "ISMS.1: list of roles is “” instead of “Vorgesetzte, Institutionsleitung”",
    ]


def test_merging_with_another_catalogue_is_refused_and_names_the_first_differences() -> None:
    index = edition_2023()
    with pytest.raises(UnreadableCatalogue) as refused:
        merge(index, replace(_worded(), requirements=_worded().requirements[7:]))
    assert refused.value.text.de == (
        "Der Inhalt der Datei weicht vom IT-Grundschutz-Kompendium, Edition 2023, ab. "
        "ISMS.1.A1 fehlt; ISMS.1.A2 fehlt; ISMS.1.A3 fehlt; ISMS.1.A4 fehlt; ISMS.1.A5 fehlt; und 2 weitere. "
        "Es wurde nichts übernommen. Bitte die Datei unverändert von der Website des BSI herunterladen und "
        "erneut einlesen."
    )
    assert refused.value.text.en == (
        "The content of the file departs from the IT-Grundschutz-Kompendium, Edition 2023. "
        "ISMS.1.A1 is missing; ISMS.1.A2 is missing; ISMS.1.A3 is missing; ISMS.1.A4 is missing; "
        "ISMS.1.A5 is missing; and 2 more. "
        "Nothing was imported. Please download the file unchanged from the website of the BSI and import it "
        "again."
    )


def test_every_level_kind_and_target_type_has_a_name_in_both_languages() -> None:
    named = [each.label for enumeration in (Level, Kind, TargetType) for each in enumeration]
    assert all(label.de and label.en for label in named)
    assert len({label.de for label in named}) == len({label.en for label in named}) == len(named)
