"""The pages of audits and reference documents lead from the sample to the last finding put right."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from assessments.grundschutz.audits import Audit, AuditFinding, AuditKind, Grade
from assessments.grundschutz.domain import Approach, InformationDomain
from assessments.grundschutz.modelling import Assignment
from compliance.database import today
from compliance.people import Role
from exports.reference_papers import PAPERS
from registers.measures import Measure
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from tests.browsers import Browser, Browsers
from tests.city import City

AUDIT = "/registers/audits/1"
SAMPLE = "/audits/1/sample"
PAPERS_PAGE = "/grundschutz/1/papers/"
UNUSED = "/grundschutz/1/papers/unused"
MODULES = ("ISMS.1", "ORP.1", "CON.3", "OPS.1.1.3", "DER.1", "APP.1.1", "SYS.1.1")


@pytest.fixture(autouse=True)
def audit(city: City) -> Audit:
    """An audit of a domain with seven modules, in which one deviation was found."""
    server = TargetObject(name="Server", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION)
    domain = InformationDomain(name="Kern", approach=Approach.STANDARD, objects=[server])
    assigned = [
        Assignment(domain=domain, target=server if one == "SYS.1.1" else None, module_id=one, relevant=True)
        for one in MODULES
    ]
    found = AuditFinding(
        text="Sicherungen werden nie zurückgespielt.",
        grade=Grade.MINOR,
        concerns="CON.3.A15",
        responsible="Amt 11",
        until=date(2027, 1, 15),
    )
    audit = Audit(
        name="Zertifizierung",
        domain=domain,
        kind=AuditKind.CERTIFICATION,
        planned_for=today() + timedelta(days=20),
        findings=[found],
    )
    city.save(server, domain, *assigned, audit, by=Role.ISB)
    return audit


@pytest.fixture
def isb(browsers: Browsers) -> Browser:
    return browsers.of(Role.ISB)


def stored(city: City, audit: Audit) -> Any:
    return city.stored(audit)


def test_a_sample_is_proposed_adjusted_and_shown(city: City, audit: Audit, isb: Browser) -> None:
    assert "Noch ist keine Feststellung" not in isb.page(AUDIT).main
    isb.post(f"{SAMPLE}/propose")
    page = isb.page(AUDIT).main
    assert "mindestens 6 Bausteine" in page
    assert "gehört in jede Stichprobe, Schicht noch nicht vertreten" in page
    found = stored(city, audit)
    [left] = set(MODULES) - {row.module_id for row in found.modules}
    dropped = found.modules[-1]
    kept = [("checked", row.id.hex) for row in found.modules[:-1]]
    version = ("version", str(found.version))
    assert isb.status("POST", SAMPLE, [version, *kept]) == 422
    place = next(
        one["value"] for one in isb.page(SAMPLE).all("option") if one["value"].startswith(f"{left}:")
    )
    added = [("add", place), ("add-reason", "Wunsch der Leitung")]
    reason = (f"reason-{dropped.id.hex}", "Wird gerade abgelöst")
    isb.post(SAMPLE, [version, *kept, reason, *added])
    page = isb.page(AUDIT).main
    assert "Gestrichen: Wird gerade abgelöst" in page
    assert "von Hand aufgenommen: Wunsch der Leitung" in page
    # Somebody else has changed it meanwhile.
    assert isb.status("POST", SAMPLE, [version, *kept]) == 409
    assert isb.status("POST", SAMPLE, [("version", str(stored(city, audit).version)), ("add", "X:y")]) in (
        404,
        422,
    )


def test_a_sample_says_how_many_measures_there_are_to_choose_from(isb: Browser) -> None:
    said = "Dazu kommen 5 Maßnahmen aus der Risikoanalyse; zurzeit gibt es dort 0."
    assert said in isb.page(SAMPLE).main


def test_the_sample_of_a_completed_audit_is_not_offered_for_changes(
    city: City, audit: Audit, isb: Browser
) -> None:
    city.change(audit, by=Role.ISB, done_on=today())
    assert "seine Stichprobe bleibt" in isb.page(SAMPLE, status=422).main


def test_a_finding_becomes_a_measure_once(city: City, audit: Audit, isb: Browser) -> None:
    [row] = stored(city, audit).findings
    address = f"/audits/1/findings/{row.id.hex}/measure"
    isb.post(address)
    isb.post(address)
    with city.site.database.reading(city.id) as session:
        [made] = session.scalars(select(Measure)).all()
    assert (made.name, made.responsible, made.planned_until, made.requirements) == (
        "Sicherungen werden nie zurückgespielt.",
        "Amt 11",
        date(2027, 1, 15),
        "CON.3.A15",
    )
    assert "MA-0001" in isb.page(AUDIT).main
    assert isb.status("POST", "/audits/1/findings/nonsense/measure") == 404


def test_unused_modules_get_their_reasons_one_by_one_or_together(isb: Browser) -> None:
    assert "104 Bausteine ohne Begründung" in isb.page(UNUSED).main
    isb.post(
        UNUSED,
        [
            ("reason:APP.4.2", "Kein SAP"),
            ("reason:APP.4.4", ""),
            ("same", "IND.1"),
            ("same", "IND.2.1"),
            ("common", "Keine industrielle IT"),
        ],
    )
    page = isb.page(UNUSED)
    assert "101 Bausteine ohne Begründung" in page.main
    assert page.value("reason:APP.4.2") == "Kein SAP"
    assert page.value("reason:IND.2.1") == "Keine industrielle IT"
    assert isb.status("POST", UNUSED, {"reason:SYS.1.1": "Kein Server"}) == 422


@pytest.mark.parametrize("paper", [paper.key for paper in PAPERS])
def test_every_paper_comes_in_both_formats(isb: Browser, paper: str) -> None:
    links = {link["href"] for link in isb.page(PAPERS_PAGE).all("a")}
    for extension in ("pdf", "xlsx"):
        assert f"{PAPERS_PAGE}{paper}.{extension}" in links
    with pikepdf.open(io.BytesIO(isb.get(f"{PAPERS_PAGE}{paper}.pdf").data)) as written:
        assert len(written.pages) == 2 if paper == "management" else written.pages
    assert load_workbook(io.BytesIO(isb.get(f"{PAPERS_PAGE}{paper}.xlsx").data)).sheetnames
    assert isb.status("GET", f"{PAPERS_PAGE}a9.pdf") == 404


def test_the_basic_approach_shows_nothing_it_does_not_have(city: City, audit: Audit, isb: Browser) -> None:
    city.change(stored(city, audit).domain, approach=Approach.BASIC)
    words = isb.page(PAPERS_PAGE).main
    assert not any(word in words for word in ("A.2", "A.5", "Risik", "Restrisi", "Schutzbedarf"))
    for paper in ("a2", "a5"):
        assert isb.status("GET", f"{PAPERS_PAGE}{paper}.pdf") == 404
    isb.post(f"{SAMPLE}/propose")
    for address in (AUDIT, SAMPLE):
        words = isb.page(address).main
        assert not any(word in words for word in ("Risikoanalyse", "Schutzbedarf"))


def test_the_auditor_reads_everything_and_changes_nothing(browsers: Browsers) -> None:
    auditor = browsers.of(Role.AUDITOR)
    for address in (AUDIT, PAPERS_PAGE, UNUSED, "/registers/policies/", "/registers/audits/"):
        assert auditor.status("GET", address) == 200
    assert not [one for one in auditor.page(UNUSED).all("input") if one["name"].startswith("reason")]
    assert auditor.get(f"{AUDIT.replace('/1', '/1/export.pdf')}").mimetype == "application/pdf"
    for address in (f"{SAMPLE}/propose", SAMPLE, UNUSED):
        assert auditor.status("POST", address) == 403


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.READER])
def test_nobody_else_knows_of_audits(browsers: Browsers, role: Role) -> None:
    visitor = browsers.of(role)
    for address in (AUDIT, SAMPLE, PAPERS_PAGE, UNUSED):
        assert visitor.status("GET", address) in (403, 404)


def test_the_pages_speak_english(browsers: Browsers) -> None:
    isb = browsers.of(Role.ISB)
    isb.post("/language", {"language": "en"}, status=302)
    assert "What an audit checks first" in isb.page(PAPERS_PAGE).main
