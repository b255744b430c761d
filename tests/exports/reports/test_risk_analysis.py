"""Document A.5 says what was analysed, what remains, and who bears it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from assessments.grundschutz.risk_analysis import Relevance, Treatment, elementary
from assessments.grundschutz.risk_matrix import Frequency, Impact
from compliance.release import Step
from exports import pdf, xlsx
from exports.document import Document, Figure, Grid, Matrix, Note
from exports.reports.register import Issuer
from exports.reports.risk_analysis import report, report_of_domain
from tests.assessments.grundschutz.house import ORGANISATION, load_domain
from tests.assessments.grundschutz.test_risk_analysis import RISK, Office
from tests.exports.conformance import problems


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(f"sqlite:///{tmp_path / 'nachweis.db'}")
    yield office
    office.database.engine.dispose()


def document(office: Office, language: str = "de") -> Document:
    issuer = Issuer("Stadt Beispiel", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), language)
    with office.database.reading(ORGANISATION) as session:
        return report_of_domain(session, load_domain(session, office.domain_id), issuer)


def grid(made: Document, caption: str) -> list[tuple[object, ...]]:
    found = next(block for block in made.blocks if isinstance(block, Grid) and block.caption == caption)
    return list(found.rows)


def test_risks_lie_in_the_matrix_and_are_told_in_full(office: Office) -> None:
    office.say("G 0.30", **RISK, scenario="Jemand erbeutet ein Kennwort.", owner="Amt 11")
    made = document(office)
    assert grid(made, "Risiken und Behandlung") == [
        (
            "RA-0001/G 0.30",
            "ZO-0001 Windows Server",
            f"{elementary()['G 0.30'].title}\nJemand erbeutet ein Kennwort.",
            "Mittel / Existenzbedrohend",
            "Hoch",
            "",
            "B Reduktion",
            "",
            "Selten / Beträchtlich",
            "Mittel",
            "",
            "Amt 11",
            "",
        )
    ]
    matrices = [block.chart for block in made.blocks if isinstance(block, Figure)]
    assert [_marked(chart) for chart in matrices if isinstance(chart, Matrix)] == [
        {},
        {"G 0.30": ("Existenzbedrohend", "Mittel")},
        {"G 0.30": ("Beträchtlich", "Selten")},
    ]


def _marked(chart: Matrix) -> dict[str, tuple[str, str]]:
    return {
        mark: (row, column)
        for row, marks in zip(chart.rows, chart.marks, strict=True)
        for column, mark in zip(chart.columns, marks, strict=True)
        if mark
    }


def test_an_accepted_risk_stays_where_it_was(office: Office) -> None:
    office.say(
        "G 0.30",
        relevance=Relevance.DIRECT,
        frequency=Frequency.RARE,
        impact=Impact.LIMITED,
        treatment=Treatment.ACCEPT,
    )
    charts = [block.chart for block in document(office).blocks if isinstance(block, Figure)]
    before, after = (_marked(chart) for chart in charts[1:] if isinstance(chart, Matrix))
    assert before == after == {"G 0.30": ("Begrenzt", "Selten")}


def test_every_threat_is_in_the_overview(office: Office) -> None:
    office.say("G 0.3", relevance=Relevance.NONE, relevance_reason="Kein Wasser in der Nähe.")
    rows = grid(document(office), "Gefährdungsübersicht")
    assert len(rows) == 47
    assert rows[2] == (
        "RA-0001/G 0.3",
        "ZO-0001 Windows Server",
        "Wasser",
        "Übrige elementare Gefährdung",
        "Nicht relevant",
        "Kein Wasser in der Nähe.",
        "Integrität, Verfügbarkeit",
    )


def test_what_management_signed_is_told_and_what_it_has_not_is_warned_of(office: Office) -> None:
    office.say("G 0.30", **RISK)
    office.step(Step.SUBMIT)
    assert [block.text for block in document(office).blocks if isinstance(block, Note)] == [
        "Für diese Restrisiken fehlt eine gültige Übernahme durch die Leitung: RA-0001/G 0.30."
    ]
    office.accept("G 0.30")
    made = document(office)
    assert [block for block in made.blocks if isinstance(block, Note)] == []
    (row,) = grid(made, "Übernahme der Restrisiken durch die Leitung")
    fingerprint = office.threats()["G 0.30"].fingerprint
    assert row[0] == f"RA-0001/G 0.30/{fingerprint[:8]}"
    assert row[5:] == ("Lena Leitung, Bürgermeisterin", _today(), None, 2, "gilt")


def _today() -> date:
    return datetime.now(UTC).astimezone().date()


@pytest.mark.parametrize("language", ["de", "en"])
def test_paper_and_workbook_hold_the_same_rows(office: Office, language: str) -> None:
    office.say("G 0.30", **RISK, observed=True, observation="Versuche", observe_next=date(2030, 1, 2))
    made = document(office, language)
    paper, book = BytesIO(), BytesIO()
    pdf.write(made, paper)
    xlsx.write(made, book)
    assert problems(paper.getvalue()) == []
    cells = {str(cell.value) for sheet in load_workbook(book) for row in sheet.iter_rows() for cell in row}
    assert "RA-0001/G 0.30" in cells


def test_there_may_be_no_analysis(office: Office) -> None:
    issuer = Issuer("Stadt Beispiel", datetime(2026, 3, 2, 9, 0, tzinfo=UTC), "de")
    with office.database.reading(ORGANISATION) as session:
        made = report(session, [], issuer)
        one = report(session, [office.analysis_id], issuer)
    assert [block.text for block in made.blocks if isinstance(block, Note)] == [
        "Es ist noch keine Risikoanalyse angelegt."
    ]
    assert one.title == "A.5 Risikoanalyse: Windows Server"
