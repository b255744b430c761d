"""Management decides on one page, conditions are met afterwards, and the authority gets its file."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from assessments.dpia.consultation import AuthorityQuestion
from assessments.dpia.decision import changes_since_decision
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.review_cycle import DEFAULT_CYCLE
from assessments.dpia.risk import DpiaMeasure, DpiaRisk, MeasureState
from compliance.advice import Opinion, Verdict
from compliance.agenda import AgendaItem
from compliance.database import today
from compliance.entry import State
from compliance.journal import history
from compliance.people import Role
from compliance.release import content_hash
from registers.ai import AiClass
from registers.processing import ProcessingActivity
from tests.browsers import Browsers
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

PAGE = "/dpias/1/decision"
WORKSPACE = "/registers/dpias/1"


def submitted(city: City, **answers: Any) -> Dpia:
    """An assessment that waits for the decision, with the advice on it."""
    given: dict[str, Any] = {
        "name": "Platzvergabe",
        "unit": city.units["office"],
        "purposes": "Freie Plätze verteilen.",
        "risks": [
            DpiaRisk(
                title="Benachteiligung",
                severity_before=Grade.SUBSTANTIAL,
                likelihood_before=Grade.SUBSTANTIAL,
                severity_planned=Grade.SUBSTANTIAL,
                likelihood_planned=Grade.LIMITED,
            )
        ],
        "measures": [
            DpiaMeasure(title="Prüfung", risks="R1", owner="Jonas Brandt", state=MeasureState.PLANNED)
        ],
        "state": State.REVIEW,
    }
    dpia = Dpia(**given | answers)
    city.save(dpia, by=Role.PROJECT_LEAD)
    opinion = Opinion(
        register=Dpia.slug,
        entry_id=dpia.id,
        verdict=Verdict.NO_OBJECTIONS,
        text="Vertretbar.",
        given_on=today(),
    )
    city.save(opinion, by=Role.DSB)
    return city.stored(dpia)  # type: ignore[no-any-return]


def conditions(*rows: tuple[str, str, str]) -> dict[str, str]:
    """The rows of the form."""
    form = {"imposed-rows": " ".join(str(index) for index in range(len(rows)))}
    for index, row in enumerate(rows):
        form |= {
            f"imposed-{index}-{name}": text for name, text in zip(("text", "owner", "due"), row, strict=True)
        }
    return form


def deciding(dpia: Dpia, decision: str, **answers: str) -> dict[str, str]:
    return {"version": str(dpia.version), "decision": decision, **answers}


def said(dpia: Dpia) -> list[tuple[Any, ...]]:
    return [(one.text, one.owner, one.due, one.met_on, one.evidence) for one in dpia.imposed]


def due_days(city: City) -> dict[str, date]:
    with city.site.database.reading(city.id) as session:
        rows = session.execute(select(AgendaItem.what, AgendaItem.day).where(AgendaItem.matter == "due"))
        return {row.what: row.day for row in rows}


def approved(city: City, browsers: Browsers) -> Dpia:
    """An assessment approved with two conditions."""
    dpia = submitted(city)
    rows = conditions(("Schilder", "Amt", "2027-01-31"), ("Bericht", "Personal", "2026-12-18"))
    browsers.of(Role.MANAGEMENT).post(PAGE, deciding(dpia, "APPROVED_WITH_CONDITIONS", **rows))
    return city.stored(dpia)  # type: ignore[no-any-return]


# --- Deciding ------------------------------------------------------------------------------------


def test_the_page_has_what_management_needs(city: City, browsers: Browsers) -> None:
    submitted(city)

    page = browsers.of(Role.MANAGEMENT).page(PAGE)

    for words in (
        "Freie Plätze verteilen.",
        "Höchste Einstufung ohne Maßnahmen: hohes Risiko; mit den geplanten Maßnahmen: Risiko.",
        "Jonas Brandt",
        "Vertretbar.",
        "Die Verarbeitung beginnt nicht.",
    ):
        assert words in page.main


def test_each_condition_is_kept_and_the_earliest_day_is_on_the_agenda(city: City, browsers: Browsers) -> None:
    dpia = approved(city, browsers)

    assert said(dpia) == [
        ("Schilder", "Amt", date(2027, 1, 31), None, ""),
        ("Bericht", "Personal", date(2026, 12, 18), None, ""),
    ]
    assert due_days(city) == {
        "conditions_due": date(2026, 12, 18),
        "next_review": DEFAULT_CYCLE.end(today(), RiskLevel.MEDIUM),
    }


def test_a_condition_without_owner_or_day_is_refused_and_shown_again(city: City, browsers: Browsers) -> None:
    dpia = submitted(city)
    rows = conditions(("Schilder", "", "2027-01-31"))

    answer = browsers.of(Role.MANAGEMENT).post(
        PAGE, deciding(dpia, "APPROVED_WITH_CONDITIONS", **rows), status=422
    )

    assert "jede mit Zuständigkeit und Termin" in answer.text
    assert "Schilder" in answer.text
    assert city.stored(dpia).decision is None


def test_a_row_more_is_added_without_deciding(city: City, browsers: Browsers) -> None:
    dpia = submitted(city)
    form = deciding(dpia, "REJECTED", reason="Nein.", do="add:imposed", **conditions(("Schilder", "Amt", "")))

    page = browsers.of(Role.MANAGEMENT).post(PAGE, form, status=200)

    assert 'name="imposed-1-text"' in page.text
    assert "Nein." in page.text
    assert city.stored(dpia).decision is None


def test_only_an_approval_with_conditions_keeps_them(city: City, browsers: Browsers) -> None:
    dpia = approved(city, browsers)
    rows = conditions(("Schilder", "Amt", "2027-01-31"))

    browsers.of(Role.MANAGEMENT).post(PAGE, deciding(dpia, "APPROVED", **rows))

    assert said(city.stored(dpia)) == []


# --- Conditions afterwards -----------------------------------------------------------------------


def meeting(dpia: Dpia, number: int) -> str:
    return f"{PAGE}/conditions/{dpia.imposed[number].id.hex}"


def test_a_condition_is_met_and_the_decision_stays_what_it_is(city: City, browsers: Browsers) -> None:
    dpia = approved(city, browsers)
    before = content_hash(dpia)

    browsers.of(Role.PROJECT_LEAD).post(
        meeting(dpia, 1), {"met_on": today().isoformat(), "evidence": "Bericht vom Freitag"}
    )

    stored = city.stored(dpia)
    assert said(stored)[1] == ("Bericht", "Personal", date(2026, 12, 18), today(), "Bericht vom Freitag")
    assert due_days(city)["conditions_due"] == date(2027, 1, 31)
    assert content_hash(stored) == before
    with city.site.database.reading(city.id) as session:
        assert changes_since_decision(session, stored) == {}
        assert history(session, stored)[0].action == "meet"


def test_deciding_again_keeps_what_was_done_about_the_same_condition(city: City, browsers: Browsers) -> None:
    dpia = approved(city, browsers)
    browsers.of(Role.PROJECT_LEAD).post(meeting(dpia, 0), {"met_on": today().isoformat(), "evidence": "Foto"})
    dpia = city.stored(dpia)

    rows = conditions(("Neu", "Amt", "2027-03-01"), ("Schilder", "Bauhof", "2027-02-28"))
    browsers.of(Role.MANAGEMENT).post(PAGE, deciding(dpia, "APPROVED_WITH_CONDITIONS", **rows))

    assert said(city.stored(dpia)) == [
        ("Neu", "Amt", date(2027, 3, 1), None, ""),
        ("Schilder", "Bauhof", date(2027, 2, 28), today(), "Foto"),
    ]


@pytest.mark.parametrize(
    ("met_on", "evidence"),
    [(today().isoformat(), ""), ((today() + timedelta(days=1)).isoformat(), "Foto"), ("gestern", "Foto")],
)
def test_a_condition_is_not_met_without_evidence_or_in_the_future(
    city: City, browsers: Browsers, met_on: str, evidence: str
) -> None:
    dpia = approved(city, browsers)

    status = browsers.of(Role.PROJECT_LEAD).status(
        "POST", meeting(dpia, 0), {"met_on": met_on, "evidence": evidence}
    )

    assert 400 <= status < 500
    assert said(city.stored(dpia))[0][3] is None


def test_who_may_not_edit_meets_no_condition(city: City, browsers: Browsers) -> None:
    dpia = approved(city, browsers)

    assert browsers.of(Role.READER).status("POST", meeting(dpia, 0), {"met_on": "2026-11-20"}) in (403, 404)
    assert browsers.of(Role.PROJECT_LEAD).status("POST", f"{PAGE}/conditions/{'0' * 32}", {}) == 404


# --- Consultation --------------------------------------------------------------------------------


def test_the_clock_is_on_the_page_and_on_the_agenda(city: City, browsers: Browsers) -> None:
    submitted(
        city,
        consulted_on=date(2026, 2, 12),
        consultation_received=date(2026, 2, 14),
        authority_questions=[
            AuthorityQuestion(question="Warum?", asked_on=date(2026, 3, 2), answered_on=date(2026, 3, 12))
        ],
    )

    page = browsers.of(Role.PROJECT_LEAD).page(WORKSPACE)

    assert "21.04.2026" in page.main
    assert "8 Wochen danach ist Samstag, 11.04.2026." in page.main
    assert "Das Schweigen ist keine Zustimmung" in page.main
    assert due_days(city) == {"consultation_due": date(2026, 4, 21)}


def test_an_open_question_is_due_instead_of_the_answer(city: City, browsers: Browsers) -> None:
    submitted(
        city,
        consulted_on=date(2026, 2, 12),
        consultation_received=date(2026, 2, 14),
        authority_questions=[
            AuthorityQuestion(question="Warum?", asked_on=date(2026, 3, 2), answer_by=date(2026, 3, 16))
        ],
    )

    assert "Frist steht still" in browsers.of(Role.PROJECT_LEAD).page(WORKSPACE).main
    assert due_days(city) == {"questions_due": date(2026, 3, 16)}


def test_without_a_high_risk_nobody_is_asked_about_a_consultation(city: City, browsers: Browsers) -> None:
    submitted(city)

    assert "step-consultation" not in browsers.of(Role.PROJECT_LEAD).page(WORKSPACE).main


@pytest.mark.parametrize("path", [f"{PAGE}/paper.pdf", "/dpias/1/consultation/file.pdf"])
def test_paper_and_file_come_as_pdf_for_whoever_may_export(city: City, browsers: Browsers, path: str) -> None:
    submitted(city, decision=DpiaDecision.CONSULT)

    answer = browsers.of(Role.MANAGEMENT).get(path)

    assert (answer.mimetype, answer.data[:5]) == ("application/pdf", b"%PDF-")


# --- High-risk AI --------------------------------------------------------------------------------


def with_ai(city: City, ai_class: AiClass) -> Dpia:
    activity = ProcessingActivity(name="Platzvergabe", unit=city.units["office"], ai=True, ai_class=ai_class)
    city.save(activity)
    dpia = Dpia(
        name="Platzvergabe", unit=city.units["office"], activities=[activity], purposes="Plätze verteilen."
    )
    city.save(dpia, by=Role.PROJECT_LEAD)
    return dpia


def test_fundamental_rights_are_asked_about_only_for_high_risk_ai(city: City, browsers: Browsers) -> None:
    with_ai(city, AiClass.TRANSPARENCY)
    lead = browsers.of(Role.PROJECT_LEAD)

    assert "Transparenzpflichten, Art. 50" in lead.page(WORKSPACE).main
    assert "Grundrechte" not in lead.page(WORKSPACE).main
    assert "fria_process" not in lead.get(f"{WORKSPACE}/edit").text


def test_what_the_assessment_says_already_is_taken_over(city: City, browsers: Browsers) -> None:
    dpia = with_ai(city, AiClass.HIGH_RISK)
    lead = browsers.of(Role.PROJECT_LEAD)

    assert "fria_process" in lead.get(f"{WORKSPACE}/edit").text
    assert "6 Angaben fehlen" in lead.page(WORKSPACE).main
    lead.post("/dpias/1/fundamental-rights", {"statement": "fria_process"})

    assert city.stored(dpia).fria_process == "Plätze verteilen."
    assert "5 Angaben fehlen" in lead.page(WORKSPACE).main


def test_without_high_risk_ai_nothing_is_taken_over(city: City, browsers: Browsers) -> None:
    with_ai(city, AiClass.MINIMAL)

    assert browsers.of(Role.PROJECT_LEAD).status("POST", "/dpias/1/fundamental-rights", {}) == 404
