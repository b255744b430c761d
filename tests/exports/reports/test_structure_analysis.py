"""Paper A.1 holds the scope, both pictures, and every object of the domain in the list of its kind."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from assessments.grundschutz.domain import Approach, Catalogue, InformationDomain
from assessments.grundschutz.structure import structure_of
from compliance.entry import everything
from exports import pdf, xlsx
from exports.document import Document, Figure, Graph, Grid, Heading, Note, Prose
from exports.reports.register import Issuer
from exports.reports.structure_analysis import report
from registers.connections import Connection
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from registers.processors import Processor
from tests.assessments.grundschutz.house import ACTOR, ORGANISATION, House
from tests.exports.conformance import problems


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield house
    house.database.engine.dispose()


def city(house: House, count: int = 1) -> None:
    """A domain with *count* objects of each kind, each on one of the next kind, all run by one provider."""
    provider = Processor(name="Rechenzentrum AöR")
    things: list[TargetObject] = []
    below: list[TargetObject] = []
    for kind in reversed(ObjectKind):
        below = [
            TargetObject(
                name=f"{kind.text.de} {number}", kind=kind, status=ObjectStatus.OPERATION,
                depends_on=below[number % max(len(below), 1) :][:2], provider=provider, count=number + 1,
            )
            for number in range(count)
        ]  # fmt: skip
        things += below
    outside = TargetObject(name="Landesnetz", kind=ObjectKind.NETWORK)
    things[-1].depends_on = [*things[-1].depends_on, outside]
    link = Connection(name="Übergang", start=things[0], end=outside)
    domain = InformationDomain(
        name="Stadt", approach=Approach.STANDARD, scope="Die ganze Stadt.", objects=things,
        catalogue=Catalogue.KOMPENDIUM_2023,
    )  # fmt: skip
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        session.add_all([provider, outside, *things, link, domain])


def printed(house: House, language: str = "de", name: str = "Stadt") -> Document:
    issuer = Issuer("Stadt Beispiel", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), language)
    with house.database.reading(ORGANISATION) as session:
        query = select(InformationDomain).where(InformationDomain.name == name)
        domain = session.scalars(query.options(*everything(InformationDomain))).one()
        return report(domain, structure_of(session, domain), issuer)


def grids(document: Document) -> dict[str, Grid]:
    return {block.caption: block for block in document.blocks if isinstance(block, Grid)}


def test_each_object_stands_in_the_list_of_its_kind_with_what_it_stands_on(house: House) -> None:
    city(house, 2)
    found = {caption: list(grid.rows) for caption, grid in grids(printed(house)).items()}
    assert {caption: len(rows) for caption, rows in found.items()} == {
        "Bestand in Zahlen": 9,
        "Geschäftsprozesse": 2, "Anwendungen": 2, "IT-Systeme": 2, "ICS-Systeme": 2, "IoT-Geräte": 2,
        "Netze": 2, "Räume": 2, "Gebäude": 2, "Objekte außerhalb des Verbunds": 1,
        "Kommunikationsverbindungen": 1, "Dienstleister": 1,
    }  # fmt: skip
    first = found["Räume"][0]
    assert first[1] == "Raum 0"
    assert [cell for cell in first if "Gebäude 0" in str(cell)]
    assert "Geschäftsprozess 0" in str(found["Dienstleister"][0][2])


def test_the_inventory_is_counted_by_kind_with_the_groups_behind_each_entry(house: House) -> None:
    city(house, 3)
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        query = select(TargetObject).where(TargetObject.name == "Raum 0")
        session.scalars(query.options(*everything(TargetObject))).one().status = ObjectStatus.RETIRED
    rows = {str(row[0]): row[1:] for row in grids(printed(house))["Bestand in Zahlen"].rows}
    assert (rows["Anwendungen"], rows["Räume"], rows["Zusammen"]) == ((3, 6, 3), (3, 6, 2), (24, 48, 23))


def test_what_is_stated_nowhere_is_named_and_not_printed(house: House) -> None:
    city(house)
    document = printed(house)
    grid = grids(document)["Anwendungen"]
    said = document.blocks[document.blocks.index(grid) + 1]
    assert said == Prose(
        "Bei keinem dieser Einträge angegeben: Beschreibung, Verantwortlich, Benutzende, Informationen."
    )
    assert [column.label for column in grid.columns if column.on_paper] == [
        "Kennung", "Bezeichnung", "Anzahl", "Dienstleister", "Status", "Beruht auf", "Wird gebraucht von",
    ]  # fmt: skip


def test_of_many_dependents_a_cell_gives_the_identifiers(house: House) -> None:
    server = TargetObject(name="Wirt", kind=ObjectKind.IT_SYSTEM)
    uses = [
        TargetObject(name=f"Verfahren {number}", kind=ObjectKind.APPLICATION, depends_on=[server])
        for number in range(7)
    ]
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        session.add_all([server, *uses, InformationDomain(name="Stadt", objects=[server, *uses])])
    (row,) = grids(printed(house))["IT-Systeme"].rows
    assert row[-1] == "7 Objekte: " + ", ".join(sorted(one.designation for one in uses))


@pytest.mark.parametrize("language", ["de", "en"])
def test_both_pictures_say_in_words_how_much_they_show(house: House, language: str) -> None:
    city(house, 2)
    figures = [block for block in printed(house, language).blocks if isinstance(block, Figure)]
    assert len(figures) == 2
    for figure in figures:
        assert isinstance(figure.chart, Graph)
        assert figure.alt.startswith(f"{figure.caption}: {len(figure.chart.nodes)} ")


def test_an_empty_domain_gives_a_paper_that_says_so(house: House) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        session.add(InformationDomain(name="Leer"))
    document = printed(house, name="Leer")
    assert [block.severity for block in document.blocks if isinstance(block, Note)] == ["warning"]
    assert grids(document) == {}
    assert [block.text for block in document.blocks if isinstance(block, Heading)] == [
        "Geltungsbereich", "Netzplan und Abhängigkeiten", "Kommunikationsverbindungen", "Dienstleister",
    ]  # fmt: skip


def test_a_city_of_150_objects_is_an_accessible_pdf_and_a_workbook(house: House) -> None:
    city(house, 19)
    document = printed(house)
    out = io.BytesIO()
    pdf.write(document, out)
    assert problems(out.getvalue()) == []
    book = io.BytesIO()
    xlsx.write(document, book)
    sheet = load_workbook(book)["Bericht"]
    cells = {str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert sum(cell.startswith("Anwendung ") for cell in cells) == 19
