"""A domain that follows imported catalogues alone is asked nothing of the Kompendium, and loses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from assessments.grundschutz import control_rules, rules
from assessments.grundschutz.audit_checklist import checklist
from assessments.grundschutz.briefing import briefing, signals
from assessments.grundschutz.check import Given, Status, check_sheet, counts_under
from assessments.grundschutz.check_book import rows as book_rows
from assessments.grundschutz.controls import CatalogueUse, stop_using, use_catalogue, uses_of
from assessments.grundschutz.domain import Approach, Catalogue, Extent, InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.library import control_catalogue, import_oscal
from assessments.grundschutz.modelling import load_assignment
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.plan import plan_of
from assessments.grundschutz.progress import overview
from assessments.grundschutz.readiness import readiness
from assessments.grundschutz.risk_candidates import candidates
from compliance.database import today
from compliance.entry import State, everything
from compliance.people import Role
from exports.reference_papers import papers_of
from registers.objects import TargetObject
from registers.protection import ProtectionNeed
from tests.assessments.grundschutz.house import ACTOR, ISB, ORGANISATION, House, load_domain
from tests.assessments.grundschutz.oscal_documents import catalogue, control, written
from tests.assessments.grundschutz.village import ERASING, SAVING, Village
from tests.browsers import Browsers
from tests.city import City


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    found = House(f"sqlite:///{tmp_path / 'nachweis.db'}", (*rules.RULES, *control_rules.RULES))
    yield found
    found.database.engine.dispose()


def follow(house: House, chosen: Catalogue) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        load_domain(session, house.domain_id).catalogue = chosen


def checked(house: House) -> tuple[int, int, int, int]:
    """How many requirements the sheets, the workbook, the plan and an audit hold."""
    with house.database.reading(ORGANISATION) as session:
        domain = load_domain(session, house.domain_id)
        sheets = [
            check_sheet(session, load_assignment(session, each.id)) for each in overview(session, domain)
        ]
        found = readiness(session, domain, today())
        return (
            sum(len(sheet.rows) for sheet in sheets),
            len(list(book_rows(session, domain))),
            len(plan_of(session, domain).unplanned),
            found.unanswered + found.unmet,
        )


def test_nothing_of_the_kompendium_is_asked_and_everything_comes_back(house: House) -> None:
    [server] = house.assign((house.server_id, "SYS.1.1"))
    house.answer(server, "SYS.1.1.A1", Given(Status.NO))
    found = {("GSC-002", "ZO-0001", "SYS.1.1"), ("GSC-003", "ZO-0002", "")}
    before = checked(house)
    assert (house.findings(), min(before) > 0) == (found, True)
    follow(house, Catalogue.IMPORTED)
    assert (house.findings(), checked(house)) == ({("KAT-005", "", "")}, (0, 0, 0, 0))
    follow(house, Catalogue.KOMPENDIUM_2023)
    assert (house.findings(), checked(house)) == (found, before)


def test_some_catalogue_has_to_be_added(house: House) -> None:
    root = catalogue(control("K.1", "Sichern"))
    short = import_oscal(house.database, Source("k.json", written(root)), actor=ACTOR).short
    follow(house, Catalogue.IMPORTED)
    steps = [house.findings()]
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, house.domain_id)
        use_catalogue(session, domain, control_catalogue(session, short), by=ISB)
    steps.append(house.findings())
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        [use] = uses_of(session, load_domain(session, house.domain_id))
        stop_using(session, use, by=ISB)
    steps.append(house.findings())
    assert steps == [{("KAT-005", "", "")}, set(), {("KAT-005", "", "")}]


def test_an_object_without_a_module_needs_no_risk_analysis_for_that(house: House) -> None:
    def analysed() -> list[tuple[str, list[str]]]:
        with house.database.reading(ORGANISATION) as session:
            found = candidates(session, load_domain(session, house.domain_id))
            return [
                (each.target.name, [reason.occasion.name for reason in each.reasons])
                for each in found
                if each.target
            ]

    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        query = select(TargetObject).where(TargetObject.id == house.server_id)
        session.scalars(query.options(*everything(TargetObject))).one().confidentiality = ProtectionNeed.HIGH
    assert analysed() == [("Windows Server", ["NEED", "UNMODELLED"]), ("Serverraum", ["UNMODELLED"])]
    follow(house, Catalogue.IMPORTED)
    assert analysed() == [("Windows Server", ["NEED"])]


@pytest.mark.parametrize("approach", [None, *Approach])
@pytest.mark.parametrize("profile", ["", "SYS.1.1 B A1"])
def test_its_extent_is_empty_whatever_approach_and_profile_say(
    approach: Approach | None, profile: str
) -> None:
    extent = Extent(approach, profile, Catalogue.IMPORTED)
    requirements = edition_2023().requirements
    assert not any(extent.asks(each, adopted=adopted) for each in requirements for adopted in (True, False))
    assert not any(extent.covers(module.id) for module in edition_2023().modules)
    assert str(counts_under(extent)) == "false"


def test_a_new_domain_follows_the_kompendium_unless_somebody_chooses(house: House) -> None:
    with house.database.reading(ORGANISATION) as session:
        domain = InformationDomain(name="Neu", state=State.DRAFT)
        found = domain.proposals(session)
    assert {name: each.value for name, each in found.items()} == {"catalogue": Catalogue.KOMPENDIUM_2023}


# --- What management and auditors read -----------------------------------------------------------


def test_management_reads_how_each_catalogue_stands(city: City) -> None:
    village = Village(city)
    village.answer(SAVING, due=date(2026, 1, 31), measure="Band beschaffen")
    village.answer(ERASING, Status.YES)
    with city.site.database.reading(city.id) as session:
        domain = village.domain(session)
        found = briefing(session, domain, today())
        points = checklist(session, domain, found, today())
        [name] = session.scalars(select(CatalogueUse.catalogue_name)).all()
        papers = {paper.number for paper in papers_of(domain)}
    [tally] = (found.catalogues or {}).values()
    assert (tally.total, tally.met, tally.answered, found.to_do) == (3, 1, 2, 1)
    assert (found.layers, found.levels) == ({}, {})
    lights = {one.subject["de"]: (one.tone, one.why["de"]) for one in signals(found, today())}
    assert lights[name] == ("bad", "1 von 3 erfüllt oder entbehrlich, 1 noch nicht geprüft.")
    assert [(one.id, one.what) for one in found.overdue] == [("IV-0001/K.1", "Band beschaffen")]
    assert [point.missing for point in points if point.key == "controls"] == [0, 1, 0, 1, 0]
    assert not {point.key for point in points} & {"unused", "modelling", "check"}
    assert papers == {"A.0", "A.1", "A.2", "A.5", "A.6", ""}


def test_pages_of_the_kompendium_lead_to_the_catalogues(city: City, browsers: Browsers) -> None:
    Village(city)
    isb = browsers.of(Role.ISB)
    for page in ("modelling", "extent"):
        assert "wird nur nach eingelesenen Katalogen geprüft" in isb.page(f"/grundschutz/1/{page}").main
    papers = isb.page("/grundschutz/1/papers/").main
    assert "Prüfung nach Katalog" in papers
    assert "A.4" not in papers
    assert "Nicht verwendete Bausteine" not in papers
    domain = isb.page("/registers/information-domains/1").main
    assert "Prüfung nach eingelesenen Katalogen" in domain
    assert "Modellierung" not in domain
