"""Answers of Edition 2023 propose answers to controls, and stay known as the source of what was taken."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event, select

from assessments.grundschutz import takeover_rules
from assessments.grundschutz.check import Given, Status
from assessments.grundschutz.check_parts import answer_parts
from assessments.grundschutz.controls import (
    ControlAnswer,
    answer_control,
    header_of,
    load_use,
    use_catalogue,
)
from assessments.grundschutz.domain import Catalogue
from assessments.grundschutz.library import contents, control_catalogue, import_oscal
from assessments.grundschutz.mapping_library import control_mapping, import_mapping, pairs_of
from assessments.grundschutz.modelling import load_assignment, set_relevance
from assessments.grundschutz.oscal_mapping import Pair, Relation
from assessments.grundschutz.oscal_profile import Source
from assessments.grundschutz.stale_takeovers import mark_takeovers
from assessments.grundschutz.successors import (
    AnswerSource,
    Said,
    Taken,
    WorkList,
    combined,
    implied,
    take_over,
    work_list,
)
from assessments.grundschutz.taking_over import Confidence, Proposal, Standing
from compliance.database import today
from compliance.errors import Forbidden, Refused
from compliance.findings import findings_of
from compliance.journal import history, verify
from tests.assessments.grundschutz.house import ACTOR, AUDITOR, ISB, ORGANISATION, House, load_domain
from tests.assessments.grundschutz.mapping_documents import collection, mapped, source
from tests.assessments.grundschutz.oscal_documents import catalogue, control, stable, written

SAVING, ERASING, LOGGING, FREE = (stable(digit)[0]["value"] for digit in (1, 2, 3, 4))
CATALOGUE = catalogue(
    control("K.1", "Sichern", props=stable(1)),
    control("K.2", "Löschen", props=stable(2)),
    control("K.3", "Protokollieren", props=stable(3)),
    control("K.4", "Ohne Zuordnung", props=stable(4)),
)
MAPPING = collection(
    mapped("SYS.1.1.A1", "K.1", "equal-to", key=SAVING),
    mapped("SYS.1.1.A2", "K.1", "subset-of", key=SAVING),
    mapped("SYS.1.1.A2-UA.1", "K.2", "superset-of", key=ERASING),
    mapped("SYS.1.1.A5", "K.3", "intersects-with", key=LOGGING, assumed=True),
    mapped("SYS.1.1.A6", "K.9", key=stable(9)[0]["value"]),
)


class Desk:
    """A house whose domain is checked by Edition 2023 and against a catalogue with a mapping."""

    def __init__(self, house: House) -> None:
        self.house = house
        [self.server] = house.assign((house.server_id, "SYS.1.1"))
        first = import_oscal(house.database, Source("k.json", written(CATALOGUE)), actor=ACTOR).short
        self.mapping = import_mapping(house.database, source(MAPPING), actor=ACTOR).short
        with house.database.writing(ORGANISATION, actor=ACTOR) as session:
            domain = load_domain(session, house.domain_id)
            use = use_catalogue(session, domain, control_catalogue(session, first), by=ISB)
        self.use: uuid.UUID = use.id

    def answer(self, requirement_id: str, status: Status, **more: object) -> None:
        self.house.answer(self.server, requirement_id, Given(status, **more))  # type: ignore[arg-type]

    def answer_parts(self, requirement_id: str, *statuses: Status) -> None:
        given = {number: (status, "") for number, status in enumerate(statuses, start=1)}
        with self.house.database.writing(ORGANISATION, actor=ACTOR) as session:
            server = load_assignment(session, self.server)
            answer_parts(session, server, requirement_id, given, settles=True, by=ISB)

    def look(self) -> WorkList:
        with self.house.database.reading(ORGANISATION) as session:
            use = load_use(session, self.use)
            found = contents(session, header_of(session, use))
            return work_list(session, use, found, pairs_of(session, control_mapping(session, self.mapping)))

    def take(self, *keys: str, replace: bool = False, by: object = ISB) -> Taken:
        with self.house.database.writing(ORGANISATION, actor=ACTOR) as session:
            use = load_use(session, self.use)
            found, header = contents(session, header_of(session, use)), control_mapping(session, self.mapping)
            mapping = pairs_of(session, header)
            return take_over(session, use, found, header, mapping, keys, by=by, replace=replace)  # type: ignore[arg-type]

    def by_hand(self, key: str, status: Status) -> None:
        with self.house.database.writing(ORGANISATION, actor=ACTOR) as session:
            use = load_use(session, self.use)
            found = contents(session, header_of(session, use))
            answer_control(session, use, found, key, Given(status), by=ISB)

    def standings(self) -> dict[str, Standing]:
        return {each.control.id: each.standing for each in self.look().targets.values()}

    def stored(self) -> dict[str, Status | None]:
        with self.house.database.reading(ORGANISATION) as session:
            rows = session.execute(select(ControlAnswer.control_id, ControlAnswer.status))
            return {row.control_id: row.status for row in rows}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    house = House(f"sqlite:///{tmp_path / 'nachweis.db'}", takeover_rules.RULES, last=(mark_takeovers,))
    yield Desk(house)
    house.database.engine.dispose()


# --- What follows from an answer -------------------------------------------------------------------

YES, PARTIAL, NO, UNNECESSARY = Status.YES, Status.PARTIAL, Status.NO, Status.UNNECESSARY
HIGH, MEDIUM, LOW = Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW


def said(status: Status, *, places: int = 1, answered: int = 1, mixed: bool = False) -> Said:
    return Said("SYS.1.1.A1", status, places, answered, mixed, date(2026, 3, 2), "stand")


def pair(relation: Relation, part: str = "", *, assumed: bool = False) -> Pair:
    return Pair("SYS.1.1.A1", part, relation, SAVING, "K.1", assumed)


@pytest.mark.parametrize(
    ("relation", "status", "proposal"),
    [
        (Relation.EQUAL, YES, (YES, HIGH)),
        (Relation.EQUIVALENT, NO, (NO, MEDIUM)),
        (Relation.EQUIVALENT, UNNECESSARY, (UNNECESSARY, MEDIUM)),
        (Relation.SUPERSET, YES, (YES, HIGH)),
        (Relation.SUPERSET, PARTIAL, (PARTIAL, LOW)),
        (Relation.SUPERSET, UNNECESSARY, (None, LOW)),
        (Relation.SUBSET, YES, (PARTIAL, MEDIUM)),
        (Relation.SUBSET, NO, (NO, LOW)),
        (Relation.INTERSECTS, YES, (PARTIAL, LOW)),
        (Relation.INTERSECTS, UNNECESSARY, (None, LOW)),
    ],
)
def test_a_relation_decides_what_an_answer_proposes(
    relation: Relation, status: Status, proposal: tuple[Status | None, Confidence]
) -> None:
    assert implied(pair(relation), said(status)) == Proposal(*proposal)


def test_doubts_lower_the_confidence_and_not_the_proposal() -> None:
    assert [
        implied(pair(Relation.EQUAL, assumed=True), said(YES)),
        implied(pair(Relation.EQUAL), said(YES, places=3, answered=2)),
        implied(pair(Relation.EQUAL, "UA.1"), said(PARTIAL)),
        implied(pair(Relation.EQUAL, "UA.1"), said(YES)),
        implied(pair(Relation.EQUAL, assumed=True), said(PARTIAL, mixed=True)),
    ] == [
        Proposal(YES, MEDIUM),
        Proposal(YES, MEDIUM),
        Proposal(PARTIAL, LOW),
        Proposal(YES, HIGH),
        Proposal(PARTIAL, LOW),
    ]


def test_a_statement_that_was_answered_for_itself_counts_as_such() -> None:
    found = Said(
        "SYS.1.1.A1", PARTIAL, 2, 2, mixed=False, on=None, state="stand", parts={1: (YES, YES), 2: (YES, NO)}
    )
    assert [
        implied(pair(Relation.EQUAL, part), found) for part in ("UA.1", "UA.2", "UA.3", "Absatz", "")
    ] == [
        Proposal(YES, HIGH),
        Proposal(PARTIAL, LOW),
        Proposal(PARTIAL, LOW),
        Proposal(PARTIAL, LOW),
        Proposal(PARTIAL, MEDIUM),
    ]


def test_the_most_certain_statement_counts_and_equal_ones_that_differ_make_a_part() -> None:
    assert [
        combined([Proposal(PARTIAL, MEDIUM), Proposal(YES, HIGH), Proposal(NO, LOW)]),
        combined([Proposal(YES, HIGH), Proposal(YES, HIGH)]),
        combined([Proposal(NO, MEDIUM), Proposal(PARTIAL, MEDIUM)]),
        combined([Proposal(None, LOW)]),
        combined([]),
    ] == [
        Proposal(YES, HIGH),
        Proposal(YES, HIGH),
        Proposal(PARTIAL, LOW),
        Proposal(),
        Proposal(),
    ]


PROPOSALS = st.builds(
    Proposal, st.sampled_from([YES, PARTIAL, NO, UNNECESSARY, None]), st.sampled_from(Confidence)
)


@given(st.lists(PROPOSALS), st.randoms())
def test_the_order_of_statements_does_not_matter_nor_does_one_twice(
    statements: list[Proposal], random: object
) -> None:
    shuffled = [*statements, *statements]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert combined(shuffled) == combined(statements)


@given(st.lists(PROPOSALS, min_size=1))
def test_together_nothing_is_more_certain_than_its_most_certain_statement(statements: list[Proposal]) -> None:
    order = list(Confidence)
    telling = [order.index(each.confidence) for each in statements if each.status is not None]
    found = combined(statements)
    assert (found.status is not None) is bool(telling)
    assert not telling or order.index(found.confidence) >= min(telling)


# --- The list ------------------------------------------------------------------------------------


def test_answered_requirements_make_the_list_and_what_is_unmapped_is_counted(desk: Desk) -> None:
    assert desk.look() == WorkList({}, (), 0, ())
    desk.answer("SYS.1.1.A1", YES)
    desk.answer("SYS.1.1.A2", YES)
    desk.answer("SYS.1.1.A6", YES)
    found = desk.look()
    assert [(line.source.requirement.id, line.target.control.id) for line in found.lines] == [
        ("SYS.1.1.A1", "K.1"),
        ("SYS.1.1.A2", "K.1"),
        ("SYS.1.1.A2", "K.2"),
    ]
    assert (found.answered, found.unmapped, found.done) == (3, ("SYS.1.1.A6",), 0)
    assert {each.control.id: each.proposal for each in found.targets.values()} == {
        "K.1": Proposal(YES, HIGH),
        "K.2": Proposal(YES, HIGH),
    }


def test_the_answer_to_the_mapped_statement_makes_the_proposal(desk: Desk) -> None:
    desk.answer_parts("SYS.1.1.A2", YES, NO)
    [line] = (line for line in desk.look().lines if line.target.control.id == "K.2")
    assert line.source.said.status is PARTIAL
    assert (line.source.parts("de"), line.source.parts("en")) == ("UA.1 „Ja“", "UA.1 “Yes”")
    assert line.target.proposal == Proposal(YES, HIGH)
    desk.answer("SYS.1.1.A2", NO)
    assert desk.look().targets[ERASING].proposal == Proposal(NO, LOW)


def test_another_answer_to_a_statement_is_a_changed_source(desk: Desk) -> None:
    desk.answer_parts("SYS.1.1.A2", YES, PARTIAL)
    desk.take(ERASING)
    assert (desk.standings()["K.2"], outdated(desk.house)) == (Standing.TAKEN, [])
    desk.answer_parts("SYS.1.1.A2", NO, PARTIAL)
    assert (desk.standings()["K.2"], outdated(desk.house)) == (Standing.STALE, [("KAT-004", "K.2")])


def test_answers_at_several_objects_are_put_together(desk: Desk) -> None:
    [printer] = desk.house.assign((None, "SYS.1.1"))
    desk.answer("SYS.1.1.A1", YES)
    half = desk.look().lines[0].source.said
    desk.house.answer(printer, "SYS.1.1.A1", Given(NO))
    whole = desk.look()
    both = whole.lines[0].source.said
    assert (half.status, half.places, half.answered, half.is_whole) == (YES, 2, 1, False)
    assert (both.status, both.answered, both.mixed) == (PARTIAL, 2, True)
    assert whole.targets[SAVING].proposal == Proposal(PARTIAL, LOW)


# --- Taking over -----------------------------------------------------------------------------------


def test_whoever_turns_to_the_new_catalogue_alone_still_takes_over_what_was_answered(desk: Desk) -> None:
    desk.answer("SYS.1.1.A1", YES)
    desk.answer("SYS.1.1.A2", YES)
    before = desk.look()
    with desk.house.database.writing(ORGANISATION, actor=ACTOR) as session:
        load_domain(session, desk.house.domain_id).catalogue = Catalogue.IMPORTED
    assert desk.look() == before
    assert desk.take(SAVING).count == 1
    assert desk.stored() == {"K.1": YES}


def test_what_is_taken_over_keeps_answer_and_source(desk: Desk) -> None:
    missing = "Zwei Server fehlen."
    plan = {
        "measure": "Härten",
        "responsible": "Amt 11",
        "due": date(2027, 3, 1),
        "remark": missing,
    }
    desk.answer("SYS.1.1.A1", PARTIAL, evidence="Az. 7", **plan)
    assert desk.take(SAVING) == Taken(1, 0)
    with desk.house.database.reading(ORGANISATION) as session:
        answer = session.scalars(select(ControlAnswer)).one()
        kept = session.scalars(select(AnswerSource)).one()
        day = f"{today():%d.%m.%Y}"
        assert (answer.status, answer.measure, answer.responsible, answer.due) == (
            PARTIAL, "Härten", "Amt 11", date(2027, 3, 1),
        )  # fmt: skip
        assert answer.remark == (
            f"Übernommen aus IT-Grundschutz 2023: SYS.1.1.A1 „Teilweise“ ({day}). "
            "Zuordnung: Zuordnung, 1, 2026-07-21.\n\n" + missing
        )
        assert answer.evidence == "Az. 7"
        assert (kept.requirement_id, kept.relation) == ("SYS.1.1.A1", Relation.EQUAL)
        assert (kept.source_status, kept.source_on, kept.taken_status) == (PARTIAL, today(), PARTIAL)
        assert (kept.mapping_name, kept.mapping[:12], kept.taken_on) == (
            "Zuordnung, 1, 2026-07-21", desk.mapping, today(),
        )  # fmt: skip
        assert [change.action for change in history(session, kept)] == ["take over"]
    assert desk.standings() == {"K.1": Standing.TAKEN}
    assert verify(desk.house.database).breaks == ()


def test_a_changed_source_makes_the_answer_stale_until_it_is_taken_again(desk: Desk) -> None:
    desk.answer("SYS.1.1.A1", YES)
    desk.take(SAVING)
    desk.answer("SYS.1.1.A1", YES, remark="Seit der Umstellung anders.")
    assert desk.standings() == {"K.1": Standing.STALE}
    desk.answer("SYS.1.1.A1", NO)
    assert desk.stored() == {"K.1": YES}
    assert desk.take(SAVING) == Taken(1, 0)
    assert (desk.standings(), desk.stored()) == ({"K.1": Standing.TAKEN}, {"K.1": NO})


def test_a_source_that_is_no_longer_answered_makes_the_answer_stale(desk: Desk) -> None:
    desk.answer("SYS.1.1.A1", YES)
    desk.answer("SYS.1.1.A2", YES)
    desk.take(SAVING)
    desk.answer("SYS.1.1.A2", Status.OPEN)
    assert desk.look().targets[SAVING].standing is Standing.STALE
    desk.take(SAVING)
    assert [each.requirement_id for each in desk.look().targets[SAVING].taken] == ["SYS.1.1.A1"]


def test_an_answer_of_ones_own_stays_unless_it_is_to_be_replaced(desk: Desk) -> None:
    desk.answer("SYS.1.1.A1", YES)
    desk.answer("SYS.1.1.A2", YES)
    desk.by_hand(SAVING, NO)
    assert desk.take(SAVING, ERASING) == Taken(1, 1)
    assert desk.stored() == {"K.1": NO, "K.2": YES}
    assert desk.take(SAVING, replace=True) == Taken(1, 0)
    assert desk.stored() == {"K.1": YES, "K.2": YES}
    desk.by_hand(SAVING, PARTIAL)
    assert desk.standings() == {"K.1": Standing.OWN, "K.2": Standing.TAKEN}


def test_nothing_is_taken_where_nothing_is_proposed_or_allowed(desk: Desk) -> None:
    desk.answer("SYS.1.1.A5", UNNECESSARY, reason="Kein Server.")
    assert desk.standings() == {"K.3": Standing.SILENT}
    for keys in ((LOGGING,), (FREE,), ()):
        with pytest.raises(Refused):
            desk.take(*keys)
    desk.answer("SYS.1.1.A1", YES)
    with pytest.raises(Forbidden):
        desk.take(SAVING, by=AUDITOR)
    assert desk.stored() == {}


def test_the_list_asks_the_database_the_same_few_times_however_much_is_answered(desk: Desk) -> None:
    counted: list[str] = []

    def queries() -> int:
        counted.clear()
        desk.look()
        return len(counted)

    desk.answer("SYS.1.1.A1", YES)
    desk.look()
    event.listen(desk.house.database.engine, "before_cursor_execute", lambda *told: counted.append(told[2]))
    few = queries()
    for requirement_id in ("SYS.1.1.A2", "SYS.1.1.A5", "SYS.1.1.A6"):
        desk.answer(requirement_id, YES)
    desk.take(SAVING, ERASING, LOGGING)
    assert queries() == few


# --- What a domain is told ------------------------------------------------------------------------


def outdated(house: House) -> list[tuple[str, str]]:
    """What the domain is told about answers that were taken over."""
    with house.database.reading(ORGANISATION) as session:
        found = findings_of(session, [house.domain_id])
        return [(each.rule, " ".join(each.words.values())) for each in found]


def test_a_changed_source_is_a_finding_until_the_answer_is_settled(desk: Desk) -> None:
    desk.answer("SYS.1.1.A1", YES)
    desk.answer("SYS.1.1.A2", YES)
    desk.take(SAVING, ERASING)
    assert outdated(desk.house) == []
    desk.answer("SYS.1.1.A1", NO)
    assert outdated(desk.house) == [("KAT-004", "K.1")]
    desk.answer("SYS.1.1.A2", NO)
    assert outdated(desk.house) == [("KAT-004", "K.1, K.2")]
    assert {desk.standings()[each] for each in ("K.1", "K.2")} == {Standing.STALE}
    desk.take(SAVING)
    assert outdated(desk.house) == [("KAT-004", "K.2")]
    desk.by_hand(ERASING, UNNECESSARY)
    assert outdated(desk.house) == []


def test_a_source_that_is_no_longer_asked_is_a_finding_and_goes_when_it_is_again(desk: Desk) -> None:
    desk.answer("SYS.1.1.A1", YES)
    desk.take(SAVING)
    with desk.house.database.writing(ORGANISATION, actor=ACTOR) as session:
        set_relevance(load_assignment(session, desk.server), relevant=False, reason="Abgebaut.", by=ISB)
    assert outdated(desk.house) == [("KAT-004", "K.1")]
    with desk.house.database.writing(ORGANISATION, actor=ACTOR) as session:
        set_relevance(load_assignment(session, desk.server), relevant=True, reason="", by=ISB)
    assert outdated(desk.house) == []


def test_marking_raises_no_version(desk: Desk) -> None:
    desk.answer("SYS.1.1.A1", YES)
    desk.take(SAVING)
    with desk.house.database.reading(ORGANISATION) as session:
        before = load_domain(session, desk.house.domain_id).version
    desk.answer("SYS.1.1.A1", NO)
    with desk.house.database.reading(ORGANISATION) as session:
        domain = load_domain(session, desk.house.domain_id)
        assert (domain.version, domain.outdated_controls) == (before, "K.1")
