"""What the threshold analyses and impact assessments of the demo city promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.fundamental_rights import unanswered
from assessments.dpia.participation import expected
from assessments.dpia.prefill import TakeoverState, provenance, sources_of
from assessments.dpia.progress import steps
from assessments.dpia.public_summary import TEXTS, DpiaPublication, is_public, revealing
from assessments.dpia.questions import questionnaire
from assessments.dpia.settings import matrix_of
from assessments.dpia.threshold import ThresholdAnalysis, analyses_of
from assessments.dpia.threshold_table import Outcome
from compliance.advice import Opinion, opinions
from compliance.entry import State, everything
from compliance.fields import Line, Prose, Rows, fields
from compliance.findings import Finding, findings_of
from compliance.journal import verify
from compliance.people import Organisation
from compliance.web.site import Site
from registers.processing import ProcessingActivity
from tests.test_demo_content import PLACEHOLDER, RIGHT_AS_IT_IS, SPELLED_OUT


@pytest.fixture
def loaded(wardersund: Site) -> Site:
    return wardersund


def every(site: Site, model: type[Any]) -> list[Any]:
    with site.database.reading() as session:
        organisation = session.scalars(select(Organisation.id)).one()
    with site.database.reading(organisation) as session:
        options = everything(model) if hasattr(model, "number") else []
        return list(session.scalars(select(model).options(*options)))


def test_most_activities_have_a_threshold_analysis_and_some_miss_it(loaded: Site) -> None:
    analysed = {analysis.activity.id for analysis in every(loaded, ThresholdAnalysis)}
    activities = {activity.id for activity in every(loaded, ProcessingActivity)}

    assert 40 <= len(analysed) < len(activities)
    assert {finding.rule for finding in every(loaded, Finding)} >= {"DSF-001", "DSF-003"}


def test_every_outcome_occurs(loaded: Site) -> None:
    results = Counter(analysis.result for analysis in every(loaded, ThresholdAnalysis))

    assert set(results) == set(Outcome)
    assert results[Outcome.NOT_REQUIRED] > results[Outcome.REQUIRED] > 5


def test_assessments_stand_at_every_point_of_the_way(loaded: Site) -> None:
    found = {(dpia.state, dpia.decision) for dpia in every(loaded, Dpia)}

    assert found == {
        (State.DRAFT, None),
        (State.REVIEW, None),
        (State.REVIEW, DpiaDecision.CONSULT),
        (State.REVIEW, DpiaDecision.APPROVED_WITH_CONDITIONS),
        (State.RELEASED, DpiaDecision.APPROVED),
        (State.RELEASED, DpiaDecision.APPROVED_WITH_CONDITIONS),
        (State.RELEASED, DpiaDecision.REJECTED),
    }


def test_a_consultation_waits_for_an_answer_and_one_condition_is_overdue(loaded: Site) -> None:
    asked = [dpia for dpia in every(loaded, Dpia) if dpia.consulted_on]
    open_questions = [one.asked_on for dpia in asked for one in dpia.authority_questions if one.is_open]
    high_risk = [dpia.name for dpia in every(loaded, Dpia) if dpia.high_risk_ai]
    rules = Counter(finding.rule for finding in every(loaded, Finding))

    assert [(dpia.name, dpia.consultation_due) for dpia in asked] == [("Drohnen bei der Personensuche", None)]
    assert len(open_questions) == 1
    assert high_risk == ["Vorschläge zur Kita-Platzvergabe"]
    assert (rules["DSF-012"], rules["DSF-016"], rules["DSF-020"]) == (0, 1, 0)


SAMPLES = {
    "P02": "Hinweise auf zugestellte Kreuzungen",
    "P04": "Verkehrszählung mit Kameras",
    "P05": "Fußgängerzählung über Funkkennungen",
    "P06": "Basisdienste des Bürgerportals, gemeinsam mit dem Land",
    "P07": "Sozialleistungen im digitalen Antragsverfahren",
    "P10": "Beteiligung im Netz",
    "P13": "Abrechnung nach Leerungen",
    "P14": "Fernauslesung der Wasserzähler",
    "P18": "Vorschläge zur Kita-Platzvergabe",
    "P19": "Zutritt mit Fingerabdruck",
    "P21": "Verkehrsmodell im digitalen Zwilling",
    "P22": "Eltern-App der Kitas",
}
"""Complete assessments by the number of their project in the plan of the demo city."""
OVERDUE_CONDITION = "P18"
"""Its condition is overdue, so that it cannot be released."""


@pytest.mark.parametrize("name", SAMPLES.values(), ids=SAMPLES)
def test_a_sample_assessment_is_complete(loaded: Site, name: str) -> None:
    with loaded.database.reading() as session:
        organisation = session.scalars(select(Organisation.id)).one()
    with loaded.database.reading(organisation) as session:
        dpia = session.scalars(select(Dpia).where(Dpia.name == name).options(*everything(Dpia))).one()
        sources, advice = sources_of(session, dpia), opinions(session, dpia)
        voices = [one.voice for one in expected(sources)]
        undone = [
            (step.name, item.label.de)
            for step in steps(dpia, advice, matrix_of(session), voices=voices)
            for item in step.items
            if not item.done
        ]
        missed = [one.place for one in questionnaire(session, dpia).asked if one.missing]
        analysed = {one.activity.id for one in analyses_of(session, dpia.activities) if one.activity}
        broken = {found.rule for found in findings_of(session, [dpia.id])}

    assert (undone, missed, unanswered(dpia) if dpia.high_risk_ai else ()) == ([], [], ())
    assert analysed == {activity.id for activity in dpia.activities}
    assert len(dpia.risks) >= 4
    assert [risk.key for risk in dpia.risks if not risk.reason_after] == []
    assert len({verdict.chapter for verdict in dpia.verdicts}) >= 3
    assert (bool(advice), dpia.decided_on is None) == (True, False)
    overdue = name == SAMPLES[OVERDUE_CONDITION]
    assert ("DSF-016" in broken, dpia.state is State.RELEASED) == (overdue, not overdue)
    assert not broken & {"DSF-008", "DSF-009", "DSF-010", "DSF-014", "DSF-017", "DSF-020", "DSF-021"}


def test_some_samples_are_rejected_covered_consulted_and_still_in_work(loaded: Site) -> None:
    dpias = {dpia.name: dpia for dpia in every(loaded, Dpia)}
    covered = {
        (analysis.name, analysis.covered_by.name)
        for analysis in every(loaded, ThresholdAnalysis)
        if analysis.result is Outcome.COVERED
    }

    rejected = {name for name, dpia in dpias.items() if dpia.decision is DpiaDecision.REJECTED}
    assert rejected == {SAMPLES["P05"], SAMPLES["P19"]}
    assert ("Anträge im Bürgerportal", SAMPLES["P06"]) in covered
    assert [name for name, dpia in dpias.items() if dpia.decision is DpiaDecision.CONSULT] == [
        "Drohnen bei der Personensuche"
    ]
    assert [name for name, dpia in dpias.items() if dpia.high_risk_ai] == [SAMPLES["P18"]]
    assert {name for name, dpia in dpias.items() if dpia.state is State.DRAFT} == {
        "Parken mit Kennzeichenerkennung",
        "Ortung der Einsatzfahrzeuge im Winterdienst",
        "Vorlage: Kameras im öffentlichen Raum",
        "Videoüberwachung am Busbahnhof",
    }


def test_what_was_written_for_the_public_is_published_and_names_nobody(loaded: Site) -> None:
    with loaded.database.reading() as session:
        organisation = session.scalars(select(Organisation.id)).one()
    with loaded.database.reading(organisation) as session:
        public = session.scalars(select(DpiaPublication).where(is_public())).all()
        revealed = [
            revealing(dpia, sources_of(session, dpia), [getattr(dpia, name) for name in TEXTS])
            for dpia in session.scalars(select(Dpia).options(*everything(Dpia)))
        ]

    written = {dpia.number for dpia in every(loaded, Dpia) if dpia.public_project}
    assert {one.number for one in public} == written
    assert len(written) == 10
    assert [words for words in revealed if words] == []


def test_one_statement_is_outdated_because_its_source_changed(loaded: Site) -> None:
    stale = []
    with loaded.database.reading() as session:
        organisation = session.scalars(select(Organisation.id)).one()
    with loaded.database.reading(organisation) as session:
        for dpia in session.scalars(select(Dpia).options(*everything(Dpia))):
            origins = provenance(dpia, sources_of(session, dpia))
            stale += [
                (dpia.name, name) for name, origin in origins.items() if origin.state is TakeoverState.STALE
            ]

    assert stale == [("Lernplattform der städtischen Schulen", "description")]


def test_the_data_protection_officer_advised_on_assessments_activities_and_projects(loaded: Site) -> None:
    subjects = Counter(opinion.subject.split("-")[0] for opinion in every(loaded, Opinion))

    assert subjects == {"DSFA": 14, "VT": 4, "PR": 2}


def test_every_change_of_the_demo_is_in_the_journal(loaded: Site) -> None:
    assert verify(loaded.database).breaks == ()


def _texts(thing: object) -> Iterator[str]:
    for name, spec in fields(type(thing)).items():
        value = getattr(thing, name)
        if isinstance(spec, Line | Prose) and name not in ("fingerprint", "decided_matrix"):
            yield value
        elif isinstance(spec, Rows):
            for part in value:
                yield from _texts(part)


def test_all_texts_are_written_in_proper_german(loaded: Site) -> None:
    things = [*every(loaded, ThresholdAnalysis), *every(loaded, Dpia), *every(loaded, Opinion)]
    texts = [text for thing in things for text in _texts(thing) if "https://" not in text]
    spelled = {word for text in texts for word in SPELLED_OUT.findall(text)}

    assert [text for text in texts if PLACEHOLDER.search(text)] == []
    assert [word for word in spelled if not RIGHT_AS_IT_IS.fullmatch(word)] == []
    assert [text for text in texts for mark in ('"', " ,", " .", "...") if mark in text] == []
