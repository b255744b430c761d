"""The statements of a requirement are told apart, answered alone, and decide together if that is wanted."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.grundschutz.check import Status, stored_answers
from assessments.grundschutz.check_parts import answer_parts, overall, parts_of, statements
from assessments.grundschutz.modelling import load_assignment
from tests.assessments.grundschutz.house import ACTOR, ISB, ORGANISATION, House

FIRST = "SYS.1.1.A1"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(f"sqlite:///{tmp_path / 'n.db'}")
    yield made
    made.database.engine.dispose()


def test_each_sentence_that_obliges_is_a_statement_with_what_explains_it() -> None:
    text = (
        "Server MÜSSEN an geschützten Orten stehen. Das gilt auch für Schränke.\n"
        "Zutritt DÜRFEN nur Befugte haben. Der Zutritt SOLLTE festgehalten werden."
    )
    assert statements(text) == [
        "Server MÜSSEN an geschützten Orten stehen. Das gilt auch für Schränke.",
        "Zutritt DÜRFEN nur Befugte haben.",
        "Der Zutritt SOLLTE festgehalten werden.",
    ]
    assert statements("Einleitende Worte ohne Pflicht.") == []


@pytest.mark.parametrize(
    ("said", "follows"),
    [
        ([], Status.OPEN),
        ([Status.YES, Status.OPEN], Status.OPEN),
        ([Status.YES, Status.UNNECESSARY], Status.YES),
        ([Status.UNNECESSARY], Status.UNNECESSARY),
        ([Status.NO, Status.NO], Status.NO),
        ([Status.YES, Status.NO], Status.PARTIAL),
        ([Status.YES, Status.PARTIAL], Status.PARTIAL),
    ],
)
def test_the_requirement_is_met_as_far_as_its_statements_are(said: list[Status], follows: Status) -> None:
    assert overall(said) is follows


@given(said=st.lists(st.sampled_from(Status), min_size=1))
def test_the_order_of_statements_makes_no_difference(said: list[Status]) -> None:
    assert overall(said) is overall(list(reversed(said)))


@pytest.mark.parametrize(("settles", "status"), [(True, Status.PARTIAL), (False, Status.OPEN)])
def test_statements_are_stored_and_settle_the_requirement_only_on_demand(
    house: House, settles: bool, status: Status
) -> None:
    [server] = house.assign((house.server_id, "SYS.1.1"))
    said = {1: (Status.YES, "Im Schrank"), 2: (Status.NO, "")}
    for _twice in range(2):
        with house.database.writing(ORGANISATION, actor=ACTOR) as session:
            assignment = load_assignment(session, server)
            answer_parts(session, assignment, FIRST, said, settles=settles, by=ISB)
    with house.database.reading(ORGANISATION) as session:
        assignment = load_assignment(session, server)
        stored = parts_of(session, assignment, FIRST)
        assert {place: (part.status, part.remark, part.version) for place, part in stored.items()} == {
            1: (Status.YES, "Im Schrank", 1),
            2: (Status.NO, "", 1),
        }
        assert stored_answers(session, assignment)[FIRST].status is status
