"""Whatever can be answered survives form, journal and both languages; nothing that is typed does harm."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given, settings
from hypothesis import strategies as st

from compliance.database import folded
from compliance.fields import (
    Choice,
    Choices,
    Day,
    Duration,
    Flag,
    Kind,
    Line,
    Moment,
    Number,
    Prose,
    Span,
    TimeUnit,
    fields,
    is_empty,
    plain,
    restored,
    shown,
    tidy,
    tidy_line,
    worded,
)
from compliance.language import LOCAL_TIME, Text
from compliance.web.forms import parsed, written
from registers.countries import COUNTRIES
from registers.processing import ProcessingActivity, Subjects
from tests.strategies import answers, entries

LABEL = Text("Frage", "Question")
KINDS: list[Any] = [
    Line(label=LABEL),
    Prose(label=LABEL),
    Flag(label=LABEL),
    Day(label=LABEL),
    Moment(label=LABEL),
    Number(label=LABEL, unit=Text("Stück", "pieces")),
    Duration(label=LABEL),
    Choice(label=LABEL, words=Subjects),
    pytest.param(Choice(label=LABEL, words=COUNTRIES), id="Code"),
    Choices(label=LABEL, words=Subjects),
]
by_kind = pytest.mark.parametrize("spec", KINDS, ids=lambda spec: type(spec).__name__)
ODD = (
    *("", " ", "0", "-1", "1.000", "1,5", "2.5", "12,500", "9" * 40, "²", "٣"),
    *("yes", "RESIDENTS", "Y", "\x00", "\r\n"),
    *("31.12.2026", "2026-02-30", "0001-01-01", "9999-12-31", "31.12.2026 24:00"),
    *("0001-01-01T00:00", "9999-12-31T23:59"),
)
TYPED = st.text(max_size=30) | st.sampled_from(ODD)


@pytest.fixture(scope="module")
def in_request() -> Callable[[], Any]:
    """What the wording of an error needs around it."""
    app = Flask(__name__)
    Babel(app, default_locale="de")
    return app.test_request_context


def as_kept(spec: Kind, value: Any) -> Any:
    """*value* as a form can hold it: moments to the minute, words in the order of the list."""
    if isinstance(spec, Moment) and value is not None:
        return value.replace(second=0, microsecond=0)
    if isinstance(spec, Choices):
        return tuple(word for word in spec.words if word in value)
    return value


@by_kind
def test_a_form_sends_back_what_it_was_given(spec: Kind, in_request: Callable[[], Any]) -> None:
    @given(answers(spec))
    def check(value: Any) -> None:
        with in_request():
            back = parsed(spec, written(spec, value))
        if isinstance(spec, Moment) and value is not None:
            # The hour that clocks repeat in October cannot be told apart on a form.
            assert abs(back - as_kept(spec, value)) in (timedelta(), timedelta(hours=1))
        else:
            assert back == as_kept(spec, value)

    check()


REFUSED = object()


def understood(spec: Kind, strings: list[str]) -> Any:
    """The value, or that it was refused with a sentence."""
    try:
        return parsed(spec, strings)
    except ValueError as error:
        if not str(error).endswith("."):
            raise
        return REFUSED


@by_kind
def test_whatever_is_typed_is_understood_or_refused_in_words(
    spec: Kind, in_request: Callable[[], Any]
) -> None:
    @settings(max_examples=200)
    @given(st.lists(TYPED, max_size=3))
    def check(strings: list[str]) -> None:
        with in_request():
            value = understood(spec, strings)
            if value is REFUSED:
                return
            for language in ("de", "en"):
                assert isinstance(shown(spec, value, language), str)
            assert parsed(spec, written(spec, value)) == value
            assert restored(spec, plain(spec, value)) == value  # type: ignore[arg-type]

    check()


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        *(("0", 0), ("007", 7), ("2147483647", 2147483647), ("2.147.483.647", 2147483647)),
        *(("12.500", 12500), ("12,500", 12500), ("12 500", 12500), ("1\N{NO-BREAK SPACE}000", 1000)),
        *(("1\N{NARROW NO-BREAK SPACE}000", 1000), (" 1.000 ", 1000)),
        *((typed, REFUSED) for typed in ("2.5", "2,5", "1.0000", "1000.000", "1.000,000", "0.500", "1..000")),
        *((typed, REFUSED) for typed in (".500", "1.000.", "2147483648", "-1", "1e3", "٣")),
    ],
)
def test_thousands_are_separated_by_groups_of_three_or_not_at_all(
    typed: str, number: object, in_request: Callable[[], Any]
) -> None:
    with in_request():
        assert understood(Number(label=LABEL), [typed]) == number


@pytest.mark.parametrize("typed", ["2026-12-31T14:30", "2026-12-31 14:30", "31.12.2026 14:30"])
def test_a_moment_is_understood_as_browsers_and_people_write_it(
    typed: str, in_request: Callable[[], Any]
) -> None:
    with in_request():
        assert parsed(Moment(label=LABEL), [typed]) == datetime(2026, 12, 31, 14, 30, tzinfo=LOCAL_TIME)


@by_kind
def test_the_journal_gives_back_what_it_was_given(spec: Kind) -> None:
    @given(answers(spec))
    def check(value: Any) -> None:
        assert restored(spec, plain(spec, value)) == as_kept_exactly(spec, value)  # type: ignore[arg-type]

    check()


def as_kept_exactly(spec: Kind, value: Any) -> Any:
    return as_kept(spec, value) if isinstance(spec, Choices) else value


@by_kind
@pytest.mark.parametrize("language", ["de", "en"])
def test_an_answer_reads_the_same_from_the_table_and_from_the_journal(spec: Kind, language: str) -> None:
    @given(answers(spec))
    def check(value: Any) -> None:
        kept = as_kept_exactly(spec, value)
        said = shown(spec, kept, language)
        assert worded(spec, plain(spec, value), language) == said
        assert bool(said) is not is_empty(kept)

    check()


@settings(max_examples=30)
@given(entries(ProcessingActivity))
def test_a_whole_entry_can_be_read_aloud(entry: ProcessingActivity) -> None:
    for name, spec in fields(ProcessingActivity).items():
        value = getattr(entry, name)
        for language in ("de", "en"):
            assert worded(spec, plain(spec, value), language) == shown(spec, value, language)


@given(st.builds(Span, st.integers(0, 99_999), st.sampled_from(TimeUnit)))
def test_a_length_of_time_survives_being_written(span: Span) -> None:
    assert Span.parse(str(span)) == span


@given(st.text(max_size=12))
def test_what_is_no_length_of_time_is_refused(text: str) -> None:
    try:
        span = Span.parse(text)
    except ValueError:
        return
    assert isinstance(span, Span)


@given(st.text())
def test_tidying_twice_changes_nothing(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert tidy_line(tidy_line(text)) == tidy_line(text)
    assert "\n" not in tidy_line(text)
    assert not {"\x00", "\r"} & set(tidy(text))


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(), st.text())
def test_what_holds_a_text_is_found_by_it(one: str, other: str) -> None:
    assert folded(one) in folded(f"{one} {other}")
