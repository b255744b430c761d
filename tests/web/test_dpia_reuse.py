"""Risks from scenarios, assessments from templates, and confirming what was copied, in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from assessments.dpia.answers import DpiaAnswer
from assessments.dpia.copied import unconfirmed
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import Grade
from assessments.dpia.risk import (
    Damage,
    DpiaMeasure,
    DpiaRisk,
    FearedEvent,
    MeasureState,
    ProtectionGoal,
    RiskSource,
)
from assessments.dpia.scenario import RiskScenario
from assessments.dpia.scenarios import adapted, shipped
from compliance.entry import State, everything
from compliance.findings import Finding
from compliance.people import Role
from registers.measures import Measure
from registers.processing import ProcessingActivity
from registers.projects import Project
from tests.browsers import Browser, Browsers
from tests.city import City, add_person, found_city

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

DPIAS, LIBRARY = "/registers/dpias", "/registers/risk-scenarios"


@pytest.fixture
def lead(browsers: Browsers) -> Browser:
    return browsers.of(Role.PROJECT_LEAD)


def cameras(city: City) -> ProcessingActivity:
    return ProcessingActivity(name="Kameras im Parkhaus", unit=city.units["office"], video=True)


def risk(**answers: Any) -> DpiaRisk:
    whole: dict[str, Any] = {
        "title": "Einsicht aus Neugier",
        "feared_event": FearedEvent.ACCESS,
        "source": RiskSource.STAFF,
        "event": "Jemand liest mit.",
        "damages": (Damage.SECRECY,),
        "goals": (ProtectionGoal.CONFIDENTIALITY,),
        "severity_before": Grade.SUBSTANTIAL,
        "likelihood_before": Grade.LIMITED,
    }
    return DpiaRisk(**whole | answers)


def finished(city: City, **answers: Any) -> Dpia:
    own: dict[str, Any] = {
        "name": "Videoschutz am Busbahnhof",
        "unit": city.units["office"],
        "team": "Tom Behrens",
        "necessity": "Streifen allein genügen nicht.",
        "state": State.RELEASED,
        "decision": DpiaDecision.APPROVED,
        "risks": [risk()],
        "measures": [DpiaMeasure(title="Einsicht zu zweit", risks="R1", state=MeasureState.VERIFIED)],
    }
    return Dpia(**own | answers)


def newest(city: City, model: type[Any]) -> Any:
    with city.site.database.reading(city.id) as session:
        query = select(model).order_by(model.number.desc()).limit(1).options(*everything(model))
        return session.scalars(query).one()


def rules(city: City) -> set[str]:
    with city.site.database.reading(city.id) as session:
        return set(session.scalars(select(Finding.rule))) & {"VOR-001"}


# --- A risk from a scenario ----------------------------------------------------------------------


def test_scenarios_are_proposed_with_the_reason_why(city: City, lead: Browser) -> None:
    city.save(Dpia(name="Parkhaus", activities=[cameras(city)]), RiskScenario(name="Ganz eigenes"))

    page = lead.page("/dpias/1/scenarios")

    titles = [element.text for element in page.elements if element.tag == "h3"]
    assert titles.index("Gezieltes Beobachten Einzelner mit Kameras") < titles.index("Ganz eigenes")
    assert titles.index("Ganz eigenes") < titles.index("Zugriff von Behörden eines Drittlands")
    assert "Videoüberwachung (VT-0001)" in page.main
    assert "Noch nicht betrachtet: Unrechtmäßiger Zugriff" in page.main
    assert "Neues Risiko aus Szenario" in lead.page(f"{DPIAS}/1").main


def test_scenarios_can_be_searched_and_narrowed(city: City, lead: Browser) -> None:
    city.save(Dpia(name="Parkhaus"))

    assert "Bewegungsprofile" in lead.page("/dpias/1/scenarios?q=bewegung").main
    assert "Einsicht aus Neugier" not in lead.page("/dpias/1/scenarios?q=bewegung").main
    assert "Kein Szenario gefunden" in lead.page("/dpias/1/scenarios?q=unauffindbar").main
    only = lead.page("/dpias/1/scenarios?event=DISAPPEARANCE").main
    assert "Ausfall ohne brauchbare Sicherung" in only
    assert "Einsicht aus Neugier" not in only


def take(lead: Browser, key: str, city: City, **answers: Any) -> None:
    form = {"version": newest(city, Dpia).version, "wording": shipped()[key].version}
    lead.post(f"/dpias/1/scenarios/{key}", form | answers)


def test_a_chosen_scenario_becomes_a_risk_that_saving_confirms(city: City, lead: Browser) -> None:
    city.save(Dpia(name="Parkhaus", activities=[cameras(city)]))

    take(lead, "N-RS.18", city, measures=["0", "2"])

    dpia = newest(city, Dpia)
    [made] = dpia.risks
    assert (made.key, made.title) == ("R1", "Gezieltes Beobachten Einzelner mit Kameras")
    assert [(one.title[:24], one.risks, one.state) for one in dpia.measures] == [
        ("Aufzeichnung ohne Livebi", "R1", MeasureState.PLANNED),
        ("Löschung nach kurzer Fri", "R1", MeasureState.PLANNED),
    ]
    assert (len(unconfirmed(dpia)), rules(city)) == (1, {"VOR-001"})
    shown = lead.page("/dpias/1/risks/R1").main
    assert "Aus N-RS.18 Gezieltes Beobachten" in shown
    assert "übernommen, noch nicht bestätigt" in lead.page(f"{DPIAS}/1").main

    lead.post("/dpias/1/risks/R1", {"version": dpia.version, "title": made.title})

    dpia = newest(city, Dpia)
    name = city.people[Role.PROJECT_LEAD].name
    assert (unconfirmed(dpia), dpia.copied[0].confirmed_by, rules(city)) == ((), name, set())
    assert "Geprüft am" in lead.page("/dpias/1/risks/R1").main


def test_a_scenario_or_assessment_changed_meanwhile_is_not_taken_over(city: City, lead: Browser) -> None:
    city.save(Dpia(name="Parkhaus"), RiskScenario(name="Eigenes"))
    here = "/dpias/1/scenarios/RSZ-0001"

    lead.post(here, {"version": 1, "wording": "0"}, status=409)
    lead.post(here, {"version": 7, "wording": "1"}, status=409)
    lead.post("/dpias/1/scenarios/RSZ-0009", {"version": 1, "wording": "1"}, status=404)

    assert newest(city, Dpia).risks == []


def test_a_newer_version_of_the_scenario_is_told_and_changes_nothing(city: City, lead: Browser) -> None:
    entry = RiskScenario(name="Eigenes", event="So.")
    city.save(Dpia(name="Parkhaus"), entry)
    lead.post("/dpias/1/scenarios/RSZ-0001", {"version": 1, "wording": "1"})

    city.change(entry, event="Anders.")

    assert "Die Quelle hat sich seither geändert (Fassung 2)" in lead.page("/dpias/1/risks/R1").main
    assert newest(city, Dpia).risks[0].event == "So."


# --- The library ---------------------------------------------------------------------------------


def test_a_finished_risk_goes_into_the_library(city: City, lead: Browser) -> None:
    city.save(Dpia(name="Wohngeld", unit=city.units["office"], risks=[risk(), risk(event="")]))
    assert "Als Szenario in die Bibliothek" in lead.page("/dpias/1/risks/R1").main
    assert "Als Szenario in die Bibliothek" not in lead.page("/dpias/1/risks/R2").main

    lead.post("/dpias/1/scenarios/from/R1")
    lead.post("/dpias/1/scenarios/from/R2", status=422)
    lead.post("/dpias/1/scenarios/from/R9", status=404)

    made = newest(city, RiskScenario)
    assert (made.name, made.from_risk, made.unit.key) == (
        "Einsicht aus Neugier",
        "DSFA-0001/R1 Wohngeld",
        "1.1",
    )


def test_an_adapted_scenario_replaces_the_shipped_one(city: City, lead: Browser) -> None:
    lead.post(f"{LIBRARY}/shipped/N-RS.01")
    lead.post(f"{LIBRARY}/shipped/N-RS.01")
    lead.post(f"{LIBRARY}/shipped/N-RS.99", status=404)

    with city.site.database.reading(city.id) as session:
        assert session.scalars(select(RiskScenario.shipped_key)).all() == ["N-RS.01"]
    assert "Zum eigenen Szenario" in lead.page(f"{LIBRARY}/shipped").main
    assert "Mitgelieferte Szenarien" in lead.page(f"{LIBRARY}/").main


def test_the_page_of_an_adapted_scenario_shows_a_newer_shipped_wording(city: City, lead: Browser) -> None:
    old = adapted(shipped()["N-RS.01"])
    old.shipped_version, old.event = "2020-01-01", "Früherer Wortlaut."
    city.save(old, adapted(shipped()["N-RS.02"]))

    page = lead.page(f"{LIBRARY}/1").main
    assert "hat eine neue Fassung" in page
    assert "Früherer Wortlaut." in page
    assert "hat eine neue Fassung" not in lead.page(f"{LIBRARY}/2").main


# --- Beginning -----------------------------------------------------------------------------------


def test_a_new_assessment_begins_from_a_finished_one(city: City, lead: Browser) -> None:
    source, activity = finished(city), cameras(city)
    city.save(source, activity, Project(name="Parkraum"))
    city.save(DpiaAnswer(dpia=source, question="scope", text="Zwölf Knoten."))
    assert "Vorlage wählen" in lead.page(f"{DPIAS}/new").main
    assert "Videoschutz am Busbahnhof" in lead.page("/dpias/begin").main
    form = lead.page("/dpias/begin/1?activities=1&project=1").main
    assert "Kameras im Parkhaus" in form
    assert "1 Text, 1 Antwort" in form

    answers = {
        "do": "save",
        "version": 1,
        "activities": activity.id.hex,
        "name": "",
        "finish_by": "2027-01-31",
    }
    lead.post("/dpias/begin/1", answers | {"necessity": "Eingeschmuggelt."})

    made = newest(city, Dpia)
    assert (made.name, made.unit.key, made.necessity) == (
        "Kameras im Parkhaus",
        "1.1",
        "Streifen allein genügen nicht.",
    )
    assert (made.decision, made.team, made.state) == (None, "", State.DRAFT)
    assert [one.state for one in made.measures] == [MeasureState.PLANNED]
    assert (len(unconfirmed(made)), rules(city)) == (4, {"VOR-001"})
    page = lead.page(f"{DPIAS}/2").main
    assert "4 übernommene Angaben sind noch nicht bestätigt" in page
    assert "4 Angaben aus DSFA-0001 Videoschutz am Busbahnhof, Fassung 1" in page


def test_what_cannot_be_read_begins_nothing(city: City, lead: Browser) -> None:
    city.save(finished(city))

    lead.post("/dpias/begin/1", {"do": "save", "version": 1, "finish_by": "bald"}, status=422)
    lead.post("/dpias/begin/1", {"do": "save", "version": 9, "name": "Neu"}, status=409)
    lead.post("/dpias/begin/1", {"do": "search:activities", "activities-search": "Park"}, status=200)

    assert newest(city, Dpia).number == 1


def test_neither_drafts_nor_rejected_nor_foreign_ones_are_a_beginning(city: City, lead: Browser) -> None:
    neighbour = found_city(city.site, "Stadt Nebenan")
    neighbour.save(*(finished(neighbour, name=f"Geheim {n}") for n in range(4)))
    city.save(finished(city, state=State.DRAFT), finished(city, decision=DpiaDecision.REJECTED))

    shown = lead.page("/dpias/begin").main
    assert "Geheim" not in shown
    assert "Keine freigegebene Abschätzung gefunden" in shown
    for number in (1, 2, 3, 4):
        lead.get(f"/dpias/begin/{number}", status=404)
        lead.post(f"/dpias/begin/{number}", {"do": "save", "version": 1, "name": "Neu"}, status=404)


def test_who_works_for_one_unit_begins_within_it_and_from_what_it_may_see(
    city: City, browsers: Browsers
) -> None:
    city.save(finished(city), finished(city, name="Anderswo", unit=city.units["other"]))
    mine = browsers.of_person(add_person(city, Role.PROJECT_LEAD, unit=city.units["office"]))

    assert "Anderswo" not in mine.page("/dpias/begin").main
    mine.get("/dpias/begin/2", status=404)
    other, office = (city.units[name].id.hex for name in ("other", "office"))
    start = {"do": "save", "version": 1, "name": "Neu"}
    mine.post("/dpias/begin/1", start | {"unit": other}, status=403)
    mine.post("/dpias/begin/1", start | {"unit": office})

    assert newest(city, Dpia).unit.key == "1.1"


# --- Confirming ----------------------------------------------------------------------------------


def begun(city: City, lead: Browser) -> Dpia:
    source = finished(city)
    city.save(source)
    city.save(DpiaAnswer(dpia=source, question="scope", text="Zwölf Knoten."))
    lead.post("/dpias/begin/1", {"do": "save", "version": 1, "name": "Parkhaus"})
    made: Dpia = newest(city, Dpia)
    return made


def test_what_was_copied_is_read_and_confirmed_on_one_page(city: City, lead: Browser) -> None:
    dpia = begun(city, lead)
    page = lead.page("/dpias/2/copied").main
    for words in (
        "Streifen allein genügen nicht.",
        "Zwölf Knoten.",
        "R1 Einsicht aus Neugier",
        "M1 Einsicht zu",
    ):
        assert words in page

    first = unconfirmed(dpia)[0]
    lead.post("/dpias/2/copied", {"version": dpia.version, "rows": first.id.hex})
    assert len(unconfirmed(newest(city, Dpia))) == 3
    lead.post("/dpias/2/copied", {"version": dpia.version, "kind": "RISK"}, status=409)
    for kind in ("RISK", "MEASURE", "ANSWER"):
        lead.post("/dpias/2/copied", {"version": newest(city, Dpia).version, "kind": kind})

    assert (unconfirmed(newest(city, Dpia)), rules(city)) == ((), set())
    assert "Alles Übernommene ist bestätigt" in lead.page("/dpias/2/copied").main
    with city.site.database.reading(city.id) as session:
        query = select(DpiaAnswer.answered_by).where(DpiaAnswer.dpia_id == dpia.id)
        assert session.scalars(query).one() == city.people[Role.PROJECT_LEAD].name


def test_answering_a_question_confirms_its_copy(city: City, lead: Browser) -> None:
    dpia = begun(city, lead)
    page = lead.page("/dpias/2/questions/scope")
    assert 'name="copied"' in page.source

    lead.post(
        "/dpias/2/questions/scope", {"do": "next", "version": 1, "text": "Eine Ebene.", "copied": "yes"}
    )
    lead.post(
        "/dpias/2/questions/necessity",
        {"do": "next", "version": newest(city, Dpia).version, "text": "Streifen allein genügen nicht."},
    )

    left = [row.place for row in unconfirmed(newest(city, Dpia))]
    assert left == ["R1", "M1"]
    assert 'name="copied"' not in lead.page("/dpias/2/questions/scope").source
    assert dpia.number == 2


def test_who_only_reads_sees_what_waits_and_confirms_nothing(
    city: City, lead: Browser, browsers: Browsers
) -> None:
    dpia = begun(city, lead)
    reader = browsers.of(Role.READER)

    assert "Ausgewählte bestätigen" not in reader.page("/dpias/2/copied").main
    reader.post("/dpias/2/copied", {"version": dpia.version, "kind": "RISK"}, status=403)


# --- Templates -----------------------------------------------------------------------------------


def test_a_template_is_made_from_an_assessment_and_another_begins_from_it(city: City, lead: Browser) -> None:
    city.save(finished(city, state=State.DRAFT, decision=None))

    lead.post("/dpias/1/template", {"do": "make"})

    made = newest(city, Dpia)
    assert (made.number, made.template, made.necessity) == (2, True, "Streifen allein genügen nicht.")
    page = lead.page(f"{DPIAS}/2").main
    assert "Dies ist eine Vorlage" in page
    assert "noch nicht bestätigt" not in page
    assert "Vorlage: Videoschutz" in lead.page("/dpias/begin").main
    lead.post("/dpias/begin/2", {"do": "save", "version": 1, "name": "Parkhaus"})
    begun_from_it = newest(city, Dpia)
    assert {row.called for row in begun_from_it.copied} == {"DSFA-0002 Vorlage: Videoschutz am Busbahnhof"}
    assert "Vorlage: Videoschutz" not in lead.page("/registers/threshold-analyses/new").main


def test_a_draft_is_marked_as_template_and_unmarked_again(city: City, lead: Browser) -> None:
    city.save(Dpia(name="Kameras"), Dpia(name="Parkhaus", activities=[cameras(city)]))

    lead.post("/dpias/1/template", {"do": "mark"})
    assert newest_called(city, "Kameras").template is True
    lead.post("/dpias/1/template", {"do": "unmark"})
    assert newest_called(city, "Kameras").template is None
    lead.post("/dpias/2/template", {"do": "mark"}, status=422)


def newest_called(city: City, name: str) -> Dpia:
    with city.site.database.reading(city.id) as session:
        return session.scalars(select(Dpia).where(Dpia.name == name)).one()


# --- Who may -------------------------------------------------------------------------------------

READERS = (Role.READER, Role.DSB, Role.MANAGEMENT, Role.AUDITOR, Role.COORDINATOR, Role.ISB)


@pytest.mark.parametrize("role", READERS)
def test_who_may_not_write_assessments_takes_nothing_over(city: City, browsers: Browsers, role: Role) -> None:
    city.save(finished(city), Measure(name="Rechte"))
    someone = browsers.of(role)

    for address in ("/dpias/begin", "/dpias/begin/1", "/dpias/1/scenarios", "/dpias/1/scenarios/N-RS.01"):
        someone.get(address, status=403)
    for address, form in (
        ("/dpias/begin/1", {"do": "save", "version": "1", "name": "Neu"}),
        ("/dpias/1/scenarios/N-RS.01", {"version": "1", "wording": shipped()["N-RS.01"].version}),
        ("/dpias/1/scenarios/from/R1", {}),
        ("/dpias/1/template", {"do": "make"}),
        ("/dpias/1/template", {"do": "mark"}),
        (f"{LIBRARY}/shipped/N-RS.01", {}),
    ):
        someone.post(address, form, status=403)
    assert "Mitgelieferte Szenarien" in someone.page(f"{LIBRARY}/shipped").main


def test_who_knows_nothing_of_projects_finds_nothing(city: City, browsers: Browsers) -> None:
    city.save(finished(city))
    archive = browsers.of(Role.ARCHIVE)

    for address in ("/dpias/begin", "/dpias/1/scenarios", "/dpias/1/copied", f"{LIBRARY}/shipped"):
        archive.get(address, status=404)
