"""The authority has eight or fourteen weeks, a question stops the clock, and silence is no consent."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessments.dpia.consultation import (
    AuthorityQuestion,
    Clock,
    ConsultationOutcome,
    clock,
    clock_of,
    is_running,
    questions_due,
    remarks,
)
from assessments.dpia.dpia import Dpia
from compliance.deadlines import LANDS, is_working_day

RECEIVED = date(2026, 2, 14)


def question(asked: date | None, answered: date | None = None, **answers: date) -> AuthorityQuestion:
    return AuthorityQuestion(question="Warum?", asked_on=asked, answered_on=answered, **answers)


def running(received: date, *questions: AuthorityQuestion, extended: bool = False, land: str = "SH") -> Clock:
    found = clock(received, questions, extended=extended, land=land)
    assert found is not None
    return found


def asked(**answers: object) -> Dpia:
    return Dpia(name="Drohnen", consulted_on=date(2026, 2, 12), **answers)


@pytest.mark.parametrize(
    ("extended", "questions", "due"),
    [
        (False, [], date(2026, 4, 13)),
        (True, [], date(2026, 5, 26)),
        (False, [question(date(2026, 3, 2), date(2026, 3, 12))], date(2026, 4, 21)),
        (False, [question(date(2026, 3, 2))], None),
        (False, [question(None)], date(2026, 4, 13)),
    ],
)
def test_the_clock_of_the_knowledge_base(
    extended: bool, questions: list[AuthorityQuestion], due: date | None
) -> None:
    assert running(RECEIVED, *questions, extended=extended).due == due


def test_nothing_runs_before_the_authority_has_it() -> None:
    assert clock(None, [], extended=False, land="SH") is None
    assert [text.de for text in remarks(asked(), None, date(2026, 3, 2))] == [
        (
            "Die Frist läuft ab dem Eingang bei der Aufsichtsbehörde. Tragen Sie den Tag ein, sobald er "
            "bestätigt ist."
        )
    ]


def test_the_steps_say_how_the_day_came_about() -> None:
    paused = running(RECEIVED, question(date(2026, 3, 2), date(2026, 3, 12)))

    assert [step.says.de for step in paused.steps] == [
        "Der Tag des Ereignisses, Samstag, 14.02.2026, zählt nicht mit.",
        "8 Wochen danach ist Samstag, 11.04.2026.",
        (
            "Bis zur Antwort auf die Rückfrage stand die Frist still; das verlängert sie um 10 Tage bis zum "
            "Dienstag, 21.04.2026."
        ),
        "Die Frist endet am Dienstag, 21.04.2026, um 24 Uhr.",
    ]


@pytest.mark.parametrize(
    ("answers", "today", "begins"),
    [
        ({}, date(2026, 3, 2), ["Schweigt die Aufsichtsbehörde", "Bis Montag, 16.03.2026, kann"]),
        ({}, date(2026, 3, 20), ["Schweigt die Aufsichtsbehörde"]),
        ({}, date(2026, 4, 14), ["Die Frist endete am Montag, 13.04.2026, ohne Antwort."]),
        (
            {"authority_questions": [question(date(2026, 3, 2))]},
            date(2026, 6, 1),
            ["Eine Frage der Aufsichtsbehörde ist offen"],
        ),
        (
            {"consultation_extended": True, "extension_told": date(2026, 3, 20)},
            date(2026, 4, 1),
            ["Schweigt die Aufsichtsbehörde", "Die Verlängerung wurde erst nach dem Montag, 16.03.2026"],
        ),
        ({"consultation_result": "Keine Einwände."}, date(2026, 6, 1), []),
    ],
)
def test_what_has_to_be_known_is_said(answers: dict[str, object], today: date, begins: list[str]) -> None:
    dpia = asked(consultation_received=RECEIVED, **answers)
    said = [text.de for text in remarks(dpia, clock_of(dpia, "SH"), today)]

    assert len(said) == len(begins)
    assert [text[: len(start)] for text, start in zip(said, begins, strict=True)] == begins


def test_silence_is_no_answer_and_a_withdrawal_ends_it() -> None:
    assert is_running(asked(consultation_received=RECEIVED, consultation_due=date(2026, 4, 13)))
    assert not is_running(asked(consultation_result="Empfehlungen."))
    assert not is_running(asked(consultation_outcome=ConsultationOutcome.WITHDRAWN))
    assert not is_running(Dpia(name="Drohnen"))


def test_the_first_open_question_is_due() -> None:
    questions = [
        question(date(2026, 3, 2), answer_by=date(2026, 3, 30)),
        question(date(2026, 3, 2), answer_by=date(2026, 3, 16)),
        question(date(2026, 3, 2), date(2026, 3, 4), answer_by=date(2026, 3, 9)),
    ]

    assert questions_due(questions) == date(2026, 3, 16)
    assert questions_due([]) is None


def test_the_assessment_knows_its_days_before_each_save() -> None:
    dpia = asked(
        consultation_received=RECEIVED,
        authority_questions=[question(date(2026, 3, 2), answer_by=date(2026, 3, 16))],
    )
    dpia.derive()
    assert (dpia.consultation_due, dpia.questions_due) == (None, date(2026, 3, 16))

    dpia.authority_questions[0].answered_on = date(2026, 3, 12)
    dpia.derive()
    assert (dpia.consultation_due, dpia.questions_due) == (date(2026, 4, 21), None)

    dpia.consultation_result = "Keine Einwände."
    dpia.derive()
    assert (dpia.consultation_due, dpia.questions_due) == (None, None)


# --- Properties ----------------------------------------------------------------------------------

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
ANSWERED = st.builds(
    lambda begins, length: question(begins, begins + timedelta(days=length)), DAYS, st.integers(0, 90)
)
QUESTIONS = st.lists(ANSWERED, max_size=4)


@given(DAYS, QUESTIONS, ANSWERED, st.booleans(), st.sampled_from(sorted(LANDS)))
def test_one_more_question_never_brings_the_day_forward(
    received: date, questions: list[AuthorityQuestion], more: AuthorityQuestion, extended: bool, land: str
) -> None:
    before = running(received, *questions, extended=extended, land=land)
    after = running(received, *questions, more, extended=extended, land=land)

    assert after.end.day >= before.end.day >= running(received, extended=extended, land=land).end.day


@given(DAYS, QUESTIONS, st.booleans(), st.sampled_from(sorted(LANDS)))
def test_the_clock_ends_on_a_working_day_of_the_federation(
    received: date, questions: list[AuthorityQuestion], extended: bool, land: str
) -> None:
    end = running(received, *questions, extended=extended, land=land).end

    assert is_working_day(end.day, "")
    assert end.day >= end.unshifted >= received


@given(DAYS, QUESTIONS, st.sampled_from(sorted(LANDS)))
def test_fourteen_weeks_end_no_earlier_than_eight(
    received: date, questions: list[AuthorityQuestion], land: str
) -> None:
    usual = running(received, *questions, land=land)
    longer = running(received, *questions, extended=True, land=land)

    assert longer.end.day >= usual.end.day
    assert usual.due == usual.end.day
