"""The business impact analysis is filled in process by process, and shows where recovery comes too late."""

from __future__ import annotations

import pytest

from assessments.grundschutz.domain import Approach, InformationDomain
from compliance.people import Role
from registers.continuity import Damage, DamageAfter
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.browsers import Browsers
from tests.city import City
from tests.exports.conformance import problems

on_sqlite = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


ANALYSIS = "/grundschutz/1/continuity"


def _domain(city: City) -> TargetObject:
    server = TargetObject(
        name="Server", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION, rta_hours=72
    )
    process = TargetObject(
        name="Wohngeld bewilligen",
        kind=ObjectKind.PROCESS,
        status=ObjectStatus.OPERATION,
        depends_on=[server],
        damage_over_time=[DamageAfter(after_hours=4, damage=Damage.LOW)],
    )
    city.save(server, process)
    city.save(InformationDomain(name="Kern", approach=Approach.STANDARD, objects=[server, process]))
    return process


@on_sqlite
def test_a_process_is_assessed_and_its_conflict_appears(browsers: Browsers, city: City) -> None:
    process = _domain(city)
    browser = browsers.of(Role.ISB)
    address = f"{ANALYSIS}/{process.number}"
    assert browser.page(address).main
    sent = {
        "version": "1",
        "damage-4": "LOW",
        "damage-24": "HIGH",
        "reason-24": "Zahlungen verzögern sich.",
        "damage-72": "INTOLERABLE",
        "rto_hours": "24",
        "rpo_hours": "",
        "emergency_level": "Barauszahlung.",
        "do": "propose",
    }
    assert browser.post(address, sent).location == address
    stored = city.stored(process)

    assert (stored.mta_hours, stored.rto_hours, stored.emergency_level) == (24, 24, "Barauszahlung.")
    assert [(row.after_hours, row.reason) for row in stored.damage_over_time] == [
        (4, ""),
        (24, "Zahlungen verzögern sich."),
        (72, ""),
    ]
    page = browser.page(ANALYSIS).main
    assert "Untragbar" in page
    assert "Konflikte (2)" in page
    assert page.count("zu spät") == 2


@on_sqlite
def test_what_starts_one_after_the_other_is_told(browsers: Browsers, city: City) -> None:
    server = TargetObject(name="Server", kind=ObjectKind.IT_SYSTEM, rta_hours=16)
    slow = TargetObject(name="Fachverfahren", kind=ObjectKind.APPLICATION, rta_hours=12, depends_on=[server])
    process = TargetObject(name="Wohngeld", kind=ObjectKind.PROCESS, rto_hours=24, depends_on=[slow])
    city.save(server, slow, process)
    city.save(InformationDomain(name="Kern", approach=Approach.STANDARD, objects=[server, slow, process]))

    page = browsers.of(Role.ISB).page(ANALYSIS).main
    assert "Konflikte (2)" in page
    assert "nacheinander: ZO-0001 Server (16 Std.), ZO-0002 Fachverfahren (12 Std.)" in page


@on_sqlite
def test_what_cannot_be_read_or_is_out_of_date_is_not_saved(browsers: Browsers, city: City) -> None:
    process = _domain(city)
    browser = browsers.of(Role.ISB)
    address = f"{ANALYSIS}/{process.number}"
    said = {"damage-8": "HIGH", "reason-8": "Miete unbezahlt", "rto_hours": "4"}
    outdated = browser.post(address, said | {"version": "9"}, status=409).text
    unreadable = browser.post(address, said | {"version": "1", "rto_hours": "bald"}, status=422).text

    assert (city.stored(process).rto_hours, len(city.stored(process).damage_over_time)) == (None, 1)
    assert "Jemand hat diesen Geschäftsprozess inzwischen geändert." in outdated
    for page in (outdated, unreadable):
        assert 'value="Miete unbezahlt"' in page
        assert '<option value="HIGH" selected>' in page


@on_sqlite
def test_only_processes_of_the_domain_are_assessed_by_who_keeps_them(browsers: Browsers, city: City) -> None:
    process = _domain(city)
    browsers.of(Role.ISB).page(f"{ANALYSIS}/1", status=404)
    browsers.of(Role.ISB).page(f"{ANALYSIS}/99", status=404)
    browsers.of(Role.DSB).page(f"{ANALYSIS}/{process.number}", status=403)
    assert "Einschätzen" not in browsers.of(Role.DSB).page(ANALYSIS).main
    browsers.of(Role.READER).page(ANALYSIS, status=404)


@on_sqlite
def test_the_analysis_leaves_as_pdf_and_workbook(browsers: Browsers, city: City) -> None:
    _domain(city)
    browser = browsers.of(Role.ISB)

    assert problems(browser.get(f"{ANALYSIS}/export.pdf").data) == []
    assert browser.get(f"{ANALYSIS}/export.xlsx").data.startswith(b"PK")
    browser.get(f"{ANALYSIS}/export.exe", status=404)
    browsers.of(Role.PROJECT_LEAD).get(f"{ANALYSIS}/export.pdf", status=403)


@on_sqlite
def test_a_domain_without_processes_says_what_to_do(browsers: Browsers, city: City) -> None:
    city.save(InformationDomain(name="Leer", approach=Approach.BASIC))
    browser = browsers.of(Role.ISB)

    assert "noch keine Zielobjekte der Art „Geschäftsprozess“" in browser.page(ANALYSIS).main
    assert problems(browser.get(f"{ANALYSIS}/export.pdf").data) == []
