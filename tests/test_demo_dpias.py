"""What the threshold analyses and impact assessments of the demo city promise."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.prefill import TakeoverState, provenance, sources_of
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_table import Outcome
from compliance.advice import Opinion
from compliance.entry import State, everything
from compliance.fields import Line, Prose, Rows, fields
from compliance.findings import Finding
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
    assert (rules["DSF-012"], rules["DSF-016"], rules["DSF-020"]) == (0, 1, 1)


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

    assert subjects == {"DSFA": 6, "VT": 4, "PR": 2}


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
