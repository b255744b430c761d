"""Hypothesis strategies for whatever can be written down in a register."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, TypeVar, cast

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from compliance.fields import (
    Answer,
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
    Reference,
    References,
    Rows,
    Span,
    TimeUnit,
    empty,
    fields,
    in_order,
    tidy,
)
from compliance.language import LOCAL_TIME

M = TypeVar("M")

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


def entries(model: type[M]) -> SearchStrategy[M]:
    """Any *model* that could be saved, each field unanswered or answered; it refers to no other entry."""
    return st.builds(model, **{name: answers(spec) for name, spec in fields(model).items()})


def answers(spec: Kind) -> SearchStrategy[Any]:
    """Any answer to one field, often none."""
    return st.just(empty(spec)) | _given(spec)


def _given(spec: Kind) -> SearchStrategy[Any]:
    match spec:
        case Line():
            return st.text(max_size=40).map(lambda text: " ".join(tidy(text).split()))
        case Prose():
            return st.text(max_size=80).map(tidy)
        case Flag():
            return st.booleans()
        case Day():
            return DAYS
        case Moment():
            moments = st.integers(0, 66_000_000).map(lambda minute: datetime.fromtimestamp(60 * minute, UTC))
            # The hour that clocks repeat in October cannot be told apart on a form.
            return moments.filter(lambda moment: not moment.astimezone(LOCAL_TIME).fold)
        case Number():
            return st.integers(0, 2**31 - 1)
        case Duration():
            return st.builds(Span, st.integers(1, 999), st.sampled_from(TimeUnit))
        case Choice():
            return st.sampled_from(list(spec.words))
        case Choices():
            chosen = st.lists(st.sampled_from(list(spec.words)), unique=True, max_size=4)
            return chosen.map(lambda words: in_order(spec.words, cast("list[Answer]", words)))
        case Reference() | References():
            return st.just(empty(spec))
        case Rows():
            return st.lists(entries(spec.part), max_size=2)
