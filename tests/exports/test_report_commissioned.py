"""The record under Art. 30 (2) and the joint controllers of an activity stand in the reports."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from compliance.app import ALL_RULES
from compliance.entry import Entry
from compliance.judging import Judge
from exports.catalogue import REPORTS
from exports.document import Document, Facts, Grid, Heading, Prose
from exports.reports.records import every_id
from exports.reports.register import Issuer
from registers.authority import Authority
from registers.commissioned import CommissionedProcessing, CommissionedTransfer, ServedController
from registers.countries import COUNTRIES
from registers.joint_controllers import JointControllership, JointParty
from registers.processing import ProcessingActivity
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def printed(city: City, model: type[Entry]) -> Document:
    issuer = Issuer("Stadt Musterförde", datetime(2026, 11, 23, 13, 5, tzinfo=UTC), "de")
    with city.site.database.reading(city.id) as session:
        return REPORTS[model](session, every_id(session, model), issuer, Judge(ALL_RULES))


def rows(document: Document, caption: str) -> list[tuple[object, ...]]:
    [grid] = (block for block in document.blocks if isinstance(block, Grid) and block.caption == caption)
    return list(grid.rows)


def test_each_controller_stands_with_what_is_done_for_it(city: City) -> None:
    city.save(
        Authority(name="Stadt Musterförde", town="24999 Musterförde", acts_as_processor=True),
        CommissionedProcessing(
            name="IT-Betrieb",
            controllers=[
                ServedController(text="Schulverband", contact="Büro", officer="DSB", categories="Hosting"),
                ServedController(text="Kreis", contact="Haus", categories="Datensicherung"),
            ],
            third_country=False,
            measures="Konzept 2025",
        ),
    )
    document = printed(city, CommissionedProcessing)

    assert document.subject == "Verzeichnis der Verarbeitungen im Auftrag nach Art. 30 Abs. 2 DSGVO"
    assert rows(document, "Verantwortliche") == [
        ("VA-0001/1", "Schulverband", "Büro", "DSB", "Hosting"),
        ("VA-0001/2", "Kreis", "Haus", "", "Datensicherung"),
    ]
    assert [block.text for block in document.blocks if isinstance(block, Heading)] == [
        "Angaben zum Auftragsverarbeiter",
        "VA-0001 IT-Betrieb",
        "Auftraggeber und Kategorien von Verarbeitungen",
        "Unterauftragnehmer",
        "Übermittlungen in Drittländer",
        "Technische und organisatorische Maßnahmen",
    ]
    assert Facts((("Technische und organisatorische Maßnahmen", "Konzept 2025"),)) in document.blocks
    assert any("nicht geplant" in block.text for block in document.blocks if isinstance(block, Prose))


def test_a_transfer_stands_with_country_and_basis(city: City) -> None:
    relay = CommissionedTransfer(text="Relay Inc.", country=COUNTRIES["US"])
    city.save(CommissionedProcessing(name="Konferenzen", third_country=True, transfers=[relay]))

    assert rows(printed(city, CommissionedProcessing), "Übermittlungen") == [
        ("VA-0001/1", "Relay Inc.", "Vereinigte Staaten", "", "")
    ]


def test_an_activity_names_its_joint_controllers_with_their_contact_details(city: City) -> None:
    joint = JointControllership(
        name="Mobilität",
        parties=[JointParty(text="Werke GmbH", contact="Hafenstraße 3")],
        arrangement="Az. 26",
        arranged_on=date(2025, 5, 12),
        contact_point="mobil@stadt.example",
    )
    city.save(joint, ProcessingActivity(name="Parken", joint_controllerships=[joint]))

    assert rows(printed(city, ProcessingActivity), "Gemeinsame Verantwortung") == [
        ("GV-0001", "Werke GmbH", "Hafenstraße 3", "Az. 26, 12.05.2025", "mobil@stadt.example")
    ]
