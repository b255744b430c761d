"""The way to a deadline is told in sentences that can be checked by hand."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compliance.deadlines import (
    LANDS,
    Pause,
    Regime,
    breach_deadline,
    breach_terms,
    period_end,
    request_deadline,
)
from compliance.language import LOCAL_TIME
from compliance.reckoning import Length, Step, steps_of_breach, steps_to

REGULATION = "Art. 3 VO (EWG, Euratom) Nr. 1182/71"


def of_breach(text: str, *, fold: int = 0) -> tuple[Step, ...]:
    aware = datetime.fromisoformat(text).replace(tzinfo=LOCAL_TIME, fold=fold)
    return steps_of_breach(aware, breach_deadline(aware), breach_terms(aware.date()), land="SH")


def of_period(begins: str, length: Length, regime: Regime = Regime.UNION) -> tuple[Step, ...]:
    first = date.fromisoformat(begins)
    end = period_end(
        first, days=length.days, weeks=length.weeks, months=length.months, regime=regime, land="SH"
    )
    return steps_to(first, end, length, regime=regime, land="SH")


def german(steps: tuple[Step, ...]) -> list[str]:
    return [step.says.de for step in steps]


def test_the_way_to_the_end_of_a_breach_names_the_hour_the_holidays_and_the_law() -> None:
    steps = of_breach("2026-04-03T16:30")

    assert [(step.says.de, step.source) for step in steps] == [
        (
            (
                "Bekannt geworden: Freitag, 03.04.2026, 16:30 Uhr MESZ. Maßgeblich ist, wann die erste "
                "beschäftigte Person des Verantwortlichen davon wusste, nicht wann ein Formular "
                "abgesandt wurde."
            ),
            "Art. 33 Abs. 1 DSGVO",
        ),
        (
            (
                "Auf die Minute gerechnet sind 72 Stunden um: Montag, 06.04.2026, 16:30 Uhr MESZ. "
                "Richten Sie sich auf diesen Zeitpunkt ein."
            ),
            "Art. 33 Abs. 1 DSGVO",
        ),
        (
            (
                "Die angebrochene Stunde zählt nicht mit; rechtlich beginnt die Frist mit der nächsten "
                "vollen Stunde: Freitag, 03.04.2026, 17:00 Uhr MESZ."
            ),
            REGULATION,
        ),
        ("72 Stunden danach endet die Frist: Montag, 06.04.2026, 17:00 Uhr MESZ.", REGULATION),
        (
            (
                "Freitag, 03.04.2026 (Karfreitag); Samstag, 04.04.2026; Sonntag, 05.04.2026 und "
                "Montag, 06.04.2026 (Ostermontag) zählen mit und verschieben das Ende nicht, denn eine "
                "Stundenfrist läuft auch an Wochenenden und Feiertagen."
            ),
            "Art. 3 Abs. 3 und 4 VO (EWG, Euratom) Nr. 1182/71",
        ),
    ]


@pytest.mark.parametrize(
    ("aware", "sentence"),
    [
        (
            "2026-03-27T14:10",
            (
                "Am Sonntag, 29.03.2026, werden die Uhren auf Sommerzeit vorgestellt. Gezählt werden "
                "wirkliche Stunden; deshalb zeigt die Uhr am Ende eine Stunde mehr als am Anfang."
            ),
        ),
        (
            "2026-10-23T14:10",
            (
                "Am Sonntag, 25.10.2026, werden die Uhren auf Winterzeit zurückgestellt. Gezählt werden "
                "wirkliche Stunden; deshalb zeigt die Uhr am Ende eine Stunde weniger als am Anfang."
            ),
        ),
    ],
)
def test_a_night_in_which_the_clocks_change_is_named(aware: str, sentence: str) -> None:
    assert german(of_breach(aware))[-1] == sentence


@pytest.mark.parametrize(("fold", "word"), [(0, "ersten"), (1, "zweiten")])
def test_a_time_that_comes_twice_is_named(fold: int, word: str) -> None:
    assert german(of_breach("2026-10-25T02:30", fold=fold))[1] == (
        f"Diese Uhrzeit gab es in der Nacht der Zeitumstellung zweimal; gerechnet wird mit dem {word} Mal."
    )


def test_weekends_and_clocks_are_not_mentioned_where_they_play_no_part() -> None:
    assert len(of_breach("2026-03-02T10:20")) == 4


def test_the_way_over_a_holiday_names_it_and_the_next_working_day() -> None:
    steps = of_period("2026-03-03", Length(months=1))

    assert [(step.says.de, step.source) for step in steps] == [
        ("Der Tag des Ereignisses, Dienstag, 03.03.2026, zählt nicht mit.", REGULATION),
        ("1 Monat danach ist Freitag, 03.04.2026.", REGULATION),
        (
            (
                "Freitag, 03.04.2026 (Karfreitag); Samstag, 04.04.2026; Sonntag, 05.04.2026 und "
                "Montag, 06.04.2026 (Ostermontag) sind keine Arbeitstage; die Frist endet erst mit dem "
                "nächsten, Dienstag, 07.04.2026."
            ),
            "Art. 3 Abs. 4 VO (EWG, Euratom) Nr. 1182/71",
        ),
        ("Die Frist endet am Dienstag, 07.04.2026, um 24 Uhr.", REGULATION),
    ]


def test_german_law_is_cited_for_its_own_periods() -> None:
    steps = of_period("2026-01-15", Length(months=1), Regime.NATIONAL)

    assert [step.source for step in steps] == [
        "§§ 187, 188 BGB",
        "§§ 187, 188 BGB",
        "§ 193 BGB",
        "§§ 187, 188 BGB",
    ]


@pytest.mark.parametrize(
    ("begins", "length", "sentence"),
    [
        pytest.param(
            "2026-01-31",
            Length(months=1),
            "1 Monat danach gibt es keinen 31.; an seine Stelle tritt der letzte Tag des Monats, "
            "Samstag, 28.02.2026.",
            id="a day that the month lacks",
        ),
        pytest.param(
            "2025-07-31",
            Length(months=3),
            "Freitag, 31.10.2025 (Reformationstag) ist in Schleswig-Holstein Feiertag, aber nicht im ganzen "
            "Bundesgebiet. Ob das die Frist verschiebt, ist ungeklärt, weil die Verordnung von den "
            "Feiertagen des Mitgliedstaats spricht. Das Ziel bleibt Freitag, 31.10.2025; mit Verschiebung "
            "wäre es Montag, 03.11.2025.",
            id="a holiday of the Land",
        ),
        pytest.param(
            "2026-12-17",
            Length(weeks=1),
            "Donnerstag, 24.12.2026 ist kein gesetzlicher Feiertag und zählt als Arbeitstag.",
            id="24 December",
        ),
        pytest.param(
            "2026-03-06",
            Length(days=2),
            "Eine Frist von zwei oder mehr Tagen soll mindestens zwei Arbeitstage enthalten; danach endete "
            "sie erst am Dienstag, 10.03.2026. Das Ziel bleibt der frühere Tag, Montag, 09.03.2026.",
            id="two working days",
        ),
    ],
)
def test_what_is_special_about_an_end_is_said(begins: str, length: Length, sentence: str) -> None:
    assert sentence in german(of_period(begins, length))


def test_a_pause_says_how_many_days_it_adds() -> None:
    received = date(2026, 1, 15)
    found = request_deadline(received, pauses=[Pause(date(2026, 1, 20), date(2026, 1, 27))])
    before = found.unpaused.due if found.unpaused else None

    steps = steps_to(received, found.due, Length(months=1), regime=Regime.UNION, land="SH", unpaused=before)

    assert german(steps)[1:3] == [
        "1 Monat danach ist Sonntag, 15.02.2026.",
        (
            "Bis zur Antwort auf die Rückfrage stand die Frist still; das verlängert sie um 7 Tage bis zum "
            "Sonntag, 22.02.2026."
        ),
    ]


@given(
    st.dates(date(1991, 1, 1), date(2099, 1, 1)),
    st.one_of(
        st.builds(Length, days=st.integers(1, 400)),
        st.builds(Length, weeks=st.integers(1, 50)),
        st.builds(Length, months=st.integers(1, 12)),
    ),
    st.sampled_from(Regime),
    st.sampled_from(list(LANDS)),
)
def test_every_way_can_be_told_in_both_languages(
    begins: date, length: Length, regime: Regime, land: str
) -> None:
    end = period_end(
        begins, days=length.days, weeks=length.weeks, months=length.months, regime=regime, land=land
    )

    steps = steps_to(begins, end, length, regime=regime, land=land)

    assert all(step.says.de and step.says.en and "{" not in step.says.de + step.says.en for step in steps)
    assert sum(step.says.en.startswith("The period ends on") for step in steps) == 1
