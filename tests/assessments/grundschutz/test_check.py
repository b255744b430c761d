"""The check of a module keeps what people answer, asks what the approach demands, and never guesses."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from assessments.grundschutz.check import (
    Gap,
    Given,
    RequirementAnswer,
    Status,
    adopt,
    answer,
    answer_in_bulk,
    applicable,
    check_sheet,
    gap_moved,
    preview_bulk,
    remove,
    row_id,
)
from assessments.grundschutz.domain import Approach, Extent
from assessments.grundschutz.interviews import Interview, record_interview
from assessments.grundschutz.kompendium import Level, edition_2023
from assessments.grundschutz.modelling import (
    assign,
    load_assignment,
    propose_assignments,
    set_relevance,
)
from assessments.grundschutz.progress import (
    Neighbour,
    Tally,
    at_object,
    overview,
    progress,
    summed,
    surroundings,
)
from assessments.grundschutz.proposals import KINDS
from assessments.grundschutz.rules import RULES
from compliance.access import Identity
from compliance.database import today
from compliance.errors import Forbidden, NotFound, Outdated, Refused
from compliance.journal import history, verify
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.assessments.grundschutz.house import ACTOR, AUDITOR, ISB, ORGANISATION, READER, House, load_domain

LAYERS = {layer.id: layer for layer in edition_2023().layers}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield house
    house.database.engine.dispose()


# --- What is asked for ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approach", "asked"),
    [
        (Approach.BASIC, {Level.BASIC}),
        (Approach.STANDARD, {Level.BASIC, Level.STANDARD}),
        (Approach.CORE, {Level.BASIC, Level.STANDARD}),
        (None, {Level.BASIC, Level.STANDARD}),
    ],
)
def test_the_approach_decides_which_levels_are_checked(approach: Approach | None, asked: set[Level]) -> None:
    found = applicable(Extent(approach), "SYS.1.1")
    assert {requirement.level for requirement in found} == asked
    assert len(found) == (6 if approach is Approach.BASIC else 20)


def test_withdrawn_requirements_are_never_asked_for() -> None:
    everything_withdrawn = [each for each in edition_2023().requirements if each.withdrawn]
    assert len(everything_withdrawn) == 290
    assert not any(Extent(Approach.CORE).asks(each, adopted=True) for each in everything_withdrawn)


def test_all_modules_together_ask_for_every_active_requirement_of_their_levels() -> None:
    modules = edition_2023().modules
    assert sum(len(applicable(Extent(Approach.BASIC), each.id)) for each in modules) == 563
    assert sum(len(applicable(Extent(Approach.STANDARD), each.id)) for each in modules) == 563 + 867


def test_a_requirement_for_increased_needs_is_asked_for_once_adopted_but_not_under_the_basic_approach() -> (
    None
):
    high = edition_2023().requirement("SYS.1.1.A27")
    assert high in applicable(Extent(Approach.STANDARD), "SYS.1.1", {high.id})
    assert high not in applicable(Extent(Approach.BASIC), "SYS.1.1", {high.id})


def test_a_row_names_domain_object_and_requirement_and_the_domain_only_once() -> None:
    assert row_id("IV-0001", "ZO-0003", "SYS.1.1.A1") == "IV-0001/ZO-0003/SYS.1.1.A1"
    assert row_id("IV-0001", "IV-0001", "ISMS.1.A1") == "IV-0001/ISMS.1.A1"


# --- Modelling -----------------------------------------------------------------------------------


def test_every_kind_of_target_object_but_a_process_has_proposals(house: House) -> None:
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        domain = load_domain(session, house.domain_id)
        domain.objects = [
            TargetObject(name=kind.text.de, kind=kind, status=ObjectStatus.OPERATION) for kind in ObjectKind
        ]
        session.add_all(domain.objects)
    with house.database.reading(ORGANISATION) as session:
        suggested = propose_assignments(session, load_domain(session, house.domain_id))
    kinds = {suggestion.target.kind for suggestion in suggested if suggestion.target}
    assert kinds == set(ObjectKind) - {ObjectKind.PROCESS}
    assert len(KINDS) == len(ObjectKind)


def test_proposals_follow_the_type_of_object_and_leave_out_what_is_assigned_or_retired(house: House) -> None:
    with house.database.reading(ORGANISATION) as session:
        first = propose_assignments(session, load_domain(session, house.domain_id))
    places = [(each.target.id if each.target else None, each.proposal.module_id) for each in first]
    assert (None, "ISMS.1") in places
    assert (house.server_id, "SYS.1.2.3") in places
    assert (house.room_id, "INF.2") in places
    assert not [each for each in first if each.target and each.target.name == "Drucker"]
    house.assign(*places)
    with house.database.reading(ORGANISATION) as session:
        assert propose_assignments(session, load_domain(session, house.domain_id)) == []


def test_assigning_twice_changes_nothing_the_second_time(house: House) -> None:
    places = [(house.server_id, "SYS.1.1"), (None, "ISMS.1"), (None, "ISMS.1")]
    assert len(house.assign(*places)) == 2
    assert house.assign(*places) == []


@pytest.mark.parametrize(
    ("place", "message"), [((None, "SYS.9.9"), "SYS.9.9"), ((uuid.UUID(int=1), "SYS.1.1"), "does not belong")]
)
def test_unknown_modules_and_foreign_objects_are_refused_and_nothing_is_assigned(
    house: House, place: tuple[uuid.UUID | None, str], message: str
) -> None:
    with pytest.raises(Refused) as refused:
        house.assign((None, "ISMS.1"), place)
    assert message in refused.value.text.en
    with house.database.reading(ORGANISATION) as session:
        assert overview(session, load_domain(session, house.domain_id)) == []


def test_a_module_is_excluded_only_with_a_reason_and_then_counts_nowhere(house: House) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    with (
        pytest.raises(Refused),
        house.database.writing(ORGANISATION, actor=ACTOR) as session,
    ):
        set_relevance(load_assignment(session, identity), relevant=False, reason=" ", by=ISB)
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        set_relevance(load_assignment(session, identity), relevant=False, reason="Nur virtuell", by=ISB)
    with house.database.reading(ORGANISATION) as session:
        domain = load_domain(session, house.domain_id)
        [excluded] = overview(session, domain)
        assert (excluded.relevant, excluded.reason, excluded.tally) == (False, "Nur virtuell", Tally())
        assert progress(session, domain) == {}
    with pytest.raises(Refused):
        house.answer(identity, "SYS.1.1.A1", Given(Status.YES))


def test_the_interview_is_recorded_once_for_the_module(house: House) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    interview = Interview(date(2026, 3, 2), "Kim Admin", "Ida Beispiel")
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        record_interview(session, [load_assignment(session, identity)], interview, by=ISB)
    with house.database.reading(ORGANISATION) as session:
        [found] = overview(session, load_domain(session, house.domain_id))
    assert found.interview == interview


def test_an_assignment_is_removed_only_while_nobody_has_answered(house: House) -> None:
    unanswered, answered = house.assign((None, "ISMS.1"), (house.server_id, "SYS.1.1"))
    house.answer(answered, "SYS.1.1.A1", Given(Status.YES))
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        remove(session, load_assignment(session, unanswered), by=ISB)
    with pytest.raises(Refused), house.database.writing(ORGANISATION, actor=ACTOR) as session:
        remove(session, load_assignment(session, answered), by=ISB)
    with house.database.reading(ORGANISATION) as session:
        assert [each.id for each in overview(session, load_domain(session, house.domain_id))] == [answered]
        with pytest.raises(NotFound):
            load_assignment(session, unanswered)


def test_an_object_knows_its_part_of_the_overview(house: House) -> None:
    _, server, _ = house.assign((None, "ISMS.1"), (house.server_id, "SYS.1.1"), (house.room_id, "INF.2"))
    house.answer(server, "SYS.1.1.A1", Given(Status.YES))
    with house.database.reading(ORGANISATION) as session:
        target = session.get_one(TargetObject, (ORGANISATION, house.server_id))
        [(domain, found)] = at_object(session, target)
        whole = overview(session, domain)
    assert found == [each for each in whole if each.target_id == house.server_id]
    assert [(each.module.id, each.tally.answered) for each in found] == [("SYS.1.1", 1)]


def test_the_overview_leads_from_the_domain_through_its_objects_in_reading_order(house: House) -> None:
    house.assign((house.room_id, "INF.2"), (house.server_id, "SYS.1.1"), (None, "ORP.4"), (None, "ISMS.1"))
    with house.database.reading(ORGANISATION) as session:
        found = overview(session, load_domain(session, house.domain_id))
    assert [(each.place, each.module.id) for each in found] == [
        ("IV-0001", "ISMS.1"),
        ("IV-0001", "ORP.4"),
        ("ZO-0001", "SYS.1.1"),
        ("ZO-0002", "INF.2"),
    ]
    ids = [None, *(each.id for each in found), None]
    with house.database.reading(ORGANISATION) as session:
        for before, here, after in zip(ids, ids[1:], ids[2:], strict=False):
            around = surroundings(session, load_assignment(session, here))  # type: ignore[arg-type]
            assert tuple(each and each.id for each in (around.before, around.after)) == (before, after)
        first = surroundings(session, load_assignment(session, found[0].id))
    other = Neighbour(found[1].id, found[1].module, "IV-0001")
    assert (first.after, first.beside, first.alike) == (other, (other,), 0)


def test_only_an_answer_that_opens_or_closes_a_gap_judges_the_domain_again(house: House) -> None:
    [server] = house.assign((house.server_id, "SYS.1.1"))
    steps = [
        (Given(Status.YES), False),
        (Given(Status.UNNECESSARY, reason="Kein Netz"), False),
        (Given(Status.UNNECESSARY), True),
        (Given(Status.UNNECESSARY, remark="Ohne Grund"), False),
        (Given(Status.PARTIAL), True),
        (Given(Status.NO), False),
        (Given(Status.NO, responsible="Amt 65", due=date(2026, 9, 30)), True),
        (Given(Status.YES), False),
    ]
    found = []
    for said, _expected in steps:
        with house.database.writing(ORGANISATION, actor=ACTOR) as session:
            stored = answer(session, load_assignment(session, server), "SYS.1.1.A1", said, by=ISB)
            found.append(gap_moved(stored))
    assert found == [expected for _said, expected in steps]


# --- Answering -----------------------------------------------------------------------------------


def test_an_answer_is_kept_whole_and_dated(house: House) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    said = Given(
        Status.PARTIAL,
        measure="Konten bereinigen",
        responsible="Amt 11",
        due=date(2026, 9, 30),
        remark="Zwei Konten offen",
        evidence="AZ 10-3",
    )
    house.answer(identity, "SYS.1.1.A2", said)
    with house.database.reading(ORGANISATION) as session:
        sheet = check_sheet(session, load_assignment(session, identity))
    row = next(row for row in sheet.rows if row.requirement.id == "SYS.1.1.A2")
    assert (row.id, row.given, row.answered_on, row.version) == (
        "IV-0001/ZO-0001/SYS.1.1.A2",
        said,
        today(),
        1,
    )
    assert (len(sheet.rows), sheet.answered, len(sheet.adoptable)) == (20, 1, 8)


def test_the_same_answer_again_is_no_change(house: House) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    said = Given(Status.YES, responsible=" Amt  11 ", remark=" eingerichtet\r\n")
    first = house.answer(identity, "SYS.1.1.A1", said)
    second = house.answer(identity, "SYS.1.1.A1", said)
    assert (first.version, second.version) == (1, 1)
    with house.database.reading(ORGANISATION) as session:
        assert len(history(session, second)) == 1


def test_every_change_of_an_answer_is_recorded_and_can_be_undone(house: House) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    house.answer(identity, "SYS.1.1.A1", Given(Status.NO))
    last = house.answer(identity, "SYS.1.1.A1", Given())
    with house.database.reading(ORGANISATION) as session:
        changes = history(session, last)
        assert [change.action for change in changes] == ["update", "create"]
        assert changes[0].changes["status"] == ("NO", "OPEN")
        assert changes[0].changes["answered_on"] == (today().isoformat(), None)
        assert verify(house.database).breaks == ()


def test_an_answer_given_to_an_old_state_is_refused(house: House) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    for version in (0, 1):
        with house.database.writing(ORGANISATION, actor=ACTOR) as session:
            assignment = load_assignment(session, identity)
            said = Given(Status.YES, remark=str(version))
            answer(session, assignment, "SYS.1.1.A1", said, by=ISB, version=version)
    with pytest.raises(Outdated), house.database.writing(ORGANISATION, actor=ACTOR) as session:
        answer(
            session,
            load_assignment(session, identity),
            "SYS.1.1.A1",
            Given(Status.NO),
            by=ISB,
            version=1,
        )
    assert house.stored() == [("SYS.1.1.A1", Status.YES, "")]


@pytest.mark.parametrize("requirement_id", ["SYS.1.1.A3", "SYS.1.1.A27", "ISMS.1.A1", "SYS.1.1.A999"])
def test_withdrawn_unadopted_and_foreign_requirements_cannot_be_answered(
    house: House, requirement_id: str
) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    with pytest.raises(Refused):
        house.answer(identity, requirement_id, Given(Status.YES))
    assert house.stored() == []


def test_an_adopted_requirement_can_be_answered_and_keeps_its_answer_when_dropped(house: House) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    for adopted in (True, False, True):
        with house.database.writing(ORGANISATION, actor=ACTOR) as session:
            assignment = load_assignment(session, identity)
            adopt(session, assignment, "SYS.1.1.A27", adopted=adopted, by=ISB)
        if adopted:
            house.answer(identity, "SYS.1.1.A27", Given(Status.YES))
        with house.database.reading(ORGANISATION) as session:
            domain = load_domain(session, house.domain_id)
            assert progress(session, domain)[LAYERS["SYS"]].total == 20 + adopted
    house.set_approach(Approach.BASIC)
    with house.database.reading(ORGANISATION) as session:
        assert progress(session, load_domain(session, house.domain_id))[LAYERS["SYS"]].total == 6
    with pytest.raises(Refused), house.database.writing(ORGANISATION, actor=ACTOR) as session:
        adopt(session, load_assignment(session, identity), "SYS.1.1.A28", adopted=True, by=ISB)


def test_a_basic_requirement_cannot_be_adopted(house: House) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    with pytest.raises(Refused), house.database.writing(ORGANISATION, actor=ACTOR) as session:
        adopt(session, load_assignment(session, identity), "SYS.1.1.A1", adopted=True, by=ISB)


@pytest.mark.parametrize(("who", "refusal"), [(AUDITOR, Forbidden), (READER, NotFound)])
def test_only_who_may_edit_the_domain_may_model_and_answer(
    house: House, who: Identity, refusal: type[Exception]
) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        assignment = load_assignment(session, identity)
        domain = load_domain(session, house.domain_id)
        attempts: list[Callable[[], object]] = [
            lambda: assign(session, domain, [(None, "ISMS.1")], by=who),
            lambda: remove(session, assignment, by=who),
            lambda: set_relevance(assignment, relevant=True, reason="", by=who),
            lambda: record_interview(session, [assignment], Interview(), by=who),
            lambda: adopt(session, assignment, "SYS.1.1.A27", adopted=True, by=who),
            lambda: answer(session, assignment, "SYS.1.1.A1", Given(Status.YES), by=who),
            lambda: answer_in_bulk(session, assignment, ["SYS.1.1.A1"], Given(Status.YES), by=who),
        ]
        for attempt in attempts:
            with pytest.raises(refusal):
                attempt()
    assert house.stored() == []


# --- In bulk -------------------------------------------------------------------------------------


def test_the_preview_of_a_bulk_answer_is_what_happens_and_keeps_what_was_said_before(house: House) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    house.answer(identity, "SYS.1.1.A1", Given(Status.YES, remark="Zutritt nur mit Karte"))
    house.answer(identity, "SYS.1.1.A2", Given(Status.NO, responsible="Amt 11"))
    ids = ["SYS.1.1.A1", "SYS.1.1.A2", "SYS.1.1.A5"]
    said = Given(Status.YES, evidence="AZ 10-3")
    with house.database.reading(ORGANISATION) as session:
        preview = preview_bulk(session, load_assignment(session, identity), ids, said)
    assert [(row.requirement.id, row.given.status) for row in preview.changed] == [
        ("SYS.1.1.A1", Status.YES),
        ("SYS.1.1.A2", Status.NO),
        ("SYS.1.1.A5", Status.OPEN),
    ]
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        changed = answer_in_bulk(session, load_assignment(session, identity), ids, said, by=ISB)
    assert [each.requirement_id for each in changed] == ids
    with house.database.reading(ORGANISATION) as session:
        rows = check_sheet(session, load_assignment(session, identity)).rows
        assert {row.requirement.id: row.given for row in rows if row.version} == {
            "SYS.1.1.A1": Given(Status.YES, remark="Zutritt nur mit Karte", evidence="AZ 10-3"),
            "SYS.1.1.A2": Given(Status.YES, responsible="Amt 11", evidence="AZ 10-3"),
            "SYS.1.1.A5": Given(Status.YES, evidence="AZ 10-3"),
        }
        again = preview_bulk(session, load_assignment(session, identity), ids, said)
        assert (again.changed, len(again.unchanged)) == ((), 3)
        assert {change.action for each in changed for change in history(session, each)[:1]} == {"bulk"}


def test_a_bulk_answer_that_meets_one_requirement_out_of_scope_changes_nothing(house: House) -> None:
    [identity] = house.assign((house.server_id, "SYS.1.1"))
    with pytest.raises(Refused), house.database.writing(ORGANISATION, actor=ACTOR) as session:
        answer_in_bulk(
            session,
            load_assignment(session, identity),
            ["SYS.1.1.A1", "SYS.1.1.A27"],
            Given(Status.YES),
            by=ISB,
        )
    assert house.stored() == []


_FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
_ASKED = [requirement.id for requirement in applicable(Extent(Approach.STANDARD), "SYS.1.1")]


@_FEW
@given(
    ids=st.lists(st.sampled_from(_ASKED), min_size=1),
    reason=st.text(max_size=8) | st.sampled_from([" ", "\x00\n", "\u2003"]),
)
def test_no_bulk_answer_ever_stores_unnecessary_without_a_reason(
    house: House, ids: list[str], reason: str
) -> None:
    known = house.assign((house.server_id, "SYS.1.1"))
    identity = known[0] if known else house.only_assignment()
    try:
        with house.database.writing(ORGANISATION, actor=ACTOR) as session:
            assignment = load_assignment(session, identity)
            answer_in_bulk(session, assignment, ids, Given(Status.UNNECESSARY, reason=reason), by=ISB)
    except Refused:
        pass
    assert [each for each in house.stored() if each[1] is Status.UNNECESSARY and not each[2].strip()] == []


# --- Progress ------------------------------------------------------------------------------------


@_FEW
@given(
    approach=st.sampled_from([*Approach, None]),
    answers=st.dictionaries(st.sampled_from(_ASKED), st.sampled_from(Status), max_size=8),
)
def test_progress_adds_up_to_the_applicable_requirements(
    house: House, approach: Approach | None, answers: dict[str, Status]
) -> None:
    modules = ("SYS.1.1", "ISMS.1", "ORP.4")
    house.set_approach(Approach.STANDARD)
    house.assign((house.server_id, "SYS.1.1"), (None, "ISMS.1"), (None, "ORP.4"))
    with house.database.reading(ORGANISATION) as session:
        found = overview(session, load_domain(session, house.domain_id))
    server = next(each.id for each in found if each.module.id == "SYS.1.1")
    for requirement_id, status in answers.items():
        house.answer(server, requirement_id, Given(status))
    house.set_approach(approach)
    with house.database.reading(ORGANISATION) as session:
        domain = load_domain(session, house.domain_id)
        by_layer = progress(session, domain)
        total = summed(by_layer.values())
        asked = [applicable(Extent(approach), module) for module in modules]
        assert total.total == sum(map(len, asked))
        assert all(count >= 0 for tally in by_layer.values() for count in tally.by_status.values())
        sheets = [
            check_sheet(session, load_assignment(session, each.id)) for each in overview(session, domain)
        ]
        assert total.answered == sum(sheet.answered for sheet in sheets)
        assert total.total == sum(len(sheet.rows) for sheet in sheets)


def test_progress_names_each_layer_with_assigned_modules_in_order(house: House) -> None:
    house.assign((house.room_id, "INF.2"), (house.server_id, "SYS.1.1"), (None, "ISMS.1"))
    with house.database.reading(ORGANISATION) as session:
        found = progress(session, load_domain(session, house.domain_id))
    assert {layer.id: tally.total for layer, tally in found.items()} == {"ISMS": 14, "SYS": 20, "INF": 20}


def test_progress_and_sheet_ask_the_database_the_same_few_times_however_much_is_assigned(
    house: House,
) -> None:
    counts = []
    for places in ([(None, "ISMS.1")], [(None, module.id) for module in edition_2023().modules[:40]]):
        house.assign(*places)
        asked: list[str] = []

        def note(*arguments: object, asked: list[str] = asked) -> None:
            asked.append(str(arguments[2]))

        with house.database.reading(ORGANISATION) as session:
            domain = load_domain(session, house.domain_id)
            assignment = load_assignment(session, overview(session, domain)[0].id)
            event.listen(house.database.engine, "before_cursor_execute", note)
            progress(session, domain)
            check_sheet(session, assignment)
            event.remove(house.database.engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts == [7, 7]


# --- Findings ------------------------------------------------------------------------------------


def test_each_rule_finds_its_bad_example_and_passes_its_good_one() -> None:
    for rule in RULES:
        bad, good = rule.breaks(), rule.keeps()
        assert list(rule.check(bad.entry, bad.situation)), rule.id
        assert list(rule.check(good.entry, good.situation)) == [], rule.id


def test_a_draft_without_its_reason_is_saved_and_found(house: House) -> None:
    [server, room] = house.assign((house.server_id, "SYS.1.1"), (house.room_id, "INF.2"))
    assert house.findings() == set()
    house.answer(server, "SYS.1.1.A1", Given(Status.UNNECESSARY))
    house.answer(server, "SYS.1.1.A2", Given(Status.UNNECESSARY))
    house.answer(room, "INF.2.A1", Given(Status.NO, responsible="Amt 65"))
    assert house.findings() == {("GSC-001", "ZO-0001", "SYS.1.1"), ("GSC-002", "ZO-0002", "INF.2")}
    house.answer(server, "SYS.1.1.A1", Given(Status.UNNECESSARY, reason="Kein Netz"))
    house.answer(room, "INF.2.A1", Given(Status.NO, responsible="Amt 65", due=date(2026, 9, 30)))
    assert house.findings() == {("GSC-001", "ZO-0001", "SYS.1.1")}
    house.answer(server, "SYS.1.1.A2", Given(Status.YES))
    assert house.findings() == set()


def test_objects_without_a_module_are_found_until_one_is_applied(house: House) -> None:
    assert house.findings() == {("GSC-003", "ZO-0001", ""), ("GSC-003", "ZO-0002", "")}
    [_, identity] = house.assign((house.server_id, "SYS.1.1"), (house.room_id, "INF.2"))
    assert house.findings() == set()
    with house.database.writing(ORGANISATION, actor=ACTOR) as session:
        remove(session, load_assignment(session, identity), by=ISB)
    assert house.findings() == {("GSC-003", "ZO-0002", "")}


@_FEW
@given(
    said=st.builds(
        Given,
        status=st.sampled_from(Status),
        reason=st.text(max_size=3),
        responsible=st.text(max_size=3),
        due=st.none() | st.just(date(2026, 9, 30)),
    )
)
def test_the_database_sees_the_same_gap_as_the_form(house: House, said: Given) -> None:
    known = house.assign((house.server_id, "SYS.1.1"))
    stored = house.answer(known[0] if known else house.only_assignment(), "SYS.1.1.A1", said)
    with house.database.reading(ORGANISATION) as session:
        query = select(RequirementAnswer.gap).where(RequirementAnswer.requirement_id == "SYS.1.1.A1")
        assert Gap(session.scalars(query).one()) == said.gap == stored.gap
