"""Answers taken over from elsewhere say where they come from, and follow it or grow stale."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from assessments.grundschutz.borrowing import (
    follow_sources,
    let_go,
    offers,
    process_answers,
    renew,
    settle_by_process,
    stale_answers,
    take_over,
)
from assessments.grundschutz.check import (
    Given,
    MetBy,
    Origin,
    RequirementAnswer,
    Status,
    answer,
    answer_in_bulk,
    check_sheet,
    given_in,
    stored_answers,
)
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.modelling import assign, load_assignment
from assessments.grundschutz.rules import RULES
from compliance.errors import Forbidden, Refused
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from registers.processors import Processor
from tests.assessments.grundschutz.house import ACTOR, AUDITOR, ISB, ORGANISATION, House, load_domain

FIRST, SECOND = "SYS.1.1.A1", "SYS.1.1.A2"
MET = Given(Status.YES, remark="Im Schrank", evidence="Az. 1", evidence_on=date(2026, 2, 1))
PLANNED = Given(Status.PARTIAL, measure="Riegel", responsible="Amt 11", due=date(2026, 9, 30))


class Houses(House):
    """A house whose server has a member, beside the domain of a provider and a second one."""

    def __init__(self, address: str) -> None:
        super().__init__(address, RULES, first=(follow_sources,))
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            domain = load_domain(session, self.domain_id)
            group = session.get_one(TargetObject, (ORGANISATION, self.server_id))
            member = TargetObject(
                name="Server 7", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION, group=group
            )
            rack = TargetObject(name="Schrank", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION)
            provider = Processor(name="Rechenzentrum")
            domain.objects = [*domain.objects, member]
            domain.providers = [provider]
            theirs = InformationDomain(
                name="Betrieb", approach=Approach.STANDARD, objects=[rack], operator=provider
            )
            second = InformationDomain(name="Zweiter", approach=Approach.STANDARD, objects=[group])
            session.add_all([member, rack, provider, theirs, second])
        self.group = self.assign((self.server_id, "SYS.1.1"))[0]
        self.member = self.assign((member.id, "SYS.1.1"))[0]
        self.process = self.assign((None, "ORP.4"))[0]
        self.provided = self._assign_in(theirs.id, rack.id)
        self.elsewhere = self._assign_in(second.id, self.server_id)

    def _assign_in(self, domain_id: uuid.UUID, target_id: uuid.UUID) -> uuid.UUID:
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            return assign(session, load_domain(session, domain_id), [(target_id, "SYS.1.1")], by=ISB)[0].id

    def take(self, into: uuid.UUID, of: uuid.UUID, *requirements: str) -> None:
        with self.database.writing(ORGANISATION, actor=ACTOR) as session:
            take_over(
                session, load_assignment(session, into), load_assignment(session, of), requirements, by=ISB
            )

    def found(self, at: uuid.UUID, requirement: str = FIRST) -> RequirementAnswer:
        with self.database.reading(ORGANISATION) as session:
            return stored_answers(session, load_assignment(session, at), [requirement])[requirement]

    def offered(self, at: uuid.UUID) -> list[tuple[Origin, set[str]]]:
        with self.database.reading(ORGANISATION) as session:
            found = offers(session, load_assignment(session, at), [FIRST, SECOND], by=ISB)
            return [(offer.origin, set(offer.answers)) for offer in found]


@pytest.fixture
def houses(tmp_path: Path) -> Iterator[Houses]:
    made = Houses(f"sqlite:///{tmp_path / 'n.db'}")
    yield made
    made.database.engine.dispose()


def test_groups_providers_and_other_domains_are_offered_in_that_order(houses: Houses) -> None:
    for at in (houses.group, houses.provided, houses.elsewhere):
        houses.answer(at, FIRST, MET)
    assert houses.offered(houses.member) == [(Origin.GROUP, {FIRST}), (Origin.PROVIDER, {FIRST})]
    assert houses.offered(houses.group) == [(Origin.PROVIDER, {FIRST}), (Origin.DOMAIN, {FIRST})]
    assert houses.offered(houses.provided) == []


def test_what_is_open_there_or_taken_over_already_is_not_offered(houses: Houses) -> None:
    houses.answer(houses.group, FIRST, MET)
    houses.answer(houses.group, SECOND, Given(remark="Noch offen"))
    assert houses.offered(houses.member) == [(Origin.GROUP, {FIRST})]
    houses.take(houses.member, houses.group, FIRST)
    assert houses.offered(houses.member) == []
    # The group cannot rest on its own member.
    assert houses.offered(houses.group) == []


def test_offers_need_the_same_few_queries_however_much_is_answered(houses: Houses) -> None:
    counts = []
    for requirements in ([FIRST], [f"SYS.1.1.A{number}" for number in (2, 5, 6, 9, 10, 11, 12, 13)]):
        for requirement in requirements:
            houses.answer(houses.group, requirement, MET)
        asked: list[str] = []

        def note(*arguments: object, asked: list[str] = asked) -> None:
            asked.append(str(arguments[2]))

        with houses.database.reading(ORGANISATION) as session:
            assignment = load_assignment(session, houses.member)
            event.listen(houses.database.engine, "before_cursor_execute", note)
            offers(session, assignment, [f"SYS.1.1.A{number}" for number in range(1, 20)], by=ISB)
            event.remove(houses.database.engine, "before_cursor_execute", note)
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_member_follows_its_group_at_once_and_keeps_date_and_source(houses: Houses) -> None:
    houses.answer(houses.group, FIRST, MET)
    houses.take(houses.member, houses.group, FIRST)
    houses.answer(houses.group, FIRST, PLANNED)
    source, found = houses.found(houses.group), houses.found(houses.member)
    assert given_in(found) == PLANNED
    assert (found.origin, found.source_place, found.answered_on) == (
        Origin.GROUP,
        f"IV-0001/ZO-0001/{FIRST}",
        source.answered_on,
    )
    with houses.database.reading(ORGANISATION) as session:
        assert stale_answers(session, load_domain(session, houses.domain_id)) == []


def test_a_borrowed_answer_is_changed_at_its_source_only_until_it_is_let_go(houses: Houses) -> None:
    houses.answer(houses.group, FIRST, MET)
    houses.take(houses.member, houses.group, FIRST)
    with pytest.raises(Refused, match="übernommen"):
        houses.answer(houses.member, FIRST, Given(Status.NO))
    with (
        pytest.raises(Refused, match="übernommen"),
        houses.database.writing(ORGANISATION, actor=ACTOR) as session,
    ):
        answer_in_bulk(session, load_assignment(session, houses.member), [FIRST], Given(Status.NO), by=ISB)
    with houses.database.writing(ORGANISATION, actor=ACTOR) as session:
        let_go(stored_answers(session, load_assignment(session, houses.member))[FIRST], by=ISB)
    assert given_in(houses.found(houses.member)) == MET
    houses.answer(houses.member, FIRST, PLANNED)
    houses.answer(houses.group, FIRST, Given(Status.NO))
    assert given_in(houses.found(houses.member)) == PLANNED


@pytest.mark.parametrize(
    ("at", "into", "origin"), [("provided", "group", Origin.PROVIDER), ("elsewhere", "group", Origin.DOMAIN)]
)
def test_what_others_say_grows_stale_and_is_renewed_on_demand(
    houses: Houses, at: str, into: str, origin: Origin
) -> None:
    source, place = getattr(houses, at), getattr(houses, into)
    houses.answer(source, FIRST, MET)
    houses.take(place, source, FIRST)
    met_by = MetBy.PROVIDER if origin is Origin.PROVIDER else None
    houses.answer(source, FIRST, PLANNED)
    found = houses.found(place)
    assert (found.origin, found.status, found.met_by) == (origin, Status.YES, met_by)
    with houses.database.reading(ORGANISATION) as session:
        [row, *_] = check_sheet(session, load_assignment(session, place)).rows
        assert row.borrowed
        assert (row.borrowed.stale, row.borrowed.says, row.borrowed.read_only) == (True, Status.PARTIAL, True)
    with houses.database.writing(ORGANISATION, actor=ACTOR) as session:
        stale = stale_answers(session, load_domain(session, houses.domain_id))
        assert [each.requirement_id for each in stale] == [FIRST]
        assert renew(session, stale, by=ISB) == 1
    assert houses.found(place).status is Status.PARTIAL
    with houses.database.reading(ORGANISATION) as session:
        assert stale_answers(session, load_domain(session, houses.domain_id)) == []


def test_what_both_meet_together_stays_an_own_answer_beside_that_of_the_provider(houses: Houses) -> None:
    houses.answer(houses.provided, FIRST, Given(Status.YES, met_by=MetBy.BOTH))
    houses.take(houses.group, houses.provided, FIRST)
    found = houses.found(houses.group)
    assert (found.status, found.met_by, found.origin) == (Status.OPEN, MetBy.BOTH, Origin.PROVIDER)
    houses.answer(houses.group, FIRST, Given(Status.PARTIAL, met_by=MetBy.BOTH))
    assert houses.found(houses.group).status is Status.PARTIAL


def test_a_process_module_settles_requirements_and_is_followed(houses: Houses) -> None:
    houses.answer(houses.process, "ORP.4.A1", MET)
    with houses.database.writing(ORGANISATION, actor=ACTOR) as session:
        assignment = load_assignment(session, houses.group)
        [source] = process_answers(session, assignment.domain)
        settle_by_process(session, assignment, [FIRST, SECOND], source.id, by=ISB)
    houses.answer(houses.process, "ORP.4.A1", PLANNED)
    for requirement in (FIRST, SECOND):
        found = houses.found(houses.group, requirement)
        assert (given_in(found), found.origin, found.source_place) == (
            PLANNED,
            Origin.PROCESS,
            "IV-0001/ORP.4.A1",
        )


def test_only_offered_answers_are_taken_over_and_only_process_modules_settle(houses: Houses) -> None:
    houses.answer(houses.group, FIRST, MET)
    houses.answer(houses.elsewhere, FIRST, MET)
    with pytest.raises(Refused):
        houses.take(houses.member, houses.elsewhere, FIRST)
    with pytest.raises(Refused):
        houses.take(houses.member, houses.group, FIRST, SECOND)
    own = houses.found(houses.group)
    with houses.database.writing(ORGANISATION, actor=ACTOR) as session:
        member = load_assignment(session, houses.member)
        with pytest.raises(Refused):
            settle_by_process(session, member, [FIRST], own.id, by=ISB)


@pytest.mark.parametrize("requirement_id", ["FOO", "SYS.1.1.A27", "SYS.1.1.A3", "APP.6.A1"])
def test_nothing_is_settled_that_is_not_asked(houses: Houses, requirement_id: str) -> None:
    """An unknown one, one that no risk analysis adopted, one withdrawn, and one of another module."""
    houses.answer(houses.process, "ORP.4.A1", MET)
    with houses.database.writing(ORGANISATION, actor=ACTOR) as session:
        member = load_assignment(session, houses.member)
        [source] = process_answers(session, member.domain)
        with pytest.raises(Refused):
            settle_by_process(session, member, [FIRST, requirement_id], source.id, by=ISB)
        assert stored_answers(session, member) == {}


def test_only_who_may_edit_takes_over(houses: Houses) -> None:
    houses.answer(houses.group, FIRST, MET)
    with houses.database.writing(ORGANISATION, actor=ACTOR) as session:
        member, group = (load_assignment(session, each) for each in (houses.member, houses.group))
        with pytest.raises(Forbidden):
            take_over(session, member, group, [FIRST], by=AUDITOR)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.sampled_from(Status), min_size=1, max_size=6))
def test_whatever_the_group_says_its_member_says_the_same(houses: Houses, said: list[Status]) -> None:
    houses.answer(houses.group, FIRST, MET)
    with houses.database.writing(ORGANISATION, actor=ACTOR) as session:
        member, group = (load_assignment(session, each) for each in (houses.member, houses.group))
        if any(each.origin is Origin.GROUP for each in offers(session, member, [FIRST], by=ISB)):
            take_over(session, member, group, [FIRST], by=ISB)
    for status in said:
        with houses.database.writing(ORGANISATION, actor=ACTOR) as session:
            answer(session, load_assignment(session, houses.group), FIRST, Given(status), by=ISB)
    source, found = houses.found(houses.group), houses.found(houses.member)
    assert (found.status, found.answered_on) == (source.status, source.answered_on)
    assert found.source_version == source.version
