"""The pre-scan asks at most fifteen questions, loses nothing, and becomes drafts that say what was said."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given as over
from hypothesis import strategies as st
from sqlalchemy import select

from assessments.dpia.prescan import (
    Automation,
    Concerned,
    DataKind,
    Fate,
    Harm,
    Helpers,
    Keeping,
    Observed,
    Origin,
    PreScan,
    Timing,
    Topic,
)
from assessments.dpia.prescan_outcome import (
    Indication,
    activity_of,
    arrive,
    decline,
    indication,
    take_on,
    unit_called,
)
from assessments.dpia.prescan_questions import (
    QUESTIONS,
    Question,
    answer,
    answers_from,
    asked,
    first_open,
    given,
    is_answered,
    relevant,
    step,
)
from assessments.dpia.threshold import ThresholdAnalysis
from assessments.dpia.threshold_table import Outcome
from compliance.entry import State, everything
from compliance.errors import Forbidden, NotFound, Refused
from compliance.fields import Choice, Choices, Day, Flag, Line, Prose, answers, empty, fields
from compliance.people import Role
from registers.processing import DataSource, ProcessingActivity, Scale, Stage, Subjects
from registers.projects import Project, ProjectStage
from tests.city import City, found_city

on_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


# --- Any path ------------------------------------------------------------------------------------


def values_of(question: Question) -> st.SearchStrategy[Mapping[str, Any]]:
    """Whatever one screen can say."""
    return st.fixed_dictionaries({name: value_of(fields(PreScan)[name]) for name in question.names})


def value_of(spec: Any) -> st.SearchStrategy[Any]:
    match spec:
        case Flag():
            return st.sampled_from([True, False, None])
        case Choice():
            return st.sampled_from([None, *spec.words])
        case Choices():
            return st.lists(st.sampled_from(list(spec.words)), unique=True).map(
                lambda chosen: tuple(word for word in spec.words if word in chosen)
            )
        case Day():
            return st.one_of(st.none(), st.dates())
        case Line() | Prose():
            return st.sampled_from(["", "Schule am Deich", "a\u0308 „b“"])
        case _:
            raise AssertionError(spec)


@over(st.data())
def test_every_path_ends_after_at_most_fifteen_questions(data: st.DataObject) -> None:
    said, seen = PreScan(), []
    question = first_open(said)
    while question is not None:
        seen.append(question.topic)
        values = data.draw(values_of(question))
        answer(said, question, values, unsure=True)
        assert is_answered(question, said)
        question = first_open(said)

    assert len(seen) == len(set(seen)) <= 15
    assert set(seen) <= {one.topic for one in QUESTIONS}


@over(st.data())
def test_going_back_and_forth_and_coming_back_later_changes_no_answer(data: st.DataObject) -> None:
    said = PreScan()
    question: Question | None = QUESTIONS[0]
    for _step in range(data.draw(st.integers(1, 25))):
        assert question is not None
        if data.draw(st.booleans()):
            answer(said, question, data.draw(values_of(question)), unsure=data.draw(st.booleans()))
        before = given(said)
        question = step(said, question, data.draw(st.sampled_from([-1, 1]))) or first_open(said)
        assert given(said) == before
        question = question or QUESTIONS[0]
    later = answers_from(given(said))

    assert given(later) == given(said)
    assert [one.topic for one in asked(later)] == [one.topic for one in asked(said)]
    assert {one.topic for one in asked(relevant(said))} == {one.topic for one in asked(said)}


def test_there_are_fifteen_questions_and_each_field_is_asked_once() -> None:
    names = [name for question in QUESTIONS for name in question.names]

    assert len(QUESTIONS) == len(Topic) == 15
    assert len(names) == len(set(names))
    assert {question.topic for question in QUESTIONS} == set(Topic)


def test_without_data_of_people_six_questions_are_left() -> None:
    topics = [one.topic for one in asked(PreScan(personal_data=False, observed=(Observed.COUNTS,)))]

    assert topics == [
        Topic.PLAN,
        Topic.CONTACT,
        Topic.TIMING,
        Topic.PERSONAL,
        Topic.OBSERVED,
        Topic.OPEN_DATA,
    ]


@pytest.mark.parametrize("seen", [Observed.CAMERAS, Observed.LOCATION, Observed.USE])
def test_a_no_does_not_outweigh_what_watches_people(seen: Observed) -> None:
    assert len(asked(PreScan(personal_data=False, observed=(seen,)))) == 15


def test_answers_that_fell_away_are_kept_but_not_sent() -> None:
    said = PreScan(name="Zähler", personal_data=True, concerned=(Concerned.CHILDREN,), unsure=(Topic.KINDS,))
    said.personal_data = False

    assert relevant(said).concerned == ()
    assert relevant(said).unsure == ()
    assert (said.concerned, said.unsure) == ((Concerned.CHILDREN,), (Topic.KINDS,))


def test_what_no_longer_exists_counts_as_not_said() -> None:
    assert given(answers_from({"scale": "ALL", "harm": ["MONEY", "GONE"], "name": "A"})) == {"name": "A"}


# --- The indication ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"personal_data": False}, Indication.NO_PEOPLE),
        ({"personal_data": None}, Indication.ORDINARY),
        ({"personal_data": True, "kinds": (DataKind.CONTACT,)}, Indication.ORDINARY),
        ({"personal_data": True, "kinds": (DataKind.HEALTH,)}, Indication.CLOSE),
        ({"personal_data": False, "observed": (Observed.CAMERAS,)}, Indication.CLOSE),
        ({"personal_data": True, "concerned": (Concerned.CHILDREN,)}, Indication.CLOSE),
        ({"personal_data": True, "scale": Scale.MORE}, Indication.CLOSE),
        ({"personal_data": True, "merged": True}, Indication.CLOSE),
        ({"personal_data": True, "harm": (Harm.NUISANCE,)}, Indication.ORDINARY),
        ({"personal_data": True, "harm": (Harm.BODY,)}, Indication.CLOSE),
        ({"personal_data": True, "helpers": Helpers.ELSEWHERE}, Indication.CLOSE),
        ({"personal_data": True, "automation": (Automation.AI,)}, Indication.CLOSE),
    ],
)
def test_a_first_hint_follows_from_the_answers(said: dict[str, Any], expected: Indication) -> None:
    assert indication(PreScan(**said)) is expected


# --- What becomes of it --------------------------------------------------------------------------

BUS = {
    "name": "Schulbus-App",
    "idea": "Eltern sehen, wo der Bus ist.",
    "unit_said": "bürgeramt",
    "contact": "Ida Lund",
    "reach": "Durchwahl 12",
    "timing": Timing.TEST,
    "begins": date(2027, 2, 1),
    "personal_data": True,
    "observed": (Observed.CAMERAS, Observed.LOCATION),
    "concerned": (Concerned.CHILDREN, Concerned.PARENTS),
    "concerned_other": "Busfahrerinnen",
    "kinds": (DataKind.CONTACT, DataKind.HEALTH, DataKind.OFFENCES),
    "kinds_other": "Sitzplatz",
    "scale": Scale.THOUSAND,
    "origin": (Origin.PERSONS, Origin.HOUSE),
    "automation": (Automation.RATES,),
    "merged": True,
    "helpers": Helpers.ELSEWHERE,
    "provider": "Busblick Inc.",
    "open_data": True,
    "keeping": Keeping.MONTHS,
    "keeping_until": "bis Schuljahresende",
    "harm": (Harm.BODY,),
    "unsure": (Topic.HARM,),
}


@pytest.fixture
def arrived(city: City) -> PreScan:
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        return arrive(session, PreScan(**BUS))


def taken(city: City, scan: PreScan, names: list[str], role: Role = Role.DSB) -> None:
    with city.site.database.writing(city.id, actor=city.actor(role)) as session:
        stored = session.get_one(PreScan, (city.id, scan.id), options=everything(PreScan))
        take_on(session, stored, names, by=city.identity(role))


def kept(city: City, model: Any) -> list[Any]:
    with city.site.database.reading(city.id) as session:
        return list(session.scalars(select(model).order_by(model.number).options(*everything(model))))


def test_a_pre_scan_becomes_a_project_a_draft_activity_and_a_threshold_analysis(
    city: City, arrived: PreScan
) -> None:
    taken(city, arrived, ["Schulbus-App"])
    [project], [activity], [analysis] = (
        kept(city, model) for model in (Project, ProcessingActivity, ThresholdAnalysis)
    )
    scan = city.stored(arrived)
    office = city.units["office"]

    assert (project.name, project.stage, project.lead, project.description, project.personal_data) == (
        "Schulbus-App",
        ProjectStage.PILOT,
        "Ida Lund",
        "Eltern sehen, wo der Bus ist.",
        True,
    )
    assert (project.begins, [partner.name for partner in project.partners], project.unit.id) == (
        date(2027, 2, 1),
        ["Busblick Inc."],
        office.id,
    )
    found = answers(activity)
    rows = [{name: value for name, value in row.items() if name != "id"} for row in found.pop("data")]
    until = "bis Schuljahresende"
    assert rows == [
        {"text": DataKind.CONTACT.text.de, "criteria": until},
        {"text": DataKind.HEALTH.text.de, "special": True, "criteria": until},
        {"text": DataKind.OFFENCES.text.de, "criminal": True, "criteria": until},
        {"text": "Sitzplatz", "criteria": until},
    ]
    assert found == {
        "name": "Schulbus-App",
        "unit": [office.id.hex, str(office)],
        "project": [project.id.hex, str(project)],
        "description": "Eltern sehen, wo der Bus ist.",
        "contact": "Ida Lund, Durchwahl 12",
        "stage": Stage.TEST.name,
        "since": "2027-02-01",
        "subjects": [one.name for one in Subjects if one in (Subjects.CHILDREN, Subjects.PARENTS)],
        "other_subjects": "Busfahrerinnen",
        "scale": Scale.THOUSAND.name,
        "sources": [DataSource.SUBJECT.name, DataSource.SENSOR.name],
        "video": True,
        "profiling": True,
        "third_country": True,
        "transfer_note": "Busblick Inc.",
        "open_data": True,
        "notes": "Daten aus anderen Bereichen der Verwaltung: Zweckänderung prüfen.\n"
        "Getrennte Datenbestände werden zusammengeführt.\n"
        "Veröffentlichung geplant: Anonymisierung nachweisen.\n"
        "Auftragsverarbeitung klären: Busblick Inc. (Ja, außerhalb der EU).\n"
        "Offen: Was könnte Menschen passieren, wenn etwas schiefgeht?",
    }
    assert answers(analysis) == {
        "name": "Schulbus-App",
        "unit": [office.id.hex, str(office)],
        "activity": [activity.id.hex, str(activity)],
        "personal_data": True,
        "matching": True,
        "result": Outcome.UNDECIDED.name,
    }
    assert (scan.fate, scan.state, scan.waits, scan.project.id) == (
        Fate.TAKEN,
        State.ENDED,
        False,
        project.id,
    )
    assert ([one.id for one in scan.activities], [one.id for one in scan.analyses]) == (
        [activity.id],
        [analysis.id],
    )
    assert {one.state for one in (project, activity, analysis)} == {State.DRAFT}


@on_sqlite
def test_several_activities_can_be_made_of_one_plan(city: City, arrived: PreScan) -> None:
    taken(city, arrived, ["Ortung", "", "Anmeldung"], Role.PROJECT_LEAD)

    assert [one.name for one in kept(city, ProcessingActivity)] == ["Ortung", "Anmeldung"]
    assert [one.activity.name for one in kept(city, ThresholdAnalysis)] == ["Ortung", "Anmeldung"]


@on_sqlite
def test_without_data_of_people_there_is_a_project_only(city: City) -> None:
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        scan = arrive(session, PreScan(name="Pegel", personal_data=False, observed=(Observed.COUNTS,)))
    taken(city, scan, ["Pegel"])

    assert [one.personal_data for one in kept(city, Project)] == [False]
    assert (kept(city, ProcessingActivity), kept(city, ThresholdAnalysis)) == ([], [])


@on_sqlite
def test_a_pre_scan_is_handled_once(city: City, arrived: PreScan) -> None:
    taken(city, arrived, [])
    with pytest.raises(Refused):
        taken(city, arrived, [])

    assert len(kept(city, Project)) == 1


@on_sqlite
def test_declining_needs_a_reason(city: City, arrived: PreScan) -> None:
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        stored = session.get_one(PreScan, (city.id, arrived.id), options=everything(PreScan))
        with pytest.raises(Refused):
            decline(session, stored, "  ", by=city.identity(Role.DSB))
        decline(session, stored, "Gibt es schon.", by=city.identity(Role.DSB))

    scan = city.stored(arrived)
    assert (scan.fate, scan.fate_reason, scan.state) == (Fate.DECLINED, "Gibt es schon.", State.ENDED)


@on_sqlite
@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.DSB, Role.PROJECT_LEAD)])
def test_nobody_else_takes_a_pre_scan_on(city: City, arrived: PreScan, role: Role) -> None:
    with pytest.raises((Forbidden, NotFound)):
        taken(city, arrived, [], role)


@on_sqlite
@pytest.mark.parametrize("said", ["Bürgeramt", "buergeramt", "1.1", "1.1 Bürgeramt"])
def test_a_unit_is_recognised_by_name_and_key(city: City, said: str) -> None:
    with city.site.database.reading(city.id) as session:
        found = unit_called(session, said)

    assert found is not None
    assert found.id == city.units["office"].id


@on_sqlite
@pytest.mark.parametrize("said", ["", "Amt", "Standesamt"])
def test_a_unit_is_never_guessed(city: City, said: str) -> None:
    found_city(city.site, "Gemeinde Nebenan")
    with city.site.database.reading(city.id) as session:
        assert unit_called(session, said) is None


def test_nothing_said_is_nothing_claimed() -> None:
    activity = activity_of(PreScan(name="Neu"))
    specs = fields(ProcessingActivity)
    filled = {name for name, spec in specs.items() if getattr(activity, name) != empty(spec)}

    assert filled == {"name", "stage"}
