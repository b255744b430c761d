"""Terms of contracts count as lawyers count them, forward and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.fields import Span, TimeUnit
from registers.periods import after, before
from tests.strategies import DAYS


@pytest.mark.parametrize(
    ("end", "period", "last"),
    [
        (date(2026, 12, 31), "P3M", date(2026, 9, 30)),
        (date(2026, 6, 30), "P3M", date(2026, 3, 31)),
        (date(2028, 8, 31), "P6M", date(2028, 2, 29)),
        (date(2027, 2, 28), "P1Y", date(2026, 2, 28)),
        (date(2026, 6, 15), "P4W", date(2026, 5, 18)),
        (date(2026, 3, 1), "P1D", date(2026, 2, 28)),
    ],
)
def test_notice_leaves_the_whole_period_until_the_end(end: date, period: str, last: date) -> None:
    assert before(end, Span.parse(period)) == last


@pytest.mark.parametrize(
    ("event", "period", "last"),
    [
        (date(2026, 1, 31), "P1M", date(2026, 2, 28)),
        (date(2026, 11, 2), "P6W", date(2026, 12, 14)),
        (date(2024, 2, 29), "P1Y", date(2025, 2, 28)),
    ],
)
def test_a_period_ends_on_the_day_that_bears_the_number_of_the_event(
    event: date, period: str, last: date
) -> None:
    assert after(event, Span.parse(period)) == last


SPANS = st.builds(Span, st.integers(0, 99_999), st.sampled_from(TimeUnit))


@given(day=DAYS, span=SPANS)
def test_every_span_stays_within_the_calendar_and_on_its_side(day: date, span: Span) -> None:
    assert before(day, span) <= day <= after(day, span)


@given(end=DAYS, span=st.builds(Span, st.integers(1, 120), st.sampled_from(TimeUnit)))
def test_a_day_later_would_be_too_late(end: date, span: Span) -> None:
    # The end of the last day is the beginning of the next, from which the period is counted.
    begins = before(end, span) + timedelta(days=1)
    assert after(begins, span) <= end + timedelta(days=1)
    assert after(begins + timedelta(days=1), span) >= end + timedelta(days=1)
