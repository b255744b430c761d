"""What an assessment begun from another one takes along, and what never travels."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from sqlalchemy import select

from assessments.dpia.answers import DpiaAnswer, answers_of
from assessments.dpia.copied import CopiedKind, copy_sources, part_at, unconfirmed
from assessments.dpia.copying import (
    OF_MEASURE,
    OF_RISK,
    STATEMENTS,
    begin,
    beginnings,
    copy_of,
    make_template,
    mark_as_template,
    may_begin_from,
)
from assessments.dpia.decision import decide
from assessments.dpia.dpia import Dpia, DpiaDecision
from assessments.dpia.grades import Grade
from assessments.dpia.prefill import sources_of
from assessments.dpia.risk import DpiaMeasure, DpiaRisk, MeasureState, give_keys, risk_keys
from compliance.database import today
from compliance.entry import State, everything
from compliance.errors import Refused
from compliance.fields import empty, fields
from compliance.findings import Finding
from compliance.people import Role
from registers.measures import Measure
from registers.processing import LegalBasis, ProcessingActivity, Purpose
from tests.city import City
from tests.strategies import entries

sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
DAY = date(2026, 3, 2)


def finished(**answers: Any) -> Dpia:
    risk = DpiaRisk(
        title="Beobachten Einzelner",
        severity_before=Grade.SUBSTANTIAL,
        likelihood_before=Grade.LIMITED,
        reason_before="Jederzeit möglich.",
        severity_planned=Grade.LIMITED,
        likelihood_planned=Grade.NEGLIGIBLE,
        reason_after="Nur zu zweit.",
    )
    measure = DpiaMeasure(
        title="Einsicht zu zweit",
        description="Mit Protokoll.",
        risks="R1, R9",
        owner="Leitstelle",
        due=date(2026, 1, 1),
        state=MeasureState.VERIFIED,
        evidence="Vermerk",
    )
    own: dict[str, Any] = {
        "name": "Videoschutz am Busbahnhof",
        "team": "Tom Behrens",
        "description": "Acht Kameras.",
        "necessity": "Streifen allein genügen nicht.",
        "state": State.RELEASED,
        "decision": DpiaDecision.APPROVED,
        "risks": [risk],
        "measures": [measure],
    }
    return Dpia(**own | answers)


# --- What travels --------------------------------------------------------------------------------


@given(entries(Dpia))
def test_nothing_decided_said_or_dated_travels(source: Dpia) -> None:
    give_keys(source.risks, 0)
    give_keys(source.measures, 0, "M")
    copied = copy_of(source, {}, ())

    specs = fields(Dpia)
    assert dict(copied.statements) == {
        name: getattr(source, name) for name in STATEMENTS if getattr(source, name).strip()
    }
    assert not any(specs[name].fixed or specs[name].personal for name in STATEMENTS)
    for names, parts, sources in (
        (OF_RISK, copied.risks, source.risks),
        ((*OF_MEASURE, "risks", "state"), copied.measures, source.measures),
    ):
        assert len(parts) == len(sources)
        for part, origin in zip(parts, sources, strict=True):
            kinds = fields(type(part))
            others = [name for name in kinds if name not in names]
            assert [name for name in others if getattr(part, name) != empty(kinds[name])] == []
            shared = [name for name in names if name not in ("risks", "state")]
            assert [getattr(part, name) for name in shared] == [getattr(origin, name) for name in shared]
    assert {measure.state for measure in copied.measures} <= {MeasureState.PLANNED}
    known = {risk.key for risk in copied.risks}
    assert {key for measure in copied.measures for key in risk_keys(measure.risks)} <= known


def test_only_texts_of_description_necessity_measures_and_fundamental_rights_are_copied() -> None:
    assert (
        set(STATEMENTS)
        & {
            "occasion",
            "fria_exemption",
            "consultation_result",
            "extension_reason",
            "decision_reason",
            "deviation_reason",
        }
        == set()
    )
    assert {"description", "necessity", "rights", "existing_measures", "fria_oversight"} <= set(STATEMENTS)


def test_a_measure_of_the_register_stays_one_unless_it_has_ended() -> None:
    kept, ended = Measure(name="Rechte"), Measure(name="Wachdienst", state=State.ENDED)
    source = Dpia(measures=[DpiaMeasure(measure=kept), DpiaMeasure(measure=ended)])

    copied = copy_of(source, {}, ())

    assert [(one.measure, one.title, one.state) for one in copied.measures] == [
        (kept, "", None),
        (None, "Wachdienst", MeasureState.PLANNED),
    ]


def test_what_the_new_activities_say_goes_before_the_source() -> None:
    activity = ProcessingActivity(name="Parkhaus", description="Vier Kameras an der Schranke.", number=4)

    copied = copy_of(finished(), {}, [activity])

    assert (dict(copied.statements), copied.left_to_record) == (
        {"necessity": "Streifen allein genügen nicht."},
        ("description",),
    )


@pytest.mark.parametrize(
    ("answers", "may"),
    [
        ({}, True),
        ({"state": State.DRAFT}, False),
        ({"state": State.REVIEW}, False),
        ({"state": State.ENDED}, False),
        ({"decision": DpiaDecision.REJECTED}, False),
        ({"state": State.DRAFT, "template": True, "decision": None}, True),
        ({"state": State.ENDED, "template": True, "decision": None}, False),
    ],
)
def test_one_begins_from_a_template_or_from_what_is_finished(answers: dict[str, Any], may: bool) -> None:
    assert may_begin_from(finished(**answers)) is may


# --- Stored --------------------------------------------------------------------------------------


def begun(city: City, source: Dpia, **answers: Any) -> Dpia:
    with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
        stored = session.get_one(Dpia, (city.id, source.id), options=everything(Dpia))
        dpia = Dpia(**{"name": "Parkhaus", **answers})
        session.add(dpia)
        begin(session, dpia, stored, answers_of(session, stored), sources_of(session, dpia), on=DAY)
    result: Dpia = city.stored(dpia)
    return result


def rules(city: City, dpia: Dpia) -> set[str]:
    with city.site.database.reading(city.id) as session:
        found = session.scalars(select(Finding.rule).where(Finding.entry_id == dpia.id))
        return set(found) & {"VOR-001"}


def test_everything_copied_bears_its_source_and_waits_for_somebody(city: City) -> None:
    source = finished()
    city.save(source)

    dpia = begun(city, source)

    assert [(row.kind, row.place, row.called, row.source_version) for row in dpia.copied] == [
        (CopiedKind.STATEMENT, "description", "DSFA-0001 Videoschutz am Busbahnhof", "1"),
        (CopiedKind.STATEMENT, "necessity", "DSFA-0001 Videoschutz am Busbahnhof", "1"),
        (CopiedKind.RISK, "R1", "DSFA-0001 Videoschutz am Busbahnhof", "1"),
        (CopiedKind.MEASURE, "M1", "DSFA-0001 Videoschutz am Busbahnhof", "1"),
    ]
    assert [(one.risks, one.owner, one.due, one.evidence) for one in dpia.measures] == [("R1", "", None, "")]
    assert (dpia.decision, dpia.team, dpia.state, len(unconfirmed(dpia))) == (None, "", State.DRAFT, 4)
    assert [(one.count, one.waiting, one.taken_on) for one in copy_sources(dpia)] == [(4, 4, DAY)]
    assert rules(city, dpia) == {"VOR-001"}


@sqlite
def test_who_changes_something_has_confirmed_it(city: City) -> None:
    source = finished()
    city.save(source)
    dpia = begun(city, source)

    changed = city.change(dpia, by=Role.PROJECT_LEAD, necessity="Die Schranke wird nachts aufgebrochen.")

    [row] = [row for row in changed.copied if row.confirmed_on]  # type: ignore[attr-defined]
    name = city.people[Role.PROJECT_LEAD].name
    assert (row.place, row.confirmed_on, row.confirmed_by) == ("necessity", today(), name)
    assert rules(city, dpia) == {"VOR-001"}


@sqlite
def test_a_changed_risk_is_confirmed_and_a_removed_one_no_longer_waits(city: City) -> None:
    source = finished(description="", necessity="", measures=[])
    source.risks.append(DpiaRisk(title="Weitergabe"))
    city.save(source)
    dpia = begun(city, source)
    with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
        stored = session.get_one(Dpia, (city.id, dpia.id), options=everything(Dpia))
        stored.risks[0].title = "Beobachten am Automaten"
        stored.risks.remove(stored.risks[1])

    again = city.stored(dpia)

    assert [(row.place, row.confirmed_on) for row in again.copied] == [("R1", today()), ("R2", None)]
    assert part_at(again, again.copied[1]) is None
    assert (unconfirmed(again), rules(city, dpia)) == ((), set())


@sqlite
def test_a_later_change_of_the_source_changes_nothing_here(city: City) -> None:
    source = finished()
    city.save(source)
    dpia = begun(city, source)

    city.change(source, necessity="Ganz anders.")

    again = city.stored(dpia)
    assert (again.necessity, again.version) == ("Streifen allein genügen nicht.", dpia.version)


@sqlite
def test_confirming_does_not_undo_a_release(city: City) -> None:
    source = finished()
    city.save(source)
    dpia = begun(city, source)
    with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
        stored = session.get_one(Dpia, (city.id, dpia.id), options=everything(Dpia))
        before = stored.version
        stored.copied[0].confirmed_on = DAY

    assert city.stored(dpia).version == before + 1
    assert "copied" in Dpia.moving


@sqlite
def test_answers_come_along_for_the_same_purposes_and_only_where_they_arise(city: City) -> None:
    source = finished(activities=[])
    activity = ProcessingActivity(
        name="Parkhaus", purposes=[Purpose(text="Schutz der Anlage", legal_basis=LegalBasis.PUBLIC_TASK)]
    )
    city.save(source, activity)
    foreign = "0" * 31 + "1"

    def answer(question: str, text: str, part: str = "", title: str = "") -> DpiaAnswer:
        return DpiaAnswer(dpia=source, question=question, part=part, part_title=title, text=text)

    given_answers = [
        answer("scope", "Zwölf Knoten."),
        answer("ai_use", "Zählt Fahrzeuge."),
        answer("purpose_need", "Nötig.", foreign, "Schutz der  Anlage"),
        answer("purpose_need", "Gezählt.", "0" * 31 + "2", "Zählen"),
    ]
    known = {one.place: one for one in given_answers}

    copied = copy_of(source, known, [activity])

    places = [(one.place[0], one.text) for one in copied.answers]
    assert places == [("scope", "Zwölf Knoten."), ("purpose_need", "Nötig.")]
    assert copied.answers[1].place[1] == activity.purposes[0].id.hex
    assert copied.without_purpose == 1


@sqlite
def test_a_copied_answer_names_nobody_until_somebody_answers(city: City) -> None:
    source = finished(measures=[], risks=[])
    city.save(source)
    city.save(DpiaAnswer(dpia=source, question="scope", text="Zwölf Knoten.", answered_by="Tom Behrens"))

    dpia = begun(city, source)

    with city.site.database.reading(city.id) as session:
        [answer] = answers_of(session, dpia).values()
    assert (answer.text, answer.answered_by, answer.answered_on, answer.source) == (
        "Zwölf Knoten.",
        "",
        None,
        "DSFA-0001 Videoschutz am Busbahnhof",
    )


# --- Templates -----------------------------------------------------------------------------------


@sqlite
def test_a_template_is_judged_by_nobody_and_lacks_nothing(city: City) -> None:
    source = finished()
    city.save(source)
    with city.site.database.writing(city.id, actor=city.actor(Role.PROJECT_LEAD)) as session:
        stored = session.get_one(Dpia, (city.id, source.id), options=everything(Dpia))
        made = make_template(session, stored, answers_of(session, stored), on=DAY)

    template = city.stored(made)
    with city.site.database.reading(city.id) as session:
        findings = session.scalars(select(Finding.rule).where(Finding.entry_id == made.id)).all()
    assert (template.template, template.gaps, list(findings)) == (True, 0, [])
    assert (template.name, template.team, template.decision) == (
        "Vorlage: Videoschutz am Busbahnhof",
        "",
        None,
    )


@sqlite
def test_a_template_that_names_an_activity_becomes_an_assessment(city: City) -> None:
    template = Dpia(name="Kameras", template=True)
    activity = ProcessingActivity(name="Parkhaus")
    city.save(template, activity)

    city.change(template, activities=[activity])

    assert (city.stored(template).template, rules(city, template)) == (None, set())
    assert city.stored(template).gaps > 0


@sqlite
def test_nothing_is_decided_on_a_template(city: City) -> None:
    template = Dpia(name="Kameras", template=True, state=State.REVIEW)
    city.save(template)
    with city.site.database.writing(city.id, actor=city.actor(Role.MANAGEMENT)) as session:
        stored = session.get_one(Dpia, (city.id, template.id), options=everything(Dpia))
        with pytest.raises(Refused):
            decide(session, stored, DpiaDecision.REJECTED, by=city.identity(Role.MANAGEMENT), reason="–")


@pytest.mark.parametrize("answers", [{"decision": None}, {"state": State.DRAFT}])
def test_what_belongs_to_a_project_is_not_made_a_template_itself(answers: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        mark_as_template(finished(**answers))


@pytest.mark.parametrize("flag", [True, None])
def test_only_a_draft_about_nothing_in_particular_is_marked(flag: bool | None) -> None:
    dpia = Dpia(name="Kameras", template=flag, state=State.DRAFT)
    mark_as_template(dpia)
    assert dpia.template is True


def test_templates_come_first_and_rejected_ones_never(city: City) -> None:
    city.save(
        finished(),
        finished(name="Abgelehntes", decision=DpiaDecision.REJECTED),
        finished(name="Entwurf", state=State.DRAFT),
        finished(name="Anfang"),
        Dpia(name="Zuletzt", template=True),
    )
    with city.site.database.reading(city.id) as session:
        found = session.scalars(beginnings(city.identity(Role.PROJECT_LEAD))).all()
    assert [one.name for one in found] == ["Zuletzt", "Anfang", "Videoschutz am Busbahnhof"]
