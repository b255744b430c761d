"""Rules of erasure: one for each kind of data, its class, its matrix, and the archive's word."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from compliance.database import today
from compliance.entry import State, everything
from compliance.errors import Forbidden, Refused
from compliance.fields import Span, TimeUnit
from compliance.findings import Finding
from compliance.journal import history
from compliance.people import Role
from registers.processing import DataCategory, ProcessingActivity, Stage, StartType
from registers.retention import (
    Appraisal,
    DeletionRun,
    LitigationHold,
    RetentionRule,
    appraise,
    class_of,
    classes,
    length,
)
from tests.browsers import Browsers
from tests.city import City

SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
SPANS = st.builds(Span, st.integers(0, 999), st.sampled_from(TimeUnit))
TEN_YEARS = Span(10, TimeUnit.Y)


def rules_broken(city: City, entry: RetentionRule | ProcessingActivity) -> set[str]:
    with city.site.database.reading(city.id) as session:
        return set(session.scalars(select(Finding.rule).where(Finding.entry_id == entry.id)))


# --- Classes -------------------------------------------------------------------------------------


def test_start_and_period_together_are_the_class() -> None:
    assert class_of(StartType.END_OF_CASE, TEN_YEARS) == "B-10J"
    assert class_of(StartType.COLLECTION, Span(7, TimeUnit.D)) == "A-7T"
    assert class_of(None, TEN_YEARS) == class_of(StartType.COLLECTION, None) == ""


@given(first=SPANS, second=SPANS)
def test_a_class_tells_periods_apart(first: Span, second: Span) -> None:
    same = class_of(StartType.COLLECTION, first) == class_of(StartType.COLLECTION, second)
    assert same == (first == second)


@given(years=st.integers(0, 999))
def test_twelve_months_are_as_long_as_a_year(years: int) -> None:
    assert length(Span(12 * years, TimeUnit.M)) == length(Span(years, TimeUnit.Y))


@given(rules=st.lists(st.tuples(st.none() | SPANS, st.none() | st.sampled_from(StartType)), max_size=8))
def test_the_matrix_holds_every_rule_that_has_a_class_once(
    rules: list[tuple[Span | None, StartType | None]],
) -> None:
    made = [RetentionRule(name="Akten", period=period, start_type=start) for period, start in rules]
    matrix = classes(made)
    placed = [rule for row in matrix for cell in row.rules.values() for rule in cell]

    assert sorted(rule.id for rule in placed) == sorted(
        rule.id for rule in made if rule.period is not None and rule.start_type is not None
    )
    assert [length(row.period) for row in matrix] == sorted(length(row.period) for row in matrix)


# --- One rule for each kind of data --------------------------------------------------------------


@SQLITE
def test_two_rules_for_one_kind_of_data_accuse_each_other_until_one_is_renamed(city: City) -> None:
    first, second = RetentionRule(name="Wohngeldakten"), RetentionRule(name="  WOHNGELDAKTEN ")
    city.save(first)
    city.save(second)

    assert ["LOE-001" in rules_broken(city, rule) for rule in (first, second)] == [True, True]

    city.change(second, name="Wohngeldstatistik")

    assert ["LOE-001" in rules_broken(city, rule) for rule in (first, second)] == [False, False]


@SQLITE
def test_a_rule_that_ended_stands_in_nobodys_way(city: City) -> None:
    first, second = RetentionRule(name="Wohngeldakten"), RetentionRule(name="Wohngeldakten")
    city.save(first, second)
    city.change(first, state=State.ENDED)

    assert ["LOE-001" in rules_broken(city, rule) for rule in (first, second)] == [False, False]


@SQLITE
def test_rules_without_a_name_do_not_collide(city: City) -> None:
    first, second = RetentionRule(), RetentionRule()
    city.save(first, second)

    assert ["LOE-001" in rules_broken(city, rule) for rule in (first, second)] == [False, False]


# --- Evidence ------------------------------------------------------------------------------------


@SQLITE
def test_what_an_activity_does_reaches_the_rule_its_rows_refer_to(city: City) -> None:
    rule = RetentionRule(name="Parkausweise", period=Span(2, TimeUnit.Y))
    activity = ProcessingActivity(
        name="Parkausweise", data=[DataCategory(text="Antrag", retention_rule=rule)]
    )
    city.save(rule, activity)
    assert "LOE-002" not in rules_broken(city, rule)

    city.change(activity, stage=Stage.RETIRED)
    assert "LOE-002" in rules_broken(city, rule)

    city.change(rule, runs=[DeletionRun(what="Alles", on=today())])
    assert "LOE-002" not in rules_broken(city, rule)


@SQLITE
def test_a_row_that_is_removed_takes_its_claim_with_it(city: City) -> None:
    rule = RetentionRule(name="Parkausweise")
    activity = ProcessingActivity(
        name="Parkausweise", stage=Stage.RETIRED, data=[DataCategory(text="Antrag", retention_rule=rule)]
    )
    city.save(rule, activity)
    assert "LOE-002" in rules_broken(city, rule)

    city.change(activity, data=[])
    assert "LOE-002" not in rules_broken(city, rule)


@SQLITE
def test_a_rule_chosen_for_a_row_stands_in_for_its_period(city: City) -> None:
    rule = RetentionRule(name="Hundesteuerakten", period=TEN_YEARS, start_type=StartType.END_OF_CASE)
    with_rule = ProcessingActivity(name="Hundesteuer", data=[DataCategory(text="Name", retention_rule=rule)])
    without = ProcessingActivity(name="Bäder", data=[DataCategory(text="Name")])
    city.save(rule, with_rule, without)

    erasure = {"VVT-006", "VVT-007", "VVT-008"}
    assert (rules_broken(city, with_rule) & erasure, rules_broken(city, without) & erasure) == (
        set(),
        {"VVT-006"},
    )


def test_a_hold_suspends_the_demand_for_a_run() -> None:
    rule = RetentionRule(
        name="Ausbau Hafenstraße",
        state=State.ENDED,
        holds=[LitigationHold(what="Akte 12", until=today() + timedelta(days=90))],
    )
    rule.derive()

    assert rule.hold_until == today() + timedelta(days=90)


# --- Archive -------------------------------------------------------------------------------------


@SQLITE
def test_the_appraisal_of_the_archive_is_a_step_of_its_own_in_the_journal(city: City) -> None:
    rule = RetentionRule(name="Ratsprotokolle", offered=True)
    city.save(rule)
    with city.site.database.writing(city.id, actor=city.actor(Role.ARCHIVE)) as session:
        stored = session.get_one(RetentionRule, (city.id, rule.id), options=everything(RetentionRule))
        appraise(session, stored, "WORTHY", "Zeigt die Willensbildung.", by=city.identity(Role.ARCHIVE))

    found = city.stored(rule)
    assert (found.appraisal, found.appraised_on) == (Appraisal.WORTHY, today())
    assert found.appraised_by == city.people[Role.ARCHIVE].name
    with city.site.database.reading(city.id) as session:
        assert [change.action for change in history(session, rule)] == ["appraise", "create"]
    assert "LOE-004" not in rules_broken(city, rule)


@SQLITE
def test_what_is_offered_waits_for_the_archive_until_it_is_appraised(browsers: Browsers, city: City) -> None:
    city.save(
        RetentionRule(name="Ratsprotokolle", offered=True),
        RetentionRule(name="WLAN-Protokolle", offered=False),
    )

    def waiting(role: Role) -> list[str]:
        page = browsers.of(role).page("/")
        return [name for name in ("Ratsprotokolle", "WLAN-Protokolle") if f"Bewerten: {name}" in page.main]

    assert {role: waiting(role) for role in (Role.ARCHIVE, Role.DSB)} == {
        Role.ARCHIVE: ["Ratsprotokolle"],
        Role.DSB: [],
    }
    browsers.of(Role.ARCHIVE).post(
        "/registers/retention-rules/1/appraisal",
        {"appraisal": "WORTHY", "reason": "Zeigt die Willensbildung."},
    )
    assert waiting(Role.ARCHIVE) == []


@SQLITE
@pytest.mark.parametrize(
    ("role", "appraisal", "reason", "error"),
    [
        (Role.COORDINATOR, "WORTHY", "Grund", Forbidden),
        (Role.DSB, "WORTHY", "Grund", Forbidden),
        (Role.ARCHIVE, "", "Grund", Refused),
        (Role.ARCHIVE, "NOT_WORTHY", " ", Refused),
    ],
)
def test_only_the_archive_appraises_and_says_why(
    city: City, role: Role, appraisal: str, reason: str, error: type[Exception]
) -> None:
    rule = RetentionRule(name="Ratsprotokolle")
    city.save(rule)
    with city.site.database.writing(city.id, actor=city.actor(role)) as session:
        stored = session.get_one(RetentionRule, (city.id, rule.id), options=everything(RetentionRule))
        with pytest.raises(error):
            appraise(session, stored, appraisal, reason, by=city.identity(role))


@SQLITE
def test_the_archive_works_on_the_page_of_the_rule_and_sees_nothing_else(
    browsers: Browsers, city: City
) -> None:
    city.save(RetentionRule(name="Ratsprotokolle", offered=True), ProcessingActivity(name="Rat"))
    archive = browsers.of(Role.ARCHIVE)

    assert "Bewertung speichern" in archive.page("/registers/retention-rules/1").main
    assert "Bewertung speichern" not in browsers.of(Role.DSB).page("/registers/retention-rules/1").main
    archive.post("/registers/retention-rules/1/appraisal", {"appraisal": "WORTHY", "reason": "Ratsarbeit"})
    page = archive.page("/registers/retention-rules/1").main
    assert "Archivwürdig, wird übernommen" in page
    assert "vom Archiv bewertet" in page
    assert archive.status("GET", "/registers/processing-activities/1") == 404
    assert (
        browsers.of(Role.READER).status(
            "POST", "/registers/retention-rules/1/appraisal", {"appraisal": "OPEN"}
        )
        == 403
    )


# --- Pages and reports ---------------------------------------------------------------------------


@SQLITE
def test_the_matrix_and_the_concept_name_every_rule(browsers: Browsers, city: City) -> None:
    city.save(
        RetentionRule(name="Bewerbungen", period=Span(6, TimeUnit.M), start_type=StartType.END_OF_CASE),
        RetentionRule(name="Ratsprotokolle"),
        RetentionRule(name="Altverfahren", state=State.ENDED),
    )
    browser = browsers.of(Role.DSB)
    page = browser.page("/registers/retention-rules/matrix").main

    assert [name in page for name in ("Bewerbungen", "Ratsprotokolle", "Altverfahren")] == [True, True, False]
    assert browser.get("/registers/retention-rules/concept.pdf").data.startswith(b"%PDF")
    assert browser.get("/registers/retention-rules/concept.xlsx").data.startswith(b"PK")
    assert "B-6M" in browser.get("/registers/retention-rules/concept.json").text
    assert browsers.of(Role.READER).status("GET", "/registers/retention-rules/concept.pdf") == 403
    assert browser.status("GET", "/registers/retention-rules/concept.doc") == 404


@SQLITE
def test_the_report_of_an_activity_prints_the_period_of_its_rule(browsers: Browsers, city: City) -> None:
    rule = RetentionRule(
        name="Hundesteuerakten", period=TEN_YEARS, start_event="Abmeldung des Hundes", norm="§ 147 AO"
    )
    row = DataCategory(text="Steuerbescheide", retention_rule=rule, period=Span(3, TimeUnit.D))
    city.save(rule, ProcessingActivity(name="Hundesteuer", data=[row]))
    browser = browsers.of(Role.DSB)
    printed = browser.get("/registers/processing-activities/1/export.json").text

    assert "10 Jahre (Fristbeginn: Abmeldung des Hundes) (§ 147 AO)" in printed
    assert "3 Tage" not in printed
    assert "Hundesteuer" in browser.page("/registers/retention-rules/1").main
