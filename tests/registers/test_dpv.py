"""Records of processing come in from RDF, whichever edition of the Data Privacy Vocabulary they use."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.errors import Refused
from compliance.fields import Span, TimeUnit
from registers import importing
from registers.importing import Plan, dpv, packed, unpacked
from registers.processing import LegalBasis, ProcessingActivity, RecipientKind, Subjects
from registers.processors import Processor
from tests.city import City
from tests.registers.test_importing import imported, stored

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "ropa"
OLD, NEW = "https://w3id.org/dpv/dpv-skos#", "https://w3id.org/dpv#"
OLD_LAW, NEW_LAW = "https://w3id.org/dpv/dpv-skos/dpv-gdpr#", "https://w3id.org/dpv/legal/eu/gdpr#"
RECORD = """@prefix dpv: <{dpv}> .
@prefix law: <{law}> .
@prefix dpcat: <https://w3id.org/dpcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix time: <https://www.w3.org/TR/owl-time/> .
@prefix : <https://amt.example/#> .

:hunde a dpcat:ROPARecord ;
    dct:title "Hundesteuer"@de, "Dog tax"@en ;
    dct:description "Erhebung der Hundesteuer"@de ;
    dpv:hasPurpose :steuer ;
    dpv:hasLegalBasis :satzung, dpv:Sternenstaub ;
    dpv:hasDataSubject :halter, dpv:Child ;
    dpv:hasRecipient :kasse ;
    dpv:hasPersonalData :hund, :gesundheit ;
    dpv:hasStorageCondition [ dpv:hasDuration [
        dpv:hasPersonalData :hund ; dpv:isAfter "Abmeldung"@de ;
        time:numericDuration "10" ; time:unitType time:unitYear ] ] .
:steuer a dpv:Purpose ; skos:prefLabel "Steuer festsetzen"@de .
:satzung skos:broaderTransitive law:A6-1-e ; skos:prefLabel "Hundesteuersatzung"@de .
:halter skos:broaderTransitive dpv:Citizen .
:kasse a dpv:OrganisationalUnit ; dpv:hasName "Stadtkasse"@de .
:gesundheit skos:broader <https://w3id.org/dpv/pd#HealthRecord> ; skos:prefLabel "Assistenzhund"@de .
"""

in_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def turtle(*, old: bool) -> bytes:
    return RECORD.replace("{dpv}", OLD if old else NEW).replace("{law}", OLD_LAW if old else NEW_LAW).encode()


def planned(content: bytes, name: str = "verzeichnis.ttl") -> Plan:
    table = importing.read_table(ProcessingActivity, content, name)
    columns = importing.match_columns(ProcessingActivity, table.headers)
    return importing.plan(ProcessingActivity, unpacked(packed(table)), columns, importing.Known())


@in_sqlite
@pytest.mark.parametrize("old", [True, False])
def test_terms_become_answers_and_the_rest_stays_as_text(city: City, old: bool) -> None:
    plan = imported(turtle(old=old), city)
    (entry,) = stored(city)

    assert (entry.name, entry.description) == ("Hundesteuer", "Erhebung der Hundesteuer")
    assert entry.subjects == (Subjects.RESIDENTS, Subjects.CHILDREN)
    assert [(p.text, p.legal_basis, p.norm) for p in entry.purposes] == [
        ("Steuer festsetzen", LegalBasis.PUBLIC_TASK, "Hundesteuersatzung"),
        ("Steuer festsetzen", None, "Sternenstaub"),
    ]
    assert [(d.text, d.special, d.period, d.start_event) for d in entry.data] == [
        ("Assistenzhund", True, None, ""),
        ("hund", None, Span(10, TimeUnit.Y), "Abmeldung"),
    ]
    assert [(r.text, r.kind) for r in entry.recipients] == [("Stadtkasse", RecipientKind.INTERNAL)]
    assert [(left.row, left.words) for left in plan.leftovers] == [(9, "Sternenstaub")]


@in_sqlite
def test_reading_the_same_file_again_changes_nothing(city: City) -> None:
    imported(turtle(old=False), city)
    again = imported(turtle(old=True), city)

    assert again.counts() | {"unknown_words": 0} == {
        "created": 0, "changed": 0, "unchanged": 1, "refused": 0, "unknown_words": 0,
    }  # fmt: skip


@in_sqlite
@pytest.mark.parametrize(("name", "count"), [("EDPS_U01a", 3), ("EDPS_U05", 4), ("EDPS_U13", 1)])
def test_records_of_the_european_supervisor_come_in(city: City, name: str, count: int) -> None:
    file = SHARED / f"{name}.ttl"
    if not file.exists():
        pytest.skip("the reference data are not here")
    plan = imported(file.read_bytes(), city)

    assert (len(plan.created), plan.refused) == (count, ())
    assert all(entry.purposes and entry.data and entry.contact for entry in stored(city))
    assert imported(file.read_bytes(), city).changed == ()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"@prefix a: <x#> .\n\na:b a:c\n", "Zeile 3: objectList expected"),
        (b"@prefix a: <x#> .\na:b a:c a:d\na:e a:f a:g .", "Zeile 3: expected '.'"),
        (b'a:b a:c "x" .', 'Zeile 1: Prefix "a:" not bound'),
        (b'@prefix a: <x#> .\na:b a:c "\xff" .', "nicht in UTF-8 geschrieben: Zeile 2"),
        (b"@prefix a: <x#> .\na:b a:c a:d .", "kein Verzeichniseintrag"),
        (b"@prefix a: <x#> .\n" + b"[ a:b " * 5_000, "kein gültiges Turtle|nicht als Turtle lesen"),
    ],
)
def test_what_is_no_record_is_refused_with_the_line(content: bytes, says: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        planned(content)
    assert "verzeichnis.ttl" in refused.value.text.de


def test_a_file_beyond_the_limit_is_refused() -> None:
    with pytest.raises(Refused, match="zu groß"):
        planned(b"#" * 6_000_000)


def test_turtle_is_known_by_how_it_begins() -> None:
    assert planned(turtle(old=False), "ohne-endung").created[0].name == "Hundesteuer"
    assert not dpv.is_turtle(b"Bezeichnung;Zwecke\n", "bestand.csv")


def test_other_registers_take_no_records_of_processing() -> None:
    with pytest.raises(Refused, match="nur in deren Verzeichnis"):
        importing.read_table(Processor, turtle(old=False), "verzeichnis.ttl")


@settings(max_examples=60)
@given(st.data())
def test_any_damaged_file_is_read_or_refused(data: st.DataObject) -> None:
    content = bytearray(turtle(old=False))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=20)):
        content[place] = data.draw(st.integers(0, 255))
    with contextlib.suppress(Refused):
        planned(bytes(content))
