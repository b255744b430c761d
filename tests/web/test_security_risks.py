"""The pages of risk analyses lead from the occasion to the signature, and open to nobody else."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from assessments.grundschutz.check import Given, RequirementAnswer, Status, answer
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.kompendium import edition_2023
from assessments.grundschutz.modelling import assign, load_assignment
from assessments.grundschutz.risk_acceptance import RiskAcceptance
from assessments.grundschutz.risk_analysis import AnalysedThreat, Relevance, RiskAnalysis
from assessments.grundschutz.risk_matrix import DEFAULT_MATRIX, RiskCategory, matrix_of
from compliance.entry import State, by_number, everything
from compliance.people import Role
from registers.measures import Measure
from registers.objects import ObjectKind, ObjectStatus, ProtectionNeed, TargetObject
from tests.browsers import Browser, Browsers
from tests.city import City
from tests.pages import Page

BLIND = (Role.COORDINATOR, Role.READER)
READING = (Role.DSB, Role.AUDITOR, Role.MANAGEMENT)
ANALYSIS = "/registers/risk-analyses/1"
OVERVIEW = "/grundschutz/1/risks"
THREATS = "/risk-analyses/1/threats"
RISK = f"{THREATS}/G0.18"
ACCEPTANCE = "/risk-analyses/1/acceptance"
MATRIX = "/risk-analyses/matrix"


@dataclass(frozen=True)
class Office:
    """A city with one server that needs more protection, modelled with one module."""

    city: City
    server: TargetObject

    def threats(self) -> dict[str, AnalysedThreat]:
        with self.city.site.database.reading(self.city.id) as session:
            query = select(AnalysedThreat).options(*everything(AnalysedThreat))
            return {threat.key: threat for threat in session.scalars(query)}

    def state(self) -> State:
        with self.city.site.database.reading(self.city.id) as session:
            return session.scalars(select(RiskAnalysis)).one().state

    def acceptances(self) -> list[RiskAcceptance]:
        with self.city.site.database.reading(self.city.id) as session:
            return list(session.scalars(select(RiskAcceptance)))


@pytest.fixture
def office(city: City) -> Office:
    server = TargetObject(
        name="Windows Server",
        kind=ObjectKind.IT_SYSTEM,
        status=ObjectStatus.OPERATION,
        confidentiality=ProtectionNeed.HIGH,
    )
    domain = InformationDomain(name="Kernverwaltung", approach=Approach.STANDARD, objects=[server])
    city.save(server, domain, by=Role.ISB)
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        whole = by_number(session, InformationDomain, 1)
        assert whole is not None
        (assignment,) = assign(session, whole, [(server.id, "SYS.1.1")], by=city.identity(Role.ISB))
        session.flush()
        loaded = load_assignment(session, assignment.id)
        answer(session, loaded, "SYS.1.1.A1", Given(Status.NO), by=city.identity(Role.ISB))
    return Office(city, server)


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def begin(isb: Browser, office: Office) -> None:
    isb.post(OVERVIEW, {"target": office.server.id.hex, "occasion": "NEED"})


def risk(**answers: str) -> dict[str, str]:
    """What a browser sends for one risk."""
    usual = {
        "version": "0",
        "do": "save",
        "relevance": "DIRECT",
        "frequency": "MEDIUM",
        "impact": "EXISTENTIAL",
        "treatment": "REDUCE",
        "frequency_after": "RARE",
        "impact_after": "CONSIDERABLE",
    }
    return usual | answers


# --- Access --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", BLIND)
def test_who_may_not_see_information_security_finds_nothing(
    office: Office, browsers: Browsers, isb: Browser, role: Role
) -> None:
    begin(isb, office)
    browser = browsers.of(role)
    for address in (OVERVIEW, ANALYSIS, THREATS, RISK, ACCEPTANCE, MATRIX, f"{OVERVIEW}.pdf"):
        assert browser.status("GET", address) == 404, address
    for address in (OVERVIEW, THREATS, RISK, f"{RISK}/adopt", f"{THREATS}/own", ACCEPTANCE, MATRIX):
        assert browser.status("POST", address) == 404, address


@pytest.mark.parametrize("role", READING)
def test_who_only_reads_changes_nothing(office: Office, browsers: Browsers, isb: Browser, role: Role) -> None:
    begin(isb, office)
    browser = browsers.of(role)
    for address in (OVERVIEW, ANALYSIS, THREATS, RISK, ACCEPTANCE, MATRIX):
        assert browser.status("GET", address) == 200, address
    for address in (OVERVIEW, THREATS, RISK, f"{RISK}/adopt", f"{THREATS}/own", MATRIX):
        assert browser.status("POST", address, risk()) == 403, address
    assert office.threats() == {}


def test_who_only_reads_sees_the_whole_assessment(office: Office, browsers: Browsers, isb: Browser) -> None:
    begin(isb, office)
    isb.post(RISK, risk(scenario="Der Serverraum läuft voll.", relevance_reason="Lage im Keller"))
    auditor = browsers.of(Role.AUDITOR)
    assert RISK in [link["href"] for link in auditor.page(ANALYSIS).all("a")]
    page = auditor.page(RISK)
    assert "Der Serverraum läuft voll." in page.main
    assert "EintrittshäufigkeitMittel" in page.main
    listed = auditor.page(THREATS)
    assert "Lage im Keller" in listed.main
    for each in (page, listed):
        assert [button for button in each.all("button", "textarea") if button.within("main")] == []


def test_a_treated_risk_without_a_measure_leads_to_the_plan(office: Office, isb: Browser) -> None:
    begin(isb, office)
    isb.post(RISK, risk())
    plan = "/grundschutz/1/plan/propose#risks"
    assert plan in [link["href"] for link in isb.page(RISK).all("a")]
    assert "RA-0001/G 0.18" in isb.page("/grundschutz/1/plan/propose").main
    isb.post("/grundschutz/1/plan/propose", {"risk": "1:G 0.18"})
    page = isb.page(RISK)
    assert plan not in [link["href"] for link in page.all("a")]
    assert "MA-0001 Reduktion: Fehlplanung oder fehlende Anpassung" in page.main


# --- From the occasion to the threats ------------------------------------------------------------


def test_an_analysis_begins_where_the_occasion_is_named(office: Office, isb: Browser) -> None:
    assert "Vertraulichkeit hoch" in isb.page(OVERVIEW).main
    begin(isb, office)
    page = isb.page(ANALYSIS)
    assert "Windows Server" in page.main
    assert "Schutzbedarf hoch oder sehr hoch" in page.main
    assert "RA-0001" in isb.page(OVERVIEW).main


def test_the_basic_approach_shows_no_risk_analysis(office: Office, isb: Browser) -> None:
    with office.city.site.database.reading(office.city.id) as session:
        domain = by_number(session, InformationDomain, 1)
    assert domain is not None
    office.city.change(domain, approach=Approach.BASIC)
    assert "kennt keinen Schutzbedarf und keine Risikoanalyse" in isb.page(OVERVIEW).main
    links = [link["href"] for link in isb.page("/registers/information-domains/1").all("a")]
    assert OVERVIEW not in links
    isb.post(OVERVIEW, {"target": office.server.id.hex}, status=422)


def test_proposals_are_taken_over_and_the_rest_is_left_out_for_a_reason(office: Office, isb: Browser) -> None:
    begin(isb, office)
    page = isb.page(THREATS)
    fields = {
        one["name"]: page.value(one["name"])
        for one in page.all("select", "textarea")
        if one["name"].startswith(("relevance-", "reason-"))
    }
    assert fields["relevance-G0.18"] == "DIRECT"
    isb.post(THREATS, fields | {"rest": "NONE"}, status=422)
    assert office.threats() == {}
    isb.post(THREATS, fields | {"rest": "NONE", "rest-reason": "Betrifft Gebäude."})
    found = office.threats()
    assert len(found) == 47
    assert {threat.relevance for threat in found.values()} == {Relevance.DIRECT, Relevance.NONE}
    assert found["G 0.7"].relevance_reason == "Betrifft Gebäude."


def test_a_threat_of_ones_own_opens_its_page(office: Office, isb: Browser) -> None:
    begin(isb, office)
    response = isb.post(f"{THREATS}/own", {"title": "Drohnen"})
    assert response.location == f"{THREATS}/E1"
    assert "Drohnen" in isb.page(response.location).main


# --- One risk ------------------------------------------------------------------------------------


def test_a_risk_is_rated_when_it_is_saved(office: Office, isb: Browser) -> None:
    measure = Measure(name="Zwei Faktoren")
    office.city.save(measure, by=Role.ISB)
    begin(isb, office)
    isb.post(RISK, risk(measures=measure.id.hex, observed="yes", observe_next="2099-01-31"))
    threat = office.threats()["G 0.18"]
    assert (threat.category, threat.residual) == (RiskCategory.HIGH, RiskCategory.MEDIUM)
    assert [each.name for each in threat.measures] == ["Zwei Faktoren"]
    page = isb.page(ANALYSIS)
    assert "MA-0001" in page.main
    assert "31.01.2099" in page.main


def test_what_cannot_be_read_or_is_outdated_is_shown_again(office: Office, isb: Browser) -> None:
    begin(isb, office)
    page = Page(isb.post(RISK, risk(observe_next="bald"), status=422).text)
    assert page.value("observe_next") == "bald"
    isb.post(RISK, risk())
    again = Page(isb.post(RISK, risk(scenario="Neu"), status=409).text)
    assert again.value("scenario") == "Neu"
    isb.post(RISK, risk(version="1", scenario="Neu"))
    assert office.threats()["G 0.18"].scenario == "Neu"
    isb.get(f"{THREATS}/G0.99", status=404)
    isb.get(f"{THREATS}/Unsinn", status=404)


def test_the_next_risk_follows(office: Office, isb: Browser) -> None:
    begin(isb, office)
    isb.post(f"{THREATS}/G0.19", risk())
    assert isb.post(RISK, risk(do="next")).location == f"{THREATS}/G0.19"
    assert isb.post(f"{THREATS}/G0.19", risk(do="next", version="1")).location == f"{ANALYSIS}#risks"


def test_a_requirement_for_increased_needs_is_adopted_from_the_risk(office: Office, isb: Browser) -> None:
    begin(isb, office)
    catalogue = edition_2023()
    wanted, threat = next(
        (requirement.id, catalogue.threats_of(requirement.id)[0])
        for requirement in catalogue.requirements_of("SYS.1.1")
        if requirement.level.value == "H" and not requirement.withdrawn
    )
    address = f"{THREATS}/{threat.replace(' ', '')}"
    assert wanted in isb.page(address).main
    isb.post(f"{address}/adopt", {"requirement": wanted})
    isb.post(f"{address}/adopt", {"requirement": "SYS.1.1.A1"}, status=404)
    with office.city.site.database.reading(office.city.id) as session:
        adopted = select(RequirementAnswer.requirement_id).where(RequirementAnswer.adopted.is_(True))
        assert session.scalars(adopted).all() == [wanted]


# --- Acceptance ----------------------------------------------------------------------------------


def test_management_signs_and_releases(office: Office, browsers: Browsers, isb: Browser) -> None:
    begin(isb, office)
    boss = browsers.of(Role.MANAGEMENT)
    isb.post(RISK, risk(treatment_reason="Mit Plan"))
    signed = {"risk": "G0.18:1", "statement": "Wir tragen es.", "post": "Bürgermeisterin"}
    boss.post(ACCEPTANCE, signed, status=422)
    isb.post(f"{ANALYSIS}/steps/submit")
    assert "Mit Plan" in boss.page(ACCEPTANCE).main
    isb.post(ACCEPTANCE, signed, status=403)
    boss.post(ACCEPTANCE, signed | {"post": ""}, status=422)
    boss.post(ACCEPTANCE, signed | {"until": "nie"}, status=422)
    boss.post(ACCEPTANCE, signed | {"risk": "G0.18:7"}, status=422)
    boss.post(ACCEPTANCE, signed)
    (given,) = office.acceptances()
    assert (given.statement, given.post) == ("Wir tragen es.", "Bürgermeisterin")
    assert "Kein Restrisiko wartet" in boss.page(ACCEPTANCE).main
    boss.post(f"{ANALYSIS}/steps/release")
    assert office.state() is State.RELEASED


def test_nobody_accepts_while_a_basic_requirement_is_not_met(
    office: Office, browsers: Browsers, isb: Browser
) -> None:
    begin(isb, office)
    against = edition_2023().threats_of("SYS.1.1.A1")[0].replace(" ", "")
    isb.post(f"{THREATS}/{against}", risk(treatment="ACCEPT", treatment_reason="Zu teuer."))
    isb.post(f"{ANALYSIS}/steps/submit")
    boss = browsers.of(Role.MANAGEMENT)
    assert "Nicht zu übernehmen" in boss.page(ACCEPTANCE).main
    signed = {"risk": f"{against}:1", "statement": "Wir tragen es.", "post": "Bürgermeisterin"}
    answered = Page(boss.post(ACCEPTANCE, signed, status=422).text)
    assert "SYS.1.1.A1" in answered.main
    assert office.acceptances() == []


# --- The matrix and the paper --------------------------------------------------------------------


def test_the_matrix_is_changed_and_set_back(office: Office, isb: Browser) -> None:
    begin(isb, office)
    isb.post(RISK, risk())
    page = isb.page(MATRIX)
    fields = {
        one["name"]: page.value(one["name"]) for one in page.all("select", "input") if one["name"] != "q"
    }
    isb.post(MATRIX, fields | {"cell-EXISTENTIAL-RARE": "LOW"}, status=422)
    isb.post(MATRIX, fields | {"frequency-RARE-name-de": ""}, status=422)
    isb.post(MATRIX, fields | {"cell-CONSIDERABLE-RARE": "LOW", "frequency-RARE-name-de": "Kaum"})
    assert office.threats()["G 0.18"].residual is RiskCategory.LOW
    assert "Kaum" in isb.page(RISK).main
    isb.post(MATRIX, {"do": "reset"})
    assert office.threats()["G 0.18"].residual is RiskCategory.MEDIUM
    with office.city.site.database.reading(office.city.id) as session:
        assert matrix_of(session) == DEFAULT_MATRIX


def test_document_a5_leaves_as_paper_and_workbook(office: Office, isb: Browser) -> None:
    begin(isb, office)
    isb.post(RISK, risk(scenario="Niemand plant."))
    assert isb.get(f"{OVERVIEW}.pdf").data.startswith(b"%PDF")
    assert isb.get(f"{ANALYSIS}/export.pdf").data.startswith(b"%PDF")
    book = load_workbook(io.BytesIO(isb.get(f"{OVERVIEW}.xlsx").data))
    sheet = book["Risiken und Behandlung"]
    assert any("Niemand plant." in str(cell) for row in sheet.iter_rows(values_only=True) for cell in row)
    isb.get(f"{OVERVIEW}.txt", status=404)
