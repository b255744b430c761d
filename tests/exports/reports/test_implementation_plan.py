"""Paper A.6 names everything that is not met, every measure once, and sums that agree with each other."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from openpyxl import load_workbook

from assessments.grundschutz.check import Status
from assessments.grundschutz.plan import plan_of
from compliance.database import today
from exports import pdf, xlsx
from exports.document import Document, Figure, Grid, Note, Timeline
from exports.reports.implementation_plan import places_of, report, timeline, year_rows
from exports.reports.register import Issuer
from registers.measures import Priority, Progress
from tests.assessments.grundschutz.planning import EARLY, LATE, Town
from tests.city import City
from tests.exports.conformance import problems

SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


@pytest.fixture
def town(city: City) -> Town:
    """A town with measures of every kind, and one requirement without any."""
    town = Town(city)
    for server in (0, 1):
        town.answer("SYS.1.1.A2", server=server)
    town.answer("ORP.4.A2", Status.PARTIAL, measure="Abmelden regeln.")
    town.answer("ORP.4.A3")
    town.answer("CON.1.A1", Status.YES)
    concept = town.measure(
        "Konzept", "ORP.4.A2", responsible="Amt 11", planned_from=today(), planned_until=LATE,
        staff_once=1000, material_yearly=200, priority=Priority.FIRST,
    )  # fmt: skip
    servers = town.measure(
        "Server härten", "SYS.1.1.A2", responsible="Amt 11", planned_until=EARLY, material_once=5000,
        progress=Progress.IN_PROGRESS,
    )  # fmt: skip
    town.measure("Verschlüsselung", "CON.1.A1", progress=Progress.CHECKED, evidence="Prüfbericht")
    town.wait(servers, concept)
    return town


def printed(town: Town, language: str = "de") -> Document:
    issuer = Issuer("Stadt", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), language)
    with town.reading() as session:
        domain = town.domain(session)
        return report(domain, plan_of(session, domain), issuer)


def grids(document: Document) -> dict[str, Grid]:
    return {block.caption: block for block in document.blocks if isinstance(block, Grid)}


@SQLITE
def test_a_measure_for_many_objects_names_their_number(town: Town) -> None:
    with town.reading() as session:
        item = next(each for each in plan_of(session, town.domain(session)).items if len(each.places) == 2)
    assert places_of(item, "de") == "; ".join(item.places)
    many = replace(
        item, shortfalls=tuple(replace(item.shortfalls[0], place=f"ZO-{n:04}") for n in range(1, 1201))
    )
    assert places_of(many, "de") == "1.200 Zielobjekte, einzeln bei den Anforderungen"
    assert places_of(many, "en") == "1,200 target objects, one by one with the requirements"


@SQLITE
def test_every_requirement_that_is_not_met_stands_with_its_measures_or_the_lack_of_one(town: Town) -> None:
    rows = [row[:6:5] for row in grids(printed(town))["Nicht oder teilweise erfüllte Anforderungen"].rows]
    assert rows == [
        ("IV-0001/ORP.4.A2", "MA-0001 Konzept"),
        ("IV-0001/ORP.4.A3", "noch keine Maßnahme"),
        ("IV-0001/ZO-0001/SYS.1.1.A2", "MA-0002 Server härten"),
        ("IV-0001/ZO-0002/SYS.1.1.A2", "MA-0002 Server härten"),
    ]


@SQLITE
def test_the_cover_of_what_is_missing_counts_it(town: Town) -> None:
    (note,) = (block for block in printed(town).blocks if isinstance(block, Note))
    assert note.text == "Nicht erfüllte Anforderungen ohne Maßnahme: 1"


@SQLITE
def test_all_tables_of_costs_have_the_same_sum(town: Town) -> None:
    found = grids(printed(town))
    sums = [
        row[2:]
        for title in ("Nach Priorität", "Nach Reihenfolge und Stufe", "Nach Verantwortlichen")
        for row in found[title].rows
        if row[0] == "Summe"
    ]
    assert sums == [(1000, 5000, 0, 200)] * 3
    years = list(found["Nach Jahren"].rows)
    assert sum(row[1] for row in years) == 1000  # type: ignore[misc]
    assert sum(row[2] for row in years) == 5000  # type: ignore[misc]


@SQLITE
def test_a_measure_without_a_day_has_a_line_of_its_own(town: Town) -> None:
    town.measure("Ohne Termin", "ORP.4.A3", staff_once=70)
    names = [name for name, _cost in year_rows(town.plan(), "de")]
    assert names[0] == str(today().year)
    assert names[-1] == "ohne Termin"


@SQLITE
def test_the_picture_shows_what_the_table_says(town: Town) -> None:
    document = printed(town)
    (figure,) = (block for block in document.blocks if isinstance(block, Figure))
    assert isinstance(figure.chart, Timeline)
    assert [(each.key, each.tone, each.after) for each in figure.chart.stretches] == [
        ("MA-0001", "open", ()),
        ("MA-0002", "fair", ("MA-0001",)),
    ]
    assert figure.chart.sections == ("R1: zuerst umsetzen", "R2: danach umsetzen")
    assert [row[0] for row in grids(document)["Maßnahmen"].rows] == ["MA-0001", "MA-0002"]
    # It waits for a measure that ends half a year later.
    late = figure.chart.stretches[1]
    assert (late.end, late.expected) == (EARLY, LATE + timedelta(days=1))
    assert late.note == "Amt 11, in Umsetzung, bis 31.03.2027, frühestens 01.10.2027"


@SQLITE
def test_what_is_finished_is_listed_with_its_evidence(town: Town) -> None:
    rows = list(grids(printed(town))["Umgesetzte Maßnahmen"].rows)
    assert rows == [("MA-0003", "Verschlüsselung", "CON.1.A1", "", None, "Prüfbericht")]


@SQLITE
@pytest.mark.parametrize("language", ["de", "en"])
def test_it_prints_as_pdf_and_workbook(town: Town, language: str) -> None:
    document = printed(town, language)
    out = io.BytesIO()
    pdf.write(document, out)
    assert problems(out.getvalue()) == []
    out = io.BytesIO()
    xlsx.write(document, out)
    out.seek(0)
    sheets = load_workbook(out).sheetnames
    assert ("Maßnahmen" if language == "de" else "Measures") in sheets


@SQLITE
def test_an_empty_plan_says_so(city: City) -> None:
    town = Town(city)
    (note,) = (block for block in printed(town).blocks if isinstance(block, Note))
    assert note.title == "Nichts geplant"
    assert timeline(town.plan(), "de").stretches == ()
