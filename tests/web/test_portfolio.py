"""The portfolio as board, as list and on paper, and the gates on the page of a project."""

from __future__ import annotations

import pytest
from flask import Flask

from compliance.people import Role
from registers.objects import ObjectKind, TargetObject
from registers.processing import NoticeStatus, ProcessingActivity, Stage, Subjects
from registers.projects import Project, ProjectStage
from registers.themes import Theme
from tests.browsers import Browsers
from tests.city import City, add_person
from tests.pages import Page, faults

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)

PORTFOLIO = "/registers/projects/portfolio"


@pytest.fixture
def projects(city: City) -> dict[str, Project]:
    """A red one in operation, an idea in another unit, and one without theme and stage."""
    mobility, data = Theme(name="Intelligente Mobilität"), Theme(name="Open Data")
    found = {
        "parking": Project(
            name="Parken mit <Kennzeichen>",
            unit=city.units["office"],
            theme=mobility,
            stage=ProjectStage.OPERATION,
            personal_data=True,
        ),
        "portal": Project(
            name="Portal",
            unit=city.units["other"],
            theme=data,
            stage=ProjectStage.IDEA,
            personal_data=False,
        ),
        "note": Project(name="Notiz"),
    }
    activity = ProcessingActivity(
        name="Parkvorgänge",
        project=found["parking"],
        stage=Stage.OPERATION,
        subjects=(Subjects.STAFF,),
        notice=NoticeStatus.MISSING,
        objects=[TargetObject(name="Schranke", kind=ObjectKind.IOT)],
    )
    city.save(mobility, data, *found.values())
    city.save(*activity.objects, activity)
    return found


@pytest.mark.usefixtures("projects")
@pytest.mark.parametrize("view", ["", "?view=list"])
def test_every_project_stands_on_board_and_list_without_faults(
    browsers: Browsers, app: Flask, view: str
) -> None:
    browser = browsers.of(Role.PROJECT_LEAD)
    page = browser.page(PORTFOLIO + view)
    assert faults(app, page) == []
    assert [name for name in ("Parken mit <Kennzeichen>", "Portal", "Notiz") if name not in page.main] == []
    assert "3 Projekte, davon 1 mit fälligem, offenem Prüfpunkt" in page.main


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("red=yes", {"Parken mit <Kennzeichen>"}),
        ("stage=IDEA", {"Portal"}),
        ("theme={theme}", {"Portal"}),
        ("unit={unit}", {"Parken mit <Kennzeichen>"}),
        ("stage=NEVER&theme=x&unit=y", {"Parken mit <Kennzeichen>", "Portal", "Notiz"}),
        ("stage=IDEA&red=yes", set()),
    ],
)
def test_the_portfolio_is_filtered(
    browsers: Browsers, city: City, projects: dict[str, Project], query: str, names: set[str]
) -> None:
    theme = city.stored(projects["portal"]).theme
    address = query.format(theme=theme.id.hex, unit=city.units["office"].id.hex)
    page = Page(browsers.of(Role.DSB).get(f"{PORTFOLIO}?view=list&{address}").text)
    headers = [one.text for one in page.all("th") if one["scope"] == "row"]
    assert {
        name for name in ("Parken mit <Kennzeichen>", "Portal", "Notiz") if any(name in h for h in headers)
    } == names


@pytest.mark.usefixtures("projects")
def test_whoever_answers_for_one_unit_sees_its_projects_alone(browsers: Browsers, city: City) -> None:
    lead = add_person(city, Role.PROJECT_LEAD, unit=city.units["other"])
    text = browsers.of_person(lead).get(PORTFOLIO).text
    assert ("Portal" in text, "Parken mit" in text) == (True, False)


@pytest.mark.usefixtures("projects")
def test_who_may_not_see_projects_finds_no_portfolio(browsers: Browsers) -> None:
    browser = browsers.of(Role.ARCHIVE)
    assert [browser.status("GET", address) for address in (PORTFOLIO, f"{PORTFOLIO}.pdf")] == [404, 404]


@pytest.mark.usefixtures("projects")
def test_a_reader_sees_the_portfolio_but_exports_nothing(browsers: Browsers) -> None:
    browser = browsers.of(Role.READER)
    assert [browser.status("GET", address) for address in (PORTFOLIO, f"{PORTFOLIO}.xlsx")] == [200, 403]


@pytest.mark.usefixtures("projects")
@pytest.mark.parametrize(("extension", "opening"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_the_committee_gets_the_portfolio_as_a_file(
    browsers: Browsers, extension: str, opening: bytes
) -> None:
    answer = browsers.of(Role.MANAGEMENT).get(f"{PORTFOLIO}.{extension}")
    assert (answer.status_code, answer.data[: len(opening)]) == (200, opening)


@pytest.mark.usefixtures("projects")
def test_the_page_of_a_project_says_which_duty_is_violated_and_whose_turn_it_is(
    browsers: Browsers, app: Flask
) -> None:
    browser = browsers.of(Role.PROJECT_LEAD)
    page = browser.page("/registers/projects/1")
    assert faults(app, page) == []
    [table] = (one for one in page.all("table") if "Prüfpunkte mit Stand" in one.text)
    row = [one for one in table.inside if one.tag == "tr"][2]
    cells = [" ".join(cell.text.split()) for cell in row.inside if cell.tag in ("th", "td")]
    assert cells == [
        "Schwellwertanalyse",
        "Fällig und offen",
        (
            "Ohne freigegebene Schwellwertanalyse: VT-0001 "
            "Verletzt: Art. 35 Abs. 1 DSGVO (PRJ-002)"
            "Keine Entscheidung der Leitung festgehalten.Schwellwertanalyse zu VT-0001 beginnen"
        ),
        "Projektleitung",
        "Pilot",
    ]
    assert "Nächster Schritt: Schwellwertanalyse – Sie" in page.main
    begin = next(one for one in page.all("a") if one.text.strip() == "Schwellwertanalyse beginnen")
    assert begin["href"] == "/registers/threshold-analyses/new?activity=1"


@pytest.mark.usefixtures("projects")
def test_the_portfolio_is_reached_from_the_menu(browsers: Browsers) -> None:
    page = Page(browsers.of(Role.PROJECT_LEAD).get("/").text)
    assert [one.text for one in page.all("a") if one["href"] == PORTFOLIO] == ["Portfolio der Projekte"]


@pytest.mark.usefixtures("projects")
def test_the_portfolio_speaks_english(browsers: Browsers) -> None:
    browser = browsers.of(Role.DSB)
    browser.post("/language", {"language": "en", "next": "/"})
    page = Page(browser.get(PORTFOLIO).text)
    assert "3 projects, 1 of them with a gate due and open" in page.main
