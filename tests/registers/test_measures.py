"""Measures and their library: the files of the SDM, templates, and measures of one's own."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from assessments.grundschutz.measure_rules import RULES as ID_RULES
from compliance.errors import Refused
from compliance.findings import Finding
from compliance.people import Role
from compliance.rules import Rule
from registers.importing.sdm import (
    ATTRIBUTION,
    LibraryImport,
    SdmMeasure,
    import_generic,
    import_sdm,
    read_sdm,
)
from registers.measures import Goal, Measure, Origin, Progress, generic_measures, requirement_ids
from registers.processing import ProcessingActivity, Stage
from tests.browsers import Browsers
from tests.city import FOUNDER, City

SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
SDM = Path(__file__).parents[3] / "shared" / "data" / "sdm"
FILES = sorted(SDM.glob("massnahmen_*.csv")) if SDM.is_dir() else []
needs_files = pytest.mark.skipif(not FILES, reason="the files of the SDM are not here")

FOUR = 'Nr.,Maßnahme,"P, D, C, A",Gültigkeit\nM60.P03,"Löschen, mit Protokoll",P,V1.0\n'
SIX = (
    "\ufeffEbene,Nr.,Maßnahme,Datenschutzrisiko,PDCA,Gültigkeit\r\n"
    'Daten,M11.D01,Inventur,normal,"P, D",V1.0\r\n\r\n'
)


def taken_in(city: City, *measures: SdmMeasure) -> LibraryImport:
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        return import_sdm(session, measures)


def stored(city: City) -> list[Measure]:
    with city.site.database.reading(city.id) as session:
        return list(session.scalars(select(Measure).order_by(Measure.number)))


# --- Files ---------------------------------------------------------------------------------------


def test_files_of_four_and_of_six_columns_say_the_same_things() -> None:
    assert read_sdm(FOUR.encode(), "60.csv") == (
        SdmMeasure("M60.P03", "Löschen, mit Protokoll", "P", "", "V1.0"),
    )
    assert read_sdm(SIX.encode(), "11.csv") == (SdmMeasure("M11.D01", "Inventur", "P, D", "normal", "V1.0"),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Spalten"),
        (b"Name,Wert\nx,y\n", "Spalten"),
        ("Nr.,Maßnahme\nM60,zu kurz\n".encode(), "Zeile 2"),
        ("Nr.,Maßnahme\nM60.P01,\n".encode(), "Zeile 2"),
        ("Nr.,Maßnahme\nM60.P01,a\nM60.P01,b\n".encode(), "zweimal"),
        ("Nr.,Maßnahme\nM60.P01,ä\n".encode("cp1252"), "UTF-8"),
        ('Nr.,Maßnahme\nM60.P01,"offen\n'.encode(), "kein CSV"),
    ],
)
def test_what_is_no_such_file_is_refused_with_its_place(content: bytes, said: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_sdm(content, "datei.csv")
    assert said in refusal.value.text.de
    assert "datei.csv" in refusal.value.text.de


@given(
    texts=st.lists(
        st.text(
            st.characters(categories=("L", "N", "P"), exclude_characters='"'), min_size=3, max_size=60
        ).filter(lambda text: text.strip(" ,;") and text.strip(" ,;").isprintable()),
        max_size=9,
    )
)
def test_whatever_a_measure_says_is_read_from_its_cell(texts: list[str]) -> None:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("Nr.", "Maßnahme", "PDCA", "Gültigkeit"))
    for number, text in enumerate(texts, start=1):
        writer.writerow((f"M60.P{number:02}", text, "P", "V1.0"))
    found = read_sdm(out.getvalue().encode(), "60.csv")

    assert [measure.id for measure in found] == [f"M60.P{n:02}" for n in range(1, len(texts) + 1)]


@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(Refused):
        read_sdm(content, "irgendwas.csv")


@needs_files
def test_the_published_files_hold_exactly_361_measures() -> None:
    found = [measure for file in FILES for measure in read_sdm(file.read_bytes(), file.name)]

    assert len(found) == len({measure.id for measure in found}) == 361
    assert all(measure.text and set(measure.phases) <= set("PDCA, ") for measure in found)


@needs_files
@SQLITE
def test_the_published_files_can_be_taken_in_again_and_again(city: City) -> None:
    found = [measure for file in FILES for measure in read_sdm(file.read_bytes(), file.name)]

    assert taken_in(city, *found) == LibraryImport(created=361)
    assert taken_in(city, *found) == LibraryImport(unchanged=361)
    measures = stored(city)
    assert {(m.library, m.origin, m.attribution, m.gaps) for m in measures} == {
        (True, Origin.SDM, ATTRIBUTION, 0)
    }


# --- Library -------------------------------------------------------------------------------------


@SQLITE
def test_a_changed_wording_reaches_the_template_and_no_measure_of_ones_own(city: City) -> None:
    taken_in(city, SdmMeasure("M60.P03", "Alt"))
    city.save(Measure(name="Alt", key="M60.P03", progress=Progress.PLANNED))

    assert taken_in(city, SdmMeasure("M60.P03", "Neu"), SdmMeasure("M60.P04", "Dazu")) == LibraryImport(
        1, 1, 0
    )
    assert [(measure.name, measure.library) for measure in stored(city)] == [
        ("Neu", True),
        ("Alt", False),
        ("Dazu", True),
    ]


def test_the_generic_measures_serve_every_goal_and_have_keys_of_their_own() -> None:
    found = generic_measures()

    assert {goal for measure in found for goal in measure.goals} == set(Goal)
    assert len({measure.key for measure in found}) == len({measure.name for measure in found}) == len(found)
    assert all(len(measure.description) > 60 for measure in found)


@SQLITE
def test_the_generic_measures_are_taken_in_once(city: City) -> None:
    counts = []
    for _ in range(2):
        with city.site.database.writing(city.id, actor=FOUNDER) as session:
            counts.append(import_generic(session))

    assert counts == [
        LibraryImport(created=len(generic_measures())),
        LibraryImport(unchanged=len(generic_measures())),
    ]


def _file(content: bytes) -> Any:
    return FileStorage(io.BytesIO(content), "baustein.csv")


@SQLITE
def test_files_are_uploaded_and_a_template_becomes_a_measure_of_ones_own(
    browsers: Browsers, city: City
) -> None:
    browser = browsers.of(Role.DSB)
    browser.get("/registers/measures/library")
    browser.post("/registers/measures/library", [("files", _file(FOUR.encode()))])
    browser.post("/registers/measures/library", status=422)
    browser.post("/registers/measures/library", [("files", _file(b"x"))], status=422)
    assert "Als eigene Maßnahme übernehmen" in browser.page("/registers/measures/1").main

    browsers.of(Role.ISB).post("/registers/measures/1/adopt")

    template, own = stored(city)
    assert (template.library, own.library, own.name, own.sdm_module) == (
        True,
        False,
        template.name,
        "M60.P03",
    )
    assert browsers.of(Role.READER).status("POST", "/registers/measures/1/adopt") == 403
    assert browser.status("POST", "/registers/measures/2/adopt") == 422
    assert browsers.of(Role.COORDINATOR).status("GET", "/registers/measures/library") == 403


@SQLITE
def test_activities_are_offered_measures_and_no_templates(browsers: Browsers, city: City) -> None:
    taken_in(city, SdmMeasure("M60.P03", "Eine Vorlage"))
    city.save(Measure(name="Eigene Maßnahme"))
    text = browsers.of(Role.COORDINATOR).get("/registers/processing-activities/new").text

    assert ("Eigene Maßnahme" in text, "Eine Vorlage" in text) == (True, False)


# --- Rules ---------------------------------------------------------------------------------------


@SQLITE
def test_a_measure_in_use_satisfies_the_record_and_must_be_in_effect(city: City) -> None:
    measure = Measure(name="Anmeldung mit zwei Faktoren", progress=Progress.PLANNED)
    activity = ProcessingActivity(name="Wohngeld", stage=Stage.OPERATION, measures_used=[measure])
    city.save(measure, activity)

    def broken(entry: Measure | ProcessingActivity) -> set[str]:
        with city.site.database.reading(city.id) as session:
            return set(session.scalars(select(Finding.rule).where(Finding.entry_id == entry.id)))

    assert "VVT-009" not in broken(activity)
    assert "TOM-001" in broken(measure)
    city.change(measure, progress=Progress.IMPLEMENTED)
    assert "TOM-001" not in broken(measure)


@given(ids=st.lists(st.from_regex(r"[A-Z]{3}\.[1-9]\.A[1-9]", fullmatch=True), unique=True, max_size=6))
def test_identifiers_are_found_whatever_separates_them(ids: list[str]) -> None:
    assert requirement_ids(", ".join(ids)) == requirement_ids("; ".join(ids).lower()) == tuple(ids)


@pytest.mark.parametrize("rule", ID_RULES.rules, ids=lambda rule: rule.id)
def test_requirements_are_looked_up_in_the_shipped_index(rule: Rule[Measure]) -> None:
    bad, good = rule.breaks(), rule.keeps()

    assert [hit.words for hit in rule.check(bad.entry, bad.situation)] == [{"ids": "ORP.4.A999"}]
    assert list(rule.check(good.entry, good.situation)) == []
