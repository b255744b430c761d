"""Trainings, the officer's own work and position, and the year in figures."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select

from compliance.app import ALL_REGISTERS
from compliance.database import today
from compliance.entry import Area, Entry, State
from compliance.fields import Span, TimeUnit
from compliance.findings import Finding
from compliance.journal import JournalRecord, keep_check, last_check, verify_chains
from compliance.people import Role
from compliance.rules import Severity
from exports.catalogue import Issuer, document_of
from exports.document import Facts, Note
from exports.reports import officer_year
from exports.reports.front import front_sheet
from registers.advice_given import AdviceGiven, AskedBy
from registers.authority import Authority
from registers.authority_cases import AuthorityCase, CaseKind
from registers.confidentiality import HIDDEN_BY
from registers.inspections import Defect, Inspection, InspectionFinding
from registers.processing import ProcessingActivity
from registers.rounds import UpdateRound
from registers.trainings import Training, quota
from tests.browsers import Browsers
from tests.city import FOUNDER, City, add_person

SQLITE = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def broken(city: City, entry: Entry) -> dict[str, Severity]:
    with city.site.database.reading(city.id) as session:
        rows = session.execute(select(Finding.rule, Finding.severity).where(Finding.entry_id == entry.id))
        return {row.rule: row.severity for row in rows}


def test_everything_the_officer_does_can_be_confidential() -> None:
    # An update round is asked of the units, so there is nothing to hide in it.
    of_the_officer = {model for model in ALL_REGISTERS if model.area is Area.OFFICER} - {UpdateRound}

    assert of_the_officer == {AdviceGiven, Inspection, AuthorityCase}
    assert {model.hidden_by for model in of_the_officer} == {HIDDEN_BY}


# --- Trainings -----------------------------------------------------------------------------------


@given(participants=st.none() | st.integers(0, 10**6), staff=st.none() | st.integers(0, 10**6))
def test_a_quota_is_a_percentage_or_nothing(participants: int | None, staff: int | None) -> None:
    found = quota(participants, staff)

    assert (found is None) == (participants is None or not staff)
    assert found is None or 0 <= found <= 100


@SQLITE
def test_trainings_of_a_unit_add_up_to_its_quota(city: City) -> None:
    unit = city.units["office"]
    first = Training(
        name="Termin 1", unit=unit, held_on=today() - timedelta(days=9), participants=15, staff=30
    )
    city.save(first)
    assert "GOV-002" in broken(city, first)

    second = Training(name="Termin 2", unit=unit, held_on=today(), participants=10, staff=30)
    elsewhere = Training(name="Termin 3", unit=city.units["other"], held_on=today(), participants=1, staff=30)
    city.save(second, elsewhere)

    assert ["GOV-002" in broken(city, one) for one in (first, second, elsewhere)] == [False, False, True]


@SQLITE
def test_a_training_that_no_longer_holds_does_not_count(city: City) -> None:
    unit = city.units["office"]
    old = Training(
        name="Alt",
        unit=unit,
        held_on=today() - timedelta(days=800),
        participants=30,
        staff=30,
        valid_for=Span(1, TimeUnit.Y),
    )
    new = Training(name="Neu", unit=unit, held_on=today(), participants=3, staff=30)
    city.save(old, new)

    assert ["GOV-002" in broken(city, one) for one in (old, new)] == [False, True]


@SQLITE
def test_the_required_quota_is_that_of_the_front_sheet(city: City) -> None:
    training = Training(name="Termin", unit=city.units["office"], held_on=today(), participants=18, staff=30)
    front = Authority(name="Stadt")
    city.save(training, front)
    assert "GOV-002" in broken(city, training)

    city.change(front, training_quota=60)
    assert "GOV-002" not in broken(city, training)


# --- The officer's position ----------------------------------------------------------------------


@SQLITE
def test_roles_that_exclude_each_other_are_found_at_the_front_sheet(city: City) -> None:
    front = Authority(name="Stadt")
    city.save(front)
    assert "GOV-003" not in broken(city, front)

    add_person(city, Role.DSB, Role.ISB)
    add_person(city, Role.DSB, Role.MANAGEMENT, until=today() - timedelta(days=1))
    city.change(front, telephone="115")
    assert broken(city, front)["GOV-003"] is Severity.WARNING

    add_person(city, Role.DSB, Role.MANAGEMENT)
    city.change(front, telephone="116")
    with city.site.database.reading(city.id) as session:
        query = select(Finding.severity).where(Finding.entry_id == front.id, Finding.rule == "GOV-003")
        assert Counter(session.scalars(query)) == {Severity.ERROR: 1, Severity.WARNING: 1}


@SQLITE
@pytest.mark.parametrize(
    ("answers", "severity"),
    [
        ({"officer_runs_it": True}, Severity.ERROR),
        ({"officer_manages": True}, Severity.ERROR),
        ({"officer_is_isb": True}, Severity.WARNING),
        ({"officer_runs_it": False, "officer_manages": False, "officer_is_isb": False}, None),
    ],
)
def test_other_offices_of_the_officer_weigh_differently(
    city: City, answers: dict[str, Any], severity: Severity | None
) -> None:
    front = Authority(name="Stadt", **answers)
    city.save(front)

    assert broken(city, front).get("GOV-003") is severity


@SQLITE
def test_the_front_sheet_in_the_record_keeps_to_article_30(city: City) -> None:
    day = date(2024, 5, 1)
    city.save(Authority(name="Stadt", officer_appointed=day, officer_reported=day, officer_is_isb=True))
    with city.site.database.reading(city.id) as session:
        assert front_sheet(session, "de") == Facts((("Bezeichnung", "Stadt"),))


@SQLITE
def test_a_gap_in_the_journal_stands_at_the_front_sheet(browsers: Browsers, city: City) -> None:
    front = Authority(name="Stadt")
    city.save(front)
    page = "/registers/authority/1"
    assert "Das Journal wurde noch nicht geprüft." in browsers.of(Role.DSB).page(page).main

    def checked() -> None:
        result = verify_chains(city.site.database)[city.id]
        with city.site.database.writing(city.id, actor=FOUNDER) as session:
            keep_check(session, city.id, result)
            session.flush()
            city.site.judge.judge_everything(session)

    checked()
    assert "GOV-004" not in broken(city, front)
    assert "sind unverändert" in browsers.of(Role.DSB).page(page).main

    with city.site.database.writing(city.id, actor=FOUNDER) as session:
        session.execute(delete(JournalRecord).where(JournalRecord.seq == 1))
    checked()
    assert broken(city, front)["GOV-004"] is Severity.ERROR
    assert "fehlen oder wurden verändert" in browsers.of(Role.DSB).page(page).main
    with city.site.database.reading(city.id) as session:
        check = last_check(session, city.id)
        assert check is not None
        assert check.breaks > 0


# --- Exports -------------------------------------------------------------------------------------


@SQLITE
def test_an_export_says_how_many_errors_stand_against_it(city: City) -> None:
    whole, faulty = Training(name="Schulung"), ProcessingActivity(name="Wohngeld")
    city.save(whole, faulty)
    issuer = Issuer("Stadt", datetime(2026, 11, 23, tzinfo=UTC), "de")
    with city.site.database.reading(city.id) as session:
        clean = document_of(session, Training, [whole.id], issuer)
        noted = document_of(session, ProcessingActivity, [faulty.id], issuer)
        mine = (Finding.entry_id == faulty.id, Finding.severity == Severity.ERROR)
        count = len(session.scalars(select(Finding.id).where(*mine)).all())

    assert [block for block in clean.blocks if isinstance(block, Note)] == []
    assert noted.blocks[0] == Note(
        "Offene Fehler", f"Dieser Auszug enthält {count} offene Fehler.", "warning"
    )


# --- The officer's year --------------------------------------------------------------------------


@pytest.fixture
def busy_year(city: City) -> City:
    city.save(
        AdviceGiven(name="Newsletter", asked_by=AskedBy.DEPARTMENT, asked_on=date(2026, 3, 2), effort=90),
        AdviceGiven(
            name="Vertrauliches Gespräch",
            asked_by=AskedBy.EMPLOYEE,
            asked_on=date(2026, 5, 4),
            effort=45,
            confidential=True,
        ),
        AdviceGiven(name="Vorjahr", asked_by=AskedBy.MANAGEMENT, asked_on=date(2025, 12, 31), effort=500),
        Inspection(
            name="Bürgeramt",
            planned_for=date(2026, 6, 1),
            done_on=date(2026, 6, 12),
            effort=300,
            defects=[
                InspectionFinding(text="Offene Akten", severity=Defect.SEVERE),
                InspectionFinding(text="Alte Aushänge", severity=Defect.MINOR, done_on=date(2026, 7, 1)),
            ],
        ),
        Inspection(name="Verdacht", planned_for=date(2026, 9, 1), confidential=True),
        Training(name="Grundschulung", held_on=date(2026, 2, 3), participants=24, staff=30),
        AuthorityCase(name="Beschwerde", kind=CaseKind.COMPLAINT, received_on=date(2026, 4, 1), effort=120),
    )
    return city


@SQLITE
def test_the_year_counts_everything_and_names_nothing_confidential(busy_year: City) -> None:
    with busy_year.site.database.reading(busy_year.id) as session:
        found = officer_year.figures(session, 2026)

    assert found == officer_year.Year(
        year=2026,
        advice=Counter({AskedBy.DEPARTMENT: 1, AskedBy.EMPLOYEE: 1}),
        advice_confidential=1,
        minutes=90 + 45 + 300 + 120,
        opinions=Counter(),
        planned=2,
        done=1,
        inspections_confidential=1,
        open_findings=Counter({Defect.SEVERE: 1}),
        inspections=(
            officer_year.NamedInspection("KO-0001", "Bürgeramt", date(2026, 6, 1), date(2026, 6, 12), 1),
        ),
        trainings=1,
        participants=24,
        cases=Counter({CaseKind.COMPLAINT: 1}),
        cases_open=1,
        cases_confidential=0,
    )


@SQLITE
def test_the_report_leaves_the_house_without_what_is_confidential(
    browsers: Browsers,
    busy_year: City,  # noqa: ARG001
) -> None:
    for role in (Role.DSB, Role.MANAGEMENT):
        browser = browsers.of(role)
        for text in (
            browser.get("/activity-report/?year=2026").text,
            browser.get("/activity-report/report.json?year=2026").text,
        ):
            assert "Vertrauliches Gespräch" not in text
            assert "Verdacht" not in text
        assert browser.get("/activity-report/report.pdf?year=2026").data.startswith(b"%PDF")
    assert "9 Stunden 15 Minuten" in browsers.of(Role.DSB).get("/activity-report/report.json?year=2026").text
    assert browsers.of(Role.READER).status("GET", "/activity-report/") == 404
    assert browsers.of(Role.ADMINISTRATOR).status("GET", "/activity-report/report.pdf") == 404


# --- Cases ---------------------------------------------------------------------------------------


@SQLITE
def test_the_officer_prepares_an_answer_and_management_signs_it(browsers: Browsers, city: City) -> None:
    officer, management = browsers.of(Role.DSB), browsers.of(Role.MANAGEMENT)
    root = "/registers/authority-cases"
    officer.post(f"{root}/new", {"name": "Beschwerde Newsletter", "answer": "Wir haben abgeholfen."})
    officer.post(f"{root}/1/steps/submit")
    assert officer.status("POST", f"{root}/1/steps/release") == 403
    assert "Als Verantwortlicher unterzeichnen" in management.page(f"{root}/1").main

    management.post(f"{root}/1/steps/release")
    [case] = _cases(city)
    assert (case.state, case.changed_since_release) == (State.RELEASED, False)

    city.change(case, by=Role.DSB, answer="Doch anders.", answered_on=today())
    [case] = _cases(city)
    assert case.changed_since_release is True
    assert "AUF-002" in broken(city, case)


def _cases(city: City) -> list[AuthorityCase]:
    with city.site.database.reading(city.id) as session:
        return list(session.scalars(select(AuthorityCase)))


@SQLITE
def test_what_is_done_is_no_longer_due(browsers: Browsers, city: City) -> None:
    city.save(
        Inspection(name="Offene Kontrolle", planned_for=today()),
        Inspection(name="Erledigte Kontrolle", planned_for=today(), done_on=today()),
        AuthorityCase(name="Offener Vorgang", answer_by=today()),
        AuthorityCase(name="Beantworteter Vorgang", answer_by=today(), answered_on=today()),
        AdviceGiven(name="Offene Beratung", answer_by=today()),
        AdviceGiven(name="Erteilte Beratung", answer_by=today(), advised_on=today()),
    )
    page = browsers.of(Role.DSB).page("/").main
    names = ("Offene Kontrolle", "Offener Vorgang", "Offene Beratung")
    done = ("Erledigte Kontrolle", "Beantworteter Vorgang", "Erteilte Beratung")

    assert [name for name in (*names, *done) if name in page] == list(names)
