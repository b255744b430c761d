"""A file of a catalogue is known by its content, whatever it is called and wherever it is sent."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz.arrivals import Kind, recognised
from assessments.grundschutz.oscal_profile import Source
from compliance.errors import Refused
from tests.assessments.grundschutz import wiba_workbooks
from tests.assessments.grundschutz.cross_tables import tables, workbook
from tests.assessments.grundschutz.mapping_documents import collection, mapped
from tests.assessments.grundschutz.oscal_documents import catalogue, control, profile, written

SMALL = (Path(__file__).parent / "kompendium_small.xml").read_text(encoding="utf-8")
TABLE = {"Blatt": [["Baustein", "Stufe"], ["CON.3", "B"]]}
YAML = b"catalog:\n  uuid: 1\n  metadata:\n    title: Katalog\n"
XML = b'<?xml version="1.0"?>\n<catalog xmlns="http://csrc.nist.gov/ns/oscal/1.0" uuid="1"/>'


@pytest.mark.parametrize(
    ("data", "name", "kind"),
    [
        (SMALL.encode(), "kompendium.xml", Kind.WORDINGS),
        (b"\xef\xbb\xbf  " + SMALL.encode(), "kompendium", Kind.WORDINGS),
        (SMALL.replace("UTF-8", "UTF-16").encode("utf-16"), "kompendium.txt", Kind.WORDINGS),
        (workbook(tables()), "Tabelle1.xlsx", Kind.REFERENCES),
        (workbook(wiba_workbooks.questions()), "a.xlsx", Kind.WIBA),
        (workbook(wiba_workbooks.links({(3, 1): ["CON.3.A1"]})), "b", Kind.WIBA),
        (workbook(TABLE), "profil.xlsx", Kind.TABLE),
        (b"Baustein;Stufe\nCON.3;B\n", "profil.CSV", Kind.TABLE),
        (written(catalogue(control("c1"))), "katalog.txt", Kind.CATALOGUE),
        (written(profile({"href": "#1"})), "profil.json", Kind.CATALOGUE),
        (written(collection(mapped("CON.3.A1", "K.1", "equal-to"))), "m.json", Kind.MAPPING),
    ],
)
def test_the_content_says_what_a_file_is(data: bytes, name: str, kind: Kind) -> None:
    assert recognised(Source(name, data)).kind is kind


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (XML, "enthält OSCAL als XML. Gelesen wird OSCAL als JSON"),
        (YAML, "enthält OSCAL als YAML. Gelesen wird OSCAL als JSON"),
        (b"---\n" + YAML, "enthält OSCAL als YAML"),
        (b"%PDF-1.7", "„datei“ ist keine Datei eines Katalogs"),
        (b"", "„datei“ ist keine Datei eines Katalogs"),
        (b"PK\x03\x04 ein Archiv", "„datei“"),
    ],
)
def test_what_is_no_file_of_a_catalogue_is_refused_by_name(data: bytes, said: str) -> None:
    with pytest.raises(Refused) as refused:
        recognised(Source("datei", data))
    assert said in refused.value.text.de


@given(data=st.binary(max_size=200), name=st.sampled_from(["a", "a.csv", "a.xlsx", "a.json", "a.xml"]))
def test_any_bytes_are_recognised_or_refused(data: bytes, name: str) -> None:
    with suppress(Refused):
        assert recognised(Source(name, data)).kind in Kind
