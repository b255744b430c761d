"""The portfolio for the committee says where each project stands, who is next, and who answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from compliance.app import ALL_RULES
from compliance.database import today
from compliance.judging import Judge
from exports.catalogue import NAMES, REPORTS
from exports.document import Bars, Document, Facts, Figure, Grid, Heading, Note
from exports.formats import FORMATS
from exports.reports.records import every_id
from exports.reports.register import Issuer
from registers.goals import Goal
from registers.projects import CouncilPaper, Project, ProjectFunding, ProjectStage, StageChange
from registers.themes import Theme
from tests.city import City

pytestmark = pytest.mark.parametrize("address", ["sqlite"], indirect=True)


def projects(city: City) -> None:
    theme = Theme(name="Intelligente Mobilität")
    goal = Goal(name="Freie Kreuzungen", theme=theme)
    parking = Project(
        name="Parken",
        theme=theme,
        goal=goal,
        stage=ProjectStage.PILOT,
        stages=[StageChange(stage=ProjectStage.PILOT, since=date(2025, 2, 3), note="VO/1")],
        personal_data=True,
        lead="Silke Jensen",
        funding=[ProjectFunding(programme="Haushalt", amount=1000), ProjectFunding(amount=500)],
        papers=[CouncilPaper(reference_number="VO/1", committee="Rat", decided_on=date(2024, 11, 19))],
        next_milestone=date(2026, 10, 31),
    )
    rejected = Project(name="Funkkennungen", stage=ProjectStage.REJECTED)
    city.save(theme, goal, parking, rejected)


def printed(city: City, numbers: Sequence[int] = (), language: str = "de") -> Document:
    issuer = Issuer("Stadt Musterförde", datetime(2026, 11, 23, 13, 5, tzinfo=UTC), language)
    with city.site.database.reading(city.id) as session:
        ids = every_id(session, Project)
        some = [ids[number - 1] for number in numbers] or ids
        return REPORTS[NAMES["portfolio"]](session, some, issuer, Judge(ALL_RULES))


def rows(document: Document, caption: str) -> list[tuple[object, ...]]:
    [grid] = (block for block in document.blocks if isinstance(block, Grid) and block.caption == caption)
    return list(grid.rows)


def test_each_project_stands_with_its_stage_and_its_next_step(city: City) -> None:
    projects(city)
    assert rows(printed(city), "Überblick") == [
        (
            "PR-0001",
            "Parken",
            "Intelligente Mobilität",
            "Freie Kreuzungen",
            "",
            "Pilot",
            date(2025, 2, 3),
            1500,
            (
                "Tätigkeiten im Verzeichnis: Es werden personenbezogene Daten verarbeitet, aber keine "
                "Tätigkeit im Verzeichnis gehört zum Projekt."
            ),
            "Projektleitung",
            date(2026, 10, 31),
        ),
        ("PR-0002", "Funkkennungen", "", "", "", "Verworfen", today(), None, "", "", None),
    ]


def test_what_is_red_stands_with_the_duty_that_is_violated(city: City) -> None:
    projects(city)
    [row] = rows(printed(city), "Fällige, offene Prüfpunkte")
    assert row[0] == "PR-0001/PRJ-001"
    assert row[2:] == ("Art. 30 Abs. 1 DSGVO", "Projektleitung", "Keine Entscheidung festgehalten.", None, "")


def test_the_picture_leaves_out_what_runs_no_more(city: City) -> None:
    projects(city)
    [figure] = (block for block in printed(city).blocks if isinstance(block, Figure))
    assert isinstance(figure.chart, Bars)
    assert {sum(values) for values in figure.chart.values} == {1}
    assert figure.alt.startswith("Tätigkeiten im Verzeichnis: 1 Fällig und offen; ")


def test_one_project_is_told_in_detail(city: City) -> None:
    projects(city)
    document = printed(city, [1])
    [facts] = (block for block in document.blocks if isinstance(block, Facts))
    assert document.title == "Steckbrief PR-0001 Parken"
    assert facts.rows == (
        ("Projektleitung", "Silke Jensen"),
        ("Verlauf", "Pilot: 03.02.2025 (VO/1)"),
        ("Finanzierung", "Haushalt – 1.000 Euro\n500 Euro"),
    )
    assert rows(document, "Vorlagen") == [("PR-0001/1", "Parken", "VO/1", "", "Rat", date(2024, 11, 19))]


def test_no_project_is_said_in_words(city: City) -> None:
    assert [type(block) for block in printed(city).blocks] == [Note]


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("extension", ["pdf", "xlsx", "json"])
def test_every_format_carries_it(city: City, language: str, extension: str) -> None:
    projects(city)
    document = printed(city, language=language)
    out = BytesIO()
    FORMATS[extension].write(document, out)
    assert len(out.getvalue()) > 500
    headings = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert len(headings) == 4
