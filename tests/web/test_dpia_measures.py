"""Measures of an assessment come from the register, and a risk rises when one of them falls back."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from assessments.dpia.decision import risk_of
from assessments.dpia.dpia import Dpia
from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.matrix import DEFAULT_MATRIX
from assessments.dpia.risk import DpiaMeasure, DpiaRisk, FearedEvent, MeasureState
from assessments.dpia.settings import matrix_of
from assessments.grundschutz.check import RequirementAnswer, Status
from assessments.grundschutz.domain import InformationDomain
from assessments.grundschutz.modelling import Assignment
from compliance.entry import State, everything
from compliance.findings import Finding
from compliance.people import Role
from registers.measures import Goal, Measure, MeasureKind, Progress
from tests.browsers import Browser, Browsers
from tests.city import FOUNDER, City, add_person
from tests.web.test_dpia_pages import matrix_form

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

PAGE = "/registers/dpias/1"


@pytest.fixture
def lead(browsers: Browsers) -> Browser:
    return browsers.of(Role.PROJECT_LEAD)


@pytest.fixture
def both(city: City, browsers: Browsers) -> Browser:
    """Somebody who leads projects and keeps the register of measures."""
    return browsers.of_person(add_person(city, Role.PROJECT_LEAD, Role.ISB))


def risk(**answers: Any) -> DpiaRisk:
    given: dict[str, Any] = {
        "title": "Einsicht aus Neugier",
        "feared_event": FearedEvent.ACCESS,
        "severity_before": Grade.SUBSTANTIAL,
        "likelihood_before": Grade.MAJOR,
        "severity_planned": Grade.SUBSTANTIAL,
        "likelihood_planned": Grade.LIMITED,
        "severity_today": Grade.SUBSTANTIAL,
        "likelihood_today": Grade.LIMITED,
    }
    return DpiaRisk(**given | answers)


def roles(**answers: Any) -> Measure:
    return Measure(**{"name": "Rechte nach Aufgabe", "progress": Progress.CHECKED, **answers})


def assessed(city: City, measure: Measure) -> Dpia:
    dpia = Dpia(
        name="Wohngeld", risks=[risk()], measures=[DpiaMeasure(measure=measure, risks="R1", owner="doppelt")]
    )
    city.save(measure, dpia)
    return dpia


def today_of(city: City, dpia: Dpia) -> RiskLevel | None:
    return risk_of(city.stored(dpia)).today


def rules(city: City, *wanted: str) -> set[str]:
    with city.site.database.reading(city.id) as session:
        return set(session.scalars(select(Finding.rule))) & set(wanted)


def test_what_the_register_says_is_not_said_twice(city: City, lead: Browser) -> None:
    dpia = assessed(city, roles(responsible="Soziale Sicherung", evidence="Abgleich vom 22.09."))

    [measure] = city.stored(dpia).measures
    assert (measure.key, measure.title, measure.owner, measure.state) == (
        "M1",
        "Rechte nach Aufgabe",
        "",
        None,
    )
    assert city.stored(dpia).risks[0].rests_on == "M1"
    said = lead.page(PAGE).main
    assert "Soziale Sicherung" in said
    assert "Umgesetzt und geprüft" in said


def test_a_measure_that_falls_back_raises_the_risk_and_the_finding_at_once(city: City, lead: Browser) -> None:
    measure = roles()
    dpia = assessed(city, measure)
    assert (today_of(city, dpia), rules(city, "DSF-011")) == (RiskLevel.MEDIUM, set())

    city.change(measure, progress=Progress.IN_PROGRESS)

    assert (today_of(city, dpia), rules(city, "DSF-011")) == (RiskLevel.HIGH, {"DSF-011"})
    assert "Nicht mehr umgesetzt: M1" in lead.page(PAGE).main


def answered(city: City, status: Status) -> RequirementAnswer:
    domain = InformationDomain(name="Kernverwaltung")
    assignment = Assignment(domain=domain, module_id="ORP.4")
    answer = RequirementAnswer(
        domain=domain, assignment=assignment, requirement_id="ORP.4.A1", status=status, reason="Begründet."
    )
    city.save(domain, assignment, answer)
    return answer


def answer_anew(city: City, answer: RequirementAnswer, status: Status) -> None:
    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        options = everything(RequirementAnswer)
        session.get_one(RequirementAnswer, (city.id, answer.id), options=options).status = status


def test_a_requirement_that_falls_to_no_raises_the_risk_and_the_findings_at_once(city: City) -> None:
    answer = answered(city, Status.YES)
    measure = roles(requirements="ORP.4.A1")
    dpia = assessed(city, measure)
    assert today_of(city, dpia) is RiskLevel.MEDIUM

    answer_anew(city, answer, Status.NO)

    assert city.stored(measure).unmet == "ORP.4.A1"
    assert today_of(city, dpia) is RiskLevel.HIGH
    assert rules(city, "DSF-011", "XGS-006") == {"DSF-011", "XGS-006"}
    answer_anew(city, answer, Status.YES)
    assert (city.stored(measure).unmet, today_of(city, dpia)) == ("", RiskLevel.MEDIUM)
    assert rules(city, "DSF-011", "XGS-006") == set()


def test_a_waived_requirement_that_a_measure_claims_is_an_error(city: City) -> None:
    answer = answered(city, Status.YES)
    assessed(city, roles(requirements="ORP.4.A1"))

    answer_anew(city, answer, Status.UNNECESSARY)

    assert rules(city, "XGS-006", "XGS-010") == {"XGS-010"}


def test_a_measure_learns_what_the_check_says_when_it_names_a_requirement(city: City) -> None:
    answered(city, Status.PARTIAL)
    measure = roles()
    city.save(measure)

    city.change(measure, requirements="orp.4.a1")

    assert city.stored(measure).unmet == "ORP.4.A1"


def form(city: City, dpia: Dpia, **answers: Any) -> dict[str, Any]:
    return {"version": str(city.stored(dpia).version), "risks": ["R1"], **answers}


def test_a_measure_of_the_register_is_set_against_risks_once(city: City, lead: Browser) -> None:
    dpia, measure = Dpia(name="Wohngeld", risks=[risk(), risk(title="Falscher Empfänger")]), roles()
    city.save(dpia, measure)
    assert "Rechte nach Aufgabe" in lead.page("/dpias/1/measures/add?q=Rechte").main

    lead.post("/dpias/1/measures/add", form(city, dpia, measure=measure.id.hex))
    lead.post("/dpias/1/measures/add", form(city, dpia, measure=measure.id.hex, risks=["R2"]))

    assert [(each.title, each.risks) for each in city.stored(dpia).measures] == [
        ("Rechte nach Aufgabe", "R1, R2")
    ]


def test_a_requirement_becomes_the_measure_that_stands_for_it(city: City, both: Browser) -> None:
    dpia = Dpia(name="Wohngeld", risks=[risk()])
    city.save(dpia)
    assert "ORP.4.A1" in both.page("/dpias/1/measures/add?q=ORP.4.A1").main

    both.post("/dpias/1/measures/add", form(city, dpia, requirement="ORP.4.A1"))
    both.post("/dpias/1/measures/add", form(city, dpia, requirement="ORP.4.A1"))

    [measure] = city.stored(dpia).measures
    assert (measure.measure.requirements, measure.measure.progress) == ("ORP.4.A1", Progress.PLANNED)


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ({"risks": []}, 422),
        ({"measure": "?"}, 422),
        ({"requirement": "ORP.4.A999"}, 404),
        ({"version": "0"}, 409),
    ],
)
def test_what_cannot_be_set_is_refused(
    city: City, both: Browser, answers: dict[str, Any], status: int
) -> None:
    measure, dpia = roles(), Dpia(name="Wohngeld", risks=[risk()])
    city.save(dpia, measure)

    sent = form(city, dpia, measure=measure.id.hex) | answers
    both.post("/dpias/1/measures/add", sent, status=status)

    assert city.stored(dpia).measures == []


def test_a_typed_measure_moves_into_the_register(city: City, both: Browser) -> None:
    typed = DpiaMeasure(title="Schilder", risks="R1", owner="Bauhof", state=MeasureState.IMPLEMENTED)
    dpia = Dpia(name="Wohngeld", unit=city.units["office"], risks=[risk()], measures=[typed])
    city.save(dpia)

    sent = {"version": str(city.stored(dpia).version)}
    both.post("/dpias/1/measures/M1/register", sent)

    [measure] = city.stored(dpia).measures
    assert (measure.owner, measure.state) == ("", None)
    assert (measure.measure.name, measure.measure.responsible, measure.measure.progress) == (
        "Schilder",
        "Bauhof",
        Progress.IMPLEMENTED,
    )


# --- Proposals -----------------------------------------------------------------------------------


def drafts(city: City) -> list[Measure]:
    with city.site.database.reading(city.id) as session:
        return list(session.scalars(select(Measure).order_by(Measure.number)))


def test_whoever_leads_the_project_proposes_what_they_plan(city: City, lead: Browser) -> None:
    dpia = Dpia(name="Wohngeld", unit=city.units["office"], risks=[risk()])
    city.save(dpia)
    assert "Neue Maßnahme" in lead.page("/dpias/1/measures/add").main

    typed = {"do": "new", "name": "Schilder", "responsible": "Bauhof", "planned_until": "2027-03-03"}
    lead.post("/dpias/1/measures/add", form(city, dpia, **typed))
    lead.post("/dpias/1/measures/add", form(city, dpia, requirement="ORP.4.A1"))

    proposed = [(each.name, each.state, each.unit_id) for each in drafts(city)]
    office = city.units["office"].id
    assert proposed == [
        ("Schilder", State.DRAFT, office),
        (
            "Regelung für die Einrichtung und Löschung von Benutzenden und Benutzendengruppen",
            State.DRAFT,
            office,
        ),
    ]
    assert [each.risks for each in city.stored(dpia).measures] == ["R1", "R1"]


def test_a_typed_measure_is_proposed_with_one_click(city: City, lead: Browser) -> None:
    dpia = Dpia(name="Wohngeld", risks=[risk()], measures=[DpiaMeasure(title="Schilder", risks="R1")])
    city.save(dpia)
    assert "In das Register übernehmen" in lead.page(PAGE).main

    lead.post("/dpias/1/measures/M1/register", {"version": str(city.stored(dpia).version)})

    assert city.stored(dpia).measures[0].measure.name == "Schilder"
    assert "steht als Entwurf im Register der Maßnahmen" in lead.page(PAGE).main


def test_who_keeps_the_register_completes_a_proposal_and_nobody_else(
    city: City, browsers: Browsers, lead: Browser
) -> None:
    dpia = Dpia(name="Wohngeld", risks=[risk()])
    city.save(dpia)
    lead.post("/dpias/1/measures/add", form(city, dpia, do="new", name="Schilder"))
    wanted = "Vorgeschlagene Maßnahme: Art und Gewährleistungsziele ergänzen"
    [measure] = drafts(city)

    assert wanted in browsers.of(Role.ISB).page("/").main
    assert wanted not in lead.page("/").main
    lead.get("/registers/measures/1/edit", status=403)
    city.change(measure, kind=MeasureKind.TECHNICAL, goals=(Goal.TRANSPARENCY,), by=Role.ISB)
    assert wanted not in browsers.of(Role.ISB).page("/").main


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"name": " "}, "eine Bezeichnung"),
        ({"planned_until": "bald"}, "kein Datum"),
        ({"risks": []}, "Risiko"),
    ],
)
def test_a_proposal_that_says_too_little_is_refused(
    city: City, lead: Browser, answers: dict[str, Any], says: str
) -> None:
    dpia = Dpia(name="Wohngeld", risks=[risk()])
    city.save(dpia)

    sent = form(city, dpia, do="new", name="Schilder") | answers
    assert says in lead.post("/dpias/1/measures/add", sent, status=422).text
    assert drafts(city) == []


def test_a_lead_proposes_for_their_own_unit_only(city: City, browsers: Browsers) -> None:
    dpia = Dpia(name="Wohngeld", unit=city.units["other"], risks=[risk()])
    city.save(dpia)
    abroad = browsers.of_person(add_person(city, Role.PROJECT_LEAD, unit=city.units["department"]))

    abroad.post("/dpias/1/measures/add", form(city, dpia, do="new", name="Schilder"), status=404)

    assert drafts(city) == []


@pytest.mark.parametrize("role", [Role.DSB, Role.COORDINATOR, Role.MANAGEMENT, Role.READER, Role.AUDITOR])
def test_whoever_does_not_write_the_assessment_adds_nothing(
    city: City, browsers: Browsers, role: Role
) -> None:
    dpia = Dpia(name="Wohngeld", risks=[risk()], measures=[DpiaMeasure(title="Schilder", risks="R1")])
    city.save(dpia)
    somebody = browsers.of(role)

    somebody.post("/dpias/1/measures/add", form(city, dpia, do="new", name="Zaun"), status=403)
    version = {"version": str(city.stored(dpia).version)}
    somebody.post("/dpias/1/measures/M1/register", version, status=403)

    assert drafts(city) == []


def test_what_was_not_considered_is_one_click_away(city: City, lead: Browser) -> None:
    city.save(Dpia(name="Wohngeld", risks=[risk()]))

    assert "Noch nicht betrachtet" in lead.page(PAGE).main
    begun = lead.page("/dpias/1/risks/new?goal=UNLINKABILITY&event=MODIFICATION")
    ticked = [
        each["value"]
        for each in begun.all("input")
        if each["name"] == "goals" and "checked" in each.attributes
    ]
    assert (begun.value("feared_event"), ticked) == ("MODIFICATION", ["UNLINKABILITY"])
    assert rules(city, "DSF-009") == {"DSF-009"}


def test_a_smaller_matrix_shows_first_what_it_changes(city: City, browsers: Browsers) -> None:
    city.save(Dpia(name="Wohngeld", risks=[risk()]))
    administrator = browsers.of(Role.ADMINISTRATOR)
    grades = [Grade.NEGLIGIBLE, Grade.SUBSTANTIAL, Grade.MAJOR]
    smaller = DEFAULT_MATRIX.resized(grades, grades, DEFAULT_MATRIX.levels)

    shown = administrator.post("/dpias/matrix", matrix_form(matrix=smaller), status=200)
    assert "R1: überschaubar → substanziell" in shown.text
    with city.site.database.reading(city.id) as session:
        assert matrix_of(session) == DEFAULT_MATRIX

    administrator.post("/dpias/matrix", {"confirmed": smaller.to_json()})
    with city.site.database.reading(city.id) as session:
        assert matrix_of(session) == smaller
    assert "Frühere Stufe; zählt als" in browsers.of(Role.PROJECT_LEAD).page("/dpias/1/risks/R1").main
