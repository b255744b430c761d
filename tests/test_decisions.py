"""A decision table never concludes from silence, and shows every reason."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from compliance.decisions import Decision, Reason, Row, Table
from compliance.language import Text

SAYS = Text("trifft zu", "holds")
ROWS = (("A", "yes"), ("B", "no"), ("C", "yes"), ("D", "no"), ("E", None))


def row(id: str, outcome: str | None) -> Row[frozenset[str], str]:
    return Row(id, outcome, SAYS, f"§ {id}", lambda facts: id in facts)


def unanswered(facts: frozenset[str]) -> tuple[str, ...]:
    return ("age",) if "open" in facts else ()


TABLE = Table(tuple(row(*each) for each in ROWS), "undecided", frozenset({"no"}), unanswered)


def decided(*facts: str) -> Decision[str]:
    return TABLE.decide(frozenset(facts))


def reasons(*ids: str) -> tuple[Reason[str], ...]:
    return tuple(Reason(id, outcome, SAYS, f"§ {id}") for id, outcome in ROWS if id in ids)


def test_without_a_hit_nothing_is_decided() -> None:
    assert decided() == Decision("undecided", (), ())


def test_the_highest_hit_decides_and_every_hit_is_a_reason() -> None:
    assert decided("D", "C", "E") == Decision("yes", reasons("C", "D", "E"), ())
    assert decided("B", "C") == Decision("no", reasons("B", "C"), ())


def test_the_decisive_reason_is_the_highest_with_that_outcome() -> None:
    assert decided("C", "A").decisive == reasons("A")[0]
    assert decided("E").decisive is None


def test_a_guarded_outcome_waits_for_every_answer() -> None:
    assert decided("B", "open") == Decision("undecided", reasons("B"), ("age",))


def test_an_outcome_without_guard_stands_while_questions_are_open() -> None:
    assert decided("A", "open") == Decision("yes", reasons("A"), ("age",))


def test_an_indication_alone_decides_nothing() -> None:
    assert decided("E") == Decision("undecided", reasons("E"), ())


@given(st.frozensets(st.sampled_from(["A", "B", "C", "D", "E", "open"])))
def test_a_guarded_outcome_never_stands_beside_an_open_question(facts: frozenset[str]) -> None:
    found = TABLE.decide(facts)
    assert not (found.outcome == "no" and found.unanswered)
    assert {reason.id for reason in found.reasons} == facts - {"open"}
