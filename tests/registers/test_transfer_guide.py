"""The guide asks only what is open, in the order of the law, and never answers too much."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registers.countries import ADEQUACY, EEA, adequate
from registers.transfer_guide import Course, course
from registers.transfers import CLOSED_TO_PUBLIC_POWERS, TransferBasis

TODAY = date(2026, 11, 23)


def led(*, is_authority: bool = True, today: date = TODAY, **answers: str) -> Course:
    return course(answers, is_authority=is_authority, today=today)


def asked(found: Course) -> str:
    assert found.next is not None
    return found.next.name


def test_first_comes_the_country() -> None:
    assert asked(led()) == "country"
    assert asked(led(country="nowhere", safeguard="SCC")) == "country"


@pytest.mark.parametrize("country", sorted(EEA))
def test_inside_the_eea_nothing_more_is_asked(country: str) -> None:
    outcome = led(country=country).outcome
    assert outcome is not None
    assert (outcome.allowed, outcome.basis) == (True, None)


@pytest.mark.parametrize("country", sorted(set(ADEQUACY) - {"US", "CA"}))
def test_a_decision_for_everybody_answers_at_once(country: str) -> None:
    outcome = led(country=country).outcome
    assert outcome is not None
    assert (outcome.allowed, outcome.basis) == (True, TransferBasis.ADEQUACY)
    assert ADEQUACY[country].decision in outcome.ground


def test_a_decision_that_ends_says_when_and_then_no_longer_helps() -> None:
    outcome = led(country="GB").outcome
    assert outcome is not None
    assert [warning.de for warning in outcome.warnings] == [
        "Der Beschluss gilt bis zum 27.12.2031; rechtzeitig davor neu prüfen."
    ]
    assert asked(led(country="GB", today=date(2031, 12, 28))) == "safeguard"


def test_a_company_in_the_united_states_must_be_certified_for_these_data() -> None:
    assert asked(led(country="US")) == "certified"
    assert asked(led(country="US", certified="yes")) == "covered"
    assert asked(led(country="US", certified="no")) == "safeguard"
    assert asked(led(country="US", certified="yes", covered="no")) == "safeguard"
    unknown = led(country="US", certified="unknown").outcome
    assert unknown is not None
    assert unknown.allowed is None


def test_the_pending_appeal_is_mentioned() -> None:
    outcome = led(country="US", certified="yes", covered="yes").outcome
    assert outcome is not None
    assert outcome.allowed is True
    assert any("C-703/25 P" in warning.de for warning in outcome.warnings)


def test_a_decision_of_limited_scope_asks_for_it() -> None:
    assert asked(led(country="CA")) == "in_scope"
    assert asked(led(country="CA", in_scope="no")) == "safeguard"


def test_safeguards_need_an_assessment_and_clauses_a_module() -> None:
    assert asked(led(country="IN", safeguard="SCC")) == "module"
    assert asked(led(country="IN", safeguard="SCC", module="C2P")) == "assessed"
    assert asked(led(country="IN", safeguard="BCR")) == "assessed"


@pytest.mark.parametrize(
    ("assessed", "allowed"),
    [("EQUIVALENT", True), ("WITH_MEASURES", True), ("NOT_EQUIVALENT", False), ("open", None)],
)
def test_the_assessment_decides(assessed: str, allowed: bool | None) -> None:
    outcome = led(country="IN", safeguard="SCC", module="C2P", assessed=assessed).outcome
    assert outcome is not None
    assert (outcome.allowed, outcome.basis) == (allowed, TransferBasis.SCC if allowed else None)
    assert ("zusätzlichen Maßnahmen" in str(outcome.document)) is (assessed == "WITH_MEASURES")


def test_the_clauses_of_2010_are_no_answer() -> None:
    outcome = led(country="IN", safeguard="SCC_BEFORE_2021").outcome
    assert outcome is not None
    assert outcome.allowed is False


def test_what_is_closed_to_public_powers_is_not_offered_to_an_authority() -> None:
    sovereign = led(country="IN", safeguard="none", public_powers="yes")
    fiscal = led(country="IN", safeguard="none", public_powers="no")
    company = led(country="IN", safeguard="none", is_authority=False)

    def offered(found: Course) -> set[str]:
        assert found.next is not None
        return {option.value for option in found.next.options}

    closed = {basis.name for basis in CLOSED_TO_PUBLIC_POWERS}
    assert offered(sovereign) & closed == set()
    assert offered(fiscal) == offered(company) == offered(sovereign) | closed


def test_an_address_that_answers_more_than_is_open_is_asked_again() -> None:
    found = led(country="IN", safeguard="none", public_powers="yes", derogation="CONSENT")
    assert asked(found) == "derogation"


def test_without_any_ground_nothing_may_be_transferred() -> None:
    outcome = led(country="IN", safeguard="none", public_powers="yes", derogation="none").outcome
    assert outcome is not None
    assert (outcome.allowed, outcome.ground) == (False, "Art. 44 DSGVO")


ANSWERS = st.fixed_dictionaries({"country": st.sampled_from(["IN", "US", "CA", "GB", "XP", "XO", "DE"])})
DAY = st.dates(date(2000, 1, 1), date(2040, 12, 31))


@given(data=st.data(), start=ANSWERS, today=DAY, is_authority=st.booleans())
def test_every_way_ends_and_keeps_what_was_answered(
    data: st.DataObject, start: dict[str, str], today: date, is_authority: bool
) -> None:
    answers = dict(start)
    ways = [course(answers, is_authority=is_authority, today=today)]
    while (question := ways[-1].next) is not None:
        answers[question.name] = data.draw(st.sampled_from(question.options)).value
        ways.append(course(answers, is_authority=is_authority, today=today))

    assert len(ways) <= 7
    assert all(
        later.answered[: len(earlier.answered)] == earlier.answered for earlier, later in pairwise(ways)
    )
    outcome = ways[-1].outcome
    assert outcome is not None
    if outcome.basis is TransferBasis.ADEQUACY:
        assert adequate(answers["country"], today) is not None
    if outcome.allowed and answers["country"] not in EEA:
        assert outcome.basis is not None
        assert outcome.document
