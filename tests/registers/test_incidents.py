"""The clocks of NIS-2 follow dated terms, and an incident and a breach are made from each other once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from compliance.agenda import AgendaItem, Matter
from compliance.deadlines import hours_later
from compliance.entry import everything
from compliance.errors import Forbidden, NotFound
from compliance.findings import Finding
from compliance.people import Role
from registers.authority import Authority
from registers.breaches import Breach, Cause, Intent, Nature
from registers.handing_over import breach_of, incident_of
from registers.incidents import (
    REPORTS,
    Progress,
    SecurityIncident,
    Severity,
    next_step_of,
    set_clocks,
)
from registers.nis2 import Period, Stage, Terms, ends, known_terms, terms_on
from registers.objects import TargetObject
from registers.processing import ProcessingActivity
from tests.city import City

on_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
NOTICED = datetime(2026, 3, 27, 14, 10, tzinfo=UTC)
NOTHING_SENT: dict[Stage, datetime | None] = {}


def incident(**values: Any) -> SecurityIncident:
    return SecurityIncident(**({"name": "Verschlüsselte Dateiablage", "detected": NOTICED} | values))


# --- The terms -----------------------------------------------------------------------------------


def test_the_three_periods_run_from_the_first_notice() -> None:
    assert ends(NOTICED, NOTHING_SENT, land="SH") == {
        Stage.EARLY: datetime(2026, 3, 28, 14, 10, tzinfo=UTC),
        Stage.NOTIFICATION: datetime(2026, 3, 30, 14, 10, tzinfo=UTC),
        Stage.FINAL: date(2026, 4, 30),
    }


def test_the_month_runs_from_the_notification_that_was_sent_and_skips_the_weekend() -> None:
    sent = {Stage.NOTIFICATION: datetime(2026, 3, 28, 9, tzinfo=UTC)}

    # 28 April is a Tuesday, 2 May 2026 a Saturday.
    assert ends(NOTICED, sent, land="SH")[Stage.FINAL] == date(2026, 4, 28)
    later = {Stage.NOTIFICATION: datetime(2026, 4, 2, 9, tzinfo=UTC)}
    assert ends(NOTICED, later, land="SH")[Stage.FINAL] == date(2026, 5, 4)


def test_a_change_of_the_law_is_one_more_row_and_old_incidents_keep_their_periods() -> None:
    later = Terms(
        "§ 32 BSIG neu", date(2027, 1, 5), date(2027, 1, 1), "", (Period(Stage.EARLY, "DETECTED", 48),)
    )
    terms = (*known_terms(), later)

    assert terms_on(date(2026, 12, 31), terms) is known_terms()[-1]
    assert terms_on(date(2027, 1, 1), terms) is later
    assert terms_on(date(1990, 1, 1), terms) is known_terms()[0]
    assert ends(NOTICED, NOTHING_SENT, land="SH", terms=later) == {Stage.EARLY: NOTICED + timedelta(hours=48)}


def test_every_term_names_its_source_and_when_it_was_recorded() -> None:
    assert all(row.source and row.periods for row in known_terms())
    assert sorted(row.recorded for row in known_terms()) == [row.recorded for row in known_terms()]


YEARS = timedelta(days=365 * 60)
moments = st.timedeltas(-YEARS / 3, YEARS).map(lambda away: NOTICED + away)


@given(moments, st.none() | moments, st.sampled_from(["SH", "BY", ""]))
def test_no_report_is_due_before_what_sets_it_off(
    detected: datetime, sent: datetime | None, land: str
) -> None:
    found = ends(detected, {Stage.NOTIFICATION: sent}, land=land)
    begins = sent or found[Stage.NOTIFICATION]
    final = found[Stage.FINAL]

    assert found[Stage.EARLY] == detected + timedelta(hours=24)
    assert found[Stage.NOTIFICATION] == detected + timedelta(hours=72)
    assert isinstance(begins, datetime)
    assert begins.date() + timedelta(days=27) <= final <= begins.date() + timedelta(days=40)


@given(st.datetimes(), st.integers(1, 1000))
def test_a_moment_without_a_zone_sets_nothing_off(wall: datetime, hours: int) -> None:
    with pytest.raises(ValueError, match="zone"):
        hours_later(wall, hours)


# --- Where they run ------------------------------------------------------------------------------


def _due(one: SecurityIncident) -> dict[str, Any]:
    return {name: getattr(one, name) for name, _ in REPORTS.values()}


@pytest.mark.parametrize(
    ("nis2", "significant", "run"),
    [
        (True, None, True),
        (True, True, True),
        (True, False, False),
        (False, None, False),
        (False, True, False),
    ],
)
def test_the_periods_run_until_somebody_decides_that_nothing_is_owed(
    nis2: bool, significant: bool | None, run: bool
) -> None:
    one = incident(significant=significant)
    set_clocks(one, nis2=nis2, land="SH")

    assert any(_due(one).values()) is run


def test_the_periods_count_from_whoever_noticed_first() -> None:
    one = incident(reported=NOTICED - timedelta(hours=2))
    set_clocks(one, nis2=True, land="SH")
    assert one.early_by == NOTICED + timedelta(hours=22)


def test_the_flag_of_the_front_sheet_starts_and_ends_the_clocks_of_open_incidents(city: City) -> None:
    sheet = Authority(name="Stadt Musterförde")
    city.save(sheet)
    running, over = incident(), incident(name="Alter Vorfall", closed=NOTICED + timedelta(days=1))
    city.save(running, over)
    assert _due(city.stored(running)) == dict.fromkeys(_due(running))

    city.change(sheet, nis2=True)
    assert city.stored(running).early_by == NOTICED + timedelta(hours=24)
    assert city.stored(over).early_by is None
    assert _clocks(city) == {
        ("early_by", NOTICED + timedelta(hours=24)),
        ("notification_by", NOTICED + timedelta(hours=72)),
    }

    city.change(running, early_sent=NOTICED + timedelta(hours=3))
    assert {what for what, _ in _clocks(city)} == {"notification_by"}
    city.change(running, significant=False)
    assert _clocks(city) == set()
    city.change(running, significant=None)
    city.change(sheet, nis2=False)
    assert (_clocks(city), city.stored(running).nis2) == (set(), False)


def _clocks(city: City) -> set[tuple[str, datetime | None]]:
    with city.site.database.reading(city.id) as session:
        rows = session.scalars(select(AgendaItem).where(AgendaItem.matter == Matter.CLOCK.value))
        return {(row.what, row.moment) for row in rows}


@on_sqlite
def test_a_missed_report_is_an_error_and_the_duties_of_the_authority_are_warnings(city: City) -> None:
    city.save(Authority(name="Stadt Musterförde", nis2=True))
    city.save(incident())
    with city.site.database.reading(city.id) as session:
        rules = set(session.scalars(select(Finding.rule)))
    assert {"SVF-001", "NIS-001"} <= rules


# --- Handing over --------------------------------------------------------------------------------


def _full(city: City) -> SecurityIncident:
    server = TargetObject(name="Dateiablage")
    activity = ProcessingActivity(name="Wohngeld")
    city.save(server, activity)
    one = incident(
        description="Alle Dateien sind verschlüsselt.",
        unit=city.units["office"],
        natures=(Nature.AVAILABILITY,),
        causes=(Cause.MALWARE,),
        intent=Intent.OUTSIDE,
        reporter="Ida Lund",
        objects=[server],
        activities=[activity],
        containment="Vom Netz getrennt.",
        remedy="Aus der Sicherung hergestellt.",
        effects="Keine Auskunft seit Montag.",
    )
    city.save(one)
    return one


def _hand_over(city: City, one: SecurityIncident, role: Role = Role.ISB) -> Breach:
    with city.site.database.writing(city.id, actor=city.actor(role)) as session:
        stored = session.get_one(SecurityIncident, (city.id, one.id), options=everything(SecurityIncident))
        made = breach_of(session, stored, by=city.identity(role))
        session.flush()
    found: Breach = city.stored(made)
    return found


def test_an_incident_becomes_a_breach_with_all_that_both_ask_for(city: City) -> None:
    one = _full(city)
    made = _hand_over(city, one)

    assert (made.name, made.description, made.reporter) == (one.name, one.description, "Ida Lund")
    assert (made.natures, made.causes, made.intent) == (
        (Nature.AVAILABILITY,),
        (Cause.MALWARE,),
        Intent.OUTSIDE,
    )
    assert (made.detected, made.aware, made.notify_by) == (NOTICED, NOTICED, NOTICED + timedelta(hours=72))
    assert ([x.name for x in made.objects], [x.name for x in made.activities]) == (
        ["Dateiablage"],
        ["Wohngeld"],
    )
    assert made.measures_taken == "Vom Netz getrennt.\n\nAus der Sicherung hergestellt."
    assert made.unit_id == one.unit_id
    stored = city.stored(one)
    assert (stored.breach.id, stored.personal_data) == (made.id, True)


def test_handing_over_again_makes_no_second_case(city: City) -> None:
    one = _full(city)
    first = _hand_over(city, one)
    city.change(first, description="Im Verzeichnis der Verletzungen weitergeschrieben.")
    again = _hand_over(city, one)

    assert (again.id, again.description) == (first.id, "Im Verzeichnis der Verletzungen weitergeschrieben.")
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        breach = session.get_one(Breach, (city.id, first.id), options=everything(Breach))
        back = incident_of(session, breach, by=city.identity(Role.DSB))
        assert back.id == one.id


@on_sqlite
def test_a_breach_becomes_an_incident_and_stays_tied_to_it(city: City) -> None:
    breach = Breach(
        name="Notebook gestohlen", detected=NOTICED, causes=(Cause.STOLEN,), measures_taken="Gesperrt."
    )
    city.save(breach)
    with city.site.database.writing(city.id, actor=city.actor(Role.DSB)) as session:
        stored = session.get_one(Breach, (city.id, breach.id), options=everything(Breach))
        made = incident_of(session, stored, by=city.identity(Role.DSB))
    found = city.stored(made)

    assert (found.name, found.causes, found.containment) == (
        "Notebook gestohlen",
        (Cause.STOLEN,),
        "Gesperrt.",
    )
    assert (found.breach.id, found.personal_data, found.detected) == (breach.id, True, NOTICED)
    assert found.progress is Progress.REPORTED


@on_sqlite
@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MANAGEMENT, Role.READER, Role.PROJECT_LEAD])
def test_whoever_only_reads_hands_nothing_over(city: City, role: Role) -> None:
    one = _full(city)
    with pytest.raises((Forbidden, NotFound)):
        _hand_over(city, one, role)


# --- What comes next -----------------------------------------------------------------------------


def test_steps_lead_from_the_first_notice_to_the_lessons() -> None:
    one = SecurityIncident(name="Vorfall")
    told = [next_step_of(one).de]
    facts: list[dict[str, Any]] = [
        {"detected": NOTICED},
        {"severity": Severity.HIGH},
        {"management_informed": NOTICED},
        {"personal_data": False, "nis2": True},
        {"significant": True},
        {"early_sent": NOTICED},
        {"notification_sent": NOTICED},
        {"contained": NOTICED},
        {"recovered": NOTICED},
        {"final_sent": NOTICED},
        {"lessons": "Rufnummern auf Papier."},
        {"closed": NOTICED},
    ]
    for step in facts:
        for name, value in step.items():
            setattr(one, name, value)
        told.append(next_step_of(one).de)

    assert len(set(told)) == len(told)
    assert told[-1] == "Der Vorfall ist abgeschlossen."
