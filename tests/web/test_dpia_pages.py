"""From the activity over threshold analysis and impact assessment to decision and release, in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import Grade, RiskLevel
from assessments.dpia.matrix import DEFAULT_MATRIX, RiskMatrix
from assessments.dpia.risk import (
    Damage,
    DpiaMeasure,
    DpiaRisk,
    MeasureState,
    ProtectionGoal,
    RiskSource,
)
from assessments.dpia.settings import matrix_of
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_questions import CASES, CRITERIA
from assessments.dpia.threshold_table import Outcome
from compliance.advice import Opinion, Verdict
from compliance.database import today
from compliance.entry import State
from compliance.fields import Span, TimeUnit
from compliance.journal import history
from compliance.people import Role
from compliance.release import Step
from registers.processing import (
    DataCategory,
    DataSource,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Scale,
    Subjects,
)
from tests.browsers import Browser, Browsers, form_of
from tests.city import City
from tests.pages import Page

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

ANALYSES = "/registers/threshold-analyses"
DPIAS = "/registers/dpias"


def cameras(city: City) -> ProcessingActivity:
    return ProcessingActivity(
        name="Videoschutz am Busbahnhof",
        unit=city.units["office"],
        description="Acht Kameras erfassen die Bussteige.",
        video=True,
        scale=Scale.MORE,
        subjects=(Subjects.VISITORS, Subjects.CHILDREN),
        sources=(DataSource.SENSOR,),
        purposes=[
            Purpose(text="Schutz der Fahrgäste", legal_basis=LegalBasis.PUBLIC_TASK, norm="§ 14 LDSG SH")
        ],
        data=[DataCategory(text="Bilder der Bussteige", period=Span(3, TimeUnit.D))],
        no_recipients=True,
        third_country=False,
        measures="Aufnahmen sieht nur die Leitstelle.",
    )


def assessment(city: City, **answers: Any) -> Dpia:
    given: dict[str, Any] = {
        "name": "Videoschutz am Busbahnhof",
        "unit": city.units["office"],
        "description": "Acht Kameras erfassen die Bussteige.",
        "purposes": "Schutz der Fahrgäste.",
        "lawfulness": "§ 14 LDSG SH.",
        "necessity": "Streifen allein genügen nicht.",
        "risks": [assessed_risk()],
        "measures": [DpiaMeasure(title="Löschung nach 72 Stunden", risks="R1", state=MeasureState.PLANNED)],
    }
    return Dpia(**given | answers)


def assessed_risk(**answers: Any) -> DpiaRisk:
    given: dict[str, Any] = {
        "title": "Bewegungsprofile",
        "severity_before": Grade.SUBSTANTIAL,
        "likelihood_before": Grade.SUBSTANTIAL,
        "severity_planned": Grade.SUBSTANTIAL,
        "likelihood_planned": Grade.LIMITED,
    }
    return DpiaRisk(**given | answers)


def all_no() -> dict[str, str]:
    return dict.fromkeys((*CASES, *CRITERIA, "listed_case", "done_by_law"), "no")


def risk_form(dpia: Dpia, **answers: Any) -> dict[str, Any]:
    return {"version": str(dpia.version), "title": "Einblick durch Unbefugte", "source": "STAFF", **answers}


@pytest.fixture
def lead(browsers: Browsers) -> Browser:
    return browsers.of(Role.PROJECT_LEAD)


@pytest.fixture
def management(browsers: Browsers) -> Browser:
    return browsers.of(Role.MANAGEMENT)


# --- Confirming in the form ----------------------------------------------------------------------


def test_proposals_are_confirmed_with_the_form_that_shows_them(city: City, lead: Browser) -> None:
    city.save(cameras(city))
    form = lead.page(f"{ANALYSES}/new?activity=1").sent()

    lead.post(f"{ANALYSES}/new?activity=1", [*form, ("confirmed", "yes")])

    analysis = first(city, ThresholdAnalysis)
    assert (analysis.confirmed_by, analysis.confirmed_on) == (city.people[Role.PROJECT_LEAD].name, today())
    with city.site.database.reading(city.id) as session:
        done = [change.action for change in history(session, analysis)]
    assert done == ["confirm answers", "create"]


def test_what_the_page_did_not_show_is_not_confirmed(city: City, lead: Browser) -> None:
    activity = cameras(city)
    city.save(activity)
    form = lead.page(f"{ANALYSES}/new?activity=1").sent()
    city.change(activity, profiling=True)

    address = lead.post(f"{ANALYSES}/new", [*form, ("confirmed", "yes")]).location

    assert "Gespeichert, aber nicht bestätigt" in lead.page(str(address)).main
    assert first(city, ThresholdAnalysis).confirmed_on is None


def test_an_analysis_that_nobody_answered_begins_with_what_the_record_says(city: City, lead: Browser) -> None:
    activity = cameras(city)
    city.save(activity)
    city.save(ThresholdAnalysis(name="Aus der Vorprüfung", activity=activity))

    begun = lead.page(f"{ANALYSES}/1/edit")
    assert ("public_monitoring", "yes") in begun.sent()
    lead.post(f"{ANALYSES}/1/edit", [*begun.sent(), ("confirmed", "yes")])
    city.change(activity, profiling=True)

    assert first(city, ThresholdAnalysis).public_monitoring is True
    assert ("evaluation", "yes") not in lead.page(f"{ANALYSES}/1/edit").sent()


# --- The whole way -------------------------------------------------------------------------------


def test_from_the_activity_to_the_released_assessment(
    city: City, lead: Browser, browsers: Browsers, management: Browser
) -> None:
    city.save(cameras(city))
    assert "Schwellwertanalyse beginnen" in lead.page("/registers/processing-activities/1").main

    begun = lead.page(f"{ANALYSES}/new?activity=1")
    lead.post(f"{ANALYSES}/new?activity=1", begun.sent())
    said = lead.page(f"{ANALYSES}/1").main
    assert "Ergebnis: DSFA erforderlich" in said
    assert "Systematische umfangreiche Überwachung öffentlich zugänglicher Bereiche" in said
    assert "DSFA beginnen" in said

    begun = lead.page(f"{DPIAS}/new?activities=1")
    assert begun.value("name") == "Videoschutz am Busbahnhof"
    lead.post(f"{DPIAS}/new?activities=1", begun.sent())
    assert "Angaben liegen in den Verarbeitungstätigkeiten vor" in lead.page(f"{DPIAS}/1").main
    lead.post("/dpias/1/take-over", {"statement": "all"})
    assert "Aus VT-0001, Stand" in lead.page(f"{DPIAS}/1").main

    dpia = first(city, Dpia)
    both = {"severity_before": "SUBSTANTIAL", "likelihood_before": "LIMITED"}
    lead.post("/dpias/1/risks/new", risk_form(dpia, do="save", **both))
    dpia = first(city, Dpia)
    city.change(
        dpia,
        by=Role.PROJECT_LEAD,
        necessity="Streifen allein genügen nicht.",
        lawfulness="§ 14 LDSG SH.",
        measures=[DpiaMeasure(title="Löschung nach 72 Stunden", risks="R1", state=MeasureState.PLANNED)],
    )
    lead.post(f"{DPIAS}/1/steps/{Step.SUBMIT}")
    browsers.of(Role.DSB).post(
        f"{DPIAS}/1/opinions", {"verdict": "NO_OBJECTIONS", "text": "Die Löschfrist ist angemessen."}
    )
    version = str(first(city, Dpia).version)
    management.post(
        "/dpias/1/decision", {"version": version, "decision": "APPROVED", "reason": "Vertretbar."}
    )
    management.post(f"{DPIAS}/1/steps/{Step.RELEASE}")

    done = first(city, Dpia)
    assert (done.state, done.decision, done.decided_risk) == (
        State.RELEASED,
        DpiaDecision.APPROVED,
        RiskLevel.MEDIUM,
    )
    assert "Genehmigt" in management.page(f"{DPIAS}/1").main
    assert (
        "DSFA-0001 Videoschutz am Busbahnhof: Genehmigt"
        in lead.page("/registers/processing-activities/1").main
    )


def first(city: City, model: type[Any]) -> Any:
    with city.site.database.reading(city.id) as session:
        identity = session.scalars(select(model.id).order_by(model.number)).first()
    return city.stored(model(id=identity))


# --- Threshold analysis --------------------------------------------------------------------------


def test_what_the_record_answers_is_proposed_with_the_reason(city: City, lead: Browser) -> None:
    city.save(cameras(city))

    page = lead.page(f"{ANALYSES}/new?activity=1")

    assert page.value("name") == "Videoschutz am Busbahnhof"
    assert "Vorgeschlagen: ja. Mehr als 10.000 Personen." in page.main
    assert ("monitoring", "yes") in page.sent()
    assert ("evaluation", "yes") not in page.sent()


def test_a_proposal_counts_only_once_a_person_has_saved_it(city: City, lead: Browser) -> None:
    city.save(cameras(city))

    lead.page(f"{ANALYSES}/new?activity=1")

    with city.site.database.reading(city.id) as session:
        assert session.scalars(select(ThresholdAnalysis)).all() == []


def test_a_draft_about_another_activity_does_not_answer_for_this_one(city: City, lead: Browser) -> None:
    city.save(cameras(city), ProcessingActivity(name="Hundesteuer"))
    begun = lead.page(f"{ANALYSES}/new?activity=1")
    lead.post(f"{ANALYSES}/0/draft", begun.sent(), status=200)

    assert "Ihren Entwurf" in lead.page(f"{ANALYSES}/new?activity=1").main
    other = lead.page(f"{ANALYSES}/new?activity=2")
    assert "Ihren Entwurf" not in other.main
    assert other.value("name") == "Hundesteuer"


def test_open_questions_are_named_and_linked(city: City, lead: Browser) -> None:
    city.save(ThresholdAnalysis(name="Hundesteuer", personal_data=True))

    said = lead.page(f"{ANALYSES}/1").main

    assert "Ergebnis: DSFA noch offen" in said
    assert "Fragen sind noch offen" in said
    assert "Fragen beantworten" in said


def test_no_assessment_is_offered_where_none_is_needed(city: City, lead: Browser) -> None:
    city.save(ProcessingActivity(name="Hundesteuer"))
    answers = {
        **all_no(),
        "personal_data": "yes",
        "rough_severity": "LIMITED",
        "rough_likelihood": "NEGLIGIBLE",
        "high_risk": "no",
    }
    begun = dict(lead.page(f"{ANALYSES}/new?activity=1").sent())

    lead.post(f"{ANALYSES}/new?activity=1", begun | answers)

    assert first(city, ThresholdAnalysis).result is Outcome.NOT_REQUIRED
    said = lead.page(f"{ANALYSES}/1").main
    assert "Ergebnis: DSFA nicht erforderlich" in said
    assert "DSFA beginnen" not in said


# --- Taking over ---------------------------------------------------------------------------------


def taken(city: City, lead: Browser) -> tuple[ProcessingActivity, Dpia]:
    activity = cameras(city)
    dpia = Dpia(name="Videoschutz", unit=city.units["office"], activities=[activity])
    city.save(activity, dpia)
    lead.post("/dpias/1/take-over", {"statement": "all"})
    return activity, dpia


def fingerprint(page: Page, statement: str) -> str:
    """What the form that takes *statement* over sends to say which text was shown."""
    named = (one for one in page.all("input") if (one["name"], one["value"]) == ("statement", statement))
    form = next(named).within("form")
    assert form is not None
    return next(one["value"] for one in form.inside if one["name"] == "fingerprint")


def test_a_changed_source_shows_the_difference_and_is_taken_over_with_one_click(
    city: City, lead: Browser
) -> None:
    activity, dpia = taken(city, lead)
    city.change(activity, description="Zwölf Kameras erfassen die Bussteige.")

    page = lead.page(f"{DPIAS}/1")
    assert "Die Quelle hat sich seither geändert." in page.main
    assert [gone.text for gone in page.all("del")] == ["entfallen: Acht "]
    assert [new.text for new in page.all("ins")] == ["neu: Zwölf "]
    lead.post(
        "/dpias/1/take-over", {"statement": "description", "fingerprint": fingerprint(page, "description")}
    )

    assert city.stored(dpia).description.startswith("Zwölf Kameras")
    assert "Die Quelle hat sich seither geändert." not in lead.page(f"{DPIAS}/1").main


def test_ones_own_text_can_be_kept_when_the_source_changes(city: City, lead: Browser) -> None:
    activity, dpia = taken(city, lead)
    city.change(dpia, description="Kameras schützen die Fahrgäste.")
    city.change(activity, description="Zwölf Kameras erfassen die Bussteige.")

    mark = fingerprint(lead.page(f"{DPIAS}/1"), "description")
    lead.post("/dpias/1/take-over", {"statement": "description", "fingerprint": mark, "then": "keep"})

    assert city.stored(dpia).description == "Kameras schützen die Fahrgäste."
    assert "danach angepasst" in lead.page(f"{DPIAS}/1").main


def test_nothing_is_taken_over_that_was_not_shown(city: City, lead: Browser) -> None:
    activity, dpia = taken(city, lead)
    city.change(activity, description="Zwölf Kameras erfassen die Bussteige.")
    mark = fingerprint(lead.page(f"{DPIAS}/1"), "description")
    city.change(activity, description="Zwanzig Kameras erfassen die Bussteige.")

    lead.post("/dpias/1/take-over", {"statement": "description", "fingerprint": mark}, status=409)

    assert city.stored(dpia).description.startswith("Acht Kameras")


def test_the_history_leaves_out_what_only_the_program_reads(city: City, lead: Browser) -> None:
    _, dpia = taken(city, lead)

    with city.site.database.reading(city.id) as session:
        assert "taken_over" in history(session, dpia)[0].changes
    told = [cell.text for cell in lead.page(f"{DPIAS}/1/history").all("th")]
    assert "Übernommene Angaben" not in told
    assert "Systematische Beschreibung" in told


def test_adapting_leads_to_the_field(city: City, lead: Browser) -> None:
    activity = cameras(city)
    city.save(activity, Dpia(name="Videoschutz", activities=[activity]))
    mark = fingerprint(lead.page(f"{DPIAS}/1"), "purposes")

    answer = lead.post("/dpias/1/take-over", {"statement": "purposes", "fingerprint": mark, "then": "edit"})

    assert answer.headers["Location"] == f"{DPIAS}/1/edit#field-purposes"


# --- Risks ---------------------------------------------------------------------------------------


def test_saving_a_risk_leads_to_the_next_one_and_from_the_last_back(city: City, lead: Browser) -> None:
    dpia = assessment(city, risks=[assessed_risk(), assessed_risk(title="Verlust der Aufnahmen")])
    city.save(dpia)

    steps = []
    for key in ("R1", "R2"):
        stored = city.stored(dpia)
        answer = lead.post(f"/dpias/1/risks/{key}", risk_form(stored, do="next"))
        steps.append(answer.headers["Location"])

    assert steps == ["/dpias/1/risks/R2", f"{DPIAS}/1#step-risks"]


def test_a_risk_keeps_its_key_and_every_answer(city: City, lead: Browser) -> None:
    dpia = assessment(city)
    city.save(dpia)

    lead.post(
        "/dpias/1/risks/R1",
        risk_form(
            dpia,
            event="Eine Person sieht Aufnahmen ohne Anlass an.",
            damages=["CONTROL", "REPUTATION"],
            goals=["CONFIDENTIALITY"],
            severity_before="MAJOR",
            likelihood_before="LIMITED",
        ),
    )

    [risk] = city.stored(dpia).risks
    assert (risk.key, risk.source, risk.event, risk.damages, risk.goals, risk.severity_before) == (
        "R1",
        RiskSource.STAFF,
        "Eine Person sieht Aufnahmen ohne Anlass an.",
        (Damage.REPUTATION, Damage.CONTROL),
        (ProtectionGoal.CONFIDENTIALITY,),
        Grade.MAJOR,
    )
    assert risk.severity_planned is Grade.SUBSTANTIAL


def test_the_matrix_says_in_words_where_the_risk_lies(city: City, lead: Browser) -> None:
    city.save(assessment(city))

    page = lead.page("/dpias/1/risks/R1")

    here = [cell.text for cell in page.all("td") if "vorher" in cell.text]
    assert here == ["hohes Risikovorher"]


def test_a_risk_changed_by_somebody_else_meanwhile_is_not_overwritten(city: City, lead: Browser) -> None:
    dpia = assessment(city)
    city.save(dpia)
    old = risk_form(dpia)
    city.change(dpia, team="Tom Behrens")

    answer = lead.post("/dpias/1/risks/R1", old, status=409)

    assert "Einblick durch Unbefugte" in answer.text
    assert city.stored(dpia).risks[0].title == "Bewegungsprofile"


def test_a_title_too_long_is_explained_and_kept(city: City, lead: Browser) -> None:
    dpia = assessment(city)
    city.save(dpia)

    answer = lead.post("/dpias/1/risks/R1", risk_form(dpia) | {"title": "x" * 300}, status=422)

    assert "Höchstens 200 Zeichen" in answer.text
    assert city.stored(dpia).risks[0].title == "Bewegungsprofile"


def test_an_unknown_risk_is_not_found(city: City, lead: Browser) -> None:
    city.save(assessment(city))

    assert lead.status("GET", "/dpias/1/risks/R7") == 404


# --- Opinion and decision ------------------------------------------------------------------------


def advised(city: City, verdict: Verdict = Verdict.NO_OBJECTIONS, **answers: Any) -> Dpia:
    dpia = assessment(city, **answers)
    city.save(dpia, by=Role.PROJECT_LEAD)
    city.change(dpia, state=State.REVIEW, by=Role.PROJECT_LEAD)
    city.save(Opinion(register=Dpia.slug, entry_id=dpia.id, verdict=verdict, text="Rat.", given_on=today()))
    return city.stored(dpia)  # type: ignore[no-any-return]


def deciding(dpia: Dpia, decision: str, **answers: str) -> dict[str, str]:
    return {"version": str(dpia.version), "decision": decision, **answers}


def test_the_opinion_names_what_it_is_about(city: City, browsers: Browsers) -> None:
    city.save(assessment(city))

    browsers.of(Role.DSB).post(
        f"{DPIAS}/1/opinions", {"verdict": "AGAINST", "text": "Mildere Mittel fehlen."}
    )

    with city.site.database.reading(city.id) as session:
        opinion = session.scalars(select(Opinion)).one()
        assert opinion.subject == "DSFA-0001"
        assert history(session, opinion)[0].state["subject"] == "DSFA-0001"


def test_an_approval_without_advice_is_refused_in_words(city: City, management: Browser) -> None:
    dpia = assessment(city, state=State.REVIEW)
    city.save(dpia, by=Role.PROJECT_LEAD)

    answer = management.post("/dpias/1/decision", deciding(dpia, "APPROVED", reason="Dringend."), status=422)

    assert "Vor der Genehmigung ist der Rat der Datenschutzbeauftragten einzuholen" in answer.text
    assert "Dringend." in answer.text
    assert city.stored(dpia).decision is None


def test_a_deviation_from_the_advice_needs_its_reason(city: City, management: Browser) -> None:
    dpia = advised(city, Verdict.AGAINST)
    assert "weicht vom Rat ab" in management.page("/dpias/1/decision").main

    management.post("/dpias/1/decision", deciding(dpia, "APPROVED"), status=422)
    management.post("/dpias/1/decision", deciding(dpia, "APPROVED", deviation_reason="Kein milderes Mittel."))

    assert city.stored(dpia).deviation_reason == "Kein milderes Mittel."


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"decision": ""}, "Bitte wählen Sie, was entschieden wird."),
        ({"decision": "REJECTED"}, "Eine Ablehnung braucht eine Begründung."),
        (
            {
                "decision": "APPROVED",
                "imposed-rows": "0",
                "imposed-0-text": "Schilder.",
                "imposed-0-due": "bald",
            },
            "ist kein Datum",
        ),
        ({"decision": "APPROVED", "version": "0"}, "während Sie entschieden haben"),
    ],
)
def test_what_is_missing_is_said(city: City, management: Browser, answers: dict[str, str], said: str) -> None:
    dpia = advised(city)

    answer = management.post("/dpias/1/decision", {"version": str(dpia.version)} | answers, status=422)

    assert said in answer.text


def test_a_change_after_the_decision_shows_on_the_page(city: City, management: Browser) -> None:
    dpia = advised(city)
    management.post("/dpias/1/decision", deciding(dpia, "APPROVED"))
    city.change(dpia, necessity="Neu begründet.", by=Role.PROJECT_LEAD)

    assert "Seit der Entscheidung geändert: Erforderlichkeit" in management.page(f"{DPIAS}/1").main


# --- Risk matrix ---------------------------------------------------------------------------------


def matrix_form(answers: dict[str, str] | None = None, matrix: RiskMatrix = DEFAULT_MATRIX) -> dict[str, Any]:
    form: dict[str, Any] = {
        "use-severity": [grade.name for grade in matrix.severities],
        "use-likelihood": [grade.name for grade in matrix.likelihoods],
        "use-level": [level.name for level in matrix.levels],
    }
    for name, axis in (("severity", matrix.severities), ("likelihood", matrix.likelihoods)):
        for grade, text in axis.items():
            form |= {f"{name}-{grade.name}-de": text.de, f"{name}-{grade.name}-en": text.en}
    for level, shade in matrix.levels.items():
        form |= {f"level-{level.name}-de": shade.name.de, f"level-{level.name}-en": shade.name.en}
        form |= {f"tone-{level.name}": shade.tone}
    for severity in matrix.severities:
        for likelihood in matrix.likelihoods:
            cell = f"cell-{severity.name}-{likelihood.name}"
            form[cell] = matrix.level(severity, likelihood).name
    return form | (answers or {})


def test_the_matrix_of_the_organisation_counts_everywhere(
    city: City, browsers: Browsers, lead: Browser
) -> None:
    city.save(assessment(city))
    assert "hohes Risiko" in lead.page(f"{DPIAS}/1").main

    browsers.of(Role.ADMINISTRATOR).post("/dpias/matrix", matrix_form({"level-HIGH-de": "rotes Feld"}))

    assert "rotes Feld" in lead.page(f"{DPIAS}/1").main
    assert "rotes Feld" in lead.page("/dpias/1/risks/R1").main
    with city.site.database.reading(city.id) as session:
        assert matrix_of(session).label(RiskLevel.HIGH).de == "rotes Feld"


def test_the_default_matrix_comes_back(city: City, browsers: Browsers) -> None:
    administrator = browsers.of(Role.ADMINISTRATOR)
    administrator.post("/dpias/matrix", matrix_form({"level-HIGH-de": "rotes Feld"}))

    administrator.post("/dpias/matrix", {"do": "reset"})

    with city.site.database.reading(city.id) as session:
        assert matrix_of(session) == DEFAULT_MATRIX


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"cell-MAJOR-MAJOR": "LOW"}, "nie geringer wiegen"),
        ({"level-LOW-de": " "}, "braucht eine Bezeichnung"),
        ({"cell-NEGLIGIBLE-NEGLIGIBLE": "?"}, "braucht eine Bezeichnung"),
        ({"tone-LOW": "pink"}, "Risikoklassen mit Farbton"),
    ],
)
def test_a_matrix_that_makes_no_sense_is_refused(
    browsers: Browsers, answers: dict[str, str], said: str
) -> None:
    answer = browsers.of(Role.ADMINISTRATOR).post("/dpias/matrix", matrix_form(answers), status=422)

    assert said in answer.text


# --- Roles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/dpias/1/risks/R1", {Role.PROJECT_LEAD}),
        ("GET", "/dpias/1/risks/new", {Role.PROJECT_LEAD}),
        ("POST", "/dpias/1/take-over", {Role.PROJECT_LEAD}),
        ("POST", "/dpias/1/risks/R1", {Role.PROJECT_LEAD}),
        ("POST", "/dpias/1/decision", {Role.MANAGEMENT}),
        ("GET", "/dpias/matrix", {Role.ADMINISTRATOR, Role.DSB}),
        ("POST", "/dpias/matrix", {Role.ADMINISTRATOR, Role.DSB}),
    ],
)
def test_who_may_do_what(city: City, browsers: Browsers, method: str, path: str, allowed: set[Role]) -> None:
    city.save(assessment(city))
    body = {"statement": "all"}

    refused = {role for role in Role if browsers.of(role).status(method, path, body) in (403, 404)}

    assert refused == set(Role) - allowed


def test_everybody_who_sees_the_assessment_sees_what_is_to_be_decided(city: City, browsers: Browsers) -> None:
    city.save(assessment(city))

    roles = set(Role) - {Role.ARCHIVE}
    offered = {role for role in roles if "Ich entscheide" in browsers.of(role).page("/dpias/1/decision").main}

    assert offered == set()
    city.change(first(city, Dpia), state=State.REVIEW)
    offered = {role for role in roles if "Ich entscheide" in browsers.of(role).page("/dpias/1/decision").main}
    assert offered == {Role.MANAGEMENT}


def test_a_stranger_is_asked_to_sign_in(city: City, browsers: Browsers) -> None:
    city.save(assessment(city))

    assert browsers.of_stranger().status("GET", "/dpias/1/decision") == 302


# --- Paper ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", ["pdf", "xlsx", "json"])
def test_the_assessment_prints(city: City, browsers: Browsers, extension: str) -> None:
    city.save(assessment(city))

    answer = browsers.of(Role.AUDITOR).get(f"{DPIAS}/1/export.{extension}")

    assert len(answer.data) > 500


def test_the_form_of_the_assessment_still_takes_every_answer(city: City, lead: Browser) -> None:
    dpia = assessment(city)
    city.save(dpia)

    lead.post(f"{DPIAS}/1/edit", form_of(dpia) | {"team": "Tom Behrens"})

    assert city.stored(dpia).team == "Tom Behrens"
