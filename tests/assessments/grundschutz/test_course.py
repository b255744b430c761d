"""The course of the check is written with each change and always equals what counting anew would give."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from assessments.grundschutz.check import Given, Status, adopt, answer, answer_in_bulk
from assessments.grundschutz.course import Point, course, note_course, thinned
from assessments.grundschutz.domain import Approach
from assessments.grundschutz.modelling import load_assignment, set_relevance
from assessments.grundschutz.progress import Tally, overview, summed
from assessments.grundschutz.rules import RULES
from compliance.database import today
from tests.assessments.grundschutz.house import ACTOR, ISB, ORGANISATION, House, load_domain

FIRST, HIGH = "SYS.1.1.A1", "SYS.1.1.A27"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(f"sqlite:///{tmp_path / 'n.db'}", RULES, last=(note_course,))
    yield made
    made.database.engine.dispose()


def written(house: House) -> list[Point]:
    with house.database.reading(ORGANISATION) as session:
        return course(session, load_domain(session, house.domain_id))


def counted(house: House) -> Tally:
    with house.database.reading(ORGANISATION) as session:
        return summed(each.tally for each in overview(session, load_domain(session, house.domain_id)))


def test_there_is_no_course_before_anything_is_modelled(house: House) -> None:
    assert written(house) == []


def test_each_change_of_a_day_moves_the_row_of_that_day(house: House) -> None:
    [server] = house.assign((house.server_id, "SYS.1.1"))
    assert written(house) == [Point(today(), counted(house))]
    house.answer(server, FIRST, Given(Status.YES))
    house.answer(server, "SYS.1.1.A2", Given(Status.PARTIAL))
    house.answer(server, FIRST, Given(Status.NO))
    [point] = written(house)
    assert point.tally == counted(house)
    assert point.tally.by_status == {
        Status.YES: 0,
        Status.UNNECESSARY: 0,
        Status.PARTIAL: 1,
        Status.NO: 1,
        Status.OPEN: 18,
    }


def test_an_ordinary_answer_does_not_count_everything_again(house: House) -> None:
    [server] = house.assign((house.server_id, "SYS.1.1"))
    asked: list[str] = []

    def note(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    event.listen(house.database.engine, "before_cursor_execute", note)
    house.answer(server, FIRST, Given(Status.YES))
    event.remove(house.database.engine, "before_cursor_execute", note)
    assert [statement for statement in asked if "count(" in statement] == []
    assert sum("UPDATE check_day" in statement for statement in asked) == 1


steps = st.lists(
    st.one_of(
        st.tuples(st.just("answer"), st.sampled_from([FIRST, "SYS.1.1.A2"]), st.sampled_from(Status)),
        st.tuples(st.just("bulk"), st.just(""), st.sampled_from([Status.YES, Status.NO])),
        st.tuples(st.just("adopt"), st.just(HIGH), st.booleans()),
        st.tuples(st.just("relevance"), st.just(""), st.booleans()),
        st.tuples(st.just("approach"), st.just(""), st.sampled_from(Approach)),
    ),
    max_size=8,
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taken=steps)
def test_whatever_is_done_the_row_equals_what_counting_anew_gives(
    house: House, taken: list[tuple[str, str, Any]]
) -> None:
    known = house.assign((house.server_id, "SYS.1.1"))
    server = known[0] if known else house.only_assignment()
    for what, requirement, value in taken:
        with house.database.writing(ORGANISATION, actor=ACTOR) as session:
            if what == "approach":
                load_domain(session, house.domain_id).approach = value
                continue
            assignment = load_assignment(session, server)
            asked = assignment.relevant is not False
            if what == "answer" and asked:
                answer(session, assignment, requirement, Given(value), by=ISB)
            elif what == "bulk" and asked:
                answer_in_bulk(session, assignment, [FIRST, "SYS.1.1.A2"], Given(value), by=ISB)
            elif what == "adopt" and asked and assignment.domain.approach is not Approach.BASIC:
                adopt(session, assignment, HIGH, adopted=value, by=ISB)
            elif what == "relevance":
                set_relevance(assignment, relevant=value, reason="Virtuell", by=ISB)
        assert written(house)[-1].tally == counted(house)


@given(count=st.integers(0, 60), most=st.integers(2, 20))
def test_a_thinned_course_keeps_its_ends_and_its_order(count: int, most: int) -> None:
    points = [Point(date.fromordinal(738_000 + at), Tally()) for at in range(count)]
    kept = thinned(points, most)
    assert len(kept) == min(count, most)
    assert [kept[0], kept[-1]] == [points[0], points[-1]] if points else kept == []
    assert kept == sorted(kept, key=lambda point: point.day)
