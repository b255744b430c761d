"""An information domain leaves in OSCAL in the browser, and its documents come back after a preview."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from assessments.grundschutz.check import Given, RequirementAnswer, Status, answer
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.modelling import assign
from compliance.entry import by_number, everything
from compliance.people import Role
from registers.measures import Measure
from tests.browsers import Browser, Browsers
from tests.city import City
from tests.pages import Page

PLACE = "/grundschutz/1/oscal/"
RESULTS = "/registers/information-domains/1/export.oscal-results"


@pytest.fixture
def checked(city: City) -> City:
    """A city whose domain has one answer that is met in part."""
    city.save(InformationDomain(name="Kernverwaltung", approach=Approach.BASIC), by=Role.ISB)
    by = city.identity(Role.ISB)
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        domain = by_number(session, InformationDomain, 1)
        assert domain is not None
        [isms] = assign(session, domain, [(None, "ISMS.1")], by=by)
        session.flush()
        answer(session, isms, "ISMS.1.A1", Given(Status.PARTIAL, measure="Leitlinie erneuern."), by=by)
    return city


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def reopen(city: City) -> None:
    with city.site.database.writing(city.id, actor=city.actor(Role.ISB)) as session:
        for each in session.scalars(select(RequirementAnswer).options(*everything(RequirementAnswer))):
            each.status, each.measure = Status.OPEN, ""


def status(city: City) -> Status | None:
    with city.site.database.reading(city.id) as session:
        return session.scalars(select(RequirementAnswer.status)).one()


def link(page: Page, ending: str) -> bool:
    return any((one["href"] or "").endswith(ending) for one in page.all("a"))


@pytest.mark.usefixtures("checked")
def test_the_page_leads_to_all_documents(isb: Browser) -> None:
    page = isb.page(PLACE)
    kinds = ("profile", "ssp", "results", "poam")
    assert [link(page, f"export.oscal-{kind}") for kind in kinds] == [True] * 4
    for kind in kinds:
        reply = isb.get(f"/registers/information-domains/1/export.oscal-{kind}")
        assert reply.headers["Content-Disposition"].endswith(f"IV-0001-oscal-{kind}.json")
        assert json.loads(reply.data)


def test_a_document_without_contents_is_explained(city: City, isb: Browser) -> None:
    city.save(InformationDomain(name="Leer"), by=Role.ISB)
    words = isb.page(PLACE).main
    assert "ist noch nichts zu prüfen" in words
    assert "ist nichts umzusetzen" in words


def test_results_come_back_after_a_preview(checked: City, isb: Browser) -> None:
    data = isb.get(RESULTS).data
    reopen(checked)
    address = isb.upload(PLACE, [("ergebnisse.json", data)]).headers["Location"]
    page = isb.page(address)
    assert "1 Antwort ändert sich" in page.main
    assert status(checked) is Status.OPEN
    isb.post(f"{address}/apply", {"fingerprint": page.value("fingerprint")})
    assert status(checked) is Status.PARTIAL
    assert isb.status("GET", address) == 404


@pytest.mark.parametrize("kind", ["ssp", "poam"])
def test_plans_come_back_by_the_same_door(checked: City, isb: Browser, kind: str) -> None:
    data = isb.get(f"/registers/information-domains/1/export.oscal-{kind}").data
    reopen(checked)
    address = isb.upload(PLACE, [("plan.json", data)]).headers["Location"]
    page = isb.page(address)
    assert "1 Antwort ändert sich" in page.main
    assert "Leitlinie erneuern." in page.main
    isb.post(f"{address}/apply", {"fingerprint": page.value("fingerprint")})
    assert status(checked) is Status.PARTIAL


def test_a_plan_of_action_brings_measures_back_and_draws_up_what_is_missing(
    checked: City, isb: Browser
) -> None:
    named = "ISMS.1.A1"
    checked.save(
        Measure(name="Leitlinie erneuern", requirements=named, responsible="Amt 11"),
        Measure(name="Leitlinie verkünden", requirements=named),
        by=Role.ISB,
    )
    data = isb.get("/registers/information-domains/1/export.oscal-poam").data

    def measures() -> list[tuple[str, str]]:
        with checked.site.database.reading(checked.id) as session:
            found = session.scalars(select(Measure).order_by(Measure.number))
            return [(str(each), each.responsible) for each in found]

    before = measures()
    with checked.site.database.writing(checked.id, actor=checked.actor(Role.ISB)) as session:
        first, second = session.scalars(
            select(Measure).order_by(Measure.number).options(*everything(Measure))
        ).all()
        first.responsible = ""
        session.delete(second)
    address = isb.upload(PLACE, [("plan.json", data)]).headers["Location"]
    page = isb.page(address)
    assert "2 Maßnahmen ändern sich oder kommen hinzu, 0 bleiben, wie sie sind" in page.main
    assert "noch nicht vorhanden" in page.main
    done = isb.post(f"{address}/apply", {"fingerprint": page.value("fingerprint")})
    assert "2 Maßnahmen sind übernommen." in isb.page(done.headers["Location"]).main
    # Running numbers are not given twice.
    assert measures() == [before[0], ("MA-0003 Leitlinie verkünden", "")]


@pytest.mark.usefixtures("checked")
def test_what_the_registers_say_otherwise_is_named_in_the_preview(isb: Browser) -> None:
    data = isb.get("/registers/information-domains/1/export.oscal-ssp").data
    edited = data.replace(b'"system-name-short": "IV-0001"', b'"system-name-short": "IV-0009"')
    address = isb.upload(PLACE, [("plan.json", edited)]).headers["Location"]
    words = isb.page(address).main
    assert "Was nicht übernommen wird" in words
    assert "system-name-short: im Dokument „IV-0009“, hier „IV-0001“" in words


def test_a_plan_of_another_domain_is_refused_in_the_preview(checked: City, isb: Browser) -> None:
    data = isb.get("/registers/information-domains/1/export.oscal-ssp").data
    checked.save(InformationDomain(name="Schulen", approach=Approach.BASIC), by=Role.ISB)
    address = isb.upload("/grundschutz/2/oscal/", [("plan.json", data)]).headers["Location"]
    page = isb.page(address)
    assert "Nichts kann übernommen werden" in page.main
    assert "nicht IV-0002 Schulen" in page.main
    assert "Übernehmen" not in page.main


def test_a_preview_that_is_out_of_date_is_shown_anew(checked: City, isb: Browser) -> None:
    data = isb.get(RESULTS).data
    reopen(checked)
    address = isb.upload(PLACE, [("ergebnisse.json", data)]).headers["Location"]
    again = isb.post(f"{address}/apply", {"fingerprint": "veraltet"}).headers["Location"]
    assert again == address
    assert status(checked) is Status.OPEN


@pytest.mark.usefixtures("checked")
def test_a_file_can_be_discarded(isb: Browser) -> None:
    address = isb.upload(PLACE, [("ergebnisse.json", isb.get(RESULTS).data)]).headers["Location"]
    assert "1 bleibt, wie sie ist" in isb.page(address).main
    isb.post(f"{address}/discard")
    assert isb.status("GET", address) == 404


@pytest.mark.parametrize("data", [b"", b"{}", b'{"catalog": {}}', b"\x00\x01"])
@pytest.mark.usefixtures("checked")
def test_a_file_that_holds_nothing_to_take_back_is_refused_in_words(isb: Browser, data: bytes) -> None:
    page = Page(isb.upload(PLACE, [("datei.json", data)], status=422).text)
    assert "Es wurde nichts übernommen." in page.main


@pytest.mark.usefixtures("checked")
def test_who_may_only_look_takes_nothing_back(isb: Browser, browsers: Browsers) -> None:
    data = isb.get(RESULTS).data
    auditor = browsers.of(Role.AUDITOR)
    assert not auditor.page(PLACE).all("form") or "Vorschau zeigen" not in auditor.page(PLACE).main
    auditor.upload(PLACE, [("ergebnisse.json", data)], status=403)
    assert {browsers.of(Role.READER).status("GET", each) for each in (PLACE, RESULTS)} == {404}


@pytest.mark.usefixtures("checked")
def test_the_kompendium_is_offered_as_a_catalogue(isb: Browser) -> None:
    found = json.loads(isb.get("/catalogues/2023/document").data)
    assert len(found["catalog"]["groups"]) == 10
