"""Any entry leaves in full on paper, with the sections of its page and its rows."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from compliance.app import ALL_RULES
from compliance.entry import Entry
from compliance.judging import Judge
from compliance.people import Role
from exports.catalogue import full_report
from exports.document import Document, Facts, Grid, Heading
from exports.pdf import write
from exports.reports.records import every_id
from exports.reports.register import Issuer
from registers import REGISTERS
from registers.breaches import Breach
from registers.countries import COUNTRIES
from registers.processor_parts import ProcessingLocation, SubProcessor
from registers.processors import Processor
from tests.browsers import Browsers
from tests.city import City
from tests.exports.conformance import problems

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def printed(city: City, model: type[Entry], language: str = "de") -> Document:
    issuer = Issuer("Stadt Musterförde", datetime(2026, 11, 23, 13, 5, tzinfo=UTC), language)
    with city.site.database.reading(city.id) as session:
        return full_report(session, model, every_id(session, model), issuer, Judge(ALL_RULES))


def test_a_processor_leaves_with_contract_checks_and_chain(city: City) -> None:
    city.save(
        Processor(
            name="Rechenzentrum AöR",
            signed_on=date(2026, 3, 2),
            clause_a=True,
            where_a="§ 4",
            locations=[ProcessingLocation(place="Kiel", country=COUNTRIES["DE"])],
            sub_processors=[SubProcessor(company="Kabel GmbH", task="Netz"), SubProcessor(company="Band AG")],
        )
    )
    document = printed(city, Processor)

    facts = [row for block in document.blocks if isinstance(block, Facts) for row in block.rows]
    grids = {block.caption: list(block.rows) for block in document.blocks if isinstance(block, Grid)}
    assert (document.title, document.subject) == ("AV-0001 Rechenzentrum AöR", "Auftragsverarbeiter")
    assert {("Unterzeichnet am", "02.03.2026"), ("a) Nur auf dokumentierte Weisung", "ja")} <= set(facts)
    assert grids == {
        "Orte der Verarbeitung": [("1", "Kiel", "Deutschland")],
        "Weitere Auftragsverarbeiter": [("1", "Kabel GmbH", "Netz"), ("2", "Band AG", "")],
    }


def test_several_entries_follow_each_other_with_their_numbers(city: City) -> None:
    city.save(Processor(name="Eins"), Processor(name="Zwei"))

    headings = [block for block in printed(city, Processor).blocks if isinstance(block, Heading)]

    assert [one.text for one in headings if one.level == 1] == ["AV-0001 Eins", "AV-0002 Zwei"]


def test_sealed_answers_stay_out(city: City) -> None:
    city.save(Breach(name="Verteiler", reporter="Geheime Quelle", description="Offen."))

    document = printed(city, Breach)

    assert "Geheime Quelle" not in str(document)
    assert "Offen." in str(document)


@pytest.mark.parametrize("model", REGISTERS, ids=lambda model: model.slug)
def test_an_empty_entry_of_any_register_makes_an_accessible_sheet(city: City, model: type[Entry]) -> None:
    city.save(model(name="Leer"))
    out = BytesIO()
    write(printed(city, model, "en"), out)

    assert problems(out.getvalue()) == []


def test_the_present_view_leaves_in_full(browsers: Browsers, city: City) -> None:
    city.save(Processor(name="Eins"), Processor(name="Zwei"))
    officer = browsers.of(Role.DSB)

    page = officer.page("/registers/processors/?q=zwei")
    assert "/registers/processors/report.pdf?q=zwei" in page.source
    assert officer.get("/registers/processors/report.pdf?q=zwei").data.startswith(b"%PDF-")
    officer.get("/registers/processors/report.pdf?q=drei", status=404)
    browsers.of(Role.READER).get("/registers/processors/report.pdf", status=403)
