"""A plan holds everything that is not met, each measure once, and changes no answer by itself."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from assessments.grundschutz.borrowing import process_answers, settle_by_process
from assessments.grundschutz.check import Given, RequirementAnswer, Status
from assessments.grundschutz.costs import Cost
from assessments.grundschutz.kompendium import Level, Order, Requirement, edition_2023
from assessments.grundschutz.modelling import load_assignment
from assessments.grundschutz.plan import LAST, Rank, plan_of, rank_of, rank_of_all
from assessments.grundschutz.plan_steps import (
    Draft,
    add_to,
    draw_up,
    draw_up_against,
    draw_up_at,
    proposed,
    take_over,
)
from assessments.grundschutz.planned import planned_at
from assessments.grundschutz.risk_analysis import Occasion, Relevance, RiskAnalysis, Treatment, begin, judging
from compliance.agenda import AgendaItem
from compliance.database import today
from compliance.entry import State, by_number, everything
from compliance.errors import Forbidden, Outdated, Refused
from compliance.journal import verify
from compliance.people import Role
from registers.measures import TAKE_OVER, Goal, Measure, MeasureKind, Priority, Progress
from tests.assessments.grundschutz.planning import EARLY, LATE, Town, unplanned
from tests.city import City


@pytest.fixture
def town(city: City) -> Town:
    return Town(city)


# --- Order ---------------------------------------------------------------------------------------

_requirements = st.sampled_from([each for each in edition_2023().requirements if not each.withdrawn])


def _weight(requirement: Requirement) -> tuple[int, int]:
    order = edition_2023().module(requirement.module).order
    return list(Order).index(order), list(Level).index(requirement.level)


@given(st.lists(_requirements, min_size=2, max_size=12))
def test_r1_comes_before_r2_and_r3_and_within_it_b_before_s_before_h(some: list[Requirement]) -> None:
    ranked = [_weight(each) for each in sorted(some, key=rank_of)]
    assert ranked == sorted(ranked)


@given(st.lists(_requirements, min_size=1, max_size=12))
def test_a_measure_stands_with_the_first_of_its_requirements(some: list[Requirement]) -> None:
    rank = rank_of_all(some)
    assert rank == min(map(rank_of, some))
    assert rank < LAST
    first = min(some, key=rank_of)
    assert rank.label == f"{edition_2023().module(first.module).order.value} {first.level.value}"


def test_what_no_requirement_asks_for_comes_last() -> None:
    assert rank_of_all([]) == LAST == Rank(3, 0)
    assert LAST.label == ""


# --- What the plan holds -------------------------------------------------------------------------


def test_the_same_requirement_of_several_objects_is_one_group_in_the_order_of_implementation(
    town: Town,
) -> None:
    town.answer("CON.1.A1")
    town.answer("SYS.1.1.A12", Status.PARTIAL, server=0)
    town.answer("SYS.1.1.A2", Status.PARTIAL, server=1)
    town.answer("SYS.1.1.A2", server=0)
    town.answer("ORP.4.A1", Status.YES)
    town.answer("ORP.4.A2")
    town.answer("ORP.4.A3", Status.UNNECESSARY, reason="Gibt es nicht.")
    assert unplanned(town.plan()) == [
        ("ORP.4.A2", ["Kernverwaltung"]),
        ("SYS.1.1.A2", ["Fachserver", "Druckserver"]),
        ("SYS.1.1.A12", ["Fachserver"]),
        ("CON.1.A1", ["Kernverwaltung"]),
    ]


def test_a_requirement_is_planned_once_a_measure_stands_for_it_wherever_that_is_not_limited(
    town: Town,
) -> None:
    for server in (0, 1):
        town.answer("SYS.1.1.A2", server=server)
    everywhere = town.measure("Anmeldung härten", "ORP.4.A9, SYS.1.1.A2")
    assert unplanned(town.plan()) == []
    town.change(everywhere, requirements="ORP.4.A9")
    town.measure("Fachserver härten", "SYS.1.1.A2", objects=[town.servers[0]])
    plan = town.plan()
    assert unplanned(plan) == [("SYS.1.1.A2", ["Druckserver"])]
    assert [(item.work.name, [each.name for each in item.shortfalls]) for item in plan.items] == [
        ("Fachserver härten", ["Fachserver"])
    ]


def test_templates_and_what_is_given_up_stand_for_nothing(town: Town) -> None:
    town.answer("ORP.4.A2")
    town.measure("Vorlage", "ORP.4.A2", library=True)
    town.change(town.measure("Aufgegeben", "ORP.4.A2"), state=State.ENDED)
    assert unplanned(town.plan()) == [("ORP.4.A2", ["Kernverwaltung"])]
    assert town.plan().items == ()


def test_modules_that_are_not_applied_and_levels_that_are_not_asked_for_are_no_part_of_it(town: Town) -> None:
    town.answer("SYS.1.1.A12", server=0)
    town.answer("ORP.4.A2")
    with town.writing() as session:
        domain = town.domain(session)
        domain.approach = type(domain.approach).BASIC  # type: ignore[union-attr]
    assert unplanned(town.plan()) == [("ORP.4.A2", ["Kernverwaltung"])]


def test_what_others_wait_for_is_in_the_plan_however_far_away(town: Town) -> None:
    town.answer("ORP.4.A2")
    concept = town.measure("Konzept", "ORP.4.A2")
    tool = town.measure("Werkzeug", planned_until=EARLY)
    order = town.measure("Beschaffung")
    over = town.measure("Marktschau", progress=Progress.IMPLEMENTED)
    town.wait(concept, tool)
    town.wait(tool, order, over)
    plan = town.plan()
    assert [(item.work.name, item.is_prerequisite) for item in plan.items] == [
        ("Konzept", False),
        ("Werkzeug", True),
        ("Beschaffung", True),
    ]


def test_costs_nobody_has_estimated_are_not_zero(town: Town) -> None:
    town.answer("ORP.4.A2")
    measure = town.measure("Konzept", "ORP.4.A2")
    assert town.plan().items[0].work.cost is None
    town.change(measure, material_once=0)
    assert town.plan().items[0].work.cost == Cost()


def test_the_plan_takes_as_many_queries_for_many_answers_as_for_few(town: Town) -> None:
    def queries() -> int:
        count = 0

        def note(*_: Any) -> None:
            nonlocal count
            count += 1

        with town.reading() as session:
            domain = town.domain(session)
            event.listen(town.city.site.database.engine, "before_cursor_execute", note)
            plan_of(session, domain)
            event.remove(town.city.site.database.engine, "before_cursor_execute", note)
        return count

    town.answer("ORP.4.A2")
    few = queries()
    for requirement in edition_2023().requirements_of("SYS.1.1")[:20]:
        if not requirement.withdrawn and requirement.level is not Level.HIGH:
            for server in (0, 1):
                town.answer(requirement.id, server=server)
            town.measure(requirement.title, requirement.id)
    assert len(town.plan().items) > 8
    assert queries() == few <= 8


# --- Drawing up ----------------------------------------------------------------------------------


def drawn(town: Town, *drafts: Draft) -> list[Measure]:
    with town.writing() as session:
        return draw_up(session, town.domain(session), drafts, by=town.isb)


def test_a_measure_begins_with_what_the_check_says_and_the_earliest_day(town: Town) -> None:
    town.answer("SYS.1.1.A2", server=0, measure="Konten trennen.", responsible="Zentrale IT", due=LATE)
    town.answer("SYS.1.1.A2", Status.PARTIAL, server=1, measure="Kennwörter ändern.", due=EARLY)
    (group,) = town.plan().unplanned
    draft = proposed(group)
    assert draft == Draft(("SYS.1.1.A2",), group.requirement.title, "Zentrale IT", EARLY)
    (measure,) = drawn(town, draft)
    stored = town.city.stored(measure)
    assert (stored.name, stored.responsible, stored.planned_until) == (
        group.requirement.title,
        "Zentrale IT",
        EARLY,
    )
    assert stored.description == (
        "ZO-0001 Fachserver: Konten trennen.\nZO-0002 Druckserver: Kennwörter ändern."
    )
    assert (stored.requirements, stored.unmet) == ("SYS.1.1.A2", "SYS.1.1.A2")
    assert (stored.kind, stored.priority, stored.progress) == (
        MeasureKind.TECHNICAL,
        Priority.FIRST,
        Progress.PLANNED,
    )
    assert Goal.CONFIDENTIALITY in stored.goals
    assert (stored.unit.id, stored.objects) == (town.city.units["department"].id, [])
    assert unplanned(town.plan()) == []


def test_there_is_never_a_second_measure_for_the_same_requirement(town: Town) -> None:
    town.answer("ORP.4.A2")
    wanted = Draft(("ORP.4.A2",))
    assert len(drawn(town, wanted, wanted)) == 1
    assert drawn(town, wanted) == []
    assert len(town.plan().items) == 1


def test_answers_that_name_nobody_or_no_day_get_those_of_their_measure_and_nothing_else(town: Town) -> None:
    town.answer("ORP.4.A2", Status.PARTIAL, remark="Nur mündlich.")
    town.answer("ORP.4.A3", responsible="Amt 10")
    town.answer("ORP.4.A4", responsible="Amt 10", due=EARLY)
    ids = ("ORP.4.A2", "ORP.4.A3", "ORP.4.A4")
    drawn(town, Draft(ids, "Konzept", "Zentrale IT", LATE))
    assert [town.given(each) for each in ids] == [
        Given(Status.PARTIAL, responsible="Zentrale IT", due=LATE, remark="Nur mündlich."),
        Given(Status.NO, responsible="Amt 10", due=LATE),
        Given(Status.NO, responsible="Amt 10", due=EARLY),
    ]


def test_several_requirements_become_one_measure_with_the_highest_priority(town: Town) -> None:
    town.answer("CON.1.A4")
    town.answer("ORP.4.A2")
    (measure,) = drawn(town, Draft(("CON.1.A4", "ORP.4.A2"), "Konzepte", due=LATE))
    assert (measure.requirements, measure.priority, measure.kind) == (
        "CON.1.A4, ORP.4.A2",
        Priority.FIRST,
        MeasureKind.ORGANISATIONAL,
    )
    assert [item.rank.label for item in town.plan().items] == ["R1 B"]


def test_where_a_measure_stands_elsewhere_only_the_new_one_is_limited_to_the_rest(town: Town) -> None:
    for server in (0, 1):
        town.answer("SYS.1.1.A2", server=server)
    town.measure("Fachserver härten", "SYS.1.1.A2", objects=[town.servers[0]])
    (measure,) = drawn(town, Draft(("SYS.1.1.A2",)))
    assert [target.name for target in town.city.stored(measure).objects] == ["Druckserver"]


def test_a_requirement_is_added_to_a_measure_there_is(town: Town) -> None:
    town.answer("ORP.4.A2")
    town.answer("ORP.4.A3", Status.YES)
    measure = town.measure("Konzept", "ORP.4.A9")
    with town.writing() as session:
        add_to(session, town.domain(session), measure.number, ["ORP.4.A2", "ORP.4.A3"], by=town.isb)
    stored = town.city.stored(measure)
    assert (stored.requirements, stored.unmet) == ("ORP.4.A9, ORP.4.A2", "ORP.4.A2")


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"library": True}, "gibt es nicht"),
        ({"state": State.ENDED}, "gibt es nicht"),
        ({"requirements": ", ".join(f"SYS.1.1.A{number}" for number in range(1, 40))}, "Teilen Sie sie auf"),
    ],
)
def test_not_every_measure_takes_more_requirements(town: Town, said: dict[str, Any], message: str) -> None:
    town.answer("ORP.4.A2")
    measure = town.measure("Konzept", **said)
    with pytest.raises(Refused, match=message), town.writing() as session:
        add_to(session, town.domain(session), measure.number, ["ORP.4.A2"], by=town.isb)


def test_a_measure_limited_to_objects_reaches_those_of_what_is_added(town: Town) -> None:
    town.answer("SYS.1.1.A2", server=0)
    with town.writing() as session:
        measure = draw_up_at(
            session, load_assignment(session, town.place("SYS.1.1.A2", 0)), "SYS.1.1.A2", by=town.isb
        )
        number = measure.number
    town.answer("SYS.1.1.A5", server=1)
    town.answer("ORP.4.A2")
    with town.writing() as session:
        add_to(session, town.domain(session), number, ["SYS.1.1.A5"], by=town.isb)
    assert unplanned(town.plan()) == [("ORP.4.A2", ["Kernverwaltung"])]
    with town.writing() as session, pytest.raises(Refused, match=r"ganzen Informationsverbund"):
        add_to(session, town.domain(session), number, ["ORP.4.A2"], by=town.isb)


def test_one_answer_gets_its_measure_at_its_object_only(town: Town) -> None:
    for server in (0, 1):
        town.answer("SYS.1.1.A2", server=server, responsible="Amt 11", due=EARLY, measure="Konten trennen.")
    place = town.place("SYS.1.1.A2", 0)
    with town.writing() as session:
        measure = draw_up_at(session, load_assignment(session, place), "SYS.1.1.A2", by=town.isb)
        said = (measure.name, measure.description, measure.responsible, measure.planned_until)
        assert said == ("Authentisierung an Servern", "Konten trennen.", "Amt 11", EARLY)
        assert [target.name for target in measure.objects] == ["Fachserver"]
    assert unplanned(town.plan()) == [("SYS.1.1.A2", ["Druckserver"])]
    with town.writing() as session, pytest.raises(Refused, match=r"steht hier schon eine Maßnahme"):
        draw_up_at(session, load_assignment(session, place), "SYS.1.1.A2", by=town.isb)


@pytest.mark.parametrize("status", [Status.YES, Status.UNNECESSARY, Status.OPEN])
def test_what_is_not_unmet_gets_no_measure(town: Town, status: Status) -> None:
    town.answer("ORP.4.A2", status)
    with town.writing() as session, pytest.raises(Refused):
        draw_up_at(session, load_assignment(session, town.place("ORP.4.A2", None)), "ORP.4.A2", by=town.isb)


def test_what_is_taken_over_is_answered_at_its_source_alone(town: Town) -> None:
    town.answer("ORP.4.A2")
    with town.writing() as session:
        (source,) = process_answers(session, town.domain(session))
        server = load_assignment(session, town.place("SYS.1.1.A2", 0))
        settle_by_process(session, server, ["SYS.1.1.A2"], source.id, by=town.isb)
    with town.writing() as session:
        draw_up(session, town.domain(session), [Draft(("SYS.1.1.A2",), responsible="Amt 11")], by=town.isb)
    assert town.given("SYS.1.1.A2", 0).responsible == ""
    town.measure("Konzept", "ORP.4.A2, SYS.1.1.A2", progress=Progress.IMPLEMENTED)
    assert [new.shortfall.requirement.id for new in town.plan().new_answers] == ["ORP.4.A2"]


def test_the_check_shows_the_measures_that_the_plan_counts(town: Town) -> None:
    town.answer("SYS.1.1.A2", server=0)
    town.answer("SYS.1.1.A2", server=1)
    everywhere = town.measure("Überall", "orp.4.a2, SYS.1.1.A2")
    here = town.measure("Nur hier", "SYS.1.1.A2", objects=[town.servers[0]], planned_until=date(2020, 1, 1))
    town.measure("Anderes", "SYS.1.1.A22, ORP.4.A20")
    town.measure("Aufgegeben", "SYS.1.1.A2", state=State.ENDED)

    def shown(requirement_id: str, server: int | None) -> list[tuple[str, bool]]:
        with town.reading() as session:
            assignment = load_assignment(session, town.place(requirement_id, server))
            found = planned_at(session, assignment).get(requirement_id, ())
            return [(each.name, each.is_overdue) for each in found]

    assert shown("SYS.1.1.A2", 0) == [(everywhere.name, False), (here.name, True)]
    assert shown("SYS.1.1.A2", 1) == [(everywhere.name, False)]
    assert shown("ORP.4.A2", None) == [(everywhere.name, False)]
    counted = {item.work.name: item.places for item in town.plan().items}
    assert counted == {
        everywhere.name: ("ZO-0001 Fachserver", "ZO-0002 Druckserver"),
        here.name: ("ZO-0001 Fachserver",),
    }


def test_only_who_keeps_information_security_draws_up_and_takes_over(town: Town) -> None:
    town.answer("ORP.4.A2")
    auditor = town.city.identity(Role.AUDITOR)
    with pytest.raises(Forbidden), town.writing() as session:
        draw_up(session, town.domain(session), [Draft(("ORP.4.A2",))], by=auditor)
    with pytest.raises(Forbidden), town.writing() as session:
        take_over(session, town.domain(session), {}, by=auditor)


# --- Risks ---------------------------------------------------------------------------------------


@pytest.fixture
def analysed(town: Town) -> Town:
    """A town whose first server has two risks that are to be avoided and accepted."""
    with town.writing() as session:
        domain = town.domain(session)
        server = next(target for target in domain.objects if target.name == "Fachserver")
        analysis = begin(session, domain, server, [Occasion.NEED], by=town.isb)
        session.flush()
        for key, treatment in (("G 0.16", Treatment.AVOID), ("G 0.18", Treatment.ACCEPT)):
            with judging(session, analysis, key, by=town.isb) as threat:
                threat.relevance, threat.treatment = Relevance.DIRECT, treatment
                threat.treatment_reason = "Das Gerät kommt in den verschlossenen Raum."
            session.flush()
    return town


def test_a_risk_that_is_avoided_needs_a_measure_and_gets_one(analysed: Town) -> None:
    assert [(each.designation, each.about) for each in analysed.plan().untreated] == [
        ("RA-0001/G 0.16", "Fachserver")
    ]
    with analysed.writing() as session:
        (measure,) = draw_up_against(
            session, analysed.domain(session), [(1, "G 0.16"), (1, "G 0.18"), (9, "G 0.1")], by=analysed.isb
        )
    assert measure.name == "Vermeidung: Diebstahl von Geräten, Datenträgern oder Dokumenten (Fachserver)"
    assert measure.description == "Das Gerät kommt in den verschlossenen Raum."
    plan = analysed.plan()
    assert plan.untreated == ()
    assert [(item.work.number, [each.key for each in item.threats], item.rank) for item in plan.items] == [
        (measure.number, ["G 0.16"], LAST)
    ]
    with analysed.writing() as session:
        assert draw_up_against(session, analysed.domain(session), [(1, "G 0.16")], by=analysed.isb) == []


def test_a_risk_whose_measure_was_given_up_needs_another(analysed: Town) -> None:
    with analysed.writing() as session:
        draw_up_against(session, analysed.domain(session), [(1, "G 0.16")], by=analysed.isb)
    assert analysed.plan().untreated == ()
    with analysed.writing() as session:
        measure = session.scalars(select(Measure).options(*everything(Measure))).one()
        measure.state = State.ENDED
    assert [each.key for each in analysed.plan().untreated] == ["G 0.16"]


def test_with_the_basic_approach_no_risk_is_part_of_the_plan(analysed: Town) -> None:
    with analysed.writing() as session:
        domain = analysed.domain(session)
        domain.approach = type(domain.approach).BASIC  # type: ignore[union-attr]
    assert analysed.plan().untreated == ()


def test_a_risk_analysis_that_is_ended_asks_for_nothing(analysed: Town) -> None:
    with analysed.writing() as session:
        analysis = by_number(session, RiskAnalysis, 1)
        assert analysis is not None
        analysis.state = State.ENDED
    assert analysed.plan().untreated == ()


# --- Taking over ---------------------------------------------------------------------------------


def offered(town: Town) -> list[tuple[str, str, Status]]:
    return [
        (each.shortfall.requirement.id, each.shortfall.name, each.status) for each in town.plan().new_answers
    ]


def taken(town: Town, **wrong: int) -> None:
    wanted = {
        each.shortfall.answer_id: wrong.get("version", each.shortfall.version)
        for each in town.plan().new_answers
    }
    with town.writing() as session:
        take_over(session, town.domain(session), wanted, by=town.isb)


def test_a_finished_measure_proposes_and_changes_nothing_until_somebody_takes_it_over(town: Town) -> None:
    for server in (0, 1):
        town.answer("SYS.1.1.A2", server=server, remark="Zwei Konten ohne Kennwort.", evidence="Akte 12")
    measure = town.measure("Anmeldung härten", "SYS.1.1.A2", progress=Progress.IN_PROGRESS)
    assert offered(town) == []
    done = date(2026, 10, 1)
    town.change(measure, progress=Progress.IMPLEMENTED, implemented_on=done, evidence="Abnahme vom 1.10.")
    assert town.given("SYS.1.1.A2", 0).status is Status.NO
    assert offered(town) == [
        ("SYS.1.1.A2", "Fachserver", Status.YES),
        ("SYS.1.1.A2", "Druckserver", Status.YES),
    ]
    taken(town)
    assert town.given("SYS.1.1.A2", 1) == Given(
        Status.YES,
        remark="Zwei Konten ohne Kennwort.",
        evidence="Akte 12; MA-0001 Anmeldung härten, umgesetzt am 01.10.2026 (Abnahme vom 1.10.)",
    )
    with town.reading() as session:
        assert set(session.scalars(select(RequirementAnswer.answered_on))) == {today()}
    assert verify(town.city.site.database).breaks == ()
    plan = town.plan()
    assert (plan.items, plan.new_answers, [work.name for work in plan.finished]) == (
        (),
        (),
        ["Anmeldung härten"],
    )


def test_where_one_of_several_measures_is_finished_the_requirement_is_met_in_part(town: Town) -> None:
    town.answer("ORP.4.A2")
    town.measure("Verfahren", "ORP.4.A2", progress=Progress.IMPLEMENTED)
    other = town.measure("Werkzeug", "ORP.4.A2")
    assert offered(town) == [("ORP.4.A2", "Kernverwaltung", Status.PARTIAL)]
    taken(town)
    assert town.given("ORP.4.A2").status is Status.PARTIAL
    assert offered(town) == []
    town.change(other, progress=Progress.CHECKED)
    assert offered(town) == [("ORP.4.A2", "Kernverwaltung", Status.YES)]


def test_an_answer_that_somebody_changed_meanwhile_is_not_taken_over(town: Town) -> None:
    town.answer("ORP.4.A2")
    town.measure("Verfahren", "ORP.4.A2", progress=Progress.IMPLEMENTED)
    with pytest.raises(Outdated):
        taken(town, version=7)
    stale = {each.shortfall.answer_id: each.shortfall.version for each in town.plan().new_answers}
    town.answer("ORP.4.A2", Status.YES)
    with pytest.raises(Outdated), town.writing() as session:
        take_over(session, town.domain(session), stale, by=town.isb)
    assert town.given("ORP.4.A2") == Given(Status.YES)


def test_evidence_that_is_too_long_ends_in_an_ellipsis(town: Town) -> None:
    town.answer("ORP.4.A2", evidence="A" * 490)
    town.measure("Verfahren", "ORP.4.A2", progress=Progress.IMPLEMENTED)
    taken(town)
    evidence = town.given("ORP.4.A2").evidence
    assert (len(evidence), evidence[-1]) == (500, "…")


# --- Findings ------------------------------------------------------------------------------------


def test_a_measure_of_the_plan_needs_owner_day_and_costs(town: Town) -> None:
    town.answer("ORP.4.A2")
    measure = town.measure("Konzept", "ORP.4.A2")
    assert [each for each in town.findings(measure) if each[0].startswith("GSP")] == [
        ("GSP-001", {"field": "planned_until"}),
        ("GSP-001", {"field": "responsible"}),
        ("GSP-002", {}),
    ]
    town.change(measure, responsible="Zentrale IT", planned_until=today() - timedelta(days=1), staff_once=0)
    assert town.rules(measure) == ["GSP-003"]
    town.change(measure, planned_until=today())
    assert town.rules(measure) == []
    assert town.rules(town.measure("Ohne Plan")) == []


def test_a_measure_against_a_risk_is_in_the_plan_too(analysed: Town) -> None:
    with analysed.writing() as session:
        (measure,) = draw_up_against(session, analysed.domain(session), [(1, "G 0.16")], by=analysed.isb)
    assert analysed.rules(measure) == ["GSP-001", "GSP-001", "GSP-002"]


def test_a_circle_is_found_at_each_of_its_measures_and_goes_when_it_is_opened(town: Town) -> None:
    first, second, third = (town.measure(name) for name in ("Erste", "Zweite", "Dritte"))
    town.wait(first, second)
    town.wait(second, third)
    assert [town.rules(each) for each in (first, second, third)] == [[], [], []]
    town.wait(third, first)
    assert town.findings(first) == [("GSP-004", {"measures": "MA-0002 Zweite, MA-0003 Dritte"})]
    assert town.findings(second) == [("GSP-004", {"measures": "MA-0003 Dritte, MA-0001 Erste"})]
    assert town.rules(third) == ["GSP-004"]
    town.wait(second)
    assert [town.rules(each) for each in (first, second, third)] == [[], [], []]


def test_a_measure_that_waits_for_itself_is_a_circle_of_its_own(town: Town) -> None:
    measure = town.measure("Erste")
    town.wait(measure, measure)
    assert town.findings(measure) == [("GSP-004", {"measures": "MA-0001"})]


def test_the_plan_names_each_circle_once(town: Town) -> None:
    town.answer("ORP.4.A2")
    first, second = town.measure("Erste", "ORP.4.A2"), town.measure("Zweite")
    town.wait(first, second)
    town.wait(second, first)
    assert [[work.name for work in circle] for circle in town.plan().circles] == [["Erste", "Zweite"]]
    town.change(second, progress=Progress.IMPLEMENTED)
    assert town.plan().circles == ()


def test_days_that_contradict_a_dependency_are_found_when_either_end_moves(town: Town) -> None:
    first = town.measure("Erste", planned_until=EARLY)
    second = town.measure("Zweite", planned_from=EARLY + timedelta(days=1), planned_until=LATE)
    town.wait(second, first)
    assert town.rules(second) == []
    town.change(first, planned_until=LATE)
    assert town.findings(second) == [("GSP-005", {"measure": "MA-0001 Erste", "day": LATE.isoformat()})]
    town.change(first, progress=Progress.IMPLEMENTED)
    assert town.rules(second) == []


def test_a_finished_measure_waits_on_the_desk_until_the_check_follows(town: Town) -> None:
    town.answer("ORP.4.A2")
    measure = town.measure("Konzept", "ORP.4.A2", progress=Progress.IMPLEMENTED)

    def waiting() -> list[str]:
        with town.reading() as session:
            query = select(AgendaItem.what).where(
                AgendaItem.entry_id == measure.id, AgendaItem.matter == "review"
            )
            return list(session.scalars(query))

    assert (town.rules(measure), waiting()) == (["GSP-006"], [TAKE_OVER])
    taken(town)
    assert (town.rules(measure), waiting()) == ([], [])


def test_what_is_unmet_elsewhere_does_not_concern_a_measure_that_is_limited(town: Town) -> None:
    town.answer("SYS.1.1.A2", server=1)
    measure = town.measure("Fachserver härten", "SYS.1.1.A2", objects=[town.servers[0]])
    assert town.city.stored(measure).unmet == ""
    town.answer("SYS.1.1.A2", server=0)
    assert town.city.stored(measure).unmet == "SYS.1.1.A2"
    town.change(measure, objects=[])
    town.answer("SYS.1.1.A2", Status.YES, server=0)
    assert town.city.stored(measure).unmet == "SYS.1.1.A2"
