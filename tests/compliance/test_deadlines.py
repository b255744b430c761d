"""Periods end when the law says: to the hour, on a working day, from receipt, never a day too late."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from compliance.deadlines import (
    BREACH_TERMS,
    KNOWN_YEARS,
    LANDS,
    BreachDeadline,
    BreachTerms,
    Deadline,
    Extendable,
    NotifiableRisk,
    Pause,
    Regime,
    breach_deadline,
    breach_terms,
    consultation_deadline,
    extension_notice,
    holidays_of,
    is_working_day,
    on_german_clocks,
    period_end,
    request_deadline,
    two_working_days,
)
from compliance.errors import Refused
from compliance.language import LOCAL_TIME, Text


def day(text: str) -> date:
    return date.fromisoformat(text)


def at(text: str, *, fold: int = 0) -> datetime:
    """What clocks in Germany show."""
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL_TIME, fold=fold)


def plain(text: str) -> Deadline:
    """A deadline that nothing shifts."""
    return Deadline(day(text), day(text), land_holiday_only=False)


def shifted(unshifted: str, to: str) -> Deadline:
    return Deadline(day(to), day(unshifted), land_holiday_only=False)


# --- Hours ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aware", "strict", "latest"),
    [
        pytest.param("2026-03-02T10:20", "2026-03-05T10:20", "2026-03-05T11:00", id="in the week"),
        pytest.param("2026-04-03T16:30", "2026-04-06T16:30", "2026-04-06T17:00", id="over Easter"),
        pytest.param("2026-03-27T14:10", "2026-03-30T15:10", "2026-03-30T16:00", id="into summer time"),
        pytest.param("2026-10-23T14:10", "2026-10-26T13:10", "2026-10-26T14:00", id="into winter time"),
        pytest.param("2020-12-22T12:17", "2020-12-25T12:17", "2020-12-25T13:00", id="to Christmas Day"),
        pytest.param("2026-03-02T10:00", "2026-03-05T10:00", "2026-03-05T11:00", id="on the full hour"),
        pytest.param("2026-03-02T10:59:59", "2026-03-05T10:59:59", "2026-03-05T11:00", id="just before it"),
        pytest.param("2026-12-30T23:30", "2027-01-02T23:30", "2027-01-03T00:00", id="over the year"),
    ],
)
def test_a_breach_is_notified_within_hours_that_run_on_every_day(
    aware: str, strict: str, latest: str
) -> None:
    assert breach_deadline(at(aware)) == BreachDeadline(
        at(strict).astimezone(UTC), at(latest).astimezone(UTC)
    )


def test_the_hour_that_comes_twice_in_october_is_two_hours() -> None:
    first, second = (breach_deadline(at("2026-10-25T02:30", fold=fold)) for fold in (0, 1))

    assert first == BreachDeadline(
        datetime(2026, 10, 28, 0, 30, tzinfo=UTC), datetime(2026, 10, 28, 1, 0, tzinfo=UTC)
    )
    assert second == BreachDeadline(
        datetime(2026, 10, 28, 1, 30, tzinfo=UTC), datetime(2026, 10, 28, 2, 0, tzinfo=UTC)
    )


def test_a_deadline_is_in_utc_whatever_zone_it_began_in() -> None:
    moment = at("2026-03-02T10:20")

    assert breach_deadline(moment.astimezone(UTC)) == breach_deadline(moment)
    assert breach_deadline(moment).strict.tzinfo is UTC


def test_a_moment_without_a_zone_is_not_guessed() -> None:
    with pytest.raises(ValueError, match="zone"):
        breach_deadline(datetime(2026, 3, 2, 10, 20))  # noqa: DTZ001


def test_another_length_can_be_asked_for() -> None:
    assert breach_deadline(at("2026-03-02T10:20"), hours=24).latest == at("2026-03-03T11:00")


def test_the_terms_are_those_of_the_day_of_awareness() -> None:
    omnibus = BreachTerms(day("2028-01-01"), 96, NotifiableRisk.HIGH, "Art. 33 DSGVO")
    terms = (*BREACH_TERMS, omnibus)

    found = [breach_terms(day(text), terms) for text in ("2017-01-01", "2027-12-31", "2028-01-01")]

    assert found == [BREACH_TERMS[0], BREACH_TERMS[0], omnibus]
    assert [row.since for row in BREACH_TERMS] == sorted(row.since for row in BREACH_TERMS)


def test_a_time_left_out_in_march_is_refused_and_one_that_comes_twice_is_the_first() -> None:
    with pytest.raises(Refused) as refused:
        on_german_clocks(datetime(2026, 3, 29, 2, 30))  # noqa: DTZ001

    assert refused.value.text == Text(
        "02:30 Uhr gab es am 29.03.2026 nicht: In dieser Nacht wurden die Uhren eine Stunde vorgestellt.",
        "There was no 02:30 on 2026-03-29: the clocks went forward one hour that night.",
    )
    twice = on_german_clocks(datetime(2026, 10, 25, 2, 30))  # noqa: DTZ001
    assert twice.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


moments = st.datetimes(
    min_value=datetime(1991, 1, 1),  # noqa: DTZ001
    max_value=datetime(2100, 12, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(moments, st.integers(1, 200))
def test_the_strict_end_is_never_after_the_legal_one_and_less_than_an_hour_before_the_next(
    aware: datetime, hours: int
) -> None:
    found = breach_deadline(aware, hours=hours)

    assert timedelta(0) < found.latest - found.strict <= timedelta(hours=1)
    assert found.strict - aware == timedelta(hours=hours)
    assert (found.latest.minute, found.latest.second, found.latest.microsecond) == (0, 0, 0)


@given(moments, moments)
def test_whoever_knows_later_has_no_less_time(one: datetime, other: datetime) -> None:
    first, second = (breach_deadline(moment) for moment in sorted((one, other)))

    assert first.strict <= second.strict
    assert first.latest <= second.latest


# --- Working days --------------------------------------------------------------------------------


def test_the_holidays_of_schleswig_holstein_are_known_by_name() -> None:
    assert {day.isoformat(): name.de for day, name in holidays_of(2026, "SH").items()} == {
        "2026-01-01": "Neujahr",
        "2026-04-03": "Karfreitag",
        "2026-04-06": "Ostermontag",
        "2026-05-01": "Erster Mai",
        "2026-05-14": "Christi Himmelfahrt",
        "2026-05-25": "Pfingstmontag",
        "2026-10-03": "Tag der Deutschen Einheit",
        "2026-10-31": "Reformationstag",
        "2026-12-25": "Erster Weihnachtstag",
        "2026-12-26": "Zweiter Weihnachtstag",
    }


@pytest.mark.parametrize(
    ("text", "land", "works"),
    [
        ("2025-10-31", "SH", False),
        ("2025-10-31", "BY", True),
        ("2016-10-31", "SH", True),
        ("2017-10-31", "BY", False),
        ("2026-06-04", "BY", False),
        ("2026-06-04", "SH", True),
        ("2026-02-28", "SH", False),
        ("2026-03-01", "SH", False),
        ("2026-12-24", "SH", True),
        ("2026-12-31", "SH", True),
        ("2026-05-14", "", False),
        ("2025-10-31", "Schleswig-Holstein", True),
        ("1800-12-25", "SH", True),
        ("1800-12-27", "SH", False),
    ],
)
def test_a_working_day_is_neither_weekend_nor_holiday_of_the_land(text: str, land: str, works: bool) -> None:
    assert is_working_day(day(text), land) is works


def test_every_land_has_holidays_of_its_own_or_only_those_of_all() -> None:
    common = set(holidays_of(2025))

    assert len(common) == 9
    assert all(common <= set(holidays_of(2025, land)) for land in LANDS)
    assert len(LANDS) == 16


# --- Requests and consultations ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("received", "due", "extended"),
    [
        ("2026-01-15", shifted("2026-02-15", "2026-02-16"), plain("2026-04-15")),
        ("2026-01-31", shifted("2026-02-28", "2026-03-02"), plain("2026-04-30")),
        ("2026-03-03", shifted("2026-04-03", "2026-04-07"), plain("2026-06-03")),
        ("2026-11-30", plain("2026-12-30"), shifted("2027-02-28", "2027-03-01")),
        pytest.param("2028-01-31", plain("2028-02-29"), shifted("2028-04-30", "2028-05-02"), id="leap year"),
        pytest.param("2026-11-24", plain("2026-12-24"), plain("2027-02-24"), id="24 December"),
        pytest.param("2026-09-30", plain("2026-10-30"), plain("2026-12-30"), id="from the end of a month"),
    ],
)
def test_a_request_is_answered_within_a_month_or_three_from_receipt(
    received: str, due: Deadline, extended: Deadline
) -> None:
    assert request_deadline(day(received)) == Extendable(due, extended)


def test_a_consultation_is_answered_within_eight_weeks_or_fourteen() -> None:
    assert consultation_deadline(day("2026-02-14")) == Extendable(
        shifted("2026-04-11", "2026-04-13"), shifted("2026-05-23", "2026-05-26")
    )


def test_an_extension_counts_from_receipt_and_not_from_the_end_of_the_first_month() -> None:
    """Chained to 28 February, it would end on 28 April."""
    found = request_deadline(day("2026-01-31"))

    assert (found.due.day, found.extended.day) == (day("2026-03-02"), day("2026-04-30"))


def test_an_extension_is_told_within_a_month() -> None:
    assert extension_notice(day("2026-02-14")) == shifted("2026-03-14", "2026-03-16")


# --- Holidays of the Land ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("land", "regime", "expected"),
    [
        ("SH", Regime.UNION, Deadline(day("2025-10-31"), day("2025-10-31"), True, day("2025-11-03"))),
        ("SH", Regime.NATIONAL, shifted("2025-10-31", "2025-11-03")),
        ("BY", Regime.UNION, plain("2025-10-31")),
        ("BY", Regime.NATIONAL, plain("2025-10-31")),
    ],
)
def test_a_holiday_of_the_land_shifts_a_period_of_german_law_alone(
    land: str, regime: Regime, expected: Deadline
) -> None:
    assert period_end(day("2025-07-31"), months=3, regime=regime, land=land) == expected


def test_a_shift_goes_as_far_as_the_holidays_of_all_carry_it() -> None:
    """Sunday, 30 October 2022, moves to Monday; that Monday is a holiday of the Land only."""
    found = period_end(day("2022-09-30"), months=1, regime=Regime.UNION, land="SH")

    assert found == Deadline(day("2022-10-31"), day("2022-10-30"), True, day("2022-11-01"))


def test_a_holiday_of_all_shifts_a_period_of_union_law() -> None:
    assert request_deadline(day("2017-07-31")).extended == shifted("2017-10-31", "2017-11-01")


# --- Periods of any length -----------------------------------------------------------------------


@pytest.mark.parametrize("regime", Regime)
@pytest.mark.parametrize(
    ("begins", "length", "end"),
    [
        ("2026-03-02", {"days": 10}, plain("2026-03-12")),
        ("2026-03-05", {"days": 2}, shifted("2026-03-07", "2026-03-09")),
        ("2026-03-02", {"weeks": 2}, plain("2026-03-16")),
        ("2026-12-18", {"weeks": 1}, shifted("2026-12-25", "2026-12-28")),
        ("2024-02-29", {"months": 12}, plain("2025-02-28")),
        ("2026-08-31", {"months": 1}, plain("2026-09-30")),
        ("9999-12-01", {"months": 2}, plain("9999-12-31")),
        ("9999-12-01", {"days": 99_999}, plain("9999-12-31")),
    ],
)
def test_a_period_ends_on_the_same_day_of_week_or_month(
    regime: Regime, begins: str, length: dict[str, int], end: Deadline
) -> None:
    assert period_end(day(begins), **length, regime=regime, land="SH") == end


@pytest.mark.parametrize("length", [{}, {"days": 1, "weeks": 1}, {"days": 0}, {"months": -1}])
def test_a_period_has_exactly_one_length(length: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="one length"):
        period_end(day("2026-03-02"), **length, regime=Regime.UNION, land="SH")


@pytest.mark.parametrize(
    ("begins", "days", "later"),
    [
        pytest.param("2026-03-06", 2, day("2026-03-10"), id="over a weekend"),
        pytest.param("2026-12-24", 3, day("2026-12-29"), id="over Christmas"),
        pytest.param("2026-03-06", 1, None, id="one day asks for no two"),
        pytest.param("2026-03-02", 2, None, id="two in the week"),
        pytest.param("2026-03-06", 4, None, id="long enough"),
    ],
)
def test_a_later_end_by_two_working_days_is_named_but_never_used(
    begins: str, days: int, later: date | None
) -> None:
    assert two_working_days(day(begins), days) == later


# --- Pauses --------------------------------------------------------------------------------------


def pause(begins: str, ends: str | None = None) -> Pause:
    return Pause(day(begins), day(ends) if ends else None)


WITHOUT = Extendable(shifted("2026-02-15", "2026-02-16"), plain("2026-04-15"))


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        pytest.param(
            [pause("2026-01-20", "2026-01-27")],
            Extendable(shifted("2026-02-22", "2026-02-23"), plain("2026-04-22"), WITHOUT),
            id="seven days",
        ),
        pytest.param(
            [pause("2026-01-20", "2026-01-24"), pause("2026-01-22", "2026-01-27")],
            Extendable(shifted("2026-02-22", "2026-02-23"), plain("2026-04-22"), WITHOUT),
            id="two that overlap",
        ),
        pytest.param(
            [pause("2026-01-26", "2026-01-29"), pause("2026-01-20", "2026-01-24")],
            Extendable(shifted("2026-02-22", "2026-02-23"), plain("2026-04-22"), WITHOUT),
            id="two in any order",
        ),
        pytest.param(
            [pause("2026-01-01", "2026-01-22")],
            Extendable(shifted("2026-02-22", "2026-02-23"), plain("2026-04-22"), WITHOUT),
            id="begun before receipt",
        ),
        pytest.param([pause("2026-01-20", "2026-01-20")], WITHOUT, id="answered at once"),
        pytest.param(
            [pause("2026-03-02", "2026-03-09")],
            Extendable(WITHOUT.due, plain("2026-04-22"), WITHOUT),
            id="only within the extension",
        ),
        pytest.param([pause("2026-05-04", "2026-05-11")], WITHOUT, id="after everything"),
        pytest.param(
            [pause("2026-01-20")],
            Extendable(WITHOUT.due, WITHOUT.extended, suspended=True),
            id="still open",
        ),
        pytest.param(
            [pause("2026-02-16", "2026-02-19")],
            Extendable(plain("2026-02-19"), shifted("2026-04-18", "2026-04-20"), WITHOUT),
            id="on the last, shifted day",
        ),
    ],
)
def test_a_pause_moves_both_ends_and_the_dates_without_it_stay_known(
    pauses: list[Pause], expected: Extendable
) -> None:
    assert request_deadline(day("2026-01-15"), pauses=pauses) == expected


def test_the_clock_of_a_consultation_stands_still_until_the_information_is_there() -> None:
    found = consultation_deadline(day("2026-02-14"), pauses=[pause("2026-03-02", "2026-03-12")])

    assert found == Extendable(
        plain("2026-04-21"), plain("2026-06-02"), consultation_deadline(day("2026-02-14"))
    )


# --- What always holds ---------------------------------------------------------------------------

days = st.dates(date(KNOWN_YEARS[0], 1, 1), date(2099, 12, 31))
anytime = st.dates()
lands = st.sampled_from(list(LANDS))
regimes = st.sampled_from(Regime)
lengths = st.one_of(
    st.fixed_dictionaries({"days": st.integers(1, 400)}),
    st.fixed_dictionaries({"weeks": st.integers(1, 60)}),
    st.fixed_dictionaries({"months": st.integers(1, 12)}),
)
pauses = st.lists(
    st.builds(
        lambda begins, length: Pause(begins, None if length is None else begins + timedelta(days=length)),
        st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        st.none() | st.integers(0, 60),
    ),
    max_size=4,
)
in_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@given(anytime, lengths, regimes, lands)
def test_a_period_ends_on_a_working_day_or_says_why_not(
    begins: date, length: dict[str, int], regime: Regime, land: str
) -> None:
    found = period_end(begins, **length, regime=regime, land=land)

    assert begins <= found.unshifted <= found.day
    assert is_working_day(found.day, land) is not found.land_holiday_only
    assert is_working_day(found.day, "")
    assert (found.land_day is not None) is found.land_holiday_only
    if found.land_day:
        assert regime is Regime.UNION
        assert found.land_day > found.day
        assert is_working_day(found.land_day, land)


@given(anytime, lengths, lands)
def test_no_working_day_is_skipped(begins: date, length: dict[str, int], land: str) -> None:
    found = period_end(begins, **length, regime=Regime.NATIONAL, land=land)

    skipped = [found.unshifted + timedelta(days=n) for n in range((found.day - found.unshifted).days)]
    assert [each for each in skipped if is_working_day(each, land)] == []


@given(days, days, lengths, regimes, lands)
def test_what_begins_later_ends_no_earlier(
    one: date, other: date, length: dict[str, int], regime: Regime, land: str
) -> None:
    first, second = (
        period_end(begins, **length, regime=regime, land=land) for begins in sorted((one, other))
    )

    assert first.day <= second.day
    assert first.unshifted <= second.unshifted


@given(days, lengths, lands)
def test_german_law_never_ends_a_period_before_union_law(
    begins: date, length: dict[str, int], land: str
) -> None:
    union, national = (period_end(begins, **length, regime=regime, land=land) for regime in Regime)

    assert national.day == (union.land_day or union.day)


@pytest.mark.parametrize("reckon", [request_deadline, consultation_deadline])
@given(received=in_2026, land=lands, pauses=pauses)
def test_an_extension_is_never_earlier_and_no_pause_shortens(
    reckon: Any, received: date, land: str, pauses: list[Pause]
) -> None:
    without = reckon(received, land=land)
    found = reckon(received, land=land, pauses=pauses)

    assert found.due.day <= found.extended.day
    assert found.due.day >= without.due.day
    assert found.extended.day >= without.extended.day
    assert found.unpaused in (None, without)
    assert (found.unpaused is None) is ((found.due, found.extended) == (without.due, without.extended))


@given(in_2026, lands, pauses, in_2026, st.integers(0, 60))
def test_one_more_pause_never_shortens(
    received: date, land: str, pauses: list[Pause], begins: date, length: int
) -> None:
    assume(begins >= received)
    more = [*pauses, Pause(begins, begins + timedelta(days=length))]

    fewer = request_deadline(received, land=land, pauses=pauses)
    found = request_deadline(received, land=land, pauses=more)

    assert found.due.day >= fewer.due.day
    assert found.extended.day >= fewer.extended.day


@given(anytime, st.lists(st.builds(Pause, anytime, st.none() | anytime), max_size=3))
def test_no_day_is_too_odd_to_be_reckoned_with(received: date, pauses: list[Pause]) -> None:
    assert request_deadline(received, pauses=pauses).due.day >= received
    assert consultation_deadline(received, pauses=pauses).due.day >= received
