"""The pages of protection needs explain each value and let the ISB decide on proposals."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from assessments.grundschutz.domain import Approach, InformationDomain
from compliance.people import Role
from registers.need_categories import NeedCategory
from registers.objects import ObjectKind, ObjectStatus, TargetObject
from registers.processing import DataCategory, ProcessingActivity
from registers.protection import DamageRating, Effect, NeedAdjustment, ProtectionNeed, Scenario, SecurityValue
from tests.browsers import Browsers
from tests.city import City

NEEDS = "/protection-needs/1"


@pytest.fixture
def domain(city: City) -> InformationDomain:
    """An application with social data on a server that spreads its load."""
    spread = NeedAdjustment(
        value=SecurityValue.AVAILABILITY,
        effect=Effect.DISTRIBUTION,
        need=ProtectionNeed.NORMAL,
        reason="Zwei Knoten",
    )
    server = TargetObject(
        name="Server", kind=ObjectKind.IT_SYSTEM, status=ObjectStatus.OPERATION, adjustments=[spread]
    )
    rating = DamageRating(
        scenario=Scenario.TASKS,
        integrity=ProtectionNeed.HIGH,
        availability=ProtectionNeed.HIGH,
        reason="Bürgerservice steht",
    )
    application = TargetObject(
        name="Wohngeld",
        kind=ObjectKind.APPLICATION,
        status=ObjectStatus.OPERATION,
        depends_on=[server],
        damages=[rating],
    )
    domain = InformationDomain(name="Kern", approach=Approach.STANDARD, objects=[server, application])
    activity = ProcessingActivity(
        name="Hilfen", objects=[application], data=[DataCategory(text="Diagnosen", special=True)]
    )
    city.save(server, application, domain, activity, by=Role.ISB)
    return domain


PROPOSAL = "/protection-needs/objects/2/proposal"
CATEGORIES = "/protection-needs/1/categories"


@pytest.mark.usefixtures("domain")
def test_the_page_of_a_domain_explains_every_need(browsers: Browsers) -> None:
    words = browsers.of(Role.ISB).page(NEEDS).main
    assert (
        "Hoch geerbt von ZO-0002 Wohngeld Beeinträchtigung der Aufgabenerfüllung: Bürgerservice steht"
        in words
    )
    assert "Normal durch Verteilung, sonst Hoch von ZO-0002 Wohngeld Zwei Knoten" in words
    assert "nicht bestimmt weder hier bewertet noch geerbt" in words
    assert "1 Vorschlag des Datenschutzes wartet auf eine Entscheidung" in words


def test_the_isb_decides_on_the_page_of_the_object(
    city: City, domain: InformationDomain, browsers: Browsers
) -> None:
    isb = browsers.of(Role.ISB)
    page = isb.page("/registers/objects/2")
    assert "VT-0001 Hilfen: Daten nach Art. 9 oder 10 DSGVO" in page.main
    assert "confidentiality" in {one["name"] for one in page.all("select")}
    refused = isb.post(PROPOSAL, {"confidentiality": "NORMAL", "reason": " "})
    assert refused.location == "/registers/objects/2?confidentiality=NORMAL#needs"
    assert [row[0] for row in rows(city, domain.objects[1])] == [Scenario.TASKS]
    again = isb.get("/registers/objects/2?confidentiality=NORMAL").text
    assert "Begründen Sie, warum der Schutzbedarf niedriger ist als vorgeschlagen." in again
    assert '<option value="NORMAL" selected>' in again
    isb.post(PROPOSAL, {"confidentiality": "HIGH", "reason": ""})
    assert "Vorschlag des Datenschutzes bestätigt" in isb.page("/registers/objects/2").main
    assert "wartet auf eine Entscheidung" not in isb.page(NEEDS).main
    assert city.stored(domain.objects[0]).needed_c is ProtectionNeed.HIGH


@pytest.mark.usefixtures("domain")
def test_the_proposed_categories_are_taken_over_once(city: City, browsers: Browsers) -> None:
    isb = browsers.of(Role.ISB)
    assert "Für 6 Schadensszenarien ist noch nichts festgelegt" in isb.page(NEEDS).main
    isb.post(CATEGORIES)
    isb.post(CATEGORIES)
    assert "Vorgeschlagene Kategorien" not in isb.page(NEEDS).main
    with city.site.database.reading(city.id) as session:
        assert {each.scenario for each in session.scalars(select(NeedCategory))} == set(Scenario)
        assert session.scalar(select(func.count()).select_from(NeedCategory)) == 6


@pytest.mark.usefixtures("domain")
def test_the_paper_says_what_the_page_says(browsers: Browsers) -> None:
    isb = browsers.of(Role.ISB)
    assert isb.get(f"{NEEDS}/export.pdf").data.startswith(b"%PDF")
    book = load_workbook(io.BytesIO(isb.get(f"{NEEDS}/export.xlsx").data))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value]
    reason = "Beeinträchtigung der Aufgabenerfüllung (Bürgerservice steht)"
    told = (
        "Vertraulichkeit: Nicht bestimmt.\n"
        f"Integrität: Hoch, geerbt von ZO-0002 Wohngeld. {reason}.\n"
        "Verfügbarkeit: Normal durch Verteilung, sonst Hoch von ZO-0002 Wohngeld. Zwei Knoten."
    )
    assert told in cells
    assert {"offen", "Verteilungseffekt (senkt)"} <= set(cells)


def test_the_basic_approach_shows_nothing_of_needs(
    city: City, domain: InformationDomain, browsers: Browsers
) -> None:
    city.change(domain, approach=Approach.BASIC)
    isb = browsers.of(Role.ISB)
    assert {isb.status("GET", address) for address in (NEEDS, f"{NEEDS}/export.pdf")} == {404}
    assert isb.status("POST", CATEGORIES) == 404
    assert NEEDS not in isb.get("/registers/information-domains/1").text
    assert "Schutzbedarf" not in isb.page("/registers/objects/2").main


@pytest.mark.usefixtures("domain")
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.READER])
def test_who_may_not_see_information_security_finds_nothing(browsers: Browsers, role: Role) -> None:
    browser = browsers.of(role)
    assert {browser.status("GET", address) for address in (NEEDS, f"{NEEDS}/export.xlsx")} == {404}
    assert {browser.status("POST", address) for address in (PROPOSAL, CATEGORIES)} == {404}


@pytest.mark.usefixtures("domain")
def test_who_may_only_look_changes_nothing(browsers: Browsers) -> None:
    auditor = browsers.of(Role.AUDITOR)
    assert auditor.status("GET", NEEDS) == 200
    assert {auditor.status("POST", address) for address in (PROPOSAL, CATEGORIES)} == {403}
    assert not [
        one for one in auditor.page("/registers/objects/2").all("select") if one["name"] == "confidentiality"
    ]


# --- Rating one object ---------------------------------------------------------------------------

RATING = "/protection-needs/objects/1"
OPEN = {"version": "1", "FINANCE-confidentiality": "", "FINANCE-integrity": "", "FINANCE-availability": ""}
RATED = OPEN | {"FINANCE-confidentiality": "NORMAL", "FINANCE-reason": " Bußgelder bis 500 Euro \n"}


def rows(city: City, target: TargetObject) -> list[tuple[Scenario | None, ProtectionNeed | None, str]]:
    return [(row.scenario, row.confidentiality, row.reason) for row in city.stored(target).damages]


def test_all_scenarios_of_an_object_are_rated_on_one_page(
    city: City, domain: InformationDomain, browsers: Browsers
) -> None:
    isb, server = browsers.of(Role.ISB), domain.objects[0]
    assert len(isb.page(RATING).all("textarea")) == len(Scenario)
    isb.post(RATING, RATED)
    assert rows(city, server) == [(Scenario.FINANCE, ProtectionNeed.NORMAL, "Bußgelder bis 500 Euro")]
    assert city.stored(server).needed_c is ProtectionNeed.NORMAL
    isb.post(RATING, RATED | {"version": "2", "FINANCE-confidentiality": "HIGH", "FINANCE-reason": "Teuer"})
    assert rows(city, server) == [(Scenario.FINANCE, ProtectionNeed.HIGH, "Teuer")]
    isb.post(RATING, OPEN | {"version": "3", "FINANCE-reason": ""})
    assert rows(city, server) == []


def test_a_scenario_that_is_not_sent_keeps_its_rating(
    city: City, domain: InformationDomain, browsers: Browsers
) -> None:
    application = domain.objects[1]
    browsers.of(Role.ISB).post("/protection-needs/objects/2", RATED)
    assert [row[0] for row in rows(city, application)] == [Scenario.TASKS, Scenario.FINANCE]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (RATED | {"version": "9"}, 409),
        (RATED | {"version": ""}, 409),
        (RATED | {"FINANCE-integrity": "ENORMOUS"}, 422),
    ],
    ids=["somebody changed it", "no version", "no such need"],
)
def test_what_cannot_be_stored_changes_nothing(
    city: City, domain: InformationDomain, browsers: Browsers, sent: dict[str, str], status: int
) -> None:
    assert browsers.of(Role.ISB).status("POST", RATING, sent) == status
    assert rows(city, domain.objects[0]) == []


@pytest.mark.usefixtures("domain")
def test_whoever_was_too_late_keeps_what_was_written(browsers: Browsers) -> None:
    isb = browsers.of(Role.ISB)
    page = isb.post(RATING, RATED | {"version": "9", "domain": "1"}, status=409).text
    assert "Ihre Bewertung steht unverändert hier" in page
    assert "Bußgelder bis 500 Euro" in page
    assert '<option value="NORMAL" selected>' in page
    assert 'name="version" value="1"' in page
    assert 'name="domain" value="1"' in page


@pytest.mark.usefixtures("domain")
def test_rating_goes_on_with_the_next_open_object_and_ends_at_the_domain(browsers: Browsers) -> None:
    isb = browsers.of(Role.ISB)
    application = "/protection-needs/objects/2?domain=1"
    assert application in {link["href"] for link in isb.page(NEEDS).all("a")}
    all_values = {f"FINANCE-{name}": "NORMAL" for name in ("confidentiality", "integrity", "availability")}
    sent = all_values | {"version": "1", "FINANCE-reason": "Gering", "domain": "1", "next": "yes"}
    assert (
        isb.post("/protection-needs/objects/2", OPEN | {"domain": "1", "next": "yes"}).location
        == f"{RATING}?domain=1"
    )
    # The server inherits everything from the application.
    assert isb.post("/protection-needs/objects/2", sent).location == NEEDS


@pytest.mark.usefixtures("domain")
def test_who_may_not_change_an_object_does_not_rate_it(browsers: Browsers) -> None:
    auditor = browsers.of(Role.AUDITOR)
    assert (auditor.status("GET", RATING), auditor.status("POST", RATING, RATED)) == (403, 403)


def test_the_basic_approach_neither_rates_nor_asks(
    city: City, domain: InformationDomain, browsers: Browsers
) -> None:
    city.change(domain, approach=Approach.BASIC)
    isb = browsers.of(Role.ISB)
    assert isb.status("GET", RATING) == 404
    assert "Schadensszenarien" not in isb.page("/registers/objects/1/edit").main
    city.change(domain, approach=Approach.CORE)
    assert "Schadensszenarien" in isb.page("/registers/objects/1/edit").main
