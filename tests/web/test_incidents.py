"""A breach is reported in a minute, decided by management, and made into letters that say what they lack."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from compliance.database import now
from compliance.entry import everything
from compliance.people import Role
from compliance.web.incidents import ASKED, Clock
from registers.authority import Authority
from registers.breaches import Breach, BreachNotice, NoticeKind, Risk, next_step
from registers.objects import TargetObject
from registers.processing import (
    DataCategory,
    LegalBasis,
    ProcessingActivity,
    Purpose,
    Recipient,
    Stage,
    Subjects,
)
from registers.requests import SubjectRequest
from tests.browsers import Browsers
from tests.city import City

on_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)
BREACH = "/registers/breaches/1"
EVERYBODY = tuple(Role)


def only(city: City, model: Any) -> Any:
    with city.site.database.reading(city.id) as session:
        return session.scalars(select(model).options(*everything(model))).one()


def breach(**values: Any) -> Breach:
    return Breach(**({"name": "Offener Verteiler", "detected": now(), "aware": now()} | values))


# --- The clock -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "said", "tone"),
    [
        (timedelta(hours=51, minutes=20), "noch 2 Tage 3 Std.", ""),
        (timedelta(hours=24), "noch 1 Tag 0 Std.", ""),
        (timedelta(hours=5, minutes=59), "noch 5 Std.", "soon"),
        (timedelta(minutes=20), "noch 20 Min.", "soon"),
        (timedelta(0), "noch 0 Min.", "soon"),
        (-timedelta(hours=4, minutes=1), "seit 4 Std. abgelaufen", "late"),
    ],
)
def test_the_clock_says_what_is_left(left: timedelta, said: str, tone: str) -> None:
    assert (Clock(left).said("de"), Clock(left).tone) == (said, tone)


@given(st.timedeltas(timedelta(days=-3000), timedelta(days=3000)))
def test_the_clock_always_says_something(left: timedelta) -> None:
    assert ("abgelaufen" in Clock(left).said("de")) is (left < timedelta())
    assert Clock(left).said("en")


@on_sqlite
def test_both_ends_of_the_period_stand_on_the_page(browsers: Browsers, city: City) -> None:
    entry = breach(aware=datetime(2026, 3, 2, 9, 20, tzinfo=UTC), detected=None)
    city.save(entry)
    page = browsers.of(Role.DSB).page(BREACH).main

    assert "72 Stunden genau05.03.2026 10:20" in page
    assert "Rechtlich spätestens05.03.2026 11:00" in page
    assert "abgelaufen" in page


@on_sqlite
def test_a_later_start_without_reasons_does_not_move_the_clock(city: City) -> None:
    first, later = datetime(2026, 3, 2, 9, tzinfo=UTC), datetime(2026, 3, 3, 9, tzinfo=UTC)
    entry = breach(detected=first, aware=later)
    city.save(entry)
    assert entry.notify_by == first + timedelta(hours=72)

    changed = city.change(entry, aware_reason="Erst dann stand fest, dass Daten betroffen sind.")
    assert changed.notify_by == later + timedelta(hours=72)  # type: ignore[attr-defined]


@on_sqlite
def test_the_clock_stops_with_the_first_notification(browsers: Browsers, city: City) -> None:
    entry = breach()
    city.save(entry)
    assert entry.running_until == entry.notify_by
    city.change(entry, notices=[BreachNotice(kind=NoticeKind.INITIAL, sent_at=now())])

    assert (city.stored(entry).running_until, city.stored(entry).notified is None) == (None, False)
    assert "Gemeldet am" in browsers.of(Role.DSB).page(BREACH).main


def test_steps_lead_from_the_first_notice_to_the_end() -> None:
    entry = Breach(name="Vorfall")
    told = [next_step(entry).de]
    facts: list[dict[str, Any]] = [
        {"aware": now(), "estimate": Risk.HIGH},
        {"risk": Risk.HIGH},
        {"notices": [BreachNotice(kind=NoticeKind.INITIAL, sent_at=now())], "social": True},
        {"supervision_informed": now()},
        {"subjects_informed": now()},
        {"notices": [BreachNotice(kind=NoticeKind.COMPLETE, sent_at=now())]},
        {"effects": "Keine.", "measures_taken": "Gesperrt."},
        {"closed": now()},
    ]
    for step in facts:
        for name, value in step.items():
            setattr(entry, name, value)
        entry.derive()
        told.append(next_step(entry).de)

    assert [text.split()[0] for text in told] == [
        *("Eintragen,", "Die", "Die", "Die", "Die", "Fehlende", "Auswirkungen", "Den", "Der"),
    ]
    assert len(set(told)) == 9


# --- The decision --------------------------------------------------------------------------------

DECISION = {"risk": "NONE", "reason": "Alles verschlüsselt.", "version": "1"}


@on_sqlite
@pytest.mark.parametrize("role", EVERYBODY, ids=lambda role: role.name)
def test_management_alone_decides(browsers: Browsers, city: City, role: Role) -> None:
    city.save(breach())
    status = browsers.of(role).status("POST", "/breaches/1/decision", DECISION)
    stored = only(city, Breach)

    if role is Role.MANAGEMENT:
        assert (status, stored.risk, stored.decided_by) == (302, Risk.NONE, city.people[role].name)
        assert "Keine Meldung nötig" in browsers.of(role).page(BREACH).main
    else:
        assert (status in (403, 404), stored.risk) == (True, None)


@on_sqlite
@pytest.mark.parametrize("change", [{"reason": " "}, {"risk": ""}, {"version": "7"}])
def test_a_decision_without_level_reasons_or_current_version_is_refused(
    browsers: Browsers, city: City, change: dict[str, str]
) -> None:
    city.save(breach())
    browsers.of(Role.MANAGEMENT).post("/breaches/1/decision", DECISION | change, status=422)

    assert only(city, Breach).risk is None


# --- The report of anybody -----------------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize("role", EVERYBODY, ids=lambda role: role.name)
def test_anybody_who_is_signed_in_reports_a_breach(browsers: Browsers, city: City, role: Role) -> None:
    browser = browsers.of(role)
    form = browser.page("/report-breach")
    assert form.value("reporter") == city.people[role].name
    sent = {"description": "Akte im Bus liegen gelassen", "detected": "2026-11-20T08:30", "reporter": "Ich"}
    answer = browser.post("/report-breach", sent, status=302 if _sees(role) else 200)
    stored = only(city, Breach)

    assert (stored.description, stored.reporter, stored.state.name) == (sent["description"], "Ich", "DRAFT")
    assert stored.aware == stored.detected == datetime(2026, 11, 20, 7, 30, tzinfo=UTC)
    assert stored.notify_by == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    if not _sees(role):
        assert stored.designation in answer.text
        browser.page(BREACH, status=404)


def _sees(role: Role) -> bool:
    return role in (Role.DSB, Role.ISB, Role.COORDINATOR, Role.MANAGEMENT, Role.AUDITOR)


@on_sqlite
def test_the_report_asks_six_questions_and_takes_no_other(browsers: Browsers, city: City) -> None:
    assert len(ASKED) == 6
    browsers.of(Role.READER).post(
        "/report-breach",
        {"description": "Verloren", "late_reason": "untergeschoben", "risk": "NONE"},
        status=200,
    )
    stored = only(city, Breach)

    assert (stored.late_reason, stored.risk, stored.aware is not None) == ("", None, True)


@on_sqlite
@pytest.mark.parametrize("change", [{"description": " "}, {"detected": "gestern"}])
def test_what_cannot_be_read_is_asked_again(browsers: Browsers, city: City, change: dict[str, str]) -> None:
    sent = {"description": "Verloren", "detected": "2026-11-20T08:30"} | change
    page = browsers.of(Role.READER).post("/report-breach", sent, status=422).text

    assert "aria-invalid" in page
    with city.site.database.reading(city.id) as session:
        assert session.scalars(select(Breach)).all() == []


# --- Requests ------------------------------------------------------------------------------------


@on_sqlite
def test_a_request_shows_both_dates_while_a_question_is_open(browsers: Browsers, city: City) -> None:
    city.save(
        SubjectRequest(
            name="Auskunft",
            received=date(2026, 1, 15),
            identity_asked=date(2026, 1, 16),
            identity_cleared=date(2026, 1, 26),
        )
    )
    stored = only(city, SubjectRequest)

    assert (stored.due_unpaused, stored.due_on) == (date(2026, 2, 16), date(2026, 2, 25))
    assert stored.target == stored.owed_by - timedelta(days=7)
    assert (
        "Ohne Anrechnung der Rückfragen16.02.2026" in browsers.of(Role.DSB).page("/registers/requests/1").main
    )


@on_sqlite
def test_systems_and_bases_follow_from_the_activities(city: City) -> None:
    first, second = TargetObject(name="Fachverfahren"), TargetObject(name="Archiv")
    activity = ProcessingActivity(
        name="Wohngeld", objects=[second, first], purposes=[Purpose(text="P", legal_basis=LegalBasis.CONSENT)]
    )
    city.save(first, second)
    city.save(activity)
    entry = SubjectRequest(
        name="Auskunft", received=date(2026, 1, 15), activities=[activity], searched=[first]
    )
    city.save(entry)
    stored = city.stored(entry)

    assert ([one.name for one in stored.unsearched], stored.bases) == (["Archiv"], (LegalBasis.CONSENT,))
    city.change(entry, searched=[])
    assert {one.name for one in city.stored(entry).unsearched} == {"Fachverfahren", "Archiv"}


@on_sqlite
def test_an_answered_request_is_no_longer_due(city: City) -> None:
    entry = SubjectRequest(name="Auskunft", received=date(2026, 1, 15))
    city.save(entry)
    assert entry.owed_by == date(2026, 2, 16)

    sent = city.change(entry, sent_on=date(2026, 2, 1))
    assert (sent.owed_by, sent.target) == (None, None)  # type: ignore[attr-defined]


@on_sqlite
@pytest.mark.parametrize(
    ("told", "owed"), [(date(2026, 2, 9), date(2026, 4, 15)), (date(2026, 2, 20), date(2026, 2, 16))]
)
def test_an_extension_counts_only_if_it_is_told_in_time(city: City, told: date, owed: date) -> None:
    entry = SubjectRequest(
        name="Auskunft", received=date(2026, 1, 15), extension_notice=told, extension_reason="Altakten"
    )
    city.save(entry)

    assert entry.owed_by == owed


# --- Letters -------------------------------------------------------------------------------------


@pytest.fixture
def sheet(city: City) -> Authority:
    entry = Authority(
        name="Stadt Musterförde",
        officer="Dr. Lindner",
        officer_email="dsb@stadt.example",
        supervisory_authority="Datenschutzaufsicht\n24103 Kiel",
    )
    city.save(entry)
    return entry


@on_sqlite
@pytest.mark.usefixtures("sheet")
@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ["notification", "communication"])
def test_a_letter_says_what_is_known_and_names_what_is_missing(
    browsers: Browsers, city: City, name: str, language: str
) -> None:
    city.save(breach(description="Der Verteiler stand offen.", reporter="Geheime Quelle"))
    browser = browsers.of(Role.DSB)
    page = browser.page(f"{BREACH}/letters/{name}?language={language}")
    text = browser.get(f"{BREACH}/letters/{name}.txt?language={language}").text

    assert "Der Verteiler stand offen." in page.main
    assert "„Wahrscheinliche Folgen“ fehlt." in page.main
    assert "Der Verteiler stand offen." in text
    assert "dsb@stadt.example" in text
    assert "Geheime Quelle" not in text
    assert browser.get(f"{BREACH}/letters/{name}.pdf?language={language}").data.startswith(b"%PDF-")


@on_sqlite
@pytest.mark.usefixtures("sheet")
def test_the_answer_to_a_request_names_activities_recipients_and_periods(
    browsers: Browsers, city: City
) -> None:
    running = ProcessingActivity(
        name="Wohngeld",
        stage=Stage.OPERATION,
        subjects=(Subjects.BENEFICIARIES,),
        purposes=[Purpose(text="Bewilligung", legal_basis=LegalBasis.PUBLIC_TASK, norm="WoGG")],
        data=[DataCategory(text="Einkommen", criteria="bis zum Ende der Prüfung")],
        recipients=[Recipient(text="Finanzamt Musterförde")],
    )
    city.save(
        running, ProcessingActivity(name="Hundesteuer", stage=Stage.OPERATION, subjects=(Subjects.TAXPAYERS,))
    )
    city.save(
        SubjectRequest(
            name="Auskunft",
            received=date(2026, 1, 15),
            requester="Ida Lund",
            subjects=(Subjects.BENEFICIARIES,),
        )
    )
    text = browsers.of(Role.COORDINATOR).get("/registers/requests/1/letters/access.txt").text

    for words in (
        "Ida Lund",
        "Wohngeld",
        "Bewilligung",
        "WoGG",
        "Einkommen: bis zum Ende",
        "Finanzamt Musterförde",
    ):
        assert words in text
    assert "Hundesteuer" not in text


@on_sqlite
def test_who_only_reads_gets_no_letter_with_sealed_values(browsers: Browsers, city: City) -> None:
    city.save(SubjectRequest(name="Auskunft", received=date(2026, 1, 15), requester="Ida Lund"))
    browsers.of(Role.AUDITOR).get("/registers/requests/1/letters/access", status=403)
    browsers.of(Role.READER).get("/registers/requests/1/letters/access", status=404)
    browsers.of(Role.DSB).get("/registers/requests/1/letters/notification", status=404)
    browsers.of(Role.DSB).get("/registers/requests/1/letters/access.exe", status=404)
